//! JPEG lossless, process 14 (T.81 annex H), with any predictor, point transform and restart interval.
//!
//! Masked streams keep predictor, precision, identifiers, interleaving, restart interval and point transform; Huffman
//! tables become the best ones.

mod decode;
mod encode;
mod predict;

use super::bits::Reader;
use super::header::{FrameHeader, Scan};
use super::stream::{Decoder, Stream, read};
use super::write::write;
use crate::{CodecError, Fill, Frame, Geometry, Limits, Masked, Rect, Result};

/// Masks a frame.
pub(crate) fn mask(bytes: &[u8], geometry: &Geometry, rects: &[Rect], fill: Fill, limits: Limits) -> Result<Masked> {
    let (stream, planes) = samples(bytes, Some(geometry), limits)?;
    let levels = fill.levels(geometry, stream.frame.precision, false);
    let cover = Cover { rects, levels: levels.map(|level| u16::try_from(level).unwrap_or(0)) };
    let out = write(&stream, &encode::scans(&stream, &planes, &cover)?);
    prove(&out, &stream, &planes, &cover, geometry, limits)?;
    Ok(Masked { stream: out, touched: rects.to_vec(), photometric: None, transfer_syntax: None })
}

/// Writes other samples under the headers that a stream has.
pub(crate) fn recode(bytes: &[u8], geometry: &Geometry, frame: &Frame, limits: Limits) -> Result<Vec<u8>> {
    let (stream, mut planes) = samples(bytes, Some(geometry), limits)?;
    let count = planes.len();
    for (i, plane) in planes.iter_mut().enumerate() {
        let transform = plane.transform;
        let from = frame.samples.iter().skip(i).step_by(count);
        let held = |sample: &i32| u16::try_from(sample >> transform).unwrap_or(0);
        plane.samples.iter_mut().zip(from).for_each(|(to, from)| *to = held(from));
    }
    Ok(write(&stream, &encode::scans(&stream, &planes, &Cover { rects: &[], levels: [0; 3] })?))
}

/// Decodes a frame.
pub(crate) fn decode(bytes: &[u8], geometry: &Geometry, limits: Limits) -> Result<Frame> {
    let (stream, planes) = samples(bytes, Some(geometry), limits)?;
    let frame = &stream.frame;
    let count = planes.len();
    let mut samples = vec![0_i32; count * frame.rows as usize * frame.columns as usize];
    for (i, plane) in planes.iter().enumerate() {
        let to = samples.iter_mut().skip(i).step_by(count);
        to.zip(&plane.samples).for_each(|(to, from)| *to = i32::from(*from) << plane.transform);
    }
    Ok(Frame {
        rows: frame.rows,
        columns: frame.columns,
        components: u8::try_from(count).unwrap_or(0),
        bits: frame.precision,
        signed: false,
        samples,
    })
}

/// See [`super::holds_hidden_bytes`].
pub(crate) fn holds_hidden_bytes(bytes: &[u8], limits: Limits) -> Result<bool> {
    samples(bytes, None, limits).map(|(stream, _)| stream.hidden)
}

/// Samples of one component, the point transform not undone.
#[derive(Default)]
struct Plane {
    samples: Vec<u16>,
    /// Low bits that the stream leaves out.
    transform: u8,
}

/// Rectangles that are constant.
struct Cover<'a> {
    rects: &'a [Rect],
    /// By component.
    levels: [u16; 3],
}

impl Cover<'_> {
    /// Which pixels of a row are covered.
    fn row(&self, y: u32, covered: &mut [bool]) {
        covered.fill(false);
        for rect in self.rects.iter().filter(|r| (r.y..r.y.saturating_add(r.height)).contains(&y)) {
            covered.iter_mut().skip(rect.x as usize).take(rect.width as usize).for_each(|c| *c = true);
        }
    }

    /// The constant of a component after its point transform.
    fn level(&self, component: usize, transform: u8) -> u16 {
        self.levels.get(component).map_or(0, |level| level >> transform)
    }
}

fn samples<'a>(bytes: &'a [u8], geometry: Option<&Geometry>, limits: Limits) -> Result<(Stream<'a>, Vec<Plane>)> {
    let mut reading = Reading { geometry, limits, bits: 8 * bytes.len() as u64, planes: Vec::new() };
    let stream = read(bytes, &mut reading)?;
    Ok((stream, reading.planes))
}

/// Reads what was written: constant under the cover, as the source is outside of it.
fn prove(
    out: &[u8],
    stream: &Stream<'_>,
    planes: &[Plane],
    cover: &Cover<'_>,
    geometry: &Geometry,
    limits: Limits,
) -> Result<()> {
    let (again, written) = samples(out, Some(geometry), limits).map_err(|_| CodecError::NotProven)?;
    let ids = |s: &Stream<'_>| -> Vec<u8> { s.frame.components.iter().map(|c| c.id).collect() };
    let colours = |s: &Stream<'_>| (s.colours.jfif.is_some(), s.colours.adobe);
    let mut same = again.frame.precision == stream.frame.precision
        && ids(&again) == ids(stream)
        && colours(&again) == colours(stream)
        && written.len() == planes.len()
        && !again.hidden;
    let width = stream.frame.columns as usize;
    let mut covered = vec![false; width];
    for (i, (written, source)) in written.iter().zip(planes).enumerate() {
        same &= written.transform == source.transform && written.samples.len() == source.samples.len();
        let level = cover.level(i, source.transform);
        let rows = written.samples.chunks_exact(width).zip(source.samples.chunks_exact(width));
        for (y, (written, source)) in (0..).zip(rows) {
            cover.row(y, &mut covered);
            let mut pixels = written.iter().zip(source).zip(&covered);
            same &= pixels.all(|((written, source), covered)| *written == if *covered { level } else { *source });
        }
    }
    if same { Ok(()) } else { Err(CodecError::NotProven) }
}

struct Reading<'g> {
    geometry: Option<&'g Geometry>,
    limits: Limits,
    /// Bits of the stream.
    bits: u64,
    planes: Vec<Plane>,
}

impl Decoder for Reading<'_> {
    fn begin(&mut self, frame: &FrameHeader) -> Result<()> {
        if frame.code != 0xC3 {
            return Err(CodecError::Mismatch);
        }
        let components = frame.components.len();
        if let Some(geometry) = self.geometry {
            geometry.fits(frame.rows, frame.columns, u8::try_from(components).unwrap_or(0), frame.precision)?;
        }
        if frame.components.iter().any(|c| (c.h, c.v) != (1, 1)) {
            return Err(CodecError::Unsupported);
        }
        let count = u64::from(frame.rows) * u64::from(frame.columns);
        // Samples and differences of two bytes each, or a frame of four.
        if count * components as u64 * 6 > self.limits.frame_bytes {
            return Err(CodecError::TooLarge);
        }
        // Every sample takes a bit at least.
        if count * components as u64 > self.bits {
            return Err(CodecError::Damaged);
        }
        self.planes.resize_with(components, Plane::default);
        Ok(())
    }

    fn scan(&mut self, frame: &FrameHeader, scan: &Scan, reader: &mut Reader<'_>) -> Result<()> {
        decode::scan(frame, scan, reader, &mut self.planes)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
    use super::*;
    use crate::Photometric;
    use crate::jpeg::stream::Part;
    use std::path::{Path, PathBuf};

    fn stream(name: &str) -> Option<Vec<u8>> {
        let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
        let shared = std::env::var_os("TOKUMEI_SHARED").map_or_else(beside, PathBuf::from);
        std::fs::read(shared.join("codecs/streams").join(name)).ok()
    }

    /// A stream whose components have scans of their own keeps them.
    #[test]
    fn scans_of_one_component_each() {
        let geometry = Geometry {
            rows: 61,
            columns: 97,
            samples_per_pixel: 3,
            bits_allocated: 8,
            bits_stored: 8,
            signed: false,
            photometric: Photometric::Rgb,
        };
        let rects = [Rect { x: 9, y: 20, width: 70, height: 30 }];
        for name in ["jll_rgb8_p5.jpg", "jll_rgb8_p1_p7_pt3.jpg"] {
            let Some(bytes) = stream(name) else { continue };
            let (mut stream, planes) = samples(&bytes, None, Limits::default()).unwrap();
            if let [whole] = stream.scans.as_slice() {
                let single = |c: &_| Scan { components: vec![Clone::clone(c)], ..whole.clone() };
                stream.scans = whole.components.iter().map(single).collect();
                let at = stream.parts.iter().position(|part| matches!(part, Part::Scan(0))).unwrap();
                stream.parts.splice(at..=at, (0..3).map(Part::Scan));
            }
            let nothing = Cover { rects: &[], levels: [0; 3] };
            let split = write(&stream, &encode::scans(&stream, &planes, &nothing).unwrap());
            assert_eq!(samples(&split, None, Limits::default()).unwrap().0.scans.len(), 3);
            let decoded = |bytes: &[u8]| decode(bytes, &geometry, Limits::default()).unwrap();
            assert_eq!(decoded(&split), decoded(&bytes));
            let masked = |bytes: &[u8]| mask(bytes, &geometry, &rects, Fill::Black, Limits::default()).unwrap().stream;
            assert_eq!(decoded(&masked(&split)), decoded(&masked(&bytes)));
            assert_eq!(samples(&masked(&split), None, Limits::default()).unwrap().0.scans.len(), 3);
        }
    }

    /// One sample more or less is found.
    #[test]
    fn a_sample_that_changed_is_found() {
        let Some(bytes) = stream("jll_g8_p4.jpg") else { return };
        let (stream, mut planes) = samples(&bytes, None, Limits::default()).unwrap();
        let geometry = Geometry {
            rows: 61,
            columns: 97,
            samples_per_pixel: 1,
            bits_allocated: 8,
            bits_stored: 8,
            signed: false,
            photometric: Photometric::Monochrome2,
        };
        let rects = [Rect { x: 9, y: 20, width: 70, height: 30 }];
        let cover = Cover { rects: &rects, levels: [0; 3] };
        let out = write(&stream, &encode::scans(&stream, &planes, &cover).unwrap());
        let proof =
            |planes: &[Plane], cover: &Cover<'_>| prove(&out, &stream, planes, cover, &geometry, Limits::default());
        assert_eq!(proof(&planes, &cover), Ok(()));
        assert_eq!(proof(&planes, &Cover { rects: &rects, levels: [1; 3] }), Err(CodecError::NotProven));
        let last = planes[0].samples.len() - 1;
        planes[0].samples[last] ^= 1;
        assert_eq!(proof(&planes, &cover), Err(CodecError::NotProven));
    }
}
