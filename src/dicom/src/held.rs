//! The bytes of a data set that are in memory.

/// A contiguous run of the data set.
pub(crate) struct Segment {
    /// Offset of its first byte.
    pub(crate) start: u64,
    /// The bytes.
    pub(crate) bytes: Vec<u8>,
}

impl Segment {
    /// Offset after its last byte.
    pub(crate) fn end(&self) -> u64 {
        self.start + self.bytes.len() as u64
    }

    /// A range of it, in the data set's coordinates.
    pub(crate) fn get(&self, offset: u64, len: u64) -> Option<&[u8]> {
        let from = usize::try_from(offset.checked_sub(self.start)?).ok()?;
        let to = from.checked_add(usize::try_from(len).ok()?)?;
        self.bytes.get(from..to)
    }
}

/// Segments in ascending order, never overlapping.
#[derive(Default)]
pub(crate) struct Held(pub(crate) Vec<Segment>);

impl Held {
    /// A range that lies in one segment.
    pub(crate) fn get(&self, offset: u64, len: u64) -> Option<&[u8]> {
        let after = self.0.partition_point(|s| s.start <= offset);
        self.0.get(after.checked_sub(1)?)?.get(offset, len)
    }
}
