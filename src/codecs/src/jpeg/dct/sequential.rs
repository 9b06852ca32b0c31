//! Sequential scans (T.81 F.2).

use super::planes::Coefficients;
use crate::jpeg::bits::Reader;
use crate::jpeg::header::{FrameHeader, Scan};
use crate::jpeg::huffman::Codes;
use crate::jpeg::walk::{Block, Visitor, walk};
use crate::{CodecError, Result};

/// Where decoded blocks go.
pub(crate) trait Store {
    /// Takes a block of a component.
    fn store(&mut self, component: usize, block: Block, coefficients: Coefficients<'_>) -> Result<()>;
}

/// Decodes a scan, block by block.
pub(crate) fn decode(frame: &FrameHeader, scan: &Scan, reader: &mut Reader<'_>, store: &mut impl Store) -> Result<()> {
    check(scan)?;
    let mut slots = Vec::with_capacity(scan.components.len());
    for selected in &scan.components {
        let (Some(dc), Some(ac)) = (&selected.dc, &selected.ac) else { return Err(CodecError::Damaged) };
        slots.push(Slot { dc, ac, component: selected.index, predictor: 0 });
    }
    walk(frame, scan, &mut Decoding { reader, slots, store, values: [0; 64] })
}

/// Fails unless a scan says that it holds all coefficients (B.2.3).
pub(crate) fn check(scan: &Scan) -> Result<()> {
    let [first, last, high, low] = scan.parameters;
    // Some encoders write 0 for the last coefficient; decoders take it for 63.
    if (first, high, low) == (0, 0, 0) && matches!(last, 0 | 63) { Ok(()) } else { Err(CodecError::Damaged) }
}

/// A component of the scan.
struct Slot<'a> {
    dc: &'a Codes,
    ac: &'a Codes,
    component: usize,
    predictor: i32,
}

struct Decoding<'r, 'd, 'a, S> {
    reader: &'r mut Reader<'d>,
    slots: Vec<Slot<'a>>,
    store: &'a mut S,
    /// Coefficients of the block at hand that are not zero.
    values: [i16; 64],
}

impl<S: Store> Visitor for Decoding<'_, '_, '_, S> {
    fn restart(&mut self, number: u32) -> Result<()> {
        self.slots.iter_mut().for_each(|slot| slot.predictor = 0);
        self.reader.restart(u8::try_from(number & 7).unwrap_or(0))
    }

    #[inline]
    fn block(&mut self, slot: usize, block: Block) -> Result<()> {
        let Some(slot) = self.slots.get_mut(slot) else { return Ok(()) };
        let present = coefficients(self.reader, slot, &mut self.values)?;
        let values = self.values.get(..present.count_ones() as usize).unwrap_or_default();
        self.store.store(slot.component, block, Coefficients { present, values })
    }
}

/// One block: difference of the DC coefficient, then runs of zeros and AC coefficients. Gives the places of those that
/// are not zero.
#[inline]
fn coefficients(reader: &mut Reader<'_>, slot: &mut Slot<'_>, values: &mut [i16; 64]) -> Result<u64> {
    reader.need()?;
    let (size, difference) = reader.symbol_and_number(slot.dc)?;
    if size > 15 {
        return Err(CodecError::Damaged);
    }
    slot.predictor += difference;
    let dc = i16::try_from(slot.predictor).map_err(|_| CodecError::Damaged)?;
    let mut present = u64::from(dc != 0);
    let mut places = values.iter_mut();
    if dc != 0
        && let Some(place) = places.next()
    {
        *place = dc;
    }
    let mut k = 1_u32;
    while k < 64 {
        reader.need()?;
        let (symbol, value) = reader.symbol_and_number(slot.ac)?;
        let (run, size) = (u32::from(symbol >> 4), symbol & 15);
        match (run, size) {
            (15, 0) => k += 16,
            (_, 0) => return Ok(present),
            _ => {
                k += run;
                if k > 63 {
                    return Err(CodecError::Damaged);
                }
                if let Some(place) = places.next() {
                    *place = i16::try_from(value).unwrap_or(0);
                }
                present |= 1 << k;
                k += 1;
            }
        }
    }
    if k > 64 { Err(CodecError::Damaged) } else { Ok(present) }
}
