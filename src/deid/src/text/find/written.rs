//! Kanji of names by how they may be read: of a header in Latin letters or kana alone, and of readings that stand behind
//! them.

use super::{Piece, Role, View};
use crate::text::dict::Dict;
use crate::text::fold::Kind;
use crate::text::lexicon::Latin;
use crate::text::lists::{Name, Word};
use crate::text::romaji;

/// Longest family and given name in kanji.
const FAMILY: usize = 4;
const GIVEN: usize = 3;
/// Longest reading in brackets, in characters.
const READING: usize = 12;

impl View<'_> {
    /// 原 透 of `HARA^TORU`, 新垣の of `ARAKAKI^KEN`: both parts, or one that the lists know as a name.
    pub(super) fn find_written(&mut self) {
        if self.lexicon.romaji.is_empty() {
            return;
        }
        for index in 0..self.pieces.len() {
            let Some(&piece) = self.piece(index).filter(|p| self.f.kind(p.start) == Kind::Kanji && !is_word(p)) else {
                continue;
            };
            let begins = self.f.before(piece.start) != Kind::Kanji
                || index.checked_sub(1).and_then(|last| self.piece(last)).is_some_and(is_word);
            if let Some(end) = Some(()).filter(|()| begins).and_then(|()| self.written(&piece)) {
                self.hit(piece.start, end);
            }
        }
    }

    /// The end of a name whose kanji may be read as a header says.
    fn written(&self, piece: &Piece) -> Option<usize> {
        let f = self.f;
        let start = piece.start;
        let run = f.run(start, |j| j < start + FAMILY + GIVEN && f.kind(j) == Kind::Kanji && !self.is_in_word(j));
        for mid in (start + 1..=run.min(start + FAMILY)).rev() {
            if !self.is_told(start, mid, Name::Family, true) {
                continue;
            }
            let next = f.run(mid, |j| j == mid && matches!(f.at(j), ' ' | '・' | '^' | ','));
            let last = f.run(next, |j| j < next + GIVEN && f.kind(j) == Kind::Kanji && !self.is_in_word(j));
            let given = (next + 1..=last).rev().filter(|&end| self.is_end(end));
            let mut told = given.filter(|&end| self.is_told(next, end, Name::Given, true));
            // 森 専太郎: kanji whose reading no list has.
            let open = next > mid && last > next && self.is_end(last) && self.is_told(start, mid, Name::Family, false);
            if let Some(end) = told
                .next()
                .or(Some(last).filter(|_| open))
                .or(Some(mid).filter(|_| piece.role == Role::Family && mid == piece.end))
            {
                return Some(end);
            }
        }
        let (word, ends) = (f.slice(start, run), self.is_end(run));
        let given = ends && (2..=GIVEN).contains(&word.len()) && self.is_told(start, run, Name::Given, false);
        // 水内 泰広, 布田彩花: a family name whose reading no list has.
        let next = f.run(run, |j| j == run && matches!(f.at(j), ' ' | '・'));
        let last = f.run(next, |j| j < next + GIVEN && f.kind(j) == Kind::Kanji && !self.is_in_word(j));
        let is_given =
            |from: usize, to: usize| to > from && self.is_end(to) && self.is_told(from, to, Name::Given, false);
        if next > run && ends && word.len() <= FAMILY && is_given(next, last) {
            return Some(last);
        }
        if ends && (start + 1..run).any(|mid| mid - start <= FAMILY && is_given(mid, run)) {
            return Some(run);
        }
        let alone = word.len() == 1 && !f.is_alnum(start.wrapping_sub(1)) && !f.is_cjk_before(start);
        let family = alone && self.is_family_alone(start) && self.is_told(start, run, Name::Family, false);
        (given || family && !self.is_known_word(start, run)).then_some(run)
    }

    /// True where no kanji go on that may be of a name.
    fn is_end(&self, end: usize) -> bool {
        self.f.kind(end) != Kind::Kanji || self.is_in_word(end) || self.honorific_at(end).is_some()
    }

    /// True for a place in a harmless word of more than one character.
    fn is_in_word(&self, i: usize) -> bool {
        self.piece(self.piece_at(i)).is_some_and(|p| p.start <= i && is_word(p))
    }

    /// True where kanji may be read as a part of a name that a header tells; `weak`: though it is a word too.
    fn is_told(&self, start: usize, end: usize, kind: Name, weak: bool) -> bool {
        let told = |tag| tag == Latin::Part as u16 || weak && tag == Latin::Weak as u16;
        self.lists.is_read(self.f.slice(start, end), kind, &self.lexicon.romaji, told)
    }

    /// 林（ハヤシ）恵（メグミ）: where kanji begin that may be read as the kana say that stand in brackets behind them.
    pub(super) fn find_glosses(&mut self) {
        let f = self.f;
        for open in 1..f.len() {
            if f.at(open) != '(' || !f.is_kana(open + 1) {
                continue;
            }
            let close = f.run(open + 1, |j| f.is_kana(j) || matches!(f.at(j), ' ' | '・'));
            let kana: String = f.slice(open + 1, close).iter().filter(|c| !matches!(c, ' ' | '・')).collect();
            if f.at(close) != ')' || close - open > READING {
                continue;
            }
            let end = open - usize::from(f.before(open) == Kind::Space);
            if let Some(start) = self.glossed(end, &kana) {
                self.hit(start, close + 1);
            }
        }
    }

    fn glossed(&self, end: usize, kana: &str) -> Option<usize> {
        let f = self.f;
        let told = Dict::new(romaji::keys_of_kana(kana).into_iter().map(|key| (key, 0)).collect());
        let reads = |start: usize| {
            let is_read = |kind| self.lists.is_read(f.slice(start, end), kind, &told, |_| true);
            is_read(Name::Family) || is_read(Name::Given)
        };
        let most = (1..=FAMILY).take_while(|&len| len <= end && f.kind(end - len) == Kind::Kanji).last()?;
        (1..=most).rev().map(|len| end - len).find(|&start| {
            let describes =
                self.pieces_of(start, end).any(describes) || matches!(self.word(start, end), Some(w) if is_medical(w));
            !describes && reads(start)
        })
    }
}

fn is_word(piece: &Piece) -> bool {
    matches!(piece.role, Role::Word(_)) && piece.end - piece.start > 1
}

fn describes(piece: &Piece) -> bool {
    matches!(piece.role, Role::Word(word) if is_medical(word))
}

const fn is_medical(word: Word) -> bool {
    matches!(word, Word::Body | Word::Modality | Word::Technique | Word::Clinical)
}
