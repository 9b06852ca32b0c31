//! The order of blocks in a scan (T.81 A.2), and where restart markers stand.

use super::header::{FrameHeader, Scan};
use crate::Result;

/// What is done with the blocks of a scan.
pub(crate) trait Visitor {
    /// An interval ended, the one of this number from 0 on, and another begins.
    fn restart(&mut self, number: u32) -> Result<()>;
    /// The next block: number of the component in the scan, of the MCU, and of the block in its plane.
    fn block(&mut self, slot: usize, block: Block) -> Result<()>;
}

/// A block's place.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Block {
    /// In its plane, row by row.
    pub(crate) index: usize,
    /// Number of the interleaved MCU that it belongs to, also where a scan does not interleave.
    pub(crate) mcu: usize,
}

/// Blocks of a component across and down, padded to whole MCUs.
pub(crate) fn plane_size(frame: &FrameHeader, index: usize) -> (u32, u32) {
    let (across, down) = frame.mcus();
    frame.components.get(index).map_or((0, 0), |c| (across * c.h, down * c.v))
}

/// Visits the blocks of a scan.
pub(crate) fn walk(frame: &FrameHeader, scan: &Scan, visitor: &mut impl Visitor) -> Result<()> {
    match scan.components.as_slice() {
        [single] => walk_single(frame, scan.restart, single.index, visitor),
        _ => walk_interleaved(frame, scan, visitor),
    }
}

fn walk_single(frame: &FrameHeader, restart: u32, index: usize, visitor: &mut impl Visitor) -> Result<()> {
    let Some(c) = frame.components.get(index) else { return Ok(()) };
    let (width, height) = frame.size(c);
    let (stride, mcus) = (plane_size(frame, index).0, frame.mcus().0);
    let mut counter = Counter::new(restart);
    for y in 0..height.div_ceil(8) {
        for x in 0..width.div_ceil(8) {
            if let Some(number) = counter.ended() {
                visitor.restart(number)?;
            }
            let mcu = (y / c.v) as usize * mcus as usize + (x / c.h) as usize;
            visitor.block(0, Block { index: y as usize * stride as usize + x as usize, mcu })?;
        }
    }
    Ok(())
}

fn walk_interleaved(frame: &FrameHeader, scan: &Scan, visitor: &mut impl Visitor) -> Result<()> {
    let (across, down) = frame.mcus();
    let mut counter = Counter::new(scan.restart);
    for y in 0..down {
        for x in 0..across {
            if let Some(number) = counter.ended() {
                visitor.restart(number)?;
            }
            let mcu = y as usize * across as usize + x as usize;
            for (slot, selected) in scan.components.iter().enumerate() {
                let Some(c) = frame.components.get(selected.index) else { continue };
                let stride = across as usize * c.h as usize;
                for row in y * c.v..(y + 1) * c.v {
                    for column in x * c.h..(x + 1) * c.h {
                        visitor.block(slot, Block { index: row as usize * stride + column as usize, mcu })?;
                    }
                }
            }
        }
    }
    Ok(())
}

/// Counts MCUs of intervals.
struct Counter {
    interval: u32,
    left: u32,
    number: u32,
}

impl Counter {
    fn new(interval: u32) -> Self {
        Self { interval, left: interval, number: 0 }
    }

    /// The number of the interval that ends before this MCU.
    #[inline]
    fn ended(&mut self) -> Option<u32> {
        if self.interval == 0 {
            return None;
        }
        if self.left > 0 {
            self.left -= 1;
            return None;
        }
        self.left = self.interval - 1;
        self.number = self.number.wrapping_add(1);
        Some(self.number.wrapping_sub(1))
    }
}
