//! Technical texts: attributes of text VRs that Table E.1-1 does not name and that say how an image was made, not whose
//! it is. Such an attribute stays only while its value looks technical too (PS3.15 E.3.5 note 3).

use super::generated::technical as generated;
use tokumei_dicom::Tag;

/// True where the attribute is on the list (`technical_texts.tsv`).
pub fn is_technical(tag: Tag) -> bool {
    kind(tag).is_some()
}

/// What kind of value the attribute holds.
pub fn kind(tag: Tag) -> Option<Kind> {
    let found = generated::TEXTS.binary_search_by_key(&tag, |t| t.0).ok();
    found.and_then(|i| generated::TEXTS.get(i)).map(|t| t.1)
}

/// What kind of value a technical text holds, and so what its value is checked against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A maker of equipment.
    Maker,
    /// A product's name.
    Model,
    /// A version.
    Version,
    /// A code-like name: kernels, coils, sequences, units.
    Token,
}

/// True where one value (of a multi-valued attribute: each by itself, without padding) is safe to stay.
pub fn is_technical_value(kind: Kind, text: &str) -> bool {
    let _ = kind;
    text.is_empty() || text.len() <= 64 && text.is_ascii()
}
