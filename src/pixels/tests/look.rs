//! What only a decoder finds: bits above Bits Stored in code streams that have room for them, and bytes behind JPEG XL.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use dicom_core as _;
use dicom_object as _;
use dicom_pixeldata as _;
use flate2::Compression;
use flate2::read::DeflateEncoder;
use proptest as _;
use serde_json::Value;
use sha2 as _;
use std::io::Read as _;
use std::path::PathBuf;
use tokumei_codecs::{Codec, Fill, Geometry, Photometric};
use tokumei_dicom::Limits;
use tokumei_pixels::{Found, Mask, MaskError, MaskLimits, Rect, Request, look, mask};

const LIMITS: MaskLimits = MaskLimits {
    reading: Limits {
        nesting: 64,
        elements: 1000,
        header_bytes: 1 << 20,
        text_value: 1 << 16,
        inflated: 1 << 20,
        frames: 100,
    },
    frame_bytes: 1 << 20,
};

/// What the data set says, but for the syntax.
#[derive(Clone, Copy)]
struct Says {
    rows: u16,
    columns: u16,
    stored: u16,
    signed: bool,
    padding: Option<u16>,
}

/// Frames of 16 bits.
fn instance(syntax: &str, says: Says, frames: &[&[u8]]) -> Vec<u8> {
    let element = |tag: (u16, u16), vr: &[u8; 2], value: &[u8]| {
        let value = [value, &b"\0"[..value.len() % 2]].concat();
        let len = u16::try_from(value.len()).unwrap().to_le_bytes();
        [&tag.0.to_le_bytes()[..], &tag.1.to_le_bytes(), vr, &len, &value].concat()
    };
    let uid = element((2, 0x10), b"UI", syntax.as_bytes());
    let len = u32::try_from(uid.len()).unwrap().to_le_bytes();
    let mut out = [&[0; 128][..], b"DICM", &element((2, 0), b"UL", &len), &uid].concat();
    out.extend(element((0x28, 2), b"US", &[1, 0]));
    out.extend(element((0x28, 4), b"CS", b"MONOCHROME2 "));
    out.extend(element((0x28, 8), b"IS", format!("{:<2}", frames.len()).as_bytes()));
    let numbers =
        [(0x10, says.rows), (0x11, says.columns), (0x100, 16), (0x101, says.stored), (0x102, says.stored - 1)];
    for (tag, value) in numbers.into_iter().chain([(0x103, says.signed.into())]) {
        out.extend(element((0x28, tag), b"US", &value.to_le_bytes()));
    }
    if let Some(padding) = says.padding {
        out.extend(element((0x28, 0x120), b"US", &padding.to_le_bytes()));
    }
    out.extend(b"\xE0\x7F\x10\0OB\0\0\xFF\xFF\xFF\xFF\xFE\xFF\0\xE0\0\0\0\0");
    for frame in frames {
        let frame = [*frame, &b"\0"[..frame.len() % 2]].concat();
        out.extend(b"\xFE\xFF\0\xE0");
        out.extend(u32::try_from(frame.len()).unwrap().to_le_bytes());
        out.extend(frame);
    }
    out.extend(b"\xFE\xFF\xDD\xE0\0\0\0\0");
    out
}

/// Shared streams of 16 bits, grey.
fn streams() -> Vec<(String, u16, u16, Vec<u8>)> {
    let root = std::env::var_os("TOKUMEI_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    let Ok(text) = std::fs::read(root.join("codecs/vectors.json")) else {
        assert!(std::env::var_os("CI").is_none(), "shared data is missing");
        return Vec::new();
    };
    let all: Value = serde_json::from_slice(&text).unwrap();
    let side = |v: &Value| u16::try_from(v.as_u64().unwrap()).unwrap();
    // A point transform holds no lowest bits, and so not every value.
    let whole = |v: &&Value| !v["file"].as_str().unwrap().contains("_pt");
    let grey = all["vectors"].as_array().unwrap().iter().filter(|v| v["bits"] == 16 && v["components"] == 1);
    let grey = grey.filter(whole);
    grey.map(|v| {
        let stream = std::fs::read(root.join("codecs").join(v["file"].as_str().unwrap())).unwrap();
        (v["ts"].as_str().unwrap().to_owned(), side(&v["rows"]), side(&v["cols"]), stream)
    })
    .collect()
}

/// The same stream with one value in all its samples.
fn constant(syntax: &str, rows: u16, columns: u16, stream: &[u8], value: u16) -> Vec<u8> {
    let codec = Codec::of(syntax, stream).unwrap();
    let geometry = |signed| Geometry {
        rows: rows.into(),
        columns: columns.into(),
        samples_per_pixel: 1,
        bits_allocated: 16,
        bits_stored: 16,
        signed,
        photometric: Photometric::Monochrome2,
    };
    let all = [Rect { x: 0, y: 0, width: columns.into(), height: rows.into() }];
    let level = Fill::Level(i32::from(value));
    let limits = tokumei_codecs::Limits::default();
    let sample = |masked: &[u8]| {
        let frame = tokumei_codecs::decode(codec, masked, &geometry(false), limits).unwrap();
        u16::from_le_bytes([frame.samples[5].to_le_bytes()[0], frame.samples[5].to_le_bytes()[1]])
    };
    let masked = tokumei_codecs::mask(codec, stream, &geometry(false), &all, level, limits).unwrap().stream;
    if sample(&masked) == value {
        return masked;
    }
    // Streams with a sign take the number that the bits are.
    let level = Fill::Level(i32::from(value.cast_signed()));
    let masked = tokumei_codecs::mask(codec, stream, &geometry(true), &all, level, limits).unwrap().stream;
    assert_eq!(sample(&masked), value, "{syntax}");
    masked
}

fn is_lossy(syntax: &str) -> bool {
    matches!(syntax, "1.2.840.10008.1.2.4.81" | "1.2.840.10008.1.2.4.91" | "1.2.840.10008.1.2.4.203")
}

#[test]
fn streams_with_room_above_the_samples() {
    let mut tried = 0;
    for (syntax, rows, columns, stream) in streams() {
        if syntax.ends_with(".4.110") && cfg!(not(feature = "jxl")) {
            continue;
        }
        tried += 1;
        let found = |value: u16, stored, signed, padding| {
            let frame = constant(&syntax, rows, columns, &stream, value);
            let says = Says { rows, columns, stored, signed, padding };
            // The second frame alone may hold anything.
            let first = constant(&syntax, rows, columns, &stream, 5);
            look(&instance(&syntax, says, &[&first, &frame]), &LIMITS).unwrap()
        };
        assert_eq!(found(0x0FFF, 12, false, None), Found::Nothing, "{syntax}");
        assert_eq!(found(0xF830, 12, true, None), Found::Nothing, "{syntax}: a sign's extension");
        assert_eq!(found(0xF830, 12, false, Some(0xF830)), Found::Nothing, "{syntax}: padding");
        assert_eq!(found(0xF830, 16, false, None), Found::Nothing, "{syntax}");
        assert_eq!(found(0xF830, 12, false, None), Found::Overlay, "{syntax}");
        assert_eq!(found(0x1800, 12, false, None), Found::Overlay, "{syntax}");
        assert_eq!(found(0x8300, 12, true, None), Found::Overlay, "{syntax}");
        // A little beyond the range is what a lossy coding makes of its end.
        let little = if is_lossy(&syntax) { Found::Nothing } else { Found::Overlay };
        assert_eq!(found(0x1005, 12, false, None), little, "{syntax}");
    }
    assert!(tried > 10 || streams().is_empty(), "{tried}");
}

/// What the pixels of one frame hide holds an instance of which another is masked, too.
#[test]
fn masked_instances_are_looked_at() {
    for (syntax, rows, columns, stream) in streams() {
        if syntax.ends_with(".4.110") && cfg!(not(feature = "jxl")) {
            continue;
        }
        let says = Says { rows, columns, stored: 12, signed: false, padding: None };
        let clean = constant(&syntax, rows, columns, &stream, 0x0123);
        let hidden = constant(&syntax, rows, columns, &stream, 0x8123);
        let masked = |frames: &[&[u8]]| {
            let rect = Rect { x: 1, y: 1, width: 3, height: 3 };
            let request = Request { masks: vec![Mask { frames: Some(vec![0]), rect }], clear: false };
            let mut store = tokumei_dicom::Piece::Bytes;
            mask(&instance(&syntax, says, frames), &request, &LIMITS, &mut store).map(|masked| masked.frames)
        };
        assert_eq!(masked(&[&clean, &clean]), Ok(1), "{syntax}");
        assert_eq!(masked(&[&clean, &hidden]), Err(MaskError::Overlay), "{syntax}");
    }
}

#[test]
fn frames_without_a_coding() {
    let says = |signed, padding| Says { rows: 1, columns: 2, stored: 12, signed, padding };
    for (deflated, syntax) in [(false, "1.2.840.10008.1.2.1.98"), (true, "1.2.840.10008.1.2.8.1")] {
        let found = |cells: [u16; 2], signed, padding| {
            let mut frame: Vec<u8> = cells.into_iter().flat_map(u16::to_le_bytes).collect();
            if deflated {
                let mut out = Vec::new();
                DeflateEncoder::new(frame.as_slice(), Compression::new(6)).read_to_end(&mut out).unwrap();
                frame = out;
            }
            look(&instance(syntax, says(signed, padding), &[&frame]), &LIMITS).unwrap()
        };
        assert_eq!(found([0x0FFF, 7], false, None), Found::Nothing);
        assert_eq!(found([0xF830, 7], true, None), Found::Nothing);
        assert_eq!(found([7, 0xF830], false, Some(0xF830)), Found::Nothing);
        assert_eq!(found([7, 0x1000], false, None), Found::Overlay);
        assert_eq!(found([7, 0x1000], true, None), Found::Overlay);
    }
}

#[cfg(feature = "jxl")]
#[test]
fn bytes_behind_jpeg_xl_go() {
    for (syntax, rows, columns, stream) in streams().into_iter().filter(|s| s.0.ends_with(".4.110")) {
        let says = Says { rows, columns, stored: 16, signed: false, padding: None };
        let whole = constant(&syntax, rows, columns, &stream, 0x0123);
        let behind = [whole.as_slice(), b"YAMADA^TARO"].concat();
        assert_eq!(look(&instance(&syntax, says, &[&whole, &whole]), &LIMITS), Ok(Found::Nothing));
        let source = instance(&syntax, says, &[&whole, &behind]);
        assert_eq!(look(&source, &LIMITS), Ok(Found::Behind));
        for masks in [vec![], vec![Mask { frames: Some(vec![0]), rect: Rect { x: 0, y: 0, width: 2, height: 2 } }]] {
            let mut store = tokumei_dicom::Piece::Bytes;
            let masked = mask(&source, &Request { masks, clear: false }, &LIMITS, &mut store).unwrap();
            let value: Vec<u8> = masked.value.iter().flat_map(|piece| bytes(piece, &source)).collect();
            assert!(!value.windows(6).any(|w| w == b"YAMADA"));
            assert!(value.windows(whole.len()).any(|w| w == whole), "the frame itself stays");
        }
    }
}

#[cfg(feature = "jxl")]
fn bytes(piece: &tokumei_dicom::Piece, source: &[u8]) -> Vec<u8> {
    match piece {
        tokumei_dicom::Piece::Bytes(bytes) => bytes.clone(),
        tokumei_dicom::Piece::Range { offset, len } => {
            let start = usize::try_from(*offset).unwrap();
            source[start..start + usize::try_from(*len).unwrap()].to_vec()
        }
    }
}
