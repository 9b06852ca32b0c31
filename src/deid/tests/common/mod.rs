//! Data sets built for tests, and what came of them.
#![allow(
    dead_code,
    clippy::trivially_copy_pass_by_ref,
    clippy::ptr_arg,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};
use tokumei_deid::policy::{Policy, shipped};
use tokumei_deid::text::Lists;
use tokumei_deid::transform::{Outcome, transform};
use tokumei_deid::{Profile, transform as transforms};
use tokumei_dicom::{DataSet, Limits, Piece, Tag, read, value};

pub const CT: &str = "1.2.840.10008.5.1.4.1.1.2";
pub const KEY: [u8; 32] = [9; 32];

/// One element as it will stand in the file.
#[derive(Clone)]
pub enum Item {
    Bytes(Tag, [u8; 2], Vec<u8>),
    Sequence(Tag, Vec<Vec<Item>>),
}

pub fn text(tag: (u16, u16), vr: &[u8; 2], value: &str) -> Item {
    Item::Bytes(Tag(tag.0, tag.1), *vr, value.as_bytes().to_vec())
}

pub fn bytes(tag: (u16, u16), vr: &[u8; 2], value: &[u8]) -> Item {
    Item::Bytes(Tag(tag.0, tag.1), *vr, value.to_vec())
}

pub fn sequence(tag: (u16, u16), items: Vec<Vec<Item>>) -> Item {
    Item::Sequence(Tag(tag.0, tag.1), items)
}

fn tag_of(item: &Item) -> Tag {
    match item {
        Item::Bytes(tag, ..) | Item::Sequence(tag, _) => *tag,
    }
}

/// Elements in explicit or implicit VR little endian, sorted by tag.
pub fn encode(items: &[Item], explicit: bool) -> Vec<u8> {
    let mut sorted: Vec<&Item> = items.iter().collect();
    sorted.sort_by_key(|i| tag_of(i));
    let mut out = Vec::new();
    for item in sorted {
        let (tag, vr, value) = match item {
            Item::Bytes(tag, vr, value) => {
                let mut value = value.clone();
                if value.len() % 2 == 1 {
                    value.push(value::padding(*vr));
                }
                (*tag, *vr, value)
            }
            Item::Sequence(tag, items) => {
                let mut value = Vec::new();
                for inner in items {
                    let inner = encode(inner, explicit);
                    value.extend([0xFE, 0xFF, 0x00, 0xE0]);
                    value.extend(u32::try_from(inner.len()).unwrap().to_le_bytes());
                    value.extend(inner);
                }
                (*tag, *b"SQ", value)
            }
        };
        out.extend(tag.0.to_le_bytes());
        out.extend(tag.1.to_le_bytes());
        let len = u32::try_from(value.len()).unwrap();
        match (explicit, value::uses_long_header(vr)) {
            (true, true) => {
                out.extend(vr);
                out.extend([0, 0]);
                out.extend(len.to_le_bytes());
            }
            (true, false) => {
                out.extend(vr);
                out.extend(u16::try_from(len).unwrap().to_le_bytes());
            }
            (false, _) => out.extend(len.to_le_bytes()),
        }
        out.extend(value);
    }
    out
}

/// What every instance needs, unless `more` brings it.
pub fn instance(class: &str, more: Vec<Item>) -> Vec<Item> {
    let mut all = vec![
        text((8, 0x16), b"UI", class),
        text((8, 0x18), b"UI", "1.2.3.4.5.1"),
        text((8, 0x60), b"CS", "OT"),
        text((0x10, 0x10), b"PN", "Yamada^Hanako"),
        text((0x10, 0x20), b"LO", "P-778899"),
        text((0x20, 0x0D), b"UI", "1.2.3.4.5.2"),
        text((0x20, 0x0E), b"UI", "1.2.3.4.5.3"),
    ];
    all.retain(|a| !more.iter().any(|m| tag_of(m) == tag_of(a)));
    all.extend(more);
    all
}

/// A Part 10 file.
pub fn file(items: &[Item], explicit: bool) -> Vec<u8> {
    let syntax = if explicit { "1.2.840.10008.1.2.1" } else { "1.2.840.10008.1.2" };
    let meta = encode(&[bytes((2, 1), b"OB", &[0, 1]), text((2, 2), b"UI", CT), text((2, 0x10), b"UI", syntax)], true);
    let mut out = vec![0x41; 128];
    out.extend(b"DICM");
    out.extend(encode(&[bytes((2, 0), b"UL", &u32::try_from(meta.len()).unwrap().to_le_bytes())], true));
    out.extend(meta);
    out.extend(encode(items, explicit));
    out
}

/// The word lists of the product.
pub fn lists() -> Arc<Lists> {
    static LISTS: LazyLock<Arc<Lists>> =
        LazyLock::new(|| Arc::new(Lists::from_bytes(include_bytes!("../../data/text.lists")).unwrap()));
    Arc::clone(&LISTS)
}

pub fn profile(name: &str) -> Profile {
    profile_of(shipped(name).unwrap(), &KEY, "")
}

pub fn profile_of(policy: Policy, key: &[u8; 32], namespace: &str) -> Profile {
    Profile::new(policy, key, namespace, Some(lists())).unwrap()
}

pub fn profile_with(change: impl FnOnce(&mut Policy)) -> Profile {
    let mut policy = shipped("basic").unwrap();
    change(&mut policy);
    profile_of(policy, &KEY, "")
}

/// The new file of a passing outcome.
pub fn written(outcome: &Outcome, source: &[u8]) -> Vec<u8> {
    assert_eq!(outcome.reason.code(), "clean", "{:?}", outcome.tag);
    let mut out = Vec::new();
    for piece in &outcome.pieces {
        match piece {
            Piece::Bytes(own) => out.extend(own),
            Piece::Range { offset, len } => {
                let start = usize::try_from(*offset).unwrap();
                out.extend(&source[start..start + usize::try_from(*len).unwrap()]);
            }
        }
    }
    assert_eq!(outcome.bytes_out, Some(out.len() as u64));
    out
}

pub fn run(profile: &Profile, source: &Vec<u8>) -> Vec<u8> {
    written(&transform(profile, source, ""), source)
}

pub fn outcome(profile: &Profile, source: &Vec<u8>) -> Outcome {
    transforms::transform(profile, source, "")
}

pub fn parsed(bytes: &Vec<u8>) -> DataSet {
    read::parse(bytes, &Limits::default()).unwrap()
}

/// The value at a path of tags; items are the first ones.
pub fn value_at(ds: &DataSet, path: &[(u16, u16)]) -> Option<Vec<u8>> {
    let mut parent = None;
    let (last, above) = path.split_last().unwrap();
    for step in above {
        let sequence = ds.find(parent, Tag(step.0, step.1))?;
        parent = Some(ds.children(Some(sequence)).next()?);
    }
    let index = ds.find(parent, Tag(last.0, last.1))?;
    Some(ds.value(index).map(<[u8]>::to_vec).unwrap_or_default())
}

pub fn text_at(ds: &DataSet, path: &[(u16, u16)]) -> Option<String> {
    let value = value_at(ds, path)?;
    Some(String::from_utf8(value).unwrap().trim_end_matches(['\0', ' ']).to_owned())
}

pub fn holds(haystack: &[u8], needle: &str) -> bool {
    haystack.windows(needle.len()).any(|w| w == needle.as_bytes())
}

/// All files below a folder, sorted.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut out = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { open.push(path) } else { out.push(path) }
        }
    }
    out.sort();
    out
}
