//! Attributes that carry identity though Table E.1-1 does not name them, and that the rule by VR would keep or treat
//! otherwise (`phi_outside.tsv`). Looked at after the table and before the rule by VR.

use super::generated::outside as generated;
use tokumei_dicom::Tag;

/// What is done, whatever the VR.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutsideAction {
    /// Removed; where an IOD needs it ([`super::iod::unlisted`]) emptied or a dummy.
    Remove,
    /// Kept under Retain Patient Characteristics, else removed.
    PatientCharacteristic,
    /// Kept under Retain Device Identity, else as [`Remove`](Self::Remove).
    DeviceIdentity,
    /// The whole instance is refused: its pixels are elsewhere.
    Refuse,
    /// A colour profile: kept only if it is known byte for byte, else removed.
    ColourProfile,
}

/// The action on a tag of the extract; overlay and retired pixel groups included.
pub fn action(tag: Tag) -> Option<OutsideAction> {
    if is_removed_group(tag) {
        return Some(OutsideAction::Remove);
    }
    let found = generated::ACTIONS.binary_search_by_key(&tag, |a| a.0).ok();
    found.and_then(|i| generated::ACTIONS.get(i)).map(|a| a.1)
}

/// Groups that go whole: command (0000), directory (0004), overlays (even 6000 to 60FE), curves (even 5000 to 50FE),
/// retired pixel data (even 7F01 to 7FFE but 7FE0), illegal odd groups 0001 to 0007 and FFFF, and group lengths.
pub const fn is_removed_group(tag: Tag) -> bool {
    tag.is_group_length()
        || matches!(tag.0, 0x0000 | 0x0001 | 0x0003 | 0x0004 | 0x0005 | 0x0007 | 0xFFFF)
        || matches!(tag.0 & 0xFF01, 0x6000 | 0x5000)
        || (tag.0 & 0xFF01 == 0x7F00 && tag.0 != 0x7FE0)
}
