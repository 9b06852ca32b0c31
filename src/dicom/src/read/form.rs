//! What kind of file it is: preamble, File Meta Information (PS3.10 7.1), and the true encoding of the data set.

use super::header::{self, strict};
use super::window::Window;
use crate::node::Encoding;
use crate::quirks::{Quirk, Quirks};
use crate::{ErrorKind, Tag, dictionary, value};
use std::collections::BTreeSet;

const PREAMBLE: u64 = 128;
const GROUP_LENGTH: Tag = Tag(0x0002, 0x0000);
/// How far a misplaced group 0002 is searched for.
const SEARCHED: usize = 512;
/// Headers in a row that make an encoding certain.
const CERTAIN: u32 = 4;
/// A bare data set begins with a low group.
const FIRST_GROUP_MAX: u16 = 0x0040;

/// What stands before the data set.
#[derive(Default)]
pub(super) struct Front {
    pub(super) preamble: bool,
    pub(super) has_meta: bool,
    pub(super) meta: Meta,
    /// Offset of the data set.
    pub(super) data_set: u64,
}

/// The values of group 0002 that matter here.
#[derive(Default)]
pub(super) struct Meta {
    pub(super) sop_class: Option<String>,
    pub(super) transfer_syntax: Option<String>,
    pub(super) implementation_class: Option<String>,
}

/// Finds the data set. A file that has neither group 0002 nor a plausible data set is not DICOM; one with `DICM` that
/// has neither is damaged.
pub(super) fn front(w: &mut Window, quirks: &mut Quirks) -> Result<Front, ErrorKind> {
    let (magic, n) = w.look::<6>(PREAMBLE, 6)?;
    let has_magic = n >= 4 && magic.starts_with(b"DICM");
    let (first, _) = w.peek::<8>(0)?;
    // `DICM` can stand at byte 128 of a bare data set too, inside a value.
    let start = if has_magic && is_meta_group([magic[4], magic[5]]) {
        Some(PREAMBLE + 4)
    } else if first.starts_with(b"DICM") {
        Some(4)
    } else if is_meta_group([first[0], first[1]]) && first[3] == 0 {
        Some(0)
    } else {
        None
    };
    let start = match start {
        Some(start) => start,
        None if is_bare(w, 0)? => return Ok(Front::default()),
        None => match misplaced_meta(w)? {
            Some(start) => {
                quirks.note(Quirk::MisplacedMeta);
                start
            }
            None if has_magic && is_bare(w, PREAMBLE + 4)? => PREAMBLE + 4,
            None if has_magic => return Err(ErrorKind::Damaged),
            None => return Err(ErrorKind::NotDicom),
        },
    };
    let mut front = Front { preamble: start >= PREAMBLE, data_set: start, ..Front::default() };
    read_meta(w, start, &mut front, quirks)?;
    Ok(front)
}

fn is_meta_group(bytes: [u8; 2]) -> bool {
    matches!(bytes, [2, 0] | [0, 2])
}

/// An element of group 0002 somewhere near the start, where preamble or `DICM` are cut or absent.
fn misplaced_meta(w: &mut Window) -> Result<Option<u64>, ErrorKind> {
    let want = w.len.min(SEARCHED as u64);
    w.hold(0, want)?;
    let bytes = w.get(0, want).unwrap_or_default();
    let found = bytes
        .windows(6)
        .position(|b| matches!(b, [2, 0, 0, 0, b'U', b'L'] | [2, 0, 1, 0, b'O', b'B'] | [2, 0, 2, 0, b'U', b'I']));
    Ok(found.map(|at| at as u64))
}

/// A data set without meta: the first element is a known one of a low group, and what follows fits.
fn is_bare(w: &mut Window, start: u64) -> Result<bool, ErrorKind> {
    for encoding in [Encoding::ExplicitLe, Encoding::ImplicitLe, Encoding::ExplicitBe] {
        let Some((first, next)) = strict(w, start, encoding)? else { continue };
        let sane = first.0 <= FIRST_GROUP_MAX && dictionary::vr_of(first).is_some();
        if sane && (run(w, start, encoding)? >= 2 || next == w.len) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn read_meta(w: &mut Window, start: u64, front: &mut Front, quirks: &mut Quirks) -> Result<(), ErrorKind> {
    let mut pos = start;
    let mut stated_end = None;
    let mut seen = BTreeSet::new();
    loop {
        let (bytes, n) = w.peek::<12>(pos)?;
        if n < 8 {
            break;
        }
        let encoding = match [bytes[0], bytes[1]] {
            [2, 0] => Encoding::ExplicitLe,
            [0, 2] => Encoding::ExplicitBe,
            _ => break,
        };
        // A deflated stream may begin with the bytes of group 0002: there the group length decides.
        let deflated = front.meta.transfer_syntax.as_deref().is_some_and(crate::transfer_syntax::is_deflated);
        if deflated && stated_end == Some(pos) {
            break;
        }
        let bound = w.len;
        let header = header::read(w, pos, encoding, bound, quirks)?;
        if encoding == Encoding::ExplicitBe || header.encoding != encoding {
            quirks.note(Quirk::MetaEncoding);
        }
        if header.undefined {
            return Err(ErrorKind::Damaged);
        }
        w.hold(header.value, header.len)?;
        pos = header.value + header.len;
        let bytes = w.get(header.value, header.len).unwrap_or_default();
        if seen.insert(header.tag) {
            if header.tag == GROUP_LENGTH {
                stated_end = group_end(bytes, pos, encoding);
            }
            front.meta.take(header.tag, bytes);
        } else {
            quirks.note(Quirk::MetaDuplicate);
        }
    }
    front.has_meta = !seen.is_empty();
    if pos >= w.len && stated_end.is_some_and(|end| end > w.len) {
        return Err(ErrorKind::Truncated);
    }
    if front.has_meta && stated_end != Some(pos) {
        quirks.note(Quirk::MetaGroupLength);
    }
    front.data_set = pos;
    Ok(())
}

fn group_end(value: &[u8], pos: u64, encoding: Encoding) -> Option<u64> {
    let bytes: [u8; 4] = value.try_into().ok()?;
    let len = if encoding == Encoding::ExplicitBe { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) };
    Some(pos + u64::from(len))
}

impl Meta {
    fn take(&mut self, tag: Tag, value: &[u8]) {
        let slot = match tag {
            Tag(2, 0x0002) => &mut self.sop_class,
            Tag(2, 0x0010) => &mut self.transfer_syntax,
            Tag(2, 0x0012) => &mut self.implementation_class,
            _ => return,
        };
        let text = core::str::from_utf8(value::trim_bytes(value)).ok().filter(|t| !t.is_empty());
        *slot = text.map(str::to_owned);
    }
}

/// The encoding that the bytes show. The declared one wins where two headers in a row are right in it.
pub(super) fn encoding_at(w: &mut Window, pos: u64, declared: Option<Encoding>) -> Result<Option<Encoding>, ErrorKind> {
    if let Some(encoding) = declared
        && run(w, pos, encoding)? > 1
    {
        return Ok(declared);
    }
    let mut best = (0, declared);
    for encoding in [Encoding::ExplicitLe, Encoding::ImplicitLe, Encoding::ExplicitBe] {
        let score = run(w, pos, encoding)?;
        // One header that fits by chance must not outvote the declaration.
        if score > best.0 && (declared.is_none() || score > 1) {
            best = (score, Some(encoding));
        }
    }
    Ok(best.1)
}

/// How many right headers follow each other, up to [`CERTAIN`]; a known element that ends with the file is certain too.
pub(super) fn run(w: &mut Window, start: u64, encoding: Encoding) -> Result<u32, ErrorKind> {
    let (mut pos, mut last) = (start, None);
    for count in 0..CERTAIN {
        match strict(w, pos, encoding)? {
            Some((tag, next)) if tag.0 != Tag::ITEM.0 && last.is_none_or(|l| l < tag) => {
                if next >= w.len {
                    let known = tag.is_private() || dictionary::vr_of(tag).is_some();
                    return Ok(if known { CERTAIN } else { count + 1 });
                }
                (pos, last) = (next, Some(tag));
            }
            // The inside of a sequence of undefined length: it was entered by a right header.
            Some((tag, _)) if tag.0 == Tag::ITEM.0 && count > 0 => return Ok(CERTAIN),
            _ => return Ok(count),
        }
    }
    Ok(CERTAIN)
}
