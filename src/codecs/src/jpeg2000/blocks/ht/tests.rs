//! What is written is read back, whatever it is.
#![allow(clippy::unwrap_used)]

use super::{decode, encode, is_plausible};

/// Numbers as if by chance.
fn numbers(seed: u32) -> impl FnMut() -> u32 {
    let mut state = u64::from(seed) << 20 | 0x9E37_79B9;
    move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        u32::try_from(state >> 33).unwrap()
    }
}

/// Blocks of every size, from almost empty ones to noise of every depth.
#[test]
fn blocks_are_read_as_they_were_written() {
    let mut longest = 0;
    for seed in 0..600 {
        let mut next = numbers(seed);
        let (width, height) = match seed % 3 {
            0 => (1 + next() % 9, 1 + next() % 9),
            1 => (64, 64),
            _ => (4 + next() % 60, 4 + next() % 60),
        };
        let (bits, rare) = (1 + next() % 28, 1 + next() % 40);
        let mut sample = |_| {
            let magnitude = (next() >> (next() % bits)) & ((1 << bits) - 1);
            let sample = if next() % rare > rare / 2 { 0 } else { magnitude.cast_signed() };
            if next() & 1 == 1 { -sample } else { sample }
        };
        let mut samples: Vec<i32> = (0..width * height).map(&mut sample).collect();
        samples[0] = -1;
        let [width, height] = [width, height].map(|side| side as usize);
        let block = encode(&samples, width, 30).unwrap();
        longest = longest.max(block.len());
        assert!(is_plausible(&block) && block.last() != Some(&0xFF));
        assert!(block.windows(2).all(|pair| pair[0] != 0xFF || pair[1] <= 0x8F), "a marker");
        assert_eq!(decode(&block, width, height, 30).as_ref(), Some(&samples), "{seed}");
        assert_eq!(decode(&block, width, height, 1), encode(&samples, width, 1).map(|_| samples), "{seed}");
    }
    assert!(longest > 5_000);
}

/// Damaged blocks are read to anything, or refused.
#[test]
fn damage_ends_nothing() {
    for seed in 0..2000 {
        let mut next = numbers(seed);
        let mut bytes: Vec<u8> = (0..2 + next() % 300).map(|_| next().to_le_bytes()[1]).collect();
        if let Some([low, high]) = bytes.last_chunk_mut::<2>() {
            (*low, *high) = (*low & 0xF0 | 8, u8::try_from(next() % 3).unwrap());
        }
        let (width, height) = (1 + next() as usize % 64, 1 + next() as usize % 64);
        decode(&bytes, width, height, next() % 32);
    }
    assert!(!is_plausible(b"\0") && !is_plausible(b"\0\x01\0") && decode(b"\0\x0F\0", 4, 4, 8).is_none());
}
