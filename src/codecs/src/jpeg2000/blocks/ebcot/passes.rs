//! The three passes over a bit plane of a block (T.800 D.3), the same for reading and writing.
//!
//! Samples are taken in stripes of four rows, column by column. A word stands for a column of a stripe:
//!
//! | bits | what |
//! |---|---|
//! | 0 to 17 | which samples are not zero of the column, those beside it, and the rows above and below: six rows of three |
//! | 18 to 23 | which samples are negative of the column and the rows above and below |
//! | 24 to 27 | which samples of the column were refined |
//! | 28 to 31 | which were visited in this plane |

use super::contexts::{REFINED, SIGNS, Significance};
use super::mq::{RUN, UNIFORM};

/// Reads or writes decisions.
pub trait Coder {
    /// Reads: what `decide` is told does not matter.
    const READS: bool;
    /// Knows no contexts; signs are as they are.
    const RAW: bool;

    /// The next decision, which is `bit` if it is written.
    fn decide(&mut self, context: usize, bit: bool) -> bool;
}

/// Samples of a column.
const ROWS: usize = 4;
const NEGATIVE: u32 = 18;
const REFINED_AT: u32 = 24;
const VISITED: u32 = 28;
const ALL_SIGNIFICANT: u32 = (1 << NEGATIVE) - 1;
const ALL_VISITED: u32 = 15 << VISITED;
/// The samples of the column itself among those that are not zero.
const OWN: u32 = 0b010_010_010_010 << 3;
/// A sample in its neighbourhood.
const CENTRE: u32 = 1 << 4;
/// The highest bit of a value is its sign.
const SIGN: u32 = 1 << 31;

/// The samples of a block and what is known of them.
///
/// A value is a sign and twice a magnitude, so that the lowest bit can stand for the middle of what is not known.
pub struct Field {
    width: usize,
    height: usize,
    /// By stripe, column and row.
    values: Vec<u32>,
    /// By stripe and column, with one more on every side.
    words: Vec<u32>,
    contexts: &'static Significance,
    /// Nothing is known of the stripe below.
    causal: bool,
}

/// A stripe with its words and those above and below.
struct Stripe<'a> {
    above: &'a mut [u32],
    words: &'a mut [u32],
    below: &'a mut [u32],
    values: &'a mut [u32],
    rows: usize,
    contexts: &'static Significance,
    causal: bool,
}

impl Field {
    /// Zeros.
    pub fn new(width: usize, height: usize, contexts: &'static Significance, causal: bool) -> Self {
        let stripes = height.div_ceil(ROWS);
        let words = vec![0; (width + 2) * (stripes + 2)];
        Self { width, height, values: vec![0; stripes * width * ROWS], words, contexts, causal }
    }

    /// Takes samples row by row; how many bits the longest magnitude has.
    pub fn set(&mut self, samples: &[i32]) -> u32 {
        let mut all = 0;
        for (y, row) in samples.chunks(self.width).enumerate() {
            let column = self.values.iter_mut().skip(y / ROWS * self.width * ROWS + y % ROWS).step_by(ROWS);
            for (value, sample) in column.zip(row) {
                let magnitude = sample.unsigned_abs();
                all |= magnitude;
                *value = magnitude << 1 | if *sample < 0 { SIGN } else { 0 };
            }
        }
        32 - all.leading_zeros()
    }

    /// The samples row by row.
    pub fn samples(&self) -> Vec<i32> {
        let mut samples = Vec::with_capacity(self.width * self.height);
        for y in 0..self.height {
            let column = self.values.iter().skip(y / ROWS * self.width * ROWS + y % ROWS).step_by(ROWS);
            samples.extend(column.take(self.width).map(|value| {
                let magnitude = (value & !SIGN).cast_signed() >> 1;
                if value & SIGN == 0 { magnitude } else { -magnitude }
            }));
        }
        samples
    }

    fn stripes(&self) -> usize {
        self.height.div_ceil(ROWS)
    }

    fn stripe(&mut self, index: usize) -> Stripe<'_> {
        let wide = self.width + 2;
        let (above, rest) = self.words[index * wide..][..3 * wide].split_at_mut(wide);
        let (words, below) = rest.split_at_mut(wide);
        let values = &mut self.values[index * self.width * ROWS..][..self.width * ROWS];
        let rows = ROWS.min(self.height - index * ROWS);
        Stripe { above, words, below, values, rows, contexts: self.contexts, causal: self.causal }
    }

    /// Samples that are zero so far, next to some that are not (T.800 D.3.1).
    pub fn significance<C: Coder>(&mut self, plane: u32, coder: &mut C) {
        for index in 0..self.stripes() {
            let mut stripe = self.stripe(index);
            for column in 0..stripe.values.len() / ROWS {
                if stripe.words[column + 1] & ALL_SIGNIFICANT != 0 {
                    stripe.significance(column, plane, coder);
                }
            }
        }
    }

    /// Samples that are not zero since an earlier plane (T.800 D.3.3).
    pub fn refinement<C: Coder>(&mut self, plane: u32, coder: &mut C) {
        for index in 0..self.stripes() {
            let mut stripe = self.stripe(index);
            for column in 0..stripe.values.len() / ROWS {
                if stripe.words[column + 1] & OWN != 0 {
                    stripe.refinement(column, plane, coder);
                }
            }
        }
    }

    /// All samples that are left (T.800 D.3.4).
    pub fn cleanup<C: Coder>(&mut self, plane: u32, coder: &mut C) {
        for index in 0..self.stripes() {
            let mut stripe = self.stripe(index);
            for column in 0..stripe.values.len() / ROWS {
                stripe.cleanup(column, plane, coder);
                stripe.words[column + 1] &= !ALL_VISITED;
            }
        }
    }
}

/// A bit of a value, whose lowest one is not of its magnitude.
fn bit(value: u32, plane: u32) -> bool {
    value >> (plane + 1) & 1 == 1
}

impl Stripe<'_> {
    #[inline]
    fn significance<C: Coder>(&mut self, column: usize, plane: u32, coder: &mut C) {
        for row in 0..self.rows {
            let near = self.words[column + 1] >> (3 * row);
            if near & CENTRE != 0 || near & 0x1EF == 0 {
                continue;
            }
            self.words[column + 1] |= 1 << (VISITED as usize + row);
            self.zero(near, column, row, plane, coder);
        }
    }

    #[inline]
    fn refinement<C: Coder>(&mut self, column: usize, plane: u32, coder: &mut C) {
        let word = self.words[column + 1];
        let mut refined = 0;
        for row in 0..self.rows {
            let near = word >> (3 * row);
            if near & CENTRE == 0 || word >> (VISITED as usize + row) & 1 == 1 {
                continue;
            }
            let before = word >> (REFINED_AT as usize + row) & 1 == 1;
            let context = REFINED[if before { 2 } else { usize::from(near & 0x1EF != 0) }];
            let value = &mut self.values[column * ROWS + row];
            let one = coder.decide(context, bit(*value, plane));
            if C::READS {
                *value = if one { value.wrapping_add(1 << plane) } else { value.wrapping_sub(1 << plane) };
            }
            refined |= 1 << (REFINED_AT as usize + row);
        }
        self.words[column + 1] |= refined;
    }

    #[inline]
    fn cleanup<C: Coder>(&mut self, column: usize, plane: u32, coder: &mut C) {
        let word = self.words[column + 1];
        let mut first = 0;
        if self.rows == ROWS && word & (ALL_SIGNIFICANT | ALL_VISITED) == 0 {
            let values = &self.values[column * ROWS..][..ROWS];
            let run = if C::READS { None } else { values.iter().position(|value| bit(*value, plane)) };
            if !coder.decide(RUN, run.is_some()) {
                return;
            }
            let run = run.unwrap_or(0);
            let high = coder.decide(UNIFORM, run & 2 != 0);
            let row = usize::from(high) << 1 | usize::from(coder.decide(UNIFORM, run & 1 != 0));
            self.sign(column, row, plane, coder);
            first = row + 1;
        }
        for row in first..self.rows {
            let word = self.words[column + 1];
            let near = word >> (3 * row);
            if near & CENTRE == 0 && word >> (VISITED as usize + row) & 1 == 0 {
                self.zero(near, column, row, plane, coder);
            }
        }
    }

    /// Whether a sample stays zero, and its sign if not.
    #[inline]
    fn zero<C: Coder>(&mut self, near: u32, column: usize, row: usize, plane: u32, coder: &mut C) {
        let context = self.contexts[(near & 0x1FF) as usize];
        let value = self.values[column * ROWS + row];
        if coder.decide(context.into(), bit(value, plane)) {
            self.sign(column, row, plane, coder);
        }
    }

    /// The sign of a sample that is not zero from here on (T.800 D.3.2).
    #[inline]
    fn sign<C: Coder>(&mut self, column: usize, row: usize, plane: u32, coder: &mut C) {
        let Some([left, word, right]) = self.words.get_mut(column..column + 3) else { return };
        let near = *word >> (3 * row);
        let own = *word >> (NEGATIVE as usize + row);
        let beside = |word: u32| word >> (NEGATIVE as usize + 1 + row) & 1;
        let around = near >> 3 & 1 | (near >> 5 & 1) << 1 | (near >> 1 & 1) << 2 | (near >> 7 & 1) << 3;
        let negative = beside(*left) | beside(*right) << 1 | (own & 1) << 2 | (own >> 2 & 1) << 3;
        let (context, turned) = if C::RAW { (0, false) } else { SIGNS[(around | negative << 4) as usize] };
        let value = &mut self.values[column * ROWS + row];
        let sign = coder.decide(context.into(), (*value & SIGN != 0) != turned) != turned;
        if C::READS {
            *value = 3 << plane | if sign { SIGN } else { 0 };
        }
        let sign = u32::from(sign);
        *word |= CENTRE << (3 * row) | sign << (NEGATIVE as usize + 1 + row);
        *left |= 1 << (3 * row + 5);
        *right |= 1 << (3 * row + 3);
        self.tell(column, row, sign);
    }

    /// Tells the stripes above and below.
    #[inline]
    fn tell(&mut self, column: usize, row: usize, sign: u32) {
        let (words, first, negative) = match row {
            0 if !self.causal => (&mut *self.above, 15, NEGATIVE + 5),
            3 => (&mut *self.below, 0, NEGATIVE),
            _ => return,
        };
        if let Some([left, word, right]) = words.get_mut(column..column + 3) {
            *left |= 4 << first;
            *word |= 2 << first | sign << negative;
            *right |= 1 << first;
        }
    }
}
