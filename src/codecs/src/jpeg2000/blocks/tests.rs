//! Streams of every form, masked block by block and read by openjp2: outside the same, inside constant.
#![allow(clippy::unwrap_used)]

use super::block::{Code, Share};
use super::stream::Stream;
use super::{Form, HIGH_THROUGHPUT, masked_proven, written};
use crate::jpeg2000::{header, openjp2};
use crate::{Codec, Frame, Rect};
use std::borrow::Cow;

/// What is written, and how.
#[derive(Debug, Clone)]
struct Source {
    components: u8,
    bits: u8,
    signed: bool,
    form: Form,
}

impl Source {
    fn codec(&self) -> Codec {
        if self.form.style == HIGH_THROUGHPUT { Codec::HtJ2k { rpcl: false } } else { Codec::Jpeg2000 }
    }
}

/// Damaged streams that are tried.
const DAMAGED: usize = 150;

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
        style: HIGH_THROUGHPUT,
        markers: [false; 2],
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

/// Every order of packets, depth and sign, size of blocks, precincts, tiles and place on the grid, of one style of blocks.
fn sources(style: u8) -> Vec<Source> {
    let plain = || Form { style, ..plain() };
    let grey = |form: Form| Source { components: 1, bits: 8, signed: false, form };
    let colour = |form: Form| Source { components: 3, form: Form { transform: true, ..form.clone() }, ..grey(form) };
    let mut sources = Vec::new();
    for progression in 0..5 {
        let markers = [progression & 1 == 1, progression & 2 == 2];
        let form = || Form { progression, markers, ..plain() };
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

/// Masks a stream; how often that is done block by block, which then is exact.
fn check(source: &Source, stream: &[u8], before: &Frame, all: &[&[Rect]]) -> usize {
    let header = header::read(stream).unwrap();
    let mut made = 0;
    for rects in all {
        let levels = [1, 2, 3];
        // openjp2 counts the smallest resolution of images off the grid in another way.
        let Some(new) = masked_proven(source.codec(), stream, &header, rects, levels) else { continue };
        made += 1;
        let mut meant = before.clone();
        meant.fill(rects, &levels);
        assert!(openjp2::read(&new, &header) == Ok(meant), "{source:?} {rects:?}");
    }
    made
}

#[test]
fn every_form_is_masked_exactly() {
    for style in [HIGH_THROUGHPUT, 0] {
        let sources = sources(style);
        assert_eq!(sources.len(), 58);
        let mut made = 0;
        for source in sources {
            let before = frame(&source);
            let stream = written(&before, &source.form, false).unwrap();
            let header = header::read(&stream).unwrap();
            assert!(openjp2::read(&stream, &header).as_ref() == Ok(&before), "{source:?}");
            made += check(&source, &stream, &before, &RECTS);
        }
        assert_eq!(made, 48 * RECTS.len());
    }
}

/// All styles of blocks that are taken, each with the others; those that are not, are not.
#[test]
fn every_style_of_blocks_is_masked_exactly() {
    let mut made = 0;
    for style in (0..64).filter(|style| style & 16 == 0) {
        let form = Form { style, block: [5, 4], levels: 2, transform: true, ..plain() };
        let source = Source { components: 3, bits: 14, signed: style & 1 == 1, form };
        let before = frame(&source);
        let stream = written(&before, &source.form, false).unwrap();
        let header = header::read(&stream).unwrap();
        assert!(openjp2::read(&stream, &header).as_ref() == Ok(&before), "{style}");
        made += check(&source, &stream, &before, &RECTS[..1]);
        let other = Source { form: Form { style: HIGH_THROUGHPUT, ..source.form.clone() }, ..source };
        assert_eq!(check(&other, &stream, &before, &RECTS[..1]), 0, "under another transfer syntax");
    }
    assert_eq!(made, 32);
    assert!((16..32).chain(48..=255).filter(|style| style & !8 != HIGH_THROUGHPUT).all(|style| {
        let form = Form { style, ..plain() };
        written(&frame(&Source { components: 1, bits: 8, signed: false, form: plain() }), &form, false).is_none()
    }));
}

/// Cuts the passes of all blocks into the shares of layers and leaves the last ones out.
fn spread(stream: &mut Stream, kept: usize) {
    let kind = stream.parameters.kind;
    for (index, block) in stream.tiles.iter_mut().flat_map(|tile| &mut tile.blocks).enumerate() {
        let Some(code) = block.code.take() else { continue };
        let whole = code.merged(kind);
        let (mut shares, mut pass, mut piece, mut used, mut at) = (Vec::new(), 0, 0, 0, 0);
        for layer in 0..5 {
            // Some layers have none.
            let passes = ((index * 7 + layer * 5) % 9).min(whole.passes - pass);
            let is_last = layer == 4;
            let passes = if is_last { whole.passes - pass } else { passes };
            let mut lengths = Vec::new();
            for count in kind.pieces(pass, passes) {
                pass += count;
                let ends = pass == whole.passes || kind.pieces(pass - 1, 2).count() == 2;
                let length = whole.lengths[piece] as usize;
                // Where a codeword is cut between layers is free.
                let part = if ends { length - used } else { (length - used) / 2 };
                lengths.push(u32::try_from(part).unwrap());
                used = if ends { 0 } else { used + part };
                piece += usize::from(ends);
            }
            let length = lengths.iter().sum::<u32>() as usize;
            if passes > 0 && layer < kept {
                let bytes = Cow::Owned(whole.bytes[at..at + length].to_vec());
                shares.push(Share { layer: u16::try_from(layer).unwrap(), passes, lengths, bytes });
            }
            at += length;
        }
        if !shares.is_empty() {
            block.code = Some(Code { zero_planes: code.zero_planes, shares });
        }
    }
}

/// Blocks in several layers, whole and cut short: what openjp2 makes of a stream stays.
#[test]
fn layers_are_masked_exactly() {
    let mut made = 0;
    for style in [0, 1, 4, 5, 63 - 16] {
        for (kept, markers) in [(5, [true, false]), (3, [false, true]), (1, [true; 2])] {
            let form = Form { style, layers: 5, block: [4; 2], progression: 0, markers, levels: 3, ..plain() };
            let source = Source { components: 1, bits: 12, signed: false, form };
            let stream = written(&frame(&source), &source.form, false).unwrap();
            let mut taken = Stream::read(&stream).unwrap();
            spread(&mut taken, kept);
            let stream = taken.write(false).unwrap();
            let before = openjp2::read(&stream, &header::read(&stream).unwrap()).unwrap();
            assert_eq!(before == frame(&source), kept == 5, "{style} {kept}");
            made += check(&source, &stream, &before, &RECTS);
        }
    }
    assert_eq!(made, 15 * RECTS.len());
}

/// Most blocks keep their bytes.
#[test]
fn blocks_that_nothing_changes_keep_their_bytes() {
    for (style, codec) in [(HIGH_THROUGHPUT, Codec::HtJ2k { rpcl: true }), (0, Codec::Jpeg2000)] {
        let source = Source { components: 1, bits: 12, signed: false, form: Form { block: [3; 2], style, ..plain() } };
        let stream = written(&frame(&source), &source.form, true).unwrap();
        let header = header::read(&stream).unwrap();
        let new = masked_proven(codec, &stream, &header, RECTS[0], [0; 3]).unwrap();
        let (before, after) = (Stream::read(&stream).unwrap(), Stream::read(&new).unwrap());
        let blocks = before.tiles[0].blocks.iter().zip(&after.tiles[0].blocks);
        let same = blocks.filter(|(a, b)| a.code == b.code).count();
        assert!(same * 2 > before.tiles[0].blocks.len(), "{same}");
        assert_eq!(before.parts, after.parts);
        // Nothing to do leaves nothing to write.
        assert!(masked_proven(codec, &stream, &header, &[], [0; 3]).is_none());
    }
}

/// Whatever damage leads to, nothing panics; and what is made of a stream that openjp2 reads is exact.
#[test]
fn damaged_streams_are_masked_exactly_or_not_at_all() {
    for style in [HIGH_THROUGHPUT, 0, 63 - 16] {
        let form = Form { tile: [90, 70], layers: 2, block: [4; 2], precincts: vec![[5, 6]], levels: 3, ..plain() };
        let form = Form { transform: true, style, ..form };
        let source = Source { components: 3, bits: 8, signed: false, form };
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
            let Some(new) = masked_proven(source.codec(), &stream, &header, &[part], [9; 3]) else { continue };
            made += 1;
            if let Ok(mut meant) = openjp2::read(&stream, &header) {
                read += 1;
                meant.fill(&[part], &[9; 3]);
                assert!(openjp2::read(&new, &header) == Ok(meant), "{style} {round}");
            }
        }
        assert!(made > DAMAGED / 4 && read > DAMAGED / 4, "{style} {made} {read}");
    }
}
