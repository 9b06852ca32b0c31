//! Notes on what was odd in a file and was read all the same.

use core::fmt;

/// One kind of oddity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Quirk {
    /// `DICM` or group 0002 stands where it should not.
    MisplacedMeta,
    /// Group length (0002,0000) is missing or wrong.
    MetaGroupLength,
    /// An element of group 0002 stands twice.
    MetaDuplicate,
    /// Group 0002 is not Explicit VR Little Endian.
    MetaEncoding,
    /// The declared transfer syntax has another encoding than the bytes.
    TransferSyntaxLies,
    /// The deflated data set has a zlib header (PS3.5 A.5 asks for a raw stream).
    ZlibWrapped,
    /// A VR that PS3.5 6.2 does not know, or its two bytes are not letters.
    UnknownVr,
    /// The reserved bytes of a long header are not zero, or the header is short where a long one is due.
    HeaderForm,
    /// Implicit headers in an explicit data set, or the reverse.
    MixedEncoding,
    /// A value of odd length.
    OddLength,
    /// A padding byte that the length does not count.
    UncountedPadding,
    /// UN of undefined length.
    UnSequence,
    /// The length of a sequence or item contradicts what it holds.
    SequenceLength,
    /// An item or sequence of undefined length has no delimiter.
    MissingDelimiter,
    /// A delimiter that nothing waits for.
    StrayDelimiter,
    /// Sequences are open at the end of the file.
    OpenAtEnd,
    /// A sequence by its VR that holds no items: read as UN.
    NotASequence,
    /// Tags do not ascend.
    OutOfOrder,
    /// A tag stands twice in a row.
    Duplicate,
    /// Elements after Pixel Data.
    AfterPixelData,
    /// Elements of group 0002 inside the data set.
    MetaInDataSet,
    /// Elements of group 0000 in the data set.
    CommandGroup,
    /// Bytes after the data set.
    Trailing,
    /// Pixel Data of defined length under an encapsulated transfer syntax.
    NativeInEncapsulated,
    /// Fragments under a transfer syntax that is not encapsulated.
    EncapsulatedInNative,
    /// Encapsulated Pixel Data without its sequence delimiter.
    FragmentsOpen,
    /// A fragment of odd length.
    OddFragment,
}

const KINDS: usize = Quirk::OddFragment as usize + 1;

impl Quirk {
    /// All of them, in order.
    pub const ALL: [Self; KINDS] = [
        Self::MisplacedMeta,
        Self::MetaGroupLength,
        Self::MetaDuplicate,
        Self::MetaEncoding,
        Self::TransferSyntaxLies,
        Self::ZlibWrapped,
        Self::UnknownVr,
        Self::HeaderForm,
        Self::MixedEncoding,
        Self::OddLength,
        Self::UncountedPadding,
        Self::UnSequence,
        Self::SequenceLength,
        Self::MissingDelimiter,
        Self::StrayDelimiter,
        Self::OpenAtEnd,
        Self::NotASequence,
        Self::OutOfOrder,
        Self::Duplicate,
        Self::AfterPixelData,
        Self::MetaInDataSet,
        Self::CommandGroup,
        Self::Trailing,
        Self::NativeInEncapsulated,
        Self::EncapsulatedInNative,
        Self::FragmentsOpen,
        Self::OddFragment,
    ];
}

/// How often each oddity was met.
#[derive(Clone, PartialEq, Eq)]
pub struct Quirks([u32; KINDS]);

impl Default for Quirks {
    fn default() -> Self {
        Self([0; KINDS])
    }
}

impl Quirks {
    /// How often it was met.
    pub fn count(&self, quirk: Quirk) -> u32 {
        self.0.get(quirk as usize).copied().unwrap_or(0)
    }

    /// True when it was met.
    pub fn has(&self, quirk: Quirk) -> bool {
        self.count(quirk) > 0
    }

    /// True when the form of Pixel Data contradicts the transfer syntax or is not closed (`pixel-mismatch`).
    pub fn pixel_form(&self) -> bool {
        [Quirk::NativeInEncapsulated, Quirk::EncapsulatedInNative, Quirk::FragmentsOpen].iter().any(|&q| self.has(q))
    }

    /// What was met, and how often.
    pub fn iter(&self) -> impl Iterator<Item = (Quirk, u32)> + '_ {
        Quirk::ALL.into_iter().map(|q| (q, self.count(q))).filter(|(_, n)| *n > 0)
    }

    pub(crate) fn note(&mut self, quirk: Quirk) {
        if let Some(n) = self.0.get_mut(quirk as usize) {
            *n = n.saturating_add(1);
        }
    }
}

impl fmt::Debug for Quirks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_each_kind() {
        let mut quirks = Quirks::default();
        for (i, quirk) in Quirk::ALL.into_iter().enumerate() {
            assert_eq!(quirk as usize, i);
            quirks.note(quirk);
        }
        quirks.note(Quirk::OddFragment);
        assert_eq!(quirks.iter().count(), KINDS);
        assert_eq!((quirks.count(Quirk::OddFragment), quirks.count(Quirk::Trailing)), (2, 1));
    }
}
