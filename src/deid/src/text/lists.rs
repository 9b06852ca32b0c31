//! The word lists that cleaning asks: words that are harmless, names, and the marks that stand beside identity.
//!
//! They are one file, loaded when the engine starts (`cargo xtask` packs it from `src/deid/data/text`): lines of UTF-8,
//! first `tokumei.lists/1`, then sections `[name]`. What is matched is folded here, so the file is as people write.

use super::dict::Dict;
use super::fold::{Folded, fold};
use super::romaji;
use tokumei_dicom::order;

/// Why a file of lists cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ListsError {
    /// It is no file of lists, or of another version.
    Header,
    /// It is not UTF-8.
    Encoding,
    /// A section is unknown or a line of it is not of its form; lines count from one.
    Line(usize),
    /// A section is missing.
    Incomplete,
}

impl core::fmt::Display for ListsError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Header => f.write_str("lists-header"),
            Self::Encoding => f.write_str("lists-encoding"),
            Self::Line(line) => write!(f, "lists-line {line}"),
            Self::Incomplete => f.write_str("lists-incomplete"),
        }
    }
}

impl core::error::Error for ListsError {}

const HEADER: &str = "tokumei.lists/1";

/// Classes of harmless words, in the order of the sections.
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

const WORDS: [(&str, Word); 8] = [
    ("body", Word::Body),
    ("modality", Word::Modality),
    ("technique", Word::Technique),
    ("clinical", Word::Clinical),
    ("plain", Word::Plain),
    ("particles", Word::Particle),
    ("eponyms", Word::Eponym),
    ("like", Word::Like),
];

/// Kinds of marks: the first word of a line of the section `marks`.
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

const MARKS: [(&str, Mark); 22] = [
    ("honorific", Mark::Honorific),
    ("title", Mark::Title),
    ("after", Mark::After),
    ("before", Mark::Before),
    ("name", Mark::Name),
    ("maybe", Mark::Maybe),
    ("id", Mark::Id),
    ("insurance", Mark::Insurance),
    ("birth", Mark::Birth),
    ("address", Mark::Address),
    ("phone", Mark::Phone),
    ("occupation", Mark::Occupation),
    ("facility", Mark::Facility),
    ("facility_weak", Mark::FacilityWeak),
    ("facility_prefix", Mark::FacilityPrefix),
    ("facility_stem", Mark::FacilityStem),
    ("municipal", Mark::Municipal),
    ("region", Mark::Region),
    ("eponym", Mark::Eponym),
    ("day", Mark::Day),
    ("not_day", Mark::NotDay),
    ("street", Mark::Street),
];

/// Kinds of names; readings stand as katakana and as romaji keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Name {
    Family,
    Given,
    WesternGiven,
    WesternFamily,
}

const NAMES: [Name; 4] = [Name::Family, Name::Given, Name::WesternGiven, Name::WesternFamily];
const SECTIONS: usize = WORDS.len() + 7;

/// Words, names and marks. Public data: the lists of a build.
#[derive(Default)]
pub struct Lists {
    variants: Vec<(char, char)>,
    words: Dict,
    names: Dict,
    marks: Dict,
    /// Kanji of given names: alone, first, in the middle, last.
    given: [Vec<char>; 4],
}

impl Lists {
    /// Reads a packed file.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ListsError> {
        let text = core::str::from_utf8(bytes).map_err(|_| ListsError::Encoding)?;
        let mut lines = text.lines();
        if lines.next() != Some(HEADER) {
            return Err(ListsError::Header);
        }
        let mut lists = Self::default();
        // Folding needs the variants, so they are read before everything else.
        let mut section = "";
        for line in text.lines().skip(1) {
            match section_name(line) {
                Some(name) => section = name,
                None if section == "variants" => lists.add_variants(line),
                None => {}
            }
        }
        order::sort(&mut lists.variants);
        let mut reader = Reader { lists: &lists, words: Vec::new(), names: Vec::new(), marks: Vec::new() };
        let mut given: [Vec<char>; 4] = Default::default();
        let mut sections = 0;
        section = "";
        for (number, line) in (2..).zip(lines) {
            if let Some(name) = section_name(line) {
                section = name;
                sections += 1;
            } else {
                reader.line(section, line, &mut given).ok_or(ListsError::Line(number))?;
            }
        }
        if sections != SECTIONS {
            return Err(ListsError::Incomplete);
        }
        let Reader { words, names, marks, .. } = reader;
        given.iter_mut().for_each(order::sort);
        Ok(Self { words: Dict::new(words), names: Dict::new(names), marks: Dict::new(marks), given, ..lists })
    }

    fn add_variants(&mut self, line: &str) {
        let mut chars = line.chars();
        let Some(first) = chars.next() else { return };
        self.variants.extend(chars.map(|c| (c, first)));
    }

    /// The kanji that a variant is compared as.
    pub(super) fn variant(&self, c: char) -> char {
        let found = self.variants.binary_search_by_key(&c, |v| v.0).ok();
        found.and_then(|i| self.variants.get(i)).map_or(c, |v| v.1)
    }

    /// Harmless words at a place: their length and class.
    pub(super) fn words_at<'a>(&'a self, text: &'a [char]) -> impl Iterator<Item = (usize, Word)> + 'a {
        self.words.at(text).filter_map(|(len, tag)| Some((len, WORDS.get(usize::from(tag))?.1)))
    }

    /// The class of a harmless word.
    pub(super) fn word(&self, word: &[char]) -> Option<Word> {
        let tag = self.words.get(word.iter().copied()).first()?;
        WORDS.get(usize::from(*tag)).map(|w| w.1)
    }

    /// Marks at a place: their length and kind.
    pub(super) fn marks_at<'a>(&'a self, text: &'a [char]) -> impl Iterator<Item = (usize, Mark)> + 'a {
        self.marks.at(text).filter_map(|(len, tag)| Some((len, MARKS.get(usize::from(tag))?.1)))
    }

    pub(super) fn is_mark(&self, word: &[char], kind: Mark) -> bool {
        let tags = self.marks.get(word.iter().copied());
        tags.iter().any(|&t| MARKS.get(usize::from(t)).is_some_and(|m| m.1 == kind))
    }

    /// Names at a place: their length and kind.
    pub(super) fn names_at<'a>(&'a self, text: &'a [char]) -> impl Iterator<Item = (usize, Name)> + 'a {
        self.names.at(text).filter_map(|(len, tag)| Some((len, *NAMES.get(usize::from(tag))?)))
    }

    pub(super) fn is_name(&self, word: &[char], kind: Name) -> bool {
        self.has_name(word.iter().copied(), kind)
    }

    pub(super) fn is_name_key(&self, key: &str, kind: Name) -> bool {
        self.has_name(key.chars(), kind)
    }

    fn has_name(&self, word: impl Iterator<Item = char>, kind: Name) -> bool {
        self.names.get(word).iter().any(|&t| NAMES.get(usize::from(t)) == Some(&kind))
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

fn section_name(line: &str) -> Option<&str> {
    line.strip_prefix('[')?.strip_suffix(']').filter(|n| n.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'))
}

/// Collects the entries of the dictionaries.
struct Reader<'a> {
    lists: &'a Lists,
    words: Vec<(String, u16)>,
    names: Vec<(String, u16)>,
    marks: Vec<(String, u16)>,
}

impl Reader<'_> {
    /// `None`: the line is not of its section's form.
    fn line(&mut self, section: &str, line: &str, given: &mut [Vec<char>; 4]) -> Option<()> {
        if let Some(place) = WORDS.iter().position(|w| w.0 == section) {
            self.words.push((fold(line, self.lists), u16::try_from(place).ok()?));
            return Some(());
        }
        match section {
            "variants" => {}
            "surnames" => {
                let (kanji, reading) = line.split_once('\t')?;
                self.names.push((fold(kanji, self.lists), Name::Family as u16));
                self.reading(reading, Name::Family);
            }
            "given_readings" => self.reading(line, Name::Given),
            "given_kanji" => {
                let (place, kanji) = line.split_once('\t')?;
                let place = ["single", "first", "middle", "last"].iter().position(|p| *p == place)?;
                *given.get_mut(place)? = fold(kanji, self.lists).chars().collect();
            }
            "western_given" => self.names.push((line.to_owned(), Name::WesternGiven as u16)),
            "western_family" => self.names.push((line.to_owned(), Name::WesternFamily as u16)),
            "marks" => {
                let (kind, words) = line.split_once('\t')?;
                let kind = u16::try_from(MARKS.iter().position(|m| m.0 == kind)?).ok()?;
                self.marks.extend(words.split(' ').map(|w| (fold(w, self.lists), kind)));
            }
            _ => return None,
        }
        Some(())
    }

    fn reading(&mut self, kana: &str, kind: Name) {
        self.names.push((fold(kana, self.lists), kind as u16));
        self.names.extend(romaji::keys_of_kana(kana).into_iter().map(|key| (key, kind as u16)));
    }
}

/// The folded form of a text, for tests and tools.
pub fn folded(text: &str, lists: &Lists) -> String {
    let chars: Vec<char> = text.chars().collect();
    let folded = Folded::of(&chars, lists);
    folded.text(0, folded.len())
}
