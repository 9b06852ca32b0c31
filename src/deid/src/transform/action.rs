//! What is done to one attribute, and why.

use crate::reasons::Reason;
use crate::tables::RuleSource;
use serde::Serialize;
use tokumei_dicom::splice::NewElement;

/// What is done to one attribute.
pub(crate) enum Act {
    /// Its bytes stay; the items of a sequence are walked.
    Keep,
    /// Its bytes are the items of a sequence, which are walked.
    Nested,
    /// It goes with all it holds.
    Drop,
    /// It gets a new value.
    Value(Vec<u8>),
    /// Its first bytes stay, so many.
    Cut(u64),
    /// A sequence gets new items; none: it is emptied.
    Items(Vec<Vec<NewElement>>),
    /// The whole instance cannot leave, or not before a person has decided.
    Stop(Reason),
}

/// The letter of Table E.1-1a that an action counts as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Letter {
    /// Removed.
    X,
    /// Emptied.
    Z,
    /// Dummy or pseudonym.
    D,
    /// New UID.
    U,
    /// Cleaned, shifted.
    C,
    /// Kept by an option or the policy.
    K,
}

/// An action with its letter and rule. No letter: no rule names the attribute and it stays.
pub(crate) struct Decision {
    pub(crate) act: Act,
    pub(crate) letter: Option<Letter>,
    pub(crate) rule: RuleSource,
}

impl Decision {
    pub(crate) const fn drop(rule: RuleSource) -> Self {
        Self { act: Act::Drop, letter: Some(Letter::X), rule }
    }

    pub(crate) const fn empty(rule: RuleSource) -> Self {
        Self { act: Act::Value(Vec::new()), letter: Some(Letter::Z), rule }
    }

    pub(crate) const fn keep(rule: RuleSource) -> Self {
        Self { act: Act::Keep, letter: None, rule }
    }

    pub(crate) const fn nested(rule: RuleSource) -> Self {
        Self { act: Act::Nested, letter: None, rule }
    }

    pub(crate) const fn kept(rule: RuleSource) -> Self {
        Self { act: Act::Keep, letter: Some(Letter::K), rule }
    }

    pub(crate) fn value(letter: Letter, text: impl Into<Vec<u8>>, rule: RuleSource) -> Self {
        Self { act: Act::Value(text.into()), letter: Some(letter), rule }
    }

    pub(crate) const fn items(items: Vec<Vec<NewElement>>, letter: Letter, rule: RuleSource) -> Self {
        Self { act: Act::Items(items), letter: Some(letter), rule }
    }

    pub(crate) const fn stop(reason: Reason, rule: RuleSource) -> Self {
        Self { act: Act::Stop(reason), letter: None, rule }
    }
}

/// How many attributes each letter was done to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, serde::Deserialize)]
pub struct ActionCounts {
    /// Removed.
    #[serde(rename = "X")]
    pub x: u32,
    /// Emptied.
    #[serde(rename = "Z")]
    pub z: u32,
    /// Dummy or pseudonym.
    #[serde(rename = "D")]
    pub d: u32,
    /// New UID.
    #[serde(rename = "U")]
    pub u: u32,
    /// Cleaned, shifted.
    #[serde(rename = "C")]
    pub c: u32,
    /// Kept by an option or the policy.
    #[serde(rename = "K")]
    pub k: u32,
}

impl ActionCounts {
    pub(crate) fn add(&mut self, letter: Letter) {
        let count = match letter {
            Letter::X => &mut self.x,
            Letter::Z => &mut self.z,
            Letter::D => &mut self.d,
            Letter::U => &mut self.u,
            Letter::C => &mut self.c,
            Letter::K => &mut self.k,
        };
        *count = count.saturating_add(1);
    }
}
