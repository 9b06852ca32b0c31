//! Identities that only other files of the same patient hold. What a file says is taken when it is scanned, as text of one
//! line; the session unites the lines of a patient and hands them back, so that an instance is searched for them too.

use crate::entry::trim;
use crate::identity::Identities;
use crate::kinds::Kind;
use crate::lexicon::Lexicon;
use std::collections::VecDeque;
use std::sync::Arc;

/// Ends a value of a line: no character of Latin-1, so no byte of a value.
const END: &str = "\u{100}";
/// Stands between the terms of (0008,0005) and the bytes of a value.
const TERMS: &str = "\u{101}";
/// Patients whose lexicons are remembered: files of several come in turns.
const REMEMBERED: usize = 16;
/// A value longer than this is no name of another file.
const LONGEST: usize = 256;

/// What a source says about who and where, as it may name the patient in other files: names, numbers, places, days. Each value
/// is the letter of its kind, the character sets where its bytes need them, and the bytes as Latin-1; sorted. Texts and UIDs
/// are no identities of other files.
pub fn line(identities: &Identities<'_>) -> String {
    let terms = identities.charsets.join("\\");
    let mut values: Vec<String> = Vec::new();
    for (kind, value) in identities.values.iter().filter(|v| v.1.len() <= LONGEST) {
        let Some(letter) = letter_of(*kind) else { continue };
        let plain = value.is_ascii() && !value.contains(&0x1B);
        let bytes: String = trim(value).iter().map(|b| char::from(*b)).collect();
        let text = [letter, if plain { "" } else { &terms }, TERMS, &bytes, END].concat();
        let at = values.partition_point(|v| *v < text);
        if values.get(at) != Some(&text) {
            values.insert(at, text);
        }
    }
    values.concat()
}

/// Lexicons of other files, by the numbers that the session gives them.
#[derive(Default)]
pub struct Others(VecDeque<(u32, Arc<Lexicon>)>);

impl Others {
    /// Makes the lexicon of what the lines of other files say together.
    pub fn learn(&mut self, number: u32, line: &str) {
        let values = line.split(END).filter_map(value_of).collect::<Vec<_>>();
        let lexicon = Lexicon::of_others(values.iter().map(|(k, v, t)| (*k, v.as_slice(), t.clone())));
        self.0.retain(|(n, _)| *n != number);
        if self.0.len() == REMEMBERED {
            self.0.pop_front();
        }
        self.0.push_back((number, Arc::new(lexicon)));
    }

    /// The lexicon of a number; `None` where it was never learned or is forgotten.
    pub fn get(&self, number: u32) -> Option<Arc<Lexicon>> {
        self.0.iter().find(|(n, _)| *n == number).map(|(_, lexicon)| Arc::clone(lexicon))
    }
}

fn letter_of(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Name => Some("N"),
        Kind::Id => Some("I"),
        Kind::Place => Some("P"),
        Kind::Phone => Some("T"),
        Kind::Date => Some("D"),
        Kind::Text | Kind::Uid => None,
    }
}

fn value_of(text: &str) -> Option<(Kind, Vec<u8>, Vec<String>)> {
    let mut letters = text.chars();
    let kind = match letters.next()? {
        'N' => Kind::Name,
        'I' => Kind::Id,
        'P' => Kind::Place,
        'T' => Kind::Phone,
        'D' => Kind::Date,
        _ => return None,
    };
    let (terms, bytes) = letters.as_str().split_once(TERMS)?;
    let bytes = bytes.chars().map(|c| u8::try_from(c).ok()).collect::<Option<Vec<u8>>>()?;
    Some((kind, bytes, terms.split('\\').map(str::to_owned).collect()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
    use super::*;
    use crate::search::find;

    #[test]
    fn lines_hold_values_and_come_back() {
        let name = b"A^B=\x1b$B;3ED\x1b(B";
        let identities = Identities {
            charsets: vec![String::new(), "ISO 2022 IR 87".into()],
            values: [
                (Kind::Name, &name[..]),
                (Kind::Id, b"123456"),
                (Kind::Text, b"a long story"),
                (Kind::Date, b"20240611"),
            ]
            .into(),
            ..Identities::default()
        };
        let text = line(&identities);
        let back: Vec<_> = text.split(END).filter_map(value_of).collect();
        assert_eq!(back.len(), 3);
        assert!(back.contains(&(Kind::Name, name.to_vec(), identities.charsets.clone())));
        assert!(back.contains(&(Kind::Id, b"123456".to_vec(), vec![String::new()])));
    }

    #[test]
    fn few_patients_are_remembered() {
        let mut others = Others::default();
        (0..40).for_each(|n| others.learn(n, "I\u{101}123456\u{100}"));
        assert!(others.get(39).is_some() && others.get(0).is_none());
        others.learn(39, "");
        assert_eq!(others.0.len(), REMEMBERED);
        assert!(find([&others.get(39).unwrap().patterns], b"123456", |_, _, _, _| true).is_none());
    }
}
