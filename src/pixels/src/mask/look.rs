//! What only a decoder finds in code streams: bits that belong to no sample, where a stream has room for more than Bits
//! Stored (PS3.5 8.1.1, 8.2), and bytes behind the last frame of JPEG XL.

use super::unused::cell;
use super::{Asked, MaskError, MaskLimits, plain};
use crate::bytes::joined;
use crate::coded::geometry;
use crate::image::Image;
use tokumei_codecs::{Codec, CodecError, Frame, Geometry, Limits};
use tokumei_dicom::codestream::cells::Cells;
use tokumei_dicom::codestream::replace_frames;
use tokumei_dicom::{DataSet, Error, NodeKind, Piece, Source, Tag, read};

/// Transfer syntaxes that may lose something, whatever one of their streams does.
const LOSSY: [&str; 8] = [
    "1.2.840.10008.1.2.4.50",
    "1.2.840.10008.1.2.4.51",
    "1.2.840.10008.1.2.4.53",
    "1.2.840.10008.1.2.4.55",
    "1.2.840.10008.1.2.4.81",
    "1.2.840.10008.1.2.4.91",
    "1.2.840.10008.1.2.4.112",
    "1.2.840.10008.1.2.4.203",
];

/// What was found in the frames of an instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// Samples alone.
    Nothing,
    /// Bytes behind a stream: they go when its frames are written anew.
    Behind,
    /// Bits that belong to no sample.
    Overlay,
}

/// Looks at all frames of encapsulated Pixel Data.
pub fn look(source: &dyn Source, limits: &MaskLimits) -> Result<Found, MaskError> {
    let ds = read::parse(source, &limits.reading)?;
    let index = ds.find(None, Tag::PIXEL_DATA).ok_or(MaskError::NoImage)?;
    let image = Image::read(&ds, source, 0).ok_or(MaskError::NoImage)?;
    if ds.node(index).is_none_or(|n| n.kind != NodeKind::Fragments) {
        return Err(MaskError::NoImage);
    }
    let request = super::Request::default();
    frames(&Asked { ds: &ds, source, index, image: &image, request: &request }, limits)
}

/// Looks at all frames: one with bits that belong to no sample tells of all.
pub(super) fn frames(asked: &Asked<'_>, limits: &MaskLimits) -> Result<Found, MaskError> {
    let Asked { ds, source, index, image, .. } = *asked;
    let syntax = ds.form().transfer_syntax.as_str();
    let looks = Looks { ds, image, syntax, geometry: geometry(image).ok_or(MaskError::Form)?, limits };
    let mut behind = false;
    let look = |_: u64, pieces: &[Piece]| -> Result<Option<Vec<Piece>>, Stop> {
        let stream = joined(ds, source, pieces, limits.frame_bytes).map_err(MaskError::Read)?;
        match looks.at(stream)? {
            Found::Overlay => return Err(Stop::Overlay),
            Found::Behind => behind = true,
            Found::Nothing => {}
        }
        Ok(None)
    };
    match replace_frames(ds, source, index, syntax, &limits.reading, look) {
        Ok(_) => Ok(if behind { Found::Behind } else { Found::Nothing }),
        Err(Stop::Overlay) => Ok(Found::Overlay),
        Err(Stop::Failed(error)) => Err(error),
    }
}

/// True for bytes behind a stream that are more than the padding of a fragment (PS3.5 A.4).
pub(super) fn is_followed(stream: &[u8], end: usize) -> bool {
    !matches!(stream.get(end..), None | Some([] | [0]))
}

/// True where samples may be others than those that were coded.
pub(super) fn is_lossy(syntax: &str, codec: Codec) -> bool {
    LOSSY.contains(&syntax) || codec == Codec::JpegDct
}

/// Why no further frame is looked at.
enum Stop {
    Overlay,
    Failed(MaskError),
}

impl From<MaskError> for Stop {
    fn from(error: MaskError) -> Self {
        Self::Failed(error)
    }
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Failed(error.into())
    }
}

/// What is known when a frame is looked at.
struct Looks<'a> {
    ds: &'a DataSet,
    image: &'a Image,
    syntax: &'a str,
    geometry: Geometry,
    limits: &'a MaskLimits,
}

impl Looks<'_> {
    fn at(&self, stream: Vec<u8>) -> Result<Found, MaskError> {
        if plain::is_plain(self.syntax) {
            return self.plain(stream);
        }
        let limits = Limits { frame_bytes: self.limits.frame_bytes };
        let codec = Codec::of(self.syntax, &stream)?;
        let end = tokumei_codecs::end(codec, &stream, limits)?;
        let frame = tokumei_codecs::decode(codec, &stream, &self.geometry, limits)?;
        Ok(if self.hides(codec, &frame) {
            Found::Overlay
        } else if is_followed(&stream, end) {
            Found::Behind
        } else {
            Found::Nothing
        })
    }

    /// A frame of cells as they are, little endian.
    fn plain(&self, stream: Vec<u8>) -> Result<Found, MaskError> {
        let allocated = self.image.geometry.allocated;
        let len = self.image.geometry.frame_bytes().filter(|n| *n <= self.limits.frame_bytes);
        let bytes = plain::samples(self.syntax, stream, len.ok_or(MaskError::Stream(CodecError::TooLarge))?)?;
        let width = usize::try_from(allocated / 8).unwrap_or(0);
        let cells = Cells::new(self.ds, allocated).filter(|_| matches!(allocated, 8 | 16 | 32 | 64));
        let hides = cells.is_none_or(|cells| {
            let cell = |bytes: &[u8]| bytes.iter().rev().fold(0, |n, b| n << 8 | u64::from(*b));
            bytes.chunks_exact(width).any(|bytes| cells.hides(cell(bytes)))
        });
        Ok(if hides { Found::Overlay } else { Found::Nothing })
    }

    fn hides(&self, codec: Codec, frame: &Frame) -> bool {
        let bits = u64::from(frame.bits);
        if bits <= self.image.stored {
            return false;
        }
        // A sample has a sign where the data set or the stream says so.
        let Some(cells) = Cells::new(self.ds, bits) else { return true };
        let hides = |sample: i32| cells.hides(cell(sample, bits));
        if is_lossy(self.syntax, codec) {
            let range = self.range(frame.signed);
            let outside = |sample: i32| !range.contains(&self.value(i64::from(sample), frame));
            return frame.samples.iter().any(|&sample| outside(sample) && hides(sample));
        }
        frame.samples.iter().any(|&sample| hides(sample))
    }

    /// The number that a sample of a stream stands for.
    fn value(&self, sample: i64, frame: &Frame) -> i64 {
        let unused = 64 - u32::from(frame.bits);
        if self.image.signed && !frame.signed { sample << unused >> unused } else { sample }
    }

    /// Values that a lossy coding may make of those of Bits Stored: a quarter of their range beyond each end. What is so
    /// little beyond is drawn as the end itself, and a text over what is darker than a quarter is seen in the picture as any
    /// burned-in one; one over what is lighter lies further beyond.
    fn range(&self, signed: bool) -> core::ops::RangeInclusive<i64> {
        let range = 1_i64 << (self.image.high_bit + 1).min(40);
        let (low, high) = match (self.image.signed, signed) {
            (true, _) => (-range / 2, range / 2),
            (false, true) => (-range / 2, range),
            (false, false) => (0, range),
        };
        low - range / 4..=high + range / 4
    }
}
