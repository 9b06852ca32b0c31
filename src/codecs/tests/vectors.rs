//! Decoded samples against those of independent decoders.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod streams;

use streams::{missing, of_syntaxes};

fn exact(wanted: &[&str], count: usize) {
    let vectors = of_syntaxes("vectors", wanted);
    for vector in &vectors {
        // A step of luminance and one of chroma are up to three of blue.
        let steps = if vector.geometry.samples_per_pixel == 3 { 3 } else { 1 };
        vector.check_samples_within(steps * vector.tolerance);
    }
    assert!(vectors.len() == count || missing(), "{} vectors", vectors.len());
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
