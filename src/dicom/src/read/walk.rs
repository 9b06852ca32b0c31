//! The walk over the elements: a loop with an explicit stack of open sequences and items.

use super::header::{self, Header, item_head};
use super::window::Window;
use crate::charset::CharacterSet;
use crate::data_set::{Fragment, SPECIFIC_CHARACTER_SET, is_by_reference, is_pixel_data};
use crate::node::{Encoding, Node, NodeKind};
use crate::quirks::{Quirk, Quirks};
use crate::{ErrorKind, Limits, Result, Tag, value};

const ROWS: Tag = Tag(0x0028, 0x0010);

/// A fault and the element it was met in, where one is known.
pub(super) type Fault = (ErrorKind, Option<Tag>);

/// Whether the data set goes on.
pub(super) type Progress = core::result::Result<bool, Fault>;

/// An open sequence or item, or the top level.
#[derive(Clone, Copy)]
pub(super) struct Frame {
    /// Its node; `None` for the top level.
    pub(super) node: Option<u32>,
    pub(super) is_sequence: bool,
    /// Where its explicit length ends it.
    pub(super) end: Option<u64>,
    /// The nearest end of any explicit length around.
    pub(super) bound: u64,
    /// How what it holds is written.
    pub(super) content: Encoding,
    pub(super) last_tag: Option<Tag>,
    pub(super) last_child: Option<u32>,
    pub(super) items: u32,
}

impl Frame {
    pub(super) fn new(
        node: Option<u32>,
        is_sequence: bool,
        end: Option<u64>,
        outer_bound: u64,
        content: Encoding,
    ) -> Self {
        let bound = end.map_or(outer_bound, |e| e.min(outer_bound));
        Self { node, is_sequence, end, bound, content, last_tag: None, last_child: None, items: 0 }
    }
}

/// What the walk has gathered.
pub(super) struct Walk<'w, 's> {
    pub(super) w: &'w mut Window<'s>,
    pub(super) limits: &'w Limits,
    pub(super) quirks: &'w mut Quirks,
    pub(super) nodes: Vec<Node>,
    pub(super) fragments: Vec<(u32, Vec<Fragment>)>,
    pub(super) charsets: Vec<(Option<u32>, CharacterSet)>,
    pub(super) pos: u64,
    pub(super) root: Frame,
    /// Open sequences and items, from the outside in.
    pub(super) open: Vec<Frame>,
    pub(super) depth: u16,
    pub(super) pixel_seen: bool,
    pub(super) rows_seen: bool,
}

impl<'w, 's> Walk<'w, 's> {
    pub(super) fn new(
        w: &'w mut Window<'s>,
        limits: &'w Limits,
        quirks: &'w mut Quirks,
        pos: u64,
        encoding: Encoding,
    ) -> Self {
        let root = Frame::new(None, false, None, w.len, encoding);
        Self {
            w,
            limits,
            quirks,
            nodes: Vec::new(),
            fragments: Vec::new(),
            charsets: Vec::new(),
            pos,
            root,
            open: Vec::new(),
            depth: 0,
            pixel_seen: false,
            rows_seen: false,
        }
    }

    /// Reads to the end of the data set; [`pos`](Self::pos) is then the offset after it.
    pub(super) fn run(&mut self) -> Result<()> {
        loop {
            self.close_finished();
            if self.pos >= self.w.len {
                break;
            }
            let more = if self.top().is_sequence { self.item() } else { self.element() };
            match more {
                Ok(true) => {}
                Ok(false) => break,
                Err((kind, tag)) => return Err(self.fail(kind, tag)),
            }
        }
        Ok(())
    }

    /// Opens a sequence that has no header of its own and fills the whole window.
    pub(super) fn open_root_sequence(&mut self, tag: Tag) -> Result<()> {
        let header = Header {
            tag,
            vr: *b"SQ",
            vr_written: [0, 0],
            encoding: Encoding::ImplicitLe,
            value: 0,
            len: self.w.len,
            undefined: false,
        };
        self.open_sequence(&header).map_err(|(kind, tag)| self.fail(kind, tag))
    }

    pub(super) fn top(&self) -> &Frame {
        self.open.last().unwrap_or(&self.root)
    }

    pub(super) fn top_mut(&mut self) -> &mut Frame {
        self.open.last_mut().unwrap_or(&mut self.root)
    }

    /// Closes what an explicit length ends here, and what is still open inside of it.
    fn close_finished(&mut self) {
        while let Some(frame) = self.open.last().filter(|f| self.pos >= f.bound) {
            if frame.end.is_none() {
                let at_end = self.pos >= self.w.len;
                self.quirks.note(if at_end { Quirk::OpenAtEnd } else { Quirk::MissingDelimiter });
            }
            self.close(self.pos, self.pos);
        }
    }

    /// Closes the innermost frame: its content ends at one offset, its delimiter at another.
    pub(super) fn close(&mut self, content_end: u64, end: u64) {
        let Some(frame) = self.open.pop() else { return };
        if frame.is_sequence {
            self.depth = self.depth.saturating_sub(1);
        }
        let next = self.count();
        if let Some(node) = frame.node.and_then(|i| self.nodes.get_mut(i as usize)) {
            node.len = content_end.saturating_sub(node.value);
            node.end = end;
            node.next = next;
        }
    }

    pub(super) fn count(&self) -> u32 {
        u32::try_from(self.nodes.len()).unwrap_or(u32::MAX)
    }

    /// Appends a node as the last child of the innermost frame.
    pub(super) fn push(&mut self, mut node: Node) -> core::result::Result<(), Fault> {
        if self.nodes.len() as u64 >= u64::from(self.limits.elements) {
            return Err((ErrorKind::TooLarge, Some(node.tag)));
        }
        let index = self.count();
        node.next = index + 1;
        self.nodes.push(node);
        self.top_mut().last_child = Some(index);
        Ok(())
    }

    /// One element of the innermost item or of the top level. `false`: what follows is no data set.
    fn element(&mut self) -> Progress {
        let (bytes, n) = self.w.peek::<12>(self.pos).map_err(at(None))?;
        let content = self.top().content;
        if self.open.is_empty() && self.is_trailing(&bytes, n).map_err(at(None))? {
            self.quirks.note(Quirk::Trailing);
            return Ok(false);
        }
        if n < 8 {
            return Err((ErrorKind::Truncated, None));
        }
        if let Some((tag, ..)) = item_head(&bytes) {
            return self.item_in_data(tag);
        }
        let tag = header::tag(&bytes, content);
        let bound = self.top().bound;
        let header = match header::read(self.w, self.pos, content, bound, self.quirks) {
            Ok(header) => header,
            Err(kind) if self.open.is_empty() && self.ends_without_pixels(kind, tag, &bytes) => {
                self.quirks.note(Quirk::Trailing);
                return Ok(false);
            }
            Err(kind) => return Err((kind, Some(tag))),
        };
        self.note_place(tag);
        self.value(&header).map(|()| true)
    }

    /// Order, duplicates and places of tags.
    fn note_place(&mut self, tag: Tag) {
        let at_top = self.open.is_empty();
        let frame = self.top_mut();
        let last = frame.last_tag.replace(tag);
        match last.map(|l| tag.cmp(&l)) {
            Some(core::cmp::Ordering::Less) => self.quirks.note(Quirk::OutOfOrder),
            Some(core::cmp::Ordering::Equal) => self.quirks.note(Quirk::Duplicate),
            _ => {}
        }
        if at_top {
            match tag.0 {
                0 => self.quirks.note(Quirk::CommandGroup),
                2 => self.quirks.note(Quirk::MetaInDataSet),
                _ => {}
            }
            if self.pixel_seen {
                self.quirks.note(Quirk::AfterPixelData);
            }
            self.pixel_seen |= is_pixel_data(tag);
            self.rows_seen |= tag == ROWS;
        }
    }

    fn value(&mut self, header: &Header) -> core::result::Result<(), Fault> {
        let tag = header.tag;
        if header.undefined {
            return self.undefined_value(header);
        }
        let end = header.value + header.len;
        if end > self.w.len {
            return Err((ErrorKind::Truncated, Some(tag)));
        }
        if header.vr == *b"SQ" && header.len > 0 {
            let (bytes, n) = self.w.peek::<8>(header.value).map_err(at(Some(tag)))?;
            if n == 8 && item_head(&bytes).is_some_and(|(t, ..)| t == Tag::ITEM) {
                self.admit(end, tag)?;
                return self.open_sequence(header);
            }
            self.quirks.note(Quirk::NotASequence);
            return self.plain(&Header { vr: *b"UN", ..*header });
        }
        if header.vr == *b"SQ" {
            return self.open_sequence(header);
        }
        self.plain(header)
    }

    /// An element with a value of its own.
    fn plain(&mut self, header: &Header) -> core::result::Result<(), Fault> {
        let tag = header.tag;
        let mut end = header.value + header.len;
        self.admit(end, tag)?;
        if header.len % 2 == 1 {
            self.quirks.note(Quirk::OddLength);
            if self.is_padded(end).map_err(at(Some(tag)))? {
                self.quirks.note(Quirk::UncountedPadding);
                end += 1;
            }
        }
        let node = self.node(header, NodeKind::Element, end);
        if value::is_text(node.vr) && node.len > self.limits.text_value {
            return Err((ErrorKind::TooLarge, Some(tag)));
        }
        if !is_by_reference(&node) {
            self.w.hold(node.value, node.len).map_err(at(Some(tag)))?;
        }
        self.push(node)?;
        if tag == SPECIFIC_CHARACTER_SET {
            let bytes = self.w.get(header.value, header.len).unwrap_or_default();
            self.charsets.push((self.top().node, CharacterSet::from_value(bytes)));
        }
        self.pos = end;
        Ok(())
    }

    /// True when one byte that the length does not count stands between a value and the next header.
    fn is_padded(&mut self, end: u64) -> core::result::Result<bool, ErrorKind> {
        let Frame { content, bound, .. } = *self.top();
        Ok(!header::is_plausible(self.w, end, content, bound)?
            && end < bound
            && header::is_plausible(self.w, end + 1, content, bound)?)
    }

    pub(super) fn node(&self, header: &Header, kind: NodeKind, end: u64) -> Node {
        Node {
            kind,
            tag: header.tag,
            vr: header.vr,
            vr_written: header.vr_written,
            encoding: header.encoding,
            header: self.pos,
            value: header.value,
            len: header.len,
            undefined_length: false,
            end,
            parent: self.top().node,
            next: 0,
            depth: self.depth,
            item: 0,
        }
    }
}

/// Adds the place to a fault.
pub(super) fn at(tag: Option<Tag>) -> impl Fn(ErrorKind) -> Fault {
    move |kind| (kind, tag)
}
