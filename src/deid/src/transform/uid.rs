//! UIDs, value by value (PS3.15 E.1.1 step 5, E.3.9): registered ones stay wherever they stand, all others are new.

use super::action::{Act, Decision, Letter};
use super::context::Context;
use crate::tables::RuleSource;
use crate::tables::sop_class;
use crate::tables::uids::{self, UidAction, UidClass};
use crate::values::uid_text;
use tokumei_dicom::Tag;

/// Longest UID (PS3.5 9.1).
const UID_MAX: usize = 64;

/// What becomes of an attribute of VR UI. `retain`: UIDs of instances stay (Retain UIDs).
pub(crate) fn decide(context: &mut Context, tag: Tag, value: &[u8], retain: Option<RuleSource>) -> Decision {
    let class = uids::attribute(tag).unwrap_or(UidClass::Instance);
    if class.action() == UidAction::Remove {
        return Decision::drop(RuleSource::Uid);
    }
    let text = uid_text(value);
    let mut out = String::with_capacity(text.len());
    let mut changed = false;
    for (i, part) in text.split('\\').enumerate() {
        if i > 0 {
            out.push('\\');
        }
        let bare = part.trim_matches([' ', '\0']);
        if bare.is_empty() || stays(class, bare, retain.is_some()) {
            out.push_str(part);
        } else {
            out.push_str(&context.new_uid(part.trim_end_matches([' ', '\0'])));
            changed = true;
        }
    }
    match (changed, retain) {
        (true, _) => Decision { act: Act::Value(out.into_bytes()), letter: Some(Letter::U), rule: RuleSource::Uid },
        (false, Some(rule)) => Decision::kept(rule),
        (false, None) => Decision::keep(RuleSource::Uid),
    }
}

fn stays(class: UidClass, value: &str, retain: bool) -> bool {
    uids::is_well_known(value)
        || (class == UidClass::Structural && sop_class::find(value).is_some())
        || (retain && is_valid(value))
}

/// True for digits in components without leading zeros (PS3.5 9.1).
pub(crate) fn is_valid(value: &str) -> bool {
    value.len() <= UID_MAX
        && value.contains('.')
        && value
            .split('.')
            .all(|c| !c.is_empty() && c.bytes().all(|b| b.is_ascii_digit()) && (c.len() == 1 || !c.starts_with('0')))
}
