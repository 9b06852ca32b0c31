//! One frame through our own codecs: those that dicom-pixeldata does not know, or does not draw exactly.

use crate::decode::{Colour, Samples, colour};
use crate::image::Image;
use crate::preview::NoPreview;
use tokumei_codecs::{Codec, CodecError, Frame, Geometry, Limits, Photometric, decode};

/// Bytes that a frame may take in a codec.
const MAX_BYTES: u64 = 256 << 20;
/// JPEG XL JPEG Recompression.
pub(crate) const RECOMPRESSED: &str = "1.2.840.10008.1.2.4.111";

/// Samples of a cleaned stream.
pub(crate) fn samples(image: &Image, uid: &str, stream: &[u8]) -> Result<Samples, NoPreview> {
    let geometry = geometry(image).ok_or(NoPreview::Form)?;
    let codec = Codec::of(uid, stream).map_err(reason)?;
    let frame = decode(codec, stream, &geometry, Limits { frame_bytes: MAX_BYTES }).map_err(reason)?;
    let colour = if image.geometry.samples == 3 { of_three(image, uid, codec)? } else { colour(image)? };
    if colour == Colour::Bit {
        let bytes = frame.samples.iter().map(|sample| if *sample == 0 { 0 } else { 255 }).collect();
        return Ok(Samples { bytes, width: 1, colour });
    }
    // Cells that begin with other bits than those of the sample are not drawn exactly.
    if image.high_bit + 1 != image.stored || !matches!(image.geometry.allocated, 8 | 16 | 32) {
        return Err(NoPreview::Form);
    }
    Ok(cells(image, &frame, colour))
}

/// What a data set says of a frame, for the codecs; `None` where no code stream can have such numbers.
pub(crate) fn geometry(image: &Image) -> Option<Geometry> {
    let geometry = &image.geometry;
    Some(Geometry {
        rows: u32::try_from(geometry.rows).ok()?,
        columns: u32::try_from(geometry.columns).ok()?,
        samples_per_pixel: u8::try_from(geometry.samples).ok()?,
        bits_allocated: u8::try_from(geometry.allocated).ok()?,
        // Samples that do not begin with the lowest bit of their cells are held in these as a whole.
        bits_stored: u8::try_from(image.high_bit + 1).ok()?,
        signed: image.signed,
        photometric: Photometric::of(geometry.photometric.as_str()),
    })
}

/// What a codec gives of three components: JPEG, in JPEG XL too, and the transforms of JPEG 2000 end in red, green and blue.
fn of_three(image: &Image, uid: &str, codec: Codec) -> Result<Colour, NoPreview> {
    match (codec, image.geometry.photometric.as_str()) {
        (Codec::JpegXl, _) if uid == RECOMPRESSED => Ok(Colour::Rgb),
        (Codec::JpegDct, _) | (_, "RGB" | "YBR_RCT" | "YBR_ICT") => Ok(Colour::Rgb),
        (_, "YBR_FULL" | "YBR_FULL_422") if image.stored == 8 => Ok(Colour::Ybr),
        _ => Err(NoPreview::Form),
    }
}

/// Samples in cells, little endian. What a lossy coding gives beyond the stored bits is brought to their ends.
fn cells(image: &Image, frame: &Frame, colour: Colour) -> Samples {
    let width = usize::try_from(image.geometry.allocated / 8).unwrap_or(1);
    let range = 1_i64.checked_shl(u32::try_from(image.stored).unwrap_or(32)).unwrap_or(0);
    let (low, high) = if frame.signed { (-range / 2, range / 2 - 1) } else { (0, range - 1) };
    // Those of 32 bits are bit patterns.
    let kept = |sample: &i32| if image.stored == 32 { i64::from(*sample) } else { i64::from(*sample).clamp(low, high) };
    let bytes = frame.samples.iter().flat_map(|sample| kept(sample).to_le_bytes().into_iter().take(width)).collect();
    Samples { bytes, width, colour }
}

fn reason(error: CodecError) -> NoPreview {
    match error {
        CodecError::Unsupported => NoPreview::Coding,
        CodecError::TooLarge => NoPreview::TooLarge,
        _ => NoPreview::Damaged,
    }
}
