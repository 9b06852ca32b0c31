//! Writes sequential scans (T.81 F.1.2).

use super::cover::Picture;
use crate::jpeg::bits::Writer;
use crate::jpeg::header::{FrameHeader, Scan, Selected};
use crate::jpeg::huffman::{Codes, Destinations, Frequencies, best_tables, table};
use crate::jpeg::stream::Stream;
use crate::jpeg::walk::{Block, Visitor, walk};
use crate::jpeg::write::WrittenScan;
use crate::{CodecError, Result};

/// The scans of a picture, in the order and interleaving of the stream that it came from.
///
/// Each has the best Huffman tables.
pub(crate) fn scans(stream: &Stream<'_>, picture: &Picture<'_>) -> Result<Vec<WrittenScan>> {
    let frame = &stream.frame;
    if frame.code == 0xC2 {
        return sequential(stream).iter().map(|scan| best(frame, scan, picture)).collect();
    }
    stream.scans.iter().map(|scan| best(frame, scan, picture)).collect()
}

/// The sequential scans that hold the same as a progressive stream.
fn sequential(stream: &Stream<'_>) -> Vec<Scan> {
    let restart = stream.scans.first().map_or(0, |scan| scan.restart);
    let scan = |components| Scan { components, parameters: [0, 63, 0, 0], restart };
    let select = |index: usize| {
        let table = u8::from(index > 0);
        Selected { index, destinations: (table, table), dc: None, ac: None }
    };
    let all = 0..stream.frame.components.len();
    if stream.frame.interleaves() {
        vec![scan(all.map(select).collect())]
    } else {
        all.map(|index| scan(vec![select(index)])).collect()
    }
}

/// A scan with the best tables.
fn best(frame: &FrameHeader, scan: &Scan, picture: &Picture<'_>) -> Result<WrittenScan> {
    let destinations = scan.components.iter().map(|c| c.destinations).collect();
    let mut counting = Counting { destinations, dc: Destinations::default(), ac: Destinations::default() };
    walk(frame, scan, &mut Encoding::new(scan, picture, &mut counting))?;
    let mut body = Vec::new();
    let dc = best_tables(0, &counting.dc, &mut body)?;
    let ac = best_tables(1, &counting.ac, &mut body)?;
    let of = |c: &Selected| Ok((table(&dc, c.destinations.0)?, table(&ac, c.destinations.1)?));
    let tables = scan.components.iter().map(of).collect::<Result<Vec<_>>>()?;
    let data = written(frame, scan, picture, tables)?;
    Ok(WrittenScan { header: scan.write(frame), tables: Some(body), data })
}

fn written(frame: &FrameHeader, scan: &Scan, picture: &Picture<'_>, tables: Vec<(&Codes, &Codes)>) -> Result<Vec<u8>> {
    let mut writing = Writing { writer: Writer::default(), tables };
    walk(frame, scan, &mut Encoding::new(scan, picture, &mut writing))?;
    Ok(writing.writer.finish())
}

/// Where symbols go.
trait Sink {
    fn restart(&mut self, number: u32);
    /// The symbol of a component's DC difference, and the bits after it.
    fn dc(&mut self, slot: usize, symbol: u8, bits: u32) -> Result<()>;
    /// The symbol of a run of AC coefficients, and the bits after it.
    fn ac(&mut self, slot: usize, symbol: u8, bits: u32) -> Result<()>;
}

/// Counts them, by destination of their table.
struct Counting {
    destinations: Vec<(u8, u8)>,
    dc: Destinations<Frequencies>,
    ac: Destinations<Frequencies>,
}

impl Counting {
    fn count(tables: &mut Destinations<Frequencies>, destination: Option<u8>, symbol: u8) {
        if let Some(table) = destination.and_then(|d| tables.get_mut(usize::from(d))) {
            table.get_or_insert_default().count(symbol);
        }
    }
}

impl Sink for Counting {
    fn restart(&mut self, _number: u32) {}

    fn dc(&mut self, slot: usize, symbol: u8, _bits: u32) -> Result<()> {
        Self::count(&mut self.dc, self.destinations.get(slot).map(|d| d.0), symbol);
        Ok(())
    }

    fn ac(&mut self, slot: usize, symbol: u8, _bits: u32) -> Result<()> {
        Self::count(&mut self.ac, self.destinations.get(slot).map(|d| d.1), symbol);
        Ok(())
    }
}

/// Writes them.
struct Writing<'t> {
    writer: Writer,
    tables: Vec<(&'t Codes, &'t Codes)>,
}

impl Writing<'_> {
    #[inline]
    fn put(writer: &mut Writer, codes: Option<&Codes>, symbol: u8, bits: u32) -> Result<()> {
        let (code, length) = codes.and_then(|c| c.code(symbol)).ok_or(CodecError::Unsupported)?;
        let size = u32::from(symbol & 15);
        writer.put(code << size | bits, length + size);
        Ok(())
    }
}

impl Sink for Writing<'_> {
    fn restart(&mut self, number: u32) {
        self.writer.restart(u8::try_from(number & 7).unwrap_or(0));
    }

    #[inline]
    fn dc(&mut self, slot: usize, symbol: u8, bits: u32) -> Result<()> {
        Self::put(&mut self.writer, self.tables.get(slot).map(|t| t.0), symbol, bits)
    }

    #[inline]
    fn ac(&mut self, slot: usize, symbol: u8, bits: u32) -> Result<()> {
        Self::put(&mut self.writer, self.tables.get(slot).map(|t| t.1), symbol, bits)
    }
}

/// Turns blocks into symbols.
struct Encoding<'a, S> {
    scan: &'a Scan,
    picture: &'a Picture<'a>,
    sink: &'a mut S,
    predictors: [i32; 3],
}

impl<'a, S: Sink> Encoding<'a, S> {
    fn new(scan: &'a Scan, picture: &'a Picture<'a>, sink: &'a mut S) -> Self {
        Self { scan, picture, sink, predictors: [0; 3] }
    }
}

impl<S: Sink> Visitor for Encoding<'_, S> {
    fn restart(&mut self, number: u32) -> Result<()> {
        self.predictors = [0; 3];
        self.sink.restart(number);
        Ok(())
    }

    #[inline]
    fn block(&mut self, slot: usize, block: Block) -> Result<()> {
        let component = self.scan.components.get(slot).map_or(0, |c| c.index);
        let coefficients = self.picture.block(component, block)?;
        let dc = coefficients.dc();
        let predictor = self.predictors.get_mut(slot).ok_or(CodecError::Damaged)?;
        let (size, bits) = sized(dc - *predictor)?;
        *predictor = dc;
        self.sink.dc(slot, size, bits)?;
        let mut next = 1;
        for (k, value) in coefficients.iter().filter(|(k, _)| *k > 0) {
            let mut run = k - next;
            while run > 15 {
                self.sink.ac(slot, 0xF0, 0)?;
                run -= 16;
            }
            let (size, bits) = sized(i32::from(value))?;
            self.sink.ac(slot, u8::try_from(run << 4).unwrap_or(0) | size, bits)?;
            next = k + 1;
        }
        if next < 64 { self.sink.ac(slot, 0, 0) } else { Ok(()) }
    }
}

/// Number of bits of a value, and the bits (T.81 F.1.2.1); more than 15 are not written.
#[inline]
pub(crate) fn sized(value: i32) -> Result<(u8, u32)> {
    let size = 32 - value.unsigned_abs().leading_zeros();
    if size > 15 {
        return Err(CodecError::Unsupported);
    }
    let bits = (value + (value >> 31)).cast_unsigned() & ((1 << size) - 1);
    Ok((u8::try_from(size).unwrap_or(0), bits))
}
