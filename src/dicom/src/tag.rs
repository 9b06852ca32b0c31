//! Tags, and paths of tags from the top of a data set to an element inside sequences.

use core::fmt;

/// A data element tag (PS3.5 7.1).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tag(
    /// Group number.
    pub u16,
    /// Element number.
    pub u16,
);

impl Tag {
    /// Item (FFFE,E000).
    pub const ITEM: Self = Self(0xFFFE, 0xE000);
    /// Item Delimitation Item (FFFE,E00D).
    pub const ITEM_DELIMITATION: Self = Self(0xFFFE, 0xE00D);
    /// Sequence Delimitation Item (FFFE,E0DD).
    pub const SEQUENCE_DELIMITATION: Self = Self(0xFFFE, 0xE0DD);
    /// Pixel Data (7FE0,0010).
    pub const PIXEL_DATA: Self = Self(0x7FE0, 0x0010);

    /// True for an odd group: private (PS3.5 7.8).
    pub const fn is_private(self) -> bool {
        self.0 & 1 == 1
    }

    /// True for (gggg,0000), a group length (PS3.5 7.2).
    pub const fn is_group_length(self) -> bool {
        self.1 == 0
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04X},{:04X}", self.0, self.1)
    }
}

impl fmt::Debug for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// One step of a path: a sequence and the number of the item in it, counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Step {
    /// Tag of the sequence.
    pub sequence: Tag,
    /// Number of the item, from 0.
    pub item: u32,
}

/// The place of an element: the sequences and items around it, and its tag. Shown as `0008,1115[0]/0020,000E`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TagPath {
    /// Sequences and items from the outside in.
    pub steps: Vec<Step>,
    /// The element itself.
    pub tag: Tag,
}

impl fmt::Display for TagPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for s in &self.steps {
            write!(f, "{}[{}]/", s.sequence, s.item)?;
        }
        write!(f, "{}", self.tag)
    }
}

impl From<Tag> for TagPath {
    fn from(tag: Tag) -> Self {
        Self { steps: Vec::new(), tag }
    }
}
