//! Previews of the shared containers and of the whole corpus.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use dicom_core as _;
use dicom_object as _;
use dicom_pixeldata as _;
use flate2 as _;
use proptest::prelude::*;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use std::path::{Path, PathBuf};
use tokumei_codecs as _;
use tokumei_dicom as _;
use tokumei_pixels::{Levels, NoPreview, Preview};

fn preview(source: &dyn tokumei_dicom::Source, frame: u32) -> Result<Preview, NoPreview> {
    tokumei_pixels::preview(source, frame, Levels::File)
}

fn shared() -> Option<PathBuf> {
    let root = std::env::var_os("TOKUMEI_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    if root.is_dir() {
        return Some(root);
    }
    assert!(std::env::var_os("CI").is_none(), "shared data is missing");
    eprintln!("skipped: no shared data");
    None
}

fn containers() -> Vec<(Value, Vec<u8>)> {
    let Some(root) = shared() else { return Vec::new() };
    let codecs = root.join("codecs");
    let all: Value = serde_json::from_slice(&std::fs::read(codecs.join("vectors.json")).unwrap()).unwrap();
    let list = all["containers"].as_array().unwrap().clone();
    list.into_iter().map(|v| (v.clone(), std::fs::read(codecs.join(v["file"].as_str().unwrap())).unwrap())).collect()
}

fn rgb(p: &Preview) -> Vec<u8> {
    p.rgba.chunks_exact(4).flat_map(|c| c[..3].to_vec()).collect()
}

fn hex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|i| u8::from_str_radix(&text[i..i + 2], 16).unwrap()).collect()
}

#[test]
fn what_is_exact_is_drawn_and_nothing_else() {
    for (v, bytes) in containers() {
        let name = v["name"].as_str().unwrap();
        let drawn = preview(&bytes, 0);
        if name.starts_with("c_jxl") {
            assert_eq!(drawn, Err(NoPreview::Coding), "{name}");
        } else {
            let drawn = drawn.unwrap_or_else(|e| panic!("{name}: {e}"));
            assert_eq!(drawn.rgba.len(), (drawn.width * drawn.height * 4) as usize, "{name}");
            let lossless_colour = ["c_jll_rgb8_p1", "c_rle_rgb8_planar1"].contains(&name);
            if lossless_colour {
                let hash = Sha256::digest(rgb(&drawn));
                assert_eq!(hash[..], hex(v["frames"][0].as_str().unwrap()), "{name}");
            }
            let frames = u32::try_from(v["frames"].as_array().unwrap().len()).unwrap();
            assert!(preview(&bytes, frames - 1).is_ok(), "{name}");
            assert_eq!(preview(&bytes, frames), Err(NoPreview::NoSuchFrame), "{name}");
        }
    }
}

#[test]
fn the_corpus_is_drawn_or_says_why_not() {
    let Some(root) = shared() else { return };
    let mut open = vec![root.join("corpus")];
    let mut drawn = 0;
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if let Ok(p) = preview(&std::fs::read(&path).unwrap(), 0) {
                assert_eq!(p.rgba.len() as u64, u64::from(p.width) * u64::from(p.height) * 4);
                drawn += 1;
            }
        }
    }
    assert!(drawn > 500, "{drawn}");
}

#[test]
fn byte_order_and_coding_do_not_change_the_picture() {
    let Some(root) = shared() else { return };
    let draw = |name: &str| preview(&std::fs::read(root.join("corpus/real").join(name)).unwrap(), 0).unwrap();
    assert!(draw("pydicom-data/OBXXXX1A_expb.dcm") == draw("pylibjpeg-data/OBXXXX1A_rle_2frame.dcm"));
    assert!(draw("pydicom/SC_rgb_rle.dcm") == draw("pydicom/SC_rgb_rle_2frame.dcm"));
    // Cells of 32 bits, of big endian and of RLE; bits, of big endian.
    for name in ["pydicom/rtdose_expb_1frame.dcm", "pydicom/rtdose_rle_1frame.dcm"] {
        assert!(draw(name) == draw("pydicom/rtdose_1frame.dcm"), "{name}");
    }
    assert!(draw("pydicom/SC_rgb_rle_32bit.dcm") == draw("pylibjpeg-data/SC_rgb_32bit.dcm"));
    assert!(draw("pydicom/liver_expb_1frame.dcm") == draw("pydicom/liver_1frame.dcm"));
}

#[test]
fn chroma_that_pixels_share_and_segmented_palettes_are_drawn() {
    let Some(root) = shared() else { return };
    let draw = |name: &str| preview(&std::fs::read(root.join("corpus/real").join(name)).unwrap(), 0).unwrap();
    // The same picture, with chroma of its own for each pixel.
    let (shared, own) = ("pydicom/SC_ybr_full_422_uncompressed.dcm", "pydicom/SC_rgb_rle.dcm");
    let [shared, own] = [shared, own].map(|name| rgb(&draw(name)));
    let far = shared.iter().zip(&own).filter(|(a, b)| a.abs_diff(**b) > 8).count();
    assert!(shared.len() == own.len() && far < own.len() / 50, "{far} of {}", own.len());
    assert!(rgb(&draw("weasis-dicom-tools/ybr422-raw.dcm")).iter().any(|v| *v > 200));
    // A table in segments, as pydicom draws it: 66 colours, with this sum.
    let flow = rgb(&draw("pydicom-data/gdcm-US-ALOKA-16.dcm"));
    let colours: std::collections::HashSet<&[u8]> = flow.chunks(3).collect();
    assert_eq!((colours.len(), flow.iter().map(|v| u64::from(*v)).sum::<u64>()), (66, 27_402_976));
}

#[test]
fn frames_of_bits_are_drawn_wherever_they_begin() {
    let Some(root) = shared() else { return };
    let bytes = std::fs::read(root.join("corpus/real/highdicom/seg_image_sm_dots.dcm")).unwrap();
    let drawn = |frame| rgb(&preview(&bytes, frame).unwrap());
    assert!(drawn(0).iter().all(|v| matches!(v, 0 | 255)));
    assert!((0..4).any(|frame| drawn(frame).contains(&255)));
}

#[test]
fn a_window_says_which_values_are_black_and_white() {
    let Some(root) = shared() else { return };
    let bytes = std::fs::read(root.join("corpus/real/pydicom/CT_small.dcm")).unwrap();
    let draw = |levels| tokumei_pixels::preview(&bytes, 0, levels);
    let whole = draw(Levels::Whole).unwrap();
    let (center, width) = whole.window.unwrap();
    assert!(rgb(&whole).contains(&0) && rgb(&whole).contains(&255));
    assert!(draw(Levels::Window { center, width }).unwrap() == whole);
    let dark = draw(Levels::Window { center: center + width, width: 1.0 }).unwrap();
    assert!(rgb(&dark).iter().all(|v| *v == 0));
    for (center, width) in [(f64::NAN, 2.0), (0.0, f64::NAN), (0.0, 0.5), (f64::INFINITY, 2.0), (0.0, 1e13)] {
        assert_eq!(draw(Levels::Window { center, width }), Err(NoPreview::Form));
    }
}

fn any_container() -> impl Strategy<Value = Vec<u8>> {
    let all: Vec<Vec<u8>> = containers()
        .into_iter()
        .filter(|(v, _)| ["c_jll", "c_jpg", "c_rle"].iter().any(|p| v["name"].as_str().unwrap().starts_with(p)))
        .map(|(_, bytes)| bytes)
        .collect();
    prop::sample::select(if all.is_empty() { vec![Vec::new()] } else { all })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    /// Damaged files give a picture or a reason.
    #[test]
    fn damaged_files_end(
        bytes in any_container(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let mut bytes = bytes;
        for (at, to) in changes {
            if !bytes.is_empty() {
                let at = at.index(bytes.len());
                bytes[at] = to;
            }
        }
        let _ = preview(&bytes, 0);
    }
}

#[test]
fn it_says_what_masks_grow_to() {
    let grids: Vec<(String, Option<(u32, u32)>)> = containers()
        .iter()
        .filter_map(|(v, bytes)| Some((v["name"].as_str()?.to_owned(), preview(bytes, 0).ok()?.grid)))
        .collect();
    for (start, wanted) in [("c_rle", (1, 1)), ("c_jpg420", (16, 16)), ("c_jll", (1, 1))] {
        let mut of = grids.iter().filter(|(name, _)| name.starts_with(start)).peekable();
        assert!(grids.is_empty() || of.peek().is_some(), "{start}");
        assert!(of.all(|(_, grid)| *grid == Some(wanted)), "{start}");
    }
}
