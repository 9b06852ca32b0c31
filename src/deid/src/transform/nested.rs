//! Sequences that were written as UN of defined length, which readers take for bytes: their items are implicit VR little
//! endian (PS3.5 6.2.2) and are walked like all others.

use super::action::{Act, Decision, Letter};
use super::context::{Context, Place, Whose};
use super::{Stop, structure, walk};
use crate::tables::RuleSource;
use tokumei_dicom::{Edit, Head, Piece, Source, read, splice};

/// Such sequences inside each other: more is no honest file.
const DEPTH_MAX: u16 = 8;

/// The value with the profile applied to its items; what does not read as items goes.
pub(crate) fn decide(context: &mut Context, place: &Place, rule: RuleSource) -> Result<Decision, Stop> {
    let gone = Ok(Decision::drop(RuleSource::Unreadable));
    let Some(value) = context.ds.value(place.index).filter(|_| context.nested < DEPTH_MAX).map(<[u8]>::to_vec) else {
        return gone;
    };
    let limits = context.profile.policy().limits.reading();
    let Ok(inner) = read::items_in_value(&value, &limits) else { return gone };
    let whose = Whose {
        iod: context.iod,
        namespace: context.namespace,
        pseudonym: context.pseudonym.clone(),
        shift_days: context.shift_days,
    };
    let lexicon = core::mem::take(&mut context.lexicon);
    let mut items = Context::new(context.profile, &value, &inner, whose, lexicon, context.cleaning.clone());
    items.nested = context.nested + 1;
    items.take_shared(context);
    let mut path = place.path.to_vec();
    path.push(place.tag);
    let walked = walk::items(&mut items, path);
    context.take_shared(&mut items);
    context.lexicon = core::mem::take(&mut items.lexicon);
    let mut walked = walked.map_err(|stop| context.stop(stop.reason, place.index))?;
    structure::prune(&inner, &mut walked);
    if matches!(walked.edits.get(0), Some(Edit::Drop)) {
        return gone;
    }
    if walked.edits.is_empty() {
        return Ok(Decision::keep(rule));
    }
    let pieces = splice::splice(&inner, &value, &walked.edits, &Head::Keep)?;
    let Some(bytes) = joined(&value, &pieces) else { return gone };
    Ok(Decision { act: Act::Value(bytes), letter: Some(Letter::C), rule })
}

fn joined(source: &dyn Source, pieces: &[Piece]) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Bytes(bytes) => out.extend_from_slice(bytes),
            Piece::Range { offset, len } => {
                let mut part = vec![0; usize::try_from(*len).ok().filter(|&n| n as u64 <= source.len())?];
                source.read_at(*offset, &mut part).ok()?;
                out.extend_from_slice(&part);
            }
        }
    }
    Some(out)
}
