//! A whole data set to `ISO_IR 192`: every text of every item, one declaration at the top. Mixed would be an error.

use crate::data_set::SPECIFIC_CHARACTER_SET;
use crate::node::NodeKind;
use crate::splice::{Edit, Edits, NewElement, NewValue};
use crate::{DataSet, value};

/// A value that stays cannot be read: the instance has to be held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotConvertible {
    /// Its node.
    pub node: u32,
}

/// Adds to `edits` what makes the data set `ISO_IR 192`; on an error nothing. Nodes that are edited already stay so: their
/// new values must be ASCII or UTF-8. Values of VRs that no character set governs stay untouched.
pub fn to_utf8(ds: &DataSet, edits: &mut Edits) -> Result<(), NotConvertible> {
    let mut changes = Vec::new();
    let mut declared = false;
    let mut index = 0;
    while let Some(node) = ds.node(index) {
        let edit = edits.get(index);
        if node.tag == SPECIFIC_CHARACTER_SET {
            let first = node.parent.is_none() && !core::mem::replace(&mut declared, true);
            changes.push((index, if first { Edit::Value(b"ISO_IR 192".to_vec()) } else { Edit::Drop }));
        } else if matches!(edit, Some(Edit::Drop | Edit::Items(_))) {
            index = node.next.max(index + 1);
            continue;
        } else if edit.is_none() && node.kind == NodeKind::Element && value::uses_character_set(node.vr) {
            let text = ds.read_text(index).map_err(|_| NotConvertible { node: index })?;
            let bytes = text.as_str().as_bytes();
            if ds.value(index) != Some(bytes) {
                changes.push((index, Edit::Value(bytes.to_vec())));
            }
        }
        index += 1;
    }
    for (index, edit) in changes {
        edits.set(index, edit);
    }
    if !declared {
        let value = NewValue::Bytes(b"ISO_IR 192".to_vec());
        edits.insert(None, NewElement { tag: SPECIFIC_CHARACTER_SET, vr: *b"CS", value });
    }
    Ok(())
}
