//! What rules of fixed areas say of an instance: by its attributes, its matrix, and its ultrasound regions.

use crate::json::fill::{object, words};
use crate::json::{from_node, read};
use crate::policy::{self, Comparison, Condition, DeviceRule, PixelRule};
use crate::values::{decoded, tags, top_u16};
use serde::{Deserialize, Serialize};
use tokumei_dicom::regions::{Area, outside_regions};
use tokumei_dicom::{DataSet, Tag, dictionary};

/// An area that a rule makes black.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// Columns to the left of it.
    pub x: u32,
    /// Rows above it.
    pub y: u32,
    /// Columns in it.
    pub w: u32,
    /// Rows in it.
    pub h: u32,
    /// What found it.
    pub by: By,
}

/// What found an area.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum By {
    /// A rule of a fixed area.
    Rule,
    /// It lies outside the ultrasound regions.
    Region,
    /// A file of masks names it. The frames that it is on are not known here.
    File,
}

words!(By { Rule: "rule", Region: "region", File: "file" });
object!(Found, Pass, Self { x: 0, y: 0, w: 0, h: 0, by: By::Rule },
    needs { x: "x", y: "y", w: "w", h: "h", by: "by" } has {});

/// Rules of a policy, prepared once for many instances.
pub(crate) struct Rules(Vec<Rule>);

struct Rule {
    when: Vec<Test>,
    masks: Vec<policy::Area>,
    regions: bool,
    complete: bool,
    hold: bool,
}

/// What the rules say of an instance.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Findings {
    /// The areas of all rules that it fulfils, cut at the edges of its matrix.
    pub(crate) areas: Vec<Found>,
    /// Nothing identifying stands outside them.
    pub(crate) complete: bool,
    /// A person has to look at it.
    pub(crate) hold: bool,
}

/// A condition; `value` in small letters.
struct Test {
    tag: Tag,
    is: Comparison,
    value: String,
    not: bool,
}

impl Rules {
    /// The policy's own rules, and those of the product where it asks for them.
    pub(crate) fn new(pixels: &PixelRule) -> Self {
        let shipped = if pixels.shipped_devices { shipped() } else { Vec::new() };
        Self(pixels.devices.iter().chain(&shipped).filter_map(Rule::new).collect())
    }

    /// What all rules that an instance fulfils say together.
    pub(crate) fn found(&self, ds: &DataSet) -> Findings {
        let Findings { mut areas, mut complete, mut hold } = Findings::default();
        let (Some(columns), Some(rows)) = (top_u16(ds, tags::COLUMNS), top_u16(ds, tags::ROWS)) else {
            return Findings::default();
        };
        let (columns, rows) = (u32::from(columns), u32::from(rows));
        let mut values = Values { ds, known: Vec::new() };
        for rule in self.0.iter().filter(|rule| rule.when.iter().all(|test| values.hold(test))) {
            let outside = if rule.regions { outside_regions(ds, columns, rows) } else { Vec::new() };
            if rule.regions && outside.is_empty() {
                continue;
            }
            let fixed = rule.masks.iter().filter_map(|a| Area { x: a.x, y: a.y, w: a.w, h: a.h }.within(columns, rows));
            let fixed = fixed.map(|area| (area, By::Rule));
            for (Area { x, y, w, h }, by) in fixed.chain(outside.into_iter().map(|area| (area, By::Region))) {
                let area = Found { x, y, w, h, by };
                if !areas.contains(&area) {
                    areas.push(area);
                }
            }
            complete |= rule.complete;
            hold |= rule.hold;
        }
        complete &= !hold && !areas.is_empty();
        Findings { areas, complete, hold }
    }
}

impl Rule {
    /// `None` where a tag is none, which the check of policies refuses.
    fn new(rule: &DeviceRule) -> Option<Self> {
        let test = |c: &Condition| {
            let value = c.value.trim().to_ascii_lowercase();
            Some(Test { tag: tag_of(&c.tag)?, is: c.is, value, not: c.not })
        };
        let when = rule.when.iter().map(test).collect::<Option<_>>()?;
        Some(Self { when, masks: rule.masks.clone(), regions: rule.regions, complete: rule.complete, hold: rule.hold })
    }
}

/// Rules that come with the product (`tools/device-rules.mjs`): where devices are known to write text. None of them says
/// that nothing stands elsewhere.
pub fn shipped() -> Vec<DeviceRule> {
    let rules = include_str!("../data/devices.json");
    read(rules).ok().and_then(|node| from_node(&node).ok()).unwrap_or_default()
}

/// Values of an instance in small letters, each read once: many rules ask for the same few.
struct Values<'a> {
    ds: &'a DataSet,
    known: Vec<(Tag, Option<String>)>,
}

impl Values<'_> {
    fn hold(&mut self, asked: &Test) -> bool {
        let (value, wanted) = (self.get(asked.tag), asked.value.as_str());
        let so = match (asked.is, value) {
            (Comparison::Present, value) => value.is_some(),
            (_, None) => false,
            (Comparison::Filled, Some(text)) => !text.is_empty(),
            (Comparison::Equals, Some(text)) => text == wanted || text.split('\\').any(|one| one.trim() == wanted),
            (Comparison::Contains, Some(text)) => has_words(text, wanted),
        };
        so != asked.not
    }

    fn get(&mut self, tag: Tag) -> Option<&str> {
        let place = self.known.iter().position(|(known, _)| *known == tag).unwrap_or_else(|| {
            self.known.push((tag, value(self.ds, tag).map(|text| text.to_ascii_lowercase())));
            self.known.len() - 1
        });
        self.known.get(place)?.1.as_deref()
    }
}

/// True where the words stand in the text as they are, not within longer ones.
fn has_words(text: &str, words: &str) -> bool {
    let joins = |c: Option<char>, edge: Option<char>| {
        c.is_some_and(char::is_alphanumeric) && edge.is_some_and(char::is_alphanumeric)
    };
    text.match_indices(words).any(|(at, found)| {
        let before = text.get(..at).unwrap_or_default().chars().next_back();
        let after = text.get(at + found.len()..).unwrap_or_default().chars().next();
        !joins(before, words.chars().next()) && !joins(after, words.chars().next_back())
    })
}

fn tag_of(text: &str) -> Option<Tag> {
    let (group, element) = text.split_once(',')?;
    Some(Tag(u16::from_str_radix(group, 16).ok()?, u16::from_str_radix(element, 16).ok()?))
}

/// A value of the top level as text; numbers in digits.
fn value(ds: &DataSet, tag: Tag) -> Option<String> {
    let index = ds.find(None, tag)?;
    let vr = dictionary::vr_of(tag).unwrap_or(*b"LO");
    if &vr == b"US" {
        return top_u16(ds, tag).map(|n| n.to_string());
    }
    // What does not decode is there, but equals nothing that a rule could say.
    Some(ds.value(index).and_then(|bytes| decoded(ds, index, bytes, vr)).unwrap_or_else(|| "\u{FFFD}".to_owned()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn words_are_whole() {
        assert!(has_words("ge medical systems", "ge medical"));
        assert!(has_words("somatom definition as+", "definition as+"));
        assert!(!has_words("image systems", "ge"));
        assert!(!has_words("voluson s8", "voluson s"));
        assert!(has_words("voluson s8 voluson s", "voluson s"));
    }
}
