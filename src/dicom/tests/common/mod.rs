//! The shared corpus, beside the repository.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::{Path, PathBuf};

/// The corpus folder; `None` (said so) where it is absent outside of CI.
pub fn corpus() -> Option<PathBuf> {
    let shared = std::env::var_os("TOKUMEI_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    let corpus = shared.join("corpus");
    if corpus.is_dir() {
        return Some(corpus);
    }
    assert!(std::env::var_os("CI").is_none(), "the shared corpus is missing");
    eprintln!("skipped: no shared corpus");
    None
}

/// All files under `folders` of the corpus, sorted, with their path relative to it.
pub fn files(corpus: &Path, folders: &[&str]) -> Vec<(String, PathBuf)> {
    let mut open: Vec<PathBuf> = folders.iter().map(|f| corpus.join(f)).collect();
    let mut found = Vec::new();
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(corpus).unwrap().to_string_lossy().into_owned();
                found.push((name, path));
            }
        }
    }
    found.sort();
    found
}

/// An element of Explicit VR Little Endian, padded.
pub fn element(group: u16, number: u16, vr: [u8; 2], value: &[u8]) -> Vec<u8> {
    let mut out = [group.to_le_bytes(), number.to_le_bytes(), vr].concat();
    let even = value.len().next_multiple_of(2);
    if tokumei_dicom::value::uses_long_header(vr) {
        out.extend([0, 0]);
        out.extend(u32::try_from(even).unwrap().to_le_bytes());
    } else {
        out.extend(u16::try_from(even).unwrap().to_le_bytes());
    }
    out.extend_from_slice(value);
    out.extend((value.len()..even).map(|_| tokumei_dicom::value::padding(vr)));
    out
}

/// A sequence of items, all of explicit length.
pub fn sequence(group: u16, number: u16, items: &[Vec<u8>]) -> Vec<u8> {
    let item = |i: &Vec<u8>| {
        let len = u32::try_from(i.len()).unwrap().to_le_bytes();
        [&[0xFE, 0xFF, 0x00, 0xE0], len.as_slice(), i].concat()
    };
    element(group, number, *b"SQ", &items.iter().flat_map(item).collect::<Vec<u8>>())
}
