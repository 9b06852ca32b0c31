//! The one walk over all attributes at every depth: each is decided by the first rule that knows it.

use super::action::{Act, Decision, Letter};
use super::context::{Context, Place};
use super::private::{self, Private};
use super::{Stop, by_vr, codes, colour, document, labels, marks, nested, pixels, proof, structured, table};
use crate::policy::AttributeAction;
use crate::reasons::Reason;
use crate::tables::e1_1::{self, Row};
use crate::tables::outside::{self, OutsideAction};
use crate::tables::{OptionColumn, RuleSource};
use crate::values::{before_nul, tags};
use tokumei_dicom::node::NodeKind;
use tokumei_dicom::{Edit, Edits, Piece, Tag, dictionary, order, value};

/// One attribute that a rule changed or an option kept.
#[derive(Clone, Copy)]
pub(crate) struct Step {
    pub(crate) index: u32,
    pub(crate) letter: Letter,
    pub(crate) rule: RuleSource,
}

/// What the walk has found.
pub(crate) struct Walked {
    pub(crate) edits: Edits,
    /// Every attribute with a letter, in the order of the file.
    pub(crate) steps: Vec<Step>,
    /// Pixel Data of the top level.
    pub(crate) pixel_data: Vec<u32>,
    /// Ranges of nodes below what was dropped or replaced.
    skipped: Vec<(u32, u32)>,
}

impl Walked {
    /// True for nodes that were never looked at, since they go with what is around them.
    pub(crate) fn is_inside_replaced(&self, index: u32) -> bool {
        let at = self.skipped.partition_point(|s| s.0 < index);
        at.checked_sub(1).and_then(|i| self.skipped.get(i)).is_some_and(|s| index < s.1)
    }
}

/// Decides every attribute.
pub(crate) fn walk(context: &mut Context) -> Result<Walked, Stop> {
    nodes(context, 0, Vec::new(), Vec::new())
}

/// Decides every attribute of the items that node 0, a sequence, holds. `path`: that sequence and those around it.
pub(crate) fn items(context: &mut Context, path: Vec<Tag>) -> Result<Walked, Stop> {
    let ends = vec![u32::MAX; path.len()];
    nodes(context, 1, ends, path)
}

/// `ends`: where the sequences around the place end; `path`: their tags.
///
/// What it calls stays in functions of its own (`inline(never)`): a browser counts the bytes of a loop as it goes round, and
/// would spend more on optimising one loop with all rules in it than on the walks of many files.
fn nodes(context: &mut Context, first: u32, mut ends: Vec<u32>, mut path: Vec<Tag>) -> Result<Walked, Stop> {
    let ds = context.ds;
    let mut walked = Walked { edits: Edits::new(), steps: Vec::new(), pixel_data: Vec::new(), skipped: Vec::new() };
    let mut private = Private::default();
    let mut index = first;
    while let Some(node) = ds.node(index) {
        while ends.last().is_some_and(|&end| end <= index) {
            ends.pop();
            path.pop();
        }
        if node.kind == NodeKind::Item {
            if codes::goes_whole(context, &path, index) {
                walked.apply(context, index, Decision::drop(RuleSource::ByVr));
                walked.skipped.push((index, node.next));
                index = node.next.max(index.saturating_add(1));
            } else {
                index = index.saturating_add(1);
            }
            continue;
        }
        let place = Place { index, tag: node.tag, path: &path, parent: node.parent };
        let decision = decide(context, &place, &mut private, &mut walked);
        let decision = finished(context, &place, decision)?;
        proof::note(context, &place, &decision);
        let walks = node.kind == NodeKind::Sequence && matches!(decision.act, Act::Keep);
        walked.apply(context, index, decision);
        if walks {
            ends.push(node.next);
            path.push(node.tag);
            index = index.saturating_add(1);
        } else {
            if node.next > index.saturating_add(1) {
                walked.skipped.push((index, node.next));
            }
            index = node.next.max(index.saturating_add(1));
        }
    }
    for creator in private.unneeded() {
        walked.apply(context, creator, Decision::drop(RuleSource::Private));
    }
    order::sort_by_key(&mut walked.steps, |s| s.index);
    Ok(walked)
}

impl Walked {
    #[inline(never)]
    fn apply(&mut self, context: &mut Context, index: u32, decision: Decision) {
        if let Some(letter) = decision.letter {
            context.counts.add(letter);
            self.steps.push(Step { index, letter, rule: decision.rule });
        }
        let edit = match decision.act {
            Act::Keep | Act::Nested | Act::Stop(_) => return,
            Act::Drop => Edit::Drop,
            Act::Value(value) => Edit::Value(even(context, index, value)),
            Act::Items(items) => Edit::Items(items),
            Act::Cut(len) => {
                let offset = context.ds.node(index).map_or(0, |n| n.value);
                Edit::Pieces(vec![Piece::Range { offset, len }])
            }
        };
        self.edits.set(index, edit);
    }
}

/// Text that is written as UN is padded as text: the splice knows only the VR written (PS3.5 6.2).
fn even(context: &Context, index: u32, mut value: Vec<u8>) -> Vec<u8> {
    let node = context.ds.node(index).filter(|n| &n.vr == b"UN" && value.len() % 2 == 1);
    if let Some(vr) = node.and_then(|n| dictionary::vr_of(n.tag)) {
        value.push(tokumei_dicom::value::padding(vr));
    }
    value
}

/// The first rule that knows the attribute.
#[inline(never)]
fn decide(context: &mut Context, place: &Place, private: &mut Private, walked: &mut Walked) -> Decision {
    let tag = place.tag;
    if goes_whole(tag) {
        return Decision::drop(RuleSource::Group);
    }
    let is_pixels = place.path.is_empty() && pixels::is_pixel_data(tag);
    if !is_pixels && context.ds.node(place.index).is_some_and(|n| n.kind == NodeKind::Fragments) {
        // Fragments are known to no rule but that of Pixel Data.
        return Decision::drop(RuleSource::Unreadable);
    }
    if tag.is_private() {
        if private::is_creator(tag) {
            private.note_creator(place.index);
            return Decision::keep(RuleSource::Private);
        }
        return private.decide(context, place);
    }
    if place.path.is_empty() {
        if marks::is_mark(context, tag) {
            return Decision::keep(RuleSource::Conformance);
        }
        if is_pixels {
            walked.pixel_data.push(place.index);
            return Decision::keep(RuleSource::CodeStream);
        }
        if pixels::is_offset_table(tag) {
            return Decision::keep(RuleSource::CodeStream);
        }
    }
    standard(context, place)
}

#[inline(never)]
fn standard(context: &mut Context, place: &Place) -> Decision {
    let tag = place.tag;
    let Named { row, vr, is_known, .. } = named(context, place);
    let Some(vr) = vr else { return Decision::drop(RuleSource::Group) };
    if is_unseen(context, place, vr) {
        return Decision::drop(RuleSource::Unreadable);
    }
    if let Some(action) = override_of(context, place) {
        return table::by_policy(context, place, vr, action);
    }
    if tag == tags::SPECIFIC_CHARACTER_SET {
        return character_set(context, place);
    }
    if let Some(decision) = document::decide(context, place) {
        return decision;
    }
    if let Some(decision) = structured::decide(context, place) {
        return decision;
    }
    if let Some(row) = row {
        return table::decide(context, place, vr, row);
    }
    if let Some(action) = outside::action(tag) {
        return outside_table(context, place, vr, action);
    }
    if let Some(decision) = codes::decide(context, place).or_else(|| labels::decide(context, place)) {
        return decision;
    }
    if is_known { by_vr::decide(context, place, vr) } else { Decision::drop(RuleSource::Group) }
}

/// What the tables say of a tag.
#[derive(Clone, Copy)]
pub(crate) struct Named {
    tag: Tag,
    row: Option<&'static Row>,
    vr: Option<[u8; 2]>,
    is_known: bool,
}

/// Tags that are remembered: items repeat the same few.
const REMEMBERED: usize = 64;

impl Named {
    fn of(tag: Tag) -> Self {
        let row = if codes::is_macro(tag) { None } else { e1_1::row(tag) };
        let vr = dictionary::vr_of(tag).or(row.map(|r| r.vr));
        Self { tag, row, vr, is_known: dictionary::is_known(tag) }
    }
}

/// What the tables say of the place's tag; of tags in items remembered, since each search takes many steps.
fn named(context: &mut Context, place: &Place) -> Named {
    let tag = place.tag;
    if place.parent.is_none() {
        return Named::of(tag);
    }
    context.named.resize(REMEMBERED, None);
    match context.named.get_mut(usize::from(tag.0 ^ tag.1) % REMEMBERED) {
        Some(Some(known)) if known.tag == tag => *known,
        Some(place) => *place.insert(Named::of(tag)),
        None => Named::of(tag),
    }
}

/// True for text written as more bytes than are held: a rule would take it for an empty value.
fn is_unseen(context: &Context, place: &Place, vr: [u8; 2]) -> bool {
    let Some(node) = context.ds.node(place.index) else { return true };
    let is_numbers = value::is_binary(vr) && &vr != b"UN";
    node.kind == NodeKind::Element && node.len > 0 && context.ds.value(place.index).is_none() && !is_numbers
}

/// Groups that go whole wherever they stand, and what no reader may find in a data set: file meta, signatures,
/// trailing padding, illegal private elements (PS3.5 7.1, 7.8.1).
const fn goes_whole(tag: Tag) -> bool {
    outside::is_removed_group(tag)
        || matches!(tag.0, 0x0002 | 0x4FFE | 0xFFFA | 0xFFFC)
        || (tag.is_private() && !matches!(tag.1, 0x0010..=0x00FF | 0x1000..))
}

fn override_of(context: &Context, place: &Place) -> Option<AttributeAction> {
    let rules = &context.profile.policy().attributes;
    if rules.is_empty() {
        return None;
    }
    let tag = place.tag.to_string();
    let path: Vec<String> = place.path.iter().map(ToString::to_string).collect();
    let path = path.join("/");
    rules
        .iter()
        .rev()
        .find(|r| r.tag.eq_ignore_ascii_case(&tag) && (r.path == "*" || r.path.eq_ignore_ascii_case(&path)))
        .map(|r| r.action)
}

/// Specific Character Set stays as declared, since bytes stay. Where a value cannot be one, the instance becomes `ISO_IR 192`:
/// bytes without a declaration say something else.
fn character_set(context: &mut Context, place: &Place) -> Decision {
    let (text, _) = before_nul(context.bytes(place.index));
    let plain = text
        .split(|&b| b == b'\\')
        .all(|term| core::str::from_utf8(value::trim_bytes(term)).is_ok_and(is_character_set));
    context.cleaned.outgrown |= !plain;
    if plain { Decision::keep(RuleSource::ByVr) } else { Decision::drop(RuleSource::Unreadable) }
}

/// A defined term or one like it, misspelled or of another product: nothing that could be a name.
fn is_character_set(term: &str) -> bool {
    const WORDS: [&str; 8] = ["ISO", "IR", "GBK", "GB", "UTF", "UNICODE", "ASCII", "LATIN"];
    let is_part = |part: &str| {
        let letters = part.trim_end_matches(|c: char| c.is_ascii_digit());
        let known = letters.is_empty() || WORDS.iter().chain(&["ISOIR"]).any(|word| word.eq_ignore_ascii_case(letters));
        known && part.len() - letters.len() <= 5
    };
    term.len() <= 16 && term.split([' ', '_', '-']).all(is_part)
}

#[inline(never)]
fn outside_table(context: &mut Context, place: &Place, vr: [u8; 2], action: OutsideAction) -> Decision {
    let options = context.profile.options();
    match action {
        OutsideAction::PatientCharacteristic if options.contains(OptionColumn::RtnPatientChars) => {
            by_vr::decide(context, place, vr)
        }
        OutsideAction::DeviceIdentity if options.contains(OptionColumn::RtnDeviceId) => {
            by_vr::decide(context, place, vr)
        }
        OutsideAction::PatientCharacteristic => Decision::drop(RuleSource::Outside),
        OutsideAction::Remove | OutsideAction::DeviceIdentity => by_vr::needed(place, vr, RuleSource::Outside),
        OutsideAction::Refuse => Decision::stop(Reason::PixelMismatch, RuleSource::Outside),
        OutsideAction::ColourProfile => colour::decide(context, place),
    }
}

/// What every decision passes at last: a stop ends the walk; what stays has no text after a NUL.
#[inline(never)]
fn finished(context: &mut Context, place: &Place, decision: Decision) -> Result<Decision, Stop> {
    match decision.act {
        Act::Stop(reason) => return Err(context.stop(reason, place.index)),
        Act::Nested => return nested::decide(context, place, decision.rule),
        Act::Keep => {}
        _ => return Ok(decision),
    }
    let Some(node) = context.ds.node(place.index) else { return Ok(decision) };
    if node.kind != NodeKind::Element {
        return Ok(decision);
    }
    let is_text =
        value::is_text(node.vr) || (&node.vr == b"UN" && dictionary::vr_of(place.tag).is_some_and(value::is_text));
    if is_text {
        let (text, hidden) = before_nul(context.bytes(place.index));
        if hidden {
            let value = Decision::value(Letter::C, text, RuleSource::Unreadable);
            return Ok(value);
        }
    }
    Ok(decision)
}
