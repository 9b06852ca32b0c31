//! Every file of the corpus: the outcome of reading is as checked in.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::fmt::Write as _;
use tokumei_dicom::{Limits, read};

const FOLDERS: [&str; 3] = ["made", "real", "synth"];
const TABLE: &str = "tests/results/read.tsv";

#[test]
fn outcomes_are_as_checked_in() {
    let Some(corpus) = common::corpus() else { return };
    let mut table = String::from("path\toutcome\n");
    for (name, path) in common::files(&corpus, &FOLDERS) {
        let bytes = std::fs::read(path).expect("a readable file");
        let outcome = match read::parse(&bytes, &Limits::default()) {
            Ok(_) => "read",
            Err(e) => e.kind.code(),
        };
        writeln!(table, "{name}\t{outcome}").unwrap();
    }
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(TABLE);
    if std::env::var_os("TOKUMEI_UPDATE").is_some() {
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, &table).unwrap();
    }
    let expected = std::fs::read_to_string(&file).expect("the table of outcomes");
    let differ: Vec<_> = table.lines().zip(expected.lines()).filter(|(a, b)| a != b).collect();
    assert!(differ.is_empty() && table.len() == expected.len(), "{differ:?}");
}
