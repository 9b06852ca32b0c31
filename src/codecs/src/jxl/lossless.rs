//! Writing JPEG XL without loss by zune-jpegxl.

use crate::{CodecError, Frame, Result};
use zune_core::bit_depth::BitDepth;
use zune_core::colorspace::ColorSpace;
use zune_core::options::EncoderOptions;
use zune_jpegxl::JxlSimpleEncoder;

/// Writes a frame with 8 or 16 bits.
pub fn write(frame: &Frame) -> Result<Vec<u8>> {
    let space = match frame.components {
        1 => ColorSpace::Luma,
        3 => ColorSpace::RGB,
        _ => return Err(CodecError::Unsupported),
    };
    let (width, depth) = if frame.bits > 8 { (2, BitDepth::Sixteen) } else { (1, BitDepth::Eight) };
    // The encoder takes samples as the machine has them.
    let place = if cfg!(target_endian = "big") { 4 - width..4 } else { 0..width };
    let mut bytes = Vec::with_capacity(frame.samples.len().saturating_mul(width));
    for sample in &frame.samples {
        bytes.extend(sample.to_ne_bytes().get(place.clone()).unwrap_or_default());
    }
    let options = EncoderOptions::new(frame.columns as usize, frame.rows as usize, space, depth);
    let mut stream = Vec::new();
    JxlSimpleEncoder::new(&bytes, options).encode(&mut stream).map_err(|_| CodecError::NotProven)?;
    Ok(stream)
}
