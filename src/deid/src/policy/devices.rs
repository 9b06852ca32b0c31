//! Fixed areas of devices, where a preset of a device writes text into its pictures, and pictures of slides' labels.

use super::documents::Wrapped;
use super::error::Fault;
use super::validate::parse_tag;
use crate::json::fill::{object, words};
use serde::{Deserialize, Serialize};

/// Rules, conditions and areas of one policy.
const MAX_RULES: usize = 2_000;
const MAX_PARTS: usize = 64;
/// Rows and Columns are US.
const MAX_SIDE: u32 = 65_535;
/// Modality, maker, model: without them a rule says nothing about a device.
const DEVICE: [&str; 3] = ["0008,0060", "0008,0070", "0008,1090"];
/// Rows and Columns: areas are those of one matrix.
const MATRIX: [&str; 2] = ["0028,0010", "0028,0011"];

/// A rule of fixed areas. All rules that an instance fulfils apply together, to all its frames.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DeviceRule {
    /// Name for people.
    pub name: String,
    /// What an instance must fulfil, all of it.
    pub when: Vec<Condition>,
    /// What is made black. What lies outside the matrix is left out.
    #[serde(default)]
    pub masks: Vec<Area>,
    /// Everything outside the Sequence of Ultrasound Regions (0018,6011) is made black. An instance without regions does
    /// not fulfil the rule.
    #[serde(default)]
    pub regions: bool,
    /// The author has looked at this device's pictures: nothing that identifies stands outside these areas, so that an
    /// instance leaves without a person. Needs equal modality, maker and model, with `masks` equal Rows and Columns too.
    /// Else the areas are black, and the instance is held as it would be without.
    #[serde(default)]
    pub complete: bool,
    /// A person looks at every instance that fulfils the rule, also where the policy checks no text; no rule that is
    /// `complete` overrules it. It needs no areas; those that it has are drawn.
    #[serde(default)]
    pub hold: bool,
}

/// One condition of a rule, on an attribute of the top level.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Condition {
    /// `gggg,eeee`.
    pub tag: String,
    /// How it is compared.
    #[serde(default)]
    pub is: Comparison,
    /// With what; letters of both cases are alike.
    #[serde(default)]
    pub value: String,
    /// It must not be so.
    #[serde(default)]
    pub not: bool,
}

/// How an attribute is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum Comparison {
    /// The whole value, or one of several.
    #[default]
    Equals,
    /// Whole words of the value.
    Contains,
    /// The attribute is there and has a value.
    Filled,
    /// The attribute is there.
    Present,
}

/// A rectangle in pixels of the stored matrix, from its upper left corner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Area {
    /// Columns to the left of it.
    pub x: u32,
    /// Rows above it.
    pub y: u32,
    /// Columns in it.
    pub w: u32,
    /// Rows in it.
    pub h: u32,
}

/// Pictures that show the label of a whole slide (PS3.3 C.8.12.4.1.1). None leaves without a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SlideRule {
    /// LABEL: the label itself.
    #[serde(default)]
    pub label: Wrapped,
    /// OVERVIEW: the whole slide with its label.
    #[serde(default)]
    pub overview: Overview,
}

/// What is done with the overview of a slide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum Overview {
    /// A person decides, and masks the label.
    #[default]
    Review,
    /// It is refused, and somebody is told.
    Refuse,
    /// It is left out on purpose: skipped and counted, nobody has to do anything.
    Drop,
}

impl DeviceRule {
    fn least() -> Self {
        Self { name: String::new(), when: Vec::new(), masks: Vec::new(), regions: false, complete: false, hold: false }
    }
}

impl Condition {
    fn least() -> Self {
        Self { tag: String::new(), is: Comparison::Equals, value: String::new(), not: false }
    }
}

object!(DeviceRule, Fault, Self::least(), needs { name: "name", when: "when" } has {
    masks: "masks", regions: "regions", complete: "complete", hold: "hold",
});
object!(Condition, Fault, Self::least(), needs { tag: "tag" } has { is: "is", value: "value", not: "not" });
object!(Area, Fault, Self::default(), needs { x: "x", y: "y", w: "w", h: "h" } has {});
object!(SlideRule, Fault, Self::default(), needs {} has { label: "label", overview: "overview" });
words!(Overview { Review: "review", Refuse: "refuse", Drop: "drop" });
words!(Comparison { Equals: "equals", Contains: "contains", Filled: "filled", Present: "present" });

/// Checks the rules of a policy.
pub(super) fn check(rules: &[DeviceRule]) -> Result<(), Fault> {
    let whole = ["pixels", "devices"];
    ensure(rules.len() <= MAX_RULES, &whole, "expected at most 2,000 rules")?;
    rules.iter().try_for_each(rule)
}

fn rule(rule: &DeviceRule) -> Result<(), Fault> {
    let keys = ["pixels", "devices", rule.name.as_str()];
    let named = (1..=100).contains(&rule.name.chars().count()) && !rule.name.chars().any(char::is_control);
    ensure(named, &keys, "name: expected 1 to 100 characters")?;
    ensure((1..=MAX_PARTS).contains(&rule.when.len()), &keys, "when: expected 1 to 64 conditions")?;
    ensure(rule.regions || rule.hold || !rule.masks.is_empty(), &keys, "expected masks, regions or hold")?;
    ensure(!(rule.hold && rule.complete), &keys, "hold: expected without complete")?;
    ensure(rule.masks.len() <= MAX_PARTS, &keys, "masks: expected at most 64")?;
    let fits = |a: &Area| a.w > 0 && a.h > 0 && [a.x, a.y, a.w, a.h].iter().all(|n| *n <= MAX_SIDE);
    ensure(rule.masks.iter().all(fits), &keys, "masks: expected 1 to 65535 pixels from 0 to 65535")?;
    for condition in &rule.when {
        ensure(parse_tag(&condition.tag).is_some(), &keys, "tag: expected gggg,eeee with hexadecimal digits")?;
        let compares = matches!(condition.is, Comparison::Equals | Comparison::Contains);
        let length = condition.value.chars().count();
        let filled = if compares { (1..=256).contains(&length) } else { length == 0 };
        ensure(filled, &keys, "value: expected 1 to 256 characters with equals and contains, else none")?;
    }
    let equal =
        |tag: &&str| rule.when.iter().any(|c| c.tag.eq_ignore_ascii_case(tag) && c.is == Comparison::Equals && !c.not);
    let matrix = rule.masks.is_empty() || MATRIX.iter().all(equal);
    let known = !rule.complete || (DEVICE.iter().all(equal) && matrix);
    ensure(
        known,
        &keys,
        "complete: needs equals on 0008,0060, 0008,0070, 0008,1090, with masks on 0028,0010, 0028,0011",
    )
}

fn ensure(holds: bool, keys: &[&str], message: &str) -> Result<(), Fault> {
    if holds { Ok(()) } else { Err(Fault::new(keys, message)) }
}
