//! JPEG: baseline, extended, progressive and lossless with Huffman coding (T.81; PS3.5 8.2.1, A.4.1).
//!
//! Kept: what a decoder needs, the segment JFIF and the segment Adobe, since both decide between RGB and YCbCr.
//! Everything else goes: COM, other APPn, unknown markers, tables no scan uses, fill bytes, all after EOI.
//! Not seen here: bytes between the last coded unit and the next marker; only an entropy decoder finds them.

use super::jpeg_tables::{Destination, TableSegment, Tables};
use super::markers::{self, APP0, APP14, Clean, DHT, DNL, DQT, DRI, EOI, SOI, SOS, Segment, Shape, Stuffing};
use super::stream::{Kept, Part, Stream};
use crate::Result;

/// What stays, before it is known which tables are used.
enum Item {
    Part(Part),
    Tables(TableSegment),
}

/// Frame header (T.81 B.2.2).
struct Frame {
    code: u8,
    shape: Shape,
    /// Component identifier and quantization table.
    components: Vec<(u8, u8)>,
}

struct Walk<'s, 'a> {
    s: &'s mut Stream<'a>,
    items: Vec<Item>,
    tables: Tables,
    frame: Option<Frame>,
    /// Where the Adobe segment stands in `items`: decoders follow the last one, so only that one stays.
    adobe: Option<usize>,
    jfif: bool,
    scans: u32,
}

/// Cleans one frame.
pub(crate) fn clean(s: &mut Stream<'_>) -> Result<Clean> {
    if s.u16(0)? != 0xFFD8 {
        return Err(s.mismatch(0));
    }
    let mut walk =
        Walk { s, items: Vec::new(), tables: Tables::default(), frame: None, adobe: None, jfif: false, scans: 0 };
    walk.keep(0, 2);
    walk.run()?;
    Ok(walk.finish())
}

impl Walk<'_, '_> {
    fn run(&mut self) -> Result<()> {
        let mut pos = 2;
        loop {
            let marker = markers::next(self.s, pos)?;
            if self.items.len() > markers::MAX_RUNS {
                return Err(self.s.mismatch(marker.at));
            }
            if marker.code == EOI {
                if self.scans == 0 {
                    return Err(self.s.mismatch(marker.at));
                }
                self.keep(marker.at, marker.at + 2);
                return Ok(());
            }
            if marker.code == SOI {
                return Err(self.s.mismatch(marker.at));
            }
            if markers::stands_alone(marker.code) {
                pos = marker.at + 2;
                continue;
            }
            let segment = markers::segment(self.s, marker)?;
            pos = self.segment(segment)?;
        }
    }

    /// Decides about a segment; returns where the next marker is looked for.
    fn segment(&mut self, g: Segment) -> Result<u64> {
        match g.code {
            SOS => return self.scan(g),
            0xC0..=0xC3 => self.frame(g)?,
            // Differential, arithmetic and hierarchical frames are no DICOM transfer syntax in force.
            0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF | 0xDE | 0xDF => return Err(self.s.mismatch(g.start)),
            DQT | DHT => {
                let tables = self.tables.define(self.s, g)?;
                self.items.push(Item::Tables(tables));
            }
            DRI | DNL if g.len == 2 => self.keep(g.start, g.end()),
            DRI | DNL => return Err(self.s.mismatch(g.start)),
            APP0 => self.jfif(g)?,
            APP14 => self.adobe(g)?,
            _ => {}
        }
        Ok(g.end())
    }

    fn frame(&mut self, g: Segment) -> Result<()> {
        let [_, y1, y0, x1, x0, count] = self.s.array(g.body)?;
        if self.frame.is_some() || g.len != 6 + 3 * u16::from(count) || count == 0 {
            return Err(self.s.mismatch(g.start));
        }
        let mut components = Vec::with_capacity(usize::from(count));
        for i in 0..u64::from(count) {
            let [id, _, table] = self.s.array(g.body + 6 + 3 * i)?;
            components.push((id, table));
        }
        let shape = Shape {
            rows: u32::from(u16::from_be_bytes([y1, y0])),
            columns: u32::from(u16::from_be_bytes([x1, x0])),
            components: u16::from(count),
        };
        self.frame = Some(Frame { code: g.code, shape, components });
        self.keep(g.start, g.end());
        Ok(())
    }

    /// A scan header and its entropy-coded data (T.81 B.2.3).
    fn scan(&mut self, g: Segment) -> Result<u64> {
        let count = self.s.u8(g.body)?;
        if count == 0 || count > 4 || g.len != 4 + 2 * u16::from(count) {
            return Err(self.s.mismatch(g.start));
        }
        let [first, last, _] = self.s.array(g.body + 1 + 2 * u64::from(count))?;
        let Some(frame) = &self.frame else { return Err(self.s.mismatch(g.start)) };
        for i in 0..u64::from(count) {
            let [id, selectors] = self.s.array(g.body + 1 + 2 * i)?;
            let Some((_, quantization)) = frame.components.iter().find(|c| c.0 == id) else {
                return Err(self.s.mismatch(g.start));
            };
            let (lossless, progressive) = (frame.code == 0xC3, frame.code == 0xC2);
            if !lossless {
                self.tables.use_table(Destination::Quantization(*quantization));
            }
            if !progressive || first == 0 {
                self.tables.use_table(Destination::Dc(selectors >> 4));
            }
            if !lossless && (!progressive || last > 0) {
                self.tables.use_table(Destination::Ac(selectors & 15));
            }
        }
        self.keep(g.start, g.end());
        self.scans += 1;
        let mut runs = Vec::new();
        let end = markers::entropy_coded(self.s, g.end(), Stuffing::Byte, &mut runs)?;
        for (start, end) in runs {
            self.keep(start, end);
        }
        Ok(end)
    }

    /// JFIF 1.02: 14 bytes, then a thumbnail, which goes.
    fn jfif(&mut self, g: Segment) -> Result<()> {
        if g.len < 14 || self.jfif {
            return Ok(());
        }
        let body: [u8; 14] = self.s.array(g.body)?;
        if !body.starts_with(b"JFIF\0") {
            return Ok(());
        }
        self.jfif = true;
        if g.len == 14 && body.ends_with(&[0, 0]) {
            self.keep(g.start, g.end());
        } else {
            self.items.push(Item::Part(Part::New(vec![0xFF, APP0, 0, 16])));
            self.keep(g.body, g.body + 12);
            self.items.push(Item::Part(Part::New(vec![0, 0])));
        }
        Ok(())
    }

    /// Adobe: 12 bytes, the last of them the colour transform.
    fn adobe(&mut self, g: Segment) -> Result<()> {
        if g.len < 12 {
            return Ok(());
        }
        let body: [u8; 12] = self.s.array(g.body)?;
        if !body.starts_with(b"Adobe") {
            return Ok(());
        }
        if let Some(earlier) = self.adobe.and_then(|i| self.items.get_mut(i)) {
            *earlier = Item::Part(Part::New(Vec::new()));
        }
        self.adobe = Some(self.items.len());
        if g.len == 12 {
            self.items.push(Item::Part(Part::Keep { start: g.start, end: g.end() }));
        } else {
            let mut bytes = vec![0xFF, APP14, 0, 14];
            bytes.extend_from_slice(&body);
            self.items.push(Item::Part(Part::New(bytes)));
        }
        Ok(())
    }

    fn keep(&mut self, start: u64, end: u64) {
        self.items.push(Item::Part(Part::Keep { start, end }));
    }

    fn finish(self) -> Clean {
        let mut kept = Kept::default();
        for item in self.items {
            match item {
                Item::Part(Part::New(b)) if b.is_empty() => {}
                Item::Part(part) => kept.push(part),
                Item::Tables(t) => self.tables.parts(&t).into_iter().for_each(|p| kept.push(p)),
            }
        }
        // A frame header with 0 lines leaves their number to a DNL segment (T.81 B.2.5): then no size is stated here.
        let shape = self.frame.map(|f| f.shape).filter(|s| s.rows > 0);
        Clean { kept, shape }
    }
}
