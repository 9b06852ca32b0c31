//! A policy with a key and a namespace, prepared once for many files.

use crate::policy::Policy;
use crate::pseudonym::Keys;
use crate::tables::OptionSet;
use crate::values::{tags, top_ascii};
use tokumei_dicom::DataSet;

/// Implementation Class UID of this product (PS3.7 D.3.3.2), fixed for ever.
pub const IMPLEMENTATION_CLASS: &str = "2.25.242926530209425663055511912206042657029";

/// Version of this product.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Longest value of De-identification Method (0012,0063), LO (PS3.5 6.2).
const LO_MAX: usize = 64;

/// What every file of a run shares.
pub struct Profile {
    policy: Policy,
    keys: Keys,
    namespace: String,
    options: OptionSet,
    methods: [String; 3],
}

impl Profile {
    /// Prepares. `namespace`: the caller's, or empty where the policy decides.
    pub fn new(policy: Policy, key: &[u8; 32], namespace: &str) -> Self {
        let keys = Keys::new(key);
        let options = policy.option_set();
        let methods = [
            format!("Tokumei {VERSION}, PS3.15 2026c Annex E"),
            policy_mark(&policy),
            format!("key {}", keys.key_id()),
        ];
        Self { policy, keys, namespace: namespace.to_owned(), options, methods }
    }

    /// The policy.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// The keys.
    pub fn keys(&self) -> &Keys {
        &self.keys
    }

    /// The caller's namespace; empty where the policy decides.
    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    /// Options of Table E.1-1 that are really applied.
    pub const fn options(&self) -> OptionSet {
        self.options
    }

    /// Values of De-identification Method (0012,0063): product, policy, key.
    pub fn methods(&self) -> &[String; 3] {
        &self.methods
    }

    /// True where this product made the instance with this key and this policy.
    pub fn is_own_output(&self, ds: &DataSet) -> bool {
        if ds.form().meta_implementation_class.as_deref() != Some(IMPLEMENTATION_CLASS) {
            return false;
        }
        let Some(stated) = top_ascii(ds, tags::DEIDENTIFICATION_METHOD) else { return false };
        let [_, policy, key] = &self.methods;
        [policy, key].into_iter().all(|mine| stated.split('\\').any(|v| v.trim() == mine))
    }

    /// The new UID of an original one (PS3.15 E.1.1 step 5).
    pub fn uid(&self, original: &str) -> String {
        self.keys.uid(original, &self.policy.uid_generation)
    }
}

/// Names the policy: id, version and the first 16 hex digits of its SHA-256, so that equal names never hide a change.
fn policy_mark(policy: &Policy) -> String {
    let digest = policy.sha256();
    let short = digest.get(..16).unwrap_or_default();
    let plain = |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'));
    let named = format!("policy {} {} {short}", policy.id, policy.version);
    if named.len() <= LO_MAX && plain(&policy.id) && plain(&policy.version) { named } else { format!("policy {short}") }
}
