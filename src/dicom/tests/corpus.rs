//! Every file of the corpus: the outcome of reading, and what was odd, are as checked in.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::fmt::Write as _;
use tokumei_dicom::splice::splice;
use tokumei_dicom::{DataSet, Edit, Edits, Head, Limits, NewMeta, Piece, read, value};

const FOLDERS: [&str; 3] = ["made", "real", "synth"];
const TABLE: &str = "tests/results/read.tsv";

#[test]
fn outcomes_are_as_checked_in() {
    let Some(corpus) = common::corpus() else { return };
    let mut table = String::from("path\toutcome\todd\n");
    for (name, path) in common::files(&corpus, &FOLDERS) {
        let bytes = std::fs::read(path).expect("a readable file");
        let (outcome, odd) = match read::parse(&bytes, &Limits::default()) {
            Ok(ds) => ("read", ds.quirks().iter().map(|(q, _)| format!("{q:?}")).collect::<Vec<_>>().join(" ")),
            Err(e) => (e.kind.code(), String::new()),
        };
        writeln!(table, "{name}\t{outcome}\t{odd}").unwrap();
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

/// What pieces amount to.
fn joined(pieces: &[Piece], file: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Bytes(b) => out.extend(b),
            Piece::Range { offset, len } => {
                let from = usize::try_from(*offset).unwrap();
                out.extend(file.get(from..from + usize::try_from(*len).unwrap()).expect("a range of the file"));
            }
        }
    }
    out
}

#[test]
fn without_edits_every_byte_stays() {
    let Some(corpus) = common::corpus() else { return };
    let mut read = 0;
    for (name, path) in common::files(&corpus, &FOLDERS) {
        let bytes = std::fs::read(path).expect("a readable file");
        let Ok(ds) = read::parse(&bytes, &Limits::default()) else { continue };
        let pieces = splice(&ds, &bytes, &Edits::new(), &Head::Keep).expect(&name);
        assert!(joined(&pieces, &bytes) == bytes, "{name}");
        read += 1;
    }
    assert!(read > 640, "{read} files were read");
}

/// Rewriting every text with itself rewrites every length around it: what is read again is the same.
#[test]
fn rewritten_values_read_the_same() {
    let Some(corpus) = common::corpus() else { return };
    for (name, path) in common::files(&corpus, &FOLDERS) {
        let bytes = std::fs::read(path).expect("a readable file");
        let Ok(ds) = read::parse(&bytes, &Limits::default()) else { continue };
        let mut edits = Edits::new();
        for (i, node) in (0u32..).zip(ds.nodes()) {
            let short = ds.value(i).filter(|v| v.len() % 2 == 0 && v.len() < 60_000 && value::unit(node.vr) == 1);
            if let Some(v) = short {
                edits.set(i, Edit::Value(v.to_vec()));
            }
        }
        let out = joined(&splice(&ds, &bytes, &edits, &Head::Rebuild(meta(&ds))).expect(&name), &bytes);
        let again = read::parse(&out, &Limits::default()).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(again.nodes().len(), ds.nodes().len(), "{name}");
        for (i, (a, b)) in (0u32..).zip(ds.nodes().iter().zip(again.nodes())) {
            assert_eq!((a.tag, a.vr, a.kind, a.depth), (b.tag, b.vr, b.kind, b.depth), "{name}");
            assert!(ds.value(i) == again.value(i), "{name} {}", a.tag);
        }
        assert_eq!(again.form().trailing, 0, "{name}");
    }
}

fn meta(ds: &DataSet) -> NewMeta {
    NewMeta {
        sop_class: "1.2.840.10008.5.1.4.1.1.7".into(),
        sop_instance: "2.25.1".into(),
        transfer_syntax: ds.form().transfer_syntax.clone(),
        implementation_class: "2.25.2".into(),
        implementation_version: "TEST".into(),
    }
}
