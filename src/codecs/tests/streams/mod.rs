//! Code streams of the shared vectors, and what every codec must do with them.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::missing_panics_doc)]

use serde_json::Value;
use sha2::{Digest, Sha256};
use std::path::PathBuf;
use tokumei_codecs::{Codec, CodecError, Fill, Frame, Geometry, Limits, Masked, Photometric, Rect, decode, mask};

/// One stream and what an independent decoder made of it.
pub struct Vector {
    pub name: String,
    pub codec: Codec,
    pub stream: Vec<u8>,
    pub geometry: Geometry,
    pub tolerance: i32,
    /// SHA-256 of the samples.
    pub digest: String,
    /// The samples themselves, of lossy codings.
    pub raw: Option<Vec<u8>>,
    pub needle: Option<String>,
}

/// A path in the shared data.
pub fn shared(path: &str) -> PathBuf {
    let shared = std::env::var_os("TOKUMEI_SHARED").map(PathBuf::from);
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared");
    shared.unwrap_or_else(|| beside.into()).join(path)
}

fn folder() -> PathBuf {
    shared("codecs")
}

/// The vectors whose names begin with one of `prefixes`; none where the shared data are missing, which CI forbids.
pub fn vectors(prefixes: &[&str]) -> Vec<Vector> {
    listed("vectors", prefixes)
}

/// Streams with hidden text: it is gone from what a mask writes, and the samples are the same.
pub fn check_hidden(prefixes: &[&str], count: usize) {
    let vectors = listed("hidden", prefixes);
    assert!(vectors.is_empty() || vectors.len() == count, "{} vectors", vectors.len());
    for vector in vectors {
        vector.check_samples();
        let needle = vector.needle.as_deref().unwrap().as_bytes();
        let holds = |stream: &[u8]| stream.windows(needle.len()).any(|bytes| bytes == needle);
        assert!(holds(&vector.stream) && !holds(&vector.check_mask(&[]).stream), "{}", vector.name);
    }
}

fn listed(list: &str, prefixes: &[&str]) -> Vec<Vector> {
    let key = list;
    let Ok(list) = std::fs::read_to_string(folder().join("vectors.json")) else {
        assert!(std::env::var_os("CI").is_none(), "the shared data are missing");
        return Vec::new();
    };
    let list: Value = serde_json::from_str(&list).unwrap();
    let named = |v: &&Value| prefixes.iter().any(|prefix| v["name"].as_str().unwrap().starts_with(prefix));
    list[key].as_array().unwrap().iter().filter(named).map(read).collect()
}

/// All vectors of a test; so many are there where any are.
pub fn all(prefixes: &[&str], count: usize) -> Vec<Vector> {
    let vectors = vectors(prefixes);
    assert!(vectors.is_empty() || vectors.len() == count, "{} vectors", vectors.len());
    vectors
}

fn read(entry: &Value) -> Vector {
    let number = |key: &str| u32::try_from(entry[key].as_u64().unwrap()).unwrap();
    let text = |key: &str| entry[key].as_str().unwrap();
    let stream = std::fs::read(folder().join(text("file"))).unwrap();
    let bits = u8::try_from(number("bits")).unwrap();
    let components = u8::try_from(number("components")).unwrap();
    Vector {
        name: text("name").to_owned(),
        codec: Codec::of(text("ts"), &stream).unwrap(),
        stream,
        geometry: Geometry {
            rows: number("rows"),
            columns: number("cols"),
            samples_per_pixel: components,
            bits_allocated: if bits > 8 { 16 } else { 8 },
            bits_stored: bits,
            signed: entry["signed"].as_bool().unwrap(),
            photometric: if components == 1 { Photometric::Monochrome2 } else { Photometric::Rgb },
        },
        tolerance: i32::try_from(entry["tolerance"].as_u64().unwrap_or(0)).unwrap(),
        needle: entry["needle"].as_str().map(ToOwned::to_owned),
        digest: text("sha256_pixels").to_owned(),
        raw: entry["raw"].as_str().map(|file| std::fs::read(folder().join(file)).unwrap()),
    }
}

/// Samples as the vectors hold them: 1 byte up to 8 bits, else 2, little endian.
pub fn bytes(frame: &Frame) -> Vec<u8> {
    let width = if frame.bits > 8 { 2 } else { 1 };
    frame.samples.iter().flat_map(|sample| sample.to_le_bytes().into_iter().take(width)).collect()
}

impl Vector {
    pub fn decode(&self) -> Frame {
        decode(self.codec, &self.stream, &self.geometry, Limits::default())
            .unwrap_or_else(|error| panic!("{}: {error}", self.name))
    }

    /// Samples are those of the independent decoder.
    pub fn check_samples(&self) {
        let frame = self.decode();
        let own = bytes(&frame);
        if self.tolerance == 0 {
            assert_eq!(hex(&Sha256::digest(&own)), self.digest, "{}", self.name);
            return;
        }
        let raw = self.raw.as_ref().expect("samples of a lossy vector");
        assert_eq!(own.len(), raw.len(), "{}", self.name);
        let width = if frame.bits > 8 { 2 } else { 1 };
        for (own, other) in own.chunks_exact(width).zip(raw.chunks_exact(width)) {
            assert!((number(own) - number(other)).abs() <= self.tolerance, "{}", self.name);
        }
    }

    /// Masked: outside all samples as decoded before, inside the level that shows black.
    pub fn check_mask(&self, rects: &[Rect]) -> Masked {
        let before = self.decode();
        let masked = mask(self.codec, &self.stream, &self.geometry, rects, Fill::Black, Limits::default())
            .unwrap_or_else(|error| panic!("{}: {error}", self.name));
        assert_eq!(masked.touched, rects, "{}", self.name);
        let after = decode(self.codec, &masked.stream, &self.geometry, Limits::default()).unwrap();
        let kind = |frame: &Frame| (frame.rows, frame.columns, frame.components, frame.signed);
        assert_eq!(kind(&before), kind(&after), "{}", self.name);
        // What writes JPEG XL knows 8 and 16 bits.
        assert!(after.bits == before.bits || (self.codec == Codec::JpegXl && after.bits == 16), "{}", self.name);
        let black = match (self.geometry.signed, after.signed) {
            (true, true) => -1 << (after.bits - 1),
            (true, false) => 1 << (after.bits - 1),
            _ => 0,
        };
        let (columns, components) = (self.geometry.columns as usize, usize::from(after.components));
        for (index, (old, new)) in before.samples.iter().zip(&after.samples).enumerate() {
            let pixel = index / components;
            let (x, y) = (u32::try_from(pixel % columns).unwrap(), u32::try_from(pixel / columns).unwrap());
            let inside = rects.iter().any(|r| (r.x..r.x + r.width).contains(&x) && (r.y..r.y + r.height).contains(&y));
            assert_eq!(*new, if inside { black } else { *old }, "{} at {x},{y}", self.name);
        }
        masked
    }

    /// Every way to cut the stream short is refused, and whatever a changed byte leads to, no panic.
    pub fn check_damage(&self, mutations: u32) {
        for cut in 0..64 {
            let length = self.stream.len() * cut / 64;
            let short = decode(self.codec, &self.stream[..length], &self.geometry, Limits::default());
            assert!(short.is_err(), "{} cut at {length}", self.name);
        }
        for seed in 0..mutations {
            let stream = mutated(&self.stream, seed);
            let _ = mask(self.codec, &stream, &self.geometry, &RECTS, Fill::Black, Limits::default());
        }
    }

    /// Sizes that contradict the data set or pass the limit are refused before anything is decoded.
    pub fn check_limits(&self) {
        let other = Geometry { rows: self.geometry.rows + 1, ..self.geometry.clone() };
        let wrong = decode(self.codec, &self.stream, &other, Limits::default());
        assert_eq!(wrong, Err(CodecError::Mismatch), "{}", self.name);
        let small = decode(self.codec, &self.stream, &self.geometry, Limits { frame_bytes: 1000 });
        assert_eq!(small, Err(CodecError::TooLarge), "{}", self.name);
    }
}

/// Two rectangles, one of them at the edges.
pub const RECTS: [Rect; 2] = [Rect { x: 3, y: 5, width: 40, height: 11 }, Rect { x: 80, y: 30, width: 17, height: 31 }];

/// One to eight bytes changed, more often near the start, where the headers are; or a piece cut out, or doubled.
pub fn mutated(stream: &[u8], seed: u32) -> Vec<u8> {
    let mut state = u64::from(seed) << 20 | 0x9E37_79B9;
    let mut next = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % below.max(1)
    };
    let mut out = stream.to_vec();
    for _ in 0..=next(8) {
        let reach = if next(3) == 0 { out.len() } else { out.len().min(200) };
        let at = next(reach);
        match next(8) {
            0 => out.truncate(at.max(2)),
            1 => drop(out.drain(at..(at + 4).min(out.len()))),
            2 => out.insert(at, 0xFF),
            3 => out[at] = 0xFF,
            4 => out[at] = 0,
            5 => out[at] = u8::try_from(next(256)).unwrap(),
            _ => out[at] ^= 1 << next(8),
        }
    }
    out
}

fn number(bytes: &[u8]) -> i32 {
    bytes.iter().rev().fold(0, |sum, &byte| sum << 8 | i32::from(byte))
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut out, byte| {
        write!(out, "{byte:02x}").unwrap();
        out
    })
}
