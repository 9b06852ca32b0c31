//! People whom no header names: by honorifics, and by the lists of names.

use super::{Role, View};
use crate::text::fold::Kind;
use crate::text::lists::{Mark, Name, Word};
use crate::text::romaji;

/// Longest name before an honorific, in characters.
const NAME_MAX: usize = 10;
/// Longest name in kana that may begin like a particle.
const KANA_MAX: usize = 5;

impl View<'_> {
    pub(super) fn find_people(&mut self) {
        for i in 0..self.f.len() {
            if self.f.is_cjk(i) || self.f.kind(i) == Kind::Letter {
                self.honorific(i);
            }
            if self.f.kind(i) == Kind::Letter && self.f.before(i) != Kind::Letter {
                self.titled(i);
                self.latin_pair(i);
            }
        }
        for index in 0..self.pieces.len() {
            self.family(index);
        }
        self.kana_names();
    }

    /// The end of an honorific that begins here and is no part of another word.
    pub(in crate::text) fn honorific_at(&self, i: usize) -> Option<usize> {
        let end = self.mark(i, Mark::Honorific).map(|len| i + len).or_else(|| self.latin_after(i))?;
        let goes_on = self.f.is_kana(end - 1) && self.f.is_kana(end) && self.f.kind(end) == self.f.kind(end - 1);
        let particle = self.f.kind(end) == Kind::Hiragana && "ノハガヲニヘトモデカヨ".contains(self.f.at(end));
        let covering = self.piece(self.piece_at(i)).copied();
        // 王様 is a king, unless somebody is called 王.
        let own = covering.is_some_and(|p| p.end == end && self.lexicon.has_part(self.f.slice(p.start, i)));
        let inside = covering.is_some_and(|p| matches!(p.role, Role::Word(_)) && (p.start < i || p.end > end)) && !own;
        (!inside && (!goes_on || particle)).then_some(end)
    }

    /// Dr, MD behind a name in kanji or kana.
    fn latin_after(&self, i: usize) -> Option<usize> {
        let len = self.mark(i, Mark::After).filter(|_| self.f.kind(i) == Kind::Letter)?;
        let dot = usize::from(self.f.at(i + len) == '.');
        Some(i + len + dot)
    }

    fn honorific(&mut self, i: usize) {
        let title = self.mark(i, Mark::Title).map(|len| i + len).filter(|_| !self.is_inside_word(i));
        let Some(end) = self.honorific_at(i).or(title) else { return };
        let latin = self.f.kind(i) == Kind::Letter;
        let blanks = usize::from(self.f.before(i) == Kind::Space && self.mark(i, Mark::Title).is_none());
        let name_end = i - blanks;
        let own = self.piece(self.piece_at(i)).filter(|p| p.start < i && p.end == end).map(|p| p.start);
        let Some(start) = self.name_before(name_end).or(own) else { return };
        if latin && (self.f.before(name_end) == Kind::Letter && blanks == 0 || !self.is_doctor(i, start, name_end)) {
            return;
        }
        let start = self.with_run_before(start);
        let title = self.mark(i, Mark::Honorific).is_none() && !latin;
        self.hit(start, if title { name_end } else { end });
    }

    /// PT, OT and the like are much else: only behind a name of the lists. Dr and MD are not.
    fn is_doctor(&self, i: usize, start: usize, end: usize) -> bool {
        let word = self.f.text(i, self.word_end(i));
        let family =
            self.pieces.get(self.piece_at(start)).is_some_and(|p| matches!(p.role, Role::Family | Role::Known));
        let cjk = self.f.is_cjk(end.saturating_sub(1));
        cjk && (family || word == "dr" || word == "ns")
    }

    fn is_inside_word(&self, i: usize) -> bool {
        self.piece(self.piece_at(i)).is_some_and(|p| p.start < i && matches!(p.role, Role::Word(_)))
    }

    /// Where the name begins that ends here.
    pub(super) fn name_before(&self, end: usize) -> Option<usize> {
        if self.f.before(end) == Kind::Letter {
            let start = self.word_start(end);
            return (!self.is_known_word(start, end) && end - start > 1).then_some(start);
        }
        let mut start = end;
        let mut index = self.piece_at(end.checked_sub(1)?);
        while let Some(piece) = self.piece(index).filter(|p| p.end == start && end - p.start <= NAME_MAX) {
            let single = piece.end - piece.start == 1 && self.f.kind(piece.start) == Kind::Kanji;
            let role = piece.role;
            let joins = match role {
                Role::Known | Role::Family | Role::Reading => true,
                Role::Unknown => self.f.is_cjk(piece.start),
                // 小洗: a word of one kanji before a kanji that is none.
                Role::Word(word) => {
                    single
                        && word != Word::Particle
                        && (start == end && self.is_name_alone(piece.start, end) || self.is_open(start, end))
                }
            };
            if !joins {
                return self.short_kana(end).or((start < end).then_some(start));
            }
            start = piece.start;
            if matches!(role, Role::Family) && start < end || index == 0 {
                break;
            }
            index -= 1;
        }
        (start < end).then_some(start)
    }

    /// もりさん: a short run of kana by itself is a name, though も is a particle elsewhere.
    fn short_kana(&self, end: usize) -> Option<usize> {
        let kind = self.f.before(end);
        let mut start = end;
        while start > 0 && end - start <= KANA_MAX && self.f.is_kana(end - 1) && self.f.kind(start - 1) == kind {
            start -= 1;
        }
        let alone = start == 0 || !self.f.is_cjk(start - 1);
        (alone && (2..=KANA_MAX).contains(&(end - start)) && !self.is_known_word(start, end)).then_some(start)
    }

    /// True for a single kanji that is a family name, between blanks or marks or behind a word.
    pub(super) fn is_name_alone(&self, start: usize, end: usize) -> bool {
        self.lists.is_name(self.f.slice(start, end), Name::Family) && self.f.before(start) != Kind::Kanji
    }

    /// True where the name found so far is one unknown kanji.
    fn is_open(&self, start: usize, end: usize) -> bool {
        let first = self.piece(self.piece_at(start));
        start < end
            && first.is_some_and(|p| p.role == Role::Unknown)
            && self.f.kind(start) == Kind::Kanji
            && end - start <= 2
    }

    /// The family name before a blank: 田中 太郎様.
    fn with_run_before(&self, start: usize) -> usize {
        if self.f.before(start) != Kind::Space || start < 2 {
            return start;
        }
        let end = start - 1;
        let index = self.piece_at(end - 1);
        match self.piece(index) {
            Some(p) if p.end == end && matches!(p.role, Role::Family | Role::Known) => p.start,
            Some(p) if p.end == end && self.is_name_alone(p.start, end) => p.start,
            _ => start,
        }
    }

    /// Mr. Smith; up to three words.
    fn titled(&mut self, i: usize) {
        let Some(len) = self.mark(i, Mark::Before) else { return };
        let mut at = i + len;
        let dot = self.f.at(at) == '.';
        at = self.f.run(at, |j| j < i + len + 3 && matches!(self.f.at(j), '.' | ' ' | '_'));
        // MR and DR are modalities too.
        let modality = !dot && self.is_capital(i + 1) && len == 2;
        if !modality || self.is_listed(at, self.word_end(at)) || self.f.is_cjk(at) {
            let end = self.names_from(at, dot);
            self.hit(at, end);
        }
    }

    /// Words from a place on that could be names: up to three.
    pub(super) fn names_from(&self, start: usize, certain: bool) -> usize {
        let (mut at, mut end) = (start, start);
        let mut count = 0;
        for _ in 0..4 {
            if self.f.is_cjk(at) {
                return if count == 0 { self.name_from(at) } else { end };
            }
            let stop = self.word_end(at);
            let initial = stop == at + 1 && self.f.at(stop) == '.';
            let known =
                self.is_known_word(at, stop) && !(count == 0 && self.is_capital(at) && self.is_also_name(at, stop));
            // Behind the first word only what looks like a name goes on.
            let takes = stop > at
                && (initial
                    || !known
                        && (count == 0 && (certain || self.is_capital(at))
                            || self.is_capital(at) && self.is_listed(at, stop)));
            if !takes {
                break;
            }
            // Initials do not count: Dr. K. Tanabe.
            count += usize::from(!initial);
            end = if initial { stop + 1 } else { stop };
            at = self.f.run(end, |j| j < end + 2 && matches!(self.f.at(j), ' ' | ',' | '^' | '-' | '\''));
            if at == end {
                break;
            }
        }
        end
    }

    /// The end of a name in kanji or kana that begins here, with a second part behind a blank.
    pub(super) fn name_from(&self, start: usize) -> usize {
        let mut end = start;
        let mut index = self.piece_at(start);
        while let Some(piece) = self.piece(index).filter(|p| p.start == end && p.end - start <= NAME_MAX) {
            let joins = match piece.role {
                Role::Known | Role::Family | Role::Reading => true,
                Role::Unknown => self.f.is_cjk(piece.start) && self.honorific_at(piece.start).is_none(),
                Role::Word(_) => piece.start == start && piece.end - start == 1 && self.is_name_alone(start, piece.end),
            };
            if !joins {
                break;
            }
            end = piece.end;
            index += 1;
        }
        if end > start && self.f.kind(end) == Kind::Space && self.f.is_cjk(end + 1) {
            let second = self.f.run(end + 1, |j| self.f.is_cjk(j));
            let word = self.f.slice(end + 1, second);
            let given = self.lists.looks_given(word) || self.lists.is_name(word, Name::Given);
            if given && self.lists.word(word).is_none() {
                return second;
            }
        }
        end
    }

    /// True where the original has a capital.
    pub(super) fn is_capital(&self, i: usize) -> bool {
        self.capitals.get(self.f.start(i)).copied().unwrap_or(false)
    }

    /// A harmless word that is a name behind a title or a label: Wilson, Baker.
    fn is_also_name(&self, start: usize, end: usize) -> bool {
        let word = self.f.slice(start, end);
        let eponym = self.lists.word(word) == Some(Word::Eponym) && end - start > 3;
        eponym || [Name::WesternGiven, Name::WesternFamily].iter().any(|&n| self.lists.is_name(word, n))
    }

    /// A Latin word of the lists of names.
    fn is_listed(&self, start: usize, end: usize) -> bool {
        let word = self.f.slice(start, end);
        let key = romaji::key(word).unwrap_or_default();
        [Name::WesternGiven, Name::WesternFamily].iter().any(|&n| self.lists.is_name(word, n))
            || [Name::Family, Name::Given].iter().any(|&n| self.lists.is_name_key(&key, n))
    }

    /// A given and a family name side by side, of one list, and a Japanese family name by itself.
    fn latin_pair(&mut self, start: usize) {
        let end = self.word_end(start);
        let known = self.is_known_word(start, end);
        if end - start < 2 || known && !self.is_also_name(start, end) {
            return;
        }
        let is = |a: usize, b: usize, name: Name| {
            let word = self.f.slice(a, b);
            match name {
                Name::Family | Name::Given => romaji::key(word).is_some_and(|k| self.lists.is_name_key(&k, name)),
                _ => self.lists.is_name(word, name),
            }
        };
        let next = self.f.run(end, |j| j < end + 3 && matches!(self.f.at(j), ' ' | ',' | '^' | '_' | '.'));
        let stop = self.word_end(next);
        if next > end && stop > next + 1 && self.may_pair(known, next, stop) {
            let pairs = [
                (Name::Family, Name::Given),
                (Name::Given, Name::Family),
                (Name::WesternGiven, Name::WesternFamily),
                (Name::WesternFamily, Name::WesternGiven),
            ];
            if pairs.iter().any(|&(a, b)| is(start, end, a) && is(next, stop, b)) {
                self.hit(start, stop);
                return;
            }
        }
        let whole = !self.f.is_alnum(end) || self.f.kind(end) == Kind::Digit;
        if end - start >= 6 && whole && !known && is(start, end, Name::Family) {
            self.hit(start, end);
        }
    }

    /// Of two names side by side one at most is a harmless word too: Douglas Davidson.
    fn may_pair(&self, first_known: bool, start: usize, end: usize) -> bool {
        !self.is_known_word(start, end) || !first_known && self.is_also_name(start, end) && self.is_capital(start)
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
            if kanji && ends && own && unknown && self.lists.looks_given(f.slice(start, end)) {
                self.hit(piece.start, end);
                return;
            }
        }
        let alone = (piece.start == 0 || !f.is_cjk(piece.start - 1) && !f.is_alnum(piece.start - 1))
            && !f.is_cjk(piece.end)
            && !f.is_alnum(piece.end);
        if alone && !self.is_known_word(piece.start, piece.end) {
            self.hit(piece.start, piece.end);
        }
    }

    fn is_word(&self, index: usize) -> bool {
        self.piece(index).is_some_and(|p| matches!(p.role, Role::Word(_)))
    }

    fn pieces_of(&self, start: usize, end: usize) -> impl Iterator<Item = &super::Piece> {
        self.pieces.get(self.piece_at(start)..).unwrap_or_default().iter().take_while(move |p| p.start < end)
    }

    /// タナカ ヒロシ: two readings of the lists side by side, with a blank or without.
    fn kana_names(&mut self) {
        let f = self.f;
        let mut start = 0;
        while start < f.len() {
            let end = f.whole_run(start, |i| f.is_kana(i) && f.kind(i) == f.kind(start));
            if end > start {
                let word = f.slice(start, end);
                let next = f.run(end, |j| j < end + 2 && matches!(f.at(j), ' ' | '・' | '^'));
                let stop = f.run(next, |i| f.is_kana(i) && f.kind(i) == f.kind(start));
                let second = f.slice(next, stop);
                let named =
                    |a: &[char], b: &[char]| self.lists.is_name(a, Name::Family) && self.lists.is_name(b, Name::Given);
                let known = self.lists.word(word).is_some();
                if next > end && !known && self.lists.word(second).is_none() && named(word, second) {
                    self.hit(start, stop);
                } else if !known
                    && (4..=NAME_MAX * 2).contains(&word.len())
                    && (2..word.len() - 1).any(|i| word.split_at_checked(i).is_some_and(|(a, b)| named(a, b)))
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
}
