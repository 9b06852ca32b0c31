//! JPEG XL (ISO/IEC 18181; PS3.5 8.2.17, A.4.12): the container's boxes go, the naked code stream stays.
//!
//! A code stream whose header holds an ICC profile, extra channels with names, a preview or an animation is refused:
//! text can stand there and cutting it would need a decoder. Bytes after the last frame of the code stream are found by a
//! decoder alone, so that each stream has to be looked at by one before it leaves.

use super::boxes::{self, Box4};
use super::jxl_header;
use super::markers::{Clean, Depth};
use super::stream::{Kept, Part, Stream};
use crate::Result;

/// Signature box of the container.
pub(crate) const SIGNATURE: [u8; 12] = *b"\0\0\0\x0CJXL \r\n\x87\n";
/// First bytes of a naked code stream.
pub(crate) const NAKED: [u8; 2] = [0xFF, 0x0A];
/// Bytes of a code stream that hold its image header for sure.
const HEADER_LEN: usize = 64;

/// Cleans one frame. With `recompressed` (1.2.840.10008.1.2.4.111) the box jbrd gives the JPEG back that the data set
/// speaks of, with all that its segments say: then the frame stays whole, but sealed.
pub(crate) fn clean(s: &mut Stream<'_>, recompressed: bool) -> Result<Clean> {
    let len = s.len();
    let all = if s.array::<2>(0)? == NAKED { Vec::new() } else { boxes::list(s, 0, len)? };
    let mut whole = Kept::default();
    whole.keep(0, len);
    let stream = if all.is_empty() { whole.clone() } else { unboxed(s, &all)? };
    let head = beginning(s, &stream)?;
    let shape = jxl_header::read(&head).ok_or_else(|| s.mismatch(0))?;
    let sealed = recompressed && all.iter().any(|b| &b.kind == b"jbrd");
    let kept = if sealed { Kept { sealed, ..whole } } else { stream };
    // What stands behind the last frame is as unknown here as where that ends.
    Ok(Clean { kept, shape: Some(shape), depth: if sealed { Depth::Stored } else { Depth::Unknown } })
}

/// The content of jxlc, or of all jxlp in order without their index.
fn unboxed(s: &mut Stream<'_>, all: &[Box4]) -> Result<Kept> {
    let mut kept = Kept::default();
    let mut whole = 0;
    let mut partial: u32 = 0;
    let mut last = false;
    for b in all {
        match &b.kind {
            b"jxlc" => {
                whole += 1;
                kept.keep(b.start, b.end);
            }
            b"jxlp" => {
                let index = s.u32(b.start)?;
                if last || index & 0x7FFF_FFFF != partial || b.end < b.start + 4 {
                    return Err(s.mismatch(b.start));
                }
                last = index >> 31 == 1;
                partial += 1;
                kept.keep(b.start + 4, b.end);
            }
            _ => {}
        }
    }
    if (whole, partial > 0, last) == (1, false, false) || (whole, last) == (0, true) {
        Ok(kept)
    } else {
        Err(s.mismatch(0))
    }
}

/// The first bytes of what stays.
fn beginning(s: &mut Stream<'_>, kept: &Kept) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    for part in &kept.parts {
        if let Part::Keep { start, end } = part {
            let want = (HEADER_LEN - out.len()) as u64;
            let n = u16::try_from((end - start).min(want)).unwrap_or(u16::MAX);
            out.extend_from_slice(s.bytes(*start, n)?);
        }
        if out.len() >= HEADER_LEN {
            break;
        }
    }
    Ok(out)
}
