//! Code streams of the shared vectors, and what every codec must do with them.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::missing_panics_doc)]

use serde_json::Value;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use tokumei_codecs::{
    Codec, CodecError, Fill, Frame, Geometry, Limits, Masked, Photometric, Rect, decode, mask, recode,
};

/// One stream and what an independent decoder made of it.
pub struct Vector {
    pub name: String,
    pub transfer_syntax: String,
    pub codec: Codec,
    pub stream: Vec<u8>,
    pub geometry: Geometry,
    pub tolerance: u64,
    /// SHA-256 of the samples.
    pub digest: String,
    /// The samples themselves, of lossy codings.
    pub raw: Option<Vec<u8>>,
    pub needle: Option<String>,
}

/// A path in the shared data.
pub fn shared(path: &str) -> PathBuf {
    let shared = std::env::var_os("TOKUMEI_SHARED").map(PathBuf::from);
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    shared.unwrap_or_else(beside).join(path)
}

/// The shared data are missing, which CI forbids: there are no vectors then.
pub fn missing() -> bool {
    let missing = !shared("codecs/vectors.json").is_file();
    assert!(!missing || std::env::var_os("CI").is_none(), "the shared data are missing");
    missing
}

/// The vectors whose names begin with one of `prefixes`.
pub fn vectors(prefixes: &[&str]) -> Vec<Vector> {
    named("vectors", prefixes)
}

/// Entries of a list of `vectors.json` of the transfer syntaxes that `wanted` names: what follows 1.2.840.10008.1.2.
pub fn of_syntaxes(list: &str, wanted: &[&str]) -> Vec<Vector> {
    let wants = |uid: &str| wanted.iter().any(|end| uid.strip_prefix("1.2.840.10008.1.2.") == Some(*end));
    listed(list, |entry| wants(entry["ts"].as_str().unwrap()))
}

/// Streams with hidden text: it is gone from what a mask writes, and the samples are the same.
pub fn check_hidden(prefixes: &[&str], count: usize) {
    let vectors = named("hidden", prefixes);
    assert!(vectors.is_empty() || vectors.len() == count, "{} vectors", vectors.len());
    for vector in vectors {
        vector.check_samples();
        let needle = vector.needle.as_deref().unwrap().as_bytes();
        let holds = |stream: &[u8]| stream.windows(needle.len()).any(|bytes| bytes == needle);
        assert!(holds(&vector.stream) && !holds(&vector.check_mask(&[]).stream), "{}", vector.name);
    }
}

fn named(list: &str, prefixes: &[&str]) -> Vec<Vector> {
    listed(list, |entry| prefixes.iter().any(|prefix| entry["name"].as_str().unwrap().starts_with(prefix)))
}

fn listed(list: &str, wanted: impl Fn(&Value) -> bool) -> Vec<Vector> {
    if missing() {
        return Vec::new();
    }
    let all: Value = serde_json::from_slice(&std::fs::read(shared("codecs/vectors.json")).unwrap()).unwrap();
    all[list].as_array().unwrap().iter().filter(|entry| wanted(entry)).map(read).collect()
}

/// All vectors of a test; so many are there where any are.
pub fn all(prefixes: &[&str], count: usize) -> Vec<Vector> {
    let vectors = vectors(prefixes);
    assert!(vectors.is_empty() || vectors.len() == count, "{} vectors", vectors.len());
    vectors
}

fn read(entry: &Value) -> Vector {
    let number = |key: &str| u32::try_from(entry[key].as_u64().unwrap()).unwrap();
    let small = |key: &str| u8::try_from(number(key)).unwrap();
    let text = |key: &str| entry[key].as_str().unwrap();
    let file = |name: &str| std::fs::read(shared("codecs").join(name)).unwrap();
    let stream = file(text("file"));
    let bits = small("bits");
    Vector {
        name: text("name").to_owned(),
        transfer_syntax: text("ts").to_owned(),
        codec: Codec::of(text("ts"), &stream).unwrap(),
        stream,
        geometry: Geometry {
            rows: number("rows"),
            columns: number("cols"),
            samples_per_pixel: small("components"),
            bits_allocated: if bits > 8 { bits.next_multiple_of(16) } else { 8 },
            bits_stored: bits,
            signed: entry["signed"].as_bool().unwrap(),
            photometric: photometric(entry),
        },
        tolerance: entry["tolerance"].as_u64().unwrap_or(0),
        needle: entry["needle"].as_str().map(ToOwned::to_owned),
        digest: text("sha256_pixels").to_owned(),
        raw: entry["raw"].as_str().map(file),
    }
}

/// The vectors' data sets: YBR where a JPEG DCT stream has colours, but for those that are called RGB.
fn photometric(entry: &Value) -> Photometric {
    let is_dct = ["4.50", "4.51", "4.55"].iter().any(|uid| entry["ts"].as_str().unwrap().ends_with(uid));
    match entry["components"].as_u64() {
        Some(1) => Photometric::Monochrome2,
        _ if is_dct && !entry["name"].as_str().unwrap().contains("_rgb") => Photometric::YbrFull,
        _ => Photometric::Rgb,
    }
}

/// Samples as the vectors hold them, little endian: one byte up to 8 bits, four of RLE's 32, else two.
pub fn bytes(frame: &Frame) -> Vec<u8> {
    let width = width(frame);
    frame.samples.iter().flat_map(|sample| sample.to_le_bytes().into_iter().take(width)).collect()
}

const fn width(frame: &Frame) -> usize {
    match frame.bits {
        0..=8 => 1,
        9..=16 => 2,
        _ => 4,
    }
}

impl Vector {
    pub fn decode(&self) -> Frame {
        decode(self.codec, &self.stream, &self.geometry, Limits::default())
            .unwrap_or_else(|error| panic!("{}: {error}", self.name))
    }

    /// Samples are those of the independent decoder, or no further from them than the vector's tolerance.
    pub fn check_samples(&self) {
        self.check_samples_within(self.tolerance);
    }

    /// As [`check_samples`](Self::check_samples), with another tolerance.
    pub fn check_samples_within(&self, tolerance: u64) {
        let frame = self.decode();
        let own = bytes(&frame);
        assert_eq!((frame.rows, frame.columns), (self.geometry.rows, self.geometry.columns), "{}", self.name);
        if tolerance == 0 {
            assert_eq!(hex(&Sha256::digest(&own)), self.digest, "{}", self.name);
            return;
        }
        let raw = self.raw.as_ref().expect("samples of a lossy vector");
        assert_eq!(own.len(), raw.len(), "{}", self.name);
        let width = width(&frame);
        for (own, other) in own.chunks_exact(width).zip(raw.chunks_exact(width)) {
            let distance = number(own).abs_diff(number(other));
            assert!(u64::from(distance) <= tolerance, "{}: {distance}", self.name);
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
        let frame = self.decode();
        for seed in 0..mutations {
            let stream = mutated(&self.stream, seed);
            let _ = mask(self.codec, &stream, &self.geometry, &RECTS, Fill::Black, Limits::default());
            let _ = recode(self.codec, &stream, &self.geometry, &frame, Limits::default());
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
