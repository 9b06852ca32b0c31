//! Headers of data elements (PS3.5 7.1): strict where they are right, and a search for the reading that fits where
//! they are not.

use super::window::Window;
use crate::node::Encoding;
use crate::quirks::{Quirk, Quirks};
use crate::{ErrorKind, Tag, dictionary, value};

/// A header that was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) tag: Tag,
    pub(super) vr: [u8; 2],
    pub(super) vr_written: [u8; 2],
    pub(super) encoding: Encoding,
    /// Offset of the value.
    pub(super) value: u64,
    /// Stated length; 0 where it is undefined.
    pub(super) len: u64,
    pub(super) undefined: bool,
}

impl Header {
    fn end(&self) -> u64 {
        self.value.saturating_add(self.len)
    }
}

const UNDEFINED: u32 = u32::MAX;

/// The three ways a header can be written in one data set.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Short,
    Long,
    Implicit,
}

/// Reads the header of an element that is no item and no delimiter. `bound` ends the innermost explicit length.
pub(super) fn read(
    w: &mut Window,
    pos: u64,
    encoding: Encoding,
    bound: u64,
    quirks: &mut Quirks,
) -> Result<Header, ErrorKind> {
    let (bytes, n) = w.peek::<12>(pos)?;
    if n < 8 {
        return Err(ErrorKind::Truncated);
    }
    let letters = [bytes[4], bytes[5]];
    let known = value::is_known(letters);
    let natural = match encoding {
        Encoding::ImplicitLe => Form::Implicit,
        _ if value::uses_long_header(letters) => Form::Long,
        _ => Form::Short,
    };
    let first = decode(&bytes, n, pos, encoding, natural);
    let reserved_set = natural == Form::Long && (bytes[6] | bytes[7]) != 0;
    let sound = encoding == Encoding::ImplicitLe || (known && !reserved_set);
    if let Some(header) = first.filter(|h| sound && fits(w, h)) {
        return Ok(header);
    }
    match search(w, &bytes, n, pos, encoding, bound)? {
        Some((header, form)) => {
            if !known && header.encoding != Encoding::ImplicitLe {
                quirks.note(Quirk::UnknownVr);
            } else if header.encoding != encoding {
                quirks.note(Quirk::MixedEncoding);
            } else if form != natural || reserved_set {
                quirks.note(Quirk::HeaderForm);
            }
            Ok(header)
        }
        None if sound => Err(ErrorKind::Truncated),
        None => Err(ErrorKind::Damaged),
    }
}

/// The first reading that leads to a plausible next header.
fn search(
    w: &mut Window,
    bytes: &[u8; 12],
    n: usize,
    pos: u64,
    encoding: Encoding,
    bound: u64,
) -> Result<Option<(Header, Form)>, ErrorKind> {
    let letters = [bytes[4].to_ascii_uppercase(), bytes[5].to_ascii_uppercase()];
    let short_first = value::is_known(letters) && !value::uses_long_header(letters);
    let forms: &[Form] = match encoding {
        // Explicit headers in implicit data are tried only where two letters say so.
        Encoding::ImplicitLe if !value::is_known([bytes[4], bytes[5]]) => &[],
        _ if short_first => &[Form::Short, Form::Long, Form::Implicit],
        _ => &[Form::Long, Form::Short, Form::Implicit],
    };
    for &form in forms {
        let written = match (encoding, form) {
            (Encoding::ImplicitLe | Encoding::ExplicitBe, Form::Implicit) => continue,
            (Encoding::ImplicitLe, _) => Encoding::ExplicitLe,
            (other, _) => other,
        };
        let Some(header) = decode(bytes, n, pos, written, form) else { continue };
        if form == Form::Implicit && !dictionary::is_known(header.tag) && !header.tag.is_private() {
            continue;
        }
        // A known VR whose value does not fit may just be cut off: then only a header behind it proves another form.
        let proven = !value::is_known([bytes[4], bytes[5]]) || header.undefined || header.end() < w.len;
        if proven && lands(w, &header, encoding, bound)? {
            return Ok(Some((header, form)));
        }
    }
    Ok(None)
}

fn decode(bytes: &[u8; 12], n: usize, pos: u64, encoding: Encoding, form: Form) -> Option<Header> {
    let tag = tag(bytes, encoding);
    let big = encoding == Encoding::ExplicitBe;
    let (size, len) = match form {
        Form::Implicit => (8, u32::from_le_bytes([bytes[4], bytes[5], bytes[6], bytes[7]])),
        Form::Short => (8, u32::from(u16_at([bytes[6], bytes[7]], big))),
        Form::Long if n < 12 => return None,
        Form::Long => (12, u32_at([bytes[8], bytes[9], bytes[10], bytes[11]], big)),
    };
    let letters = [bytes[4], bytes[5]];
    let undefined = len == UNDEFINED;
    let header = Header {
        tag,
        vr: *b"UN",
        vr_written: [0, 0],
        encoding,
        value: pos + size,
        len: if undefined { 0 } else { u64::from(len) },
        undefined,
    };
    Some(match form {
        Form::Implicit => {
            let vr = dictionary::vr_of(tag).unwrap_or(*b"UN");
            Header { vr, encoding: Encoding::ImplicitLe, ..header }
        }
        _ if value::is_known(letters) => Header { vr: letters, vr_written: letters, ..header },
        _ => Header { vr: dictionary::vr_of(tag).unwrap_or(*b"UN"), vr_written: letters, ..header },
    })
}

fn fits(w: &Window, header: &Header) -> bool {
    header.undefined || header.end() <= w.len
}

/// True when the value ends where something plausible begins.
pub(super) fn lands(w: &mut Window, header: &Header, encoding: Encoding, bound: u64) -> Result<bool, ErrorKind> {
    if header.undefined {
        let (bytes, n) = w.look::<8>(header.value, 8)?;
        return Ok(n == 8 && item_head(&bytes).is_some());
    }
    Ok(header.end() <= bound && is_plausible(w, header.end(), encoding, bound)?)
}

/// True when a header could stand at an offset: an end, an item or delimiter, or an element that fits.
pub(super) fn is_plausible(w: &mut Window, pos: u64, encoding: Encoding, bound: u64) -> Result<bool, ErrorKind> {
    if pos == bound || pos == w.len {
        return Ok(true);
    }
    Ok(strict(w, pos, encoding)?.is_some())
}

/// A header that is right in every respect, and the offset after its value (after its header where the length is
/// undefined). Items and delimiters count.
pub(super) fn strict(w: &mut Window, pos: u64, encoding: Encoding) -> Result<Option<(Tag, u64)>, ErrorKind> {
    let (bytes, n) = w.look::<12>(pos, 12)?;
    if n < 8 {
        return Ok(None);
    }
    if let Some((tag, ..)) = item_head(&bytes) {
        return Ok(Some((tag, pos + 8)));
    }
    let letters = [bytes[4], bytes[5]];
    let form = match encoding {
        Encoding::ImplicitLe => Form::Implicit,
        _ if !value::is_known(letters) => return Ok(None),
        _ if !value::uses_long_header(letters) => Form::Short,
        _ if bytes[6] | bytes[7] == 0 => Form::Long,
        _ => return Ok(None),
    };
    let Some(header) = decode(&bytes, n, pos, encoding, form) else { return Ok(None) };
    let known = header.tag.is_private() || dictionary::vr_of(header.tag).is_some();
    if (form == Form::Implicit && !known) || !fits(w, &header) {
        return Ok(None);
    }
    Ok(Some((header.tag, header.end())))
}

/// Reads the tag of a header.
pub(super) fn tag(bytes: &[u8; 12], encoding: Encoding) -> Tag {
    let big = encoding == Encoding::ExplicitBe;
    Tag(u16_at([bytes[0], bytes[1]], big), u16_at([bytes[2], bytes[3]], big))
}

/// An item or delimiter (PS3.5 7.5), in either byte order: tag, length, and whether it is big endian.
pub(super) fn item_head(bytes: &[u8]) -> Option<(Tag, u32, bool)> {
    let bytes = bytes.first_chunk::<8>()?;
    let big = match [bytes[0], bytes[1]] {
        [0xFE, 0xFF] => false,
        [0xFF, 0xFE] => true,
        _ => return None,
    };
    let tag = Tag(0xFFFE, u16_at([bytes[2], bytes[3]], big));
    matches!(tag, Tag::ITEM | Tag::ITEM_DELIMITATION | Tag::SEQUENCE_DELIMITATION)
        .then(|| (tag, u32_at([bytes[4], bytes[5], bytes[6], bytes[7]], big), big))
}

fn u16_at(bytes: [u8; 2], big: bool) -> u16 {
    if big { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) }
}

fn u32_at(bytes: [u8; 4], big: bool) -> u32 {
    if big { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) }
}
