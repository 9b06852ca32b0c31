//! All of the corpus through scan, plan and transform: nothing panics, every output reads, and no planted name, ID or
//! address is left. The judges in Python look closer.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;
mod shared;

use common::{files, parsed, profile, written};
use serde_json::Value;
use std::path::Path;
use tokumei_deid::scan::ScanRow;
use tokumei_deid::{plan, scan, transform};

struct Run {
    passed: usize,
    outputs: Vec<Vec<u8>>,
}

fn run(folder: &Path, policy: &str) -> Run {
    let profile = profile(policy);
    let sources: Vec<Vec<u8>> = files(folder).iter().map(|p| std::fs::read(p).unwrap()).collect();
    let rows: Vec<ScanRow> = sources.iter().map(|s| scan::scan(&profile, s, "a/b")).collect();
    let decisions: Vec<plan::Decision> =
        rows.iter().flat_map(|r| plan::plan(&profile, core::slice::from_ref(r), None)).collect();
    let mut outputs = Vec::new();
    for (source, decision) in sources.iter().zip(&decisions) {
        let outcome = transform::transform(&profile, source, "");
        if !decision.passes() || outcome.reason.code() != "clean" {
            continue;
        }
        let out = written(&outcome, source);
        let ds = parsed(&out);
        assert_eq!(ds.form().trailing, 0);
        let again = written(&transform::transform(&profile, source, ""), source);
        assert!(out == again, "the same input gives the same bytes");
        outputs.push(out);
    }
    Run { passed: outputs.len(), outputs }
}

/// Bytes as characters of their own, which the standard library searches fast even in debug builds.
fn as_text(bytes: &[u8]) -> String {
    bytes.iter().map(|&b| char::from(b)).collect()
}

#[test]
fn studies_leave_without_what_was_planted() {
    let Some(shared) = shared::folder() else { return };
    let folder = shared.join("corpus/synth");
    let run = run(&folder, "headers-only");
    assert!(run.passed >= 52, "{}", run.passed);
    let key: Value = serde_json::from_slice(&std::fs::read(folder.join("ANSWER_KEY.json")).unwrap()).unwrap();
    let texts: Vec<String> = run.outputs.iter().map(|out| as_text(out)).collect();
    let mut searched = 0;
    for planted in key["planted"].as_array().unwrap() {
        let (kind, value) = (planted["kind"].as_str().unwrap(), planted["value"].as_str().unwrap());
        if planted["must_go"] != true || !planted["unless"].as_array().unwrap().is_empty() || value.len() < 6 {
            continue;
        }
        if matches!(kind, "name" | "id" | "free" | "place" | "address" | "phone" | "canary") {
            let value = as_text(value.as_bytes());
            assert!(!texts.iter().any(|out| out.contains(&value)), "{}", planted["path"]);
            searched += 1;
        }
    }
    assert!(searched > 300, "{searched}");
}

#[test]
fn public_and_hostile_files_end_in_an_outcome() {
    let Some(shared) = shared::folder() else { return };
    assert!(run(&shared.join("corpus/real"), "headers-only").passed >= 390);
    assert!(run(&shared.join("corpus/made"), "headers-only").passed >= 30);
}

#[test]
fn nothing_at_risk_leaves_while_pixels_are_to_be_checked() {
    let Some(shared) = shared::folder() else { return };
    let run = run(&shared.join("corpus/synth"), "research");
    for out in &run.outputs {
        let ds = parsed(out);
        assert!(ds.find(None, tokumei_dicom::Tag::PIXEL_DATA).is_none());
    }
}
