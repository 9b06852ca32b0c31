//! What the policy allows, as far as this second opinion has to know it.

/// The parts of a policy that decide what may leave. Filled from the policy's JSON by the caller.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct VerifyPolicy {
    /// Chosen columns of Table E.1-1 by their names in the project's data (`rtn_uids`, `clean_descriptors`, …).
    pub options: Vec<String>,
    /// Actions that the policy sets for single attributes, at whatever path.
    pub overrides: Vec<Override>,
    /// What happens to dates when their option is "modified".
    pub dates: DateSteps,
    /// The policy's `uidGeneration`.
    pub uid_generation: String,
    /// How a Patient ID becomes canonical.
    pub id: IdRule,
    /// Other namespaces of the policy that the patient's may be.
    pub namespaces: Vec<String>,
    /// How text that the option Clean Descriptors names is treated.
    pub descriptors: Descriptors,
    /// Private elements that the policy allows beyond Table E.3.10-1.
    pub private_allow: Vec<PrivateElement>,
    /// Patient's Birth Date may stand as its shifted date.
    pub birth_date_shifted: bool,
    /// Ages above become this one, in years.
    pub age_cap: Option<u16>,
    /// Identifiers that are replaced by a code.
    pub linkage: Linkage,
    /// Bounds of the work.
    pub limits: VerifyLimits,
}

/// The action of one attribute by policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Override {
    /// Its tag, group in the upper half.
    pub tag: u32,
    /// X, Z, D, U, C or K.
    pub action: char,
}

/// One shift per patient: `-step_days * (min_steps..=max_steps)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DateSteps {
    /// Fewest steps.
    pub min_steps: u32,
    /// Most steps.
    pub max_steps: u32,
    /// Days of a step.
    pub step_days: u32,
}

impl Default for DateSteps {
    fn default() -> Self {
        Self { min_steps: 52, max_steps: 521, step_days: 7 }
    }
}

/// The rule of canonical IDs (design 6).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct IdRule {
    /// What happens to zeros before an all-digit ID.
    pub leading_zeros: LeadingZeros,
    /// Digits for [`LeadingZeros::Pad`].
    pub pad: u32,
    /// Characters without meaning.
    pub drop: String,
    /// IDs that stand for no ID.
    pub dummies: Vec<String>,
}

/// Zeros before an all-digit ID.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LeadingZeros {
    /// They count.
    #[default]
    Keep,
    /// They go.
    Strip,
    /// They go, then come to a fixed width.
    Pad,
}

/// Treatment of descriptive text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Descriptors {
    /// Only known harmless words stay.
    Strict,
    /// Names, IDs and dates are cut out.
    Clean,
    /// It goes.
    #[default]
    Remove,
}

/// A private element by its creator (PS3.5 7.8.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrivateElement {
    /// Text of the private creator.
    pub creator: String,
    /// Group number.
    pub group: u16,
    /// Last two hex digits of the element number.
    pub element: u8,
}

/// Identifiers that stay joinable by a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Linkage {
    /// Accession Number.
    pub accession: bool,
    /// Study ID.
    pub study_id: bool,
    /// Device Serial Number.
    pub device: bool,
}

/// Bounds of the work on one instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VerifyLimits {
    /// Sequences inside sequences.
    pub nesting: u16,
    /// Elements and items.
    pub elements: u32,
    /// Header bytes held.
    pub header_bytes: u64,
    /// Bytes of an inflated data set.
    pub inflated: u64,
}

impl Default for VerifyLimits {
    fn default() -> Self {
        Self { nesting: 64, elements: 1_000_000, header_bytes: 64 << 20, inflated: 256 << 20 }
    }
}

impl VerifyPolicy {
    /// True when the column of Table E.1-1 is chosen.
    pub fn has(&self, option: &str) -> bool {
        self.options.iter().any(|o| o == option)
    }
}
