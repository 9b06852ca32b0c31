//! The policy's parts and their defaults.

use super::devices::{DeviceRule, SlideRule};
use super::documents::DocumentRule;
use super::limits::LimitRule;
use super::patient::PatientRule;
use super::private::PrivateRule;
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
    /// Documents that instances wrap (PS3.15 E.1.1 note 15).
    #[serde(default)]
    pub documents: DocumentRule,
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

impl Policy {
    /// What it is before it is read.
    pub(super) fn least() -> Self {
        Self {
            schema: Schema::V1,
            id: String::new(),
            version: String::new(),
            title: Words::default(),
            description: Words::default(),
            extends: None,
            options: Vec::new(),
            attributes: Vec::new(),
            descriptors: Descriptors::default(),
            private: PrivateRule::default(),
            patient: PatientRule::default(),
            linkage: Linkage::default(),
            classes: BTreeMap::new(),
            documents: DocumentRule::default(),
            pixels: PixelRule::default(),
            face: FaceRule::default(),
            opt_out: OptOutRule::default(),
            key: KeyRule::default(),
            uid_generation: String::new(),
            mapping: MappingRule::default(),
            review: ReviewRule::default(),
            destinations: Vec::new(),
            site_code: String::new(),
            derived_image_type: false,
            limits: LimitRule::default(),
        }
    }
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

/// How texts are treated that the option `clean_descriptors` names, and those that a retaining option has cleaned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum Descriptors {
    /// A text stays if every word of it is known to be harmless, else its words of body parts, modalities, techniques and
    /// findings do.
    Strict,
    /// Names, numbers, dates and places are cut out, the rest stays.
    Clean,
    /// By the table without Clean Descriptors.
    #[default]
    Remove,
}

impl AttributeRule {
    /// What it is before it is read.
    pub(super) fn least() -> Self {
        Self { path: everywhere(), tag: String::new(), action: AttributeAction::X }
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

/// Verdict of a class, before looking at pixels. It can only be as careful as the table or more, but for `pass`: of a class
/// that the table holds for review and whose content header rules cover, and of reports and graphics that were cleaned
/// though their texts are not known to be harmless.
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
    /// Pictures of a slide's label.
    #[serde(default)]
    pub slides: SlideRule,
    /// Rules of fixed areas of devices.
    #[serde(default)]
    pub devices: Vec<DeviceRule>,
    /// The rules of fixed areas that come with the product, beside those. They only draw: where text is known to stand at
    /// some preset of a device says nothing about other places.
    #[serde(default)]
    pub shipped_devices: bool,
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

/// How faces are removed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FaceRule {
    /// How much is removed. Not offered yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<String>,
    /// Whether bone is touched. Not offered yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bone: Option<String>,
}

/// The opt-out list.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OptOutRule {
    /// Nothing runs without a list.
    #[serde(default)]
    pub required: bool,
    /// Days after which a list is stale. Not offered yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_age_days: Option<u16>,
    /// First day of the notice to patients, `YYYY-MM-DD`. Not offered yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice_start: Option<String>,
    /// Days to wait after the notice. Not offered yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wait_days: Option<u16>,
}

/// The project's key.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KeyRule {
    /// Nothing runs with a key made for the run.
    #[serde(default)]
    pub required: bool,
    /// What one key spans; stands in the conformance statement.
    #[serde(default)]
    pub scope: KeyScope,
    /// Key ID of the one key that this policy is for, 16 hex digits; empty: any.
    #[serde(default)]
    pub key_id: String,
}

/// What one key spans: within it equal inputs give equal pseudonyms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum KeyScope {
    /// All hospitals of a project.
    #[default]
    Project,
    /// One hospital, whose key is made from the project's.
    Hospital,
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
