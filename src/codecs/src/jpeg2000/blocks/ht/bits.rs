//! The three parts of a code-block as bits (T.814 7.1.2 to 7.1.4).
//!
//! What lies beyond the end of a part reads as zeros, or as ones where the standard says so; what was read too much shows
//! in the samples, which are compared with those of another decoder.

use super::MEL_EXPONENTS;

/// Signs and magnitudes: forward, first bit lowest; ones beyond the end.
pub struct Magnitudes<'a> {
    bytes: core::slice::Iter<'a, u8>,
    cache: u64,
    held: u32,
    after_ff: bool,
}

impl<'a> Magnitudes<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes: bytes.iter(), cache: 0, held: 0, after_ff: false }
    }

    /// The next bits as a number; at most 32.
    #[inline]
    pub fn bits(&mut self, count: u32) -> u32 {
        while self.held < count {
            let byte = self.bytes.next().copied().unwrap_or(0xFF);
            self.cache |= u64::from(byte) << self.held;
            self.held += if self.after_ff { 7 } else { 8 };
            self.after_ff = byte == 0xFF;
        }
        let value = low(self.cache, count);
        self.cache >>= count;
        self.held -= count;
        value
    }
}

/// The low bits of a word; at most 32.
#[inline]
fn low(word: u64, count: u32) -> u32 {
    u32::try_from(word & ((1 << count) - 1)).unwrap_or(0)
}

/// Codes of quads: backward from the block's end, first bit lowest; zeros beyond the start.
pub struct Codewords<'a> {
    bytes: core::iter::Rev<core::slice::Iter<'a, u8>>,
    cache: u64,
    held: u32,
    /// The byte read last is above 8F, so a bit of the next may be stuffed.
    above_8f: bool,
}

impl<'a> Codewords<'a> {
    /// Of the MEL and VLC parts together; the last byte and half of the one before hold their length.
    pub fn new(suffix: &'a [u8]) -> Self {
        let mut bytes = suffix.iter().rev();
        bytes.next();
        let first = bytes.next().copied().unwrap_or(0);
        let held = if first >> 4 & 7 == 7 { 3 } else { 4 };
        Self { bytes, cache: u64::from(first >> 4 & ((1 << held) - 1)), held, above_8f: first | 15 > 0x8F }
    }

    /// At least 32 bits from here on, so that several codes can be taken by one look.
    #[inline]
    pub fn look(&mut self) -> u32 {
        while self.held < 32 {
            let byte = self.bytes.next().copied().unwrap_or(0);
            let stuffed = self.above_8f && byte & 0x7F == 0x7F;
            self.cache |= u64::from(byte & if stuffed { 0x7F } else { 0xFF }) << self.held;
            self.held += if stuffed { 7 } else { 8 };
            self.above_8f = byte > 0x8F;
        }
        low(self.cache, 32)
    }

    /// Steps over bits that were looked at.
    #[inline]
    pub fn step(&mut self, count: u32) {
        let count = count.min(self.held);
        self.cache >>= count;
        self.held -= count;
    }
}

/// Rare events: forward, first bit highest; ones beyond the end.
pub struct Events<'a> {
    bytes: core::slice::Iter<'a, u8>,
    byte: u8,
    held: u32,
    state: usize,
    run: u32,
    one: bool,
}

impl<'a> Events<'a> {
    /// Of the MEL and VLC parts together.
    pub fn new(suffix: &'a [u8]) -> Self {
        Self { bytes: suffix.iter(), byte: 0, held: 0, state: 0, run: 0, one: false }
    }

    #[inline]
    fn bit(&mut self) -> u32 {
        if self.held == 0 {
            self.held = if self.byte == 0xFF { 7 } else { 8 };
            // The last byte and half of the one before are the length of both parts; they read as ones.
            self.byte = match self.bytes.len() {
                0 | 1 => 0xFF,
                2 => self.bytes.next().copied().unwrap_or(0xFF) | 15,
                _ => self.bytes.next().copied().unwrap_or(0xFF),
            };
        }
        self.held -= 1;
        u32::from(self.byte >> self.held & 1)
    }

    /// Whether the event happens.
    #[inline]
    pub fn next(&mut self) -> bool {
        if self.run == 0 && !self.one {
            let exponent = MEL_EXPONENTS[self.state.min(12)];
            if self.bit() == 1 {
                self.run = 1 << exponent;
                self.state = (self.state + 1).min(12);
            } else {
                self.run = (0..exponent).fold(0, |run, _| run << 1 | self.bit());
                self.state = self.state.saturating_sub(1);
                self.one = true;
            }
        }
        if self.run > 0 {
            self.run -= 1;
            return false;
        }
        self.one = false;
        true
    }
}

/// Writes signs and magnitudes.
#[derive(Default)]
pub struct MagnitudeWriter {
    bytes: Vec<u8>,
    cache: u64,
    held: u32,
}

impl MagnitudeWriter {
    /// Writes the low `count` bits of a number, which has no other; at most 32.
    #[inline]
    pub fn put(&mut self, value: u32, count: u32) {
        self.cache |= u64::from(value) << self.held;
        self.held += count;
        while let width = self.width()
            && self.held >= width
        {
            self.bytes.push(u8::try_from(low(self.cache, width)).unwrap_or(0));
            self.cache >>= width;
            self.held -= width;
        }
    }

    fn width(&self) -> u32 {
        if self.bytes.last() == Some(&0xFF) { 7 } else { 8 }
    }

    /// The bytes: filled up with ones, and without a last FF, which reads as what lies beyond the end.
    pub fn finish(mut self) -> Vec<u8> {
        if self.held > 0 {
            let width = self.width();
            self.put((1 << (width - self.held)) - 1, width - self.held);
        }
        if self.bytes.last() == Some(&0xFF) {
            self.bytes.pop();
        }
        self.bytes
    }
}

/// Writes codes of quads; its bytes come in the order in which they are written, from the block's end.
pub struct CodewordWriter {
    bytes: Vec<u8>,
    cache: u64,
    held: u32,
}

impl Default for CodewordWriter {
    /// Room for the length of both parts comes first: a byte and half of one.
    fn default() -> Self {
        Self { bytes: vec![0xFF], cache: 15, held: 4 }
    }
}

impl CodewordWriter {
    /// Writes the low `count` bits of a number, which has no other; at most 32.
    #[inline]
    pub fn put(&mut self, value: u32, count: u32) {
        self.cache |= u64::from(value) << self.held;
        self.held += count;
        while self.held >= 8 {
            self.push();
        }
    }

    fn push(&mut self) {
        let stuffed = self.cache & 0x7F == 0x7F && self.bytes.last().is_some_and(|&last| last > 0x8F);
        let width = if stuffed { 7 } else { 8 };
        self.bytes.push(u8::try_from(low(self.cache, width)).unwrap_or(0));
        self.cache >>= width;
        self.held = self.held.saturating_sub(width);
    }

    pub fn finish(mut self) -> Vec<u8> {
        while self.held > 0 {
            self.push();
        }
        self.bytes
    }
}

/// Writes rare events.
#[derive(Default)]
pub struct EventWriter {
    bytes: Vec<u8>,
    byte: u8,
    held: u32,
    state: usize,
    run: u32,
}

impl EventWriter {
    fn bit(&mut self, bit: u32) {
        self.byte = self.byte << 1 | u8::from(bit & 1 == 1);
        self.held += 1;
        if self.held == self.width() {
            self.bytes.push(self.byte);
            (self.byte, self.held) = (0, 0);
        }
    }

    fn width(&self) -> u32 {
        if self.bytes.last() == Some(&0xFF) { 7 } else { 8 }
    }

    pub fn put(&mut self, happens: bool) {
        let exponent = MEL_EXPONENTS[self.state.min(12)];
        if happens {
            self.bit(0);
            (0..exponent).rev().for_each(|at| self.bit(self.run >> at));
            self.run = 0;
            self.state = self.state.saturating_sub(1);
        } else {
            self.run += 1;
            if self.run >> exponent > 0 {
                self.bit(1);
                self.run = 0;
                self.state = (self.state + 1).min(12);
            }
        }
    }

    /// The bytes, filled up with zeros; none is FF at the end.
    pub fn finish(mut self) -> Vec<u8> {
        if self.run > 0 {
            self.bit(1);
        }
        while self.held > 0 || self.bytes.last() == Some(&0xFF) {
            self.bit(0);
        }
        self.bytes
    }
}
