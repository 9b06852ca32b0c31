//! The search of values as text: in every reading of them, word by word, and in what is wrapped in them.

use crate::kinds::Kind;
use crate::lexicon::Lexicon;
use crate::search::{Weigh, find, stands_alone};
use crate::text::readings;
use crate::tokens;
use crate::unwrap::unwrapped;
use std::collections::HashMap;
use std::sync::Arc;
use unicode_normalization::UnicodeNormalization;

/// Digits of base 64 or hexadecimal in a row that count.
const DIGITS: usize = 8;
/// A longer value is not remembered.
const LONGEST: usize = 2048;
/// Bytes that are remembered at most.
const MOST: usize = 4 << 20;
/// Lexicons that a value remembers to hold nothing of.
const LEXICONS: usize = 4;

/// How a value is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// It is text: words count too.
    Words,
    /// It is text whose words say nothing.
    Text,
    /// It may hold text.
    Binary,
}

/// Values in all their readings, as far as they were searched before: the instances of a series repeat most of theirs.
#[derive(Default)]
pub struct Texts {
    declared: Vec<String>,
    bytes: usize,
    /// By [`Look`].
    values: [HashMap<Box<[u8]>, Searched>; 3],
}

/// What a value may say, and the lexicons of which it holds nothing.
struct Searched {
    sayings: Vec<Saying>,
    free_of: Vec<u64>,
}

impl Texts {
    /// The kind of the first identity in a value. What stands in its bytes as they are is not looked for: the search of all
    /// bytes does that. `declared`: terms of (0008,0005) of the output.
    pub fn find(&mut self, lexicons: &[Arc<Lexicon>], value: &[u8], look: Look, declared: &[String]) -> Option<Kind> {
        if value.len() > LONGEST {
            let mut kind = None;
            sayings(value, look, declared, &mut |saying| {
                kind = saying.find(lexicons.iter());
                kind.is_some()
            });
            return kind;
        }
        self.fit(declared);
        let known = self.values.get_mut(look as usize)?;
        if !known.contains_key(value) {
            let searched = Searched::of(value, look, declared);
            self.bytes += value.len() + searched.sayings.iter().map(Saying::size).sum::<usize>();
            known.insert(value.into(), searched);
        }
        known.get_mut(value)?.find(lexicons)
    }

    /// Forgets what was read under other character sets, and all where it is too much.
    fn fit(&mut self, declared: &[String]) {
        if self.declared != declared || self.bytes > MOST {
            *self = Self { declared: declared.to_vec(), ..Self::default() };
        }
    }
}

impl Searched {
    fn of(value: &[u8], look: Look, declared: &[String]) -> Self {
        let mut all = Vec::new();
        sayings(value, look, declared, &mut |saying| {
            all.push(saying);
            false
        });
        Self { sayings: all, free_of: Vec::new() }
    }

    fn find(&mut self, lexicons: &[Arc<Lexicon>]) -> Option<Kind> {
        let Self { sayings, free_of } = self;
        let open = |l: &&Arc<Lexicon>| !l.is_empty() && !free_of.contains(&l.id);
        let found = sayings.iter().find_map(|saying| saying.find(lexicons.iter().filter(open)));
        if found.is_none() {
            let new: Vec<u64> = lexicons.iter().filter(open).filter(|l| l.lasting).map(|l| l.id).collect();
            free_of.extend(new);
            free_of.drain(..free_of.len().saturating_sub(LEXICONS));
        }
        found
    }
}

/// One thing that a value may say: bytes in which patterns are looked for, and words.
struct Saying {
    bytes: Vec<u8>,
    /// They are decoded text, where two-byte codes without an escape say nothing.
    decoded: bool,
    words: Vec<String>,
}

impl Saying {
    fn find<'l>(&self, lexicons: impl Iterator<Item = &'l Arc<Lexicon>> + Clone) -> Option<Kind> {
        let alone = |at: usize, len: usize, w: Weigh, _| {
            !(self.decoded && w == Weigh::NakedJis) && stands_alone(&self.bytes, at, len, w)
        };
        let found = find(lexicons.clone().map(|l| &l.patterns), &self.bytes, alone).map(|(_, kind)| kind);
        found.or_else(|| tokens::find(lexicons.map(|l| &l.tokens), &self.words))
    }

    fn size(&self) -> usize {
        self.bytes.len() + self.words.iter().map(String::len).sum::<usize>()
    }
}

/// Gives all that a value may say to `take`, until that is true.
fn sayings(value: &[u8], look: Look, declared: &[String], take: &mut impl FnMut(Saying) -> bool) -> bool {
    if look != Look::Binary || is_written(value) {
        let words = look != Look::Text;
        let said = match plain(value) {
            Some(text) => words && take(Saying { bytes: Vec::new(), decoded: true, words: tokens::folded(text) }),
            None => read(value, words, declared, take),
        };
        if said {
            return true;
        }
    }
    unwrapped(value, DIGITS, &mut |inner: &[u8]| wrapped(inner, declared, take))
}

/// A value that is not ASCII, in the readings that it may have.
fn read(value: &[u8], words: bool, declared: &[String], take: &mut impl FnMut(Saying) -> bool) -> bool {
    let utf8 = core::str::from_utf8(value).ok().filter(|_| !value.contains(&0x1B));
    let texts = utf8.map_or_else(|| readings(value, declared), |t| vec![t.to_owned()]);
    texts.iter().any(|text| {
        let plain: String = text.nfkc().collect();
        let words = if words { tokens::folded(&plain) } else { Vec::new() };
        take(Saying { bytes: plain.into_bytes(), decoded: true, words })
    })
}

/// What came out of a wrapping: patterns as in all bytes; where it is text throughout, its readings too, and words where it
/// says itself how it is encoded.
fn wrapped(inner: &[u8], declared: &[String], take: &mut impl FnMut(Saying) -> bool) -> bool {
    let written = is_written(inner);
    let words = plain(inner).filter(|_| written).map_or_else(Vec::new, tokens::folded);
    if take(Saying { bytes: inner.to_vec(), decoded: false, words }) {
        return true;
    }
    let sure = || inner.contains(&0x1B) || core::str::from_utf8(inner).is_ok();
    written && plain(inner).is_none() && read(inner, sure(), declared, take)
}

/// ASCII without escapes: there is one reading.
fn plain(value: &[u8]) -> Option<&str> {
    core::str::from_utf8(value).ok().filter(|text| text.is_ascii() && !value.contains(&0x1B))
}

/// No control characters but those of texts, padding at the end left out.
fn is_written(value: &[u8]) -> bool {
    let value = crate::entry::trim(value);
    !value.is_empty()
        && value.iter().all(|b| *b >= 0x20 && *b != 0x7F || matches!(b, 0x1B | b'\r' | b'\n' | b'\t' | 0x0C))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
    use super::*;
    use crate::identity::Identities;
    use crate::lexicon::Spellings;

    fn lexicon(name: &str) -> Vec<Arc<Lexicon>> {
        vec![Arc::new(Lexicon::of_others([(Kind::Name, name.as_bytes(), Vec::new())].into_iter()))]
    }

    #[test]
    fn what_is_free_of_one_name_is_searched_for_the_next() {
        let mut texts = Texts::default();
        let value = "頭部 ﾔﾏﾀﾞ".as_bytes();
        let names =
            ["スズキ^イチロウ", "ヤマダ^タロウ", "タナカ^ジロウ", "サトウ^シロウ", "カトウ^ゴロウ", "イトウ^ロクロウ"];
        let lexicons = names.map(lexicon);
        for _ in 0..3 {
            for (lexicon, name) in lexicons.iter().zip(names) {
                let found = texts.find(lexicon, value, Look::Words, &[]);
                assert_eq!(found.is_some(), name.starts_with("ヤマダ"), "{name}");
            }
        }
        let both = [lexicons[0].clone(), lexicons[1].clone()].concat();
        assert_eq!(texts.find(&both, value, Look::Words, &[]), Some(Kind::Name));
    }

    #[test]
    fn every_look_is_remembered_by_itself() {
        let mut texts = Texts::default();
        let lexicon = lexicon("MORI^KEN");
        for _ in 0..2 {
            assert_eq!(texts.find(&lexicon, b"MORI", Look::Text, &[]), None);
            assert_eq!(texts.find(&lexicon, b"MORI", Look::Words, &[]), Some(Kind::Name));
            assert_eq!(texts.find(&lexicon, b"TU9SSSBLRU4g", Look::Text, &[]), Some(Kind::Name));
        }
    }

    #[test]
    fn other_character_sets_give_other_readings() {
        let mut texts = Texts::default();
        let lexicon = lexicon("Müller^Jörg");
        let value = b"Dr. M\xFCller";
        assert_eq!(texts.find(&lexicon, value, Look::Words, &["ISO_IR 144".to_owned()]), None);
        assert_eq!(texts.find(&lexicon, value, Look::Words, &["ISO_IR 100".to_owned()]), Some(Kind::Name));
    }

    #[test]
    fn a_lexicon_of_one_instance_leaves_no_trace() {
        let mut identities = Identities::default();
        identities.values.insert((Kind::Name, b"MORI^KEN"));
        let mut texts = Texts::default();
        for _ in 0..3 {
            let lexicons = Spellings::default().lexicons(&identities, &[]);
            assert_eq!(texts.find(&lexicons, b"CHEST", Look::Words, &[]), None);
            assert_eq!(texts.find(&lexicons, b"CHEST MORI", Look::Words, &[]), Some(Kind::Name));
        }
        assert!(texts.values.iter().flat_map(HashMap::values).all(|searched| searched.free_of.len() <= 1));
    }

    #[test]
    fn no_more_is_remembered_than_fits() {
        let mut texts = Texts::default();
        let lexicon = lexicon("MORI^KEN");
        for n in 0..6_000 {
            texts.find(&lexicon, format!("{n:01000}").as_bytes(), Look::Words, &[]);
            assert!(texts.bytes <= MOST + 8 * LONGEST);
        }
        let long = format!("{} MORI", "A ".repeat(LONGEST));
        assert_eq!(texts.find(&lexicon, long.as_bytes(), Look::Words, &[]), Some(Kind::Name));
        assert!(texts.values.iter().all(|values| !values.contains_key(long.as_bytes())));
    }
}
