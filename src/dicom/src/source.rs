//! Where bytes come from and what a result is made of.

/// The source could not be read: removed, changed or locked since it was chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SourceUnreadable;

/// Bytes that are read by ranges: a file, a Blob, a buffer.
pub trait Source {
    /// Length in bytes.
    fn len(&self) -> u64;

    /// True when there are no bytes.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Fills `buf` from `offset`. The range must lie within [`len`](Source::len).
    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<(), SourceUnreadable>;

    /// Fills many buffers: at once, where a source is asked more for a read than for the bytes that it brings.
    fn read_all(&self, reads: &mut [Read<'_>]) -> Result<(), SourceUnreadable> {
        reads.iter_mut().try_for_each(|read| self.read_at(read.offset, read.bytes))
    }
}

/// A range of a source to be read.
#[derive(Debug)]
pub struct Read<'b> {
    /// Its first byte.
    pub offset: u64,
    /// What is filled.
    pub bytes: &'b mut [u8],
}

/// A part of a result: own bytes, or a range of the source that is never loaded.
#[derive(Clone, PartialEq, Eq)]
pub enum Piece {
    /// Bytes made here.
    Bytes(Vec<u8>),
    /// `len` bytes of the source from `offset`.
    Range {
        /// First byte in the source.
        offset: u64,
        /// Number of bytes.
        len: u64,
    },
}

impl Piece {
    /// Length in bytes.
    pub fn len(&self) -> u64 {
        match self {
            Self::Bytes(b) => b.len() as u64,
            Self::Range { len, .. } => *len,
        }
    }

    /// True when it holds nothing.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl core::fmt::Debug for Piece {
    /// Lengths only: bytes may identify a person.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Bytes(b) => write!(f, "Bytes({})", b.len()),
            Self::Range { offset, len } => write!(f, "Range({offset}, {len})"),
        }
    }
}

impl Source for [u8] {
    fn len(&self) -> u64 {
        <[u8]>::len(self) as u64
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<(), SourceUnreadable> {
        let start = usize::try_from(offset).map_err(|_| SourceUnreadable)?;
        let end = start.checked_add(buf.len()).ok_or(SourceUnreadable)?;
        buf.copy_from_slice(self.get(start..end).ok_or(SourceUnreadable)?);
        Ok(())
    }
}

impl Source for Vec<u8> {
    fn len(&self) -> u64 {
        self.as_slice().len() as u64
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<(), SourceUnreadable> {
        self.as_slice().read_at(offset, buf)
    }
}
