//! Persons' names: components alone, joined in both orders, in letters of every style.

use super::{LONG, Speller};
use crate::kana::{is_kana, romanised};
use crate::runs::fold;
use crate::search::Weigh;
use crate::text::{jis_codes, katakana, meant};
use crate::words::{is_common, is_weak};

/// Between the components of a name; other separators are met by [`Tokens`](crate::tokens::Tokens).
const SEPARATORS: [&str; 9] = ["", " ", "^", "_", ",", ", ", "-", ".", "="];
/// Romanisations of a component that are joined with those of another.
const JOINED: usize = 4;

impl Speller {
    #[inline(never)]
    pub(super) fn name(&mut self, value: &[u8], charsets: &[String]) {
        self.raw(value);
        for text in meant(value, charsets) {
            for person in text.split('\\') {
                let groups: Vec<Vec<&str>> = person.split(['=', '＝']).map(parts).filter(|g| !g.is_empty()).collect();
                for parts in &groups {
                    self.group(parts);
                    self.naked(parts);
                }
                self.guess(&groups);
            }
        }
    }

    /// How kanji may be read where no group says it, and the other way round.
    fn guess(&mut self, groups: &[Vec<&str>]) {
        let guesses = &mut self.out.tokens.guesses;
        let has_kanji = |parts: &&Vec<&str>| parts.iter().any(|part| part.chars().any(is_kanji));
        match groups.iter().find(has_kanji) {
            Some(kanji) if groups.iter().all(|parts| has_kanji(&parts)) => guesses.kanji(kanji),
            Some(_) => {}
            None => groups.iter().for_each(|parts| guesses.letters(parts)),
        }
    }

    /// One component group, and what its readings are in letters.
    fn group(&mut self, parts: &[&str]) {
        for part in parts {
            self.word(part);
            self.plain(part);
            self.out.tokens.key_of(part);
        }
        self.joined(parts);
        self.out.tokens.group(parts);
        let letters: Vec<Vec<String>> = parts.iter().map(|p| self.letters(p)).collect();
        let [first, second, ..] = letters.as_slice() else { return };
        for a in first.iter().take(JOINED) {
            for b in second.iter().take(JOINED) {
                self.joined(&[a, b]);
                self.out.tokens.group(&[a, b]);
            }
        }
    }

    /// The letters of a reading, each form spelled out; empty where it is none.
    fn letters(&mut self, part: &str) -> Vec<String> {
        if !is_kana(part) {
            return Vec::new();
        }
        let made = romanised(&katakana(part));
        for form in &made {
            self.word(form);
            self.out.tokens.key_of(form);
        }
        made.into_iter().filter(|form| form.is_ascii()).collect()
    }

    /// Latin letters without their marks, and in Latin-1.
    fn plain(&mut self, part: &str) {
        if part.is_ascii() || !part.chars().all(|c| c < '\u{250}') {
            return;
        }
        let bare = fold(part);
        if bare.is_ascii() {
            self.word(&bare);
        }
        let latin: Vec<u8> = part.chars().filter_map(|c| u8::try_from(c).ok()).collect();
        if latin.len() == part.chars().count() && latin.len() >= LONG {
            self.add(&latin, Weigh::Anywhere);
        }
    }

    /// Components that are too short or too common alone, in both orders and with the usual separators between them.
    fn joined(&mut self, parts: &[&str]) {
        let [first, second, ..] = parts else { return };
        let strong = |p: &str| {
            !is_common(p)
                && !is_weak(&p.to_ascii_lowercase())
                && if p.is_ascii() { p.len() >= LONG } else { p.chars().count() >= 2 }
        };
        if strong(first) || strong(second) || (is_common(first) && is_common(second)) {
            return;
        }
        for (a, b) in [(first, second), (second, first)] {
            for s in SEPARATORS {
                let whole = format!("{a}{s}{b}");
                if !whole.is_ascii() {
                    self.wide_text(&whole);
                } else if whole.len() >= LONG {
                    self.ascii(&whole, Weigh::Anywhere);
                } else {
                    self.wide(&whole);
                }
            }
            if !a.is_ascii() {
                self.wide_text(&format!("{a}\u{3000}{b}"));
            }
        }
    }

    /// A name in two-byte codes whose escapes were lost: it looks like ASCII, so it counts only whole.
    fn naked(&mut self, parts: &[&str]) {
        let codes: Vec<Vec<u8>> = parts.iter().filter(|p| !p.is_ascii()).filter_map(|p| jis_codes(p)).collect();
        let [first, second, ..] = codes.as_slice() else { return };
        for (a, b) in [(first, second), (second, first)] {
            for separator in [&b""[..], b"^", b" ", b"!!"] {
                self.add(&[a, separator, b].concat(), Weigh::NakedJis);
            }
        }
    }
}

/// The components of a group.
fn parts(group: &str) -> Vec<&str> {
    group.split(is_separator).filter(|part| !part.trim().is_empty()).collect()
}

fn is_kanji(c: char) -> bool {
    matches!(c, '\u{3005}' | '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

fn is_separator(c: char) -> bool {
    c.is_whitespace() || matches!(c, '^' | ',' | '・' | '･' | '，' | '＾' | '\0' | '_' | '/' | '(' | ')' | '.')
}
