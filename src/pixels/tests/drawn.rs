//! Forms of samples that few files have: floating-point numbers, retired colours, planes of wide samples, frames without a
//! coding in fragments, single bits in a code stream.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::ptr_arg)]

use dicom_core as _;
use dicom_object as _;
use dicom_pixeldata as _;
use flate2::Compression;
use flate2::read::DeflateEncoder;
use proptest as _;
use serde_json as _;
use sha2 as _;
use std::io::Read as _;
use tokumei_codecs as _;
use tokumei_dicom as _;
use tokumei_pixels::{Levels, NoPreview, preview};

const NATIVE: &str = "1.2.840.10008.1.2.1";
const UNCOMPRESSED: &str = "1.2.840.10008.1.2.1.98";
const DEFLATED: &str = "1.2.840.10008.1.2.8.1";

/// An image of 2 rows and 4 columns.
#[derive(Clone, Copy)]
struct Form {
    photometric: &'static str,
    samples: u16,
    allocated: u16,
    planar: u16,
}

const fn form(photometric: &'static str, samples: u16, allocated: u16) -> Form {
    Form { photometric, samples, allocated, planar: 0 }
}

fn element(tag: (u16, u16), vr: [u8; 2], value: &[u8]) -> Vec<u8> {
    let even = [value, if value.len() % 2 == 1 { b"\0" } else { b"" }].concat();
    let len = u32::try_from(even.len()).unwrap().to_le_bytes();
    let long = matches!(&vr, b"OB" | b"OW" | b"OF" | b"OD");
    let head = if long { [&vr[..], &[0, 0], &len].concat() } else { [&vr[..], &len[..2]].concat() };
    [&tag.0.to_le_bytes()[..], &tag.1.to_le_bytes(), &head, &even].concat()
}

fn file(syntax: &str, form: Form, frames: usize, pixel_data: &[u8]) -> Vec<u8> {
    let meta = element((2, 0x10), *b"UI", syntax.as_bytes());
    let mut out =
        [&[0; 128][..], b"DICM", &element((2, 0), *b"UL", &u32::try_from(meta.len()).unwrap().to_le_bytes())].concat();
    out.extend(meta);
    out.extend(element((0x28, 2), *b"US", &form.samples.to_le_bytes()));
    out.extend(element((0x28, 4), *b"CS", format!("{:<16}", form.photometric).as_bytes()));
    out.extend(element((0x28, 6), *b"US", &form.planar.to_le_bytes()));
    out.extend(element((0x28, 8), *b"IS", format!("{frames:<2}").as_bytes()));
    let (bits, high) = (form.allocated, form.allocated - 1);
    for (tag, value) in [(0x10, 2_u16), (0x11, 4), (0x100, bits), (0x101, bits), (0x102, high), (0x103, 0)] {
        out.extend(element((0x28, tag), *b"US", &value.to_le_bytes()));
    }
    out.extend(pixel_data);
    out
}

fn native(form: Form, frames: usize, pixels: &[u8]) -> Vec<u8> {
    file(NATIVE, form, frames, &element((0x7FE0, 0x10), *b"OW", pixels))
}

/// One fragment a frame.
fn fragments(syntax: &str, form: Form, frames: &[Vec<u8>]) -> Vec<u8> {
    let mut out = b"\xE0\x7F\x10\0OB\0\0\xFF\xFF\xFF\xFF\xFE\xFF\0\xE0\0\0\0\0".to_vec();
    for frame in frames {
        let even = frame.len().next_multiple_of(2);
        out.extend(b"\xFE\xFF\0\xE0");
        out.extend(u32::try_from(even).unwrap().to_le_bytes());
        out.extend(frame);
        out.extend(&[0][..even - frame.len()]);
    }
    out.extend(b"\xFE\xFF\xDD\xE0\0\0\0\0");
    file(syntax, form, frames.len(), &out)
}

fn drawn(file: &Vec<u8>, frame: u32) -> Result<Vec<u8>, NoPreview> {
    let picture = preview(file, frame, Levels::File)?;
    assert_eq!((picture.width, picture.height), (4, 2));
    Ok(picture.rgba.chunks_exact(4).flat_map(|pixel| pixel[..3].to_vec()).collect())
}

#[test]
fn floating_point_numbers() {
    let numbers = [-1.0_f32, 0.0, 1.0, 3.0, f32::NAN, f32::INFINITY, 0.5, -1.0];
    let wanted = [0, 64, 128, 255, 0, 255, 96, 0];
    let single: Vec<u8> = numbers.iter().flat_map(|n| n.to_le_bytes()).collect();
    let double: Vec<u8> = numbers.iter().flat_map(|n| f64::from(*n).to_le_bytes()).collect();
    for (tag, vr, frame) in [(0x08, *b"OF", single), (0x09, *b"OD", double)] {
        // The second frame has the values of the first, backwards.
        let size = frame.len() / 8;
        let backwards: Vec<u8> = frame.chunks(size).rev().flatten().copied().collect();
        let pixels = element((0x7FE0, tag), vr, &[frame, backwards].concat());
        let file = file(NATIVE, form("MONOCHROME2", 1, 32), 2, &pixels);
        let grey = |frame| drawn(&file, frame).map(|rgb| rgb.into_iter().step_by(3).collect::<Vec<u8>>());
        assert_eq!(grey(0).unwrap(), wanted);
        assert_eq!(grey(1).unwrap(), wanted.iter().rev().copied().collect::<Vec<u8>>());
        assert_eq!(grey(2), Err(NoPreview::NoSuchFrame));
        let window = preview(&file, 0, Levels::Window { center: 0.5, width: 1.0 }).unwrap();
        assert!(window.rgba.chunks_exact(4).all(|pixel| matches!(pixel[0], 0 | 255)));
    }
}

#[test]
fn retired_colours() {
    let pixel = |form: Form, pixel: &[u8]| drawn(&native(form, 1, &pixel.repeat(8)), 0).map(|rgb| rgb[..3].to_vec());
    assert_eq!(pixel(form("CMYK", 4, 8), &[0, 0, 0, 255]).unwrap(), [0, 0, 0]);
    assert_eq!(pixel(form("CMYK", 4, 8), &[255, 0, 0, 0]).unwrap(), [0, 255, 255]);
    assert_eq!(pixel(form("HSV", 3, 8), &[0, 255, 90]).unwrap(), [90, 0, 0]);
    assert_eq!(pixel(form("ARGB", 4, 8), &[7, 1, 2, 3]).unwrap(), [1, 2, 3]);
    // What opacity alone shows is not drawn.
    let file = native(form("ARGB", 4, 8), 1, &[[0, 1, 2, 3].repeat(7), vec![9, 1, 2, 3]].concat());
    assert_eq!(drawn(&file, 0), Err(NoPreview::Form));
}

#[test]
fn planes_of_wide_samples() {
    for (photometric, samples) in [("RGB", 3_u16), ("CMYK", 4)] {
        let cells: Vec<u8> = (0..16 * samples).map(|n| u8::try_from(n * 3).unwrap()).collect();
        let woven = native(form(photometric, samples, 16), 1, &cells);
        let plane = |c: usize| cells.chunks(2).skip(c).step_by(usize::from(samples)).flatten().copied();
        let planes: Vec<u8> = (0..usize::from(samples)).flat_map(plane).collect();
        let apart = native(Form { planar: 1, ..form(photometric, samples, 16) }, 1, &planes);
        assert_eq!(drawn(&apart, 0).unwrap(), drawn(&woven, 0).unwrap(), "{photometric}");
    }
}

#[test]
fn fragments_without_a_coding_are_drawn_as_native_frames() {
    for form in [
        form("MONOCHROME2", 1, 8),
        form("MONOCHROME1", 1, 16),
        form("MONOCHROME2", 1, 1),
        form("RGB", 3, 8),
        Form { planar: 1, ..form("RGB", 3, 8) },
        form("YBR_FULL_422", 3, 8),
        form("CMYK", 4, 8),
    ] {
        let samples = if form.photometric == "YBR_FULL_422" { 2 } else { usize::from(form.samples) };
        let size = 8 * samples * usize::from(form.allocated) / 8;
        let frames: [Vec<u8>; 2] =
            [3, 41].map(|n| (0..size).map(|i| u8::try_from((i * 7 + n) % 251).unwrap()).collect());
        let whole = native(form, 2, &frames.concat());
        let deflated = frames.clone().map(|frame| {
            let mut out = Vec::new();
            DeflateEncoder::new(frame.as_slice(), Compression::new(6)).read_to_end(&mut out).unwrap();
            out
        });
        for frame in 0..2 {
            let wanted = drawn(&whole, frame).unwrap();
            for file in [fragments(UNCOMPRESSED, form, &frames), fragments(DEFLATED, form, &deflated)] {
                assert_eq!(drawn(&file, frame).as_ref(), Ok(&wanted), "{} of {}", form.photometric, form.allocated);
            }
        }
        let short = frames.map(|frame| frame[..size - 1].to_vec());
        assert!(size < 4 || drawn(&fragments(UNCOMPRESSED, form, &short), 0) != drawn(&whole, 0));
    }
}

/// One bit of one component, written by `OpenJPEG`.
#[test]
fn bits_in_a_code_stream() {
    let hex = "ff4fff510029000000000004000000020000000000000000000000040000000200000000000000000001000101\
        ff52000c00000001000004040001ff5c00044008ff90000a0000000000120001ff93d1000bd1ffd9";
    let stream: Vec<u8> = (0..hex.len()).step_by(2).map(|i| u8::from_str_radix(&hex[i..i + 2], 16).unwrap()).collect();
    let file = fragments("1.2.840.10008.1.2.4.90", form("MONOCHROME2", 1, 1), &[stream]);
    let bits: Vec<u8> = drawn(&file, 0).unwrap().into_iter().step_by(3).collect();
    assert_eq!(bits, [255, 0, 255, 255, 0, 255, 0, 255]);
}
