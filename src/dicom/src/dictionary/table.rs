//! Tags and VRs, unpacked once.

use super::generated::VRS;
use crate::Tag;
use crate::packed::Packed;
use std::sync::OnceLock;

/// For each element in the order of tags: the distance from the element before it in its group, or 0 and the distances
/// of a new group and of its element from (0000,0000).
static TAGS: &[u8] = include_bytes!("tags.bin");
/// For each element in the order of tags: the place of its VR in [`VRS`], and a mark where the tag names a range.
static KINDS: &[u8] = include_bytes!("kinds.bin");

const VR: u8 = 0x3F;
/// All groups gg00 to ggFF, as in (60xx,3000).
const GROUPS: u8 = 0x40;
/// All elements ee00 to eeFF, as in (0020,31xx).
const ELEMENTS: u8 = 0x80;

/// Place of an entry in all columns.
pub(super) type Entry = usize;

pub(super) struct Table {
    /// In order; of ranges the lowest.
    tags: Vec<Tag>,
}

pub(super) fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| Table { tags: unpack() })
}

fn unpack() -> Vec<Tag> {
    let mut packed = Packed::new(TAGS).map(|number| u16::try_from(number).unwrap_or_default());
    let mut tags = Vec::with_capacity(KINDS.len());
    let mut last = Tag(0, 0);
    while let Some(distance) = packed.next() {
        last = match distance {
            0 => Tag(last.0.saturating_add(packed.next().unwrap_or_default()), packed.next().unwrap_or_default()),
            _ => Tag(last.0, last.1.saturating_add(distance)),
        };
        tags.push(last);
    }
    tags
}

impl Table {
    /// The entry that names a tag: its own, else that of a range of groups, else that of a range of elements.
    pub(super) fn find(&self, tag: Tag) -> Option<Entry> {
        let range = |tag: Tag, mark: u8| self.place(tag).filter(|&entry| kind(entry) & mark != 0);
        self.place(tag)
            .or_else(|| range(Tag(tag.0 & 0xFF00, tag.1), GROUPS))
            .or_else(|| range(Tag(tag.0, tag.1 & 0xFF00), ELEMENTS))
    }

    pub(super) fn vr(entry: Entry) -> Option<[u8; 2]> {
        VRS.get(usize::from(kind(entry) & VR)).copied()
    }

    #[cfg(test)]
    pub(super) fn tags(&self) -> &[Tag] {
        &self.tags
    }

    fn place(&self, tag: Tag) -> Option<Entry> {
        self.tags.binary_search(&tag).ok()
    }
}

fn kind(entry: Entry) -> u8 {
    KINDS.get(entry).copied().unwrap_or_default()
}
