//! What must go: this patient's lexicon, and what grammar and lists show without it.

mod codes;
mod honorific;
mod known;
mod labels;
mod listed;
mod names;
mod numbers;
mod people;
mod places;
mod readings;
mod rooms;
mod segment;
mod signed;
mod touch;
mod when;
mod written;

use super::date::Found;
use super::fold::{Folded, Kind};
use super::lexicon::Lexicon;
use super::lists::{Entries, Lists, Mark, Name, Word};
use listed::Listed;
pub(super) use segment::{Piece, Role};

/// A stretch of a folded text that must go.
#[derive(Clone, Copy)]
pub(super) struct Hit {
    pub start: usize,
    pub end: usize,
    /// A date that may be moved instead.
    pub date: Option<Found>,
    /// The label that it is the value of.
    pub label: Option<(usize, usize)>,
}

/// A folded text with its words, and what was found in it. Holds identity: no `Debug`.
pub(super) struct View<'a> {
    pub f: &'a Folded,
    pub lists: &'a Lists,
    pub lexicon: &'a Lexicon,
    pub pieces: Vec<Piece>,
    pub hits: Vec<Hit>,
    /// The label whose value is looked at.
    label: Option<(usize, usize)>,
    /// Marks in order, and the places that have one.
    marks: Vec<Marked>,
    is_marked: Vec<bool>,
    /// What the lists have at each place.
    listed: Listed,
}

/// A mark in a text.
#[derive(Clone, Copy)]
struct Marked {
    start: usize,
    len: usize,
    kind: Mark,
}

/// How dates and ages are treated.
#[derive(Clone, Copy)]
pub(super) struct Rules {
    pub shifts: bool,
    pub age_cap: u32,
}

impl<'a> View<'a> {
    /// Finds everything.
    pub(super) fn new(f: &'a Folded, lists: &'a Lists, lexicon: &'a Lexicon, rules: Rules) -> Self {
        let listed = Listed::of(f, lists);
        let pieces = segment::pieces(f, &listed, lexicon);
        let (marks, is_marked) = (Vec::new(), vec![false; f.len()]);
        let (hits, label) = (Vec::new(), None);
        let mut view = Self { f, lists, lexicon, pieces, hits, label, marks, is_marked, listed };
        view.find_marks();
        view.find_known();
        view.find_when(rules);
        view.find_numbers();
        view.find_codes();
        view.find_labelled();
        view.find_people();
        view.find_places();
        view.find_signed();
        view.find_written();
        view.find_glosses();
        view.find_readings();
        view
    }

    fn hit(&mut self, start: usize, end: usize) {
        if start < end {
            self.hits.push(Hit { start, end, date: None, label: self.label });
        }
    }

    /// One of the places where something may begin, by number: those that are not inside of a Latin word.
    fn place(&self, nth: usize) -> Option<usize> {
        self.listed.places.get(nth).copied()
    }

    /// Index of the piece that covers a place, or the next.
    pub(super) fn piece_at(&self, i: usize) -> usize {
        self.pieces.partition_point(|p| p.end <= i)
    }

    pub(super) fn piece(&self, index: usize) -> Option<&Piece> {
        self.pieces.get(index)
    }

    fn find_marks(&mut self) {
        for &listed::Word { start, len, entries } in self.listed.marks() {
            if len <= MARK_MAX && self.whole(start, start + len) {
                self.marks.extend(entries.marks().map(|kind| Marked { start, len, kind }));
                self.is_marked.get_mut(start).into_iter().for_each(|m| *m = true);
            }
        }
    }

    /// The marks that begin at a place, the longest last.
    fn marks_at(&self, i: usize) -> &[Marked] {
        if self.is_marked.get(i) != Some(&true) {
            return &[];
        }
        let first = self.marks.partition_point(|m| m.start < i);
        let rest = self.marks.get(first..).unwrap_or_default();
        rest.get(..rest.partition_point(|m| m.start == i)).unwrap_or_default()
    }

    /// The length of the longest mark of a kind at a place.
    pub(super) fn mark(&self, i: usize, kind: Mark) -> Option<usize> {
        self.marks_at(i).iter().rev().find(|m| m.kind == kind).map(|m| m.len)
    }

    /// True where a stretch does not cut words of Latin letters.
    fn whole(&self, start: usize, end: usize) -> bool {
        !self.is_inside(start) && !self.is_inside(end)
    }

    /// True between two Latin letters.
    fn is_inside(&self, i: usize) -> bool {
        self.f.kind(i) == Kind::Letter && self.f.before(i) == Kind::Letter
    }

    /// The end of the run of letters at a place.
    pub(super) fn word_end(&self, i: usize) -> usize {
        self.f.whole_run(i, |j| self.f.kind(j) == Kind::Letter)
    }

    /// The start of the run of letters that ends at a place.
    pub(super) fn word_start(&self, mut end: usize) -> usize {
        while self.f.before(end) == Kind::Letter {
            end -= 1;
        }
        end
    }

    /// A unit behind a number, with a blank or without.
    pub(in crate::text) fn is_unit(&self, end: usize) -> bool {
        let start = self.f.run(end, |j| j < end + 1 && self.f.kind(j) == Kind::Space);
        let stop = self.word_end(start);
        stop - start <= UNIT_MAX && UNITS.iter().any(|unit| self.f.is(start, stop, unit))
    }

    /// All that the lists say of a whole word.
    pub(in crate::text) fn entries(&self, start: usize, end: usize) -> Entries {
        let end = end.min(self.f.len());
        if self.f.is_inside_word(start) {
            return self.lists.entries(self.f.slice(start, end));
        }
        let word = self.listed.at(start).iter().find(|word| start + word.len == end);
        word.map(|word| word.entries).unwrap_or_default()
    }

    /// The class of a harmless word.
    pub(in crate::text) fn word(&self, start: usize, end: usize) -> Option<Word> {
        self.entries(start, end).word()
    }

    pub(super) fn is_known_word(&self, start: usize, end: usize) -> bool {
        self.word(start, end).is_some()
    }

    /// True for a whole word of the lists of names.
    pub(in crate::text) fn is_name(&self, start: usize, end: usize, kind: Name) -> bool {
        self.entries(start, end).is_name(kind)
    }

    /// True for a whole word that is a Japanese family or given name.
    pub(in crate::text) fn is_japanese_name(&self, start: usize, end: usize) -> bool {
        self.entries(start, end).is_japanese_name()
    }

    /// True for a whole word that is a mark.
    pub(in crate::text) fn is_mark(&self, start: usize, end: usize, kind: Mark) -> bool {
        self.entries(start, end).is_mark(kind)
    }
}

const UNITS: [&str; 22] = [
    "mm", "cm", "m", "ms", "msec", "s", "sec", "kv", "kvp", "kev", "ma", "mas", "ml", "cc", "mg", "kg", "hz", "mhz",
    "mgy", "gy", "mbq", "mci",
];
/// Longest of them.
const UNIT_MAX: usize = 4;

/// Longest mark, in characters.
const MARK_MAX: usize = 24;
