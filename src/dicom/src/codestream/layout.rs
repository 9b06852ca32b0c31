//! Fragments written anew (PS3.5 A.4): Basic Offset Table, one fragment for each changed frame, unchanged frames as
//! they were, sequence delimiter.

use super::fragments::{Fragments, Frame, ITEM_HEADER};
use crate::{Error, ErrorKind, Piece, Result};

const ITEM: [u8; 4] = [0xFE, 0xFF, 0x00, 0xE0];
const DELIMITER: [u8; 8] = [0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0];

/// A frame as it leaves.
pub(crate) struct Out {
    pub(crate) frame: Frame,
    /// The new bytes; `None` where it is unchanged.
    pub(crate) cut: Option<Vec<Piece>>,
}

impl Out {
    /// Puts the fragments of an unchanged frame into one.
    pub(crate) fn join(&mut self, fragments: &Fragments<'_>) {
        if self.cut.is_none() && self.frame.count > 1 {
            let spans = fragments.spans(self.frame);
            self.cut = Some(spans.iter().map(|s| Piece::Range { offset: s.offset, len: s.len }).collect());
        }
    }
}

/// A value written anew, and where its frames are.
pub(crate) struct Layout {
    pub(crate) value: Vec<Piece>,
    /// Offset of each frame's first item header from the first one.
    pub(crate) offsets: Vec<u64>,
    /// The Basic Offset Table holds them.
    pub(crate) has_table: bool,
}

/// Writes the value. A full Basic Offset Table if all offsets are at most `farthest`, else an empty one.
pub(crate) fn write(fragments: &Fragments<'_>, frames: &[Out], farthest: Option<u32>) -> Result<Layout> {
    let mut body = Vec::new();
    let mut offsets = Vec::with_capacity(frames.len());
    let mut at = 0_u64;
    for out in frames {
        offsets.push(at);
        let before = body.len();
        match &out.cut {
            Some(pieces) => item(pieces, &mut body)?,
            None => unchanged(fragments, out.frame, &mut body),
        }
        at += body.get(before..).unwrap_or(&[]).iter().map(Piece::len).sum::<u64>();
    }
    let near = |o: &u64| u32::try_from(*o).ok().filter(|o| farthest.is_some_and(|farthest| *o <= farthest));
    let table = offsets.iter().map(near).collect::<Option<Vec<u32>>>();
    let has_table = table.is_some();
    let table: Vec<u8> = table.iter().flatten().flat_map(|o| o.to_le_bytes()).collect();
    let mut value = Vec::new();
    item(&[Piece::Bytes(table)], &mut value)?;
    value.append(&mut body);
    value.push(Piece::Bytes(DELIMITER.to_vec()));
    Ok(Layout { value: joined(value), offsets, has_table })
}

/// One item, padded to even length with 00.
fn item(content: &[Piece], out: &mut Vec<Piece>) -> Result<()> {
    let len: u64 = content.iter().map(Piece::len).fold(0, u64::saturating_add);
    let padded = u32::try_from(len + len % 2).ok().filter(|n| *n != u32::MAX);
    let Some(padded) = padded else { return Err(Error { kind: ErrorKind::TooLarge, path: None, offset: 0 }) };
    out.push(Piece::Bytes([ITEM, padded.to_le_bytes()].concat()));
    out.extend_from_slice(content);
    if len % 2 == 1 {
        out.push(Piece::Bytes(vec![0]));
    }
    Ok(())
}

/// The fragments of a frame with their item headers.
fn unchanged(fragments: &Fragments<'_>, frame: Frame, out: &mut Vec<Piece>) {
    let spans = fragments.spans(frame);
    if let (Some(first), Some(last)) = (spans.first(), spans.last()) {
        let offset = first.offset - ITEM_HEADER;
        out.push(Piece::Range { offset, len: last.offset + last.len - offset });
    }
}

/// Joins neighbours.
fn joined(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut out: Vec<Piece> = Vec::with_capacity(pieces.len());
    for piece in pieces {
        match (out.last_mut(), piece) {
            (_, p) if p.is_empty() => {}
            (Some(Piece::Bytes(last)), Piece::Bytes(b)) => last.extend_from_slice(&b),
            (Some(Piece::Range { offset, len }), Piece::Range { offset: o, len: l }) if *offset + *len == o => {
                *len += l;
            }
            (_, p) => out.push(p),
        }
    }
    out
}
