//! Whether a lexicon has anything to say of a text: where not, the text is cleaned as that of any other patient.

use super::known::{GAP, is_gap};
use crate::text::dict::Dict;
use crate::text::fold::{Folded, Kind};
use crate::text::lexicon::Lexicon;
use crate::text::romaji;

/// Most words that names in Latin letters are looked for in.
const WORDS: usize = 3;

impl Lexicon {
    /// True where a form may begin in a stretch of a text, whatever is around it: more than what is found there, never less.
    pub(in crate::text) fn touches(&self, f: &Folded, start: usize, end: usize) -> bool {
        (start..end).any(|i| match f.kind(i) {
            Kind::Space | Kind::Mark => false,
            Kind::Letter if f.before(i) != Kind::Letter => {
                self.begins_cjk(f, i) || self.begins_number(f, i) || self.begins_latin(f, i)
            }
            Kind::Letter | Kind::Digit => self.begins_cjk(f, i) || self.begins_number(f, i),
            Kind::Kanji | Kind::Hiragana | Kind::Katakana => self.begins_cjk(f, i),
        })
    }

    /// True for a word of Latin letters that no form begins in, whatever stands behind it.
    pub(in crate::text) fn ends_within(&self, word: &[char]) -> bool {
        let ends = |dict: &Dict, from: usize| {
            let mut rest = word.iter().skip(from);
            let first = rest.next().and_then(|&c| dict.begin(c));
            let last = rest.try_fold(first, |walk, &c| walk.map(|walk| dict.step(walk, c)));
            last.flatten().is_none()
        };
        let any = (0..word.len()).all(|from| ends(&self.cjk, from) && ends(&self.ids, from));
        any && ends(&self.phrases, 0) && romaji::ends_within(word, &self.romaji)
    }

    /// Kanji and kana side by side, and with blanks between.
    fn begins_cjk(&self, f: &Folded, i: usize) -> bool {
        is_in(&self.cjk, f, i, 0, |_| false) || is_in(&self.cjk, f, i, GAP, is_gap)
    }

    fn begins_number(&self, f: &Folded, i: usize) -> bool {
        is_in(&self.ids, f, i, 2, |c| matches!(c, '-' | '_' | '.' | '/' | ' ' | '(' | ')' | '*' | '#'))
    }

    /// Phrases, names of up to three words, and initials, at the start of a word.
    fn begins_latin(&self, f: &Folded, start: usize) -> bool {
        let phrase = |c| is_gap(c) || matches!(c, '&' | '\'' | '(' | ')');
        let initials =
            || f.at(start + 1) == '.' && self.initials.iter().any(|&[a, b]| [f.at(start), f.at(start + 2)] == [a, b]);
        is_in(&self.phrases, f, start, GAP, phrase) || initials() || self.begins_name(f, start)
    }

    fn begins_name(&self, f: &Folded, start: usize) -> bool {
        let mut at = start;
        for _ in 0..WORDS {
            let end = f.whole_run(at, |i| f.kind(i) == Kind::Letter);
            if end == at || self.romaji.is_empty() {
                return false;
            }
            if self.latin(f.slice(start, end)).is_some() {
                return true;
            }
            at = f.run(end, |i| i < end + GAP && is_gap(f.at(i)));
        }
        false
    }
}

/// True where a word of a dictionary stands at a place, with so many characters between its own that are passed over.
fn is_in(dict: &Dict, f: &Folded, start: usize, gap: usize, passed: impl Fn(char) -> bool) -> bool {
    let mut walk = dict.begin(f.at(start));
    let mut at = start;
    while let Some(now) = walk {
        if !dict.tags(now).is_empty() {
            return true;
        }
        let end = at + 1;
        at = f.run(end, |i| i < end + gap && passed(f.at(i)));
        walk = dict.step(now, f.at(at));
    }
    false
}
