//! What stands behind a label: names, IDs, birth dates, addresses, telephone numbers, occupations.

use super::{Role, View};
use crate::text::fold::Kind;
use crate::text::lists::{Mark, Name};

/// Most marks and blanks between a label and its value.
const GAP: usize = 6;
/// Longest family name in kanji.
const FAMILY_MAX: usize = 5;
/// Kana by themselves behind a label that may be a name though no list has it.
const KANA_MIN: usize = 3;
const KANA_MAX: usize = 7;

const LABELS: [Mark; 8] =
    [Mark::Name, Mark::Maybe, Mark::Id, Mark::Insurance, Mark::Birth, Mark::Address, Mark::Phone, Mark::Occupation];

/// Labels of one kanji, with a colon alone.
const SHORT: [&str; 4] = ["記", "読", "撮", "診"];

impl View<'_> {
    pub(super) fn find_labelled(&mut self) {
        let mut i = 0;
        while i < self.f.len() {
            if self.marks_at(i).is_empty() {
                i += 1;
                continue;
            }
            let found: Vec<(usize, Mark)> =
                self.marks_at(i).iter().filter(|m| LABELS.contains(&m.kind)).map(|m| (m.len, m.kind)).collect();
            let longest = found.iter().map(|m| m.0).max().unwrap_or(0);
            for &(len, kind) in found.iter().filter(|m| m.0 == longest) {
                self.label(i, i + len, kind);
            }
            i += longest.max(1);
        }
    }

    fn label(&mut self, start: usize, end: usize, kind: Mark) {
        // 撮影済 is no label.
        let longer = self
            .piece(self.piece_at(end.saturating_sub(1)))
            .is_some_and(|p| matches!(p.role, Role::Word(_)) && p.end > end);
        if longer && self.f.is_cjk(start) {
            return;
        }
        let (value, colon) = self.value(end);
        // 記: is a label, and else much else.
        let short = SHORT.iter().any(|label| self.f.is(start, end, label));
        if short && (!colon || self.f.is_cjk_before(start)) {
            return;
        }
        // 高見技師 胸部: a title behind its name is no label.
        let named = start.checked_sub(1).and_then(|i| self.piece(self.piece_at(i)));
        let named = named.is_some_and(|p| p.end == start && !matches!(p.role, Role::Word(_)));
        if named && !colon && self.f.is_cjk_before(start) && self.is_mark(start, end, Mark::Title) {
            return;
        }
        self.label = Some((start, end));
        match kind {
            Mark::Name => self.name_value(start, value, colon || self.f.is_cjk(start)),
            Mark::Maybe if colon => self.name_value(start, value, true),
            // Performed by somebody.
            Mark::Maybe if self.f.is(start, end, "by") => self.name_value(start, value, self.is_capital(value)),
            Mark::Maybe => self.listed_value(value),
            Mark::Birth => self.date_value(value),
            Mark::Address => self.address_value(value, colon),
            Mark::Phone => self.number_value(value, 3),
            Mark::Occupation => self.token_value(value),
            _ => self.number_value(value, 2),
        }
        self.label = None;
    }

    /// Where the value of a label begins, and whether a mark says that it is one.
    fn value(&self, end: usize) -> (usize, bool) {
        let f = self.f;
        let mut at = end;
        let mut colon = false;
        while at < end + GAP {
            match f.at(at) {
                ':' | '=' | '】' | ']' | '>' | ')' => colon = true,
                '(' if f.kind(at + 1) == Kind::Digit => break,
                '.' | '#' | '(' | '・' | '-' | '【' | '[' | '"' => {}
                'n' if f.at(at + 1) == 'o' && !matches!(f.kind(at + 2), Kind::Letter) => at += 1,
                _ if f.kind(at) == Kind::Space => {}
                _ => break,
            }
            at += 1;
        }
        (at, colon)
    }

    fn name_value(&mut self, label: usize, value: usize, certain: bool) {
        let mut at = value;
        if let Some(len) = self.mark(at, Mark::Before).filter(|_| self.f.kind(at) == Kind::Letter) {
            at = self.f.run(at + len, |j| j < at + len + 2 && matches!(self.f.at(j), '.' | ' '));
        }
        let latin = self.f.kind(label) == Kind::Letter;
        let end = if self.f.is_cjk(at) {
            let run = self.f.run(at, |j| self.f.kind(j) == Kind::Kanji);
            let end = self.name_from(at, certain);
            // 紹介医：出口, 君津: a family name, though it is a word too.
            let named = self.is_name(at, run, Name::Family) || self.mark(at, Mark::Honorific).is_some();
            let word = certain && end == at && run > at + 1 && !self.f.is_cjk(run) && named;
            if word { self.given_behind(run) } else { end }
        } else {
            self.names_from(at, certain && (!latin || self.is_capital(at)))
        };
        self.hit(at, end);
    }

    /// Only a name of the lists or the lexicon.
    fn listed_value(&mut self, value: usize) {
        let f = self.f;
        if f.is_cjk(value) {
            let named = self
                .piece(self.piece_at(value))
                .is_some_and(|p| p.start == value && matches!(p.role, Role::Family | Role::Known));
            let end = f.run(value, |j| f.is_kana(j));
            let kanji = f.run(value, |j| f.kind(j) == Kind::Kanji);
            let kana = self.is_japanese_name(value, end);
            let unknown = end - value >= KANA_MIN && !self.is_known_word(value, end) && !f.is_cjk(end);
            let whole = kanji > value && !f.is_cjk(kanji) && kanji - value <= FAMILY_MAX;
            let long = |p: &super::Piece| matches!(p.role, Role::Word(_)) && p.end - p.start > 1;
            if named && whole && !self.pieces_of(value, kanji).any(long) {
                // 加茂部 光茂: a name of the lists may be part of another.
                self.hit(value, self.name_from(value, true).max(kanji));
            } else if named {
                self.hit(value, self.name_from(value, false));
            } else if self.is_only_name(value, kanji) || self.is_family_alone(value) {
                self.hit(value, self.name_from(value, true));
            } else if (kana || unknown && self.is_one_kana(value, end)) && !self.is_known_word(value, end) {
                self.hit(value, end);
            }
            return;
        }
        let end = self.word_end(value);
        // by J. Smith
        let next = end + 1 + usize::from(f.kind(end + 1) == Kind::Space);
        if end == value + 1
            && f.at(end) == '.'
            && self.is_capital(next)
            && !self.is_known_word(next, self.word_end(next))
        {
            self.hit(value, self.word_end(next));
            return;
        }
        if let Some(stop) = self.unknown_pair(value) {
            self.hit(value, stop);
            return;
        }
        let word = f.slice(value, end);
        let named = self.lists.by_key(word).is_name(Name::Family) || self.lexicon.latin(word).is_some();
        if named && end > value + 1 && !self.is_known_word(value, end) {
            let (start, end) = self.with_initial(value, end);
            self.hit(start.max(value), end);
        }
    }

    /// Pt Melissa O'Hara: the end of two words in a row that nobody knows, or that are names too, written as names are.
    fn unknown_pair(&self, start: usize) -> Option<usize> {
        let f = self.f;
        let known = |a: usize, b: usize| self.is_known_word(a, b);
        let is_name = |a: usize, b: usize| {
            b > a + 2 && self.is_capital(a) && !self.is_capital(b - 1) && (!known(a, b) || self.is_listed(a, b))
        };
        let end = self.word_end(start);
        // O'Hara
        let next = end + if f.at(end + 2) == '\'' { 3 } else { 1 };
        let stop = self.word_end(next);
        let pair = f.kind(end) == Kind::Space && is_name(start, end) && is_name(next, stop);
        (pair && !(known(start, end) && known(next, stop))).then_some(stop)
    }

    /// The end of two or three kanji behind a blank that no harmless word is part of.
    fn given_behind(&self, end: usize) -> usize {
        let f = self.f;
        let stop = f.run(end + 1, |j| f.kind(j) == Kind::Kanji);
        let long = |p: &super::Piece| matches!(p.role, Role::Word(_)) && p.end - p.start > 1;
        let fits = f.kind(end) == Kind::Space && (end + 2..=end + 4).contains(&stop) && !f.is_cjk(stop);
        if fits && !self.pieces_of(end + 1, stop).any(long) { stop } else { end }
    }

    /// Kana of one kind that no harmless word is part of.
    fn is_one_kana(&self, start: usize, end: usize) -> bool {
        let same = (start..end).all(|i| self.f.kind(i) == self.f.kind(start));
        let long = |p: &super::Piece| matches!(p.role, Role::Word(_)) && p.end - p.start > 2;
        same && end - start <= KANA_MAX && !self.pieces_of(start, end).any(long)
    }

    /// Two to six kanji by themselves that no harmless word is part of.
    fn is_only_name(&self, start: usize, end: usize) -> bool {
        let alone = !self.f.is_cjk(end) && !self.f.is_alnum(end) && (2..=6).contains(&(end - start));
        let mut pieces = self.pieces_of(start, end);
        let long = |p: &super::Piece| matches!(p.role, Role::Word(_)) && p.end - p.start > 1;
        alone && !self.pieces_of(start, end).any(long) && pieces.any(|p| p.role == Role::Unknown)
    }

    /// Letters, digits and what joins them, with enough digits.
    fn number_value(&mut self, value: usize, digits: usize) {
        let f = self.f;
        let mut at = value;
        // 記号・番号: labels in a row.
        let joins = |i: usize| {
            f.at(i) == '・' && f.before(i) == Kind::Digit && f.kind(i + 1) == Kind::Digit
                || matches!(f.at(i), '-' | '_' | '/' | '.' | '(' | ')' | '+' | '~' | '*' | '#')
                    && f.is_alnum(i + 1)
                    && !self.is_known_word(i + 1, self.word_end(i + 1))
        };
        let end = f.run(value, |j| f.is_alnum(j) || joins(j));
        let count = (value..end).filter(|&j| f.kind(j) == Kind::Digit).count();
        if count < digits {
            return;
        }
        // 000 0000 0000
        let mut stop = end;
        while f.kind(stop) == Kind::Space
            && f.kind(stop + 1) == Kind::Digit
            && f.run(stop + 1, |j| f.kind(j) == Kind::Digit) - stop > 3
            && digits > 2
        {
            stop = f.run(stop + 1, |j| f.kind(j) == Kind::Digit);
        }
        if f.before(at) == Kind::Mark && f.at(at.wrapping_sub(1)) == '(' {
            at -= 1;
        }
        self.hit(at, stop);
    }

    /// A birth date is never moved.
    fn date_value(&mut self, value: usize) {
        let scanner = super::super::date::Scanner::new(self.f);
        if let Some(found) = scanner.at(value) {
            self.hit(value, found.end);
        } else {
            let f = self.f;
            let end = f.run(value, |j| f.is_alnum(j) || matches!(f.at(j), '/' | '-' | '.' | '年' | '月' | '日'));
            if (value..end).any(|j| f.kind(j) == Kind::Digit) {
                self.hit(value, end);
            }
        }
    }

    /// An address: words with unknown pieces or digits, up to the end of the line.
    fn address_value(&mut self, value: usize, colon: bool) {
        let f = self.f;
        let mut at = value;
        let mut end = value;
        while at < f.len() && end < value + 120 {
            let stop = f.run(at, |j| !matches!(f.at(j), ' ' | '\n' | '\r' | '。' | '、' | ';' | '\t'));
            let unknown = (self.piece_at(at)..=self.piece_at(stop.saturating_sub(1)))
                .filter_map(|i| self.piece(i))
                .any(|p| p.start >= at && (p.role == Role::Unknown || p.role == Role::Family));
            if stop == at || !unknown {
                break;
            }
            end = stop;
            if f.at(stop) != ' ' || !self.address_goes_on(at, stop) {
                break;
            }
            at = stop + 1;
        }
        let says =
            colon || (value..end).any(|j| f.kind(j) == Kind::Digit || matches!(f.at(j), '市' | '区' | '町' | '村'));
        if says {
            self.hit(value, end);
        }
    }

    /// Behind the number of a house another word belongs to the address if it ends with a room.
    fn address_goes_on(&self, start: usize, stop: usize) -> bool {
        let f = self.f;
        let house = (start..stop).any(|j| f.is_cjk(j)) && (start..stop).any(|j| f.kind(j) == Kind::Digit);
        let next = f.run(stop + 1, |j| f.is_cjk(j) || f.is_alnum(j) || f.at(j) == '-');
        let room = (stop + 1..next).any(|j| f.kind(j) == Kind::Digit)
            && (f.before(next) == Kind::Digit || matches!(f.at(next - 1), '号' | '室' | '階' | 'F' | 'f'));
        !house || room
    }

    fn token_value(&mut self, value: usize) {
        let end = self.f.run(value, |j| self.f.is_cjk(j) || self.f.is_alnum(j));
        self.hit(value, end);
    }
}
