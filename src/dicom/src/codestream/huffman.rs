//! Entropy-coded segments of sequential and lossless JPEG (T.81 F.2.2, H.2), decoded only as far as to see where each
//! one ends: what lies between its last unit and the next marker is seen by no decoder.

use super::markers;
use super::stream::Stream;
use crate::Result;

/// Bits that one look at the table resolves.
const FAST: u32 = 9;

/// A Huffman table (T.81 annex C).
pub(crate) struct Codes {
    /// By the next nine bits: length of the code and its symbol; length 0 where the code is longer.
    fast: Vec<(u8, u8)>,
    /// By length: first code, number of codes, index of the first symbol.
    lengths: [(u32, u32, usize); 17],
    symbols: Vec<u8>,
}

impl Codes {
    /// From BITS and HUFFVAL of a DHT segment.
    pub(crate) fn new(counts: [u8; 16], symbols: Vec<u8>) -> Self {
        let mut fast = vec![(0, 0); 1 << FAST];
        let mut lengths = [(0, 0, 0); 17];
        let (mut code, mut first) = (0_u32, 0_usize);
        for (length, count) in (1_u32..).zip(counts) {
            if let Some(entry) = lengths.get_mut(length as usize) {
                *entry = (code, u32::from(count), first);
            }
            for symbol in symbols.iter().skip(first).take(usize::from(count)) {
                if length <= FAST {
                    let start = (code << (FAST - length)) as usize;
                    let run = fast.get_mut(start..start + (1 << (FAST - length))).unwrap_or_default();
                    run.fill((u8::try_from(length).unwrap_or(0), *symbol));
                }
                code += 1;
            }
            first += usize::from(count);
            code <<= 1;
        }
        Self { fast, lengths, symbols }
    }

    /// Length and symbol of the code at the front of 16 bits.
    fn look(&self, bits: u32) -> Option<(u32, u8)> {
        if let Some((length @ 1.., symbol)) = self.fast.get((bits >> (16 - FAST)) as usize) {
            return Some((u32::from(*length), *symbol));
        }
        for (length, (code, count, first)) in (0_u32..).zip(self.lengths).skip(FAST as usize + 1) {
            let offset = (bits >> (16 - length)).wrapping_sub(code);
            if offset < count {
                return self.symbols.get(first + offset as usize).map(|s| (length, *s));
            }
        }
        None
    }
}

/// Units of one component in an MCU.
pub(crate) struct Unit<'t> {
    /// Blocks, or samples of lossless JPEG.
    pub(crate) count: u32,
    /// Table for DC differences, or lossless differences.
    pub(crate) dc: &'t Codes,
    /// Table for AC coefficients; `None` for lossless JPEG.
    pub(crate) ac: Option<&'t Codes>,
}

/// What a scan holds.
pub(crate) struct Scan<'t> {
    pub(crate) units: Vec<Unit<'t>>,
    /// MCUs of the whole scan.
    pub(crate) mcus: u64,
    /// MCUs between restart markers; 0: none.
    pub(crate) restart: u64,
}

/// Walks a scan whose data begin at `start`. Adds the runs that decoders see, `RSTn` included, and returns where the next
/// marker is to be looked for.
pub(crate) fn walk(s: &mut Stream<'_>, start: u64, scan: &Scan<'_>, kept: &mut Vec<(u64, u64)>) -> Result<u64> {
    let mut left = scan.mcus;
    let mut from = start;
    let mut bits = Bits::new(s, start);
    let mut expected = 0xD0;
    loop {
        let interval = if scan.restart == 0 { left } else { left.min(scan.restart) };
        for _ in 0..interval {
            for unit in &scan.units {
                for _ in 0..unit.count {
                    bits.unit(unit)?;
                }
            }
        }
        left -= interval;
        let end = bits.end()?;
        let mut marker = markers::next(bits.s, end)?;
        if left == 0 {
            // A restart marker after the last unit restarts nothing.
            let mut next = end;
            while (0xD0..=0xD7).contains(&marker.code) {
                next = marker.at + 2;
                marker = markers::next(bits.s, next)?;
            }
            kept.push((from, end));
            return Ok(next);
        }
        if marker.code != expected || kept.len() > markers::MAX_RUNS {
            return Err(bits.s.mismatch(marker.at));
        }
        expected = 0xD0 | (expected + 1) & 7;
        if marker.at != end {
            kept.push((from, end));
            from = marker.at;
        }
        bits.restart(marker.at + 2);
    }
}

/// Entropy-coded bits, most significant first, without stuffed bytes.
struct Bits<'s, 'a> {
    s: &'s mut Stream<'a>,
    /// A copy of the stream from `base` on, and how far it is taken.
    buffer: Vec<u8>,
    base: u64,
    taken: usize,
    /// The next bits, at the top, and how many they are.
    front: u64,
    count: u32,
    /// Bits at the bottom that are not in the stream: a marker came before.
    invented: u32,
}

impl<'s, 'a> Bits<'s, 'a> {
    fn new(s: &'s mut Stream<'a>, start: u64) -> Self {
        Self { s, buffer: Vec::new(), base: start, taken: 0, front: 0, count: 0, invented: 0 }
    }

    fn restart(&mut self, pos: u64) {
        let inside = pos.checked_sub(self.base).and_then(|n| usize::try_from(n).ok());
        if let Some(n) = inside.filter(|n| *n <= self.buffer.len()) {
            self.taken = n;
        } else {
            self.buffer.clear();
            self.base = pos;
            self.taken = 0;
        }
        (self.front, self.count, self.invented) = (0, 0, 0);
    }

    /// Position after the last byte of which a bit was used.
    fn end(&mut self) -> Result<u64> {
        let mut pos = self.base + self.taken as u64;
        for _ in 0..(self.count - self.invented.min(self.count)) / 8 {
            let stuffed = pos >= 2 && self.s.array::<2>(pos - 2)? == [0xFF, 0];
            pos -= if stuffed { 2 } else { 1 };
        }
        Ok(pos)
    }

    /// One block, or one lossless sample.
    fn unit(&mut self, unit: &Unit<'_>) -> Result<()> {
        let category = self.symbol(unit.dc)?;
        let Some(ac) = unit.ac else {
            // Category 16 stands for 32768 and has no more bits (T.81 H.1.2.2).
            return if category == 16 { Ok(()) } else { self.skip(category) };
        };
        self.skip(category)?;
        let mut k = 1;
        while k < 64 {
            let symbol = self.coefficient(ac)?;
            match (symbol >> 4, symbol & 15) {
                (15, 0) => k += 16,
                (_, 0) => break,
                (run, _) => k += run + 1,
            }
        }
        if k > 64 { Err(self.fault()) } else { Ok(()) }
    }

    fn symbol(&mut self, codes: &Codes) -> Result<u8> {
        let (length, symbol) = self.look(codes)?;
        self.use_bits(length)?;
        Ok(symbol)
    }

    /// The code of an AC coefficient, with the bits of its value.
    fn coefficient(&mut self, codes: &Codes) -> Result<u8> {
        let (length, symbol) = self.look(codes)?;
        self.use_bits(length + u32::from(symbol & 15))?;
        Ok(symbol)
    }

    fn look(&mut self, codes: &Codes) -> Result<(u32, u8)> {
        // A code and a value have 31 bits at most.
        if self.count < 32 {
            self.fill()?;
        }
        let front = u32::try_from(self.front >> 48).unwrap_or(0);
        codes.look(front).ok_or_else(|| self.fault())
    }

    fn skip(&mut self, n: u8) -> Result<()> {
        if n > 16 {
            return Err(self.fault());
        }
        if self.count < 16 {
            self.fill()?;
        }
        self.use_bits(u32::from(n))
    }

    fn use_bits(&mut self, n: u32) -> Result<()> {
        self.front <<= n;
        self.count = self.count.saturating_sub(n);
        if self.count < self.invented { Err(self.fault()) } else { Ok(()) }
    }

    fn fill(&mut self) -> Result<()> {
        if let Some(word) = self.plain() {
            let taken = (64 - self.count) / 8;
            self.front |= (word & !(u64::MAX >> 8 >> (8 * taken - 8))) >> self.count;
            self.count += 8 * taken;
            self.taken += taken as usize;
            return Ok(());
        }
        while self.count <= 56 {
            let byte = match (self.buffer.get(self.taken), self.buffer.get(self.taken + 1)) {
                (Some(0xFF), Some(0)) => {
                    self.taken += 2;
                    0xFF
                }
                (Some(0xFF), Some(_)) => {
                    self.invented += 8;
                    0
                }
                (Some(byte), _) if *byte != 0xFF => {
                    self.taken += 1;
                    *byte
                }
                _ => {
                    self.load()?;
                    continue;
                }
            };
            self.front |= u64::from(byte) << (56 - self.count);
            self.count += 8;
        }
        Ok(())
    }

    /// The next eight bytes, where none is 0xFF and there is room for one at least.
    fn plain(&self) -> Option<u64> {
        const LOW: u64 = 0x7F7F_7F7F_7F7F_7F7F;
        const ONE: u64 = 0x0101_0101_0101_0101;
        let word = u64::from_be_bytes(*self.buffer.get(self.taken..)?.first_chunk()?);
        let marked = ((word & LOW) + ONE) & word & !LOW != 0;
        (!marked && self.count <= 56).then_some(word)
    }

    /// Copies the next bytes, at least two.
    fn load(&mut self) -> Result<()> {
        let pos = self.base + self.taken as u64;
        self.s.bytes(pos, 2)?;
        let chunk = self.s.chunk(pos)?;
        self.buffer.clear();
        self.buffer.extend_from_slice(chunk);
        self.base = pos;
        self.taken = 0;
        Ok(())
    }

    fn fault(&self) -> crate::Error {
        self.s.mismatch(self.base + self.taken as u64)
    }
}
