//! Labels that other attributes point at or that an instance cannot be without: graphic layers, content labels, segments.
//! They say what they said where that is known to be harmless, else they are numbered, alike where they were alike.

use super::action::{Decision, Letter};
use super::context::{Context, Place};
use super::{by_vr, cleaning, dummy};
use crate::tables::{OptionColumn, RuleSource, technical};
use crate::values::ascii;
use tokumei_dicom::Tag;
use tokumei_dicom::node::{Encoding, NodeKind};

const GRAPHIC_LAYER: Tag = Tag(0x0070, 0x0002);
const CONTENT_LABEL: Tag = Tag(0x0070, 0x0080);
const SEGMENT_LABEL: Tag = Tag(0x0062, 0x0005);
const SEGMENT_NUMBER: Tag = Tag(0x0062, 0x0004);

/// What becomes of a label that staff can type though its VR is CS (PS3.15 E.3.5 note 3); `None`: no such label.
pub(crate) fn decide(context: &mut Context, place: &Place) -> Option<Decision> {
    if !matches!(place.tag, GRAPHIC_LAYER | CONTENT_LABEL) {
        return None;
    }
    let node = context.ds.node(place.index).filter(|n| n.kind == NodeKind::Element && n.len > 0)?;
    let text = (&node.vr != b"PN").then(|| ascii(context.bytes(place.index))).flatten();
    if text.is_some_and(|label| by_vr::is_code(label) && says_nothing(context, label)) {
        return Some(Decision::keep(RuleSource::TechnicalText));
    }
    if place.tag == CONTENT_LABEL {
        return Some(Decision::value(Letter::D, dummy::TEXT, RuleSource::ByVr));
    }
    let name = String::from_utf8_lossy(context.bytes(place.index)).trim().to_owned();
    let number = context.stack(name).saturating_add(1);
    Some(Decision::value(Letter::D, format!("LAYER{number}"), RuleSource::ByVr))
}

/// True for words that are harmless, numbers, what programs call their layers, and words in which no net catches a name.
fn says_nothing(context: &Context, label: &str) -> bool {
    const OWN: [&str; 8] = ["LAYER", "DRAW", "GRAPHIC", "GRAPHICS", "ANNOTATION", "TEXT", "MEASURE", "PRESENTATION"];
    let spoken = label.replace('_', " ");
    let nameless = context.cleaning.as_ref().is_some_and(|cleaning| cleaning.catches_nothing(&spoken));
    !context.lexicon.is_in(&spoken)
        && label.split(['_', ' ']).all(|word| {
            let letters = word.trim_end_matches(|c: char| c.is_ascii_digit());
            let digits = word.len().saturating_sub(letters.len());
            let plain = nameless && letters.bytes().all(|b| b.is_ascii_uppercase());
            digits <= 3
                && (letters.len() <= 1 || plain || OWN.contains(&letters) || cleaning::is_harmless(context, letters))
        })
}

/// True for a text that describes something and that no other rule names: it is cleaned as descriptors are.
pub(crate) fn is_description(context: &Context, tag: Tag) -> bool {
    context.profile.options().contains(OptionColumn::CleanDescriptors) && technical::is_description(tag)
}

/// A label that may not stay, of a segment: its number (Type 1, PS3.3 C.8.20.4).
pub(crate) fn of_segment(context: &Context, place: &Place) -> Option<Decision> {
    let number = (place.tag == SEGMENT_LABEL).then(|| context.ds.find(place.parent, SEGMENT_NUMBER)).flatten()?;
    let bytes: [u8; 2] = context.bytes(number).get(..2)?.try_into().ok()?;
    let number = match context.ds.node(number)?.encoding {
        Encoding::ExplicitBe => u16::from_be_bytes(bytes),
        _ => u16::from_le_bytes(bytes),
    };
    Some(Decision::value(Letter::D, format!("Segment {number}"), RuleSource::IodType))
}
