//! Bits of samples that lie outside Bits Stored: a retired overlay, or whatever a writer left there (PS3.5 8.1.1).

use super::MaskError;
use crate::image::Image;
use tokumei_codecs::Frame;
use tokumei_dicom::DataSet;
use tokumei_dicom::codestream::cells::Cells;

/// Clears what belongs to no sample in cells as they stand in bytes.
pub(super) struct Unused {
    bytes: usize,
    big_endian: bool,
    cells: Cells,
}

impl Unused {
    /// `None` where samples fill their cells, or cells have an unusual width.
    pub(super) fn new(ds: &DataSet, image: &Image, big_endian: bool) -> Option<Self> {
        let allocated = image.geometry.allocated;
        if image.stored >= allocated || !matches!(allocated, 8 | 16 | 32) {
            return None;
        }
        Some(Self { bytes: usize::try_from(allocated / 8).ok()?, big_endian, cells: Cells::new(ds, allocated)? })
    }

    /// True when a cell changed.
    pub(super) fn clear(&self, bytes: &mut [u8]) -> bool {
        let mut changed = false;
        for cell in bytes.chunks_exact_mut(self.bytes) {
            let add = |n: u64, b: &u8| n << 8 | u64::from(*b);
            let old = if self.big_endian { cell.iter().fold(0, add) } else { cell.iter().rev().fold(0, add) };
            let new = self.cells.cleared(old);
            if new == old {
                continue;
            }
            changed = true;
            let bytes = new.to_le_bytes().into_iter().take(self.bytes);
            if self.big_endian {
                cell.iter_mut().rev().zip(bytes).for_each(|(to, from)| *to = from);
            } else {
                cell.iter_mut().zip(bytes).for_each(|(to, from)| *to = from);
            }
        }
        changed
    }
}

/// Clears what belongs to no sample in a frame of a code stream, whose cells are as wide as its precision. True when a sample
/// changed.
pub(super) fn clear(ds: &DataSet, image: &Image, frame: &mut Frame) -> Result<bool, MaskError> {
    let bits = u64::from(frame.bits);
    if bits <= image.stored {
        return Ok(false);
    }
    let cells = Cells::new(ds, bits).ok_or(MaskError::Form)?;
    let mut changed = false;
    for sample in &mut frame.samples {
        let old = cell(*sample, bits);
        let new = cells.cleared(old);
        if new != old {
            changed = true;
            *sample = number(new, bits, frame.signed);
        }
    }
    // Where the stream has a sign that the data set denies, nobody knows what negative samples stand for.
    if changed && frame.signed && !image.signed { Err(MaskError::Form) } else { Ok(changed) }
}

/// The cell of a sample of a code stream: its lowest bits. At most 64 are asked for, and one at least.
pub(super) fn cell(sample: i32, bits: u64) -> u64 {
    i64::from(sample).cast_unsigned() & (u64::MAX >> (64 - bits))
}

/// The sample of a cell; those of 32 bits without sign are bit patterns.
fn number(cell: u64, bits: u64, signed: bool) -> i32 {
    let unused = 64 - bits;
    if signed {
        i32::try_from((cell << unused).cast_signed() >> unused).unwrap_or(0)
    } else {
        u32::try_from(cell).unwrap_or(0).cast_signed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_become_the_numbers_that_they_were() {
        for (sample, bits, signed) in [
            (0xF830, 16, false),
            (-2000, 16, true),
            (2047, 12, true),
            (-1, 32, false),
            (i32::MIN, 32, true),
            (1, 1, false),
        ] {
            assert_eq!(number(cell(sample, bits), bits, signed), sample, "{bits} {signed}");
        }
    }
}
