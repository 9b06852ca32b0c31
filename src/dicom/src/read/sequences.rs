//! Sequences, items and fragments inside the walk.

use super::fragments;
use super::header::{self, Header, item_head};
use super::walk::{Fault, Frame, Progress, Walk, at};
use crate::node::{Encoding, Node, NodeKind};
use crate::quirks::Quirk;
use crate::{ErrorKind, Tag, value};

impl Walk<'_, '_> {
    /// One item header of the innermost sequence.
    pub(super) fn item(&mut self) -> Progress {
        let (bytes, n) = self.w.peek::<8>(self.pos).map_err(at(Some(Tag::ITEM)))?;
        if n < 8 {
            return Err((ErrorKind::Truncated, Some(Tag::ITEM)));
        }
        let explicit = self.top().end.is_some();
        match item_head(&bytes) {
            Some((Tag::ITEM, len, big)) => self.open_item(len, big),
            Some((Tag::SEQUENCE_DELIMITATION, ..)) => {
                if explicit {
                    self.quirks.note(Quirk::StrayDelimiter);
                }
                self.close(self.pos, self.pos + 8);
                self.pos += 8;
                Ok(true)
            }
            Some(_) => self.stray_delimiter(),
            None => {
                self.quirks.note(if explicit { Quirk::SequenceLength } else { Quirk::MissingDelimiter });
                let outer = self.open.iter().rev().nth(1).map_or(self.root.content, |f| f.content);
                let fits = header::strict(self.w, self.pos, outer).map_err(at(Some(Tag::ITEM)))?.is_some();
                if !fits {
                    return Err((ErrorKind::Damaged, Some(Tag::ITEM)));
                }
                self.close(self.pos, self.pos);
                Ok(true)
            }
        }
    }

    fn open_item(&mut self, len: u32, big: bool) -> Progress {
        let value = self.pos + 8;
        let undefined = len == u32::MAX;
        let end = if undefined { None } else { Some(self.item_end(value + u64::from(len))?) };
        let top = self.top();
        let content = match top.content {
            Encoding::ExplicitBe if !big => Encoding::ExplicitLe,
            Encoding::ExplicitLe if big => Encoding::ExplicitBe,
            other => other,
        };
        let (item, bound) = (top.items, top.bound);
        self.push(Node {
            kind: NodeKind::Item,
            tag: Tag::ITEM,
            vr: [0, 0],
            vr_written: [0, 0],
            encoding: content,
            header: self.pos,
            value,
            len: 0,
            undefined_length: undefined,
            end: value,
            parent: top.node,
            next: 0,
            depth: self.depth,
            item,
        })?;
        self.top_mut().items = item.saturating_add(1);
        self.open.push(Frame::new(self.top().last_child, false, end, bound, content));
        self.pos = value;
        Ok(true)
    }

    pub(super) fn undefined_value(&mut self, header: &Header) -> core::result::Result<(), Fault> {
        let tag = header.tag;
        let (bytes, n) = self.w.look::<8>(header.value, 8).map_err(at(Some(tag)))?;
        let first = item_head(&bytes).filter(|_| n == 8);
        let nested = matches!(first, Some((Tag::ITEM, u32::MAX, _)));
        let fragments = match &header.vr {
            b"SQ" => false,
            _ if tag == Tag::PIXEL_DATA => true,
            b"OB" | b"OW" | b"OD" | b"OF" | b"OL" | b"OV" => !nested && header.encoding != Encoding::ImplicitLe,
            b"UN" => false,
            _ if header.encoding == Encoding::ImplicitLe => false,
            _ => return Err((ErrorKind::Damaged, Some(tag))),
        };
        if !fragments {
            if header.vr != *b"SQ" && header.encoding != Encoding::ImplicitLe {
                self.quirks.note(Quirk::UnSequence);
            }
            return self.open_sequence(&Header { vr: *b"SQ", ..*header });
        }
        let walked = fragments::walk(self.w, header.value, self.limits, self.quirks).map_err(at(Some(tag)))?;
        self.admit(walked.end, tag)?;
        let mut node = self.node(header, NodeKind::Fragments, walked.end);
        node.len = walked.content_end - header.value;
        node.undefined_length = true;
        self.fragments.push((self.count(), walked.fragments));
        self.push(node)?;
        self.pos = walked.end;
        Ok(())
    }

    pub(super) fn open_sequence(&mut self, header: &Header) -> core::result::Result<(), Fault> {
        if self.depth >= self.limits.nesting {
            return Err((ErrorKind::NestingTooDeep, Some(header.tag)));
        }
        let content = self.content_of(header).map_err(at(Some(header.tag)))?;
        let mut node = self.node(header, NodeKind::Sequence, header.value);
        node.undefined_length = header.undefined;
        self.push(node)?;
        let end = (!header.undefined).then_some(header.value + header.len);
        let Frame { last_child, bound, .. } = *self.top();
        self.open.push(Frame::new(last_child, true, end, bound, content));
        self.depth += 1;
        self.pos = header.value;
        Ok(())
    }

    /// How the items of a sequence are written: as its header, but implicit inside UN (PS3.5 6.2.2) unless the first
    /// element shows otherwise.
    fn content_of(&mut self, header: &Header) -> core::result::Result<Encoding, ErrorKind> {
        let implicit = header.encoding == Encoding::ImplicitLe;
        if !implicit && header.vr_written == *b"SQ" {
            return Ok(header.encoding);
        }
        let (bytes, n) = self.w.look::<20>(header.value, 20)?;
        if n < 20 {
            return Ok(Encoding::ImplicitLe);
        }
        let big = item_head(&bytes).is_some_and(|(.., big)| big);
        let explicit = if big { Encoding::ExplicitBe } else { Encoding::ExplicitLe };
        let letters = [bytes[12], bytes[13]];
        let first = header.value + 8;
        if big || (value::is_known(letters) && header::strict(self.w, first, explicit)?.is_some()) {
            if implicit {
                self.quirks.note(Quirk::MixedEncoding);
            }
            return Ok(explicit);
        }
        Ok(Encoding::ImplicitLe)
    }
}
