//! Bits of an interval from which the stuffing was taken away, read from any position on.

use super::huffman::{Codes, signed};
use crate::{CodecError, Result};

/// Bytes that have to follow an interval, since a window looks ahead.
pub(crate) const AHEAD: [u8; 8] = [0; 8];

/// The bits at a position. The bytes that they stand in are given to each reading.
#[derive(Clone, Copy, Default)]
pub(crate) struct Window {
    /// The next byte.
    pos: usize,
    /// The next bits, at the top; zeros after `count` of them.
    front: u64,
    count: u32,
}

impl Window {
    /// At a bit, counted from the first of the bytes.
    pub(crate) fn at(bytes: &[u8], bit: u32) -> Result<Self> {
        let mut window = Self { pos: (bit / 8) as usize, front: 0, count: 0 };
        window.need(bytes)?;
        window.skip(bit % 8);
        Ok(window)
    }

    /// The position, counted in bits from the first of the bytes; their bits are fewer than 2^32.
    #[inline]
    pub(crate) fn position(&self) -> u32 {
        u32::try_from(self.pos).unwrap_or(0).wrapping_mul(8).wrapping_sub(self.count)
    }

    /// Makes 32 bits ready: a code and the bits that follow it.
    #[inline]
    pub(crate) fn need(&mut self, bytes: &[u8]) -> Result<()> {
        if self.count < 32 {
            let next = bytes.get(self.pos..).and_then(<[u8]>::first_chunk).ok_or(CodecError::Damaged)?;
            self.front |= u64::from(u32::from_be_bytes(*next)) << (32 - self.count);
            self.pos += 4;
            self.count += 32;
        }
        Ok(())
    }

    /// The next bits, 16 at most; after [`need`](Self::need).
    #[inline]
    pub(crate) fn look(&self, bits: u32) -> u16 {
        u16::try_from(self.front >> (64 - bits)).unwrap_or(0)
    }

    /// Steps over bits, 32 at most; after [`need`](Self::need).
    #[inline]
    pub(crate) fn skip(&mut self, bits: u32) {
        self.front <<= bits;
        self.count -= bits;
    }

    /// The next 32 bits.
    #[inline]
    pub(crate) fn word(&mut self, bytes: &[u8]) -> Result<u32> {
        self.need(bytes)?;
        let word = u32::try_from(self.front >> 32).unwrap_or(0);
        self.skip(32);
        Ok(word)
    }

    /// The next symbol and the signed number after it, whose size its low four bits say; after [`need`](Self::need).
    #[inline]
    pub(crate) fn symbol_and_number(&mut self, codes: &Codes) -> Result<(u8, i32)> {
        if let Some((length, symbol, number)) = codes.look_pair(self.look(16)) {
            self.skip(length);
            return Ok((symbol, number));
        }
        let (length, symbol) = codes.look(self.look(16)).ok_or(CodecError::Damaged)?;
        self.skip(length);
        let size = u32::from(symbol & 15);
        // Two shifts, since one by 64 has no meaning.
        let bits = i32::try_from(self.front >> 1 >> (63 - size)).unwrap_or(0);
        self.skip(size);
        Ok((symbol, signed(bits, size)))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
    use super::*;

    #[test]
    fn bits_are_read_from_any_position() {
        let mut bytes: Vec<u8> = (0..40_u8).map(|i| i.wrapping_mul(37)).collect();
        bytes.extend(AHEAD);
        let bit = |at: u32| bytes[at as usize / 8] >> (7 - at % 8) & 1;
        for from in 0..250 {
            let mut window = Window::at(&bytes, from).unwrap();
            for at in from..320 {
                window.need(&bytes).unwrap();
                assert_eq!((window.position(), window.look(1)), (at, u16::from(bit(at))));
                window.skip(1);
            }
            let word = (from..from + 32).fold(0, |word, at| word << 1 | u32::from(bit(at)));
            assert_eq!(Window::at(&bytes, from).unwrap().word(&bytes), Ok(word));
        }
        assert!(Window::at(&bytes, 8 * 45).is_err());
    }
}
