//! What reading a file yields: its form, its nodes, the bytes that are held, and notes on what was odd.

use crate::charset::{CharacterSet, Evidence, Text, Unreadable};
use crate::held::Held;
use crate::node::{Encoding, Node, NodeKind};
use crate::quirks::Quirks;
use crate::{Error, ErrorKind, Read, Result, Source, Step, Tag, TagPath, transfer_syntax, value};
use core::ops::Range;
use std::sync::OnceLock;

/// Specific Character Set (0008,0005).
pub(crate) const SPECIFIC_CHARACTER_SET: Tag = Tag(0x0008, 0x0005);

/// Values that are not text stay in the source above this many bytes.
pub const BY_REFERENCE_ABOVE: u64 = 64 << 10;

/// Media Storage Directory Storage (PS3.6 Table A-1).
const MEDIA_STORAGE_DIRECTORY: &str = "1.2.840.10008.1.3.10";

/// How the file is built (PS3.10 7).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// 128 bytes stand before `DICM`.
    pub preamble: bool,
    /// File Meta Information (group 0002) stands before the data set.
    pub has_meta: bool,
    /// Transfer Syntax UID (0002,0010) as declared, trimmed; `None` when absent or empty.
    pub declared_transfer_syntax: Option<String>,
    /// The transfer syntax that is true: as declared unless the bytes show another encoding.
    pub transfer_syntax: String,
    /// How the elements of the data set are written.
    pub encoding: Encoding,
    /// The data set is deflated (PS3.5 A.5).
    pub deflated: bool,
    /// Media Storage SOP Class UID (0002,0002).
    pub media_sop_class: Option<String>,
    /// Implementation Class UID (0002,0012).
    pub meta_implementation_class: Option<String>,
    /// Offset in the file of the data set (of the deflated stream where it is deflated).
    pub data_set_offset: u64,
    /// Offset in the file after the data set.
    pub data_set_end: u64,
    /// Bytes of the file after the data set.
    pub trailing: u64,
}

impl Form {
    /// True when the transfer syntax in force encapsulates Pixel Data (PS3.5 A.4).
    pub fn is_encapsulated(&self) -> bool {
        transfer_syntax::is_encapsulated(&self.transfer_syntax)
    }
}

/// One fragment of encapsulated Pixel Data, item header left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fragment {
    /// Offset of its first byte, in the data set's coordinates.
    pub offset: u64,
    /// Its length as the item header states it.
    pub len: u64,
}

/// A file that was read.
pub struct DataSet {
    pub(crate) nodes: Vec<Node>,
    pub(crate) form: Form,
    pub(crate) quirks: Quirks,
    pub(crate) held: Held,
    /// Length of the file.
    pub(crate) file_len: u64,
    /// From the first element to the end of the last, in the data set's coordinates.
    pub(crate) content: Range<u64>,
    /// Fragments by node, in the order of nodes.
    pub(crate) fragments: Vec<(u32, Vec<Fragment>)>,
    /// Character sets by the item that declares them, sorted.
    pub(crate) charsets: Vec<(Option<u32>, CharacterSet)>,
    /// What the undeclared text shows, once somebody has asked.
    pub(crate) evidence: OnceLock<Evidence>,
}

impl DataSet {
    /// All nodes in the order of the file.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The node at an index.
    pub fn node(&self, index: u32) -> Option<&Node> {
        self.nodes.get(index as usize)
    }

    /// How the file is built.
    pub fn form(&self) -> &Form {
        &self.form
    }

    /// True for a DICOMDIR: by its SOP class, or by elements of group 0004.
    pub fn is_dicomdir(&self) -> bool {
        self.form.media_sop_class.as_deref() == Some(MEDIA_STORAGE_DIRECTORY)
            || self.children(None).any(|i| self.node(i).is_some_and(|n| n.tag.0 == 4))
    }

    /// What was odd and was read all the same.
    pub fn quirks(&self) -> &Quirks {
        &self.quirks
    }

    /// The held bytes of a value; `None` for Pixel Data, fragments, sequences, items, and binary values over
    /// [`BY_REFERENCE_ABOVE`].
    pub fn value(&self, index: u32) -> Option<&[u8]> {
        let node = self.node(index)?;
        if is_by_reference(node) { None } else { self.held.get(node.value, node.len) }
    }

    /// A part of a value, `range` counted from its first byte. The caller bounds its length.
    pub fn read(&self, source: &dyn Source, index: u32, range: Range<u64>) -> Result<Vec<u8>> {
        let place = || self.error(ErrorKind::Truncated, index);
        let node = self.node(index).ok_or_else(place)?;
        if range.start > range.end || range.end > node.len {
            return Err(place());
        }
        let mut buf = vec![0; usize::try_from(range.end - range.start).map_err(|_| place())?];
        self.read_at(source, node.value + range.start, &mut buf)?;
        Ok(buf)
    }

    /// Fills `buf` from an offset in the data set's coordinates.
    pub fn read_at(&self, source: &dyn Source, offset: u64, buf: &mut [u8]) -> Result<()> {
        match self.held.get(offset, buf.len() as u64) {
            Some(bytes) => buf.copy_from_slice(bytes),
            None if self.form.deflated => {
                return Err(Error { kind: ErrorKind::Truncated, path: None, offset });
            }
            None => source.read_at(offset, buf)?,
        }
        Ok(())
    }

    /// Fills many buffers from offsets in the data set's coordinates, together where the source can.
    pub fn read_all(&self, source: &dyn Source, reads: &mut [Read<'_>]) -> Result<()> {
        let is_held = |read: &Read<'_>| self.held.get(read.offset, read.bytes.len() as u64).is_some();
        if self.form.deflated || reads.iter().any(is_held) {
            return reads.iter_mut().try_for_each(|read| self.read_at(source, read.offset, read.bytes));
        }
        Ok(source.read_all(reads)?)
    }

    /// Direct children: elements of an item or of the top level, items of a sequence.
    pub fn children(&self, parent: Option<u32>) -> impl Iterator<Item = u32> + '_ {
        let (mut at, end) = match parent {
            Some(p) => (p.saturating_add(1), self.node(p).map_or(0, |n| n.next)),
            None => (0, u32::try_from(self.nodes.len()).unwrap_or(u32::MAX)),
        };
        core::iter::from_fn(move || {
            let node = self.node(at).filter(|_| at < end)?;
            let index = at;
            at = node.next.max(at + 1);
            Some(index)
        })
    }

    /// The first direct child with a tag.
    pub fn find(&self, parent: Option<u32>, tag: Tag) -> Option<u32> {
        self.children(parent).find(|&i| self.node(i).is_some_and(|n| n.tag == tag))
    }

    /// The place of a node. For an item: the sequence, with the item as last step.
    pub fn path(&self, index: u32) -> TagPath {
        let mut path = TagPath::from(self.node(index).map_or(Tag::ITEM, |n| n.tag));
        let mut at = Some(index);
        while let Some(node) = at.and_then(|i| self.node(i)) {
            if node.kind == NodeKind::Item {
                let sequence = node.parent.and_then(|p| self.node(p)).map_or(Tag::ITEM, |s| s.tag);
                path.steps.push(Step { sequence, item: node.item });
            }
            at = node.parent;
        }
        path.steps.reverse();
        path
    }

    /// The text of a value: decoded with the character set in force, padding trimmed. `None` when it is not held or
    /// does not decode.
    pub fn text(&self, index: u32) -> Option<String> {
        let bytes = self.value(index)?;
        let vr = self.node(index)?.vr;
        let text = if value::uses_character_set(vr) {
            self.charset(index).decode(bytes, vr).ok()?
        } else {
            CharacterSet::default().decode(bytes, vr).ok()?
        };
        Some(value::trim(&text).to_owned())
    }

    /// The character set in force for a node: of its item, else of the items around it, else of the top (PS3.5 7.5.3).
    pub fn charset(&self, index: u32) -> CharacterSet {
        let mut scope = self.node(index).and_then(|n| n.parent);
        loop {
            let found = self.charsets.binary_search_by_key(&scope, |(s, _)| *s);
            if let Some((_, set)) = found.ok().and_then(|k| self.charsets.get(k)) {
                return *set;
            }
            match scope.and_then(|i| self.node(i)) {
                Some(node) => scope = node.parent,
                None => return CharacterSet::default(),
            }
        }
    }

    /// A value as devices write it: also text that breaks its declaration, where what it says is clear. Padding included.
    pub fn read_text(&self, index: u32) -> core::result::Result<Text, Unreadable> {
        let vr = self.node(index).map_or(*b"UN", |n| n.vr);
        let bytes = self.value(index).ok_or(Unreadable::NOTHING)?;
        self.charset(index).read(bytes, vr, self.evidence())
    }

    /// What all text elements together show of the encoding of those that nothing declares.
    pub fn evidence(&self) -> &Evidence {
        self.evidence.get_or_init(|| {
            let mut evidence = Evidence::default();
            for (index, node) in (0u32..).zip(&self.nodes).filter(|(_, n)| value::is_text(n.vr)) {
                if let Some(bytes) = self.value(index).filter(|v| !v.is_ascii()) {
                    self.charset(index).show(bytes, node.vr, &mut evidence);
                }
            }
            evidence
        })
    }

    /// The fragments of a node of kind `Fragments`; the first is the Basic Offset Table. Empty for all others.
    pub fn fragments(&self, index: u32) -> &[Fragment] {
        self.fragments
            .binary_search_by_key(&index, |(i, _)| *i)
            .ok()
            .and_then(|k| self.fragments.get(k))
            .map_or(&[], |(_, f)| f.as_slice())
    }

    /// Length of the file in bytes.
    pub fn file_len(&self) -> u64 {
        self.file_len
    }

    /// An error at a node.
    pub fn error(&self, kind: ErrorKind, index: u32) -> Error {
        let offset = self.node(index).map_or(0, |n| n.header);
        Error { kind, path: self.node(index).map(|_| self.path(index)), offset }
    }
}

/// True for values that are never held: Pixel Data of the top level, fragments, big binary values.
pub(crate) fn is_by_reference(node: &Node) -> bool {
    match node.kind {
        NodeKind::Element => {
            (node.depth == 0 && is_pixel_data(node.tag)) || (node.len > BY_REFERENCE_ABOVE && !value::is_text(node.vr))
        }
        NodeKind::Sequence | NodeKind::Item | NodeKind::Fragments => true,
    }
}

/// True for (7FE0,0008), (7FE0,0009) and (7FE0,0010).
pub(crate) const fn is_pixel_data(tag: Tag) -> bool {
    tag.0 == 0x7FE0 && matches!(tag.1, 0x0008..=0x0010)
}
