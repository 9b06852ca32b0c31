//! JPEG 2000 and HTJ2K against the vectors of independent encoders and decoders.
#![allow(clippy::unwrap_used, clippy::panic)]

mod streams;

use streams::{RECTS, Vector, all, vectors};

#[test]
fn all_vectors_are_exact() {
    all(&["j2k_", "htj2k_"], 25).iter().for_each(Vector::check_samples);
}

#[test]
fn masks_are_constant_and_the_rest_is_untouched() {
    for vector in vectors(&["j2k_", "htj2k_"]) {
        vector.check_mask(&RECTS);
    }
}

#[test]
fn damage_is_refused() {
    for vector in vectors(&["j2k_", "htj2k_"]) {
        vector.check_limits();
        vector.check_damage(80);
    }
}
