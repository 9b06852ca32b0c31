//! Encodings without state: one character after the other.

use super::codepages::{self, GBK_ROW, Page};
use super::tables::{Set, kana, two_byte};

/// An encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Utf8,
    /// Windows-31J: JIS X 0208 with the rows of NEC and IBM, and half-width katakana.
    ShiftJis,
    EucJp,
    Gbk,
    Gb18030,
    Utf16Le,
    Utf16Be,
}

/// Windows-31J FA54 to FA5B.
const IBM_SIGNS: [char; 8] = ['￢', '￤', '＇', '＂', '㈱', '№', '℡', '∵'];

/// UTF-8's byte order mark.
const MARK: &[u8] = &[0xEF, 0xBB, 0xBF];

/// Walks over a value: each character with its first byte and the byte after its last, `None` for what no table
/// explains. Yields whether a byte order mark was left out. `None`: the bytes are not of the encoding.
pub(super) fn walk(form: Form, bytes: &[u8], sink: &mut dyn FnMut(Option<char>, usize, usize)) -> Option<bool> {
    let marked = form == Form::Utf8 && bytes.starts_with(MARK);
    let mut at = if marked { MARK.len() } else { 0 };
    while let Some(rest) = bytes.get(at..).filter(|r| !r.is_empty()) {
        let (character, len) = next(form, rest)?;
        sink(character, at, at + len);
        at += len;
    }
    Some(marked)
}

/// The next character and its length.
fn next(form: Form, rest: &[u8]) -> Option<(Option<char>, usize)> {
    let (&first, tail) = rest.split_first()?;
    if matches!(form, Form::Utf16Le | Form::Utf16Be) {
        return utf16(form, rest);
    }
    match first {
        0x0E | 0x0F | 0x1B | 0x7F => return None,
        0x00..0x80 => return Some((Some(char::from(first)), 1)),
        _ => {}
    }
    match form {
        Form::Utf8 => return utf8(rest, first),
        Form::ShiftJis if matches!(first, 0xA1..=0xDF) => return Some((kana(first - 0x80), 1)),
        _ => {}
    }
    let Some(&second) = tail.first() else { return matches!(first, 0x81..=0xFE).then_some((None, 1)) };
    match form {
        Form::ShiftJis => shift_jis(first, second),
        Form::EucJp => euc_jp(first, second, tail.get(1).copied()),
        Form::Gb18030 if second.is_ascii_digit() => gb18030(first, second, tail),
        _ => gbk(first, second),
    }
}

/// A cut character at the end is none that can be read.
fn utf8(rest: &[u8], first: u8) -> Option<(Option<char>, usize)> {
    let len = match first {
        0xC2..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0..=0xF4 => 4,
        _ => return None,
    };
    match core::str::from_utf8(rest.get(..len).unwrap_or(rest)) {
        Ok(text) => Some((text.chars().next().filter(|c| is_readable(*c)), len)),
        Err(error) => (error.valid_up_to() == 0 && error.error_len().is_none()).then_some((None, rest.len())),
    }
}

/// True for what no text may hold, or what cannot be read, and for a byte order mark.
pub(super) const fn is_special(character: char) -> bool {
    matches!(character, '\u{E}' | '\u{F}' | '\u{1B}' | '\u{7F}') || !is_readable(character)
}

/// False for controls C1, private use, U+FFFD: what stood there cannot be known.
const fn is_readable(character: char) -> bool {
    !matches!(
        character,
        '\u{80}'..='\u{9F}' | '\u{E000}'..='\u{F8FF}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFF}' | '\u{F0000}'..
    )
}

fn utf16(form: Form, rest: &[u8]) -> Option<(Option<char>, usize)> {
    let unit = |at: usize| -> Option<u16> {
        let pair: [u8; 2] = rest.get(at..at + 2)?.try_into().ok()?;
        Some(if form == Form::Utf16Le { u16::from_le_bytes(pair) } else { u16::from_be_bytes(pair) })
    };
    let mut units = core::iter::once(unit(0)?).chain(unit(2));
    let mut decoded = char::decode_utf16(&mut units);
    let character = decoded.next()?.ok()?;
    Some((Some(character).filter(|c| is_readable(*c)), character.len_utf16() * 2))
}

fn shift_jis(first: u8, second: u8) -> Option<(Option<char>, usize)> {
    let column = match second {
        0x40..=0x7E => second - 0x40,
        0x80..=0xFC => second - 0x41,
        _ => return None,
    };
    let pair = match first {
        0x81..=0x9F => first - 0x81,
        0xE0..=0xEF => first - 0xC1,
        // User-defined: only the hospital knows the character.
        0xF0..=0xF9 => return Some((None, 2)),
        0xFA..=0xFC => {
            return Some((Some(ibm(usize::from(first - 0xFA) * 188 + usize::from(column))?), 2));
        }
        _ => return None,
    };
    let (row, column) = if column < 94 { (pair * 2, column) } else { (pair * 2 + 1, column - 94) };
    Some((Some(two_byte(Set::X0208, row + 0x21, column + 0x21)?), 2))
}

/// IBM's extension: the kanji stand in NEC's rows 89 to 92 in the same order.
fn ibm(index: usize) -> Option<char> {
    let numeral = |base: u32, n: usize| u32::try_from(n).ok().and_then(|n| char::from_u32(base + n));
    match index {
        0..10 => numeral(0x2170, index),
        10..20 => numeral(0x2160, index - 10),
        20..28 => IBM_SIGNS.get(index - 20).copied(),
        28..388 => {
            let kanji = index - 28;
            let byte = |n: usize| u8::try_from(n).ok();
            two_byte(Set::X0208, byte(88 + 0x21 + kanji / 94)?, byte(0x21 + kanji % 94)?)
        }
        _ => None,
    }
}

fn euc_jp(first: u8, second: u8, third: Option<u8>) -> Option<(Option<char>, usize)> {
    let low = |b: u8| b.checked_sub(0x80);
    match first {
        0x8E => Some((Some(kana(low(second)?)?), 2)),
        0x8F => Some((Some(two_byte(Set::X0212, low(second)?, low(third?)?)?), 3)),
        _ => Some((Some(two_byte(Set::X0208, low(first)?, low(second)?)?), 2)),
    }
}

fn gbk(first: u8, second: u8) -> Option<(Option<char>, usize)> {
    let row = usize::from(first.checked_sub(0x81)?);
    let column = usize::from(second.checked_sub(0x40)?);
    (row < 126 && column < GBK_ROW && second != 0x7F).then(|| (codepages::cell(Page::Gbk, row * GBK_ROW + column), 2))
}

fn gb18030(first: u8, second: u8, tail: &[u8]) -> Option<(Option<char>, usize)> {
    let (Some(&third), Some(&fourth)) = (tail.get(1), tail.get(2)) else { return Some((None, tail.len() + 1)) };
    let digit = |b: u8| b.is_ascii_digit().then(|| u32::from(b - b'0'));
    let high = |b: u8| b.checked_sub(0x81).filter(|n| *n < 126).map(u32::from);
    let index = ((high(first)? * 10 + digit(second)?) * 126 + high(third)?) * 10 + digit(fourth)?;
    let character = match index.checked_sub(GB18030_PLANES) {
        Some(plane) => char::from_u32(0x1_0000 + plane).filter(|c| is_readable(*c)),
        None => codepages::cell(Page::Gb18030, usize::try_from(index).ok()?),
    };
    Some((character, 4))
}

/// Four-byte sequences of GB 18030 count the supplementary planes from here: 90 30 81 30.
const GB18030_PLANES: u32 = 189_000;

/// Appends a character.
pub(super) fn put(form: Form, character: char, out: &mut Vec<u8>) -> Option<()> {
    if is_special(character) {
        return None;
    }
    if form == Form::Utf8 || character.is_ascii() {
        out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
        return Some(());
    }
    let index = codepages::cell_of(Page::Gbk, character);
    match (index, form) {
        (Some(index), Form::Gbk | Form::Gb18030) => {
            out.push(u8::try_from(0x81 + index / GBK_ROW).ok()?);
            out.push(u8::try_from(0x40 + index % GBK_ROW).ok()?);
        }
        (None, Form::Gb18030) => {
            let index = match u32::from(character).checked_sub(0x1_0000) {
                Some(plane) => GB18030_PLANES + plane,
                None => u32::try_from(codepages::cell_of(Page::Gb18030, character)?).ok()?,
            };
            let bytes = [0x81 + index / 12_600, 0x30 + index / 1260 % 10, 0x81 + index / 10 % 126, 0x30 + index % 10];
            out.extend(bytes.iter().filter_map(|b| u8::try_from(*b).ok()));
        }
        _ => return None,
    }
    Some(())
}
