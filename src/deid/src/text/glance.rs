//! Tells at a glance that a text of Latin words and short numbers says nothing of anybody, as most descriptions and most
//! sentences of reports do: at a small part of what the nets cost, since words are remembered.
//!
//! It says so only where every net would find nothing, and doubts wherever one of them looks twice.

use super::date::is_month;
use super::fold::{Folded, Kind};
use super::lists::{Lists, Mark, Word};
use super::places::{Places, sum};
use super::strict::is_plain;
use super::{Lexicon, Settings};

/// Digits of a number that no net looks at.
const DIGITS: usize = 4;
/// Letters from which on a word that nobody knows may be a code.
const LONG: usize = 9;
/// Words that are remembered at most.
const WORDS: usize = 512;
/// Letters of the longest of them.
const LETTERS: u32 = 24;

/// What words say wherever they stand, by their letters. May hold identity: no `Debug`.
pub(super) type Words = Places<(u128, Says)>;

/// What a word says.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Says(u8);

impl Says {
    /// It is known to be harmless.
    const KNOWN: Self = Self(1);
    /// It is a word of the lists of names: beside a comma it may be one.
    const NAME: Self = Self(2);
    /// It may end an address behind a number.
    const STREET: Self = Self(4);
    /// The lexicon may begin in it.
    const FORM: Self = Self(8);
    /// A title or a label, which a name follows if it looks like one.
    const LABEL: Self = Self(16);
    /// A mark of several words may begin with it.
    const LONGER: Self = Self(32);
    /// A net looks twice.
    const DOUBT: Self = Self(64);

    const fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    fn with(self, other: Self, when: bool) -> Self {
        if when { Self(self.0 | other.0) } else { self }
    }
}

/// True where nothing is to be found in a text. `strict`: and every token of it is known to be harmless.
pub(super) fn is_harmless(f: &Folded, lexicon: &Lexicon, lists: &Lists, settings: &Settings, strict: bool) -> bool {
    let mut words = lexicon.words.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let mut glance = Glance { f, lexicon, lists, age_cap: settings.age_cap, strict, numbered: false };
    let mut at = 0;
    while at < f.len() {
        let next = match f.kind(at) {
            Kind::Space => Some(at + 1),
            Kind::Mark => Some(at + 1).filter(|_| is_plain(f.at(at))),
            Kind::Digit => glance.number(at),
            Kind::Letter => glance.word(at, &mut words),
            Kind::Kanji | Kind::Hiragana | Kind::Katakana => None,
        };
        match next {
            Some(next) => at = next,
            None => return false,
        }
    }
    f.len() > 0
}

struct Glance<'a> {
    f: &'a Folded,
    lexicon: &'a Lexicon,
    lists: &'a Lists,
    age_cap: u32,
    strict: bool,
    /// A number stood before: a street may follow.
    numbered: bool,
}

impl Glance<'_> {
    /// The end of a number; `None`: it may be a date, a time, an age, a telephone number, of the lexicon, or part of them.
    fn number(&mut self, start: usize) -> Option<usize> {
        let f = self.f;
        let end = f.whole_run(start, |i| f.kind(i) == Kind::Digit);
        let decimal = f.at(end) == '.' && f.kind(end + 1) == Kind::Digit;
        let fraction = start > 1 && f.at(start - 1) == '.' && f.kind(start - 2) == Kind::Digit;
        let gap = f.run(end, |i| i < end + 2 && (f.kind(i) == Kind::Space || matches!(f.at(i), '-' | '(' | ')')));
        let grouped = gap > end && f.kind(gap) == Kind::Digit;
        let apart = f.kind(end) != Kind::Letter && !f.is_cjk(end) && !matches!(f.at(end), '/' | '-' | ':' | '_');
        if end - start > DIGITS || !apart || decimal && fraction || grouped {
            return None;
        }
        let value = f.slice(start, end).iter().fold(0, |n, c| n * 10 + c.to_digit(10).unwrap_or(0));
        let blank = usize::from(f.at(end) == ' ');
        let years = end - start < DIGITS && value >= self.age_cap && f.at(end + blank) == 'y';
        self.numbered = true;
        (!years && !self.lexicon.touches(f, start, end)).then_some(end)
    }

    /// The end of a word; `None`: it is a name or a mark of one, or not known.
    fn word(&self, start: usize, words: &mut Words) -> Option<usize> {
        let f = self.f;
        let mut letters = Some(0_u128);
        let mut end = start;
        while f.kind(end) == Kind::Letter {
            // ThoraxRoutine
            if end > start && !f.is_inside_word(end) {
                return None;
            }
            let letter = Some(f.at(end)).filter(|c| c.is_ascii_lowercase() && end - start < LETTERS as usize);
            letters = letters.zip(letter).map(|(letters, c)| letters << 5 | (c as u128 - 'a' as u128 + 1));
            end += 1;
        }
        let joined = f.kind(end) == Kind::Digit || f.is_cjk(end) || f.before(start) == Kind::Digit;
        let initial = end == start + 1 && f.at(end) == '.';
        if joined || initial {
            return None;
        }
        let says = match letters {
            Some(letters) => self.remembered(letters, words, start, end),
            None => self.says(start, end),
        };
        let parts = |c: char| matches!(c, ',' | '^' | '_');
        let named = says.has(Says::NAME) && (parts(f.at(end)) || start > 0 && parts(f.at(start - 1)));
        let doubt = says.has(Says::DOUBT)
            || named
            || says.has(Says::STREET) && self.numbered
            || says.has(Says::FORM) && self.lexicon.touches(f, start, end)
            || says.has(Says::LONGER) && self.goes_on(start, end)
            || says.has(Says::LABEL) && !self.leads_nowhere(start, end);
        let fine = !doubt && (says.has(Says::KNOWN) || !self.strict && end - start < LONG);
        fine.then_some(end)
    }

    /// What a word says: as it is remembered, or as it is found out.
    fn remembered(&self, letters: u128, words: &mut Words, start: usize, end: usize) -> Says {
        let sum = sum(0, letters.to_le_bytes().into_iter());
        if let Some((_, says)) = words.get(sum).filter(|known| known.0 == letters) {
            return *says;
        }
        let says = self.says(start, end);
        words.put(sum, (letters, says), WORDS);
        says
    }

    /// What a word says wherever it stands.
    fn says(&self, start: usize, end: usize) -> Says {
        let word = self.f.slice(start, end);
        let own = self.lists.entries(word);
        let class = own.word();
        let known = class.is_some();
        let name = own.is_western_name() || self.lists.by_key(word).is_japanese_name();
        let mut doubt = self.is_asked_for(start, end);
        // A name that is no other word, or one that other names may stand beside.
        doubt |= name && (!known || own.is_western_name() || class == Some(Word::Eponym));
        let (mut street, mut label) = (false, false);
        for mark in own.marks() {
            match mark {
                // In Latin letters these speak of what is written in kanji, or of dates, which are doubted themselves.
                Mark::After
                | Mark::Day
                | Mark::NotDay
                | Mark::Eponym
                | Mark::FacilityWeak
                | Mark::FacilityPrefix
                | Mark::FacilityStem => {}
                Mark::Street => street = true,
                Mark::Before | Mark::Maybe => label = true,
                _ => doubt = true,
            }
        }
        let says = Says(0).with(Says::KNOWN, known).with(Says::NAME, name).with(Says::STREET, street);
        let says = says.with(Says::LABEL, label).with(Says::LONGER, self.lists.goes_on(word));
        says.with(Says::FORM, !self.lexicon.ends_within(word)).with(Says::DOUBT, doubt)
    }

    /// True for words that a net asks for by themselves: months, degrees, what begins links, rooms, centres
    /// and towns.
    fn is_asked_for(&self, start: usize, end: usize) -> bool {
        const WORDS: [&str; 25] = [
            "www", "http", "https", "ftp", "room", "rm", "center", "centre", "ctr", "clinic", "system", "md", "ph",
            "phd", "dds", "rn", "jr", "ku", "shi", "cho", "chou", "machi", "mura", "gun", "chome",
        ];
        WORDS.iter().any(|word| self.f.is(start, end, word)) || is_month(self.f, start)
    }

    /// True where a mark of several words begins with this one.
    fn goes_on(&self, start: usize, end: usize) -> bool {
        let mut marked = false;
        self.lists.each_at(self.f.slice(start, self.f.len()), |len, entries| {
            marked |= start + len > end && entries.is_any_mark();
        });
        marked
    }

    /// MR as a modality, in capitals before a word that is no name; `for evaluation`, where no name follows.
    fn leads_nowhere(&self, start: usize, end: usize) -> bool {
        let f = self.f;
        let stop = f.whole_run(end + 1, |i| f.kind(i) == Kind::Letter);
        let next = f.slice(end + 1, stop);
        if f.kind(end) != Kind::Space || next.len() < 2 {
            return false;
        }
        let own = self.lists.entries(next);
        if f.is(start, end, "mr") {
            let name = own.is_western_name() || self.lists.by_key(next).is_japanese_name();
            return f.is_capital(start + 1) && !name;
        }
        let label = self.lists.entries(f.slice(start, end)).is_mark(Mark::Before) || f.is(start, end, "by");
        !label && own.word().is_some() && next != ['n', 'o']
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
    use super::super::find::{Rules, View};
    use super::super::fold::characters;
    use super::*;
    use crate::text::Facts;
    use proptest::prelude::*;
    use std::sync::OnceLock;

    fn lists() -> &'static Lists {
        static LISTS: OnceLock<Lists> = OnceLock::new();
        LISTS.get_or_init(|| Lists::from_bytes(include_bytes!("../../data/text.lists")).unwrap())
    }

    fn lexicon() -> Lexicon {
        let texts = |all: &[&str]| all.iter().map(|s| (*s).to_owned()).collect();
        let facts = Facts {
            names: texts(&["Yamada^Hanako=山田^花子", "Head^John", "Contrast^Mary"]),
            ids: texts(&["0012345678", "A-0012", "1234", "CT12"]),
            places: texts(&["KGH", "Left Bank Hospital"]),
            ..Facts::default()
        };
        Lexicon::new(&facts, lists())
    }

    /// Whether a text is harmless at a glance, under both ways; the nets must agree.
    fn glanced(text: &str, lexicon: &Lexicon) -> [bool; 2] {
        let settings = Settings::default();
        let f = Folded::of(&characters(text), lists());
        [false, true].map(|strict| {
            let says = is_harmless(&f, lexicon, lists(), &settings, strict);
            if says {
                for shifts in [false, true] {
                    let view = View::new(&f, lists(), lexicon, Rules { shifts, age_cap: settings.age_cap });
                    assert!(view.hits.is_empty(), "{text}");
                    assert!(!strict || view.is_harmless(0, f.len()), "{text}");
                }
            }
            says
        })
    }

    #[test]
    fn most_sentences_are_harmless_at_a_glance() {
        let lexicon = lexicon();
        for text in [
            "nodule of the right lung, no change, series 12",
            "Chest CT without enhancement",
            "MR of the liver; evaluation for metastasis (segment 4)",
            "mass of 12.5 mm",
        ] {
            assert_eq!(glanced(text, &lexicon), [true; 2], "{text}");
        }
        for text in [
            "Chest CT of Yamada",
            "left bank hospital",
            "series 1234",
            "series 20240501",
            "2024_12_31",
            "2024 12 31",
            "090.1234.5678",
            "on 5/1",
            "at 10:32",
            "by Baker",
            "by Xqzt",
            "12 Main Street",
            "03 2345 6789",
            "MR Baker",
            "Dr. Lee",
            "for Tanaka",
            "95 years",
            "12 head court",
            "A 0012",
            "room 4",
            "",
            "頭部",
            "5 May",
            "Head, no change",
            "Maria Smith",
            "ChestCT",
            "123 456 7890",
            "1.2.840.113619",
            "www.org",
            "lung\\liver",
            "H. Y.",
        ] {
            assert_eq!(glanced(text, &lexicon), [false; 2], "{text}");
        }
    }

    fn tokens() -> impl Strategy<Value = String> {
        let words = proptest::sample::select(vec![
            "chest", "CT", "MR", "mr", "of", "the", "Left", "lung", "no", "change", "series", "for", "by", "patient",
            "op", "Dr", "prof", "Head", "John", "Mary", "Contrast", "contrast", "Yamada", "hana", "ko", "KGH", "bank",
            "Hospital", "center", "medical", "heart", "system", "court", "way", "st", "street", "room", "bed", "May",
            "dec", "sept", "since", "on", "before", "Baker", "baker", "cyst", "Wilson", "disease", "md", "ph", "d",
            "s", "t", "h", "m", "r", "y", "years", "yo", "id", "case", "tel", "www", "http", "level", "slice", "axial",
            "T2", "L4", "mm", "lesion", "xqzt", "ishikawa", "lee", "Tomoko", "smith", "and", "or", "ja", "jr", "b",
            "a", "A", "name", "Thorax",
        ])
        .prop_map(str::to_owned);
        let numbers = proptest::sample::select(vec![
            "0", "1", "3", "12", "95", "100", "129", "0012", "1234", "2024", "12345678", "5", "31", "000", "45678",
        ])
        .prop_map(str::to_owned);
        let marks = proptest::sample::select(vec![
            ",", ", ", ".", ". ", ":", ": ", "-", "/", "(", ") ", "^", "_", "'", "#", "+", "@", ";", "\n", "\t", "[",
            "&", "・", "頭",
        ])
        .prop_map(str::to_owned);
        let blank = proptest::strategy::Just(" ".to_owned());
        let joined = prop_oneof![6 => blank, 2 => marks, 1 => proptest::strategy::Just(String::new())];
        let token = (prop_oneof![5 => words, 2 => numbers], joined).prop_map(|(token, joint)| token + &joint);
        proptest::collection::vec(token, 0..7).prop_map(|tokens| tokens.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(6_000))]

        #[test]
        fn what_is_harmless_at_a_glance_is_harmless(text in tokens()) {
            static LEXICON: OnceLock<Lexicon> = OnceLock::new();
            glanced(&text, LEXICON.get_or_init(lexicon));
        }
    }
}
