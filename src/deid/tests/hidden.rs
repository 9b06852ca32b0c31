//! Text where no rule looks for text: values too big to be held, fragments that are no pixels, numbers that spell, tables
//! of what is not there.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::{
    CT, Item, bytes, file, holds, instance, outcome, parsed, profile, run, sequence, text, text_at, value_at, written,
};
use tokumei_deid::reasons::Reason;
use tokumei_deid::transform::{NewPixels, Settled, transform_header};
use tokumei_dicom::Piece;
use tokumei_dicom::codestream::OffsetTable;

const ECG: &str = "1.2.840.10008.5.1.4.1.1.9.1.1";
const NAME: &str = "QXCANARY";

fn us(tag: (u16, u16), value: u16) -> Item {
    bytes(tag, b"US", &value.to_le_bytes())
}

fn picture(more: Vec<Item>) -> Vec<Item> {
    let mut all = vec![
        us((0x28, 0x02), 1),
        text((0x28, 0x04), b"CS", "MONOCHROME2"),
        us((0x28, 0x10), 4),
        us((0x28, 0x11), 4),
        us((0x28, 0x100), 8),
        us((0x28, 0x101), 8),
        us((0x28, 0x102), 7),
        us((0x28, 0x103), 0),
    ];
    all.extend(more);
    instance(CT, all)
}

fn passes_without_text(more: Vec<Item>) {
    let source = file(&instance(CT, more), true);
    assert!(holds(&source, NAME));
    assert!(!holds(&run(&profile("headers-only"), &source), NAME));
}

#[test]
fn text_in_values_too_big_to_be_held_goes() {
    let big = NAME.repeat(20_000);
    for tag in [(0x08, 0x05), (0x08, 0x70), (0x10, 0x40), (0x10, 0x1010), (0x18, 0x15), (0x18, 0x60), (0x20, 0x52)] {
        for vr in [b"OB", b"OW", b"UN", b"OF", b"OV"] {
            passes_without_text(vec![bytes(tag, vr, big.as_bytes())]);
        }
    }
    for tag in [(0x28, 0x09), (0x28, 0x106), (0x18, 0x9087)] {
        passes_without_text(vec![bytes(tag, b"UN", big.as_bytes())]);
    }
    for element in [0x1023, 0x109E] {
        let creator = text((0x19, 0x10), b"LO", "GEMS_ACQU_01");
        passes_without_text(vec![creator, bytes((0x19, element), b"UN", big.as_bytes())]);
    }
}

#[test]
fn numbers_that_spell_go_and_numbers_stay() {
    let twice = NAME.repeat(2);
    for (tag, vr) in [
        ((0x18, 0x9087), b"FD"),
        ((0x18, 0x9087), b"FL"),
        ((0x18, 0x9087), b"UL"),
        ((0x20, 0x9157), b"UL"),
        ((0x20, 0x9157), b"OL"),
        ((0x28, 0x09), b"AT"),
        ((0x28, 0x106), b"SS"),
        ((0x28, 0x1101), b"US"),
        ((0x28, 0x1201), b"OW"),
        ((0x28, 0x1201), b"OB"),
        ((0x18, 0x15), b"PN"),
        ((0x18, 0x15), b"FD"),
    ] {
        passes_without_text(vec![bytes(tag, vr, twice.as_bytes())]);
    }
    let ramp: Vec<u8> = (0u8..=255).collect();
    let kept = [
        bytes((0x18, 0x9087), b"FD", &1000.5f64.to_le_bytes()),
        bytes((0x18, 0x9330), b"FL", &120f32.to_le_bytes()),
        bytes((0x20, 0x9157), b"UL", &[1, 0, 0, 0, 12, 0, 0, 0]),
        bytes((0x28, 0x09), b"AT", &[0x18, 0, 0x63, 0x10]),
        bytes((0x28, 0x106), b"SS", &(-1024i16).to_le_bytes()),
        bytes((0x28, 0x1101), b"US", &[0, 1, 0, 0, 16, 0]),
        bytes((0x28, 0x1201), b"OW", &ramp),
    ];
    let ds = parsed(&run(&profile("headers-only"), &file(&instance(CT, kept.to_vec()), true)));
    for item in kept {
        let Item::Bytes(tag, _, value) = item else { panic!() };
        assert_eq!(value_at(&ds, &[(tag.0, tag.1)]), Some(value), "{tag:?}");
    }
}

#[test]
fn fragments_are_for_pixels_alone() {
    for tag in [(0x08u16, 0x05u16), (0x10, 0x1010), (0x18, 0x15), (0x20, 0x52), (0x7FE0, 0x01)] {
        let mut source = file(&instance(CT, vec![]), true);
        source.extend(tag.0.to_le_bytes());
        source.extend(tag.1.to_le_bytes());
        source
            .extend(b"OB\0\0\xFF\xFF\xFF\xFF\xFE\xFF\x00\xE0\x00\x00\x00\x00\xFE\xFF\x00\xE0\x08\x00\x00\x00QXCANARY");
        source.extend(b"\xFE\xFF\xDD\xE0\x00\x00\x00\x00");
        assert!(!holds(&run(&profile("headers-only"), &source), NAME), "{tag:?}");
    }
}

#[test]
fn offset_tables_go_where_there_are_no_fragments() {
    let pixels = bytes((0x7FE0, 0x10), b"OB", &[7; 16]);
    let tables = |more| {
        let text = NAME.repeat(2);
        let mut all = vec![bytes((0x7FE0, 1), b"OV", text.as_bytes()), bytes((0x7FE0, 3), b"UV", NAME.as_bytes())];
        all.extend(more);
        all
    };
    passes_without_text(tables(vec![]));
    let out = run(&profile("headers-only"), &file(&picture(tables(vec![pixels])), true));
    assert!(!holds(&out, NAME));
}

#[test]
fn a_picture_without_pixels_was_cut_off() {
    let cut = outcome(&profile("headers-only"), &file(&picture(vec![]), true));
    assert_eq!(cut.reason.code(), "truncated");
}

/// Floats of any magnitude, so small that some neighbours are printable: signals of a spectrum, movements far from where
/// something moved.
fn faint(values: u32) -> Vec<u8> {
    (0..values).flat_map(|n| (0x3030_0000 | n.wrapping_mul(0x9E37_79B9) >> 9).to_le_bytes()).collect()
}

#[test]
fn spectra_have_rows_and_no_pixels() {
    const SPECTROSCOPY: &str = "1.2.840.10008.5.1.4.1.1.4.2";
    const DATA: (u16, u16) = (0x5600, 0x20);
    let spectrum = |more: Vec<Item>| {
        let mut all = vec![us((0x28, 0x10), 1), us((0x28, 0x11), 1)];
        all.extend(more);
        file(&instance(SPECTROSCOPY, all), true)
    };
    let data = faint(40_000);
    let source = spectrum(vec![bytes(DATA, b"OF", &data)]);
    let passed = outcome(&profile("headers-only"), &source);
    assert_eq!(passed.reason.code(), "clean");
    assert!(written(&passed, &source).ends_with(&data), "the signal stays as it was");
    assert_eq!(outcome(&profile("headers-only"), &spectrum(vec![])).reason.code(), "truncated");
    let source = spectrum(vec![bytes(DATA, b"OF", NAME.repeat(64).as_bytes())]);
    assert!(!holds(&run(&profile("headers-only"), &source), NAME));
}

#[test]
fn long_lists_of_small_numbers_stay() {
    let field = faint(40_000);
    let grid = vec![bytes((0x64, 9), b"OF", &field)];
    let moved = sequence((0x64, 2), vec![vec![sequence((0x64, 5), vec![grid])]]);
    let source = file(&instance("1.2.840.10008.5.1.4.1.1.66.3", vec![moved]), true);
    let out = run(&profile("headers-only"), &source);
    assert!(out.windows(field.len()).any(|w| w == field), "Vector Grid Data");
    // What rounding leaves of a zero: eight printable bytes by chance.
    let direction = [b"ABCDEFq<".to_vec(), 1f64.to_le_bytes().to_vec()].concat();
    let out = run(&profile("headers-only"), &file(&instance(CT, vec![bytes((0x18, 0x9089), b"FD", &direction)]), true));
    assert!(out.windows(16).any(|w| w == direction), "Diffusion Gradient Orientation");
}

#[test]
fn waveforms_end_where_their_item_says() {
    let group = |samples: &[u8], padding: &[u8]| {
        let item = vec![
            us((0x3A, 0x05), 2),
            bytes((0x3A, 0x10), b"UL", &2u32.to_le_bytes()),
            us((0x5400, 0x1004), 16),
            text((0x5400, 0x1006), b"CS", "SS"),
            bytes((0x5400, 0x100A), b"OW", padding),
            bytes((0x5400, 0x1010), b"OW", samples),
        ];
        file(&instance(ECG, vec![sequence((0x5400, 0x100), vec![item])]), true)
    };
    let data = [1, 0, 2, 0, 3, 0, 4, 0];
    let whole = parsed(&run(&profile("headers-only"), &group(&data, &[0, 0x80])));
    assert_eq!(value_at(&whole, &[(0x5400, 0x100), (0x5400, 0x1010)]), Some(data.to_vec()));
    assert_eq!(value_at(&whole, &[(0x5400, 0x100), (0x5400, 0x100A)]), Some(vec![0, 0x80]));
    for surplus in [NAME.len(), 80_000] {
        let long = [&data[..], NAME.repeat(surplus / NAME.len()).as_bytes()].concat();
        let out = run(&profile("headers-only"), &group(&long, &[b"\0\x80", NAME.as_bytes()].concat()));
        assert!(!holds(&out, NAME));
        assert_eq!(value_at(&parsed(&out), &[(0x5400, 0x100), (0x5400, 0x1010)]), Some(data.to_vec()));
    }
    passes_without_text(vec![bytes((0x5400, 0x1010), b"OW", &[b"\0\0", NAME.as_bytes()].concat())]);
}

#[test]
fn codes_and_numbers_that_repeat_an_identity_go() {
    let own = |more: Vec<Item>| {
        let mut all = vec![text((0x10, 0x10), b"PN", "KAKUU^TARO"), text((0x10, 0x20), b"LO", "4711234567")];
        all.extend(more);
        parsed(&run(&profile("headers-only"), &file(&instance(CT, all), true)))
    };
    for value in ["KAKUU", "KAKUU TARO", "DR_KAKUU"] {
        assert_eq!(
            text_at(&own(vec![text((0x18, 0x15), b"CS", value)]), &[(0x18, 0x15)]).as_deref(),
            Some(""),
            "{value}"
        );
    }
    for (tag, vr) in [((0x18, 0x1150), b"IS"), ((0x18, 0x60), b"DS")] {
        let ds = own(vec![text(tag, vr, "4711234567")]);
        assert_eq!(text_at(&ds, &[tag]).as_deref(), Some(""));
        assert_eq!(text_at(&own(vec![text(tag, vr, "471123")]), &[tag]).as_deref(), Some("471123"));
        let day = [text((8, 0x20), b"DA", "20240102"), text(tag, vr, "20240102")];
        assert_eq!(text_at(&own(day.to_vec()), &[tag]).as_deref(), Some(""));
        let padded = [text((0x20, 0x10), b"SH", "0012345678"), text(tag, vr, "12345678")];
        assert_eq!(text_at(&own(padded.to_vec()), &[tag]).as_deref(), Some(""));
    }
    let creator = text((0x19, 0x10), b"LO", "GEMS_ACQU_01");
    let day = [text((8, 0x20), b"DA", "20240102"), creator, text((0x19, 0x109E), b"LO", "fse 20240102")];
    assert_eq!(text_at(&own(day.to_vec()), &[(0x19, 0x109E)]), None);
    let ethnic = |value| text_at(&own(vec![text((0x10, 0x2160), b"SH", value)]), &[(0x10, 0x2160)]);
    assert_eq!(ethnic("Kakuu Taro"), None);
    assert_eq!(ethnic("Ainu").as_deref(), Some("Ainu"));
}

#[test]
fn a_character_set_is_no_place_for_names() {
    let kept = |term: &str| {
        let ds = parsed(&run(&profile("headers-only"), &file(&instance(CT, vec![text((8, 5), b"CS", term)]), true)));
        text_at(&ds, &[(8, 5)])
    };
    for term in
        ["ISO_IR 100", "\\ISO 2022 IR 87", "ISO_IR 192", "GB18030", "ISO-IR-13", "ISO8859_1", "UTF_8", "iso_ir 100"]
    {
        assert_eq!(kept(term).as_deref(), Some(term));
    }
    for term in ["YAMADA", "ISO_IR 100\\YAMADA", "ISO YAMADA", "1234567"] {
        assert_eq!(kept(term).as_deref(), Some("ISO_IR 192"), "{term}");
    }
}

#[test]
fn fragments_of_defined_length_are_no_samples() {
    let fragments = [b"\xFE\xFF\x00\xE0\0\0\0\0\xFE\xFF\x00\xE0\x08\0\0\0".as_slice(), NAME.as_bytes()].concat();
    let source = file(&picture(vec![bytes((0x7FE0, 0x10), b"OB", &fragments)]), true);
    assert_eq!(outcome(&profile("headers-only"), &source).reason.code(), "pixel-mismatch");
}

/// An instance of 16 pixels in 12 of 16 bits, in RLE: a run each of high bytes and of low ones.
fn runs(high: u8, signed: bool, more: Vec<Item>) -> Vec<u8> {
    let sign = us((0x28, 0x103), signed.into());
    let samples = [us((0x28, 0x100), 16), us((0x28, 0x101), 12), us((0x28, 0x102), 11), sign];
    let size = [text((0x28, 0x04), b"CS", "MONOCHROME2"), us((0x28, 0x10), 4), us((0x28, 0x11), 4)];
    let all = [vec![us((0x28, 0x02), 1)], size.to_vec(), samples.to_vec(), more].concat();
    let mut source = file(&instance(CT, all), true);
    let at = source.windows(20).position(|uid| uid == b"1.2.840.10008.1.2.1\0").unwrap();
    source[at + 18] = b'5';
    source.extend(b"\xE0\x7F\x10\0OB\0\0\xFF\xFF\xFF\xFF\xFE\xFF\0\xE0\0\0\0\0\xFE\xFF\0\xE0\x46\0\0\0");
    // The last high byte stands in a run of its own.
    let body = [0xF2, 0x07, 0, high, 0xF1, 0x29];
    source.extend([&[2, 0, 0, 0, 64, 0, 0, 0, 68, 0, 0, 0][..], &[0; 52], &body].concat());
    source.extend(b"\xFE\xFF\xDD\xE0\0\0\0\0");
    source
}

/// Retired overlays may lie in bits above the samples (PS3.3 C.9.2 of 2004): what is coded with them is for a person. One
/// with bits of its own goes as all overlays.
#[test]
fn overlays_in_samples_of_code_streams_hold() {
    let reason = |more: Vec<Item>| outcome(&profile("headers-only"), &runs(7, false, more)).reason.code();
    for group in [0x6000, 0x601E] {
        let place = |position| vec![us((group, 0x100), 16), us((group, 0x102), position)];
        let own = bytes((group, 0x3000), b"OW", &[0x55; 2]);
        assert_eq!(reason(place(13)), "overlay-in-pixels");
        assert_eq!(reason(place(0)), "clean");
        assert_eq!(reason([place(13), vec![own]].concat()), "clean");
    }
    // What was cleared holds nothing back; what was masked alone does.
    let source = runs(7, false, vec![us((0x6000, 0x100), 16), us((0x6000, 0x102), 13)]);
    let ended = |cleared| {
        let (value, offset_table) = (vec![Piece::Bytes(b"\xFE\xFF\xDD\xE0\0\0\0\0".to_vec())], OffsetTable::Keep);
        let pixels = NewPixels { value, offset_table, photometric: None, transfer_syntax: None, masked: true, cleared };
        let settled = Settled { reason: Reason::DecidedMasked, pixels: Some(pixels), ..Settled::default() };
        transform_header(&profile("headers-only"), &source, "", settled).0.reason.code()
    };
    assert_eq!([true, false].map(ended), ["decided-masked", "overlay-in-pixels"]);
}

/// Bits above the samples of RLE that no overlay speaks of hold too, until a decoder has looked; a sign's extension does not.
#[test]
fn bits_above_the_samples_of_rle_are_looked_at() {
    for (high, signed, hidden) in
        [(0x0F, false, false), (0x0F, true, false), (0xF8, true, false), (0xF8, false, true), (0x17, true, true)]
    {
        let source = runs(high, signed, Vec::new());
        let ended = outcome(&profile("headers-only"), &source);
        let expected = if hidden { ("overlay-in-pixels", true) } else { ("clean", false) };
        assert_eq!((ended.reason.code(), ended.to_look_at), expected, "{high:02X} {signed}");
        assert_eq!(ended.pieces.is_empty(), hidden);
        let looked = Settled { looked: true, ..Settled::default() };
        let (ended, _) = transform_header(&profile("headers-only"), &source, "", looked);
        assert_eq!(ended.reason.code(), "clean", "{high:02X} {signed}");
    }
}
