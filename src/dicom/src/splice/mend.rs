//! Lengths and delimiters that contradict what they enclose, settled when a file is written anew.

use super::encode;
use crate::node::{Encoding, Node, NodeKind};
use crate::quirks::Quirk;
use crate::{DataSet, Tag};

const DELIMITER: u64 = 8;

/// True when reading met something to mend.
pub(super) fn is_due(ds: &DataSet) -> bool {
    [Quirk::MissingDelimiter, Quirk::OpenAtEnd, Quirk::SequenceLength, Quirk::StrayDelimiter]
        .iter()
        .any(|&q| ds.quirks.has(q))
}

/// True for a sequence or item without its delimiter, with one too many, or with a length that lies.
pub(super) fn is_broken(ds: &DataSet, node: &Node) -> bool {
    if !matches!(node.kind, NodeKind::Sequence | NodeKind::Item) || node.header == node.value {
        return false;
    }
    let tail = node.end - (node.value + node.len);
    if node.undefined_length { tail != DELIMITER } else { tail != 0 || stated(ds, node) != Some(node.len) }
}

/// True for an element with a delimiter behind it that belongs to nothing.
pub(super) fn has_stray_tail(node: &Node) -> bool {
    node.end - (node.value + node.len) >= DELIMITER
}

/// The delimiter that an item or sequence of undefined length lacks.
pub(super) fn delimiter(node: &Node) -> Vec<u8> {
    let tag = if node.kind == NodeKind::Item { Tag::ITEM_DELIMITATION } else { Tag::SEQUENCE_DELIMITATION };
    let mut out = Vec::new();
    encode::item(&mut out, tag, 0, node.encoding);
    out
}

/// The length in a header.
fn stated(ds: &DataSet, node: &Node) -> Option<u64> {
    let field = ds.held.get(node.value.checked_sub(4)?, 4)?.try_into().ok()?;
    let len = if node.encoding == Encoding::ExplicitBe { u32::from_be_bytes(field) } else { u32::from_le_bytes(field) };
    Some(u64::from(len))
}
