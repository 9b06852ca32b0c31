//! Numbers in dates: digits of both widths, and kanji.

use crate::text::fold::{Folded, Kind};

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Digits,
    /// 二〇二四, 三十三
    Kanji,
    /// 元: the first year.
    First,
    /// A month's name; abbreviated or whole.
    Name {
        whole: bool,
    },
}

/// A number in a text.
#[derive(Clone, Copy)]
pub(crate) struct Number {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) value: u32,
    pub(super) style: Style,
}

impl Number {
    pub(super) const fn len(self) -> usize {
        self.end - self.start
    }
}

pub(super) const KANJI: &str = "〇一二三四五六七八九";

fn kanji_digit(c: char) -> Option<u32> {
    match c {
        '零' => Some(0),
        _ => KANJI.chars().zip(0..).find(|(k, _)| *k == c).map(|(_, n)| n),
    }
}

/// The whole run of digits at a place; at most eight.
pub(super) fn digits(f: &Folded, start: usize) -> Option<Number> {
    let end = f.run(start, |i| f.kind(i) == Kind::Digit && i < start + 9);
    let value = f.slice(start, end).iter().try_fold(0_u32, |n, c| Some(n * 10 + c.to_digit(10)?))?;
    (end > start && end - start <= 8).then_some(Number { start, end, value, style: Style::Digits })
}

/// Kanji digits in a row, or tens and ones.
pub(super) fn kanji(f: &Folded, start: usize) -> Option<Number> {
    let end = f.run(start, |i| i < start + 6 && (f.at(i) == '十' || kanji_digit(f.at(i)).is_some()));
    let run = f.slice(start, end);
    let value = match run.iter().position(|&c| c == '十') {
        None => run.iter().try_fold(0_u32, |n, &c| Some(n * 10 + kanji_digit(c)?))?,
        Some(ten) => {
            let tens = match run.get(..ten)? {
                [] => 1,
                [c] => kanji_digit(*c)?,
                _ => return None,
            };
            let ones = match run.get(ten + 1..)? {
                [] => 0,
                [c] => kanji_digit(*c)?,
                _ => return None,
            };
            tens * 10 + ones
        }
    };
    (end > start).then_some(Number { start, end, value, style: Style::Kanji })
}

/// A number of either kind; 元 is one.
pub(super) fn any(f: &Folded, start: usize) -> Option<Number> {
    match f.kind(start) {
        Kind::Kanji if f.at(start) == '元' => Some(Number { start, end: start + 1, value: 1, style: Style::First }),
        Kind::Kanji => kanji(f, start),
        Kind::Digit => digits(f, start),
        _ => None,
    }
}

pub(super) const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// A month's name, whole or of three letters; no letter follows.
pub(super) fn month_name(f: &Folded, start: usize) -> Option<Number> {
    let place = match [0, 1, 2].map(|i| f.at(start + i)) {
        ['j', 'a', 'n'] => 0,
        ['f', 'e', 'b'] => 1,
        ['m', 'a', 'r'] => 2,
        ['a', 'p', 'r'] => 3,
        ['m', 'a', 'y'] => 4,
        ['j', 'u', 'n'] => 5,
        ['j', 'u', 'l'] => 6,
        ['a', 'u', 'g'] => 7,
        ['s', 'e', 'p'] => 8,
        ['o', 'c', 't'] => 9,
        ['n', 'o', 'v'] => 10,
        ['d', 'e', 'c'] => 11,
        _ => return None,
    };
    let end = f.run(start, |i| f.kind(i) == Kind::Letter && i < start + 10);
    let whole = MONTHS.get(place as usize).is_some_and(|month| f.is(start, end, month));
    if !whole && end - start != 3 && !f.is(start, end, "sept") {
        return None;
    }
    Some(Number { start, end, value: place + 1, style: Style::Name { whole } })
}
