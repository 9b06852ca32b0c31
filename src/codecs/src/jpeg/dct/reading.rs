//! What is read of a stream: its coefficients, or where its blocks stand.

use super::cover::Picture;
use super::planes::{Coefficients, Plane};
use super::progressive::{self, Dense};
use super::sequential::{self, Store};
use super::skim::{Skimmed, skim};
use crate::jpeg::bits::Reader;
use crate::jpeg::header::{FrameHeader, Scan};
use crate::jpeg::stream::Decoder;
use crate::jpeg::walk::Block;
use crate::{CodecError, Geometry, Limits, Result};

/// What a stream is read for.
#[derive(Clone, Copy)]
pub(crate) enum Aim<'g> {
    /// Where the blocks of its sequential scans stand; the coefficients of a progressive stream.
    Bits,
    Coefficients,
    /// To compare its coefficients.
    Picture(&'g Picture<'g>),
}

/// Reads scans.
pub(crate) struct Reading<'g> {
    geometry: Option<&'g Geometry>,
    limits: Limits,
    /// Bits of the stream.
    bits: u64,
    aim: Aim<'g>,
    pub(crate) held: Held<'g>,
    /// Components of sequential scans that came.
    seen: [bool; 3],
}

/// What was read.
pub(crate) enum Held<'g> {
    None,
    /// By scan.
    Skimmed(Vec<Skimmed>),
    Sequential(Vec<Plane>),
    Progressive(Vec<Dense>),
    Compared(&'g Picture<'g>),
}

impl<'g> Reading<'g> {
    pub(crate) fn new(bytes: &[u8], geometry: Option<&'g Geometry>, limits: Limits, aim: Aim<'g>) -> Self {
        Self { geometry, limits, bits: 8 * bytes.len() as u64, aim, held: Held::None, seen: [false; 3] }
    }

    /// Notes the components of a sequential scan: each comes once.
    fn see(&mut self, scan: &Scan) -> Result<()> {
        for selected in &scan.components {
            let seen = self.seen.get_mut(selected.index).ok_or(CodecError::Damaged)?;
            if core::mem::replace(seen, true) {
                return Err(CodecError::Damaged);
            }
        }
        Ok(())
    }
}

impl Store for Vec<Plane> {
    #[inline]
    fn store(&mut self, component: usize, block: Block, coefficients: Coefficients<'_>) -> Result<()> {
        let plane = self.get_mut(component).ok_or(CodecError::Damaged)?;
        plane.set(block.index, coefficients)
    }
}

impl Store for &Picture<'_> {
    #[inline]
    fn store(&mut self, component: usize, block: Block, coefficients: Coefficients<'_>) -> Result<()> {
        if self.block(component, block)? == coefficients { Ok(()) } else { Err(CodecError::NotProven) }
    }
}

impl Decoder for Reading<'_> {
    fn begin(&mut self, frame: &FrameHeader) -> Result<()> {
        let components = frame.components.len();
        if let Some(geometry) = self.geometry {
            geometry.fits(frame.rows, frame.columns, u8::try_from(components).unwrap_or(0), frame.precision)?;
        }
        let (across, down) = frame.mcus();
        let blocks: u64 = frame.components.iter().map(|c| u64::from(c.h * c.v)).sum::<u64>();
        let blocks = blocks * u64::from(across) * u64::from(down);
        // Coefficients and samples, two bytes each, and a frame of four; see `samples`.
        if blocks * 64 * 4 > self.limits.frame_bytes {
            return Err(CodecError::TooLarge);
        }
        // Every block takes a bit at least, but where a scan pads nothing.
        let needed = u64::from(frame.rows.div_ceil(8)) * u64::from(frame.columns.div_ceil(8));
        if needed > self.bits {
            return Err(CodecError::Damaged);
        }
        self.held = match (frame.code, self.aim) {
            (0xC0 | 0xC1, Aim::Bits) => Held::Skimmed(Vec::new()),
            (0xC0 | 0xC1, Aim::Picture(picture)) => Held::Compared(picture),
            (0xC0 | 0xC1, Aim::Coefficients) => {
                Held::Sequential((0..components).map(|i| Plane::new(frame, i)).collect())
            }
            (0xC2, Aim::Bits | Aim::Coefficients) => {
                Held::Progressive((0..components).map(|i| Dense::new(frame, i)).collect())
            }
            _ => return Err(CodecError::Mismatch),
        };
        Ok(())
    }

    fn scan(&mut self, frame: &FrameHeader, scan: &Scan, reader: &mut Reader<'_>) -> Result<()> {
        if !matches!(self.held, Held::Progressive(_)) {
            self.see(scan)?;
        }
        match &mut self.held {
            Held::None => Err(CodecError::Damaged),
            Held::Skimmed(scans) => {
                scans.push(skim(frame, scan, reader)?);
                Ok(())
            }
            Held::Progressive(planes) => progressive::decode(frame, scan, reader, planes),
            Held::Sequential(planes) => sequential::decode(frame, scan, reader, planes),
            Held::Compared(picture) => sequential::decode(frame, scan, reader, picture),
        }
    }
}
