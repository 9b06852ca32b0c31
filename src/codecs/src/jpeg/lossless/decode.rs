//! Lossless scans, decoded (T.81 H.2).

use super::Plane;
use super::predict::Prediction;
use crate::jpeg::bits::Reader;
use crate::jpeg::header::{FrameHeader, Scan};
use crate::jpeg::huffman::Codes;
use crate::{CodecError, Result};

/// Rows between restart markers; `None`: none. Intervals are whole rows (H.1.1).
pub(crate) fn rows_of_interval(frame: &FrameHeader, scan: &Scan) -> Result<Option<u32>> {
    if !scan.restart.is_multiple_of(frame.columns) {
        return Err(CodecError::Unsupported);
    }
    Ok(Some(scan.restart / frame.columns).filter(|rows| *rows > 0))
}

/// How a scan predicts.
pub(crate) fn prediction(frame: &FrameHeader, scan: &Scan) -> Result<Prediction> {
    let [predictor, 0, 0, transform] = scan.parameters else { return Err(CodecError::Damaged) };
    Prediction::new(predictor, frame.precision, transform)
}

/// Decodes a scan into the planes of its components.
pub(crate) fn scan(frame: &FrameHeader, scan: &Scan, reader: &mut Reader<'_>, planes: &mut [Plane]) -> Result<()> {
    let interval = rows_of_interval(frame, scan)?;
    let prediction = prediction(frame, scan)?;
    let [.., transform] = scan.parameters;
    let width = frame.columns as usize;
    let mut slots = Vec::with_capacity(scan.components.len());
    for c in &scan.components {
        let plane = planes.get_mut(c.index).filter(|p| p.samples.is_empty()).ok_or(CodecError::Damaged)?;
        plane.transform = transform;
        plane.samples.resize(width * frame.rows as usize, 0);
        slots.push((c.index, c.dc.as_deref().ok_or(CodecError::Damaged)?, vec![0_u16; width]));
    }
    let most = u16::try_from((1_u32 << (frame.precision - transform)) - 1).unwrap_or(u16::MAX);
    for y in 0..frame.rows {
        let begins = interval.is_some_and(|rows| y.is_multiple_of(rows));
        if let Some(rows) = interval.filter(|_| begins && y > 0) {
            reader.restart(u8::try_from((y / rows - 1) & 7).unwrap_or(0))?;
        }
        differences(reader, &mut slots, width)?;
        for (index, _, row) in &mut slots {
            let plane = planes.get_mut(*index).ok_or(CodecError::Damaged)?;
            let (before, rest) = plane.samples.split_at_mut_checked(y as usize * width).ok_or(CodecError::Damaged)?;
            let above = before.len().checked_sub(width).and_then(|at| before.get(at..)).filter(|_| !begins);
            prediction.undo(row, above);
            if row.iter().any(|sample| *sample > most) {
                return Err(CodecError::Damaged);
            }
            rest.iter_mut().zip(row).for_each(|(to, from)| *to = *from);
        }
    }
    Ok(())
}

/// The differences of one row, components interleaved.
fn differences(reader: &mut Reader<'_>, slots: &mut [(usize, &Codes, Vec<u16>)], width: usize) -> Result<()> {
    if let [(_, codes, row)] = slots {
        for place in row {
            *place = difference(reader, codes)?;
        }
        return Ok(());
    }
    for x in 0..width {
        for (_, codes, row) in slots.iter_mut() {
            if let Some(place) = row.get_mut(x) {
                *place = difference(reader, codes)?;
            }
        }
    }
    Ok(())
}

/// One difference modulo 2¹⁶; category 16 stands for 32768 and has no more bits (H.1.2.2).
#[inline]
fn difference(reader: &mut Reader<'_>, codes: &Codes) -> Result<u16> {
    reader.need()?;
    match reader.symbol_and_number(codes)? {
        (16, _) => Ok(0x8000),
        (0..=15, number) => Ok(u16::try_from(number & 0xFFFF).unwrap_or(0)),
        _ => Err(CodecError::Damaged),
    }
}
