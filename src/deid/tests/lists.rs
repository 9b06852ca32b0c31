//! `data/text.lists` is what the files of `data/text` say. `cargo xtask generate` runs this with `TOKUMEI_GENERATE` set,
//! which writes the file.
#![cfg(feature = "pack")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::{fs, path::Path};
use tokumei_deid::text::{Lists, ListsError, pack};

/// Sections and the files that hold them.
const SECTIONS: [(&str, &str); 18] = [
    ("variants", "variants.txt"),
    ("body", "body.txt"),
    ("modality", "modality.txt"),
    ("technique", "technique.txt"),
    ("clinical", "clinical.txt"),
    ("plain", "plain.txt"),
    ("particles", "particles.txt"),
    ("eponyms", "eponyms.txt"),
    ("like", "like.txt"),
    ("surnames", "surnames.tsv"),
    ("given_readings", "given_readings.txt"),
    ("given_kanji", "given_kanji.tsv"),
    ("western_given", "western_given.txt"),
    ("western_family", "western_family.txt"),
    ("family_kanji", "family_kanji.tsv"),
    ("given_kanji_parts", "given_kanji_parts.tsv"),
    ("given_kanji_alone", "given_kanji_alone.tsv"),
    ("marks", "marks.tsv"),
];

fn packed() -> Vec<u8> {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/text");
    let texts = SECTIONS.map(|(name, file)| (name, file, fs::read_to_string(data.join(file)).unwrap()));
    for (name, file, text) in &texts {
        let lines: Vec<&str> = text.lines().collect();
        // Marks go by kind and given kanji by place: those lines are few, and in the order in which they are read.
        let sorted = ["marks", "given_kanji"].contains(name) || lines.is_sorted_by(|a, b| a < b);
        let single = lines.iter().all(|l| !l.is_empty() && l.trim() == *l);
        assert!(sorted && single, "{file}: lines must be sorted, single and not empty");
    }
    pack(&texts.each_ref().map(|(name, _, text)| (*name, text.as_str()))).unwrap()
}

#[test]
fn the_packed_lists_are_what_their_files_say() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/text.lists");
    let packed = packed();
    if std::env::var_os("TOKUMEI_GENERATE").is_some() {
        fs::write(&path, &packed).unwrap();
    }
    assert!(fs::read(&path).unwrap() == packed, "run `cargo xtask generate`");
    assert!(Lists::from_bytes(&packed).is_ok());
}

#[test]
fn what_is_not_whole_is_no_list() {
    let packed = packed();
    let error = |bytes: &[u8]| Lists::from_bytes(bytes).err().unwrap();
    assert_eq!(error(b""), ListsError::Header);
    assert_eq!(error(b"tokumei.lists/2\n"), ListsError::Header);
    let (head, rest) = packed.split_at(16);
    for cut in [0, 1, 2, 100, rest.len() / 2, rest.len() - 1] {
        assert_eq!(error(&[head, &rest[..cut]].concat()), ListsError::Incomplete, "{cut}");
    }
    // A node more, and one less.
    assert_eq!(error(&[packed.as_slice(), b"a"].concat()), ListsError::Incomplete);
    for (number, bytes) in [(1, [0xFF, 0xFF, 0xFF, 0xFF, 0x0F]), (2, [0x80, 0x80, 0x80, 0x80, 0x01])] {
        assert_eq!(error(&[head, &bytes[..], rest].concat()), ListsError::Incomplete, "{number}");
    }
}

#[test]
fn a_line_that_is_not_of_its_section_is_named() {
    assert_eq!(pack(&[("surnames", "山田")]), Err("[surnames] 山田".to_owned()));
    assert_eq!(pack(&[("marks", "nothing\tさん")]), Err("[marks] nothing\tさん".to_owned()));
    assert_eq!(pack(&[("other", "a")]), Err("[other] a".to_owned()));
}
