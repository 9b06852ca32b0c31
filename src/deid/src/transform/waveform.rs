//! Waveform Data holds as many samples as its item says, and its limits one for each channel (PS3.3 C.10.9): what is
//! longer holds something else too.

use super::context::{Context, Place};
use tokumei_dicom::Tag;
use tokumei_dicom::node::{Encoding, NodeKind};

const SEQUENCE: Tag = Tag(0x5400, 0x0100);
const CHANNELS: Tag = Tag(0x003A, 0x0005);
const SAMPLES: Tag = Tag(0x003A, 0x0010);
const BITS_ALLOCATED: Tag = Tag(0x5400, 0x1004);
const DATA: Tag = Tag(0x5400, 0x1010);
const PADDING: Tag = Tag(0x5400, 0x100A);
const MINIMUM: Tag = Tag(0x5400, 0x0110);
const MAXIMUM: Tag = Tag(0x5400, 0x0112);

/// True for an attribute of the Waveform Sequence whose length follows from its item.
pub(crate) const fn is_waveform(tag: Tag) -> bool {
    matches!(tag, DATA | PADDING | MINIMUM | MAXIMUM)
}

/// Its length in bytes; `None` outside of a Waveform Sequence and where its item does not say.
pub(crate) fn length(context: &Context, place: &Place) -> Option<u64> {
    let item = place.parent.filter(|_| place.path.last() == Some(&SEQUENCE))?;
    let bytes = number(context, item, BITS_ALLOCATED)?.div_ceil(8);
    match place.tag {
        PADDING => Some(bytes),
        MINIMUM | MAXIMUM => number(context, item, CHANNELS)?.checked_mul(bytes),
        _ => number(context, item, CHANNELS)?.checked_mul(number(context, item, SAMPLES)?)?.checked_mul(bytes),
    }
}

/// A US or UL of the item.
fn number(context: &Context, item: u32, tag: Tag) -> Option<u64> {
    let index = context.ds.find(Some(item), tag)?;
    let node = context.ds.node(index).filter(|n| n.kind == NodeKind::Element)?;
    let mut bytes = context.ds.value(index)?.to_vec();
    if node.encoding == Encoding::ExplicitBe {
        bytes.reverse();
    }
    let mut whole = [0; 8];
    whole.get_mut(..bytes.len())?.copy_from_slice(&bytes);
    Some(u64::from_le_bytes(whole))
}
