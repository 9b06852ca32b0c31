//! Cells of the coded character sets. The tables are made by `tools/make_jis_tables.py`.

use super::term::Term;
use crate::packed::{Packed, unfold};
use std::sync::OnceLock;

static JIS_X_0208: &[u8] = include_bytes!("jis_x_0208.bin");
static JIS_X_0212: &[u8] = include_bytes!("jis_x_0212.bin");
static SINGLE_BYTE: &[u8] = include_bytes!("single_byte.bin");

const ROW: usize = 94;
const CELLS: usize = ROW * ROW;
/// Cells of one single-byte set: bytes A0 to FF.
const SINGLE_CELLS: usize = 96;

/// The sets that occupy two bytes in G0.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum TwoByte {
    /// JIS X 0208.
    X0208,
    /// JIS X 0212.
    X0212,
}

/// The character of two bytes, each 21 to 7E.
pub(super) fn two_byte(set: TwoByte, first: u8, second: u8) -> Option<char> {
    static UNPACKED: [OnceLock<Vec<u16>>; 2] = [OnceLock::new(), OnceLock::new()];
    let [x0208, x0212] = &UNPACKED;
    let table = match set {
        TwoByte::X0208 => x0208.get_or_init(|| unpack(JIS_X_0208)),
        TwoByte::X0212 => x0212.get_or_init(|| unpack(JIS_X_0212)),
    };
    let row = usize::from(first.checked_sub(0x21)?);
    let column = usize::from(second.checked_sub(0x21).filter(|&c| usize::from(c) < ROW)?);
    character(*table.get(row * ROW + column)?)
}

/// Each cell: 0 where nothing is assigned, else one more than the folded distance from the character before.
fn unpack(packed: &[u8]) -> Vec<u16> {
    let mut last = 0_u16;
    let mut table = Vec::with_capacity(CELLS);
    table.extend(Packed::new(packed).map(|distance| match distance.checked_sub(1) {
        None => 0,
        Some(distance) => {
            last = last.wrapping_add_signed(i16::try_from(unfold(distance)).unwrap_or_default());
            last
        }
    }));
    table
}

/// The character of a byte with the high bit set, in a set that occupies G1.
pub(super) fn high(set: Term, byte: u8) -> Option<char> {
    let index = match set {
        Term::Ir13 => {
            return matches!(byte, 0xA1..=0xDF).then(|| char::from_u32(0xFF61 + u32::from(byte) - 0xA1)).flatten();
        }
        Term::Ir100 => 0,
        Term::Ir101 => 1,
        Term::Ir109 => 2,
        Term::Ir110 => 3,
        Term::Ir144 => 4,
        Term::Ir127 => 5,
        Term::Ir126 => 6,
        Term::Ir138 => 7,
        Term::Ir148 => 8,
        Term::Ir203 => 9,
        Term::Ir166 => 10,
        Term::Ascii | Term::Ir87 | Term::Ir159 | Term::Utf8 | Term::Unknown => return None,
    };
    cell(SINGLE_BYTE, index * SINGLE_CELLS + usize::from(byte.checked_sub(0xA0)?))
}

fn cell(table: &[u8], index: usize) -> Option<char> {
    let bytes = table.get(index * 2..index * 2 + 2)?;
    character(u16::from_le_bytes(bytes.try_into().ok()?))
}

fn character(unit: u16) -> Option<char> {
    char::from_u32(u32::from(unit)).filter(|&c| c != '\0')
}
