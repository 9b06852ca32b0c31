//! Decompositions, composites and combining classes, unpacked once.

use std::sync::OnceLock;
use tokumei_dicom::order;
use tokumei_dicom::packed::Packed;

/// For each character that decomposes, in order: the distance from the one before it.
static CHARACTERS: &[u8] = include_bytes!("characters.bin");
/// For each: 0 where it is the composite of the two characters that follow, else how many follow.
static COUNTS: &[u8] = include_bytes!("counts.bin");
/// What they become, one after the other: distances from the last character that stood at the same place.
static TARGETS: &[u8] = include_bytes!("targets.bin");
/// Runs of characters that have a combining class: distance from the end of the run before, length, class.
static CLASSES: &[u8] = include_bytes!("classes.bin");

/// What a character becomes.
pub(super) enum Form<'t> {
    /// Two characters that compose to it again; the first may decompose further.
    Pair(char, char),
    /// Characters that stay.
    Text(&'t [char]),
}

struct Decomposition {
    of: char,
    composes: bool,
    start: usize,
    count: usize,
}

struct Composite {
    first: char,
    last: char,
    both: char,
}

struct Run {
    first: u32,
    end: u32,
    class: u8,
}

pub(super) struct Tables {
    decompositions: Vec<Decomposition>,
    targets: Vec<char>,
    composites: Vec<Composite>,
    runs: Vec<Run>,
}

pub(super) fn tables() -> &'static Tables {
    static TABLES: OnceLock<Tables> = OnceLock::new();
    TABLES.get_or_init(|| {
        let (decompositions, targets) = decompositions();
        let mut tables = Tables { decompositions, targets, composites: Vec::new(), runs: runs() };
        tables.composites = tables.composites();
        tables
    })
}

fn decompositions() -> (Vec<Decomposition>, Vec<char>) {
    let mut packed = Packed::new(TARGETS);
    // The longest becomes 18 characters.
    let mut lasts = [0_i32; 32];
    let mut targets = Vec::new();
    let mut of = 0;
    let read = |(distance, count): (u32, u32)| {
        of += distance;
        let composes = count == 0;
        let count = if composes { 2 } else { usize::try_from(count).unwrap_or_default() };
        let start = targets.len();
        for last in lasts.iter_mut().take(count) {
            *last = last.wrapping_add(packed.signed().unwrap_or_default());
            targets.push(u32::try_from(*last).ok().and_then(char::from_u32).unwrap_or_default());
        }
        Decomposition { of: char::from_u32(of).unwrap_or_default(), composes, start, count }
    };
    let decompositions = Packed::new(CHARACTERS).zip(Packed::new(COUNTS)).map(read).collect();
    (decompositions, targets)
}

fn runs() -> Vec<Run> {
    let mut packed = Packed::new(CLASSES);
    let mut runs: Vec<Run> = Vec::new();
    while let (Some(distance), Some(length), Some(class)) = (packed.next(), packed.next(), packed.next()) {
        let first = runs.last().map_or(0, |run| run.end) + distance;
        runs.push(Run { first, end: first + length, class: u8::try_from(class).unwrap_or_default() });
    }
    runs
}

impl Tables {
    /// What a character becomes; `None` for those that stay and for Hangul syllables.
    pub(super) fn form(&self, c: char) -> Option<Form<'_>> {
        let place = self.decompositions.binary_search_by_key(&c, |d| d.of).ok()?;
        self.decompositions.get(place).and_then(|d| self.read(d))
    }

    fn read(&self, decomposition: &Decomposition) -> Option<Form<'_>> {
        let end = decomposition.start.checked_add(decomposition.count)?;
        Some(match (self.targets.get(decomposition.start..end)?, decomposition.composes) {
            (&[first, last], true) => Form::Pair(first, last),
            (text, _) => Form::Text(text),
        })
    }

    /// The character that two compose to.
    pub(super) fn composite(&self, first: char, last: char) -> Option<char> {
        let place = self.composites.binary_search_by_key(&(first, last), |c| (c.first, c.last)).ok()?;
        self.composites.get(place).map(|composite| composite.both)
    }

    /// The canonical combining class.
    pub(super) fn class(&self, c: char) -> u8 {
        let code = u32::from(c);
        let place = self.runs.partition_point(|run| run.end <= code);
        self.runs.get(place).filter(|run| run.first <= code).map_or(0, |run| run.class)
    }

    fn composites(&self) -> Vec<Composite> {
        let composite = |d: &Decomposition| match self.read(d) {
            Some(Form::Pair(first, last)) => Some(Composite { first, last, both: d.of }),
            _ => None,
        };
        let mut composites: Vec<Composite> = self.decompositions.iter().filter_map(composite).collect();
        order::sort_by_key(&mut composites, |c| (c.first, c.last));
        composites
    }
}
