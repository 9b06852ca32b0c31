//! What the lists have at each place of a text, asked once.

use crate::text::fold::Folded;
use crate::text::lists::{Entries, Lists};

/// Words by the places where they begin.
pub(super) struct Listed {
    /// Length of a word and what it is; shorter ones first.
    words: Vec<(u32, Entries)>,
    /// Of each place the first of its words; their number at the end.
    starts: Vec<u32>,
}

impl Listed {
    pub(super) fn of(f: &Folded, lists: &Lists) -> Self {
        let mut words = Vec::with_capacity(f.len());
        let mut starts = Vec::with_capacity(f.len() + 1);
        for i in 0..f.len() {
            starts.push(number(words.len()));
            if !f.is_inside_word(i) {
                lists.each_at(f.slice(i, f.len()), |len, entries| words.push((number(len), entries)));
            }
        }
        starts.push(number(words.len()));
        Self { words, starts }
    }

    /// Every word that begins at a place outside of others.
    pub(super) fn at(&self, i: usize) -> &[(u32, Entries)] {
        let Some(&[from, to, ..]) = self.starts.get(i..) else { return &[] };
        self.words.get(from as usize..to as usize).unwrap_or_default()
    }
}

/// A place in a text, or a length.
fn number(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
