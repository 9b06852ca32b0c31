//! Numbers and days: with other zeros, hyphens and separators.

use super::{LONG, Speller};
use crate::date::{self, Stands};
use crate::kinds::Kind;
use crate::search::Weigh;

/// Where hyphens are put into a number of digits alone.
const CUTS: [(usize, Option<usize>); 6] =
    [(2, Some(5)), (4, None), (3, Some(6)), (3, Some(7)), (3, None), (2, Some(6))];

impl Speller {
    /// Digits of a number: as written, without separators, with other zeros before them, with hyphens.
    #[inline(never)]
    pub(super) fn number(&mut self, text: &str) {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        let stripped = digits.trim_start_matches('0');
        self.out.tokens.numbers.number(text, self.kind);
        // A round or repeated number is no one's.
        if stripped.len() < LONG.min(digits.len())
            || digits.len() < LONG
            || digits.bytes().all(|b| Some(&b) == digits.as_bytes().first())
        {
            return;
        }
        self.ascii(&digits, Weigh::Number);
        if stripped.len() >= LONG {
            self.add(stripped.as_bytes(), Weigh::Padded);
        }
        if self.kind == Kind::Phone && stripped.len() != digits.len() {
            // The number as it is dialled from abroad (81: Japan).
            self.add(format!("81{stripped}").as_bytes(), Weigh::Number);
        }
        if digits.len() == text.len() {
            for (a, b) in CUTS {
                if let (Some(x), Some(rest)) = (digits.get(..a), digits.get(a..)) {
                    let cut = b.and_then(|b: usize| rest.split_at_checked(b - a));
                    let form = cut.map_or_else(|| format!("{x}-{rest}"), |(y, z)| format!("{x}-{y}-{z}"));
                    self.add(form.as_bytes(), Weigh::Number);
                }
            }
        }
    }

    #[inline(never)]
    pub(super) fn date(&mut self, value: &[u8]) {
        let Some(ymd) = date::ymd(crate::entry::trim(value))
            .filter(|(y, m, d)| (1901..2100).contains(y) && (*y, *m, *d) != (1901, 1, 1))
        else {
            return;
        };
        self.out.tokens.numbers.day(ymd);
        for (form, stands) in date::ascii_spellings(ymd) {
            let weigh = match stands {
                Stands::Day => Weigh::Day,
                Stands::Number => Weigh::Number,
                Stands::Word => Weigh::Word,
            };
            self.add(form.as_bytes(), weigh);
            if weigh == Weigh::Day {
                self.wide(&form);
            }
        }
        for form in date::japanese_spellings(ymd) {
            for w in crate::text::written(&form) {
                self.encoded(&w);
            }
        }
    }
}
