//! JPEG-LS against the vectors of an independent encoder and decoder.
#![allow(clippy::unwrap_used, clippy::panic)]

mod streams;

use streams::{RECTS, all, vectors};
use tokumei_codecs::{CodecError, Limits, decode};

#[test]
fn all_vectors_are_exact() {
    all(&["jls_"], 15).iter().for_each(streams::Vector::check_samples);
}

#[test]
fn masks_are_constant_and_the_rest_is_untouched() {
    for vector in vectors(&["jls_"]) {
        let masked = vector.check_mask(&RECTS);
        assert_eq!((masked.photometric, masked.transfer_syntax), (None, None));
        // Without a mask a lossless stream has the size that the other encoder gave it.
        let again = vector.check_mask(&[]);
        if vector.name.contains("n0") {
            let sizes = (again.stream.len(), vector.stream.len());
            assert!(sizes.0.abs_diff(sizes.1) <= 16, "{}: {sizes:?}", vector.name);
        }
    }
}

#[test]
fn hidden_text_goes() {
    streams::check_hidden(&["hid_jls"], 2);
}

#[test]
fn damage_is_refused() {
    for vector in vectors(&["jls_"]) {
        vector.check_limits();
        vector.check_damage(150);
    }
}

/// What would give wrong samples: a mapping table, HP's colour transform, a restart interval, a point transform.
#[test]
fn what_is_not_handled_is_refused() {
    let Some(vector) = &vectors(&["jls_g8_n0"]).pop() else { return };
    let put = |bytes: &[u8]| [&vector.stream[..2], bytes, &vector.stream[2..]].concat();
    let refused = |stream: &[u8]| decode(vector.codec, stream, &vector.geometry, Limits::default());
    assert_eq!(refused(&put(b"\xFF\xF8\0\x05\x02\x01\x01")), Err(CodecError::Unsupported));
    assert_eq!(refused(&put(b"\xFF\xE8\0\x07mrfx\x01")), Err(CodecError::Unsupported));
    assert_eq!(refused(&put(b"\xFF\xDD\0\x04\0\x01")), Err(CodecError::Unsupported));
    assert!(refused(&put(b"\xFF\xE8\0\x07mrfx\0")).is_ok());
    let scan = vector.stream.windows(2).position(|pair| pair == [0xFF, 0xDA]).unwrap();
    let with = |at: usize, value: u8| {
        let mut stream = vector.stream.clone();
        stream[scan + at] = value;
        stream
    };
    assert_eq!(refused(&with(6, 1)), Err(CodecError::Unsupported), "mapping table");
    assert_eq!(refused(&with(9, 2)), Err(CodecError::Unsupported), "point transform");
}
