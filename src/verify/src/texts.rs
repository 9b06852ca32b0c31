//! The search of one value as text: in every reading of it, word by word, and in what is wrapped in it.

use crate::kinds::Kind;
use crate::lexicon::Lexicon;
use crate::search::{Weigh, stands_alone};
use crate::text::readings;
use crate::tokens;
use crate::unwrap::unwrapped;
use std::sync::Arc;
use unicode_normalization::UnicodeNormalization;

/// Digits of base 64 or hexadecimal in a row that count.
const DIGITS: usize = 8;

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

/// The kind of the first identity in a value. What stands in its bytes as they are is not looked for: the search of all
/// bytes does that. `declared`: terms of (0008,0005) of the output.
pub fn find(lexicons: &[Arc<Lexicon>], value: &[u8], look: Look, declared: &[String]) -> Option<Kind> {
    if look != Look::Binary || is_written(value) {
        let words = look != Look::Text;
        if value.is_ascii() && !value.contains(&0x1B) {
            let text = core::str::from_utf8(value).unwrap_or("");
            if let Some(kind) = words.then(|| word_of(lexicons, text)).flatten() {
                return Some(kind);
            }
        } else if let Some(kind) = read(lexicons, value, words, declared) {
            return Some(kind);
        }
    }
    let mut kind = None;
    unwrapped(value, DIGITS, &mut |inner: &[u8]| {
        kind = inner_kind(lexicons, inner, declared);
        kind.is_some()
    });
    kind
}

/// A value that is not ASCII, in the readings that it may have.
fn read(lexicons: &[Arc<Lexicon>], value: &[u8], words: bool, declared: &[String]) -> Option<Kind> {
    let utf8 = core::str::from_utf8(value).ok().filter(|_| !value.contains(&0x1B));
    let texts = utf8.map_or_else(|| readings(value, declared), |t| vec![t.to_owned()]);
    texts.iter().find_map(|text| {
        let plain: String = text.nfkc().collect();
        let bytes = plain.as_bytes();
        let whole = |at: usize, len: usize, w: Weigh, _| w != Weigh::NakedJis && stands_alone(bytes, at, len, w);
        let found = lexicons.iter().find_map(|l| l.patterns.find(bytes, whole)).map(|(_, kind)| kind);
        found.or_else(|| words.then(|| word_of(lexicons, &plain)).flatten())
    })
}

/// What came out of a wrapping: patterns as in all bytes; where it is text throughout, its readings too, and words where it
/// says itself how it is encoded.
fn inner_kind(lexicons: &[Arc<Lexicon>], inner: &[u8], declared: &[String]) -> Option<Kind> {
    let alone = |at: usize, len: usize, w: Weigh, _| stands_alone(inner, at, len, w);
    let found = lexicons.iter().find_map(|l| l.patterns.find(inner, alone)).map(|(_, kind)| kind);
    if found.is_some() || !is_written(inner) {
        return found;
    }
    let sure = inner.contains(&0x1B) || core::str::from_utf8(inner).is_ok();
    if inner.is_ascii() && !inner.contains(&0x1B) {
        return word_of(lexicons, core::str::from_utf8(inner).unwrap_or(""));
    }
    read(lexicons, inner, sure, declared)
}

/// The first word that counts.
fn word_of(lexicons: &[Arc<Lexicon>], text: &str) -> Option<Kind> {
    tokens::find(lexicons.iter().map(|l| &l.tokens), text)
}

/// No control characters but those of texts, padding at the end left out.
fn is_written(value: &[u8]) -> bool {
    let value = crate::entry::trim(value);
    !value.is_empty()
        && value.iter().all(|b| *b >= 0x20 && *b != 0x7F || matches!(b, 0x1B | b'\r' | b'\n' | b'\t' | 0x0C))
}
