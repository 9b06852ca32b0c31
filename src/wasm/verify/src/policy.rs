//! The parts of a resolved policy that verify has to know, read by shapes of its own: verify shares no code with the
//! engine, so that one misreading cannot mislead both. A part that is missing is an error, never a default.

use serde::Deserialize;
use tokumei_verify::policy::{
    DateSteps, Descriptors, IdRule, LeadingZeros, Linkage, Override, PrivateElement, VerifyLimits, VerifyPolicy,
};

/// Column of the option Retain Safe Private (PS3.15 E.3.10).
const SAFE_PRIVATE: &str = "rtn_safe_private";

/// Encapsulated Document (0042,0011): cleaned text is searched as all text is.
const ENCAPSULATED_DOCUMENT: u32 = 0x0042_0011;

/// The parts of the document.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PolicyDocument {
    options: Vec<String>,
    attributes: Vec<Attribute>,
    descriptors: DescriptorsDocument,
    private: Private,
    documents: Documents,
    patient: Patient,
    linkage: LinkageDocument,
    uid_generation: String,
    limits: LimitsDocument,
}

#[derive(Deserialize)]
struct Attribute {
    tag: String,
    action: char,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase")]
enum DescriptorsDocument {
    Strict,
    Clean,
    Remove,
}

#[derive(Deserialize)]
struct Private {
    safe: bool,
    allow: Vec<Allow>,
}

#[derive(Deserialize)]
struct Documents {
    cda: Cda,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Cda {
    Refuse,
    Drop,
    Clean,
}

#[derive(Deserialize)]
struct Allow {
    creator: String,
    group: String,
    element: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Patient {
    namespaces: Namespaces,
    id: Id,
    age_cap: u16,
    birth_date: BirthDate,
    dates: Dates,
}

#[derive(Deserialize)]
struct Namespaces {
    default: String,
    map: Vec<Namespace>,
}

#[derive(Deserialize)]
struct Namespace {
    namespace: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Id {
    leading_zeros: Zeros,
    pad: u32,
    drop: String,
    dummies: Vec<String>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Zeros {
    Keep,
    Strip,
    Pad,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
enum BirthDate {
    Empty,
    ShiftedYear,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Dates {
    min_steps: u32,
    max_steps: u32,
    step_days: u32,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct LinkageDocument {
    accession: bool,
    study_id: bool,
    device: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct LimitsDocument {
    nesting: u16,
    elements: u32,
    header_bytes: u64,
    inflated_bytes: u64,
}

impl PolicyDocument {
    /// As verify takes it; none where a tag is no tag.
    pub fn read(self) -> Option<VerifyPolicy> {
        let Patient { namespaces, id, age_cap, birth_date, dates } = self.patient;
        let safe = self.private.safe;
        let others = namespaces.map.into_iter().map(|entry| entry.namespace);
        let mut overrides = self.attributes.iter().map(Attribute::read).collect::<Option<Vec<_>>>()?;
        if self.documents.cda == Cda::Clean {
            overrides.push(Override { tag: ENCAPSULATED_DOCUMENT, action: 'C' });
        }
        Some(VerifyPolicy {
            // The option without `private.safe` leaves only what the policy allows by name.
            options: self.options.into_iter().filter(|option| safe || option != SAFE_PRIVATE).collect(),
            overrides,
            dates: DateSteps { min_steps: dates.min_steps, max_steps: dates.max_steps, step_days: dates.step_days },
            uid_generation: self.uid_generation,
            id: id.read(),
            namespaces: others.chain([namespaces.default]).collect(),
            descriptors: self.descriptors.into(),
            private_allow: self.private.allow.into_iter().map(Allow::read).collect::<Option<_>>()?,
            birth_date_shifted: birth_date == BirthDate::ShiftedYear,
            age_cap: (age_cap > 0).then_some(age_cap),
            linkage: Linkage {
                accession: self.linkage.accession,
                study_id: self.linkage.study_id,
                device: self.linkage.device,
            },
            limits: VerifyLimits {
                nesting: self.limits.nesting,
                elements: self.limits.elements,
                header_bytes: self.limits.header_bytes,
                inflated: self.limits.inflated_bytes,
            },
        })
    }
}

impl Attribute {
    fn read(&self) -> Option<Override> {
        let (group, element) = self.tag.split_once(',')?;
        let tag = (u32::from(hex16(group)?) << 16) | u32::from(hex16(element)?);
        Some(Override { tag, action: self.action })
    }
}

impl Allow {
    fn read(self) -> Option<PrivateElement> {
        let element = u8::try_from(hex16(&self.element)?).ok()?;
        Some(PrivateElement { creator: self.creator, group: hex16(&self.group)?, element })
    }
}

impl Id {
    fn read(self) -> IdRule {
        let leading_zeros = match self.leading_zeros {
            Zeros::Keep => LeadingZeros::Keep,
            Zeros::Strip => LeadingZeros::Strip,
            Zeros::Pad => LeadingZeros::Pad,
        };
        IdRule { leading_zeros, pad: self.pad, drop: self.drop, dummies: self.dummies }
    }
}

impl From<DescriptorsDocument> for Descriptors {
    fn from(descriptors: DescriptorsDocument) -> Self {
        match descriptors {
            DescriptorsDocument::Strict => Self::Strict,
            DescriptorsDocument::Clean => Self::Clean,
            DescriptorsDocument::Remove => Self::Remove,
        }
    }
}

fn hex16(text: &str) -> Option<u16> {
    u16::from_str_radix(text, 16).ok()
}
