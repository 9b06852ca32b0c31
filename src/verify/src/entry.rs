//! The elements of a data set in a flat list, as this crate's readers give them.

use core::fmt::Write;
use dicom_core::dictionary::{DataDictionary, DataDictionaryEntry};
use dicom_dictionary_std::StandardDataDictionary;

/// No sequence around it.
pub const TOP: u32 = u32::MAX;

/// One data element or sequence. Offsets count in the bytes that were walked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// Tag, group in the upper half.
    pub tag: u32,
    /// Value Representation; `SQ` for sequences.
    pub vr: [u8; 2],
    /// First byte of the value; of a sequence: first byte after its header.
    pub at: usize,
    /// Bytes of the value; 0 for sequences.
    pub len: usize,
    /// Index of the sequence around it, or [`TOP`].
    pub parent: u32,
    /// Number of the item in that sequence, from 0.
    pub item: u32,
    /// A number that all elements of one item share, and no other item has.
    pub scope: u32,
}

impl Entry {
    /// Group number.
    pub fn group(&self) -> u16 {
        u16::try_from(self.tag >> 16).unwrap_or(0)
    }

    /// Element number.
    pub fn element(&self) -> u16 {
        u16::try_from(self.tag & 0xFFFF).unwrap_or(0)
    }

    /// True for a sequence.
    pub fn is_sequence(&self) -> bool {
        self.vr == *b"SQ"
    }

    /// Its value within the bytes that were walked.
    pub fn value<'a>(&self, bytes: &'a [u8]) -> &'a [u8] {
        bytes.get(self.at..self.at.saturating_add(self.len)).unwrap_or(&[])
    }

    /// True for a VR whose value is text that people wrote or read.
    pub fn is_text(&self) -> bool {
        matches!(&self.vr, b"LO" | b"SH" | b"ST" | b"LT" | b"UT" | b"UC" | b"PN" | b"UR" | b"AE" | b"CS")
    }
}

/// Bytes without padding at both ends: spaces and NULs (PS3.5 6.2).
pub fn trim(value: &[u8]) -> &[u8] {
    let blank = |b: &u8| matches!(b, 0 | b' ');
    let start = value.iter().position(|b| !blank(b)).unwrap_or(value.len());
    let end = value.iter().rposition(|b| !blank(b)).map_or(start, |i| i + 1);
    value.get(start..end).unwrap_or(&[])
}

/// The place of an entry: `0008,1115[0]/0020,000E`.
pub fn path(entries: &[Entry], index: usize) -> String {
    let mut steps = Vec::new();
    let mut current = entries.get(index).copied();
    let mut out = String::new();
    while let Some(e) = current {
        steps.push(e);
        current = (e.parent != TOP).then(|| entries.get(e.parent as usize).copied()).flatten();
    }
    for (i, e) in steps.iter().enumerate().rev() {
        let _ = write!(out, "{:04X},{:04X}", e.group(), e.element());
        if let Some(inner) = i.checked_sub(1).and_then(|i| steps.get(i)) {
            let _ = write!(out, "[{}]/", inner.item);
        }
    }
    out
}

/// The VR of `tag` by the dictionary, for implicit VR (PS3.5 A.1).
pub fn vr_of(tag: u32) -> [u8; 2] {
    let (group, element) = (tag >> 16, tag & 0xFFFF);
    if group & 1 == 1 {
        return if (0x10..0x100).contains(&element) { *b"LO" } else { *b"UN" };
    }
    if element == 0 {
        return *b"UL";
    }
    let tag = dicom_core::Tag(u16::try_from(group).unwrap_or(0), u16::try_from(element).unwrap_or(0));
    let name = StandardDataDictionary.by_tag(tag).map_or("UN", |e| e.vr().relaxed().to_string());
    match name.as_bytes() {
        [a, b] => [*a, *b],
        _ => *b"UN",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_name_sequences_and_items() {
        let e = |tag, parent, item| Entry { tag, vr: *b"SQ", at: 0, len: 0, parent, item, scope: 0 };
        let list = [e(0x0008_1115, TOP, 0), e(0x0008_114A, 0, 2), e(0x0020_000E, 1, 1)];
        assert_eq!(path(&list, 2), "0008,1115[2]/0008,114A[1]/0020,000E");
        assert_eq!(path(&list, 0), "0008,1115");
    }

    #[test]
    fn implicit_vrs() {
        assert_eq!(vr_of(0x0010_0010), *b"PN");
        assert_eq!(vr_of(0x0029_0010), *b"LO");
        assert_eq!(vr_of(0x0029_1010), *b"UN");
        assert_eq!(trim(b" a b \0"), b"a b");
    }
}
