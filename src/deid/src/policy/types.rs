//! The policy's parts and their defaults.

use crate::pseudonym::{DateRule, IdRule, LeadingZeros};
use crate::tables::OptionColumn;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Text for people in both languages of the page.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Words {
    /// Japanese.
    pub ja: String,
    /// English.
    pub en: String,
}

/// A whole policy.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Policy {
    /// `tokumei.policy/1`.
    pub schema: Schema,
    /// Short name: lower case letters, digits and hyphens, at most 64. Required, also by what extends another.
    #[serde(default)]
    pub id: String,
    /// The policy's own version.
    #[serde(default)]
    pub version: String,
    /// Name for people.
    #[serde(default)]
    pub title: Words,
    /// What it does and does not do, for people.
    #[serde(default)]
    pub description: Words,
    /// The shipped policy that this one changes. Gone once resolved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extends: Option<String>,
    /// Options of PS3.15 E.3, by the columns of Table E.1-1.
    #[serde(default)]
    pub options: Vec<OptionColumn>,
    /// What overrides the table for one attribute.
    #[serde(default)]
    pub attributes: Vec<AttributeRule>,
    /// How descriptions are treated (PS3.15 E.3.5).
    #[serde(default)]
    pub descriptors: Descriptors,
    /// Private attributes (PS3.15 E.3.10).
    #[serde(default)]
    pub private: PrivateRule,
    /// Patients: who they are, what of them stays.
    #[serde(default)]
    pub patient: PatientRule,
    /// Other identifiers that stay joinable as codes.
    #[serde(default)]
    pub linkage: Linkage,
    /// Verdict by SOP Class UID or by category of `sop_class_phi_risk.tsv`.
    #[serde(default)]
    pub classes: BTreeMap<String, ClassRule>,
    /// Whether pixels are looked at.
    #[serde(default)]
    pub pixels: PixelRule,
    /// How faces are removed, where `pixels.face` is `check`.
    #[serde(default)]
    pub face: FaceRule,
    /// The opt-out list.
    #[serde(default)]
    pub opt_out: OptOutRule,
    /// The project's key.
    #[serde(default)]
    pub key: KeyRule,
    /// Not empty: all UIDs change to those of this generation, to issue again on purpose.
    #[serde(default)]
    pub uid_generation: String,
    /// Whether the local table of originals and pseudonyms may be saved.
    #[serde(default)]
    pub mapping: MappingRule,
    /// What a person may decide.
    #[serde(default)]
    pub review: ReviewRule,
    /// Names of destinations in the server's settings that this policy may use; empty: all of them.
    #[serde(default)]
    pub destinations: Vec<String>,
    /// Project code written to Clinical Trial Site ID (0012,0030) in place of the institution; empty: none.
    #[serde(default)]
    pub site_code: String,
    /// Sets value 1 of Image Type to DERIVED where pixels were changed.
    #[serde(default)]
    pub derived_image_type: bool,
    /// Limits; exceeding one refuses.
    #[serde(default)]
    pub limits: LimitRule,
}

/// The schema that a policy is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Schema {
    /// The one there is.
    #[serde(rename = "tokumei.policy/1")]
    V1,
}

/// One attribute treated otherwise than by the table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AttributeRule {
    /// Sequences around it from the outside in, as tags joined by `/`; `""`: top level only; `*`: at every depth.
    #[serde(default = "everywhere")]
    pub path: String,
    /// `gggg,eeee`.
    pub tag: String,
    /// What is done.
    pub action: AttributeAction,
}

fn everywhere() -> String {
    "*".to_owned()
}

/// Actions that a policy can ask for by itself; C needs a method of cleaning, which the other parts choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum AttributeAction {
    /// Remove.
    X,
    /// Empty.
    Z,
    /// Dummy.
    D,
    /// Keep.
    K,
    /// New UID.
    U,
}

/// How descriptions are treated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum Descriptors {
    /// By the table without Clean Descriptors.
    #[default]
    Remove,
}

/// Private attributes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PrivateRule {
    /// Keeps what Table E.3.10-1 lists; needs `rtn_safe_private`.
    #[serde(default)]
    pub safe: bool,
    /// Keeps these as well.
    #[serde(default)]
    pub allow: Vec<PrivateAllow>,
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
}

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

/// Other identifiers that stay joinable: each becomes a code of 16 characters instead of going.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Linkage {
    /// Accession Number (0008,0050).
    #[serde(default)]
    pub accession: bool,
    /// Study ID (0020,0010).
    #[serde(default)]
    pub study_id: bool,
    /// Device Serial Number (0018,1000).
    #[serde(default)]
    pub device: bool,
}

/// Verdict of a class, before looking at pixels. It can only be as careful as the table or more, but for `pass` of a
/// class that the table holds for review.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum ClassRule {
    /// Header rules and the pixel stages decide.
    Pass,
    /// A person decides.
    Review,
    /// It does not leave.
    Refused,
}

/// Whether pixels are looked at.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PixelRule {
    /// Burned-in text.
    #[serde(default)]
    pub text: Check,
    /// Faces.
    #[serde(default)]
    pub face: Check,
    /// Video transfer syntaxes.
    #[serde(default)]
    pub video: Video,
    /// Fixed areas of devices.
    #[serde(default)]
    pub devices: Devices,
}

/// Whether a stage decides or header rules alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Check {
    /// Classes at risk go through the stage.
    #[default]
    Check,
    /// Header rules alone decide; nothing is claimed of the pixels.
    NotChecked,
}

/// What is done with video.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum Video {
    /// Refused.
    #[default]
    Refuse,
}

/// Which fixed areas of devices are masked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum Devices {
    /// None.
    #[default]
    None,
}

/// How faces are removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FaceRule {}

/// The opt-out list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OptOutRule {
    /// Nothing runs without a list.
    #[serde(default)]
    pub required: bool,
}

/// The project's key.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KeyRule {
    /// Nothing runs with a key made for the run.
    #[serde(default)]
    pub required: bool,
    /// Key ID of the one key that this policy is for, 16 hex digits; empty: any.
    #[serde(default)]
    pub scope: String,
}

/// Whether the mapping may be saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum MappingRule {
    /// Never.
    Never,
    /// When a person asks.
    #[default]
    Ask,
}

/// What a person may decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReviewRule {
    /// Many at once.
    #[serde(default)]
    pub bulk_approve: bool,
    /// Minutes without input until the screen is covered.
    #[serde(default = "idle_minutes")]
    pub idle_minutes: u16,
}

const fn idle_minutes() -> u16 {
    10
}

impl Default for ReviewRule {
    fn default() -> Self {
        Self { bulk_approve: false, idle_minutes: idle_minutes() }
    }
}

/// Limits of one instance and of archives. Counts; bytes where the name says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct LimitRule {
    /// Sequences inside sequences.
    pub nesting: u16,
    /// Data elements and items.
    pub elements: u32,
    /// Header bytes held.
    pub header_bytes: u64,
    /// Bytes of one text value.
    pub text_value_bytes: u64,
    /// Bytes of an inflated data set.
    pub inflated_bytes: u64,
    /// Bytes of one inflated ZIP member.
    pub zip_member_bytes: u64,
    /// Inflated bytes for each byte in a ZIP.
    pub zip_ratio: u32,
    /// Members of a ZIP.
    pub zip_members: u32,
    /// Frames.
    pub frames: u32,
    /// Bytes of one decoded frame.
    pub frame_bytes: u64,
    /// Seconds without progress.
    pub seconds: u32,
    /// Seconds more for each megapixel.
    pub seconds_per_megapixel: u32,
}

impl Default for LimitRule {
    fn default() -> Self {
        Self {
            nesting: 64,
            elements: 1_000_000,
            header_bytes: 64 << 20,
            text_value_bytes: 16 << 20,
            inflated_bytes: 256 << 20,
            zip_member_bytes: 512 << 20,
            zip_ratio: 200,
            zip_members: 1_000_000,
            frames: 1_000_000,
            frame_bytes: 512 << 20,
            seconds: 60,
            seconds_per_megapixel: 1,
        }
    }
}

impl LimitRule {
    /// Those that reading needs.
    pub const fn reading(&self) -> tokumei_dicom::Limits {
        tokumei_dicom::Limits {
            nesting: self.nesting,
            elements: self.elements,
            header_bytes: self.header_bytes,
            text_value: self.text_value_bytes,
            inflated: self.inflated_bytes,
            frames: self.frames,
        }
    }
}
