//! The shared vectors: code streams with what an independent decoder makes of them.
#![allow(dead_code)]

use serde_json::Value;
use sha2::{Digest as _, Sha256};
use std::path::{Path, PathBuf};
use tokumei_codecs::{Frame, Geometry, Limits, Photometric};

pub fn shared() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let path = std::env::var_os("TOKUMEI_SHARED").map_or_else(beside, PathBuf::from);
    assert!(path.is_dir() || std::env::var_os("CI").is_none(), "the shared data are missing");
    path.is_dir().then_some(path)
}

pub struct Vector {
    pub name: String,
    pub transfer_syntax: String,
    pub stream: Vec<u8>,
    pub geometry: Geometry,
    pub tolerance: u64,
    pub hash: String,
    /// Expected samples, where they are told apart from their hash.
    pub raw: Option<Vec<u8>>,
    pub json: Value,
}

/// Entries of a list of `vectors.json` that have a stream of their own, of the transfer syntaxes that `wanted` names.
pub fn vectors(list: &str, wanted: &[&str]) -> Vec<Vector> {
    let Some(folder) = shared().map(|s| s.join("codecs")) else { return Vec::new() };
    let json: Value = serde_json::from_slice(&std::fs::read(folder.join("vectors.json")).unwrap()).unwrap();
    let entries = json[list].as_array().unwrap().iter();
    let named = |e: &&Value| wanted.iter().any(|uid| e["ts"].as_str().unwrap() == format!("1.2.840.10008.1.2.{uid}"));
    entries.filter(named).map(|e| vector(&folder, e)).collect()
}

fn vector(folder: &Path, e: &Value) -> Vector {
    let number = |key: &str| e[key].as_u64().unwrap();
    let small = |key: &str| u8::try_from(number(key)).unwrap();
    let text = |key: &str| e[key].as_str().unwrap_or_default().to_owned();
    let bits = small("bits");
    let geometry = Geometry {
        rows: u32::try_from(number("rows")).unwrap(),
        columns: u32::try_from(number("cols")).unwrap(),
        samples_per_pixel: small("components"),
        bits_allocated: if bits <= 8 { 8 } else { bits.next_multiple_of(16) },
        bits_stored: bits,
        signed: e["signed"].as_bool().unwrap(),
        photometric: photometric(e),
    };
    Vector {
        name: text("name"),
        transfer_syntax: text("ts"),
        stream: std::fs::read(folder.join(text("file"))).unwrap(),
        geometry,
        tolerance: e["tolerance"].as_u64().unwrap_or(0),
        hash: text("sha256_pixels"),
        raw: e["raw"].as_str().map(|raw| std::fs::read(folder.join(raw)).unwrap()),
        json: e.clone(),
    }
}

/// The vectors' data sets: YBR where a JPEG DCT stream has colours, but for those that are called RGB.
fn photometric(e: &Value) -> Photometric {
    let dct = ["4.50", "4.51", "4.55"].iter().any(|uid| e["ts"].as_str().unwrap().ends_with(uid));
    match e["components"].as_u64() {
        Some(1) => Photometric::Monochrome2,
        _ if dct && !e["name"].as_str().unwrap().contains("_rgb") => Photometric::YbrFull,
        _ => Photometric::Rgb,
    }
}

/// Samples as the vectors have them: little endian, one byte up to 8 bits, four of RLE's 32, else two.
pub fn bytes(frame: &Frame) -> Vec<u8> {
    let width = match frame.bits {
        0..=8 => 1,
        9..=16 => 2,
        _ => 4,
    };
    frame.samples.iter().flat_map(|s| s.to_le_bytes().into_iter().take(width)).collect()
}

pub fn sha256(bytes: &[u8]) -> String {
    let nibbles = Sha256::digest(bytes).iter().flat_map(|b| [b >> 4, b & 15]).collect::<Vec<u8>>();
    nibbles.into_iter().filter_map(|n| char::from_digit(u32::from(n), 16)).collect()
}

pub fn limits() -> Limits {
    Limits::default()
}
