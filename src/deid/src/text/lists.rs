//! The word lists that cleaning asks: words that are harmless, names, and the marks that stand beside identity.
//!
//! They are one file, loaded when the engine starts (`pack` makes it from `src/deid/data/text`): after its first line numbers
//! and characters as a dictionary lies in memory, folded, so that nothing is left to do but to spread them out. All words are
//! in one dictionary, which is walked once for a place of a text.

use super::dict::{Dict, Shape};
use super::fold::Folded;
use super::readings::Readings;
use super::romaji;
use tokumei_dicom::packed::Packed;

/// Why a file of lists cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ListsError {
    /// It is no file of lists, or of another version.
    Header,
    /// It is not whole.
    Incomplete,
}

impl core::fmt::Display for ListsError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Header => "lists-header",
            Self::Incomplete => "lists-incomplete",
        })
    }
}

impl core::error::Error for ListsError {}

/// First line of a packed file.
pub(super) const HEADER: &[u8] = b"tokumei.lists/3\n";

/// Classes of harmless words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Word {
    Body,
    Modality,
    Technique,
    /// Purposes, sex and stage of life, departments and roles.
    Clinical,
    Plain,
    /// Says something only behind another word.
    Particle,
    Eponym,
    /// Holds what elsewhere is a honorific.
    Like,
}

pub(super) const WORDS: [Word; 8] = [
    Word::Body,
    Word::Modality,
    Word::Technique,
    Word::Clinical,
    Word::Plain,
    Word::Particle,
    Word::Eponym,
    Word::Like,
];

/// Kinds of marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Mark {
    /// Behind a name: 様.
    Honorific,
    /// Behind a name or alone: 技師.
    Title,
    /// Latin, behind a name: MD.
    After,
    /// Latin, before a name: Mr.
    Before,
    /// Label that a name follows.
    Name,
    /// Word that a name follows if it looks like one.
    Maybe,
    Id,
    Insurance,
    Birth,
    Address,
    Phone,
    Occupation,
    /// Last word of an institution's name.
    Facility,
    /// The same, if what stands before it is no known word.
    FacilityWeak,
    FacilityPrefix,
    /// Words before 病院 that name no institution.
    FacilityStem,
    Municipal,
    Region,
    Eponym,
    /// Words beside which 5/1 is a day.
    Day,
    /// Words beside which it is not.
    NotDay,
    Street,
}

pub(super) const MARKS: [Mark; 22] = [
    Mark::Honorific,
    Mark::Title,
    Mark::After,
    Mark::Before,
    Mark::Name,
    Mark::Maybe,
    Mark::Id,
    Mark::Insurance,
    Mark::Birth,
    Mark::Address,
    Mark::Phone,
    Mark::Occupation,
    Mark::Facility,
    Mark::FacilityWeak,
    Mark::FacilityPrefix,
    Mark::FacilityStem,
    Mark::Municipal,
    Mark::Region,
    Mark::Eponym,
    Mark::Day,
    Mark::NotDay,
    Mark::Street,
];

/// Kinds of names; readings stand as katakana and as romaji keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Name {
    Family,
    Given,
    WesternGiven,
    WesternFamily,
}

/// Most readings of one name: those of family names and of given ones.
const FAMILY_READINGS: usize = 6;
const GIVEN_READINGS: usize = 10;

/// All that a word is: a bit for each of its tags.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Entries(u64);

/// Tags: classes of words first, then marks, then kinds of names.
pub(super) const MARKS_FROM: u16 = Word::Like as u16 + 1;
pub(super) const NAMES_FROM: u16 = MARKS_FROM + Mark::Street as u16 + 1;

impl Entries {
    /// The first class of a harmless word.
    pub(super) fn word(self) -> Option<Word> {
        self.words().next()
    }

    /// Its classes.
    pub(super) fn words(self) -> impl Iterator<Item = Word> {
        // Most words of most texts are of one class.
        let mut rest = self.0 & ((1 << MARKS_FROM) - 1);
        core::iter::from_fn(move || {
            let word = WORDS.get(rest.trailing_zeros() as usize).copied();
            rest &= rest.wrapping_sub(1);
            word
        })
    }

    /// Kinds of a mark.
    pub(super) fn marks(self) -> impl Iterator<Item = Mark> {
        MARKS.into_iter().filter(move |&mark| self.is_mark(mark))
    }

    /// True for a mark of some kind.
    pub(super) const fn is_any_mark(self) -> bool {
        self.0 >> MARKS_FROM & ((1 << MARKS.len()) - 1) != 0
    }

    pub(super) const fn is_mark(self, kind: Mark) -> bool {
        self.0 >> (MARKS_FROM + kind as u16) & 1 != 0
    }

    pub(super) const fn is_any_name(self) -> bool {
        self.0 >> NAMES_FROM != 0
    }

    pub(super) const fn is_name(self, kind: Name) -> bool {
        self.0 >> (NAMES_FROM + kind as u16) & 1 != 0
    }

    /// True for a given or family name in English.
    pub(super) const fn is_western_name(self) -> bool {
        self.is_name(Name::WesternGiven) || self.is_name(Name::WesternFamily)
    }

    /// True for a Japanese family or given name.
    pub(super) const fn is_japanese_name(self) -> bool {
        self.is_name(Name::Family) || self.is_name(Name::Given)
    }

    fn of(tags: &[u16]) -> Self {
        Self(tags.iter().fold(0, |bits, &tag| bits | 1_u64.checked_shl(tag.into()).unwrap_or(0)))
    }
}

/// Words, names and marks. Public data: the lists of a build.
#[derive(Default)]
pub struct Lists {
    pub(super) variants: Vec<(char, char)>,
    dict: Dict,
    /// Kanji of given names: alone, first, in the middle, last.
    pub(super) given: [Vec<char>; 4],
    readings: Readings,
}

impl Lists {
    /// Reads a packed file: the length of the characters at its end, variants of kanji, kanji of given names, how
    /// kanji of names are read, shapes of nodes and their tags, the nodes by their shapes; the characters of the nodes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ListsError> {
        let rest = bytes.strip_prefix(HEADER).ok_or(ListsError::Header)?;
        Self::unpacked(rest).ok_or(ListsError::Incomplete)
    }

    fn unpacked(bytes: &[u8]) -> Option<Self> {
        let labels = Packed::new(bytes).next()? as usize;
        let (numbers, labels) = bytes.split_at_checked(bytes.len().checked_sub(labels)?)?;
        let labels = core::str::from_utf8(labels).ok()?;
        let mut numbers = Packed::new(numbers);
        numbers.next()?;
        let character = |numbers: &mut Packed<'_>| char::from_u32(numbers.next()?);
        let variants = 0..numbers.next()?;
        let pair = |_| Some((character(&mut numbers)?, character(&mut numbers)?));
        let variants = variants.map(pair).collect::<Option<Vec<_>>>()?;
        let mut given: [Vec<char>; 4] = Default::default();
        for set in &mut given {
            let kanji = 0..numbers.next()?;
            *set = kanji.map(|_| character(&mut numbers)).collect::<Option<_>>()?;
        }
        let readings = Readings::unpacked(&mut numbers)?;
        let (mut shapes, mut tags) = (Vec::new(), Vec::new());
        for _ in 0..numbers.next()? {
            let (followers, ends) = (numbers.next()?, numbers.next()?);
            shapes.push(Shape { followers, tag: u32::try_from(tags.len()).ok()?, ends });
            for _ in 0..ends {
                tags.push(u16::try_from(numbers.next()?).ok()?);
            }
        }
        Some(Self { variants, dict: Dict::unpacked(&shapes, tags, numbers, labels)?, given, readings })
    }

    /// The kanji that a variant is compared as.
    pub(super) fn variant(&self, c: char) -> char {
        let found = self.variants.binary_search_by_key(&c, |v| v.0).ok();
        found.and_then(|i| self.variants.get(i)).map_or(c, |v| v.1)
    }

    /// Hands on every word that begins a text: its length and what it is; shorter ones first.
    pub(super) fn each_at(&self, text: &[char], mut each: impl FnMut(usize, Entries)) {
        let mut walk = text.first().and_then(|&c| self.dict.begin(c));
        let mut len = 1;
        while let Some(now) = walk {
            let tags = self.dict.tags(now);
            if !tags.is_empty() {
                each(len, Entries::of(tags));
            }
            walk = text.get(len).and_then(|&c| self.dict.step(now, c));
            len += 1;
        }
    }

    /// All that a whole word is.
    pub(super) fn entries(&self, word: &[char]) -> Entries {
        Entries::of(self.dict.get(word.iter().copied()))
    }

    /// True where longer words begin with a word of Latin letters and a mark, a blank or a digit.
    pub(super) fn goes_on(&self, word: &[char]) -> bool {
        self.dict.goes_on(word)
    }

    /// The class of a harmless word.
    pub(super) fn word(&self, word: &[char]) -> Option<Word> {
        self.entries(word).word()
    }

    pub(super) fn is_mark(&self, word: &[char], kind: Mark) -> bool {
        self.entries(word).is_mark(kind)
    }

    /// All that a word of Latin letters is, read as Japanese.
    pub(super) fn by_key(&self, word: &[char]) -> Entries {
        Entries::of(romaji::find(word, &self.dict))
    }

    /// Keys of likely readings of a folded family name in kanji.
    pub(super) fn family_readings(&self, name: &[char]) -> Vec<String> {
        self.readings.family(name, FAMILY_READINGS)
    }

    /// Keys of likely readings of a folded given name in kanji.
    pub(super) fn given_readings(&self, name: &[char]) -> Vec<String> {
        self.readings.given(name, GIVEN_READINGS)
    }

    /// True where a name in kanji may be read as a key of a dictionary whose tag is asked for.
    pub(super) fn is_read(&self, name: &[char], kind: Name, dict: &Dict, asked: impl Fn(u16) -> bool) -> bool {
        match kind {
            Name::Family => self.readings.is_family(name, dict, asked),
            _ => self.readings.is_given(name, dict, asked),
        }
    }

    /// True where kanji could be a given name.
    pub(super) fn looks_given(&self, word: &[char]) -> bool {
        let [single, first, middle, last] = &self.given;
        let has = |set: &Vec<char>, c: &char| set.binary_search(c).is_ok();
        match word {
            [one] => has(single, one),
            [a, b] => has(first, a) && has(last, b),
            [a, b, c] => has(first, a) && has(middle, b) && has(last, c),
            _ => false,
        }
    }
}

/// The folded form of a text, for tests and tools.
pub fn folded(text: &str, lists: &Lists) -> String {
    let chars: Vec<char> = text.chars().collect();
    let folded = Folded::of(&chars, lists);
    folded.text(0, folded.len())
}
