//! Frames without a code stream of their own: Encapsulated Uncompressed (PS3.5 A.4.11) and Deflated Image Frame
//! (PS3.5 A.4.13).

use super::layout::Layout;
use super::spans::{Window, windows};
use super::unused::Unused;
use super::{Asked, MaskError, Rect};
use flate2::Compression;
use flate2::read::{DeflateDecoder, DeflateEncoder};
use std::io::Read as _;
use tokumei_codecs::CodecError;

const UNCOMPRESSED: &str = "1.2.840.10008.1.2.1.98";
const DEFLATED: &str = "1.2.840.10008.1.2.8.1";
/// One level for all: equal input gives equal bytes.
const LEVEL: u32 = 6;

/// True for frames that are masked here.
pub(crate) fn is_plain(syntax: &str) -> bool {
    matches!(syntax, UNCOMPRESSED | DEFLATED)
}

/// The samples of a frame of `len` bytes.
pub(crate) fn samples(syntax: &str, stream: Vec<u8>, len: u64) -> Result<Vec<u8>, MaskError> {
    if syntax == DEFLATED { inflated(&stream, len) } else { Ok(stream) }
}

/// The frame with its rectangles black, and what they are grown to.
pub(super) fn mask(
    asked: &Asked<'_>,
    syntax: &str,
    stream: Vec<u8>,
    rects: &[Rect],
) -> Result<(Vec<u8>, Vec<Rect>), MaskError> {
    let layout = Layout::of_frame(asked)?;
    let spans = layout.spans(0, rects);
    let grown = rects.iter().map(|rect| layout.grown(*rect)).collect();
    let mut bytes = samples(syntax, stream, layout.length)?;
    let damaged = MaskError::Stream(CodecError::Damaged);
    for window in windows(&spans, &layout) {
        let range = |at: u64| usize::try_from(at).map_err(|_| damaged);
        let part = bytes.get_mut(range(window.start)?..range(window.end)?).ok_or(damaged)?;
        Window::paint(&window, &layout, part);
    }
    coded(syntax, bytes, layout.length).map(|stream| (stream, grown))
}

/// The frame without what belongs to no sample; none where it holds nothing of that.
pub(super) fn cleared(asked: &Asked<'_>, syntax: &str, stream: Vec<u8>) -> Result<Option<Vec<u8>>, MaskError> {
    let geometry = &asked.image.geometry;
    let len = geometry.frame_bytes().ok_or(MaskError::NoImage)?;
    let mut bytes = samples(syntax, stream, len)?;
    if asked.image.stored >= geometry.allocated {
        return Ok(None);
    }
    let unused = Unused::new(asked.ds, asked.image, false).ok_or(MaskError::Form)?;
    if unused.clear(&mut bytes) { coded(syntax, bytes, len).map(Some) } else { Ok(None) }
}

/// Bytes as they stand in the frame, proven by decoding.
fn coded(syntax: &str, bytes: Vec<u8>, len: u64) -> Result<Vec<u8>, MaskError> {
    if syntax != DEFLATED {
        return Ok(bytes);
    }
    let mut out = Vec::new();
    let written = DeflateEncoder::new(bytes.as_slice(), Compression::new(LEVEL)).read_to_end(&mut out);
    let proven = written.is_ok() && proven(&out, &bytes, len);
    if proven { Ok(out) } else { Err(MaskError::Stream(CodecError::NotProven)) }
}

/// Whether a stream holds exactly these bytes.
fn proven(stream: &[u8], bytes: &[u8], len: u64) -> bool {
    inflated(stream, len).is_ok_and(|held| held == bytes)
}

/// A frame of `len` bytes; a byte more is padding.
fn inflated(stream: &[u8], len: u64) -> Result<Vec<u8>, MaskError> {
    let mut out = Vec::new();
    let read = DeflateDecoder::new(stream).take(len.saturating_add(2)).read_to_end(&mut out);
    let fits = read.is_ok_and(|n| n as u64 == len || n as u64 == len + 1);
    if fits { Ok(out) } else { Err(MaskError::Stream(CodecError::Damaged)) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;

    #[test]
    fn a_byte_that_changed_is_found() {
        let bytes: Vec<u8> = (0..200).collect();
        let deflated = |bytes: &[u8]| {
            let mut out = Vec::new();
            DeflateEncoder::new(bytes, Compression::new(LEVEL)).read_to_end(&mut out).unwrap();
            out
        };
        assert!(proven(&deflated(&bytes), &bytes, 200));
        let mut other = bytes.clone();
        other[77] ^= 1;
        assert!(!proven(&deflated(&other), &bytes, 200));
        assert!(!proven(&deflated(&bytes)[..50], &bytes, 200));
    }
}
