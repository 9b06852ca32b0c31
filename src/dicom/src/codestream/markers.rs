//! Marker segments, as JPEG (T.81 B.1) and JPEG-LS (T.87 C.1) share them.

use super::native::Geometry;
use super::stream::{Kept, Stream};
use crate::Result;

pub(crate) const SOI: u8 = 0xD8;
pub(crate) const EOI: u8 = 0xD9;
pub(crate) const SOS: u8 = 0xDA;
pub(crate) const DQT: u8 = 0xDB;
pub(crate) const DNL: u8 = 0xDC;
pub(crate) const DRI: u8 = 0xDD;
pub(crate) const DHT: u8 = 0xC4;
pub(crate) const APP0: u8 = 0xE0;
pub(crate) const APP8: u8 = 0xE8;
pub(crate) const APP14: u8 = 0xEE;
pub(crate) const SOF55: u8 = 0xF7;
pub(crate) const LSE: u8 = 0xF8;

/// More runs of kept bytes than any encoder makes (a fill byte before `RSTn` begins a new one).
pub(crate) const MAX_RUNS: usize = 1 << 20;

/// A marker: its code, without fill bytes before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Marker {
    /// The byte after FF.
    pub(crate) code: u8,
    /// Position of the FF directly before the code.
    pub(crate) at: u64,
}

/// A marker segment: the marker, a length, parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Segment {
    /// The byte after FF.
    pub(crate) code: u8,
    /// Position of the FF.
    pub(crate) start: u64,
    /// Position of the first parameter, after the length.
    pub(crate) body: u64,
    /// Number of parameter bytes.
    pub(crate) len: u16,
}

impl Segment {
    /// Position after the segment.
    pub(crate) fn end(&self) -> u64 {
        self.body + u64::from(self.len)
    }
}

/// The stored form of an entropy-coded byte FF.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stuffing {
    /// FF 00 (T.81 F.1.2.3).
    Byte,
    /// FF, then a byte below 80 (T.87 C.3): one bit 0 is stuffed.
    Bit,
}

/// The next marker at or after `pos`. What lies between has no meaning to a decoder.
pub(crate) fn next(s: &mut Stream<'_>, mut pos: u64) -> Result<Marker> {
    loop {
        let Some(ff) = s.find_ff(pos)? else { return Err(s.mismatch(s.len())) };
        let at = last_fill(s, ff)?;
        let code = s.u8(at + 1)?;
        if code != 0 {
            return Ok(Marker { code, at });
        }
        pos = at + 2;
    }
}

/// The segment of a marker that has one.
pub(crate) fn segment(s: &mut Stream<'_>, marker: Marker) -> Result<Segment> {
    let len = s.u16(marker.at + 2)?;
    let len = len.checked_sub(2).ok_or_else(|| s.mismatch(marker.at))?;
    let segment = Segment { code: marker.code, start: marker.at, body: marker.at + 4, len };
    if segment.end() > s.len() {
        return Err(s.mismatch(s.len()));
    }
    Ok(segment)
}

/// True for markers without a segment: TEM, `RSTn`, SOI, EOI (T.81 table B.1).
pub(crate) fn stands_alone(code: u8) -> bool {
    code == 0x01 || (0xD0..=EOI).contains(&code)
}

/// Code of the frame header (`SOFn`), which tells what the stream is. It comes before the first scan.
pub(crate) fn frame_header(s: &mut Stream<'_>) -> Result<u8> {
    let mut pos = 2;
    loop {
        let marker = next(s, pos)?;
        match marker.code {
            0xC0..=0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF | SOF55 => return Ok(marker.code),
            SOI | EOI | SOS => return Err(s.mismatch(marker.at)),
            code if stands_alone(code) => pos = marker.at + 2,
            _ => pos = segment(s, marker)?.end(),
        }
    }
}

/// Keeps the entropy-coded data from `start` with its `RSTn`; returns where they end: at a marker or the first fill byte
/// before it. Fill bytes before `RSTn` go.
pub(crate) fn entropy_coded(
    s: &mut Stream<'_>,
    start: u64,
    stuffing: Stuffing,
    kept: &mut Vec<(u64, u64)>,
) -> Result<u64> {
    let mut pos = start;
    let mut from = start;
    loop {
        let Some(ff) = s.find_ff(pos)? else { return Err(s.mismatch(s.len())) };
        let next = s.u8(ff + 1)?;
        let stuffed = match stuffing {
            Stuffing::Byte => next == 0,
            Stuffing::Bit => next < 0x80,
        };
        if stuffed {
            pos = ff + 2;
            continue;
        }
        let at = last_fill(s, ff)?;
        if s.u8(at + 1)? == 0 {
            pos = at + 2;
            continue;
        }
        let restart = (0xD0..=0xD7).contains(&s.u8(at + 1)?);
        if at > ff || !restart {
            kept.push((from, ff));
            from = at;
        }
        if !restart {
            return Ok(ff);
        }
        if kept.len() > MAX_RUNS {
            return Err(s.mismatch(at));
        }
        pos = at + 2;
    }
}

/// Position of the last FF of a run of FF that begins at `ff`.
fn last_fill(s: &mut Stream<'_>, ff: u64) -> Result<u64> {
    let mut pos = ff;
    loop {
        let chunk = s.chunk(pos)?;
        if chunk.is_empty() {
            return Err(s.mismatch(s.len()));
        }
        match chunk.iter().position(|b| *b != 0xFF) {
            Some(n) => return Ok(pos + n as u64 - 1),
            None => pos += chunk.len() as u64,
        }
    }
}

/// Where the kept end of a stream begins: EOI, with one fill byte before it if there is one at or after `pos`. Writers
/// make the length even so (PS3.5 A.4.1).
pub(crate) fn end_of_image(s: &mut Stream<'_>, pos: u64, eoi: Marker) -> Result<u64> {
    let filled = eoi.at > pos && s.u8(eoi.at - 1)? == 0xFF;
    Ok(eoi.at - u64::from(filled))
}

/// Rows, columns and components that a stream states.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shape {
    /// Lines.
    pub(crate) rows: u32,
    /// Samples a line.
    pub(crate) columns: u32,
    /// Components.
    pub(crate) components: u16,
}

impl Shape {
    /// True when the data set says the same (PS3.5 8.2). A picture larger than it says would hide its rest.
    pub(crate) fn fits(&self, geometry: &Geometry) -> bool {
        (u64::from(self.rows), u64::from(self.columns), u64::from(self.components))
            == (geometry.rows, geometry.columns, geometry.samples)
    }
}

/// A cleaned frame and what its stream says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Clean {
    /// What stays.
    pub(crate) kept: Kept,
    /// Stated size, where the format states one.
    pub(crate) shape: Option<Shape>,
    /// Bits that a sample may use: more than Bits Stored, and only a decoder tells whether it does.
    pub(crate) depth: Depth,
}

/// How much of its cells a frame's samples may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Depth {
    /// No more than the data set says.
    Stored,
    /// So many bits, the precision that the stream states.
    Bits(u8),
    /// It is not known here, or what follows the stream is not.
    Unknown,
}

impl Depth {
    /// True where a sample may hold more than `stored` bits.
    pub(crate) const fn exceeds(self, stored: u64) -> bool {
        match self {
            Self::Stored => false,
            Self::Bits(bits) => bits as u64 > stored,
            Self::Unknown => true,
        }
    }
}
