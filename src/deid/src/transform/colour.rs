//! ICC profiles (PS3.3 C.11.15; ISO 15076-1): numbers that show colours, beside texts that can name anyone. The texts
//! and all bytes that no known table needs are blanked in place; the length stays.

use super::action::{Decision, Letter};
use super::context::{Context, Place};
use crate::tables::RuleSource;

const HEADER: usize = 128;
const ENTRY: usize = 12;
/// More tags than any profile holds.
const TAGS_MAX: usize = 256;

/// Tags whose data are numbers (ISO 15076-1 9.2).
const NUMERIC: [&[u8; 4]; 30] = [
    b"A2B0", b"A2B1", b"A2B2", b"B2A0", b"B2A1", b"B2A2", b"B2D0", b"B2D1", b"B2D2", b"B2D3", b"D2B0", b"D2B1",
    b"D2B2", b"D2B3", b"bTRC", b"bXYZ", b"bkpt", b"chad", b"chrm", b"gTRC", b"gXYZ", b"gamt", b"kTRC", b"lumi",
    b"meas", b"pre0", b"rTRC", b"rXYZ", b"view", b"wtpt",
];
/// Types of those data (ISO 15076-1 10).
const NUMERIC_TYPES: [&[u8; 4]; 13] = [
    b"XYZ ", b"chrm", b"curv", b"mAB ", b"mBA ", b"meas", b"mft1", b"mft2", b"mpet", b"para", b"sf32", b"view", b"sig ",
];

/// The profile with its texts blanked; what is no profile goes.
pub(crate) fn decide(context: &Context, place: &Place) -> Decision {
    if context.ds.node(place.index).is_some_and(|n| n.len == 0) {
        return Decision::keep(RuleSource::Outside);
    }
    let read;
    let bytes = if let Some(held) = context.ds.value(place.index) {
        held
    } else {
        let len = context.ds.node(place.index).map_or(0, |n| n.len);
        let within = len <= context.profile.policy().limits.header_bytes;
        let value = within.then(|| context.ds.read(context.source, place.index, 0..len).ok()).flatten();
        read = value.unwrap_or_default();
        &read
    };
    match cleaned(bytes) {
        Some(clean) if clean == bytes => Decision::keep(RuleSource::Outside),
        Some(clean) => Decision::value(Letter::C, clean, RuleSource::Outside),
        None => Decision::drop(RuleSource::Outside),
    }
}

/// A profile of the same length in which only numbers are left; `None`: not a profile.
fn cleaned(bytes: &[u8]) -> Option<Vec<u8>> {
    if bytes.get(36..40)? != b"acsp" {
        return None;
    }
    let count = be32(bytes, HEADER)?;
    if count > TAGS_MAX {
        return None;
    }
    let table_end = HEADER + 4 + count * ENTRY;
    let mut out = vec![0u8; bytes.len()];
    out.get_mut(..table_end)?.copy_from_slice(bytes.get(..table_end)?);
    blank_header(&mut out)?;
    for i in 0..count {
        let at = HEADER + 4 + i * ENTRY;
        let signature: [u8; 4] = bytes.get(at..at + 4)?.try_into().ok()?;
        let (start, len) = (be32(bytes, at + 4)?, be32(bytes, at + 8)?);
        let data = bytes.get(start..start.checked_add(len)?)?;
        if start < table_end {
            return None;
        }
        let kind: [u8; 4] = data.get(..4)?.try_into().ok()?;
        let target = out.get_mut(start..start.checked_add(len)?)?;
        if NUMERIC.contains(&&signature) && NUMERIC_TYPES.contains(&&kind) {
            target.copy_from_slice(data);
        } else {
            blank_tag(target, kind);
        }
    }
    Some(out)
}

/// Size, version, class and spaces stay; date, maker, model, creator and identifier go (ISO 15076-1 7.2).
fn blank_header(out: &mut [u8]) -> Option<()> {
    out.get_mut(4..8)?.fill(0);
    // 1 January 2000: a date is required.
    out.get_mut(24..36)?.copy_from_slice(&[0x07, 0xD0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0]);
    out.get_mut(48..64)?.fill(0);
    out.get_mut(80..HEADER)?.fill(0);
    Some(())
}

/// Empty data of a text type that readers accept: type, reserved bytes, and nothing said.
fn blank_tag(target: &mut [u8], kind: [u8; 4]) {
    target.fill(0);
    let known = matches!(&kind, b"desc" | b"text" | b"mluc" | b"sig ");
    let kind = if known { kind } else { *b"text" };
    target.iter_mut().zip(kind).for_each(|(t, k)| *t = k);
    match &kind {
        // Count of the ASCII description: its closing NUL.
        b"desc" => target.iter_mut().skip(11).take(1).for_each(|t| *t = 1),
        // No records, of 12 bytes each.
        b"mluc" => target.iter_mut().skip(15).take(1).for_each(|t| *t = 12),
        _ => {}
    }
}

fn be32(bytes: &[u8], at: usize) -> Option<usize> {
    let four: [u8; 4] = bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
    usize::try_from(u32::from_be_bytes(four)).ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
    use super::*;

    fn profile(tags: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
        let mut out = vec![0u8; HEADER];
        out[36..40].copy_from_slice(b"acsp");
        out[48..56].copy_from_slice(b"YAMADA99");
        out.extend(u32::try_from(tags.len()).unwrap().to_be_bytes());
        let mut at = HEADER + 4 + tags.len() * ENTRY;
        for (signature, data) in tags {
            out.extend(*signature);
            out.extend(u32::try_from(at).unwrap().to_be_bytes());
            out.extend(u32::try_from(data.len()).unwrap().to_be_bytes());
            at += data.len();
        }
        for (_, data) in tags {
            out.extend(*data);
        }
        out
    }

    #[test]
    fn numbers_stay_and_texts_go() {
        let curve = b"curv\0\0\0\0\0\0\0\x01\x02\x33\0\0";
        let mut bytes =
            profile(&[(b"rTRC", curve), (b"cprt", b"text\0\0\0\0YAMADA HANAKO\0\0\0"), (b"priv", b"dataTARO")]);
        bytes.extend(b"appended YAMADA");
        let clean = cleaned(&bytes).unwrap();
        assert_eq!(clean.len(), bytes.len());
        assert!(clean.windows(curve.len()).any(|w| w == curve));
        for name in [&b"YAMADA"[..], b"HANAKO", b"TARO"] {
            assert!(!clean.windows(name.len()).any(|w| w == name));
        }
        assert_eq!(cleaned(&clean).unwrap(), clean);
    }

    #[test]
    fn what_is_no_profile_goes() {
        for bytes in [&b""[..], b"not a profile", &[0xFF; 200]] {
            assert!(cleaned(bytes).is_none());
        }
        let mut lying = profile(&[(b"rTRC", b"curv\0\0\0\0")]);
        lying[HEADER + 8..HEADER + 12].copy_from_slice(&[0xFF; 4]);
        assert!(cleaned(&lying).is_none());
    }
}
