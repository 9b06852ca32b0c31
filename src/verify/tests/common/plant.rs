//! A clean output with one leak planted at a time.

use super::Pair;
use encoding::all::{ISO_2022_JP, WINDOWS_31J};
use encoding::{EncoderTrap, Encoding};
use tokumei_dicom::splice::{Edit, Edits, Head, NewElement, NewValue, splice};
use tokumei_dicom::{Limits, Piece, Tag, read};
use tokumei_verify::{Detail, Verdict};

pub const CT: &str = "1.2.840.10008.5.1.4.1.1.2";
pub const STUDY: &str = "1.2.392.200036.9116.2.6.1.48.1214245753.1506921033.705709";

/// One element, explicit VR little endian.
pub fn element(tag: u32, vr: &str, value: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    out.extend_from_slice(&u16::try_from(tag >> 16).unwrap().to_le_bytes());
    out.extend_from_slice(&u16::try_from(tag & 0xFFFF).unwrap().to_le_bytes());
    out.extend_from_slice(vr.as_bytes());
    let mut value = value.to_vec();
    if value.len() % 2 == 1 {
        value.push(if vr == "UI" || vr == "OB" { 0 } else { b' ' });
    }
    if matches!(vr, "OB" | "OW" | "SQ" | "UN" | "UT") {
        out.extend_from_slice(&[0, 0]);
        out.extend_from_slice(&u32::try_from(value.len()).unwrap().to_le_bytes());
    } else {
        out.extend_from_slice(&u16::try_from(value.len()).unwrap().to_le_bytes());
    }
    out.extend_from_slice(&value);
    out
}

/// ISO 2022 with escapes.
pub fn jis(text: &str) -> Vec<u8> {
    ISO_2022_JP.encode(text, EncoderTrap::Strict).unwrap()
}

/// A CT slice of a made-up person.
pub fn source() -> Vec<u8> {
    let name = [
        b"YAMADA^TARO=".to_vec(),
        jis("山田"),
        b"^".to_vec(),
        jis("太郎"),
        b"=".to_vec(),
        jis("やまだ"),
        b"^".to_vec(),
        jis("たろう"),
    ]
    .concat();
    let list: Vec<(u32, &str, Vec<u8>)> = vec![
        (0x0008_0005, "CS", b"\\ISO 2022 IR 87".to_vec()),
        (0x0008_0008, "CS", b"ORIGINAL\\PRIMARY\\AXIAL".to_vec()),
        (0x0008_0016, "UI", CT.as_bytes().to_vec()),
        (0x0008_0018, "UI", format!("{STUDY}.1.1").into_bytes()),
        (0x0008_0020, "DA", b"20240611".to_vec()),
        (0x0008_0030, "TM", b"101500".to_vec()),
        (0x0008_0050, "SH", b"A20240611-0017".to_vec()),
        (0x0008_0060, "CS", b"CT".to_vec()),
        (0x0008_0070, "LO", b"ACME".to_vec()),
        (0x0008_0080, "LO", b"Minato Central Hospital".to_vec()),
        (0x0008_0090, "PN", b"KOBAYASHI^JIRO".to_vec()),
        (0x0008_1010, "SH", b"CTROOM07".to_vec()),
        (0x0008_1070, "PN", b"MORI^KEN".to_vec()),
        (0x0010_0010, "PN", name),
        (0x0010_0020, "LO", b"0048213579".to_vec()),
        (0x0010_0030, "DA", b"19600203".to_vec()),
        (0x0010_0040, "CS", b"M".to_vec()),
        (0x0010_1010, "AS", b"064Y".to_vec()),
        (0x0010_2154, "SH", b"03-5555-0147".to_vec()),
        (0x0018_0050, "DS", b"5.0".to_vec()),
        (0x0018_1000, "LO", b"SN-778812".to_vec()),
        (0x0020_000D, "UI", STUDY.as_bytes().to_vec()),
        (0x0020_000E, "UI", format!("{STUDY}.1").into_bytes()),
        (0x0020_0010, "SH", b"4711".to_vec()),
        (0x0020_0011, "IS", b"1".to_vec()),
        (0x0020_0013, "IS", b"1".to_vec()),
        (0x0028_0002, "US", vec![1, 0]),
        (0x0028_0004, "CS", b"MONOCHROME2".to_vec()),
        (0x0028_0010, "US", vec![4, 0]),
        (0x0028_0011, "US", vec![4, 0]),
        (0x0028_0100, "US", vec![16, 0]),
        (0x0028_0101, "US", vec![12, 0]),
        (0x0028_0102, "US", vec![11, 0]),
        (0x0028_0103, "US", vec![0, 0]),
        (0x7FE0_0010, "OW", vec![0; 32]),
    ];
    let meta = [
        element(0x0002_0002, "UI", CT.as_bytes()),
        element(0x0002_0003, "UI", format!("{STUDY}.1.1").as_bytes()),
        element(0x0002_0010, "UI", b"1.2.840.10008.1.2.1"),
        element(0x0002_0016, "AE", b"MINATO_PACS"),
    ]
    .concat();
    let length = element(0x0002_0000, "UL", &u32::try_from(meta.len()).unwrap().to_le_bytes());
    let mut out = vec![0; 128];
    out.extend_from_slice(b"DICM");
    out.extend_from_slice(&length);
    out.extend_from_slice(&meta);
    for (tag, vr, value) in &list {
        out.extend(element(*tag, vr, value));
    }
    out
}

/// A tag from its number.
pub fn tag(tag: u32) -> Tag {
    Tag(u16::try_from(tag >> 16).unwrap(), u16::try_from(tag & 0xFFFF).unwrap())
}

/// An element to be planted.
pub fn new(at: u32, vr: &str, value: &[u8]) -> NewElement {
    let vr = [vr.as_bytes()[0], vr.as_bytes()[1]];
    NewElement { tag: tag(at), vr, value: NewValue::Bytes(value.to_vec()) }
}

/// `output` with elements added or given another value.
pub fn planted(output: &[u8], elements: Vec<NewElement>) -> Vec<u8> {
    let output = output.to_vec();
    let ds = read::parse(&output, &Limits::default()).unwrap();
    let mut edits = Edits::new();
    for e in elements {
        match (ds.find(None, e.tag), &e.value) {
            (Some(index), NewValue::Bytes(b)) => edits.set(index, Edit::Value(b.clone())),
            _ => edits.insert(None, e),
        }
    }
    let mut out = Vec::new();
    for piece in splice(&ds, &output, &edits, &Head::Keep).unwrap() {
        match piece {
            Piece::Bytes(b) => out.extend(b),
            Piece::Range { offset, len } => {
                out.extend_from_slice(
                    &output[usize::try_from(offset).unwrap()..usize::try_from(offset + len).unwrap()],
                );
            }
        }
    }
    out
}

/// `Shift_JIS` as Windows has it.
pub fn sjis(text: &str) -> Vec<u8> {
    WINDOWS_31J.encode(text, EncoderTrap::Strict).unwrap()
}

/// UTF-16 without a mark.
pub fn utf16(text: &str, big: bool) -> Vec<u8> {
    text.encode_utf16().flat_map(|u| if big { u.to_be_bytes() } else { u.to_le_bytes() }).collect()
}

/// What is found, and where.
pub fn detail(pair: &Pair, source: &[u8], output: &[u8]) -> Option<(Detail, Option<String>)> {
    match pair.verifier.verify(&source, &output) {
        Verdict::Ok { .. } => None,
        Verdict::Hit(hit) => Some((hit.detail, hit.tag_path)),
    }
}
