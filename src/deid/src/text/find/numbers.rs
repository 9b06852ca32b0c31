//! Numbers and addresses that identify by their form: telephone and postal codes, mail, links, UIDs, long numbers.

use super::View;
use crate::text::date::Scanner;
use crate::text::fold::Kind;

/// Digits in a row that are no measure: IDs, serials, order numbers.
const LONG: usize = 7;
/// Longest UID (PS3.5 9.1).
const UID_MAX: usize = 64;

impl View<'_> {
    pub(super) fn find_numbers(&mut self) {
        let f = self.f;
        let mut linked = 0;
        for i in 0..f.len() {
            match f.at(i) {
                '@' => self.mail(i),
                'h' | 'w' | 'f' if i >= linked && f.before(i) != Kind::Letter => linked = self.link(i),
                '〒' => self.postal(i + 1),
                '(' | '+' => self.phone(i),
                '0'..='9' if f.before(i) != Kind::Digit => {
                    self.phone(i);
                    self.run_of_digits(i);
                }
                _ => {}
            }
        }
    }

    fn mail(&mut self, at: usize) {
        let f = self.f;
        let part = |j: usize| {
            f.kind(j) == Kind::Letter && f.at(j).is_ascii()
                || f.kind(j) == Kind::Digit
                || matches!(f.at(j), '.' | '-' | '_' | '+')
        };
        let mut start = at;
        while start > 0 && part(start - 1) {
            start -= 1;
        }
        let end = f.whole_run(at + 1, part);
        if start < at && end > at + 1 {
            self.hit(start, end);
        }
    }

    /// The end of a link.
    fn link(&mut self, i: usize) -> usize {
        let f = self.f;
        if ["http://", "https://", "ftp://", "www."].iter().any(|begin| f.has(i, begin)) {
            let end = f.whole_run(i, |j| f.at(j).is_ascii_graphic() && !matches!(f.at(j), '"' | '<' | '>'));
            self.hit(i, end);
            return end;
        }
        i
    }

    fn postal(&mut self, at: usize) {
        let f = self.f;
        let start = f.run(at, |j| j < at + 2 && f.kind(j) == Kind::Space);
        let end = f.run(start, |j| f.kind(j) == Kind::Digit || f.at(j) == '-');
        self.hit(start, end);
    }

    /// Groups of digits joined by hyphens or brackets, ten or eleven in all; the first is a zero, or a country's code.
    fn phone(&mut self, start: usize) {
        let f = self.f;
        let first = f.run(start, |j| j < start + 3 && matches!(f.at(j), '(' | '+'));
        let foreign = f.at(start) == '+';
        let (mut at, mut digits, mut groups, mut dotted) = (first, 0, 0, false);
        let mut end = start;
        while f.kind(at) == Kind::Digit {
            let stop = f.whole_run(at, |j| f.kind(j) == Kind::Digit);
            digits += stop - at;
            groups += 1;
            end = stop;
            let next = f.run(stop, |j| j < stop + 2 && matches!(f.at(j), '-' | '(' | ')' | ' '));
            // 090.1234.5678; 0.1234567890 is a measure.
            let dot = next == stop && f.at(stop) == '.' && stop - at > 1;
            dotted |= dot;
            let next = if dot { stop + 1 } else { next };
            // Behind a blank a group has three digits and more: 097-524-4285 3D.
            let apart = (stop..next).any(|j| f.kind(j) == Kind::Space);
            let short = f.run(next, |j| f.kind(j) == Kind::Digit) - next < 3;
            if next == stop || digits > 15 || apart && short {
                break;
            }
            at = next;
        }
        let home = f.at(first) == '0' && (10..=11).contains(&digits) && groups >= if dotted { 3 } else { 2 }
            || f.at(first) == '0' && digits == 11 && groups == 1;
        let abroad =
            foreign && (9..=15).contains(&digits) || groups == 3 && digits == 10 && self.is_american(start, end);
        if home || abroad {
            self.hit(start, end);
        }
    }

    /// (555) 123-4567, 555-123-4567; 123-45-6789 is a social security number.
    fn is_american(&self, start: usize, end: usize) -> bool {
        let joined = (start..end).filter(|&j| matches!(self.f.at(j), '-' | '(' | ')')).count();
        joined >= 2
    }

    /// 20240501 may move.
    fn is_date(&self, start: usize, end: usize) -> bool {
        Scanner::new(self.f).at(start).is_some_and(|found| found.end == end)
    }

    fn run_of_digits(&mut self, i: usize) {
        let f = self.f;
        let end = f.whole_run(i, |j| f.kind(j) == Kind::Digit);
        // 1.2.840.113619: a UID.
        let dotted = f.run(i, |j| {
            j < i + UID_MAX && (f.kind(j) == Kind::Digit || f.at(j) == '.' && f.kind(j + 1) == Kind::Digit)
        });
        let dots = (i..dotted).filter(|&j| f.at(j) == '.').count();
        let within = i > 0 && f.at(i - 1) == '.';
        if dots >= 4 && dotted - i >= 12 {
            self.hit(i, dotted);
        } else if end - i >= LONG && !within && f.at(end) != '.' && !self.is_date(i, end) {
            self.hit(i, end);
        }
        // Social security numbers, and groups like card numbers.
        let grouped = f.run(i, |j| {
            j < i + UID_MAX && (f.kind(j) == Kind::Digit || f.at(j) == '-' && f.kind(j + 1) == Kind::Digit)
        });
        let groups = || f.slice(i, grouped).split(|&c| c == '-').map(<[char]>::len);
        let cards = [&[3, 2, 4][..], &[4, 4, 4, 4], &[4, 4, 4]];
        if grouped > end && cards.iter().any(|card| groups().eq(card.iter().copied())) {
            self.hit(i, grouped);
        }
    }
}
