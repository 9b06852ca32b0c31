//! Edits become pieces: what no edit names leaves byte for byte, by reference where it is big.

mod deflate;
mod emit;
mod encode;
mod mend;
mod meta;

use crate::{DataSet, Piece, Result, Source, Tag};
use core::fmt;
use std::collections::BTreeMap;

/// A new element.
#[derive(Clone, PartialEq, Eq)]
pub struct NewElement {
    /// Its tag.
    pub tag: Tag,
    /// Its VR, one of PS3.5 6.2.
    pub vr: [u8; 2],
    /// Its value.
    pub value: NewValue,
}

/// The value of a new element.
#[derive(Clone, PartialEq, Eq)]
pub enum NewValue {
    /// Bytes, numbers little endian; padded to even length when written.
    Bytes(Vec<u8>),
    /// Items of a sequence.
    Items(Vec<Vec<NewElement>>),
}

/// What is done to one node.
#[derive(Clone, PartialEq, Eq)]
pub enum Edit {
    /// It goes, with all it holds.
    Drop,
    /// A new value of an element: same tag, VR and form of header. Numbers little endian; padded to even length.
    Value(Vec<u8>),
    /// New items of a sequence; none: zero items.
    Items(Vec<Vec<NewElement>>),
    /// A new value of an element or of fragments, as it stands in the file: of fragments with item headers and
    /// delimiter. Ranges count in the data set's coordinates.
    Pieces(Vec<Piece>),
}

impl fmt::Debug for NewElement {
    /// Tag, VR and size only: values may identify a person.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let size = match &self.value {
            NewValue::Bytes(b) => b.len(),
            NewValue::Items(i) => i.len(),
        };
        write!(f, "{} {} ({size})", self.tag, String::from_utf8_lossy(&self.vr))
    }
}

impl fmt::Debug for Edit {
    /// Kind and size only.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Drop => f.write_str("Drop"),
            Self::Value(b) => write!(f, "Value({})", b.len()),
            Self::Items(items) => write!(f, "Items({})", items.len()),
            Self::Pieces(pieces) => write!(f, "Pieces({pieces:?})"),
        }
    }
}

/// Edits of one data set, by index of the node.
#[derive(Debug, Clone, Default)]
pub struct Edits {
    pub(crate) edits: BTreeMap<u32, Edit>,
    /// New elements by parent, in tag order.
    pub(crate) inserts: BTreeMap<Option<u32>, Vec<NewElement>>,
}

impl Edits {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets what is done to a node; replaces an earlier edit of it.
    pub fn set(&mut self, index: u32, edit: Edit) {
        self.edits.insert(index, edit);
    }

    /// What is done to a node.
    pub fn get(&self, index: u32) -> Option<&Edit> {
        self.edits.get(&index)
    }

    /// Nodes with what is done to them, in the order of the file.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (u32, &Edit)> {
        self.edits.iter().map(|(&index, edit)| (index, edit))
    }

    /// Adds an element to an item or to the top level, in tag order.
    pub fn insert(&mut self, parent: Option<u32>, element: NewElement) {
        let list = self.inserts.entry(parent).or_default();
        let at = list.partition_point(|e| e.tag <= element.tag);
        list.insert(at, element);
    }

    /// Adds items to a sequence, after those that it has.
    pub fn append(&mut self, sequence: u32, items: Vec<Vec<NewElement>>) {
        self.insert(Some(sequence), NewElement { tag: Tag::ITEM, vr: *b"SQ", value: NewValue::Items(items) });
    }

    /// The elements that are added to an item or to the top level, in tag order.
    pub fn inserted(&self, parent: Option<u32>) -> &[NewElement] {
        self.inserts.get(&parent).map(Vec::as_slice).unwrap_or_default()
    }

    /// True when nothing is changed.
    pub fn is_empty(&self) -> bool {
        self.edits.is_empty() && self.inserts.is_empty()
    }
}

/// What stands before the data set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Head {
    /// As it was; bytes after the data set stay too.
    Keep,
    /// 128 zero bytes, `DICM`, and a new group 0002; bytes after the data set go.
    Rebuild(NewMeta),
}

/// A new File Meta Information: exactly (0002,0000), 0001, 0002, 0003, 0010, 0012, 0013 (PS3.10 7.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMeta {
    /// Media Storage SOP Class UID.
    pub sop_class: String,
    /// Media Storage SOP Instance UID.
    pub sop_instance: String,
    /// Transfer Syntax UID.
    pub transfer_syntax: String,
    /// Implementation Class UID.
    pub implementation_class: String,
    /// Implementation Version Name, at most 16 characters.
    pub implementation_version: String,
}

/// Applies edits. Ranges of the result are offsets in the file. A deflated data set is deflated again, at a fixed level
/// and padded to even length, unless nothing is changed.
pub fn splice(ds: &DataSet, source: &dyn Source, edits: &Edits, head: &Head) -> Result<Vec<Piece>> {
    let form = &ds.form;
    let mut pieces = match head {
        Head::Keep => vec![Piece::Range { offset: 0, len: form.data_set_offset }],
        Head::Rebuild(meta) => vec![Piece::Bytes(meta::head(meta)?)],
    };
    if form.deflated && edits.is_empty() && *head == Head::Keep {
        return Ok(vec![Piece::Range { offset: 0, len: ds.file_len }]);
    }
    let rewritten = !edits.is_empty() || *head != Head::Keep;
    let content = emit::content(ds, edits, rewritten)?;
    if form.deflated {
        pieces.push(Piece::Bytes(deflate::deflate(ds, source, &content)?));
    } else {
        pieces.extend(content);
    }
    if *head == Head::Keep {
        pieces.push(Piece::Range { offset: form.data_set_end, len: ds.file_len - form.data_set_end });
    }
    pieces.retain(|p| !p.is_empty());
    Ok(pieces)
}
