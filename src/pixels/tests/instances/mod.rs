//! Instances of 16-bit frames, and the shared streams that they are made of.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use serde_json::Value;
use std::path::PathBuf;
use tokumei_codecs::{Codec, Fill, Geometry, Limits as CodecLimits, Photometric, Rect};
use tokumei_dicom::{Limits, Piece};
use tokumei_pixels::MaskLimits;

pub const LIMITS: MaskLimits = MaskLimits {
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
pub struct Says {
    pub rows: u16,
    pub columns: u16,
    pub stored: u16,
    pub signed: bool,
    pub padding: Option<u16>,
}

/// Frames of 16 bits.
pub fn instance(syntax: &str, says: Says, frames: &[&[u8]]) -> Vec<u8> {
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

/// A list of the shared vectors, with the file that each entry names.
fn shared(list: &str) -> Vec<(Value, Vec<u8>)> {
    let root = std::env::var_os("TOKUMEI_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    let Ok(text) = std::fs::read(root.join("codecs/vectors.json")) else {
        assert!(std::env::var_os("CI").is_none(), "shared data is missing");
        return Vec::new();
    };
    let all: Value = serde_json::from_slice(&text).unwrap();
    let read = |v: &Value| std::fs::read(root.join("codecs").join(v["file"].as_str().unwrap())).unwrap();
    all[list].as_array().unwrap().iter().map(|v| (v.clone(), read(v))).collect()
}

/// Whole instances by their names.
pub fn containers() -> Vec<(String, Vec<u8>)> {
    shared("containers").into_iter().map(|(v, file)| (v["name"].as_str().unwrap().to_owned(), file)).collect()
}

/// Shared streams of 16 bits, grey.
pub fn streams() -> Vec<(String, u16, u16, Vec<u8>)> {
    let side = |v: &Value| u16::try_from(v.as_u64().unwrap()).unwrap();
    // A point transform holds no lowest bits, and so not every value.
    let whole = |v: &Value| !v["file"].as_str().unwrap().contains("_pt");
    let wanted = |v: &Value| v["bits"] == 16 && v["components"] == 1 && whole(v);
    let all = shared("vectors").into_iter().filter(|(v, _)| wanted(v));
    all.map(|(v, stream)| (v["ts"].as_str().unwrap().to_owned(), side(&v["rows"]), side(&v["cols"]), stream)).collect()
}

/// What a data set says of frames whose samples fill their cells.
pub const fn whole(rows: u16, columns: u16, signed: bool) -> Geometry {
    Geometry {
        rows: rows as u32,
        columns: columns as u32,
        samples_per_pixel: 1,
        bits_allocated: 16,
        bits_stored: 16,
        signed,
        photometric: Photometric::Monochrome2,
    }
}

/// The same stream with one value in all its samples.
pub fn constant(syntax: &str, rows: u16, columns: u16, stream: &[u8], value: u16) -> Vec<u8> {
    let codec = Codec::of(syntax, stream).unwrap();
    let geometry = |signed| whole(rows, columns, signed);
    let all = [Rect { x: 0, y: 0, width: columns.into(), height: rows.into() }];
    let level = Fill::Level(i32::from(value));
    let limits = CodecLimits::default();
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

pub fn is_lossy(syntax: &str) -> bool {
    matches!(syntax, "1.2.840.10008.1.2.4.81" | "1.2.840.10008.1.2.4.91" | "1.2.840.10008.1.2.4.203")
}

/// The bytes of a piece.
pub fn bytes(piece: &Piece, source: &[u8]) -> Vec<u8> {
    match piece {
        Piece::Bytes(bytes) => bytes.clone(),
        Piece::Range { offset, len } => {
            let start = usize::try_from(*offset).unwrap();
            source[start..start + usize::try_from(*len).unwrap()].to_vec()
        }
    }
}
