//! Bits of packet headers (T.800 B.10.1): most significant first; after a byte FF the next holds seven.

pub struct BitReader<'a> {
    bytes: &'a [u8],
    byte: u8,
    held: u32,
}

impl<'a> BitReader<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, byte: 0, held: 0 }
    }

    /// None where the bytes end, or hold a marker.
    pub fn bit(&mut self) -> Option<bool> {
        if self.held == 0 {
            self.next_byte()?;
        }
        self.held -= 1;
        Some(self.byte >> self.held & 1 == 1)
    }

    fn next_byte(&mut self) -> Option<()> {
        let stuffed = self.byte == 0xFF;
        let (&byte, rest) = self.bytes.split_first()?;
        if stuffed && byte > 0x7F {
            return None;
        }
        (self.byte, self.held, self.bytes) = (byte, if stuffed { 7 } else { 8 }, rest);
        Some(())
    }

    /// The next bits as a number; at most 32.
    pub fn bits(&mut self, count: u32) -> Option<u32> {
        (0..count).try_fold(0, |value, _| Some(value << 1 | u32::from(self.bit()?)))
    }

    /// What follows the header, which ends with a whole byte that is not FF.
    pub fn rest(mut self) -> Option<&'a [u8]> {
        if self.byte == 0xFF {
            self.next_byte()?;
        }
        Some(self.bytes)
    }
}

#[derive(Default)]
pub struct BitWriter {
    bytes: Vec<u8>,
    byte: u8,
    held: u32,
}

impl BitWriter {
    pub fn bit(&mut self, bit: bool) {
        self.byte = self.byte << 1 | u8::from(bit);
        self.held += 1;
        if self.held == if self.bytes.last() == Some(&0xFF) { 7 } else { 8 } {
            self.bytes.push(self.byte);
            (self.byte, self.held) = (0, 0);
        }
    }

    /// Writes the low `count` bits of a number.
    pub fn put(&mut self, value: u32, count: u32) {
        (0..count).rev().for_each(|at| self.bit(value >> at & 1 == 1));
    }

    pub fn finish(mut self) -> Vec<u8> {
        while self.held > 0 || self.bytes.last() == Some(&0xFF) {
            self.bit(false);
        }
        self.bytes
    }
}
