//! An instance whose cleaned texts do not fit into its character set becomes `ISO_IR 192`, all of it (design 7).

use super::Stop;
use super::context::Context;
use super::walk::Walked;
use crate::reasons::Reason;
use crate::values::before_nul;
use tokumei_dicom::charset::to_utf8;
use tokumei_dicom::node::{Node, NodeKind};
use tokumei_dicom::{Edit, dictionary, value};

/// Writes every text that stays as UTF-8 where a cleaned one needs it. One that cannot be read holds the instance.
pub(crate) fn widen(context: &Context, walked: &mut Walked) -> Result<(), Stop> {
    if !context.cleaned.outgrown {
        return Ok(());
    }
    let stop = |node| context.stop(Reason::TextUndecodable, node);
    for (index, node) in (0u32..).zip(context.ds.nodes()) {
        if node.kind != NodeKind::Element || walked.is_inside_replaced(index) {
            continue;
        }
        if let Some(text) = context.cleaned.texts.get(&index) {
            // What was dropped later stays so.
            if matches!(walked.edits.get(index), Some(Edit::Value(_))) {
                walked.edits.set(index, Edit::Value(text.clone().into_bytes()));
            }
            continue;
        }
        let bytes = match walked.edits.get(index) {
            Some(Edit::Value(bytes)) => bytes,
            None if &node.vr == b"UN" => context.bytes(index),
            _ => continue,
        };
        if bytes.is_ascii() && !bytes.contains(&0x1B) {
            continue;
        }
        match text_vr(node) {
            Some(vr) => {
                let set = context.ds.charset(index);
                let read = set.read(before_nul(bytes).0, vr, context.ds.evidence()).map_err(|_| stop(index))?;
                walked.edits.set(index, Edit::Value(read.as_str().as_bytes().to_vec()));
            }
            // Items inside bytes: their texts cannot be told from their numbers here.
            None if dictionary::vr_of(node.tag) == Some(*b"SQ") => return Err(stop(index)),
            None => {}
        }
    }
    to_utf8(context.ds, &mut walked.edits).map_err(|e| stop(e.node))
}

/// The VR of a value whose characters the declaration governs, also where it is written as UN.
fn text_vr(node: &Node) -> Option<[u8; 2]> {
    let vr = if &node.vr == b"UN" { dictionary::vr_of(node.tag)? } else { node.vr };
    value::uses_character_set(vr).then_some(vr)
}
