//! Engine and verify over the whole corpus: what the engine lets out passes the second opinion.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

mod common;

use common::{Pair, files, shared};
use std::time::{Duration, Instant};
use tokumei_deid::policy::Policy;
use tokumei_verify::{ReadBy, Verdict};

/// Outputs, hits and what was read by search alone, of all parts of the corpus under one policy.
fn judged(policy: &str, pair: &Pair) -> Option<(usize, Vec<String>, usize)> {
    let root = shared()?;
    let (mut outputs, mut hits, mut by_search, mut spent) = (0, Vec::new(), 0, Duration::ZERO);
    for part in ["real", "synth", "made"] {
        for path in files(&root.join("corpus").join(part)) {
            let source = std::fs::read(&path).unwrap();
            let name = path.strip_prefix(&root).unwrap().to_string_lossy().into_owned();
            let Some(output) = pair.output(&source, &name) else { continue };
            outputs += 1;
            let started = Instant::now();
            let verdict = pair.verifier.verify(&source, &output);
            spent += started.elapsed();
            match verdict {
                Verdict::Ok { read_by: ReadBy::DicomObject } => {}
                Verdict::Ok { read_by: ReadBy::Search } => by_search += 1,
                Verdict::Hit(hit) => hits.push(format!("{name}: {hit}")),
            }
        }
    }
    println!("{policy}: {outputs} outputs, {} hits, {by_search} by search alone, {spent:?}", hits.len());
    for hit in &hits {
        println!("  {hit}");
    }
    Some((outputs, hits, by_search))
}

#[test]
fn what_the_engine_lets_out_raises_no_alarm() {
    let Some((outputs, hits, by_search)) = judged("headers-only", &Pair::shipped("headers-only")) else { return };
    assert!(outputs > 300, "the engine lets too little out to say anything");
    assert!(hits.len() <= outputs / 1000, "{} of {outputs}", hits.len());
    assert!(by_search <= outputs / 20, "the other reader reads too little");
}

/// What a policy that keeps words leaves in a protocol's name and a header names as the institution, or as a part of the patient's
/// name: found by right, so no false alarm. Words of three letters are cut beside other parts of a name only.
const FOUND_BY_RIGHT: [&str; 2] =
    ["corpus/real/orthanc-tests/PrivateMDNTags.dcm", "corpus/real/anonymizer/JPEG-LS_Lossy.dcm"];

#[test]
fn cleaned_descriptions_raise_no_alarm() {
    let text = r#"{"schema": "tokumei.policy/1", "id": "test", "version": "1", "extends": "headers-only",
        "descriptors": "clean"}"#;
    let Some((outputs, mut hits, _)) = judged("clean", &Pair::new(&Policy::from_json(text).unwrap())) else { return };
    hits.retain(|hit| !FOUND_BY_RIGHT.iter().any(|path| hit.starts_with(path)));
    assert!(outputs > 300 && hits.len() <= outputs / 1000, "{} of {outputs}", hits.len());
}

/// Policies that let pixels pass unseen, so that the header rules of every option are met by the whole corpus.
const POLICIES: [(&str, &str); 6] = [
    ("basic", r#""extends": "basic""#),
    ("full dates", r#""extends": "longitudinal-full""#),
    ("UIDs kept", r#""extends": "basic", "options": ["rtn_uids", "rtn_patient_chars"]"#),
    ("devices and institutions kept", r#""extends": "basic", "options": ["rtn_device_id", "rtn_institution_id"]"#),
    (
        "codes",
        r#""extends": "research", "linkage": {"accession": true, "studyId": true, "device": true}, "uidGeneration": "2""#,
    ),
    (
        "birth years and overrides",
        r#""extends": "research", "patient": {"birthDate": "shiftedYear", "id": {"leadingZeros": "strip", "drop": "-"}},
           "attributes": [{"tag": "0018,0010", "action": "K"}, {"tag": "0020,0011", "action": "Z"}]"#,
    ),
];

#[test]
fn other_policies_raise_no_alarm() {
    for (name, parts) in POLICIES {
        let text = format!(
            r#"{{"schema": "tokumei.policy/1", "id": "test", "version": "1", {parts},
                "pixels": {{"text": "not-checked", "face": "not-checked", "shippedDevices": false}}}}"#
        );
        let policy = Policy::from_json(&text).unwrap();
        let Some((outputs, hits, _)) = judged(name, &Pair::new(&policy)) else { return };
        assert!(outputs > 300 && hits.len() <= outputs / 1000, "{name}: {} of {outputs}", hits.len());
    }
}

#[test]
fn a_policy_that_keeps_descriptions_does_not_let_names_out() {
    let Some(root) = shared() else { return };
    let text = r#"{"schema": "tokumei.policy/1", "id": "test", "version": "1", "extends": "headers-only",
        "attributes": [{"tag": "0008,1030", "action": "K"}]}"#;
    let pair = Pair::new(&Policy::from_json(text).unwrap());
    let mut found = 0;
    for path in files(&root.join("corpus/synth")) {
        let source = std::fs::read(&path).unwrap();
        let Some(output) = pair.output(&source, "a") else { continue };
        let Verdict::Hit(hit) = pair.verifier.verify(&source, &output) else { continue };
        assert_eq!(hit.tag_path.as_deref(), Some("0008,1030"), "{}", path.display());
        found += 1;
    }
    assert!(found > 20, "{found}");
}

#[test]
fn what_was_not_cleaned_never_passes() {
    let Some(root) = shared() else { return };
    let pair = Pair::shipped("headers-only");
    for part in ["real", "synth", "made", "reported"] {
        for path in files(&root.join("corpus").join(part)) {
            let source = std::fs::read(&path).unwrap();
            let verdict = pair.verifier.verify(&source, &source);
            assert!(matches!(verdict, Verdict::Hit(_)), "{}", path.display());
        }
    }
}
