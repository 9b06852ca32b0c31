//! Instances of which all frames are written anew when one is masked, since the header says something else then: of the
//! transfer syntax (progressive JPEG), or of the colours (JPEG 2000 with its irreversible transform).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::ptr_arg)]

use dicom_core as _;
use dicom_object as _;
use dicom_pixeldata as _;
use flate2 as _;
use proptest as _;
use serde_json as _;
use sha2 as _;
use std::path::{Path, PathBuf};
use tokumei_codecs::{Codec, Frame, Geometry, Photometric, decode};
use tokumei_dicom::{Limits, Piece};
use tokumei_pixels::{Mask, MaskError, MaskLimits, Masked, Rect, Request, mask};

const PROGRESSIVE: [&str; 2] = ["1.2.840.10008.1.2.4.53", "1.2.840.10008.1.2.4.55"];
const BASELINE: &str = "1.2.840.10008.1.2.4.50";
const EXTENDED: &str = "1.2.840.10008.1.2.4.51";
const RECT: Rect = Rect { x: 18, y: 10, width: 32, height: 17 };

/// Streams of the shared vectors; none where they are missing, which CI forbids.
fn streams<const N: usize>(names: [&str; N]) -> Option<[Vec<u8>; N]> {
    let root = std::env::var_os("TOKUMEI_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    let folder = root.join("codecs/streams");
    if !folder.is_dir() {
        assert!(std::env::var_os("CI").is_none(), "shared data is missing");
        return None;
    }
    Some(names.map(|name| std::fs::read(folder.join(name)).unwrap()))
}

/// An instance of frames of 61 rows and 97 columns, one fragment each.
fn instance(syntax: &str, photometric: &str, frames: &[Vec<u8>]) -> Vec<u8> {
    let samples: u16 = if photometric.starts_with("MONO") { 1 } else { 3 };
    let element = |tag: (u16, u16), vr: &[u8; 2], value: &[u8]| {
        let even = [value, if value.len() % 2 == 1 { b"\0" } else { b"" }].concat();
        let len = u16::try_from(even.len()).unwrap().to_le_bytes();
        [&tag.0.to_le_bytes()[..], &tag.1.to_le_bytes(), vr, &len, &even].concat()
    };
    let meta = element((2, 0x10), b"UI", syntax.as_bytes());
    let mut out =
        [&[0; 128][..], b"DICM", &element((2, 0), b"UL", &u32::try_from(meta.len()).unwrap().to_le_bytes())].concat();
    out.extend(meta);
    out.extend(element((0x28, 2), b"US", &samples.to_le_bytes()));
    out.extend(element((0x28, 4), b"CS", format!("{photometric:<12}").as_bytes()));
    out.extend(element((0x28, 8), b"IS", format!("{:<2}", frames.len()).as_bytes()));
    for (tag, value) in [(0x10, 61_u16), (0x11, 97), (0x100, 8), (0x101, 8), (0x102, 7), (0x103, 0)] {
        out.extend(element((0x28, tag), b"US", &value.to_le_bytes()));
    }
    out.extend(b"\xE0\x7F\x10\0OB\0\0\xFF\xFF\xFF\xFF\xFE\xFF\0\xE0\0\0\0\0");
    for frame in frames {
        let even = frame.len().next_multiple_of(2);
        out.extend(b"\xFE\xFF\0\xE0");
        out.extend(u32::try_from(even).unwrap().to_le_bytes());
        out.extend(frame);
        out.extend(&[0][..even - frame.len()]);
    }
    out.extend(b"\xFE\xFF\xDD\xE0\0\0\0\0");
    out
}

fn masked(file: &Vec<u8>, frames: Option<Vec<u32>>) -> Result<(Masked, Vec<Vec<u8>>), MaskError> {
    let request = Request { masks: vec![Mask { frames, rect: RECT }], clear: false };
    let limits = MaskLimits { reading: Limits::default(), frame_bytes: 64 << 20 };
    let mut own = Vec::new();
    let mut store = |bytes: Vec<u8>| {
        let piece = Piece::Range { offset: u64::MAX / 2 + own.len() as u64, len: bytes.len() as u64 };
        own.push(bytes);
        piece
    };
    let masked = mask(file, &request, &limits, &mut store)?;
    Ok((masked, own))
}

const fn photometric(samples: u8) -> &'static str {
    if samples == 3 { "YBR_FULL_422" } else { "MONOCHROME2" }
}

fn decoded(stream: &[u8], samples: u8) -> Frame {
    decoded_as(Codec::JpegDct, stream, samples, photometric(samples))
}

fn decoded_as(codec: Codec, stream: &[u8], samples: u8, photometric: &str) -> Frame {
    let geometry = Geometry {
        rows: 61,
        columns: 97,
        samples_per_pixel: samples,
        bits_allocated: 8,
        bits_stored: 8,
        signed: false,
        photometric: Photometric::of(photometric),
    };
    decode(codec, stream, &geometry, tokumei_codecs::Limits::default()).unwrap()
}

/// Code of the frame header (T.81 table B.1).
fn process(stream: &[u8]) -> u8 {
    stream.windows(2).find(|pair| matches!(pair, [0xFF, 0xC0..=0xC3])).unwrap()[1]
}

/// Frames without a mask become sequential too, with the samples that they had, and the mask is in its frames alone.
#[test]
fn progressive_frames_all_become_sequential() {
    let Some([gray, colour]) = streams(["jpg_gray_prog.jpg", "jpg_420_prog.jpg"]) else { return };
    for (stream, samples) in [(&gray, 1_u8), (&colour, 3)] {
        let before = decoded(stream, samples);
        assert_eq!(process(stream), 0xC2);
        let file = |syntax| instance(syntax, photometric(samples), &vec![stream.clone(); 4]);
        for (syntax, frames) in [(PROGRESSIVE[0], vec![1]), (PROGRESSIVE[1], vec![0, 3])] {
            let (masked, own) = masked(&file(syntax), Some(frames.clone())).unwrap();
            assert_eq!((masked.transfer_syntax, masked.photometric), (Some(EXTENDED), None));
            assert_eq!((masked.frames, own.len()), (frames.len() as u64, 4));
            // Grown to MCUs: 8 pixels of grey, 16 where chroma is shared by four.
            let width = if samples == 1 { 40 } else { 48 };
            assert_eq!(
                masked.areas,
                [Some(Rect {
                    x: 16,
                    y: if samples == 1 { 8 } else { 0 },
                    width,
                    height: if samples == 1 { 24 } else { 32 }
                })]
            );
            for (number, new) in (0..).zip(&own) {
                assert!(process(new) < 0xC2, "frame {number} is sequential");
                assert_eq!(decoded(new, samples) == before, !frames.contains(&number), "frame {number}");
            }
        }
    }
}

/// A sequential stream among progressive ones is no obstacle: all are what JPEG Extended may hold.
#[test]
fn sequential_frames_among_progressive_ones() {
    let Some([progressive, sequential]) = streams(["jpg_420_prog.jpg", "jpg_420.jpg"]) else { return };
    let frames = [sequential.clone(), progressive.clone(), sequential.clone()];
    let (new, own) = masked(&instance(PROGRESSIVE[1], "YBR_FULL_422", &frames), Some(vec![1])).unwrap();
    assert_eq!((new.transfer_syntax, own.len()), (Some(EXTENDED), 3));
    assert_eq!((decoded(&own[0], 3), decoded(&own[2], 3)), (decoded(&sequential, 3), decoded(&sequential, 3)));
    // Where the transfer syntax stays, frames without a mask keep their bytes.
    let (kept, own) = masked(&instance(BASELINE, "YBR_FULL_422", &vec![sequential; 3]), Some(vec![1])).unwrap();
    assert_eq!((kept.transfer_syntax, own.len(), kept.frames), (None, 1, 1));
}

/// What is masked has the reversible transform, and the header speaks of all frames: so all have it, with the samples that
/// they had. Where the header stays true, frames without a mask keep their bytes.
#[test]
fn the_colours_of_all_frames_are_what_the_header_says() {
    let Some([lossy, reversible]) = streams(["j2k_rgb8_ict.j2k", "j2k_rgb8_rct.j2k"]) else { return };
    let samples = |stream: &[u8]| decoded_as(Codec::Jpeg2000, stream, 3, "YBR_RCT").samples;
    let file = instance("1.2.840.10008.1.2.4.91", "YBR_ICT", &vec![lossy.clone(); 3]);
    let (some, own) = masked(&file, Some(vec![1])).unwrap();
    assert_eq!((some.photometric, some.frames), (Some("YBR_RCT"), 1));
    let kept: Vec<bool> = own.iter().map(|new| samples(new) == samples(&lossy)).collect();
    assert_eq!(kept, [true, false, true]);
    let (all, own) = masked(&file, None).unwrap();
    assert_eq!((all.photometric, all.frames, own.len()), (Some("YBR_RCT"), 3, 3));
    let file = instance("1.2.840.10008.1.2.4.91", "YBR_RCT", &vec![reversible; 3]);
    let (kept, own) = masked(&file, Some(vec![1])).unwrap();
    assert_eq!((kept.photometric, own.len()), (None, 1));
}

/// Of frames whose blocks differ in size the report tells the largest area.
#[test]
fn the_area_of_a_mask_holds_what_it_grew_to_on_all_frames() {
    let Some([shared, own]) = streams(["jpg_420.jpg", "jpg_444.jpg"]) else { return };
    for frames in [[shared.clone(), own.clone()], [own, shared]] {
        let (masked, _) = masked(&instance(BASELINE, "YBR_FULL_422", &frames), None).unwrap();
        assert_eq!(masked.areas, [Some(Rect { x: 16, y: 0, width: 48, height: 32 })]);
    }
}
