//! Reading: form of the file, then the elements, leniently and by ranges.

mod form;
mod fragments;
mod header;
mod inflate;
mod repair;
mod sequences;
mod walk;
mod window;

use crate::charset::CharacterSet;
use crate::data_set::is_pixel_data;
use crate::node::{Encoding, Node, NodeKind};
use crate::quirks::{Quirk, Quirks};
use crate::{DataSet, Error, ErrorKind, Form, Fragment, Limits, Result, Source, Tag, order, transfer_syntax};
use form::Front;
pub use inflate::{begins_zlib, inflates_whole};
use std::sync::OnceLock;
use walk::Walk;
use window::Window;

/// Reads the whole header; big values stay in the source. Goes on after Pixel Data.
pub fn parse(source: &dyn Source, limits: &Limits) -> Result<DataSet> {
    parse_by(source, limits, window::FIRST)
}

/// Reads with a first read of `chunk` bytes, on which nothing may depend.
fn parse_by(source: &dyn Source, limits: &Limits, chunk: u64) -> Result<DataSet> {
    if source.is_empty() {
        return Err(ErrorKind::Empty.into());
    }
    let mut quirks = Quirks::default();
    let mut w = Window::new(source, limits.header_bytes, chunk);
    let front = form::front(&mut w, &mut quirks)?;
    let declared = front.meta.transfer_syntax.as_deref();
    let declared_encoding = match declared {
        Some(uid) => Some(transfer_syntax::encoding(uid).ok_or(ErrorKind::TransferSyntaxUnsupported)?),
        None => None,
    };
    let says_deflated = declared.is_some_and(transfer_syntax::is_deflated);
    if says_deflated && form::run(&mut w, front.data_set, Encoding::ExplicitLe)? < 2 {
        return parse_deflated(source, limits, &front, quirks);
    }
    let encoding = form::encoding_at(&mut w, front.data_set, declared_encoding)?.ok_or(ErrorKind::Damaged)?;
    let (mut ds, end) = walk(w, limits, quirks, front.data_set, encoding, source.len())?;
    ds.form = form_of(&front, encoding, &mut ds.quirks, (front.data_set, end, source.len()), false);
    note_pixel_form(&mut ds);
    Ok(ds)
}

fn parse_deflated(source: &dyn Source, limits: &Limits, front: &Front, mut quirks: Quirks) -> Result<DataSet> {
    let inflated = inflate::inflate(source, front.data_set, limits)
        .map_err(|kind| Error { offset: front.data_set, ..kind.into() })?;
    if inflated.zlib {
        quirks.note(Quirk::ZlibWrapped);
    }
    let len = inflated.bytes.len() as u64;
    let mut w = Window::in_memory(source, inflated.bytes);
    let encoding = form::encoding_at(&mut w, 0, Some(Encoding::ExplicitLe))?.unwrap_or(Encoding::ExplicitLe);
    let (mut ds, end) = walk(w, limits, quirks, 0, encoding, source.len())?;
    ds.form = form_of(front, encoding, &mut ds.quirks, (front.data_set, inflated.end, source.len()), true);
    ds.form.trailing += len - end;
    note_pixel_form(&mut ds);
    Ok(ds)
}

/// Reads a held value of defined length as the items of a sequence, without their VR (a private sequence that reads
/// as UN). Node 0 of the result is the sequence; spliced with `Head::Keep` it yields the new value. A value that is not
/// items through and through is `Damaged`.
pub fn items_in_value(value: &[u8], limits: &Limits) -> Result<DataSet> {
    let mut w = Window::in_memory(&NOTHING, value.to_vec());
    let (first, n) = w.peek::<8>(0)?;
    if n < 8 || header::item_head(&first).is_none_or(|(tag, ..)| tag != Tag::ITEM) {
        return Err(ErrorKind::Damaged.into());
    }
    let mut quirks = Quirks::default();
    let mut walk = Walk::new(&mut w, limits, &mut quirks, 0, Encoding::ImplicitLe);
    walk.open_root_sequence(Tag(0, 0))?;
    walk.run()?;
    let gathered = Gathered::from(walk);
    let ds = gathered.data_set(w, quirks, 0, Encoding::ImplicitLe, value.len() as u64);
    let broken = [Quirk::SequenceLength, Quirk::MissingDelimiter, Quirk::StrayDelimiter, Quirk::OpenAtEnd];
    let whole = ds.nodes.first().is_some_and(|n| n.end == ds.file_len && n.next as usize == ds.nodes.len());
    if !whole || broken.iter().any(|&q| ds.quirks.has(q)) {
        return Err(ErrorKind::Damaged.into());
    }
    Ok(ds)
}

/// A source for what is in memory.
static NOTHING: Vec<u8> = Vec::new();

/// What a finished walk leaves.
struct Gathered {
    nodes: Vec<Node>,
    fragments: Vec<(u32, Vec<Fragment>)>,
    charsets: Vec<(Option<u32>, CharacterSet)>,
    end: u64,
}

impl Gathered {
    fn from(walk: Walk) -> Self {
        Self { nodes: walk.nodes, fragments: walk.fragments, charsets: walk.charsets, end: walk.pos }
    }

    fn data_set(mut self, w: Window, quirks: Quirks, start: u64, encoding: Encoding, file_len: u64) -> DataSet {
        order::sort_by_key(&mut self.charsets, |(scope, _)| *scope);
        self.charsets.dedup_by_key(|(scope, _)| *scope);
        let bounds = (start, self.end, file_len);
        DataSet {
            nodes: self.nodes,
            form: form_of(&Front::default(), encoding, &mut Quirks::default(), bounds, false),
            quirks,
            held: w.into_held(),
            file_len,
            content: start..self.end,
            fragments: self.fragments,
            charsets: self.charsets,
            evidence: OnceLock::new(),
        }
    }
}

/// Walks the elements; yields them and the offset after the last.
fn walk(
    mut w: Window,
    limits: &Limits,
    mut quirks: Quirks,
    start: u64,
    encoding: Encoding,
    file_len: u64,
) -> Result<(DataSet, u64)> {
    let mut walk = Walk::new(&mut w, limits, &mut quirks, start, encoding);
    walk.run()?;
    let gathered = Gathered::from(walk);
    let end = gathered.end;
    Ok((gathered.data_set(w, quirks, start, encoding, file_len), end))
}

fn form_of(
    front: &Front,
    encoding: Encoding,
    quirks: &mut Quirks,
    (start, end, file_len): (u64, u64, u64),
    deflated: bool,
) -> Form {
    let declared = front.meta.transfer_syntax.clone();
    let lies = declared.as_deref().and_then(transfer_syntax::encoding).is_some_and(|e| e != encoding)
        || (!deflated && declared.as_deref().is_some_and(transfer_syntax::is_deflated));
    if lies {
        quirks.note(Quirk::TransferSyntaxLies);
    }
    // Encapsulation stays as declared: the codec cannot be seen from the encoding.
    let transfer_syntax = match &declared {
        Some(uid) if !lies || transfer_syntax::is_encapsulated(uid) => uid.clone(),
        _ => transfer_syntax::native(encoding).to_owned(),
    };
    Form {
        preamble: front.preamble,
        has_meta: front.has_meta,
        declared_transfer_syntax: declared,
        transfer_syntax,
        encoding,
        deflated,
        media_sop_class: front.meta.sop_class.clone(),
        meta_implementation_class: front.meta.implementation_class.clone(),
        data_set_offset: start,
        data_set_end: end,
        trailing: file_len.saturating_sub(end),
    }
}

/// Notes Pixel Data of the top level whose form is not that of the transfer syntax.
fn note_pixel_form(ds: &mut DataSet) {
    let encapsulated = ds.form.is_encapsulated();
    let kinds: Vec<NodeKind> =
        ds.nodes.iter().filter(|n| n.depth == 0 && is_pixel_data(n.tag)).map(|n| n.kind).collect();
    for kind in kinds {
        match kind {
            NodeKind::Fragments if !encapsulated => ds.quirks.note(Quirk::EncapsulatedInNative),
            NodeKind::Element if encapsulated => ds.quirks.note(Quirk::NativeInEncapsulated),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests;
