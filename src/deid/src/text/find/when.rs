//! Dates with a day, times of day, and ages that few people reach.

use super::{Hit, Rules, View};
use crate::text::date::{Found, Scanner};
use crate::text::fold::Kind;
use crate::text::lists::Mark;

/// Characters beside a bare `5/1` that are asked what it is.
const NEAR: usize = 12;

impl View<'_> {
    pub(super) fn find_when(&mut self, rules: Rules) {
        let scanner = Scanner::new(self.f);
        let mut end = 0;
        for nth in 0..self.listed.places.len() {
            let Some(i) = self.place(nth) else { break };
            if i < end {
                continue;
            }
            let found = scanner.at(i).filter(|found| self.is_day(found));
            if let Some(found) = found {
                self.day(found, rules);
                end = found.end;
                continue;
            }
            if self.f.kind(i) == Kind::Digit && self.f.before(i) != Kind::Digit {
                self.age(i, rules);
                if !rules.shifts {
                    self.time(i);
                }
            }
        }
    }

    fn day(&mut self, found: Found, rules: Rules) {
        if !found.has_day() {
            // A month or a year: known to be one, it moves with the days.
            if rules.shifts && found.date.is_some() {
                self.hits.push(Hit { start: found.start, end: found.end, date: Some(found), label: None });
            }
            return;
        }
        let birth =
            found.date.is_some_and(|d| self.lexicon.births.contains(&d)) || matches!(self.f.at(found.end), '生');
        let date = Some(found).filter(|_| !birth && found.date.is_some());
        self.hits.push(Hit { start: found.start, end: found.end, date, label: None });
    }

    /// Whether a bare `5/1` is a day: by the words beside it, or since it is no fraction and no pair of levels.
    fn is_day(&self, found: &Found) -> bool {
        if !found.bare {
            return true;
        }
        let near_day = self.has_near(found, Mark::Day);
        if self.is_unit(found.end) || self.has_near(found, Mark::NotDay) && !near_day {
            return false;
        }
        let text = self.f.text(found.start, found.end);
        let (first, second) = text.split_once('/').unwrap_or_default();
        let (a, b): (u32, u32) = (first.parse().unwrap_or(0), second.parse().unwrap_or(0));
        let levels = b == a + 1;
        let fraction = a < b && a <= 3 && b <= 10 || a == b;
        near_day || !levels && !fraction
    }

    fn has_near(&self, found: &Found, kind: Mark) -> bool {
        let from = found.start.saturating_sub(NEAR);
        let before = (from..found.start)
            .any(|i| self.mark(i, kind).is_some_and(|len| i + len + 6 >= found.start || kind == Mark::Day));
        let after = (found.end..found.end + 2).any(|i| self.mark(i, kind).is_some());
        before || after
    }

    /// 102歳, 95 y/o, 092Y.
    fn age(&mut self, i: usize, rules: Rules) {
        let f = self.f;
        let end = f.whole_run(i, |j| f.kind(j) == Kind::Digit);
        let value = if end - i <= 3 { self.number_of(i, end).unwrap_or(0) } else { 0 };
        if value < rules.age_cap || value >= 130 {
            return;
        }
        let at = f.run(end, |j| j < end + 1 && matches!(f.at(j), ' ' | '-'));
        let kanji = matches!(f.at(at), '歳' | '才');
        let stop = f.run(at, |j| f.kind(j) == Kind::Letter || f.at(j) == '/');
        let years = ["y", "y/o", "yo", "yr", "yrs", "year", "years", "yom", "yof"];
        if kanji || years.iter().any(|word| f.is(at, stop, word)) {
            self.hit(i, if kanji { at + 1 } else { stop });
        }
    }

    /// The number that a few digits are.
    fn number_of(&self, start: usize, end: usize) -> Option<u32> {
        let digits = Some(self.f.slice(start, end)).filter(|digits| !digits.is_empty());
        digits?.iter().try_fold(0, |n, c| Some(n * 10 + c.to_digit(10)?))
    }

    /// 10:32, 10:32:05, 10時32分.
    fn time(&mut self, i: usize) {
        let f = self.f;
        let two = |at: usize| f.run(at, |j| f.kind(j) == Kind::Digit && j < at + 3);
        let number = |from: usize, to: usize| self.number_of(from, to).unwrap_or(99);
        let hour = two(i);
        if f.at(hour) != ':' && f.at(hour) != '時' {
            return;
        }
        let minute = two(hour + 1);
        let valid = hour - i <= 2 && number(i, hour) < 24 && minute == hour + 3 && number(hour + 1, minute) < 60;
        if !valid || f.is_alnum(minute) || f.before(i) == Kind::Letter {
            return;
        }
        let second = two(minute + 1);
        let end = if f.at(minute) == ':' && second == minute + 3 { second } else { minute };
        let end = if f.at(end) == '分' { end + 1 } else { end };
        self.hit(i, end);
    }
}
