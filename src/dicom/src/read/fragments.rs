//! Encapsulated Pixel Data (PS3.5 A.4): fragments found by their item headers, never read.

use super::header::item_head;
use super::window::Window;
use crate::data_set::Fragment;
use crate::quirks::{Quirk, Quirks};
use crate::{ErrorKind, Limits, Tag};

/// Fragments up to this size are read through, bigger ones are skipped.
const SMALL: u64 = 16 << 10;
const READ_THROUGH: u64 = 64 << 10;

/// All fragments from an offset.
pub(super) struct Walked {
    pub(super) fragments: Vec<Fragment>,
    /// Offset after the last fragment.
    pub(super) content_end: u64,
    /// Offset after the delimiter.
    pub(super) end: u64,
}

/// Walks from the first item header to the sequence delimiter.
pub(super) fn walk(w: &mut Window, start: u64, limits: &Limits, quirks: &mut Quirks) -> Result<Walked, ErrorKind> {
    let mut fragments = Vec::new();
    let mut pos = start;
    let mut last = READ_THROUGH;
    loop {
        let ahead = if last < SMALL { READ_THROUGH } else { 8 };
        let (bytes, n) = w.look::<8>(pos, ahead)?;
        match item_head(&bytes).filter(|_| n == 8) {
            Some((Tag::ITEM, len, _)) if len != u32::MAX => {
                let fragment = Fragment { offset: pos + 8, len: u64::from(len) };
                let end = fragment.offset + fragment.len;
                if end > w.len {
                    return Err(ErrorKind::Truncated);
                }
                if fragments.len() as u64 >= u64::from(limits.elements) {
                    return Err(ErrorKind::TooLarge);
                }
                fragments.push(fragment);
                last = fragment.len;
                pos = after(w, end, fragment.len, quirks)?;
            }
            Some((Tag::SEQUENCE_DELIMITATION, ..)) => {
                return Ok(Walked { fragments, content_end: pos, end: pos + 8 });
            }
            None if n == 0 || (n == 8 && !fragments.is_empty()) => {
                quirks.note(Quirk::FragmentsOpen);
                return Ok(Walked { fragments, content_end: pos, end: pos });
            }
            None if n < 8 => return Err(ErrorKind::Truncated),
            _ => return Err(ErrorKind::PixelMismatch),
        }
    }
}

/// Where the next item header stands: some writers pad odd fragments without counting the padding.
fn after(w: &mut Window, end: u64, len: u64, quirks: &mut Quirks) -> Result<u64, ErrorKind> {
    if len.is_multiple_of(2) {
        return Ok(end);
    }
    quirks.note(Quirk::OddFragment);
    let (bytes, n) = w.look::<9>(end, 9)?;
    if n == 9 && item_head(&bytes).is_none() && bytes.get(1..).and_then(item_head).is_some() {
        quirks.note(Quirk::UncountedPadding);
        return Ok(end + 1);
    }
    Ok(end)
}
