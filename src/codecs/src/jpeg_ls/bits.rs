//! Bits of a JPEG-LS scan (T.87 annex A.1, C.2.1): after a byte FF the next byte holds seven bits, its first is 0.

use crate::{CodecError, Result};

/// Whether one of four bytes is FF.
#[inline]
fn holds_ff(bytes: u32) -> bool {
    let inverse = !bytes;
    inverse.wrapping_sub(0x0101_0101) & bytes & 0x8080_8080 != 0
}

/// Reads bits, most significant first. It ends where its bytes end: nothing is made up.
pub struct BitReader<'a> {
    bytes: &'a [u8],
    /// What was read and not yet taken, left-aligned.
    cache: u64,
    held: u32,
    after_ff: bool,
}

impl<'a> BitReader<'a> {
    /// A reader of a scan's bytes, without the marker that ends them.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, cache: 0, held: 0, after_ff: false }
    }

    #[inline]
    fn fill(&mut self) {
        if let Some((four, rest)) = self.bytes.split_first_chunk::<4>()
            && !self.after_ff
            && self.held <= 32
        {
            let four = u32::from_be_bytes(*four);
            if !holds_ff(four) {
                self.cache |= u64::from(four) << (32 - self.held);
                self.held += 32;
                self.bytes = rest;
                return;
            }
        }
        self.fill_bytewise();
    }

    #[inline(never)]
    fn fill_bytewise(&mut self) {
        while self.held <= 56 {
            let Some((&byte, rest)) = self.bytes.split_first() else { return };
            let width = if self.after_ff { 7 } else { 8 };
            self.cache |= u64::from(byte) << (64 - width - self.held);
            self.held += width;
            self.after_ff = byte == 0xFF;
            self.bytes = rest;
        }
    }

    #[inline]
    fn drop_bits(&mut self, count: u32) {
        self.cache = self.cache.checked_shl(count).unwrap_or(0);
        self.held -= count;
    }

    /// The next bits as a number; at most 32.
    #[inline]
    pub fn bits(&mut self, count: u32) -> Result<u32> {
        if count == 0 {
            return Ok(0);
        }
        if self.held < count {
            self.fill();
            if self.held < count {
                return Err(CodecError::Damaged);
            }
        }
        let value = self.cache >> (64 - count);
        self.drop_bits(count);
        Ok(u32::try_from(value).unwrap_or(u32::MAX))
    }

    /// Zeros, fewer than `below`, the one after them, and `count` bits, 24 at most, all as one number; `None`, and nothing
    /// is taken, where they are more or not at hand.
    #[inline]
    pub fn short(&mut self, below: u32, count: u32) -> Option<u32> {
        if self.held < 32 {
            self.fill();
        }
        let zeros = self.cache.leading_zeros();
        let length = zeros + 1 + count;
        if zeros >= below || length > self.held.min(63) {
            return None;
        }
        // Two shifts, since one by 64 has no meaning.
        let value = (self.cache << (zeros + 1)) >> 1 >> (63 - count);
        self.cache <<= length;
        self.held -= length;
        Some((zeros << count) | u32::try_from(value).unwrap_or(0))
    }

    /// How many zeros come before the next one, which is taken too. More than `most` is damage.
    #[inline]
    pub fn zeros(&mut self, most: u32) -> Result<u32> {
        let mut count = 0;
        loop {
            if self.held < 32 {
                self.fill();
            }
            let zeros = self.cache.leading_zeros();
            if zeros < self.held {
                count += zeros;
                self.drop_bits(zeros + 1);
                return if count <= most { Ok(count) } else { Err(CodecError::Damaged) };
            }
            count += self.held;
            if self.held == 0 || count > most {
                return Err(CodecError::Damaged);
            }
            self.drop_bits(self.held);
        }
    }

    /// Whether what is left is the padding of the last byte: less than a byte of zeros, or the byte 00 that follows an FF.
    pub fn at_end(&mut self) -> bool {
        self.fill();
        self.held < 16 && self.cache == 0 && self.bytes.is_empty()
    }
}

/// Writes bits, most significant first.
pub struct BitWriter {
    bytes: Vec<u8>,
    cache: u64,
    held: u32,
    after_ff: bool,
}

impl BitWriter {
    /// A writer that goes on behind what is there.
    pub fn new(bytes: Vec<u8>) -> Self {
        Self { bytes, cache: 0, held: 0, after_ff: false }
    }

    /// Writes the low `count` bits of a number; at most 32.
    #[inline]
    pub fn put(&mut self, value: u32, count: u32) {
        self.cache = (self.cache << count) | u64::from(value);
        self.held += count;
        if self.held >= 32 {
            self.flush();
        }
    }

    /// Writes whole bytes: four at once where that is the same, else all that are held.
    fn flush(&mut self) {
        if !self.after_ff && self.held >= 32 {
            let [first, second, third, fourth, ..] = (self.cache >> (self.held - 32)).to_le_bytes();
            let four = [fourth, third, second, first];
            if !holds_ff(u32::from_be_bytes(four)) {
                self.bytes.extend(four);
                self.held -= 32;
                return;
            }
        }
        loop {
            let width = if self.after_ff { 7 } else { 8 };
            if self.held < width {
                return;
            }
            self.held -= width;
            let byte = (self.cache >> self.held).to_le_bytes()[0] & (0xFF >> (8 - width));
            self.bytes.push(byte);
            self.after_ff = byte == 0xFF;
        }
    }

    /// Writes zeros and a one.
    #[inline]
    pub fn unary(&mut self, mut zeros: u32) {
        while zeros > 31 {
            self.put(0, 31);
            zeros -= 31;
        }
        self.put(1, zeros + 1);
    }

    /// Fills the last byte with zeros; an FF at the end gets its byte of seven bits, so that no marker is read there.
    pub fn finish(mut self) -> Vec<u8> {
        self.flush();
        self.flush();
        let width = if self.after_ff { 7 } else { 8 };
        if self.held > 0 {
            self.put(0, width - self.held);
            self.flush();
        }
        if self.after_ff {
            self.put(0, 7);
            self.flush();
        }
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let mut writer = BitWriter::new(Vec::new());
        let values: Vec<(u32, u32)> = (0..500u32).map(|n| (n.wrapping_mul(0x9E37_79B9) >> 20, 12)).collect();
        for &(value, count) in &values {
            writer.put(value | 0xFF0, count);
            writer.unary(value % 60);
        }
        let bytes = writer.finish();
        assert!(bytes.windows(2).all(|pair| pair[0] != 0xFF || pair[1] < 0x80));
        let mut reader = BitReader::new(&bytes);
        for &(value, count) in &values {
            assert_eq!(reader.bits(count), Ok(value | 0xFF0));
            assert_eq!(reader.zeros(60), Ok(value % 60));
        }
        assert!(reader.at_end());
        assert!(reader.bits(16).is_err());
    }
}
