//! Finds the blocks of sequential scans (T.81 F.2) in their bits: AC coefficients are stepped over, DC coefficients read.
//!
//! A block that is to stay needs no more, since its bits are copied and compared. Whatever a decoder would refuse is
//! refused here too.

use super::sequential::check;
use crate::jpeg::bits::Reader;
use crate::jpeg::header::{FrameHeader, Scan};
use crate::jpeg::huffman::Codes;
use crate::jpeg::steps::{STEP_BITS, Steps};
use crate::jpeg::walk::{Block, Visitor, walk};
use crate::jpeg::window::{AHEAD, Window};
use crate::{CodecError, Result};

/// Bytes of a scan whose bits can be counted.
const MOST_BYTES: usize = 1 << 28;

/// The bits of a scan and the blocks in them.
pub(crate) struct Skimmed {
    /// All intervals without stuffing, each followed by [`AHEAD`].
    pub(crate) bytes: Vec<u8>,
    /// In the order of the scan.
    pub(crate) blocks: Vec<Place>,
}

/// Where a block's bits stand, counted from the first of the scan, and its DC coefficient.
#[derive(Clone, Copy)]
pub(crate) struct Place {
    /// First bit of the DC difference.
    pub(crate) start: u32,
    /// First bit of the AC coefficients.
    pub(crate) ac: u32,
    pub(crate) end: u32,
    pub(crate) dc: i16,
}

/// Finds the blocks of a scan.
pub(crate) fn skim(frame: &FrameHeader, scan: &Scan, reader: &mut Reader<'_>) -> Result<Skimmed> {
    check(scan)?;
    let mut slots = Vec::with_capacity(scan.components.len());
    for selected in &scan.components {
        let (Some(dc), Some(ac)) = (&selected.dc, &selected.ac) else { return Err(CodecError::Damaged) };
        slots.push(Slot { dc, ac, steps: ac.steps(), predictor: 0 });
    }
    let skimmed = Skimmed { bytes: Vec::new(), blocks: Vec::new() };
    let mut skimming = Skimming { reader, slots, skimmed, window: Window::default(), bits: 0 };
    skimming.begin()?;
    walk(frame, scan, &mut skimming)?;
    skimming.end()?;
    Ok(skimming.skimmed)
}

/// A component of the scan.
struct Slot<'a> {
    dc: &'a Codes,
    ac: &'a Codes,
    steps: &'a Steps,
    predictor: i32,
}

struct Skimming<'r, 'd, 'a> {
    reader: &'r mut Reader<'d>,
    slots: Vec<Slot<'a>>,
    skimmed: Skimmed,
    window: Window,
    /// Where the bits of the interval end.
    bits: u32,
}

impl Skimming<'_, '_, '_> {
    /// An interval begins.
    fn begin(&mut self) -> Result<()> {
        let bytes = &mut self.skimmed.bytes;
        let start = bytes.len();
        self.reader.interval(bytes)?;
        if bytes.len() > MOST_BYTES {
            return Err(CodecError::TooLarge);
        }
        let bit = |byte: usize| u32::try_from(8 * byte).unwrap_or(u32::MAX);
        self.bits = bit(bytes.len());
        bytes.extend(AHEAD);
        self.window = Window::at(bytes, bit(start))?;
        self.slots.iter_mut().for_each(|slot| slot.predictor = 0);
        Ok(())
    }

    /// An interval ends.
    fn end(&mut self) -> Result<()> {
        let left = self.bits.checked_sub(self.window.position()).ok_or(CodecError::Damaged)?;
        if left >= 8 {
            self.reader.note_hidden();
        }
        Ok(())
    }
}

impl Visitor for Skimming<'_, '_, '_> {
    fn restart(&mut self, number: u32) -> Result<()> {
        self.end()?;
        self.reader.restart(u8::try_from(number & 7).unwrap_or(0))?;
        self.begin()
    }

    #[inline]
    fn block(&mut self, slot: usize, _block: Block) -> Result<()> {
        let Some(slot) = self.slots.get_mut(slot) else { return Ok(()) };
        let bytes = self.skimmed.bytes.as_slice();
        let mut window = self.window;
        let start = window.position();
        window.need(bytes)?;
        let (size, difference) = window.symbol_and_number(slot.dc)?;
        if size > 15 {
            return Err(CodecError::Damaged);
        }
        slot.predictor += difference;
        let dc = i16::try_from(slot.predictor).map_err(|_| CodecError::Damaged)?;
        let ac = window.position();
        step_over(slot, bytes, &mut window)?;
        self.window = window;
        self.skimmed.blocks.push(Place { start, ac, end: window.position(), dc });
        Ok(())
    }
}

/// Steps over the AC coefficients of a block.
#[inline]
fn step_over(slot: &Slot<'_>, bytes: &[u8], window: &mut Window) -> Result<()> {
    let mut k = 1;
    loop {
        window.need(bytes)?;
        let step = slot.steps.step(window.look(STEP_BITS));
        let mut next = k + step.places();
        if next == 64 || Steps::is_end(next) {
            window.skip(step.bits());
            return Ok(());
        }
        if next < 64 {
            window.skip(step.bits());
        } else {
            let (bits, places) = single(slot.ac, window.look(16))?;
            window.skip(bits);
            next = k + places;
            if next == 64 || Steps::is_end(next) {
                return Ok(());
            }
            if next > 64 {
                return Err(CodecError::Damaged);
            }
        }
        k = next;
    }
}

/// One code alone: where it is too long for a step, or where the block is full before the end of a step.
#[cold]
fn single(codes: &Codes, bits: u16) -> Result<(u32, u32)> {
    let (length, symbol) = codes.look(bits).ok_or(CodecError::Damaged)?;
    Ok((length + u32::from(symbol & 15), Steps::places(symbol)))
}
