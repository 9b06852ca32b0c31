//! Code streams of one frame: decoded, masked without a loss outside of the mask, and written with other samples.
//!
//! This crate knows no data set: what one says of its frames comes as [`Geometry`]. [`mask`] stays in the coding that a
//! stream has, decodes what it wrote and compares before it hands anything over. Streams are hostile: sizes are held
//! against [`Limits`] and the geometry before anything is allocated, and no input leads to a panic. JPEG 2000 and JPEG XL
//! are features, since their libraries are large; without them their streams are [`CodecError::Unsupported`].
#![cfg_attr(not(test), deny(unused_crate_dependencies))]

mod codec;
mod error;
mod fill;
mod geometry;
mod jpeg;
#[cfg(feature = "jpeg2000")]
mod jpeg2000;
mod jpeg_ls;
#[cfg(feature = "jxl")]
mod jxl;
mod rle;

pub use codec::Codec;
pub use error::{CodecError, Result};
pub use fill::Fill;
pub use geometry::{Frame, Geometry, Limits, Masked, Photometric, Rect};
pub use jpeg::holds_hidden_bytes;

/// Makes rectangles of a frame constant, in the coding and with the precision that its stream has.
///
/// Outside of [`Masked::touched`] all samples (JPEG DCT: all coefficients) are those of the source, inside they are
/// constant: the new stream was decoded again and compared. Empty `rects` rewrite the stream as it is.
pub fn mask(
    codec: Codec,
    stream: &[u8],
    geometry: &Geometry,
    rects: &[Rect],
    fill: Fill,
    limits: Limits,
) -> Result<Masked> {
    let rects = geometry::clipped(rects, geometry);
    match codec {
        Codec::JpegLs => jpeg_ls::mask(stream, geometry, &rects, fill, limits),
        #[cfg(feature = "jpeg2000")]
        Codec::Jpeg2000 | Codec::HtJ2k { .. } => jpeg2000::mask(codec, stream, geometry, &rects, fill, limits),
        #[cfg(feature = "jxl")]
        Codec::JpegXl => jxl::mask(stream, geometry, &rects, fill, limits),
        Codec::Rle => rle::mask(stream, geometry, &rects, fill, limits),
        Codec::JpegDct => jpeg::dct::mask(stream, geometry, &rects, fill, limits),
        Codec::JpegLossless => jpeg::lossless::mask(stream, geometry, &rects, fill, limits),
        #[cfg(not(all(feature = "jpeg2000", feature = "jxl")))]
        _ => Err(CodecError::Unsupported),
    }
}

/// Writes other samples in the place of those that a stream holds: in its coding, with its precision and sign.
///
/// `frame`: what [`decode`] gives of the stream, with other samples. The new stream was decoded again, to exactly that. Streams
/// that are coded with a loss are [`CodecError::Unsupported`], since their bits stand for nothing by themselves: JPEG DCT,
/// near-lossless JPEG-LS, the irreversible wavelet of JPEG 2000, and JPEG XL of DCTs or XYB.
pub fn recode(codec: Codec, stream: &[u8], geometry: &Geometry, frame: &Frame, limits: Limits) -> Result<Vec<u8>> {
    frame.check(geometry, limits)?;
    let written = match codec {
        Codec::JpegLs => jpeg_ls::recode(stream, frame),
        #[cfg(feature = "jpeg2000")]
        Codec::Jpeg2000 | Codec::HtJ2k { .. } => jpeg2000::recode(codec, stream, geometry, frame, limits),
        #[cfg(feature = "jxl")]
        Codec::JpegXl => jxl::recode(stream, geometry, frame, limits),
        Codec::Rle => rle::recode(frame),
        Codec::JpegLossless => jpeg::lossless::recode(stream, geometry, frame, limits),
        _ => Err(CodecError::Unsupported),
    }?;
    let again = decode(codec, &written, geometry, limits);
    if again.as_ref() == Ok(frame) { Ok(written) } else { Err(CodecError::NotProven) }
}

/// Bytes of a stream that its last part ends after. Of JPEG XL only a decoder finds that place; streams of other codings end
/// with a marker or with their last sample, and are taken to be whole.
pub fn end(codec: Codec, stream: &[u8], limits: Limits) -> Result<usize> {
    match codec {
        #[cfg(feature = "jxl")]
        Codec::JpegXl => jxl::end(stream, limits),
        #[cfg(not(feature = "jxl"))]
        Codec::JpegXl => Err(CodecError::Unsupported),
        _ => Ok(stream.len().min(usize::try_from(limits.frame_bytes).unwrap_or(usize::MAX))),
    }
}

/// Decodes a frame.
///
/// Of lossy codings the samples are for display: another decoder may differ by ±1, and where chroma is subsampled by
/// more.
pub fn decode(codec: Codec, stream: &[u8], geometry: &Geometry, limits: Limits) -> Result<Frame> {
    match codec {
        Codec::JpegLs => jpeg_ls::decode(stream, geometry, limits),
        #[cfg(feature = "jpeg2000")]
        Codec::Jpeg2000 | Codec::HtJ2k { .. } => jpeg2000::decode(stream, geometry, limits),
        #[cfg(feature = "jxl")]
        Codec::JpegXl => jxl::decode(stream, geometry, limits),
        Codec::Rle => rle::decode(stream, geometry, limits),
        Codec::JpegDct => jpeg::dct::decode(stream, geometry, limits),
        Codec::JpegLossless => jpeg::lossless::decode(stream, geometry, limits),
        #[cfg(not(all(feature = "jpeg2000", feature = "jxl")))]
        _ => Err(CodecError::Unsupported),
    }
}
