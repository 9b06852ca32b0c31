//! Damaged and hostile streams: an error or an answer, never a panic, in bounded time and memory.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[allow(dead_code)]
#[path = "../../../fuzz/codecs.rs"]
mod fuzz;
mod streams;

use fuzz::promises;
use streams::{Vector, missing, of_syntaxes};
use tokumei_codecs::{Codec, CodecError, Fill, Geometry, Limits, decode, holds_hidden_bytes, mask};

const OURS: [&str; 6] = ["4.50", "4.51", "4.55", "4.57", "4.70", "5"];

/// Numbers that follow from a seed (xorshift).
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % n.max(1) as u64).unwrap()
    }

    fn byte(&mut self) -> u8 {
        u8::try_from(self.below(256)).unwrap()
    }

    /// Bytes and bits changed, pieces taken out, doubled, moved; more often where headers are.
    fn damage(&mut self, stream: &[u8]) -> Vec<u8> {
        let mut out = stream.to_vec();
        for _ in 0..=self.below(4) {
            let reach = if self.below(2) == 0 { 700.min(out.len()) } else { out.len() };
            let at = self.below(reach);
            let end = (at + 1 + self.below(40)).min(out.len());
            match self.below(7) {
                0 => out[at] = self.byte(),
                1 => out[at] ^= 1 << self.below(8),
                2 => out[at] = [0, 1, 0x7F, 0x80, 0xFE, 0xFF][self.below(6)],
                3 => drop(out.drain(at..end)),
                4 => {
                    let piece = out[at..end].to_vec();
                    let to = self.below(out.len());
                    out.splice(to..to, piece);
                }
                5 => out.truncate(at.max(1)),
                _ => out.insert(at, self.byte()),
            }
            if out.is_empty() {
                out.push(0xFF);
            }
        }
        out
    }
}

#[test]
fn thousands_of_mutations() {
    let mut tried = 0;
    for (seed, v) in of_syntaxes("vectors", &OURS).iter().enumerate() {
        let mut random = Random(seed as u64 + 0x9E37_79B9_7F4A_7C15);
        for _ in 0..200 {
            let stream = random.damage(&v.stream);
            if let Ok(codec) = Codec::of(&v.transfer_syntax, &stream) {
                promises(codec, &stream, &v.geometry);
                let target: fn(&[u8]) = if codec == Codec::Rle { fuzz::rle } else { fuzz::jpeg };
                target(&stream);
            }
            tried += 1;
        }
    }
    assert!(tried == 52 * 200 || missing(), "{tried}");
}

/// Mutations that change the size say so to the data set too, so that the check of sizes does not hide what comes after.
#[test]
fn mutated_sizes_that_the_data_set_shares() {
    for (seed, v) in of_syntaxes("vectors", &OURS).iter().enumerate() {
        let mut random = Random(seed as u64 + 77);
        for _ in 0..40 {
            let mut stream = v.stream.clone();
            let mut geometry = v.geometry.clone();
            geometry.rows = u32::try_from(1 + random.below(300)).unwrap();
            geometry.columns = u32::try_from(1 + random.below(300)).unwrap();
            if let Some(at) = stream.windows(2).position(|w| matches!(w, [0xFF, 0xC0..=0xC3])) {
                stream[at + 5..at + 7].copy_from_slice(&u16::try_from(geometry.rows).unwrap().to_be_bytes());
                stream[at + 7..at + 9].copy_from_slice(&u16::try_from(geometry.columns).unwrap().to_be_bytes());
            }
            let codec = Codec::of(&v.transfer_syntax, &stream).unwrap();
            promises(codec, &stream, &geometry);
        }
    }
}

#[test]
fn truncated_streams_are_refused() {
    for v in of_syntaxes("vectors", &OURS) {
        let codec = Codec::of(&v.transfer_syntax, &v.stream).unwrap();
        let refused = |stream: &[u8]| decode(codec, stream, &v.geometry, Limits::default()).is_err();
        for len in (0..v.stream.len() - 3).step_by(7) {
            assert!(refused(&v.stream[..len]), "{} {len}", v.name);
        }
    }
}

/// A few bytes that claim the largest picture there is.
#[test]
fn claimed_sizes_allocate_nothing() {
    for v in of_syntaxes("vectors", &OURS) {
        let mut stream = v.stream.clone();
        let geometry = Geometry { rows: 65_535, columns: 65_535, ..v.geometry.clone() };
        if let Some(at) = stream.windows(2).position(|w| matches!(w, [0xFF, 0xC0..=0xC3])) {
            stream[at + 5..at + 9].fill(0xFF);
        }
        let codec = Codec::of(&v.transfer_syntax, &stream).unwrap();
        assert_eq!(
            decode(codec, &stream, &geometry, Limits::default()).err(),
            Some(CodecError::TooLarge),
            "{}",
            v.name
        );
        // Below the limit the stream is still too short for what it claims.
        let wide = Limits { frame_bytes: u64::MAX };
        assert_eq!(decode(codec, &stream, &geometry, wide).err(), Some(CodecError::Damaged), "{}", v.name);
    }
}

/// Text that only an entropy decoder sees is seen, and gone after an empty mask; so is all other hidden text.
#[test]
fn hidden_text_goes_with_rewriting() {
    let mut seen = Vec::new();
    for v in of_syntaxes("hidden", &OURS) {
        let codec = Codec::of(&v.transfer_syntax, &v.stream).unwrap();
        let needle = v.needle.as_deref().unwrap().as_bytes();
        let holds = |stream: &[u8]| stream.windows(needle.len()).any(|w| w == needle);
        assert!(holds(&v.stream), "{}", v.name);
        let masked = mask(codec, &v.stream, &v.geometry, &[], Fill::Black, Limits::default()).unwrap();
        assert!(!holds(&masked.stream), "{}", v.name);
        let same = |v: &Vector, stream: &[u8]| decode(codec, stream, &v.geometry, Limits::default()).unwrap().samples;
        assert_eq!(same(&v, &masked.stream), same(&v, &v.stream), "{}", v.name);
        if holds_hidden_bytes(codec, &v.stream, Limits::default()) == Ok(true) {
            seen.push(v.name);
        }
    }
    assert!(seen == ["hid_jpg_before_eoi"] || missing(), "{seen:?}");
}

/// What is not handled is refused by its own word: arithmetic coding, hierarchical frames, four components, DNL.
#[test]
fn unsupported_processes() {
    for v in of_syntaxes("vectors", &["4.50"]).iter().filter(|v| v.name == "jpg_444") {
        let at = v.stream.windows(2).position(|w| w == [0xFF, 0xC0]).unwrap();
        let changed = |from: usize, bytes: &[u8]| {
            let mut stream = v.stream.clone();
            stream[at + from..at + from + bytes.len()].copy_from_slice(bytes);
            stream
        };
        for code in [0xC5, 0xC9, 0xCA, 0xCD, 0xDE] {
            let stream = changed(1, &[code]);
            assert_eq!(Codec::of(&v.transfer_syntax, &stream), Err(CodecError::Unsupported));
            assert!(decode(Codec::JpegDct, &stream, &v.geometry, Limits::default()) == Err(CodecError::Unsupported));
        }
        for stream in [changed(5, &[0, 0]), changed(9, &[4])] {
            let codec = Codec::of(&v.transfer_syntax, &stream).unwrap();
            assert!(decode(codec, &stream, &v.geometry, Limits::default()).is_err());
        }
        let mut dnl = v.stream.clone();
        dnl.splice(at..at, [0xFF, 0xDC, 0, 4, 0, 61]);
        assert_eq!(decode(Codec::JpegDct, &dnl, &v.geometry, Limits::default()), Err(CodecError::Unsupported));
        assert_eq!(decode(Codec::JpegLossless, &v.stream, &v.geometry, Limits::default()), Err(CodecError::Mismatch));
    }
}
