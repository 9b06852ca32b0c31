//! Coefficients of the shared vectors, before and after masking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use super::idct::ZIGZAG;
use super::*;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use std::path::{Path, PathBuf};

fn folder() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let path = std::env::var_os("TOKUMEI_SHARED").map_or_else(beside, PathBuf::from).join("codecs");
    assert!(path.is_dir() || std::env::var_os("CI").is_none(), "the shared data are missing");
    path.is_dir().then_some(path)
}

/// Blocks of all components, each in natural order.
fn blocks(bytes: &[u8]) -> Vec<Vec<[i16; 64]>> {
    let (_, planes) = coefficients(bytes, None, Limits::default()).unwrap();
    let natural = |plane: &Plane, i: usize| {
        let mut block = [0; 64];
        plane.block(i).unwrap().iter().for_each(|(k, value)| block[usize::from(ZIGZAG[k as usize])] = value);
        block
    };
    planes.iter().map(|p| (0..p.blocks()).map(|i| natural(p, i)).collect()).collect()
}

fn hash(blocks: &[Vec<[i16; 64]>]) -> String {
    let bytes: Vec<u8> = blocks.iter().flatten().flatten().flat_map(|v| v.to_le_bytes()).collect();
    let hex = |n: u8| char::from_digit(u32::from(n), 16).unwrap();
    Sha256::digest(bytes).iter().flat_map(|b| [hex(b >> 4), hex(b & 15)]).collect()
}

struct Case {
    name: String,
    bytes: Vec<u8>,
    geometry: Geometry,
    mask: Rect,
    aligned: [u32; 4],
    hash: String,
    most_changed: usize,
}

fn cases() -> Vec<Case> {
    let Some(folder) = folder() else { return Vec::new() };
    let json: Value = serde_json::from_slice(&std::fs::read(folder.join("vectors.json")).unwrap()).unwrap();
    let list = |key: &str| json[key].as_array().unwrap().clone();
    let number = |v: &Value| u32::try_from(v.as_u64().unwrap()).unwrap();
    let case = |m: Value| {
        let v = list("vectors").into_iter().find(|v| v["name"] == m["vector"]).unwrap();
        let samples_per_pixel = u8::try_from(number(&v["components"])).unwrap();
        let geometry = Geometry {
            rows: number(&v["rows"]),
            columns: number(&v["cols"]),
            samples_per_pixel,
            bits_allocated: if v["bits"] == 8 { 8 } else { 16 },
            bits_stored: u8::try_from(number(&v["bits"])).unwrap(),
            signed: false,
            photometric: if samples_per_pixel == 1 { Photometric::Monochrome2 } else { Photometric::YbrFull },
        };
        let [x0, y0, x1, y1] = ["x0", "y0", "x1", "y1"].map(|k| number(&m["mask"][k]));
        Case {
            name: v["name"].as_str().unwrap().to_owned(),
            bytes: std::fs::read(folder.join(v["file"].as_str().unwrap())).unwrap(),
            geometry,
            mask: Rect { x: x0, y: y0, width: x1 - x0, height: y1 - y0 },
            aligned: ["x0", "y0", "x1", "y1"].map(|k| number(&m["aligned"][k])),
            hash: m["coefficients_sha256_before"].as_str().unwrap().to_owned(),
            most_changed: m["blocks_changed_max"].as_u64().unwrap().try_into().unwrap(),
        }
    };
    let cases: Vec<Case> = list("dct_mask").into_iter().map(case).collect();
    assert_eq!(cases.len(), 18);
    cases
}

#[test]
fn coefficients_are_those_of_the_vectors_and_stay() {
    for case in cases() {
        let before = blocks(&case.bytes);
        assert_eq!(hash(&before), case.hash, "{}", case.name);
        let masked = mask(&case.bytes, &case.geometry, &[], Fill::Black, Limits::default()).unwrap();
        assert_eq!(blocks(&masked.stream), before, "{}", case.name);
        assert!(masked.touched.is_empty());
    }
}

#[test]
fn only_the_mcus_of_the_mask_change() {
    for case in cases() {
        let before = blocks(&case.bytes);
        let masked = mask(&case.bytes, &case.geometry, &[case.mask], Fill::Black, Limits::default()).unwrap();
        let after = blocks(&masked.stream);
        let [x0, y0, x1, y1] = case.aligned;
        let (right, bottom) = (x1.min(case.geometry.columns), y1.min(case.geometry.rows));
        let touched = Rect { x: x0, y: y0, width: right - x0, height: bottom - y0 };
        assert_eq!(masked.touched, [touched], "{}", case.name);
        let (stream, planes) = coefficients(&case.bytes, None, Limits::default()).unwrap();
        let (h, v) = stream.frame.widest();
        let mut changed = 0;
        for (i, c) in stream.frame.components.iter().enumerate() {
            // A block's pixels in the frame.
            let (width, height) = (8 * h / c.h, 8 * v / c.v);
            let mut constants = Vec::new();
            for (n, (a, b)) in before[i].iter().zip(&after[i]).enumerate() {
                let (x, y) = (n % planes[i].across, n / planes[i].across);
                let (x, y) = (u32::try_from(x).unwrap() * width, u32::try_from(y).unwrap() * height);
                if (x0..x1).contains(&x) && (y0..y1).contains(&y) {
                    assert!(b[1..].iter().all(|ac| *ac == 0), "{}", case.name);
                    constants.push(b[0]);
                    changed += usize::from(a != b);
                } else {
                    assert_eq!(a, b, "{}: block {n} of component {i}", case.name);
                }
            }
            constants.dedup();
            assert_eq!(constants.len(), 1, "{}", case.name);
        }
        assert!((1..=case.most_changed).contains(&changed), "{}: {changed}", case.name);
    }
}

/// The proof looks at every block: one coefficient more or less is found.
#[test]
fn a_coefficient_that_changed_is_found() {
    for case in cases() {
        let (stream, planes) = coefficients(&case.bytes, None, Limits::default()).unwrap();
        let (cover, _) = Cover::new(&stream.frame, &[case.mask]);
        let constants = constants(&stream, &case.geometry, Fill::Black).unwrap();
        let picture = Picture { planes: &planes, cover: &cover, constants };
        let out = write(&stream, &encode::scans(&stream, &picture).unwrap());
        assert_eq!(prove(&out, &stream, &picture, &case.geometry, Limits::default()), Ok(()));
        let (other, _) = Cover::new(&stream.frame, &[]);
        let other = Picture { cover: &other, ..picture };
        let found = prove(&out, &stream, &other, &case.geometry, Limits::default());
        assert_eq!(found, Err(CodecError::NotProven), "{}", case.name);
    }
}
