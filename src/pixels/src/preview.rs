//! A picture of one frame, or the reason why there is none.

use crate::bytes::joined;
use crate::coded;
use crate::decode::{self, Colour, Samples};
use crate::image::Image;
use crate::jpeg::Headers;
use crate::mask::plain;
use crate::native;
use crate::render;
use core::fmt;
use tokumei_dicom::codestream::clean_frame;
use tokumei_dicom::{ErrorKind, Limits, NodeKind, Source, Tag, read};

/// Bytes that a decoded frame or its picture may take.
const MAX_BYTES: u64 = 64 << 20;
/// The widest window: all values of 32 bits, rescaled.
const MAX_WIDTH: f64 = 1e12;

/// How grey values become light (PS3.3 C.11.2.1.2).
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Levels {
    /// Through the file's first window, or the whole range where it has none.
    File,
    /// From the smallest to the largest value.
    Whole,
    /// Through a window of a person's choice.
    Window {
        /// The value of middle grey.
        center: f64,
        /// The values from black to white, 1 at least.
        width: f64,
    },
}

/// A picture of one frame.
#[derive(Clone, PartialEq)]
pub struct Preview {
    /// Pixels in a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// Red, green, blue, opacity of each pixel, row by row.
    pub rgba: Vec<u8>,
    /// Center and width of the window that grey values were drawn through.
    pub window: Option<(f64, f64)>,
    /// Larger values are darker (`MONOCHROME1`).
    pub inverted: bool,
    /// Columns and rows that masks of this frame grow to: MCUs of JPEG, pixels that share chroma. `None`: that is known
    /// only when it is masked.
    pub grid: Option<(u32, u32)>,
}

impl fmt::Debug for Preview {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Preview({} x {})", self.width, self.height)
    }
}

/// Why there is no picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum NoPreview {
    /// The file could not be read, or its header is damaged.
    NotReadable,
    /// It has no Pixel Data, or its Image Pixel Module is incomplete.
    NoImage,
    /// It has no such frame.
    NoSuchFrame,
    /// The frame is larger than the limit.
    TooLarge,
    /// The coding is not drawn: JPEG XL, where this module has no codec for it; video.
    Coding,
    /// The form of the samples is not drawn exactly: subsampled or unclear colour, unusual depth.
    Form,
    /// The code stream is damaged, or does not fit the header.
    Damaged,
}

impl NoPreview {
    /// Stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotReadable => "not-readable",
            Self::NoImage => "no-image",
            Self::NoSuchFrame => "no-such-frame",
            Self::TooLarge => "frame-too-large",
            Self::Coding => "coding-not-drawn",
            Self::Form => "form-not-drawn",
            Self::Damaged => "frame-damaged",
        }
    }
}

impl fmt::Display for NoPreview {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl core::error::Error for NoPreview {}

/// Draws a frame, counted from 0.
pub fn preview(source: &dyn Source, frame: u32, levels: Levels) -> Result<Preview, NoPreview> {
    if matches!(levels, Levels::Window { center, width } if !(center.is_finite() && (1.0..=MAX_WIDTH).contains(&width)))
    {
        return Err(NoPreview::Form);
    }
    let limits = Limits::default();
    let ds = read::parse(source, &limits).map_err(|_| NoPreview::NotReadable)?;
    let (pixel_data, image, floats) = match ds.find(None, Tag::PIXEL_DATA) {
        Some(index) => (index, Image::read(&ds, source, frame).ok_or(NoPreview::NoImage)?, false),
        None => Image::floats(&ds).map(|(index, image)| (index, image, true)).ok_or(NoPreview::NoImage)?,
    };
    if u64::from(frame) >= image.geometry.frames {
        return Err(NoPreview::NoSuchFrame);
    }
    let pixels = image.geometry.rows.saturating_mul(image.geometry.columns);
    let cell = image.geometry.allocated.div_ceil(8).saturating_mul(image.geometry.samples).max(4);
    if pixels == 0 || pixels.saturating_mul(cell) > MAX_BYTES {
        return Err(if pixels == 0 { NoPreview::NoImage } else { NoPreview::TooLarge });
    }
    if floats {
        let samples = native::floats(&ds, source, pixel_data, &image, frame)?;
        return draw(&image, &samples, levels, Some((1, 1)));
    }
    let shared = (1 + u32::from(image.geometry.photometric.ends_with("_422")), 1);
    let native = ds.node(pixel_data).is_some_and(|n| n.kind == NodeKind::Element);
    if native {
        let samples = native::samples(&ds, source, pixel_data, &image, frame)?;
        draw(&image, &samples, levels, Some(shared))
    } else {
        let uid = ds.form().transfer_syntax.as_str();
        let pieces = clean_frame(&ds, source, pixel_data, uid, &limits, frame).map_err(|e| reason(e.kind))?;
        let stream = joined(&ds, source, &pieces, MAX_BYTES).map_err(reason)?;
        if plain::is_plain(uid) {
            let len = image.geometry.frame_bits().ok_or(NoPreview::Form)?.div_ceil(8);
            let bytes = plain::samples(uid, stream, len).map_err(|_| NoPreview::Damaged)?;
            return draw(&image, &native::of_fragment(&image, bytes)?, levels, Some(shared));
        }
        let samples = match decode::encapsulated(&image, uid, &stream) {
            Err(NoPreview::Coding | NoPreview::Form) => coded::samples(&image, uid, &stream)?,
            drawn => drawn?,
        };
        draw(&image, &samples, levels, grid(uid, &stream))
    }
}

/// What masks of a stream grow to. A JPEG within JPEG XL is known only when it has been given back.
fn grid(uid: &str, stream: &[u8]) -> Option<(u32, u32)> {
    if uid == coded::RECOMPRESSED {
        return None;
    }
    Some(Headers::read(stream).map_or((1, 1), |headers| headers.mcu()))
}

fn draw(image: &Image, samples: &Samples, levels: Levels, grid: Option<(u32, u32)>) -> Result<Preview, NoPreview> {
    let (rgba, window) = render::rgba(image, samples, levels)?;
    let window = window.map(|w| (w.center, w.width));
    let side = |n: u64| u32::try_from(n).map_err(|_| NoPreview::TooLarge);
    let inverted = samples.colour == Colour::Grey { inverted: true };
    let (width, height) = (side(image.geometry.columns)?, side(image.geometry.rows)?);
    Ok(Preview { width, height, rgba, window, inverted, grid })
}

pub(crate) fn reason(kind: ErrorKind) -> NoPreview {
    match kind {
        ErrorKind::TransferSyntaxUnsupported => NoPreview::Coding,
        ErrorKind::TooLarge => NoPreview::TooLarge,
        ErrorKind::SourceUnreadable => NoPreview::NotReadable,
        _ => NoPreview::Damaged,
    }
}
