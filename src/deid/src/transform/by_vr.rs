//! Attributes that Table E.1-1 does not name, by VR (PS3.15 E.1.1 notes 1, 4, 5, 9 and E.3.5 note 3).

use super::action::{Act, Decision, Letter};
use super::context::{Context, Place};
use super::{cleaning, date, dummy, labels, spelled, uid, waveform};
use crate::tables::OptionColumn;
use crate::tables::RuleSource;
use crate::tables::iod::{self, LegalAction};
use crate::tables::technical;
use crate::values::before_nul;
use tokumei_dicom::node::NodeKind;
use tokumei_dicom::{Tag, value};

const STACK_ID: Tag = Tag(0x0020, 0x9056);
/// Longest CS value (PS3.5 6.2).
const CS_MAX: usize = 16;

/// What becomes of an attribute that the dictionary knows and no other rule names. `vr`: by the dictionary.
pub(crate) fn decide(context: &mut Context, place: &Place, vr: [u8; 2]) -> Decision {
    let Some(node) = context.ds.node(place.index) else { return Decision::drop(RuleSource::ByVr) };
    if node.kind == NodeKind::Sequence {
        return if &vr == b"SQ" { Decision::keep(RuleSource::ByVr) } else { Decision::drop(RuleSource::ByVr) };
    }
    if node.len == 0 && &vr != b"SQ" {
        return Decision::keep(RuleSource::ByVr);
    }
    match &vr {
        b"UI" => {
            let value = context.bytes(place.index);
            uid::decide(context, place.tag, value, retained_uids(context))
        }
        b"DA" | b"DT" | b"TM" => unlisted_date(context, place, vr),
        b"CS" => codes(context, place),
        b"DS" | b"IS" | b"AS" => numbers_as_text(context, place, vr),
        b"SH" if place.tag == STACK_ID => stack(context, place),
        b"LO" | b"SH" | b"LT" | b"ST" | b"UC" | b"UT" => text(context, place, vr),
        b"PN" | b"AE" | b"UR" => needed(place, vr, RuleSource::ByVr),
        b"OB" | b"OW" | b"UN" => bulk(context, place, node.vr),
        b"SQ" if &node.vr == b"UN" && node.len > 0 => Decision::nested(RuleSource::ByVr),
        b"SQ" => Decision::drop(RuleSource::ByVr),
        _ => numbers(context, place, vr),
    }
}

fn retained_uids(context: &Context) -> Option<RuleSource> {
    let column = OptionColumn::RtnUids;
    context.profile.options().contains(column).then_some(RuleSource::E11Option(column, crate::tables::Code::K))
}

/// Removed, or emptied or a dummy where some IOD needs the attribute there.
pub(crate) fn needed(place: &Place, vr: [u8; 2], rule: RuleSource) -> Decision {
    match iod::unlisted(place.tag, place.path).map(|row| row.legal_action) {
        Some(LegalAction::Z) => Decision::empty(RuleSource::IodType),
        Some(LegalAction::D | LegalAction::ZDummy) => {
            Decision::value(Letter::D, dummy::of_attribute(place.tag, vr), RuleSource::IodType)
        }
        _ => Decision::drop(rule),
    }
}

/// Dates that the table does not name go as its own: shifted, kept, or removed, by the option.
pub(crate) fn unlisted_date(context: &Context, place: &Place, vr: [u8; 2]) -> Decision {
    let options = context.profile.options();
    if options.contains(OptionColumn::RtnLongModifiedDates) {
        shifted(context, place, vr).unwrap_or(Decision::drop(RuleSource::Unreadable))
    } else if options.contains(OptionColumn::RtnLongFullDates) && parses(context, place, vr) {
        Decision::keep(RuleSource::ByVr)
    } else {
        Decision::drop(RuleSource::ByVr)
    }
}

/// A date or time moved with its patient; times of day stay. `None`: it does not parse.
pub(crate) fn shifted(context: &Context, place: &Place, vr: [u8; 2]) -> Option<Decision> {
    let text = ascii_text(context, place.index)?;
    let moved = match &vr {
        b"DA" => date::shift_dates(text, context.shift_days)?,
        b"DT" => date::shift_date_times(text, context.shift_days)?,
        b"TM" if date::are_times(text) => return Some(Decision::keep(RuleSource::Date)),
        _ => return None,
    };
    Some(Decision::value(Letter::C, moved, RuleSource::Date))
}

/// True where a date or time is one.
pub(crate) fn parses(context: &Context, place: &Place, vr: [u8; 2]) -> bool {
    ascii_text(context, place.index).is_some_and(|text| match &vr {
        b"DA" => date::are_dates(text),
        b"DT" => date::shift_date_times(text, 0).is_some(),
        b"TM" => date::are_times(text),
        _ => false,
    })
}

fn ascii_text<'a>(context: &Context<'a>, index: u32) -> Option<&'a str> {
    let text = core::str::from_utf8(before_nul(context.bytes(index)).0).ok()?;
    text.is_ascii().then_some(text)
}

/// CS stays where every value has the form of a code and none is one of the instance's own names. Of several values
/// only those go that are not codes, each in its place.
pub(crate) fn codes(context: &Context, place: &Place) -> Decision {
    // What calls itself a name or a number is no code, whatever its form.
    let written = context.ds.node(place.index).map_or(*b"UN", |n| n.vr);
    let may_be_code = &written != b"PN" && (value::is_text(written) || matches!(&written, b"OB" | b"OW" | b"UN"));
    let Some(text) = ascii_text(context, place.index).filter(|_| may_be_code) else { return not_a_code(place) };
    let fine = |v: &str| is_code(v) && !is_name(context, v.trim());
    if text.split('\\').all(fine) {
        return Decision::keep(RuleSource::ByVr);
    }
    if !text.contains('\\') {
        return not_a_code(place);
    }
    let cleaned: Vec<&str> = text.split('\\').map(|v| if fine(v) { v.trim() } else { dummy::TEXT }).collect();
    Decision::value(Letter::C, cleaned.join("\\"), RuleSource::Unreadable)
}

/// True where a value, or a word of it, is one of the instance's own names and no technical word as well.
fn is_name(context: &Context, value: &str) -> bool {
    let is_own = |v: &str| context.lexicon.is(v) && !technical::is_technical_value(technical::Kind::Token, v);
    let several = value.bytes().any(|b| b == b' ' || b == b'_');
    is_own(value) || several && value.split([' ', '_']).any(is_own)
}

/// Codes without which an instance is none are replaced, others are emptied: that is no less valid than before.
fn not_a_code(place: &Place) -> Decision {
    const NEEDED: [Tag; 4] = [Tag(0x0008, 0x0008), Tag(0x0008, 0x0060), Tag(0x0028, 0x0004), Tag(0x0018, 0x5100)];
    if place.path.is_empty() && NEEDED.contains(&place.tag) {
        let other: &[u8] = if place.tag == Tag(0x0008, 0x0060) { b"OT" } else { dummy::TEXT.as_bytes() };
        return Decision::value(Letter::D, other, RuleSource::Unreadable);
    }
    Decision::empty(RuleSource::Unreadable)
}

/// True for a legal CS value: upper case letters, digits, space, underscore, at most 16 (PS3.5 6.2).
pub(crate) fn is_code(text: &str) -> bool {
    let text = text.trim_matches(' ');
    text.len() <= CS_MAX
        && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || matches!(b, b' ' | b'_'))
}

/// DS, IS and AS stay where every value parses.
pub(crate) fn numbers_as_text(context: &Context, place: &Place, vr: [u8; 2]) -> Decision {
    let Some(text) = ascii_text(context, place.index) else { return Decision::empty(RuleSource::Unreadable) };
    let fine = |v: &str| v.trim().is_empty() || (is_number(v.trim(), vr) && !is_id(context, v.trim()));
    if !text.split('\\').all(fine) {
        return match (&vr, full_ages(text)) {
            (b"AS", Some(ages)) => {
                Decision::value(Letter::C, capped_ages(context, &ages).unwrap_or(ages), RuleSource::AgeCap)
            }
            _ => Decision::empty(RuleSource::Unreadable),
        };
    }
    match (&vr, capped_ages(context, text)) {
        (b"AS", Some(ages)) => Decision::value(Letter::C, ages, RuleSource::AgeCap),
        _ => Decision::keep(RuleSource::ByVr),
    }
}

/// True for a number that is one of the instance's own identifiers or dates and long enough to be neither a coincidence nor the
/// number of a series that its test patient was named after.
fn is_id(context: &Context, number: &str) -> bool {
    const ID_MIN: usize = 7;
    let is_long = number.len() >= ID_MIN && number.bytes().all(|b| b.is_ascii_digit());
    is_long && (context.lexicon.is(number) || tells_date(context, number))
}

/// True where a token is one of the instance's dates and dates do not stay as they are.
pub(crate) fn tells_date(context: &Context, text: &str) -> bool {
    let stay = context.profile.options().contains(OptionColumn::RtnLongFullDates);
    !stay && text.split(|c: char| !c.is_ascii_alphanumeric()).any(|t| t.len() == 8 && context.lexicon.is_date(t))
}

/// Integers written as decimals and values longer than their VR allows are numbers too.
fn is_number(text: &str, vr: [u8; 2]) -> bool {
    match &vr {
        b"AS" => is_age(text),
        b"IS" => value::is_integer(text) || is_float(text),
        _ => value::is_decimal(text) || is_float(text),
    }
}

/// Longer than DS may be, but no text.
fn is_float(text: &str) -> bool {
    text.len() <= 32 && value::is_float(text)
}

/// `nnnD`, `nnnW`, `nnnM`, `nnnY` (PS3.5 6.2).
pub(crate) fn is_age(text: &str) -> bool {
    matches!(text.as_bytes(), [a, b, c, b'D' | b'W' | b'M' | b'Y'] if [a, b, c].iter().all(|d| d.is_ascii_digit()))
}

/// Ages with fewer than three digits, written with three; `None` where a value is no age.
fn full_ages(text: &str) -> Option<String> {
    let full = |v: &str| {
        let v = v.trim();
        let unit = v.chars().last().filter(|u| matches!(u, 'D' | 'W' | 'M' | 'Y'))?;
        let number = v.strip_suffix(unit)?;
        let digits = (1..=3).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit());
        digits.then(|| format!("{number:0>3}{unit}"))
    };
    text.split('\\').map(full).collect::<Option<Vec<_>>>().map(|v| v.join("\\"))
}

/// Ages at and above the cap become the cap (45 CFR 164.514(b)(2)(i)(C)); `None` where none is.
pub(crate) fn capped_ages(context: &Context, text: &str) -> Option<String> {
    let cap = u32::from(context.profile.policy().patient.age_cap.0);
    if cap == 0 {
        return None;
    }
    let above = |v: &str| {
        let years = v.strip_suffix('Y').and_then(|n| n.parse::<u32>().ok());
        let months = v.strip_suffix('M').and_then(|n| n.parse::<u32>().ok()).map(|m| m / 12);
        years.or(months).is_some_and(|y| y >= cap && v != format!("{cap:03}Y"))
    };
    let values: Vec<&str> = text.split('\\').map(str::trim).collect();
    if !values.iter().any(|v| above(v)) {
        return None;
    }
    let capped: Vec<String> =
        values.iter().map(|v| if above(v) { format!("{cap:03}Y") } else { (*v).to_owned() }).collect();
    Some(capped.join("\\"))
}

/// Stack ID (0020,9056): small numbers stay; other names are numbered in the order of the file, so that stacks stay
/// apart and In-Stack Position Number keeps its meaning (PS3.3 C.7.6.16.2.2).
fn stack(context: &mut Context, place: &Place) -> Decision {
    let text = context.text(place.index, *b"SH").unwrap_or_default();
    if (1..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit()) {
        return Decision::keep(RuleSource::TechnicalText);
    }
    let number = 100 + context.stack(text);
    Decision::value(Letter::D, number.to_string(), RuleSource::ByVr)
}

/// Text stays where the attribute is technical, its value looks technical, and it repeats no name or ID. Descriptions are
/// cleaned where the policy has that done.
fn text(context: &mut Context, place: &Place, vr: [u8; 2]) -> Decision {
    if let Some(kind) = technical::kind(place.tag)
        && let Some(text) = context.text(place.index, vr)
        && value::values(&text, vr).all(|v| technical::is_technical_value(kind, v))
        && !context.lexicon.is_in(&text)
    {
        return Decision::keep(RuleSource::TechnicalText);
    }
    let decision = if labels::is_description(context, place.tag) {
        cleaning::text(context, place, vr, RuleSource::ByVr)
    } else {
        needed(place, vr, RuleSource::ByVr)
    };
    match decision.letter {
        Some(Letter::X | Letter::Z | Letter::D) => labels::of_segment(context, place).unwrap_or(decision),
        _ => decision,
    }
}

/// Numbers stay where they are written as numbers and spell nothing.
fn numbers(context: &Context, place: &Place, vr: [u8; 2]) -> Decision {
    let Some(node) = context.ds.node(place.index) else { return Decision::drop(RuleSource::ByVr) };
    let fits = |vr| node.len % value::unit(vr) as u64 == 0;
    let fine = match &node.vr {
        b"UN" => {
            let held = context.ds.value(place.index);
            fits(vr) && held.is_some_and(|v| !looks_like_text(v)) && !spelled::in_numbers(context, place.index, vr)
        }
        b"OB" => false,
        b"OW" => matches!(&vr, b"US" | b"SS") && is_bulk(place.tag) && !spelled::in_bulk(context, place.index),
        written => {
            spelled::is_same_kind(vr, *written)
                && fits(*written)
                && !spelled::in_numbers(context, place.index, *written)
        }
    };
    if fine { Decision::keep(RuleSource::ByVr) } else { Decision::drop(RuleSource::Unreadable) }
}

/// True for eight printable characters and more: too much for numbers.
fn looks_like_text(bytes: &[u8]) -> bool {
    bytes.len() >= 8 && bytes.iter().all(|&b| b == 0 || b >= 0x20) && bytes.iter().any(|&b| b != 0)
}

/// Bulk data stay where it is known what they are, unless they are text.
fn bulk(context: &Context, place: &Place, written: [u8; 2]) -> Decision {
    let is_element = context.ds.node(place.index).is_some_and(|n| n.kind == NodeKind::Element);
    let known = is_element && matches!(&written, b"OB" | b"OW" | b"UN" | b"US" | b"SS") && is_bulk(place.tag);
    if !known || spelled::in_bulk(context, place.index) {
        return Decision::drop(RuleSource::ByVr);
    }
    if !waveform::is_waveform(place.tag) {
        return Decision::keep(RuleSource::ByVr);
    }
    let len = context.ds.node(place.index).map_or(0, |n| n.len);
    match waveform::length(context, place) {
        Some(said) if len > said.saturating_add(said % 2) => {
            Decision { act: Act::Cut(said), letter: Some(Letter::C), rule: RuleSource::ByVr }
        }
        Some(_) => Decision::keep(RuleSource::ByVr),
        None => Decision::drop(RuleSource::ByVr),
    }
}

/// Lookup tables, waveforms and their limits, meshes: numbers that are needed to see anything.
const fn is_bulk(tag: Tag) -> bool {
    matches!(
        tag,
        Tag(0x0028, 0x1200..=0x1204 | 0x1211..=0x1213 | 0x1221..=0x1224 | 0x1408 | 0x3006)
            | Tag(0x0066, 0x0023..=0x0025 | 0x0029 | 0x0103)
            | Tag(0x0070, 0x0256 | 0x1808)
            | Tag(0x5400, 0x0110 | 0x0112 | 0x100A | 0x1010)
    )
}
