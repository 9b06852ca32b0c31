//! Boxes of the ISO base form, as JP2 (T.800 annex I) and JPEG XL (ISO/IEC 18181-2) use them.

use super::stream::Stream;
use crate::Result;

/// More boxes than any writer makes.
const MAX_BOXES: usize = 1 << 12;

/// One box.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Box4 {
    /// Four letters.
    pub(crate) kind: [u8; 4],
    /// Position of its content.
    pub(crate) start: u64,
    /// Position after its content.
    pub(crate) end: u64,
}

/// The boxes that lie from `pos` to `end`, one after another. Less than a box header at the end is padding.
pub(crate) fn list(s: &mut Stream<'_>, mut pos: u64, end: u64) -> Result<Vec<Box4>> {
    let mut out = Vec::new();
    while end.saturating_sub(pos) >= 8 {
        let len = u64::from(s.u32(pos)?);
        let kind: [u8; 4] = s.array(pos + 4)?;
        let (head, len) = match len {
            0 => (8, end - pos),
            1 => (16, u64::from_be_bytes(s.array(pos + 8)?)),
            n => (8, n),
        };
        let box_end = pos.checked_add(len).filter(|e| *e <= end && len >= head);
        let Some(box_end) = box_end.filter(|_| out.len() < MAX_BOXES) else { return Err(s.mismatch(pos)) };
        out.push(Box4 { kind, start: pos + head, end: box_end });
        pos = box_end;
    }
    Ok(out)
}
