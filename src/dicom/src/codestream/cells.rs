//! Cells of samples (PS3.5 8.1.1): which of their bits belong to none.

use super::native::{
    BITS_ALLOCATED, BITS_STORED, Geometry, HIGH_BIT, PIXEL_PADDING_VALUE, PIXEL_REPRESENTATION, number,
};
use crate::DataSet;

/// What the data set says of the bits of a cell.
#[derive(Debug, Clone, Copy)]
pub struct Cells {
    /// Bits of a cell that are not the sample's.
    pub(super) unused: u64,
    /// Those of them that lie above it.
    pub(super) above: u64,
    /// The sign bit, where samples are signed: its extension fills the bits above.
    pub(super) sign: Option<u64>,
    /// A cell that is not looked at: Pixel Padding Value (0028,0120).
    pub(super) padding: Option<u64>,
}

/// What the bytes of one place in their cells may hold.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Plane {
    /// Bits of the byte that are not the sample's.
    unused: u8,
    /// Bits that are all set where a sign is extended, the sign included.
    extended: Option<u8>,
}

impl Cells {
    /// Of which no bit is known to be a sample's.
    pub(crate) const UNKNOWN: Self = Self { unused: u64::MAX, above: 0, sign: None, padding: None };

    /// Of cells of `bits` bits: Bits Allocated, or the precision of a code stream. `None` for cells that are too wide, or
    /// numbers that contradict each other.
    pub fn new(ds: &DataSet, bits: u64) -> Option<Self> {
        let stored = number(ds, None, BITS_STORED).unwrap_or(bits);
        let high = number(ds, None, HIGH_BIT).unwrap_or(stored.saturating_sub(1));
        let allocated = number(ds, None, BITS_ALLOCATED)?;
        if !(1..=64).contains(&bits) || stored == 0 || high >= bits || high + 1 < stored {
            return None;
        }
        let cell = u64::MAX >> (64 - bits);
        let sample = (u64::MAX >> (64 - stored)) << (high + 1 - stored);
        let signed = number(ds, None, PIXEL_REPRESENTATION) == Some(1);
        let padding = if allocated <= 16 { number(ds, None, PIXEL_PADDING_VALUE) } else { None };
        Some(Self {
            unused: cell & !sample,
            above: cell & !(u64::MAX >> (63 - high)),
            sign: signed.then_some(1 << high),
            padding: padding.map(|p| p & cell),
        })
    }

    /// True where a cell holds more than its sample, an extension of its sign, or padding. What is wider than a cell is cut.
    pub fn hides(&self, cell: u64) -> bool {
        self.cleared(cell) != cell
    }

    /// A cell without what belongs to no sample: extensions of the sign and padding stay. What is wider than a cell is cut.
    pub fn cleared(&self, cell: u64) -> u64 {
        let extended = self.sign.is_some_and(|sign| cell & sign != 0) && cell & self.above == self.above;
        let unused = if extended { self.unused & !self.above } else { self.unused };
        if self.padding == Some(cell) { cell } else { cell & !unused }
    }

    /// The byte that stands `place` bytes above the lowest of its cell.
    pub(crate) fn plane(&self, place: u32) -> Plane {
        let byte = |bits: u64| bits.checked_shr(8 * place).unwrap_or(0).to_le_bytes()[0];
        let sign = self.sign.map(byte).filter(|sign| *sign != 0);
        Plane { unused: byte(self.unused), extended: sign.map(|sign| byte(self.above) | sign) }
    }
}

impl Plane {
    /// True where no bit of the byte can belong to anything but a sample.
    pub(crate) const fn is_full(self) -> bool {
        self.unused == 0
    }

    /// True where a byte may hold more than its sample: never wrong where it says no.
    pub(crate) fn may_hide(self, byte: u8) -> bool {
        byte & self.unused != 0 && self.extended.is_none_or(|all| byte & all != all || byte & self.unused & !all != 0)
    }
}

/// The bytes of a pixel, as the segments of RLE have them (PS3.5 G.2): at most 15. Of cells whose bits contradict each other
/// none is known to be clean.
pub(crate) fn planes(ds: &DataSet, geometry: &Geometry, stored: u64) -> Option<Vec<Plane>> {
    let bytes = u32::try_from(geometry.allocated.div_ceil(8)).ok()?;
    let samples = usize::try_from(geometry.samples).ok()?;
    let cells = Cells::new(ds, geometry.allocated).unwrap_or(Cells::UNKNOWN);
    let plane = |place| if stored < geometry.allocated { cells.plane(place) } else { Plane::default() };
    let cell = || (0..bytes).rev().map(plane);
    (samples.checked_mul(bytes as usize)? < 16).then(|| (0..samples).flat_map(|_| cell()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is cleared holds nothing more, and a cell that holds nothing more stays.
    #[test]
    fn every_cell_is_cleared_once() {
        for (stored, high, sign) in
            [(12, 11, None), (12, 11, Some(0x800)), (12, 15, Some(0x8000)), (10, 12, Some(0x1000))]
        {
            let sample = 0xFFFF >> (16 - stored) << (high + 1 - stored);
            let above = 0xFFFF & !(0xFFFF >> (15 - high));
            let cells = Cells { unused: 0xFFFF & !sample, above, sign, padding: Some(0xFFF7) };
            for cell in 0..=0xFFFF {
                let cleared = cells.cleared(cell);
                assert!(cells.cleared(cleared) == cleared && !cells.hides(cleared), "{stored} {high} {cell:04X}");
                assert!(cleared & sample == cell & sample && cleared & !cell == 0, "{stored} {high} {cell:04X}");
                assert!(sign.is_some() || cell == 0xFFF7 || cleared == cell & sample, "{stored} {high} {cell:04X}");
            }
        }
    }

    /// Twelve bits of 16, signed: the upper byte alone tells.
    #[test]
    fn planes() {
        let cells = Cells { unused: 0xF000, above: 0xF000, sign: Some(0x800), padding: None };
        let (low, high) = (cells.plane(0), cells.plane(1));
        assert!(low.is_full() && !low.may_hide(0xFF));
        assert!(!high.is_full());
        assert!([0x00, 0x07, 0x0F, 0xF8, 0xFF].iter().all(|byte| !high.may_hide(*byte)));
        assert!([0x10, 0x80, 0xF0, 0xF7, 0xE8].iter().all(|byte| high.may_hide(*byte)));
        let unsigned = Cells { sign: None, ..cells }.plane(1);
        assert!(unsigned.may_hide(0xF8) && !unsigned.may_hide(0x0F));
        // Eight bits of 16, signed: the sign lies in the other byte.
        let other = Cells { unused: 0xFF00, above: 0xFF00, sign: Some(0x80), padding: None }.plane(1);
        assert!(other.may_hide(0xFF) && !other.may_hide(0));
    }
}
