//! People whom no header names, by the lists of names.

use super::{Role, View};
use crate::text::fold::Kind;
use crate::text::lists::{Name, Word};

/// Longest name in kana, in characters.
const KANA_MAX: usize = 20;
/// Kana of a given name that no list has.
const GIVEN: core::ops::RangeInclusive<usize> = 2..=6;

impl View<'_> {
    pub(super) fn find_people(&mut self) {
        for nth in 0..self.listed.places.len() {
            let Some(i) = self.place(nth) else { break };
            if self.f.is_cjk(i) || self.f.kind(i) == Kind::Letter {
                self.honorific(i);
            }
            if self.f.kind(i) == Kind::Letter && self.f.before(i) != Kind::Letter {
                self.titled(i);
                self.degree(i);
                self.latin_pair(i);
            }
        }
        for index in 0..self.pieces.len() {
            self.family(index);
        }
        self.kana_names();
    }

    /// A family name of the lists with a given name behind it, or alone between blanks.
    fn family(&mut self, index: usize) {
        let Some(&piece) = self.piece(index).filter(|p| p.role == Role::Family) else { return };
        let f = self.f;
        let begins = !f.is_cjk(piece.start.wrapping_sub(1)) || piece.start == 0 || self.is_word(index.wrapping_sub(1));
        if !begins {
            return;
        }
        let gap = usize::from(f.kind(piece.end) == Kind::Space);
        let start = piece.end + gap;
        // Given names have up to three kanji; what follows is no kanji, or a word.
        for len in (1..=3).rev() {
            let end = start + len;
            let kanji = (start..end).all(|i| f.kind(i) == Kind::Kanji);
            let next = self.piece(self.piece_at(end)).copied();
            let ends =
                f.kind(end) != Kind::Kanji || next.is_some_and(|p| p.start == end && matches!(p.role, Role::Word(_)));
            let own = self
                .pieces_of(start, end)
                .all(|p| p.end - p.start == 1 && !matches!(p.role, Role::Word(Word::Particle | Word::Eponym)));
            let unknown = self.pieces_of(start, end).any(|p| p.role == Role::Unknown);
            // 北沢 右大腿骨
            let side = len == 1 && f.kind(end) == Kind::Kanji && "左右両上下".contains(f.at(start));
            if kanji && ends && own && unknown && !side && self.lists.looks_given(f.slice(start, end)) {
                self.hit(piece.start, end);
                return;
            }
        }
        // 保坂 まゆみ, 赤沢まゆみ
        let stop = f.run(start, |i| f.is_kana(i) && f.kind(i) == f.kind(start));
        let given = self.is_name(start, stop, Name::Given) || stop > start + 2 && self.is_strange(start, stop);
        if stop > start && !f.is_cjk(stop) && given && !self.is_known_word(start, stop) {
            self.hit(piece.start, stop);
            return;
        }
        let alone = (piece.start == 0 || !f.is_cjk(piece.start - 1) && !f.is_alnum(piece.start - 1))
            && !f.is_cjk(piece.end)
            && !f.is_alnum(piece.end);
        if alone && !self.is_known_word(piece.start, piece.end) {
            self.hit(piece.start, piece.end);
        }
    }

    pub(super) fn is_word(&self, index: usize) -> bool {
        self.piece(index).is_some_and(|p| matches!(p.role, Role::Word(_)))
    }

    pub(super) fn pieces_of(&self, start: usize, end: usize) -> impl Iterator<Item = &super::Piece> {
        self.pieces.get(self.piece_at(start)..).unwrap_or_default().iter().take_while(move |p| p.start < end)
    }

    /// タナカ ヒロシ: two readings of the lists side by side, with a blank or without.
    fn kana_names(&mut self) {
        let f = self.f;
        let mut start = 0;
        while start < f.len() {
            let end = f.whole_run(start, |i| f.is_kana(i) && f.kind(i) == f.kind(start));
            if end > start {
                let next = f.run(end, |j| j < end + 2 && matches!(f.at(j), ' ' | '・' | '^'));
                let stop = f.run(next, |i| f.is_kana(i) && f.kind(i) == f.kind(start));
                let family = |stop| self.is_name(start, stop, Name::Family);
                let given = |start, stop| self.is_name(start, stop, Name::Given);
                let known = self.is_known_word(start, end);
                // ナガヌマ クミ: the lists need not have what stands behind a family name, if it is no word.
                let second = given(next, stop) || end - start > 2 && self.is_strange(next, stop);
                if next > end && !known && !self.is_known_word(next, stop) && family(end) && second {
                    self.hit(start, stop);
                } else if !known
                    && (4..=KANA_MAX).contains(&(end - start))
                    && (start + 2..end - 1).any(|i| family(i) && given(i, end))
                {
                    let harmless = self.pieces_of(start, end).all(|p| matches!(p.role, Role::Word(_)));
                    if !harmless {
                        self.hit(start, end);
                    }
                }
            }
            start = end.max(start + 1);
        }
    }

    /// Few kana by themselves that no harmless word is part of.
    fn is_strange(&self, start: usize, end: usize) -> bool {
        let word = |p: &super::Piece| {
            matches!(p.role, Role::Word(_)) && (p.end - p.start > 1 || p.role == Role::Word(Word::Particle))
        };
        GIVEN.contains(&(end - start)) && !self.f.is_cjk(end) && !self.pieces_of(start, end).any(word)
    }
}
