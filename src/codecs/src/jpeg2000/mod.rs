//! JPEG 2000 (T.800) and high-throughput JPEG 2000 (T.814).
//!
//! openjp2 decodes both and writes the first, openjph-core writes the second. What is written is reversible (5/3) with
//! depth and sign of the source, and keeps its transfer syntax: those of lossy coding allow reversible coding too.

mod header;
mod high_throughput;
mod openjp2;

use self::header::Header;
use crate::{Codec, Fill, Frame, Geometry, Limits, Masked, Photometric, Rect, Result};

/// Bytes that a sample takes while it is held.
const SAMPLE_BYTES: u64 = 4;

/// Decodes a frame.
pub(crate) fn decode(item: &[u8], geometry: &Geometry, limits: Limits) -> Result<Frame> {
    read(item, geometry, limits).map(|(frame, _)| frame)
}

/// Decodes, fills, writes without loss, and decodes again.
pub(crate) fn mask(
    codec: Codec,
    item: &[u8],
    geometry: &Geometry,
    rects: &[Rect],
    fill: Fill,
    limits: Limits,
) -> Result<Masked> {
    let (mut frame, source) = read(item, geometry, limits)?;
    frame.fill(rects, &fill.levels(geometry, frame.bits, frame.signed));
    let (stream, transformed) = if let Codec::HtJ2k { rpcl } = codec {
        high_throughput::write_proven(&frame, source.colour_transform, rpcl)?
    } else {
        (openjp2::write_proven(&frame, source.colour_transform)?, source.colour_transform)
    };
    let photometric = photometric(geometry.photometric, transformed);
    Ok(Masked { stream, touched: rects.to_vec(), photometric, transfer_syntax: None })
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
    let stream = header::code_stream(item)?;
    let header = header::read(stream)?;
    geometry.fits(header.rows, header.columns, header.components, header.bits)?;
    geometry.samples(SAMPLE_BYTES, limits)?;
    Ok((openjp2::read(stream, &header)?, header))
}

/// Whether a stream holds exactly this frame. Its size is that of a frame that was held already.
fn proven(stream: &[u8], frame: &Frame) -> bool {
    let read = |stream| openjp2::read(stream, &header::read(stream)?);
    read(stream).as_ref() == Ok(frame)
}
