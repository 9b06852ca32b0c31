//! Black in the samples of code streams, wherever in their cells these stand (PS3.5 8.1.1).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use dicom_core as _;
use dicom_object as _;
use dicom_pixeldata as _;
use flate2 as _;
use proptest as _;
use serde_json as _;
use sha2 as _;
use tokumei_codecs::{Codec, Geometry, Photometric, decode};
use tokumei_dicom::{Limits, Piece};
use tokumei_pixels::{Mask, MaskLimits, Rect, Request, mask};

const SIDE: u16 = 4;
/// A sample of every source.
const GREY: u16 = 0x0540;

/// RLE of a frame of one value: both bytes of its cells in runs, row by row (PS3.5 G.3).
fn stream(value: u16) -> Vec<u8> {
    let run = |byte: u8| [0xFD, byte].repeat(SIDE.into());
    let [high, low] = value.to_be_bytes();
    [&[2, 0, 0, 0, 64, 0, 0, 0, 72, 0, 0, 0][..], &[0; 52], &run(high), &run(low)].concat()
}

fn instance(photometric: &str, high_bit: u16, signed: bool) -> Vec<u8> {
    let element = |tag: (u16, u16), vr: &[u8; 2], value: &[u8]| {
        let len = u16::try_from(value.len()).unwrap().to_le_bytes();
        [&tag.0.to_le_bytes()[..], &tag.1.to_le_bytes(), vr, &len, value].concat()
    };
    let mut out = [&[0; 128][..], b"DICM", &element((2, 0), b"UL", &[28, 0, 0, 0])].concat();
    out.extend(element((2, 0x10), b"UI", b"1.2.840.10008.1.2.5\0"));
    out.extend(element((0x28, 2), b"US", &[1, 0]));
    out.extend(element((0x28, 4), b"CS", format!("{photometric:<12}").as_bytes()));
    let sides = [(0x10, SIDE), (0x11, SIDE), (0x100, 16), (0x101, 12), (0x102, high_bit), (0x103, signed.into())];
    for (tag, value) in sides {
        out.extend(element((0x28, tag), b"US", &value.to_le_bytes()));
    }
    let stream = stream(GREY);
    out.extend(b"\xE0\x7F\x10\0OB\0\0\xFF\xFF\xFF\xFF\xFE\xFF\0\xE0\0\0\0\0\xFE\xFF\0\xE0");
    out.extend(u32::try_from(stream.len()).unwrap().to_le_bytes());
    out.extend(stream);
    out.extend(b"\xFE\xFF\xDD\xE0\0\0\0\0");
    out
}

#[test]
fn black_stands_where_the_samples_stand() {
    for (photometric, high_bit, signed, black) in [
        ("MONOCHROME1", 11, false, 0x0FFF),
        ("MONOCHROME1", 15, false, 0xFFF0),
        ("MONOCHROME1", 13, false, 0x3FFC),
        ("MONOCHROME2", 15, false, 0),
        ("MONOCHROME1", 11, true, 0x07FF),
        ("MONOCHROME1", 15, true, 0x7FF0),
        ("MONOCHROME2", 11, true, 0xF800),
        ("MONOCHROME2", 15, true, 0x8000),
    ] {
        let mut own = Vec::new();
        let mut store = |bytes: Vec<u8>| {
            own.push(bytes);
            Piece::Range { offset: 1 << 50, len: 0 }
        };
        let rect = Rect { x: 1, y: 1, width: 2, height: 1 };
        let request = Request { masks: vec![Mask { frames: None, rect }], clear: false };
        let limits = MaskLimits { reading: Limits::default(), frame_bytes: 1 << 20 };
        mask(&instance(photometric, high_bit, signed), &request, &limits, &mut store).unwrap();
        let geometry = Geometry {
            rows: SIDE.into(),
            columns: SIDE.into(),
            samples_per_pixel: 1,
            bits_allocated: 16,
            bits_stored: 16,
            signed: false,
            photometric: Photometric::Monochrome2,
        };
        let frame = decode(Codec::Rle, &own[0], &geometry, tokumei_codecs::Limits::default()).unwrap();
        let wanted = (0..16).map(|i| if matches!(i, 5 | 6) { black } else { i32::from(GREY) });
        assert_eq!(frame.samples, wanted.collect::<Vec<_>>(), "{photometric} {high_bit} {signed}");
    }
}
