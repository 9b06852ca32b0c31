//! Table E.1-1 on one attribute: the effective code, resolved by the Type in the IOD, then done (PS3.15 E.1.1).

use super::action::{Decision, Letter};
use super::context::{Context, Place};
use super::{by_vr, cleaning, dummy, patient_values, structured, uid};
use crate::policy::AttributeAction;
use crate::reasons::Reason;
use crate::tables::e1_1::{Row, Source};
use crate::tables::iod::{self, LegalAction};
use crate::tables::{Code, OptionColumn, RuleSource};
use tokumei_dicom::Tag;
use tokumei_dicom::node::NodeKind;

/// Timezone Offset From UTC.
const TIMEZONE_OFFSET: Tag = Tag(0x0008, 0x0201);

/// What a row does, once options and the IOD have spoken.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Todo {
    Remove,
    Empty,
    Dummy,
    NewUid,
    /// A sequence of references whose items stay with new UIDs.
    Walk,
}

/// The action of a row on its attribute. `vr`: by the dictionary.
pub(crate) fn decide(context: &mut Context, place: &Place, vr: [u8; 2], row: &Row) -> Decision {
    if let Some(decision) = patient_values::decide(context, place) {
        return decision;
    }
    let (code, source) = row.effective(context.profile.options());
    let rule = RuleSource::of_row(code, source);
    match (code, source) {
        (Code::K, _) => kept(context, place, vr, row, rule),
        (Code::C, Source::Option(OptionColumn::RtnLongModifiedDates)) => match modified_date(context, place, vr) {
            Some(decision) => decision,
            None => basic(context, place, vr, row),
        },
        (Code::C, Source::Option(column)) if is_text_cleaning(column) && context.cleaning.is_some() => {
            cleaned(context, place, vr, row, rule)
        }
        (Code::C, Source::Option(OptionColumn::CleanStructuredContent | OptionColumn::CleanGraphics)) => {
            structured::sequence(context, place, rule).unwrap_or_else(|| basic(context, place, vr, row))
        }
        // Cleaning that no method of this version does: the Basic Profile's action is the careful one.
        _ => basic(context, place, vr, row),
    }
}

/// Options whose C is cleaning of text.
const fn is_text_cleaning(column: OptionColumn) -> bool {
    matches!(column, OptionColumn::CleanDescriptors | OptionColumn::RtnPatientChars | OptionColumn::RtnDeviceId)
}

/// C: text is cleaned, the items of a sequence are walked.
fn cleaned(context: &mut Context, place: &Place, vr: [u8; 2], row: &Row, rule: RuleSource) -> Decision {
    let Some(node) = context.ds.node(place.index) else { return Decision::drop(rule) };
    match (&vr, node.kind) {
        (b"SQ", NodeKind::Sequence) => Decision { letter: Some(Letter::C), ..Decision::keep(rule) },
        (b"SQ", NodeKind::Element) if &node.vr == b"UN" && node.len > 0 => Decision::nested(rule),
        (b"LO" | b"SH" | b"ST" | b"LT" | b"UC" | b"UT" | b"AE", NodeKind::Element) => {
            cleaning::text(context, place, vr, rule)
        }
        (b"CS", NodeKind::Element) => cleaning::code(context, place, rule),
        _ => basic(context, place, vr, row),
    }
}

/// Dates move; offsets from UTC stay with a shift of whole days.
fn modified_date(context: &Context, place: &Place, vr: [u8; 2]) -> Option<Decision> {
    if !is_element(context, place) {
        return None;
    }
    if place.tag == TIMEZONE_OFFSET {
        let text = context.text(place.index, vr)?;
        return is_offset(&text).then_some(Decision::keep(RuleSource::Date));
    }
    by_vr::shifted(context, place, vr)
}

/// `&ZZXX` (PS3.3 C.12.1.1.8); several are the sign of a file over a change of the clock.
fn is_offset(text: &str) -> bool {
    text.split('\\').all(
        |v| matches!(v.trim().as_bytes(), [b'+' | b'-', a, b, c, d] if [a, b, c, d].iter().all(|x| x.is_ascii_digit())),
    )
}

/// K: the value stays where it is one of its VR.
fn kept(context: &mut Context, place: &Place, vr: [u8; 2], row: &Row, rule: RuleSource) -> Decision {
    let Some(node) = context.ds.node(place.index) else { return Decision::drop(rule) };
    if node.kind == NodeKind::Sequence || node.len == 0 {
        return Decision::kept(rule);
    }
    match keep_value(context, place, vr, rule) {
        Some(decision) => decision,
        None => basic(context, place, vr, row),
    }
}

/// A value that an option or the policy keeps. `None`: it is not one of its VR, so it is text and no rule keeps it.
fn keep_value(context: &mut Context, place: &Place, vr: [u8; 2], rule: RuleSource) -> Option<Decision> {
    let decision = match &vr {
        b"UI" => {
            let bytes = context.bytes(place.index);
            return Some(uid::decide(context, place.tag, bytes, Some(rule)));
        }
        b"DA" | b"DT" | b"TM" => return by_vr::parses(context, place, vr).then_some(Decision::kept(rule)),
        b"CS" => by_vr::codes(context, place),
        b"DS" | b"IS" | b"AS" => by_vr::numbers_as_text(context, place, vr),
        b"LO" | b"SH" | b"ST" | b"LT" | b"UC" | b"UT" | b"PN" | b"AE" | b"UR" => {
            return Some(match context.text(place.index, vr) {
                // What a clerk wrote of the patient may begin with the name, which no characteristic is.
                Some(text) if rule.option() == Some(OptionColumn::RtnPatientChars) && context.lexicon.is_in(&text) => {
                    return None;
                }
                // The one date that is written as free text.
                Some(text) if place.tag == TIMEZONE_OFFSET && !is_offset(&text) => return None,
                Some(_) => Decision::kept(rule),
                None => Decision::stop(Reason::TextUndecodable, RuleSource::Unreadable),
            });
        }
        b"SQ" if context.ds.node(place.index).is_some_and(|n| &n.vr == b"UN") => return Some(Decision::nested(rule)),
        b"OB" | b"OW" | b"UN" | b"SQ" => return None,
        _ => by_vr::decide(context, place, vr),
    };
    match decision.letter {
        None => Some(Decision::kept(rule)),
        Some(Letter::X | Letter::Z) => None,
        Some(_) => Some(decision),
    }
}

/// The Basic Profile's code, weakened or strengthened to what keeps the IOD legal.
pub(crate) fn basic(context: &mut Context, place: &Place, vr: [u8; 2], row: &Row) -> Decision {
    if let Some(code) = patient_values::linked(context, place, vr) {
        return code;
    }
    let legal = context.iod.and_then(|iod| iod::types(place.tag, place.path, iod));
    let (todo, rule) = match legal {
        Some(typed) => (of_legal(typed.legal_action), RuleSource::IodType),
        None => (of_code(row.basic), RuleSource::E11Basic(row.basic)),
    };
    let rule = if todo == of_code(row.basic) { RuleSource::E11Basic(row.basic) } else { rule };
    done(context, place, vr, row.basic, todo, rule)
}

const fn of_legal(action: LegalAction) -> Todo {
    match action {
        LegalAction::X => Todo::Remove,
        LegalAction::Z => Todo::Empty,
        LegalAction::ZDummy | LegalAction::D => Todo::Dummy,
        LegalAction::U => Todo::NewUid,
    }
}

/// Without a Type the attribute is optional there, or not of the IOD (note 13): composite codes remove.
const fn of_code(code: Code) -> Todo {
    match code {
        Code::Z => Todo::Empty,
        Code::D => Todo::Dummy,
        Code::U => Todo::NewUid,
        Code::XZUStar => Todo::Walk,
        _ => Todo::Remove,
    }
}

fn done(context: &mut Context, place: &Place, vr: [u8; 2], code: Code, todo: Todo, rule: RuleSource) -> Decision {
    if is_sequence(context, place, vr) {
        return sequence(context, place, code, todo, rule);
    }
    let empty = context.ds.node(place.index).is_some_and(|n| n.len == 0);
    match todo {
        Todo::Empty | Todo::Dummy | Todo::NewUid if empty => Decision::keep(rule),
        Todo::Empty => Decision::empty(rule),
        Todo::Dummy | Todo::NewUid if &vr == b"UI" => {
            let bytes = context.bytes(place.index);
            uid::decide(context, place.tag, bytes, None)
        }
        Todo::Dummy => Decision::value(Letter::D, dummy::of_attribute(place.tag, vr), rule),
        Todo::Remove | Todo::NewUid | Todo::Walk => Decision::drop(rule),
    }
}

fn sequence(context: &Context, place: &Place, code: Code, todo: Todo, rule: RuleSource) -> Decision {
    let node = context.ds.node(place.index);
    let walkable = node.is_some_and(|n| n.kind == NodeKind::Sequence);
    let nested = node.is_some_and(|n| n.kind == NodeKind::Element && &n.vr == b"UN" && n.len > 0);
    // References between instances survive: their items stay with new UIDs, unless the row removes them.
    let references = code == Code::XZUStar || (todo != Todo::Remove && is_references(place.tag));
    match todo {
        _ if references && walkable => Decision::keep(rule),
        _ if references && nested => Decision::nested(rule),
        // An empty UN of a sequence says nothing; zero items cannot be written in its form.
        Todo::Empty | Todo::Dummy | Todo::NewUid if !walkable => Decision::empty(rule),
        Todo::Remove | Todo::Walk => Decision::drop(rule),
        Todo::Empty => Decision::items(Vec::new(), Letter::Z, rule),
        Todo::Dummy | Todo::NewUid => Decision::items(dummy::items(place.tag), Letter::D, rule),
    }
}

/// Referenced Study, Performed Procedure Step and Image Sequence, Source Image Sequence.
const fn is_references(tag: Tag) -> bool {
    matches!(tag, Tag(0x0008, 0x1110 | 0x1111 | 0x1140 | 0x2112))
}

fn is_element(context: &Context, place: &Place) -> bool {
    context.ds.node(place.index).is_some_and(|n| n.kind == NodeKind::Element)
}

fn is_sequence(context: &Context, place: &Place, vr: [u8; 2]) -> bool {
    &vr == b"SQ" || context.ds.node(place.index).is_some_and(|n| n.kind == NodeKind::Sequence)
}

/// An override of the policy (`attributes`).
pub(crate) fn by_policy(context: &mut Context, place: &Place, vr: [u8; 2], action: AttributeAction) -> Decision {
    let rule = RuleSource::Policy;
    match action {
        AttributeAction::X => Decision::drop(rule),
        AttributeAction::Z => done(context, place, vr, Code::Z, Todo::Empty, rule),
        AttributeAction::D => done(context, place, vr, Code::D, Todo::Dummy, rule),
        AttributeAction::U => done(context, place, vr, Code::U, Todo::NewUid, rule),
        AttributeAction::K => {
            let node = context.ds.node(place.index);
            if node.is_some_and(|n| n.kind == NodeKind::Sequence || n.len == 0) {
                return Decision::kept(rule);
            }
            keep_value(context, place, vr, rule).unwrap_or(Decision::drop(RuleSource::Unreadable))
        }
    }
}
