//! New elements and values as bytes, in the encoding and form of their surroundings.

use super::{NewElement, NewValue};
use crate::node::Encoding;
use crate::{Error, ErrorKind, Result, Tag, value};

/// The longest value of a header with a length of 16 bits: FFFF is odd.
pub(super) const SHORT_MAX: usize = 0xFFFE;

/// How a sequence states its length and that of its items.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Lengths {
    /// In numbers.
    Explicit,
    /// FFFFFFFF and delimiters.
    Undefined,
}

/// A value as it is written: byte order of the encoding, padded to even length.
pub(super) fn value(bytes: &[u8], vr: [u8; 2], encoding: Encoding) -> Vec<u8> {
    let mut out = bytes.to_vec();
    if encoding == Encoding::ExplicitBe && value::unit(vr) > 1 {
        out.chunks_exact_mut(value::unit(vr)).for_each(<[u8]>::reverse);
    }
    if out.len() % 2 == 1 {
        out.push(value::padding(vr));
    }
    out
}

/// Appends an element. Sequences inside sequences are written by a stack, as they are read.
pub(super) fn element(out: &mut Vec<u8>, element: &NewElement, encoding: Encoding, lengths: Lengths) -> Result<()> {
    let mut work = vec![Work::Element(element)];
    while let Some(step) = work.pop() {
        match step {
            Work::Element(e) => match &e.value {
                NewValue::Bytes(bytes) => {
                    let bytes = value(bytes, e.vr, encoding);
                    header(out, e.tag, e.vr, bytes.len(), encoding)?;
                    out.extend(bytes);
                }
                NewValue::Items(items) => {
                    header(out, e.tag, *b"SQ", 0, encoding)?;
                    push_items(&mut work, out.len(), items);
                }
            },
            Work::Item(elements) => {
                item(out, Tag::ITEM, 0, encoding);
                work.push(Work::Close { start: out.len(), delimiter: Tag::ITEM_DELIMITATION });
                work.extend(elements.iter().rev().map(Work::Element));
            }
            Work::Close { start, delimiter } => close(out, start, delimiter, encoding, lengths)?,
        }
    }
    Ok(())
}

/// Appends the items of a sequence, without its header and delimiter.
pub(super) fn items(out: &mut Vec<u8>, items: &[Vec<NewElement>], encoding: Encoding, lengths: Lengths) -> Result<()> {
    for elements in items {
        item(out, Tag::ITEM, 0, encoding);
        let start = out.len();
        for e in elements {
            element(out, e, encoding, lengths)?;
        }
        close(out, start, Tag::ITEM_DELIMITATION, encoding, lengths)?;
    }
    Ok(())
}

/// What is still to be written, last first.
enum Work<'e> {
    Element(&'e NewElement),
    Item(&'e [NewElement]),
    Close { start: usize, delimiter: Tag },
}

fn push_items<'e>(work: &mut Vec<Work<'e>>, start: usize, items: &'e [Vec<NewElement>]) {
    work.push(Work::Close { start, delimiter: Tag::SEQUENCE_DELIMITATION });
    work.extend(items.iter().rev().map(|i| Work::Item(i)));
}

/// Ends what began at `start`: its length stands in the four bytes before.
fn close(out: &mut Vec<u8>, start: usize, delimiter: Tag, encoding: Encoding, lengths: Lengths) -> Result<()> {
    let len = match lengths {
        Lengths::Explicit => u32::try_from(out.len() - start).map_err(|_| too_large(delimiter))?,
        Lengths::Undefined => {
            item(out, delimiter, 0, encoding);
            u32::MAX
        }
    };
    if let Some(field) = start.checked_sub(4).and_then(|at| out.get_mut(at..start)) {
        field.copy_from_slice(&u32_bytes(len, encoding));
    }
    Ok(())
}

/// Appends the header of an element (PS3.5 7.1.2, 7.1.3).
pub(super) fn header(out: &mut Vec<u8>, tag: Tag, vr: [u8; 2], len: usize, encoding: Encoding) -> Result<()> {
    put_tag(out, tag, encoding);
    let long = u32::try_from(len).ok().filter(|&l| l != u32::MAX).ok_or_else(|| too_large(tag))?;
    if encoding == Encoding::ImplicitLe {
        out.extend(long.to_le_bytes());
        return Ok(());
    }
    out.extend(vr);
    if value::uses_long_header(vr) {
        out.extend([0, 0]);
        out.extend(u32_bytes(long, encoding));
    } else {
        let short = u16::try_from(len).ok().filter(|_| len <= SHORT_MAX).ok_or_else(|| too_large(tag))?;
        out.extend(u16_bytes(short, encoding));
    }
    Ok(())
}

/// Appends the header of an item or a delimiter.
pub(super) fn item(out: &mut Vec<u8>, tag: Tag, len: u32, encoding: Encoding) {
    put_tag(out, tag, encoding);
    out.extend(u32_bytes(len, encoding));
}

fn put_tag(out: &mut Vec<u8>, tag: Tag, encoding: Encoding) {
    out.extend(u16_bytes(tag.0, encoding));
    out.extend(u16_bytes(tag.1, encoding));
}

pub(super) fn u16_bytes(n: u16, encoding: Encoding) -> [u8; 2] {
    if encoding == Encoding::ExplicitBe { n.to_be_bytes() } else { n.to_le_bytes() }
}

pub(super) fn u32_bytes(n: u32, encoding: Encoding) -> [u8; 4] {
    if encoding == Encoding::ExplicitBe { n.to_be_bytes() } else { n.to_le_bytes() }
}

fn too_large(tag: Tag) -> Error {
    Error { kind: ErrorKind::TooLarge, path: Some(tag.into()), offset: 0 }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn bytes(e: &NewElement, encoding: Encoding, lengths: Lengths) -> Vec<u8> {
        let mut out = Vec::new();
        element(&mut out, e, encoding, lengths).unwrap();
        out
    }

    fn us(n: u16) -> NewElement {
        NewElement { tag: Tag(0x0028, 0x0010), vr: *b"US", value: NewValue::Bytes(n.to_le_bytes().to_vec()) }
    }

    #[test]
    fn numbers_follow_the_byte_order() {
        let e = us(0x0102);
        let explicit = bytes(&e, Encoding::ExplicitLe, Lengths::Explicit);
        assert_eq!(explicit, [0x28, 0, 0x10, 0, b'U', b'S', 2, 0, 2, 1]);
        let big = bytes(&e, Encoding::ExplicitBe, Lengths::Explicit);
        assert_eq!(big, [0, 0x28, 0, 0x10, b'U', b'S', 0, 2, 1, 2]);
        let implicit = bytes(&e, Encoding::ImplicitLe, Lengths::Explicit);
        assert_eq!(implicit, [0x28, 0, 0x10, 0, 2, 0, 0, 0, 2, 1]);
    }

    #[test]
    fn sequences_in_both_forms() {
        let e = NewElement { tag: Tag(8, 0x1140), vr: *b"SQ", value: NewValue::Items(vec![vec![us(1)], vec![]]) };
        let explicit = bytes(&e, Encoding::ExplicitLe, Lengths::Explicit);
        assert_eq!(explicit.get(8..12).unwrap(), 26u32.to_le_bytes());
        assert_eq!(explicit.get(16..20).unwrap(), 10u32.to_le_bytes());
        assert_eq!(explicit.len(), 12 + 26);
        let undefined = bytes(&e, Encoding::ImplicitLe, Lengths::Undefined);
        assert_eq!(undefined.len(), 8 + (8 + 10 + 8) + (8 + 8) + 8);
        assert!(undefined.ends_with(&[0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0]));
    }

    #[test]
    fn short_headers_end_at_65534() {
        let lo = |n| NewElement { tag: Tag(8, 0x1030), vr: *b"LO", value: NewValue::Bytes(vec![b'a'; n]) };
        let mut out = Vec::new();
        assert!(element(&mut out, &lo(65_534), Encoding::ExplicitLe, Lengths::Explicit).is_ok());
        assert!(element(&mut out, &lo(65_535), Encoding::ExplicitLe, Lengths::Explicit).is_err());
        assert!(element(&mut out, &lo(65_535), Encoding::ImplicitLe, Lengths::Explicit).is_ok());
    }
}
