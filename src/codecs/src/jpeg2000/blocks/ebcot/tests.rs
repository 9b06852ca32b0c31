//! What is written is read back, whatever it is.
#![allow(clippy::unwrap_used)]

use super::{Orientation, Segment, Style, decode, encode, passes};

/// Numbers as if by chance.
fn numbers(seed: u32) -> impl FnMut() -> u32 {
    let mut state = u64::from(seed) << 20 | 0x9E37_79B9;
    move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        u32::try_from(state >> 33).unwrap()
    }
}

fn any(seed: u32) -> (Orientation, Style) {
    let orientations = [Orientation::Low, Orientation::Hl, Orientation::Hh];
    (orientations[seed as usize % 3], Style::of((seed / 3 % 64).to_le_bytes()[0] & !16).unwrap())
}

/// Blocks of every size and style, from almost empty ones to noise of every depth.
#[test]
fn blocks_are_read_as_they_were_written() {
    let mut longest = 0;
    for seed in 0..900 {
        let mut next = numbers(seed);
        let (width, height) = match seed % 4 {
            0 => (1 + next() % 9, 1 + next() % 9),
            1 => (64, 64),
            _ => (4 + next() % 60, 4 + next() % 60),
        };
        let (bits, rare) = (1 + next() % 26, 1 + next() % 40);
        let mut sample = |_| {
            let magnitude = (next() >> (next() % bits)) & ((1 << bits) - 1);
            let sample = if next() % rare > rare / 2 { 0 } else { magnitude.cast_signed() };
            if next() & 1 == 1 { -sample } else { sample }
        };
        let mut samples: Vec<i32> = (0..width * height).map(&mut sample).collect();
        samples[0] = -1;
        let sides = [width, height].map(|side| side as usize);
        let (orientation, style) = any(seed);
        let block = encode(&samples, sides[0], 27, orientation, style).unwrap();
        longest = longest.max(block.bytes.len());
        let mut rest = &block.bytes[..];
        for segment in &block.segments {
            let (bytes, after) = rest.split_at(segment.length);
            assert!(bytes.last() != Some(&0xFF));
            assert!(bytes.windows(2).all(|pair| pair[0] != 0xFF || pair[1] <= 0x8F), "a marker");
            rest = after;
        }
        assert!(rest.is_empty());
        let read = |planes| decode(&block.bytes, &block.segments, sides, planes, orientation, style);
        assert_eq!(read(block.planes).as_ref(), Some(&samples), "{seed}");
        assert!(
            read(block.planes - 1).is_none()
                && encode(&samples, sides[0], block.planes - 1, orientation, style).is_none()
        );
    }
    assert!(longest > 5_000);
}

/// Bytes as if by chance are read to anything.
#[test]
fn damage_ends_nothing() {
    for seed in 0..2000 {
        let mut next = numbers(seed);
        let bytes: Vec<u8> = (0..next() % 300).map(|_| (next() | next() & 0xFF00).to_le_bytes()[1]).collect();
        let (sides, planes) = ([1 + next() as usize % 64, 1 + next() as usize % 64], 1 + next() % 30);
        let (orientation, style) = any(seed);
        let mut segments = Vec::new();
        let (mut pass, mut left) = (0, bytes.len());
        while pass < passes(planes) {
            let count = style.passes_to_end(pass).min(passes(planes) - pass);
            let length = left.min(next() as usize % 200);
            segments.push(Segment { passes: count, length });
            (pass, left) = (pass + count, left - length);
        }
        assert!(decode(&bytes, &segments, sides, planes, orientation, style).is_some());
        segments.push(Segment { passes: 0, length: left + 1 });
        assert!(decode(&bytes, &segments, sides, planes, orientation, style).is_none());
    }
}
