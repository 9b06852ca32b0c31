//! Writes sequential scans around constant blocks: all other bits are copied, but for DC differences beside these.

use super::cover::Cover;
use super::encode::sized;
use super::skim::{Place, Skimmed};
use crate::jpeg::bits::Writer;
use crate::jpeg::header::{FrameHeader, Scan};
use crate::jpeg::huffman::Codes;
use crate::jpeg::stream::Stream;
use crate::jpeg::walk::{Block, Visitor, walk};
use crate::jpeg::write::WrittenScan;
use crate::{CodecError, Result};
use core::slice::Iter;
use std::rc::Rc;

/// The scans of a stream, in the order and interleaving that they have.
///
/// Huffman tables stay as they are. Where one lacks a symbol, its scans are written with tables of their own, in which
/// that symbol follows all others, so that no code changes; `None` where a table has no room for that.
pub(crate) fn scans(stream: &Stream<'_>, skimmed: &[Skimmed], cover: &Cover) -> Result<Option<Vec<WrittenScan>>> {
    let frame = &stream.frame;
    let mut written = Vec::with_capacity(stream.scans.len());
    for (scan, skimmed) in stream.scans.iter().zip(skimmed) {
        let mut tables = tables(scan)?;
        let mut data = spliced(frame, scan, skimmed, cover, &mut tables)?;
        let extended = tables.iter().any(|table| !table.lacking.is_empty());
        if extended {
            for table in tables.iter_mut().filter(|table| !table.lacking.is_empty()) {
                let Some(codes) = table.codes.extended(&table.lacking) else { return Ok(None) };
                *table = Table { codes: Rc::new(codes), lacking: Vec::new(), ..*table };
            }
            data = spliced(frame, scan, skimmed, cover, &mut tables)?;
        }
        written.push((scan, tables, data, extended));
    }
    let own_tables = written.iter().any(|(_, _, _, extended)| *extended);
    let finished = |(scan, tables, data, _): (&Scan, Vec<Table>, Vec<u8>, bool)| WrittenScan {
        header: scan.write(frame),
        tables: own_tables.then(|| tables.iter().flat_map(Table::definition).collect()),
        data,
    };
    Ok(Some(written.into_iter().map(finished).collect()))
}

/// A table of a scan.
struct Table {
    /// Class and destination as a DHT segment has them.
    form: u8,
    codes: Rc<Codes>,
    /// Symbols that are needed and have no code.
    lacking: Vec<u8>,
}

impl Table {
    fn definition(&self) -> Vec<u8> {
        [&[self.form], self.codes.definition().as_slice()].concat()
    }
}

/// The tables of a scan, each once.
fn tables(scan: &Scan) -> Result<Vec<Table>> {
    let mut tables: Vec<Table> = Vec::new();
    for c in &scan.components {
        for (form, codes) in [(c.destinations.0, &c.dc), (1 << 4 | c.destinations.1, &c.ac)] {
            let codes = codes.clone().ok_or(CodecError::Damaged)?;
            if !tables.iter().any(|table| table.form == form) {
                tables.push(Table { form, codes, lacking: Vec::new() });
            }
        }
    }
    Ok(tables)
}

fn spliced(
    frame: &FrameHeader,
    scan: &Scan,
    skimmed: &Skimmed,
    cover: &Cover,
    tables: &mut [Table],
) -> Result<Vec<u8>> {
    let place = |form: u8| tables.iter().position(|table| table.form == form).ok_or(CodecError::Damaged);
    let slots = scan.components.iter().map(|c| {
        let (dc, ac) = (place(c.destinations.0)?, place(1 << 4 | c.destinations.1)?);
        Ok(Slot { component: c.index, dc, ac, before: 0, now: 0 })
    });
    let slots = slots.collect::<Result<_>>()?;
    let (writer, blocks) = (Writer::default(), skimmed.blocks.iter());
    let mut splicing = Splicing { bytes: &skimmed.bytes, blocks, cover, tables, slots, writer, copied: (0, 0) };
    walk(frame, scan, &mut splicing)?;
    splicing.copy()?;
    Ok(splicing.writer.finish())
}

/// A component of the scan.
struct Slot {
    component: usize,
    /// Numbers of its tables.
    dc: usize,
    ac: usize,
    /// The last DC coefficient as it was, and as it is now.
    before: i16,
    now: i16,
}

struct Splicing<'a> {
    bytes: &'a [u8],
    blocks: Iter<'a, Place>,
    cover: &'a Cover,
    tables: &'a mut [Table],
    slots: Vec<Slot>,
    writer: Writer,
    /// Bits that are to be copied next, from and to.
    copied: (u32, u32),
}

impl Splicing<'_> {
    fn copy(&mut self) -> Result<()> {
        let (from, to) = core::mem::take(&mut self.copied);
        self.writer.copy(self.bytes, from, to)
    }

    /// Writes a symbol, and the bits after it.
    fn put(&mut self, table: usize, symbol: u8, bits: u32) -> Result<()> {
        let table = self.tables.get_mut(table).ok_or(CodecError::Damaged)?;
        if let Some((code, length)) = table.codes.code(symbol) {
            let size = u32::from(symbol & 15);
            self.writer.put(code << size | bits, length + size);
        } else if !table.lacking.contains(&symbol) {
            table.lacking.push(symbol);
        }
        Ok(())
    }
}

impl Visitor for Splicing<'_> {
    fn restart(&mut self, number: u32) -> Result<()> {
        self.copy()?;
        self.writer.restart(u8::try_from(number & 7).unwrap_or(0));
        self.slots.iter_mut().for_each(|slot| (slot.before, slot.now) = (0, 0));
        Ok(())
    }

    #[inline]
    fn block(&mut self, slot: usize, block: Block) -> Result<()> {
        let (Some(place), Some(slot)) = (self.blocks.next(), self.slots.get_mut(slot)) else {
            return Err(CodecError::Damaged);
        };
        let constant = self.cover.constant(slot.component, block);
        let dc = constant.unwrap_or(place.dc);
        let differs = constant.is_some() || slot.before != slot.now;
        let (difference, tables) = (i32::from(dc) - i32::from(slot.now), (slot.dc, slot.ac));
        (slot.before, slot.now) = (place.dc, dc);
        if differs {
            self.copy()?;
            let (size, bits) = sized(difference)?;
            self.put(tables.0, size, bits)?;
        }
        if constant.is_some() {
            return self.put(tables.1, 0, 0);
        }
        let from = if differs { place.ac } else { place.start };
        if self.copied.1 != from {
            self.copy()?;
            self.copied.0 = from;
        }
        self.copied.1 = place.end;
        Ok(())
    }
}
