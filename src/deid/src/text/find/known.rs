//! Hits of the patient's lexicon.

use super::segment::is_free;
use super::{Hit, Role, View};
use crate::text::fold::Kind;
use crate::text::lexicon::{Form, ID_INSIDE, Latin, Lexicon};
use crate::text::romaji;

/// Most marks and blanks between the parts of one name.
pub(super) const GAP: usize = 3;
/// Fewest letters of a guessed reading that says something by itself.
const GUESS_MIN: usize = 5;

impl View<'_> {
    pub(super) fn find_known(&mut self) {
        let known = self.pieces.iter().filter(|p| p.role == Role::Known);
        let known = known.map(|p| Hit { start: p.start, end: self.numbers_behind(p.end), date: None, label: None });
        let known: Vec<Hit> = known.collect();
        self.hits.extend(known);
        for i in 0..self.f.len() {
            match self.f.kind(i) {
                Kind::Kanji => self.spread(i),
                Kind::Hiragana | Kind::Katakana => {
                    self.spread(i);
                    self.sounded(i);
                }
                Kind::Letter if self.f.before(i) != Kind::Letter => {
                    self.latin(i);
                    self.phrase(i);
                }
                _ => {}
            }
            if self.f.is_alnum(i) {
                self.number(i);
            }
        }
    }

    /// 例示町5-6-23: the end of the numbers of an address behind its town.
    fn numbers_behind(&self, end: usize) -> usize {
        let f = self.f;
        let stop =
            f.run(end, |j| f.kind(j) == Kind::Digit || j > end && f.at(j) == '-' && f.kind(j + 1) == Kind::Digit);
        let groups = || f.slice(end, stop).split(|&c| c == '-');
        let fits = (2..=4).contains(&groups().count()) && groups().all(|group| group.len() <= 4);
        if fits && f.kind(end) == Kind::Digit { stop } else { end }
    }

    /// Full names and places with blanks between, and short names that stand alone.
    fn spread(&mut self, start: usize) {
        let f = self.f;
        let cjk = &self.lexicon.cjk;
        let (mut at, mut gaps) = (start, 0);
        let mut walk = cjk.begin(f.at(start));
        let mut found = None;
        while let Some(now) = walk {
            let end = at + 1;
            let letters = end - start - gaps;
            for form in cjk.tags(now).iter().filter_map(|&tag| Lexicon::form(tag)) {
                let takes = match form {
                    Form::Full | Form::Place => {
                        gaps > 0 && (letters > 2 && !self.all_kana(start, end) || self.is_apart(start, end))
                    }
                    Form::Short => gaps == 0 && self.stands_alone(start, end),
                    Form::Part | Form::Kana => false,
                };
                if takes && !self.is_crossed(start) && !self.is_crossed(end) {
                    found = Some(end);
                }
            }
            let next = f.run(end, |j| j < end + GAP && is_gap(f.at(j)));
            gaps += next - end;
            at = next;
            walk = if f.is_cjk(at) { cjk.step(now, f.at(at)) } else { None };
        }
        if let Some(end) = found {
            self.hit(start, end);
        }
    }

    /// True where a harmless word goes on over a place: 金 英姫 金属.
    fn is_crossed(&self, i: usize) -> bool {
        self.piece(self.piece_at(i)).is_some_and(|p| p.start < i && matches!(p.role, Role::Word(_)))
    }

    fn all_kana(&self, start: usize, end: usize) -> bool {
        (start..end).all(|i| !self.f.is_cjk(i) || self.f.is_kana(i))
    }

    /// True where no kanji or kana go on at either side, but for an honorific.
    fn is_apart(&self, start: usize, end: usize) -> bool {
        let kana = self.f.is_kana(start);
        let before = self.f.before(start);
        let free_before = if kana { before != self.f.kind(start) } else { before != Kind::Kanji };
        let free_after =
            if kana { is_free(self.f, end - 1, end) || !self.f.is_cjk(end) } else { self.f.kind(end) != Kind::Kanji };
        free_before && free_after || self.honorific_at(end).is_some()
    }

    /// True for a token between blanks or marks that is no harmless word.
    fn stands_alone(&self, start: usize, end: usize) -> bool {
        let delimited = |i: usize| !self.f.is_cjk(i) && !self.f.is_alnum(i);
        let before = start == 0 || delimited(start - 1);
        before && delimited(end) && !self.is_known_word(start, end)
    }

    /// Names in Latin letters: up to three words joined, and one word.
    fn latin(&mut self, start: usize) {
        if self.lexicon.romaji.is_empty() {
            return;
        }
        let mut end = self.word_end(start);
        let single = end;
        let mut best = None;
        let words = if romaji::may_begin(self.f.at(start), &self.lexicon.romaji) { 3 } else { 0 };
        for _ in 0..words {
            match self.lexicon.latin(self.f.slice(start, end)) {
                Some(Latin::Full) => best = Some(end),
                Some(Latin::Part) if end == single || self.f.at(single) == '-' || self.f.at(single) == '\'' => {
                    best = Some(end);
                }
                Some(Latin::Guess) if end == single && self.is_sure_guess(start, end) => best = Some(end),
                Some(Latin::Weak | Latin::Guess)
                    if end == single && (self.has_partner(start, end) || self.has_initial(start, end)) =>
                {
                    best = Some(end);
                }
                _ => {}
            }
            let next = self.f.run(end, |j| j < end + GAP && is_gap(self.f.at(j)));
            if self.f.kind(next) != Kind::Letter {
                break;
            }
            end = self.word_end(next);
        }
        if let Some(end) = best {
            let (start, end) = self.with_initial(start, end);
            self.hit(start, end);
        } else if single == start + 1 {
            self.initials(start);
        }
    }

    /// How kanji may be read says something by itself where it is long and no word, or beside a word that nobody knows.
    fn is_sure_guess(&self, start: usize, end: usize) -> bool {
        let beside = || end - start > 2 && self.with_listed(start, end) != (start, end);
        !self.is_known_word(start, end) && (end - start >= GUESS_MIN || beside())
    }

    /// True where the word beside it is another part of a name.
    fn has_partner(&self, start: usize, end: usize) -> bool {
        let is_part = |a: usize, b: usize| a < b && self.lexicon.latin(self.f.slice(a, b)) == Some(Latin::Part);
        let next = self.f.run(end, |j| j < end + GAP && is_gap(self.f.at(j)));
        if next > end && is_part(next, self.word_end(next)) {
            return true;
        }
        let mut before = start;
        while before > 0 && start - before < GAP && is_gap(self.f.at(before - 1)) {
            before -= 1;
        }
        before < start && is_part(self.word_start(before), before)
    }

    /// True where the initial of another part stands beside it, with a dot: `E. Baker`, `Baker E.`
    fn has_initial(&self, start: usize, end: usize) -> bool {
        let f = self.f;
        let fits = |i: usize| {
            let pair = [f.at(i), f.at(start)];
            f.at(i + 1) == '.' && self.lexicon.initials.contains(&pair)
        };
        let blank = usize::from(f.before(start) == Kind::Space);
        let before = start.checked_sub(2 + blank).filter(|&i| f.kind(i) == Kind::Letter && f.before(i) != Kind::Letter);
        let gap = f.run(end, |j| j < end + 2 && matches!(f.at(j), ' ' | ','));
        before.is_some_and(fits) || gap > end && fits(gap)
    }

    /// `H.Yamada`, `Ohno H.`, and a family name of the lists beside a given name.
    pub(super) fn with_initial(&self, start: usize, end: usize) -> (usize, usize) {
        let f = self.f;
        let mut left = start;
        while left > 0 && start - left < 2 && matches!(f.at(left - 1), '.' | ' ' | ',' | '^' | '_') {
            left -= 1;
        }
        let initial = self.word_start(left);
        let dotted = (left..start).any(|i| f.at(i) == '.');
        let letter = f.at(initial);
        let partner = f.at(start);
        let fits = |a: char, b: char| self.lexicon.initials.contains(&[a, b]);
        let start_of =
            if left < start && initial + 1 == left && (dotted || fits(letter, partner)) { initial } else { start };
        let gap = f.run(end, |j| j < end + 2 && matches!(f.at(j), ' ' | ',' | '^' | '_'));
        let last = f.at(gap);
        // L-Spine
        let joined = matches!(f.at(gap + 1), '-' | '/') && f.is_alnum(gap + 2);
        let single = gap > end && f.kind(gap) == Kind::Letter && !f.is_alnum(gap + 1) && !joined;
        let end_of = if single && f.at(gap + 1) == '.' {
            gap + 2
        } else if single && fits(partner, last) {
            gap + 1
        } else {
            end
        };
        let (start_of, end_of) = (start_of, end_of);
        self.with_listed(start_of, end_of)
    }

    /// A name of the lists on either side, or behind one part of a name a word that nobody knows, written alike.
    fn with_listed(&self, start: usize, end: usize) -> (usize, usize) {
        let f = self.f;
        let part = !(start..end).any(|i| f.kind(i) != Kind::Letter)
            && matches!(self.lexicon.latin(f.slice(start, end)), Some(Latin::Part | Latin::Guess));
        let alike = |a: usize, b: usize| {
            part && b > a + 1
                && self.is_capital(a) == self.is_capital(start)
                && self.is_capital(b - 1) == self.is_capital(end - 1)
        };
        let listed =
            |a: usize, b: usize| !self.is_known_word(a, b) && (b > a + 2 && self.is_japanese(a, b) || alike(a, b));
        let next = f.run(end, |j| j < end + 1 && is_gap(f.at(j)));
        let after = self.word_end(next);
        let end = if next > end && listed(next, after) { after } else { end };
        let before = if start > 0 && is_gap(f.at(start - 1)) { start - 1 } else { start };
        let first = self.word_start(before);
        let start = if before < start && listed(first, before) { first } else { start };
        (start, end)
    }

    /// `I.S.`
    fn initials(&mut self, start: usize) {
        let f = self.f;
        let pair = f.at(start + 1) == '.' && f.kind(start + 2) == Kind::Letter && !f.is_alnum(start + 3);
        let dotted = f.at(start + 3) == '.';
        if pair
            && dotted
            && !f.is_alnum(start.wrapping_sub(1))
            && self.lexicon.initials.contains(&[f.at(start), f.at(start + 2)])
        {
            self.hit(start, start + 4);
        }
    }

    /// Phrases in Latin letters: hospitals, their short names, stations.
    fn phrase(&mut self, start: usize) {
        let f = self.f;
        let phrases = &self.lexicon.phrases;
        let mut walk = phrases.begin(f.at(start));
        let mut at = start;
        let mut found = None;
        while let Some(now) = walk {
            let end = at + 1;
            if !phrases.tags(now).is_empty() && self.whole(start, end) {
                found = Some(end);
            }
            at = f.run(end, |j| j < end + GAP && (is_gap(f.at(j)) || matches!(f.at(j), '&' | '\'' | '(' | ')')));
            walk = if f.is_alnum(at) || f.is_cjk(at) { phrases.step(now, f.at(at)) } else { None };
        }
        if let Some(end) = found.filter(|&end| !(self.is_harmless_token(start, end))) {
            self.hit(start, end);
        }
    }

    /// A short name of a place that is a plain word stays a word.
    fn is_harmless_token(&self, start: usize, end: usize) -> bool {
        end - start < 3 && self.is_known_word(start, end)
    }

    /// IDs, telephone numbers, packed birth dates.
    fn number(&mut self, i: usize) {
        let f = self.f;
        let ids = &self.lexicon.ids;
        if ids.begin(f.at(i)).is_none() && f.at(i) != '0' {
            return;
        }
        let boundary = f.before(i) != f.kind(i);
        let start = i;
        let i = if boundary && f.kind(i) == Kind::Digit { f.run(i, |j| self.is_leading(i, j)) } else { i };
        let mut walk = ids.begin(f.at(i));
        let (mut at, mut count) = (i, 0);
        let mut found = None;
        while let Some(now) = walk {
            let end = at + 1;
            count += 1;
            if !ids.tags(now).is_empty() && self.is_id(start, end, count, boundary) {
                found = Some(end);
            }
            let next =
                f.run(end, |j| j < end + 2 && matches!(f.at(j), '-' | '_' | '.' | '/' | ' ' | '(' | ')' | '*' | '#'));
            at = next;
            walk = if f.is_alnum(at) { ids.step(now, f.at(at)) } else { None };
        }
        if let Some(end) = found {
            self.hit(start, end);
        }
    }

    /// Zeros before a number, with what is typed between them.
    fn is_leading(&self, start: usize, i: usize) -> bool {
        let f = self.f;
        let mark = matches!(f.at(i), '-' | '.') && f.kind(i + 1) == Kind::Digit;
        f.at(i) == '0' || i > start && f.at(i - 1) == '0' && mark
    }

    /// Long IDs anywhere, shorter ones as tokens, the shortest as the whole value.
    fn is_id(&self, start: usize, end: usize, count: usize, boundary: bool) -> bool {
        let f = self.f;
        if count >= ID_INSIDE {
            return true;
        }
        let ends = f.kind(end) != f.before(end) || !f.is_alnum(end);
        let delimited =
            |i: usize| matches!(f.kind(i), Kind::Space | Kind::Mark | Kind::Kanji | Kind::Hiragana | Kind::Katakana);
        let token = (start == 0 || delimited(start - 1)) && delimited(end);
        // A 0012: letters are typed apart from digits.
        let apart = |j: usize| f.kind(j) == Kind::Space && f.before(j) == Kind::Letter && f.kind(j + 1) == Kind::Digit;
        let tight = (start..end).all(|j| f.is_alnum(j) || f.at(j) == '-' || apart(j));
        let alone = start == 0 && end == f.len();
        let goes_on = |j: usize| f.kind(j + 1) != Kind::Space && j + 1 < f.len();
        let number = matches!(f.at(end), '/' | '%' | '*')
            || matches!(f.at(end), '.' | ':') && goes_on(end)
            || start > 0 && matches!(f.at(start - 1), '.' | '/' | ':' | '*' | 'x');
        let unit = f.kind(end) == Kind::Space && self.is_unit(end + 1);
        boundary && ends && tight && (alone || count >= 4 && token && !number && !unit)
    }
}

/// Marks and blanks that stand between the parts of a name.
pub(super) fn is_gap(c: char) -> bool {
    c.is_whitespace() || matches!(c, '^' | '=' | ',' | '.' | '_' | '-' | '・' | '/' | '\'' | '~')
}
