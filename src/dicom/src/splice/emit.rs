//! The walk that turns a data set and its edits into pieces.

use super::encode::{self, Lengths};
use super::{Edit, Edits, NewElement, NewValue, mend};
use crate::node::{Encoding, Node, NodeKind};
use crate::{DataSet, ErrorKind, Piece, Result, Tag};

/// Runs of kept bytes below this size are copied when they are in memory: few pieces, little copying.
const COPIED_BELOW: u64 = 4 << 10;

/// Pieces of the data set's content with all edits applied.
/// Where anything is rewritten (`mend`), contradictions of lengths and delimiters are settled too: new elements must not
/// fall into what the file left open.
pub(super) fn content(ds: &DataSet, edits: &Edits, mend: bool) -> Result<Vec<Piece>> {
    let mend = mend && mend::is_due(ds);
    let touched = touched(ds, edits, mend)?;
    let mut emit =
        Emit { ds, edits, mend, touched, pieces: Vec::new(), at: ds.content.start, written: 0, open: Vec::new() };
    emit.run()?;
    Ok(emit.pieces)
}

/// True for items and sequences that hold an edit or an insertion or are to be mended.
fn touched(ds: &DataSet, edits: &Edits, mend: bool) -> Result<Vec<bool>> {
    let mut touched = vec![false; ds.nodes.len()];
    let mut mark = |mut at: Option<u32>| {
        while let Some(index) = at {
            match touched.get_mut(index as usize) {
                Some(flag) if !*flag => *flag = true,
                _ => break,
            }
            at = ds.node(index).and_then(|n| n.parent);
        }
    };
    if mend {
        (0u32..).zip(&ds.nodes).filter(|(_, n)| mend::is_broken(ds, n)).for_each(|(i, _)| mark(Some(i)));
    }
    for &index in edits.edits.keys() {
        let node = ds.node(index).ok_or(ErrorKind::Damaged)?;
        mark(node.parent);
    }
    for parent in edits.inserts.keys().flatten() {
        let holds = ds.node(*parent).is_some_and(|n| matches!(n.kind, NodeKind::Item | NodeKind::Sequence));
        if !holds {
            return Err(ds.error(ErrorKind::Damaged, *parent));
        }
        mark(Some(*parent));
    }
    Ok(touched)
}

/// A sequence, an item or the top level that is being written anew.
struct Open {
    node: Option<u32>,
    /// First child not yet handled, and the index after the last.
    next: u32,
    end: u32,
    /// Piece and offset of the length field that is set when it closes; none for undefined lengths.
    length_field: Option<(usize, usize)>,
    /// Bytes written when its content began.
    start: u64,
    /// Insertions not yet written.
    inserts: core::ops::Range<usize>,
}

struct Emit<'d> {
    ds: &'d DataSet,
    edits: &'d Edits,
    mend: bool,
    touched: Vec<bool>,
    pieces: Vec<Piece>,
    /// Offset in the data set up to which all is written or dropped.
    at: u64,
    written: u64,
    open: Vec<Open>,
}

impl<'d> Emit<'d> {
    fn run(&mut self) -> Result<()> {
        let end = u32::try_from(self.ds.nodes.len()).unwrap_or(u32::MAX);
        self.enter(None, 0, end, None);
        while let Some(open) = self.open.last() {
            let (parent, index, end) = (open.node, open.next, open.end);
            match self.ds.nodes.get(index as usize).filter(|_| index < end) {
                Some(node) => {
                    if let Some(open) = self.open.last_mut() {
                        open.next = node.next.max(index + 1);
                    }
                    self.insert_before(parent, Some(node))?;
                    self.node(index, node)?;
                }
                None => self.leave(parent)?,
            }
        }
        Ok(())
    }

    fn enter(&mut self, node: Option<u32>, first: u32, end: u32, length_field: Option<(usize, usize)>) {
        let inserts = 0..self.edits.inserts.get(&node).map_or(0, Vec::len);
        self.open.push(Open { node, next: first, end, length_field, start: self.written, inserts });
    }

    fn node(&mut self, index: u32, node: &'d Node) -> Result<()> {
        let Some(edit) = self.edits.get(index) else {
            if self.touched.get(index as usize) == Some(&true) {
                self.keep_to(node.header);
                let field = self.copy_header(index, node)?;
                self.enter(Some(index), index + 1, node.next, (!node.undefined_length).then_some(field));
            } else if self.mend && node.kind == NodeKind::Element && mend::has_stray_tail(node) {
                self.keep_to(node.value + node.len);
                self.at = node.end;
            }
            return Ok(());
        };
        self.keep_to(node.header);
        match edit {
            Edit::Drop => {}
            Edit::Value(bytes) => self.new_value(index, node, bytes)?,
            Edit::Items(items) => self.new_items(index, node, items)?,
            Edit::Pieces(pieces) => self.new_pieces(index, node, pieces)?,
        }
        self.at = node.end;
        Ok(())
    }

    fn new_value(&mut self, index: u32, node: &'d Node, bytes: &[u8]) -> Result<()> {
        if node.kind != NodeKind::Element {
            return Err(self.ds.error(ErrorKind::Damaged, index));
        }
        let value = encode::value(bytes, node.vr, node.encoding);
        let field = self.copy_header(index, node)?;
        self.set_length(index, node, field, value.len() as u64)?;
        self.bytes(&value);
        Ok(())
    }

    fn new_items(&mut self, index: u32, node: &'d Node, items: &[Vec<NewElement>]) -> Result<()> {
        if node.kind != NodeKind::Sequence {
            return Err(self.ds.error(ErrorKind::Damaged, index));
        }
        let content = self.encoding_of_items(index, node);
        let lengths = if node.undefined_length { Lengths::Undefined } else { Lengths::Explicit };
        let mut out = Vec::new();
        encode::items(&mut out, items, content, lengths)?;
        let field = self.copy_header(index, node)?;
        if node.undefined_length {
            encode::item(&mut out, Tag::SEQUENCE_DELIMITATION, 0, content);
        } else {
            self.set_length(index, node, field, out.len() as u64)?;
        }
        self.bytes(&out);
        Ok(())
    }

    fn encoding_of_items(&self, index: u32, node: &Node) -> Encoding {
        match self.ds.node(index + 1).filter(|n| n.parent == Some(index)) {
            Some(item) => item.encoding,
            None if node.vr_written == *b"SQ" => node.encoding,
            None => Encoding::ImplicitLe,
        }
    }

    fn new_pieces(&mut self, index: u32, node: &'d Node, pieces: &[Piece]) -> Result<()> {
        let field = self.copy_header(index, node)?;
        let mut len: u64 = pieces.iter().map(Piece::len).sum();
        for piece in pieces {
            match piece {
                Piece::Bytes(b) => self.bytes_of(b),
                Piece::Range { offset, len } => self.range(*offset, *len),
            }
        }
        match node.kind {
            NodeKind::Fragments => Ok(()),
            NodeKind::Element => {
                if len % 2 == 1 {
                    self.bytes(&[0]);
                    len += 1;
                }
                self.set_length(index, node, field, len)
            }
            NodeKind::Sequence | NodeKind::Item => Err(self.ds.error(ErrorKind::Damaged, index)),
        }
    }

    /// Ends a sequence or item: insertions, the rest of its content, its delimiter, its length.
    fn leave(&mut self, node: Option<u32>) -> Result<()> {
        self.insert_before(node, None)?;
        let Some(open) = self.open.pop() else { return Ok(()) };
        let Some((index, node)) = node.and_then(|i| Some((i, self.ds.node(i)?))) else {
            self.keep_to(self.ds.content.end);
            return Ok(());
        };
        self.keep_to(node.value + node.len);
        match open.length_field {
            Some(field) => self.set_length(index, node, field, self.written - open.start)?,
            None if node.end > node.value + node.len => self.keep_to(node.end),
            None => self.bytes_of(&mend::delimiter(node)),
        }
        self.at = node.end;
        Ok(())
    }

    /// Writes the insertions that come before a sibling; all that are left before none.
    fn insert_before(&mut self, parent: Option<u32>, sibling: Option<&Node>) -> Result<()> {
        let Some(list) = self.edits.inserts.get(&parent) else { return Ok(()) };
        while let Some(new) = self.open.last().and_then(|o| list.get(o.inserts.start)) {
            if sibling.is_some_and(|s| s.tag <= new.tag) {
                break;
            }
            if let Some(open) = self.open.last_mut() {
                open.inserts.start += 1;
            }
            let place = match (sibling, parent.and_then(|p| self.ds.node(p))) {
                (Some(s), _) => s.header,
                (None, Some(item)) => item.value + item.len,
                (None, None) => self.ds.content.end,
            };
            self.keep_to(place);
            let holder = parent.and_then(|p| Some((p, self.ds.node(p)?)));
            let undefined = holder.is_some_and(|(_, node)| node.undefined_length);
            let lengths = if undefined { Lengths::Undefined } else { Lengths::Explicit };
            let mut out = Vec::new();
            match (holder, &new.value) {
                (Some((index, node)), NewValue::Items(items)) if node.kind == NodeKind::Sequence => {
                    encode::items(&mut out, items, self.encoding_of_items(index, node), lengths)?;
                }
                _ => {
                    let encoding = holder.map_or(self.ds.form.encoding, |(_, node)| node.encoding);
                    encode::element(&mut out, new, encoding, lengths)?;
                }
            }
            self.bytes(&out);
        }
        Ok(())
    }

    /// Writes a header as it was; yields the place of its length field's end.
    fn copy_header(&mut self, index: u32, node: &Node) -> Result<(usize, usize)> {
        let len = node.value - node.header;
        let header = self.ds.held.get(node.header, len).ok_or_else(|| self.ds.error(ErrorKind::Damaged, index))?;
        let at = self.bytes(header);
        self.at = node.value;
        Ok(at)
    }

    /// Sets the length in a header that was written; the field ends at a place in a piece.
    fn set_length(&mut self, index: u32, node: &Node, (piece, end): (usize, usize), len: u64) -> Result<()> {
        if node.value == node.header {
            return Ok(());
        }
        let too_large = || self.ds.error(ErrorKind::TooLarge, index);
        let short =
            node.kind == NodeKind::Element && node.encoding != Encoding::ImplicitLe && node.value - node.header == 8;
        let (bytes, width) = if short {
            let len = u16::try_from(len).ok().filter(|&l| usize::from(l) <= encode::SHORT_MAX).ok_or_else(too_large)?;
            let [a, b] = encode::u16_bytes(len, node.encoding);
            ([a, b, 0, 0], 2)
        } else {
            let len = u32::try_from(len).ok().filter(|&l| l != u32::MAX).ok_or_else(too_large)?;
            (encode::u32_bytes(len, node.encoding), 4)
        };
        let field = match self.pieces.get_mut(piece) {
            Some(Piece::Bytes(b)) => end.checked_sub(width).and_then(|start| b.get_mut(start..end)),
            _ => None,
        };
        match (field, bytes.get(..width)) {
            (Some(field), Some(bytes)) => field.copy_from_slice(bytes),
            _ => return Err(self.ds.error(ErrorKind::Damaged, index)),
        }
        Ok(())
    }

    /// Keeps all bytes up to an offset.
    fn keep_to(&mut self, offset: u64) {
        if offset > self.at {
            self.range(self.at, offset - self.at);
            self.at = offset;
        }
    }

    /// Bytes of the data set: small ones copied, others by reference.
    fn range(&mut self, offset: u64, len: u64) {
        if len == 0 {
            return;
        }
        let ds = self.ds;
        if let Some(bytes) = ds.held.get(offset, len).filter(|_| len < COPIED_BELOW) {
            self.bytes(bytes);
            return;
        }
        self.written += len;
        match self.pieces.last_mut() {
            Some(Piece::Range { offset: o, len: l }) if *o + *l == offset => *l += len,
            _ => self.pieces.push(Piece::Range { offset, len }),
        }
    }

    fn bytes_of(&mut self, bytes: &[u8]) {
        self.bytes(bytes);
    }

    /// Own bytes; yields the piece they went to and its length.
    fn bytes(&mut self, bytes: &[u8]) -> (usize, usize) {
        self.written += bytes.len() as u64;
        if !matches!(self.pieces.last(), Some(Piece::Bytes(_))) {
            self.pieces.push(Piece::Bytes(Vec::new()));
        }
        let index = self.pieces.len() - 1;
        match self.pieces.last_mut() {
            Some(Piece::Bytes(b)) => {
                b.extend_from_slice(bytes);
                (index, b.len())
            }
            _ => (index, 0),
        }
    }
}
