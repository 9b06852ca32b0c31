//! The five eras since the calendar is the western one.

use super::Civil;
use crate::text::fold::{Folded, Kind};

/// How an era is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// 昭和, or the one sign for it.
    Long,
    /// 昭
    Short,
    Letter,
    /// Showa
    Roman,
}

/// An era in a text.
#[derive(Clone, Copy)]
pub(super) struct Era {
    pub number: usize,
    pub style: Style,
    pub end: usize,
}

/// Name, letter, first year of the western calendar, first day as month and day, and whether the day on which the next
/// era began counts as one of it too.
type Row = (&'static str, char, u32, (u32, u32), bool);

pub(super) const ERAS: [Row; 5] = [
    ("明治", 'm', 1868, (1, 25), true),
    ("大正", 't', 1912, (7, 30), true),
    ("昭和", 's', 1926, (12, 25), false),
    ("平成", 'h', 1989, (1, 8), false),
    ("令和", 'r', 2019, (5, 1), false),
];

/// Names in Latin letters, and which era each is; how it is written first.
const ROMAN: [(&str, usize); 8] = [
    ("meiji", 0),
    ("taisho", 1),
    ("showa", 2),
    ("heisei", 3),
    ("reiwa", 4),
    ("taishou", 1),
    ("shouwa", 2),
    ("syowa", 2),
];

/// The name of an era in Latin letters.
pub(super) fn roman(number: usize) -> Option<&'static str> {
    ROMAN.iter().find(|name| name.1 == number).map(|name| name.0)
}

/// Before it the calendar was lunar.
const FIRST_YEAR: u32 = 1873;

pub(super) fn at(f: &Folded, i: usize) -> Option<Era> {
    // Asked at every word.
    if !matches!(f.at(i), 'm' | 't' | 's' | 'h' | 'r' | '明' | '大' | '昭' | '平' | '令') {
        return None;
    }
    if f.kind(i + 1) == Kind::Letter {
        let end = f.run(i, |j| f.kind(j) == Kind::Letter);
        let name = ROMAN.iter().find(|(name, _)| f.is(i, end, name))?;
        return Some(Era { number: name.1, style: Style::Roman, end });
    }
    ERAS.iter().enumerate().find_map(|(number, &(name, letter, ..))| {
        let c = f.at(i);
        if c == letter {
            Some(Era { number, style: Style::Letter, end: i + 1 })
        } else if !name.starts_with(c) {
            None
        } else if f.has(i, name) {
            Some(Era { number, style: Style::Long, end: i + 2 })
        } else {
            Some(Era { number, style: Style::Short, end: i + 1 })
        }
    })
}

/// Whether a day is one of the era it was written in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Fit {
    Inside,
    /// Written before the change was known, or after it by habit.
    After,
    Before,
}

/// The western date of an era's year, and how it fits. A month or a year fits by its last day.
pub(super) fn western(number: usize, year: u32, month: Option<u32>, day: Option<u32>) -> Option<(Civil, Fit)> {
    let &(_, _, first, (start_month, start_day), shared) = ERAS.get(number)?;
    let date = Civil { year: (first + year).checked_sub(1)?, month, day };
    if year == 0 || date.year < FIRST_YEAR {
        return None;
    }
    let fit = if date.order() < (first, start_month, start_day) {
        Fit::Before
    } else {
        match ERAS.get(number + 1) {
            Some(&(_, _, next, (next_month, next_day), _)) => {
                let start = (next, next_month, next_day);
                let begin = (date.year, month.unwrap_or(1), day.unwrap_or(1));
                if begin > start || begin == start && !shared { Fit::After } else { Fit::Inside }
            }
            None => Fit::Inside,
        }
    };
    Some((date, fit))
}

/// The era of a western date and the year in it.
pub(super) fn of(date: Civil) -> Option<(usize, u32)> {
    let began = |&(_, _, first, (month, day), _): &Row| date.order() >= (first, month, day);
    let number = ERAS.iter().rposition(began)?;
    Some((number, date.year + 1 - ERAS.get(number)?.2))
}
