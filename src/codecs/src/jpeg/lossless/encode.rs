//! Lossless scans, written (T.81 H.1.2).

use super::decode::{prediction, rows_of_interval};
use super::{Cover, Plane};
use crate::jpeg::bits::Writer;
use crate::jpeg::header::{FrameHeader, Scan};
use crate::jpeg::huffman::{Codes, Destinations, Frequencies, best_tables, table};
use crate::jpeg::stream::Stream;
use crate::jpeg::write::WrittenScan;
use crate::{CodecError, Result};

/// The scans of covered planes, as the stream has them but for the Huffman tables.
pub(crate) fn scans(stream: &Stream<'_>, planes: &[Plane], cover: &Cover<'_>) -> Result<Vec<WrittenScan>> {
    stream.scans.iter().map(|scan| write(&stream.frame, scan, planes, cover)).collect()
}

fn write(frame: &FrameHeader, scan: &Scan, planes: &[Plane], cover: &Cover<'_>) -> Result<WrittenScan> {
    let interval = rows_of_interval(frame, scan)?;
    let prediction = prediction(frame, scan)?;
    let width = frame.columns as usize;
    let mut slots = Vec::with_capacity(scan.components.len());
    let mut frequencies = Destinations::<Frequencies>::default();
    for c in &scan.components {
        let plane = planes.get(c.index).ok_or(CodecError::Damaged)?;
        let mut samples = covered(plane, cover, c.index, width);
        // From below, so that the row above is not yet differences.
        for y in (0..frame.rows).rev() {
            let (before, row) = samples.split_at_mut(y as usize * width);
            let begins = y == 0 || interval.is_some_and(|rows| y.is_multiple_of(rows));
            let above = before.get(before.len().saturating_sub(width)..).filter(|_| !begins);
            prediction.apply(row.get_mut(..width).unwrap_or_default(), above);
        }
        let destination = c.destinations.0;
        let counts = frequencies.get_mut(usize::from(destination)).ok_or(CodecError::Damaged)?.get_or_insert_default();
        for difference in &samples {
            counts.count(category(*difference).0);
        }
        slots.push((destination, samples));
    }
    let mut body = Vec::new();
    let tables = best_tables(0, &frequencies, &mut body)?;
    let data = emit(frame, interval, &slots, &tables)?;
    Ok(WrittenScan { header: scan.write(frame), tables: Some(body), data })
}

/// A plane's samples, constant where they are covered.
fn covered(plane: &Plane, cover: &Cover<'_>, component: usize, width: usize) -> Vec<u16> {
    let mut samples = plane.samples.clone();
    let level = cover.level(component, plane.transform);
    let mut pixels = vec![false; width];
    for (y, row) in (0..).zip(samples.chunks_exact_mut(width)) {
        cover.row(y, &mut pixels);
        row.iter_mut().zip(&pixels).filter(|(_, covered)| **covered).for_each(|(sample, _)| *sample = level);
    }
    samples
}

fn emit(
    frame: &FrameHeader,
    interval: Option<u32>,
    slots: &[(u8, Vec<u16>)],
    tables: &Destinations<Codes>,
) -> Result<Vec<u8>> {
    let mut writer = Writer::default();
    let width = frame.columns as usize;
    let codes = slots.iter().map(|(d, _)| table(tables, *d)).collect::<Result<Vec<_>>>()?;
    for y in 0..frame.rows {
        if let Some(rows) = interval.filter(|rows| y > 0 && y.is_multiple_of(*rows)) {
            writer.restart(u8::try_from((y / rows - 1) & 7).unwrap_or(0));
        }
        let start = y as usize * width;
        let rows: Vec<&[u16]> = slots.iter().map(|(_, d)| d.get(start..start + width).unwrap_or_default()).collect();
        if let ([row], [codes]) = (rows.as_slice(), codes.as_slice()) {
            for difference in *row {
                put(&mut writer, codes, *difference)?;
            }
            continue;
        }
        for x in 0..width {
            for (row, codes) in rows.iter().zip(&codes) {
                put(&mut writer, codes, row.get(x).copied().unwrap_or(0))?;
            }
        }
    }
    Ok(writer.finish())
}

#[inline]
fn put(writer: &mut Writer, codes: &Codes, difference: u16) -> Result<()> {
    let (category, size, bits) = category(difference);
    let (code, length) = codes.code(category).ok_or(CodecError::Damaged)?;
    writer.put(code << size | bits, length + size);
    Ok(())
}

/// Category of a difference, number of bits after it, and the bits (H.1.2.2): 32768 has none.
#[inline]
fn category(difference: u16) -> (u8, u32, u32) {
    if difference == 0x8000 {
        return (16, 0, 0);
    }
    let difference = i32::from(difference.cast_signed());
    let size = 32 - difference.unsigned_abs().leading_zeros();
    let bits = (difference + (difference >> 31)).cast_unsigned() & ((1 << size) - 1);
    (u8::try_from(size).unwrap_or(0), size, bits)
}
