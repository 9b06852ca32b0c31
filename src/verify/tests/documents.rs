//! A cleaned CDA document leaves; what its header names is found in one.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::Pair;
use common::plant::{detail, element, new, planted, source};
use tokumei_deid::policy::{WrappedCda, shipped};
use tokumei_verify::{Detail, Kind};

const CDA: &[u8] = b"1.2.840.10008.5.1.4.1.1.104.2";
const DOCUMENT: u32 = 0x0042_0011;

/// The planted source with a document in place of its picture.
fn wrapped(document: &str) -> Vec<u8> {
    let kept: Vec<u8> = planted(&source(), vec![new(0x0008_0016, "UI", CDA)]);
    let at = kept.windows(4).position(|w| w == [0x28, 0, 2, 0]).unwrap();
    [&kept[..at], &element(DOCUMENT, "OB", document.as_bytes())].concat()
}

#[test]
fn cleaned_documents_pass_and_names_in_them_do_not() {
    let mut policy = shipped("research").unwrap();
    policy.documents.cda = WrappedCda::Clean;
    let pair = Pair::new(&policy);
    let full = include_str!("../../deid/tests/documents/full.xml");
    let source = wrapped(full);
    let output = pair.output(&source, "a.dcm").unwrap();
    assert_eq!(detail(&pair, &source, &output), None);
    let cleaned = "<ClinicalDocument><title>chest CT</title></ClinicalDocument>";
    assert_eq!(detail(&pair, &source, &planted(&output, vec![new(DOCUMENT, "OB", cleaned.as_bytes())])), None);
    let names = ["YAMADA", "山田太郎", "ﾔﾏﾀﾞ ﾀﾛｳ", "dr yamada"];
    for left in names {
        let document = cleaned.replace("chest CT", left);
        let found = detail(&pair, &source, &planted(&output, vec![new(DOCUMENT, "OB", document.as_bytes())]));
        assert!(matches!(found, Some((Detail::Identity(Kind::Name), _))), "{left}: {found:?}");
    }
    let closed = Pair::shipped("research");
    assert!(closed.output(&source, "a.dcm").is_none());
    assert!(detail(&closed, &source, &output).is_some(), "no other policy lets a document leave");
}
