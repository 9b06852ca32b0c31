//! Text in values that should be numbers: a name written into a table or a float is still a name. Honest numbers must
//! never be taken for one, so only what no instrument measures counts as text.

use super::context::Context;
use tokumei_dicom::node::Encoding;
use tokumei_dicom::{Tag, dictionary};

/// Bytes looked at at a time; a whole number of values of any VR.
const WINDOW: u64 = 64 << 10;
/// Printable bytes in a row that are too many for integers.
const RUN: usize = 8;
/// Letters and digits that such a run must hold.
const RUN_LETTERS: usize = 6;
/// Magnitudes of what is measured and of what rounding leaves of zero; doubles that end in letters, digits or spaces are others.
const DOUBLES: core::ops::Range<f64> = 2.6e-29..1e15;
/// Narrower: a float has too few bytes to tell letters by, so its neighbour is asked too.
const FLOATS: core::ops::Range<f64> = 1e-6..1e8;
/// Among more floats than these, two neighbours look like letters by chance: fields of movement fade away to any magnitude.
const FEW: usize = 64;
/// Printable bytes in a row that are too many for them.
const LONG_RUN: usize = 32;

/// True where a value of numbers, written as `vr`, spells text anywhere.
pub(crate) fn in_numbers(context: &Context, index: u32, vr: [u8; 2]) -> bool {
    let big_endian = context.ds.node(index).is_some_and(|n| n.encoding == Encoding::ExplicitBe);
    any_window(context, index, |bytes| match &vr {
        b"AT" => !are_tags(bytes, big_endian),
        b"FD" | b"OD" => bytes.chunks_exact(8).any(|v| is_text_double(v, big_endian)),
        b"FL" | b"OF" => is_text_floats(bytes, big_endian),
        _ => has_run(bytes),
    })
    .unwrap_or(true)
}

/// True where a table, a waveform or other bulk data is text from its first byte to its last.
pub(crate) fn in_bulk(context: &Context, index: u32) -> bool {
    any_window(context, index, |bytes| !is_text(bytes)).is_none_or(|other| !other)
}

/// Whether VRs of numbers say the same kind: another width or sign is a number still.
pub(crate) fn is_same_kind(one: [u8; 2], other: [u8; 2]) -> bool {
    let kind = |vr: [u8; 2]| match &vr {
        b"US" | b"SS" | b"UL" | b"SL" | b"UV" | b"SV" => 1,
        b"FL" | b"FD" => 2,
        _ => 0,
    };
    one == other || (kind(one) != 0 && kind(one) == kind(other))
}

/// Whether a test holds in any window of a value; `None` where it cannot be read.
fn any_window(context: &Context, index: u32, test: impl Fn(&[u8]) -> bool) -> Option<bool> {
    if let Some(bytes) = context.ds.value(index) {
        return Some(test(bytes));
    }
    let len = context.ds.node(index)?.len;
    let mut at = 0;
    while at < len {
        let end = len.min(at + WINDOW);
        if test(&context.ds.read(context.source, index, at..end).ok()?) {
            return Some(true);
        }
        at = end;
    }
    Some(false)
}

const fn is_printable(b: u8) -> bool {
    matches!(b, 0x20..=0x7E)
}

/// True for a run of printable bytes, most of them letters and digits.
fn has_run(bytes: &[u8]) -> bool {
    bytes.windows(RUN).any(|run| {
        run.iter().copied().all(is_printable) && run.iter().filter(|b| b.is_ascii_alphanumeric()).count() >= RUN_LETTERS
    })
}

/// Tags that exist, or private ones that are not four letters.
fn are_tags(bytes: &[u8], big_endian: bool) -> bool {
    let number = |a: u8, b: u8| if big_endian { u16::from_be_bytes([a, b]) } else { u16::from_le_bytes([a, b]) };
    bytes.chunks(4).all(|v| match v {
        [a, b, c, d] => {
            let tag = Tag(number(*a, *b), number(*c, *d));
            let letters = v.iter().all(u8::is_ascii_alphanumeric);
            tag == Tag(0, 0)
                || tag == Tag(0xFFFF, 0xFFFF)
                || dictionary::is_known(tag)
                || (tag.is_private() && !letters)
        }
        _ => false,
    })
}

fn is_text_double(bytes: &[u8], big_endian: bool) -> bool {
    let Ok(value) = <[u8; 8]>::try_from(bytes) else { return false };
    let number = if big_endian { f64::from_be_bytes(value) } else { f64::from_le_bytes(value) };
    value.into_iter().all(is_printable) && !DOUBLES.contains(&number.abs())
}

/// Two neighbours of printable bytes of which one is no measurement, more of them in a long list, or a whole value of many.
/// In a long list two neighbours also tell where they are words and one is larger than what is measured: what fades away is
/// small.
fn is_text_floats(bytes: &[u8], big_endian: bool) -> bool {
    let size = |v: &[u8]| {
        let value = <[u8; 4]>::try_from(v).ok()?;
        Some(f64::from(if big_endian { f32::from_be_bytes(value) } else { f32::from_le_bytes(value) }.abs()))
    };
    let odd = |v: &[u8]| size(v).is_some_and(|size| !FLOATS.contains(&size));
    let large = |v: &[u8]| size(v).is_some_and(|size| size >= FLOATS.end);
    if bytes.windows(RUN).step_by(4).any(|run| are_words(run) && run.chunks_exact(4).any(large)) {
        return true;
    }
    let run = if bytes.len() <= 4 * FEW { RUN } else { LONG_RUN };
    let spells = |run: &[u8]| {
        let letters = run.iter().filter(|b| b.is_ascii_alphanumeric()).count();
        run.iter().copied().all(is_printable)
            && letters * RUN >= run.len() * RUN_LETTERS
            && run.chunks_exact(4).any(odd)
    };
    bytes.windows(run).step_by(4).any(spells) || (bytes.len() >= 2 * RUN && is_text(bytes))
}

/// Letters and what stands between names, no capital behind a small letter.
fn are_words(run: &[u8]) -> bool {
    let between = |b: u8| matches!(b, b' ' | b'^' | b'=' | b',' | b'.' | b'-' | b'\'');
    let letters = run.iter().filter(|b| b.is_ascii_alphabetic()).count();
    let mixed = run.windows(2).any(|pair| matches!(pair, [a, b] if a.is_ascii_lowercase() && b.is_ascii_uppercase()));
    letters >= RUN_LETTERS && !mixed && run.iter().all(|&b| b.is_ascii_alphabetic() || between(b))
}

/// Printable from end to end, mostly letters and digits, and no table of grey levels repeated in both bytes.
fn is_text(bytes: &[u8]) -> bool {
    let end = bytes.iter().rposition(|&b| b != 0).map_or(0, |i| i + 1);
    let bytes = bytes.get(..end).unwrap_or_default();
    let letters = bytes.iter().filter(|b| b.is_ascii_alphanumeric()).count();
    let repeated = bytes.chunks_exact(2).all(|pair| pair.first() == pair.last());
    bytes.len() >= RUN && letters * 2 >= bytes.len() && bytes.iter().copied().all(is_printable) && !repeated
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn text_is_found() {
        assert!(has_run(b"YAMADA^T") && has_run(b"\x04\x00\x00QXCANARY "));
        assert!(is_text_double(b"QXCANARY", false) && is_text_double(b"YAMADATA", true));
        assert!(is_text_floats(b"YAMADA^T", false) && is_text_floats(b"GAGAGAGAGAGAGAGA", false));
        assert!(!are_tags(b"QXCANARY", false) && !are_tags(b"YAMA", false) && !are_tags(b"ab", false));
        assert!(is_text(b"YAMADA TARO\0") && is_text(b"QXCANARYQXCANARY"));
    }

    #[test]
    fn numbers_are_not() {
        let ramp: Vec<u8> = (0u16..256).flat_map(|v| (v * 257).to_le_bytes()).collect();
        assert!(!is_text(&ramp) && !has_run(&[0x10, 0, 0x20, 0x20, 0x41, 0, 0x42, 0x43]));
        let grey: Vec<u8> = [0x4141u16, 0x4848, 0x6161, 0x7A7A].iter().flat_map(|v| v.to_le_bytes()).collect();
        assert!(!is_text(&grey));
        assert!(are_tags(&[0x18, 0x00, 0x60, 0x10, 0x01, 0x20, 0x0E, 0x10], false));
        assert!(are_tags(&[0x00, 0x18, 0x10, 0x60], true));
        assert!(!is_text_floats(&[1.5f32, -200.25, 0.0].map(f32::to_le_bytes).concat(), false));
        // 2e-17 and less is left of a zero; among many floats of any magnitude some neighbours are printable.
        assert!(!is_text_double(&[0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x71, 0x3C], false));
        let mut field: Vec<u8> = [0x3031_3233u32; 65].iter().flat_map(|v| (v ^ 0xFF00).to_le_bytes()).collect();
        field.get_mut(16..24).unwrap().copy_from_slice(b"K0L1M2N3");
        assert!(!is_text_floats(&field, false) && is_text_floats(field.get(16..24).unwrap(), false));
        for name in [b"YAMADA^T", b"Hanako S", b"tanaka i", b"SUZUKI, "] {
            let mut named = field.clone();
            named.get_mut(16..24).unwrap().copy_from_slice(name);
            assert!(is_text_floats(&named, false));
        }
        field.get_mut(16..48).unwrap().copy_from_slice(b"YAMADA HANAKO OF MINATO HOSPITAL");
        assert!(is_text_floats(&field, false));
    }

    proptest! {
        #[test]
        fn measured_numbers_are_never_text(values in proptest::collection::vec(-1e9..1e9f64, 1..40)) {
            let doubles: Vec<u8> = values.iter().flat_map(|v| v.to_le_bytes()).collect();
            prop_assert!(!doubles.chunks_exact(8).any(|v| is_text_double(v, false)));
        }

        #[test]
        fn many_measured_numbers_are_never_text(values in proptest::collection::vec(-1e8..1e8f32, 100..2000)) {
            let floats: Vec<u8> = values.iter().flat_map(|v| v.to_le_bytes()).collect();
            prop_assert!(!is_text_floats(&floats, false));
        }
    }

    #[test]
    fn kinds() {
        assert!(is_same_kind(*b"US", *b"SL") && is_same_kind(*b"FD", *b"FL") && is_same_kind(*b"OF", *b"OF"));
        assert!(!is_same_kind(*b"US", *b"FD") && !is_same_kind(*b"UL", *b"AT") && !is_same_kind(*b"OF", *b"OL"));
    }
}
