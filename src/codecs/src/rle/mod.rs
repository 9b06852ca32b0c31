//! RLE (PS3.5 annex G): the bytes of all samples, most significant ones of the first component first, each plane of them
//! packed by itself.

mod packbits;

use crate::{CodecError, Fill, Frame, Geometry, Limits, Masked, Rect, Result};

/// Bytes of the header: the number of segments and 15 offsets (G.5).
const HEADER: usize = 64;

/// Planes of bytes, in the order of segments (G.2).
struct Planes {
    /// Bytes of a sample.
    width: usize,
    planes: Vec<Vec<u8>>,
}

/// Masks a frame: every segment is packed anew.
pub(crate) fn mask(stream: &[u8], geometry: &Geometry, rects: &[Rect], fill: Fill, limits: Limits) -> Result<Masked> {
    let mut planes = unpack(stream, geometry, limits)?;
    let levels = fill.levels(geometry, geometry.bits_allocated, false);
    let columns = geometry.columns as usize;
    let of_component = planes.planes.chunks_exact_mut(planes.width);
    for (component, level) in of_component.zip(levels) {
        for (plane, byte) in component.iter_mut().zip(level.to_be_bytes().into_iter().skip(4 - planes.width)) {
            for rect in rects {
                paint(plane, columns, rect, byte);
            }
        }
    }
    let stream = pack(&planes, columns)?;
    if unpack(&stream, geometry, limits).map_err(|_| CodecError::NotProven)?.planes != planes.planes {
        return Err(CodecError::NotProven);
    }
    Ok(Masked { stream, touched: rects.to_vec(), photometric: None, transfer_syntax: None })
}

fn paint(plane: &mut [u8], columns: usize, rect: &Rect, byte: u8) {
    for row in plane.chunks_exact_mut(columns.max(1)).skip(rect.y as usize).take(rect.height as usize) {
        row.iter_mut().skip(rect.x as usize).take(rect.width as usize).for_each(|b| *b = byte);
    }
}

/// Decodes a frame; its samples have the precision of Bits Allocated.
pub(crate) fn decode(stream: &[u8], geometry: &Geometry, limits: Limits) -> Result<Frame> {
    let count = geometry.samples(4, limits)?;
    let planes = unpack(stream, geometry, limits)?;
    let components = usize::from(geometry.samples_per_pixel);
    let mut samples = vec![0_i32; count];
    for (component, bytes) in planes.planes.chunks_exact(planes.width).enumerate() {
        for plane in bytes {
            for (sample, byte) in samples.iter_mut().skip(component).step_by(components).zip(plane) {
                *sample = *sample << 8 | i32::from(*byte);
            }
        }
    }
    Ok(Frame {
        rows: geometry.rows,
        columns: geometry.columns,
        components: geometry.samples_per_pixel,
        bits: geometry.bits_allocated,
        signed: false,
        samples,
    })
}

fn unpack(stream: &[u8], geometry: &Geometry, limits: Limits) -> Result<Planes> {
    let width = match geometry.bits_allocated {
        8 => 1,
        16 => 2,
        32 => 4,
        _ => return Err(CodecError::Unsupported),
    };
    let pixels = geometry.samples(width as u64, limits)? / usize::from(geometry.samples_per_pixel);
    let header = stream.get(..HEADER).ok_or(CodecError::Damaged)?;
    let mut words = header.chunks_exact(4).map(|w| w.try_into().map_or(0, u32::from_le_bytes) as usize);
    let segments = width * usize::from(geometry.samples_per_pixel);
    if words.next() != Some(segments) {
        return Err(CodecError::Mismatch);
    }
    let mut starts: Vec<usize> = words.take(segments).collect();
    if starts.len() != segments {
        return Err(CodecError::Unsupported);
    }
    starts.push(stream.len());
    let mut planes = Vec::with_capacity(segments);
    for pair in starts.windows(2) {
        let [start, end] = pair else { break };
        let segment = stream.get(*start..*end).filter(|_| *start >= HEADER).ok_or(CodecError::Damaged)?;
        planes.push(packbits::unpack(segment, pixels).ok_or(CodecError::Damaged)?);
    }
    Ok(Planes { width, planes })
}

fn pack(planes: &Planes, columns: usize) -> Result<Vec<u8>> {
    let mut out = vec![0; HEADER];
    let mut words = vec![u32::try_from(planes.planes.len()).map_err(|_| CodecError::Unsupported)?];
    for plane in &planes.planes {
        words.push(u32::try_from(out.len()).map_err(|_| CodecError::TooLarge)?);
        // Runs end with their row (G.3).
        plane.chunks(columns.max(1)).for_each(|row| packbits::pack(row, &mut out));
        if out.len() % 2 == 1 {
            out.push(0);
        }
    }
    for (place, word) in out.chunks_exact_mut(4).take(HEADER / 4).zip(words) {
        place.copy_from_slice(&word.to_le_bytes());
    }
    Ok(out)
}
