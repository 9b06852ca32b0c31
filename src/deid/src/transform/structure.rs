//! What the removal of attributes leaves of the structure: no item that was filled is left empty, no sequence without
//! items, no private creator without a block (PS3.5 7.4.5, 7.8.1).

use super::walk::Walked;
use tokumei_dicom::node::NodeKind;
use tokumei_dicom::{DataSet, Edit, Tag};

/// Items of functional groups may hold no macro; the number of items is the number of frames (PS3.3 C.7.6.16.1).
const fn may_be_empty(sequence: Tag) -> bool {
    matches!(sequence, Tag(0x5200, 0x9229 | 0x9230) | Tag(0x0006, 0x0001))
}

/// Drops what became empty, from the inside out.
#[inline(never)]
pub(crate) fn prune(ds: &DataSet, walked: &mut Walked) {
    let nodes = ds.nodes();
    let mut kept = vec![0u32; nodes.len()];
    let mut edits = walked.edits.iter().rev().peekable();
    let mut empty_ones = Vec::new();
    for (at, node) in nodes.iter().enumerate().rev() {
        let Ok(index) = u32::try_from(at) else { continue };
        // Both go from the end: looking each node up costs more than the rest.
        let edit = edits.next_if(|edit| edit.0 == index).map(|edit| edit.1);
        if matches!(edit, Some(Edit::Drop)) {
            continue;
        }
        let replaced = edit.is_some();
        let filled = node.next > index.saturating_add(1);
        let empty = kept.get(at) == Some(&0);
        let of = node.parent.and_then(|p| nodes.get(p as usize)).map(|s| s.tag);
        let emptied = match node.kind {
            NodeKind::Item => filled && empty && !of.is_some_and(may_be_empty),
            NodeKind::Sequence => filled && empty && !replaced,
            _ => false,
        };
        if emptied && !walked.is_inside_replaced(index) {
            empty_ones.push(index);
            continue;
        }
        if let Some(count) = node.parent.and_then(|p| kept.get_mut(p as usize)) {
            *count = count.saturating_add(1);
        }
    }
    drop(edits);
    for index in empty_ones {
        walked.edits.set(index, Edit::Drop);
    }
}
