//! The proof of what was spliced: its blocks, found again, against those of the source.

use super::cover::Cover;
use super::skim::{Place, Skimmed};
use crate::jpeg::header::{FrameHeader, Scan};
use crate::jpeg::huffman::Codes;
use crate::jpeg::stream::Stream;
use crate::jpeg::walk::{Block, Visitor, walk};
use crate::jpeg::window::Window;
use crate::{CodecError, Result};
use core::slice::Iter;

/// Fails unless every block of the second stream is the cover's constant, or has the DC coefficient and, under codes
/// that mean the same, the bits of AC coefficients of the first.
pub(crate) fn compare(
    (stream, skimmed): (&Stream<'_>, &[Skimmed]),
    (again, found): (&Stream<'_>, &[Skimmed]),
    cover: &Cover,
) -> Result<()> {
    let scans = (stream.scans.len(), stream.scans.len(), stream.scans.len());
    if (skimmed.len(), again.scans.len(), found.len()) != scans {
        return Err(CodecError::NotProven);
    }
    let first = stream.scans.iter().zip(skimmed);
    first
        .zip(again.scans.iter().zip(found))
        .try_for_each(|((scan, old), (other, new))| compare_scan(&stream.frame, (scan, old), (other, new), cover))
}

fn compare_scan(
    frame: &FrameHeader,
    (scan, old): (&Scan, &Skimmed),
    (again, new): (&Scan, &Skimmed),
    cover: &Cover,
) -> Result<()> {
    let mut slots = Vec::with_capacity(scan.components.len());
    for (was, is) in scan.components.iter().zip(&again.components) {
        let (Some(before), Some(ac)) = (&was.ac, &is.ac) else { return Err(CodecError::NotProven) };
        if was.index != is.index || !ac.holds(before) {
            return Err(CodecError::NotProven);
        }
        slots.push(Slot { component: is.index, ac, stays: true });
    }
    let same = scan.components.len() == again.components.len()
        && scan.restart == again.restart
        && old.blocks.len() == new.blocks.len();
    if !same {
        return Err(CodecError::NotProven);
    }
    let blocks = (old.blocks.iter(), new.blocks.iter());
    let mut comparing = Comparing { old, new, blocks, cover, slots, run: Run::default() };
    walk(frame, scan, &mut comparing)?;
    comparing.compare_run()
}

/// A component of the scan.
struct Slot<'a> {
    component: usize,
    ac: &'a Codes,
    /// The last block was not covered, so that the next difference is the one it was.
    stays: bool,
}

/// Bits that have to be the same.
#[derive(Clone, Copy, Default)]
struct Run {
    old: u32,
    new: u32,
    length: u32,
}

struct Comparing<'a> {
    old: &'a Skimmed,
    new: &'a Skimmed,
    blocks: (Iter<'a, Place>, Iter<'a, Place>),
    cover: &'a Cover,
    slots: Vec<Slot<'a>>,
    /// What is still to be compared; blocks in a row are one, with their differences.
    run: Run,
}

impl Comparing<'_> {
    fn compare_run(&mut self) -> Result<()> {
        let Run { old, new, length } = core::mem::take(&mut self.run);
        let mut one = Window::at(&self.old.bytes, old)?;
        let mut other = Window::at(&self.new.bytes, new)?;
        for _ in 0..length / 32 {
            if one.word(&self.old.bytes)? != other.word(&self.new.bytes)? {
                return Err(CodecError::NotProven);
            }
        }
        let differing = u64::from(one.word(&self.old.bytes)? ^ other.word(&self.new.bytes)?);
        if differing >> (32 - length % 32) == 0 { Ok(()) } else { Err(CodecError::NotProven) }
    }
}

/// The block has a DC coefficient alone.
fn is_constant(codes: &Codes, bytes: &[u8], place: Place) -> Result<bool> {
    let mut window = Window::at(bytes, place.ac)?;
    window.need(bytes)?;
    Ok(codes.look(window.look(16)) == Some((place.end - place.ac, 0)))
}

impl Visitor for Comparing<'_> {
    fn restart(&mut self, _number: u32) -> Result<()> {
        self.slots.iter_mut().for_each(|slot| slot.stays = true);
        Ok(())
    }

    #[inline]
    fn block(&mut self, slot: usize, block: Block) -> Result<()> {
        let (Some(was), Some(is)) = (self.blocks.0.next(), self.blocks.1.next()) else {
            return Err(CodecError::NotProven);
        };
        let slot = self.slots.get_mut(slot).ok_or(CodecError::NotProven)?;
        let constant = self.cover.constant(slot.component, block);
        let stays = core::mem::replace(&mut slot.stays, constant.is_none());
        if let Some(dc) = constant {
            let constant = is.dc == dc && is_constant(slot.ac, &self.new.bytes, *is)?;
            return if constant { Ok(()) } else { Err(CodecError::NotProven) };
        }
        let length = is.end - is.ac;
        if is.dc != was.dc || was.end - was.ac != length {
            return Err(CodecError::NotProven);
        }
        let Run { old, new, length: before } = self.run;
        let alike = (old + before, new + before) == (was.start, is.start) && was.ac - was.start == is.ac - is.start;
        if stays && alike {
            self.run.length = before + is.end - is.start;
        } else {
            self.compare_run()?;
            self.run = Run { old: was.ac, new: is.ac, length };
        }
        Ok(())
    }
}
