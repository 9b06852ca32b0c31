//! Marker segments of a JPEG-LS stream (T.87 annex C).

use super::model::Presets;
use crate::{CodecError, Result};

/// The frame header (SOF55).
#[derive(Clone)]
pub struct Header {
    pub rows: u16,
    pub columns: u16,
    pub precision: u8,
    /// Component identifiers, in the order of the samples.
    pub ids: Vec<u8>,
}

/// How the components of a scan follow each other.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Interleave {
    None,
    Line,
    Sample,
}

/// One scan: what its header says, and its bits.
pub struct Scan<'a> {
    /// Indices into [`Header::ids`].
    pub components: Vec<usize>,
    pub near: u8,
    pub interleave: Interleave,
    pub presets: Presets,
    pub bits: &'a [u8],
}

/// A stream taken apart.
pub struct Stream<'a> {
    pub header: Header,
    pub scans: Vec<Scan<'a>>,
}

/// A reader that never leaves its bytes.
struct Fields<'a>(&'a [u8]);

impl Fields<'_> {
    fn byte(&mut self) -> Result<u8> {
        let (&first, rest) = self.0.split_first().ok_or(CodecError::Damaged)?;
        self.0 = rest;
        Ok(first)
    }

    fn word(&mut self) -> Result<u16> {
        Ok(u16::from_be_bytes([self.byte()?, self.byte()?]))
    }

    fn end(&self) -> Result<()> {
        if self.0.is_empty() { Ok(()) } else { Err(CodecError::Damaged) }
    }
}

/// Takes a stream apart, up to its EOI. What is not handled (mapping tables, restart intervals, point transform, DNL,
/// HP's colour transform) is refused, since samples would come out wrong.
pub fn parse(stream: &[u8]) -> Result<Stream<'_>> {
    let mut rest = stream.strip_prefix(&[0xFF, 0xD8]).ok_or(CodecError::Damaged)?;
    let mut header = None;
    let mut presets = Presets::default();
    let mut scans = Vec::new();
    loop {
        let (code, after) = marker(rest)?;
        if code == 0xD9 {
            let header = header.ok_or(CodecError::Damaged)?;
            return Ok(Stream { header, scans });
        }
        let (body, after) = segment(after)?;
        rest = after;
        match code {
            0xF7 if header.is_none() => header = Some(frame_header(body)?),
            0xF8 => presets = preset_parameters(body)?,
            0xDA => {
                let header = header.as_ref().ok_or(CodecError::Damaged)?;
                if scans.len() == header.ids.len() {
                    return Err(CodecError::Damaged);
                }
                let length = scan_length(rest)?;
                let (bits, after) = rest.split_at_checked(length).ok_or(CodecError::Damaged)?;
                scans.push(scan_header(body, header, presets, bits)?);
                rest = after;
            }
            0xDD if body.iter().any(|&byte| byte != 0) => return Err(CodecError::Unsupported),
            0xE8 if body.starts_with(b"mrfx") && body.get(4) != Some(&0) => return Err(CodecError::Unsupported),
            0xDD | 0xE0..=0xEF | 0xFE => {}
            0xDC | 0xC0..=0xCF => return Err(CodecError::Unsupported),
            _ => return Err(CodecError::Damaged),
        }
    }
}

/// The marker that stands next, fill bytes before it passed over.
fn marker(bytes: &[u8]) -> Result<(u8, &[u8])> {
    let rest = bytes.strip_prefix(&[0xFF]).ok_or(CodecError::Damaged)?;
    let fill = rest.iter().take_while(|&&byte| byte == 0xFF).count();
    rest.get(fill..).and_then(<[u8]>::split_first).map(|(&code, rest)| (code, rest)).ok_or(CodecError::Damaged)
}

/// A segment's content, and what follows it.
fn segment(bytes: &[u8]) -> Result<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<2>().ok_or(CodecError::Damaged)?;
    let length = usize::from(u16::from_be_bytes(*length)).checked_sub(2).ok_or(CodecError::Damaged)?;
    rest.split_at_checked(length).ok_or(CodecError::Damaged)
}

/// Bytes before the next marker; in a scan FF and a byte below 80 are data.
fn scan_length(bytes: &[u8]) -> Result<usize> {
    bytes.windows(2).position(|pair| matches!(pair, [0xFF, code] if *code >= 0x80)).ok_or(CodecError::Damaged)
}

fn frame_header(body: &[u8]) -> Result<Header> {
    let mut fields = Fields(body);
    let precision = fields.byte()?;
    let (rows, columns) = (fields.word()?, fields.word()?);
    let count = fields.byte()?;
    // 0 rows stands for DNL, 0 columns and more than 65,535 for the LSE of oversize images.
    if rows == 0 || columns == 0 || !matches!(count, 1..=4) {
        return Err(CodecError::Unsupported);
    }
    if !(2..=16).contains(&precision) {
        return Err(CodecError::Damaged);
    }
    let mut ids = Vec::new();
    for _ in 0..count {
        let id = fields.byte()?;
        if ids.contains(&id) {
            return Err(CodecError::Damaged);
        }
        ids.push(id);
        if fields.byte()? != 0x11 {
            return Err(CodecError::Unsupported);
        }
        fields.byte()?;
    }
    fields.end()?;
    Ok(Header { rows, columns, precision, ids })
}

fn preset_parameters(body: &[u8]) -> Result<Presets> {
    let mut fields = Fields(body);
    if fields.byte()? != 1 {
        return Err(CodecError::Unsupported);
    }
    let mut value = || fields.word().map(i32::from);
    let presets = Presets { maxval: value()?, t1: value()?, t2: value()?, t3: value()?, reset: value()? };
    fields.end()?;
    Ok(presets)
}

fn scan_header<'a>(body: &[u8], header: &Header, presets: Presets, bits: &'a [u8]) -> Result<Scan<'a>> {
    let mut fields = Fields(body);
    let count = fields.byte()?;
    let mut components = Vec::new();
    for _ in 0..count {
        let id = fields.byte()?;
        let index = header.ids.iter().position(|&known| known == id).ok_or(CodecError::Damaged)?;
        if components.contains(&index) {
            return Err(CodecError::Damaged);
        }
        components.push(index);
        // A mapping table: samples would be indices.
        if fields.byte()? != 0 {
            return Err(CodecError::Unsupported);
        }
    }
    let near = fields.byte()?;
    let interleave = match (fields.byte()?, components.len()) {
        (_, 0) => return Err(CodecError::Damaged),
        (0..=2, 1) => Interleave::None,
        (1, _) => Interleave::Line,
        (2, _) => Interleave::Sample,
        _ => return Err(CodecError::Damaged),
    };
    if fields.byte()? != 0 {
        return Err(CodecError::Unsupported);
    }
    fields.end()?;
    Ok(Scan { components, near, interleave, presets, bits })
}

impl Header {
    /// Writes SOI and SOF55; above 12 bits also the presets, since some decoders have other defaults there.
    pub fn write(&self, presets: Presets) -> Vec<u8> {
        let mut out = vec![0xFF, 0xD8, 0xFF, 0xF7];
        let count = self.ids.len().to_le_bytes()[0];
        put(&mut out, 8 + 3 * u16::from(count));
        out.push(self.precision);
        put(&mut out, self.rows);
        put(&mut out, self.columns);
        out.push(count);
        for &id in &self.ids {
            out.extend([id, 0x11, 0]);
        }
        if self.precision > 12 {
            out.extend([0xFF, 0xF8, 0, 13, 1]);
            for value in [presets.maxval, presets.t1, presets.t2, presets.t3, presets.reset] {
                put(&mut out, u16::try_from(value).unwrap_or(0));
            }
        }
        out
    }

    /// Writes the header of a lossless scan (SOS).
    pub fn write_scan(&self, out: &mut Vec<u8>, components: &[usize], interleave: Interleave) {
        out.extend([0xFF, 0xDA]);
        let count = components.len().to_le_bytes()[0];
        put(out, 6 + 2 * u16::from(count));
        out.push(count);
        for id in components.iter().filter_map(|&index| self.ids.get(index)) {
            out.extend([*id, 0]);
        }
        let code = match interleave {
            Interleave::None => 0,
            Interleave::Line => 1,
            Interleave::Sample => 2,
        };
        out.extend([0, code, 0]);
    }
}

fn put(out: &mut Vec<u8>, value: u16) {
    out.extend(value.to_be_bytes());
}
