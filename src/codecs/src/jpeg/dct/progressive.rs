//! Progressive scans (T.81 annex G): spectral selection and successive approximation.

use super::planes::{Coefficients, Plane};
use crate::jpeg::bits::Reader;
use crate::jpeg::header::{FrameHeader, Scan};
use crate::jpeg::huffman::signed;
use crate::jpeg::walk::{Block, Visitor, plane_size, walk};
use crate::{CodecError, Result};

/// Coefficients of all blocks of a component, in zigzag order, while scans add to them.
pub(crate) struct Dense {
    blocks: Vec<[i16; 64]>,
}

impl Dense {
    /// Zeros for a component of a frame whose size was checked.
    pub(crate) fn new(frame: &FrameHeader, index: usize) -> Self {
        let (across, down) = plane_size(frame, index);
        Self { blocks: vec![[0; 64]; across as usize * down as usize] }
    }

    /// The same without zeros.
    pub(crate) fn into_plane(self, frame: &FrameHeader, index: usize) -> Result<Plane> {
        let mut plane = Plane::new(frame, index);
        let mut values = Vec::with_capacity(64);
        for (i, block) in self.blocks.iter().enumerate() {
            values.clear();
            let mut present = 0;
            for (k, value) in block.iter().enumerate().filter(|(_, value)| **value != 0) {
                values.push(*value);
                present |= 1 << k;
            }
            plane.set(i, Coefficients { present, values: &values })?;
        }
        Ok(plane)
    }
}

/// Adds a scan to the coefficients.
pub(crate) fn decode(frame: &FrameHeader, scan: &Scan, reader: &mut Reader<'_>, planes: &mut [Dense]) -> Result<()> {
    let [first, last, high, low] = scan.parameters.map(u32::from);
    let refines = high > 0;
    let dc = first == 0;
    let selection = if dc { last == 0 } else { first <= last && last < 64 && scan.components.len() == 1 };
    if !selection || low > 13 || (refines && high != low + 1) {
        return Err(CodecError::Damaged);
    }
    let predictors = [0; 3];
    let scanning = Scanning { reader, scan, planes, first, last, low, predictors, end_of_band: 0 };
    match (dc, refines) {
        (true, false) => walk(frame, scan, &mut DcFirst(scanning)),
        (true, true) => walk(frame, scan, &mut DcRefining(scanning)),
        (false, false) => walk(frame, scan, &mut AcFirst(scanning)),
        (false, true) => walk(frame, scan, &mut AcRefining(scanning)),
    }
}

struct Scanning<'r, 'd, 'a> {
    reader: &'r mut Reader<'d>,
    scan: &'a Scan,
    planes: &'a mut [Dense],
    first: u32,
    last: u32,
    /// Position of the bit.
    low: u32,
    predictors: [i32; 3],
    /// Blocks left whose band holds nothing new.
    end_of_band: u32,
}

impl Scanning<'_, '_, '_> {
    fn restart(&mut self, number: u32) -> Result<()> {
        self.predictors = [0; 3];
        self.end_of_band = 0;
        self.reader.restart(u8::try_from(number & 7).unwrap_or(0))
    }

    fn coefficients<'p>(planes: &'p mut [Dense], scan: &Scan, slot: usize, block: Block) -> Result<&'p mut [i16; 64]> {
        let plane = scan.components.get(slot).and_then(|c| planes.get_mut(c.index));
        plane.and_then(|p| p.blocks.get_mut(block.index)).ok_or(CodecError::Damaged)
    }

    /// The next symbol of a band: zeros and size of the coefficient after them (F.1.2.2.1).
    fn run_and_size(&mut self) -> Result<(u32, u32)> {
        let codes = self.scan.components.first().and_then(|c| c.ac.as_deref());
        let symbol = self.reader.symbol(codes.ok_or(CodecError::Damaged)?)?;
        Ok((u32::from(symbol >> 4), u32::from(symbol & 15)))
    }

    /// Reads how many blocks end here, this one included (G.1.2.2).
    fn end_of_bands(&mut self, run: u32) -> Result<u32> {
        self.reader.need()?;
        Ok((1 << run) + self.reader.bits(run))
    }
}

struct DcFirst<'r, 'd, 'a>(Scanning<'r, 'd, 'a>);

impl Visitor for DcFirst<'_, '_, '_> {
    fn restart(&mut self, number: u32) -> Result<()> {
        self.0.restart(number)
    }

    fn block(&mut self, slot: usize, block: Block) -> Result<()> {
        let s = &mut self.0;
        s.reader.need()?;
        let codes = s.scan.components.get(slot).and_then(|c| c.dc.as_deref());
        let (size, difference) = s.reader.symbol_and_number(codes.ok_or(CodecError::Damaged)?)?;
        let predictor = s.predictors.get_mut(slot).ok_or(CodecError::Damaged)?;
        if size > 15 {
            return Err(CodecError::Damaged);
        }
        *predictor += difference;
        if i16::try_from(*predictor).is_err() {
            return Err(CodecError::Damaged);
        }
        let value = i16::try_from(*predictor << s.low).map_err(|_| CodecError::Damaged)?;
        Scanning::coefficients(s.planes, s.scan, slot, block)?[0] = value;
        Ok(())
    }
}

struct DcRefining<'r, 'd, 'a>(Scanning<'r, 'd, 'a>);

impl Visitor for DcRefining<'_, '_, '_> {
    fn restart(&mut self, number: u32) -> Result<()> {
        self.0.restart(number)
    }

    fn block(&mut self, slot: usize, block: Block) -> Result<()> {
        let s = &mut self.0;
        s.reader.need()?;
        if s.reader.bits(1) == 1 {
            Scanning::coefficients(s.planes, s.scan, slot, block)?[0] |= 1 << s.low;
        }
        Ok(())
    }
}

struct AcFirst<'r, 'd, 'a>(Scanning<'r, 'd, 'a>);

impl Visitor for AcFirst<'_, '_, '_> {
    fn restart(&mut self, number: u32) -> Result<()> {
        self.0.restart(number)
    }

    fn block(&mut self, slot: usize, block: Block) -> Result<()> {
        let s = &mut self.0;
        if s.end_of_band > 0 {
            s.end_of_band -= 1;
            return Ok(());
        }
        let mut k = s.first;
        while k <= s.last {
            s.reader.need()?;
            let (run, size) = s.run_and_size()?;
            match (run, size) {
                (15, 0) => k += 16,
                (_, 0) => {
                    s.end_of_band = s.end_of_bands(run)? - 1;
                    return Ok(());
                }
                _ => {
                    k += run;
                    let value = i16::try_from(signed(s.reader.bits(size).cast_signed(), size) << s.low)
                        .map_err(|_| CodecError::Damaged)?;
                    let band = Scanning::coefficients(s.planes, s.scan, slot, block)?;
                    *band.get_mut(k as usize).filter(|_| k <= s.last).ok_or(CodecError::Damaged)? = value;
                    k += 1;
                }
            }
        }
        if k > s.last + 1 { Err(CodecError::Damaged) } else { Ok(()) }
    }
}

struct AcRefining<'r, 'd, 'a>(Scanning<'r, 'd, 'a>);

impl Visitor for AcRefining<'_, '_, '_> {
    fn restart(&mut self, number: u32) -> Result<()> {
        self.0.restart(number)
    }

    /// G.1.2.3: each code stands for a run of coefficients that were zero; a bit for each other is between them.
    fn block(&mut self, slot: usize, block: Block) -> Result<()> {
        let s = &mut self.0;
        let (last, low) = (s.last, s.low);
        let mut k = s.first;
        while k <= last && s.end_of_band == 0 {
            s.reader.need()?;
            let (run, size) = s.run_and_size()?;
            let new = match (run, size) {
                (15, 0) => 0,
                (_, 0) => {
                    s.end_of_band = s.end_of_bands(run)?;
                    break;
                }
                (_, 1) => {
                    if s.reader.bits(1) == 1 {
                        1 << low
                    } else {
                        -1 << low
                    }
                }
                _ => return Err(CodecError::Damaged),
            };
            let band = Scanning::coefficients(s.planes, s.scan, slot, block)?;
            k = refine(s.reader, band, k..=last, run, low)?;
            match band.get_mut(k as usize).filter(|_| k <= last) {
                Some(place) if new != 0 => *place = new,
                Some(_) => {}
                None => return Err(CodecError::Damaged),
            }
            k += 1;
        }
        if s.end_of_band > 0 {
            let band = Scanning::coefficients(s.planes, s.scan, slot, block)?;
            refine(s.reader, band, k..=last, u32::MAX, low)?;
            s.end_of_band -= 1;
        }
        Ok(())
    }
}

/// Corrects coefficients that are not zero, passes over `zeros` others and stops at the next; gives its place.
fn refine(
    reader: &mut Reader<'_>,
    band: &mut [i16; 64],
    places: core::ops::RangeInclusive<u32>,
    mut zeros: u32,
    low: u32,
) -> Result<u32> {
    let end = places.end() + 1;
    for k in places {
        let Some(value) = band.get_mut(k as usize) else { break };
        if *value == 0 {
            if zeros == 0 {
                return Ok(k);
            }
            zeros -= 1;
            continue;
        }
        reader.need()?;
        let bit = 1_i16 << low;
        // A bit that is set already is not set again (G.1.2.3).
        if reader.bits(1) == 1 && value.unsigned_abs() & bit.unsigned_abs() == 0 {
            *value = value.saturating_add(if *value > 0 { bit } else { -bit });
        }
    }
    Ok(end)
}
