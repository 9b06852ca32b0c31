//! Our own words in an output: those that say how it was de-identified (PS3.16 CID 7050, PS3.3 C.12.1).

use crate::entry::{Entry, trim};

const METHOD_CODES: u32 = 0x0012_0064;
const CODE_MEANING: u32 = 0x0008_0104;
const TEMPORAL_INFORMATION: u32 = 0x0028_0303;

/// Code meanings of CID 7050. They are the standard's, whoever is called like a word in them.
const MEANINGS: [&[u8]; 13] = [
    b"Basic Application Confidentiality Profile",
    b"Clean Pixel Data Option",
    b"Clean Recognizable Visual Features Option",
    b"Clean Graphics Option",
    b"Clean Structured Content Option",
    b"Clean Descriptors Option",
    b"Retain Longitudinal Temporal Information Full Dates Option",
    b"Retain Longitudinal Temporal Information Modified Dates Option",
    b"Retain Patient Characteristics Option",
    b"Retain Device Identity Option",
    b"Retain UIDs Option",
    b"Retain Safe Private Option",
    b"Retain Institution Identity Option",
];

/// True for a meaning of CID 7050 in the De-identification Method Code Sequence, and for a term of Longitudinal Temporal
/// Information Modified, to the letter.
pub fn is_our_word(e: &Entry, entries: &[Entry], value: &[u8]) -> bool {
    let around = entries.get(e.parent as usize).map_or(0, |p| p.tag);
    match e.tag {
        CODE_MEANING => around == METHOD_CODES && MEANINGS.contains(&trim(value)),
        TEMPORAL_INFORMATION => matches!(trim(value), b"REMOVED" | b"UNMODIFIED" | b"MODIFIED"),
        _ => false,
    }
}
