//! A policy with a key and a namespace, prepared once for many files.

use crate::devices::Rules;
use crate::policy::{Descriptors, Policy};
use crate::pseudonym::Keys;
use crate::tables::OptionSet;
use crate::text::Lists;
use crate::transform::cleaner::Cleaner;
use crate::values::{tags, top_ascii};
use std::sync::Arc;
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
    methods: Vec<String>,
    cleaner: Option<Cleaner>,
    devices: Rules,
}

/// The policy has text cleaned, which nothing does without word lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListsMissing;

impl Profile {
    /// Prepares. `namespace`: the caller's, or empty where the policy decides. `lists`: asked for where the policy has text
    /// cleaned ([`Policy::cleans_text`]).
    pub fn new(
        policy: Policy,
        key: &[u8; 32],
        namespace: &str,
        lists: Option<Arc<Lists>>,
    ) -> Result<Self, ListsMissing> {
        let cleaner = lists.and_then(|lists| Cleaner::new(&policy, lists));
        if policy.cleans_text() && cleaner.is_none() {
            return Err(ListsMissing);
        }
        let keys = Keys::new(key);
        let options = policy.option_set();
        let mut methods = vec![
            format!("Tokumei {VERSION}, PS3.15 2026c Annex E"),
            policy_mark(&policy),
            format!("key {}", keys.key_id()),
        ];
        match policy.descriptors {
            Descriptors::Strict => methods.push("descriptors strict".to_owned()),
            Descriptors::Clean => methods.push("descriptors clean".to_owned()),
            Descriptors::Remove => {}
        }
        let devices = Rules::new(&policy.pixels);
        Ok(Self { policy, keys, namespace: namespace.to_owned(), options, methods, cleaner, devices })
    }

    /// The policy.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// The policy's rules of devices.
    pub(crate) const fn devices(&self) -> &Rules {
        &self.devices
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

    /// What cleans text; none where the policy has none cleaned.
    pub(crate) fn cleaner(&self) -> Option<&Cleaner> {
        self.cleaner.as_ref()
    }

    /// Values of De-identification Method (0012,0063): product, policy, key, and how text was cleaned where it was.
    pub fn methods(&self) -> &[String] {
        &self.methods
    }

    /// True where this product made the instance with this key and this policy.
    pub fn is_own_output(&self, ds: &DataSet) -> bool {
        if ds.form().meta_implementation_class.as_deref() != Some(IMPLEMENTATION_CLASS) {
            return false;
        }
        let Some(stated) = top_ascii(ds, tags::DEIDENTIFICATION_METHOD) else { return false };
        self.methods.iter().skip(1).all(|mine| stated.split('\\').any(|v| v.trim() == mine))
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
