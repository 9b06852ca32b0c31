//! A value that is known to be a date: a column of a table, a birth date.

use super::era::{self, Fit};
use super::number;
use super::{Civil, Scanner};
use crate::text::fold::{Folded, Kind};
use crate::text::lists::Lists;

/// What a value says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// A day, a month or a year.
    Date {
        /// Year of the western calendar.
        year: u32,
        /// Month, unless it is a year.
        month: Option<u32>,
        /// Day, unless it is a month or a year.
        day: Option<u32>,
        /// True where the era had ended by then, as in 平成31年5月1日.
        tolerated: bool,
    },
    /// No date.
    Invalid,
    /// Could be several dates: a person or the other values of the column decide.
    Ambiguous,
}

/// Reads a value.
pub fn read(value: &str, lists: &Lists) -> Reading {
    let chars: Vec<char> = value.trim().chars().collect();
    let f = Folded::of(&chars, lists);
    let end = without_time(&f);
    let scanner = Scanner::new(&f);
    if let Some(found) = scanner.at(0).filter(|found| found.end == end) {
        return match found.date {
            Some(date) => date_of(date, found.fit),
            None if found.era.is_some() || found.year.is_some() => Reading::Invalid,
            None => Reading::Ambiguous,
        };
    }
    special(&f, end).unwrap_or(Reading::Invalid)
}

fn date_of(date: Civil, fit: Option<Fit>) -> Reading {
    Reading::Date { year: date.year, month: date.month, day: date.day, tolerated: fit == Some(Fit::After) }
}

/// The end of the date before a time of day, 生 or 頃.
fn without_time(f: &Folded) -> usize {
    let colon = f.run(0, |i| f.at(i) != ':');
    let mut end = f.len();
    if colon < end {
        let hour = (0..colon).rev().take_while(|&i| f.kind(i) == Kind::Digit).count();
        end = colon - hour;
        if end > 0 && f.at(end - 1) == 't' {
            end -= 1;
        }
    }
    while end > 0 && (matches!(f.at(end - 1), '生' | '頃') || f.kind(end - 1) == Kind::Space) {
        end -= 1;
    }
    end
}

/// Forms that are dates only where a date is due.
fn special(f: &Folded, end: usize) -> Option<Reading> {
    if let Some(era) = era::at(f, 0) {
        let year = number::any(f, era.end)?;
        let month = match f.at(year.end) {
            '.' | '/' | '-' => Some(number::digits(f, year.end + 1)?),
            _ => None,
        };
        let whole = month.map_or(year.end, |m| m.end) == end;
        let (date, fit) = era::western(era.number, year.value, month.map(|m| m.value), None)?;
        let good = whole && fit != Fit::Before && date.exists();
        return good.then(|| date_of(date, Some(fit)));
    }
    let first = number::digits(f, 0)?;
    if first.end == end {
        return Some(packed(f, first.value, end));
    }
    // Numbers and marks of a day without a year, or with one that may be read in several ways.
    let plain = (0..end).all(|i| f.kind(i) == Kind::Digit || matches!(f.at(i), '/' | '.' | '-'));
    let parts: Vec<u32> = f.text(0, end).split(['/', '.', '-']).map(|p| p.parse().unwrap_or(0)).collect();
    let open = plain && (2..=3).contains(&parts.len()) && parts.iter().all(|&p| p > 0);
    Some(if open && first.len() <= 2 { Reading::Ambiguous } else { Reading::Invalid })
}

/// Digits alone, by their count.
fn packed(f: &Folded, value: u32, len: usize) -> Reading {
    let coded = |value: u32, days: bool| {
        let (rest, day) = if days { (value / 100, Some(value % 100)) } else { (value, None) };
        let (era, year, month) = (rest / 10_000, rest / 100 % 100, rest % 100);
        let (date, fit) = era::western(usize::try_from(era).ok()?.checked_sub(1)?, year, Some(month), day)?;
        (date.exists() && fit != Fit::Before).then(|| date_of(date, Some(fit)))
    };
    match len {
        7 => coded(value, true).unwrap_or(Reading::Invalid),
        6 => {
            let date = Civil { year: value / 100, month: Some(value % 100), day: None };
            if (1868..=2200).contains(&date.year) && date.exists() { date_of(date, None) } else { Reading::Ambiguous }
        }
        5 if f.at(0) != '0' => coded(value, false).unwrap_or(Reading::Ambiguous),
        _ => Reading::Invalid,
    }
}
