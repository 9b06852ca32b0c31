//! Samples of native frames, and of encapsulated ones without a coding. dicom-pixeldata does not draw all of them exactly,
//! if at all: one bit a pixel, since frames may begin within a byte (PS3.5 8.1.1), chroma that two pixels share
//! (PS3.3 C.7.6.3.1.2), retired colours, floating-point numbers.

use crate::decode::{self, Colour, Samples};
use crate::image::Image;
use crate::preview::{NoPreview, reason};
use tokumei_dicom::codestream::native;
use tokumei_dicom::{DataSet, Encoding, NodeKind, Source};

/// Samples of a frame that exists.
pub(crate) fn samples(
    ds: &DataSet,
    source: &dyn Source,
    pixel_data: u32,
    image: &Image,
    frame: u32,
) -> Result<Samples, NoPreview> {
    let geometry = &image.geometry;
    let subsampled = match geometry.photometric.as_str() {
        "YBR_FULL_422" | "YBR_PARTIAL_422" if geometry.columns.is_multiple_of(2) && geometry.allocated == 8 => true,
        "YBR_FULL_422" | "YBR_PARTIAL_422" | "YBR_PARTIAL_420" => return Err(NoPreview::Form),
        _ => false,
    };
    let bits = geometry.frame_bits().ok_or(NoPreview::Form)?;
    let start = bits.checked_mul(u64::from(frame)).ok_or(NoPreview::NoSuchFrame)?;
    let end = start.checked_add(bits).ok_or(NoPreview::NoSuchFrame)?;
    // A value that is long enough for all chroma is not what its photometric interpretation says.
    if native::expected_length(ds)
        .is_none_or(|expected| end.div_ceil(8) > expected || (subsampled && Some(expected) != geometry.total_bytes()))
    {
        return Err(NoPreview::Form);
    }
    let bytes = bytes(ds, source, pixel_data, geometry.allocated, (start / 8, end.div_ceil(8)))?;
    if geometry.allocated == 1 {
        return single_bits(image, &bytes, start % 8, bits);
    }
    of_bytes(image, bytes, subsampled)
}

/// Samples of a frame that is a fragment of its own; its chroma is shared where the header says so.
pub(crate) fn of_fragment(image: &Image, bytes: Vec<u8>) -> Result<Samples, NoPreview> {
    let geometry = &image.geometry;
    let bits = geometry.frame_bits().ok_or(NoPreview::Form)?;
    let whole = usize::try_from(bits.div_ceil(8)).map_err(|_| NoPreview::TooLarge)?;
    if bytes.len() < whole || bytes.len() > whole.next_multiple_of(2) {
        return Err(NoPreview::Damaged);
    }
    match geometry.photometric.as_str() {
        _ if geometry.allocated == 1 => single_bits(image, &bytes, 0, bits),
        "YBR_FULL_422" | "YBR_PARTIAL_422" if geometry.columns.is_multiple_of(2) && geometry.allocated == 8 => {
            of_bytes(image, bytes, true)
        }
        "YBR_FULL_422" | "YBR_PARTIAL_422" | "YBR_PARTIAL_420" => Err(NoPreview::Form),
        _ => of_bytes(image, bytes, false),
    }
}

/// Of whole bytes, little endian.
fn of_bytes(image: &Image, bytes: Vec<u8>, subsampled: bool) -> Result<Samples, NoPreview> {
    let geometry = &image.geometry;
    if subsampled {
        let partial = geometry.photometric == "YBR_PARTIAL_422";
        return Ok(Samples { bytes: shared_chroma(&bytes, partial), width: 1, colour: Colour::Ybr });
    }
    if let Some(colour) = retired(image) {
        let width = usize::try_from(geometry.allocated / 8).unwrap_or(1);
        let bytes = if image.planar { decode::interleaved(&bytes, colour.samples(), width) } else { bytes };
        return Ok(Samples { bytes, width, colour });
    }
    decode::native(image, bytes)
}

/// Colours of former editions (PS3.3 C.7.6.3.1.2 of 2001).
fn retired(image: &Image) -> Option<Colour> {
    let geometry = &image.geometry;
    match (geometry.photometric.as_str(), geometry.samples, geometry.allocated) {
        ("HSV", 3, 8 | 16) => Some(Colour::Hsv),
        ("ARGB", 4, 8 | 16) => Some(Colour::Argb),
        ("CMYK", 4, 8 | 16) => Some(Colour::Cmyk),
        _ => None,
    }
    .filter(|_| !image.signed)
}

/// Floating-point numbers of a frame that exists.
pub(crate) fn floats(
    ds: &DataSet,
    source: &dyn Source,
    pixel_data: u32,
    image: &Image,
    frame: u32,
) -> Result<Samples, NoPreview> {
    let geometry = &image.geometry;
    if geometry.photometric != "MONOCHROME2" || geometry.samples != 1 {
        return Err(NoPreview::Form);
    }
    let len = geometry.frame_bytes().ok_or(NoPreview::Form)?;
    let start = len.checked_mul(u64::from(frame)).ok_or(NoPreview::NoSuchFrame)?;
    let end = start.checked_add(len).ok_or(NoPreview::NoSuchFrame)?;
    let node = ds.node(pixel_data).filter(|node| node.kind == NodeKind::Element).ok_or(NoPreview::Form)?;
    if end > node.len {
        return Err(NoPreview::Damaged);
    }
    let mut bytes = ds.read(source, pixel_data, start..end).map_err(|e| reason(e.kind))?;
    let width = usize::try_from(geometry.allocated / 8).unwrap_or(4);
    if ds.form().encoding == Encoding::ExplicitBe {
        bytes.chunks_exact_mut(width).for_each(<[u8]>::reverse);
    }
    Ok(Samples { bytes, width, colour: Colour::Float })
}

/// Bytes from one place in Pixel Data to another, little endian.
fn bytes(
    ds: &DataSet,
    source: &dyn Source,
    pixel_data: u32,
    allocated: u64,
    (start, end): (u64, u64),
) -> Result<Vec<u8>, NoPreview> {
    let node = ds.node(pixel_data).ok_or(NoPreview::NoImage)?;
    // Big endian: bytes change places in cells, and in words of 16 bits that hold smaller ones (PS3.5 A.3 of 2016b).
    let unit = match (ds.form().encoding, allocated, &node.vr) {
        (encoding, ..) if encoding != Encoding::ExplicitBe => 1,
        (_, 1 | 8, b"OB") => 1,
        (_, 1 | 8 | 16, _) => 2,
        (_, 32, _) => 4,
        _ => return Err(NoPreview::Form),
    };
    let first = start - start % unit;
    let last = end.next_multiple_of(unit).min(node.len);
    let mut bytes = ds.read(source, pixel_data, first..last).map_err(|e| reason(e.kind))?;
    let size = |n: u64| usize::try_from(n).map_err(|_| NoPreview::TooLarge);
    if unit > 1 {
        bytes.chunks_exact_mut(size(unit)?).for_each(<[u8]>::reverse);
    }
    bytes.drain(..size(start - first)?.min(bytes.len()));
    bytes.truncate(size(end - start)?);
    Ok(bytes)
}

/// Bits as 0 or 255, the lowest of each byte first.
fn single_bits(image: &Image, bytes: &[u8], first: u64, count: u64) -> Result<Samples, NoPreview> {
    let colour = decode::colour(image)?;
    let [first, count] = [first, count].map(|n| usize::try_from(n).unwrap_or(usize::MAX));
    let bits = bytes.iter().flat_map(|byte| (0..8).map(move |bit| if byte >> bit & 1 == 1 { 255 } else { 0 }));
    Ok(Samples { bytes: bits.skip(first).take(count).collect(), width: 1, colour })
}

/// Luminance of two pixels and the chroma of both, as luminance and chroma of each.
fn shared_chroma(bytes: &[u8], partial: bool) -> Vec<u8> {
    // Footroom and headroom of the partial range: 16 to 235, chroma 16 to 240.
    let widened = |value: u8, middle: f64, span: f64| {
        let wide = if partial {
            (f64::from(value) - middle) * 255.0 / span + (middle - 16.0) * 128.0 / 112.0
        } else {
            f64::from(value)
        };
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "kept within 0 to 255")]
        let level = wide.round().clamp(0.0, 255.0) as u8;
        level
    };
    let pixels = |quad: &[u8; 4]| {
        let [one, two, blue, red] = *quad;
        let [blue, red] = [blue, red].map(|chroma| widened(chroma, 128.0, 224.0));
        [one, two].map(|luminance| [widened(luminance, 16.0, 219.0), blue, red])
    };
    bytes.as_chunks::<4>().0.iter().flat_map(pixels).flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::shared_chroma;

    #[test]
    fn chroma_of_two_pixels() {
        assert_eq!(shared_chroma(&[10, 20, 30, 40, 9], false), [10, 30, 40, 20, 30, 40]);
        assert_eq!(shared_chroma(&[16, 235, 128, 128], true), [0, 128, 128, 255, 128, 128]);
        assert_eq!(shared_chroma(&[16, 16, 16, 240], true), [0, 1, 255, 0, 1, 255]);
    }
}
