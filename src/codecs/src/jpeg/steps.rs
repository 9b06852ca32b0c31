//! Steps over the AC coefficients of sequential blocks (T.81 F.2.2.2), several codes at once.

use super::huffman::Codes;

/// Bits that one step looks at.
pub(crate) const STEP_BITS: u32 = 12;

/// Added to the places where a block ends.
const END: u32 = 256;

/// Places where no code lies within the bits: more than a block has.
const NONE: u32 = 65;

/// By the next bits: the codes in them, with the numbers after them.
#[derive(Debug)]
pub(crate) struct Steps([Step; 1 << STEP_BITS]);

/// Codes and numbers in a row.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Step(u16);

impl Steps {
    /// For a table of AC coefficients.
    pub(crate) fn new(codes: &Codes) -> Self {
        let mut steps = Self([Step(0); 1 << STEP_BITS]);
        for (bits, step) in (0_u16..).zip(&mut steps.0) {
            *step = Step::new(codes, bits << (16 - STEP_BITS));
        }
        steps
    }

    /// The step at the front of [`STEP_BITS`] bits.
    #[inline]
    pub(crate) fn step(&self, bits: u16) -> Step {
        self.0.get(usize::from(bits)).copied().unwrap_or(Step(0))
    }

    /// Places that a symbol takes in a block.
    pub(crate) fn places(symbol: u8) -> u32 {
        match (u32::from(symbol >> 4), symbol & 15) {
            (15, 0) => 16,
            (_, 0) => END,
            (run, _) => run + 1,
        }
    }

    /// The place after a step tells that the block ends, and did not before.
    #[inline]
    pub(crate) fn is_end(place: u32) -> bool {
        place.wrapping_sub(END) < 64
    }
}

impl Step {
    /// Codes that lie within the bits at the top of 16; numbers may reach beyond.
    fn new(codes: &Codes, front: u16) -> Self {
        let (mut bits, mut places) = (0, 0);
        while bits < STEP_BITS && places < END {
            let Some((length, symbol)) = codes.look(front << bits).filter(|(length, _)| bits + length <= STEP_BITS)
            else {
                break;
            };
            let more = Steps::places(symbol);
            if places + more % END > 63 {
                break;
            }
            places += more;
            bits += length + u32::from(symbol & 15);
        }
        let places = if bits == 0 { NONE } else { places };
        Self(u16::try_from(places << 5 | bits).unwrap_or(0))
    }

    /// How many bits they take.
    #[inline]
    pub(crate) fn bits(self) -> u32 {
        u32::from(self.0 & 31)
    }

    /// How many places of the block they take, more than [`Steps::is_end`] where they end it.
    #[inline]
    pub(crate) fn places(self) -> u32 {
        u32::from(self.0 >> 5)
    }
}
