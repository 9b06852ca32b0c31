//! Sequential scans (T.81 F.2).

use super::planes::Plane;
use crate::jpeg::bits::Reader;
use crate::jpeg::header::{FrameHeader, Scan};
use crate::jpeg::huffman::Codes;
use crate::jpeg::walk::{Block, Visitor, walk};
use crate::{CodecError, Result};

/// Decodes a scan into the planes of its components.
pub(crate) fn decode(frame: &FrameHeader, scan: &Scan, reader: &mut Reader<'_>, planes: &mut [Plane]) -> Result<()> {
    let [first, last, high, low] = scan.parameters;
    // Some encoders write 0 for the last coefficient; decoders take it for 63.
    if (first, high, low) != (0, 0, 0) || !matches!(last, 0 | 63) {
        return Err(CodecError::Damaged);
    }
    let mut slots = Vec::with_capacity(scan.components.len());
    for selected in &scan.components {
        let (Some(dc), Some(ac)) = (&selected.dc, &selected.ac) else { return Err(CodecError::Damaged) };
        slots.push(Slot { dc, ac, plane: selected.index, predictor: 0 });
    }
    walk(frame, scan, &mut Decoding { reader, slots, planes })
}

/// A component of the scan.
struct Slot<'a> {
    dc: &'a Codes,
    ac: &'a Codes,
    plane: usize,
    predictor: i32,
}

struct Decoding<'r, 'd, 'a> {
    reader: &'r mut Reader<'d>,
    slots: Vec<Slot<'a>>,
    planes: &'a mut [Plane],
}

impl Visitor for Decoding<'_, '_, '_> {
    fn restart(&mut self, number: u32) -> Result<()> {
        self.slots.iter_mut().for_each(|slot| slot.predictor = 0);
        self.reader.restart(u8::try_from(number & 7).unwrap_or(0))
    }

    #[inline]
    fn block(&mut self, slot: usize, block: Block) -> Result<()> {
        let Some(slot) = self.slots.get_mut(slot) else { return Ok(()) };
        let Some(plane) = self.planes.get_mut(slot.plane) else { return Ok(()) };
        let begin = plane.begin();
        let present = coefficients(self.reader, slot, plane)?;
        plane.end(block.index, begin, present)
    }
}

/// One block: difference of the DC coefficient, then runs of zeros and AC coefficients.
#[inline]
fn coefficients(reader: &mut Reader<'_>, slot: &mut Slot<'_>, plane: &mut Plane) -> Result<u64> {
    reader.need()?;
    let (size, difference) = reader.symbol_and_number(slot.dc)?;
    if size > 15 {
        return Err(CodecError::Damaged);
    }
    slot.predictor += difference;
    let dc = i16::try_from(slot.predictor).map_err(|_| CodecError::Damaged)?;
    let mut present = 0;
    if dc != 0 {
        plane.push(dc);
        present = 1;
    }
    let mut k = 1_u32;
    while k < 64 {
        reader.need()?;
        let (symbol, value) = reader.symbol_and_number(slot.ac)?;
        let (run, size) = (u32::from(symbol >> 4), u32::from(symbol & 15));
        match (run, size) {
            (15, 0) => k += 16,
            (_, 0) => return Ok(present),
            _ => {
                k += run;
                if k > 63 {
                    return Err(CodecError::Damaged);
                }
                plane.push(i16::try_from(value).unwrap_or(0));
                present |= 1 << k;
                k += 1;
            }
        }
    }
    if k > 64 { Err(CodecError::Damaged) } else { Ok(present) }
}
