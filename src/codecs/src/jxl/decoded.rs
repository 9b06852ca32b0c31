//! Reading JPEG XL by jxl-oxide.

use super::boxes;
use super::jpeg::{self, Colours};
use crate::{CodecError, Frame, Geometry, Limits, Result};
use jxl_oxide::frame::Encoding;
use jxl_oxide::image::BitDepth;
use jxl_oxide::{AllocTracker, JxlImage};

/// Bytes that a sample takes while it is held.
const SAMPLE_BYTES: u64 = 4;

/// A stream of one picture that fits the data set.
pub struct Decoded {
    image: JxlImage,
    components: u8,
    bits: u8,
    /// The code stream, where it was made of a JPEG.
    jpeg: Option<Vec<u8>>,
    limits: Limits,
}

/// Reads a stream whose header fits the data set, within the limit. Animations, alpha and other channels, orientations
/// and samples that are no integers do not occur in DICOM and are refused.
pub fn open(stream: &[u8], geometry: &Geometry, limits: Limits) -> Result<Decoded> {
    geometry.samples(SAMPLE_BYTES, limits)?;
    let content = boxes::content(stream)?;
    let mut image = begun(&content.code_stream, limits)?;
    let (components, bits) = samples_of(&image)?;
    geometry.fits(image.height(), image.width(), components, bits)?;
    image.finalize().map_err(|_| CodecError::Damaged)?;
    if !image.is_loading_done() || image.num_loaded_keyframes() != 1 {
        return Err(CodecError::Damaged);
    }
    let jpeg = content.from_jpeg.then_some(content.code_stream);
    Ok(Decoded { image, components, bits, jpeg, limits })
}

/// True where a code stream holds all that its frames are made of.
pub fn is_whole(stream: &[u8], limits: Limits) -> bool {
    begun(stream, limits).is_ok_and(|image| image.is_loading_done())
}

/// An image whose bytes were read, its header too.
fn begun(file: &[u8], limits: Limits) -> Result<JxlImage> {
    let budget = usize::try_from(limits.frame_bytes).unwrap_or(usize::MAX);
    let builder = JxlImage::builder().alloc_tracker(AllocTracker::with_limit(budget));
    let mut unknown = builder.build_uninit();
    unknown.feed_bytes(file).map_err(|_| CodecError::Damaged)?;
    match unknown.try_init().map_err(|_| CodecError::Damaged)? {
        jxl_oxide::InitializeResult::Initialized(image) => Ok(image),
        jxl_oxide::InitializeResult::NeedMoreData(_) => Err(CodecError::Damaged),
    }
}

fn samples_of(image: &JxlImage) -> Result<(u8, u8)> {
    let metadata = &image.image_header().metadata;
    let plain = metadata.orientation == 1
        && metadata.animation.is_none()
        && metadata.preview.is_none()
        && metadata.ec_info.is_empty();
    let BitDepth::IntegerSample { bits_per_sample: bits @ 1..=16 } = metadata.bit_depth else {
        return Err(CodecError::Unsupported);
    };
    let components = match image.pixel_format() {
        jxl_oxide::PixelFormat::Gray => 1,
        jxl_oxide::PixelFormat::Rgb => 3,
        _ => return Err(CodecError::Unsupported),
    };
    if !plain {
        return Err(CodecError::Unsupported);
    }
    Ok((components, u8::try_from(bits).map_err(|_| CodecError::Unsupported)?))
}

impl Decoded {
    /// The samples as integers. They come as fractions of the largest value, which hold 16 bits exactly.
    pub fn frame(&self) -> Result<Frame> {
        let picture = self.image.render_frame(0).map_err(|_| CodecError::Damaged)?.image_all_channels();
        let (rows, columns) = (self.image.height(), self.image.width());
        let same = (picture.width(), picture.height(), picture.channels())
            == (columns as usize, rows as usize, usize::from(self.components));
        if !same {
            return Err(CodecError::Damaged);
        }
        let largest = f32::from(u16::MAX >> (16 - self.bits));
        let samples = picture.buf().iter().map(|fraction| integer(fraction * largest, largest)).collect();
        Ok(Frame { rows, columns, components: self.components, bits: self.bits, signed: false, samples })
    }

    /// The JPEG that the stream was made of, if it was made of one: its coefficients, quantization and sampling.
    pub fn jpeg(&self) -> Result<Option<Vec<u8>>> {
        let Some(code_stream) = &self.jpeg else { return Ok(None) };
        let header = self.image.frame_header(0).ok_or(CodecError::Damaged)?;
        let whole = (header.width, header.height) == (self.image.width(), self.image.height());
        if !whole || self.image.num_loaded_frames() != 1 {
            return Err(CodecError::Damaged);
        }
        let colours = match (self.components, header.do_ycbcr) {
            (1, _) => Colours::Grey,
            (_, true) => Colours::YCbCr,
            (_, false) => Colours::Rgb,
        };
        let mut image = begun(&jpeg::file(code_stream, colours)?, self.limits)?;
        image.finalize().map_err(|_| CodecError::Damaged)?;
        let mut written = Vec::new();
        image.reconstruct_jpeg(&mut written).map_err(|_| CodecError::Damaged)?;
        jpeg::finished(&written, colours).map(Some)
    }

    /// Whether nothing in the stream is of the kinds that always lose something: DCTs, and colours in XYB.
    pub fn may_be_lossless(&self) -> bool {
        let modular = |n| self.image.frame(n).is_some_and(|frame| frame.header().encoding == Encoding::Modular);
        !self.is_xyb() && (0..self.image.num_loaded_frames()).all(modular)
    }

    /// Whether the samples are coded in XYB.
    pub fn is_xyb(&self) -> bool {
        self.image.image_header().metadata.xyb_encoded
    }
}

#[allow(clippy::cast_possible_truncation, reason = "kept within 16 bits before")]
fn integer(value: f32, largest: f32) -> i32 {
    value.round().clamp(0.0, largest) as i32
}
