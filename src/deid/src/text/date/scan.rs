//! One date at a place of a folded text.

use super::Civil;
use super::era::{self, Era, Fit, Style as EraStyle};
use super::number::{self, Number};
use crate::text::fold::{Folded, Kind};

/// A date in a text.
#[derive(Clone, Copy)]
pub(crate) struct Found {
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// What it says; none where that is open: two-digit years, day or month first, no year.
    pub(crate) date: Option<Civil>,
    pub(super) fit: Option<Fit>,
    pub(super) era: Option<Era>,
    pub(super) year: Option<Number>,
    pub(super) month: Option<Number>,
    pub(super) day: Option<Number>,
    /// Two numbers and a slash, which may be much else.
    pub(crate) bare: bool,
    /// An era's letter and numbers that count on, which may be vertebrae or segments; the letter, and whether zeros stand
    /// before a number.
    pub(crate) levels: Option<(char, bool)>,
}

impl Found {
    /// True where it names a day.
    pub(crate) fn has_day(&self) -> bool {
        self.day.is_some()
    }
}

pub(crate) struct Scanner<'a> {
    pub(super) f: &'a Folded,
}

const SEPARATORS: [char; 3] = ['/', '-', '.'];
/// Separators of whole years, months and days: `2024_05_01`.
const RARE: [char; 3] = ['_', ':', ' '];

impl Scanner<'_> {
    pub(crate) const fn new(f: &Folded) -> Scanner<'_> {
        Scanner { f }
    }

    /// The date that begins here.
    pub(crate) fn at(&self, i: usize) -> Option<Found> {
        let before = i.checked_sub(1).map_or('\0', |i| self.f.at(i));
        match self.f.kind(i) {
            Kind::Digit if self.f.before(i) != Kind::Digit && before != '.' => self.digits(i),
            Kind::Kanji => self.era(i).or_else(|| self.kanji(i)),
            Kind::Letter if !matches!(self.f.before(i), Kind::Letter | Kind::Digit) => {
                self.month_first(i).or_else(|| self.era(i))
            }
            _ => None,
        }
    }

    fn blanks(&self, i: usize) -> usize {
        self.f.run(i, |j| self.f.kind(j) == Kind::Space && j < i + 2)
    }

    /// `年M月D日`, `年M月` or `年` behind a year.
    fn marked(&self, year: Number) -> Option<(Option<Number>, Option<Number>, usize)> {
        let at = self.blanks(year.end);
        if self.f.at(at) != '年' {
            return None;
        }
        let Some((month, day, end)) = self.month_day(self.blanks(at + 1)) else { return Some((None, None, at + 1)) };
        Some((Some(month), day, end))
    }

    /// `M月D日` or `M月`.
    fn month_day(&self, i: usize) -> Option<(Number, Option<Number>, usize)> {
        let month = number::any(self.f, i).filter(|m| m.value <= 99)?;
        let at = self.blanks(month.end);
        if self.f.at(at) != '月' {
            return None;
        }
        let day = number::any(self.f, self.blanks(at + 1));
        let day = day.filter(|d| self.f.at(self.blanks(d.end)) == '日' && d.value <= 99);
        let end = day.map_or(at + 1, |d| self.blanks(d.end) + 1);
        Some((month, day, end))
    }

    /// `<sep>M<sep>D` behind a year; no more digits follow.
    fn separated(&self, year: Number) -> Option<(Number, Number, char)> {
        let separator = self.f.at(year.end);
        let rare = RARE.contains(&separator);
        if !(SEPARATORS.contains(&separator) || rare && year.len() == 4) {
            return None;
        }
        let month = number::digits(self.f, year.end + 1).filter(|m| m.len() <= 2)?;
        let day = (self.f.at(month.end) == separator).then(|| number::digits(self.f, month.end + 1))??;
        if rare && month.len() + day.len() < 4 {
            return None;
        }
        let more = self.f.at(day.end) == separator && self.f.kind(day.end + 1) == Kind::Digit;
        (!more).then_some((month, day, separator))
    }

    /// A date with an era's name before its year.
    fn era(&self, i: usize) -> Option<Found> {
        let era = era::at(self.f, i)?;
        let letter = era.style == EraStyle::Letter;
        // R.6.5.1
        let dot = usize::from(letter && self.f.at(era.end) == '.');
        let start = if letter { era.end + dot } else { self.blanks(era.end) };
        let year = number::any(self.f, start)?;
        let found = |year: Number, month: Option<Number>, day: Option<Number>, end: usize| {
            let value = |n: Option<Number>| n.map(|n| n.value);
            let western = era::western(era.number, year.value, value(month), value(day));
            let western = western.filter(|(date, _)| date.exists());
            let date = western.filter(|w| w.1 != Fit::Before).map(|w| w.0);
            let fit = western.map(|w| w.1);
            Found { start: i, end, date, fit, era: Some(era), year: Some(year), month, day, bare: false, levels: None }
        };
        if year.len() == 6 && letter {
            let [year, month, day] = self.packed(year, [2, 2, 2])?;
            let found = found(year, Some(month), Some(day), day.end);
            return (found.date.is_some() && !self.f.is_alnum(day.end)).then_some(found);
        }
        if year.len() > 2 && year.style == number::Style::Digits {
            return None;
        }
        if let Some((month, day, end)) = self.marked(year) {
            return Some(found(year, month, day, end));
        }
        let (month, day, separator) = self.separated(year).filter(|s| s.1.len() <= 2)?;
        let found = found(year, Some(month), Some(day), day.end);
        let plausible = (1..=12).contains(&month.value) && (1..=31).contains(&day.value);
        // R1.4.30 is a slip, and a date all the same.
        if !letter || separator == '.' {
            return plausible.then_some(found);
        }
        let padded = [year, month].iter().any(|n| n.len() == 2 && self.f.at(n.start) == '0');
        let ascending = month.value == year.value + 1 && day.value == month.value + 1;
        let levels = ascending.then(|| (self.f.at(i), padded));
        found.date.is_some().then_some(Found { levels, ..found })
    }

    /// Cuts a run of digits into parts.
    fn packed<const N: usize>(&self, run: Number, widths: [usize; N]) -> Option<[Number; N]> {
        let mut out = [run; N];
        let mut start = run.start;
        for (part, width) in out.iter_mut().zip(widths) {
            let end = start + width;
            let value = self.f.slice(start, end).iter().try_fold(0, |n, c| Some(n * 10 + c.to_digit(10)?))?;
            *part = Number { start, end, value, ..run };
            start = end;
        }
        Some(out)
    }

    fn western(start: usize, year: Number, month: Option<Number>, day: Option<Number>, end: usize) -> Found {
        let value = |n: Option<Number>| n.map(|n| n.value);
        let date = Civil { year: year.value, month: value(month), day: value(day) };
        let date = Some(date).filter(|d| d.exists() && (1868..=2200).contains(&d.year));
        Found { start, end, date, fit: None, era: None, year: Some(year), month, day, bare: false, levels: None }
    }

    /// A date whose parts are known but not what they say.
    const fn open(start: usize, end: usize, day: Number) -> Found {
        Found {
            start,
            end,
            date: None,
            fit: None,
            era: None,
            year: None,
            month: None,
            day: Some(day),
            bare: false,
            levels: None,
        }
    }

    fn digits(&self, i: usize) -> Option<Found> {
        let first = number::digits(self.f, i)?;
        match first.len() {
            8 if self.f.kind(first.end) != Kind::Digit => {
                let [year, month, day] = self.packed(first, [4, 2, 2])?;
                let found = Self::western(i, year, Some(month), Some(day), day.end);
                found.date.is_some().then_some(found)
            }
            4 => {
                if let Some((month, day, end)) = self.marked(first) {
                    return Some(Self::western(i, first, month, day, end)).filter(|f| f.date.is_some() || f.has_day());
                }
                let (month, day, _) = self.separated(first).filter(|s| s.1.len() <= 2)?;
                Some(Self::western(i, first, Some(month), Some(day), day.end)).filter(|f| f.date.is_some())
            }
            1 | 2 => self.short(first),
            _ => None,
        }
    }

    /// Dates that begin with one or two digits.
    fn short(&self, first: Number) -> Option<Found> {
        let i = first.start;
        let plausible = |month: u32, day: u32| (1..=12).contains(&month) && (1..=31).contains(&day);
        if let Some((month, Some(day), end)) = self.month_day(i) {
            return plausible(month.value, day.value).then_some(Self::open(i, end, day));
        }
        if let Some(found) = self.day_first(first) {
            return Some(found);
        }
        if let Some((second, third, separator)) = self.separated(first) {
            let day_or_month_first = third.len() == 4 && (1868..=2200).contains(&third.value);
            if day_or_month_first && (plausible(first.value, second.value) || plausible(second.value, first.value)) {
                return Some(Self::open(i, third.end, first));
            }
            let ascending = second.value == first.value + 1 && third.value == second.value + 1;
            let two = first.len() == 2 || separator == '/';
            let is_date = third.len() <= 2 && two && !ascending && plausible(second.value, third.value);
            return is_date.then_some(Self::open(i, third.end, third));
        }
        self.bare(first)
    }

    /// `5/1`: a day only by what stands around it.
    fn bare(&self, first: Number) -> Option<Found> {
        let before = first.start.checked_sub(1).map_or(' ', |i| self.f.at(i));
        let second = (self.f.at(first.end) == '/').then(|| number::digits(self.f, first.end + 1))??;
        let free = !before.is_alphabetic() || self.f.is_cjk(first.start - 1);
        let after = self.f.at(second.end);
        let ends = !matches!(after, '/' | '.' | '%' | '-' | '*') && self.f.kind(second.end) != Kind::Letter;
        let plausible = (1..=12).contains(&first.value) && (1..=31).contains(&second.value) && second.len() <= 2;
        let mark = matches!(before, '/' | '.' | '-' | '+' | '*' | '#' | '_');
        (free && !mark && ends && plausible)
            .then_some(Found { bare: true, ..Self::open(first.start, second.end, second) })
    }

    /// `5-Mar-1958`, `5th March 1958`, `5 Mar`.
    fn day_first(&self, day: Number) -> Option<Found> {
        let mut at = day.end;
        if ["st", "nd", "rd", "th"].iter().any(|ending| self.f.has(at, ending)) {
            at += 2;
        }
        at = self.gap(at);
        let month = number::month_name(self.f, at)?;
        if !(1..=31).contains(&day.value) {
            return None;
        }
        let next = self.gap(month.end);
        let year = number::digits(self.f, next);
        if let Some(year) = year.filter(|y| y.len() == 4) {
            return Some(Self::western(day.start, year, Some(month), Some(day), year.end));
        }
        let two = year.filter(|y| y.len() == 2 && next > month.end);
        Some(Self::open(day.start, two.map_or(month.end, |y| y.end), day))
    }

    /// At most two marks or blanks between the parts of a date in English.
    fn gap(&self, i: usize) -> usize {
        self.f.run(i, |j| j < i + 2 && matches!(self.f.at(j), ' ' | '-' | '.' | ',' | '/'))
    }

    /// `March 5, 1958`, `Mar 5`.
    fn month_first(&self, i: usize) -> Option<Found> {
        let month = number::month_name(self.f, i)?;
        let day =
            number::digits(self.f, self.gap(month.end)).filter(|d| d.len() <= 2 && (1..=31).contains(&d.value))?;
        let mut at = day.end;
        if ["st", "nd", "rd", "th"].iter().any(|ending| self.f.has(at, ending)) {
            at += 2;
        }
        let year = number::digits(self.f, self.gap(at)).filter(|y| y.len() == 4);
        Some(match year {
            Some(year) => Self::western(i, year, Some(month), Some(day), year.end),
            None => Self::open(i, at, day),
        })
    }

    /// Dates that begin with kanji numerals.
    fn kanji(&self, i: usize) -> Option<Found> {
        if self.f.before(i) == Kind::Kanji && i.checked_sub(1).is_some_and(|j| number::kanji(self.f, j).is_some()) {
            return None;
        }
        let first = number::kanji(self.f, i)?;
        if first.len() == 4 {
            let (month, day, end) = self.marked(first)?;
            return Some(Self::western(i, first, month, day, end)).filter(|f| f.date.is_some());
        }
        let (month, day, end) = self.month_day(i)?;
        let day = day?;
        ((1..=12).contains(&month.value) && (1..=31).contains(&day.value)).then_some(Self::open(i, end, day))
    }
}
