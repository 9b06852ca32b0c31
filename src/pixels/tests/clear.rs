//! Bits of code streams that belong to no sample, cleared: every sample is the source's but for them, by a reading of PS3.5
//! 8.1.1 that is written here.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::ptr_arg)]

mod instances;

use dicom_core as _;
use dicom_object as _;
use dicom_pixeldata as _;
use flate2::Compression;
use flate2::read::{DeflateDecoder, DeflateEncoder};
use instances::{LIMITS, Says, bytes, constant, instance, is_lossy, streams, whole};
use proptest as _;
use sha2 as _;
use std::io::Read as _;
use tokumei_codecs::{Codec, Frame};
use tokumei_dicom::Piece;
use tokumei_pixels::{Found, Mask, MaskError, Masked, Rect, Request, look, mask};

const RECT: Rect = Rect { x: 5, y: 3, width: 20, height: 9 };

/// The masked value as a whole instance, what else is told of it, and how many streams were written.
fn cleared(source: &Vec<u8>, masks: Vec<Mask>) -> Result<(Vec<u8>, Masked, usize), MaskError> {
    let mut count = 0;
    let mut store = |bytes: Vec<u8>| {
        count += 1;
        Piece::Bytes(bytes)
    };
    let masked = mask(source, &Request { masks, clear: true }, &LIMITS, &mut store)?;
    let start = source.windows(12).position(|w| w == b"\xE0\x7F\x10\0OB\0\0\xFF\xFF\xFF\xFF").unwrap() + 12;
    let mut out = source[..start].to_vec();
    out.extend(masked.value.iter().flat_map(|piece| bytes(piece, source)));
    Ok((out, masked, count))
}

/// The fragments of an instance, one a frame.
fn frames(file: &[u8]) -> Vec<Vec<u8>> {
    let mut at = file.windows(12).position(|w| w == b"\xE0\x7F\x10\0OB\0\0\xFF\xFF\xFF\xFF").unwrap() + 12;
    let mut items = Vec::new();
    while file[at..].starts_with(b"\xFE\xFF\0\xE0") {
        let len = u32::from_le_bytes(file[at + 4..at + 8].try_into().unwrap()) as usize;
        items.push(file[at + 8..at + 8 + len].to_vec());
        at += 8 + len;
    }
    assert_eq!(file[at..], *b"\xFE\xFF\xDD\xE0\0\0\0\0");
    items.split_off(1)
}

fn decoded(syntax: &str, says: Says, stream: &[u8]) -> Frame {
    let codec = Codec::of(syntax, stream).unwrap();
    let geometry = whole(says.rows, says.columns, says.signed);
    tokumei_codecs::decode(codec, stream, &geometry, tokumei_codecs::Limits::default()).unwrap()
}

/// The cells of a stream.
fn cells(syntax: &str, says: Says, stream: &[u8]) -> Vec<u16> {
    let frame = decoded(syntax, says, stream);
    assert_eq!(frame.bits, 16, "{syntax}");
    frame.samples.iter().map(|sample| u16::from_le_bytes([sample.to_le_bytes()[0], sample.to_le_bytes()[1]])).collect()
}

/// Of 12 bits in 16.
fn wanted(cell: u16, says: Says) -> u16 {
    match cell {
        _ if says.padding == Some(cell) => cell,
        0xF800.. if says.signed => cell,
        _ => cell & 0x0FFF,
    }
}

/// Every lossless coding: a clean frame, one that uses all bits, one of an extended sign.
#[test]
fn high_bits_of_lossless_streams_are_cleared() {
    let (mut tried, mut extended) = (0, 0);
    for (syntax, rows, columns, stream) in streams() {
        if is_lossy(&syntax) || syntax.ends_with(".4.110") && cfg!(not(feature = "jxl")) {
            continue;
        }
        tried += 1;
        let says = |signed, padding| Says { rows, columns, stored: 12, signed, padding };
        let clean = constant(&syntax, rows, columns, &stream, 0x0123);
        let negative = constant(&syntax, rows, columns, &stream, 0xF830);
        let full = cells(&syntax, says(false, None), &stream);
        let padding = full.iter().copied().find(|cell| *cell > 0x0FFF);
        let has_sign = decoded(&syntax, says(false, None), &stream).signed;
        for (says, last) in [(says(false, None), true), (says(true, None), false), (says(false, padding), true)] {
            let source = instance(&syntax, says, &[&clean, &stream, &negative]);
            assert_eq!(look(&source, &LIMITS), Ok(Found::Overlay), "{syntax}");
            // Data set and stream contradict each other.
            if has_sign && !says.signed {
                assert_eq!(cleared(&source, vec![]).err(), Some(MaskError::Form), "{syntax}");
                continue;
            }
            let (out, masked, count) = cleared(&source, vec![]).unwrap();
            let written = frames(&out);
            assert_eq!((masked.frames, count), if last { (2, 2) } else { (1, 1) }, "{syntax}");
            assert!(masked.cleared && masked.transfer_syntax.is_none() && masked.photometric.is_none());
            assert_eq!(look(&out, &LIMITS), Ok(Found::Nothing), "{syntax}");
            assert_eq!(written[0], frames(&source)[0], "{syntax}: by reference");
            for (new, old) in written.iter().zip([&clean, &stream, &negative]) {
                let (new, old) = (cells(&syntax, says, new), cells(&syntax, says, old));
                for (new, old) in new.iter().zip(&old) {
                    assert_eq!(*new, wanted(*old, says), "{syntax} {old:04X} {}", says.signed);
                    extended += usize::from(*new > 0x0FFF);
                }
            }
            // Once more there is nothing to do.
            let (again, masked, count) = cleared(&out, vec![]).unwrap();
            assert_eq!((again, masked.frames, count), (out, 0, 0), "{syntax}");
        }
    }
    assert!(tried > 10 && extended > 1000 || streams().is_empty(), "{tried} {extended}");
}

/// Masks of some frames beside overlays in others, and in the same.
#[test]
fn masks_go_with_it() {
    for (syntax, rows, columns, stream) in streams() {
        if is_lossy(&syntax) || syntax.ends_with(".4.110") && cfg!(not(feature = "jxl")) {
            continue;
        }
        let plain = Says { rows, columns, stored: 12, signed: false, padding: None };
        let says = Says { signed: decoded(&syntax, plain, &stream).signed, ..plain };
        let clean = constant(&syntax, rows, columns, &stream, 0x0123);
        let source = instance(&syntax, says, &[&clean, &stream, &stream, &clean]);
        let masks = vec![Mask { frames: Some(vec![0, 1]), rect: RECT }];
        let (out, masked, _) = cleared(&source, masks).unwrap();
        assert_eq!((masked.frames, masked.areas), (3, vec![Some(RECT)]), "{syntax}");
        assert_eq!(look(&out, &LIMITS), Ok(Found::Nothing), "{syntax}");
        let written = frames(&out);
        assert_eq!(written[3], frames(&source)[3], "{syntax}: by reference");
        for (number, old) in [&clean, &stream, &stream, &clean].into_iter().enumerate() {
            let (new, old) = (cells(&syntax, says, &written[number]), cells(&syntax, says, old));
            for (place, (new, old)) in new.iter().zip(&old).enumerate() {
                let (x, y) = (place % usize::from(columns), place / usize::from(columns));
                let inside = number < 2 && (5..25).contains(&x) && (3..12).contains(&y);
                let black = if says.signed { 0xF800 } else { 0 };
                assert_eq!(*new, if inside { black } else { wanted(*old, says) }, "{syntax} frame {number} {x} {y}");
            }
        }
        // A mask that lies outside masks nothing; the bits go all the same.
        let far = vec![Mask { frames: None, rect: Rect { x: 5000, ..RECT } }];
        let (_, masked, count) = cleared(&source, far).unwrap();
        assert_eq!((masked.frames, masked.areas, count), (2, vec![None], 2), "{syntax}");
    }
}

/// What a lossy coding has in these bits stands for nothing by itself; where it has nothing there, nothing has to be done.
#[test]
fn streams_with_a_loss_have_no_safe_way() {
    let mut tried = 0;
    for (syntax, rows, columns, stream) in streams().into_iter().filter(|s| is_lossy(&s.0)) {
        tried += 1;
        let says = Says { rows, columns, stored: 12, signed: false, padding: None };
        let clean = constant(&syntax, rows, columns, &stream, 0x0123);
        for hidden in [&stream, &constant(&syntax, rows, columns, &stream, 0x1005)] {
            let refused = cleared(&instance(&syntax, says, &[&clean, hidden]), vec![]).err();
            assert_eq!(refused.map(MaskError::code), Some("pixels-not-maskable"), "{syntax}");
        }
        let source = instance(&syntax, says, &[&clean, &clean]);
        let (out, masked, count) = cleared(&source, vec![]).unwrap();
        assert_eq!((out, masked.frames, count), (source, 0, 0), "{syntax}");
    }
    assert!(tried > 1 || streams().is_empty(), "{tried}");
    // A stream with a loss under a syntax without one.
    for (syntax, rows, columns, stream) in streams() {
        let Some(lossless) =
            [(".4.81", ".4.80"), (".4.203", ".4.201")].iter().find(|(lossy, _)| syntax.ends_with(lossy))
        else {
            continue;
        };
        let says = Says { rows, columns, stored: 12, signed: false, padding: None };
        let syntax = syntax.replace(lossless.0, lossless.1);
        let refused = cleared(&instance(&syntax, says, &[&stream]), vec![]).err();
        assert_eq!(refused.map(MaskError::code), Some("pixels-not-maskable"), "{syntax}");
    }
}

/// Encapsulated uncompressed and deflated frames.
#[test]
fn frames_without_a_coding() {
    let raw = |cells: &[u16]| cells.iter().copied().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    for (deflated, syntax) in [(false, "1.2.840.10008.1.2.1.98"), (true, "1.2.840.10008.1.2.8.1")] {
        let coded = |cells: &[u16]| {
            let mut out = raw(cells);
            if deflated {
                let plain = out.clone();
                out.clear();
                DeflateEncoder::new(plain.as_slice(), Compression::new(6)).read_to_end(&mut out).unwrap();
            }
            out
        };
        let read = |frame: &[u8]| {
            let mut out = frame.to_vec();
            if deflated {
                out.clear();
                DeflateDecoder::new(frame).read_to_end(&mut out).unwrap();
            }
            out
        };
        for (signed, padding) in [(false, None), (true, None), (false, Some(0xF830))] {
            let says = Says { rows: 2, columns: 3, stored: 12, signed, padding };
            let cells = [0x0FFF, 0xF830, 0x7123, 0x8FFF, 0xFFFF, 0];
            let source = instance(syntax, says, &[&coded(&[5; 6]), &coded(&cells)]);
            let corner = Rect { x: 2, y: 1, width: 1, height: 1 };
            for masks in [vec![], vec![Mask { frames: Some(vec![1]), rect: corner }]] {
                let mut meant = cells.map(|cell| wanted(cell, says));
                if !masks.is_empty() {
                    meant[5] = if signed { 0xF800 } else { 0 };
                }
                let (out, masked, count) = cleared(&source, masks).unwrap();
                assert_eq!((masked.frames, count), (1, 1), "{syntax}");
                assert_eq!(look(&out, &LIMITS), Ok(Found::Nothing), "{syntax}");
                let written = frames(&out);
                assert_eq!(written[0], frames(&source)[0], "{syntax}: by reference");
                assert_eq!(read(&written[1]), raw(&meant), "{syntax} {signed} {padding:?}");
            }
        }
    }
}
