//! JPEG XL against the vectors of an independent encoder and decoder.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod streams;

use streams::{RECTS, Vector, all, vectors};
use tokumei_codecs::{Codec, CodecError, Fill, Geometry, Limits, Photometric, decode, mask, recode};

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

/// Lossless streams of the depths that are written take other samples; DCTs and JPEGs do not.
#[test]
fn other_samples_are_written_without_a_loss() {
    for vector in vectors(&["jxl_"]) {
        let mut frame = vector.decode();
        frame.samples.iter_mut().step_by(3).for_each(|sample| *sample ^= 1 << (frame.bits - 1));
        let written = recode(vector.codec, &vector.stream, &vector.geometry, &frame, Limits::default());
        let lossless = vector.transfer_syntax.ends_with(".110") && matches!(frame.bits, 8 | 16);
        let read = |stream: Vec<u8>| decode(vector.codec, &stream, &vector.geometry, Limits::default()).unwrap();
        let expected = if lossless { Ok(frame) } else { Err(CodecError::Unsupported) };
        assert_eq!(written.map(read), expected, "{}", vector.name);
    }
}

/// A stream made of a JPEG becomes a JPEG of the same coefficients, and is masked there.
#[test]
fn a_jpeg_comes_back() {
    for (vector, jpeg) in vectors(&[FROM_JPEG]).iter().zip(&vectors(&["jpg_420"])) {
        let geometry = Geometry { photometric: Photometric::YbrFull422, ..vector.geometry.clone() };
        for rects in [&RECTS[..], &[]] {
            let masked = |of: &Vector| mask(of.codec, &of.stream, &geometry, rects, Fill::Black, Limits::default());
            let (back, expected) = (masked(vector).unwrap(), masked(jpeg).unwrap());
            let samples = |stream: &[u8]| decode(Codec::JpegDct, stream, &geometry, Limits::default()).unwrap();
            assert_eq!(samples(&back.stream), samples(&expected.stream));
            assert_eq!((back.touched, back.photometric), (expected.touched, expected.photometric));
            assert_eq!(back.transfer_syntax, Some("1.2.840.10008.1.2.4.50"));
            assert!(back.stream.len() <= expected.stream.len() + 64, "tables that fit");
        }
    }
}

/// Scans, restarts and subsampling of all kinds, made by libjpeg-turbo and recompressed by libjxl.
#[test]
fn jpegs_of_all_forms_come_back() {
    for name in ["420_progressive", "422_restarts", "444_rgb", "grey_progressive"] {
        let read = |end: &str| std::fs::read(format!("tests/recompressed/{name}.{end}")).unwrap();
        let (photometric, samples_per_pixel) = match name {
            "grey_progressive" => (Photometric::Monochrome2, 1),
            "444_rgb" => (Photometric::Rgb, 3),
            _ => (Photometric::YbrFull422, 3),
        };
        let geometry = Geometry { photometric, samples_per_pixel, ..small() };
        let limits = Limits::default();
        let back = mask(Codec::JpegXl, &read("jxl"), &geometry, &[], Fill::Black, limits).unwrap();
        let samples = |stream: &[u8]| decode(Codec::JpegDct, stream, &geometry, limits).unwrap();
        assert_eq!(samples(&back.stream), samples(&read("jpg")), "{name}");
    }
}

/// What a file says of how its JPEG was written is not looked at, so that nothing in it can do harm.
#[test]
fn what_a_jpeg_was_written_like_is_not_read() {
    for vector in vectors(&[FROM_JPEG]) {
        let geometry = Geometry { photometric: Photometric::YbrFull422, ..vector.geometry.clone() };
        let masked = |stream: &[u8]| mask(vector.codec, stream, &geometry, &RECTS, Fill::Black, Limits::default());
        let at = vector.stream.windows(4).position(|kind| kind == b"jbrd").unwrap();
        let length = u32::from_be_bytes(vector.stream[at - 4..at].try_into().unwrap()) as usize;
        for byte in [0, 0x55, 0xFF] {
            let mut other = vector.stream.clone();
            other[at + 4..at - 4 + length].fill(byte);
            assert_eq!(masked(&other), masked(&vector.stream));
        }
    }
}

fn small() -> Geometry {
    Geometry {
        rows: 61,
        columns: 97,
        samples_per_pixel: 3,
        bits_allocated: 8,
        bits_stored: 8,
        signed: false,
        photometric: Photometric::YbrFull422,
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
