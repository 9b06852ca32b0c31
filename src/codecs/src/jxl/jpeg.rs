//! The JPEG that a code stream was made of, in a plain form: one sequential scan of all components.
//!
//! A file says in its box `jbrd` how its JPEG was written: markers, scans, codes, comments. jxl-jbr 0.2.1 panics where
//! that contradicts the code stream, and on legal progressive scans of subsampled components. The coefficients are all
//! that has to come back, so that box is never read: one of our own takes its place.

use super::boxes;
use crate::{CodecError, Result};

/// Markers of the JPEG that is asked for: DQT, SOF0, DHT, SOS, EOI.
const MARKERS: [u8; 5] = [0xDB, 0xC0, 0xC4, 0xDA, 0xD9];
/// Sizes of DC differences, and of AC coefficients after a run (T.81 F.1.2); 8-bit samples have no others.
const DC_SIZES: u8 = 12;
const AC_SIZES: u8 = 11;
/// Bits of a code: all of a table have the same number.
const DC_BITS: usize = 4;
const AC_BITS: usize = 8;
/// A compressed stream of nothing (RFC 7932).
const NO_DATA: u8 = 0x06;
/// Bytes of a quantization table with its destination.
const TABLE: usize = 129;
/// JFIF 1.02, no density, no thumbnail: three components are YCbCr.
const JFIF: &[u8] = b"\xFF\xE0\0\x10JFIF\0\x01\x02\0\0\x01\0\x01\0\0";
/// Adobe, no transform: three components are RGB.
const ADOBE: &[u8] = b"\xFF\xEE\0\x0EAdobe\0\x64\0\0\0\0\0";

/// What the components of a JPEG are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Colours {
    Grey,
    YCbCr,
    Rgb,
}

/// A file of the code stream with a `jbrd` that asks for the plain form.
pub(super) fn file(code_stream: &[u8], colours: Colours) -> Result<Vec<u8>> {
    let mut file = boxes::SIGNATURE.to_vec();
    boxes::write(&mut file, *b"ftyp", b"jxl \0\0\0\0jxl ")?;
    boxes::write(&mut file, *b"jbrd", &reconstruction(colours))?;
    boxes::write(&mut file, *b"jxlc", code_stream)?;
    Ok(file)
}

/// How the JPEG is written (ISO 18181-2, JPEG bitstream reconstruction data).
fn reconstruction(colours: Colours) -> Vec<u8> {
    let components: u8 = if colours == Colours::Grey { 1 } else { 3 };
    let mut bits = Bits::default();
    bits.put(u32::from(components == 1), 1);
    for marker in MARKERS {
        bits.put(u32::from(marker - 0xC0), 6);
    }
    // A quantization table for each component, of 16 bits.
    bits.put(u32::from(components) - 1, 2);
    for index in 0..components {
        bits.put(1, 1);
        bits.put(u32::from(index), 2);
        bits.put(u32::from(index + 1 == components), 1);
    }
    // Identifiers: 1; 1, 2, 3; "RGB".
    bits.put(colours as u32, 2);
    for index in 0..components {
        bits.put(u32::from(index), 2);
    }
    let ac_symbols = (0..16_u8).flat_map(|run| (1..AC_SIZES).map(move |size| run << 4 | size)).chain([0x00, 0xF0]);
    // Four Huffman tables.
    bits.put(0, 2);
    for (table, last) in [(0, false), (1, true)] {
        bits.table(false, table, false, DC_BITS, &(0..DC_SIZES));
        bits.table(true, table, last, AC_BITS, &ac_symbols);
    }
    // The scan: all coefficients of all components, whole.
    bits.put(u32::from(components) - 1, 2);
    bits.put(63 << 6, 20);
    for index in 0..components {
        let table = u32::from(index > 0);
        bits.put(u32::from(index) | table << 2 | table << 4, 6);
    }
    // No pass to wait for; no blocks that are written in another way; nothing after EOI; no padding bits.
    bits.put(0, 2 + 2 + 2 + 2 + 1);
    let mut out = bits.finish();
    out.push(NO_DATA);
    out
}

/// Bits, the first one lowest.
#[derive(Default)]
struct Bits {
    out: Vec<u8>,
    held: u64,
    count: u32,
}

impl Bits {
    fn put(&mut self, value: u32, count: u32) {
        self.held |= u64::from(value) << self.count;
        self.count += count;
        while self.count >= 8 {
            self.out.push(self.held.to_le_bytes()[0]);
            self.held >>= 8;
            self.count -= 8;
        }
    }

    /// A Huffman table whose codes all have `length` bits. It ends with a symbol of its own, which is no byte.
    fn table(&mut self, ac: bool, index: u32, last: bool, length: usize, symbols: &(impl Iterator<Item = u8> + Clone)) {
        self.put(u32::from(ac) | index << 1 | u32::from(last) << 3, 4);
        let all = symbols.clone().map(u32::from).chain([256]);
        for bits in 0..=16 {
            if bits == length {
                self.put(3, 2);
                self.put(u32::try_from(all.clone().count()).unwrap_or(0), 8);
            } else {
                self.put(0, 2);
            }
        }
        for symbol in all {
            // Up to 3, or above 0.
            if symbol < 4 {
                self.put(symbol << 2, 4);
            } else {
                self.put(3 | (symbol - 1) << 2, 10);
            }
        }
    }

    fn finish(mut self) -> Vec<u8> {
        self.put(0, (8 - self.count) % 8);
        self.out
    }
}

/// The JPEG that was asked for, with what says its colours, and quantization tables of 8 bits where they are enough.
pub(super) fn finished(jpeg: &[u8], colours: Colours) -> Result<Vec<u8>> {
    let rest = jpeg.strip_prefix(&[0xFF, 0xD8, 0xFF, 0xDB]).ok_or(CodecError::Damaged)?;
    let (length, rest) = rest.split_first_chunk::<2>().ok_or(CodecError::Damaged)?;
    let length = usize::from(u16::from_be_bytes(*length));
    let (tables, rest) = length.checked_sub(2).and_then(|n| rest.split_at_checked(n)).ok_or(CodecError::Damaged)?;
    let frame = rest.strip_prefix(&[0xFF, 0xC0]).ok_or(CodecError::Damaged)?;
    let mut out = vec![0xFF, 0xD8];
    out.extend_from_slice(match colours {
        Colours::Grey => b"",
        Colours::YCbCr => JFIF,
        Colours::Rgb => ADOBE,
    });
    // The upper bytes of all values.
    let narrow = tables.chunks_exact(TABLE).all(|table| table.iter().skip(1).step_by(2).all(|byte| *byte == 0));
    let mut body = Vec::with_capacity(tables.len());
    for table in tables.chunks_exact(TABLE) {
        if narrow {
            body.push(table.first().map_or(0, |form| form & 0x0F));
            body.extend(table.iter().skip(2).step_by(2));
        } else {
            body.extend_from_slice(table);
        }
    }
    out.extend([0xFF, 0xDB]);
    out.extend(u16::try_from(body.len() + 2).unwrap_or(2).to_be_bytes());
    out.extend(body);
    // Baseline has tables of 8 bits only (T.81 B.2.4.1).
    out.extend([0xFF, if narrow { 0xC0 } else { 0xC1 }]);
    out.extend_from_slice(frame);
    Ok(out)
}
