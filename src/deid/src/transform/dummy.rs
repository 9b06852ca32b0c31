//! Dummy values: legal for their VR (PS3.5 6.2) and saying nothing. ASCII, so that they stand in every character set.

use tokumei_dicom::Tag;
use tokumei_dicom::splice::{NewElement, NewValue};

/// Text that stands for any text.
pub(crate) const TEXT: &str = "ANONYMIZED";
/// Coding Scheme Designator of dummy codes; `99` marks private schemes (PS3.16 8.2).
const SCHEME: &str = "99ANON";

/// A dummy of a VR other than SQ and UI. Binary numbers: zero of their size.
pub(crate) fn value(vr: [u8; 2]) -> Vec<u8> {
    let text = match &vr {
        b"AE" => "ANON",
        b"AS" => "000Y",
        b"DA" => "19000101",
        b"TM" => "000000",
        b"DT" => "19000101000000",
        b"DS" | b"IS" => "0",
        b"UR" => "urn:uuid:00000000-0000-0000-0000-000000000000",
        b"CS" | b"LO" | b"SH" | b"ST" | b"LT" | b"UC" | b"UT" | b"PN" => TEXT,
        b"FD" | b"OD" | b"SV" | b"UV" | b"OV" => return vec![0; 8],
        b"FL" | b"OF" | b"SL" | b"UL" | b"OL" | b"AT" => return vec![0; 4],
        _ => return vec![0; 2],
    };
    text.as_bytes().to_vec()
}

/// Legal dummies of attributes whose values are Defined Terms or have a format of their own.
pub(crate) fn of_attribute(tag: Tag, vr: [u8; 2]) -> Vec<u8> {
    match tag {
        // Timezone Offset From UTC (PS3.3 C.12.1).
        Tag(0x0008, 0x0201) => b"+0000".to_vec(),
        // Rescale Type: unspecified (PS3.3 C.11.1.1.2).
        Tag(0x0028, 0x1054) => b"US".to_vec(),
        // Long Code Value: never of a length that Code Value could hold (PS3.3 8.1).
        Tag(0x0008, 0x0119) => b"ANONYMIZED LONG CODE".to_vec(),
        // Reason for the Attribute Modification (PS3.3 C.12.1).
        Tag(0x0400, 0x0565) => b"COERCE".to_vec(),
        _ => value(vr),
    }
}

/// One item that is valid and says nothing, for a sequence whose code is D.
pub(crate) fn items(tag: Tag) -> Vec<Vec<NewElement>> {
    let text = |tag: Tag, vr: &[u8; 2], value: &str| element(tag, *vr, value.as_bytes());
    match tag {
        // Operator Identification Sequence and its like: Person Identification Macro (PS3.3 10.1).
        Tag(0x0008, 0x1072) | Tag(0x3006, 0x004E) => {
            vec![vec![text(Tag(0x0008, 0x0080), b"LO", TEXT), sequence(Tag(0x0040, 0x1101), vec![code()])]]
        }
        // Verifying Observer Sequence (PS3.3 C.17.2).
        Tag(0x0040, 0xA073) => vec![vec![
            text(Tag(0x0040, 0xA027), b"LO", TEXT),
            text(Tag(0x0040, 0xA030), b"DT", "19000101000000"),
            text(Tag(0x0040, 0xA075), b"PN", TEXT),
            sequence(Tag(0x0040, 0xA088), Vec::new()),
        ]],
        // Waveform Annotation Sequence (PS3.3 C.10.10): every channel, and a text.
        Tag(0x0040, 0xB020) => vec![vec![
            element(Tag(0x0040, 0xA0B0), *b"US", &[0, 0, 0, 0]),
            element(Tag(0x0040, 0xA180), *b"US", &[1, 0]),
            text(Tag(0x0070, 0x0006), b"ST", TEXT),
        ]],
        // Graphic Annotation Sequence (PS3.3 C.10.5): one text object without a meaning.
        Tag(0x0070, 0x0001) => vec![vec![
            text(Tag(0x0070, 0x0002), b"CS", "LAYER"),
            sequence(
                Tag(0x0070, 0x0008),
                vec![vec![
                    text(Tag(0x0070, 0x0004), b"CS", "PIXEL"),
                    text(Tag(0x0070, 0x0006), b"ST", TEXT),
                    element(Tag(0x0070, 0x0014), *b"FL", &[0, 0, 128, 63, 0, 0, 128, 63]),
                    text(Tag(0x0070, 0x0015), b"CS", "N"),
                ]],
            ),
        ]],
        // Content Sequence (PS3.3 C.17.3): a finding without content.
        Tag(0x0040, 0xA730) => vec![vec![
            text(Tag(0x0040, 0xA010), b"CS", "CONTAINS"),
            text(Tag(0x0040, 0xA040), b"CS", "TEXT"),
            sequence(Tag(0x0040, 0xA043), vec![coded("121071", "DCM", "Finding")]),
            text(Tag(0x0040, 0xA160), b"UT", TEXT),
        ]],
        _ => vec![code()],
    }
}

/// A code item of a private scheme (PS3.3 8.8).
pub(crate) fn code() -> Vec<NewElement> {
    coded(TEXT, SCHEME, TEXT)
}

/// A code item (PS3.3 8.8).
pub(crate) fn coded(code: &str, scheme: &str, meaning: &str) -> Vec<NewElement> {
    vec![
        element(Tag(0x0008, 0x0100), *b"SH", code.as_bytes()),
        element(Tag(0x0008, 0x0102), *b"SH", scheme.as_bytes()),
        element(Tag(0x0008, 0x0104), *b"LO", meaning.as_bytes()),
    ]
}

/// The scheme that dummy codes are of.
pub(crate) const fn scheme() -> &'static str {
    SCHEME
}

pub(crate) fn element(tag: Tag, vr: [u8; 2], value: &[u8]) -> NewElement {
    NewElement { tag, vr, value: NewValue::Bytes(value.to_vec()) }
}

pub(crate) fn sequence(tag: Tag, items: Vec<Vec<NewElement>>) -> NewElement {
    NewElement { tag, vr: *b"SQ", value: NewValue::Items(items) }
}
