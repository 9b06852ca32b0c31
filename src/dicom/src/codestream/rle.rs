//! RLE (PS3.5 annex G): each segment ends where its last byte is decoded.
//!
//! Cut: gaps between header and segments, bytes after a segment but one pad byte, unused offsets, and what a last run
//! decodes beyond the segment. The planes of bytes that reach beyond Bits Stored are looked at on the way.

use super::cells::Plane;
use super::markers::{Clean, Depth};
use super::stream::{Kept, Stream};
use crate::Result;

/// Bytes of the header: the number of segments and 15 offsets (PS3.5 G.5).
const HEADER: u64 = 64;

/// What a frame must hold.
#[derive(Debug, Clone)]
pub(crate) struct Expected {
    /// A segment each: the bytes of a pixel, the highest of each sample first (PS3.5 G.2).
    pub(crate) planes: Vec<Plane>,
    /// Decoded bytes of each.
    pub(crate) bytes: u64,
}

/// Cleans one frame.
pub(crate) fn clean(s: &mut Stream<'_>, expected: &Expected) -> Result<Clean> {
    let header: [u8; 64] = s.array(0)?;
    let mut words = header.chunks_exact(4).map(|w| w.try_into().map_or(0, u32::from_le_bytes));
    let count = words.next().unwrap_or(0);
    let offsets: Vec<u64> = words.take(count as usize).map(u64::from).collect();
    if count as usize != expected.planes.len() || offsets.len() != expected.planes.len() || count == 0 {
        return Err(s.mismatch(0));
    }
    let mut body = Kept::default();
    let mut written = vec![count];
    let mut depth = Depth::Stored;
    for (i, (start, plane)) in offsets.iter().zip(&expected.planes).enumerate() {
        let limit = offsets.get(i + 1).copied().unwrap_or_else(|| s.len());
        if *start < HEADER || *start >= limit || limit > s.len() {
            return Err(s.mismatch(4 * (i as u64 + 1)));
        }
        let at = HEADER + body.len();
        written.push(u32::try_from(at).map_err(|_| s.mismatch(*start))?);
        let whole = segment(s, *start, limit, expected.bytes, &mut body)?;
        if depth == Depth::Stored && !plane.is_full() && may_hide(s, *start, expected.bytes, *plane)? {
            depth = Depth::Unknown;
        }
        // Segments are even (PS3.5 G.3.1); one that is odd without a cut is left as it is.
        if !whole && body.len() % 2 == 1 && i + 1 < offsets.len() {
            body.add(vec![0]);
        }
    }
    let mut head: Vec<u8> = written.iter().flat_map(|w| w.to_le_bytes()).collect();
    head.resize(header.len(), 0);
    let mut kept = Kept::default();
    if head == header {
        kept.keep(0, HEADER);
    } else {
        kept.add(head);
    }
    for part in body.parts {
        kept.push(part);
    }
    Ok(Clean { kept, shape: None, depth })
}

/// Keeps the runs of a segment until `need` bytes are decoded, and its pad byte (PS3.5 G.3.1); true when that
/// is all there is.
fn segment(s: &mut Stream<'_>, start: u64, limit: u64, need: u64, kept: &mut Kept) -> Result<bool> {
    let mut pos = start;
    let mut decoded = 0;
    while decoded < need {
        let run = run_over(s, pos, limit, need, decoded)?;
        pos = run.pos;
        decoded = run.decoded;
    }
    if decoded == need {
        let odd = (pos - start) % 2 == 1;
        let padded = pos < limit && (odd || pos + 1 == limit) && s.u8(pos)? == 0;
        let end = pos + u64::from(padded);
        kept.keep(start, end);
        return Ok(end == limit);
    }
    shorten(s, start, need, decoded, pos, kept)?;
    Ok(false)
}

/// True where a byte of a segment that was walked may hold more than its sample.
fn may_hide(s: &mut Stream<'_>, mut pos: u64, need: u64, plane: Plane) -> Result<bool> {
    let mut decoded = 0;
    while decoded < need {
        let (bytes, samples) = steps(s.u8(pos)?);
        // Of a last run that gives more than is needed the rest goes.
        let literal = (need - decoded).min(bytes as u64 - 1);
        let run = s.bytes(pos + 1, u16::try_from(literal).unwrap_or(u16::MAX))?;
        if run.iter().any(|byte| plane.may_hide(*byte)) {
            return Ok(true);
        }
        pos += bytes as u64;
        decoded += samples;
    }
    Ok(false)
}

/// Where the runs led.
struct Run {
    pos: u64,
    decoded: u64,
}

/// Steps over runs until enough is decoded or the bytes at hand end.
fn run_over(s: &mut Stream<'_>, pos: u64, limit: u64, need: u64, mut decoded: u64) -> Result<Run> {
    let chunk = s.chunk(pos)?;
    let mut i = 0_usize;
    while decoded < need {
        let Some(control) = chunk.get(i).copied() else { break };
        let (bytes, samples) = steps(control);
        i += bytes;
        decoded += samples;
    }
    let next = pos + i as u64;
    if i == 0 || next > limit {
        return Err(s.mismatch(next.min(limit)));
    }
    Ok(Run { pos: next, decoded })
}

/// Bytes that a run takes, control byte included, and bytes that it gives (PS3.5 G.3.2; 80 gives none).
fn steps(control: u8) -> (usize, u64) {
    match control {
        0..=127 => (usize::from(control) + 2, u64::from(control) + 1),
        128 => (1, 0),
        _ => (2, 257 - u64::from(control)),
    }
}

/// Keeps a segment whose last run gives more than is needed, with that run cut to size.
fn shorten(s: &mut Stream<'_>, start: u64, need: u64, decoded: u64, end: u64, kept: &mut Kept) -> Result<()> {
    // The last run lies at most 129 bytes before the end, but only a walk from the start finds its control byte.
    let mut pos = start;
    let mut before = 0;
    loop {
        let control = s.u8(pos)?;
        let (bytes, samples) = steps(control);
        if before + samples >= decoded || pos + bytes as u64 >= end {
            let left = need.saturating_sub(before);
            let short = u8::try_from(left).map_err(|_| s.mismatch(pos))?;
            kept.keep(start, pos);
            if control < 128 {
                kept.add(vec![short.wrapping_sub(1)]);
                kept.keep(pos + 1, pos + 1 + left);
            } else {
                kept.add(vec![if short == 1 { 0 } else { 1_u8.wrapping_sub(short) }]);
                kept.keep(pos + 1, pos + 2);
            }
            return Ok(());
        }
        before += samples;
        pos += bytes as u64;
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
    use super::super::stream::Span;
    use super::*;

    fn frame(offsets: &[u32], body: &[u8]) -> Vec<u8> {
        let mut words = vec![u32::try_from(offsets.len()).unwrap()];
        words.extend_from_slice(offsets);
        words.resize(16, 0);
        let mut out: Vec<u8> = words.iter().flat_map(|w| w.to_le_bytes()).collect();
        out.extend_from_slice(body);
        out
    }

    fn cut(frame: &[u8], segments: u32, bytes: u64) -> Result<Vec<u8>> {
        let source = frame.to_vec();
        let mut s = Stream::new(&source, vec![Span { offset: 0, len: source.len() as u64 }]);
        let planes = vec![Plane::default(); segments as usize];
        Ok(clean(&mut s, &Expected { planes, bytes })?.kept.bytes(frame))
    }

    #[test]
    fn gaps_and_tails_go() {
        let hidden = frame(&[66, 72], &[b'I', b'D', 0xFD, 7, b'n', b'a', b'm', b'e', 1, 8, 9, 0xFF, 6, 0, b'x', b'y']);
        let plain = frame(&[64, 66], &[0xFD, 7, 1, 8, 9, 0xFF, 6, 0]);
        assert_eq!(cut(&hidden, 2, 4).unwrap(), plain);
        assert_eq!(cut(&plain, 2, 4).unwrap(), plain);
    }

    #[test]
    fn a_last_run_is_cut_to_size() {
        assert_eq!(cut(&frame(&[64], b"\x05abcdef"), 1, 4).unwrap(), frame(&[64], b"\x03abcd"));
        assert_eq!(cut(&frame(&[64], b"\xF0a"), 1, 4).unwrap(), frame(&[64], b"\xFDa"));
        assert_eq!(cut(&frame(&[64], b"\x01ab\x80\xF0c"), 1, 3).unwrap(), frame(&[64], b"\x01ab\x80\x00c"));
    }

    #[test]
    fn contradictions_are_refused() {
        let body = [0xFD, 7];
        assert!(cut(&frame(&[64], &body), 2, 4).is_err());
        assert!(cut(&frame(&[64], &body), 1, 5).is_err());
        assert!(cut(&frame(&[60], &body), 1, 4).is_err());
        assert!(cut(&frame(&[66], &body), 1, 4).is_err());
        assert!(cut(&frame(&[66, 64], &[0xFD, 7, 0xFD, 7]), 2, 4).is_err());
        assert!(cut(&frame(&[64; 15], &body), 15, 4).is_err());
    }
}
