//! The fuzz target over the corpus, with the same mutations every time, on a stable toolchain.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use dicom_core as _;
use dicom_object as _;
use dicom_pixeldata as _;
use flate2 as _;
use proptest as _;
use serde_json as _;
use sha2 as _;
use std::path::{Path, PathBuf};
use tokumei_codecs as _;

#[path = "../../../fuzz/pixels.rs"]
mod fuzz;

const LARGEST: u64 = 40 << 10;
const MUTATIONS: usize = 3;

/// Files of the shared corpus, in order; none where it is missing, which CI forbids.
fn files() -> Vec<PathBuf> {
    let shared = std::env::var_os("TOKUMEI_SHARED").map(PathBuf::from);
    let root = shared.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"));
    let mut folders = vec![root.join("corpus"), root.join("codecs/dcm")];
    assert!(folders[0].is_dir() || std::env::var_os("CI").is_none(), "shared data is missing");
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().map_while(Result::ok) {
            let file = entry.metadata().unwrap();
            if file.is_dir() {
                folders.push(entry.path());
            } else if file.len() <= LARGEST {
                found.push(entry.path());
            }
        }
    }
    found.sort();
    found
}

/// Some bytes changed, most of them where the pixels are.
fn mutated(bytes: &[u8], state: &mut u64) -> Vec<u8> {
    let mut next = |below: usize| {
        *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(*state >> 33).unwrap() % below.max(1)
    };
    let mut out = [bytes, &[0]].concat();
    for _ in 0..=next(4) {
        let half = if next(4) == 0 { 0 } else { out.len() / 2 };
        let at = half + next(out.len() - half);
        match next(4) {
            0 => out.truncate(at.max(1)),
            1 => out[at] ^= 1 << next(8),
            2 => out[at] = 0xFF,
            _ => drop(out.drain(at..(at + 3).min(out.len()))),
        }
        if out.is_empty() {
            out.push(0);
        }
    }
    out
}

#[test]
fn pixels() {
    let files = files();
    let mut state = 1;
    for path in &files {
        let bytes = std::fs::read(path).unwrap();
        fuzz::pixels(&bytes);
        for _ in 0..MUTATIONS {
            fuzz::pixels(&mutated(&bytes, &mut state));
        }
    }
    assert!(files.is_empty() || files.len() > 300, "{} files", files.len());
}
