//! The shared code-stream vectors, and streams that were damaged.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use super::cells::Plane;
use super::fragments::Extended;
use super::native::Geometry;
use super::stream::{Span, Stream};
use super::{Coding, Found, OffsetTable, Opened, walk};
use crate::data_set::Fragment;
use crate::{Error, Limits, Piece, Result, Tag, read};
use proptest::prelude::*;
use serde_json::Value;
use std::path::PathBuf;

/// Facts and vectors outside the repository; `None` where a developer does not have them.
pub(crate) fn shared(path: &str) -> Option<PathBuf> {
    let root = std::env::var_os("TOKUMEI_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    let found = root.join(path);
    if found.exists() {
        return Some(found);
    }
    assert!(std::env::var_os("CI").is_none(), "shared data is missing");
    eprintln!("skipped: no shared data");
    None
}

fn vectors(kind: &str) -> Vec<(Value, Vec<u8>)> {
    let Some(root) = shared("codecs") else { return Vec::new() };
    let all: Value = serde_json::from_slice(&std::fs::read(root.join("vectors.json")).unwrap()).unwrap();
    let list = all[kind].as_array().unwrap().clone();
    list.into_iter().map(|v| (v.clone(), std::fs::read(root.join(v["file"].as_str().unwrap())).unwrap())).collect()
}

/// Cleans a stream as a frame of a vector's shape.
fn clean(v: &Value, stream: &[u8]) -> Result<(Vec<u8>, bool)> {
    let bits = v["bits"].as_u64().unwrap();
    let geometry = Geometry {
        rows: v["rows"].as_u64().unwrap(),
        columns: v["cols"].as_u64().unwrap(),
        samples: v["components"].as_u64().unwrap(),
        allocated: bits.next_multiple_of(8),
        frames: 1,
        photometric: String::new(),
    };
    let source = stream.to_vec();
    let mut s = Stream::new(&source, vec![Span { offset: 0, len: source.len() as u64 }]);
    let clean = walk(&mut s, Coding::of(v["ts"].as_str().unwrap()).unwrap(), &geometry, &full(&geometry))?;
    if let Some(shape) = clean.shape {
        assert_eq!(u64::from(shape.rows), geometry.rows);
        assert_eq!(u64::from(shape.columns), geometry.columns);
        assert_eq!(u64::from(shape.components), geometry.samples);
    }
    // Its jbrd gives back a JPEG that only a decoder can clean.
    assert_eq!(clean.kept.sealed, v["name"] == "jxl_from_jpeg420");
    let whole = clean.kept.is_whole(&mut s)?;
    Ok((clean.kept.bytes(stream), whole))
}

/// Planes of samples that fill their cells.
fn full(geometry: &Geometry) -> Vec<Plane> {
    vec![Plane::default(); usize::try_from(geometry.samples * geometry.allocated / 8).unwrap()]
}

fn holds(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|w| w == needle)
}

/// What a cut stream must equal where the vector's base holds nothing that is cut.
fn base(v: &Value) -> Option<Vec<u8>> {
    let name = v["base"].as_str().unwrap();
    vectors("vectors").into_iter().find(|(b, _)| b["name"] == name).map(|(b, bytes)| clean(&b, &bytes).unwrap().0)
}

#[test]
fn hidden_text_goes_and_the_stream_stays() {
    let all = vectors("hidden");
    for (v, bytes) in &all {
        let name = v["name"].as_str().unwrap();
        let needle = v["needle"].as_str().unwrap().as_bytes();
        assert!(holds(bytes, needle) || name == "hid_jpg_dqt3", "{name}");
        let (cut, whole) = clean(v, bytes).unwrap();
        assert!(!whole, "{name}");
        assert!(!holds(&cut, needle), "{name}");
        assert!(!holds(&cut, &needle[..8]), "{name}");
        assert_eq!(Some(&cut), base(v).as_ref(), "{name}");
        let again = clean(v, &cut).unwrap();
        assert!(again.1, "{name} is clean");
    }
    assert!(all.is_empty() || all.len() == 20);
}

/// Encoders that write their name: JPEG 2000 in COM, one JPEG XL container; and the one JP2 file.
fn names_its_encoder(name: &str) -> bool {
    name.starts_with("j2k_") || name.starts_with("htj2k_") || ["jp2_rgb8_rct", "jxl_g16", "jxl_rgb16"].contains(&name)
}

#[test]
fn clean_streams_stay() {
    let all = vectors("vectors");
    for (v, bytes) in &all {
        let name = v["name"].as_str().unwrap();
        let (cut, whole) = clean(v, bytes).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(whole, !names_its_encoder(name), "{name}");
        assert!(bytes.len() - cut.len() < 130, "{name}");
        assert!(clean(v, &cut).unwrap().1, "{name}: once is enough");
    }
    assert!(all.is_empty() || all.len() == 100);
}

#[test]
fn every_truncation_is_refused() {
    for (v, bytes) in vectors("vectors").iter().filter(|(_, b)| b.len() < 9_000) {
        // A JPEG XL stream does not tell where it ends.
        if v["file"].as_str().unwrap().ends_with("jxl") {
            continue;
        }
        for len in (0..bytes.len()).step_by(bytes.len() / 97 + 1) {
            assert!(clean(v, &bytes[..len]).is_err(), "{} at {len}", v["name"]);
        }
    }
}

/// What the file holds after its Pixel Data was written anew.
fn rewritten(bytes: &[u8], at: core::ops::Range<u64>, value: &[Piece]) -> Vec<u8> {
    let part = |from: u64, to: u64| &bytes[usize::try_from(from).unwrap()..usize::try_from(to).unwrap()];
    let piece = |piece: &Piece| match piece {
        Piece::Bytes(own) => own.clone(),
        Piece::Range { offset, len } => part(*offset, offset + len).to_vec(),
    };
    let value: Vec<u8> = value.iter().flat_map(piece).collect();
    [part(0, at.start), &value, part(at.end, bytes.len() as u64)].concat()
}

/// Offsets that a Basic Offset Table does not hold stand in an Extended one, beside an empty basic one.
#[test]
fn far_frames_get_an_extended_offset_table() {
    let limits = Limits::default();
    let (mut joined, mut near) = (0, 0);
    for (v, bytes) in vectors("containers") {
        let ds = read::parse(&bytes, &limits).unwrap();
        let index = ds.find(None, Tag::PIXEL_DATA).unwrap();
        let before = ds.fragments(index).len();
        let rewrite = |farthest: u32| {
            let mut opened = Opened::new(&ds, &bytes, index, &ds.form().transfer_syntax, &limits).unwrap();
            assert_eq!(opened.farthest, u32::MAX);
            opened.farthest = farthest;
            let new = |number, pieces: &[Piece]| Ok::<_, Error>((number == 0).then(|| pieces.to_vec()));
            let frames = opened.frames.len();
            (frames, opened.rewrite(new).unwrap())
        };
        let (frames, cleaned) = rewrite(7);
        let node = ds.node(index).unwrap();
        let new = rewritten(&bytes, node.value..node.end, &cleaned.value.unwrap());
        let again = read::parse(&new, &limits).unwrap();
        let fragments = again.fragments(again.find(None, Tag::PIXEL_DATA).unwrap());
        if frames == 1 {
            assert_eq!((fragments[0].len, cleaned.offset_table), (4, OffsetTable::Keep), "{}", v["name"]);
            continue;
        }
        joined += usize::from(before > frames + 1);
        let OffsetTable::Replace { offsets, lengths } = cleaned.offset_table else { panic!("{}", v["name"]) };
        let numbers =
            |b: &[u8]| -> Vec<u64> { b.chunks_exact(8).map(|c| u64::from_le_bytes(c.try_into().unwrap())).collect() };
        assert_eq!((fragments[0].len, fragments.len()), (0, frames + 1), "{}", v["name"]);
        let heads: Vec<u64> = fragments[1..].iter().map(|f| f.offset - fragments[1].offset).collect();
        assert_eq!(numbers(&offsets), heads, "{}", v["name"]);
        let fits = |(f, n): (&Fragment, u64)| f.len - n < 2;
        assert!(fragments[1..].iter().zip(numbers(&lengths)).all(fits), "{}", v["name"]);
        // The last offset is the farthest that may stand in the basic one, where there is no other.
        let last = u32::try_from(*heads.last().unwrap()).unwrap();
        if before == frames + 1 && rewrite(u32::MAX).1.offset_table == OffsetTable::Keep {
            near += 1;
            assert_eq!(rewrite(last).1.offset_table, OffsetTable::Keep, "{}", v["name"]);
            assert_ne!(rewrite(last - 1).1.offset_table, OffsetTable::Keep, "{}", v["name"]);
        }
    }
    assert!((joined > 0 && near > 0) || shared("codecs").is_none());
}

/// Of two tables an instance keeps the Extended one if that is right, else the basic one: never both (PS3.5 A.4).
#[test]
fn one_offset_table_is_left() {
    let limits = Limits::default();
    for (v, bytes) in vectors("containers") {
        let ds = read::parse(&bytes, &limits).unwrap();
        let index = ds.find(None, Tag::PIXEL_DATA).unwrap();
        let syntax = &ds.form().transfer_syntax;
        for (has_table, right) in [(true, true), (false, true), (true, false), (false, false)] {
            let mut opened = Opened::new(&ds, &bytes, index, syntax, &limits).unwrap();
            let offsets = opened.frames.iter().map(|f| opened.fragments.head(f.first) + u64::from(!right));
            let lengths = opened.frames.iter().map(|f| opened.fragments.len(*f));
            let table = Extended { offsets: offsets.collect(), lengths: lengths.collect() };
            (opened.extended, opened.has_table) = (Found::Table(table), has_table);
            let frames = opened.frames.len() as u64;
            let cleaned = opened.rewrite(|_, pieces| Ok::<_, Error>(Some(pieces.to_vec()))).unwrap();
            let node = ds.node(index).unwrap();
            let new = rewritten(&bytes, node.value..node.end, &cleaned.value.unwrap());
            let again = read::parse(&new, &limits).unwrap();
            let basic = again.fragments(again.find(None, Tag::PIXEL_DATA).unwrap())[0].len;
            assert_eq!(basic, if right { 0 } else { 4 * frames }, "{}", v["name"]);
            assert_eq!(cleaned.offset_table == OffsetTable::Remove, !right, "{}", v["name"]);
        }
    }
}

fn any_vector() -> impl Strategy<Value = (Value, Vec<u8>)> {
    let all: Vec<_> = ["vectors", "hidden"].iter().flat_map(|k| vectors(k)).filter(|(_, b)| b.len() < 40_000).collect();
    prop::sample::select(if all.is_empty() { vec![(Value::Null, Vec::new())] } else { all })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Damaged streams give a result or an error, and what is kept lies in the stream, in order.
    #[test]
    fn damaged_streams_end(
        (v, bytes) in any_vector(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..8),
        length in any::<prop::sample::Index>(),
        truncate in any::<bool>(),
    ) {
        let mut bytes = bytes;
        for (at, to) in changes {
            if !bytes.is_empty() {
                // Headers are small: most changes go there.
                let reach = if to % 4 == 0 { bytes.len() } else { bytes.len().min(200) };
                bytes[at.index(reach)] = to;
            }
        }
        if truncate && !bytes.is_empty() {
            bytes.truncate(length.index(bytes.len()));
        }
        if let Some(ts) = v["ts"].as_str() {
            let geometry = Geometry {
                rows: v["rows"].as_u64().unwrap(),
                columns: v["cols"].as_u64().unwrap(),
                samples: v["components"].as_u64().unwrap(),
                allocated: v["bits"].as_u64().unwrap().next_multiple_of(8),
                frames: 1,
                photometric: String::new(),
            };
            let mut s = Stream::new(&bytes, vec![Span { offset: 0, len: bytes.len() as u64 }]);
            if let Ok(clean) = walk(&mut s, Coding::of(ts).unwrap(), &geometry, &full(&geometry)) {
                let mut last = 0;
                for part in &clean.kept.parts {
                    if let super::Part::Keep { start, end } = part {
                        prop_assert!(last <= *start && start < end && *end <= bytes.len() as u64);
                        last = *end;
                    }
                }
            }
        }
    }
}
