//! Other samples in the place of those of the shared vectors, coded as they were.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod streams;

use streams::{Vector, of_syntaxes};
use tokumei_codecs::{CodecError, Frame, Limits, Photometric, decode, recode};

/// Some samples with another highest bit, or another sign.
fn others(frame: &Frame) -> Frame {
    let change = |(n, sample): (usize, &i32)| match n % 3 {
        0 if frame.signed => -1 - sample,
        0 => sample ^ (1_i32 << (frame.bits - 1)),
        _ => *sample,
    };
    Frame { samples: frame.samples.iter().enumerate().map(change).collect(), ..frame.clone() }
}

fn recoded(vector: &Vector, frame: &Frame) -> Result<Vec<u8>, CodecError> {
    recode(vector.codec, &vector.stream, &vector.geometry, frame, Limits::default())
}

/// RLE, JPEG lossless, JPEG-LS, JPEG 2000 and HTJ2K.
#[test]
fn lossless_streams_take_other_samples() {
    let all = of_syntaxes("vectors", &["5", "4.57", "4.70", "4.80", "4.90", "4.201", "4.202"]);
    let mut count = 0;
    for vector in &all {
        // A stream that was cut short keeps nothing of what is missing; what it shows can be written.
        let frame = vector.decode();
        let Some(other) = Some(others(&frame)).filter(|_| !vector.name.contains("_pt")) else { continue };
        let written = recoded(vector, &other).unwrap_or_else(|error| panic!("{}: {error}", vector.name));
        let again = decode(vector.codec, &written, &vector.geometry, Limits::default()).unwrap();
        assert_eq!(again, other, "{}", vector.name);
        count += 1;
    }
    assert!(count > 40 || all.is_empty(), "{count}");
}

/// A point transform has no place for the lowest bits.
#[test]
fn samples_that_a_stream_cannot_hold_are_refused() {
    for vector in of_syntaxes("vectors", &["4.57", "4.70"]).iter().filter(|v| v.name.contains("_pt3")) {
        let frame = vector.decode();
        let mut other = others(&frame);
        assert!(recoded(vector, &other).is_ok(), "{}", vector.name);
        other.samples[7] ^= 1;
        assert_eq!(recoded(vector, &other), Err(CodecError::NotProven), "{}", vector.name);
    }
}

#[test]
fn streams_with_a_loss_are_refused() {
    let lossy = of_syntaxes("vectors", &["4.50", "4.51", "4.55", "4.81", "4.91", "4.203"]);
    let mut count = 0;
    for vector in lossy {
        // Some of these are reversible, or without error.
        if ["_n0", "_lossyrate", "_rct", "_rev"].iter().any(|part| vector.name.contains(part)) {
            continue;
        }
        assert_eq!(recoded(&vector, &vector.decode()), Err(CodecError::Unsupported), "{}", vector.name);
        count += 1;
    }
    assert!(count > 20 || streams::missing(), "{count}");
}

#[test]
fn frames_of_another_form_are_refused() {
    for vector in of_syntaxes("vectors", &["5", "4.70", "4.80", "4.90", "4.201"]) {
        let frame = vector.decode();
        let refused = |change: &dyn Fn(&mut Frame)| {
            let mut other = frame.clone();
            change(&mut other);
            recoded(&vector, &other).err().unwrap_or_else(|| panic!("{} is not refused", vector.name))
        };
        assert_eq!(refused(&|f| f.rows += 1), CodecError::Mismatch);
        assert_eq!(refused(&|f| f.samples.truncate(9)), CodecError::Mismatch);
        assert_eq!(refused(&|f| f.bits = 0), CodecError::Mismatch);
        if frame.bits < 32 {
            assert_eq!(refused(&|f| f.samples[3] = 1 << f.bits), CodecError::Mismatch);
            assert_eq!(refused(&|f| f.samples[3] = -2 - (1 << f.bits)), CodecError::Mismatch);
        }
    }
}

/// A header that has to say something else of the colours of one frame has to say it of all.
#[test]
fn colours_that_get_another_name_are_refused() {
    for mut vector in streams::vectors(&["j2k_rgb8_rct"]) {
        let frame = vector.decode();
        vector.geometry.photometric = Photometric::YbrRct;
        assert!(recoded(&vector, &frame).is_ok());
        vector.geometry.photometric = Photometric::YbrIct;
        assert_eq!(recoded(&vector, &frame), Err(CodecError::Unsupported));
    }
}
