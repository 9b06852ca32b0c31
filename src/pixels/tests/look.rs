//! What only a decoder finds: bits above Bits Stored in code streams that have room for them, and bytes behind JPEG XL.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod instances;

use dicom_core as _;
use dicom_object as _;
use dicom_pixeldata as _;
use flate2::Compression;
use flate2::read::DeflateEncoder;
use instances::{LIMITS, Says, constant, instance, is_lossy, streams};
use proptest as _;
use sha2 as _;
use std::io::Read as _;
use tokumei_pixels::{Found, Mask, MaskError, Rect, Request, look, mask};

#[test]
fn streams_with_room_above_the_samples() {
    let mut tried = 0;
    for (syntax, rows, columns, stream) in streams() {
        if syntax.ends_with(".4.110") && cfg!(not(feature = "jxl")) {
            continue;
        }
        tried += 1;
        let found = |value: u16, stored, signed, padding| {
            let frame = constant(&syntax, rows, columns, &stream, value);
            let says = Says { rows, columns, stored, signed, padding };
            // The second frame alone may hold anything.
            let first = constant(&syntax, rows, columns, &stream, 5);
            look(&instance(&syntax, says, &[&first, &frame]), &LIMITS).unwrap()
        };
        assert_eq!(found(0x0FFF, 12, false, None), Found::Nothing, "{syntax}");
        assert_eq!(found(0xF830, 12, true, None), Found::Nothing, "{syntax}: a sign's extension");
        assert_eq!(found(0xF830, 12, false, Some(0xF830)), Found::Nothing, "{syntax}: padding");
        assert_eq!(found(0xF830, 16, false, None), Found::Nothing, "{syntax}");
        assert_eq!(found(0xF830, 12, false, None), Found::Overlay, "{syntax}");
        assert_eq!(found(0x1800, 12, false, None), Found::Overlay, "{syntax}");
        assert_eq!(found(0x8300, 12, true, None), Found::Overlay, "{syntax}");
        // A little beyond the range is what a lossy coding makes of its end.
        let little = if is_lossy(&syntax) { Found::Nothing } else { Found::Overlay };
        assert_eq!(found(0x1005, 12, false, None), little, "{syntax}");
    }
    assert!(tried > 10 || streams().is_empty(), "{tried}");
}

/// What the pixels of one frame hide holds an instance of which another is masked, too.
#[test]
fn masked_instances_are_looked_at() {
    for (syntax, rows, columns, stream) in streams() {
        if syntax.ends_with(".4.110") && cfg!(not(feature = "jxl")) {
            continue;
        }
        let says = Says { rows, columns, stored: 12, signed: false, padding: None };
        let clean = constant(&syntax, rows, columns, &stream, 0x0123);
        let hidden = constant(&syntax, rows, columns, &stream, 0x8123);
        let masked = |frames: &[&[u8]]| {
            let rect = Rect { x: 1, y: 1, width: 3, height: 3 };
            let request = Request { masks: vec![Mask { frames: Some(vec![0]), rect }], clear: false };
            let mut store = tokumei_dicom::Piece::Bytes;
            mask(&instance(&syntax, says, frames), &request, &LIMITS, &mut store).map(|masked| masked.frames)
        };
        assert_eq!(masked(&[&clean, &clean]), Ok(1), "{syntax}");
        assert_eq!(masked(&[&clean, &hidden]), Err(MaskError::Overlay), "{syntax}");
    }
}

#[test]
fn frames_without_a_coding() {
    let says = |signed, padding| Says { rows: 1, columns: 2, stored: 12, signed, padding };
    for (deflated, syntax) in [(false, "1.2.840.10008.1.2.1.98"), (true, "1.2.840.10008.1.2.8.1")] {
        let found = |cells: [u16; 2], signed, padding| {
            let mut frame: Vec<u8> = cells.into_iter().flat_map(u16::to_le_bytes).collect();
            if deflated {
                let mut out = Vec::new();
                DeflateEncoder::new(frame.as_slice(), Compression::new(6)).read_to_end(&mut out).unwrap();
                frame = out;
            }
            look(&instance(syntax, says(signed, padding), &[&frame]), &LIMITS).unwrap()
        };
        assert_eq!(found([0x0FFF, 7], false, None), Found::Nothing);
        assert_eq!(found([0xF830, 7], true, None), Found::Nothing);
        assert_eq!(found([7, 0xF830], false, Some(0xF830)), Found::Nothing);
        assert_eq!(found([7, 0x1000], false, None), Found::Overlay);
        assert_eq!(found([7, 0x1000], true, None), Found::Overlay);
    }
}

#[cfg(feature = "jxl")]
#[test]
fn bytes_behind_jpeg_xl_go() {
    for (syntax, rows, columns, stream) in streams().into_iter().filter(|s| s.0.ends_with(".4.110")) {
        let says = Says { rows, columns, stored: 16, signed: false, padding: None };
        let whole = constant(&syntax, rows, columns, &stream, 0x0123);
        let behind = [whole.as_slice(), b"YAMADA^TARO"].concat();
        assert_eq!(look(&instance(&syntax, says, &[&whole, &whole]), &LIMITS), Ok(Found::Nothing));
        let source = instance(&syntax, says, &[&whole, &behind]);
        assert_eq!(look(&source, &LIMITS), Ok(Found::Behind));
        for masks in [vec![], vec![Mask { frames: Some(vec![0]), rect: Rect { x: 0, y: 0, width: 2, height: 2 } }]] {
            let mut store = tokumei_dicom::Piece::Bytes;
            let masked = mask(&source, &Request { masks, clear: false }, &LIMITS, &mut store).unwrap();
            let value: Vec<u8> = masked.value.iter().flat_map(|piece| instances::bytes(piece, &source)).collect();
            assert!(!value.windows(6).any(|w| w == b"YAMADA"));
            assert!(value.windows(whole.len()).any(|w| w == whole), "the frame itself stays");
        }
    }
}
