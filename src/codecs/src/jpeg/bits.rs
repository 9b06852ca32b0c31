//! Bits of entropy-coded segments (T.81 F.2.2.5): most significant first, a zero byte stuffed after each FF.

use super::huffman::{Codes, signed};
use super::window::Window;
use crate::{CodecError, Result};

/// Reads the entropy-coded segments of one scan.
pub(crate) struct Reader<'a> {
    data: &'a [u8],
    pos: usize,
    /// The next bits, at the top; below `count` bits, only such that will be read again.
    front: u64,
    count: u32,
    /// Bits at the bottom that are not in the stream: a marker or the end came before.
    invented: u32,
    hidden: bool,
}

impl<'a> Reader<'a> {
    /// Reads from `pos` on.
    pub(crate) fn new(data: &'a [u8], pos: usize) -> Self {
        Self { data, pos, front: 0, count: 0, invented: 0, hidden: false }
    }

    /// Makes 32 bits ready: a code and the bits that follow it.
    #[inline]
    pub(crate) fn need(&mut self) -> Result<()> {
        if self.count >= 32 { Ok(()) } else { self.refill() }
    }

    /// The next symbol; after [`need`](Self::need).
    #[inline]
    pub(crate) fn symbol(&mut self, codes: &Codes) -> Result<u8> {
        let (length, symbol) = codes.look(u16::try_from(self.front >> 48).unwrap_or(0)).ok_or(CodecError::Damaged)?;
        self.skip(length);
        Ok(symbol)
    }

    /// The next `size` bits, 16 at most; after [`need`](Self::need).
    #[inline]
    pub(crate) fn bits(&mut self, size: u32) -> u32 {
        // Two shifts, since one by 64 has no meaning.
        let bits = (self.front >> 1 >> (63 - size.min(63))) & 0xFFFF;
        self.skip(size);
        u32::try_from(bits).unwrap_or(0)
    }

    /// The next symbol and the signed number after it, whose size its low four bits say; after [`need`](Self::need).
    #[inline]
    pub(crate) fn symbol_and_number(&mut self, codes: &Codes) -> Result<(u8, i32)> {
        let front = u16::try_from(self.front >> 48).unwrap_or(0);
        if let Some((length, symbol, number)) = codes.look_pair(front) {
            self.skip(length);
            return Ok((symbol, number));
        }
        let symbol = self.symbol(codes)?;
        let size = u32::from(symbol & 15);
        let bits = i32::try_from(self.bits(size)).unwrap_or(0);
        Ok((symbol, signed(bits, size)))
    }

    #[inline]
    fn skip(&mut self, n: u32) {
        self.front <<= n;
        self.count = self.count.saturating_sub(n);
    }

    fn refill(&mut self) -> Result<()> {
        if let Some(chunk) = self.data.get(self.pos..).and_then(|rest| rest.first_chunk::<8>()) {
            let word = u64::from_be_bytes(*chunk);
            if !holds_ff(word) {
                self.front |= word >> self.count;
                let bytes = (63 - self.count) / 8;
                self.pos += bytes as usize;
                self.count += 8 * bytes;
                return Ok(());
            }
        }
        self.refill_bytewise()
    }

    fn refill_bytewise(&mut self) -> Result<()> {
        self.check()?;
        while self.count <= 48 {
            let byte = match (self.data.get(self.pos), self.data.get(self.pos + 1)) {
                (Some(0xFF), Some(0)) => {
                    self.pos += 2;
                    0xFF
                }
                (Some(byte), _) if *byte != 0xFF => {
                    self.pos += 1;
                    *byte
                }
                _ => {
                    self.invented += 8;
                    0
                }
            };
            self.front |= u64::from(byte) << (56 - self.count);
            self.count += 8;
        }
        Ok(())
    }

    /// Fails when bits were used that are not in the stream.
    fn check(&self) -> Result<()> {
        if self.count < self.invented { Err(CodecError::Damaged) } else { Ok(()) }
    }

    /// Ends an interval and steps over the restart marker `number` after it.
    pub(crate) fn restart(&mut self, number: u8) -> Result<()> {
        let marker = self.end()?;
        if marker != 0xD0 | number & 7 {
            return Err(CodecError::Damaged);
        }
        self.pos += 2;
        Ok(())
    }

    /// Ends an interval: goes to the marker after it, gives its code.
    pub(crate) fn end(&mut self) -> Result<u8> {
        self.check()?;
        for _ in 0..(self.count - self.invented) / 8 {
            let before = self.data.get(..self.pos).unwrap_or_default();
            self.pos -= if before.ends_with(&[0xFF, 0]) { 2 } else { 1 };
        }
        (self.front, self.count, self.invented) = (0, 0, 0);
        loop {
            match self.data.get(self.pos..).unwrap_or_default() {
                [0xFF, 0xFF, ..] => self.pos += 1,
                [0xFF, code @ 1..=0xFF, ..] => return Ok(*code),
                [_, _, ..] => {
                    self.hidden = true;
                    self.pos += 1;
                }
                _ => return Err(CodecError::Damaged),
            }
        }
    }

    /// Takes the bytes of the interval that begins here, without their stuffing, so that the reader stands at the marker
    /// after them. Not after bits were read.
    pub(crate) fn interval(&mut self, out: &mut Vec<u8>) -> Result<()> {
        loop {
            let rest = self.data.get(self.pos..).unwrap_or_default();
            let plain = before_ff(rest);
            out.extend_from_slice(rest.get(..plain).unwrap_or_default());
            self.pos += plain;
            match rest.get(plain..) {
                Some([0xFF, 0, ..]) => {
                    out.push(0xFF);
                    self.pos += 2;
                }
                Some([0xFF, _, ..]) => return Ok(()),
                _ => return Err(CodecError::Damaged),
            }
        }
    }

    /// Notes that bytes of an interval belong to no unit.
    pub(crate) fn note_hidden(&mut self) {
        self.hidden = true;
    }

    /// Where the reader stands: after [`end`](Self::end), at a marker.
    pub(crate) fn position(&self) -> usize {
        self.pos
    }

    /// Bytes came before a marker that belong to no unit.
    pub(crate) fn found_hidden(&self) -> bool {
        self.hidden
    }
}

/// Bytes before the first FF.
fn before_ff(bytes: &[u8]) -> usize {
    let words = bytes.chunks_exact(8).map(|chunk| chunk.first_chunk().map_or(u64::MAX, |c| u64::from_ne_bytes(*c)));
    let skipped = 8 * words.take_while(|word| !holds_ff(*word)).count();
    let rest = bytes.get(skipped..).unwrap_or_default();
    skipped + rest.iter().position(|byte| *byte == 0xFF).unwrap_or(rest.len())
}

/// True when one of the eight bytes is FF.
fn holds_ff(word: u64) -> bool {
    const ONES: u64 = 0x0101_0101_0101_0101;
    let zeros = !word;
    zeros.wrapping_sub(ONES) & word & (ONES << 7) != 0
}

/// Writes entropy-coded segments.
#[derive(Default)]
pub(crate) struct Writer {
    out: Vec<u8>,
    front: u64,
    count: u32,
}

impl Writer {
    /// Writes the lowest `length` bits, 32 at most; the others are zero.
    #[inline]
    pub(crate) fn put(&mut self, bits: u32, length: u32) {
        self.front = self.front << length | u64::from(bits);
        self.count += length;
        if self.count >= 32 {
            self.count -= 32;
            let word = u32::try_from(self.front >> self.count & 0xFFFF_FFFF).unwrap_or(0);
            if holds_ff(u64::from(word)) {
                word.to_be_bytes().into_iter().for_each(|byte| self.byte(byte));
            } else {
                self.out.extend_from_slice(&word.to_be_bytes());
            }
        }
    }

    /// Copies bits of an interval, from one position to another.
    pub(crate) fn copy(&mut self, bytes: &[u8], from: u32, to: u32) -> Result<()> {
        let mut window = Window::at(bytes, from)?;
        let length = to.saturating_sub(from);
        for _ in 0..length / 32 {
            self.put(window.word(bytes)?, 32);
        }
        let rest = length % 32;
        self.put(u32::try_from(u64::from(window.word(bytes)?) >> (32 - rest)).unwrap_or(0), rest);
        Ok(())
    }

    fn byte(&mut self, byte: u8) {
        self.out.push(byte);
        if byte == 0xFF {
            self.out.push(0);
        }
    }

    /// Fills the last byte with ones.
    fn pad(&mut self) {
        let free = (8 - self.count % 8) % 8;
        self.put((1 << free) - 1, free);
        for shift in (0..self.count / 8).rev() {
            let byte = u8::try_from(self.front >> (8 * shift) & 0xFF).unwrap_or(0);
            self.byte(byte);
        }
        (self.front, self.count) = (0, 0);
    }

    /// Ends an interval with the restart marker `number`.
    pub(crate) fn restart(&mut self, number: u8) {
        self.pad();
        self.out.extend([0xFF, 0xD0 | number & 7]);
    }

    /// Ends the scan.
    pub(crate) fn finish(mut self) -> Vec<u8> {
        self.pad();
        self.out
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let mut writer = Writer::default();
        let values: Vec<(u32, u32)> = (0..4000_u32).map(|i| (i % 16, i.wrapping_mul(2_654_435_761))).collect();
        for (size, value) in &values {
            writer.put(value & ((1 << size) - 1), *size);
        }
        writer.put(0xFFFF, 16);
        let mut data = writer.finish();
        data.extend([0xFF, 0xD9]);
        let mut reader = Reader::new(&data, 0);
        for (size, value) in &values {
            reader.need().unwrap();
            assert_eq!(reader.bits(*size), value & ((1 << size) - 1));
        }
        reader.need().unwrap();
        assert_eq!(reader.bits(16), 0xFFFF);
        assert_eq!(reader.end(), Ok(0xD9));
        assert_eq!(reader.position(), data.len() - 2);
        assert!(!reader.found_hidden());
    }

    #[test]
    fn bits_after_the_end_are_a_fault() {
        let mut reader = Reader::new(&[0x12, 0xFF, 0xD9], 0);
        reader.need().unwrap();
        reader.bits(9);
        assert_eq!(reader.end(), Err(CodecError::Damaged));
    }

    #[test]
    fn bytes_between_the_last_unit_and_a_marker_are_seen() {
        let mut reader = Reader::new(&[0x12, 0x34, 0xFF, 0, 0xFF, 0xFF, 0xD0, 0xFF, 0xD9], 0);
        reader.need().unwrap();
        assert_eq!(reader.bits(8), 0x12);
        assert_eq!(reader.restart(0), Ok(()));
        assert!(reader.found_hidden());
        assert_eq!(reader.end(), Ok(0xD9));
    }
}
