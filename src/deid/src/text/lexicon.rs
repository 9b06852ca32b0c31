//! Every form that the identifying values of a patient's headers take in text.

use super::date::{Civil, Reading, read};
use super::dict::Dict;
use super::facts::Facts;
use super::forms::{Made, Maker, id_forms};
use super::glance::Words;
use super::lists::Lists;
use super::romaji;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// What a form is, which decides where it is taken for identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Form {
    /// Both parts of a name, in kanji or kana.
    Full,
    /// One part, of two kanji or more.
    Part,
    /// One part, of three kana or more.
    Kana,
    /// One part that is also much else: one kanji, two kana.
    Short,
    /// A place, an address, an occupation.
    Place,
}

const FORMS: [Form; 5] = [Form::Full, Form::Part, Form::Kana, Form::Short, Form::Place];

/// What a key of Latin letters is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Latin {
    /// Both parts of a name joined.
    Full,
    /// One part.
    Part,
    /// One part that is a word too, or has less than three letters.
    Weak,
    /// One part as its kanji may be read, where no header says how.
    Guess,
}

const LATINS: [Latin; 4] = [Latin::Full, Latin::Part, Latin::Weak, Latin::Guess];

/// Longest value that forms are made of, in characters.
const VALUE_MAX: usize = 256;
/// Fewest characters of an ID that is looked for inside others.
pub(super) const ID_INSIDE: usize = 6;

/// The forms of one patient's identity. Holds identity: no `Debug`.
pub struct Lexicon {
    /// Kanji and kana.
    pub(super) cjk: Arc<Dict>,
    /// Keys of names in Latin letters.
    pub(super) romaji: Arc<Dict>,
    /// Initials of names, given name first.
    pub(super) initials: Vec<[char; 2]>,
    /// Letters and digits of phrases in Latin letters, without what stands between.
    pub(super) phrases: Arc<Dict>,
    /// IDs and numbers in loose form.
    pub(super) ids: Arc<Dict>,
    /// Days on which patients were born.
    pub(super) births: Vec<Civil>,
    /// What words of texts say beside it.
    pub(super) words: Mutex<Words>,
}

/// Forms of values and dictionaries of forms, remembered from one lexicon to the next: instances of one study share most
/// values. Holds identity: no `Debug`.
#[derive(Default)]
pub struct Forms {
    made: BTreeMap<(Aspect, String), Arc<Made>>,
    cjk: Known,
    romaji: Known,
    phrases: Known,
    ids: Known,
}

/// The last dictionary of a kind and what it was made of.
#[derive(Default)]
struct Known {
    entries: Vec<(String, u16)>,
    dict: Arc<Dict>,
}

impl Known {
    /// A dictionary of entries: the last one, where it was made of the same.
    fn of<'a>(&mut self, entries: impl Iterator<Item = &'a (String, u16)> + Clone) -> Arc<Dict> {
        if !self.entries.iter().eq(entries.clone()) {
            self.entries = entries.cloned().collect();
            self.dict = Arc::new(Dict::new(self.entries.clone()));
        }
        Arc::clone(&self.dict)
    }
}

/// What a value is taken for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Aspect {
    Person,
    Place,
    Address,
    Id,
}

/// Values that are remembered.
const REMEMBERED: usize = 1_024;

impl Forms {
    fn of(&mut self, aspect: Aspect, value: &str, lists: &Lists) -> Arc<Made> {
        if self.made.len() >= REMEMBERED {
            self.made.clear();
        }
        let made = self.made.entry((aspect, value.to_owned())).or_insert_with(|| {
            let mut maker = Maker { lists, made: Made::default() };
            let value = capped(value);
            match aspect {
                Aspect::Person => maker.person(&value),
                Aspect::Place => maker.place(&value),
                Aspect::Address => maker.address(&value),
                Aspect::Id => maker.made.ids.extend(id_forms(&value).into_iter().map(|id| (id, 0))),
            }
            Arc::new(maker.made)
        });
        Arc::clone(made)
    }
}

impl Lexicon {
    /// Builds all forms.
    pub fn new(facts: &Facts, lists: &Lists) -> Self {
        Self::remembering(facts, lists, &mut Forms::default())
    }

    /// Builds all forms; those of values that were met before are known.
    pub fn remembering(facts: &Facts, lists: &Lists, forms: &mut Forms) -> Self {
        let places = facts.places.iter().chain(&facts.addresses).chain(&facts.occupations).chain(&facts.departments);
        let all = facts.names.iter().map(|value| (Aspect::Person, value));
        let all = all.chain(places.map(|value| (Aspect::Place, value)));
        let all = all.chain(facts.addresses.iter().map(|value| (Aspect::Address, value)));
        let ids = facts.ids.iter().chain(&facts.numbers).map(|value| (Aspect::Id, value));
        let made: Vec<Arc<Made>> = all.chain(ids).map(|(aspect, value)| forms.of(aspect, value, lists)).collect();
        let mut born = Vec::new();
        let mut births = Vec::new();
        for value in &facts.birth_dates {
            let Reading::Date { year, month: Some(month), day: Some(day), .. } = read(value, lists) else { continue };
            let date = Civil { year, month: Some(month), day: Some(day) };
            births.push(date);
            born.extend(date.forms().into_iter().map(|id| (id, 0)));
        }
        Self {
            cjk: forms.cjk.of(made.iter().flat_map(|m| &m.cjk)),
            romaji: forms.romaji.of(made.iter().flat_map(|m| &m.romaji)),
            initials: made.iter().flat_map(|m| &m.initials).copied().collect(),
            phrases: forms.phrases.of(made.iter().flat_map(|m| &m.phrases)),
            ids: forms.ids.of(made.iter().flat_map(|m| &m.ids).chain(&born)),
            births,
            words: Mutex::default(),
        }
    }

    /// True where a text is a number of the lexicon.
    pub(super) fn has_number(&self, text: &str) -> bool {
        id_forms(text).iter().any(|id| self.ids.has(id))
    }

    /// True for a part of a name, whole.
    pub(super) fn has_part(&self, word: &[char]) -> bool {
        let forms = self.cjk.get(word.iter().copied());
        forms.iter().any(|&tag| matches!(Self::form(tag), Some(Form::Part | Form::Kana | Form::Short)))
    }

    /// What a reading in kana is whose letters the header tells; the strongest.
    pub(super) fn sound(&self, kana: &str) -> Option<Latin> {
        let keys = romaji::keys_of_kana(kana);
        let tags = keys.iter().filter_map(|key| self.romaji.get(key.chars()).first());
        tags.min().and_then(|&tag| LATINS.get(usize::from(tag)).copied())
    }

    /// The form of a tag of `cjk`.
    pub(super) fn form(tag: u16) -> Option<Form> {
        FORMS.get(usize::from(tag)).copied()
    }

    /// What a word of Latin letters is; the strongest.
    pub(super) fn latin(&self, word: &[char]) -> Option<Latin> {
        let tag = romaji::find(word, &self.romaji).first()?;
        LATINS.get(usize::from(*tag)).copied()
    }
}

fn capped(value: &str) -> String {
    value.chars().take(VALUE_MAX).collect()
}
