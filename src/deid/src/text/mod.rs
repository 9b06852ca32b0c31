//! Cleaning of free text (PS3.15 E.3.4, E.3.5): names, numbers, dates and places go, medical words stay.
//!
//! Two nets: every form of the identifying values in a patient's headers ([`Lexicon`]), and grammar and lists of names
//! for what no header says. Where a harmless word and a name cross, the cheaper reading of the whole run wins.
//! [`clean`] cuts what the nets catch; [`strict`] keeps a text only if every token of it is known to be harmless.
//! Text is decoded Unicode; offsets are in characters. Nothing here keeps, shows or logs what it was given.

mod clean;
pub mod date;
mod dict;
mod facts;
mod find;
mod fold;
mod forms;
mod glance;
mod lexicon;
mod lists;
#[cfg(feature = "pack")]
mod pack;
pub(crate) mod places;
mod readings;
mod romaji;
mod strict;
mod tidy;

pub use clean::clean;
pub use facts::Facts;
pub use lexicon::{Forms, Lexicon};
pub use lists::{Lists, ListsError, folded};
#[cfg(feature = "pack")]
pub use pack::pack;
pub use strict::strict;

/// How a text is cleaned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// Whole days by which dates move; without it they go.
    pub shift_days: Option<i32>,
    /// Ages from which on they go, in years.
    pub age_cap: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self { shift_days: None, age_cap: 90 }
    }
}

/// A stretch of the original that goes, in characters, and what stands there instead.
#[derive(Clone, PartialEq, Eq)]
pub struct Cut {
    /// First character.
    pub start: usize,
    /// Behind the last.
    pub end: usize,
    /// Empty, or a moved date, or what is left of a whole value.
    pub replacement: String,
}

/// A cleaned text. Holds what stays of a value: no `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Cleaned {
    /// What changes, in order and apart; empty where nothing does.
    pub cuts: Vec<Cut>,
    /// The text as it may stay.
    pub text: String,
}

impl Cleaned {
    /// The same of another original, replaced whole.
    #[must_use]
    pub(crate) fn of(self, original: &str) -> Self {
        let end = original.chars().count();
        let cut = Cut { start: 0, end, replacement: self.text.clone() };
        Self { cuts: if self.text == original { Vec::new() } else { vec![cut] }, text: self.text }
    }
}
