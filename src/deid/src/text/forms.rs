//! Forms of one value: how names, places, addresses and numbers are written.

use super::fold::{Folded, Kind, fold};
use super::lexicon::{Form, Latin};
use super::lists::{Lists, Mark, Name};
use super::readings::joined;
use super::romaji;
use crate::pseudonym::{IdRule, canonical_id, loose_id};

/// Loose forms of an ID; an issuer joined to it is an ID of its own.
pub(super) fn id_forms(value: &str) -> Vec<String> {
    let parts = value.split([':', '^', '|', '\\', ';', ',']);
    let loose = |part: &str| Some(loose_id(&canonical_id(part, &IdRule::default()).ok()?).to_ascii_lowercase());
    let usable = |id: &String| id.len() > 1 && id.chars().all(char::is_alphanumeric);
    parts.chain([value]).filter_map(loose).filter(usable).collect()
}

/// Forms of one value, or of all.
#[derive(Default)]
pub(super) struct Made {
    pub(super) cjk: Vec<(String, u16)>,
    pub(super) romaji: Vec<(String, u16)>,
    pub(super) phrases: Vec<(String, u16)>,
    pub(super) ids: Vec<(String, u16)>,
    pub(super) initials: Vec<[char; 2]>,
}

/// Collects forms.
pub(super) struct Maker<'a> {
    pub(super) lists: &'a Lists,
    pub(super) made: Made,
}

impl Maker<'_> {
    /// A PN value, or a name as people write it.
    pub(super) fn person(&mut self, value: &str) {
        let groups: Vec<Vec<String>> = value.split(['=', '＝', '\\']).map(|group| self.parts(group)).collect();
        if !groups.iter().any(|parts| self.is_read(parts)) {
            for parts in &groups {
                self.guess(parts);
            }
        }
        for parts in &groups {
            for part in parts {
                self.part(part);
            }
            for (i, a) in parts.iter().enumerate() {
                for b in parts.iter().skip(i + 1) {
                    self.full(a, b);
                    self.full(b, a);
                }
            }
            if parts.len() > 2 {
                // Van Anh Nguyen: a given name of several parts before the family name, and behind it.
                let all = [parts.concat(), rotated(parts, 1), rotated(parts, parts.len() - 1)];
                for all in &all {
                    self.full(all, "");
                }
            }
        }
    }

    /// True for a group that says how the name is read.
    fn is_read(&self, parts: &[String]) -> bool {
        let mut scripts = parts.iter().map(|part| script(part, self.lists)).peekable();
        scripts.peek().is_some() && scripts.all(|script| matches!(script, Some(Script::Kana | Script::Latin)))
    }

    /// 新垣 健: Latin forms of how the kanji may be read. Kana are found by them too.
    fn guess(&mut self, parts: &[String]) {
        let folded: Vec<Vec<char>> = parts.iter().map(|part| fold(part, self.lists).chars().collect()).collect();
        // Of a name without a blank the parts stand behind the whole.
        let (whole, rest) = match folded.as_slice() {
            [whole, rest @ ..] if rest.len() > 1 && rest.iter().take(2).map(Vec::len).sum::<usize>() == whole.len() => {
                (true, rest)
            }
            all => (false, all),
        };
        let pairs = rest.chunks(if whole { 2 } else { rest.len().max(1) });
        for pair in pairs {
            let (Some(family), Some(given)) = (pair.first(), pair.last()) else { continue };
            let families = self.lists.family_readings(family);
            let givens = if pair.len() > 1 { self.lists.given_readings(given) } else { Vec::new() };
            self.made.romaji.extend(families.iter().chain(&givens).map(|key| (key.clone(), Latin::Guess as u16)));
            for (rank, (a, b)) in families.iter().flat_map(|a| givens.iter().map(move |b| (a, b))).enumerate() {
                let joined = [joined(a, b), joined(b, a)];
                let long = joined.into_iter().filter(|key| key.len() >= GUESS_MIN);
                self.made.romaji.extend(long.map(|key| (key, Latin::Full as u16)));
                if rank < INITIALS {
                    let pairs = heads(a).into_iter().flat_map(|a| heads(b).into_iter().map(move |b| [[a, b], [b, a]]));
                    self.made.initials.extend(pairs.flatten());
                }
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
            let mut known = Vec::new();
            self.lists.each_at(&chars, |len, entries| {
                known.extend((entries.is_name(Name::Family) && len < chars.len()).then_some(len));
            });
            let originals: Vec<char> = whole.chars().collect();
            if originals.len() == chars.len() {
                for len in known {
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
                    let first =
                        |s: &str| romaji::keys_of_kana(&katakana(s)).first().map_or(Vec::new(), |key| heads(key));
                    self.made.initials.extend(first(a).iter().flat_map(|&a| first(b).into_iter().map(move |b| [a, b])));
                }
            }
            _ => {}
        }
    }

    /// An institution, an address, an occupation: whole.
    pub(super) fn place(&mut self, value: &str) {
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
    pub(super) fn address(&mut self, value: &str) {
        let chars: Vec<char> = fold(value, self.lists).chars().filter(|c| !c.is_whitespace()).collect();
        let mut start = 0;
        self.lists.each_at(&chars, |len, entries| {
            let rest = chars.get(len..).unwrap_or_default();
            let is_region = entries.is_mark(Mark::Region);
            start = if is_region { len } else { start };
            if is_region && rest.len() >= 2 {
                self.made.cjk.push((rest.iter().collect(), Form::Place as u16));
            }
        });
        // Up to the first number, the town.
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

/// Fewest letters of a guessed reading of a whole name.
const GUESS_MIN: usize = 5;
/// Pairs of guessed readings whose initials may stand for the name.
const INITIALS: usize = 20;

/// First letters that a reading is written with: ふじ is Fuji and Huzi.
fn heads(key: &str) -> Vec<char> {
    let other = match key.as_bytes() {
        [b'h', b'u', ..] => Some('f'),
        [b't', b'i' | b'y', ..] => Some('c'),
        [b'z', b'i' | b'y', ..] => Some('j'),
        _ => None,
    };
    key.chars().next().into_iter().chain(other).collect()
}

/// All parts, from one on.
fn rotated(parts: &[String], from: usize) -> String {
    parts.iter().cycle().skip(from).take(parts.len()).map(String::as_str).collect()
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
