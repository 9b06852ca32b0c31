//! Cells of the coded character sets. The tables are made by `tools/make_jis_tables.py`.

use super::term::Term;

static JIS_X_0208: &[u8] = include_bytes!("jis_x_0208.bin");
static JIS_X_0212: &[u8] = include_bytes!("jis_x_0212.bin");
static SINGLE_BYTE: &[u8] = include_bytes!("single_byte.bin");

const ROW: usize = 94;
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
    let table = match set {
        TwoByte::X0208 => JIS_X_0208,
        TwoByte::X0212 => JIS_X_0212,
    };
    let row = usize::from(first.checked_sub(0x21)?);
    let column = usize::from(second.checked_sub(0x21).filter(|&c| usize::from(c) < ROW)?);
    cell(table, row * ROW + column)
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
    let unit = u16::from_le_bytes(bytes.try_into().ok()?);
    char::from_u32(u32::from(unit)).filter(|&c| c != '\0')
}
