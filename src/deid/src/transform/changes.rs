//! What was changed and by which rule, for the person at the screen alone: it holds original values.

use super::action::Letter;
use super::context::Context;
use super::walk::{Step, Walked};
use super::{Identity, NewPixels, Stop, decided, implementation_version, marks};
use crate::profile::Profile;
use crate::tables::RuleSource;
use crate::values::before_nul;
use serde::Serialize;
use tokumei_dicom::node::NodeKind;
use tokumei_dicom::splice::{NewElement, NewValue};
use tokumei_dicom::{Edit, Edits, Source, Tag, dictionary, order, read, value};

/// JPEG XL JPEG Recompression: its JPEGs are given back before an instance is transformed.
const RECOMPRESSED: &str = "1.2.840.10008.1.2.4.111";
/// Longest text shown, in characters.
const SHOWN_MAX: usize = 256;

/// One attribute before and after. No `Debug`: it holds original values.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    /// Place.
    pub path: String,
    /// Keyword (PS3.6), where there is one.
    pub keyword: Option<&'static str>,
    /// VR.
    pub vr: String,
    /// Value before; none where it is not text.
    pub before: Option<String>,
    /// Value after; none where it is gone or not text.
    pub after: Option<String>,
    /// It did not stand in the instance.
    pub added: bool,
    /// It leaves as something else, or not at all.
    pub changed: bool,
    /// Action.
    pub action: Letter,
    /// Stable id of the rule.
    pub rule: &'static str,
    /// Section of the standard.
    pub section: &'static str,
}

/// What a transform does to each attribute, or the reason why it stops.
pub fn changes(profile: &Profile, source: &dyn Source, namespace: &str) -> Result<Vec<Change>, &'static str> {
    let listed = || -> Result<Vec<Change>, Stop> {
        let ds = read::parse(source, &profile.policy().limits.reading())?;
        let identity = Identity::of(profile, &ds)?;
        let mut context = identity.context(profile, source, &ds, namespace)?;
        context.settled.pixels = (ds.form().transfer_syntax == RECOMPRESSED).then(NewPixels::given_back);
        let walked = decided(&mut context)?;
        Ok(all(&context, &walked))
    };
    listed().map_err(|stop| stop.reason.code())
}

/// What the walk did, what is written whatever stood there, and what is done to the pixels, in the order of tags.
fn all(context: &Context, walked: &Walked) -> Vec<Change> {
    let at = |index: u32| context.ds.node(index).map(|n| n.tag);
    let is_edited = |&index: &u32| walked.edits.get(index).is_some();
    let of = |letter, rule| move |index| Step { index, letter, rule };
    let marked = context.ds.children(None).filter(|&i| at(i).is_some_and(|tag| marks::is_mark(context, tag)));
    let marked = marked.filter(is_edited).map(of(Letter::D, RuleSource::Conformance));
    let pixels = walked.pixel_data.iter().copied().filter(is_edited).map(of(Letter::C, RuleSource::CodeStream));
    let mut steps: Vec<Step> = walked.steps.iter().copied().chain(marked).chain(pixels).collect();
    order::sort_by_key(&mut steps, |s| s.index);
    let mut all = vec![file_meta()];
    all.extend(steps.into_iter().filter_map(|step| change(context, &walked.edits, step)));
    for new in walked.edits.inserted(None) {
        let tag = new.tag.to_string();
        let place = all.iter().position(|c| c.path.get(..tag.len()).is_some_and(|other| *other > *tag));
        all.insert(place.unwrap_or(all.len()), added(context, new));
    }
    all
}

/// The group 0002 and the preamble, which are made anew whatever they were.
fn file_meta() -> Change {
    Change {
        path: "0002".to_owned(),
        keyword: None,
        vr: String::new(),
        before: None,
        after: Some(implementation_version()),
        added: false,
        changed: true,
        action: Letter::D,
        rule: RuleSource::Meta.id(),
        section: RuleSource::Meta.section(),
    }
}

fn added(context: &Context, new: &NewElement) -> Change {
    let rule = if marks::is_mark(context, new.tag) { RuleSource::Conformance } else { RuleSource::Pseudonym };
    Change {
        path: new.tag.to_string(),
        keyword: dictionary::keyword_of(new.tag),
        vr: core::str::from_utf8(&new.vr).unwrap_or("UN").to_owned(),
        before: None,
        after: Some(written(&new.value)),
        added: true,
        changed: true,
        action: Letter::D,
        rule: rule.id(),
        section: rule.section(),
    }
}

/// A new value as text; of codes their meanings.
fn written(value: &NewValue) -> String {
    match value {
        NewValue::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        NewValue::Items(items) => meanings(items),
    }
}

fn meanings(items: &[Vec<NewElement>]) -> String {
    const MEANING: Tag = Tag(0x0008, 0x0104);
    let texts = items.iter().flatten().filter(|e| e.tag == MEANING).map(|e| match &e.value {
        NewValue::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        NewValue::Items(_) => String::new(),
    });
    texts.collect::<Vec<_>>().join("; ")
}

fn change(context: &Context, edits: &Edits, step: Step) -> Option<Change> {
    let node = context.ds.node(step.index)?;
    let text = node.kind == NodeKind::Element && (value::is_text(node.vr) || &node.vr == b"UN");
    let read = |bytes: &[u8]| context.ds.charset(step.index).read(bytes, node.vr, context.ds.evidence()).ok();
    let shown = |bytes: &[u8]| read(before_nul(bytes).0).map(|t| shortened(value::trim(t.as_str()).to_owned()));
    let before = if text { shown(context.bytes(step.index)) } else { None };
    let after = match (edits.get(step.index), context.cleaned.texts.get(&step.index)) {
        (Some(Edit::Value(_)), Some(cleaned)) => Some(shortened(cleaned.clone())),
        (Some(Edit::Value(bytes)), None) if text => shown(bytes),
        (Some(Edit::Items(items)), _) => Some(meanings(items)).filter(|text| !text.is_empty()),
        (Some(_), _) => None,
        (None, _) => before.clone(),
    };
    Some(Change {
        path: context.ds.path(step.index).to_string(),
        keyword: dictionary::keyword_of(node.tag),
        vr: core::str::from_utf8(&node.vr).unwrap_or("UN").to_owned(),
        before,
        after,
        added: false,
        changed: edits.get(step.index).is_some(),
        action: step.letter,
        rule: step.rule.id(),
        section: step.rule.section(),
    })
}

fn shortened(text: String) -> String {
    match text.char_indices().nth(SHOWN_MAX) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
        None => text,
    }
}
