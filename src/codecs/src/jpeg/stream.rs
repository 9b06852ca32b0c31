//! A JPEG stream (T.81 annex B), segment by segment.

use super::bits::Reader;
use super::header::{FrameHeader, Scan};
use super::tables::{Definition, Quantization, Tables};
use crate::{CodecError, Result};
use std::rc::Rc;

/// Scans of a frame at most: a progressive one needs a few for each component and bit.
const MAX_SCANS: usize = 200;

/// What stays of a stream when it is written again, in its order.
pub(crate) enum Part<'a> {
    /// DRI.
    Restart(&'a [u8]),
    /// DQT or DHT.
    Tables { code: u8, definitions: Vec<Definition<'a>> },
    /// The frame header.
    Frame(&'a [u8]),
    /// A scan, by its number.
    Scan(usize),
}

/// A stream that was read.
pub(crate) struct Stream<'a> {
    pub(crate) frame: FrameHeader,
    pub(crate) parts: Vec<Part<'a>>,
    pub(crate) scans: Vec<Scan>,
    pub(crate) tables: Tables,
    /// By component: the quantization table that was in force at its first scan.
    pub(crate) quantization: Vec<Option<Rc<Quantization>>>,
    /// Quantization tables were defined after the first scan.
    pub(crate) quantization_changes: bool,
    /// What its segments say of colours.
    pub(crate) colours: Colours,
    /// Bytes stand between the last unit of an interval and its marker, which no decoder shows.
    pub(crate) hidden: bool,
}

/// The segments that decide between RGB and YCbCr, beside identifiers. They stay, without what may follow in them.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Colours {
    /// The first segment JFIF, its thumbnail taken away.
    pub(crate) jfif: Option<[u8; 14]>,
    /// The last segment Adobe, which is the one that decoders follow; it ends with the colour transform.
    pub(crate) adobe: Option<[u8; 12]>,
}

/// What becomes of entropy-coded data.
pub(crate) trait Decoder {
    /// The frame begins: sizes are checked here, before anything is allocated.
    fn begin(&mut self, frame: &FrameHeader) -> Result<()>;
    /// Decodes a scan; the reader stands at its first bit, afterwards in its last interval.
    fn scan(&mut self, frame: &FrameHeader, scan: &Scan, reader: &mut Reader<'_>) -> Result<()>;
}

/// Reads a stream from SOI to EOI.
pub(crate) fn read<'a>(bytes: &'a [u8], decoder: &mut impl Decoder) -> Result<Stream<'a>> {
    let mut walk = Walk::default();
    let mut pos = 2;
    if !bytes.starts_with(&[0xFF, 0xD8]) {
        return Err(CodecError::Damaged);
    }
    loop {
        let rest = bytes.get(pos..).unwrap_or_default();
        let [0xFF, code, after @ ..] = rest else { return Err(CodecError::Damaged) };
        pos = match code {
            0xD9 => return walk.finish(),
            // A fill byte; a marker that stands alone.
            0xFF => pos + 1,
            0x01 | 0xD0..=0xD7 => pos + 2,
            0 | 0xD8 => return Err(CodecError::Damaged),
            _ => {
                let (len, body) = after.split_first_chunk::<2>().ok_or(CodecError::Damaged)?;
                let len = usize::from(u16::from_be_bytes(*len));
                let body = len.checked_sub(2).and_then(|n| body.get(..n)).ok_or(CodecError::Damaged)?;
                let end = pos + 2 + len;
                if *code == 0xDA {
                    walk.scan(body, bytes, end, decoder)?
                } else {
                    walk.segment(*code, body, decoder)?;
                    end
                }
            }
        };
    }
}

/// JFIF 1.02: 14 bytes, the last two the size of a thumbnail that follows.
fn without_thumbnail(head: [u8; 12]) -> [u8; 14] {
    let mut body = [0; 14];
    body.iter_mut().zip(head).for_each(|(to, from)| *to = from);
    body
}

#[derive(Default)]
struct Walk<'a> {
    frame: Option<FrameHeader>,
    parts: Vec<Part<'a>>,
    scans: Vec<Scan>,
    tables: Tables,
    quantization: Vec<Option<Rc<Quantization>>>,
    quantization_changes: bool,
    colours: Colours,
    hidden: bool,
    restart: u32,
}

impl<'a> Walk<'a> {
    fn segment(&mut self, code: u8, body: &'a [u8], decoder: &mut impl Decoder) -> Result<()> {
        match code {
            0xC0..=0xC3 => {
                if self.frame.is_some() {
                    return Err(CodecError::Damaged);
                }
                let frame = FrameHeader::read(code, body)?;
                decoder.begin(&frame)?;
                self.quantization = vec![None; frame.components.len()];
                self.frame = Some(frame);
                self.parts.push(Part::Frame(body));
            }
            0xDB => {
                let definitions = self.tables.quantization(body)?;
                self.quantization_changes |= !self.scans.is_empty();
                self.parts.push(Part::Tables { code, definitions });
            }
            0xC4 => {
                let definitions = self.tables.huffman(body)?;
                self.parts.push(Part::Tables { code, definitions });
            }
            0xDD => {
                let [high, low] = *body else { return Err(CodecError::Damaged) };
                self.restart = u32::from(u16::from_be_bytes([high, low]));
                self.parts.push(Part::Restart(body));
            }
            // Arithmetic coding, hierarchical and differential frames, the number of lines after the first scan.
            0xC5..=0xC7 | 0xC9..=0xCF | 0xDC | 0xDE | 0xDF => return Err(CodecError::Unsupported),
            0xE0 if body.starts_with(b"JFIF\0") && self.colours.jfif.is_none() => {
                self.colours.jfif =
                    body.first_chunk().copied().map(|[head @ .., _, _]: [u8; 14]| without_thumbnail(head));
            }
            0xEE if body.starts_with(b"Adobe") && body.len() >= 12 => {
                self.colours.adobe = body.first_chunk().copied();
            }
            // Comments, applications' segments and what is reserved mean nothing to the picture.
            _ => {}
        }
        Ok(())
    }

    /// A scan; returns the position of the marker after it.
    fn scan(&mut self, body: &'a [u8], bytes: &[u8], start: usize, decoder: &mut impl Decoder) -> Result<usize> {
        let frame = self.frame.as_ref().ok_or(CodecError::Damaged)?;
        let mut scan = Scan::read(body, frame, self.restart)?;
        if self.scans.len() >= MAX_SCANS {
            return Err(CodecError::Unsupported);
        }
        self.tables.select(&mut scan, frame)?;
        for selected in &scan.components {
            let Some((table, c)) = self.quantization.get_mut(selected.index).zip(frame.components.get(selected.index))
            else {
                continue;
            };
            if table.is_none() && frame.code != 0xC3 {
                *table = Some(self.tables.quantize(c.quantization)?);
            }
        }
        let mut reader = Reader::new(bytes, start);
        decoder.scan(frame, &scan, &mut reader)?;
        reader.end()?;
        self.hidden |= reader.found_hidden();
        self.parts.push(Part::Scan(self.scans.len()));
        self.scans.push(scan);
        Ok(reader.position())
    }

    fn finish(self) -> Result<Stream<'a>> {
        let frame = self.frame.ok_or(CodecError::Damaged)?;
        let whole = (0..frame.components.len())
            .all(|i| self.scans.iter().any(|scan| scan.components.iter().any(|c| c.index == i)));
        if !whole {
            return Err(CodecError::Damaged);
        }
        Ok(Stream {
            frame,
            parts: self.parts,
            scans: self.scans,
            tables: self.tables,
            quantization: self.quantization,
            quantization_changes: self.quantization_changes,
            colours: self.colours,
            hidden: self.hidden,
        })
    }
}
