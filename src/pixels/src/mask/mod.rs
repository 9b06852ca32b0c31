//! Masks: rectangles of frames made constant, everything else byte for byte as it was (PS3.15 E.3.1).
//!
//! The result is a new Pixel Data value in pieces: ranges of the source, and own bytes that are given to a store one
//! after the other, so that no more than a window or a frame is held here.

mod encapsulated;
mod fill;
mod layout;
mod look;
mod native;
pub(crate) mod plain;
mod spans;
mod unused;

pub use look::{Found, look};

use crate::image::Image;
use core::fmt;
use tokumei_codecs::{CodecError, Rect};
use tokumei_dicom::codestream::OffsetTable;
use tokumei_dicom::{DataSet, Error, ErrorKind, Limits, NodeKind, Piece, Source, Tag, read};

/// A rectangle and the frames that it is drawn on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mask {
    /// Frames, counted from 0; `None`: all of them.
    pub frames: Option<Vec<u32>>,
    /// Where. What lies outside the matrix is left out.
    pub rect: Rect,
}

/// New Pixel Data of the top level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Masked {
    /// The whole value as it stands in the file: of fragments with item headers and delimiter. Ranges count in the data
    /// set's coordinates, or are what the store gave.
    pub value: Vec<Piece>,
    /// What becomes of (7FE0,0001) and (7FE0,0002).
    pub offset_table: OffsetTable,
    /// Frames whose samples were changed; none: they are coded anew only.
    pub frames: u64,
    /// What became constant for each mask of the request: its rectangle, cut at the edges of the matrix and grown to what
    /// the coding holds together (MCUs of JPEG, pixels that share chroma), on all its frames. `None`: it lies outside.
    pub areas: Vec<Option<Rect>>,
    /// Photometric Interpretation (0028,0004), where the new code streams have another one.
    pub photometric: Option<&'static str>,
    /// Transfer Syntax UID, where the new code streams need another one.
    pub transfer_syntax: Option<&'static str>,
    /// No frame holds bits that belong to no sample: they were asked to be cleared.
    pub cleared: bool,
}

/// Why there is no masked Pixel Data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum MaskError {
    /// Reading it failed.
    Read(ErrorKind),
    /// It has no Pixel Data.
    NoImage,
    /// There is no safe way to mask samples of this form.
    Form,
    /// No mask lies within the image.
    Outside,
    /// The code stream of a frame cannot be masked.
    Stream(CodecError),
    /// Bits that belong to no sample are coded with the samples.
    Overlay,
}

impl MaskError {
    /// Stable code of the table of reasons.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Read(kind) => kind.code(),
            Self::NoImage | Self::Stream(CodecError::Mismatch) => "pixel-mismatch",
            Self::Form | Self::Stream(CodecError::Unsupported) => "pixels-not-maskable",
            Self::Stream(CodecError::Damaged) => "damaged",
            Self::Stream(CodecError::TooLarge) => "too-large",
            Self::Stream(_) => "mask-not-proven",
            Self::Outside => "mask-outside-image",
            Self::Overlay => "overlay-in-pixels",
        }
    }
}

impl From<CodecError> for MaskError {
    fn from(error: CodecError) -> Self {
        Self::Stream(error)
    }
}

impl From<Error> for MaskError {
    fn from(error: Error) -> Self {
        Self::Read(error.kind)
    }
}

impl fmt::Display for MaskError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl core::error::Error for MaskError {}

/// Takes own bytes, and says which piece stands for them.
pub type Store<'s> = dyn FnMut(Vec<u8>) -> Piece + 's;

/// What is asked of the pixels of an instance.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Request {
    /// What is made constant. Of JPEG XL around JPEGs nothing may be: then the JPEGs are given back.
    pub masks: Vec<Mask>,
    /// Bits that lie outside Bits Stored, and are neither an extension of the sign nor padding, become zero. It is an error
    /// where they stand in code streams with a loss, whose bits stand for nothing by themselves.
    pub clear: bool,
}

/// What may be held at once.
#[derive(Debug, Clone, Copy)]
pub struct MaskLimits {
    /// Limits of reading.
    pub reading: Limits,
    /// Bytes of one decoded frame.
    pub frame_bytes: u64,
}

/// Makes the masked rectangles constant, and clears what belongs to no sample where that is asked for.
pub fn mask(
    source: &dyn Source,
    request: &Request,
    limits: &MaskLimits,
    store: &mut Store<'_>,
) -> Result<Masked, MaskError> {
    let ds = read::parse(source, &limits.reading)?;
    let (index, image) = match ds.find(None, Tag::PIXEL_DATA) {
        Some(index) => (index, Image::read(&ds, source, 0).ok_or(MaskError::NoImage)?),
        None => floats(&ds)?,
    };
    if image.geometry.frames > u64::from(limits.reading.frames) {
        return Err(MaskError::Read(ErrorKind::TooLarge));
    }
    let asked = Asked { ds: &ds, source, index, image: &image, request };
    match ds.node(index).map(|n| n.kind) {
        Some(NodeKind::Element) => native::mask(&asked, limits, store),
        Some(NodeKind::Fragments) => encapsulated::mask(&asked, limits, store),
        _ => Err(MaskError::NoImage),
    }
}

/// Float or Double Float Pixel Data, of which zero is masked.
fn floats(ds: &DataSet) -> Result<(u32, Image), MaskError> {
    let (index, image) = Image::floats(ds).ok_or(MaskError::NoImage)?;
    let native = ds.node(index).is_some_and(|n| n.kind == NodeKind::Element);
    let plain = image.geometry.photometric == "MONOCHROME2" && image.geometry.samples == 1;
    if native && plain { Ok((index, image)) } else { Err(MaskError::Form) }
}

/// An instance and what is asked of it.
struct Asked<'a> {
    ds: &'a DataSet,
    source: &'a dyn Source,
    index: u32,
    image: &'a Image,
    request: &'a Request,
}

impl Asked<'_> {
    /// The rectangles of a frame, cut at the edges of the matrix.
    fn rects(&self, frame: u64) -> Vec<Rect> {
        self.on(frame).map(|(_, rect)| rect).collect()
    }

    /// The same with the places of their masks in the request.
    fn on(&self, frame: u64) -> impl Iterator<Item = (usize, Rect)> {
        let masks = self.request.masks.iter().enumerate();
        let on = move |mask: &Mask| mask.frames.as_ref().is_none_or(|f| f.iter().any(|&f| u64::from(f) == frame));
        masks.filter(move |(_, mask)| on(mask)).filter_map(|(i, mask)| Some((i, self.within(mask.rect)?)))
    }

    fn within(&self, rect: Rect) -> Option<Rect> {
        let cut = |at: u32, len: u32, all: u64| {
            let left = all.checked_sub(u64::from(at))?.min(u64::from(len));
            u32::try_from(left).ok().filter(|n| *n > 0)
        };
        let width = cut(rect.x, rect.width, self.image.geometry.columns)?;
        let height = cut(rect.y, rect.height, self.image.geometry.rows)?;
        Some(Rect { width, height, ..rect })
    }

    /// Frames that any mask within the image is drawn on, in order.
    fn frames(&self) -> Vec<u64> {
        let all = self.image.geometry.frames;
        let inside = || self.request.masks.iter().filter(|mask| self.within(mask.rect).is_some());
        if inside().any(|mask| mask.frames.is_none()) {
            return (0..all).collect();
        }
        let named = inside().filter_map(|mask| mask.frames.as_ref()).flatten().map(|&f| u64::from(f));
        let mut frames: Vec<u64> = named.filter(|f| *f < all).collect();
        frames.sort_unstable();
        frames.dedup();
        frames
    }
}
