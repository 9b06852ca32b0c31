//! Cells of the coded character sets. The table of the single-byte sets is made by `tools/make_single_byte_tables.py`.

use super::codepages::{self, GBK_ROW, Page};
use super::term::Term;
use crate::order;

static SINGLE_BYTE: &[u8] = include_bytes!("single_byte.bin");

const ROW: usize = 94;
/// Cells of one single-byte set: bytes A0 to FF.
const SINGLE_CELLS: usize = 96;

/// The sets of 94 rows of 94 cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Set {
    /// JIS X 0208 with the vendor rows of Windows-31J (13 and 89 to 92).
    X0208,
    /// JIS X 0212.
    X0212,
    /// KS X 1001.
    KsX1001,
    /// GB 2312.
    Gb2312,
}

/// Cells by character, for writing.
pub(super) struct Reverse(Vec<(u16, u16)>);

impl Reverse {
    pub(super) fn of(cells: &[u16]) -> Self {
        let mut pairs: Vec<(u16, u16)> = cells.iter().copied().zip(0..).filter(|(unit, _)| *unit != 0).collect();
        order::sort(&mut pairs);
        Self(pairs)
    }

    /// The first cell of a character: those of the standard come before those of vendors.
    pub(super) fn find(&self, character: char) -> Option<usize> {
        let unit = u16::try_from(u32::from(character)).ok()?;
        let at = self.0.partition_point(|(u, _)| *u < unit);
        self.0.get(at).filter(|(u, _)| *u == unit).map(|(_, cell)| usize::from(*cell))
    }
}

/// The character of two bytes, each 21 to 7E.
pub(super) fn two_byte(set: Set, first: u8, second: u8) -> Option<char> {
    let row = usize::from(first.checked_sub(0x21)?);
    let column = usize::from(second.checked_sub(0x21).filter(|&c| usize::from(c) < ROW)?);
    let index = row * ROW + column;
    match set {
        Set::X0208 => codepages::cell(Page::X0208, index),
        Set::X0212 => codepages::cell(Page::X0212, index),
        Set::KsX1001 => codepages::cell(Page::KsX1001, index),
        // Row 1 is A1 of GBK, which begins at 81; column 1 is A1, which begins at 40.
        Set::Gb2312 => codepages::cell(Page::Gbk, (row + 0x20) * GBK_ROW + column + 0x61),
    }
}

/// The two bytes of a character, each 21 to 7E, where the set's own standard has it.
pub(super) fn two_byte_of(set: Set, character: char) -> Option<[u8; 2]> {
    let index = match set {
        Set::X0208 => codepages::cell_of(Page::X0208, character)?,
        Set::X0212 => codepages::cell_of(Page::X0212, character)?,
        Set::KsX1001 => codepages::cell_of(Page::KsX1001, character)?,
        Set::Gb2312 => {
            let index = codepages::cell_of(Page::Gbk, character)?;
            let column = (index % GBK_ROW).checked_sub(0x61)?;
            (index / GBK_ROW).checked_sub(0x20)? * ROW + column
        }
    };
    let (row, column) = (index / ROW + 1, index % ROW);
    let standard = match set {
        Set::X0208 => matches!(row, 1..=8 | 16..=84),
        // GBK has cells of its own in rows 2, 6 and 8.
        Set::Gb2312 => matches!(row, 1 | 3..=5 | 7 | 9 | 16..=87),
        Set::X0212 | Set::KsX1001 => true,
    };
    let byte = |n: usize| u8::try_from(n + 0x21).ok();
    Some([byte(row - 1)?, byte(column)?]).filter(|_| standard)
}

/// The character of a byte with the high bit set, in a single-byte set that occupies G1.
pub(super) fn high(set: Term, byte: u8) -> Option<char> {
    if set == Term::Ir13 {
        return matches!(byte, 0xA1..=0xDF).then(|| kana(byte - 0x80)).flatten();
    }
    single_cell(single_byte_index(set)?, byte.checked_sub(0xA0)?)
}

/// The byte of a character in a single-byte set that occupies G1.
pub(super) fn high_of(set: Term, character: char) -> Option<u8> {
    if set == Term::Ir13 {
        return (0xA1..=0xDF).find(|&b| high(set, b) == Some(character));
    }
    let index = single_byte_index(set)?;
    (0xA0..=0xFF).find(|b| single_cell(index, b - 0xA0) == Some(character))
}

/// Half-width katakana, 21 to 5F.
pub(super) fn kana(byte: u8) -> Option<char> {
    matches!(byte, 0x21..=0x5F).then(|| char::from_u32(0xFF40 + u32::from(byte))).flatten()
}

/// The place of a set in the table.
const fn single_byte_index(set: Term) -> Option<usize> {
    Some(match set {
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
        _ => return None,
    })
}

fn single_cell(set: usize, column: u8) -> Option<char> {
    let index = set * SINGLE_CELLS + usize::from(column);
    let bytes = SINGLE_BYTE.get(index * 2..index * 2 + 2)?;
    character(u16::from_le_bytes(bytes.try_into().ok()?))
}

fn character(unit: u16) -> Option<char> {
    char::from_u32(u32::from(unit)).filter(|&c| c != '\0')
}
