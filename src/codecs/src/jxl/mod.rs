//! JPEG XL (ISO 18181): jxl-oxide decodes, zune-jpegxl writes without loss.
//!
//! A stream that was made of a JPEG becomes a JPEG of the same coefficients and is masked there, so that nothing else of it
//! changes; it can't stay in a transfer syntax of JPEG XL then.

mod boxes;
mod decoded;
mod jpeg;
mod lossless;

use crate::jpeg::dct;
use crate::{CodecError, Fill, Frame, Geometry, Limits, Masked, Photometric, Rect, Result};

const JPEG_BASELINE: &str = "1.2.840.10008.1.2.4.50";
const JPEG_EXTENDED: &str = "1.2.840.10008.1.2.4.51";

/// Decodes a frame.
pub(crate) fn decode(stream: &[u8], geometry: &Geometry, limits: Limits) -> Result<Frame> {
    decoded::open(stream, geometry, limits)?.frame()
}

/// Bytes of a code stream without boxes up to the end of its last frame.
pub(crate) fn end(stream: &[u8], limits: Limits) -> Result<usize> {
    let holds_all = |len: usize| decoded::is_whole(stream.get(..len).unwrap_or_default(), limits);
    if !holds_all(stream.len()) {
        return Err(CodecError::Damaged);
    }
    // The shortest beginning that holds all frames: reading their sizes decodes none of them.
    let (mut short, mut whole) = (0, stream.len());
    while whole - short > 1 {
        let middle = short + (whole - short) / 2;
        if holds_all(middle) { whole = middle } else { short = middle }
    }
    Ok(whole)
}

/// Decodes, fills, writes without loss, and decodes again; or does so in the JPEG that the stream holds.
pub(crate) fn mask(stream: &[u8], geometry: &Geometry, rects: &[Rect], fill: Fill, limits: Limits) -> Result<Masked> {
    let source = decoded::open(stream, geometry, limits)?;
    if let Some(jpeg) = source.jpeg()? {
        return mask_jpeg(&jpeg, geometry, rects, fill, limits);
    }
    // XYB is the coding of lossy streams; what is decoded and written is RGB (PS3.5 8.2.16).
    let photometric = (source.is_xyb() && geometry.samples_per_pixel == 3).then_some(Photometric::Rgb);
    let mut frame = source.frame()?;
    frame.fill(rects, &fill.levels(geometry, frame.bits, false));
    let stream = lossless::write(&frame)?;
    if !proven(&stream, &frame, geometry, limits) {
        return Err(CodecError::NotProven);
    }
    let photometric = photometric.filter(|new| *new != geometry.photometric);
    Ok(Masked { stream, touched: rects.to_vec(), photometric, transfer_syntax: None })
}

/// Writes other samples in the place of those of a lossless stream, in the depths that the writer knows.
pub(crate) fn recode(stream: &[u8], geometry: &Geometry, frame: &Frame, limits: Limits) -> Result<Vec<u8>> {
    let source = decoded::open(stream, geometry, limits)?;
    if source.may_be_lossless() && matches!(frame.bits, 8 | 16) {
        lossless::write(frame)
    } else {
        Err(CodecError::Unsupported)
    }
}

/// Whether a stream holds these samples. A depth that the writer does not know is written as 16 bits.
fn proven(stream: &[u8], frame: &Frame, geometry: &Geometry, limits: Limits) -> bool {
    decode(stream, geometry, limits).is_ok_and(|written| written.samples == frame.samples)
}

fn mask_jpeg(jpeg: &[u8], geometry: &Geometry, rects: &[Rect], fill: Fill, limits: Limits) -> Result<Masked> {
    let masked = dct::mask_recompressed(jpeg, geometry, rects, fill, limits)?;
    let baseline = masked.stream.windows(2).take_while(|pair| *pair != [0xFF, 0xDA]).any(|pair| pair == [0xFF, 0xC0]);
    let plain = if baseline { JPEG_BASELINE } else { JPEG_EXTENDED };
    Ok(Masked { transfer_syntax: masked.transfer_syntax.or(Some(plain)), ..masked })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;

    /// Whatever follows, and however short the stream is cut.
    #[test]
    fn a_stream_ends_with_its_last_frame() {
        let samples = (0..99).map(|n| n * 7 % 256).collect();
        let frame = Frame { rows: 9, columns: 11, components: 1, bits: 8, signed: false, samples };
        let stream = lossless::write(&frame).unwrap();
        let limits = Limits::default();
        assert_eq!(end(&stream, limits), Ok(stream.len()));
        for behind in [b"\0".as_slice(), b"YAMADA^TARO", &stream, &[0xFF; 300]] {
            assert_eq!(end(&[stream.as_slice(), behind].concat(), limits), Ok(stream.len()));
        }
        assert_eq!(end(&stream[..stream.len() - 1], limits), Err(CodecError::Damaged));
        assert_eq!(end(&[], limits), Err(CodecError::Damaged));
    }

    #[test]
    fn a_sample_that_changed_is_found() {
        let geometry = Geometry {
            rows: 9,
            columns: 11,
            samples_per_pixel: 1,
            bits_allocated: 8,
            bits_stored: 8,
            signed: false,
            photometric: Photometric::Monochrome2,
        };
        let samples = (0..99).collect();
        let frame = Frame { rows: 9, columns: 11, components: 1, bits: 8, signed: false, samples };
        let stream = lossless::write(&frame).unwrap();
        let limits = Limits::default();
        assert!(proven(&stream, &frame, &geometry, limits));
        let mut other = frame.clone();
        other.samples[50] ^= 1;
        assert!(!proven(&stream, &other, &geometry, limits));
        assert!(!proven(&stream[..stream.len() / 2], &frame, &geometry, limits));
    }
}
