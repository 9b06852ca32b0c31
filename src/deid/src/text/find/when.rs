//! Dates with a day, times of day, and ages that few people reach.

use super::{Hit, Rules, View};
use crate::text::date::{Found, Scanner};
use crate::text::fold::Kind;
use crate::text::lists::Mark;

/// What tells that letters and numbers are vertebrae or ribs.
const LEVELS: [&str; 9] = ["椎", "脊", "肋", "圧迫骨折", "spin", "vertebra", "thoracic", "rib", "disc"];
/// Words right before or behind numbers with a slash that are no day.
const BEFORE: [&str; 10] = ["第", "th", "grade", "stage", "level", "part", "phase", "score", "nrs", "vas"];
const BEHIND: [&str; 5] = ["区域", "箇所", "ヶ所", " nrs", " vas"];
/// What makes a word of visits one of plans: 検査目的 1/3.
const PLANS: [&str; 5] = ["目的", "部位", "項目", "方法", "内容"];
/// Behind a third or two: a fraction; its largest denominator, as that of murmurs.
const FRACTIONS: [&str; 4] = ["以下", "以上", "程度", "未満"];
const DENOMINATOR: u32 = 6;
/// Parts of the body and sides: 2/3 of them is a fraction, 5/20 beside them is a day.
const PARTS: &str = "上中下葉肺骨椎肢断片";
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

    /// Whether `S8/9/10` is a day: S1/2/3 are vertebrae or segments unless somebody was born then; eras of today are eras, and
    /// with zeros it is a day unless vertebrae stand beside it.
    fn is_level(&self, found: &Found, (letter, padded): (char, bool)) -> bool {
        let birth = self.f.at(self.f.run(found.end, |i| i == found.end && self.f.kind(i) == Kind::Space)) == '生'
            || found.date.is_some_and(|day| self.lexicon.births.contains(&day))
            || self.has_near(found, Mark::Birth);
        let from = found.start.saturating_sub(NEAR);
        let beside = || (from..found.end + NEAR).any(|i| LEVELS.iter().any(|word| self.f.has(i, word)));
        !birth && !matches!(letter, 'h' | 'r') && (!padded || letter == 't' && beside())
    }

    /// True where what touches a bare `5/1` tells that it is a count, a grade or a fraction.
    fn is_counted(&self, found: &Found, fraction: bool) -> bool {
        let f = self.f;
        let blank = usize::from(f.before(found.start) == Kind::Space);
        let end = found.start - blank;
        let before = |word: &&str| {
            let start = end.checked_sub(word.chars().count());
            start.is_some_and(|start| f.has(start, word) && (f.is_cjk(start) || f.before(start) != Kind::Letter))
        };
        let behind = |word: &&str| f.has(found.end, word);
        BEFORE.iter().any(before)
            || BEHIND.iter().any(behind)
            || fraction && FRACTIONS.iter().any(|word| f.has(found.end, word) || f.has(found.end + 1, word))
    }

    /// Whether a bare `5/1` is a day: by the words beside it, or since it is no fraction and no pair of levels.
    fn is_day(&self, found: &Found) -> bool {
        if let Some(levels) = found.levels {
            return !self.is_level(found, levels);
        }
        if !found.bare {
            return true;
        }
        let text = self.f.text(found.start, found.end);
        let (first, second) = text.split_once('/').unwrap_or_default();
        let (a, b): (u32, u32) = (first.parse().unwrap_or(0), second.parse().unwrap_or(0));
        let levels = b == a + 1;
        let fraction = a < b && a <= 3 && b <= DENOMINATOR || a == b;
        let near_day = self.has_near(found, Mark::Day);
        let says = |i: usize| levels || fraction || !PARTS.contains(self.f.at(i));
        let no_day = self.is_unit(found.end) || self.near(found, Mark::NotDay).any(says) && !near_day;
        !no_day && !self.is_counted(found, fraction) && (near_day || !levels && !fraction)
    }

    fn has_near(&self, found: &Found, kind: Mark) -> bool {
        self.near(found, kind).next().is_some()
    }

    /// Where marks of a kind stand beside a date.
    fn near(&self, found: &Found, kind: Mark) -> impl Iterator<Item = usize> {
        let (start, end) = (found.start, found.end);
        let fits = move |i: usize, len: usize| match kind {
            Mark::Day => !PLANS.iter().any(|plan| self.f.has(i + len, plan)),
            _ => i >= end || i + len + 6 >= start,
        };
        let places = (start.saturating_sub(NEAR)..start).chain(end..end + 2);
        places.filter(move |&i| self.mark(i, kind).is_some_and(|len| fits(i, len)))
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
