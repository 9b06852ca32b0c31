//! Rooms, beds and streets by their numbers.

use super::View;
use crate::text::fold::Kind;
use crate::text::lists::{Mark, Word};

impl View<'_> {
    /// 301号室, 2番ベッド, 3階東病棟
    pub(super) fn numbered(&mut self, i: usize) {
        let f = self.f;
        let digits = f.run(i, |j| f.kind(j) == Kind::Digit);
        if digits - i <= 4 && f.has(digits, "号室") {
            self.hit(i, digits + 2);
        }
        let bed = if f.at(digits) == '番' { digits + 1 } else { digits };
        if digits - i <= 2 && f.has(bed, "ベツド") {
            self.hit(i, bed + 3);
        }
        let mut at = if f.at(digits) == '階' { digits + 1 } else { digits };
        at = f.run(at, |j| {
            j < digits + 3 && (matches!(f.at(j), '東' | '西' | '南' | '北' | '中' | '央') || f.kind(j) == Kind::Letter)
        });
        if digits - i <= 2 && f.has(at, "病棟") {
            self.hit(i, at + 2);
        }
        self.street(i, digits);
    }

    /// 病室301, ベッド2
    pub(super) fn room(&mut self, i: usize) {
        let f = self.f;
        let Some(len) = [("病室", 2), ("号室", 2)].iter().find(|w| f.has(i, w.0)).map(|w| w.1) else { return };
        let start = f.run(i + len, |j| j < i + len + 2 && matches!(f.at(j), ' ' | ':'));
        let end = f.run(start, |j| f.kind(j) == Kind::Digit);
        if end > start {
            self.hit(start, end);
        }
    }

    /// `Room 301`, `Rm. 12 Bed 3`
    pub(super) fn english_room(&mut self, i: usize) {
        let f = self.f;
        let word = f.at(i) == 'r' && ["room", "rm"].iter().any(|word| f.is(i, self.word_end(i), word));
        if !word {
            return;
        }
        let mut at = self.word_end(i);
        at = f.run(at, |j| j < i + 8 && matches!(f.at(j), ' ' | '.' | '#' | ':'));
        let mut end = f.run(at, |j| f.is_alnum(j) || f.at(j) == '-');
        if f.kind(at) != Kind::Digit {
            return;
        }
        if f.has(end, " bed ") {
            end = f.run(end + 5, |j| f.is_alnum(j));
        }
        self.hit(i, end);
    }

    /// `12 Main Street`
    fn street(&mut self, start: usize, digits: usize) {
        let f = self.f;
        let mut at = digits;
        let mut medical = true;
        for _ in 0..3 {
            if f.kind(at) != Kind::Space || f.kind(at + 1) != Kind::Letter {
                return;
            }
            let (word, end) = (at + 1, self.word_end(at + 1));
            let named = word > digits + 1;
            if named && self.is_mark(word, end, Mark::Street) {
                // 5 Cardiac CT is no court.
                if !medical {
                    self.hit(start, end);
                }
                return;
            }
            let class = self.word(word, end);
            medical &= matches!(class, Some(Word::Body | Word::Modality | Word::Technique | Word::Clinical));
            if self.is_known_word(word, end) && end - word < 4 || !self.is_capital(word) {
                return;
            }
            at = end;
        }
    }
}
