//! Small readings of a parsed data set that scan and transform share.

use tokumei_dicom::charset::CharacterSet;
use tokumei_dicom::node::Encoding;
use tokumei_dicom::{DataSet, Tag, TagPath, dictionary, value};

/// What a value holds before its first NUL, and whether anything but NULs and spaces follows it. Text after a NUL is
/// a remnant of an older value in the writer's buffer.
pub(crate) fn before_nul(value: &[u8]) -> (&[u8], bool) {
    match value.iter().position(|&b| b == 0) {
        Some(at) => {
            let (text, rest) = value.split_at(at);
            (text, rest.iter().any(|&b| b != 0 && b != b' '))
        }
        None => (value, false),
    }
}

/// A value's text up to its first NUL, decoded by the character set in force where its VR uses one, padding trimmed.
pub(crate) fn decoded(ds: &DataSet, index: u32, bytes: &[u8], vr: [u8; 2]) -> Option<String> {
    let (text, _) = before_nul(bytes);
    if text.is_ascii() && !text.contains(&0x1B) {
        return core::str::from_utf8(text).ok().map(|t| value::trim(t).to_owned());
    }
    let set = if value::uses_character_set(vr) { ds.charset(index) } else { CharacterSet::default() };
    set.decode(text, vr).ok().map(|t| value::trim(&t).to_owned())
}

/// A value as ASCII without padding; `None` where it holds other bytes.
pub(crate) fn ascii(value: &[u8]) -> Option<&str> {
    let (text, _) = before_nul(value);
    let text = core::str::from_utf8(text).ok()?;
    text.is_ascii().then(|| text.trim())
}

/// A UID or other ASCII value at the top level.
pub(crate) fn top_ascii(ds: &DataSet, tag: Tag) -> Option<String> {
    let index = ds.find(None, tag)?;
    let text = ascii(ds.value(index)?)?;
    (!text.is_empty()).then(|| text.to_owned())
}

/// Decoded text at the top level; `None` where it is absent, blank or does not decode.
pub(crate) fn top_text(ds: &DataSet, tag: Tag) -> Option<String> {
    let index = ds.find(None, tag)?;
    let vr = dictionary::vr_of(tag).unwrap_or(*b"LO");
    decoded(ds, index, ds.value(index)?, vr).filter(|t| !t.is_empty())
}

/// The first number of a US value at the top level.
pub(crate) fn top_u16(ds: &DataSet, tag: Tag) -> Option<u16> {
    let index = ds.find(None, tag)?;
    let bytes: [u8; 2] = ds.value(index)?.get(..2)?.try_into().ok()?;
    Some(match ds.nodes().get(index as usize)?.encoding {
        Encoding::ExplicitBe => u16::from_be_bytes(bytes),
        _ => u16::from_le_bytes(bytes),
    })
}

/// The first number of an IS value at the top level.
pub(crate) fn top_integer(ds: &DataSet, tag: Tag) -> Option<i64> {
    let text = top_ascii(ds, tag)?;
    text.split('\\').next()?.trim().parse().ok()
}

/// A UID as text for hashing: bytes up to the padding, each as one character, so that every spelling has one form.
pub(crate) fn uid_text(value: &[u8]) -> String {
    let end = value.iter().rposition(|&b| b != 0 && b != b' ').map_or(0, |i| i + 1);
    value.get(..end).unwrap_or_default().iter().map(|&b| char::from(b)).collect()
}

/// A place as reports show it.
pub(crate) fn shown(path: Option<&TagPath>) -> Option<String> {
    path.map(ToString::to_string)
}

/// Tags that several parts of this crate read.
pub(crate) mod tags {
    use tokumei_dicom::Tag;

    pub(crate) const SPECIFIC_CHARACTER_SET: Tag = Tag(0x0008, 0x0005);
    pub(crate) const IMAGE_TYPE: Tag = Tag(0x0008, 0x0008);
    pub(crate) const LABEL_IN_IMAGE: Tag = Tag(0x0048, 0x0010);
    pub(crate) const SOP_CLASS: Tag = Tag(0x0008, 0x0016);
    pub(crate) const SOP_INSTANCE: Tag = Tag(0x0008, 0x0018);
    pub(crate) const STUDY_DATE: Tag = Tag(0x0008, 0x0020);
    pub(crate) const ACCESSION_NUMBER: Tag = Tag(0x0008, 0x0050);
    pub(crate) const MODALITY: Tag = Tag(0x0008, 0x0060);
    pub(crate) const MANUFACTURER: Tag = Tag(0x0008, 0x0070);
    pub(crate) const INSTITUTION_NAME: Tag = Tag(0x0008, 0x0080);
    pub(crate) const STUDY_DESCRIPTION: Tag = Tag(0x0008, 0x1030);
    pub(crate) const SERIES_DESCRIPTION: Tag = Tag(0x0008, 0x103E);
    pub(crate) const MODEL_NAME: Tag = Tag(0x0008, 0x1090);
    pub(crate) const PATIENT_NAME: Tag = Tag(0x0010, 0x0010);
    pub(crate) const PATIENT_ID: Tag = Tag(0x0010, 0x0020);
    pub(crate) const ISSUER_OF_PATIENT_ID: Tag = Tag(0x0010, 0x0021);
    pub(crate) const BIRTH_DATE: Tag = Tag(0x0010, 0x0030);
    pub(crate) const SEX: Tag = Tag(0x0010, 0x0040);
    pub(crate) const DEIDENTIFICATION_METHOD: Tag = Tag(0x0012, 0x0063);
    pub(crate) const BODY_PART: Tag = Tag(0x0018, 0x0015);
    pub(crate) const STUDY_UID: Tag = Tag(0x0020, 0x000D);
    pub(crate) const SERIES_UID: Tag = Tag(0x0020, 0x000E);
    pub(crate) const STUDY_ID: Tag = Tag(0x0020, 0x0010);
    pub(crate) const SERIES_NUMBER: Tag = Tag(0x0020, 0x0011);
    pub(crate) const INSTANCE_NUMBER: Tag = Tag(0x0020, 0x0013);
    pub(crate) const FRAME_OF_REFERENCE: Tag = Tag(0x0020, 0x0052);
    pub(crate) const CONCATENATION_UID: Tag = Tag(0x0020, 0x9161);
    pub(crate) const NUMBER_OF_FRAMES: Tag = Tag(0x0028, 0x0008);
    pub(crate) const ROWS: Tag = Tag(0x0028, 0x0010);
    pub(crate) const COLUMNS: Tag = Tag(0x0028, 0x0011);
}
