//! Quantized coefficients of a frame, in zigzag order, zeros left out.

use crate::jpeg::header::FrameHeader;
use crate::jpeg::walk::plane_size;
use crate::{CodecError, Result};

/// Coefficients of one component.
#[derive(Default)]
pub(crate) struct Plane {
    /// Blocks across, padded to whole MCUs.
    pub(crate) across: usize,
    /// By block: bit k is set where coefficient k is not zero.
    present: Vec<u64>,
    /// By block: where its coefficients begin.
    start: Vec<u32>,
    values: Vec<i16>,
}

/// Coefficients of one block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Coefficients<'a> {
    /// Bit k is set where coefficient k is not zero.
    pub(crate) present: u64,
    /// Those that are not zero.
    pub(crate) values: &'a [i16],
}

impl Plane {
    /// Zeros for a component of a frame whose size was checked.
    pub(crate) fn new(frame: &FrameHeader, index: usize) -> Self {
        let (across, down) = plane_size(frame, index);
        let blocks = across as usize * down as usize;
        Self { across: across as usize, present: vec![0; blocks], start: vec![0; blocks], values: Vec::new() }
    }

    /// Sets a block's coefficients, once.
    #[inline]
    pub(crate) fn set(&mut self, block: usize, coefficients: Coefficients<'_>) -> Result<()> {
        let begin = u32::try_from(self.values.len()).map_err(|_| CodecError::TooLarge)?;
        let (Some(present), Some(start)) = (self.present.get_mut(block), self.start.get_mut(block)) else {
            return Err(CodecError::Damaged);
        };
        (*present, *start) = (coefficients.present, begin);
        self.values.extend_from_slice(coefficients.values);
        Ok(())
    }

    /// Number of blocks.
    pub(crate) fn blocks(&self) -> usize {
        self.present.len()
    }

    /// A block's coefficients.
    #[inline]
    pub(crate) fn block(&self, index: usize) -> Option<Coefficients<'_>> {
        let present = *self.present.get(index)?;
        let start = *self.start.get(index)? as usize;
        let values = self.values.get(start..start + present.count_ones() as usize)?;
        Some(Coefficients { present, values })
    }
}

impl Coefficients<'_> {
    /// The first coefficient.
    #[inline]
    pub(crate) fn dc(&self) -> i32 {
        if self.present & 1 == 0 { 0 } else { self.values.first().map_or(0, |v| i32::from(*v)) }
    }

    /// All coefficients that are not zero, with their place in zigzag order.
    #[inline]
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, i16)> {
        let mut present = self.present;
        self.values.iter().map(move |value| {
            let k = present.trailing_zeros();
            present &= present.wrapping_sub(1);
            (k, *value)
        })
    }
}
