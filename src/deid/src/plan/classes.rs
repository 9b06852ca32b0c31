//! Verdicts by SOP Class and transfer syntax: what a class can hold besides header attributes (design 7).

use super::Decision;
use crate::content::Content;
use crate::policy::{Check, ClassRule, Overview, Policy, Wrapped, WrappedCda};
use crate::reasons::Reason;
use crate::scan::ScanRow;
use crate::tables::sop_class::{self, CDA, ClassVerdict, Level, SopClass};
use tokumei_dicom::transfer_syntax;

const SOP_CLASS: &str = "0008,0016";
const PDF: &str = "1.2.840.10008.5.1.4.1.1.104.1";
const MODEL: &str = "encapsulated 3D model";
const LABEL_IN_IMAGE: &str = "0048,0010";
/// Categories of pictures of slides.
const SLIDES: [&str; 3] = ["whole slide", "microscopy", "confocal microscopy"];
/// What a slide's modality is (PS3.3 C.7.3.1.1.1).
const SLIDE_MICROSCOPY: &str = "SM";

/// Why an instance cannot go to the transform by its class alone; `None`: it can. `looked`: a person has looked at its
/// pixels.
pub fn of_class(policy: &Policy, row: &ScanRow, looked: bool) -> Option<Decision> {
    let Some(class) = row.sop_class.as_deref().and_then(sop_class::find) else {
        return Some(Decision::at(Reason::SopClassUnknown, SOP_CLASS));
    };
    let syntax = row.transfer_syntax.as_deref().unwrap_or_default();
    if class.contents.video() || is_video(syntax) {
        return Some(Decision::at(Reason::VideoUnsupported, "0002,0010"));
    }
    if transfer_syntax::encoding(syntax).is_none() {
        return Some(Decision::at(Reason::TransferSyntaxUnsupported, "0002,0010"));
    }
    let rule = policy.classes.get(class.uid).or_else(|| policy.classes.get(class.category)).copied();
    if rule == Some(ClassRule::Refused) {
        return Some(Decision::at(Reason::SopClassRefused, SOP_CLASS));
    }
    if policy.cleans_document(class) {
        return of_rule(rule);
    }
    let content =
        content(policy, class).filter(|d| d.reason != Reason::ContentNotCleaned || rule != Some(ClassRule::Pass));
    let pixels = || pixels(policy, class, row.hold, looked || row.masks_complete, looked);
    content.or_else(|| slide(policy, class, row, looked)).or_else(|| of_rule(rule)).or_else(pixels)
}

/// MPEG-2, H.264, H.265 and RTP streams (PS3.5 8.2.5 to 8.2.8, 10).
fn is_video(syntax: &str) -> bool {
    let Some(rest) = syntax.strip_prefix("1.2.840.10008.1.2.") else { return false };
    match rest.strip_prefix("4.") {
        Some(number) => {
            number.split('.').next().and_then(|n| n.parse::<u32>().ok()).is_some_and(|n| (100..=108).contains(&n))
        }
        None => rest.starts_with("7."),
    }
}

/// Content that nothing cleans, or not under this policy. What is cleaned is looked at by the transform.
fn content(policy: &Policy, class: &SopClass) -> Option<Decision> {
    let contents = class.contents;
    let reason = if contents.document() {
        document(policy, class)
    } else if has_no_patient(class)
        || class.verdict == ClassVerdict::Refuse
        || contents.raw()
        || class.category.starts_with("private")
    {
        Reason::SopClassRefused
    } else {
        Content::of(class).filter(|content| !content.is_cleaned(policy.option_set()))?.reason()
    };
    Some(Decision::at(reason, SOP_CLASS))
}

/// Documents are refused unless the policy leaves them out. Of those in private classes it knows nothing.
fn document(policy: &Policy, class: &SopClass) -> Reason {
    let rule = policy.documents;
    let dropped = match class.uid {
        PDF => rule.pdf == Wrapped::Drop,
        CDA => rule.cda == WrappedCda::Drop,
        _ => class.category == MODEL && rule.model == Wrapped::Drop,
    };
    if dropped { Reason::DocumentDropped } else { Reason::DocumentEmbedded }
}

/// Templates, palettes and protocols of no patient: nothing to group them by, and nobody to ask for consent.
fn has_no_patient(class: &SopClass) -> bool {
    matches!(class.category, "hanging protocol, palette" | "implant template" | "defined protocol" | "inventory")
}

/// The label of a slide is a picture of its identity; an overview shows the label, and so does what says that it does. Cameras
/// of pathology send both in other classes too.
fn slide(policy: &Policy, class: &SopClass, row: &ScanRow, looked: bool) -> Option<Decision> {
    let is_slide = SLIDES.contains(&class.category) || row.modality.as_deref() == Some(SLIDE_MICROSCOPY);
    if !is_slide {
        return None;
    }
    let types = || row.image_type.as_deref().unwrap_or_default().split('\\').map(str::trim);
    let value = |wanted: &str| types().any(|value| value.eq_ignore_ascii_case(wanted));
    let rule = policy.pixels.slides;
    let reason = if value("LABEL") {
        if rule.label == Wrapped::Drop { Reason::SlideDropped } else { Reason::SlideLabel }
    } else if value("OVERVIEW") || row.label_in_image {
        match rule.overview {
            Overview::Drop => Reason::SlideDropped,
            Overview::Refuse => Reason::SlideLabel,
            Overview::Review if looked => return None,
            Overview::Review => Reason::TextNotChecked,
        }
    } else {
        return None;
    };
    Some(Decision::at(reason, if row.label_in_image && !value("LABEL") { LABEL_IN_IMAGE } else { "0008,0008" }))
}

fn of_rule(rule: Option<ClassRule>) -> Option<Decision> {
    (rule == Some(ClassRule::Review)).then(|| Decision::at(Reason::ContentNotCleaned, SOP_CLASS))
}

/// What the pixel stages would have to look at is held, unless the policy looks at no pixels. `text`: a person has looked
/// for text, or a rule says where it stands; `hold`: a rule says that a person has to; `looked`: a person has seen the picture, which shows no face that only many
/// slices make.
fn pixels(policy: &Policy, class: &SopClass, hold: bool, text: bool, looked: bool) -> Option<Decision> {
    let asks = |stage: ClassVerdict| class.verdict == stage || class.verdict == ClassVerdict::TextDeface;
    let may_hold_text = class.burned_in_text > Level::None || asks(ClassVerdict::Text);
    let is_volume = asks(ClassVerdict::Deface);
    let may_show_face = class.face > Level::None || is_volume;
    if !text && (hold || may_hold_text && policy.pixels.text == Check::Check) {
        Some(Decision::at(Reason::TextNotChecked, SOP_CLASS))
    } else if may_show_face && (is_volume || !looked) && policy.pixels.face == Check::Check {
        Some(Decision::at(Reason::FaceNotChecked, SOP_CLASS))
    } else {
        None
    }
}
