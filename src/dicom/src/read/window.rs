//! A view on the source that reads by chunks, keeps the header's bytes, and never reads what is skipped.

use crate::held::{Held, Segment};
use crate::{ErrorKind, Source};

/// First read of a file, and the first read after a value that was skipped.
pub(super) const FIRST: u64 = 64 << 10;
const AFTER_SKIP: u64 = 4 << 10;
const LARGEST: u64 = 1 << 20;

pub(super) struct Window<'s> {
    source: &'s dyn Source,
    /// Length of the file, or of the inflated data set.
    pub(super) len: u64,
    segments: Vec<Segment>,
    /// Bytes that were looked at and are not kept.
    side: Segment,
    chunk: u64,
    held: u64,
    limit: u64,
}

impl<'s> Window<'s> {
    /// On a file: the first read takes `chunk` bytes; at most `limit` bytes are kept.
    pub(super) fn new(source: &'s dyn Source, limit: u64, chunk: u64) -> Self {
        let side = Segment { start: 0, bytes: Vec::new() };
        Self { source, len: source.len(), segments: Vec::new(), side, chunk, held: 0, limit }
    }

    /// On bytes that are in memory already.
    pub(super) fn in_memory(source: &'s dyn Source, bytes: Vec<u8>) -> Self {
        let len = bytes.len() as u64;
        let segments = vec![Segment { start: 0, bytes }];
        Self { len, segments, ..Self::new(source, 0, FIRST) }
    }

    /// The first `N` bytes from `pos` and how many of them exist; they are kept.
    pub(super) fn peek<const N: usize>(&mut self, pos: u64) -> Result<([u8; N], usize), ErrorKind> {
        if let Some(bytes) = self.get(pos, N as u64).and_then(|b| b.first_chunk::<N>()) {
            return Ok((*bytes, N));
        }
        let len = (N as u64).min(self.len.saturating_sub(pos));
        if len > 0 {
            self.hold(pos, len)?;
        }
        let mut out = [0; N];
        let found = self.get(pos, len).unwrap_or_default();
        if let Some(to) = out.get_mut(..found.len()) {
            to.copy_from_slice(found);
        }
        Ok((out, found.len()))
    }

    /// As [`peek`](Self::peek), without keeping; reads `ahead` bytes where nothing is in memory.
    pub(super) fn look<const N: usize>(&mut self, pos: u64, ahead: u64) -> Result<([u8; N], usize), ErrorKind> {
        let len = (N as u64).min(self.len.saturating_sub(pos));
        if len == 0 {
            return Ok(([0; N], 0));
        }
        if self.get(pos, len).is_none() && self.side.get(pos, len).is_none() {
            let want = ahead.max(len).min(self.len.saturating_sub(pos)).min(LARGEST);
            self.side.start = pos;
            self.side.bytes.resize(usize::try_from(want).unwrap_or(0), 0);
            self.source.read_at(pos, &mut self.side.bytes).map_err(|_| ErrorKind::SourceUnreadable)?;
        }
        let mut out = [0; N];
        let found = self.get(pos, len).or_else(|| self.side.get(pos, len)).unwrap_or_default();
        if let Some(to) = out.get_mut(..found.len()) {
            to.copy_from_slice(found);
        }
        Ok((out, found.len()))
    }

    /// Kept bytes of the newest segment.
    pub(super) fn get(&self, pos: u64, len: u64) -> Option<&[u8]> {
        self.segments.last()?.get(pos, len)
    }

    /// Makes a range present and keeps it. Ranges come in ascending order.
    pub(super) fn hold(&mut self, pos: u64, len: u64) -> Result<(), ErrorKind> {
        if self.get(pos, len).is_some() {
            return Ok(());
        }
        let wanted = pos.checked_add(len).filter(|&end| end <= self.len).ok_or(ErrorKind::Truncated)?;
        let end = self.segments.last().map_or(0, Segment::end);
        let start = if pos > end { pos } else { end };
        if pos > end {
            self.chunk = AFTER_SKIP;
        }
        if pos > end || self.segments.is_empty() {
            self.segments.push(Segment { start, bytes: Vec::new() });
        }
        let room = self.limit.saturating_sub(self.held);
        if wanted.saturating_sub(start) > room {
            return Err(ErrorKind::TooLarge);
        }
        let target = wanted.max(start.saturating_add(self.chunk.min(room))).min(self.len);
        self.chunk = (self.chunk * 2).min(LARGEST);
        self.extend(start, target)
    }

    fn extend(&mut self, start: u64, target: u64) -> Result<(), ErrorKind> {
        let Some(segment) = self.segments.last_mut() else { return Err(ErrorKind::Damaged) };
        let from = segment.bytes.len();
        let more = usize::try_from(target - start).map_err(|_| ErrorKind::TooLarge)?;
        segment.bytes.resize(from + more, 0);
        let fresh = segment.bytes.get_mut(from..).unwrap_or_default();
        self.held += more as u64;
        self.source.read_at(start, fresh).map_err(|_| ErrorKind::SourceUnreadable)
    }

    /// True when all bytes from `pos` are zero; looks at 64 KiB at most.
    pub(super) fn is_zero_from(&mut self, pos: u64) -> Result<bool, ErrorKind> {
        let end = self.len.min(pos.saturating_add(FIRST));
        let mut at = pos;
        while at < end {
            let (bytes, n) = self.look::<64>(at, end - at)?;
            if bytes.iter().any(|&b| b != 0) {
                return Ok(false);
            }
            at += n.max(1) as u64;
        }
        Ok(true)
    }

    pub(super) fn into_held(self) -> Held {
        Held(self.segments)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn keeps_what_was_read_and_skips_the_rest() {
        let file: Vec<u8> = (0..1_000_000u32).map(|i| (i % 251) as u8).collect();
        let mut w = Window::new(&file, 1 << 20, FIRST);
        let at = |i: u64| (i % 251) as u8;
        assert_eq!(w.peek::<4>(0).unwrap(), ([0, 1, 2, 3], 4));
        w.hold(65_000, 1_000).unwrap();
        assert_eq!(w.look::<2>(700_000, 2).unwrap().0, [at(700_000), at(700_001)]);
        w.hold(900_000, 10).unwrap();
        assert_eq!(w.peek::<8>(999_996).unwrap().1, 4);
        let held = w.into_held();
        assert_eq!(held.get(65_500, 2).unwrap(), [at(65_500), at(65_501)]);
        assert_eq!(held.get(900_009, 1).unwrap(), [at(900_009)]);
        assert!(held.get(700_000, 1).is_none());
    }

    #[test]
    fn bounds_what_it_keeps() {
        let file = vec![7; 300_000];
        let mut w = Window::new(&file, 100_000, FIRST);
        w.hold(0, 90_000).unwrap();
        assert_eq!(w.hold(90_000, 20_000), Err(ErrorKind::TooLarge));
        assert_eq!(w.hold(299_999, 2), Err(ErrorKind::Truncated));
    }
}
