//! Every form that the identifying values of a patient's headers take in text.

use super::date::{Civil, Reading, read};
use super::dict::Dict;
use super::facts::Facts;
use super::fold::{Folded, Kind, fold};
use super::lists::{Lists, Mark, Name};
use super::romaji;
use crate::pseudonym::{IdRule, canonical_id, loose_id};
use std::collections::BTreeMap;

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
}

const LATINS: [Latin; 3] = [Latin::Full, Latin::Part, Latin::Weak];

/// Longest value that forms are made of, in characters.
const VALUE_MAX: usize = 256;
/// Fewest characters of an ID that is looked for inside others.
pub(super) const ID_INSIDE: usize = 6;

/// The forms of one patient's identity. Holds identity: no `Debug`.
pub struct Lexicon {
    /// Kanji and kana.
    pub(super) cjk: Dict,
    /// Keys of names in Latin letters.
    pub(super) romaji: Dict,
    /// Initials of names, given name first.
    pub(super) initials: Vec<[char; 2]>,
    /// Letters and digits of phrases in Latin letters, without what stands between.
    pub(super) phrases: Dict,
    /// IDs and numbers in loose form.
    pub(super) ids: Dict,
    /// Days on which patients were born.
    pub(super) births: Vec<Civil>,
}

/// Forms of values, remembered from one lexicon to the next: instances of one study share most values. Holds identity: no
/// `Debug`.
#[derive(Default)]
pub struct Forms(BTreeMap<(Aspect, String), Made>);

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
    fn of(&mut self, aspect: Aspect, value: &str, lists: &Lists) -> &Made {
        if self.0.len() >= REMEMBERED {
            self.0.clear();
        }
        self.0.entry((aspect, value.to_owned())).or_insert_with(|| {
            let mut maker = Maker { lists, made: Made::default() };
            let value = capped(value);
            match aspect {
                Aspect::Person => maker.person(&value),
                Aspect::Place => maker.place(&value),
                Aspect::Address => maker.address(&value),
                Aspect::Id => maker.made.ids.extend(id_forms(&value).into_iter().map(|id| (id, 0))),
            }
            maker.made
        })
    }
}

impl Lexicon {
    /// Builds all forms.
    pub fn new(facts: &Facts, lists: &Lists) -> Self {
        Self::remembering(facts, lists, &mut Forms::default())
    }

    /// Builds all forms; those of values that were met before are known.
    pub fn remembering(facts: &Facts, lists: &Lists, forms: &mut Forms) -> Self {
        let mut made = Made::default();
        let places = facts.places.iter().chain(&facts.addresses).chain(&facts.occupations).chain(&facts.departments);
        let all = facts.names.iter().map(|value| (Aspect::Person, value));
        let all = all.chain(places.map(|value| (Aspect::Place, value)));
        let all = all.chain(facts.addresses.iter().map(|value| (Aspect::Address, value)));
        let ids = facts.ids.iter().chain(&facts.numbers).map(|value| (Aspect::Id, value));
        for (aspect, value) in all.chain(ids) {
            made.extend(forms.of(aspect, value, lists));
        }
        let mut ids = made.ids;
        let mut births = Vec::new();
        for value in &facts.birth_dates {
            let Reading::Date { year, month: Some(month), day: Some(day), .. } = read(value, lists) else { continue };
            let date = Civil { year, month: Some(month), day: Some(day) };
            births.push(date);
            ids.extend(date.forms().into_iter().map(|id| (id, 0)));
        }
        Self {
            cjk: Dict::new(made.cjk),
            romaji: Dict::new(made.romaji),
            initials: made.initials,
            phrases: Dict::new(made.phrases),
            ids: Dict::new(ids),
            births,
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

    /// The form of a tag of `cjk`.
    pub(super) fn form(tag: u16) -> Option<Form> {
        FORMS.get(usize::from(tag)).copied()
    }

    /// What a key of Latin letters is; the strongest.
    pub(super) fn latin(&self, key: &str) -> Option<Latin> {
        let tag = self.romaji.get(key.chars()).first()?;
        LATINS.get(usize::from(*tag)).copied()
    }
}

fn capped(value: &str) -> String {
    value.chars().take(VALUE_MAX).collect()
}

/// Loose forms of an ID; an issuer joined to it is an ID of its own.
fn id_forms(value: &str) -> Vec<String> {
    let parts = value.split([':', '^', '|', '\\', ';', ',']);
    let loose = |part: &str| Some(loose_id(&canonical_id(part, &IdRule::default()).ok()?).to_ascii_lowercase());
    let usable = |id: &String| id.len() > 1 && id.chars().all(char::is_alphanumeric);
    parts.chain([value]).filter_map(loose).filter(usable).collect()
}

/// Forms of one value, or of all.
#[derive(Default)]
struct Made {
    cjk: Vec<(String, u16)>,
    romaji: Vec<(String, u16)>,
    phrases: Vec<(String, u16)>,
    ids: Vec<(String, u16)>,
    initials: Vec<[char; 2]>,
}

impl Made {
    fn extend(&mut self, other: &Self) {
        self.cjk.extend_from_slice(&other.cjk);
        self.romaji.extend_from_slice(&other.romaji);
        self.phrases.extend_from_slice(&other.phrases);
        self.ids.extend_from_slice(&other.ids);
        self.initials.extend_from_slice(&other.initials);
    }
}

/// Collects forms.
struct Maker<'a> {
    lists: &'a Lists,
    made: Made,
}

impl Maker<'_> {
    /// A PN value, or a name as people write it.
    fn person(&mut self, value: &str) {
        for group in value.split(['=', '＝', '\\']) {
            let parts = self.parts(group);
            for part in &parts {
                self.part(part);
            }
            for (i, a) in parts.iter().enumerate() {
                for b in parts.iter().skip(i + 1) {
                    self.full(a, b);
                    self.full(b, a);
                }
            }
            if parts.len() > 2 {
                let all: String = parts.concat();
                self.full(&all, "");
            }
        }
    }

    /// Name components without honorifics and blanks.
    fn parts(&self, group: &str) -> Vec<String> {
        let split = group.split(|c: char| c.is_whitespace() || "^＾・，,=.．/／()（）".contains(c));
        let says = |part: &&str| {
            let chars: Vec<char> = fold(part, self.lists).chars().collect();
            let marks = [Mark::Honorific, Mark::Title, Mark::Before, Mark::After];
            !chars.is_empty() && !marks.iter().any(|&m| self.lists.is_mark(&chars, m))
        };
        let mut parts: Vec<String> = split.filter(says).map(str::to_owned).take(6).collect();
        if let [whole] = parts.as_slice() {
            // 山田花子 without a blank: the family name by the list of names.
            let whole = whole.clone();
            let chars: Vec<char> = fold(&whole, self.lists).chars().collect();
            let known = self.lists.names_at(&chars).filter(|&(len, name)| name == Name::Family && len < chars.len());
            let originals: Vec<char> = whole.chars().collect();
            if originals.len() == chars.len() {
                for (len, _) in known {
                    let (family, given) = originals.split_at_checked(len).unwrap_or_default();
                    let given: String = given.iter().collect();
                    parts.extend([family.iter().collect(), given]);
                }
            }
        }
        parts
    }

    fn part(&mut self, part: &str) {
        let folded = fold(part, self.lists);
        let chars: Vec<char> = folded.chars().collect();
        match script(part, self.lists) {
            Some(Script::Kana) => {
                let form = if chars.len() >= 3 { Form::Kana } else { Form::Short };
                self.made.cjk.push((folded, form as u16));
                self.reading(part, Latin::Part);
            }
            Some(Script::Kanji) => {
                let form = if chars.len() >= 2 { Form::Part } else { Form::Short };
                self.made.cjk.push((folded, form as u16));
            }
            Some(Script::Latin) => {
                if let Some(key) = romaji::key(&chars) {
                    let form = self.strength(&chars);
                    self.made.romaji.push((key, form as u16));
                } else {
                    self.made.phrases.push((letters(&chars), 0));
                }
            }
            None => {}
        }
    }

    /// A name that is a word too says nothing by itself.
    fn strength(&self, chars: &[char]) -> Latin {
        let count = chars.iter().filter(|c| c.is_alphabetic()).count();
        if count < 3 || self.lists.word(chars).is_some() { Latin::Weak } else { Latin::Part }
    }

    /// The Latin forms of a reading.
    fn reading(&mut self, kana: &str, latin: Latin) {
        for key in romaji::keys_of_kana(&katakana(kana)) {
            let chars: Vec<char> = key.chars().collect();
            let latin = if latin == Latin::Part { self.strength_of_key(&chars) } else { latin };
            self.made.romaji.push((key, latin as u16));
        }
    }

    /// A key is not how a name is written: ask the ways to write it that are words.
    fn strength_of_key(&self, key: &[char]) -> Latin {
        let text: String = key.iter().collect();
        let hepburn = text
            .replace("sy", "sh")
            .replace("ty", "ch")
            .replace("zy", "j")
            .replace("si", "shi")
            .replace("zi", "ji")
            .replace("ti", "chi")
            .replace("tu", "tsu")
            .replace("hu", "fu");
        let hepburn: Vec<char> = hepburn.chars().collect();
        match (self.strength(key), self.strength(&hepburn)) {
            (Latin::Part, Latin::Part) => Latin::Part,
            _ => Latin::Weak,
        }
    }

    fn full(&mut self, a: &str, b: &str) {
        let joined = format!("{a}{b}");
        let folded = fold(&joined, self.lists);
        let chars: Vec<char> = folded.chars().collect();
        match script(&joined, self.lists) {
            Some(Script::Latin) => {
                let count = chars.iter().filter(|c| c.is_alphabetic()).count();
                if let Some(key) = romaji::key(&chars).filter(|_| count > 2) {
                    self.made.romaji.push((key, Latin::Full as u16));
                    let first = |s: &str| fold(s, self.lists).chars().next();
                    self.made.initials.extend(first(a).zip(first(b)).map(|(a, b)| [a, b]));
                } else {
                    self.made.phrases.push((letters(&chars), 0));
                }
            }
            Some(script) if chars.len() >= 2 => {
                let apart = fold(a, self.lists) + &fold(b, self.lists);
                self.made.cjk.push((apart, Form::Full as u16));
                self.made.cjk.push((folded, Form::Full as u16));
                if script == Script::Kana {
                    self.reading(&joined, Latin::Full);
                    let first = |s: &str| romaji::keys_of_kana(&katakana(s)).first().and_then(|k| k.chars().next());
                    self.made.initials.extend(first(a).zip(first(b)).map(|(a, b)| [a, b]));
                }
            }
            _ => {}
        }
    }

    /// An institution, an address, an occupation: whole.
    fn place(&mut self, value: &str) {
        for value in value.split('\\') {
            let chars: Vec<char> = value.chars().collect();
            let f = Folded::of(&chars, self.lists);
            let text = f.slice(0, f.len());
            if f.len() == 0 || self.is_harmless(text) {
                continue;
            }
            if (0..f.len()).any(|i| f.is_cjk(i)) {
                let bare: String = text.iter().filter(|c| !c.is_whitespace()).collect();
                if bare.chars().count() >= 2 {
                    self.made.cjk.push((bare, Form::Place as u16));
                }
            } else if letters(text).len() >= 2 {
                self.made.phrases.push((letters(text), 0));
                self.words_of_place(&f);
            }
        }
    }

    /// Words of a place's Latin name that are nothing else.
    fn words_of_place(&mut self, f: &Folded) {
        let mut i = 0;
        while i < f.len() {
            let end = f.run(i, |j| f.kind(j) == Kind::Letter);
            let word = f.slice(i, end);
            let mark = [Mark::Facility, Mark::FacilityWeak, Mark::Street].iter().any(|&m| self.lists.is_mark(word, m));
            if word.len() >= 3 && !mark && self.lists.word(word).is_none() {
                self.made.phrases.push((word.iter().collect(), 0));
            }
            i = end.max(i + 1);
        }
    }

    /// What stands behind the prefecture.
    fn address(&mut self, value: &str) {
        let chars: Vec<char> = fold(value, self.lists).chars().filter(|c| !c.is_whitespace()).collect();
        for (len, mark) in self.lists.marks_at(&chars) {
            let rest = chars.get(len..).unwrap_or_default();
            if mark == Mark::Region && rest.len() >= 2 {
                self.made.cjk.push((rest.iter().collect(), Form::Place as u16));
            }
        }
        // Up to the first number, the town.
        let start = self.lists.marks_at(&chars).filter(|m| m.1 == Mark::Region).map(|m| m.0).max().unwrap_or(0);
        let town: String = chars.iter().skip(start).take_while(|c| !c.is_ascii_digit()).collect();
        if town.chars().count() >= 3 {
            self.made.cjk.push((town, Form::Place as u16));
        }
    }

    /// 放射線科, 会社員: words that every hospital has.
    fn is_harmless(&self, text: &[char]) -> bool {
        text.split(|c| c.is_whitespace()).all(|word| word.is_empty() || self.lists.word(word).is_some())
    }
}

/// Letters and digits alone.
fn letters(chars: &[char]) -> String {
    chars.iter().filter(|c| c.is_alphanumeric()).collect()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Script {
    Kana,
    Kanji,
    Latin,
}

/// What a name is written in; kanji where both occur.
fn script(text: &str, lists: &Lists) -> Option<Script> {
    let chars: Vec<char> = text.chars().collect();
    let f = Folded::of(&chars, lists);
    let has = |kind: Kind| (0..f.len()).any(|i| f.kind(i) == kind);
    if has(Kind::Kanji) {
        Some(Script::Kanji)
    } else if has(Kind::Hiragana) || has(Kind::Katakana) {
        Some(Script::Kana)
    } else if has(Kind::Letter) {
        Some(Script::Latin)
    } else {
        None
    }
}

/// Full-width katakana; small kana and long vowels stay.
fn katakana(text: &str) -> String {
    let wide = crate::pseudonym::nfkc(text).into_iter();
    wide.map(|c| if ('\u{3041}'..='\u{3096}').contains(&c) { char::from_u32(c as u32 + 0x60).unwrap_or(c) } else { c })
        .collect()
}
