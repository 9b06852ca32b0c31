//! Attributes that may stand only beside another one: when that is gone they go too (conditions of Type 1C in PS3.3).

use super::action::Letter;
use super::walk::{Step, Walked};
use crate::tables::RuleSource;
use tokumei_dicom::{DataSet, Edit, Tag, order};

/// An attribute and those of which one must stand beside it.
const PAIRS: [(Tag, &[Tag]); 4] = [
    // Patient's Alternative Calendar, for the alternative birth and death dates (PS3.3 C.7.1.1).
    (Tag(0x0010, 0x0035), &[Tag(0x0010, 0x0033), Tag(0x0010, 0x0034)]),
    // Responsible Person Role (PS3.3 C.7.1.1).
    (Tag(0x0010, 0x2298), &[Tag(0x0010, 0x2297)]),
    // Clinical Trial Protocol Ethics Committee Name, for the approval number (PS3.3 C.7.1.3).
    (Tag(0x0012, 0x0081), &[Tag(0x0012, 0x0082)]),
    // Font Name Type, of a text style (PS3.3 C.10.5).
    (FONT_NAME_TYPE, &[Tag(0x0070, 0x0227)]),
];

const FONT_NAME_TYPE: Tag = Tag(0x0070, 0x0228);
const TEXT_STYLE: Tag = Tag(0x0070, 0x0231);

/// Drops what lost its partner. What had none before stays: it is no less valid than it was.
#[inline(never)]
pub(crate) fn drop_widowed(ds: &DataSet, walked: &mut Walked) {
    let mut widowed = Vec::new();
    for (index, node) in (0u32..).zip(ds.nodes()) {
        let Some((_, partners)) = PAIRS.iter().find(|(tag, _)| *tag == node.tag) else { continue };
        if node.tag == FONT_NAME_TYPE && !is_in(ds, node.parent, TEXT_STYLE) {
            continue;
        }
        let beside = partners.iter().filter_map(|&tag| ds.find(node.parent, tag));
        let (mut had, mut left) = (false, false);
        for partner in beside {
            had = true;
            left |= !is_gone(walked, partner);
        }
        if had && !left && !is_gone(walked, index) {
            widowed.push(index);
        }
    }
    for index in widowed {
        walked.edits.set(index, Edit::Drop);
        walked.steps.push(Step { index, letter: Letter::X, rule: RuleSource::IodType });
    }
    order::sort_by_key(&mut walked.steps, |s| s.index);
}

/// True for what stands in an item of the sequence.
fn is_in(ds: &DataSet, item: Option<u32>, sequence: Tag) -> bool {
    let around = item.and_then(|item| ds.node(item)?.parent);
    around.and_then(|index| ds.node(index)).is_some_and(|node| node.tag == sequence)
}

fn is_gone(walked: &Walked, index: u32) -> bool {
    match walked.edits.get(index) {
        Some(Edit::Drop) => true,
        Some(Edit::Value(bytes)) => bytes.is_empty(),
        _ => false,
    }
}
