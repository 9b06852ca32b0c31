//! Bits of native samples that lie outside Bits Stored: a retired overlay, or whatever a writer left there (PS3.5 8.1.1).

use crate::image::Image;

/// Clears what belongs to no sample. Extensions of the sign and Pixel Padding Value stay.
pub(super) struct Unused {
    bytes: usize,
    big_endian: bool,
    sample: u64,
    above: u64,
    sign: Option<u64>,
    padding: Option<u64>,
}

impl Unused {
    /// `None` where samples fill their cells.
    pub(super) fn new(image: &Image, big_endian: bool) -> Option<Self> {
        let allocated = image.geometry.allocated;
        if image.stored >= allocated || !matches!(allocated, 8 | 16 | 32) {
            return None;
        }
        let cell = u64::MAX >> (64 - allocated);
        Some(Self {
            bytes: usize::try_from(allocated / 8).ok()?,
            big_endian,
            sample: (u64::MAX >> (64 - image.stored)) << (image.high_bit + 1 - image.stored),
            above: cell & !(u64::MAX >> (63 - image.high_bit)),
            sign: image.signed.then_some(1 << image.high_bit),
            padding: image.padding.filter(|_| allocated <= 16).map(|p| p & cell),
        })
    }

    /// True when a cell changed.
    pub(super) fn clear(&self, bytes: &mut [u8]) -> bool {
        let mut changed = false;
        for cell in bytes.chunks_exact_mut(self.bytes) {
            let add = |n: u64, b: &u8| n << 8 | u64::from(*b);
            let old = if self.big_endian { cell.iter().fold(0, add) } else { cell.iter().rev().fold(0, add) };
            let extended = self.sign.is_some_and(|sign| old & sign != 0) && old & self.above == self.above;
            let new = old & if extended { self.sample | self.above } else { self.sample };
            if new == old || self.padding == Some(old) {
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
