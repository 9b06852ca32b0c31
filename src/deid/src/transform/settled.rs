//! What the pixel stages and a person have settled of an instance, and its new Pixel Data.

use super::Stop;
use super::context::Context;
use super::dummy::{coded, element, sequence};
use super::marks::{put, put_text};
use super::pixels;
use crate::reasons::Reason;
use crate::values::{tags, top_ascii};
use tokumei_dicom::codestream::OffsetTable;
use tokumei_dicom::node::NodeKind;
use tokumei_dicom::{Edit, Edits, Piece, Tag};

const PHOTOMETRIC_INTERPRETATION: Tag = Tag(0x0028, 0x0004);
const DERIVATION_CODES: Tag = Tag(0x0008, 0x9215);
const FUNCTIONAL_GROUPS: [Tag; 2] = [Tag(0x5200, 0x9229), Tag(0x5200, 0x9230)];
const CODE_VALUE: Tag = Tag(0x0008, 0x0100);
/// Pixel by pixel mask.
const MASK: &str = "113047";
const BURNED_IN_ANNOTATION: Tag = Tag(0x0028, 0x0301);
/// Smallest and Largest Image Pixel Value, and those of the series.
const EXTREMES: [Tag; 4] = [Tag(0x0028, 0x0106), Tag(0x0028, 0x0107), Tag(0x0028, 0x0108), Tag(0x0028, 0x0109)];

/// What is known of the pixels of an instance that leaves.
pub struct Settled {
    /// The reason that it leaves with: its verdict goes with it.
    pub reason: Reason,
    /// Burned-in text was looked for, and what was found is masked.
    pub text: bool,
    /// All frames were decoded, and samples alone stand in their code streams.
    pub looked: bool,
    /// New Pixel Data; none: it stays as it is.
    pub pixels: Option<NewPixels>,
}

impl Default for Settled {
    /// Nobody has looked, nothing is changed.
    fn default() -> Self {
        Self { reason: Reason::Clean, text: false, looked: false, pixels: None }
    }
}

/// New Pixel Data of the top level.
pub struct NewPixels {
    /// The whole value as it stands in the file: of fragments with item headers and delimiter. Ranges count in the data
    /// set's coordinates; those beyond its end are bytes that the caller has.
    pub value: Vec<Piece>,
    /// What becomes of (7FE0,0001) and (7FE0,0002).
    pub offset_table: OffsetTable,
    /// Photometric Interpretation (0028,0004), where it is another now.
    pub photometric: Option<String>,
    /// Transfer Syntax UID, where it is another now.
    pub transfer_syntax: Option<String>,
    /// Samples are others now; otherwise they are coded anew only.
    pub masked: bool,
    /// Bits that belong to no sample are cleared: no overlay lies in them any more.
    pub cleared: bool,
}

impl NewPixels {
    /// Stands for the JPEGs of JPEG XL where it is only asked which attributes change.
    pub(super) const fn given_back() -> Self {
        let offset_table = OffsetTable::Keep;
        let value = Vec::new();
        Self { value, offset_table, photometric: None, transfer_syntax: None, masked: false, cleared: false }
    }
}

/// Puts new Pixel Data in the place of the old.
pub(super) fn replace(context: &mut Context, edits: &mut Edits, index: u32, new: &NewPixels) -> Result<(), Stop> {
    let mismatch = context.stop(Reason::PixelMismatch, index);
    match context.ds.node(index).map(|n| n.kind) {
        Some(NodeKind::Element) => {
            // The look at the old value finds what is wrong with it, and how long it must be.
            pixels::edit(context, edits, index)?;
            let old = match edits.get(index) {
                Some(Edit::Pieces(pieces)) => pieces.iter().map(Piece::len).sum(),
                _ => context.ds.node(index).map_or(0, |n| n.len),
            };
            let len: u64 = new.value.iter().map(Piece::len).sum();
            if len.next_multiple_of(2) != old.next_multiple_of(2) {
                return Err(mismatch);
            }
        }
        Some(NodeKind::Fragments) => {
            if !new.cleared {
                pixels::hold_overlays(context)?;
            }
            pixels::set_offset_table(context, edits, &new.offset_table);
            pixels::drop_total_length(context, edits);
        }
        _ => return Err(mismatch),
    }
    edits.set(index, Edit::Pieces(new.value.clone()));
    Ok(())
}

/// True for attributes of the top level that are written by [`write`], whatever stood there.
pub(super) fn is_mark(context: &Context, tag: Tag) -> bool {
    let pixels = context.settled.pixels.as_ref();
    (tag == BURNED_IN_ANNOTATION && context.settled.text)
        || (tag == PHOTOMETRIC_INTERPRETATION && pixels.is_some_and(|p| p.photometric.is_some()))
        || (EXTREMES.contains(&tag) && pixels.is_some_and(|p| p.masked))
}

/// Attributes after masking (PS3.15 E.3.1, PS3.3 C.7.6.1, C.7.6.3).
pub(super) fn write(context: &Context, edits: &mut Edits) {
    if context.settled.text {
        put_text(context, edits, BURNED_IN_ANNOTATION, *b"CS", "NO");
    }
    let Some(pixels) = &context.settled.pixels else { return };
    if let Some(photometric) = &pixels.photometric {
        put_text(context, edits, PHOTOMETRIC_INTERPRETATION, *b"CS", photometric);
    }
    if !pixels.masked {
        return;
    }
    for index in context.ds.children(None) {
        if context.ds.node(index).is_some_and(|n| EXTREMES.contains(&n.tag)) {
            edits.set(index, Edit::Drop);
        }
    }
    derivation(context, edits);
    if context.profile.policy().derived_image_type
        && let Some(image_type) = top_ascii(context.ds, tags::IMAGE_TYPE)
    {
        let rest = image_type.split_once('\\').map_or(String::new(), |(_, rest)| format!("\\{rest}"));
        put(context, edits, element(tags::IMAGE_TYPE, *b"CS", format!("DERIVED{rest}").as_bytes()));
    }
}

/// Derivation Code Sequence (PS3.3 C.7.6.1.1.3, CID 7203): what it holds stays, the mask is added. Images with functional
/// groups have no General Image Module that it would be of (PS3.3 C.7.6.16).
fn derivation(context: &Context, edits: &mut Edits) {
    let ds = context.ds;
    if FUNCTIONAL_GROUPS.iter().any(|tag| ds.find(None, *tag).is_some()) {
        return;
    }
    let mask = || vec![coded(MASK, "DCM", "Pixel by pixel mask")];
    let Some(there) = ds.find(None, DERIVATION_CODES) else {
        return edits.insert(None, sequence(DERIVATION_CODES, mask()));
    };
    let says = |item| ds.find(Some(item), CODE_VALUE).and_then(|i| ds.text(i)).is_some_and(|code| code.trim() == MASK);
    let is_sequence = ds.node(there).is_some_and(|n| n.kind == NodeKind::Sequence);
    match edits.get(there) {
        Some(Edit::Drop) => edits.insert(None, sequence(DERIVATION_CODES, mask())),
        None if is_sequence && !ds.children(Some(there)).any(says) => edits.append(there, mask()),
        _ => {}
    }
}
