//! What a data set says of a frame, and frames.

use crate::{CodecError, Result};

/// What the data set says of a frame (PS3.3 C.7.6.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Geometry {
    /// Rows (0028,0010).
    pub rows: u32,
    /// Columns (0028,0011).
    pub columns: u32,
    /// Samples per Pixel (0028,0002).
    pub samples_per_pixel: u8,
    /// Bits Allocated (0028,0100).
    pub bits_allocated: u8,
    /// Bits Stored (0028,0101).
    pub bits_stored: u8,
    /// Pixel Representation (0028,0103) is 1.
    pub signed: bool,
    /// Photometric Interpretation (0028,0004).
    pub photometric: Photometric,
}

/// Photometric Interpretation (PS3.3 C.7.6.3.1.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Photometric {
    /// The smallest value is white.
    Monochrome1,
    /// The smallest value is black.
    Monochrome2,
    /// Indices of a palette.
    Palette,
    /// Red, green, blue.
    Rgb,
    /// Luminance and colour differences.
    YbrFull,
    /// The same, colour differences of every second pixel.
    YbrFull422,
    /// JPEG 2000's reversible transform: decoders give RGB.
    YbrRct,
    /// JPEG 2000's irreversible transform: decoders give RGB.
    YbrIct,
    /// Any other.
    Other,
}

impl Photometric {
    /// By its defined term, without padding.
    #[must_use]
    pub fn of(term: &str) -> Self {
        match term {
            "MONOCHROME1" => Self::Monochrome1,
            "MONOCHROME2" => Self::Monochrome2,
            "PALETTE COLOR" => Self::Palette,
            "RGB" => Self::Rgb,
            "YBR_FULL" => Self::YbrFull,
            "YBR_FULL_422" => Self::YbrFull422,
            "YBR_RCT" => Self::YbrRct,
            "YBR_ICT" => Self::YbrIct,
            _ => Self::Other,
        }
    }
}

/// Samples of one frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// Height in pixels.
    pub rows: u32,
    /// Width in pixels.
    pub columns: u32,
    /// Samples of a pixel.
    pub components: u8,
    /// Precision of the stream.
    pub bits: u8,
    /// The stream's samples have a sign. Where it has none (RLE, JPEG), samples of a signed data set come as the
    /// unsigned numbers that they are in the stream; those of 32 bits as their bit pattern.
    pub signed: bool,
    /// `rows × columns × components`, by row, then pixel, then component.
    pub samples: Vec<i32>,
}

/// A rectangle in pixels; `x` and `y` are its left upper pixel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rect {
    /// First column.
    pub x: u32,
    /// First row.
    pub y: u32,
    /// Columns.
    pub width: u32,
    /// Rows.
    pub height: u32,
}

/// What a frame may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a decoded frame in the form in which the codec holds it.
    pub frame_bytes: u64,
}

impl Default for Limits {
    /// 512 MB (design, section 10).
    fn default() -> Self {
        Self { frame_bytes: 512 << 20 }
    }
}

/// A stream whose rectangles are constant, proven by decoding it again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Masked {
    /// The new stream, without padding.
    pub stream: Vec<u8>,
    /// What is constant now: the rectangles, grown to the MCU grid where the coding is JPEG DCT, clipped to the frame.
    pub touched: Vec<Rect>,
    /// Photometric Interpretation where it is another now.
    pub photometric: Option<Photometric>,
    /// Transfer Syntax UID where the stream can't stay under the one it had.
    pub transfer_syntax: Option<&'static str>,
}

impl Geometry {
    /// Fails unless the stream has this size and number of samples, and its samples fit into Bits Allocated.
    pub(crate) fn fits(&self, rows: u32, columns: u32, components: u8, bits: u8) -> Result<()> {
        let same = (rows, columns, components) == (self.rows, self.columns, self.samples_per_pixel);
        if same && bits <= self.bits_allocated { Ok(()) } else { Err(CodecError::Mismatch) }
    }

    /// Samples of a frame, if `bytes` for each stay below the limit and the frame is not empty.
    pub(crate) fn samples(&self, bytes: u64, limits: Limits) -> Result<usize> {
        let pixels = u64::from(self.rows).checked_mul(u64::from(self.columns)).ok_or(CodecError::TooLarge)?;
        let samples = pixels.checked_mul(u64::from(self.samples_per_pixel)).ok_or(CodecError::TooLarge)?;
        if samples == 0 {
            return Err(CodecError::Mismatch);
        }
        let held = samples.checked_mul(bytes).ok_or(CodecError::TooLarge)?;
        if held > limits.frame_bytes {
            return Err(CodecError::TooLarge);
        }
        usize::try_from(samples).map_err(|_| CodecError::TooLarge)
    }
}

impl Frame {
    /// Fails unless a data set can say of the frame what it says, and every sample has the frame's depth.
    pub(crate) fn check(&self, geometry: &Geometry, limits: Limits) -> Result<()> {
        geometry.fits(self.rows, self.columns, self.components, self.bits)?;
        let unused = 32_u32.checked_sub(self.bits.into()).filter(|unused| *unused < 32);
        let unused = unused.ok_or(CodecError::Mismatch)?;
        let held = |sample: i32| {
            let top = sample.cast_unsigned() << unused;
            if self.signed { top.cast_signed() >> unused } else { (top >> unused).cast_signed() }
        };
        let whole = self.samples.len() == geometry.samples(4, limits)?;
        let same = whole && self.samples.iter().all(|sample| held(*sample) == *sample);
        if same { Ok(()) } else { Err(CodecError::Mismatch) }
    }

    /// Sets all samples of the rectangles; `levels` by component.
    #[allow(dead_code)]
    pub(crate) fn fill(&mut self, rects: &[Rect], levels: &[i32]) {
        let components = usize::from(self.components);
        let width = (self.columns as usize).saturating_mul(components);
        for rect in rects {
            let rows = self.samples.chunks_exact_mut(width.max(1)).skip(rect.y as usize).take(rect.height as usize);
            for row in rows {
                let pixels = row.chunks_exact_mut(components.max(1));
                for pixel in pixels.skip(rect.x as usize).take(rect.width as usize) {
                    pixel.iter_mut().zip(levels).for_each(|(sample, level)| *sample = *level);
                }
            }
        }
    }
}

/// The parts of rectangles that lie in the frame.
pub(crate) fn clipped(rects: &[Rect], geometry: &Geometry) -> Vec<Rect> {
    let clip = |r: &Rect| Rect {
        width: r.width.min(geometry.columns.saturating_sub(r.x)),
        height: r.height.min(geometry.rows.saturating_sub(r.y)),
        ..*r
    };
    rects.iter().map(clip).filter(|r| r.width > 0 && r.height > 0).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
    use super::*;

    fn geometry() -> Geometry {
        Geometry {
            rows: 2,
            columns: 3,
            samples_per_pixel: 3,
            bits_allocated: 8,
            bits_stored: 8,
            signed: false,
            photometric: Photometric::Rgb,
        }
    }

    #[test]
    fn rectangles_are_clipped() {
        let rect = |x, y, width, height| Rect { x, y, width, height };
        let all = [rect(1, 1, u32::MAX, u32::MAX), rect(3, 0, 1, 1), rect(0, u32::MAX, 1, 1), rect(0, 0, 0, 1)];
        assert_eq!(clipped(&all, &geometry()), [rect(1, 1, 2, 1)]);
    }

    #[test]
    fn a_fill_stays_in_its_rectangle() {
        let mut frame =
            Frame { rows: 2, columns: 3, components: 3, bits: 8, signed: false, samples: (0..18).collect() };
        frame.fill(&[Rect { x: 1, y: 1, width: 2, height: 1 }], &[50, 51, 52]);
        assert_eq!(frame.samples[..12], (0..12).collect::<Vec<_>>()[..]);
        assert_eq!(frame.samples[12..], [50, 51, 52, 50, 51, 52]);
    }

    #[test]
    fn limits_hold() {
        let limits = Limits { frame_bytes: 35 };
        assert_eq!(geometry().samples(1, limits), Ok(18));
        assert_eq!(geometry().samples(2, limits), Err(CodecError::TooLarge));
        let huge = Geometry { rows: u32::MAX, columns: u32::MAX, ..geometry() };
        assert_eq!(huge.samples(4, Limits { frame_bytes: u64::MAX }), Err(CodecError::TooLarge));
    }
}
