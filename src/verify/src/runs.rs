//! Texts in runs of one class of letters, folded so that forms of one word are the same.

use crate::kana::large;
use crate::text::katakana;
use crate::variants::{is_selector, usual};
use unicode_normalization::UnicodeNormalization;

/// What a run is made of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// Letters of alphabets, and digits.
    Letters,
    /// Kana of both scripts.
    Kana,
    /// Kanji.
    Kanji,
}

/// A run of one class of letters, and the signs before it.
pub struct Word<'t> {
    /// The run.
    pub text: &'t str,
    /// The signs before it.
    pub gap: &'t str,
    /// Its class.
    pub class: Class,
}

fn class_of(c: char) -> Option<Class> {
    match c {
        '\u{30A1}'..='\u{30FA}' | '\u{30FC}'..='\u{30FF}' | '\u{3041}'..='\u{3096}' => Some(Class::Kana),
        '\u{3005}'..='\u{3007}' | '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}' => {
            Some(Class::Kanji)
        }
        c if c.is_alphanumeric() => Some(Class::Letters),
        _ => None,
    }
}

/// The runs of a text.
pub fn split(text: &str) -> Vec<Word<'_>> {
    let mut out: Vec<Word<'_>> = Vec::new();
    let (mut start, mut gap_from, mut class) = (0, 0, None);
    let mut close = |from: usize, to: usize, gap: usize, class: Option<Class>| {
        if let (Some(class), Some(text), Some(gap)) = (class, text.get(from..to), text.get(gap..from)) {
            out.push(Word { text, gap, class });
        }
    };
    for (at, c) in text.char_indices() {
        let now = class_of(c);
        if now != class {
            close(start, at, gap_from, class);
            if class.is_some() {
                gap_from = at;
            }
            (start, class) = (at, now);
        }
    }
    close(start, text.len(), gap_from, class);
    out
}

/// The one sign of a gap.
pub fn single(gap: &str) -> Option<char> {
    let mut signs = gap.chars();
    signs.next().filter(|_| signs.next().is_none())
}

/// A text as it is compared: plain forms in lower case, without marks on Latin letters, katakana with large letters, the usual
/// forms of kanji.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let bare: String = text.nfkd().filter(|c| !matches!(c, '\u{300}'..='\u{36F}') && !is_selector(*c)).collect();
    large(&katakana(&bare.nfc().collect::<String>())).chars().map(usual).flat_map(char::to_lowercase).collect()
}
