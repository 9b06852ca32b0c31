//! Cleaning with its word lists, and what it has done already: the instances of a series say the same of the same people.
//! What is remembered depends on what was asked alone, so it changes no byte. Holds identity: no `Debug`.

use crate::policy::{Descriptors, Policy};
use crate::text::places::{Places, sum};
use crate::text::{self, Cleaned, Facts, Forms, Lexicon, Lists, Settings};
use std::sync::{Arc, Mutex, PoisonError};
use tokumei_dicom::order;

/// Patients that are remembered.
const PATIENTS: usize = 8;
/// Places for texts of a patient that are remembered, and the longest of them in bytes.
const TEXTS: usize = 2_048;
const TEXT_MAX: usize = 1_024;

/// The word lists with the policy's way of cleaning.
pub(crate) struct Cleaner {
    lists: Arc<Lists>,
    strict: bool,
    settings: Settings,
    memory: Mutex<Memory>,
}

/// What is remembered.
#[derive(Default)]
struct Memory {
    forms: Forms,
    known: Vec<Arc<Known>>,
}

/// A patient's lexicon, and texts that were cleaned by it.
struct Known {
    facts: Facts,
    /// Latin words of names in lower case, sorted.
    words: Vec<String>,
    shift_days: Option<i32>,
    lexicon: Lexicon,
    texts: Mutex<Places<Done>>,
}

/// A text and what became of it.
struct Done {
    strict: bool,
    text: String,
    cleaned: Cleaned,
}

/// The cleaning of one instance.
#[derive(Clone)]
pub(crate) struct Cleaning {
    lists: Arc<Lists>,
    known: Arc<Known>,
    strict: bool,
    age_cap: u32,
}

impl Cleaner {
    /// As the policy cleans; `None`: it does not.
    pub(crate) fn new(policy: &Policy, lists: Arc<Lists>) -> Option<Self> {
        let strict = match policy.descriptors {
            Descriptors::Strict => true,
            Descriptors::Clean => false,
            Descriptors::Remove => return None,
        };
        let cap = policy.patient.age_cap.0;
        let age_cap = if cap == 0 { u32::MAX } else { cap.into() };
        let settings = Settings { age_cap, ..Settings::default() };
        Some(Self { lists, strict, settings, memory: Mutex::default() })
    }

    /// The cleaning of an instance with these facts. `whole`: none of them was unreadable; else what their forms would be
    /// cannot be known, and only harmless words stay.
    pub(crate) fn of(&self, facts: Facts, whole: bool, shift_days: Option<i32>) -> Cleaning {
        let mut memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        let Memory { forms, known } = &mut *memory;
        let place = known.iter().position(|k| k.shift_days == shift_days && k.facts == facts);
        let patient = if let Some(place) = place {
            known.remove(place)
        } else {
            let lexicon = Lexicon::remembering(&facts, &self.lists, forms);
            let words = latin_words(&facts.names);
            Arc::new(Known { facts, words, shift_days, lexicon, texts: Mutex::default() })
        };
        if known.len() >= PATIENTS {
            known.remove(0);
        }
        known.push(Arc::clone(&patient));
        let lists = Arc::clone(&self.lists);
        Cleaning { lists, known: patient, strict: self.strict || !whole, age_cap: self.settings.age_cap }
    }
}

impl Cleaning {
    /// A text as it may stay.
    pub(crate) fn clean(&self, text: &str) -> Cleaned {
        self.done(text, self.strict)
    }

    /// True where all of a text is known to be harmless.
    pub(crate) fn is_harmless(&self, text: &str) -> bool {
        self.done(text, true).cuts.is_empty()
    }

    /// True where no net catches a name, a number, a date or a place in a text.
    pub(crate) fn catches_nothing(&self, text: &str) -> bool {
        self.done(text, false).cuts.is_empty()
    }

    fn done(&self, text: &str, strict: bool) -> Cleaned {
        let mut texts = self.known.texts.lock().unwrap_or_else(PoisonError::into_inner);
        if text.len() > TEXT_MAX {
            return self.fresh(text, strict);
        }
        let sum = sum(strict.into(), text.bytes());
        if let Some(done) = texts.get(sum).filter(|done| done.strict == strict && done.text == text) {
            return done.cleaned.clone();
        }
        let cleaned = self.fresh(text, strict);
        texts.put(sum, Done { strict, text: text.to_owned(), cleaned: cleaned.clone() }, TEXTS);
        cleaned
    }

    fn fresh(&self, text: &str, strict: bool) -> Cleaned {
        let settings = Settings { shift_days: self.known.shift_days, age_cap: self.age_cap };
        let way = if strict { text::strict } else { text::clean };
        let cleaned = way(text, &self.known.lexicon, &self.lists, &settings);
        match without_words(&cleaned.text, &self.known.words) {
            Some(left) => way(&left, &self.known.lexicon, &self.lists, &settings).of(text),
            None => cleaned,
        }
    }
}

/// Shortest word of a name that is looked for though it may be a harmless one too.
const WORD_MIN: usize = 4;

fn latin_words(names: &[String]) -> Vec<String> {
    let words = names.iter().flat_map(|name| name.split(|c: char| !c.is_alphanumeric()));
    let mut words: Vec<String> =
        words.filter(|w| w.is_ascii() && w.len() >= WORD_MIN).map(str::to_ascii_lowercase).collect();
    order::sort(&mut words);
    words.dedup();
    words
}

/// A text without words that are words of a name as well; `None`: it has none.
fn without_words(text: &str, words: &[String]) -> Option<String> {
    let is_name = |word: &[u8]| {
        let may_be = word.len() >= WORD_MIN && word.is_ascii();
        may_be && words.binary_search_by(|name| name.bytes().cmp(word.iter().map(u8::to_ascii_lowercase))).is_ok()
    };
    let apart = |c: char| !c.is_alphanumeric();
    let has_name = if text.is_ascii() {
        text.as_bytes().split(|b| !b.is_ascii_alphanumeric()).any(is_name)
    } else {
        text.split(apart).any(|word| is_name(word.as_bytes()))
    };
    if words.is_empty() || !has_name {
        return None;
    }
    let left = text.split_inclusive(apart).filter_map(|token| {
        let word = token.trim_end_matches(apart);
        token.get(if is_name(word.as_bytes()) { word.len() } else { 0 }..)
    });
    Some(left.collect::<String>().trim().to_owned())
}
