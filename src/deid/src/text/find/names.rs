//! Names behind titles and labels, before degrees, and beside each other in Latin letters.

use super::{Role, View};
use crate::text::fold::Kind;
use crate::text::lists::{Mark, Name, Word};

/// Longest name in kanji or kana behind a label, in characters.
const NAME_MAX: usize = 10;
/// Longest given name in kanji, and in kana.
const GIVEN_KANJI: usize = 3;
const GIVEN_KANA: usize = 6;
/// Fewest letters of a Japanese family name that stands for itself.
const FAMILY_MIN: usize = 6;
/// Degrees that stand behind a name and a comma.
const DEGREES: [&str; 8] = ["md", "m.d", "phd", "ph.d", "dds", "d.d.s", "rn", "jr"];

impl View<'_> {
    /// Mr. Smith; up to three words.
    pub(super) fn titled(&mut self, i: usize) {
        // Behind a name it is that name's.
        let Some(len) = self.mark(i, Mark::Before).filter(|_| !self.f.is_cjk_before(i)) else { return };
        let mut at = i + len;
        let dot = self.f.at(at) == '.';
        at = self.f.run(at, |j| j < i + len + 3 && matches!(self.f.at(j), '.' | ' ' | '_'));
        // MR and DR are modalities too.
        let modality = !dot && self.is_capital(i + 1) && len == 2;
        let end = self.word_end(at);
        let unknown = self.f.at(i) == 'd' && end > at + 2 && !self.is_known_word(at, end) || self.is_called(at, end);
        if !modality || unknown || self.is_listed(at, end) || self.f.is_cjk(at) {
            let end = self.names_from(at, dot);
            self.hit(at, end);
        }
    }

    /// True for a word that somebody of the instance is called, though it is a harmless one too.
    fn is_called(&self, start: usize, end: usize) -> bool {
        self.lexicon.latin(self.f.slice(start, end)).is_some()
    }

    /// Words from a place on that could be names: up to three.
    pub(super) fn names_from(&self, start: usize, certain: bool) -> usize {
        let (mut at, mut end) = (start, start);
        let mut count = 0;
        for _ in 0..4 {
            if self.f.is_cjk(at) {
                return if count == 0 { self.name_from(at, true) } else { end };
            }
            let stop = self.word_end(at);
            let initial = stop == at + 1 && self.f.at(stop) == '.';
            let called = count == 0 && self.is_called(at, stop);
            let named = self.is_also_name(at, stop) && (count == 0 || self.is_listed(at, stop));
            let named = named || count == 0 && certain && self.is_listed(at, stop);
            let known = !called && self.is_known_word(at, stop) && !(self.is_capital(at) && named);
            let takes = stop > at && (initial || !known && (count == 0 && certain || self.is_capital(at)));
            if !takes {
                break;
            }
            // Initials do not count: Dr. K. Tanabe.
            count += usize::from(!initial);
            end = if initial { stop + 1 } else { stop };
            at = self.f.run(end, |j| j < end + 2 && matches!(self.f.at(j), ' ' | ',' | '^' | '-' | '\''));
            if at == end || count == 3 {
                break;
            }
        }
        end
    }

    /// The end of a name in kanji or kana that begins here, with a second part behind a blank. Where it is certain that
    /// a name stands here, words of one kanji and any kana are one too.
    pub(super) fn name_from(&self, start: usize, certain: bool) -> usize {
        let f = self.f;
        let mut end = start;
        // 第4腰椎
        if f.at(start) == '第' && f.kind(start + 1) == Kind::Digit {
            return start;
        }
        let mut index = self.piece_at(start);
        while let Some(piece) = self.piece(index).filter(|p| p.start == end && p.end - start <= NAME_MAX) {
            let single = piece.end - piece.start == 1;
            let kanji = f.kind(piece.start) == Kind::Kanji;
            let joins = match piece.role {
                Role::Known | Role::Family | Role::Reading => true,
                Role::Unknown => {
                    // 君津: names begin with what is a honorific behind them.
                    f.is_cjk(piece.start) && (piece.start == start || self.honorific_at(piece.start).is_none())
                }
                Role::Word(_) if single && kanji => {
                    certain && (piece.start == start || self.mark(piece.start, Mark::Honorific).is_none())
                        || piece.start == start && self.is_name_alone(start, piece.end)
                }
                Role::Word(_) => false,
            };
            if !joins {
                break;
            }
            end = piece.end;
            index += 1;
        }
        // 技師 腎移植後: what a word goes on from is its beginning.
        let word = self.pieces_of(start, end).all(|p| matches!(p.role, Role::Word(_)));
        if word && self.piece(index).is_some_and(|p| p.start == end && matches!(p.role, Role::Word(_))) {
            end = start;
        }
        if certain && f.is_kana(start) {
            let run = f.run(start, |j| f.is_kana(j) && f.kind(j) == f.kind(start));
            let alone = !f.is_cjk(run) && (2..=NAME_MAX).contains(&(run - start));
            end = if alone && self.may_be_kana_name(start, run) { end.max(run) } else { end };
        }
        if end > start && f.kind(end) == Kind::Space && f.is_cjk(end + 1) {
            let second = f.run(end + 1, |j| f.is_cjk(j));
            let word = f.slice(end + 1, second);
            let given = self.lists.looks_given(word)
                || self.is_name(end + 1, second, Name::Given)
                || certain && self.may_be_given(end + 1, second);
            let ordinal = word == ['第'] && f.kind(second) == Kind::Digit;
            if given && !ordinal && !self.is_known_word(end + 1, second) {
                return second;
            }
        }
        end
    }

    /// Kanji or kana, few, and no harmless words.
    fn may_be_given(&self, start: usize, end: usize) -> bool {
        let kind = self.f.kind(start);
        let most = if kind == Kind::Kanji { GIVEN_KANJI } else { GIVEN_KANA };
        let same = (start..end).all(|i| self.f.kind(i) == kind);
        let long = |p: &super::Piece| matches!(p.role, Role::Word(_)) && p.end - p.start > 1;
        same && end - start <= most && !self.pieces_of(start, end).any(long)
    }

    /// `Rina Tanabe, MD`: up to three words before a degree.
    pub(super) fn degree(&mut self, i: usize) {
        let f = self.f;
        let blank = usize::from(f.before(i) == Kind::Space);
        if i < 3 || f.at(i - blank - 1) != ',' {
            return;
        }
        if !DEGREES.iter().any(|d| f.has(i, d) && !f.is_alnum(i + d.len())) {
            return;
        }
        let last = i - blank - 1;
        let mut start = last;
        let mut end = last;
        for count in 0..3 {
            let word = self.word_start(end);
            let initial = end == word + 1;
            let before = self.word_start(word.saturating_sub(1));
            // Shoulder L is no name; John Q is one, and J. is.
            let takes = if initial {
                f.at(end) == '.' || before + 1 < word && self.is_nameable(before, word - 1, count)
            } else {
                self.is_nameable(word, end, count)
            };
            if word == end || !self.is_capital(word) || !takes {
                break;
            }
            start = word;
            let gap = f.before(word) == Kind::Space || word > 0 && matches!(f.at(word - 1), '-' | '\'');
            end = if gap { word - 1 } else { word };
            end -= usize::from(end > 0 && end < word && f.at(end - 1) == '.');
            if end == word {
                break;
            }
        }
        self.hit(start, last);
    }

    /// A word that may be a name before a degree: no harmless word, one that is a name too, the last behind a name, and
    /// what stands before the last unless it tells what was imaged.
    fn is_nameable(&self, start: usize, end: usize, count: usize) -> bool {
        let before = start.saturating_sub(1);
        let first = self.word_start(before);
        let behind_name = count == 0
            && self.f.before(start) == Kind::Space
            && first < before
            && self.is_capital(first)
            && (self.is_listed(first, before) || !self.is_known_word(first, before));
        let class = self.word(start, end);
        let given = count == 1 && !matches!(class, Some(Word::Body | Word::Modality)) && !self.is_capital(end - 1);
        class.is_none() || self.is_also_name(start, end) || behind_name || given
    }

    /// True where the original has a capital.
    pub(super) fn is_capital(&self, i: usize) -> bool {
        self.f.is_capital(i)
    }

    /// A harmless word that is a name behind a title or a label: Wilson, Baker.
    fn is_also_name(&self, start: usize, end: usize) -> bool {
        let entries = self.entries(start, end);
        entries.is_western_name() || end - start > 3 && entries.word() == Some(Word::Eponym)
    }

    /// A Latin word of the lists of names.
    pub(in crate::text) fn is_listed(&self, start: usize, end: usize) -> bool {
        self.entries(start, end).is_western_name() || self.is_japanese(start, end)
    }

    /// A Latin word that is the reading of a name of the lists.
    pub(super) fn is_japanese(&self, start: usize, end: usize) -> bool {
        self.lists.by_key(self.f.slice(start, end)).is_japanese_name()
    }

    /// A given and a family name side by side, of one list, and a Japanese family name by itself.
    pub(super) fn latin_pair(&mut self, start: usize) {
        let end = self.word_end(start);
        let known = self.is_known_word(start, end);
        if end - start < 2 || known && !self.is_also_name(start, end) {
            return;
        }
        let names = |a: usize, b: usize| {
            let (read, own) = (self.lists.by_key(self.f.slice(a, b)), self.entries(a, b));
            let western = [own.is_name(Name::WesternFamily), own.is_name(Name::WesternGiven)];
            [[read.is_name(Name::Family), read.is_name(Name::Given)], western]
        };
        let first = names(start, end);
        let next = self.f.run(end, |j| j < end + 3 && matches!(self.f.at(j), ' ' | ',' | '^' | '_' | '.'));
        let stop = self.word_end(next);
        if next > end && stop > next + 1 && self.may_pair(known, next, stop) {
            let second = names(next, stop);
            let pairs = |[[family, given], [other_family, other_given]]: [[bool; 2]; 2]| {
                family && other_given || given && other_family
            };
            if first.into_iter().zip(second).any(|(a, b)| pairs([a, b])) {
                self.hit(start, stop);
                return;
            }
        }
        let whole = !self.f.is_alnum(end) || self.f.kind(end) == Kind::Digit;
        let [[family, _], [western, _]] = first;
        if whole && !known && (family && end - start >= FAMILY_MIN || self.has_dotted(start, end, family || western)) {
            let (start, end) = self.with_initial(start, end);
            self.hit(start, end);
        }
    }

    /// A family name with an initial and its dot on one side: `Ono H.`, `H. Ono`.
    fn has_dotted(&self, start: usize, end: usize, family: bool) -> bool {
        let f = self.f;
        let initial =
            |i: usize| self.is_capital(i) && f.at(i + 1) == '.' && !f.is_alnum(i + 2) && !f.is_alnum(i.wrapping_sub(1));
        let blank = usize::from(f.before(start) == Kind::Space);
        let before = start.checked_sub(2 + blank).filter(|&i| f.kind(i) == Kind::Letter);
        let after = f.run(end, |j| j < end + 2 && matches!(f.at(j), ' ' | ','));
        family
            && self.is_capital(start)
            && (before.is_some_and(|i| self.is_capital(i) && f.at(i + 1) == '.' && f.before(i) != Kind::Letter)
                || after > end && initial(after))
    }

    /// Of two names side by side one at most is a harmless word too: Douglas Davidson.
    fn may_pair(&self, first_known: bool, start: usize, end: usize) -> bool {
        !self.is_known_word(start, end) || !first_known && self.is_also_name(start, end) && self.is_capital(start)
    }
}
