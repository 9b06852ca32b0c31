//! Names by the honorific or the title behind them.

use super::{Piece, Role, View};
use crate::text::fold::Kind;
use crate::text::lists::{Mark, Name, Word};

/// Longest name before an honorific, in characters.
const NAME_MAX: usize = 10;
/// Longest name in kana that may begin like a particle or be a word too.
const KANA_MAX: usize = 7;
/// Longest name in kanji that is made of words of one kanji, and longest word that a title makes a name.
const KANJI_MAX: usize = 5;
const WORD_MAX: usize = 3;

impl View<'_> {
    /// The end of an honorific that begins here and is no part of another word.
    pub(in crate::text) fn honorific_at(&self, i: usize) -> Option<usize> {
        let end = self.mark(i, Mark::Honorific).map(|len| i + len).or_else(|| self.latin_after(i))?;
        let goes_on = self.f.is_kana(end - 1) && self.f.is_kana(end) && self.f.kind(end) == self.f.kind(end - 1);
        let particle = self.f.kind(end) == Kind::Hiragana && "ノハガヲニヘトモデカヨ".contains(self.f.at(end));
        let covering = self.piece(self.piece_at(i)).copied();
        // 文様 is a pattern, unless somebody is called 文; 有様 is how things are, unless a name goes on in it: 美有様. A word
        // that ends inside the honorific is none: 高さん.
        let own = covering.is_some_and(|p| {
            p.end == end && (self.lexicon.has_part(self.f.slice(p.start, i)) || self.is_cut_name(&p, i))
        });
        let inside = covering
            .is_some_and(|p| matches!(p.role, Role::Word(_)) && (p.start < i && p.end == end || p.end > end))
            && !own;
        (!inside && (!goes_on || particle)).then_some(end)
    }

    /// True where the word that ends with an honorific takes the last kanji of a name.
    fn is_cut_name(&self, word: &Piece, honorific: usize) -> bool {
        let kanji = honorific == word.start + 1 && self.f.kind(word.start) == Kind::Kanji;
        let before = self.piece_at(word.start).checked_sub(1).and_then(|i| self.piece(i)).copied();
        kanji && before.is_some_and(|p| p.end == word.start && self.f.kind(p.start) == Kind::Kanji && !is_long_word(&p))
    }

    /// Dr, MD behind a name in kanji or kana.
    fn latin_after(&self, i: usize) -> Option<usize> {
        let len = self.mark(i, Mark::After).filter(|_| self.f.kind(i) == Kind::Letter)?;
        let dot = usize::from(self.f.at(i + len) == '.');
        Some(i + len + dot)
    }

    pub(super) fn honorific(&mut self, i: usize) {
        if self.marks_at(i).is_empty() {
            return;
        }
        let title = self.mark(i, Mark::Title).map(|len| i + len).filter(|_| !self.is_inside_word(i));
        let Some(end) = self.honorific_at(i).or(title) else { return };
        let latin = self.f.kind(i) == Kind::Letter;
        let blanks = usize::from(self.f.before(i) == Kind::Space && self.mark(i, Mark::Title).is_none());
        let name_end = i - blanks;
        let own = self.piece(self.piece_at(i)).copied().filter(|p| p.start < i && p.end <= end);
        let own = own.map(|p| self.kanji_before(p.start).unwrap_or(p.start));
        let by_title = || self.word_before(i, name_end).filter(|_| !latin);
        let Some(start) = self.name_before(name_end).or(own).or_else(by_title) else { return };
        if latin && (self.f.before(name_end) == Kind::Letter && blanks == 0 || !self.is_doctor(i, start, name_end)) {
            return;
        }
        let start = self.with_run_before(start, name_end);
        let title = self.mark(i, Mark::Honorific).is_none() && !latin;
        self.hit(start, if title { name_end } else { end });
    }

    /// PT, OT and the like are much else: only behind a name of the lists. Dr and MD are not.
    fn is_doctor(&self, i: usize, start: usize, end: usize) -> bool {
        let end_of_word = self.word_end(i);
        let family =
            self.pieces.get(self.piece_at(start)).is_some_and(|p| matches!(p.role, Role::Family | Role::Known));
        let cjk = self.f.is_cjk(end.saturating_sub(1));
        cjk && (family || ["dr", "ns"].iter().any(|w| self.f.is(i, end_of_word, w)))
    }

    fn is_inside_word(&self, i: usize) -> bool {
        self.piece(self.piece_at(i)).is_some_and(|p| p.start < i && matches!(p.role, Role::Word(_)))
    }

    /// Where the name begins that ends here.
    fn name_before(&self, end: usize) -> Option<usize> {
        if self.f.before(end) == Kind::Letter {
            let start = self.word_start(end);
            return (!self.is_known_word(start, end) && end - start > 1).then_some(start);
        }
        let mut start = end;
        let mut index = self.piece_at(end.checked_sub(1)?);
        while let Some(piece) = self.piece(index).filter(|p| p.end == start && end - p.start <= NAME_MAX) {
            let joins = match piece.role {
                Role::Known | Role::Family | Role::Reading => true,
                Role::Unknown => self.f.is_cjk(piece.start),
                Role::Word(_) => false,
            };
            if !joins {
                break;
            }
            start = piece.start;
            if matches!(piece.role, Role::Family) && start < end || index == 0 {
                break;
            }
            index -= 1;
        }
        let kanji = self.kanji_before(end);
        kanji.filter(|&k| k < start).or_else(|| self.kana_before(end)).or((start < end).then_some(start))
    }

    /// 梅辻勝夫, 関美有: kanji that are names, unknown or words of one kanji. Such a word alone stands between blanks or
    /// marks, is a family name behind a word, or is what somebody of the instance is called.
    fn kanji_before(&self, end: usize) -> Option<usize> {
        let f = self.f;
        let mut start = end;
        let mut index = self.piece_at(end.checked_sub(1)?);
        let mut unknown = false;
        while let Some(piece) = self.piece(index).filter(|p| p.end == start && end - p.start <= KANJI_MAX) {
            let kanji = (piece.start..piece.end).all(|i| f.kind(i) == Kind::Kanji);
            if !kanji || is_long_word(piece) {
                break;
            }
            unknown |= !matches!(piece.role, Role::Word(_));
            start = piece.start;
            if index == 0 || piece.role == Role::Family {
                break;
            }
            index -= 1;
        }
        let name = match end - start {
            0 => false,
            1 => {
                unknown
                    || self.is_name_alone(start, end) && f.before(start) != Kind::Katakana
                    || self.lexicon.has_part(f.slice(start, end))
                    || matches!(f.before(start), Kind::Space | Kind::Mark)
            }
            _ => unknown || f.before(start) != Kind::Kanji || f.at(end) != '様',
        };
        name.then_some(start)
    }

    /// もりさん: a short run of kana by itself is a name, though も is a particle elsewhere.
    fn kana_before(&self, end: usize) -> Option<usize> {
        let kind = self.f.before(end);
        let mut start = end;
        while start > 0 && end - start <= KANA_MAX && self.f.is_kana(end - 1) && self.f.kind(start - 1) == kind {
            start -= 1;
        }
        let alone = start == 0 || !self.f.is_cjk(start - 1);
        // おう is one kana without its long vowel.
        let one = end - start == 1 && self.is_name(start, end, Name::Family);
        let few = (2..=KANA_MAX).contains(&(end - start)) || one;
        let behind = start.checked_sub(2).and_then(|i| self.piece(self.piece_at(i))).filter(|p| p.end + 1 == start);
        let behind_name = behind.is_some_and(|p| matches!(p.role, Role::Reading | Role::Known));
        (alone && few && (behind_name || self.may_be_kana_name(start, end))).then_some(start)
    }

    /// A word of kana that is none of the harmless words, or a name too.
    pub(super) fn may_be_kana_name(&self, start: usize, end: usize) -> bool {
        !self.is_known_word(start, end) || self.is_japanese_name(start, end)
    }

    /// 上部技師, 中心先生: parts of the body have no titles, so the word is a name there; 様 means "like" behind them.
    fn word_before(&self, honorific: usize, end: usize) -> Option<usize> {
        let piece = self.piece(self.piece_at(end.checked_sub(1)?)).filter(|p| p.end == end)?;
        let word = self.f.slice(piece.start, end);
        let kanji = word.len() <= WORD_MAX && (piece.start..end).all(|i| self.f.kind(i) == Kind::Kanji);
        let alone = matches!(self.f.before(piece.start), Kind::Space | Kind::Mark);
        let like = self.f.at(honorific) == '様' || self.f.has(honorific, "医師");
        let body = matches!(piece.role, Role::Word(Word::Body | Word::Technique)) && !like;
        let named = self.is_name(piece.start, end, Name::Family);
        (kanji && alone && (body && self.f.at(end - 1) != '科' || named)).then_some(piece.start)
    }

    /// True for a single kanji that is a family name, between blanks or marks or behind a word.
    pub(super) fn is_name_alone(&self, start: usize, end: usize) -> bool {
        self.is_name(start, end, Name::Family) && self.f.before(start) != Kind::Kanji
    }

    /// The family name before a blank: 田中 太郎様.
    fn with_run_before(&self, start: usize, name_end: usize) -> usize {
        let f = self.f;
        if f.before(start) != Kind::Space || start < 2 {
            return start;
        }
        let end = start - 1;
        let whole = self.piece(self.piece_at(start)).is_some_and(|p| p.role == Role::Family && p.end < name_end);
        let known = self.piece(self.piece_at(end - 1)).filter(|p| p.end == end).copied();
        if let Some(p) = known.filter(|p| {
            let whole = !f.is_cjk_before(p.start);
            matches!(p.role, Role::Family | Role::Known)
                || whole && p.role == Role::Reading
                || (whole || !f.is_kana(p.start)) && self.is_name_alone(p.start, end)
        }) {
            return p.start;
        }
        // 菖蒲 涼馬: no name of the lists, but no word either.
        let first = match f.before(end) {
            Kind::Kanji if f.kind(start) == Kind::Kanji => self.kanji_before(end).filter(|&k| !f.is_cjk_before(k)),
            Kind::Hiragana | Kind::Katakana if f.kind(start) == f.before(end) => self.kana_before(end),
            _ => None,
        };
        first.filter(|_| !whole).unwrap_or(start)
    }
}

/// A harmless word of more than one character.
fn is_long_word(piece: &Piece) -> bool {
    matches!(piece.role, Role::Word(_)) && piece.end - piece.start > 1
}
