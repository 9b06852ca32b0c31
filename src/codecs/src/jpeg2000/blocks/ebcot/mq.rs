//! The arithmetic coder of part 1 (T.800 annex C), and the bits that stand for themselves where it is bypassed.
//!
//! What lies beyond the end of a codeword reads as ones.

use super::passes::Coder;

/// The states of all contexts: the row of the table, doubled, and the symbol that is more probable.
///
/// There are 19; the others are never met.
#[derive(Clone, Copy)]
pub struct Contexts([u8; 32]);

/// The context of runs, and that of decisions which are as probable as not.
pub const RUN: usize = 17;
pub const UNIFORM: usize = 18;

impl Contexts {
    /// T.800 table D.7.
    pub fn new() -> Self {
        let mut states = [0; 32];
        (states[0], states[RUN], states[UNIFORM]) = (4 << 1, 3 << 1, 46 << 1);
        Self(states)
    }
}

/// What the less probable symbol gets of the interval, and the states that follow on either symbol.
#[derive(Clone, Copy)]
struct Row {
    share: u32,
    more: u8,
    less: u8,
}

/// T.800 table C.2: the share, the next row after either symbol, and whether the other symbol becomes more probable.
const STATES: [(u32, u8, u8, bool); 47] = [
    (0x5601, 1, 1, true),
    (0x3401, 2, 6, false),
    (0x1801, 3, 9, false),
    (0x0AC1, 4, 12, false),
    (0x0521, 5, 29, false),
    (0x0221, 38, 33, false),
    (0x5601, 7, 6, true),
    (0x5401, 8, 14, false),
    (0x4801, 9, 14, false),
    (0x3801, 10, 14, false),
    (0x3001, 11, 17, false),
    (0x2401, 12, 18, false),
    (0x1C01, 13, 20, false),
    (0x1601, 29, 21, false),
    (0x5601, 15, 14, true),
    (0x5401, 16, 14, false),
    (0x5101, 17, 15, false),
    (0x4801, 18, 16, false),
    (0x3801, 19, 17, false),
    (0x3401, 20, 18, false),
    (0x3001, 21, 19, false),
    (0x2801, 22, 19, false),
    (0x2401, 23, 20, false),
    (0x2201, 24, 21, false),
    (0x1C01, 25, 22, false),
    (0x1801, 26, 23, false),
    (0x1601, 27, 24, false),
    (0x1401, 28, 25, false),
    (0x1201, 29, 26, false),
    (0x1101, 30, 27, false),
    (0x0AC1, 31, 28, false),
    (0x09C1, 32, 29, false),
    (0x08A1, 33, 30, false),
    (0x0521, 34, 31, false),
    (0x0441, 35, 32, false),
    (0x02A1, 36, 33, false),
    (0x0221, 37, 34, false),
    (0x0141, 38, 35, false),
    (0x0111, 39, 36, false),
    (0x0085, 40, 37, false),
    (0x0049, 41, 38, false),
    (0x0025, 42, 39, false),
    (0x0015, 43, 40, false),
    (0x0009, 44, 41, false),
    (0x0005, 45, 42, false),
    (0x0001, 45, 43, false),
    (0x5601, 46, 46, false),
];

/// By state.
const ROWS: [Row; 128] = {
    let mut rows = [Row { share: 0x5601, more: 92, less: 92 }; 128];
    let mut at = 0;
    while at < 94 {
        let (share, more, less, switches) = STATES[at / 2];
        let symbol = if at % 2 == 1 { 1 } else { 0 };
        rows[at] = Row { share, more: more << 1 | symbol, less: less << 1 | symbol ^ switches as u8 };
        at += 1;
    }
    rows
};

/// A context's state.
#[inline]
fn state(contexts: &mut Contexts, context: usize) -> (&mut u8, Row, bool) {
    let state = &mut contexts.0[context & 31];
    let (row, symbol) = (ROWS[usize::from(*state & 127)], *state & 1 == 1);
    (state, row, symbol)
}

/// Reads decisions (T.800 C.3).
pub struct Decoder<'a> {
    bytes: &'a [u8],
    next: usize,
    last: u32,
    interval: u32,
    code: u32,
    held: u32,
    pub contexts: Contexts,
}

impl<'a> Decoder<'a> {
    pub fn new(bytes: &'a [u8], contexts: Contexts) -> Self {
        let last = u32::from(bytes.first().copied().unwrap_or(0xFF));
        let mut decoder = Self { bytes, next: 1, last, interval: 0x8000, code: last << 16, held: 0, contexts };
        decoder.take();
        decoder.code <<= 7;
        decoder.held -= 7;
        decoder
    }

    /// The next byte: behind FF only seven bits, or the end. Of a damaged codeword the highest bits may be lost.
    #[inline]
    fn take(&mut self) {
        let byte = u32::from(self.bytes.get(self.next).copied().unwrap_or(0xFF));
        if self.last != 0xFF {
            self.code = self.code.wrapping_add(byte << 8);
            self.held = 8;
        } else if byte <= 0x8F {
            self.code = self.code.wrapping_add(byte << 9);
            self.held = 7;
        } else {
            self.code = self.code.wrapping_add(0xFF00);
            self.held = 8;
            return;
        }
        self.last = byte;
        self.next += 1;
    }
}

impl Coder for Decoder<'_> {
    const READS: bool = true;
    const RAW: bool = false;

    #[inline]
    fn decide(&mut self, context: usize, _: bool) -> bool {
        let (state, row, symbol) = state(&mut self.contexts, context);
        self.interval -= row.share;
        let is_more;
        if self.code >> 16 < row.share {
            is_more = self.interval < row.share;
            self.interval = row.share;
        } else {
            self.code -= row.share << 16;
            if self.interval & 0x8000 != 0 {
                return symbol;
            }
            is_more = self.interval >= row.share;
        }
        *state = if is_more { row.more } else { row.less };
        loop {
            if self.held == 0 {
                self.take();
            }
            self.interval <<= 1;
            self.code <<= 1;
            self.held -= 1;
            if self.interval & 0x8000 != 0 {
                return symbol == is_more;
            }
        }
    }
}

/// Writes decisions (T.800 C.2).
pub struct Encoder {
    bytes: Vec<u8>,
    /// May still be raised by one; none before the first byte.
    last: Option<u8>,
    interval: u32,
    code: u32,
    /// Shifts until the next byte.
    left: u32,
    pub contexts: Contexts,
}

impl Encoder {
    pub fn new(contexts: Contexts) -> Self {
        Self { bytes: Vec::new(), last: None, interval: 0x8000, code: 0, left: 12, contexts }
    }

    #[inline]
    fn put(&mut self) {
        if self.code & 0x800_0000 != 0 && self.last != Some(0xFF) {
            self.last = self.last.map(|last| last + 1);
            self.code &= 0x7FF_FFFF;
        }
        let bits = if self.last == Some(0xFF) { 7 } else { 8 };
        self.bytes.extend(self.last);
        self.last = Some((self.code >> (27 - bits)).to_le_bytes()[0]);
        self.code &= (1 << (27 - bits)) - 1;
        self.left = bits;
    }

    /// Ends the codeword (T.800 C.2.9).
    pub fn finish(mut self) -> Vec<u8> {
        let most = self.code + self.interval;
        self.code |= 0xFFFF;
        if self.code >= most {
            self.code -= 0x8000;
        }
        for _ in 0..2 {
            self.code <<= self.left;
            self.put();
        }
        self.bytes.extend(self.last.filter(|&last| last != 0xFF));
        self.bytes
    }
}

impl Coder for Encoder {
    const READS: bool = false;
    const RAW: bool = false;

    #[inline]
    fn decide(&mut self, context: usize, bit: bool) -> bool {
        let (state, row, symbol) = state(&mut self.contexts, context);
        self.interval -= row.share;
        let is_more = bit == symbol;
        if is_more && self.interval & 0x8000 != 0 {
            self.code += row.share;
            return bit;
        }
        // The larger part is that of the more probable symbol.
        if is_more == (self.interval < row.share) {
            self.interval = row.share;
        } else {
            self.code += row.share;
        }
        *state = if is_more { row.more } else { row.less };
        while self.interval & 0x8000 == 0 {
            self.interval <<= 1;
            self.code <<= 1;
            self.left -= 1;
            if self.left == 0 {
                self.put();
            }
        }
        bit
    }
}

/// Reads bits as they are (T.800 D.6).
pub struct RawDecoder<'a> {
    bytes: core::slice::Iter<'a, u8>,
    byte: u8,
    held: u32,
}

impl<'a> RawDecoder<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes: bytes.iter(), byte: 0, held: 0 }
    }
}

impl Coder for RawDecoder<'_> {
    const READS: bool = true;
    const RAW: bool = true;

    #[inline]
    fn decide(&mut self, _: usize, _: bool) -> bool {
        if self.held == 0 {
            let next = self.bytes.as_slice().first().copied().unwrap_or(0xFF);
            self.held = 8;
            if self.byte != 0xFF || next <= 0x8F {
                self.held -= u32::from(self.byte == 0xFF);
                self.byte = next;
                self.bytes.next();
            }
        }
        self.held -= 1;
        self.byte >> self.held & 1 == 1
    }
}

/// Writes bits as they are.
#[derive(Default)]
pub struct RawEncoder {
    bytes: Vec<u8>,
    byte: u8,
    held: u32,
}

impl RawEncoder {
    fn put(&mut self, bit: bool) {
        self.byte = self.byte << 1 | u8::from(bit);
        self.held += 1;
        if self.held == if self.bytes.last() == Some(&0xFF) { 7 } else { 8 } {
            self.bytes.push(self.byte);
            (self.byte, self.held) = (0, 0);
        }
    }

    /// The bytes, filled up with zeros and ones in turn, and without a last FF.
    pub fn finish(mut self) -> Vec<u8> {
        let mut fill = false;
        while self.held > 0 {
            self.put(fill);
            fill = !fill;
        }
        if self.bytes.last() == Some(&0xFF) {
            self.bytes.pop();
        }
        self.bytes
    }
}

impl Coder for RawEncoder {
    const READS: bool = false;
    const RAW: bool = true;

    #[inline]
    fn decide(&mut self, _: usize, bit: bool) -> bool {
        self.put(bit);
        bit
    }
}
