//! Engine and verify over the whole corpus: what the engine lets out passes the second opinion.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

mod common;

use common::{Pair, files, shared};
use std::time::{Duration, Instant};
use tokumei_verify::{ReadBy, Verdict};

#[test]
fn what_the_engine_lets_out_raises_no_alarm() {
    let Some(root) = shared() else { return };
    let pair = Pair::shipped("headers-only");
    let (mut out_count, mut hits, mut by_search, mut spent) = (0u32, Vec::new(), 0u32, Duration::ZERO);
    for part in ["real", "synth", "made"] {
        for path in files(&root.join("corpus").join(part)) {
            let source = std::fs::read(&path).unwrap();
            let name = path.strip_prefix(&root).unwrap().to_string_lossy().into_owned();
            let Some(output) = pair.output(&source, &name) else { continue };
            out_count += 1;
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
    println!(
        "{out_count} outputs, {} hits, {by_search} by search alone, {:?} each",
        hits.len(),
        spent / out_count.max(1)
    );
    for hit in &hits {
        println!("  {hit}");
    }
    assert!(out_count > 300, "the engine lets too little out to say anything");
    assert!(hits.len() <= out_count as usize / 1000, "{} of {out_count}", hits.len());
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
