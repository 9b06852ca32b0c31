//! The data dictionary (PS3.6): VR, keyword and existence of standard elements, as dicom-dictionary-std has them.
//!
//! Its tables weigh several times what these do: `cargo xtask generate` packs them, and a test holds both equal.

mod generated;
mod keywords;
mod table;

use crate::Tag;
use table::{Table, table};

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
    match table().find(tag) {
        Some(entry) => Table::vr(entry),
        None => (tag.1 == 0).then_some(*b"UL"),
    }
}

/// The keyword of a standard element (PS3.6 6).
pub fn keyword_of(tag: Tag) -> Option<&'static str> {
    if tag.is_private() {
        return None;
    }
    table().find(tag).and_then(keywords::keyword)
}

/// True for elements that the standard lists; generic group lengths and private elements are not.
pub fn is_known(tag: Tag) -> bool {
    !tag.is_private() && table().find(tag).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use dicom_core::dictionary::{DataDictionary as _, TagRange};
    use dicom_dictionary_std::StandardDataDictionary;
    use dicom_dictionary_std::data_element::registry;
    use std::collections::BTreeSet;

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

    /// Every entry of either, what stands beside it, and every tag that its range reaches.
    #[test]
    fn equals_the_dictionary() {
        let theirs = their_tags();
        assert!(theirs.len() > 5_000);
        let ours: BTreeSet<Tag> = table().tags().iter().copied().collect();
        assert_eq!(ours, theirs);
        for &tag in &theirs {
            for element in tag.1.saturating_sub(1)..=tag.1.saturating_add(1) {
                compare(Tag(tag.0, element));
            }
            for low in 0..=0xFF {
                compare(Tag(tag.0 & 0xFF00 | low, tag.1));
                compare(Tag(tag.0, tag.1 & 0xFF00 | low));
            }
        }
    }

    /// The registry lists its entries in its `Debug` text alone: `Tag(0x0010, 0x0020)`.
    fn their_tags() -> BTreeSet<Tag> {
        let hexadecimal = |text: Option<&str>| u16::from_str_radix(text?, 16).ok();
        let tag = |text: &str| Some(Tag(hexadecimal(text.get(..4))?, hexadecimal(text.get(8..12))?));
        format!("{:?}", registry()).split("Tag(0x").filter_map(tag).collect()
    }

    fn compare(tag: Tag) {
        if tag.is_private() {
            return;
        }
        let entry = StandardDataDictionary.by_tag(dicom_core::Tag(tag.0, tag.1));
        let named = entry.filter(|e| !matches!(e.tag, TagRange::GroupLength | TagRange::PrivateCreator));
        assert_eq!(vr_of(tag), entry.map(|e| e.vr.relaxed().to_bytes()), "{tag:?}");
        assert_eq!(keyword_of(tag), named.map(|e| e.alias), "{tag:?}");
        assert_eq!(is_known(tag), named.is_some(), "{tag:?}");
    }
}
