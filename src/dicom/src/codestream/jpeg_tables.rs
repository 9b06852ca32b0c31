//! Quantization and Huffman tables of a JPEG stream, and which of them a scan really uses.
//!
//! A table that no scan uses, or that another replaces before one does, is free space for text and goes.

use super::huffman::Codes;
use super::markers::{DHT, DQT, Segment};
use super::stream::{Part, Stream};
use crate::Result;

/// More table definitions than any encoder writes.
const MAX_DEFINITIONS: usize = 1 << 16;

/// One table in a segment.
#[derive(Debug, Clone, Copy)]
struct Definition {
    start: u64,
    end: u64,
    used: bool,
}

/// A segment DQT or DHT and its tables.
#[derive(Debug, Clone)]
pub(crate) struct TableSegment {
    segment: Segment,
    /// Where its definitions lie in the list of all.
    first: usize,
    count: usize,
}

/// All table definitions so far, and the one in force at each destination.
#[derive(Debug, Default)]
pub(crate) struct Tables {
    definitions: Vec<Definition>,
    quantization: [Option<usize>; 4],
    dc: [Option<usize>; 4],
    ac: [Option<usize>; 4],
}

/// A destination of a table.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Destination {
    /// Tq (T.81 B.2.4.1).
    Quantization(u8),
    /// Th of class 0 (T.81 B.2.4.2): DC, or lossless.
    Dc(u8),
    /// Th of class 1: AC.
    Ac(u8),
}

impl Tables {
    /// Takes the definitions of a segment DQT or DHT.
    pub(crate) fn define(&mut self, s: &mut Stream<'_>, segment: Segment) -> Result<TableSegment> {
        let first = self.definitions.len();
        let mut pos = segment.body;
        while pos < segment.end() {
            let head = s.u8(pos)?;
            let (class, id) = (head >> 4, head & 15);
            let (destination, len) = match (segment.code, class) {
                (DQT, 0) => (Destination::Quantization(id), 65),
                (DQT, 1) => (Destination::Quantization(id), 129),
                (DHT, 0) => (Destination::Dc(id), huffman_len(s, pos)?),
                (DHT, 1) => (Destination::Ac(id), huffman_len(s, pos)?),
                _ => return Err(s.mismatch(pos)),
            };
            let end = pos + len;
            if end > segment.end() || self.definitions.len() >= MAX_DEFINITIONS {
                return Err(s.mismatch(pos));
            }
            let index = self.definitions.len();
            let fault = s.mismatch(pos);
            *self.slot(destination).ok_or(fault)? = Some(index);
            self.definitions.push(Definition { start: pos, end, used: false });
            pos = end;
        }
        Ok(TableSegment { segment, first, count: self.definitions.len() - first })
    }

    /// Marks the table in force at a destination as used by a scan. A missing table is the decoder's affair:
    /// nothing can hide in it.
    pub(crate) fn use_table(&mut self, destination: Destination) {
        let index = self.slot(destination).and_then(|slot| *slot);
        if let Some(d) = index.and_then(|i| self.definitions.get_mut(i)) {
            d.used = true;
        }
    }

    /// The Huffman table in force at a destination.
    pub(crate) fn codes(&mut self, s: &mut Stream<'_>, destination: Destination) -> Result<Option<Codes>> {
        let index = self.slot(destination).and_then(|slot| *slot);
        let Some(d) = index.and_then(|i| self.definitions.get(i).copied()) else { return Ok(None) };
        let counts = s.array(d.start + 1)?;
        let len = u16::try_from((d.end - d.start).saturating_sub(17)).unwrap_or(0);
        Ok(Some(Codes::new(counts, s.bytes(d.start + 17, len)?.to_vec())))
    }

    /// What stays of a table segment.
    pub(crate) fn parts(&self, t: &TableSegment) -> Vec<Part> {
        let all = self.definitions.get(t.first..t.first + t.count).unwrap_or(&[]);
        let used: Vec<&Definition> = all.iter().filter(|d| d.used).collect();
        if used.is_empty() {
            return Vec::new();
        }
        if used.len() == all.len() {
            return vec![Part::Keep { start: t.segment.start, end: t.segment.end() }];
        }
        let body: u64 = used.iter().map(|d| d.end - d.start).sum();
        let len = u16::try_from(body + 2).unwrap_or(u16::MAX).to_be_bytes();
        let mut parts = vec![Part::New(vec![0xFF, t.segment.code, len[0], len[1]])];
        parts.extend(used.iter().map(|d| Part::Keep { start: d.start, end: d.end }));
        parts
    }

    fn slot(&mut self, destination: Destination) -> Option<&mut Option<usize>> {
        match destination {
            Destination::Quantization(id) => self.quantization.get_mut(usize::from(id)),
            Destination::Dc(id) => self.dc.get_mut(usize::from(id)),
            Destination::Ac(id) => self.ac.get_mut(usize::from(id)),
        }
    }
}

/// Length of a Huffman table definition: its head, 16 counts, as many symbols as they say.
fn huffman_len(s: &mut Stream<'_>, pos: u64) -> Result<u64> {
    let counts: [u8; 16] = s.array(pos + 1)?;
    let symbols: u64 = counts.iter().map(|c| u64::from(*c)).sum();
    if symbols > 256 {
        return Err(s.mismatch(pos));
    }
    Ok(17 + symbols)
}
