//! Identities as patterns: every spelling, separator, order and encoding in which a value may have stayed behind.
//!
//! What does not fire by itself: words of [`is_common`], numbers of fewer than six digits, single ASCII words of fewer
//! than six letters inside other words (they count as whole tokens of text values), single kanji.

use crate::date;
use crate::identity::Identities;
use crate::kinds::Kind;
use crate::search::{Patterns, Weigh};
use crate::text::{Written, full_width, jis_codes, readings, spellings, utf16, written};
use crate::words::is_common;
use std::collections::{HashMap, HashSet};

/// Patterns and tokens of one source.
pub struct Lexicon {
    /// Searched in every byte.
    pub patterns: Patterns<Kind>,
    /// Short words, lower case: compared with whole tokens of text values.
    pub tokens: HashSet<Vec<u8>>,
}

/// The shortest ASCII pattern that counts inside other words.
const LONG: usize = 6;
/// The shortest UID that is no version number.
const SHORTEST_UID: usize = 12;
/// More UIDs than this are searched in ASCII only.
const MANY_UIDS: usize = 200;
const SEPARATORS: [&str; 9] = ["", " ", "^", "_", ",", ", ", "-", ".", "="];

/// Patterns of the UIDs of one instance.
pub fn uids(identities: &Identities<'_>) -> Patterns<Kind> {
    let mut out = Lexicon::new();
    let few = identities.uids.len() <= MANY_UIDS;
    for uid in identities.uids.iter().filter(|u| u.len() >= SHORTEST_UID) {
        out.patterns.add(uid, Weigh::Uid, Kind::Uid);
        if few {
            out.wide(&String::from_utf8_lossy(uid), Kind::Uid);
        }
    }
    out.patterns.finish();
    out.patterns
}

/// Spellings of the values seen so far: instances of one series share most of them.
#[derive(Default)]
pub struct Spellings {
    charsets: Vec<String>,
    present: u8,
    values: HashMap<(Kind, Vec<u8>), Lexicon>,
}

/// Values remembered at most.
const REMEMBERED: usize = 2_000;

impl Spellings {
    /// Spells out the values of `identities`, its UIDs not counted. `output` is the header that will be searched:
    /// spellings that need bytes which it does not hold are left out.
    pub fn lexicon(&mut self, identities: &Identities<'_>, output: &[&[u8]]) -> Lexicon {
        let present = Present::of(output);
        if self.present != present.0 || self.charsets != identities.charsets || self.values.len() > REMEMBERED {
            let charsets = identities.charsets.clone();
            *self = Self { charsets, present: present.0, values: HashMap::new() };
        }
        let mut out = Lexicon::new();
        for (kind, value) in &identities.values {
            let spelled = self
                .values
                .entry((*kind, value.to_vec()))
                .or_insert_with(|| Lexicon::spell(*kind, value, &self.charsets, &present));
            out.patterns.append(&spelled.patterns);
            out.tokens.extend(spelled.tokens.iter().cloned());
        }
        out.patterns.finish();
        out
    }
}

impl Lexicon {
    fn new() -> Self {
        Self { patterns: Patterns::new(), tokens: HashSet::new() }
    }

    /// Spells out one value. Each kind of value stays a function of its own (`inline(never)`): browsers optimise one function
    /// with all of them in it after few files, at great cost.
    #[inline(never)]
    fn spell(kind: Kind, value: &[u8], charsets: &[String], present: &Present) -> Self {
        let mut out = Self::new();
        match kind {
            Kind::Name => out.name(value, charsets, present),
            Kind::Date => value.split(|b| *b == b'\\').for_each(|v| out.date(v, present)),
            Kind::Uid => {}
            Kind::Text => out.whole(kind, value, charsets, present, 12),
            Kind::Id | Kind::Place | Kind::Phone => out.whole(kind, value, charsets, present, LONG),
        }
        out
    }

    #[inline(never)]
    fn name(&mut self, value: &[u8], charsets: &[String], present: &Present) {
        self.base64(value, Kind::Name);
        self.raw(value, Kind::Name);
        for text in readings(value, charsets) {
            if text.as_bytes() != value {
                self.base64(text.as_bytes(), Kind::Name);
            }
            for group in text.split(['=', '\\', '＝']).filter(|g| !g.trim().is_empty()) {
                if group.len() != text.len() {
                    self.base64(group.as_bytes(), Kind::Name);
                }
                let parts: Vec<&str> = group.split(is_separator).filter(|p| !p.is_empty()).collect();
                for part in &parts {
                    self.word(part, Kind::Name, present);
                }
                self.joined(&parts, present);
                self.naked(&parts);
            }
        }
    }

    /// Components that are too short or too common alone, in both orders and with the usual separators between them.
    fn joined(&mut self, parts: &[&str], present: &Present) {
        let [first, second, ..] = parts else { return };
        let strong = |p: &str| !is_common(p) && if p.is_ascii() { p.len() >= LONG } else { p.chars().count() >= 2 };
        if strong(first) || strong(second) || (is_common(first) && is_common(second)) {
            return;
        }
        for (a, b) in [(first, second), (second, first)] {
            for s in SEPARATORS {
                let whole = format!("{a}{s}{b}");
                if whole.is_ascii() {
                    self.ascii(&whole, Kind::Name, Weigh::Anywhere, present);
                } else {
                    self.wide_text(&whole, Kind::Name, present);
                }
            }
            if !a.is_ascii() {
                self.wide_text(&format!("{a}\u{3000}{b}"), Kind::Name, present);
            }
        }
    }

    /// Components in the very bytes of the source, whatever encoding that is.
    fn raw(&mut self, value: &[u8], kind: Kind) {
        for part in value.split(|b| matches!(b, b'^' | b'=' | b'\\' | b' ' | b',')) {
            if !part.is_ascii() || part.contains(&0x1B) {
                self.patterns.add(part, Weigh::Anywhere, kind);
            }
            // Sets of the upper half, without the escape that called them.
            for run in part.split(u8::is_ascii).filter(|r| r.len() < part.len()) {
                self.patterns.add(run, Weigh::Anywhere, kind);
            }
        }
    }

    /// A name in two-byte codes whose escapes were lost: it looks like ASCII, so it counts only whole.
    fn naked(&mut self, parts: &[&str]) {
        let codes: Vec<Vec<u8>> = parts.iter().filter(|p| !p.is_ascii()).filter_map(|p| jis_codes(p)).collect();
        let [first, second, ..] = codes.as_slice() else { return };
        for (a, b) in [(first, second), (second, first)] {
            for separator in [&b""[..], b"^", b" ", b"!!"] {
                self.patterns.add(&[a, separator, b].concat(), Weigh::NakedJis, Kind::Name);
            }
        }
    }

    /// A value that identifies as a whole, each of its values by itself.
    fn whole(&mut self, kind: Kind, value: &[u8], charsets: &[String], present: &Present, shortest: usize) {
        self.base64(value, kind);
        self.raw(value, kind);
        for text in readings(value, charsets) {
            for one in text.split('\\').map(str::trim).filter(|v| !v.is_empty()) {
                if one.is_ascii() && kind != Kind::Place {
                    self.number(one, kind, present);
                }
                if one.is_ascii() && one.len() < shortest || !one.is_ascii() {
                    self.word(one, kind, present);
                } else if !is_common(one) && !one.bytes().all(|b| b.is_ascii_digit()) {
                    self.ascii(one, kind, Weigh::Anywhere, present);
                }
            }
        }
    }

    /// One word: anywhere where it is long enough, else as a token.
    #[inline(never)]
    fn word(&mut self, word: &str, kind: Kind, present: &Present) {
        if is_common(word) {
            return;
        }
        if !word.is_ascii() {
            self.wide_text(word, kind, present);
            return;
        }
        let digits = word.bytes().filter(u8::is_ascii_digit).count();
        if digits == word.len() {
            return self.number(word, kind, present);
        }
        if word.len() >= LONG {
            self.ascii(word, kind, Weigh::Anywhere, present);
        } else if kind != Kind::Text {
            self.tokens.insert(word.to_ascii_lowercase().into_bytes());
            if word.len() >= 4 {
                self.wide(word, kind);
            }
        }
    }

    /// Digits of a number: as written, without separators, without leading zeros, with hyphens.
    #[inline(never)]
    fn number(&mut self, text: &str, kind: Kind, present: &Present) {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        let stripped = digits.trim_start_matches('0');
        // A round or repeated number is no one's.
        if stripped.len() < LONG.min(digits.len())
            || digits.len() < LONG
            || digits.bytes().all(|b| Some(&b) == digits.as_bytes().first())
        {
            return;
        }
        let weigh = Weigh::Number;
        self.ascii(&digits, kind, weigh, present);
        if stripped.len() >= LONG && stripped.len() != digits.len() {
            self.patterns.add(stripped.as_bytes(), weigh, kind);
        }
        if digits.len() == text.len() {
            for (a, b) in [(2, Some(5)), (4, None), (3, Some(6)), (3, Some(7))] {
                if let (Some(x), Some(rest)) = (digits.get(..a), digits.get(a..)) {
                    let cut = b.and_then(|b: usize| rest.split_at_checked(b - a));
                    let form = cut.map_or_else(|| format!("{x}-{rest}"), |(y, z)| format!("{x}-{y}-{z}"));
                    self.patterns.add(form.as_bytes(), weigh, kind);
                }
            }
        }
    }

    #[inline(never)]
    fn date(&mut self, value: &[u8], present: &Present) {
        let Some(ymd) = date::ymd(crate::entry::trim(value))
            .filter(|(y, m, d)| (1901..2100).contains(y) && (*y, *m, *d) != (1901, 1, 1))
        else {
            return;
        };
        for form in date::ascii_spellings(ymd) {
            let weigh =
                if form.len() == 8 && form.bytes().all(|b| b.is_ascii_digit()) { Weigh::Day } else { Weigh::Number };
            self.patterns.add(form.as_bytes(), weigh, Kind::Date);
            if weigh == Weigh::Day {
                self.wide(&form, Kind::Date);
            }
        }
        if present.has(Present::YEARS) {
            for form in date::japanese_spellings(ymd) {
                self.wide_text(&form, Kind::Date, present);
            }
        }
    }

    /// ASCII text: as it is, in UTF-16, in full-width forms.
    fn ascii(&mut self, text: &str, kind: Kind, weigh: Weigh, present: &Present) {
        self.patterns.add(text.as_bytes(), weigh, kind);
        self.wide(text, kind);
        if present.has(Present::FULL_WIDTH) {
            for form in [full_width(text), full_width(&text.to_ascii_uppercase())] {
                for w in &written(&form) {
                    self.encoded(w, kind);
                }
            }
        }
    }

    fn wide(&mut self, text: &str, kind: Kind) {
        if text.len() >= 4 {
            self.patterns.add(&utf16(text, false), Weigh::Anywhere, kind);
            self.patterns.add(&utf16(text, true), Weigh::Anywhere, kind);
        }
    }

    /// Text that is not ASCII, in every spelling and encoding.
    fn wide_text(&mut self, text: &str, kind: Kind, present: &Present) {
        if !present.has(Present::HIGH | Present::ESCAPES) {
            return;
        }
        let kana = text.chars().all(|c| matches!(c, '\u{3041}'..='\u{30FF}' | '\u{FF61}'..='\u{FF9F}'));
        for form in spellings(text) {
            let letters = form.chars().count();
            for w in written(&form) {
                // One kanji is a token; kana of two letters stand in every word.
                if letters >= if kana { 3 } else { 2 } && w.bytes.len() >= crate::search::SHORTEST {
                    self.encoded(&w, kind);
                } else if w.bytes.len() >= 2 && !w.naked_jis && !kana {
                    self.tokens.insert(w.bytes.to_ascii_lowercase());
                }
            }
        }
    }

    fn encoded(&mut self, w: &Written, kind: Kind) {
        self.patterns.add(&w.bytes, if w.naked_jis { Weigh::NakedJis } else { Weigh::Anywhere }, kind);
    }

    /// What base 64 makes of the value at each of the three alignments.
    fn base64(&mut self, value: &[u8], kind: Kind) {
        if value.len() < 9 || value.len() > 256 {
            return;
        }
        for shift in 0..3usize {
            // Only digits that no neighbour's bits enter.
            let (skip, mut shifted) = ([0, 2, 3][shift], vec![0; shift]);
            shifted.extend_from_slice(value);
            shifted.truncate(shifted.len() - shifted.len() % 3);
            let code = base64_of(&shifted);
            self.patterns.add(code.get(skip..).unwrap_or(&[]), Weigh::Exact, kind);
        }
    }
}

fn base64_of(bytes: &[u8]) -> Vec<u8> {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = Vec::with_capacity(bytes.len() / 3 * 4);
    for three in bytes.chunks_exact(3) {
        let n = three.iter().fold(0usize, |n, b| n << 8 | usize::from(*b));
        out.extend([18, 12, 6, 0].iter().filter_map(|s| DIGITS.get(n >> s & 63)));
    }
    out
}

fn is_separator(c: char) -> bool {
    c.is_whitespace() || matches!(c, '^' | ',' | '・' | '，' | '＾' | '\0' | '_' | '/' | '(' | ')' | '.')
}

/// What the searched bytes hold at all, as flags.
struct Present(u8);

impl Present {
    /// A byte of 80 and above.
    const HIGH: u8 = 1;
    /// An escape that calls a two-byte set.
    const ESCAPES: u8 = 2;
    /// Lead bytes of full-width forms.
    const FULL_WIDTH: u8 = 4;
    /// The character that follows a year.
    const YEARS: u8 = 8;

    fn of(output: &[&[u8]]) -> Self {
        let mut out = 0;
        for three in output.iter().flat_map(|b| b.windows(3)) {
            out |= match three {
                [0x1B, b'$', _] => Self::ESCAPES | Self::FULL_WIDTH | Self::YEARS,
                // 年 in UTF-8, Shift_JIS, EUC-JP, UTF-16 of both orders.
                [0xE5, 0xB9, 0xB4] | [0x94, b'N', _] | [0xC7, 0xAF, _] | [b't', b'^', _] | [b'^', b't', _] => {
                    Self::YEARS | Self::HIGH
                }
                // Shift_JIS, EUC-JP, UTF-8, UTF-16.
                [0x82, 0x4F..=0x9A, 0x82] | [0xA3, 0xB0..=0xFA, 0xA3] | [0xEF, 0xBC | 0xBD, _] | [0xFF, _, 0xFF] => {
                    Self::FULL_WIDTH | Self::HIGH
                }
                [b, _, _] if *b >= 0x80 => Self::HIGH,
                _ => 0,
            };
        }
        Self(out)
    }

    fn has(&self, flags: u8) -> bool {
        self.0 & flags != 0
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
    use super::*;
    use crate::search::stands_alone;

    fn found(kind: Kind, value: &[u8], text: &[u8]) -> bool {
        let mut identities = Identities::default();
        identities.values.insert((kind, value));
        let lexicon = Spellings::default().lexicon(&identities, &[text]);
        lexicon.patterns.find(text, |at, len, w, _| stands_alone(text, at, len, w)).is_some()
    }

    #[test]
    fn two_byte_codes_without_escapes() {
        let name = b"A^B=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B";
        assert!(found(Kind::Name, name, b";3EDB@O:"));
        assert!(found(Kind::Name, name, b";3ED^B@O:"));
        assert!(!found(Kind::Name, name, b";3ED"));
    }

    #[test]
    fn any_encoding_as_in_the_source() {
        assert!(found(Kind::Name, b"M\xDCLLER^Karl", b"Dr. M\xDCller"));
        let latin = Identities {
            charsets: vec!["ISO_IR 100".into()],
            values: [(Kind::Name, &b"M\xDCLLER^Karl"[..])].into(),
            ..Identities::default()
        };
        let text = "Dr. Müller".as_bytes();
        assert!(Spellings::default().lexicon(&latin, &[text]).patterns.find(text, |_, _, _, _| true).is_some());
        assert!(found(Kind::Name, b"Hong^Gildong=\x1b$)C\xfb\xf3^\x1b$)C\xd1\xce\xd4\xd7", b"x \xd1\xce\xd4\xd7 y"));
        assert!(found(Kind::Name, "Люкceмбypг".as_bytes(), "люкceмбypг".as_bytes()));
        assert!(found(Kind::Place, b"Klinikum Sch\xF6neberg", b"SCH\xF6NEBERG"));
    }
}
