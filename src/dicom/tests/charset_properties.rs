//! Properties of character sets: what is written reads as it was, cutting leaves what it should, hostile bytes end in an
//! answer, and each cell stands where the encoding's own decoder has it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use encoding_rs::{EUC_JP, EUC_KR, Encoding, GB18030, SHIFT_JIS};
use proptest::prelude::*;
use tokumei_dicom::charset::{CharacterSet, Evidence, Reading, Text, Unreadable};

const DECLARATIONS: [&str; 18] = [
    "",
    "ISO_IR 100",
    "ISO_IR 144",
    "ISO_IR 13",
    "ISO_IR 166",
    "ISO_IR 192",
    "GB18030",
    "GBK",
    "\\ISO 2022 IR 87",
    "ISO 2022 IR 13\\ISO 2022 IR 87",
    "ISO 2022 IR 6\\ISO 2022 IR 13\\ISO 2022 IR 87\\ISO 2022 IR 159",
    "\\ISO 2022 IR 149",
    "\\ISO 2022 IR 58",
    "ISO 2022 IR 100\\ISO 2022 IR 144\\ISO 2022 IR 126",
    "ISO 2022 IR 13",
    "ISO 2022 IR 127\\ISO 2022 IR 138",
    "ISO 2022 IR 87",
    "SHIFT_JIS",
];
const VRS: [[u8; 2]; 7] = [*b"SH", *b"LO", *b"UC", *b"ST", *b"LT", *b"UT", *b"PN"];

/// Characters of all the sets, delimiters among them.
const LETTERS: &str = "aZ9 ^=\\~¥‾\t\r\n山本五十ぼマソ〜−＼丂彅ﾔﾏﾞ｡éßЖяΩعאกİ€김홍洪张东㐀𠮷①髙﨑がé\u{e0100}-()$B";

fn texts() -> impl Strategy<Value = String> {
    let letters: Vec<char> = LETTERS.chars().collect();
    prop::collection::vec(0..letters.len(), 0..30).prop_map(move |all| all.iter().map(|i| letters[*i]).collect())
}

/// Declarations with characters that each can write in any VR.
const WRITTEN: [(&str, &str); 10] = [
    ("ISO_IR 192", LETTERS),
    ("GB18030", LETTERS),
    ("GBK", "aZ9 ^=\\~\r\n山本张东髙"),
    ("ISO_IR 100", "aZ9 ^=\\~\téß¥"),
    ("ISO_IR 13", "aZ9 ^=\r\nﾔﾏﾞ｡‾"),
    ("\\ISO 2022 IR 87", "aZ9 ^=\\~\t\r\n山本五十ぼマソ〜−＼Ж"),
    ("ISO 2022 IR 13\\ISO 2022 IR 87\\ISO 2022 IR 159", "aZ9 ^=\t\nﾔﾏﾞ山本五丂彅‾"),
    ("\\ISO 2022 IR 149", "aZ9 ^=\\\r\n김홍洪Ж"),
    ("\\ISO 2022 IR 58", "aZ9 ^=\\\r\n张东山本Ж"),
    ("ISO 2022 IR 100\\ISO 2022 IR 144\\ISO 2022 IR 126", "aZ ^=\\\téßЖяΩ"),
];

/// Bytes of escapes, delimiters and characters, so that states change often.
fn hostile() -> impl Strategy<Value = Vec<u8>> {
    let parts: [&[u8]; 16] = [
        b"\x1B$B",
        b"\x1B(B",
        b"\x1B(J",
        b"\x1B(I",
        b"\x1B$(D",
        b"\x1B)I",
        b"\x1B$)C",
        b"\x1B$)A",
        b"\x1B-F",
        b"\x1B",
        b"^",
        b"\\",
        b"\r\n",
        b"\x30\x21",
        b"\xE5\xB1\xB1",
        b"\x81\x40",
    ];
    let part = prop_oneof![
        3 => (0..parts.len()).prop_map(move |i| parts[i].to_vec()),
        2 => prop::collection::vec(any::<u8>(), 0..4),
    ];
    prop::collection::vec(part, 0..20).prop_map(|all| all.concat())
}

fn set(declaration: &str) -> CharacterSet {
    CharacterSet::from_value(declaration.as_bytes())
}

/// What every text keeps: its characters come from bytes in order, each byte from one character at most.
fn check_origins(text: &Text, len: usize) {
    let mut last = 0;
    for (at, character) in text.as_str().char_indices() {
        let origin = text.origin(at..at + character.len_utf8());
        assert!(origin.start >= last && origin.end > origin.start && origin.end <= len);
        last = origin.end;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_reads_as_it_was(text in texts(), d in 0..DECLARATIONS.len(), v in 0..VRS.len()) {
        let (set, vr) = (set(DECLARATIONS[d]), VRS[v]);
        if let Ok(bytes) = set.encode(&text, vr) {
            prop_assert_eq!(set.decode(&bytes, vr).unwrap(), text.clone());
            prop_assert!(!set.is_utf8() || bytes == text.as_bytes());
            // Text that another encoding could explain too is Latin alone.
            let read = set.read(&bytes, vr, &Evidence::default());
            let clear = !DECLARATIONS[d].contains("IR 100") && !text.contains("$B");
            prop_assert!(!clear || read.is_ok_and(|read| read.as_str() == text && !read.is_mended()));
            // Escapes are closed: whatever follows is in the first set.
            let followed = [bytes, b"x".to_vec()].concat();
            prop_assert_eq!(set.decode(&followed, vr).unwrap(), text + "x");
        }
    }

    #[test]
    fn characters_of_a_set_are_written(
        all in prop::collection::vec(0..24_usize, 0..30), which in 0..WRITTEN.len(), v in 0..VRS.len()
    ) {
        let (declaration, letters) = WRITTEN[which];
        let letters: Vec<char> = letters.chars().collect();
        let text: String = all.iter().map(|i| letters[i % letters.len()]).collect();
        let written = set(declaration).encode(&text, VRS[v]);
        prop_assert!(written.is_ok(), "{} {:?}", declaration, text);
    }

    #[test]
    fn cutting_leaves_the_rest(text in texts(), d in 0..DECLARATIONS.len(), v in 0..VRS.len(), a in 0..30_usize, n in 0..8_usize) {
        let (set, vr, evidence) = (set(DECLARATIONS[d]), VRS[v], Evidence::default());
        let Ok(bytes) = set.encode(&text, vr) else { return Ok(()) };
        let Ok(read) = set.read(&bytes, vr, &evidence) else { return Ok(()) };
        let places: Vec<usize> = read.as_str().char_indices().map(|(i, _)| i).chain([read.as_str().len()]).collect();
        let range = places[a.min(places.len() - 1)]..places[(a + n).min(places.len() - 1)];
        let cut = set.cut(&bytes, vr, &evidence, &read, core::slice::from_ref(&range));
        prop_assert!(cut.is_ok(), "{:?} {:?} {:x?} {:?}", DECLARATIONS[d], read, bytes, range);
        let left = set.read(&cut.unwrap(), vr, &evidence).unwrap();
        prop_assert!(left.as_str().len() + range.len() <= text.len());
        prop_assert!(left.as_str().starts_with(&text[..range.start]));
        prop_assert!(text[range.end..].ends_with(&left.as_str()[range.start..]));
    }

    #[test]
    fn hostile_bytes_end_in_an_answer(bytes in hostile(), d in 0..DECLARATIONS.len(), v in 0..VRS.len()) {
        let (set, vr, evidence) = (set(DECLARATIONS[d]), VRS[v], Evidence::default());
        match set.read(&bytes, vr, &evidence) {
            Ok(text) => {
                check_origins(&text, bytes.len());
                let unclear = text.as_str().contains(['\u{FFFD}', '\u{1B}', '\u{E000}', '\u{85}']);
                prop_assert!(!unclear);
                let all = 0..text.as_str().len();
                let left = set.cut(&bytes, vr, &evidence, &text, core::slice::from_ref(&all)).unwrap();
                prop_assert!(left.is_empty());
            }
            Err(unreadable) => unreadable.partial().into_iter().for_each(|text| check_origins(text, bytes.len())),
        }
    }
}

#[test]
fn nothing_of_a_value_is_told() {
    let set = set("\\ISO 2022 IR 87");
    let text = set.read(b"\x1B$B;3ED\x1B(B secret", *b"LO", &Evidence::default()).unwrap();
    let unreadable: Unreadable = set.read(b"\x1B$B;3ED;secret", *b"LO", &Evidence::default()).unwrap_err();
    let told = format!("{text:?} {unreadable:?} {set:?}");
    assert!(!told.contains("secret") && !told.contains('山'), "{told}");
}

/// The character that the encoding's own decoder finds, if it is the only one.
fn expected(encoding: &'static Encoding, bytes: &[u8]) -> Option<char> {
    let text = encoding.decode_without_bom_handling_and_without_replacement(bytes)?;
    let mut characters = text.chars();
    characters.next().filter(|c| characters.next().is_none() && !('\u{E000}'..'\u{F900}').contains(c))
}

/// Signs that JIS X 0208 and Windows-31J have at the same cell; and those that editions moved.
fn same(ours: Option<char>, theirs: Option<char>) -> bool {
    const PAIRS: [(char, char); 6] = [('〜', '～'), ('‖', '∥'), ('−', '－'), ('¢', '￠'), ('£', '￡'), ('¬', '￢')];
    let moved = |c: char| matches!(c, '\u{1E3F}' | '\u{FE10}'..='\u{FE19}' | '\u{9FB4}'..='\u{9FBB}' | '€' | '®');
    ours == theirs
        || ours.zip(theirs).is_some_and(|pair| PAIRS.contains(&pair))
        || (ours.is_none() && theirs.is_some_and(moved))
}

#[test]
fn cells_stand_where_their_encoding_has_them() {
    type Wrap = fn(u8, u8) -> Vec<u8>;
    let cases: [(&str, &'static Encoding, Wrap, Wrap); 5] = [
        ("\\ISO 2022 IR 87", EUC_JP, |a, b| vec![0x1B, b'$', b'B', a & 0x7F, b & 0x7F], |a, b| vec![a, b]),
        ("\\ISO 2022 IR 159", EUC_JP, |a, b| vec![0x1B, b'$', b'(', b'D', a & 0x7F, b & 0x7F], |a, b| vec![0x8F, a, b]),
        ("\\ISO 2022 IR 149", EUC_KR, |a, b| vec![0x1B, b'$', b')', b'C', a, b], |a, b| vec![a, b]),
        ("\\ISO 2022 IR 58", GB18030, |a, b| vec![0x1B, b'$', b')', b'A', a, b], |a, b| vec![a, b]),
        ("GBK", GB18030, |a, b| vec![a, b], |a, b| vec![a, b]),
    ];
    for (declaration, encoding, ours, theirs) in cases {
        let mut read = 0;
        for a in 0xA1..=0xFE_u8 {
            for b in 0xA1..=0xFE_u8 {
                let text = set(declaration).decode(&ours(a, b), *b"LO").ok();
                let our = text.and_then(|t| t.chars().next());
                read += usize::from(our.is_some());
                assert!(same(our, expected(encoding, &theirs(a, b))), "{declaration} {a:02X}{b:02X}");
            }
        }
        assert!(read > 6000, "{declaration}: {read}");
    }
}

#[test]
fn windows_31j_is_made_of_jis_x_0208() {
    // Kanji before, so that the encoding is clear.
    let known = [0x8E, 0x52, 0x93, 0x63, 0x91, 0xBE, 0x98, 0x59, 0x8E, 0x52];
    let mut read = 0;
    for a in 0x81..=0xFC_u8 {
        for b in 0x40..=0xFC_u8 {
            let bytes = [known.as_slice(), &[a, b]].concat();
            let text = set("SHIFT_JIS").read(&bytes, *b"LT", &Evidence::default());
            let ours = text.ok().filter(|t| t.reading() == Reading::ShiftJis).and_then(|t| {
                let rest = t.as_str().strip_prefix("山田太郎山")?.to_owned();
                Some(rest).filter(|r| r.chars().count() == 1)
            });
            let ours = ours.and_then(|t| t.chars().next());
            read += usize::from(ours.is_some());
            assert!(same(ours, expected(SHIFT_JIS, &[a, b])), "{a:02X}{b:02X} {ours:?}");
        }
    }
    assert!(read > 7000, "{read}");
}
