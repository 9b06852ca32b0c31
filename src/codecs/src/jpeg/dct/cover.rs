//! A picture with constant MCUs: the coefficients of the source stay as they are, beside what covers them.

use super::planes::{Coefficients, Plane};
use crate::jpeg::header::FrameHeader;
use crate::jpeg::walk::Block;
use crate::{CodecError, Rect, Result};

/// MCUs that are constant.
pub(crate) struct Cover {
    mcus: Vec<bool>,
    /// By component: the DC coefficient of their blocks.
    constants: [[i16; 1]; 3],
}

impl Cover {
    /// The MCUs that rectangles touch, and the rectangles grown to them, clipped to the frame.
    pub(crate) fn new(frame: &FrameHeader, rects: &[Rect]) -> (Self, Vec<Rect>) {
        let (across, down) = frame.mcus();
        let (width, height) = frame.mcu();
        let mut mcus = vec![false; across as usize * down as usize];
        let mut grown = Vec::with_capacity(rects.len());
        for rect in rects {
            let (left, top) = (rect.x / width, rect.y / height);
            let right = rect.x.saturating_add(rect.width).div_ceil(width).min(across);
            let bottom = rect.y.saturating_add(rect.height).div_ceil(height).min(down);
            for row in mcus.chunks_exact_mut(across as usize).take(bottom as usize).skip(top as usize) {
                row.iter_mut().take(right as usize).skip(left as usize).for_each(|covered| *covered = true);
            }
            let (x, y) = (left * width, top * height);
            grown.push(Rect {
                x,
                y,
                width: (right * width).min(frame.columns).saturating_sub(x),
                height: (bottom * height).min(frame.rows).saturating_sub(y),
            });
        }
        (Self { mcus, constants: [[0]; 3] }, grown)
    }

    /// With the DC coefficients of their blocks.
    pub(crate) fn with(self, constants: [[i16; 1]; 3]) -> Self {
        Self { constants, ..self }
    }

    /// The DC coefficient of a block of a component, where it is covered.
    #[inline]
    pub(crate) fn constant(&self, component: usize, block: Block) -> Option<i16> {
        self.covered(component, block).map(|[dc]| *dc)
    }

    #[inline]
    fn covered(&self, component: usize, block: Block) -> Option<&[i16; 1]> {
        if self.mcus.get(block.mcu) == Some(&true) { self.constants.get(component) } else { None }
    }
}

/// Coefficients of a source under a cover.
#[derive(Clone, Copy)]
pub(crate) struct Picture<'a> {
    pub(crate) planes: &'a [Plane],
    pub(crate) cover: &'a Cover,
}

impl Picture<'_> {
    /// A block of a component: the constant where it is covered, else the source's.
    #[inline]
    pub(crate) fn block(&self, component: usize, block: Block) -> Result<Coefficients<'_>> {
        match self.cover.covered(component, block) {
            Some([0]) => Ok(Coefficients { present: 0, values: &[] }),
            Some(values) => Ok(Coefficients { present: 1, values }),
            None => self.planes.get(component).and_then(|p| p.block(block.index)).ok_or(CodecError::Damaged),
        }
    }
}

/// The DC coefficient whose block decodes to a level (T.81 A.3.1, A.3.4).
pub(crate) fn constant(level: i32, precision: u8, quantizer: u16) -> Result<i16> {
    let quantizer = i32::from(quantizer);
    if quantizer == 0 {
        return Err(CodecError::Damaged);
    }
    let scaled = (level - (1 << (precision - 1))) * 8;
    let half = if scaled < 0 { -quantizer / 2 } else { quantizer / 2 };
    i16::try_from((scaled + half) / quantizer).map_err(|_| CodecError::Damaged)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constants_round_to_the_nearest() {
        assert_eq!(constant(0, 8, 16), Ok(-64));
        assert_eq!(constant(255, 8, 16), Ok(64));
        assert_eq!(constant(0, 8, 3), Ok(-341));
        assert_eq!(constant(128, 8, 7), Ok(0));
        assert_eq!(constant(0, 12, 1), Ok(-16384));
        assert_eq!(constant(0, 8, 0), Err(CodecError::Damaged));
    }
}
