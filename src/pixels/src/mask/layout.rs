//! Where the samples of native frames lie (PS3.5 8.1, 8.2), in bits of the Pixel Data value.

use super::{Asked, MaskError, Rect, fill};
use tokumei_dicom::Encoding;
use tokumei_dicom::codestream::native;

/// Samples of native frames.
pub(super) struct Layout {
    rows: u64,
    columns: u64,
    /// Bits of one frame; frames follow each other without a gap.
    frame: u64,
    /// Bytes of the value without padding.
    pub(super) length: u64,
    /// Colour planes that stand one after the other; 1 where samples are interleaved.
    planes: u64,
    /// Bits of a sample's cell.
    cell: u64,
    /// Pixels that a pattern is of: two where they share chroma.
    group: u64,
    /// A black pattern of each plane, as bytes of the value; of single bits the bit.
    black: Vec<Vec<u8>>,
    /// Cells of more than a byte begin with their highest byte.
    pub(super) big_endian: bool,
    /// Bytes change places in pairs: cells of up to 8 bits in big endian words (PS3.5 A.3 of 2016b).
    pub(super) swapped: bool,
}

/// Bits of the value that become black.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Span {
    pub(super) start: u64,
    pub(super) end: u64,
    pub(super) plane: usize,
}

impl Layout {
    /// Of native Pixel Data.
    pub(super) fn new(asked: &Asked<'_>) -> Result<Self, MaskError> {
        let node = asked.ds.node(asked.index).ok_or(MaskError::NoImage)?;
        let length = native::expected_length(asked.ds).filter(|n| *n > 0 && *n <= node.len);
        // A header that speaks of shared chroma may stand before samples that have it for every pixel.
        let whole = asked.image.geometry.total_bytes();
        Self::of(asked, length.ok_or(MaskError::NoImage)?, whole == length)
    }

    /// Of one frame that is a fragment.
    pub(super) fn of_frame(asked: &Asked<'_>) -> Result<Self, MaskError> {
        let length = asked.image.geometry.frame_bytes().filter(|n| *n > 0).ok_or(MaskError::NoImage)?;
        Self::of(asked, length, true)
    }

    /// `shared`: chroma is shared where the header says so.
    fn of(asked: &Asked<'_>, length: u64, shared: bool) -> Result<Self, MaskError> {
        let (ds, image) = (asked.ds, asked.image);
        let geometry = &image.geometry;
        let node = ds.node(asked.index).ok_or(MaskError::NoImage)?;
        let subsampled = geometry.photometric.ends_with("_422") && shared;
        let cell = geometry.allocated;
        if !matches!((cell, geometry.samples), (8 | 16 | 32, _) | (1 | 64, 1))
            || subsampled && geometry.columns % 2 == 1
        {
            return Err(MaskError::Form);
        }
        let big = ds.form().encoding == Encoding::ExplicitBe;
        let swapped = big && cell <= 8 && &node.vr == b"OW";
        let black = fill::black(ds, image, subsampled)?;
        let planar = image.planar && geometry.samples > 1 && !subsampled;
        let shift = if cell == 1 { 0 } else { image.high_bit + 1 - image.stored };
        let pattern = |values: &[i64]| values.iter().flat_map(|v| bytes(*v << shift, cell, big)).collect::<Vec<u8>>();
        let pixels = geometry.rows.checked_mul(geometry.columns).filter(|n| *n > 0).ok_or(MaskError::NoImage)?;
        let group = 1 + u64::from(subsampled);
        let samples = u64::try_from(black.len()).map_err(|_| MaskError::Form)?;
        let frame = pixels.checked_mul(samples).and_then(|n| n.checked_mul(cell)).ok_or(MaskError::Form)? / group;
        Ok(Self {
            rows: geometry.rows,
            columns: geometry.columns,
            frame,
            length,
            planes: if planar { samples } else { 1 },
            cell,
            group,
            black: if planar { black.iter().map(|v| pattern(&[*v])).collect() } else { vec![pattern(&black)] },
            big_endian: big && !swapped,
            swapped,
        })
    }

    /// Bytes of one frame that ends with a byte.
    pub(super) const fn frame_bytes(&self) -> u64 {
        self.frame / 8
    }

    /// The pattern of a plane.
    pub(super) fn pattern(&self, plane: usize) -> &[u8] {
        self.black.get(plane).map(Vec::as_slice).unwrap_or_default()
    }

    /// True where samples are single bits.
    pub(super) const fn is_bits(&self) -> bool {
        self.cell == 1
    }

    /// True where no two frames share a byte, or a pair of bytes that change places.
    pub(super) const fn ends_with_bytes(&self) -> bool {
        self.frame.is_multiple_of(if self.swapped { 16 } else { 8 })
    }

    /// A rectangle with the pixels that share chroma with its own.
    pub(super) fn grown(&self, rect: Rect) -> Rect {
        let group = if self.group > 1 { 2 } else { 1 };
        let x = rect.x / group * group;
        Rect { x, width: (rect.x + rect.width).next_multiple_of(group) - x, ..rect }
    }

    /// The spans of rectangles in a frame, in order. Pixels that share chroma with a masked one are masked too.
    pub(super) fn spans(&self, frame: u64, rects: &[Rect]) -> Vec<Span> {
        let width = self.frame / (self.rows * self.columns * self.planes / self.group);
        let mut spans = Vec::new();
        for rect in rects {
            let (x, y) = (u64::from(rect.x), u64::from(rect.y));
            let first = x / self.group;
            let last = (x + u64::from(rect.width)).div_ceil(self.group);
            for (plane, at) in (0..self.planes).zip(0..) {
                for row in y..y + u64::from(rect.height) {
                    let row = frame * self.frame + ((plane * self.rows + row) * self.columns / self.group) * width;
                    spans.push(Span { start: row + first * width, end: row + last * width, plane: at });
                }
            }
        }
        spans.sort_unstable();
        spans
    }
}

/// A cell's bytes.
fn bytes(value: i64, cell: u64, big: bool) -> Vec<u8> {
    let len = usize::try_from(cell.div_ceil(8)).unwrap_or(1);
    let mut bytes: Vec<u8> = value.to_le_bytes().into_iter().take(len).collect();
    if big {
        bytes.reverse();
    }
    bytes
}
