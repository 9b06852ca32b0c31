//! Coefficients of the shared vectors, before and after masking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use super::idct::ZIGZAG;
use super::*;
use crate::jpeg::header::Scan;
use crate::jpeg::stream::Part;
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
        let cover = cover.with(constants(&stream, &case.geometry, Fill::Black).unwrap());
        let picture = Picture { planes: &planes, cover: &cover };
        let out = write(&stream, &encode::scans(&stream, &picture).unwrap());
        assert_eq!(prove(&out, &stream, &picture, &case.geometry, Limits::default()), Ok(()));
        let (other, _) = Cover::new(&stream.frame, &[]);
        let other = Picture { cover: &other, ..picture };
        let found = prove(&out, &stream, &other, &case.geometry, Limits::default());
        assert_eq!(found, Err(CodecError::NotProven), "{}", case.name);
    }
}

/// Equal blocks under other tables, places or colours are another picture.
#[test]
fn what_gives_blocks_their_meaning_is_compared() {
    for case in cases() {
        let read = || coefficients(&case.bytes, None, Limits::default()).unwrap().0;
        let stream = read();
        assert_eq!(alike(&read(), &stream), Ok(()));
        let changes: [fn(&mut Stream<'_>); 5] = [
            |s| s.frame.precision ^= 4,
            |s| s.frame.components[0].h += 1,
            |s| s.quantization.iter_mut().flatten().for_each(|table| std::rc::Rc::make_mut(table)[5] ^= 1),
            |s| s.colours.adobe = if s.colours.adobe.is_some() { None } else { Some([0; 12]) },
            |s| s.hidden = true,
        ];
        for (n, change) in changes.iter().enumerate() {
            let mut other = read();
            change(&mut other);
            assert_eq!(alike(&other, &stream), Err(CodecError::NotProven), "{} {n}", case.name);
        }
    }
}

fn skimmed<'a>(bytes: &'a [u8], geometry: &Geometry) -> Result<(Stream<'a>, Held<'static>)> {
    let mut reading = Reading::new(bytes, Some(geometry), Limits::default(), Aim::Bits);
    let stream = read(bytes, &mut reading)?;
    let Held::Skimmed(scans) = reading.held else { return Ok((stream, Held::None)) };
    Ok((stream, Held::Skimmed(scans)))
}

/// So does the proof of what was spliced, bit by bit.
#[test]
fn a_bit_that_changed_is_found() {
    for case in cases() {
        let (stream, held) = skimmed(&case.bytes, &case.geometry).unwrap();
        let Held::Skimmed(source) = held else { continue };
        let (cover, _) = Cover::new(&stream.frame, &[case.mask]);
        let cover = cover.with(constants(&stream, &case.geometry, Fill::Black).unwrap());
        let out = write(&stream, &splice::scans(&stream, &source, &cover).unwrap().unwrap());
        let compared = |bytes: &[u8], cover: &Cover| {
            let (again, held) = skimmed(bytes, &case.geometry)?;
            let Held::Skimmed(found) = held else { return Err(CodecError::Damaged) };
            same::compare((&stream, &source), (&again, &found), cover)
        };
        assert_eq!(compared(&out, &cover), Ok(()), "{}", case.name);
        let (other, _) = Cover::new(&stream.frame, &[]);
        assert_eq!(compared(&out, &other), Err(CodecError::NotProven), "{}", case.name);
        let meant = blocks(&out);
        let data = out.windows(2).rposition(|pair| pair == [0xFF, 0xDA]).unwrap() + 16;
        for bit in (8 * data..8 * out.len() - 16).step_by(1201) {
            let mut flipped = out.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            // Padding of an interval means nothing.
            let missed = compared(&flipped, &cover).is_ok();
            assert!(!missed || blocks(&flipped) == meant, "{}: {bit}", case.name);
        }
    }
}

/// Tables stay while they hold every symbol; restart markers stay where they were.
#[test]
fn tables_and_intervals_stay() {
    let mut replaced = Vec::new();
    for case in cases() {
        let stream = coefficients(&case.bytes, None, Limits::default()).unwrap().0;
        let masked = mask(&case.bytes, &case.geometry, &[case.mask], Fill::Black, Limits::default()).unwrap();
        let segments = |bytes: &[u8], code: u8| {
            let mut out = Vec::new();
            for at in (0..bytes.len() - 3).filter(|at| bytes[*at..at + 2] == [0xFF, code]) {
                let len = usize::from(u16::from_be_bytes([bytes[at + 2], bytes[at + 3]]));
                out.extend_from_slice(&bytes[at + 4..at + 2 + len]);
            }
            out
        };
        let restarts = |bytes: &[u8]| bytes.windows(2).filter(|w| matches!(w, [0xFF, 0xD0..=0xD7])).count();
        if stream.frame.code != 0xC2 {
            assert_eq!(restarts(&masked.stream), restarts(&case.bytes), "{}", case.name);
        }
        assert_eq!(segments(&masked.stream, 0xDB), segments(&case.bytes, 0xDB), "{}", case.name);
        if segments(&masked.stream, 0xC4) != segments(&case.bytes, 0xC4) {
            replaced.push(case.name);
        }
    }
    let expected = ["jpg_420_opt", "jpg_gray_prog", "jpg_420_prog", "jpg12_420", "jpg12_420_rst3"];
    assert!(replaced == expected || folder().is_none(), "{replaced:?}");
}

/// A stream whose components have scans of their own keeps them.
#[test]
fn scans_of_one_component_each() {
    for case in cases().into_iter().filter(|case| case.geometry.samples_per_pixel == 3) {
        let Ok((mut stream, planes)) = coefficients(&case.bytes, None, Limits::default()) else { continue };
        if stream.scans.len() != 1 {
            continue;
        }
        let whole = stream.scans.remove(0);
        for c in &whole.components {
            stream.scans.push(Scan { components: vec![c.clone()], ..whole.clone() });
        }
        let at = stream.parts.iter().position(|part| matches!(part, Part::Scan(0))).unwrap();
        stream.parts.splice(at..=at, (0..3).map(Part::Scan));
        let (cover, _) = Cover::new(&stream.frame, &[]);
        let picture = Picture { planes: &planes, cover: &cover };
        let split = write(&stream, &encode::scans(&stream, &picture).unwrap());
        assert_eq!(coefficients(&split, None, Limits::default()).unwrap().0.scans.len(), 3);
        let decoded = |bytes: &[u8]| decode(bytes, &case.geometry, Limits::default()).unwrap();
        assert_eq!(decoded(&split), decoded(&case.bytes), "{}", case.name);
        let masked = |bytes: &[u8]| mask(bytes, &case.geometry, &[case.mask], Fill::Black, Limits::default()).unwrap();
        let (one, three) = (masked(&case.bytes), masked(&split));
        assert_eq!(decoded(&three.stream), decoded(&one.stream), "{}", case.name);
        assert_eq!(coefficients(&three.stream, None, Limits::default()).unwrap().0.scans.len(), 3);
    }
}
