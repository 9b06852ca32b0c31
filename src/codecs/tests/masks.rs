//! Masks of the shared vectors: constant inside, as before outside, read by our decoder.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod streams;

use streams::{Vector, missing, of_syntaxes};
use tokumei_codecs::{Codec, CodecError, Fill, Frame, Limits, Masked, Photometric, Rect, decode, mask};

const JPEG_DCT: [&str; 3] = ["4.50", "4.51", "4.55"];
const LOSSLESS: [&str; 3] = ["5", "4.57", "4.70"];

/// One across the middle, one over the right lower corner, one that leaves the frame.
const RECTS: [Rect; 3] = [
    Rect { x: 18, y: 10, width: 32, height: 17 },
    Rect { x: 90, y: 55, width: 7, height: 6 },
    Rect { x: 96, y: 0, width: 400, height: 1 },
];

fn masked(v: &Vector, rects: &[Rect], fill: Fill) -> (Frame, Masked, Frame) {
    let codec = Codec::of(&v.transfer_syntax, &v.stream).unwrap();
    let before = decode(codec, &v.stream, &v.geometry, Limits::default()).unwrap();
    let masked = mask(codec, &v.stream, &v.geometry, rects, fill, Limits::default())
        .unwrap_or_else(|e| panic!("{}: {e}", v.name));
    let codec = Codec::of(masked.transfer_syntax.unwrap_or(&v.transfer_syntax), &masked.stream).unwrap();
    let after = decode(codec, &masked.stream, &v.geometry, Limits::default()).unwrap();
    (before, masked, after)
}

/// Pixels by place: what they were, what they are, and whether a rectangle holds them.
fn pixels<'a>(
    before: &'a Frame,
    after: &'a Frame,
    rects: &'a [Rect],
) -> impl Iterator<Item = (&'a [i32], &'a [i32], bool)> {
    let n = usize::from(before.components);
    let width = before.columns as usize;
    let both = before.samples.chunks(n).zip(after.samples.chunks(n)).enumerate();
    both.map(move |(i, (a, b))| {
        let (x, y) = (i % width, i / width);
        let within =
            |from: u32, len: u32, at: usize| (u64::from(from)..u64::from(from) + u64::from(len)).contains(&(at as u64));
        (a, b, rects.iter().any(|r| within(r.x, r.width, x) && within(r.y, r.height, y)))
    })
}

#[test]
fn lossless_codings_are_exact_outside() {
    let vectors = of_syntaxes("vectors", &LOSSLESS);
    for v in &vectors {
        for (fill, level) in [(Fill::Black, black(v)), (Fill::Level(77), 77)] {
            let (before, masked, after) = masked(v, &RECTS, fill);
            // A point transform leaves low bits out.
            let level = if v.name.contains("_pt") { level & !7 } else { level };
            for (a, b, inside) in pixels(&before, &after, &masked.touched) {
                let expected = if inside { vec![level; a.len()] } else { a.to_vec() };
                let expected = if v.name.contains("_pt2") && inside { vec![b[0]; a.len()] } else { expected };
                assert_eq!(b, expected, "{}", v.name);
            }
            assert_eq!(masked.touched[..2], RECTS[..2]);
            assert_eq!(masked.touched[2], Rect { x: 96, y: 0, width: masked.touched[2].width, height: 1 });
        }
    }
    assert!(vectors.len() == 34 || missing());
}

fn black(v: &Vector) -> i32 {
    match (v.geometry.signed, v.geometry.bits_stored) {
        (false, _) => 0,
        (true, 32) => i32::MIN,
        (true, n) => 1 << (n - 1),
    }
}

#[test]
fn jpeg_is_black_inside_and_the_same_outside() {
    let vectors = of_syntaxes("vectors", &JPEG_DCT);
    for v in &vectors {
        let (before, masked, after) = masked(v, &RECTS, Fill::Black);
        // Where chroma is subsampled, a pixel around takes from what is inside.
        let ring = |r: &Rect| {
            let (x, y) = (r.x.saturating_sub(1), r.y.saturating_sub(1));
            Rect { x, y, width: r.width + 2, height: r.height + 2 }
        };
        let ringed: Vec<Rect> = masked.touched.iter().map(ring).collect();
        let subsampled = v.name.contains("42");
        for (a, b, inside) in pixels(&before, &after, if subsampled { &ringed } else { &masked.touched }) {
            assert!(inside || a == b, "{}", v.name);
        }
        let depth = 1 << (before.bits - 6);
        for (_, b, inside) in pixels(&before, &after, &RECTS) {
            // Quantization rounds the level, and chroma may bleed into the first pixel.
            assert!(!inside || b.iter().all(|s| *s < depth) || subsampled, "{}: {b:?}", v.name);
        }
        let progressive = v.transfer_syntax.ends_with(".55");
        assert_eq!(masked.transfer_syntax, progressive.then_some("1.2.840.10008.1.2.4.51"), "{}", v.name);
    }
    assert!(vectors.len() == 18 || missing());
}

#[test]
fn monochrome1_is_masked_with_its_largest_value() {
    for mut v in
        of_syntaxes("vectors", &["4.50", "4.70", "5"]).into_iter().filter(|v| v.geometry.samples_per_pixel == 1)
    {
        v.geometry.photometric = Photometric::Monochrome1;
        let (_, _, after) = masked(&v, &RECTS, Fill::Black);
        let top = after.samples[12 * after.columns as usize + 20];
        let most = (1_i64 << (v.geometry.bits_stored - u8::from(v.geometry.signed))) - 1;
        let low_bits = if v.name.contains("_pt") { 7 } else { 0 };
        let rounding = if v.transfer_syntax.ends_with(".50") { 3 } else { 0 };
        assert!((most - (low_bits | rounding)..=most).contains(&i64::from(top)), "{}: {top}", v.name);
    }
}

#[test]
fn a_data_set_that_says_something_else_is_refused() {
    for v in of_syntaxes("vectors", &["4.50", "4.51", "4.55", "4.57", "4.70", "5"]) {
        let codec = Codec::of(&v.transfer_syntax, &v.stream).unwrap();
        let refused = |change: &dyn Fn(&mut tokumei_codecs::Geometry)| {
            let mut geometry = v.geometry.clone();
            change(&mut geometry);
            let error = mask(codec, &v.stream, &geometry, &RECTS, Fill::Black, Limits::default()).err();
            assert_eq!(decode(codec, &v.stream, &geometry, Limits::default()).err(), error, "{}", v.name);
            error.unwrap_or_else(|| panic!("{} is not refused", v.name))
        };
        assert_eq!(refused(&|g| g.samples_per_pixel = 4 - g.samples_per_pixel), CodecError::Mismatch);
        if codec != Codec::Rle {
            assert_eq!(refused(&|g| g.rows += 1), CodecError::Mismatch);
            assert_eq!(refused(&|g| g.columns -= 1), CodecError::Mismatch);
            assert_eq!(refused(&|g| g.bits_allocated = g.bits_stored - 1), CodecError::Mismatch);
        }
        let small = Limits { frame_bytes: 1000 };
        assert_eq!(decode(codec, &v.stream, &v.geometry, small).err(), Some(CodecError::TooLarge));
        assert_eq!(mask(codec, &v.stream, &v.geometry, &[], Fill::Black, small).err(), Some(CodecError::TooLarge));
    }
}

/// JFIF and Adobe decide about colours: they stay, what hides behind them goes.
#[test]
fn segments_that_decide_about_colours_stay() {
    let mut kept = [0, 0];
    for v in of_syntaxes("vectors", &["4.50", "4.55"]).iter().chain(&of_syntaxes("hidden", &["4.50"])) {
        let (_, masked, _) = masked(v, &RECTS, Fill::Black);
        let segments: [&[u8]; 2] = [b"\xFF\xE0\x00\x10JFIF\0", b"\xFF\xEE\x00\x0EAdobe"];
        let holds = |stream: &[u8], name: &[u8]| stream.windows(name.len()).any(|w| w == name);
        for (segment, kept) in segments.iter().zip(&mut kept) {
            let name = &segment[4..];
            assert_eq!(holds(&masked.stream, segment), holds(&v.stream, name), "{}", v.name);
            assert_eq!(holds(&masked.stream, name), holds(&v.stream, name), "{}", v.name);
            *kept += usize::from(holds(&masked.stream, segment));
        }
        // The colour transform is the last byte of Adobe's segment.
        let adobe = |stream: &[u8]| {
            let at = stream.windows(5).position(|w| w == b"Adobe")?;
            stream.get(at..at + 12).map(<[u8]>::to_vec)
        };
        assert_eq!(adobe(&masked.stream), adobe(&v.stream), "{}", v.name);
    }
    assert!((kept[0] > 5 && kept[1] > 1) || missing(), "{kept:?}");
}
