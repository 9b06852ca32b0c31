//! Reason codes: one table for all that can be said of a file.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod shared;

use std::collections::HashSet;
use tokumei_deid::policy::PolicyError;
use tokumei_deid::pseudonym::{KeyFileError, Undecodable};
use tokumei_deid::reasons::{Reason, Scope};
use tokumei_dicom::ErrorKind;

#[test]
fn codes_are_stable_and_distinct() {
    let codes: HashSet<&str> = Reason::ALL.iter().map(|r| r.code()).collect();
    assert_eq!(codes.len(), Reason::ALL.len());
    for reason in Reason::ALL {
        assert_eq!(Reason::from_code(reason.code()), Some(reason));
        assert!(reason.code().bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{}", reason.code());
    }
    assert_eq!(Reason::from_code("no-such-code"), None);
}

#[test]
fn every_error_has_a_reason() {
    let kinds = [
        ErrorKind::Empty,
        ErrorKind::NotDicom,
        ErrorKind::Truncated,
        ErrorKind::Damaged,
        ErrorKind::NestingTooDeep,
        ErrorKind::TooLarge,
        ErrorKind::TransferSyntaxUnsupported,
        ErrorKind::PixelMismatch,
        ErrorKind::SourceUnreadable,
    ];
    for kind in kinds {
        let scope = Reason::from_code(kind.code()).unwrap().scope();
        assert!(matches!(scope, Scope::Refused | Scope::Skipped), "{}", kind.code());
    }
    for error in [KeyFileError::Malformed, KeyFileError::Wrapped, KeyFileError::Mismatch] {
        assert_eq!(Reason::from_code(error.code()).unwrap().scope(), Scope::Run);
    }
    assert_eq!(Reason::from_code(PolicyError::CODE), Some(Reason::PolicyInvalid));
    assert_eq!(Reason::from_code(&Undecodable.to_string()), Some(Reason::PatientIdUnreadable));
}

#[test]
fn words_are_complete() {
    for line in include_str!("../data/reasons.tsv").lines() {
        let cells: Vec<&str> = line.split('\t').collect();
        assert!(cells.len() == 6 && cells.iter().all(|c| !c.is_empty()), "{line}");
    }
}

#[test]
fn copies_are_those_of_shared() {
    let Some(shared) = shared::folder() else { return };
    let data = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    let read = |path: std::path::PathBuf| std::fs::read_to_string(path).unwrap();
    // Codes, verdicts and what happened; what a person can do changes with what the product can.
    let said = |line: &str| [0, 1, 2, 4].map(|column| line.split('\t').nth(column).unwrap().to_owned());
    let ours = read(data.join("reasons.tsv"));
    for line in read(shared.join("page/reasons.tsv")).lines() {
        assert!(ours.lines().any(|ours| said(ours) == said(line)), "{line}");
    }
    for name in [
        "table_e1_1",
        "iod_types",
        "unlisted_text_types",
        "safe_private",
        "sop_class_phi_risk",
        "well_known_uids",
        "uid_attributes",
        "deid_method_codes",
    ] {
        let file = format!("{name}.tsv");
        assert!(read(data.join(&file)) == read(shared.join("standards").join(&file)), "{name}");
    }
}
