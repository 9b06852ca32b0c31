//! Decoded text: characters, and for each the bytes it came from.

use crate::value;
use core::fmt;
use core::ops::Range;

/// How a value was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reading {
    /// As declared.
    Declared,
    /// By its escape sequences, whatever is declared.
    Escapes,
    /// By escape sequences whose ESC is missing.
    LostEscapes,
    /// UTF-8 that is not declared.
    Utf8,
    /// UTF-8 of what was UTF-8 already.
    TwiceUtf8,
    /// Windows-31J.
    ShiftJis,
    /// EUC-JP.
    EucJp,
    /// UTF-16, little endian.
    Utf16Le,
    /// UTF-16, big endian.
    Utf16Be,
}

/// The text of one value field, padding included, with the place of each character in the bytes.
#[derive(Clone)]
pub struct Text {
    characters: String,
    /// None where each byte of the text stands at the same place in the value.
    origins: Option<Vec<Origin>>,
    reading: Reading,
    mended: bool,
}

/// A character of the text and its bytes in the value.
#[derive(Clone, Copy)]
struct Origin {
    /// Offset of the character in the text.
    at: u32,
    start: u32,
    end: u32,
}

/// The bytes are no text that can be read with certainty: they are not clean, whatever is found in them.
#[derive(Clone)]
pub struct Unreadable {
    partial: Option<Box<Text>>,
}

impl Unreadable {
    /// Nothing can be read.
    pub(crate) const NOTHING: Self = Self { partial: None };

    pub(super) fn partly(text: Text) -> Self {
        Self { partial: Some(Box::new(text)) }
    }

    /// What can be read, U+FFFD for each character that cannot: to search for names in, never to be kept.
    pub fn partial(&self) -> Option<&Text> {
        self.partial.as_deref()
    }
}

impl Text {
    /// Bytes that are the text.
    pub(super) fn same(text: String) -> Self {
        Self { characters: text, origins: None, reading: Reading::Declared, mended: false }
    }

    /// The characters.
    pub fn as_str(&self) -> &str {
        &self.characters
    }

    /// How the value was read.
    pub fn reading(&self) -> Reading {
        self.reading
    }

    /// True where the bytes break a rule of PS3.5 6.1.2 and are clear all the same: a keeper may want to write them anew.
    pub fn is_mended(&self) -> bool {
        self.mended || self.reading != Reading::Declared
    }

    /// The values, untrimmed, as ranges of the text.
    pub fn values(&self, vr: [u8; 2]) -> impl Iterator<Item = Range<usize>> + '_ {
        let delimiter = value::is_multivalued_text(vr).then_some('\\');
        self.split(0..self.characters.len(), delimiter)
    }

    /// The component groups of one value of a PN: alphabetic, ideographic, phonetic (PS3.5 6.2.1).
    pub fn groups(&self, value: Range<usize>) -> impl Iterator<Item = Range<usize>> + '_ {
        self.split(value, Some('='))
    }

    /// The components of one component group of a PN.
    pub fn components(&self, group: Range<usize>) -> impl Iterator<Item = Range<usize>> + '_ {
        self.split(group, Some('^'))
    }

    /// Cuts a range at a delimiter: no two-byte character decodes to one, so each that is met is real.
    fn split(&self, range: Range<usize>, delimiter: Option<char>) -> impl Iterator<Item = Range<usize>> + '_ {
        let mut next = self.characters.get(range.clone()).map(|part| (range.start, part));
        core::iter::from_fn(move || {
            let (start, part) = next?;
            let end = delimiter.and_then(|d| part.find(d));
            next = end.and_then(|end| Some((start + end + 1, part.get(end + 1..)?)));
            Some(start..start + end.unwrap_or(part.len()))
        })
    }

    /// The bytes of the value that a range of the text came from, escape sequences at its edges left out.
    pub fn origin(&self, range: Range<usize>) -> Range<usize> {
        let Some(origins) = &self.origins else { return range };
        let first = origins.partition_point(|o| (o.at as usize) < range.start);
        let after = origins.partition_point(|o| (o.at as usize) < range.end).max(first);
        let start = origins.get(first).or(origins.last()).map_or(0, |o| o.start as usize);
        let end = after.checked_sub(1).filter(|last| *last >= first).and_then(|last| origins.get(last));
        start..end.map_or(start, |o| o.end as usize)
    }
}

impl fmt::Debug for Text {
    /// Size and reading only: text may identify a person.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Text({}, {:?})", self.characters.len(), self.reading)
    }
}

impl fmt::Debug for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Unreadable({:?})", self.partial)
    }
}

/// Gathers the characters of a text.
#[derive(Default)]
pub(super) struct Builder {
    text: String,
    origins: Vec<Origin>,
    /// Characters that no table explains.
    gaps: u32,
}

impl Builder {
    pub(super) fn push(&mut self, character: Option<char>, start: usize, end: usize) {
        let place = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        self.origins.push(Origin { at: place(self.text.len()), start: place(start), end: place(end) });
        self.gaps += u32::from(character.is_none());
        self.text.push(character.unwrap_or(char::REPLACEMENT_CHARACTER));
    }

    /// The text, if all of it could be read.
    pub(super) fn finish(self, reading: Reading, mended: bool) -> Result<Text, Unreadable> {
        let text = Text { characters: self.text, origins: Some(self.origins), reading, mended };
        if self.gaps == 0 { Ok(text) } else { Err(Unreadable::partly(text)) }
    }
}
