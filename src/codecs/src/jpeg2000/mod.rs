//! JPEG 2000 (T.800) and high-throughput JPEG 2000 (T.814).
//!
//! The blocks that a mask changes are written anew where the stream is reversible, the whole frame where it is not. openjp2
//! decodes both parts and writes whole frames of the first. What is written is reversible (5/3) with depth and sign of the
//! source, and keeps its transfer syntax: those of lossy coding allow reversible coding too.

mod blocks;
mod header;
mod high_throughput;
mod openjp2;

use self::header::Header;
use crate::{Codec, CodecError, Fill, Frame, Geometry, Limits, Masked, Photometric, Rect, Result};

/// Bytes that a sample takes while it is held.
const SAMPLE_BYTES: u64 = 4;

/// Decodes a frame.
pub(crate) fn decode(item: &[u8], geometry: &Geometry, limits: Limits) -> Result<Frame> {
    read(item, geometry, limits).map(|(frame, _)| frame)
}

/// Changes the blocks of the rectangles, or decodes, fills, writes without loss; and decodes again.
pub(crate) fn mask(
    codec: Codec,
    item: &[u8],
    geometry: &Geometry,
    rects: &[Rect],
    fill: Fill,
    limits: Limits,
) -> Result<Masked> {
    if let Some(masked) = by_blocks(codec, item, geometry, rects, fill, limits)? {
        return Ok(masked);
    }
    let (mut frame, source) = read(item, geometry, limits)?;
    frame.fill(rects, &fill.levels(geometry, frame.bits, frame.signed));
    let stream = write_proven(codec, &frame, source.colour_transform)?;
    let photometric = photometric(geometry.photometric, source.colour_transform);
    Ok(Masked { stream, touched: rects.to_vec(), photometric, transfer_syntax: None })
}

/// Writes other samples in the place of those of a reversible stream.
pub(crate) fn recode(codec: Codec, item: &[u8], geometry: &Geometry, frame: &Frame, limits: Limits) -> Result<Vec<u8>> {
    let (_, header) = taken(item, geometry, limits)?;
    let renamed = photometric(geometry.photometric, header.colour_transform).is_some();
    if !header.reversible || renamed {
        return Err(CodecError::Unsupported);
    }
    write_proven(codec, frame, header.colour_transform)
}

/// Writes a whole frame reversibly and proves it.
fn write_proven(codec: Codec, frame: &Frame, transform: bool) -> Result<Vec<u8>> {
    if let Codec::HtJ2k { rpcl } = codec {
        high_throughput::write_proven(frame, transform, rpcl)
    } else {
        openjp2::write_proven(frame, transform)
    }
}

/// Changes only the blocks that the rectangles need, where the stream is of a form that allows it.
fn by_blocks(
    codec: Codec,
    item: &[u8],
    geometry: &Geometry,
    rects: &[Rect],
    fill: Fill,
    limits: Limits,
) -> Result<Option<Masked>> {
    let (stream, header) = taken(item, geometry, limits)?;
    let levels = fill.levels(geometry, header.bits, header.signed);
    let made = blocks::masked_proven(codec, stream, &header, rects, levels);
    Ok(made.map(|stream| {
        let photometric = photometric(geometry.photometric, header.colour_transform);
        Masked { stream, touched: rects.to_vec(), photometric, transfer_syntax: None }
    }))
}

/// Photometric Interpretation where the new stream needs another one (PS3.5 8.2.4).
fn photometric(before: Photometric, transformed: bool) -> Option<Photometric> {
    match (before, transformed) {
        (Photometric::YbrIct, true) => Some(Photometric::YbrRct),
        (Photometric::YbrIct | Photometric::YbrRct, false) => Some(Photometric::Rgb),
        _ => None,
    }
}

fn read(item: &[u8], geometry: &Geometry, limits: Limits) -> Result<(Frame, Header)> {
    let (stream, header) = taken(item, geometry, limits)?;
    Ok((openjp2::read(stream, &header)?, header))
}

/// The code stream of an item, and its header where that fits the data set and the limits.
fn taken<'a>(item: &'a [u8], geometry: &Geometry, limits: Limits) -> Result<(&'a [u8], Header)> {
    let stream = header::code_stream(item)?;
    let header = header::read(stream)?;
    geometry.fits(header.rows, header.columns, header.components, header.bits)?;
    geometry.samples(SAMPLE_BYTES, limits)?;
    Ok((stream, header))
}

/// Whether a stream holds exactly this frame. Its size is that of a frame that was held already.
fn proven(stream: &[u8], frame: &Frame) -> bool {
    let read = |stream| openjp2::read(stream, &header::read(stream)?);
    read(stream).as_ref() == Ok(frame)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;

    #[test]
    fn a_sample_that_changed_is_found() {
        let samples = (0..99).collect();
        let frame = Frame { rows: 9, columns: 11, components: 1, bits: 8, signed: false, samples };
        for stream in [openjp2::write_proven(&frame, false), high_throughput::write_proven(&frame, false, true)] {
            let stream = stream.unwrap();
            assert!(proven(&stream, &frame));
            let mut other = frame.clone();
            other.samples[50] ^= 1;
            assert!(!proven(&stream, &other));
            assert!(!proven(&stream[..stream.len() / 2], &frame));
        }
    }
}
