//! JPEG: baseline, extended, progressive and lossless with Huffman coding (T.81; PS3.5 8.2.1, A.4.1).
//!
//! Kept: what a decoder needs, the segment JFIF and the segment Adobe, since both decide between RGB and YCbCr.
//! Everything else goes: COM, other `APPn`, unknown markers, tables no scan uses, fill bytes but one before EOI, all
//! after EOI.
//! Entropy-coded data are walked unit by unit, so that bytes between the last unit and the next marker go too. In
//! progressive JPEG (transfer syntaxes retired) and where DNL gives the number of lines they are not seen.

use super::huffman::{self, Scan, Unit};
use super::jpeg_tables::{Destination, TableSegment, Tables};
use super::markers::{self, APP0, APP14, Clean, DHT, DNL, DQT, DRI, Depth, EOI, SOI, SOS, Segment, Shape, Stuffing};
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
    /// Bits of a sample.
    precision: u8,
    shape: Shape,
    components: Vec<Component>,
}

/// A component of the frame header.
struct Component {
    id: u8,
    /// Horizontal and vertical sampling factor.
    sampling: (u32, u32),
    /// Quantization table.
    quantization: u8,
}

/// A component of a scan header: its number in the frame, and its tables.
struct Selected {
    component: usize,
    dc: u8,
    ac: u8,
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
    /// MCUs between restart markers (DRI).
    restart: u16,
}

/// Cleans one frame.
pub(crate) fn clean(s: &mut Stream<'_>) -> Result<Clean> {
    if s.u16(0)? != 0xFFD8 {
        return Err(s.mismatch(0));
    }
    let mut walk = Walk {
        s,
        items: Vec::new(),
        tables: Tables::default(),
        frame: None,
        adobe: None,
        jfif: false,
        scans: 0,
        restart: 0,
    };
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
                let start = markers::end_of_image(self.s, pos, marker)?;
                self.keep(start, marker.at + 2);
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
            DRI | DNL if g.len == 2 => {
                if g.code == DRI {
                    self.restart = self.s.u16(g.body)?;
                }
                self.keep(g.start, g.end());
            }
            DRI | DNL => return Err(self.s.mismatch(g.start)),
            APP0 => self.jfif(g)?,
            APP14 => self.adobe(g)?,
            _ => {}
        }
        Ok(g.end())
    }

    fn frame(&mut self, g: Segment) -> Result<()> {
        let [precision, y1, y0, x1, x0, count] = self.s.array(g.body)?;
        if self.frame.is_some() || g.len != 6 + 3 * u16::from(count) || count == 0 {
            return Err(self.s.mismatch(g.start));
        }
        let mut components = Vec::with_capacity(usize::from(count));
        for i in 0..u64::from(count) {
            let [id, sampling, quantization] = self.s.array(g.body + 6 + 3 * i)?;
            let sampling = (u32::from(sampling >> 4), u32::from(sampling & 15));
            if !(1..=4).contains(&sampling.0) || !(1..=4).contains(&sampling.1) {
                return Err(self.s.mismatch(g.start));
            }
            components.push(Component { id, sampling, quantization });
        }
        let shape = Shape {
            rows: u32::from(u16::from_be_bytes([y1, y0])),
            columns: u32::from(u16::from_be_bytes([x1, x0])),
            components: u16::from(count),
        };
        self.frame = Some(Frame { code: g.code, precision, shape, components });
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
        let (lossless, progressive) = (frame.code == 0xC3, frame.code == 0xC2);
        let by_markers = progressive || frame.shape.rows == 0;
        let mut selected = Vec::new();
        for i in 0..u64::from(count) {
            let [id, tables] = self.s.array(g.body + 1 + 2 * i)?;
            let found = frame.components.iter().enumerate().find(|(_, c)| c.id == id);
            let Some((component, c)) = found else { return Err(self.s.mismatch(g.start)) };
            let (dc, ac) = (tables >> 4, tables & 15);
            if !lossless {
                self.tables.use_table(Destination::Quantization(c.quantization));
            }
            if !progressive || first == 0 {
                self.tables.use_table(Destination::Dc(dc));
            }
            if !lossless && (!progressive || last > 0) {
                self.tables.use_table(Destination::Ac(ac));
            }
            selected.push(Selected { component, dc, ac });
        }
        self.keep(g.start, g.end());
        self.scans += 1;
        let mut runs = Vec::new();
        let end = if by_markers {
            markers::entropy_coded(self.s, g.end(), Stuffing::Byte, &mut runs)?
        } else {
            self.entropy_coded(g.end(), &selected, &mut runs)?
        };
        for (start, end) in runs {
            self.keep(start, end);
        }
        Ok(end)
    }

    /// Walks the units of a sequential or lossless scan (T.81 A.2).
    fn entropy_coded(&mut self, start: u64, selected: &[Selected], runs: &mut Vec<(u64, u64)>) -> Result<u64> {
        let fault = self.s.mismatch(start);
        let Some(frame) = &self.frame else { return Err(fault) };
        let lossless = frame.code == 0xC3;
        let mut tables = Vec::new();
        for c in selected {
            let dc = self.tables.codes(self.s, Destination::Dc(c.dc))?.ok_or_else(|| fault.clone())?;
            let ac = if lossless { None } else { self.tables.codes(self.s, Destination::Ac(c.ac))? };
            if ac.is_none() && !lossless {
                return Err(fault);
            }
            tables.push((dc, ac));
        }
        let sampling = |c: &Selected| frame.components.get(c.component).map_or((1, 1), |c| c.sampling);
        let widest = frame.components.iter().map(|c| c.sampling.0).max().unwrap_or(1);
        let highest = frame.components.iter().map(|c| c.sampling.1).max().unwrap_or(1);
        let side = if lossless { 1 } else { 8 };
        let single = selected.len() == 1;
        let (across, down) = match selected.first() {
            Some(c) if single => {
                let (h, v) = sampling(c);
                let columns = (frame.shape.columns * h).div_ceil(widest);
                let rows = (frame.shape.rows * v).div_ceil(highest);
                (columns.div_ceil(side), rows.div_ceil(side))
            }
            _ => (frame.shape.columns.div_ceil(side * widest), frame.shape.rows.div_ceil(side * highest)),
        };
        let units = selected.iter().zip(&tables).map(|(c, (dc, ac))| {
            let (h, v) = sampling(c);
            Unit { count: if single { 1 } else { h * v }, dc, ac: ac.as_ref() }
        });
        let mcus = u64::from(across) * u64::from(down);
        let scan = Scan { units: units.collect(), mcus, restart: u64::from(self.restart) };
        huffman::walk(self.s, start, &scan, runs)
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
        let depth = self.frame.as_ref().map_or(Depth::Unknown, |f| Depth::Bits(f.precision));
        let shape = self.frame.map(|f| f.shape).filter(|s| s.rows > 0);
        Clean { kept, shape, depth }
    }
}
