//! What the walk does where lengths and delimiters contradict each other, and where the data set ends.

use super::header::{self, is_plausible};
use super::walk::{Fault, Frame, Progress, Walk, at};
use crate::node::{Encoding, NodeKind};
use crate::quirks::Quirk;
use crate::{Error, ErrorKind, Step, Tag, TagPath, dictionary, value};

const DELIMITER: u64 = 8;

impl Walk<'_, '_> {
    /// Lets a value end where it says. Beyond an explicit length around it: that length lies if something plausible
    /// follows, else nothing here can be trusted.
    pub(super) fn admit(&mut self, end: u64, tag: Tag) -> Result<(), Fault> {
        if end > self.w.len {
            return Err((ErrorKind::Truncated, Some(tag)));
        }
        let Frame { bound, content, .. } = *self.top();
        if end <= bound {
            return Ok(());
        }
        let len = self.w.len;
        if !is_plausible(self.w, end, content, len).map_err(at(Some(tag)))? {
            return Err((ErrorKind::Damaged, Some(tag)));
        }
        self.quirks.note(Quirk::SequenceLength);
        for frame in &mut self.open {
            frame.end = frame.end.map(|e| e.max(end));
            frame.bound = frame.bound.max(end);
        }
        Ok(())
    }

    /// Where an item ends. One that leaves the file ends with its sequence, if that one's explicit length is in it.
    pub(super) fn item_end(&mut self, stated: u64) -> Result<u64, Fault> {
        let Frame { end, bound, .. } = *self.top();
        if stated > self.w.len && end == Some(bound) {
            self.quirks.note(Quirk::SequenceLength);
            return Ok(bound);
        }
        self.admit(stated, Tag::ITEM)?;
        Ok(stated)
    }

    /// An item or delimiter where an element is due.
    pub(super) fn item_in_data(&mut self, tag: Tag) -> Progress {
        let top = *self.top();
        let after_sequence = top.last_child.filter(|&i| {
            self.nodes
                .get(i as usize)
                .is_some_and(|n| n.kind == NodeKind::Sequence && !n.undefined_length && n.end == self.pos)
        });
        match (tag, top.node, after_sequence) {
            (Tag::ITEM_DELIMITATION, Some(_), _) => {
                if top.end.is_some() {
                    self.quirks.note(Quirk::StrayDelimiter);
                }
                self.close(self.pos, self.pos + DELIMITER);
                self.pos += DELIMITER;
                Ok(true)
            }
            (Tag::ITEM, _, Some(sequence)) => {
                self.reopen(sequence);
                Ok(true)
            }
            (Tag::ITEM | Tag::SEQUENCE_DELIMITATION, Some(_), None) => {
                let quirk = if top.end.is_some() { Quirk::SequenceLength } else { Quirk::MissingDelimiter };
                self.quirks.note(quirk);
                self.close(self.pos, self.pos);
                Ok(true)
            }
            (Tag::ITEM, None, None) => Err((ErrorKind::Damaged, Some(tag))),
            _ => self.stray_delimiter(),
        }
    }

    /// A delimiter that nothing waits for belongs to what stands before it.
    pub(super) fn stray_delimiter(&mut self) -> Progress {
        let last = self.top().last_child;
        let Some(node) = last.and_then(|i| self.nodes.get_mut(i as usize)) else {
            return Err((ErrorKind::Damaged, Some(Tag::SEQUENCE_DELIMITATION)));
        };
        node.end = self.pos + DELIMITER;
        self.pos += DELIMITER;
        self.quirks.note(Quirk::StrayDelimiter);
        Ok(true)
    }

    /// Goes on with a sequence whose explicit length ended before its last item.
    fn reopen(&mut self, sequence: u32) {
        self.quirks.note(Quirk::SequenceLength);
        let bound = self.top().bound;
        // The last item of the sequence: what it holds stands behind it, so the way back is short.
        let last = self.nodes.iter().rposition(|n| n.parent == Some(sequence));
        let item = last.and_then(|i| self.nodes.get(i));
        let content = item.map_or(self.top().content, |n| n.encoding);
        let items = item.map_or(0, |n| n.item.saturating_add(1));
        let last_child = last.and_then(|i| u32::try_from(i).ok());
        self.open.push(Frame {
            node: Some(sequence),
            is_sequence: true,
            end: None,
            bound,
            content,
            last_tag: None,
            last_child,
            items,
        });
        self.depth = self.depth.saturating_add(1);
    }

    /// At the top level: true when what follows is no element but padding or text after the data set.
    pub(super) fn is_trailing(&mut self, bytes: &[u8; 12], n: usize) -> Result<bool, ErrorKind> {
        let zeros = n >= 8 && bytes.iter().take(8).all(|&b| b == 0);
        if self.nodes.is_empty() {
            return if zeros { Err(ErrorKind::Damaged) } else { Ok(false) };
        }
        if n < 8 {
            return Ok(self.pixel_seen || self.w.is_zero_from(self.pos)?);
        }
        if zeros {
            // Zeros in place of an image that was announced are a copy that broke off.
            return if self.rows_seen && !self.pixel_seen { Err(ErrorKind::Damaged) } else { Ok(true) };
        }
        if !self.pixel_seen || header::item_head(bytes).is_some() {
            return Ok(false);
        }
        let content = self.root.content;
        if header::strict(self.w, self.pos, content)?.is_some() {
            return Ok(false);
        }
        // A right header whose value the file no longer holds is a cut file, not trailing bytes.
        let tag = header::tag(bytes, content);
        let right = content == Encoding::ImplicitLe || value::is_known([bytes[4], bytes[5]]);
        Ok(!(right && tag > Tag::PIXEL_DATA && (tag.is_private() || dictionary::is_known(tag))))
    }

    /// At the top level of an object without image: true when a header that does not read is text after the data set.
    pub(super) fn ends_without_pixels(&self, kind: ErrorKind, tag: Tag, bytes: &[u8; 12]) -> bool {
        let unreadable = matches!(kind, ErrorKind::Damaged | ErrorKind::Truncated);
        let implausible = match self.root.content {
            Encoding::ImplicitLe => !tag.is_private() && !dictionary::is_known(tag),
            _ => !value::is_known([bytes[4], bytes[5]]),
        };
        unreadable && implausible && !self.nodes.is_empty() && !self.pixel_seen && !self.rows_seen
    }

    /// The error of a fault, with the path of what is open.
    pub(super) fn fail(&self, kind: ErrorKind, tag: Option<Tag>) -> Error {
        let mut steps = Vec::new();
        let mut sequence = None;
        for frame in &self.open {
            let node = frame.node.and_then(|i| self.nodes.get(i as usize));
            match node {
                Some(n) if frame.is_sequence => sequence = Some(n.tag),
                Some(n) => steps.extend(sequence.map(|sequence| Step { sequence, item: n.item })),
                None => {}
            }
        }
        let inside = self.open.last().filter(|f| f.is_sequence).and(sequence);
        let path = match (tag, inside) {
            (Some(Tag::ITEM) | None, Some(sequence)) => Some(TagPath { steps, tag: sequence }),
            (Some(tag), _) => Some(TagPath { steps, tag }),
            (None, None) => None,
        };
        Error { kind, path, offset: self.pos }
    }
}
