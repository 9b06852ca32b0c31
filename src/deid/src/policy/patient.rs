//! Patients: which hospital's they are, how their IDs are written, what of them stays.

use crate::pseudonym::{DateRule, IdRule, LeadingZeros};
use serde::{Deserialize, Serialize};

/// Patients.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PatientRule {
    /// Which hospital's a file is.
    #[serde(default)]
    pub namespaces: NamespaceRule,
    /// How IDs are written.
    #[serde(default)]
    pub id: PatientIdRule,
    /// Ages of this many years and more become this age ...
    #[serde(default)]
    pub age_cap: AgeCap,
    /// What becomes of Patient's Birth Date.
    #[serde(default)]
    pub birth_date: BirthDate,
    /// How far dates move with modified dates.
    #[serde(default)]
    pub dates: DateSettings,
}

/// Which hospital's a file is. With a map, a file that matches none of it is held.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NamespaceRule {
    /// The one namespace where there is no map.
    #[serde(default)]
    pub default: String,
    /// The first entry that fits decides.
    #[serde(default)]
    pub map: Vec<NamespaceEntry>,
}

/// One entry of the map: every condition that is given must hold.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NamespaceEntry {
    /// The namespace.
    pub namespace: String,
    /// Leading folders of the file's path, with `/`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folder: Option<String>,
    /// Issuer of Patient ID (0010,0021), exactly.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// Institution Name (0008,0080), exactly.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub institution: Option<String>,
}

/// How Patient IDs are written.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PatientIdRule {
    /// Leading zeros of all-digit IDs.
    #[serde(default)]
    pub leading_zeros: LeadingZeros,
    /// Digits with `leadingZeros: "pad"`; at most 64.
    #[serde(default)]
    pub pad: u8,
    /// Characters without meaning.
    #[serde(default)]
    pub drop: String,
    /// IDs that stand for nobody, besides those always known.
    #[serde(default)]
    pub dummies: Vec<String>,
}

impl PatientIdRule {
    /// The rule as the pseudonyms take it.
    pub fn to_rule(&self) -> IdRule {
        IdRule { leading_zeros: self.leading_zeros, pad: usize::from(self.pad), drop: self.drop.clone() }
    }
}

/// The highest age written, in years; older ages become it. 0: no cap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct AgeCap(pub u16);

impl Default for AgeCap {
    fn default() -> Self {
        Self(90)
    }
}

/// What becomes of Patient's Birth Date (0010,0030).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum BirthDate {
    /// It is emptied.
    #[default]
    Empty,
    /// 1 January of the shifted date's year.
    ShiftedYear,
}

/// How far dates move.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DateSettings {
    /// Fewest steps into the past; at least 1.
    #[serde(default = "min_steps")]
    pub min_steps: u32,
    /// Most steps.
    #[serde(default = "max_steps")]
    pub max_steps: u32,
    /// Days of one step.
    #[serde(default = "step_days")]
    pub step_days: u32,
}

const fn min_steps() -> u32 {
    52
}
const fn max_steps() -> u32 {
    521
}
const fn step_days() -> u32 {
    7
}

impl Default for DateSettings {
    fn default() -> Self {
        Self { min_steps: min_steps(), max_steps: max_steps(), step_days: step_days() }
    }
}

impl DateSettings {
    /// The rule as the pseudonyms take it.
    pub const fn to_rule(&self) -> DateRule {
        DateRule { min_steps: self.min_steps, max_steps: self.max_steps, step_days: self.step_days }
    }
}
