//! Whether every text of an instance that is made of text or graphics is known to be harmless. Images leave with cleaned
//! texts; a report whose sentences were only cut leaves where the policy says so (`classes`).

use super::action::{Act, Decision, Letter};
use super::context::{Context, Place};
use super::structured::TEXT_VALUE;
use super::{Stop, cleaning, codes};
use crate::content::Content;
use crate::policy::{ClassRule, Descriptors};
use crate::profile::Profile;
use crate::reasons::Reason;
use crate::tables::RuleSource;
use crate::tables::sop_class::SopClass;
use tokumei_dicom::{Tag, dictionary};

const CONTENT_SEQUENCE: Tag = Tag(0x0040, 0xA730);

/// What is asked of an instance, and the first text that is not known to be harmless.
#[derive(Default)]
pub(crate) struct Proof {
    asked: Option<Content>,
    doubtful: Option<String>,
}

impl Proof {
    /// For a class under a policy.
    pub(crate) fn of(profile: &Profile, class: &SopClass) -> Self {
        let rules = &profile.policy().classes;
        let rule = rules.get(class.uid).or_else(|| rules.get(class.category));
        let document = profile.policy().cleans_document(class).then_some(Content::Report);
        let content = document.or_else(|| Content::of(class).filter(|c| c.is_cleaned(profile.options())));
        let content = content.filter(|_| rule != Some(&ClassRule::Pass));
        Self { asked: content, doubtful: None }
    }

    /// Notes a text that is not known to be harmless, where that is asked.
    pub(crate) fn doubt(&mut self, path: String) {
        if self.asked.is_some() {
            self.doubtful.get_or_insert(path);
        }
    }

    /// Stops an instance with a doubtful text.
    pub(crate) fn settle(&mut self) -> Result<(), Stop> {
        let reason = self.asked.map_or(Reason::ContentNotCleaned, Content::reason);
        self.doubtful.take().map_or(Ok(()), |tag| Err(Stop { reason, tag: Some(tag) }))
    }
}

/// Looks at what a decision leaves of a text.
pub(crate) fn note(context: &mut Context, place: &Place, decision: &Decision) {
    let Some(asked) = context.proof.asked.filter(|_| context.proof.doubtful.is_none()) else { return };
    if decision.rule == RuleSource::Conformance {
        // Written anew, whatever stood there.
        return;
    }
    let is_text = |vr: &[u8; 2]| matches!(vr, b"LO" | b"SH" | b"ST" | b"LT" | b"UC" | b"UT");
    // Most attributes are written as no text, which is known before the dictionary is asked.
    let written = context.ds.node(place.index).is_some_and(|n| is_text(&n.vr) || &n.vr == b"UN");
    if !written || !asks(asked, place) {
        return;
    }
    let Some(vr) = dictionary::vr_of(place.tag).filter(is_text) else { return };
    // What is cleaned strictly is harmless by its making.
    let strict = context.profile.policy().descriptors == Descriptors::Strict;
    if strict && decision.letter == Some(Letter::C) && decision.rule != RuleSource::Unreadable {
        return;
    }
    let left = match (&decision.act, decision.letter) {
        (Act::Keep, _) => context.text(place.index, vr),
        (Act::Value(value), Some(Letter::C)) => match context.cleaned.texts.get(&place.index) {
            Some(text) => Some(text.clone()),
            None => core::str::from_utf8(value).ok().map(str::to_owned),
        },
        _ => return,
    };
    let known = decision.rule == RuleSource::TechnicalText;
    if !known && !left.is_some_and(|text| text.trim().is_empty() || cleaning::is_harmless(context, &text)) {
        context.proof.doubtful = Some(context.ds.path(place.index).to_string());
    }
}

/// Where the text of a content stands. Codes have a rule of their own.
fn asks(content: Content, place: &Place) -> bool {
    let is_code = codes::is_macro(place.tag);
    let inside = |tag| place.path.contains(&tag);
    match content {
        _ if is_code => false,
        Content::Report | Content::Selection => place.tag == TEXT_VALUE || inside(CONTENT_SEQUENCE),
        Content::Graphics => {
            place.tag == TEXT_VALUE || place.tag.0 == 0x0070 || place.path.iter().any(|t| t.0 == 0x0070)
        }
        Content::Attributes => true,
    }
}
