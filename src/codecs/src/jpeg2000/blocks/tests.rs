//! Streams of every form, masked block by block and read by openjp2: outside the same, inside constant.
#![allow(clippy::unwrap_used)]

use super::stream::Stream;
use super::{Form, masked_proven, written};
use crate::jpeg2000::{header, openjp2};
use crate::{Frame, Rect};

/// What is written, and how.
#[derive(Debug, Clone)]
struct Source {
    components: u8,
    bits: u8,
    signed: bool,
    form: Form,
}

/// Damaged streams that are tried.
const DAMAGED: usize = 300;

const SIZE: [u32; 2] = [150, 130];

fn plain() -> Form {
    Form {
        offset: [0; 2],
        tile: SIZE,
        tile_offset: [0; 2],
        progression: 2,
        layers: 1,
        transform: false,
        levels: 5,
        block: [6; 2],
        precincts: Vec::new(),
    }
}

const RECTS: [&[Rect]; 5] = [
    &[Rect { x: 40, y: 50, width: 30, height: 9 }],
    &[Rect { x: 0, y: 0, width: 1, height: 1 }],
    &[Rect { x: 130, y: 120, width: 20, height: 10 }, Rect { x: 133, y: 3, width: 3, height: 127 }],
    &[Rect { x: 63, y: 63, width: 2, height: 2 }, Rect { x: 60, y: 60, width: 20, height: 20 }],
    &[Rect { x: 0, y: 0, width: 150, height: 130 }],
];

fn sources() -> Vec<Source> {
    let grey = |form: Form| Source { components: 1, bits: 8, signed: false, form };
    let colour = |form: Form| Source { components: 3, form: Form { transform: true, ..form.clone() }, ..grey(form) };
    let mut sources = Vec::new();
    for progression in 0..5 {
        let form = || Form { progression, ..plain() };
        sources.push(grey(Form { block: [4; 2], precincts: vec![[5, 6]], layers: 3, ..form() }));
        sources.push(colour(Form { block: [3, 5], tile: [61, 47], precincts: vec![[3, 4], [5, 5]], ..form() }));
        sources.push(colour(Form { offset: [13, 7], tile: [170, 150], precincts: vec![[7, 7]], ..form() }));
        sources.push(colour(Form { offset: [77, 31], tile_offset: [5, 9], tile: [93, 55], ..form() }));
        sources.push(grey(Form { offset: [1, 1], tile: [5, 3000], levels: 3, ..form() }));
    }
    sources.extend((0..9).map(|levels| grey(Form { levels, ..plain() })));
    let deep = |bits| [false, true].map(|signed| Source { bits, signed, ..grey(Form { block: [5; 2], ..plain() }) });
    sources.extend((8..=16).flat_map(deep));
    sources.extend([[2, 10], [10, 2], [5, 7], [2, 2]].map(|block| grey(Form { block, ..plain() })));
    sources.push(Source { bits: 16, ..colour(plain()) });
    sources.push(Source { components: 3, bits: 12, ..grey(plain()) });
    sources
}

/// A gradient with noise and edges.
fn frame(source: &Source) -> Frame {
    let &Source { components, bits, signed, .. } = source;
    let [columns, rows] = SIZE;
    let (low, range) = (if signed { -(1 << (bits - 1)) } else { 0 }, 1_u32 << bits);
    let sample = |index: u32| {
        let (pixel, component) = (index / u32::from(components), index % u32::from(components));
        let (x, y) = (pixel % columns, pixel / columns);
        let noise = index.wrapping_mul(0x9E37_79B9) >> (32 - bits / 2);
        let edge = if (x / 20 + y / 30 + component).is_multiple_of(3) { range / 2 } else { 0 };
        low + ((x * range / 900 + y * range / 900 + noise + edge) % range).cast_signed()
    };
    let samples = (0..rows * columns * u32::from(components)).map(sample).collect();
    Frame { rows, columns, components, bits, signed, samples }
}

#[test]
fn every_form_is_masked_exactly() {
    let sources = sources();
    assert_eq!(sources.len(), 58);
    let mut made = 0;
    for source in sources {
        let before = frame(&source);
        let stream = written(&before, &source.form, false).unwrap();
        let header = header::read(&stream).unwrap();
        assert!(openjp2::read(&stream, &header).as_ref() == Ok(&before), "{source:?}");
        for rects in RECTS {
            let levels = [1, 2, 3];
            let new = masked_proven(&stream, &header, rects, levels, false);
            // openjp2 counts the smallest resolution of images off the grid in another way.
            let Some(new) = new else { continue };
            made += 1;
            let mut meant = before.clone();
            meant.fill(rects, &levels);
            assert!(openjp2::read(&new, &header) == Ok(meant), "{source:?} {rects:?}");
        }
    }
    assert_eq!(made, 48 * RECTS.len());
}

/// Most blocks keep their bytes.
#[test]
fn blocks_that_nothing_changes_keep_their_bytes() {
    let source = Source { components: 1, bits: 12, signed: false, form: Form { block: [3; 2], ..plain() } };
    let stream = written(&frame(&source), &source.form, true).unwrap();
    let new = masked_proven(&stream, &header::read(&stream).unwrap(), RECTS[0], [0; 3], true).unwrap();
    let (before, after) = (Stream::read(&stream).unwrap(), Stream::read(&new).unwrap());
    let blocks = before.tiles[0].blocks.iter().zip(&after.tiles[0].blocks);
    let same = blocks.filter(|(a, b)| a.code == b.code).count();
    assert!(same * 2 > before.tiles[0].blocks.len(), "{same}");
    assert_eq!(before.parts, after.parts);
    // Nothing to do leaves nothing to write.
    assert!(masked_proven(&stream, &header::read(&stream).unwrap(), &[], [0; 3], true).is_none());
}

/// Whatever damage leads to, nothing panics; and what is made of a stream that openjp2 reads is exact.
#[test]
fn damaged_streams_are_masked_exactly_or_not_at_all() {
    let form = Form { tile: [90, 70], layers: 2, block: [4; 2], precincts: vec![[5, 6]], levels: 3, ..plain() };
    let source = Source { components: 3, bits: 8, signed: false, form: Form { transform: true, ..form } };
    let stream = written(&frame(&source), &source.form, true).unwrap();
    let (mut made, mut read) = (0, 0);
    let mut state = 1_u64;
    let mut next = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % below
    };
    for round in 0..DAMAGED {
        let mut stream = stream.clone();
        for _ in 0..=next(3) {
            let at = if round % 3 == 0 { next(200) } else { next(stream.len()) };
            stream[at] = if next(2) == 0 { stream[at] ^ 1 << next(8) } else { next(256).to_le_bytes()[0] };
        }
        let Ok(header) = header::read(&stream) else { continue };
        let part = Rect { x: 40, y: 30, width: 20, height: 9 };
        let Some(new) = masked_proven(&stream, &header, &[part], [9; 3], false) else { continue };
        made += 1;
        if let Ok(mut meant) = openjp2::read(&stream, &header) {
            read += 1;
            meant.fill(&[part], &[9; 3]);
            assert!(openjp2::read(&new, &header) == Ok(meant), "{round}");
        }
    }
    assert!(made > DAMAGED / 4 && read > DAMAGED / 4);
}
