//! Native Pixel Data: how long it must be, and whether bits hide that no sample uses (PS3.5 8.1, PS3.3 C.7.6.3).

use super::cells::Cells;
use crate::node::{Encoding, NodeKind};
use crate::{DataSet, ErrorKind, Result, Source, Tag};
use core::ops::Range;

const SAMPLES_PER_PIXEL: Tag = Tag(0x0028, 0x0002);
const PHOTOMETRIC_INTERPRETATION: Tag = Tag(0x0028, 0x0004);
const NUMBER_OF_FRAMES: Tag = Tag(0x0028, 0x0008);
const ROWS: Tag = Tag(0x0028, 0x0010);
const COLUMNS: Tag = Tag(0x0028, 0x0011);
pub(super) const BITS_ALLOCATED: Tag = Tag(0x0028, 0x0100);
pub(super) const BITS_STORED: Tag = Tag(0x0028, 0x0101);
pub(super) const HIGH_BIT: Tag = Tag(0x0028, 0x0102);
pub(super) const PIXEL_REPRESENTATION: Tag = Tag(0x0028, 0x0103);
pub(super) const PIXEL_PADDING_VALUE: Tag = Tag(0x0028, 0x0120);
const FLOAT_PIXEL_DATA: Tag = Tag(0x7FE0, 0x0008);
const DOUBLE_FLOAT_PIXEL_DATA: Tag = Tag(0x7FE0, 0x0009);

/// Bytes read at a time.
const WINDOW: u64 = 256 << 10;

/// Bytes looked at at a time: a whole number of samples of any width.
const WORD: usize = 8;

/// What the Image Pixel Module says of the samples (PS3.3 C.7.6.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Geometry {
    /// Rows (0028,0010).
    pub rows: u64,
    /// Columns (0028,0011).
    pub columns: u64,
    /// Samples per Pixel (0028,0002); 1 where absent.
    pub samples: u64,
    /// Bits Allocated (0028,0100).
    pub allocated: u64,
    /// Number of Frames (0028,0008); 1 where absent, empty or 0.
    pub frames: u64,
    /// Photometric Interpretation (0028,0004); empty where absent.
    pub photometric: String,
}

impl Geometry {
    /// Reads it from the top of the data set, or from an item (Icon Image Sequence). `None` where a number is missing
    /// or is none.
    pub fn read(ds: &DataSet, parent: Option<u32>) -> Option<Self> {
        let frames = match ds.find(parent, NUMBER_OF_FRAMES) {
            None => 1,
            Some(i) => match ds.text(i)?.trim_matches(['\0', ' ']) {
                "" => 1,
                text => text.parse::<u64>().ok()?.max(1),
            },
        };
        Some(Self {
            rows: number(ds, parent, ROWS)?,
            columns: number(ds, parent, COLUMNS)?,
            samples: number(ds, parent, SAMPLES_PER_PIXEL).unwrap_or(1),
            allocated: number(ds, parent, BITS_ALLOCATED)?,
            frames,
            photometric: ds.find(parent, PHOTOMETRIC_INTERPRETATION).and_then(|i| ds.text(i)).unwrap_or_default(),
        })
    }

    /// Bits of one native frame. Chroma that is stored for every second pixel counts half (PS3.3 C.7.6.3.1.2).
    pub fn frame_bits(&self) -> Option<u64> {
        let pixels = self.rows.checked_mul(self.columns)?;
        let samples = match (self.photometric.as_str(), self.samples) {
            ("YBR_FULL_422" | "YBR_PARTIAL_422", 3) => pixels.checked_mul(2)?,
            ("YBR_PARTIAL_420", 3) => pixels.checked_mul(3)? / 2,
            _ => pixels.checked_mul(self.samples)?,
        };
        samples.checked_mul(self.allocated)
    }

    /// Bytes of one native frame, the last one filled up.
    pub fn frame_bytes(&self) -> Option<u64> {
        Some(self.frame_bits()?.div_ceil(8))
    }

    /// Bytes of all native frames. Frames of one bit a pixel follow each other without a gap (PS3.5 8.1.1).
    pub fn total_bytes(&self) -> Option<u64> {
        Some(self.frame_bits()?.checked_mul(self.frames)?.div_ceil(8))
    }

    /// The same image with chroma for every pixel.
    fn not_subsampled(&self) -> Self {
        Self { photometric: String::new(), ..self.clone() }
    }
}

/// Length that native Pixel Data of the top level must have, padding not counted; `None` where the header does not
/// tell. Where the header speaks of subsampled chroma and the value is long enough for all of it, the value is taken
/// to be right: decoders that expand chroma often leave (0028,0004) as it was.
pub fn expected_length(ds: &DataSet) -> Option<u64> {
    for (tag, bits) in [(FLOAT_PIXEL_DATA, 32), (DOUBLE_FLOAT_PIXEL_DATA, 64)] {
        if ds.find(None, tag).is_some() {
            return Geometry { allocated: bits, ..Geometry::read(ds, None)? }.total_bytes();
        }
    }
    let node = ds.node(ds.find(None, Tag::PIXEL_DATA)?)?;
    let geometry = Geometry::read(ds, None)?;
    let full = geometry.not_subsampled().total_bytes()?;
    let padded = full.checked_add(full % 2)?;
    if (full..=padded).contains(&node.len) { Some(full) } else { geometry.total_bytes() }
}

/// True when native Pixel Data holds bits outside Bits Stored that are no extension of the sign, as [`SampleCheck`]
/// tells. Reads nothing where Bits Stored fills Bits Allocated.
pub fn unused_bits(ds: &DataSet, source: &dyn Source) -> Result<bool> {
    let Some(mut check) = SampleCheck::new(ds)? else { return Ok(false) };
    let mut window = Vec::new();
    let (mut at, end) = (check.range().start, check.range().end);
    while at < end && check.may_be_clean() {
        let n = WINDOW.min(end - at);
        window.resize(usize::try_from(n).unwrap_or(0), 0);
        ds.read_at(source, at, &mut window)?;
        check.update(&window);
        at += n;
    }
    Ok(!check.is_clean())
}

/// Looks for bits outside Bits Stored that are no extension of the sign: a picture of its own, or a retired overlay,
/// may stand there. The samples are given once, in order, in parts of any size, so that whoever reads them anyway can
/// have them checked on the way. Samples that equal Pixel Padding Value (0028,0120) say nothing and do not count.
#[derive(Debug, Clone)]
pub struct SampleCheck {
    start: u64,
    length: u64,
    seen: u64,
    /// Bytes of a word that is not yet whole.
    rest: Vec<u8>,
    /// Byte orders in which all samples so far are clean.
    orders: Vec<Samples>,
}

impl SampleCheck {
    /// The check of the top level's Pixel Data; `None` where its samples fill their cells, or where it is not native.
    pub fn new(ds: &DataSet) -> Result<Option<Self>> {
        let Some(index) = ds.find(None, Tag::PIXEL_DATA) else { return Ok(None) };
        let Some(node) = ds.node(index).filter(|n| n.kind == NodeKind::Element) else { return Ok(None) };
        let allocated = number(ds, None, BITS_ALLOCATED).ok_or_else(|| ds.error(ErrorKind::PixelMismatch, index))?;
        let stored = number(ds, None, BITS_STORED).unwrap_or(allocated);
        if stored >= allocated {
            return Ok(None);
        }
        let mut orders: Vec<Samples> = Samples::new(ds, allocated).into_iter().collect();
        // Writers of big endian files often leave the bytes of Pixel Data little endian: one clean order is enough.
        if let Some(samples) = orders.first().copied().filter(|s| s.big_endian) {
            orders.push(Samples { big_endian: false, ..samples });
        }
        let length = expected_length(ds).unwrap_or(node.len).min(node.len);
        Ok(Some(Self { start: node.value, length, seen: 0, rest: Vec::new(), orders }))
    }

    /// Where the samples stand, in the data set's coordinates.
    pub fn range(&self) -> Range<u64> {
        self.start..self.start + self.length
    }

    /// False as soon as something was found.
    pub fn may_be_clean(&self) -> bool {
        !self.orders.is_empty()
    }

    /// True when all samples were given and none holds more than itself.
    pub fn is_clean(&self) -> bool {
        self.seen == self.length && self.may_be_clean()
    }

    /// The next bytes of the samples.
    pub fn update(&mut self, mut bytes: &[u8]) {
        self.seen += bytes.len() as u64;
        if !self.rest.is_empty() {
            let (head, tail) = bytes.split_at(bytes.len().min(WORD - self.rest.len()));
            self.rest.extend_from_slice(head);
            bytes = tail;
            if self.rest.len() == WORD {
                let word = core::mem::take(&mut self.rest);
                self.orders.retain(|samples| !samples.hide(&word));
            }
        }
        let (whole, rest) = bytes.split_at(bytes.len() - bytes.len() % WORD);
        self.orders.retain(|samples| !samples.hide(whole));
        self.rest.extend_from_slice(rest);
        if self.seen >= self.length && !self.rest.is_empty() {
            let last = core::mem::take(&mut self.rest);
            self.orders.retain(|samples| !samples.hide(&last));
        }
    }
}

/// The first number of an element of VR US, as 16 bits of an SS too.
pub fn number(ds: &DataSet, parent: Option<u32>, tag: Tag) -> Option<u64> {
    let index = ds.find(parent, tag)?;
    let bytes: [u8; 2] = ds.value(index)?.get(..2)?.try_into().ok()?;
    let big = ds.node(index)?.encoding == Encoding::ExplicitBe;
    Some(u64::from(if big { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) }))
}

/// How samples lie in their cells.
#[derive(Debug, Clone, Copy)]
struct Samples {
    /// Bytes of a cell: 1, 2, 4, 8.
    bytes: usize,
    big_endian: bool,
    cells: Cells,
}

impl Samples {
    /// `None` for cells of an unusual width or numbers that contradict each other.
    fn new(ds: &DataSet, allocated: u64) -> Option<Self> {
        if !matches!(allocated, 8 | 16 | 32 | 64) {
            return None;
        }
        Some(Self {
            bytes: usize::try_from(allocated / 8).ok()?,
            // Cells of one byte in a big endian OW value are swapped in pairs, which changes nothing here.
            big_endian: ds.form().encoding == Encoding::ExplicitBe,
            cells: Cells::new(ds, allocated)?,
        })
    }

    /// True when a cell of the window holds more than its sample.
    fn hide(&self, window: &[u8]) -> bool {
        self.suspicious(window) && self.each(window).any(|cell| self.cells.hides(cell))
    }

    /// A quick look that never misses, but may be wrong the other way: many cells at a time.
    fn suspicious(&self, window: &[u8]) -> bool {
        let any = if self.cells.sign.is_some() && self.cells.unused == self.cells.above {
            // Each bit beside the one below it: all are equal from the sign up where a value is extended.
            self.any_of(window, |w| w ^ (w << 1))
        } else {
            self.any_of(window, |w| w)
        };
        any & self.in_all_cells(self.cells.unused) != 0 || !window.len().is_multiple_of(8)
    }

    /// All bits that `seen` makes of any eight bytes.
    fn any_of(&self, window: &[u8], seen: impl Fn(u64) -> u64) -> u64 {
        // Read as big endian the cells stand in reverse order, each of them right.
        if self.big_endian {
            any_word(window, |w| seen(u64::from_be_bytes(w)))
        } else {
            any_word(window, |w| seen(u64::from_le_bytes(w)))
        }
    }

    /// The bits of one cell, in as many cells as fill eight bytes.
    fn in_all_cells(&self, cell: u64) -> u64 {
        (0..8 / self.bytes).fold(0, |all, i| all | cell << (8 * self.bytes * i))
    }

    fn each<'w>(&'w self, window: &'w [u8]) -> impl Iterator<Item = u64> + 'w {
        window.chunks(self.bytes).map(|cell| {
            let add = |n: u64, b: &u8| n << 8 | u64::from(*b);
            if self.big_endian { cell.iter().fold(0, add) } else { cell.iter().rev().fold(0, add) }
        })
    }
}

/// All bits that `seen` makes of any eight bytes. Four words a turn and no question inside: this loop runs over every
/// sample of an image.
fn any_word(window: &[u8], seen: impl Fn([u8; 8]) -> u64) -> u64 {
    let (words, _) = window.as_chunks::<8>();
    let (fours, rest) = words.as_chunks::<4>();
    let mut any = [0; 4];
    for &[a, b, c, d] in fours {
        any[0] |= seen(a);
        any[1] |= seen(b);
        any[2] |= seen(c);
        any[3] |= seen(d);
    }
    rest.iter().fold(any[0] | any[1] | any[2] | any[3], |all, &w| all | seen(w))
}

/// The first bytes of a value, read whole up to a limit; `None` where it is longer.
pub(super) fn small_value(ds: &DataSet, source: &dyn Source, index: u32, limit: u64) -> Result<Option<Vec<u8>>> {
    let len = ds.node(index).map_or(0, |n| n.len);
    if len > limit {
        return Ok(None);
    }
    match ds.value(index) {
        Some(bytes) => Ok(Some(bytes.to_vec())),
        None => ds.read(source, index, 0..len).map(Some),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
    use super::*;

    fn samples(bytes: usize, stored: u32, high: u32, signed: bool, big_endian: bool) -> Samples {
        let cell = u64::MAX >> (64 - 8 * bytes);
        let sample = ((1_u64 << stored) - 1) << (high + 1 - stored);
        let cells = Cells {
            unused: cell & !sample,
            above: cell & !(u64::MAX >> (63 - high)),
            sign: signed.then_some(1 << high),
            padding: None,
        };
        Samples { bytes, big_endian, cells }
    }

    /// The quick look and the look at each cell agree, alone and among clean cells.
    #[test]
    fn every_cell_of_16_bits() {
        for (stored, high, signed) in [(12, 11, false), (12, 11, true), (12, 15, true), (10, 13, false), (15, 14, true)]
        {
            for big in [false, true] {
                let s = samples(2, stored, high, signed, big);
                for cell in 0..=u16::MAX {
                    let raw = if big { cell.to_be_bytes() } else { cell.to_le_bytes() };
                    let low = cell & !(u16::MAX << (high + 1 - stored));
                    let above = if high == 15 { 0 } else { cell >> (high + 1) };
                    let negative = signed && cell >> high & 1 == 1;
                    let all = if high == 15 { 0 } else { u16::MAX >> (high + 1) };
                    let hides = low != 0 || (above != 0 && !(negative && above == all));
                    let mut window = [0; 16];
                    window[6..8].copy_from_slice(&raw);
                    assert_eq!(s.hide(&window), hides, "{stored} {high} {signed} {big} {cell:04X}");
                }
            }
        }
    }

    /// However the samples are cut into parts, the answer is the same.
    #[test]
    fn parts_of_any_size() {
        let mut bytes: Vec<u8> = (0..60_u16).flat_map(|i| (i * 68 % 0x1000).to_le_bytes()).collect();
        for hidden in [false, true] {
            if hidden {
                bytes[101] |= 0x40;
            }
            for part in 1..=bytes.len() {
                let orders = vec![samples(2, 12, 11, false, false)];
                let mut check = SampleCheck { start: 7, length: bytes.len() as u64, seen: 0, rest: Vec::new(), orders };
                for bytes in bytes.chunks(part) {
                    assert!(!check.is_clean());
                    check.update(bytes);
                }
                assert_eq!(check.is_clean(), !hidden, "parts of {part}");
            }
        }
    }

    #[test]
    fn other_widths() {
        assert!(!samples(1, 7, 6, false, false).hide(&[0x7F; 9]));
        assert!(samples(1, 7, 6, false, false).hide(&[0x7F, 0x80, 0]));
        assert!(!samples(4, 24, 23, true, false).hide(&[0xFF; 12]));
        assert!(samples(4, 24, 23, true, false).hide(&[0xFF, 0xFF, 0x7F, 0xFF]));
    }

    #[test]
    fn padding_says_nothing() {
        let mut s = samples(2, 12, 11, false, false);
        assert!(s.hide(&[0x30, 0xF8, 1, 0, 0, 0, 0, 0]));
        s.cells.padding = Some(0xF830);
        assert!(!s.hide(&[0x30, 0xF8, 1, 0, 0, 0, 0, 0]));
    }

    #[test]
    fn lengths() {
        let geometry = |photometric: &str, samples, allocated, frames| Geometry {
            rows: 3,
            columns: 6,
            samples,
            allocated,
            frames,
            photometric: photometric.to_owned(),
        };
        assert_eq!(geometry("MONOCHROME2", 1, 16, 2).total_bytes(), Some(72));
        assert_eq!(geometry("MONOCHROME2", 1, 1, 3).total_bytes(), Some(7));
        assert_eq!(geometry("MONOCHROME2", 1, 12, 1).total_bytes(), Some(27));
        assert_eq!(geometry("YBR_FULL_422", 3, 8, 1).total_bytes(), Some(36));
        assert_eq!(geometry("YBR_PARTIAL_420", 3, 8, 1).total_bytes(), Some(27));
        assert_eq!(geometry("RGB", 3, 8, u64::MAX).total_bytes(), None);
    }
}
