//! Properties over generated data sets and broken files: no edit leaves every byte, edits reach what they name and
//! nothing else, nothing panics, and memory follows the file, not its claims.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
// A `Source` is behind a pointer: `Vec<u8>` is one, `[u8]` has no size.
#![allow(clippy::ptr_arg)]

mod common;

use proptest::prelude::*;
use std::cell::Cell;
use tokumei_dicom::splice::splice;
use tokumei_dicom::{DataSet, Edit, Edits, Encoding, Head, Limits, NodeKind, Piece, Source, SourceUnreadable, Tag};
use tokumei_dicom::{NewElement, NewMeta, NewValue, read, value};

/// An element that is generated: tag, VR, and a value or items.
#[derive(Debug, Clone)]
enum Generated {
    Plain(Tag, [u8; 2], Vec<u8>),
    Sequence(Tag, Vec<Vec<Generated>>, bool),
}

const PLAIN: [(u16, u16, [u8; 2]); 12] = [
    (0x0008, 0x0005, *b"CS"),
    (0x0008, 0x0018, *b"UI"),
    (0x0008, 0x0060, *b"CS"),
    (0x0008, 0x103E, *b"LO"),
    (0x0010, 0x0010, *b"PN"),
    (0x0018, 0x9087, *b"FD"),
    (0x0020, 0x9057, *b"UL"),
    (0x0028, 0x0010, *b"US"),
    (0x0028, 0x1052, *b"DS"),
    (0x0040, 0xA160, *b"UT"),
    (0x0042, 0x0011, *b"OB"),
    (0x0054, 0x0081, *b"US"),
];
const SEQUENCES: [(u16, u16); 3] = [(0x0008, 0x1140), (0x0040, 0xA730), (0x5200, 0x9230)];

fn generated() -> impl Strategy<Value = Vec<Generated>> {
    let plain = (0..PLAIN.len(), prop::collection::vec(any::<u8>(), 0..40)).prop_map(|(k, mut bytes)| {
        let (group, element, vr) = PLAIN[k];
        if value::is_text(vr) {
            for b in &mut bytes {
                *b = b'0' + *b % 10;
            }
        }
        bytes.truncate(bytes.len() / 8 * 8);
        Generated::Plain(Tag(group, element), vr, bytes)
    });
    let tree = plain.prop_recursive(4, 40, 4, |inner| {
        let items = prop::collection::vec(prop::collection::vec(inner, 0..4).prop_map(ordered), 0..3);
        (0..SEQUENCES.len(), items, any::<bool>()).prop_map(|(k, items, undefined)| {
            Generated::Sequence(Tag(SEQUENCES[k].0, SEQUENCES[k].1), items, undefined)
        })
    });
    prop::collection::vec(tree, 1..8).prop_map(ordered)
}

/// Tags ascend, each once.
fn ordered(mut elements: Vec<Generated>) -> Vec<Generated> {
    let tag = |g: &Generated| match g {
        Generated::Plain(t, ..) | Generated::Sequence(t, ..) => *t,
    };
    elements.sort_by_key(tag);
    elements.dedup_by_key(|g| tag(g));
    elements
}

fn u16s(n: u16, e: Encoding) -> [u8; 2] {
    if e == Encoding::ExplicitBe { n.to_be_bytes() } else { n.to_le_bytes() }
}

fn u32s(n: u32, e: Encoding) -> [u8; 4] {
    if e == Encoding::ExplicitBe { n.to_be_bytes() } else { n.to_le_bytes() }
}

fn put_tag(out: &mut Vec<u8>, tag: Tag, e: Encoding) {
    out.extend(u16s(tag.0, e));
    out.extend(u16s(tag.1, e));
}

fn write(elements: &[Generated], e: Encoding, out: &mut Vec<u8>) {
    for element in elements {
        let (tag, vr, bytes, undefined) = match element {
            Generated::Plain(tag, vr, bytes) => (*tag, *vr, bytes.clone(), false),
            Generated::Sequence(tag, items, undefined) => (*tag, *b"SQ", write_items(items, *undefined, e), *undefined),
        };
        let len = if undefined { u32::MAX } else { u32::try_from(bytes.len()).unwrap() };
        put_tag(out, tag, e);
        if e == Encoding::ImplicitLe {
            out.extend(len.to_le_bytes());
        } else {
            out.extend(vr);
            if value::uses_long_header(vr) {
                out.extend([0, 0]);
                out.extend(u32s(len, e));
            } else {
                out.extend(u16s(u16::try_from(len).unwrap(), e));
            }
        }
        out.extend(bytes);
    }
}

fn write_items(items: &[Vec<Generated>], undefined: bool, e: Encoding) -> Vec<u8> {
    let mut out = Vec::new();
    for elements in items {
        let mut content = Vec::new();
        write(elements, e, &mut content);
        put_tag(&mut out, Tag::ITEM, e);
        out.extend(u32s(if undefined { u32::MAX } else { u32::try_from(content.len()).unwrap() }, e));
        out.extend(content);
        if undefined {
            put_tag(&mut out, Tag::ITEM_DELIMITATION, e);
            out.extend([0; 4]);
        }
    }
    if undefined {
        put_tag(&mut out, Tag::SEQUENCE_DELIMITATION, e);
        out.extend([0; 4]);
    }
    out
}

fn file(elements: &[Generated], e: Encoding) -> Vec<u8> {
    let uid: &[u8] = match e {
        Encoding::ImplicitLe => b"1.2.840.10008.1.2\0",
        Encoding::ExplicitLe => b"1.2.840.10008.1.2.1\0",
        Encoding::ExplicitBe => b"1.2.840.10008.1.2.2\0",
    };
    let mut out = vec![0; 128];
    out.extend(b"DICM\x02\0\0\0UL\x04\0");
    out.extend(u32::try_from(8 + uid.len()).unwrap().to_le_bytes());
    out.extend(b"\x02\0\x10\0UI");
    out.extend(u16::try_from(uid.len()).unwrap().to_le_bytes());
    out.extend(uid);
    // The data set begins with an element that makes its encoding certain.
    write(&[Generated::Plain(Tag(8, 1), *b"UL", vec![0; 4])], e, &mut out);
    write(elements, e, &mut out);
    out
}

fn encoding() -> impl Strategy<Value = Encoding> {
    prop_oneof![Just(Encoding::ImplicitLe), Just(Encoding::ExplicitLe), Just(Encoding::ExplicitBe)]
}

fn joined(pieces: &[Piece], file: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Bytes(b) => out.extend(b),
            Piece::Range { offset, len } => {
                let from = usize::try_from(*offset).unwrap();
                out.extend(&file[from..from + usize::try_from(*len).unwrap()]);
            }
        }
    }
    out
}

fn spliced(ds: &DataSet, file: &Vec<u8>, edits: &Edits) -> Vec<u8> {
    joined(&splice(ds, file, edits, &Head::Keep).unwrap(), file)
}

/// Tag, VR and value of all nodes that hold one.
fn contents(ds: &DataSet) -> Vec<(String, [u8; 2], Vec<u8>)> {
    (0u32..)
        .zip(ds.nodes())
        .filter(|(_, n)| n.kind == NodeKind::Element)
        .map(|(i, n)| (ds.path(i).to_string(), n.vr, ds.value(i).unwrap_or_default().to_vec()))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_edit_leaves_every_byte(elements in generated(), e in encoding()) {
        let file = file(&elements, e);
        let ds = read::parse(&file, &Limits::default()).unwrap();
        prop_assert_eq!(ds.form().encoding, e);
        prop_assert!(spliced(&ds, &file, &Edits::new()) == file);
    }

    #[test]
    fn edits_reach_what_they_name(elements in generated(), e in encoding(), pick in any::<prop::sample::Index>(), grow in 0usize..300) {
        let file = file(&elements, e);
        let ds = read::parse(&file, &Limits::default()).unwrap();
        let plain: Vec<u32> = (0u32..).zip(ds.nodes()).filter(|(_, n)| n.kind == NodeKind::Element).map(|(i, _)| i).collect();
        let target = plain[pick.index(plain.len())];
        let vr = ds.nodes()[target as usize].vr;
        let new = vec![b'7'; grow / 8 * 8];

        let mut edits = Edits::new();
        edits.set(target, Edit::Value(new.clone()));
        let out = spliced(&ds, &file, &edits);
        let again = read::parse(&out, &Limits::default()).unwrap();
        let mut expected = contents(&ds);
        let place = plain.iter().position(|&i| i == target).unwrap();
        expected[place].2 = new;
        prop_assert_eq!(&contents(&again), &expected);
        prop_assert_eq!(expected[place].1, vr);

        let mut edits = Edits::new();
        edits.set(target, Edit::Drop);
        let again = read::parse(&spliced(&ds, &file, &edits), &Limits::default()).unwrap();
        expected.remove(place);
        prop_assert_eq!(contents(&again), expected);
    }

    #[test]
    fn insertions_stand_in_order(elements in generated(), e in encoding(), pick in any::<prop::sample::Index>()) {
        let file = file(&elements, e);
        let ds = read::parse(&file, &Limits::default()).unwrap();
        let mut parents: Vec<Option<u32>> = (0u32..).zip(ds.nodes()).filter(|(_, n)| n.kind == NodeKind::Item).map(|(i, _)| Some(i)).collect();
        parents.push(None);
        let parent = parents[pick.index(parents.len())];
        let inner = NewElement { tag: Tag(8, 0x0100), vr: *b"SH", value: NewValue::Bytes(b"113100".to_vec()) };
        let mut edits = Edits::new();
        edits.insert(parent, NewElement { tag: Tag(0x12, 0x64), vr: *b"SQ", value: NewValue::Items(vec![vec![inner]]) });
        edits.insert(parent, NewElement { tag: Tag(0x12, 0x62), vr: *b"CS", value: NewValue::Bytes(b"YES".to_vec()) });
        let again = read::parse(&spliced(&ds, &file, &edits), &Limits::default()).unwrap();
        prop_assert_eq!(again.nodes().len(), ds.nodes().len() + 4);
        let scope = parent.map(|p| {
            let before = ds.nodes()[..p as usize].iter().filter(|n| n.kind == NodeKind::Item).count();
            (0u32..).zip(again.nodes()).filter(|(_, n)| n.kind == NodeKind::Item).nth(before).unwrap().0
        });
        let tags: Vec<Tag> = again.children(scope).map(|i| again.nodes()[i as usize].tag).collect();
        prop_assert!(tags.is_sorted());
        prop_assert_eq!(again.text(again.find(scope, Tag(0x12, 0x62)).unwrap()), Some("YES".into()));
        let sequence = again.find(scope, Tag(0x12, 0x64)).unwrap();
        let code = again.find(again.children(Some(sequence)).next(), Tag(8, 0x0100)).unwrap();
        prop_assert_eq!(again.text(code), Some("113100".into()));
    }

    #[test]
    fn appended_items_stand_after_those_that_are_there(elements in generated(), e in encoding(), pick in any::<prop::sample::Index>()) {
        let file = file(&elements, e);
        let ds = read::parse(&file, &Limits::default()).unwrap();
        let sequences: Vec<u32> = (0u32..).zip(ds.nodes()).filter(|(_, n)| n.kind == NodeKind::Sequence).map(|(i, _)| i).collect();
        prop_assume!(!sequences.is_empty());
        let sequence = sequences[pick.index(sequences.len())];
        let new = NewElement { tag: Tag(8, 0x0100), vr: *b"SH", value: NewValue::Bytes(b"113047".to_vec()) };
        let mut edits = Edits::new();
        edits.append(sequence, vec![vec![new]]);
        let again = read::parse(&spliced(&ds, &file, &edits), &Limits::default()).unwrap();
        prop_assert_eq!(again.nodes().len(), ds.nodes().len() + 2);
        // Nodes before it are those that they were, so its number is the same.
        let items: Vec<u32> = again.children(Some(sequence)).collect();
        prop_assert_eq!(items.len(), ds.children(Some(sequence)).count() + 1);
        let last = again.find(items.last().copied(), Tag(8, 0x0100)).unwrap();
        prop_assert_eq!(again.text(last), Some("113047".into()));
        let added = again.path(last).to_string();
        let rest: Vec<_> = contents(&again).into_iter().filter(|(path, ..)| *path != added).collect();
        prop_assert_eq!(rest, contents(&ds));
    }
}

/// A source that counts what is read.
struct Counted<'f> {
    file: &'f [u8],
    read: Cell<u64>,
}

impl Source for Counted<'_> {
    fn len(&self) -> u64 {
        self.file.len() as u64
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<(), SourceUnreadable> {
        assert!(offset + buf.len() as u64 <= Source::len(self), "a read outside the file");
        self.read.set(self.read.get() + buf.len() as u64);
        self.file.read_at(offset, buf)
    }
}

#[test]
fn broken_files_are_typed_refusals() {
    let Some(corpus) = common::corpus() else { return };
    let seeds: Vec<Vec<u8>> = common::files(&corpus, &["made", "real"])
        .into_iter()
        .filter_map(|(_, path)| std::fs::read(path).ok())
        .filter(|b| (200..20_000).contains(&b.len()))
        .collect();
    assert!(seeds.len() > 200);
    let mut random = 0x1234_5678_9ABC_DEF1_u64;
    let mut next = |below: usize| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        usize::try_from(random % below as u64).unwrap()
    };
    let mut read_count = 0;
    for round in (0..200).map(|r| r % 6) {
        for seed in &seeds {
            let mut file = seed.clone();
            for _ in 0..=round {
                let at = next(file.len());
                match next(4) {
                    0 => file[at] = 0xFF,
                    1 => file[at] ^= 1 << next(8),
                    2 => file.truncate(at + 1),
                    _ => file.copy_within(at.., at / 2),
                }
            }
            let source = Counted { file: &file, read: Cell::new(0) };
            let parsed = read::parse(&source, &Limits::default());
            assert!(source.read.get() <= 12 * file.len() as u64 + (64 << 10), "{} bytes read", source.read.get());
            let Ok(ds) = parsed else { continue };
            read_count += 1;
            assert!(spliced(&ds, &file, &Edits::new()) == file);
            rewrites_to_the_same(&ds, &file);
            for (i, node) in (0u32..).zip(ds.nodes()) {
                assert!(node.header <= node.value && node.value + node.len <= node.end && node.next > i);
                let _ = (ds.text(i), ds.path(i));
            }
        }
    }
    assert!(read_count > 100, "{read_count}");
}

/// Written anew with one more element, a broken file reads as before, and holds that element at its top.
fn rewrites_to_the_same(ds: &DataSet, file: &Vec<u8>) {
    let mark = Tag(0x12, 0x62);
    let mut edits = Edits::new();
    edits.insert(None, NewElement { tag: mark, vr: *b"CS", value: NewValue::Bytes(b"YES".to_vec()) });
    let meta = NewMeta {
        sop_class: "1.2.840.10008.5.1.4.1.1.7".into(),
        sop_instance: "2.25.1".into(),
        transfer_syntax: ds.form().transfer_syntax.clone(),
        implementation_class: "2.25.2".into(),
        implementation_version: "TEST".into(),
    };
    // Behind a new group 0002 its elements inside the data set could not be told apart.
    let stray: Vec<u32> = ds.children(None).filter(|&i| ds.nodes()[i as usize].tag.0 == 2).collect();
    for &i in &stray {
        edits.set(i, Edit::Drop);
    }
    let out = joined(&splice(ds, file, &edits, &Head::Rebuild(meta)).unwrap(), file);
    let again = read::parse(&out, &Limits::default()).unwrap_or_else(|e| panic!("{e} {:?}", ds.quirks()));
    let dropped: u32 = stray.iter().map(|&i| ds.nodes()[i as usize].next - i).sum();
    assert_eq!(again.nodes().len() + dropped as usize, ds.nodes().len() + 1, "{:?} {:?}", ds.quirks(), again.quirks());
    let marks = again.children(None).filter(|&i| again.nodes()[i as usize].tag == mark).count();
    let before = ds.children(None).filter(|&i| ds.nodes()[i as usize].tag == mark).count();
    assert_eq!(marks, before + 1);
}

/// 500 MB of Pixel Data behind a small header, none of it in memory.
struct Big {
    header: Vec<u8>,
    read: Cell<u64>,
}

impl Source for Big {
    fn len(&self) -> u64 {
        self.header.len() as u64 + (500 << 20)
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<(), SourceUnreadable> {
        self.read.set(self.read.get() + buf.len() as u64);
        for (i, b) in (offset..).zip(buf) {
            *b = usize::try_from(i).ok().and_then(|i| self.header.get(i)).copied().unwrap_or(0x55);
        }
        Ok(())
    }
}

#[test]
fn pixel_data_is_never_read() {
    let mut header = file(&[Generated::Plain(Tag(0x28, 0x10), *b"US", vec![0, 2])], Encoding::ExplicitLe);
    put_tag(&mut header, Tag::PIXEL_DATA, Encoding::ExplicitLe);
    header.extend(b"OW\0\0");
    header.extend((500u32 << 20).to_le_bytes());
    let source = Big { header, read: Cell::new(0) };
    let ds = read::parse(&source, &Limits::default()).unwrap();
    assert!(source.read.get() <= 128 << 10, "{}", source.read.get());
    let pieces = splice(&ds, &source, &Edits::new(), &Head::Keep).unwrap();
    assert!(matches!(pieces.last(), Some(Piece::Range { len, .. }) if *len >= 500 << 20));
    let pixels = ds.find(None, Tag::PIXEL_DATA).unwrap();
    assert!(ds.value(pixels).is_none());
    assert_eq!(ds.read(&source, pixels, 5..9).unwrap(), [0x55; 4]);
}

#[test]
fn endless_nesting_and_claimed_lengths_are_refused() {
    let mut nested = file(&[], Encoding::ExplicitLe);
    for _ in 0..20_000 {
        put_tag(&mut nested, Tag(8, 0x1140), Encoding::ExplicitLe);
        nested.extend(b"SQ\0\0\xFF\xFF\xFF\xFF\xFE\xFF\x00\xE0\xFF\xFF\xFF\xFF");
    }
    let error = read::parse(&nested, &Limits::default()).err().unwrap();
    assert_eq!(error.kind.code(), "nesting-too-deep");
    for vr in [*b"UN", *b"OB", *b"UT", *b"SQ"] {
        let mut claimed = file(&[], Encoding::ExplicitLe);
        put_tag(&mut claimed, Tag(9, 0x1010), Encoding::ExplicitLe);
        claimed.extend(vr);
        claimed.extend(b"\0\0\xFE\xFF\xFF\xFFtext");
        let error = read::parse(&claimed, &Limits::default()).err().unwrap();
        assert_eq!((error.kind.code(), error.path.unwrap().to_string()), ("truncated", "0009,1010".to_owned()));
    }
}
