//! Rooms, beds and streets by their numbers.

use super::View;
use crate::text::fold::Kind;
use crate::text::lists::{Mark, Word};

/// Most numbers of a house, most words of its town, and the longest town in kanji.
const HOUSE_MAX: usize = 4;
const TOWNS: usize = 4;
const TOWN: usize = 8;
/// What stands behind the names of towns.
const TOWN_SUFFIXES: [&str; 8] = ["ku", "shi", "cho", "chou", "machi", "mura", "gun", "chome"];

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
        self.house(i);
    }

    /// `1-2-3 例示町`, `1-2-3 Reiji-cho`: a town behind the number of a house.
    fn house(&mut self, start: usize) {
        let f = self.f;
        if start > 0 && matches!(f.at(start - 1), '-' | '.') {
            return;
        }
        let end = f.run(start, |j| f.kind(j) == Kind::Digit || f.at(j) == '-' && f.kind(j + 1) == Kind::Digit);
        let groups = f.slice(start, end).split(|&c| c == '-').count();
        let first = f.run(end, |j| j < end + 2 && matches!(f.at(j), ' ' | ','));
        if first == end || groups > HOUSE_MAX {
            return;
        }
        if f.is_cjk(first) {
            let stop = f.run(first, |j| j < first + TOWN && f.is_cjk(j));
            let town = stop - first > 2 && self.mark(stop - 1, Mark::Municipal).is_some();
            // 3-5 本町 川口市
            let blank = usize::from(f.kind(stop) == Kind::Space);
            let next = f.run(stop + blank, |j| j < stop + TOWN && f.is_cjk(j));
            let city = next > stop + blank + 1 && self.mark(next - 1, Mark::Municipal).is_some();
            let long = |i: usize| self.word(i, stop).is_some();
            if (town || city && stop - first > 1) && (groups > 1 || self.is_numbered(stop + blank)) && !long(first) {
                self.hit(start, if city { next } else { stop });
            }
        } else if groups > 1 {
            let mut at = first;
            let mut last = None;
            for _ in 0..TOWNS {
                let stop = self.word_end(at);
                if stop == at || !self.is_capital(at) {
                    break;
                }
                let town = self.town_suffix(stop);
                last = town.or(last);
                let behind = town.unwrap_or(stop);
                at = f.run(behind, |j| j < behind + 2 && matches!(f.at(j), ' ' | ','));
            }
            if let Some(last) = last {
                self.hit(start, last);
            }
        }
    }

    /// 5丁目, 12-3: numbers of a town.
    fn is_numbered(&self, at: usize) -> bool {
        let f = self.f;
        let end = f.run(at, |j| f.kind(j) == Kind::Digit);
        end > at && (matches!(f.at(end), '丁' | '番') || f.at(end) == '-' && f.kind(end + 1) == Kind::Digit)
    }

    /// The end of `-cho` behind the name of a town.
    fn town_suffix(&self, at: usize) -> Option<usize> {
        let end = self.word_end(at + 1);
        let suffix = self.f.at(at) == '-' && TOWN_SUFFIXES.iter().any(|suffix| self.f.is(at + 1, end, suffix));
        suffix.then_some(end)
    }

    /// `Kita-ku`: a town that no harmless word is called.
    pub(super) fn english_town(&mut self, i: usize) {
        let end = self.word_end(i);
        if let Some(stop) = self.town_suffix(end).filter(|_| end - i > 2 && !self.is_known_word(i, end)) {
            self.hit(i, stop);
        }
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
