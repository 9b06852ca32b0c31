//! Rules of decoding, reading, writing and cutting, one by one. The shared vectors are in `tests/charset.rs`.
#![allow(clippy::unwrap_used)]

use super::*;
fn decode(terms: &str, bytes: &[u8], vr: [u8; 2]) -> Option<String> {
    CharacterSet::from_value(terms.as_bytes()).decode(bytes, vr).ok()
}

#[test]
fn single_byte_sets() {
    assert_eq!(decode("", b"plain", *b"LO").unwrap(), "plain");
    assert_eq!(decode("", b"caf\xE9", *b"LO"), None);
    assert_eq!(decode("ISO_IR 100", b"caf\xE9", *b"LO").unwrap(), "café");
    assert_eq!(decode("ISO_IR 144", b"\xBB\xEE", *b"PN").unwrap(), "Лю");
    assert_eq!(decode("ISO_IR 203", b"\xA4", *b"LO").unwrap(), "€");
    assert_eq!(decode("ISO_IR 100", b"\x93", *b"LO"), None);
    assert_eq!(decode("ISO_IR 192", "山田".as_bytes(), *b"LO").unwrap(), "山田");
    assert_eq!(decode("ISO_IR 192", b"\xE5\xB1", *b"LO"), None);
    assert_eq!(decode("GB18030", b"\xB0\xA1", *b"LO").unwrap(), "啊");
    assert_eq!(decode("GB18030", b"ascii", *b"LO").unwrap(), "ascii");
}

#[test]
fn japanese_sets() {
    let kanji = b"Yamada^Tarou=\x1B$B;3ED\x1B(B^\x1B$BB@O:\x1B(B";
    assert_eq!(decode("\\ISO 2022 IR 87", kanji, *b"PN").unwrap(), "Yamada^Tarou=山田^太郎");
    assert_eq!(decode("ISO_IR 13", b"\xD4\xCF\xC0\xDE", *b"PN").unwrap(), "ﾔﾏﾀﾞ");
    assert_eq!(decode("ISO_IR 13", b"a\\b~", *b"LO").unwrap(), "a\\b‾");
    assert_eq!(decode("ISO_IR 13", b"a\\b", *b"LT").unwrap(), "a¥b");
    // 本 is 4B5C: no value delimiter inside the character.
    assert_eq!(decode("\\ISO 2022 IR 87", b"\x1B$B;3K\\\x1B(B\\x", *b"LO").unwrap(), "山本\\x");
    assert_eq!(decode("\\ISO 2022 IR 159", b"\x1B$(D\x30\x21\x1B(B", *b"LO").unwrap(), "丂");
}

#[test]
fn escapes_need_a_declaration() {
    assert_eq!(decode("", b"\x1B$B;3ED\x1B(B", *b"PN"), None);
    assert_eq!(decode("\\ISO 2022 IR 100", b"\x1B$B;3ED\x1B(B", *b"PN"), None);
    assert_eq!(decode("\\ISO 2022 IR 87", b"\x1B$)C\xB1\xE8", *b"PN"), None);
    assert_eq!(decode("\\ISO 2022 IR 149", b"\x1B$)C\xB1\xE8", *b"PN").unwrap(), "김");
    assert_eq!(decode("\\ISO 2022 IR 87", b"\x1B$B;3E", *b"PN"), None);
    assert_eq!(decode("\\ISO 2022 IR 87", b"\x1B$", *b"PN"), None);
}

#[test]
fn delimiters_return_to_the_first_set() {
    let text = b"\x1B$B;3ED\r\nplain";
    assert_eq!(decode("\\ISO 2022 IR 87", text, *b"LT").unwrap(), "山田\r\nplain");
    assert_eq!(decode("ISO 2022 IR 6\\ISO 2022 IR 100", b"\x1B-A\xE9\\\xE9", *b"LO"), None);
}

/// UTF-16 is in no declaration; halves of its characters make text of other encodings, but for controls.
#[test]
fn controls_are_in_no_text() {
    // 頭部単純C in UTF-16, up to its first NUL.
    for terms in ["", "ISO_IR 100", "ISO_IR 13", "ISO_IR 192", "GB18030", "\\ISO 2022 IR 87", "\\ISO 2022 IR 149"] {
        assert!(read(terms, b"\x2D\x98\xE8\x90\x58\x53\x14\x7D\x43", *b"LO").is_err(), "{terms}");
    }
    assert!(read("ISO_IR 100", b"caf\xE9\x02", *b"LO").is_err());
    assert!(read("ISO_IR 100", b"caf\xE9\t\r\n\x0C", *b"LT").is_ok());
    assert!(read("\\ISO 2022 IR 87", b"\x1B$B;3ED\x1B(B\0", *b"LO").is_ok(), "padding");
}

/// Text and how it was read, or what can be read of it.
type Read = Result<(String, Reading), Option<String>>;

/// How a value of a file that shows nothing else is read.
fn read(terms: &str, bytes: &[u8], vr: [u8; 2]) -> Read {
    let read = CharacterSet::from_value(terms.as_bytes()).read(bytes, vr, &Evidence::default());
    read.map(|t| (t.as_str().to_owned(), t.reading())).map_err(|e| e.partial().map(|t| t.as_str().to_owned()))
}

#[allow(clippy::unnecessary_wraps)]
fn reads(text: &str, reading: Reading) -> Read {
    Ok((text.to_owned(), reading))
}

#[test]
fn latin_stays_latin() {
    for text in ["Müller^Jürgen", "Renée", "créée", "Peña", "größe", "ÄÖ", "hääyöaie", "±5 °C", "«été»"]
    {
        let bytes: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
        assert_eq!(read("ISO_IR 100", &bytes, *b"LO"), reads(text, Reading::Declared));
        // Where nothing is declared, nobody knows: unreadable, but no kanji. ÄÖ alone may be ﾄﾖ.
        assert!(text == "ÄÖ" || read("", &bytes, *b"LO").is_err(), "{text}");
    }
    assert_eq!(read("ISO_IR 101", b"\xBF\xF3\xB3\xE6", *b"LO"), reads("żółć", Reading::Declared));
    assert_eq!(read("ISO_IR 100", "Müller".as_bytes(), *b"LO"), reads("Müller", Reading::Utf8));
}

#[test]
fn japanese_under_latin_is_found() {
    assert_eq!(read("ISO_IR 100", b"\xBB\xB3\xC5\xC4\xC2\xC0\xCF\xBA", *b"LO"), reads("山田太郎", Reading::EucJp));
    assert_eq!(read("ISO_IR 100", b"\xD4\xCF\xC0\xDE", *b"LO"), reads("ﾔﾏﾀﾞ", Reading::ShiftJis));
    // E5 B1 B1 is valid Latin too.
    assert_eq!(read("ISO_IR 100", "山".as_bytes(), *b"LO"), reads("山", Reading::Utf8));
}

#[test]
fn the_file_decides_what_a_value_alone_cannot() {
    // 参朝 in EUC-JP, or ｻｲﾄｳ.
    let value = b"\xBB\xB2\xC4\xB3";
    let file = |values: &[&[u8]]| {
        let mut evidence = Evidence::default();
        for value in values {
            CharacterSet::default().show(value, *b"LO", &mut evidence);
        }
        let read = CharacterSet::default().read(value, *b"PN", &evidence);
        read.map(|t| t.as_str().to_owned()).unwrap_or_default()
    };
    assert_eq!(file(&[value]), "ｻｲﾄｳ");
    assert_eq!(file(&[value, b"\x8B\xB9\x95\x94"]), "ｻｲﾄｳ");
    let euc = file(&[value, b"\xB6\xBB\xC9\xF4\xC3\xB1\xBD\xE3"]);
    assert_eq!(euc.chars().count(), 2);
    // Declared and plain values show nothing.
    assert_eq!(file(&[value, b"plain", b"\x1B$B;3ED\x1B(B"]), "ｻｲﾄｳ");
}

#[test]
fn a_value_of_another_encoding_than_its_file_is_read_by_itself() {
    let mut evidence = Evidence::default();
    CharacterSet::default().show(b"\xB6\xBB\xC9\xF4\xC3\xB1\xBD\xE3", *b"LO", &mut evidence);
    let read = CharacterSet::default().read(b"\x8E\x52\x93\x63\x91\xBE\x98\x59", *b"PN", &evidence).unwrap();
    assert_eq!((read.as_str(), read.reading()), ("山田太郎", Reading::ShiftJis));
}

#[test]
fn what_is_missing_is_no_text() {
    // A cut character, a cell of the hospital's own, a sign that was lost before.
    assert_eq!(read("\\ISO 2022 IR 87", b"\x1B$B6;\x49", *b"LO"), Err(Some("胸\u{FFFD}".to_owned())));
    assert_eq!(read("", b"\x8E\x52\xF0\x40", *b"LO"), Err(Some("山\u{FFFD}".to_owned())));
    assert_eq!(read("ISO_IR 192", "山\u{FFFD}".as_bytes(), *b"LO"), Err(Some("山\u{FFFD}".to_owned())));
    assert_eq!(read("ISO_IR 192", "山\u{E000}".as_bytes(), *b"LO"), Err(Some("山\u{FFFD}".to_owned())));
    assert_eq!(read("GB18030", b"\xB0", *b"LO"), Err(Some("\u{FFFD}".to_owned())));
    // Chinese and Cyrillic declarations are no Shift_JIS.
    assert_eq!(read("GBK", b"\x8E\x52\x93\x63\x91\xBE\x98\x59\xFF", *b"LO"), Err(None));
    assert_eq!(read("ISO_IR 144", b"\x8E\x52\x93\x63\x91\xBE\x98\x59", *b"LO"), Err(None));
    assert_eq!(read("\\ISO 2022 IR 87", b"\x1B$B;3\x8E\x52", *b"LO"), Err(None));
}

#[test]
fn text_in_parts() {
    let bytes = b"Yamada^Taro=\x1B$B;3ED\x1B(B^\x1B$BB@O:\x1B(B=\\\x1B$B;3K\\\x1B(B";
    let text = CharacterSet::from_value(b"\\ISO 2022 IR 87").read(bytes, *b"PN", &Evidence::default()).unwrap();
    let part = |range: core::ops::Range<usize>| text.as_str().get(range).unwrap();
    let values: Vec<_> = text.values(*b"PN").collect();
    assert_eq!(values.iter().cloned().map(part).collect::<Vec<_>>(), ["Yamada^Taro=山田^太郎=", "山本"]);
    let groups: Vec<_> = text.groups(values.first().unwrap().clone()).collect();
    assert_eq!(groups.iter().cloned().map(part).collect::<Vec<_>>(), ["Yamada^Taro", "山田^太郎", ""]);
    let names: Vec<_> = text.components(groups.get(1).unwrap().clone()).collect();
    assert_eq!(names.iter().cloned().map(part).collect::<Vec<_>>(), ["山田", "太郎"]);
    assert_eq!(text.origin(names.first().unwrap().clone()), 15..19);
    assert_eq!(bytes.get(15..19), Some(b";3ED".as_slice()));
    // LT holds one value.
    assert_eq!(Text::same("a\\b".to_owned()).values(*b"LT").count(), 1);
}

#[test]
fn writing_leads_back() {
    let written = |terms: &str, text: &str, vr| CharacterSet::from_value(terms.as_bytes()).encode(text, vr);
    let kanji = b"Yamada=\x1B$B;3ED\x1B(B^\x1B$BB@O:\x1B(B";
    assert_eq!(written("\\ISO 2022 IR 87", "Yamada=山田^太郎", *b"PN").unwrap(), kanji);
    let kana = b"\xD4\xCF\xC0\xDE \x1B$BF,It\x1B(J";
    assert_eq!(written("ISO 2022 IR 13\\ISO 2022 IR 87", "ﾔﾏﾀﾞ 頭部", *b"LO").unwrap(), kana);
    assert_eq!(written("\\ISO 2022 IR 149", "홍^길", *b"PN").unwrap(), b"\x1B$)C\xC8\xAB^\x1B$)C\xB1\xE6");
    let greek = b"\xE9\x1B-F\xD9\x1B-A\\\xE9";
    assert_eq!(written("ISO 2022 IR 100\\ISO 2022 IR 126", "éΩ\\é", *b"LO").unwrap(), greek);
    // ① and 髙 are vendors' cells, ~ is none of romaji, and kanji none of Latin.
    assert_eq!(written("\\ISO 2022 IR 87", "①", *b"LO"), Err(NotWritable));
    assert_eq!(written("\\ISO 2022 IR 87", "髙橋", *b"LO"), Err(NotWritable));
    assert_eq!(written("ISO_IR 13", "a~", *b"LO"), Err(NotWritable));
    assert_eq!(written("ISO_IR 100", "山田", *b"LO"), Err(NotWritable));
    // What cannot be read is not written either, and CS has the default repertoire.
    assert_eq!(written("ISO_IR 192", "\u{E000}", *b"LO"), Err(NotWritable));
    assert_eq!(written("ISO_IR 192", "山田", *b"CS"), Err(NotWritable));
}

#[test]
fn cutting_closes_what_devices_leave_open() {
    let set = CharacterSet::from_value(b"\\ISO 2022 IR 87");
    let cut = |bytes: &[u8], vr, part: &str| {
        let text = set.read(bytes, vr, &Evidence::default()).unwrap();
        let at = text.as_str().find(part).unwrap();
        set.cut(bytes, vr, &Evidence::default(), &text, core::slice::from_ref(&(at..at + part.len()))).unwrap()
    };
    assert_eq!(cut(b"\x1B$B6;It", *b"LO", "部"), b"\x1B$B6;\x1B(B");
    assert_eq!(cut(b"Abe^Ken=\x1B$B0$It^\x1B$B7r", *b"PN", "健"), b"Abe^Ken=\x1B$B0$It\x1B(B^");
    assert_eq!(cut(b"\x1B$B6;It\x1B(B\x1B$", *b"LO", "胸"), b"\x1B$BIt\x1B(B");
    // Marks go with their letter.
    assert_eq!(cut(b"\xB6\xDE\xC5\x1B$B6;\x1B(B", *b"LO", "ｶ"), b"\xC5\x1B$B6;\x1B(B");
}
