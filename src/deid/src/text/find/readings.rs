//! How names are read: kana where the header tells in Latin letters alone, readings in brackets behind a name, and kana
//! beside kana.

use super::segment::is_free;
use super::{Hit, View};
use crate::text::fold::Kind;
use crate::text::lexicon::Latin;

/// Most words that one name is written in.
const WORDS: usize = 3;
/// Shortest reading of one part, and of a whole name without a blank.
const PART_MIN: usize = 3;
const FULL_MIN: usize = 4;
/// Longest reading, in characters.
const LONGEST: usize = 24;
/// Longest part of a name beside another part.
const PARTNER: core::ops::RangeInclusive<usize> = 2..=7;

impl View<'_> {
    /// クワオリ セツコ of `KUWAORI^SETSUKO`: whole words of kana, by the key of how they are read.
    pub(super) fn sounded(&mut self, start: usize) {
        let f = self.f;
        if self.lexicon.romaji.is_empty() || f.before(start) == f.kind(start) {
            return;
        }
        let mut kana = String::new();
        let (mut at, mut best) = (start, None);
        for word in 0..WORDS {
            let stop = self.kana_end(at);
            if stop - at > LONGEST {
                break;
            }
            for end in (at + 1..=stop).filter(|&end| end == stop || is_free(f, at, end)) {
                let whole: String = kana.chars().chain(f.slice(at, end).iter().copied()).collect();
                let count = whole.chars().count();
                let takes = match self.lexicon.sound(&whole) {
                    Some(Latin::Full) => count >= if word > 0 { PART_MIN } else { FULL_MIN },
                    Some(Latin::Part) => word == 0 && count >= PART_MIN && !self.is_known_word(start, end),
                    Some(Latin::Guess) => word == 0 && count >= FULL_MIN && !self.is_known_word(start, end),
                    _ => false,
                };
                best = if takes { Some(end) } else { best };
            }
            kana.extend(f.slice(at, stop));
            at = f.run(stop, |j| j < stop + 2 && is_between(f.at(j)));
            if at == stop || !f.is_kana(at) {
                break;
            }
        }
        if let Some(end) = best {
            self.hit(start, end);
        }
    }

    /// 長谷部（ハセベ）, ﾔﾌﾞｷ ﾂﾙ: what stands behind a name in brackets, and the other part of a name in the same kana.
    pub(super) fn find_readings(&mut self) {
        let f = self.f;
        let found: Vec<Hit> = self.hits.iter().filter(|hit| hit.date.is_none()).copied().collect();
        for Hit { start, end, .. } in found {
            if end == 0 || !f.is_cjk(end - 1) {
                continue;
            }
            if let Some(stop) = self.bracketed(end) {
                self.hit(end, stop);
            }
            if (start..end).all(|i| f.is_kana(i)) {
                self.partners(start, end);
            }
        }
    }

    /// The end of brackets that hold kana alone, none of them a harmless word.
    fn bracketed(&self, at: usize) -> Option<usize> {
        let f = self.f;
        let open = f.run(at, |j| j == at && f.kind(j) == Kind::Space);
        let first = (f.at(open) == '(').then_some(open + 1)?;
        let mut at = first;
        loop {
            let stop = self.kana_end(at);
            if stop == at || stop - first > LONGEST || self.is_known_word(at, stop) {
                return None;
            }
            if f.at(stop) == ')' {
                return Some(stop + 1);
            }
            at = f.run(stop, |j| j == stop && is_between(f.at(j)));
        }
    }

    /// Words of the same kana on either side.
    fn partners(&mut self, start: usize, end: usize) {
        let f = self.f;
        let is_partner = |a: usize, b: usize| PARTNER.contains(&(b - a)) && !self.is_known_word(a, b);
        let next = f.run(end, |j| j == end && is_between(f.at(j)));
        let stop = self.kana_end(next);
        let after = next > end && f.kind(next) == f.kind(start) && !f.is_cjk(stop) && is_partner(next, stop);
        let last = start.checked_sub(1).filter(|&i| is_between(f.at(i)) && f.before(i) == f.kind(start));
        let first = last.map(|last| {
            let mut first = last;
            while first > 0 && f.is_kana(first - 1) && f.before(first) == f.kind(start) {
                first -= 1;
            }
            (first, last)
        });
        let before = first.filter(|&(a, b)| !f.is_cjk_before(a) && is_partner(a, b));
        if after {
            self.hit(end, stop);
        }
        if let Some((first, _)) = before {
            self.hit(first, start);
        }
    }

    /// The end of the run of one kind of kana at a place.
    fn kana_end(&self, at: usize) -> usize {
        let f = self.f;
        f.run(at, |j| f.is_kana(j) && f.kind(j) == f.kind(at))
    }
}

/// What stands between the parts of a name in kana.
const fn is_between(c: char) -> bool {
    matches!(c, ' ' | '・' | '^' | ',')
}
