//! Dates as people write them: with eras, kanji numerals, month names, and every separator.

mod era;
mod number;
mod read;
mod scan;
mod write;

pub use read::{Reading, read};
pub(super) use scan::{Found, Scanner};
pub(super) use write::moved;

use super::fold::Folded;

/// True where a month's name stands, whole or short.
pub(super) fn is_month(f: &Folded, i: usize) -> bool {
    number::month_name(f, i).is_some()
}

/// A day of the calendar, or a month or a year of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Civil {
    pub year: u32,
    pub month: Option<u32>,
    pub day: Option<u32>,
}

impl Civil {
    /// `YYYYMMDD`, the middle standing for what is missing.
    fn packed(self) -> String {
        format!("{:04}{:02}{:02}", self.year, self.month.unwrap_or(7), self.day.unwrap_or(15))
    }

    /// True for a day, a month or a year that exists.
    pub(super) fn exists(self) -> bool {
        self.year > 0 && crate::transform::date::shift_dates(&self.packed(), 0).is_some()
    }

    /// Moved by whole days, in its precision.
    pub(super) fn shifted(self, days: i32) -> Option<Self> {
        let text = crate::transform::date::shift_dates(&self.packed(), days)?;
        let part = |from: usize, to: usize| text.get(from..to)?.parse().ok();
        Some(Self { year: part(0, 4)?, month: self.month.and(part(4, 6)), day: self.day.and(part(6, 8)) })
    }

    /// A day in digits alone: whole, with two-digit years, with the era's letter and code.
    pub(super) fn forms(self) -> Vec<String> {
        let (Some(month), Some(day)) = (self.month, self.day) else { return Vec::new() };
        let mut forms = vec![self.packed(), format!("{:02}{month:02}{day:02}", self.year % 100)];
        if let Some((number, year)) = era::of(self) {
            let letter = era::ERAS.get(number).map_or(' ', |e| e.1);
            forms.push(format!("{letter}{year:02}{month:02}{day:02}"));
            forms.push(format!("{}{year:02}{month:02}{day:02}", number + 1));
            forms.push(format!("{year:02}{month:02}{day:02}"));
        }
        // IDs are looked for without leading zeros.
        forms.iter().map(|f| f.trim_start_matches('0').to_owned()).collect()
    }

    /// For comparing whole days.
    fn order(self) -> (u32, u32, u32) {
        (self.year, self.month.unwrap_or(12), self.day.unwrap_or(31))
    }
}
