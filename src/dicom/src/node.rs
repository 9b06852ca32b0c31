//! The parsed data set: a flat list of nodes in the order of the file.

use crate::Tag;

/// How elements are written (PS3.5 A.1, A.2, A.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// Implicit VR Little Endian.
    ImplicitLe,
    /// Explicit VR Little Endian.
    ExplicitLe,
    /// Explicit VR Big Endian (retired).
    ExplicitBe,
}

/// What a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NodeKind {
    /// A data element with a value.
    Element,
    /// A sequence of items. UN of undefined length is one too (PS3.5 6.2.2).
    Sequence,
    /// An item of a sequence; its tag is (FFFE,E000).
    Item,
    /// Encapsulated Pixel Data: fragments, not parsed into nodes (PS3.5 A.4).
    Fragments,
}

/// One data element, sequence or item. Offsets count in the data set's coordinates: the file, or the inflated data
/// set (whose byte 0 is the first data element) where the transfer syntax is deflated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// What it is.
    pub kind: NodeKind,
    /// Its tag.
    pub tag: Tag,
    /// The VR in force, two ASCII letters: as written if it is one of PS3.5 6.2; else by dictionary; else `UN`.
    /// Implicit VR: by dictionary, private elements `UN`, private creators `LO`. Sequences: `SQ`.
    pub vr: [u8; 2],
    /// The two VR bytes in the file; zeros in implicit VR and for items.
    pub vr_written: [u8; 2],
    /// How this node's header is written (an UN sequence of undefined length has implicit content).
    pub encoding: Encoding,
    /// Offset of the first byte of the header.
    pub header: u64,
    /// Offset of the first byte of the value.
    pub value: u64,
    /// Bytes of the value as they are in the file, without delimiters; never beyond the end of the file.
    pub len: u64,
    /// The length field says FFFFFFFF.
    pub undefined_length: bool,
    /// Offset after the last byte of the element, delimiters included.
    pub end: u64,
    /// Index of the node around it: an item for elements, a sequence for items; `None` at the top.
    pub parent: Option<u32>,
    /// Index of the first node after this one and all it holds.
    pub next: u32,
    /// Number of sequences around it; 0 at the top.
    pub depth: u16,
    /// Items: number in the sequence, from 0. Others: 0.
    pub item: u32,
}
