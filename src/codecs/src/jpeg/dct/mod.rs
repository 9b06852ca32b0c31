//! JPEG baseline, extended and progressive, masked in their coefficients.
//!
//! A mask grows to whole MCUs, whose coefficients become constant; all others are written as they were read, so that no
//! generation is lost. A progressive stream becomes a sequential one of the same coefficients.

mod cover;
mod encode;
mod idct;
mod planes;
mod progressive;
mod samples;
mod sequential;
#[cfg(test)]
mod tests;

use super::bits::Reader;
use super::colour::is_ycbcr;
use super::header::{FrameHeader, Scan};
use super::stream::{Decoder, Stream, read};
use super::walk::Block;
use super::write::write;
use crate::{CodecError, Fill, Frame, Geometry, Limits, Masked, Photometric, Rect, Result};
use cover::{Cover, Picture, constant};
use planes::{Coefficients, Plane};
use progressive::Dense;
use sequential::Store;

/// JPEG Extended (PS3.6 table A-1).
const EXTENDED: &str = "1.2.840.10008.1.2.4.51";

/// Masks a frame.
pub(crate) fn mask(bytes: &[u8], geometry: &Geometry, rects: &[Rect], fill: Fill, limits: Limits) -> Result<Masked> {
    masked(bytes, geometry, rects, fill, limits, true)
}

/// Masks a frame whose Huffman tables say nothing of how it was: it gets the best ones.
#[cfg(feature = "jxl")]
pub(crate) fn mask_recompressed(
    bytes: &[u8],
    geometry: &Geometry,
    rects: &[Rect],
    fill: Fill,
    limits: Limits,
) -> Result<Masked> {
    masked(bytes, geometry, rects, fill, limits, false)
}

fn masked(
    bytes: &[u8],
    geometry: &Geometry,
    rects: &[Rect],
    fill: Fill,
    limits: Limits,
    keep_tables: bool,
) -> Result<Masked> {
    let (stream, planes) = coefficients(bytes, Some(geometry), limits)?;
    let progressive = stream.frame.code == 0xC2;
    if progressive && stream.quantization_changes {
        return Err(CodecError::Unsupported);
    }
    let (cover, touched) = Cover::new(&stream.frame, rects);
    let constants = if rects.is_empty() { [[0]; 3] } else { constants(&stream, geometry, fill)? };
    let picture = Picture { planes: &planes, cover: &cover, constants };
    let out = write(&stream, &encode::scans(&stream, &picture, keep_tables)?);
    prove(&out, &stream, &picture, geometry, limits)?;
    let transfer_syntax = progressive.then_some(EXTENDED);
    Ok(Masked { stream: out, touched, photometric: None, transfer_syntax })
}

/// Decodes a frame for display; three components come as RGB.
pub(crate) fn decode(bytes: &[u8], geometry: &Geometry, limits: Limits) -> Result<Frame> {
    let (stream, planes) = coefficients(bytes, Some(geometry), limits)?;
    samples::frame(&stream, &planes, is_ycbcr(&stream.frame, &stream.colours, geometry.photometric))
}

/// Reads a stream for what only an entropy decoder sees: bytes between the last unit of an interval and its marker.
pub(crate) fn holds_hidden_bytes(bytes: &[u8], limits: Limits) -> Result<bool> {
    coefficients(bytes, None, limits).map(|(stream, _)| stream.hidden)
}

/// Coefficients as they stand in the stream.
fn coefficients<'a>(bytes: &'a [u8], geometry: Option<&Geometry>, limits: Limits) -> Result<(Stream<'a>, Vec<Plane>)> {
    let mut reading = Reading::new(bytes, geometry, limits, None);
    let stream = read(bytes, &mut reading)?;
    let planes = match reading.held {
        Held::None | Held::Compared(_) => return Err(CodecError::Damaged),
        Held::Sequential(planes) => planes,
        Held::Progressive(dense) => {
            let planes = dense.into_iter().enumerate();
            planes.map(|(i, plane)| plane.into_plane(&stream.frame, i)).collect::<Result<_>>()?
        }
    };
    Ok((stream, planes))
}

/// DC coefficients of covered blocks.
fn constants(stream: &Stream<'_>, geometry: &Geometry, fill: Fill) -> Result<[[i16; 1]; 3]> {
    let frame = &stream.frame;
    let mut geometry = geometry.clone();
    if frame.components.len() == 3 {
        let ycbcr = is_ycbcr(frame, &stream.colours, geometry.photometric);
        geometry.photometric = if ycbcr { Photometric::YbrFull } else { Photometric::Rgb };
    }
    let levels = fill.levels(&geometry, frame.precision, false);
    let mut out = [[0]; 3];
    for ((out, level), table) in out.iter_mut().zip(levels).zip(&stream.quantization) {
        let quantizer = table.as_ref().and_then(|t| t.first().copied()).unwrap_or(0);
        *out = [constant(level, frame.precision, quantizer)?];
    }
    Ok(out)
}

/// Reads what was written: every block has to be what the picture says, under the same quantization, sampling and
/// colours.
fn prove(out: &[u8], stream: &Stream<'_>, picture: &Picture<'_>, geometry: &Geometry, limits: Limits) -> Result<()> {
    let mut comparing = Reading::new(out, Some(geometry), limits, Some(picture));
    let again = read(out, &mut comparing).map_err(|_| CodecError::NotProven)?;
    let sampling = |s: &Stream<'_>| -> Vec<_> { s.frame.components.iter().map(|c| (c.id, c.h, c.v)).collect() };
    let colours = |s: &Stream<'_>| (s.colours.jfif.is_some(), s.colours.adobe);
    let same = sampling(&again) == sampling(stream)
        && again.frame.precision == stream.frame.precision
        && again.quantization == stream.quantization
        && colours(&again) == colours(stream)
        && !again.hidden;
    if same { Ok(()) } else { Err(CodecError::NotProven) }
}

/// Decodes scans into coefficients, or compares them with a picture.
struct Reading<'g> {
    geometry: Option<&'g Geometry>,
    limits: Limits,
    /// Bits of the stream.
    bits: u64,
    picture: Option<&'g Picture<'g>>,
    held: Held<'g>,
    /// Components of sequential scans that came.
    seen: [bool; 3],
}

enum Held<'g> {
    None,
    Sequential(Vec<Plane>),
    Progressive(Vec<Dense>),
    Compared(&'g Picture<'g>),
}

impl<'g> Reading<'g> {
    fn new(bytes: &[u8], geometry: Option<&'g Geometry>, limits: Limits, picture: Option<&'g Picture<'g>>) -> Self {
        Self { geometry, limits, bits: 8 * bytes.len() as u64, picture, held: Held::None, seen: [false; 3] }
    }

    /// Notes the components of a sequential scan: each comes once.
    fn see(&mut self, scan: &Scan) -> Result<()> {
        for selected in &scan.components {
            let seen = self.seen.get_mut(selected.index).ok_or(CodecError::Damaged)?;
            if core::mem::replace(seen, true) {
                return Err(CodecError::Damaged);
            }
        }
        Ok(())
    }
}

impl Store for Vec<Plane> {
    #[inline]
    fn store(&mut self, component: usize, block: Block, coefficients: Coefficients<'_>) -> Result<()> {
        let plane = self.get_mut(component).ok_or(CodecError::Damaged)?;
        plane.set(block.index, coefficients)
    }
}

impl Store for &Picture<'_> {
    #[inline]
    fn store(&mut self, component: usize, block: Block, coefficients: Coefficients<'_>) -> Result<()> {
        if self.block(component, block)? == coefficients { Ok(()) } else { Err(CodecError::NotProven) }
    }
}

impl Decoder for Reading<'_> {
    fn begin(&mut self, frame: &FrameHeader) -> Result<()> {
        let components = frame.components.len();
        if let Some(geometry) = self.geometry {
            geometry.fits(frame.rows, frame.columns, u8::try_from(components).unwrap_or(0), frame.precision)?;
        }
        let (across, down) = frame.mcus();
        let blocks: u64 = frame.components.iter().map(|c| u64::from(c.h * c.v)).sum::<u64>();
        let blocks = blocks * u64::from(across) * u64::from(down);
        // Coefficients and samples, two bytes each, and a frame of four; see `samples`.
        if blocks * 64 * 4 > self.limits.frame_bytes {
            return Err(CodecError::TooLarge);
        }
        // Every block takes a bit at least, but where a scan pads nothing.
        let needed = u64::from(frame.rows.div_ceil(8)) * u64::from(frame.columns.div_ceil(8));
        if needed > self.bits {
            return Err(CodecError::Damaged);
        }
        self.held = match (frame.code, self.picture) {
            (0xC0 | 0xC1, Some(picture)) => Held::Compared(picture),
            (0xC0 | 0xC1, None) => Held::Sequential((0..components).map(|i| Plane::new(frame, i)).collect()),
            (0xC2, None) => Held::Progressive((0..components).map(|i| Dense::new(frame, i)).collect()),
            _ => return Err(CodecError::Mismatch),
        };
        Ok(())
    }

    fn scan(&mut self, frame: &FrameHeader, scan: &Scan, reader: &mut Reader<'_>) -> Result<()> {
        if !matches!(self.held, Held::Progressive(_)) {
            self.see(scan)?;
        }
        match &mut self.held {
            Held::None => Err(CodecError::Damaged),
            Held::Progressive(planes) => progressive::decode(frame, scan, reader, planes),
            Held::Sequential(planes) => sequential::decode(frame, scan, reader, planes),
            Held::Compared(picture) => sequential::decode(frame, scan, reader, picture),
        }
    }
}
