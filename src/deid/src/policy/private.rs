//! Private attributes (PS3.15 E.3.10): which of them stay.

use serde::{Deserialize, Serialize};

/// Private attributes. They all go unless the option `rtn_safe_private` is chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PrivateRule {
    /// Keeps what Table E.3.10-1 lists, where the option `rtn_safe_private` is chosen.
    #[serde(default = "yes")]
    pub safe: bool,
    /// Keeps these as well.
    #[serde(default)]
    pub allow: Vec<PrivateAllow>,
}

const fn yes() -> bool {
    true
}

impl Default for PrivateRule {
    fn default() -> Self {
        Self { safe: yes(), allow: Vec::new() }
    }
}

/// One private element that the project knows to be harmless.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PrivateAllow {
    /// Private creator, exactly.
    pub creator: String,
    /// Odd group, four hex digits.
    pub group: String,
    /// Last two hex digits of the element.
    pub element: String,
    /// VR that the value must have.
    pub vr: String,
    /// Where it is written that the value is harmless: a vendor's conformance statement, a review; for people.
    #[serde(default)]
    pub documentation: String,
}

impl PrivateAllow {
    /// What it is before it is read.
    pub(super) fn least() -> Self {
        let empty = String::new;
        Self { creator: empty(), group: empty(), element: empty(), vr: empty(), documentation: empty() }
    }
}
