//! What the lists have at each place of a text, asked once.

use crate::text::fold::{Folded, Kind};
use crate::text::lists::{Entry, Lists};

/// Where the original has capitals.
pub(in crate::text) struct Capitals<'a> {
    pub f: &'a Folded,
    pub original: &'a [bool],
}

impl Capitals<'_> {
    /// True where the original has a capital.
    pub(super) fn at(&self, i: usize) -> bool {
        self.original.get(self.f.start(i)).copied().unwrap_or(false)
    }

    /// True where a Latin word that was put together goes on in another: `ThoraxRoutine`.
    pub(super) fn is_hump(&self, i: usize) -> bool {
        i > 0 && self.at(i) && !self.at(i - 1)
    }
}

/// Entries by the places where they begin.
pub(super) struct Listed {
    /// Length and what it is; shorter ones first.
    entries: Vec<(u32, Entry)>,
    /// Of each place the first of its entries; their number at the end.
    starts: Vec<u32>,
}

impl Listed {
    pub(super) fn of(f: &Folded, lists: &Lists, capitals: &Capitals<'_>) -> Self {
        let mut entries = Vec::with_capacity(f.len());
        let mut starts = Vec::with_capacity(f.len() + 1);
        let number = |entries: &Vec<(u32, Entry)>| u32::try_from(entries.len()).unwrap_or(u32::MAX);
        for i in 0..f.len() {
            starts.push(number(&entries));
            if is_asked(f, capitals, i) {
                let all = lists.at(f.slice(i, f.len()));
                entries.extend(all.filter_map(|(len, entry)| Some((u32::try_from(len).ok()?, entry))));
            }
        }
        starts.push(number(&entries));
        Self { entries, starts }
    }

    /// Everything that begins at a place that was asked.
    pub(super) fn at(&self, i: usize) -> &[(u32, Entry)] {
        let Some([from, to, ..]) = self.starts.get(i..) else { return &[] };
        self.entries.get(*from as usize..*to as usize).unwrap_or_default()
    }
}

/// Inside of Latin words nothing begins but where two were put together.
pub(super) fn is_asked(f: &Folded, capitals: &Capitals<'_>, i: usize) -> bool {
    f.kind(i) != Kind::Letter || f.before(i) != Kind::Letter || capitals.is_hump(i)
}
