//! The data dictionary (PS3.6): VR, keyword and existence of standard elements, by dicom-dictionary-std.

use crate::Tag;
use dicom_core::dictionary::{DataDictionary as _, DataDictionaryEntryRef, TagRange};
use dicom_dictionary_std::StandardDataDictionary;

/// The VR of a standard element; `UL` for group lengths, `LO` for private creators; `None` for what is not known.
/// Where the dictionary leaves a choice, the one of Implicit VR (PS3.5 A.1): US of US or SS, OW of OB or OW.
pub fn vr_of(tag: Tag) -> Option<[u8; 2]> {
    if tag.is_private() {
        return match tag.1 {
            0 => Some(*b"UL"),
            0x0010..=0x00FF => Some(*b"LO"),
            _ => None,
        };
    }
    entry(tag).map(|e| e.vr.relaxed().to_bytes())
}

/// The keyword of a standard element (PS3.6 6).
pub fn keyword_of(tag: Tag) -> Option<&'static str> {
    if tag.is_private() {
        return None;
    }
    standard(tag).map(|e| e.alias)
}

/// True for elements that the standard lists; generic group lengths and private elements are not.
pub fn is_known(tag: Tag) -> bool {
    !tag.is_private() && standard(tag).is_some()
}

fn standard(tag: Tag) -> Option<&'static DataDictionaryEntryRef<'static>> {
    entry(tag).filter(|e| !matches!(e.tag, TagRange::GroupLength | TagRange::PrivateCreator))
}

fn entry(tag: Tag) -> Option<&'static DataDictionaryEntryRef<'static>> {
    StandardDataDictionary.by_tag(dicom_core::Tag(tag.0, tag.1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_up() {
        assert_eq!(vr_of(Tag(0x0010, 0x0010)), Some(*b"PN"));
        assert_eq!(keyword_of(Tag(0x0010, 0x0010)), Some("PatientName"));
        assert_eq!(vr_of(Tag(0x0008, 0x0000)), Some(*b"UL"));
        assert_eq!(vr_of(Tag(0x6002, 0x3000)), Some(*b"OW"));
        assert_eq!(keyword_of(Tag(0x6002, 0x3000)), Some("OverlayData"));
        assert_eq!(vr_of(Tag(0x0009, 0x0010)), Some(*b"LO"));
        assert_eq!(vr_of(Tag(0x0009, 0x1010)), None);
        assert!(!is_known(Tag(0x0008, 0x0000)) && !is_known(Tag(0x0008, 0x9999)) && !is_known(Tag(0x0009, 0x0010)));
    }
}
