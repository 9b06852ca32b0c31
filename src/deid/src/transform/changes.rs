//! What was changed and by which rule, for the person at the screen alone: it holds original values.

use super::action::Letter;
use super::context::Context;
use super::walk::Step;
use super::{Identity, Stop, decided};
use crate::profile::Profile;
use serde::Serialize;
use tokumei_dicom::node::NodeKind;
use tokumei_dicom::{Edit, Edits, Source, dictionary, read, value};

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
        let walked = decided(&mut context)?;
        Ok(walked.steps.iter().filter_map(|&step| change(&context, &walked.edits, step)).collect())
    };
    listed().map_err(|stop| stop.reason.code())
}

fn change(context: &Context, edits: &Edits, step: Step) -> Option<Change> {
    let node = context.ds.node(step.index)?;
    let text = node.kind == NodeKind::Element && (value::is_text(node.vr) || &node.vr == b"UN");
    let before = if text { context.text(step.index, node.vr).map(shortened) } else { None };
    let after = match edits.get(step.index) {
        Some(Edit::Value(bytes)) if text => core::str::from_utf8(bytes).ok().map(|t| shortened(t.to_owned())),
        Some(_) => None,
        None => before.clone(),
    };
    Some(Change {
        path: context.ds.path(step.index).to_string(),
        keyword: dictionary::keyword_of(node.tag),
        vr: core::str::from_utf8(&node.vr).unwrap_or("UN").to_owned(),
        before,
        after,
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
