//! Pixel Data without a pixel changed: bytes beyond the image are cut, text in code streams too, and bits that no
//! sample uses hold the instance (PS3.5 8, A.4; design 7, Structure).

use super::Stop;
use super::context::Context;
use super::dummy::element;
use super::marks::put;
use crate::reasons::Reason;
use tokumei_dicom::codestream::{self, OffsetTable, native};
use tokumei_dicom::node::NodeKind;
use tokumei_dicom::{Edit, Edits, Encoding, ErrorKind, Piece, Tag};

const EXTENDED_OFFSETS: Tag = Tag(0x7FE0, 0x0001);
const EXTENDED_LENGTHS: Tag = Tag(0x7FE0, 0x0002);
const TOTAL_LENGTH: Tag = Tag(0x7FE0, 0x0003);
/// Overlay Bit Position and Overlay Data, of groups 60xx.
const BIT_POSITION: u16 = 0x0102;
const OVERLAY_DATA: u16 = 0x3000;

/// True for Float, Double Float and Pixel Data (7FE0,0008-0010).
pub(crate) const fn is_pixel_data(tag: Tag) -> bool {
    matches!(tag, Tag(0x7FE0, 0x0008 | 0x0009 | 0x0010))
}

/// True for the tables that go with encapsulated Pixel Data.
pub(crate) const fn is_offset_table(tag: Tag) -> bool {
    matches!(tag, EXTENDED_OFFSETS | EXTENDED_LENGTHS | TOTAL_LENGTH)
}

/// Edits of the top level's Pixel Data. The number of code streams that were cut.
#[inline(never)]
pub(crate) fn edit(context: &mut Context, edits: &mut Edits, index: u32) -> Result<u32, Stop> {
    match context.ds.node(index).map(|n| n.kind) {
        Some(NodeKind::Fragments) => fragments(context, edits, index),
        Some(NodeKind::Element) => native_samples(context, edits, index),
        _ => Err(context.stop(Reason::PixelMismatch, index)),
    }
}

/// Stops at a retired overlay that lies in bits of the samples, as it says (PS3.3 C.9.2 of 2004): nothing but a decoder can
/// clear those of code streams.
pub(super) fn hold_overlays(context: &Context) -> Result<(), Stop> {
    let ds = context.ds;
    let lies_in_samples = |group: &u16| {
        native::number(ds, None, Tag(*group, BIT_POSITION)).is_some_and(|position| position > 0)
            && ds.find(None, Tag(*group, OVERLAY_DATA)).is_none()
    };
    match (0x6000..=0x60FF).step_by(2).find(lies_in_samples) {
        Some(group) => Err(Stop::at(Reason::OverlayInPixels, Tag(group, BIT_POSITION))),
        None => Ok(()),
    }
}

fn fragments(context: &mut Context, edits: &mut Edits, index: u32) -> Result<u32, Stop> {
    hold_overlays(context)?;
    let ds = context.ds;
    let limits = context.profile.policy().limits.reading();
    let cleaned = codestream::clean_fragments(ds, context.source, index, &ds.form().transfer_syntax, &limits)?;
    context.only_decoders_tell = cleaned.unknown;
    if let Some(pieces) = cleaned.value {
        edits.set(index, Edit::Pieces(pieces));
    }
    set_offset_table(context, edits, &cleaned.offset_table);
    Ok(cleaned.cuts)
}

/// The Extended Offset Table as it must be beside the new fragments.
pub(super) fn set_offset_table(context: &Context, edits: &mut Edits, table: &OffsetTable) {
    match table {
        OffsetTable::Keep => {}
        OffsetTable::Replace { offsets, lengths } => {
            for (tag, value) in [(EXTENDED_OFFSETS, offsets), (EXTENDED_LENGTHS, lengths)] {
                put(context, edits, element(tag, *b"OV", value));
            }
            drop_top(context, edits, &[TOTAL_LENGTH]);
        }
        OffsetTable::Remove => drop_offset_tables(context, edits),
    }
}

/// Without fragments there is nothing that they could say (PS3.3 C.7.6.3.1.8).
#[inline(never)]
pub(crate) fn drop_offset_tables(context: &Context, edits: &mut Edits) {
    drop_top(context, edits, &[EXTENDED_OFFSETS, EXTENDED_LENGTHS, TOTAL_LENGTH]);
}

/// Of fragments that have others now it says nothing right (PS3.3 C.7.6.3.1.9).
pub(super) fn drop_total_length(context: &Context, edits: &mut Edits) {
    drop_top(context, edits, &[TOTAL_LENGTH]);
}

fn drop_top(context: &Context, edits: &mut Edits, tags: &[Tag]) {
    for index in context.ds.children(None) {
        if context.ds.node(index).is_some_and(|n| tags.contains(&n.tag)) {
            edits.set(index, Edit::Drop);
        }
    }
}

fn native_samples(context: &mut Context, edits: &mut Edits, index: u32) -> Result<u32, Stop> {
    let ds = context.ds;
    let mismatch = || context.stop(Reason::PixelMismatch, index);
    let node = ds.node(index).ok_or_else(mismatch)?;
    let expected = native::expected_length(ds).ok_or_else(mismatch)?;
    if expected == 0 || node.len < expected || holds_fragments(context, index, node.len)? {
        return Err(mismatch());
    }
    let even = expected.checked_add(expected % 2).ok_or_else(mismatch)?;
    // Of bytes that were swapped as words the last one is no padding.
    let swapped = even > expected && node.encoding == Encoding::ExplicitBe && &node.vr == b"OW";
    let (kept, pad) = if swapped { (even, 0) } else { (expected, even - expected) };
    let surplus =
        node.len > even || (pad > 0 && node.len == even && ds.read(context.source, index, kept..even)? != [0]);
    drop_offset_tables(context, edits);
    context.samples = native::SampleCheck::new(ds)?;
    if !surplus || node.len < kept {
        return Ok(0);
    }
    let mut pieces = vec![Piece::Range { offset: node.value, len: kept }];
    if pad > 0 {
        pieces.push(Piece::Bytes(vec![0]));
    }
    edits.set(index, Edit::Pieces(pieces));
    Ok(1)
}

/// True for a value of defined length that is a list of fragments, which no reader would take for samples (PS3.5 A.4).
fn holds_fragments(context: &Context, index: u32, len: u64) -> Result<bool, Stop> {
    const ITEM: [u8; 4] = [0xFE, 0xFF, 0x00, 0xE0];
    let at = |offset: u64| context.ds.read(context.source, index, offset..offset + 8);
    if len < 16 {
        return Ok(false);
    }
    let first = at(0)?;
    let Some((&ITEM, length)) = first.split_first_chunk() else { return Ok(false) };
    let length = <[u8; 4]>::try_from(length).map_or(u64::MAX, |b| u64::from(u32::from_le_bytes(b)));
    Ok(length <= len - 16 && at(8 + length)?.starts_with(&ITEM))
}

impl From<tokumei_dicom::Error> for Stop {
    fn from(error: tokumei_dicom::Error) -> Self {
        Self { reason: reason_of(error.kind), tag: error.path.map(|p| p.to_string()) }
    }
}

/// The reason of a fault of reading.
pub(crate) fn reason_of(kind: ErrorKind) -> Reason {
    Reason::from_code(kind.code()).unwrap_or(Reason::Damaged)
}
