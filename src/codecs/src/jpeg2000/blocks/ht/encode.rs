//! Writing a code-block (T.814 7.3, in the other direction).

use super::bits::{CodewordWriter, EventWriter, MagnitudeWriter};
use super::tables::{FIRST_ROW, OTHER_ROWS};
use super::{Line, SUFFIX, exponent, first_context, later_context, predicted};

/// Writes the coefficients of a block, given row by row; not all of them are zero. None where a magnitude has more than
/// `planes` bits, or a part of the block is too long.
pub fn encode(samples: &[i32], width: usize, planes: u32) -> Option<Vec<u8>> {
    let quads = width.div_ceil(2);
    let mut block = Block::default();
    let (mut above, mut line) = (Line::new(quads), Line::new(quads));
    for (row, lines) in samples.chunks(2 * width).enumerate() {
        let (upper, lower) = lines.split_at_checked(width)?;
        let mut before = 0;
        for first in (0..quads).step_by(2) {
            let mut longer = [0; 2];
            for (quad, longer) in (first..quads.min(first + 2)).zip(&mut longer) {
                let at = |row: &[i32], column: usize| code(row.get(column).copied().unwrap_or(0));
                let column = 2 * quad;
                let values = [at(upper, column), at(lower, column), at(upper, column + 1), at(lower, column + 1)];
                let exponents = values.map(|value| value.map_or(0, exponent));
                let significant = (0..4).fold(0, |bits, at| bits | u8::from(exponents[at] > 0) << at);
                let over = if row == 0 { [0; 4] } else { above.above(quad) };
                let context = if row == 0 { first_context(before) } else { later_context(before, over) };
                let most = u32::from(exponents.into_iter().fold(0, u8::max));
                let length = predicted(significant, over).max(most);
                if length > planes && significant > 0 {
                    return None;
                }
                *longer = if significant == 0 { 0 } else { length - predicted(significant, over) };
                let is_longest = |at: usize| *longer > 0 && u32::from(exponents[at]) == length;
                let longest = (0..4).fold(0, |bits, at| bits | u8::from(is_longest(at)) << at);
                block.quad(row == 0, context, significant, longest, values, length);
                line.set(quad, [exponents[1], exponents[3]]);
                before = significant;
            }
            block.lengths(row == 0, longer);
        }
        core::mem::swap(&mut above, &mut line);
    }
    block.finish()
}

/// `2(magnitude − 1) + sign` of a sample that is not zero.
fn code(sample: i32) -> Option<u32> {
    let magnitude = sample.unsigned_abs().checked_sub(1)?;
    Some(magnitude << 1 | u32::from(sample < 0))
}

#[derive(Default)]
struct Block {
    events: EventWriter,
    codewords: CodewordWriter,
    magnitudes: MagnitudeWriter,
}

impl Block {
    fn quad(
        &mut self,
        first_row: bool,
        context: u8,
        significant: u8,
        longest: u8,
        values: [Option<u32>; 4],
        length: u32,
    ) {
        if context == 0 {
            self.events.put(significant != 0);
            if significant == 0 {
                return;
            }
        }
        let codes = if first_row { &FIRST_ROW } else { &OTHER_ROWS };
        let quad = codes.write(context, significant, longest);
        self.codewords.put(u32::from(quad.code), u32::from(quad.length));
        for (at, value) in values.into_iter().enumerate() {
            if let Some(value) = value {
                let count = length - u32::from(quad.known >> at & 1);
                self.magnitudes.put(value & ((1 << count) - 1), count);
            }
        }
    }

    /// By how much the longest samples of two quads are longer than predicted (T.814 7.3.6).
    fn lengths(&mut self, first_row: bool, longer: [u32; 2]) {
        let [a, b] = longer;
        let both = first_row && a > 0 && b > 0;
        let more = if both && a > 2 && b > 2 { 2 } else { 0 };
        if both {
            self.events.put(more > 0);
        }
        let short = both && more == 0 && a > 2;
        let parts = longer.map(|length| Length::of(length.saturating_sub(more)));
        self.codewords.put(parts[0].prefix.0, parts[0].prefix.1);
        if short {
            self.codewords.put(b - 1, 1);
        } else {
            self.codewords.put(parts[1].prefix.0, parts[1].prefix.1);
        }
        for part in &parts {
            self.codewords.put(part.suffix.0, part.suffix.1);
        }
        for part in &parts {
            self.codewords.put(part.extension.0, part.extension.1);
        }
    }

    fn finish(self) -> Option<Vec<u8>> {
        let mut bytes = self.magnitudes.finish();
        let (events, codewords) = (self.events.finish(), self.codewords.finish());
        let suffix = events.len() + codewords.len();
        if !SUFFIX.contains(&suffix) {
            return None;
        }
        bytes.extend(events);
        bytes.extend(codewords.iter().rev());
        let length = u16::try_from(suffix).ok()?.to_be_bytes();
        let [low, high] = bytes.last_chunk_mut::<2>()?;
        *high = length[0] << 4 | length[1] >> 4;
        *low = *low & 0xF0 | length[1] & 15;
        Some(bytes)
    }
}

/// The parts of a length's code: bits, first one lowest, and how many.
struct Length {
    prefix: (u32, u32),
    suffix: (u32, u32),
    extension: (u32, u32),
}

impl Length {
    /// T.814 table 3.
    fn of(length: u32) -> Self {
        let none = (0, 0);
        let (prefix, suffix, extension) = match length {
            0 => (none, none, none),
            1 => ((1, 1), none, none),
            2 => ((2, 2), none, none),
            3 | 4 => ((4, 3), (length - 3, 1), none),
            5..=32 => ((0, 3), (length - 5, 5), none),
            _ => ((0, 3), (28 + (length - 33) % 4, 5), ((length - 33) / 4, 4)),
        };
        Self { prefix, suffix, extension }
    }
}
