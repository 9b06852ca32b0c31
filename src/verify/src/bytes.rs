//! The bytes to be judged, read by ranges and held only as far as a header goes.

use crate::verdict::Unreadable;

/// Bytes that are read by ranges: a file, a Blob, a buffer.
pub trait Bytes {
    /// Length in bytes.
    fn len(&self) -> u64;

    /// True when there are no bytes.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Fills `buf` from `offset`. The range must lie within [`len`](Bytes::len).
    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<(), Unreadable>;
}

impl Bytes for [u8] {
    fn len(&self) -> u64 {
        <[u8]>::len(self) as u64
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<(), Unreadable> {
        let start = usize::try_from(offset).map_err(|_| Unreadable)?;
        let end = start.checked_add(buf.len()).ok_or(Unreadable)?;
        buf.copy_from_slice(self.get(start..end).ok_or(Unreadable)?);
        Ok(())
    }
}

impl Bytes for Vec<u8> {
    fn len(&self) -> u64 {
        <[u8]>::len(self) as u64
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<(), Unreadable> {
        self.as_slice().read_at(offset, buf)
    }
}

impl<T: Bytes + ?Sized> Bytes for &T {
    fn len(&self) -> u64 {
        (**self).len()
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<(), Unreadable> {
        (**self).read_at(offset, buf)
    }
}

/// Reads one range into a vector of its own. The caller has bounded `len`; it never passes the end of `source`.
pub fn range(source: &dyn Bytes, offset: u64, len: u64) -> Result<Vec<u8>, Unreadable> {
    let len = len.min(source.len().saturating_sub(offset));
    let mut out = vec![0; usize::try_from(len).map_err(|_| Unreadable)?];
    source.read_at(offset, &mut out)?;
    Ok(out)
}

/// Why bytes are not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// The source ends before.
    End,
    /// More than the limit would have to be held.
    Limit,
    /// The source could not be read.
    Unreadable,
}

/// The first bytes of a source, read in growing steps.
pub struct Held<'a> {
    source: &'a dyn Bytes,
    start: u64,
    limit: u64,
    bytes: Vec<u8>,
}

const FIRST_STEP: u64 = 16 << 10;
const LARGEST_STEP: u64 = 1 << 20;

impl<'a> Held<'a> {
    /// Holds at most `limit` bytes of `source` from `start`.
    pub fn new(source: &'a dyn Bytes, start: u64, limit: u64) -> Self {
        Self { source, start, limit, bytes: Vec::new() }
    }

    /// What is held.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Bytes from the start to the end of the source.
    pub fn total(&self) -> u64 {
        self.source.len().saturating_sub(self.start)
    }

    /// The bytes `at..at + len`, read if need be.
    pub fn get(&mut self, at: u64, len: u64) -> Result<&[u8], Missing> {
        let end = at.checked_add(len).ok_or(Missing::End)?;
        self.hold(end)?;
        let (a, b) = (to_usize(at)?, to_usize(end)?);
        self.bytes.get(a..b).ok_or(Missing::End)
    }

    /// Holds everything before `end`.
    pub fn hold(&mut self, end: u64) -> Result<(), Missing> {
        if end <= self.bytes.len() as u64 {
            return Ok(());
        }
        if end > self.total() {
            return Err(Missing::End);
        }
        if end > self.limit {
            return Err(Missing::Limit);
        }
        while (self.bytes.len() as u64) < end {
            let have = self.bytes.len() as u64;
            let step = have.clamp(FIRST_STEP, LARGEST_STEP).min(self.total() - have);
            self.bytes.resize(to_usize(have + step)?, 0);
            let into = self.bytes.get_mut(to_usize(have)?..).ok_or(Missing::End)?;
            self.source.read_at(self.start + have, into).map_err(|_| Missing::Unreadable)?;
        }
        Ok(())
    }

    /// The bytes before `end`; what was read beyond is dropped.
    pub fn into_bytes(mut self, end: u64) -> Vec<u8> {
        self.bytes.truncate(usize::try_from(end).unwrap_or(usize::MAX));
        self.bytes
    }
}

fn to_usize(n: u64) -> Result<usize, Missing> {
    usize::try_from(n).map_err(|_| Missing::Limit)
}
