//! What an instance says about people and places, from every depth: the facts that its text is cleaned by. Only the
//! instance itself is asked, so its bytes depend on nothing else.

use crate::text::Facts;
use crate::values::before_nul;
use std::collections::BTreeSet;
use tokumei_dicom::node::{Node, NodeKind};
use tokumei_dicom::{DataSet, Limits, Tag, dictionary, read, value};

/// More values than any honest header holds.
const VALUES_MAX: usize = 4_096;
/// Sequences written as bytes inside each other.
const DEPTH_MAX: usize = 8;

/// What a value says.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Name,
    Id,
    Birth,
    Address,
    Number,
    Occupation,
    Place,
    Department,
}

/// Values by what they say.
pub(super) type Values = BTreeSet<(Kind, String)>;

/// Facts, and whether all of them could be read.
#[derive(Default)]
pub(crate) struct Found {
    pub(crate) facts: Facts,
    pub(crate) whole: bool,
}

/// Collects, with what a document says beside. `None`: more than can be searched for in every text.
pub(crate) fn facts(ds: &DataSet, limits: &Limits, mut found: Values) -> Option<Found> {
    let mut whole = gather(ds, &mut found)?;
    let mut open: Vec<(usize, DataSet)> = nested(ds, limits).map(|inner| (1, inner)).collect();
    while let Some((depth, inner)) = open.pop() {
        whole &= gather(&inner, &mut found)?;
        if depth < DEPTH_MAX {
            open.extend(nested(&inner, limits).map(|inner| (depth + 1, inner)));
        }
    }
    let mut facts = Facts::default();
    for (kind, text) in found {
        let list = match kind {
            Kind::Name => &mut facts.names,
            Kind::Id => &mut facts.ids,
            Kind::Birth => &mut facts.birth_dates,
            Kind::Address => &mut facts.addresses,
            Kind::Number => &mut facts.numbers,
            Kind::Occupation => &mut facts.occupations,
            Kind::Place => &mut facts.places,
            Kind::Department => &mut facts.departments,
        };
        list.push(text);
    }
    Some(Found { facts, whole })
}

/// Sequences that were written as UN of defined length (PS3.5 6.2.2).
fn nested<'a>(ds: &'a DataSet, limits: &'a Limits) -> impl Iterator<Item = DataSet> + 'a {
    let is_sequence = |node: &Node| node.kind == NodeKind::Element && &node.vr == b"UN" && node.len > 0;
    let indices = (0u32..).zip(ds.nodes()).filter(move |(_, node)| is_sequence(node));
    let known = indices.filter(|(_, node)| dictionary::vr_of(node.tag) == Some(*b"SQ"));
    known.filter_map(|(index, _)| read::items_in_value(ds.value(index)?, limits).ok())
}

/// Adds what one data set says; yields whether all of it could be read.
fn gather(ds: &DataSet, found: &mut Values) -> Option<bool> {
    let mut whole = true;
    for (index, node) in (0u32..).zip(ds.nodes()).filter(|(_, n)| n.kind == NodeKind::Element && n.len > 0) {
        let Some((kind, vr)) = kind_of(node) else { continue };
        let Some(bytes) = ds.value(index) else { continue };
        let bytes = before_nul(bytes).0;
        match ds.charset(index).read(bytes, vr, ds.evidence()) {
            Ok(text) => add(found, kind, text.as_str()),
            Err(unreadable) => {
                whole = false;
                if let Some(text) = unreadable.partial() {
                    text.as_str().split('\u{FFFD}').for_each(|part| add(found, kind, part));
                }
            }
        }
        if found.len() > VALUES_MAX {
            return None;
        }
    }
    Some(whole)
}

pub(super) fn add(found: &mut Values, kind: Kind, text: &str) {
    let text = value::trim(text);
    if !text.is_empty() {
        found.insert((kind, text.to_owned()));
    }
}

/// What an element says and the VR to read it by: every person name, private ones too, and the attributes below.
fn kind_of(node: &Node) -> Option<(Kind, [u8; 2])> {
    let vr = if &node.vr == b"UN" { dictionary::vr_of(node.tag)? } else { node.vr };
    if &vr == b"PN" {
        return Some((Kind::Name, vr));
    }
    let place = KINDS.binary_search_by_key(&node.tag, |k| k.0).ok()?;
    let kind = KINDS.get(place)?.1;
    value::is_text(vr).then_some((kind, vr))
}

/// Attributes whose values identify, sorted.
static KINDS: [(Tag, Kind); 91] = [
    (Tag(0x0008, 0x0050), Kind::Id),
    (Tag(0x0008, 0x0054), Kind::Place),
    (Tag(0x0008, 0x0055), Kind::Place),
    (Tag(0x0008, 0x0080), Kind::Place),
    (Tag(0x0008, 0x0081), Kind::Address),
    (Tag(0x0008, 0x0092), Kind::Address),
    (Tag(0x0008, 0x0094), Kind::Number),
    (Tag(0x0008, 0x1000), Kind::Place),
    (Tag(0x0008, 0x1010), Kind::Place),
    (Tag(0x0008, 0x1040), Kind::Department),
    (Tag(0x0010, 0x0020), Kind::Id),
    (Tag(0x0010, 0x0021), Kind::Place),
    (Tag(0x0010, 0x0030), Kind::Birth),
    (Tag(0x0010, 0x0033), Kind::Birth),
    (Tag(0x0010, 0x1000), Kind::Id),
    (Tag(0x0010, 0x1040), Kind::Address),
    (Tag(0x0010, 0x1050), Kind::Id),
    (Tag(0x0010, 0x1090), Kind::Id),
    (Tag(0x0010, 0x2154), Kind::Number),
    (Tag(0x0010, 0x2155), Kind::Number),
    (Tag(0x0010, 0x2180), Kind::Occupation),
    (Tag(0x0010, 0x2299), Kind::Place),
    (Tag(0x0012, 0x0030), Kind::Place),
    (Tag(0x0012, 0x0031), Kind::Place),
    (Tag(0x0012, 0x0040), Kind::Id),
    (Tag(0x0012, 0x0042), Kind::Id),
    (Tag(0x0012, 0x0060), Kind::Place),
    (Tag(0x0012, 0x0081), Kind::Place),
    (Tag(0x0012, 0x0082), Kind::Id),
    (Tag(0x0016, 0x0051), Kind::Id),
    (Tag(0x0018, 0x1000), Kind::Id),
    (Tag(0x0018, 0x1004), Kind::Id),
    (Tag(0x0018, 0x1005), Kind::Id),
    (Tag(0x0018, 0x1007), Kind::Id),
    (Tag(0x0018, 0x1008), Kind::Id),
    (Tag(0x0018, 0x1009), Kind::Id),
    (Tag(0x0018, 0x1010), Kind::Id),
    (Tag(0x0018, 0x1011), Kind::Id),
    (Tag(0x0018, 0x700A), Kind::Id),
    (Tag(0x0018, 0x9367), Kind::Id),
    (Tag(0x0018, 0x9371), Kind::Id),
    (Tag(0x0020, 0x0010), Kind::Id),
    (Tag(0x0032, 0x0012), Kind::Place),
    (Tag(0x0032, 0x1020), Kind::Place),
    (Tag(0x0032, 0x1021), Kind::Place),
    (Tag(0x0032, 0x1033), Kind::Department),
    (Tag(0x0038, 0x0010), Kind::Id),
    (Tag(0x0038, 0x0011), Kind::Place),
    (Tag(0x0038, 0x001E), Kind::Place),
    (Tag(0x0038, 0x0060), Kind::Id),
    (Tag(0x0038, 0x0061), Kind::Place),
    (Tag(0x0038, 0x0300), Kind::Place),
    (Tag(0x0038, 0x0400), Kind::Place),
    (Tag(0x0040, 0x0001), Kind::Place),
    (Tag(0x0040, 0x0009), Kind::Id),
    (Tag(0x0040, 0x0010), Kind::Place),
    (Tag(0x0040, 0x0011), Kind::Place),
    (Tag(0x0040, 0x0241), Kind::Place),
    (Tag(0x0040, 0x0242), Kind::Place),
    (Tag(0x0040, 0x0243), Kind::Place),
    (Tag(0x0040, 0x0253), Kind::Id),
    (Tag(0x0040, 0x050A), Kind::Id),
    (Tag(0x0040, 0x0512), Kind::Id),
    (Tag(0x0040, 0x0551), Kind::Id),
    (Tag(0x0040, 0x06FA), Kind::Id),
    (Tag(0x0040, 0x1001), Kind::Id),
    (Tag(0x0040, 0x1005), Kind::Place),
    (Tag(0x0040, 0x1102), Kind::Address),
    (Tag(0x0040, 0x1103), Kind::Number),
    (Tag(0x0040, 0x1104), Kind::Number),
    (Tag(0x0040, 0x2009), Kind::Place),
    (Tag(0x0040, 0x2010), Kind::Number),
    (Tag(0x0040, 0x2011), Kind::Number),
    (Tag(0x0040, 0x2016), Kind::Id),
    (Tag(0x0040, 0x2017), Kind::Id),
    (Tag(0x0040, 0x4036), Kind::Place),
    (Tag(0x0040, 0xA027), Kind::Place),
    (Tag(0x0050, 0x001B), Kind::Id),
    (Tag(0x0074, 0x1234), Kind::Place),
    (Tag(0x0074, 0x1236), Kind::Place),
    (Tag(0x2100, 0x0070), Kind::Place),
    (Tag(0x2100, 0x0140), Kind::Place),
    (Tag(0x2200, 0x0005), Kind::Id),
    (Tag(0x3002, 0x0020), Kind::Place),
    (Tag(0x3008, 0x0105), Kind::Id),
    (Tag(0x300A, 0x00B2), Kind::Place),
    (Tag(0x3010, 0x001B), Kind::Id),
    (Tag(0x3010, 0x0043), Kind::Id),
    (Tag(0x4008, 0x0040), Kind::Id),
    (Tag(0x4008, 0x011A), Kind::Place),
    (Tag(0x4008, 0x0200), Kind::Id),
];

#[cfg(test)]
mod tests {
    use super::KINDS;

    #[test]
    fn kinds_are_sorted() {
        assert!(KINDS.is_sorted_by(|a, b| a.0 < b.0));
    }
}
