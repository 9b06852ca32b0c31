//! What the lists have at each place of a text, asked once.

use crate::text::fold::{Folded, Kind};
use crate::text::lists::{Entries, Lists};

/// Words by the places where they begin.
pub(super) struct Listed {
    words: Vec<Word>,
    /// Of each place the first of its words; their number at the end.
    firsts: Vec<u32>,
    /// Places where something may begin: all but those inside of Latin words.
    pub places: Vec<usize>,
}

/// A word of the lists.
#[derive(Clone, Copy)]
pub(super) struct Word {
    pub start: usize,
    pub len: usize,
    pub entries: Entries,
}

impl Listed {
    pub(super) fn of(f: &Folded, lists: &Lists) -> Self {
        let mut words = Vec::with_capacity(f.len());
        let mut firsts = Vec::with_capacity(f.len() + 1);
        let mut places = Vec::with_capacity(f.len());
        for start in 0..f.len() {
            firsts.push(number(words.len()));
            if !f.is_inside_word(start) {
                let rest = f.slice(start, f.len());
                lists.each_at(rest, |len, entries| words.push(Word { start, len, entries }));
            }
            if f.kind(start) != Kind::Letter || f.before(start) != Kind::Letter {
                places.push(start);
            }
        }
        firsts.push(number(words.len()));
        Self { words, firsts, places }
    }

    /// Every word that begins at a place outside of others; shorter ones first.
    pub(super) fn at(&self, i: usize) -> &[Word] {
        match (self.firsts.get(i), self.firsts.get(i + 1)) {
            (Some(&from), Some(&to)) if from < to => self.words.get(from as usize..to as usize).unwrap_or_default(),
            _ => &[],
        }
    }

    /// Words that are marks, in order.
    pub(super) fn marks(&self) -> impl Iterator<Item = &Word> {
        self.words.iter().filter(|word| word.entries.is_any_mark())
    }
}

/// A number of words.
fn number(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
