//! Rules of decoding, reading, writing and cutting, one by one. The shared vectors are in `tests/charset.rs`.
#![allow(clippy::unwrap_used, clippy::panic)]

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
