//! What rules of fixed areas say of an instance: by its attributes, its matrix, and its ultrasound regions.

use crate::json::fill::{object, words};
use crate::policy::{Area, Comparison, Condition, DeviceRule};
use crate::values::{decoded, tags, top_u16};
use serde::{Deserialize, Serialize};
use tokumei_dicom::node::Encoding;
use tokumei_dicom::{DataSet, Tag, dictionary};

const REGIONS: Tag = Tag(0x0018, 0x6011);
/// Region Location Min X0, Min Y0, Max X1, Max Y1 (PS3.3 C.8.5.5): maxima are inside.
const REGION: [Tag; 4] = [Tag(0x0018, 0x6018), Tag(0x0018, 0x601A), Tag(0x0018, 0x601C), Tag(0x0018, 0x601E)];
/// More regions than any device writes.
const MOST_REGIONS: usize = 64;

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
}

words!(By { Rule: "rule", Region: "region" });
object!(Found, Pass, Self { x: 0, y: 0, w: 0, h: 0, by: By::Rule },
    needs { x: "x", y: "y", w: "w", h: "h", by: "by" } has {});

/// The areas of all rules that an instance fulfils, cut at the edges of its matrix, and whether nothing identifying
/// stands outside them.
pub(crate) fn found(rules: &[DeviceRule], ds: &DataSet) -> (Vec<Found>, bool) {
    let (mut areas, mut complete) = (Vec::new(), false);
    let (Some(columns), Some(rows)) = (top_u16(ds, tags::COLUMNS), top_u16(ds, tags::ROWS)) else {
        return (areas, complete);
    };
    let matrix = Area { x: 0, y: 0, w: u32::from(columns), h: u32::from(rows) };
    for rule in rules.iter().filter(|rule| rule.when.iter().all(|c| holds(c, ds))) {
        let outside = if rule.regions { outside_regions(ds, matrix) } else { Vec::new() };
        if rule.regions && outside.is_empty() {
            continue;
        }
        let fixed = rule.masks.iter().filter_map(|area| cut(*area, matrix)).map(|area| (area, By::Rule));
        for (Area { x, y, w, h }, by) in fixed.chain(outside.into_iter().map(|area| (area, By::Region))) {
            let area = Found { x, y, w, h, by };
            if !areas.contains(&area) {
                areas.push(area);
            }
        }
        complete |= rule.complete;
    }
    complete &= !areas.is_empty();
    (areas, complete)
}

/// The part of an area that lies in the matrix.
fn cut(area: Area, matrix: Area) -> Option<Area> {
    let w = area.w.min(matrix.w.checked_sub(area.x)?);
    let h = area.h.min(matrix.h.checked_sub(area.y)?);
    (w > 0 && h > 0).then_some(Area { w, h, ..area })
}

fn holds(condition: &Condition, ds: &DataSet) -> bool {
    let value = tag_of(&condition.tag).and_then(|tag| value(ds, tag));
    let wanted = condition.value.trim();
    let so = match (condition.is, &value) {
        (Comparison::Present, value) => value.is_some(),
        (_, None) => false,
        (Comparison::Filled, Some(text)) => !text.is_empty(),
        (Comparison::Equals, Some(text)) => {
            text.eq_ignore_ascii_case(wanted) || text.split('\\').any(|one| one.trim().eq_ignore_ascii_case(wanted))
        }
        (Comparison::Contains, Some(text)) => has_words(&text.to_ascii_lowercase(), &wanted.to_ascii_lowercase()),
    };
    so != condition.not
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

/// What lies in the matrix outside all ultrasound regions; nothing where there are no regions or they cannot be so.
fn outside_regions(ds: &DataSet, matrix: Area) -> Vec<Area> {
    let Some(sequence) = ds.find(None, REGIONS) else { return Vec::new() };
    let regions: Option<Vec<Area>> =
        ds.children(Some(sequence)).take(MOST_REGIONS + 1).map(|item| region(ds, item, matrix)).collect();
    match regions {
        Some(regions) if (1..=MOST_REGIONS).contains(&regions.len()) => outside(matrix, &regions),
        _ => Vec::new(),
    }
}

fn region(ds: &DataSet, item: u32, matrix: Area) -> Option<Area> {
    let number = |tag| {
        let index = ds.find(Some(item), tag)?;
        let bytes: [u8; 4] = ds.value(index)?.try_into().ok()?;
        let big = ds.node(index)?.encoding == Encoding::ExplicitBe;
        Some(if big { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) })
    };
    let [left, top, right, bottom] = REGION.map(number);
    let (x, y) = (left?, top?);
    let side = |from: u32, to: u32| to.checked_sub(from)?.checked_add(1);
    cut(Area { x, y, w: side(x, right?)?, h: side(y, bottom?)? }, matrix)
}

/// Bands between the edges of regions, and in each what no region covers.
fn outside(matrix: Area, regions: &[Area]) -> Vec<Area> {
    let mut edges: Vec<u32> = regions.iter().flat_map(|r| [r.y, r.y + r.h]).chain([0, matrix.h]).collect();
    tokumei_dicom::order::sort(&mut edges);
    edges.dedup();
    let mut out: Vec<Area> = Vec::new();
    for band in edges.windows(2) {
        let &[top, bottom] = band else { continue };
        let mut inside: Vec<(u32, u32)> =
            regions.iter().filter(|r| r.y <= top && bottom <= r.y + r.h).map(|r| (r.x, r.x + r.w)).collect();
        tokumei_dicom::order::sort(&mut inside);
        let mut at = 0;
        for (from, to) in inside.into_iter().chain([(matrix.w, matrix.w)]) {
            if from > at {
                push(&mut out, Area { x: at, y: top, w: from - at, h: bottom - top });
            }
            at = at.max(to);
        }
    }
    out
}

/// Adds an area, or makes one that ends where it begins longer.
fn push(out: &mut Vec<Area>, area: Area) {
    match out.iter_mut().find(|a| a.x == area.x && a.w == area.w && a.y + a.h == area.y) {
        Some(above) => above.h += area.h,
        None => out.push(area),
    }
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

    #[test]
    fn outside_is_what_no_region_covers() {
        let matrix = Area { x: 0, y: 0, w: 20, h: 16 };
        let sets: [&[Area]; 5] = [
            &[Area { x: 0, y: 0, w: 20, h: 16 }],
            &[Area { x: 3, y: 2, w: 5, h: 6 }],
            &[Area { x: 0, y: 4, w: 10, h: 12 }, Area { x: 10, y: 4, w: 10, h: 5 }],
            &[Area { x: 2, y: 2, w: 8, h: 8 }, Area { x: 6, y: 6, w: 12, h: 10 }],
            &[Area { x: 1, y: 1, w: 2, h: 14 }, Area { x: 5, y: 3, w: 2, h: 2 }, Area { x: 5, y: 7, w: 15, h: 2 }],
        ];
        let within = |a: &Area, x, y| (a.x..a.x + a.w).contains(&x) && (a.y..a.y + a.h).contains(&y);
        for regions in sets {
            let outside = outside(matrix, regions);
            for (x, y) in (0..20).flat_map(|x| (0..16).map(move |y| (x, y))) {
                let masked = outside.iter().filter(|a| within(a, x, y)).count();
                assert_eq!(masked, usize::from(!regions.iter().any(|r| within(r, x, y))), "{x} {y}");
            }
        }
    }
}
