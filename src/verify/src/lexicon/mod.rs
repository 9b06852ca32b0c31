//! Identities as patterns: every spelling, separator, order and encoding in which a value may have stayed behind.
//!
//! What does not fire by itself: words of [`is_common`](crate::words::is_common), numbers of fewer than six digits, what is
//! shorter than six letters inside other words, single kanji, kana of two letters (they count as whole words of texts, see
//! [`Tokens`]).

mod name;
mod number;
mod place;

use crate::identity::Identities;
use crate::kana::is_kana;
use crate::kinds::Kind;
use crate::search::{Patterns, SHORTEST, Weigh};
use crate::text::{Written, components, full_width, holds_full_width, is_delimiter, meant, spellings, utf16, written};
use crate::tokens::Tokens;
use crate::variants::variants;
use crate::words::{is_common, is_weak};
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Patterns and words of one source, or of other files.
pub struct Lexicon {
    /// Searched in every byte.
    pub patterns: Patterns<Kind>,
    /// Searched in texts.
    pub tokens: Tokens,
    /// No two have the same.
    pub id: u64,
    /// It serves more than one instance.
    pub lasting: bool,
}

/// The next lexicon's number.
static NEXT: AtomicU64 = AtomicU64::new(0);

/// The shortest ASCII pattern that counts inside other words.
const LONG: usize = 6;
/// The shortest part that an escape was left open in: the escape and two codes.
const OPEN: usize = 7;
/// The shortest UID that is no version number.
const SHORTEST_UID: usize = 12;
/// More UIDs than this are searched in ASCII only.
const MANY_UIDS: usize = 200;

/// Patterns of the UIDs of one instance.
pub fn uids(identities: &Identities<'_>) -> Patterns<Kind> {
    let mut out = Lexicon::new();
    let few = identities.uids.len() <= MANY_UIDS;
    for uid in identities.uids.iter().filter(|u| u.len() >= SHORTEST_UID) {
        out.patterns.add(uid, Weigh::Uid, Kind::Uid);
        if few {
            let text = String::from_utf8_lossy(uid);
            out.patterns.add(&utf16(&text, false), Weigh::Anywhere, Kind::Uid);
            out.patterns.add(&utf16(&text, true), Weigh::Anywhere, Kind::Uid);
        }
    }
    out.patterns.finish();
    out.patterns
}

/// One value, as it stands.
type Value = (Kind, Vec<u8>);

/// Lexicons made so far: most values of an instance are those of the one before it.
#[derive(Default)]
pub struct Spellings {
    charsets: Vec<String>,
    full: bool,
    values: HashMap<Value, Arc<Lexicon>>,
    before: Vec<Value>,
    shared: Vec<Value>,
    lexicon: Option<Arc<Lexicon>>,
}

/// Values remembered at most.
const REMEMBERED: usize = 2_000;
/// More values than this are worth a new lexicon of what is shared.
const FEW: usize = 2;

impl Spellings {
    /// Spells out the values of `identities`, its UIDs not counted: those that instances in a row share, and the rest.
    /// `output` is the header that will be searched: full-width forms are left out where it holds none.
    pub fn lexicons(&mut self, identities: &Identities<'_>, output: &[&[u8]]) -> [Arc<Lexicon>; 2] {
        let full = output.iter().any(|bytes| holds_full_width(bytes));
        if self.full != full || self.charsets != identities.charsets || self.values.len() > REMEMBERED {
            *self = Self { charsets: identities.charsets.clone(), full, ..Self::default() };
        }
        let has = |(kind, value): &Value| identities.values.contains(&(*kind, value.as_slice()));
        let common: Vec<Value> = self.before.iter().filter(|v| has(v)).cloned().collect();
        let shared = match &self.lexicon {
            Some(lexicon) if self.shared.iter().all(has) && common.len() <= self.shared.len() + FEW => {
                Arc::clone(lexicon)
            }
            _ => {
                let lexicon = Lexicon { lasting: true, ..self.united(&common) };
                self.shared = common;
                self.lexicon.insert(Arc::new(lexicon)).clone()
            }
        };
        let all = identities.values.iter().map(|(kind, value)| (*kind, value.to_vec()));
        self.before = all.collect();
        let rest: Vec<Value> = self.before.iter().filter(|v| !self.shared.contains(v)).cloned().collect();
        [shared, Arc::new(self.united(&rest))]
    }

    fn united(&mut self, values: &[Value]) -> Lexicon {
        let mut out = Lexicon::new();
        for value in values {
            if !self.values.contains_key(value) {
                let spelled = Lexicon::spell(value.0, &value.1, &self.charsets, self.full);
                self.values.insert(value.clone(), Arc::new(spelled));
            }
            if let Some(spelled) = self.values.get(value) {
                out.append(spelled);
            }
        }
        out.patterns.finish();
        out
    }
}

impl Lexicon {
    fn new() -> Self {
        let id = NEXT.fetch_add(1, Ordering::Relaxed);
        Self { patterns: Patterns::new(), tokens: Tokens::default(), id, lasting: false }
    }

    /// Spells out values of other files, each with the character sets of its own, for every output.
    pub fn of_others<'v>(values: impl Iterator<Item = (Kind, &'v [u8], Vec<String>)>) -> Self {
        let mut out = Self { lasting: true, ..Self::new() };
        for (kind, value, charsets) in values {
            out.append(&Self::spell(kind, value, &charsets, true));
        }
        out.patterns.finish();
        out
    }

    /// True where nothing is looked for.
    pub fn is_empty(&self) -> bool {
        self.patterns.is_empty() && self.tokens.is_empty()
    }

    fn append(&mut self, other: &Self) {
        self.patterns.append(&other.patterns);
        self.tokens.append(&other.tokens);
    }

    fn spell(kind: Kind, value: &[u8], charsets: &[String], full: bool) -> Self {
        let mut speller = Speller { out: Self::new(), kind, full };
        match kind {
            Kind::Name => speller.name(value, charsets),
            Kind::Date => value.split(|b| *b == b'\\').for_each(|v| speller.date(v)),
            Kind::Uid => {}
            Kind::Text => speller.whole(value, charsets, 12),
            Kind::Place => speller.place(value, charsets),
            Kind::Id | Kind::Phone => speller.whole(value, charsets, LONG),
        }
        speller.out
    }
}

/// Spells out one value.
struct Speller {
    out: Lexicon,
    kind: Kind,
    /// Full-width forms are wanted.
    full: bool,
}

// Each kind of value and each step stays a function of its own (`inline(never)`): browsers optimise one function with all
// of them in it after few files, at great cost.
impl Speller {
    /// Components in the very bytes of the source, whatever encoding that is.
    #[inline(never)]
    fn raw(&mut self, value: &[u8]) {
        let delimited = value.split(|b| is_delimiter(*b)).filter(|part| part.len() >= OPEN);
        for part in components(value).into_iter().chain(delimited) {
            if !part.is_ascii() || part.contains(&0x1B) {
                self.add(part, Weigh::Anywhere);
            }
            // Sets of the upper half, without the escape that called them.
            for run in part.split(u8::is_ascii).filter(|r| r.len() < part.len()) {
                self.add(run, Weigh::Anywhere);
            }
        }
    }

    /// A value that identifies as a whole, each of its values by itself.
    fn whole(&mut self, value: &[u8], charsets: &[String], shortest: usize) {
        self.raw(value);
        for text in meant(value, charsets) {
            for one in text.split('\\').map(str::trim).filter(|v| !v.is_empty()) {
                self.one(one, shortest);
            }
        }
    }

    /// One value that identifies as a whole.
    fn one(&mut self, one: &str, shortest: usize) {
        if one.is_ascii() && self.kind != Kind::Place {
            self.number(one);
        }
        if one.is_ascii() && one.len() < shortest || !one.is_ascii() {
            self.word(one);
        } else if !is_common(one) && !one.bytes().all(|b| b.is_ascii_digit()) {
            self.ascii(one, Weigh::Anywhere);
        }
    }

    /// One word: anywhere where it is long enough, else as a token.
    #[inline(never)]
    fn word(&mut self, word: &str) {
        if is_common(word) {
            return;
        }
        if !word.is_ascii() {
            self.wide_text(word);
        } else if word.bytes().all(|b| b.is_ascii_digit()) {
            self.number(word);
        } else if word.len() >= LONG && !is_weak(&word.to_ascii_lowercase()) {
            self.ascii(word, Weigh::Anywhere);
        } else if self.kind != Kind::Text {
            self.out.tokens.word(word, self.kind);
            if (4..LONG).contains(&word.len()) {
                self.wide(word);
            }
        }
    }

    /// ASCII text: as it is, in UTF-16, in full-width forms.
    fn ascii(&mut self, text: &str, weigh: Weigh) {
        self.add(text.as_bytes(), weigh);
        self.wide(text);
        if self.full {
            for form in [full_width(&text.to_ascii_lowercase()), full_width(&text.to_ascii_uppercase())] {
                for each in &written(&form) {
                    self.encoded(each);
                }
            }
        }
    }

    fn wide(&mut self, text: &str) {
        if text.len() >= 4 {
            self.add(&utf16(text, false), Weigh::Anywhere);
            self.add(&utf16(text, true), Weigh::Anywhere);
        }
    }

    /// Text that is not ASCII, in every spelling and encoding.
    #[inline(never)]
    fn wide_text(&mut self, text: &str) {
        self.out.tokens.wide(text, self.kind);
        // One kanji is a token; kana of two letters stand in every word.
        let least = if is_kana(text) { 3 } else { 2 };
        for variant in variants(text) {
            for form in spellings(&variant) {
                if form.chars().filter(|c| !matches!(c, '\u{FF9E}' | '\u{FF9F}')).count() >= least {
                    written(&form).iter().filter(|w| w.bytes.len() >= SHORTEST).for_each(|w| self.encoded(w));
                }
            }
        }
    }

    fn encoded(&mut self, w: &Written) {
        self.add(&w.bytes, if w.naked_jis { Weigh::NakedJis } else { Weigh::Anywhere });
    }

    fn add(&mut self, bytes: &[u8], weigh: Weigh) {
        self.out.patterns.add(bytes, weigh, self.kind);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
    use super::*;
    use crate::search::{find, stands_alone};

    fn found(kind: Kind, value: &[u8], text: &[u8]) -> bool {
        let mut identities = Identities::default();
        identities.values.insert((kind, value));
        let lexicons = Spellings::default().lexicons(&identities, &[text]);
        lexicons.iter().any(|l| find([&l.patterns], text, |at, len, w, _| stands_alone(text, at, len, w)).is_some())
    }

    #[test]
    fn two_byte_codes_without_escapes() {
        let name = b"A^B=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B";
        assert!(found(Kind::Name, name, b";3EDB@O:"));
        assert!(found(Kind::Name, name, b";3ED^B@O:"));
        assert!(!found(Kind::Name, name, b";3ED"));
    }

    /// 能見: 0x3D is half of a code there, no delimiter.
    #[test]
    fn halves_of_codes_are_no_names() {
        let name = b"\x1b$BG=8+\x1b(B^\x1b$B@iDa\x1b(B";
        assert!(found(Kind::Name, name, b"\x1b$BG=8+\x1b(B"));
        assert!(!found(Kind::Name, name, b"\x1b$BG>9<:I\x1b(B"));
        assert!(found(Kind::Name, b"\x1b$B;3ED^TARO", b"x \x1b$B;3ED x"));
    }

    #[test]
    fn any_encoding_as_in_the_source() {
        assert!(found(Kind::Name, b"M\xDCLLER^Karl", b"Dr. M\xDCller"));
        let latin = Identities {
            charsets: vec!["ISO_IR 100".into()],
            values: [(Kind::Name, &b"M\xDCLLER^Karl"[..])].into(),
            ..Identities::default()
        };
        let [_, lexicon] = Spellings::default().lexicons(&latin, &[]);
        for text in ["Dr. Müller", "mullers", "MÜLLER"] {
            assert!(find([&lexicon.patterns], text.as_bytes(), |_, _, _, _| true).is_some(), "{text}");
        }
        assert!(found(Kind::Name, b"Hong^Gildong=\x1b$)C\xfb\xf3^\x1b$)C\xd1\xce\xd4\xd7", b"x \xd1\xce\xd4\xd7 y"));
        assert!(found(Kind::Name, "Люкceмбypг".as_bytes(), "люкceмбypг".as_bytes()));
        assert!(found(Kind::Place, b"Klinikum Sch\xF6neberg", b"SCH\xF6NEBERG"));
    }

    #[test]
    fn variants_and_large_kana() {
        let utf8 = |value: &str, text: &str| found(Kind::Name, value.as_bytes(), text.as_bytes());
        assert!(utf8("高橋^一", "x髙橋y"));
        assert!(utf8("宮﨑^一", "宮崎様"));
        assert!(utf8("ハットリ^リョウ", "ハツトリ"));
        assert!(utf8("ショウジ^タロウ", "shouji") && utf8("ショウジ^タロウ", "SYOUZI"));
        assert!(!utf8("ショウジ^タロウ", "ショウ"));
    }

    #[test]
    fn what_instances_share_is_made_once() {
        let mut spellings = Spellings::default();
        let names = [&b"YAMADA^TARO"[..], b"KOBAYASHI^JIRO", b"MORI^KEN"];
        let mut shared = Vec::new();
        for id in [&b"123456"[..], b"223456", b"323456", b"423456"] {
            let mut identities = Identities::default();
            identities.values.extend(names.map(|name| (Kind::Name, name)));
            identities.values.insert((Kind::Id, id));
            let both = spellings.lexicons(&identities, &[]);
            let sees = |text: &[u8]| both.iter().any(|l| find([&l.patterns], text, |_, _, _, _| true).is_some());
            assert!(sees(b"Yamada") && sees(id) && !sees(b"999999"));
            shared.push(both[0].clone());
        }
        assert!(!Arc::ptr_eq(&shared[0], &shared[1]) && Arc::ptr_eq(&shared[1], &shared[3]));
        assert!(find([&shared[3].patterns], b"yamada", |_, _, _, _| true).is_some());
        assert!(find([&shared[3].patterns], b"423456", |_, _, _, _| true).is_none());
    }
}
