//! JPEG baseline, extended and progressive, masked in their coefficients.
//!
//! A mask grows to whole MCUs, whose coefficients become constant; all others are written as they were read, so that no
//! generation is lost. Of a sequential stream their bits are copied, and only what stands beside the mask is coded anew;
//! a progressive stream becomes a sequential one of the same coefficients.

mod cover;
mod encode;
mod idct;
mod planes;
mod progressive;
#[cfg(test)]
mod properties;
mod reading;
mod same;
mod samples;
mod sequential;
mod skim;
mod splice;
#[cfg(test)]
mod tests;

use super::colour::is_ycbcr;
use super::stream::{Stream, read};
use super::write::write;
use crate::{CodecError, Fill, Frame, Geometry, Limits, Masked, Photometric, Rect, Result};
use cover::{Cover, Picture, constant};
use planes::Plane;
use reading::{Aim, Held, Reading};
use skim::Skimmed;

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
    let aim = if keep_tables { Aim::Bits } else { Aim::Coefficients };
    let mut reading = Reading::new(bytes, Some(geometry), limits, aim);
    let stream = read(bytes, &mut reading)?;
    let (cover, touched) = Cover::new(&stream.frame, rects);
    let cover = if rects.is_empty() { cover } else { cover.with(constants(&stream, geometry, fill)?) };
    let out = match reading.held {
        Held::Skimmed(skimmed) => match spliced(&stream, &skimmed, &cover, geometry, limits)? {
            Some(out) => out,
            None => recoded(&stream, &coefficients(bytes, Some(geometry), limits)?.1, &cover, geometry, limits)?,
        },
        held => recoded(&stream, &planes(held, &stream)?, &cover, geometry, limits)?,
    };
    let transfer_syntax = (stream.frame.code == 0xC2).then_some(EXTENDED);
    Ok(Masked { stream: out, touched, photometric: None, transfer_syntax })
}

/// The stream with its own bits outside of the cover, proven; `None` where a Huffman table has no room for a symbol.
fn spliced(
    stream: &Stream<'_>,
    skimmed: &[Skimmed],
    cover: &Cover,
    geometry: &Geometry,
    limits: Limits,
) -> Result<Option<Vec<u8>>> {
    let Some(scans) = splice::scans(stream, skimmed, cover)? else { return Ok(None) };
    let out = write(stream, &scans);
    let mut skimming = Reading::new(&out, Some(geometry), limits, Aim::Bits);
    let again = read(&out, &mut skimming).map_err(|_| CodecError::NotProven)?;
    let Held::Skimmed(found) = skimming.held else { return Err(CodecError::NotProven) };
    same::compare((stream, skimmed), (&again, &found), cover)?;
    alike(&again, stream)?;
    Ok(Some(out))
}

/// The stream from its coefficients, with the best Huffman tables, proven.
fn recoded(
    stream: &Stream<'_>,
    planes: &[Plane],
    cover: &Cover,
    geometry: &Geometry,
    limits: Limits,
) -> Result<Vec<u8>> {
    if stream.frame.code == 0xC2 && stream.quantization_changes {
        return Err(CodecError::Unsupported);
    }
    let picture = Picture { planes, cover };
    let out = write(stream, &encode::scans(stream, &picture)?);
    prove(&out, stream, &picture, geometry, limits)?;
    Ok(out)
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
    let mut reading = Reading::new(bytes, geometry, limits, Aim::Coefficients);
    let stream = read(bytes, &mut reading)?;
    let planes = planes(reading.held, &stream)?;
    Ok((stream, planes))
}

/// What was read of a stream, by component.
fn planes(held: Held<'_>, stream: &Stream<'_>) -> Result<Vec<Plane>> {
    match held {
        Held::Sequential(planes) => Ok(planes),
        Held::Progressive(dense) => {
            let planes = dense.into_iter().enumerate();
            planes.map(|(i, plane)| plane.into_plane(&stream.frame, i)).collect()
        }
        _ => Err(CodecError::Damaged),
    }
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
    let mut comparing = Reading::new(out, Some(geometry), limits, Aim::Picture(picture));
    let again = read(out, &mut comparing).map_err(|_| CodecError::NotProven)?;
    alike(&again, stream)
}

/// Fails unless two streams give their blocks the same meaning, and nothing is hidden in the first.
fn alike(again: &Stream<'_>, stream: &Stream<'_>) -> Result<()> {
    let sampling = |s: &Stream<'_>| -> Vec<_> { s.frame.components.iter().map(|c| (c.id, c.h, c.v)).collect() };
    let colours = |s: &Stream<'_>| (s.colours.jfif.is_some(), s.colours.adobe);
    let same = sampling(again) == sampling(stream)
        && again.frame.precision == stream.frame.precision
        && again.quantization == stream.quantization
        && colours(again) == colours(stream)
        && !again.hidden;
    if same { Ok(()) } else { Err(CodecError::NotProven) }
}
