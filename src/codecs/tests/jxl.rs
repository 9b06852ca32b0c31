//! JPEG XL against the vectors of an independent encoder and decoder.
#![allow(clippy::unwrap_used, clippy::panic)]

mod streams;

use streams::{RECTS, Vector, all, vectors};
use tokumei_codecs::{Codec, Fill, Geometry, Limits, Masked, Photometric, mask};

const FROM_JPEG: &str = "jxl_from_jpeg";

#[test]
fn all_vectors_are_exact() {
    all(&["jxl_"], 7).iter().for_each(Vector::check_samples);
}

#[test]
fn masks_are_constant_and_the_rest_is_untouched() {
    for vector in vectors(&["jxl_"]) {
        if !vector.name.starts_with(FROM_JPEG) {
            let masked = vector.check_mask(&RECTS);
            assert_eq!((masked.photometric, masked.transfer_syntax), (None, None), "{}", vector.name);
        }
    }
}

/// A stream made of a JPEG becomes that JPEG, and is masked there.
#[test]
fn a_jpeg_comes_back() {
    for (vector, jpeg) in vectors(&[FROM_JPEG]).iter().zip(&vectors(&["jpg_420"])) {
        let geometry = Geometry { photometric: Photometric::YbrFull422, ..vector.geometry.clone() };
        for rects in [&RECTS[..], &[]] {
            let masked = |of: &Vector| mask(of.codec, &of.stream, &geometry, rects, Fill::Black, Limits::default());
            let expected = Masked { transfer_syntax: Some("1.2.840.10008.1.2.4.50"), ..masked(jpeg).unwrap() };
            assert_eq!(masked(vector), Ok(expected));
        }
    }
}

/// A real one, whose JPEG has a comment and a byte behind its end.
#[test]
fn a_jpeg_with_a_comment_comes_back() {
    let path = streams::shared("corpus/real/dcm4che/will-jxl.dcm");
    let Ok(file) = std::fs::read(path) else { return };
    let start = file.windows(8).position(|bytes| bytes == b"\0\0\0\x0CJXL ").unwrap();
    let length = u32::from_le_bytes(file[start - 4..start].try_into().unwrap()) as usize;
    let stream = &file[start..start + length];
    let geometry = Geometry {
        rows: 708,
        columns: 1016,
        samples_per_pixel: 3,
        bits_allocated: 8,
        bits_stored: 8,
        signed: false,
        photometric: Photometric::YbrFull422,
    };
    let masked = mask(Codec::JpegXl, stream, &geometry, &RECTS, Fill::Black, Limits::default()).unwrap();
    assert_eq!(masked.transfer_syntax, Some("1.2.840.10008.1.2.4.50"));
    assert!(masked.stream.ends_with(&[0xFF, 0xD9]));
}

#[test]
fn hidden_text_goes() {
    streams::check_hidden(&["hid_jxl"], 1);
}

#[test]
fn damage_is_refused() {
    for vector in vectors(&["jxl_"]) {
        vector.check_limits();
        vector.check_damage(60);
    }
}
