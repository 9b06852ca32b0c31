//! Texts that are cleaned instead of going (PS3.15 E.3.5): read from their bytes as devices write them, split after
//! decoding, each value cleaned in its place. What stays keeps its bytes wherever that is possible.

use super::action::{Act, Decision, Letter};
use super::cleaner::Cleaning;
use super::context::{Context, Place};
use super::{by_vr, table};
use crate::tables::{RuleSource, e1_1};
use crate::values::before_nul;
use core::ops::Range;
use tokumei_dicom::charset::Text;
use tokumei_dicom::node::{Node, NodeKind};
use tokumei_dicom::value;

/// A text as it may stay, by the policy's way of cleaning. `vr`: by the dictionary. Where nothing of it may stay, or nothing
/// can be read, its attribute goes as if no option named it.
pub(crate) fn text(context: &mut Context, place: &Place, vr: [u8; 2], rule: RuleSource) -> Decision {
    if context.ds.node(place.index).is_some_and(|n| n.kind == NodeKind::Element && n.len == 0) {
        return Decision::keep(rule);
    }
    let Some(cleaning) = context.cleaning.clone() else { return gone(context, place, vr, None) };
    if !context.ds.node(place.index).is_some_and(is_written_as_text) {
        return gone(context, place, vr, Some(RuleSource::Unreadable));
    }
    let (bytes, _) = before_nul(context.bytes(place.index));
    let set = context.ds.charset(place.index);
    // Items that were read out of bytes do not know the character set around them.
    let known = context.nested == 0 || bytes.is_ascii() && !bytes.contains(&0x1B);
    let read = set.read(bytes, vr, context.ds.evidence()).ok().filter(|_| known);
    let Some(read) = read else { return gone(context, place, vr, Some(RuleSource::Unreadable)) };
    let cleaned = Rewritten::of(&cleaning, &read, vr);
    if cleaned.is_empty() && !value::trim(read.as_str()).is_empty() {
        return gone(context, place, vr, Some(rule));
    }
    let Rewritten { text, ranges } = cleaned;
    if text == read.as_str() {
        return Decision { act: Act::Keep, letter: Some(Letter::C), rule };
    }
    let plain = || set.encode(&text, vr).ok();
    let cut = || {
        let bytes = set.cut(bytes, vr, context.ds.evidence(), &read, ranges.as_ref()?).ok()?;
        set.read(&bytes, vr, context.ds.evidence()).is_ok_and(|again| again.as_str() == text).then_some(bytes)
    };
    // What broke its declaration before is written as it should be.
    let written = match (text.is_ascii(), read.is_mended()) {
        (true, _) => plain().or_else(cut),
        // Only we can read what stands under a misspelt declaration.
        (false, _) if !set.is_defined() => None,
        (false, false) => cut().or_else(plain),
        (false, true) => plain(),
    };
    let outgrown = written.is_none();
    let bytes = written.unwrap_or_else(|| text.as_bytes().to_vec());
    if !text.is_ascii() {
        context.cleaned.texts.insert(place.index, text);
    }
    context.cleaned.outgrown |= outgrown;
    Decision::value(Letter::C, bytes, rule)
}

/// A coded value stays where it has the form of a code and every word of it is known to be harmless.
pub(crate) fn code(context: &mut Context, place: &Place, rule: RuleSource) -> Decision {
    let fine = by_vr::codes(context, place).letter.is_none()
        && context.text(place.index, *b"CS").is_some_and(|text| text.split('\\').all(|v| is_harmless(context, v)));
    if fine { Decision { act: Act::Keep, letter: Some(Letter::C), rule } } else { gone(context, place, *b"CS", None) }
}

/// True where every token of a text is known to be harmless; false where nothing cleans.
pub(crate) fn is_harmless(context: &Context, text: &str) -> bool {
    context.cleaning.as_ref().is_some_and(|cleaning| cleaning.is_harmless(text))
}

/// The action without cleaning: of the row by the Type in the IOD, or of the rule by VR. `rule`: what decided instead.
fn gone(context: &mut Context, place: &Place, vr: [u8; 2], rule: Option<RuleSource>) -> Decision {
    let decision = match e1_1::row(place.tag) {
        Some(row) => table::basic(context, place, vr, row),
        None => by_vr::needed(place, vr, RuleSource::ByVr),
    };
    Decision { rule: rule.unwrap_or(decision.rule), ..decision }
}

/// Text, or bytes of unknown VR that the dictionary calls text.
fn is_written_as_text(node: &Node) -> bool {
    let text = matches!(&node.vr, b"LO" | b"SH" | b"ST" | b"LT" | b"UC" | b"UT" | b"AE" | b"UN");
    node.kind == NodeKind::Element && text
}

/// A text after cleaning.
struct Rewritten {
    text: String,
    /// What was cut out of the text that was read; none where more was done than cutting.
    ranges: Option<Vec<Range<usize>>>,
}

impl Rewritten {
    fn of(cleaning: &Cleaning, read: &Text, vr: [u8; 2]) -> Self {
        let whole = read.as_str();
        let mut text = String::with_capacity(whole.len());
        let mut ranges = Some(Vec::new());
        for (i, place) in read.values(vr).enumerate() {
            if i > 0 {
                text.push('\\');
            }
            let written = whole.get(place.clone()).unwrap_or_default();
            let value = value::trim(written);
            let cleaned = cleaning.clean(value);
            if cleaned.text == value {
                text.push_str(written);
                continue;
            }
            text.push_str(&cleaned.text);
            match (&mut ranges, cut_out(written, &cleaned.text)) {
                (Some(all), Some(own)) => all.extend(own.map(|r| place.start + r.start..place.start + r.end)),
                _ => ranges = None,
            }
        }
        Self { text, ranges }
    }

    /// True where no value says anything any more.
    fn is_empty(&self) -> bool {
        self.text.chars().all(|c| c == '\\' || c.is_whitespace())
    }
}

/// What has to be cut out of a text for another one to be left; `None`: cutting alone does not make it.
fn cut_out(text: &str, left: &str) -> Option<impl Iterator<Item = Range<usize>>> {
    let mut ranges: Vec<Range<usize>> = Vec::new();
    let mut wanted = left.chars().peekable();
    for (at, character) in text.char_indices() {
        if wanted.next_if_eq(&character).is_some() {
            continue;
        }
        let end = at + character.len_utf8();
        match ranges.last_mut().filter(|last| last.end == at) {
            Some(last) => last.end = end,
            None => ranges.push(at..end),
        }
    }
    wanted.peek().is_none().then(|| ranges.into_iter())
}

#[cfg(test)]
mod tests {
    use super::cut_out;

    #[test]
    fn cutting_is_told_from_rewriting() {
        let cut = |text, left| cut_out(text, left).map(Iterator::collect::<Vec<_>>);
        assert_eq!(cut("頭部 山田花子", "頭部").as_deref(), Some(std::slice::from_ref(&(6..19))));
        assert_eq!(cut("abc", "abc"), Some(vec![]));
        assert_eq!(cut("abc", "b"), Some(vec![0..1, 2..3]));
        assert_eq!(cut("頭部、胸部", "頭部 胸部"), None);
        assert_eq!(cut("", "a"), None);
    }
}
