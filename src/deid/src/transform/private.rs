//! Private attributes (PS3.5 7.8, PS3.15 E.3.10): they go, but for those that Table E.3.10-1 or the policy lists, found
//! by creator, in each item by itself, and only where the value is what the list says.

use super::action::{Act, Decision, Letter};
use super::by_vr;
use super::context::{Context, Place};
use super::{formats, spelled, uid};
use crate::tables::vendor_private::{self, VendorPrivate};
use crate::tables::{OptionColumn, RuleSource, private_safe};
use tokumei_dicom::node::{Encoding, NodeKind};
use tokumei_dicom::{DataSet, Tag, order, value};

/// The blocks of one data set or item.
struct Blocks {
    parent: Option<u32>,
    end: u32,
    /// Group, block, node of the creator, creator; ambiguous reservations left out.
    creators: Vec<(u16, u8, u32, String)>,
}

/// Blocks of the items around the place, and which creators are needed.
#[derive(Default)]
pub(crate) struct Private {
    open: Vec<Blocks>,
    creators: Vec<u32>,
    needed: Vec<u32>,
}

/// True for a Private Creator (gggg,0010-00FF).
pub(crate) const fn is_creator(tag: Tag) -> bool {
    tag.is_private() && matches!(tag.1, 0x0010..=0x00FF)
}

impl Private {
    /// A creator stays if something of its block does; that is known at the end.
    pub(crate) fn note_creator(&mut self, index: u32) {
        self.creators.push(index);
    }

    /// Creators whose blocks are empty now.
    pub(crate) fn unneeded(&self) -> impl Iterator<Item = u32> + '_ {
        let mut needed = self.needed.clone();
        order::sort(&mut needed);
        self.creators.iter().copied().filter(move |i| needed.binary_search(i).is_err())
    }

    /// What becomes of a private element.
    pub(crate) fn decide(&mut self, context: &mut Context, place: &Place) -> Decision {
        let gone = Decision::drop(RuleSource::Private);
        let keeps = context.profile.options().contains(OptionColumn::RtnSafePrivate);
        if !keeps || place.tag.1 < 0x1000 {
            return gone;
        }
        let Some((creator_index, creator)) = self.creator(context.ds, place) else { return gone };
        let Some((listed, rule)) = Listed::find(context, &creator, place.tag) else { return gone };
        let decision = listed.check(context, place, rule);
        if !matches!(decision.act, Act::Drop) && self.needed.last() != Some(&creator_index) {
            self.needed.push(creator_index);
        }
        decision
    }

    fn creator(&mut self, ds: &DataSet, place: &Place) -> Option<(u32, String)> {
        while self.open.last().is_some_and(|b| b.end <= place.index) {
            self.open.pop();
        }
        if self.open.last().is_none_or(|b| b.parent != place.parent) {
            self.open.push(Blocks::read(ds, place.parent));
        }
        let block = u8::try_from(place.tag.1 >> 8).ok()?;
        let found = self.open.last()?.creators.iter().find(|c| (c.0, c.1) == (place.tag.0, block))?;
        Some((found.2, found.3.clone()))
    }
}

impl Blocks {
    fn read(ds: &DataSet, parent: Option<u32>) -> Self {
        let end = parent.map_or(u32::MAX, |p| ds.node(p).map_or(0, |n| n.next));
        let mut creators = Vec::new();
        for index in ds.children(parent) {
            let Some(node) = ds.node(index).filter(|n| is_creator(n.tag)) else { continue };
            let Ok(block) = u8::try_from(node.tag.1) else { continue };
            let text = ds.value(index).and_then(|v| core::str::from_utf8(v).ok());
            let text = text.map(|t| t.trim_end_matches([' ', '\0'])).filter(|t| !t.is_empty());
            creators.push((node.tag.0, block, index, text.unwrap_or_default().to_owned()));
        }
        order::sort_by_key(&mut creators, |c| (c.0, c.1));
        // A block that two creators reserve belongs to none.
        let blocks: Vec<(u16, u8)> = creators.iter().map(|c| (c.0, c.1)).collect();
        let mut twice = blocks.iter().zip(blocks.iter().skip(1)).filter(|(a, b)| a == b).map(|(a, _)| *a).peekable();
        creators.retain(|c| {
            while twice.peek().is_some_and(|&block| block < (c.0, c.1)) {
                twice.next();
            }
            !c.3.is_empty() && twice.peek() != Some(&(c.0, c.1))
        });
        Self { parent, end, creators }
    }
}

/// What a list says of an element's value.
enum Listed {
    Safe(&'static private_safe::SafePrivate),
    /// By the policy: the VR, and what is known of the element where it is one of a vendor's set.
    Allowed([u8; 2], Option<&'static VendorPrivate>),
}

impl Listed {
    fn find(context: &Context, creator: &str, tag: Tag) -> Option<(Self, RuleSource)> {
        let policy = &context.profile.policy().private;
        let element = u8::try_from(tag.1 & 0xFF).ok()?;
        if policy.safe
            && let Some(row) = private_safe::find(creator, tag.0, element)
        {
            return Some((Self::Safe(row), RuleSource::SafePrivate));
        }
        let hex = |text: &str| u16::from_str_radix(text, 16).ok();
        let allowed = policy.allow.iter().find(|a| {
            a.creator == creator && hex(&a.group) == Some(tag.0) && hex(&a.element) == Some(element.into())
        })?;
        let vr: [u8; 2] = allowed.vr.as_bytes().try_into().ok()?;
        let known = vendor_private::find(creator, tag.0, element, vr);
        Some((Self::Allowed(vr, known), RuleSource::AllowedPrivate))
    }

    /// The VR to read the value by; `None` where the VR written contradicts the list.
    fn vr(&self, written: [u8; 2]) -> Option<[u8; 2]> {
        match self {
            Self::Safe(row) if row.allows_vr(written) => Some(written),
            Self::Allowed(vr, _) if *vr == written => Some(written),
            Self::Safe(row) if &written == b"UN" => row.vr,
            Self::Allowed(vr, _) if &written == b"UN" => Some(*vr),
            // Where the list gives no VR, only numbers can be judged by themselves.
            Self::Safe(row) if row.vr.is_none() && value::unit(written) > 1 => Some(written),
            _ => None,
        }
    }

    fn allows_count(&self, count: usize) -> bool {
        match self {
            Self::Safe(row) => row.allows_count(count),
            Self::Allowed(_, known) => known.is_none_or(|row| row.allows_count(count)),
        }
    }

    /// Numbers of a vendor's set lie between its bounds.
    fn allows_values(&self, context: &Context, place: &Place, vr: [u8; 2]) -> bool {
        let Self::Allowed(_, Some(row)) = self else { return true };
        numbers(context, place.index, vr).is_some_and(|values| values.iter().all(|value| row.allows(*value)))
    }

    fn check(&self, context: &mut Context, place: &Place, rule: RuleSource) -> Decision {
        let gone = Decision::drop(RuleSource::Private);
        let Some(node) = context.ds.node(place.index) else { return gone };
        let written = if node.kind == NodeKind::Sequence { *b"SQ" } else { node.vr };
        let Some(vr) = self.vr(written) else { return gone };
        if node.kind == NodeKind::Sequence {
            let items = context.ds.children(Some(place.index)).count();
            return if &vr == b"SQ" && self.allows_count(items) { Decision::kept(rule) } else { gone };
        }
        if node.len == 0 && &vr != b"SQ" {
            return Decision::kept(rule);
        }
        // Text written as more bytes than are held would look empty.
        if context.ds.value(place.index).is_none() && !(value::is_binary(written) && written == vr) {
            return gone;
        }
        if !self.allows_count(count_of(context, place, vr, node.len)) || !self.allows_values(context, place, vr) {
            return gone;
        }
        checked(context, place, vr, rule)
    }
}

/// A value of the VR that the list says.
fn checked(context: &mut Context, place: &Place, vr: [u8; 2], rule: RuleSource) -> Decision {
    let gone = Decision::drop(RuleSource::Private);
    let decision = match &vr {
        b"UI" => {
            let bytes = context.bytes(place.index);
            uid::decide(context, place.tag, bytes, None)
        }
        b"DA" | b"DT" | b"TM" => by_vr::unlisted_date(context, place, vr),
        b"CS" => by_vr::codes(context, place),
        b"DS" | b"IS" | b"AS" => by_vr::numbers_as_text(context, place, vr),
        b"LO" | b"SH" | b"ST" | b"LT" | b"UC" | b"UT" => {
            let text = context.text(place.index, vr);
            let plain = text.is_some_and(|t| {
                let ascii = t.bytes().all(|b| (0x20..0x7F).contains(&b));
                // Names of people whom no header names, found as in descriptions.
                let named = |t: &str| context.cleaning.as_ref().is_some_and(|cleaning| !cleaning.catches_nothing(t));
                let own = context.lexicon.is_in(&t) || by_vr::tells_date(context, &t);
                ascii && !formats::is_encoded(&t) && !own && !named(&t)
            });
            return if plain { Decision::kept(rule) } else { gone };
        }
        b"SQ" => return Decision::nested(rule),
        b"PN" | b"AE" | b"UR" | b"UN" => return gone,
        b"OB" | b"OW" if spelled::in_bulk(context, place.index) || formats::is_nested(context, place.index) => {
            return gone;
        }
        b"OB" | b"OW" => return Decision::kept(rule),
        _ if spelled::in_numbers(context, place.index, vr) => return gone,
        _ => return Decision::kept(rule),
    };
    match decision.letter {
        None => Decision::kept(rule),
        // What is not of its VR is text; a private block needs no dummies.
        Some(Letter::X | Letter::Z | Letter::D) => gone,
        Some(_) => decision,
    }
}

/// The values of a VR of numbers; `None` where one is none.
fn numbers(context: &Context, index: u32, vr: [u8; 2]) -> Option<Vec<f64>> {
    let bytes = context.ds.value(index)?;
    let big = context.ds.node(index).is_some_and(|n| n.encoding == Encoding::ExplicitBe);
    if matches!(&vr, b"DS" | b"IS") {
        let text = core::str::from_utf8(bytes).ok()?.trim_end_matches('\0');
        return text.split('\\').map(|value| value.trim().parse().ok()).collect();
    }
    let number = |value: &[u8]| {
        let mut value = value.to_vec();
        if big {
            value.reverse();
        }
        Some(match &vr {
            b"US" => u16::from_le_bytes(value.try_into().ok()?).into(),
            b"SS" => i16::from_le_bytes(value.try_into().ok()?).into(),
            b"FL" => f32::from_le_bytes(value.try_into().ok()?).into(),
            b"FD" => f64::from_le_bytes(value.try_into().ok()?),
            _ => return None,
        })
    };
    bytes.chunks(value::unit(vr)).map(number).collect()
}

/// Number of values (PS3.5 6.4).
fn count_of(context: &Context, place: &Place, vr: [u8; 2], len: u64) -> usize {
    match &vr {
        b"OB" | b"OW" | b"OF" | b"OD" | b"OL" | b"OV" | b"SQ" | b"ST" | b"LT" | b"UT" | b"UR" => 1,
        _ if value::is_text(vr) => context.bytes(place.index).split(|&b| b == b'\\').count(),
        _ => {
            let unit = value::unit(vr) as u64;
            if len.is_multiple_of(unit) { usize::try_from(len / unit).unwrap_or(usize::MAX) } else { usize::MAX }
        }
    }
}
