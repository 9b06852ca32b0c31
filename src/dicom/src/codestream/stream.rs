//! One frame's bytes, possibly in several fragments, read in bounded windows.

use crate::{Error, ErrorKind, Result, Source};

/// Bytes read ahead while entropy-coded data is scanned.
const SCAN: u64 = 256 << 10;
/// Bytes read ahead while headers are read.
const HEADER: u64 = 4 << 10;

/// A run of bytes of the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    /// First byte in the source.
    pub(crate) offset: u64,
    /// Number of bytes.
    pub(crate) len: u64,
}

/// The bytes of some spans of a source, one after another. Positions count from the first byte.
pub(crate) struct Stream<'a> {
    source: &'a dyn Source,
    spans: Vec<Span>,
    /// Position after the last byte of each span.
    ends: Vec<u64>,
    window: Vec<u8>,
    window_at: u64,
}

impl<'a> Stream<'a> {
    pub(crate) fn new(source: &'a dyn Source, spans: Vec<Span>) -> Self {
        let mut total = 0_u64;
        let ends = spans
            .iter()
            .map(|s| {
                total = total.saturating_add(s.len);
                total
            })
            .collect();
        Self { source, spans, ends, window: Vec::new(), window_at: 0 }
    }

    /// Number of bytes.
    pub(crate) fn len(&self) -> u64 {
        self.ends.last().copied().unwrap_or(0)
    }

    /// The source's runs that hold the bytes from `start` to `end`.
    pub(crate) fn ranges(&self, start: u64, end: u64) -> Vec<Span> {
        let mut out = Vec::new();
        let mut at = start;
        let mut i = self.ends.partition_point(|e| *e <= start);
        while at < end {
            let (Some(span), Some(span_end)) = (self.spans.get(i), self.ends.get(i)) else { break };
            let inside = at - (span_end - span.len);
            let len = (span_end - at).min(end - at);
            if len > 0 {
                out.push(Span { offset: span.offset + inside, len });
            }
            at += len;
            i += 1;
        }
        out
    }

    /// The broken rule "the code stream does not have its form", at a position.
    pub(crate) fn mismatch(&self, pos: u64) -> Error {
        let i = self.ends.partition_point(|e| *e <= pos).min(self.spans.len().saturating_sub(1));
        let offset = match (self.spans.get(i), self.ends.get(i)) {
            (Some(s), Some(e)) => s.offset.saturating_add(pos.saturating_sub(e - s.len)),
            _ => pos,
        };
        Error { kind: ErrorKind::PixelMismatch, path: None, offset }
    }

    /// Bytes from `pos` on, as many as are at hand; none only at the end.
    pub(crate) fn chunk(&mut self, pos: u64) -> Result<&[u8]> {
        if pos >= self.len() {
            return Ok(&[]);
        }
        self.fill(pos, 1, SCAN)?;
        Ok(self.held(pos))
    }

    /// Exactly `n` bytes from `pos`; `n` is at most a marker segment or a box header.
    pub(crate) fn bytes(&mut self, pos: u64, n: u16) -> Result<&[u8]> {
        if pos.checked_add(u64::from(n)).is_none_or(|end| end > self.len()) {
            return Err(self.mismatch(self.len()));
        }
        self.fill(pos, u64::from(n), HEADER)?;
        let fault = self.mismatch(pos);
        self.held(pos).get(..usize::from(n)).ok_or(fault)
    }

    /// `N` bytes from `pos`.
    pub(crate) fn array<const N: usize>(&mut self, pos: u64) -> Result<[u8; N]> {
        let fault = self.mismatch(pos);
        let n = u16::try_from(N).map_err(|_| fault.clone())?;
        self.bytes(pos, n)?.try_into().map_err(|_| fault)
    }

    pub(crate) fn u8(&mut self, pos: u64) -> Result<u8> {
        Ok(u8::from_be_bytes(self.array(pos)?))
    }

    pub(crate) fn u16(&mut self, pos: u64) -> Result<u16> {
        Ok(u16::from_be_bytes(self.array(pos)?))
    }

    pub(crate) fn u32(&mut self, pos: u64) -> Result<u32> {
        Ok(u32::from_be_bytes(self.array(pos)?))
    }

    /// Position of the first byte FF at or after `pos`.
    pub(crate) fn find_ff(&mut self, mut pos: u64) -> Result<Option<u64>> {
        loop {
            let chunk = self.chunk(pos)?;
            if chunk.is_empty() {
                return Ok(None);
            }
            if let Some(i) = chunk.iter().position(|b| *b == 0xFF) {
                return Ok(Some(pos + i as u64));
            }
            pos += chunk.len() as u64;
        }
    }

    fn held(&self, pos: u64) -> &[u8] {
        pos.checked_sub(self.window_at)
            .and_then(|skip| usize::try_from(skip).ok())
            .and_then(|skip| self.window.get(skip..))
            .unwrap_or(&[])
    }

    /// Makes the window hold `need` bytes from `pos`; reads up to `ahead` when it must read.
    fn fill(&mut self, pos: u64, need: u64, ahead: u64) -> Result<()> {
        if self.held(pos).len() as u64 >= need {
            return Ok(());
        }
        let end = pos.saturating_add(need.max(ahead)).min(self.len());
        let len = usize::try_from(end.saturating_sub(pos)).map_err(|_| self.mismatch(pos))?;
        let ranges = self.ranges(pos, end);
        self.window_at = pos;
        self.window.resize(len, 0);
        let mut rest = self.window.as_mut_slice();
        for span in ranges {
            let n = usize::try_from(span.len).unwrap_or(usize::MAX).min(rest.len());
            let (now, later) = rest.split_at_mut(n);
            self.source.read_at(span.offset, now)?;
            rest = later;
        }
        Ok(())
    }
}

/// A part of a cleaned frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Part {
    /// Bytes of the frame that stay.
    Keep {
        /// First position.
        start: u64,
        /// Position after the last.
        end: u64,
    },
    /// Bytes made here.
    New(Vec<u8>),
}

/// What is left of a frame, in order.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Kept {
    /// The parts; neighbours are joined.
    pub(crate) parts: Vec<Part>,
    /// They hold what only a decoder can cut: they may be decoded, but not leave.
    pub(crate) sealed: bool,
}

impl Kept {
    /// Keeps the bytes from `start` to `end`.
    pub(crate) fn keep(&mut self, start: u64, end: u64) {
        if start >= end {
            return;
        }
        match self.parts.last_mut() {
            Some(Part::Keep { end: last, .. }) if *last == start => *last = end,
            _ => self.parts.push(Part::Keep { start, end }),
        }
    }

    /// Adds bytes.
    pub(crate) fn add(&mut self, bytes: Vec<u8>) {
        match self.parts.last_mut() {
            Some(Part::New(last)) => last.extend_from_slice(&bytes),
            _ => self.parts.push(Part::New(bytes)),
        }
    }

    /// Adds a part.
    pub(crate) fn push(&mut self, part: Part) {
        match part {
            Part::Keep { start, end } => self.keep(start, end),
            Part::New(bytes) => self.add(bytes),
        }
    }

    /// Number of bytes.
    pub(crate) fn len(&self) -> u64 {
        self.parts
            .iter()
            .map(|p| match p {
                Part::Keep { start, end } => end - start,
                Part::New(b) => b.len() as u64,
            })
            .fold(0, u64::saturating_add)
    }

    /// True when the frame is as it was: all of it, but for at most one pad byte 00 (PS3.5 A.4).
    pub(crate) fn is_whole(&self, stream: &mut Stream<'_>) -> Result<bool> {
        let len = stream.len();
        match self.parts.as_slice() {
            [Part::Keep { start: 0, end }] if *end == len => Ok(true),
            [Part::Keep { start: 0, end }] if *end + 1 == len => Ok(stream.u8(*end)? == 0),
            _ => Ok(false),
        }
    }
}

#[cfg(test)]
impl Kept {
    /// The bytes that are left.
    #[allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::cast_possible_truncation)]
    pub(crate) fn bytes(&self, frame: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        for p in &self.parts {
            match p {
                Part::Keep { start, end } => out.extend_from_slice(&frame[*start as usize..*end as usize]),
                Part::New(b) => out.extend_from_slice(b),
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
    use super::*;

    #[test]
    fn spans_read_as_one() {
        let source = b"abcdefghij".to_vec();
        let mut s = Stream::new(
            &source,
            vec![Span { offset: 6, len: 2 }, Span { offset: 0, len: 0 }, Span { offset: 1, len: 3 }],
        );
        assert_eq!(s.len(), 5);
        assert_eq!(s.bytes(0, 5).unwrap(), b"ghbcd");
        assert_eq!(s.bytes(1, 2).unwrap(), b"hb");
        assert_eq!(s.ranges(1, 3), [Span { offset: 7, len: 1 }, Span { offset: 1, len: 1 }]);
        assert!(s.bytes(4, 2).is_err());
        assert_eq!(s.mismatch(2).offset, 1);
    }

    #[test]
    fn parts_join() {
        let mut k = Kept::default();
        k.keep(0, 2);
        k.keep(2, 4);
        k.keep(4, 4);
        k.add(vec![1]);
        k.add(vec![2]);
        assert_eq!(k.parts, [Part::Keep { start: 0, end: 4 }, Part::New(vec![1, 2])]);
        assert_eq!(k.len(), 6);
    }
}
