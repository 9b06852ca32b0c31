//! The policy (`tokumei.policy/1`): what is done to what.
//!
//! One JSON document. Its skeleton is fixed: parts are added, never renamed. Unknown keys and values are errors with
//! line, column and the values allowed. A policy may `extend` a shipped one: what it says replaces what that says.

mod canonical;
mod devices;
mod documents;
mod error;
mod json;
mod limits;
mod patient;
mod private;
mod reading;
mod settings;
mod shipped;
mod types;
mod validate;

pub use canonical::canonical_json;
pub use devices::{Area, Comparison, Condition, DeviceRule, Overview, SlideRule};
pub use documents::{DocumentRule, Wrapped, WrappedCda};
pub use error::PolicyError;
pub use limits::LimitRule;
pub use patient::{AgeCap, BirthDate, DateSettings, NamespaceEntry, NamespaceRule, PatientIdRule, PatientRule};
pub use private::{PrivateAllow, PrivateRule};
pub use shipped::{names as shipped_names, shipped};
pub use types::*;

use crate::json::{Node, read};
use sha2::{Digest, Sha256};

impl Policy {
    /// Reads and checks a policy; `extends` is resolved, so the result stands by itself.
    pub fn from_json(text: &str) -> Result<Self, PolicyError> {
        let value = json::resolve(text)?;
        let mut policy = json::typed(&value)?;
        validate::check(&policy).map_err(|fault| fault.at(text))?;
        policy.private.resolve();
        Ok(policy)
    }

    /// The policy as canonical JSON (RFC 8785), resolved, with every default written out.
    pub fn canonical_json(&self) -> String {
        self.to_node().map(|node| canonical_json(&node)).unwrap_or_default()
    }

    /// The policy as plain JSON, resolved, with every default written out. `None` does not occur.
    pub fn to_node(&self) -> Option<Node> {
        // One writer for all that the policy becomes: each one more would weigh several kB.
        read(&serde_json::to_string(self).ok()?).ok()
    }

    /// SHA-256 over [`canonical_json`](Self::canonical_json), hex.
    pub fn sha256(&self) -> String {
        crate::pseudonym::hex(&Sha256::digest(self.canonical_json().as_bytes()))
    }
}
