//! RLE (PS3.5 annex G): the bytes of all samples, most significant ones of the first component first, each plane of them
//! packed by itself.

#![deny(clippy::indexing_slicing)]

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
    let planes = unpack(stream, geometry, limits)?;
    let levels = fill.levels(geometry, geometry.bits_allocated, false);
    // By segment: the byte of its component's level.
    let bytes = |level: i32| level.to_be_bytes().into_iter().skip(4 - planes.width);
    let levels: Vec<u8> = levels.into_iter().flat_map(bytes).collect();
    let columns = geometry.columns as usize;
    let stream = pack(&planes, columns, rects, &levels)?;
    let written = unpack(&stream, geometry, limits).map_err(|_| CodecError::NotProven)?;
    if !proven(&written, &planes, columns, rects, &levels) {
        return Err(CodecError::NotProven);
    }
    Ok(Masked { stream, touched: rects.to_vec(), photometric: None, transfer_syntax: None })
}

/// True when planes are those of a source, but for the bytes of the levels in all rectangles.
fn proven(written: &Planes, source: &Planes, columns: usize, rects: &[Rect], levels: &[u8]) -> bool {
    let mut covered = vec![false; columns];
    let mut same = written.planes.len() == source.planes.len();
    for ((written, source), level) in written.planes.iter().zip(&source.planes).zip(levels) {
        same &= written.len() == source.len();
        let rows = written.chunks_exact(columns.max(1)).zip(source.chunks_exact(columns.max(1)));
        for (y, (written, source)) in (0..).zip(rows) {
            covered.fill(false);
            for rect in rects.iter().filter(|r| (r.y..r.y.saturating_add(r.height)).contains(&y)) {
                covered.iter_mut().skip(rect.x as usize).take(rect.width as usize).for_each(|c| *c = true);
            }
            let mut pixels = written.iter().zip(source).zip(&covered);
            same &= pixels.all(|((written, source), covered)| written == if *covered { level } else { source });
        }
    }
    same
}

fn paint(plane: &mut [u8], columns: usize, rect: &Rect, byte: u8) {
    for row in plane.chunks_exact_mut(columns.max(1)).skip(rect.y as usize).take(rect.height as usize) {
        row.iter_mut().skip(rect.x as usize).take(rect.width as usize).for_each(|b| *b = byte);
    }
}

/// Packs the samples of a frame.
pub(crate) fn recode(frame: &Frame) -> Result<Vec<u8>> {
    let width = width(frame.bits)?;
    let components = usize::from(frame.components);
    let segments = (0..components).flat_map(|component| (0..width).rev().map(move |place| (component, place)));
    let plane = |(component, place): (usize, usize)| {
        let samples = frame.samples.iter().skip(component).step_by(components);
        samples.map(|sample| sample.to_le_bytes().get(place).copied().unwrap_or(0)).collect()
    };
    let planes = Planes { width, planes: segments.map(plane).collect() };
    let levels = vec![0; planes.planes.len()];
    pack(&planes, frame.columns as usize, &[], &levels)
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

/// Bytes of a sample.
const fn width(bits: u8) -> Result<usize> {
    match bits {
        8 => Ok(1),
        16 => Ok(2),
        32 => Ok(4),
        _ => Err(CodecError::Unsupported),
    }
}

fn unpack(stream: &[u8], geometry: &Geometry, limits: Limits) -> Result<Planes> {
    let width = width(geometry.bits_allocated)?;
    if !(1..=3).contains(&geometry.samples_per_pixel) {
        return Err(CodecError::Unsupported);
    }
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

/// Packs planes, masked.
fn pack(planes: &Planes, columns: usize, rects: &[Rect], levels: &[u8]) -> Result<Vec<u8>> {
    let mut out = vec![0; HEADER];
    let mut words = vec![u32::try_from(planes.planes.len()).map_err(|_| CodecError::Unsupported)?];
    for (plane, level) in planes.planes.iter().zip(levels) {
        words.push(u32::try_from(out.len()).map_err(|_| CodecError::TooLarge)?);
        let mut plane = plane.clone();
        for rect in rects {
            paint(&mut plane, columns, rect, *level);
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    /// One byte more or less is found.
    #[test]
    fn a_byte_that_changed_is_found() {
        let source = Planes { width: 1, planes: vec![(0..12).collect()] };
        let rects = [Rect { x: 1, y: 1, width: 2, height: 1 }];
        let written = |bytes: [u8; 12]| Planes { width: 1, planes: vec![bytes.to_vec()] };
        let proof = |bytes| proven(&written(bytes), &source, 4, &rects, &[9]);
        assert!(proof([0, 1, 2, 3, 4, 9, 9, 7, 8, 9, 10, 11]));
        assert!(!proof([0, 1, 2, 3, 4, 9, 6, 7, 8, 9, 10, 11]));
        assert!(!proof([0, 1, 2, 3, 4, 9, 9, 9, 8, 9, 10, 11]));
    }
}
