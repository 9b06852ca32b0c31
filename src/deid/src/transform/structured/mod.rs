//! Structured content (PS3.15 E.3.4): content items of reports, of acquisition and specimen contexts and of protocols, each by
//! its concept and value type.
//!
//! Nothing is taken out of a tree: what may not stay is replaced in place, so that templates stay satisfied and references by
//! index (Referenced Content Item Identifier, PS3.3 C.17.3.2.5) go on pointing where they did.

mod item;
mod verified;

pub(crate) use item::Items;

use super::action::{Act, Decision, Letter};
use super::context::{Context, Place};
use super::{cleaning, date, dummy, table, uid};
use crate::policy::BirthDate;
use crate::tables::content_items::{Group, ValueType};
use crate::tables::e1_1::{self, Source};
use crate::tables::technical::{self, Kind};
use crate::tables::{Code, OptionColumn, RuleSource};
use item::Concept;
use tokumei_dicom::Tag;
use tokumei_dicom::node::NodeKind;

pub(crate) const TEXT_VALUE: Tag = Tag(0x0040, 0xA160);
const DATE_TIME: Tag = Tag(0x0040, 0xA120);
const DATE: Tag = Tag(0x0040, 0xA121);
const TIME: Tag = Tag(0x0040, 0xA122);
const PERSON_NAME: Tag = Tag(0x0040, 0xA123);
const UID: Tag = Tag(0x0040, 0xA124);
const CONCEPT_CODE: Tag = Tag(0x0040, 0xA168);
const MEASURED_VALUE: Tag = Tag(0x0040, 0xA300);
const NUMERIC_VALUE: Tag = Tag(0x0040, 0xA30A);

/// Sequences that the option has walked. No item of theirs has attributes of the patient (PS3.15 E.1.1 note 13), but for
/// those that another option names.
const WALKED: [Tag; 4] = [Tag(0x0040, 0xA730), Tag(0x0040, 0x0555), Tag(0x0040, 0x0610), Tag(0x0040, 0xB020)];

const RULE: RuleSource = RuleSource::E11Option(OptionColumn::CleanStructuredContent, Code::C);

/// C of a sequence, by Clean Structured Content or Clean Graphics (E.3.3): its items are walked.
pub(crate) fn sequence(context: &Context, place: &Place, rule: RuleSource) -> Option<Decision> {
    let node = context.ds.node(place.index)?;
    match node.kind {
        NodeKind::Sequence => Some(Decision { letter: Some(Letter::C), ..Decision::keep(rule) }),
        NodeKind::Element if &node.vr == b"UN" && node.len > 0 => Some(Decision::nested(rule)),
        _ => None,
    }
}

/// What becomes of the value of a content item; `None`: no rule of structured content, so the others decide.
pub(crate) fn decide(context: &mut Context, place: &Place) -> Option<Decision> {
    if !context.profile.options().contains(OptionColumn::CleanStructuredContent) {
        return None;
    }
    if place.tag.0 == 0x0010 && place.path.last().is_some_and(|tag| WALKED.contains(tag)) {
        let options = context.profile.options();
        let named = e1_1::row(place.tag).is_some_and(|row| row.effective(options).1 != Source::Basic);
        return (!named).then(|| Decision::drop(RULE));
    }
    if place.tag.0 != 0x0040 {
        return None;
    }
    if let Some(decision) = verified::decide(context, place) {
        return Some(decision);
    }
    let node = context.ds.node(place.index)?;
    let (kind, empty) = (node.kind, node.len == 0);
    match (place.tag, kind) {
        (TEXT_VALUE | DATE_TIME | DATE | TIME | PERSON_NAME | UID, NodeKind::Element) if empty => {
            Some(Decision::keep(RULE))
        }
        (TEXT_VALUE, NodeKind::Element) => Some(text(context, place)),
        (PERSON_NAME, NodeKind::Element) => {
            let subject = Items::facts(context, place).concept == Concept::SubjectName;
            let name = if subject { context.pseudonym.clone() } else { dummy::TEXT.to_owned() };
            Some(Decision::value(Letter::D, name, RULE))
        }
        (UID, NodeKind::Element) => {
            let kept = row(context, place, ValueType::UidRef).and_then(|group| of_option(group, context, Code::K));
            let bytes = context.bytes(place.index);
            Some(uid::decide(context, place.tag, bytes, kept))
        }
        (DATE, NodeKind::Element) => birth_date(context, place),
        (CONCEPT_CODE, NodeKind::Sequence) => {
            let group = row(context, place, ValueType::Code)?;
            let goes = of_option(group, context, Code::K).is_none();
            goes.then(|| Decision::items(vec![dummy::code()], Letter::D, RULE))
        }
        (MEASURED_VALUE, NodeKind::Sequence) => {
            let group = row(context, place, ValueType::Num)?;
            let goes = of_option(group, context, Code::K).is_none();
            goes.then(|| Decision::items(Vec::new(), Letter::Z, RULE))
        }
        (NUMERIC_VALUE, NodeKind::Element) => number(context, place),
        _ => None,
    }
}

/// The row of the content item around.
fn row(context: &mut Context, place: &Place, value_type: ValueType) -> Option<&'static Group> {
    Items::facts(context, place).row(value_type)
}

/// The option that gives a row this code.
fn of_option(group: &Group, context: &Context, code: Code) -> Option<RuleSource> {
    match group.effective(context.profile.options()) {
        (found, Source::Option(column)) if found == code => Some(RuleSource::E11Option(column, code)),
        _ => None,
    }
}

/// Text: kept or cleaned where the table or its silence allows it, else replaced.
fn text(context: &mut Context, place: &Place) -> Decision {
    let facts = Items::facts(context, place);
    let replaced = Decision::value(Letter::D, dummy::TEXT, RULE);
    if facts.concept == Concept::Tracking
        && let Some(name) = context.text(place.index, *b"UT")
        && (context.lexicon.is_in(&name) || !cleaning::is_harmless(context, &name))
    {
        // Words of a name would make one of many objects.
        let number = context.stack(name).saturating_add(1);
        return Decision::value(Letter::D, format!("{number}"), RULE);
    }
    if facts.concept == Concept::Equipment && is_technical(context, place) {
        return Decision::keep(RuleSource::TechnicalText);
    }
    let cleaned = match facts.row(ValueType::Text) {
        Some(group) => {
            if let Some(rule) = of_option(group, context, Code::K)
                && context.text(place.index, *b"UT").is_some_and(|text| !context.lexicon.is_in(&text))
            {
                return Decision::kept(rule);
            }
            of_option(group, context, Code::C).is_some()
        }
        None => context.profile.options().contains(OptionColumn::CleanDescriptors),
    };
    if !cleaned {
        return replaced;
    }
    let decision = cleaning::text(context, place, *b"UT", RULE);
    match &decision.act {
        Act::Drop => replaced,
        Act::Value(value) if value.iter().all(u8::is_ascii_whitespace) => replaced,
        _ => decision,
    }
}

/// True where a text that names equipment does.
fn is_technical(context: &Context, place: &Place) -> bool {
    let kinds = [Kind::Model, Kind::Version];
    context.text(place.index, *b"UT").is_some_and(|text| {
        kinds.into_iter().any(|kind| technical::is_technical_value(kind, &text)) && !context.lexicon.is_in(&text)
    })
}

/// A date that no temporal option names is a birth date: it goes as that of the patient does.
fn birth_date(context: &mut Context, place: &Place) -> Option<Decision> {
    let group = row(context, place, ValueType::Date)?;
    if group.has(OptionColumn::RtnLongFullDates) {
        return None;
    }
    if context.profile.policy().patient.birth_date == BirthDate::ShiftedYear
        && let Some(year) = context.text(place.index, *b"DA").and_then(|d| date::shifted_year(&d, context.shift_days))
    {
        return Some(Decision::value(Letter::C, format!("{year}0101"), RuleSource::Date));
    }
    let row = e1_1::row(place.tag)?;
    Some(table::basic(context, place, *b"DA", row))
}

/// A number that goes, and an age at the cap. All others stay.
fn number(context: &mut Context, place: &Place) -> Option<Decision> {
    let facts = Items::facts(context, place);
    if let Some(group) = facts.row(ValueType::Num)
        && of_option(group, context, Code::K).is_none()
    {
        return Some(Decision::value(Letter::D, "0", RULE));
    }
    let cap = u32::from(context.profile.policy().patient.age_cap.0);
    if facts.concept != Concept::Age || cap == 0 {
        return None;
    }
    let text = context.text(place.index, *b"DS")?;
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let whole = whole.trim_start_matches('+');
    if !digits(whole) || !digits(fraction) {
        // No age is written with an exponent; what it says is not asked.
        return Some(Decision::value(Letter::D, "0", RuleSource::AgeCap));
    }
    let age: u32 = whole.parse().unwrap_or(u32::MAX);
    let most = cap * item::units_in_a_year(context, place);
    let above = age > most || (age == most && fraction.bytes().any(|b| b != b'0'));
    above.then(|| Decision::value(Letter::C, most.to_string(), RuleSource::AgeCap))
}
