//! Numbers and days of texts whose digits are spread over several runs, or that count behind a label only.

use crate::date;
use crate::kinds::Kind;
use crate::runs::{Word, single};
use std::collections::HashMap;

/// What is looked for.
#[derive(Default)]
pub struct Numbers {
    /// Letters and digits, without zeros before them.
    known: HashMap<String, Kind>,
    /// Short numbers, that count behind a label.
    labelled: HashMap<String, Kind>,
    days: Vec<i64>,
}

/// Digits that count when they are spread over several runs, and those that do with hyphens alone between them.
const SPREAD: usize = 8;
const HYPHENED: usize = 6;
/// Runs that a number is spread over.
const MOST_RUNS: usize = 6;
/// Letters before the digits of a number.
const LONGEST_PREFIX: usize = 4;
/// Signs between a label and its number.
const WIDEST_GAP: usize = 3;

const ID_LABELS: &str = "id pid mrn no chart 患者番号 番号 カルテ番号 診察券 登録番号";

impl Numbers {
    /// A number: its letters and digits.
    pub fn number(&mut self, text: &str, kind: Kind) {
        let bare: String = text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
        let (stripped, digits) = (bare.trim_start_matches('0'), bare.bytes().filter(u8::is_ascii_digit).count());
        let several = bare.bytes().any(|b| Some(&b) != bare.as_bytes().first());
        if digits >= HYPHENED && stripped.len() >= HYPHENED && several {
            self.known.insert(stripped.to_owned(), kind);
            if kind == Kind::Phone && stripped.len() < bare.len() {
                self.known.insert(format!("81{stripped}"), kind);
            }
        } else if kind == Kind::Id && (3..HYPHENED).contains(&stripped.len()) && digits == bare.len() {
            self.labelled.insert(stripped.to_owned(), kind);
        }
    }

    /// A calendar day.
    pub fn day(&mut self, (y, m, d): (i64, i64, i64)) {
        self.days.push(date::days_of(y, m, d));
    }

    /// Adds all of another's.
    pub fn append(&mut self, other: &Self) {
        for (own, theirs) in [(&mut self.known, &other.known), (&mut self.labelled, &other.labelled)] {
            for (number, kind) in theirs {
                own.insert(number.clone(), *kind);
            }
        }
        for day in &other.days {
            if !self.days.contains(day) {
                self.days.push(*day);
            }
        }
    }

    /// True where nothing is looked for.
    pub fn is_empty(&self) -> bool {
        self.known.is_empty() && self.labelled.is_empty() && self.days.is_empty()
    }

    /// A number that begins with word `i`: behind a label, spread over several runs, or a day.
    pub fn at(&self, words: &[Word<'_>], i: usize) -> Option<Kind> {
        let w = words.get(i)?;
        if !w.text.bytes().any(|b| b.is_ascii_digit()) && w.text.len() > LONGEST_PREFIX {
            return None;
        }
        let label =
            i.checked_sub(1).and_then(|b| words.get(b)).is_some_and(|b| ID_LABELS.split(' ').any(|l| l == b.text));
        if label && w.gap.chars().count() <= WIDEST_GAP && self.labelled.contains_key(w.text.trim_start_matches('0')) {
            return Some(Kind::Id);
        }
        self.spread(words.get(i..)?).or_else(|| self.is_day(words.get(i..i + 3)?).then_some(Kind::Date))
    }

    /// Letters and digits with one sign between each two runs.
    fn spread(&self, words: &[Word<'_>]) -> Option<Kind> {
        if self.known.is_empty() {
            return None;
        }
        let (mut all, mut hyphens, mut points) = (String::new(), true, 0);
        for (i, w) in words.iter().take(MOST_RUNS).enumerate() {
            if i > 0 {
                let sign = single(w.gap).filter(|c| "-_./・: ()#*+‐–—−ー".contains(*c))?;
                hyphens &= matches!(sign, '-' | '‐' | '–' | '—' | '−' | 'ー');
                points += u8::from(sign == '.');
            }
            all.push_str(w.text);
            let kind = self.known.get(all.trim_start_matches('0')).copied();
            // Two runs with one point between them are a measure.
            let measure = i == 1 && points == 1;
            if i > 0 && kind.is_some() && !measure && all.len() >= if hyphens { HYPHENED } else { SPREAD } {
                return kind;
            }
        }
        None
    }

    /// Year, month and day in digits, or the year last, with any sign between them.
    fn is_day(&self, words: &[Word<'_>]) -> bool {
        let [first, second, third] = words else { return false };
        if self.days.is_empty() || single(second.gap).is_none() || single(third.gap).is_none() {
            return false;
        }
        let known = |year: &Word<'_>, month: &Word<'_>, day: &Word<'_>| {
            let two = |w: &Word<'_>| w.text.parse::<i64>().ok().filter(|_| w.text.len() <= 2);
            let (Ok(y), Some(m), Some(d)) = (year.text.parse::<i64>(), two(month), two(day)) else { return false };
            year.text.len() == 4
                && (1..=12).contains(&m)
                && (1..=31).contains(&d)
                && self.days.contains(&date::days_of(y, m, d))
        };
        known(first, second, third) || known(third, second, first) || known(third, first, second)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
    use super::*;
    use crate::tokens::{Tokens, find, folded};

    #[test]
    fn numbers_with_signs_between() {
        let mut t = Tokens::default();
        t.numbers.number("0048213579", Kind::Id);
        t.numbers.number("4711", Kind::Id);
        t.numbers.number("03-5555-0147", Kind::Phone);
        t.numbers.day((2024, 6, 11));
        for (text, hit) in [
            ("0048 213 579", true),
            ("48/213/579", true),
            ("0048_2135_79", true),
            ("４８２１３・５７９", true),
            ("0.48213579", false),
            ("ID: 04711", true),
            ("4711 mm", false),
            ("(03)5555-0147", true),
            ("03 5555 0147", true),
            ("+81 3 5555 0147", true),
            ("2024・06・11", true),
            ("11 06 2024", true),
            ("2024 06 12", false),
        ] {
            assert_eq!(find(core::iter::once(&t), &folded(text)).is_some(), hit, "{text}");
        }
    }
}
