//! Content trees built for tests.
#![allow(dead_code, clippy::unwrap_used)]

use crate::common::{Item, instance, sequence, text};
use tokumei_dicom::node::NodeKind;
use tokumei_dicom::{DataSet, Tag};

pub type Content = Vec<Item>;

/// A code item.
pub fn code(value: &str, scheme: &str, meaning: &str) -> Content {
    vec![text((8, 0x100), b"SH", value), text((8, 0x102), b"SH", scheme), text((8, 0x104), b"LO", meaning)]
}

/// A content item by a concept.
pub fn item(value_type: &str, concept: Content, value: Vec<Item>) -> Content {
    let mut all = vec![
        text((0x40, 0xA010), b"CS", "CONTAINS"),
        text((0x40, 0xA040), b"CS", value_type),
        sequence((0x40, 0xA043), vec![concept]),
    ];
    all.extend(value);
    all
}

/// A content item by a code of DCM.
pub fn content(value_type: &str, concept: &str, value: Vec<Item>) -> Content {
    item(value_type, code(concept, "DCM", "Concept"), value)
}

/// The value of a content item that is one element.
pub fn value(value_type: &str, value: &str) -> Item {
    let (element, vr) = match value_type {
        "TEXT" => (0xA160, b"UT"),
        "PNAME" => (0xA123, b"PN"),
        "UIDREF" => (0xA124, b"UI"),
        "DATE" => (0xA121, b"DA"),
        "TIME" => (0xA122, b"TM"),
        _ => (0xA120, b"DT"),
    };
    text((0x40, element), vr, value)
}

/// The value of a number with its unit (UCUM).
pub fn measured(number: &str, unit: &str) -> Item {
    let value = vec![sequence((0x40, 0x08EA), vec![code(unit, "UCUM", unit)]), text((0x40, 0xA30A), b"DS", number)];
    sequence((0x40, 0xA300), vec![value])
}

/// A document with these items below its root.
pub fn document(class: &str, items: Vec<Content>) -> Content {
    let mut more = vec![
        text((8, 0x60), b"CS", "SR"),
        text((0x40, 0xA040), b"CS", "CONTAINER"),
        sequence((0x40, 0xA043), vec![code("113701", "DCM", "X-Ray Radiation Dose Report")]),
        text((0x40, 0xA050), b"CS", "SEPARATE"),
    ];
    if !items.is_empty() {
        more.push(sequence((0x40, 0xA730), items));
    }
    instance(class, more)
}

/// Depth, relationship and value type of every content item, in order.
pub fn shape(ds: &DataSet) -> Vec<(u16, Option<String>, Option<String>)> {
    let mut out = Vec::new();
    for (index, node) in (0u32..).zip(ds.nodes()) {
        let of = node.parent.and_then(|p| ds.node(p)).map(|s| s.tag);
        if node.kind == NodeKind::Item && of == Some(Tag(0x40, 0xA730)) {
            let term = |element| ds.find(Some(index), Tag(0x40, element)).and_then(|i| ds.text(i));
            out.push((node.depth, term(0xA010), term(0xA040)));
        }
    }
    out
}
