//! Reading a code-block (T.814 7.3).

use super::bits::{Codewords, Events, Magnitudes};
use super::tables::{Codes, FIRST_ROW, OTHER_ROWS, Quad};
use super::{Line, exponent, first_context, later_context, predicted, suffix};

/// Reads the coefficients of a block, row by row. None where it is damaged, or a magnitude has more than `planes` bits.
pub fn decode(bytes: &[u8], width: usize, height: usize, planes: u32) -> Option<Vec<i32>> {
    let (magnitudes, suffix) = bytes.split_at_checked(bytes.len() - suffix(bytes)?)?;
    let mut block = Block {
        events: Events::new(suffix),
        codewords: Codewords::new(suffix),
        magnitudes: Magnitudes::new(magnitudes),
        planes,
    };
    let quads = width.div_ceil(2);
    let (mut above, mut line) = (Line::new(quads), Line::new(quads));
    let mut samples = vec![0; width * height];
    for (row, lines) in samples.chunks_mut(2 * width).enumerate() {
        let (upper, lower) = lines.split_at_mut(width);
        let mut before = 0;
        for first in (0..quads).step_by(2) {
            let pair = first..quads.min(first + 2);
            let mut codes = [Quad::default(); 2];
            for (quad, code) in pair.clone().zip(&mut codes) {
                *code = if row == 0 {
                    block.quad(&FIRST_ROW, first_context(before))
                } else {
                    block.quad(&OTHER_ROWS, later_context(before, above.above(quad)))
                };
                before = code.significant;
            }
            let lengths = block.lengths(row == 0, codes.map(|code| code.longer));
            for ((quad, code), longer) in pair.zip(codes).zip(lengths) {
                let length = predicted(code.significant, if row == 0 { [0; 4] } else { above.above(quad) }) + longer;
                let values = block.values(code, length)?;
                line.set(quad, [values[1], values[3]].map(|value| value.map_or(0, exponent)));
                for (at, value) in values.into_iter().enumerate() {
                    let Some(value) = value else { continue };
                    let lines = if at & 1 == 0 { &mut *upper } else { &mut *lower };
                    // Beyond the block nothing may be but zeros.
                    *lines.get_mut(2 * quad + at / 2)? = sample(value);
                }
            }
        }
        core::mem::swap(&mut above, &mut line);
    }
    Some(samples)
}

/// From `2(magnitude − 1) + sign`.
fn sample(code: u32) -> i32 {
    let magnitude = (code >> 1).wrapping_add(1).cast_signed();
    if code & 1 == 1 { magnitude.wrapping_neg() } else { magnitude }
}

struct Block<'a> {
    events: Events<'a>,
    codewords: Codewords<'a>,
    magnitudes: Magnitudes<'a>,
    planes: u32,
}

impl Block<'_> {
    #[inline]
    fn quad(&mut self, codes: &Codes, context: u8) -> Quad {
        if context == 0 && !self.events.next() {
            return Quad::default();
        }
        let bits = self.codewords.look() & 127;
        let quad = codes.read(context, u8::try_from(bits).unwrap_or(0));
        self.codewords.step(u32::from(quad.length));
        quad
    }

    /// By how much the longest samples of two quads are longer than predicted (T.814 7.3.6).
    fn lengths(&mut self, first_row: bool, longer: [bool; 2]) -> [u32; 2] {
        let both = longer == [true; 2];
        if longer == [false; 2] {
            return [0; 2];
        }
        let more = if first_row && both && self.events.next() { 2 } else { 0 };
        let prefixes = if first_row && both && more == 0 {
            let first = self.prefix();
            let second = if first > 2 { 1 + self.take(1) } else { self.prefix() };
            [first, second]
        } else {
            longer.map(|longer| if longer { self.prefix() } else { 0 })
        };
        let suffixes = prefixes.map(|prefix| match prefix {
            3 => self.take(1),
            5 => self.take(5),
            _ => 0,
        });
        let extensions = suffixes.map(|suffix| if suffix < 28 { 0 } else { self.take(4) });
        let [a, b] = [0, 1].map(|at| prefixes[at] + suffixes[at] + 4 * extensions[at]);
        [if longer[0] { a + more } else { 0 }, if longer[1] { b + more } else { 0 }]
    }

    fn prefix(&mut self) -> u32 {
        let (prefix, length) = match self.codewords.look() & 7 {
            bits if bits & 1 == 1 => (1, 1),
            bits if bits & 2 == 2 => (2, 2),
            4 => (3, 3),
            _ => (5, 3),
        };
        self.codewords.step(length);
        prefix
    }

    fn take(&mut self, count: u32) -> u32 {
        let bits = self.codewords.look() & ((1 << count) - 1);
        self.codewords.step(count);
        bits
    }

    /// Signs and magnitudes of a quad, as `2(magnitude − 1) + sign`.
    #[inline]
    fn values(&mut self, quad: Quad, length: u32) -> Option<[Option<u32>; 4]> {
        if length > self.planes {
            return None;
        }
        Some([0, 1, 2, 3].map(|at| {
            (quad.significant >> at & 1 == 1).then(|| {
                let count = length - u32::from(quad.known >> at & 1);
                self.magnitudes.bits(count) | u32::from(quad.highest >> at & 1) << count
            })
        }))
    }
}
