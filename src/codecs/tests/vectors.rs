//! Decoded samples against those of independent decoders.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::{bytes, limits, sha256, vectors};
use tokumei_codecs::{Codec, decode};

/// Decodes all vectors of these transfer syntaxes; `count` guards against a list that went empty.
fn exact(wanted: &[&str], count: usize) {
    let vectors = vectors("vectors", wanted);
    for v in &vectors {
        let codec = Codec::of(&v.transfer_syntax, &v.stream).unwrap();
        let frame = decode(codec, &v.stream, &v.geometry, limits()).unwrap_or_else(|e| panic!("{}: {e}", v.name));
        assert_eq!((frame.rows, frame.columns), (v.geometry.rows, v.geometry.columns));
        if v.tolerance == 0 {
            assert_eq!(sha256(&bytes(&frame)), v.hash, "{}", v.name);
        } else {
            let furthest = furthest(&frame, v.raw.as_deref().unwrap());
            // A step of luminance and one of chroma are up to three of blue.
            let tolerance = if frame.components == 3 { 3 * v.tolerance } else { v.tolerance };
            assert!(furthest <= tolerance, "{}: {furthest}", v.name);
        }
    }
    assert!(vectors.len() == count || common::shared().is_none(), "{} vectors", vectors.len());
}

fn furthest(frame: &tokumei_codecs::Frame, raw: &[u8]) -> u64 {
    let width = raw.len() / frame.samples.len();
    let expected = raw.chunks(width).map(|b| b.iter().rev().fold(0_i32, |n, b| n << 8 | i32::from(*b)));
    frame.samples.iter().zip(expected).map(|(a, b)| u64::from(a.abs_diff(b))).max().unwrap()
}

#[test]
fn rle() {
    exact(&["5"], 6);
}

#[test]
fn jpeg_dct() {
    exact(&["4.50", "4.51", "4.55"], 18);
}

#[test]
fn jpeg_lossless() {
    exact(&["4.57", "4.70"], 28);
}
