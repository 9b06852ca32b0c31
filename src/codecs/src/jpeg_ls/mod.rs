//! JPEG-LS (ISO 14495-1, T.87): lossless and near-lossless streams are decoded, lossless ones written.
//!
//! What is written keeps size, precision, component identifiers and the order of the scans. PS3.5 A.4.3 lets the
//! near-lossless syntax carry an error of 0, so the transfer syntax stays.

mod bits;
mod header;
mod model;
mod scan;

use self::bits::{BitReader, BitWriter};
use self::header::{Header, Interleave, Scan, Stream};
use self::model::{Model, Presets};
use self::scan::{Lines, Reading, Side, Writing};
use crate::{CodecError, Fill, Frame, Geometry, Limits, Masked, Rect, Result};

/// Bytes that a sample takes while it is held.
const SAMPLE_BYTES: u64 = 4;

/// Decodes a frame.
pub(crate) fn decode(stream: &[u8], geometry: &Geometry, limits: Limits) -> Result<Frame> {
    read(&header::parse(stream)?, geometry, limits)
}

/// Decodes, fills, writes without loss, and decodes again.
pub(crate) fn mask(stream: &[u8], geometry: &Geometry, rects: &[Rect], fill: Fill, limits: Limits) -> Result<Masked> {
    let source = header::parse(stream)?;
    let mut frame = read(&source, geometry, limits)?;
    frame.fill(rects, &fill.levels(geometry, frame.bits, false));
    let stream = write(&source, &mut frame)?;
    prove(&stream, &frame, geometry, limits)?;
    Ok(Masked { stream, touched: rects.to_vec(), photometric: None, transfer_syntax: None })
}

/// Writes other samples in the scans of a lossless stream.
pub(crate) fn recode(stream: &[u8], frame: &Frame) -> Result<Vec<u8>> {
    let source = header::parse(stream)?;
    let Header { rows, columns, precision, ref ids } = source.header;
    let same = (u32::from(rows), u32::from(columns), precision) == (frame.rows, frame.columns, frame.bits);
    if !same || ids.len() != usize::from(frame.components) {
        return Err(CodecError::Mismatch);
    }
    if source.scans.iter().any(|scan| scan.near != 0) {
        return Err(CodecError::Unsupported);
    }
    write(&source, &mut frame.clone())
}

/// Decodes what was written: every sample has to be the frame's.
fn prove(stream: &[u8], frame: &Frame, geometry: &Geometry, limits: Limits) -> Result<()> {
    let again = decode(stream, geometry, limits);
    if again.as_ref() == Ok(frame) { Ok(()) } else { Err(CodecError::NotProven) }
}

fn read(stream: &Stream, geometry: &Geometry, limits: Limits) -> Result<Frame> {
    let Header { rows, columns, precision, ref ids } = stream.header;
    let components = u8::try_from(ids.len()).map_err(|_| CodecError::Damaged)?;
    let (rows, columns) = (u32::from(rows), u32::from(columns));
    geometry.fits(rows, columns, components, precision)?;
    let count = geometry.samples(SAMPLE_BYTES, limits)?;
    let mut given = vec![false; ids.len()];
    for index in stream.scans.iter().flat_map(|scan| &scan.components) {
        match given.get_mut(*index) {
            Some(once) if !*once => *once = true,
            _ => return Err(CodecError::Damaged),
        }
    }
    if given.contains(&false) {
        return Err(CodecError::Damaged);
    }
    let mut frame = Frame { rows, columns, components, bits: precision, signed: false, samples: vec![0; count] };
    for scan in &stream.scans {
        let mut model = Model::new(scan.presets, precision, i32::from(scan.near))?;
        let mut side = Reading(BitReader::new(scan.bits));
        walk(scan, &mut frame, &mut side, &mut model)?;
        if !side.0.at_end() {
            return Err(CodecError::Damaged);
        }
    }
    Ok(frame)
}

/// The same scans without loss. The frame stays as it is.
fn write(source: &Stream, frame: &mut Frame) -> Result<Vec<u8>> {
    let header = &source.header;
    let presets = Presets::default().resolve(header.precision, 0)?;
    let mut out = header.write(presets);
    for scan in &source.scans {
        header.write_scan(&mut out, &scan.components, scan.interleave);
        let mut model = Model::new(presets, header.precision, 0)?;
        let mut side = Writing(BitWriter::new(out));
        walk(scan, frame, &mut side, &mut model)?;
        out = side.0.finish();
    }
    out.extend([0xFF, 0xD9]);
    Ok(out)
}

/// Codes all lines of a scan. Its samples go into the frame; for writing they are there already.
fn walk<S: Side>(scan: &Scan, frame: &mut Frame, side: &mut S, model: &mut Model) -> Result<()> {
    let (columns, stride) = (frame.columns as usize, usize::from(frame.components));
    // Interleaved by sample all components are in one group, else each is a group of its own.
    let groups: Vec<&[usize]> = match scan.interleave {
        Interleave::Sample => vec![&scan.components],
        Interleave::None | Interleave::Line => scan.components.chunks(1).collect(),
    };
    let mut lines: Vec<Lines> = groups.iter().map(|group| Lines::new(columns, group.len())).collect();
    for row in frame.samples.chunks_exact_mut(columns * stride) {
        for (group, lines) in groups.iter().zip(&mut lines) {
            lines.next();
            for (place, &component) in group.iter().enumerate().filter(|_| S::KNOWN) {
                copy(lines.samples(), (place, group.len()), row, (component, stride));
            }
            lines.code(side, model)?;
            for (place, &component) in group.iter().enumerate().filter(|_| !S::KNOWN) {
                copy(row, (component, stride), lines.samples(), (place, group.len()));
            }
        }
    }
    Ok(())
}

/// Copies every n-th sample, each side with a start and an n of its own.
fn copy(into: &mut [i32], (at, step): (usize, usize), from: &[i32], (start, stride): (usize, usize)) {
    if (step, stride) == (1, 1) {
        into.copy_from_slice(from);
        return;
    }
    let samples = from.iter().skip(start).step_by(stride);
    into.iter_mut().skip(at).step_by(step).zip(samples).for_each(|(into, from)| *into = *from);
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use super::*;
    use crate::Photometric;

    #[test]
    fn a_sample_that_changed_is_found() {
        let samples: Vec<i32> = (0..11 * 7).map(|n| n * 37 % 251).collect();
        let mut frame = Frame { rows: 7, columns: 11, components: 1, bits: 8, signed: false, samples };
        let header = Header { rows: 7, columns: 11, precision: 8, ids: vec![1] };
        let presets = Presets::default().resolve(8, 0).unwrap();
        let scan = Scan { components: vec![0], near: 0, interleave: Interleave::None, presets, bits: &[] };
        let stream = write(&Stream { header, scans: vec![scan] }, &mut frame).unwrap();
        let geometry = Geometry {
            rows: 7,
            columns: 11,
            samples_per_pixel: 1,
            bits_allocated: 8,
            bits_stored: 8,
            signed: false,
            photometric: Photometric::Monochrome2,
        };
        let proof = |stream: &[u8], frame: &Frame| prove(stream, frame, &geometry, Limits::default());
        assert_eq!(proof(&stream, &frame), Ok(()));
        assert_eq!(proof(&stream[..stream.len() / 2], &frame), Err(CodecError::NotProven));
        for n in [0, 38, 76] {
            let mut other = frame.clone();
            other.samples[n] ^= 1;
            assert_eq!(proof(&stream, &other), Err(CodecError::NotProven), "{n}");
        }
    }
}
