//! Code-blocks of part 1 (T.800 annexes C and D): bit planes, the highest first, each in three passes of binary decisions
//! that an arithmetic coder writes as one number.
//!
//! A block need not hold all of its planes. What is not known of a sample then reads as its middle, as openjp2 has it.

mod contexts;
mod mq;
mod passes;

#[cfg(test)]
mod tests;

pub use self::contexts::Orientation;

use self::contexts::significance;
use self::mq::{Contexts, Decoder, Encoder, RawDecoder, RawEncoder, UNIFORM};
use self::passes::{Coder, Field};

/// The style of blocks (T.800 table A.19). Predictable termination is for the other way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style(u8);

/// Passes up to the first ones that may bypass the coder.
const BEFORE_BYPASS: usize = 10;
/// Passes of a block at the most (T.800 table B.4).
const MOST_PASSES: usize = 164;

impl Style {
    const BYPASS: u8 = 1;
    const RESET: u8 = 2;
    const TERMINATION: u8 = 4;
    const CAUSAL: u8 = 8;
    const SYMBOLS: u8 = 32;

    /// As COD has it.
    pub fn of(style: u8) -> Option<Self> {
        let known = Self::BYPASS | Self::RESET | Self::TERMINATION | Self::CAUSAL | Self::SYMBOLS;
        (style & !known == 0).then_some(Self(style))
    }

    /// As COD has it.
    pub fn byte(self) -> u8 {
        self.0
    }

    fn has(self, what: u8) -> bool {
        self.0 & what != 0
    }

    /// How many passes are coded as one up to the next end of a codeword, from a pass on.
    pub fn passes_to_end(self, pass: usize) -> usize {
        if self.has(Self::TERMINATION) {
            return 1;
        }
        match pass.checked_sub(BEFORE_BYPASS) {
            _ if !self.has(Self::BYPASS) => MOST_PASSES.saturating_sub(pass).max(1),
            None => BEFORE_BYPASS - pass,
            Some(after) => [2, 1, 1][after % 3],
        }
    }

    fn is_raw(self, pass: usize) -> bool {
        self.has(Self::BYPASS) && pass >= BEFORE_BYPASS && !matches!(Pass::of(pass), Pass::Cleanup)
    }
}

/// Passes in which all of so many planes are coded.
pub fn passes(planes: u32) -> usize {
    (3 * planes as usize).saturating_sub(2)
}

#[derive(Clone, Copy)]
enum Pass {
    Significance,
    Refinement,
    Cleanup,
}

impl Pass {
    fn of(pass: usize) -> Self {
        [Self::Cleanup, Self::Significance, Self::Refinement][pass % 3]
    }
}

/// What is coded as one: how many passes, in how many bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Segment {
    pub passes: usize,
    pub length: usize,
}

/// A block as it is coded.
#[derive(Debug)]
pub struct Written {
    pub planes: u32,
    pub segments: Vec<Segment>,
    pub bytes: Vec<u8>,
}

/// Reads the coefficients of a block, row by row. None where it has more passes than planes, or fewer bytes than it says.
pub fn decode(
    bytes: &[u8],
    segments: &[Segment],
    [width, height]: [usize; 2],
    planes: u32,
    orientation: Orientation,
    style: Style,
) -> Option<Vec<i32>> {
    if segments.iter().map(|segment| segment.passes).sum::<usize>() > passes(planes) {
        return None;
    }
    let mut field = Field::new(width, height, significance(orientation), style.has(Style::CAUSAL));
    let (mut contexts, mut rest, mut first) = (Contexts::new(), bytes, 0);
    for segment in segments {
        let (bytes, after) = rest.split_at_checked(segment.length)?;
        let range = first..first + segment.passes;
        if style.is_raw(first) {
            let mut coder = RawDecoder::new(bytes);
            range.clone().for_each(|pass| run(&mut field, pass, planes, style, &mut coder));
        } else {
            let mut coder = Decoder::new(bytes, contexts);
            for pass in range.clone() {
                run(&mut field, pass, planes, style, &mut coder);
                if style.has(Style::RESET) {
                    coder.contexts = Contexts::new();
                }
            }
            contexts = coder.contexts;
        }
        (rest, first) = (after, range.end);
    }
    Some(field.samples())
}

/// Writes the coefficients of a block, given row by row; not all of them are zero. None where a magnitude has more than
/// `planes` bits.
pub fn encode(samples: &[i32], width: usize, planes: u32, orientation: Orientation, style: Style) -> Option<Written> {
    let height = samples.len().checked_div(width)?;
    let mut field = Field::new(width, height, significance(orientation), style.has(Style::CAUSAL));
    let used = field.set(samples);
    if used > planes {
        return None;
    }
    let (mut contexts, mut segments, mut bytes) = (Contexts::new(), Vec::new(), Vec::new());
    let mut first = 0;
    while first < passes(used) {
        let count = style.passes_to_end(first).min(passes(used) - first);
        let range = first..first + count;
        let written = if style.is_raw(first) {
            let mut coder = RawEncoder::default();
            range.clone().for_each(|pass| run(&mut field, pass, used, style, &mut coder));
            coder.finish()
        } else {
            let mut coder = Encoder::new(contexts);
            for pass in range.clone() {
                run(&mut field, pass, used, style, &mut coder);
                if style.has(Style::RESET) {
                    coder.contexts = Contexts::new();
                }
            }
            contexts = coder.contexts;
            coder.finish()
        };
        segments.push(Segment { passes: count, length: written.len() });
        bytes.extend(written);
        first = range.end;
    }
    Some(Written { planes: used, segments, bytes })
}

/// A pass over a block of so many planes.
fn run<C: Coder>(field: &mut Field, pass: usize, planes: u32, style: Style, coder: &mut C) {
    // Planes are at most 30, and passes no more than they ask for.
    let plane = planes.saturating_sub(1 + u32::try_from(pass.div_ceil(3)).unwrap_or(0));
    match Pass::of(pass) {
        Pass::Significance => field.significance(plane, coder),
        Pass::Refinement => field.refinement(plane, coder),
        Pass::Cleanup => {
            field.cleanup(plane, coder);
            if style.has(Style::SYMBOLS) {
                // They are the same in every block; who reads them could only warn.
                for bit in [true, false, true, false] {
                    coder.decide(UNIFORM, bit);
                }
            }
        }
    }
}
