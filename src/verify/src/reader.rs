//! The other reader: `dicom-parser`'s data set reader with raw values, and `dicom-object` opening the header.
//!
//! Both allocate what a length field claims, and one recurses over nesting. They get only bytes that are already
//! held, and stop before a value that claims more than is left, or an item deeper than the limit.

use crate::bytes::Bytes;
use crate::entry::{Entry, TOP};
use crate::load::{Loaded, Section};
use crate::policy::VerifyLimits;
use crate::skim::{Ending, Form};
use core::cell::Cell;
use dicom_core::header::Header;
use dicom_encoding::transfer_syntax::TransferSyntaxIndex;
use dicom_object::OpenFileOptions;
use dicom_parser::dataset::DataToken;
use dicom_parser::dataset::read::{DataSetReader, DataSetReaderOptions, ValueReadStrategy};
use dicom_transfer_syntax_registry::TransferSyntaxRegistry;
use std::io::Read;
use std::rc::Rc;

/// Bytes whose reader tells how far it has come.
struct Counted<'a> {
    bytes: &'a [u8],
    pos: Rc<Cell<usize>>,
}

impl Read for Counted<'_> {
    fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
        let rest = self.bytes.get(self.pos.get()..).unwrap_or(&[]);
        let n = rest.len().min(buf.len());
        if let (Some(to), Some(from)) = (buf.get_mut(..n), rest.get(..n)) {
            to.copy_from_slice(from);
        }
        self.pos.set(self.pos.get() + n);
        Ok(n)
    }
}

/// The elements of a section as `dicom-parser` reads them; `None` where it does not reach its end.
pub fn elements(section: &Section, form: Form, limits: &VerifyLimits) -> Option<Vec<Entry>> {
    let uid = match (form.explicit, form.big) {
        (true, true) => "1.2.840.10008.1.2.2",
        (true, false) => "1.2.840.10008.1.2.1",
        _ => "1.2.840.10008.1.2",
    };
    let syntax = TransferSyntaxRegistry.get(uid)?;
    let pos = Rc::new(Cell::new(0));
    let source = Counted { bytes: &section.bytes, pos: Rc::clone(&pos) };
    let options = DataSetReaderOptions::default().value_read(ValueReadStrategy::Raw);
    let reader = DataSetReader::new_with_ts_options(source, syntax, options).ok()?;
    let mut list = List { entries: Vec::with_capacity(section.entries.len()), around: Vec::new(), scopes: 0 };
    for token in reader {
        let at = pos.get();
        match token.ok()? {
            DataToken::ElementHeader(h) => {
                let tag = u32::from(h.tag().group()) << 16 | u32::from(h.tag().element());
                if list.around.is_empty() && section.pixel.is_some_and(|p| p.tag == tag) {
                    return (at == section.bytes.len()).then_some(list.entries);
                }
                let len = h.len.get()? as usize;
                if len > section.bytes.len().saturating_sub(at) {
                    return None;
                }
                list.push(tag, h.vr().to_bytes(), at, len);
            }
            DataToken::PrimitiveValue(_) | DataToken::ItemEnd => {}
            DataToken::SequenceStart { tag, .. } => {
                list.push(u32::from(tag.group()) << 16 | u32::from(tag.element()), *b"SQ", at, 0);
                let index = u32::try_from(list.entries.len() - 1).ok()?;
                list.around.push(Around { sequence: index, next: 0, scope: 0 });
                if list.around.len() > usize::from(limits.nesting) {
                    return None;
                }
            }
            DataToken::ItemStart { .. } => list.enter_item(),
            DataToken::SequenceEnd => {
                list.around.pop();
            }
            DataToken::PixelSequenceStart => {
                return (list.around.is_empty()
                    && section.pixel.is_some_and(|p| p.len.is_none())
                    && at == section.bytes.len())
                .then_some(list.entries);
            }
            _ => return None,
        }
        if list.entries.len() as u64 > u64::from(limits.elements) {
            return None;
        }
    }
    (section.pixel.is_none()
        && section.ending == Ending::End
        && list.around.is_empty()
        && pos.get() == section.bytes.len())
    .then_some(list.entries)
}

struct Around {
    sequence: u32,
    next: u32,
    scope: u32,
}

struct List {
    entries: Vec<Entry>,
    around: Vec<Around>,
    scopes: u32,
}

impl List {
    fn push(&mut self, tag: u32, vr: [u8; 2], at: usize, len: usize) {
        let (parent, item, scope) =
            self.around.last().map_or((TOP, 0, 0), |a| (a.sequence, a.next.saturating_sub(1), a.scope));
        self.entries.push(Entry { tag, vr, at, len, parent, item, scope });
    }

    fn enter_item(&mut self) {
        self.scopes += 1;
        if let Some(a) = self.around.last_mut() {
            a.next += 1;
            a.scope = self.scopes;
        }
    }
}

/// How a data set of this transfer syntax is written (PS3.5 Annex A).
fn declared(uid: &[u8]) -> Form {
    Form { explicit: uid != b"1.2.840.10008.1.2", big: uid == b"1.2.840.10008.1.2.2" }
}

/// True where `dicom-object` opens the header of this file, up to Pixel Data.
///
/// Call it only for a file whose first section [`elements`] could read: then no length in it lies and no sequence is
/// deeper than the limit.
pub fn opens(loaded: &Loaded, source: &dyn Bytes) -> bool {
    let Some(section) = loaded.sections.first() else { return false };
    // Where the declared transfer syntax lies, other lengths would be read than those that were walked.
    if loaded.head.meta.is_empty() || loaded.form != declared(loaded.head.value(0x0010)) {
        return false;
    }
    let options = OpenFileOptions::new().read_until(dicom_dictionary_std::tags::PIXEL_DATA);
    let whole;
    // One kind of reader: for each, the whole of that library is built once more.
    let reader: Box<dyn Read + '_> = if loaded.inflated.is_some() {
        let Ok(bytes) = crate::bytes::range(source, 0, source.len()) else { return false };
        whole = bytes;
        Box::new(whole.as_slice())
    } else {
        Box::new(loaded.head.bytes.as_slice().chain(section.bytes.as_slice()))
    };
    options.from_reader(reader).is_ok()
}
