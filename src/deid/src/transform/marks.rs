//! Attributes that state the de-identification (PS3.15 E.1.1 step 6, E.2, E.3.6).

use super::context::Context;
use super::dummy::{coded, element, sequence};
use super::settled;
use crate::tables::method_codes::{self, MethodCode};
use crate::tables::{OptionColumn, OptionSet};
use crate::values::tags;
use tokumei_dicom::{Edit, Edits, NewElement, NewValue, Tag};

const IDENTITY_REMOVED: Tag = Tag(0x0012, 0x0062);
const METHOD: Tag = tags::DEIDENTIFICATION_METHOD;
const METHOD_CODES: Tag = Tag(0x0012, 0x0064);
const TEMPORAL: Tag = Tag(0x0028, 0x0303);
const SITE_ID: Tag = Tag(0x0012, 0x0030);

/// True for attributes of the top level that are written here, whatever stood there.
pub(crate) fn is_mark(context: &Context, tag: Tag) -> bool {
    matches!(tag, IDENTITY_REMOVED | METHOD | METHOD_CODES | TEMPORAL)
        || settled::is_mark(context, tag)
        || (tag == SITE_ID && !context.profile.policy().site_code.is_empty())
}

/// Writes them: in place of what stood there, else new.
#[inline(never)]
pub(crate) fn write(context: &Context, edits: &mut Edits) {
    let profile = context.profile;
    put_text(context, edits, IDENTITY_REMOVED, *b"CS", "YES");
    put_text(context, edits, METHOD, *b"LO", &profile.methods().join("\\"));
    put_text(context, edits, TEMPORAL, *b"CS", temporal(profile.options()));
    put(context, edits, sequence(METHOD_CODES, codes(context)));
    let site = &profile.policy().site_code;
    if !site.is_empty() {
        put_text(context, edits, SITE_ID, *b"LO", site);
    }
    for tag in [tags::PATIENT_NAME, tags::PATIENT_ID] {
        if context.ds.find(None, tag).is_none() {
            let vr = if tag == tags::PATIENT_NAME { *b"PN" } else { *b"LO" };
            edits.insert(None, element(tag, vr, context.pseudonym.as_bytes()));
        }
    }
}

/// What Longitudinal Temporal Information Modified (0028,0303) says.
const fn temporal(options: OptionSet) -> &'static str {
    if options.contains(OptionColumn::RtnLongModifiedDates) {
        "MODIFIED"
    } else if options.contains(OptionColumn::RtnLongFullDates) {
        "UNMODIFIED"
    } else {
        "REMOVED"
    }
}

pub(super) fn put_text(context: &Context, edits: &mut Edits, tag: Tag, vr: [u8; 2], text: &str) {
    put(context, edits, element(tag, vr, text.as_bytes()));
}

pub(super) fn put(context: &Context, edits: &mut Edits, new: NewElement) {
    let nodes = context.ds.nodes();
    let mut there = context.ds.children(None).filter(|&i| nodes.get(i as usize).is_some_and(|n| n.tag == new.tag));
    // In place only where the VR is right; anything else, and any second one, goes.
    let first = there.next();
    let reusable = first.filter(|&i| context.ds.node(i).is_some_and(|n| n.vr == new.vr));
    for other in first.filter(|_| reusable.is_none()).into_iter().chain(there) {
        edits.set(other, Edit::Drop);
    }
    match (reusable, new.value) {
        (Some(index), NewValue::Bytes(bytes)) => edits.set(index, Edit::Value(bytes)),
        (Some(index), NewValue::Items(items)) => edits.set(index, Edit::Items(items)),
        (None, value) => edits.insert(None, NewElement { value, ..new }),
    }
}

/// Ours, and earlier ones of CID 7050 that say just what that list says. A statement on dates is made once only.
fn codes(context: &Context) -> Vec<Vec<NewElement>> {
    const DATES: [&str; 2] = ["113106", "113107"];
    let ours: Vec<&MethodCode> =
        method_codes::applied(context.profile.options(), context.settled.text, false).collect();
    let earlier = context.ds.find(None, METHOD_CODES).map(|s| earlier(context, s)).unwrap_or_default();
    let mut all: Vec<&MethodCode> = ours;
    for code in earlier {
        if !DATES.contains(&code.code) && !all.iter().any(|c| c.code == code.code) {
            all.push(code);
        }
    }
    all.into_iter().map(|c| coded(c.code, "DCM", c.meaning)).collect()
}

fn earlier(context: &Context, sequence: u32) -> Vec<&'static MethodCode> {
    let text = |item, tag| context.ds.find(Some(item), tag).and_then(|i| context.text(i, *b"LO"));
    context
        .ds
        .children(Some(sequence))
        .filter_map(|item| {
            let code = method_codes::find(&text(item, Tag(0x0008, 0x0100))?)?;
            let same = text(item, Tag(0x0008, 0x0102))? == "DCM" && text(item, Tag(0x0008, 0x0104))? == code.meaning;
            same.then_some(code)
        })
        .collect()
}
