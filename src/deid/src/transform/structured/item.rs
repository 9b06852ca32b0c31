//! What a content item says of itself, read once for all of its attributes.

use super::super::context::{Context, Place};
use crate::tables::content_items::{self, Group, ValueType};
use std::rc::Rc;
use tokumei_dicom::{DataSet, Tag};

const CONCEPT_NAME: Tag = Tag(0x0040, 0xA043);
const UNITS: Tag = Tag(0x0040, 0x08EA);
const CODE_VALUE: Tag = Tag(0x0008, 0x0100);
const SCHEME: Tag = Tag(0x0008, 0x0102);
const LONG_CODE_VALUE: Tag = Tag(0x0008, 0x0119);

/// Concepts that need more than their row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Concept {
    Other,
    /// Subject Name: the patient's.
    SubjectName,
    /// An age.
    Age,
    /// Tracking Identifier: which object a measurement is of, beside its Tracking Unique Identifier.
    Tracking,
    /// Maker, model or version of a device or an algorithm, which the table does not name: as Manufacturer (0008,0070) and
    /// its like, which are technical texts.
    Equipment,
}

/// Facts of one content item.
#[derive(Clone)]
pub(super) struct Facts {
    pub(super) concept: Concept,
    name: Option<Rc<(String, String)>>,
}

impl Facts {
    /// Its row of Table E.3.4-1.
    pub(super) fn row(&self, value_type: ValueType) -> Option<&'static Group> {
        let (scheme, code) = self.name.as_deref()?;
        content_items::find(scheme, code, value_type)
    }
}

/// How many of the units of a Numeric Value (UCUM) make a year; 1 where they are none of time.
pub(super) fn units_in_a_year(context: &Context, place: &Place) -> u32 {
    match code(context, place.parent, UNITS).map(|(_, code)| code).as_deref() {
        Some("mo") => 12,
        Some("wk") => 52,
        Some("d") => 365,
        _ => 1,
    }
}

/// Content items around the place, from the outside in.
#[derive(Default)]
pub(crate) struct Items {
    open: Vec<(Option<u32>, u32, Facts)>,
}

impl Items {
    /// Of the content item around an attribute; of a Numeric Value the one around its Measured Value Sequence.
    pub(super) fn facts(context: &mut Context, place: &Place) -> Facts {
        let item = match place.path.last() {
            Some(&super::MEASURED_VALUE) => outer(context.ds, place.parent),
            _ => place.parent,
        };
        let open = &mut context.items.open;
        while open.last().is_some_and(|o| o.1 <= place.index) {
            open.pop();
        }
        if let Some(known) = open.last().filter(|o| o.0 == item) {
            return known.2.clone();
        }
        let name = code(context, item, CONCEPT_NAME);
        let facts = Facts { concept: concept(name.as_ref()), name: name.map(Rc::new) };
        let end = item.map_or(u32::MAX, |i| context.ds.node(i).map_or(0, |n| n.next));
        context.items.open.push((item, end, facts.clone()));
        facts
    }
}

/// The item around the sequence that an item is in.
fn outer(ds: &DataSet, item: Option<u32>) -> Option<u32> {
    let sequence = ds.node(item?)?.parent?;
    ds.node(sequence)?.parent
}

/// Scheme and code of the first item of a code sequence.
fn code(context: &Context, parent: Option<u32>, sequence: Tag) -> Option<(String, String)> {
    let sequence = context.ds.find(parent, sequence)?;
    let item = context.ds.children(Some(sequence)).next();
    let text = |tag| context.ds.find(item, tag).and_then(|i| context.text(i, *b"SH"));
    Some((text(SCHEME)?, text(CODE_VALUE).or_else(|| text(LONG_CODE_VALUE))?))
}

fn concept(name: Option<&(String, String)>) -> Concept {
    let Some((scheme, code)) = name else { return Concept::Other };
    match (scheme.as_str(), code.as_str()) {
        ("DCM", "121029") => Concept::SubjectName,
        ("DCM", "112039") => Concept::Tracking,
        // Subject Age; Age; Age calculated; Current chronological age.
        ("DCM", "121033") | ("LN", "30525-0" | "29553-5") | ("SCT", "397669002" | "424144002") => Concept::Age,
        // Device Observer, Device Subject, Device; Algorithm Name and Version.
        ("DCM", "121014" | "121015" | "121194" | "121195" | "113878" | "113879" | "111001" | "111003") => {
            Concept::Equipment
        }
        _ => Concept::Other,
    }
}
