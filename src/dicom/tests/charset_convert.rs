//! A data set becomes `ISO_IR 192` as a whole, or not at all.
#![allow(clippy::unwrap_used)]
// A `Source` is behind a pointer: `Vec<u8>` is one, `[u8]` has no size.
#![allow(clippy::ptr_arg)]

mod common;

use common::{element, sequence};
use tokumei_dicom::charset::{NotConvertible, to_utf8};
use tokumei_dicom::splice::splice;
use tokumei_dicom::value::trim;
use tokumei_dicom::{DataSet, Edit, Edits, Head, Limits, Piece, Tag, read};

const CHARSET: Tag = Tag(0x0008, 0x0005);

fn parsed(bytes: &Vec<u8>) -> DataSet {
    read::parse(bytes, &Limits::default()).unwrap()
}

/// The file with edits, read again.
fn spliced(file: &Vec<u8>, edits: &Edits) -> Vec<u8> {
    let pieces = splice(&parsed(file), file, edits, &Head::Keep).unwrap();
    let bytes = |piece: &Piece| match piece {
        Piece::Bytes(bytes) => bytes.clone(),
        Piece::Range { offset, len } => {
            file.get(usize::try_from(*offset).unwrap()..usize::try_from(offset + len).unwrap()).unwrap().to_vec()
        }
    };
    pieces.iter().flat_map(bytes).collect()
}

/// Each text with its VR, each declaration with its place.
fn told(ds: &DataSet) -> Vec<(String, String)> {
    let nodes = (0u32..).zip(ds.nodes());
    let texts = nodes.filter(|(_, n)| tokumei_dicom::value::is_text(n.vr));
    texts.map(|(i, _)| (ds.path(i).to_string(), trim(&ds.text(i).unwrap()).to_owned())).collect()
}

/// Windows-31J under `ISO_IR 13`, an item in UTF-8, one that inherits, and one in ISO 2022.
fn mixed() -> Vec<u8> {
    let items = [
        [element(0x0008, 0x0005, *b"CS", b"ISO_IR 192"), element(0x0008, 0x103E, *b"LO", "胸部".as_bytes())].concat(),
        element(0x0008, 0x103E, *b"LO", b"\x95\xA0\x95\x94"),
        [
            element(0x0008, 0x0005, *b"CS", b"\\ISO 2022 IR 87"),
            element(0x0008, 0x103E, *b"LO", b"\x1B$BF,It\x1B(B\\b"),
            element(0x0008, 0x2112, *b"SQ", b""),
        ]
        .concat(),
    ];
    [
        element(0x0008, 0x0005, *b"CS", b"ISO_IR 13"),
        element(0x0008, 0x0060, *b"CS", b"CT"),
        element(0x0008, 0x1030, *b"LO", b"\x8B\xB9\x95\x94"),
        sequence(0x0008, 0x1110, &items),
        element(0x0010, 0x0010, *b"PN", b"\xD4\xCF\xC0\xDE=\x8E\x52\x93\x63^\x91\xBE\x98\x59"),
        element(0x0010, 0x4000, *b"LT", b"\\100~"),
        element(0x0020, 0x000D, *b"UI", b"1.2.3"),
    ]
    .concat()
}

#[test]
fn every_text_of_every_item_is_converted() {
    let file = mixed();
    let mut edits = Edits::new();
    to_utf8(&parsed(&file), &mut edits).unwrap();
    let expected = [
        ("0008,0005", "ISO_IR 192"),
        ("0008,0060", "CT"),
        ("0008,1030", "胸部"),
        ("0008,1110[0]/0008,103E", "胸部"),
        ("0008,1110[1]/0008,103E", "腹部"),
        ("0008,1110[2]/0008,103E", "頭部\\b"),
        ("0010,0010", "ﾔﾏﾀﾞ=山田^太郎"),
        ("0010,4000", "¥100‾"),
        ("0020,000D", "1.2.3"),
    ];
    let expected: Vec<_> = expected.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
    assert_eq!(told(&parsed(&spliced(&file, &edits))), expected);
}

#[test]
fn a_declaration_is_added_where_none_is() {
    let file = [element(0x0008, 0x0060, *b"CS", b"CT"), element(0x0008, 0x1030, *b"LO", b"\x8B\xB9\x95\x94")].concat();
    let mut edits = Edits::new();
    to_utf8(&parsed(&file), &mut edits).unwrap();
    let out = parsed(&spliced(&file, &edits));
    assert_eq!(out.text(out.find(None, CHARSET).unwrap()).unwrap(), "ISO_IR 192");
    assert_eq!(out.text(out.find(None, Tag(0x0008, 0x1030)).unwrap()).unwrap(), "胸部");
    // That of an item is none of the whole.
    let item = [element(0x0008, 0x0005, *b"CS", b"ISO_IR 192"), element(0x0008, 0x103E, *b"LO", b"CT")].concat();
    let file = sequence(0x0008, 0x1110, &[item]);
    let mut edits = Edits::new();
    to_utf8(&parsed(&file), &mut edits).unwrap();
    let expected = [("0008,0005", "ISO_IR 192"), ("0008,1110[0]/0008,103E", "CT")];
    assert_eq!(told(&parsed(&spliced(&file, &edits))), expected.map(|(a, b)| (a.to_owned(), b.to_owned())));
}

#[test]
fn what_stays_and_cannot_be_read_forbids_it() {
    let file = [
        element(0x0008, 0x0005, *b"CS", b"\\ISO 2022 IR 87"),
        element(0x0008, 0x1030, *b"LO", b"\x1B$B6;\x49"),
        element(0x0008, 0x103E, *b"LO", b"\x1B$B6;It\x1B(B"),
    ]
    .concat();
    let ds = parsed(&file);
    let mut edits = Edits::new();
    assert_eq!(to_utf8(&ds, &mut edits), Err(NotConvertible { node: 1 }));
    // What goes, and what is written anew, need not be read.
    for edit in [Edit::Drop, Edit::Value("頭部".as_bytes().to_vec())] {
        let mut edits = Edits::new();
        edits.set(1, edit.clone());
        to_utf8(&ds, &mut edits).unwrap();
        assert_eq!(edits.get(1), Some(&edit));
        let out = parsed(&spliced(&file, &edits));
        assert_eq!(out.text(out.find(None, Tag(0x0008, 0x103E)).unwrap()).unwrap(), "胸部");
    }
}

#[test]
fn items_that_go_are_left_alone() {
    let file = mixed();
    let ds = parsed(&file);
    let references = ds.find(None, Tag(0x0008, 0x1110)).unwrap();
    let mut edits = Edits::new();
    edits.set(references, Edit::Items(Vec::new()));
    to_utf8(&ds, &mut edits).unwrap();
    let inside = ds.children(Some(references)).flat_map(|item| ds.children(Some(item)).collect::<Vec<_>>());
    assert!(inside.into_iter().all(|i| edits.get(i).is_none()));
    assert_eq!(told(&parsed(&spliced(&file, &edits))).len(), 6);
}

#[test]
fn ascii_under_another_declaration_keeps_its_bytes() {
    let file = [element(0x0008, 0x0005, *b"CS", b"ISO_IR 100"), element(0x0008, 0x1030, *b"LO", b"plain ")].concat();
    let mut edits = Edits::new();
    to_utf8(&parsed(&file), &mut edits).unwrap();
    assert_eq!((edits.get(0).is_some(), edits.get(1).is_some()), (true, false));
}
