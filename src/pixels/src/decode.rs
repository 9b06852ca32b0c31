//! One frame through dicom-pixeldata.

use crate::image::Image;
use crate::jpeg::Headers;
use crate::preview::NoPreview;
use dicom_core::smallvec::SmallVec;
use dicom_core::value::{PixelFragmentSequence, PrimitiveValue};
use dicom_core::{DataElement, Tag, VR};
use dicom_object::{DefaultDicomObject, FileMetaTableBuilder, InMemDicomObject};
use dicom_pixeldata::PixelDecoder as _;

const EXPLICIT_LITTLE_ENDIAN: &str = "1.2.840.10008.1.2.1";
const RLE: &str = "1.2.840.10008.1.2.5";
/// JPEG baseline, extended, lossless.
const JPEG: [&str; 4] =
    ["1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.51", "1.2.840.10008.1.2.4.57", "1.2.840.10008.1.2.4.70"];

/// Decoded samples of one frame, pixel by pixel, little endian.
pub(crate) struct Samples {
    pub(crate) bytes: Vec<u8>,
    /// Bytes of a sample.
    pub(crate) width: usize,
    pub(crate) colour: Colour,
}

/// What the samples of a pixel are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Colour {
    /// One bit, given as 0 or 255.
    Bit,
    Grey {
        /// MONOCHROME1: the smallest value is white.
        inverted: bool,
    },
    Palette,
    Rgb,
    /// `YBR_FULL`: luminance and colour differences.
    Ybr,
    /// Hue, saturation, value (retired).
    Hsv,
    /// Opacity, red, green, blue (retired).
    Argb,
    /// Cyan, magenta, yellow, black (retired).
    Cmyk,
    /// Floating-point numbers.
    Float,
}

impl Colour {
    /// Samples of a pixel.
    pub(crate) const fn samples(self) -> usize {
        match self {
            Self::Bit | Self::Grey { .. } | Self::Palette | Self::Float => 1,
            Self::Rgb | Self::Ybr | Self::Hsv => 3,
            Self::Argb | Self::Cmyk => 4,
        }
    }
}

/// True for transfer syntaxes whose frames may be drawn.
fn is_known(uid: &str) -> bool {
    uid == RLE || JPEG.contains(&uid)
}

/// Samples of a native frame.
pub(crate) fn native(image: &Image, bytes: Vec<u8>) -> Result<Samples, NoPreview> {
    let colour = colour(image)?;
    let allocated = image.geometry.allocated;
    if !matches!(allocated, 8 | 16 | 32) && colour != Colour::Bit {
        return Err(NoPreview::Form);
    }
    let value = PrimitiveValue::U8(SmallVec::from_vec(bytes));
    let element = DataElement::new(dicom_core::Tag(0x7FE0, 0x0010), VR::OW, value);
    let bytes = decode(image, EXPLICIT_LITTLE_ENDIAN, element)?;
    let width = usize::try_from(allocated.div_ceil(8)).unwrap_or(1);
    let bytes = if image.planar && image.geometry.samples == 3 { interleaved(&bytes, 3, width) } else { bytes };
    Ok(Samples { bytes, width, colour })
}

/// Samples of a frame of [`is_known`] coding, whose stream was cleaned and has the size that the header states.
pub(crate) fn encapsulated(image: &Image, uid: &str, frame: &[u8]) -> Result<Samples, NoPreview> {
    if !is_known(uid) {
        return Err(NoPreview::Coding);
    }
    let mut colour = colour(image)?;
    let allocated = image.geometry.allocated;
    if !matches!(allocated, 8 | 16) || colour == Colour::Bit {
        return Err(NoPreview::Form);
    }
    if uid != RLE {
        // A stream may be of another JPEG process than its transfer syntax says.
        let headers = Headers::read(frame).filter(|h| h.sof != 0xF7).ok_or(NoPreview::Coding)?;
        if !headers.is_exact(allocated) {
            return Err(if headers.precision == 12 { NoPreview::Coding } else { NoPreview::Form });
        }
        if image.geometry.samples == 3 {
            if !headers.colours_are_clear(&image.geometry.photometric) {
                return Err(NoPreview::Form);
            }
            colour = Colour::Rgb;
        }
    }
    let fragments = PixelFragmentSequence::new_fragments(vec![padded(frame.to_vec())]);
    let element = DataElement::new(Tag(0x7FE0, 0x0010), VR::OB, fragments);
    let bytes = decode(image, uid, element)?;
    Ok(Samples { bytes, width: usize::try_from(allocated / 8).unwrap_or(1), colour })
}

pub(crate) fn colour(image: &Image) -> Result<Colour, NoPreview> {
    let geometry = &image.geometry;
    match (geometry.photometric.as_str(), geometry.samples, geometry.allocated) {
        ("MONOCHROME1" | "MONOCHROME2", 1, 1) => Ok(Colour::Bit),
        ("MONOCHROME1", 1, _) => Ok(Colour::Grey { inverted: true }),
        ("MONOCHROME2", 1, _) => Ok(Colour::Grey { inverted: false }),
        ("PALETTE COLOR", 1, 8 | 16) if image.palettes.is_some() => Ok(Colour::Palette),
        ("RGB", 3, 8 | 16 | 32) => Ok(Colour::Rgb),
        // Of JPEG streams the subsampled ones are told apart by their own headers.
        ("YBR_FULL" | "YBR_FULL_422", 3, 8) => Ok(Colour::Ybr),
        _ => Err(NoPreview::Form),
    }
}

/// Decodes Pixel Data of an object that holds nothing else than it must.
fn decode(image: &Image, uid: &str, pixel_data: dicom_object::mem::InMemElement) -> Result<Vec<u8>, NoPreview> {
    let object = object(image, uid, pixel_data).ok_or(NoPreview::NoImage)?;
    let decoded = object.decode_pixel_data_frame(0).map_err(|_| NoPreview::Damaged)?;
    Ok(decoded.into_data())
}

fn object(image: &Image, uid: &str, pixel_data: dicom_object::mem::InMemElement) -> Option<DefaultDicomObject> {
    let geometry = &image.geometry;
    let number = |tag, n: u64| Some(DataElement::new(tag, VR::US, PrimitiveValue::from(u16::try_from(n).ok()?)));
    let elements = [
        number(Tag(0x0028, 0x0002), geometry.samples)?,
        DataElement::new(Tag(0x0028, 0x0004), VR::CS, PrimitiveValue::from(geometry.photometric.as_str())),
        number(Tag(0x0028, 0x0006), u64::from(image.planar))?,
        number(Tag(0x0028, 0x0010), geometry.rows)?,
        number(Tag(0x0028, 0x0011), geometry.columns)?,
        number(Tag(0x0028, 0x0100), geometry.allocated)?,
        number(Tag(0x0028, 0x0101), image.stored)?,
        number(Tag(0x0028, 0x0102), image.high_bit)?,
        number(Tag(0x0028, 0x0103), u64::from(image.signed))?,
        pixel_data,
    ];
    // The class and instance say nothing here; the form asks for them.
    let meta = FileMetaTableBuilder::new()
        .transfer_syntax(uid)
        .media_storage_sop_class_uid("1.2.840.10008.5.1.4.1.1.7")
        .media_storage_sop_instance_uid("2.25.0")
        .build()
        .ok()?;
    Some(InMemDicomObject::from_element_iter(elements).with_exact_meta(meta))
}

/// So many colour planes of cells of `width` bytes, woven pixel by pixel.
pub(crate) fn interleaved(bytes: &[u8], planes: usize, width: usize) -> Vec<u8> {
    let plane = bytes.len() / planes / width * width;
    let cell = |at: usize| bytes.get(at..at + width).unwrap_or_default();
    let pixels = (0..plane).step_by(width);
    pixels.flat_map(|at| (0..planes).flat_map(move |c| cell(c * plane + at))).copied().collect()
}

fn padded(mut frame: Vec<u8>) -> Vec<u8> {
    if frame.len() % 2 == 1 {
        frame.push(0);
    }
    frame
}
