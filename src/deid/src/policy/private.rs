//! Private attributes (PS3.15 E.3.10): which of them stay.

use crate::tables::vendor_private;
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
    /// Keeps these sets of numbers as well, which vendors describe in public: `canon-ct`, `canon-mr`, `fujifilm-cr`,
    /// `ge-mr`, `philips-mr`, `siemens-mr`. Once a policy is read, their elements stand in `allow`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub vendors: Vec<String>,
}

impl PrivateRule {
    /// Puts the elements of the sets into `allow`, so that whoever reads the policy sees each of them.
    pub(super) fn resolve(&mut self) {
        for name in core::mem::take(&mut self.vendors) {
            for row in vendor_private::set(&name) {
                let allow = PrivateAllow {
                    creator: row.creator.to_owned(),
                    group: format!("{:04X}", row.group),
                    element: format!("{:02X}", row.element),
                    vr: row.vr.map(char::from).iter().collect(),
                    documentation: format!("set {name}"),
                };
                let same = |other: &PrivateAllow| {
                    other.creator == allow.creator
                        && other.group.eq_ignore_ascii_case(&allow.group)
                        && other.element.eq_ignore_ascii_case(&allow.element)
                };
                if !self.allow.iter().any(same) {
                    self.allow.push(allow);
                }
            }
        }
    }
}

const fn yes() -> bool {
    true
}

impl Default for PrivateRule {
    fn default() -> Self {
        Self { safe: yes(), allow: Vec::new(), vendors: Vec::new() }
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
