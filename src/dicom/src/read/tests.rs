//! Files as they come: forms, lies and oddities, one by one.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(clippy::cast_possible_truncation)]

use super::*;
use crate::splice::{Edits, Head, splice};
use crate::{Node, Piece};

const CT: &[u8] = b"1.2.840.10008.5.1.4.1.1.2\0";

/// An element in Explicit VR Little Endian.
fn el(group: u16, element: u16, vr: [u8; 2], value: &[u8]) -> Vec<u8> {
    let mut out = head(group, element, vr);
    if crate::value::uses_long_header(vr) {
        out.extend([0, 0]);
        out.extend(u32::try_from(value.len()).unwrap().to_le_bytes());
    } else {
        out.extend(u16::try_from(value.len()).unwrap().to_le_bytes());
    }
    out.extend(value);
    out
}

fn head(group: u16, element: u16, vr: [u8; 2]) -> Vec<u8> {
    let mut out = [group.to_le_bytes(), element.to_le_bytes()].concat();
    out.extend(vr);
    out
}

/// An element in Implicit VR Little Endian.
fn im(group: u16, element: u16, value: &[u8]) -> Vec<u8> {
    let mut out = [group.to_le_bytes(), element.to_le_bytes()].concat();
    out.extend(u32::try_from(value.len()).unwrap().to_le_bytes());
    out.extend(value);
    out
}

fn item(len: u32, content: &[u8]) -> Vec<u8> {
    [&[0xFE, 0xFF, 0x00, 0xE0][..], &len.to_le_bytes(), content].concat()
}

const ITEM_END: [u8; 8] = [0xFE, 0xFF, 0x0D, 0xE0, 0, 0, 0, 0];
const SEQUENCE_END: [u8; 8] = [0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0];
const U: u32 = u32::MAX;

/// A Part 10 file of a transfer syntax and the parts of a data set.
fn file(syntax: &str, parts: &[&[u8]]) -> Vec<u8> {
    let mut uid = syntax.as_bytes().to_vec();
    uid.resize(uid.len().next_multiple_of(2), 0);
    let group = [el(2, 2, *b"UI", CT), el(2, 0x10, *b"UI", &uid)].concat();
    let mut out = vec![0; 128];
    out.extend(b"DICM");
    out.extend(el(2, 0, *b"UL", &u32::try_from(group.len()).unwrap().to_le_bytes()));
    out.extend(group);
    out.extend(parts.concat());
    out
}

fn explicit(parts: &[&[u8]]) -> Vec<u8> {
    let lead = [el(8, 0x16, *b"UI", CT), el(8, 0x60, *b"CS", b"CT")].concat();
    file(transfer_syntax::EXPLICIT_LE, &[&[lead.as_slice()], parts].concat())
}

fn read(file: &[u8]) -> DataSet {
    parse(&file.to_vec(), &Limits::default()).unwrap_or_else(|e| panic!("{e}"))
}

fn code(file: &[u8]) -> &'static str {
    parse(&file.to_vec(), &Limits::default()).err().map_or("read", |e| e.kind.code())
}

fn last(ds: &DataSet) -> &Node {
    ds.nodes().last().unwrap()
}

fn text(ds: &DataSet, group: u16, element: u16) -> String {
    let found = (0u32..).zip(ds.nodes()).find(|(_, n)| n.tag == Tag(group, element)).expect("the element");
    ds.text(found.0).expect("text")
}

#[test]
fn forms_of_file() {
    let body = [el(8, 0x16, *b"UI", CT), el(8, 0x60, *b"CS", b"CT"), el(0x10, 0x10, *b"PN", b"A^B ")].concat();
    let whole = file(transfer_syntax::EXPLICIT_LE, &[&body]);
    let ds = read(&whole);
    assert!(ds.form().preamble && ds.form().has_meta);
    assert_eq!(ds.form().media_sop_class.as_deref(), Some("1.2.840.10008.5.1.4.1.1.2"));
    for (bytes, meta) in [(&whole[128..], true), (&whole[132..], true), (&body[..], false)] {
        let ds = read(bytes);
        assert_eq!((ds.form().preamble, ds.form().has_meta), (false, meta));
        assert_eq!(text(&ds, 0x10, 0x10), "A^B");
        assert_eq!(ds.form().transfer_syntax, transfer_syntax::EXPLICIT_LE);
    }
    let bare = [im(8, 0x16, CT), im(8, 0x60, b"MR"), im(0x10, 0x10, b"A^B ")].concat();
    let ds = read(&bare);
    assert_eq!((ds.form().encoding, text(&ds, 8, 0x60)), (Encoding::ImplicitLe, "MR".to_owned()));
    assert_eq!(code(b""), "empty-file");
    assert_eq!(code(b"just a text, longer than a header of DICOM would be"), "not-dicom");
    assert_eq!(code(&[0xFF, 0xD8, 0xFF, 0xE0, 0, 16, b'J', b'F', b'I', b'F', 0, 1, 1, 0, 0, 1]), "not-dicom");
    assert_eq!(code(&file("1.2.3.4", &[&body])), "transfer-syntax-unsupported");
}

#[test]
fn meta_that_lies() {
    let implicit = [im(8, 0x16, CT), im(8, 0x60, b"MR")].concat();
    let ds = read(&file(transfer_syntax::EXPLICIT_LE, &[&implicit]));
    assert!(ds.quirks().has(Quirk::TransferSyntaxLies));
    assert_eq!(ds.form().transfer_syntax, transfer_syntax::IMPLICIT_LE);
    let ds = read(&file(transfer_syntax::IMPLICIT_LE, &[&el(8, 0x16, *b"UI", CT), &el(8, 0x60, *b"CS", b"CT")]));
    assert_eq!(ds.form().transfer_syntax, transfer_syntax::EXPLICIT_LE);
    let mut wrong_length = explicit(&[]);
    wrong_length[140] = 7;
    assert!(read(&wrong_length).quirks().has(Quirk::MetaGroupLength));
}

#[test]
fn headers_that_are_wrong() {
    let rest = el(0x20, 0x10, *b"SH", b"7 ");
    for vr in [*b"ZZ", *b"pn", *b"  ", *b"\0\0"] {
        let odd = [head(0x10, 0x10, vr), vec![4, 0], b"A^B ".to_vec()].concat();
        let ds = read(&explicit(&[&odd, &rest]));
        assert_eq!((text(&ds, 0x10, 0x10), text(&ds, 0x20, 0x10)), ("A^B".to_owned(), "7".to_owned()));
        let long = [head(0x10, 0x10, vr), vec![0, 0, 4, 0, 0, 0], b"A^B ".to_vec()].concat();
        let ds = read(&explicit(&[&long, &rest]));
        assert_eq!(text(&ds, 0x10, 0x10), "A^B");
        assert!(ds.quirks().has(Quirk::UnknownVr));
    }
    let implicit = im(0x10, 0x10, b"A^B ");
    assert_eq!(text(&read(&explicit(&[&implicit, &rest])), 0x10, 0x10), "A^B");
    for len in [1, 3] {
        let ds = read(&explicit(&[&el(0x28, 0x10, *b"US", &vec![1; len]), &el(0x28, 0x11, *b"US", &[1, 0])]));
        assert_eq!(last(&ds).tag, Tag(0x28, 0x11));
        assert!(ds.quirks().has(Quirk::OddLength));
    }
    let padded = [el(0x10, 0x10, *b"PN", b"A^B"), b" ".to_vec()].concat();
    let ds = read(&explicit(&[&padded, &rest]));
    assert!(ds.quirks().has(Quirk::UncountedPadding) && text(&ds, 0x20, 0x10) == "7");
}

#[test]
fn sequences_that_are_wrong() {
    let name = el(0x10, 0x10, *b"PN", b"A^B ");
    let inner = el(8, 0x1150, *b"UI", CT);
    let n = u32::try_from(inner.len()).unwrap();
    let sq = |len: u32, parts: &[&[u8]]| {
        [head(8, 0x1140, *b"SQ"), vec![0, 0], len.to_le_bytes().to_vec(), parts.concat()].concat()
    };
    let cases: [(Vec<u8>, Quirk); 7] = [
        (sq(U, &[&item(U, &inner), &SEQUENCE_END]), Quirk::MissingDelimiter),
        (sq(U, &[&item(n, &inner)]), Quirk::MissingDelimiter),
        (sq(n + 8, &[&item(n, &inner), &SEQUENCE_END]), Quirk::StrayDelimiter),
        (sq(n + 8, &[&item(n, &inner), &item(n, &inner)]), Quirk::SequenceLength),
        (sq(n + 12, &[&item(n, &inner)]), Quirk::SequenceLength),
        (sq(n + 8, &[&item(n - 2, &inner)]), Quirk::SequenceLength),
        (sq(4, b"text".chunks(4).collect::<Vec<_>>().as_slice()), Quirk::NotASequence),
    ];
    for (sequence, quirk) in cases {
        let bytes = explicit(&[&sequence, &name]);
        let ds = read(&bytes);
        assert!(ds.quirks().has(quirk), "{quirk:?} {:?}", ds.quirks());
        let found = ds.find(None, Tag(0x10, 0x10)).unwrap_or_else(|| panic!("{quirk:?}"));
        assert_eq!(ds.text(found).as_deref(), Some("A^B"));
    }
    let ds = read(&explicit(&[&name, &sq(U, &[&item(U, &inner)])]));
    assert!(ds.quirks().has(Quirk::OpenAtEnd) && last(&ds).depth == 1);
    assert_eq!(code(&explicit(&[&sq(n + 80, &[&item(n, &inner)])])), "truncated");
}

#[test]
fn un_of_undefined_length_is_implicit() {
    let un = |content: &[u8]| {
        [
            head(9, 0x1001, *b"UN"),
            vec![0, 0, 255, 255, 255, 255],
            item(U, content),
            ITEM_END.into(),
            SEQUENCE_END.into(),
        ]
        .concat()
    };
    let name = el(0x10, 0x10, *b"PN", b"A^B ");
    for content in [im(8, 0x1150, CT), el(8, 0x1150, *b"UI", CT)] {
        let ds = read(&explicit(&[&un(&content), &name]));
        assert!(ds.quirks().has(Quirk::UnSequence));
        assert_eq!(text(&ds, 8, 0x1150), "1.2.840.10008.5.1.4.1.1.2");
        let sequence = ds.find(None, Tag(9, 0x1001)).unwrap();
        let node = ds.node(sequence).unwrap();
        assert_eq!((node.kind, node.vr, node.vr_written), (NodeKind::Sequence, *b"SQ", *b"UN"));
        assert_eq!(text(&ds, 0x10, 0x10), "A^B");
    }
}

#[test]
fn what_follows_pixel_data() {
    let pixels = [el(0x28, 0x10, *b"US", &[2, 0]), el(0x7FE0, 0x10, *b"OW", &[7; 8])].concat();
    let private = el(0x7FE1, 0x10, *b"LO", b"MINE");
    let ds = read(&explicit(&[&pixels, &private]));
    assert!(ds.quirks().has(Quirk::AfterPixelData) && last(&ds).tag == Tag(0x7FE1, 0x10));
    for tail in [&[0; 512][..], &[0; 5], b"PATIENT NAME: YAMADA TARO", b"abc"] {
        let ds = read(&explicit(&[&pixels, tail]));
        assert_eq!((ds.form().trailing, last(&ds).tag), (tail.len() as u64, Tag::PIXEL_DATA));
    }
    assert_eq!(code(&explicit(&[&pixels, &private[..10]])), "truncated");
    let whole = explicit(&[&pixels]);
    assert_eq!(code(&whole[..whole.len() - 1]), "truncated");
    let report = el(0x40, 0xA730, *b"SQ", b"");
    assert_eq!(read(&explicit(&[&report, b"some text after it"])).form().trailing, 18);
}

#[test]
fn fragments() {
    let encapsulated = |parts: &[&[u8]], syntax: &str| {
        let start = [head(0x7FE0, 0x10, *b"OB"), vec![0, 0, 255, 255, 255, 255]].concat();
        let lead = [el(8, 0x16, *b"UI", CT), el(8, 0x60, *b"CS", b"CT")].concat();
        file(syntax, &[&[lead.as_slice(), &start], parts].concat())
    };
    let jpeg = "1.2.840.10008.1.2.4.50";
    let parts: [&[u8]; 3] = [&item(0, b""), &item(4, b"abcd"), &item(2, b"ef")];
    let ds = read(&encapsulated(&[&parts.concat(), &SEQUENCE_END, &el(0x7FE1, 0x10, *b"LO", b"MINE")], jpeg));
    let index = ds.find(None, Tag::PIXEL_DATA).unwrap();
    assert_eq!(ds.fragments(index).iter().map(|f| f.len).collect::<Vec<_>>(), [0, 4, 2]);
    assert!(!ds.quirks().pixel_form() && last(&ds).tag == Tag(0x7FE1, 0x10));
    assert!(read(&encapsulated(&parts, jpeg)).quirks().has(Quirk::FragmentsOpen));
    let wrong = read(&encapsulated(&[&parts.concat(), &SEQUENCE_END], transfer_syntax::EXPLICIT_LE));
    assert!(wrong.quirks().has(Quirk::EncapsulatedInNative));
    let odd = [&item(3, b"abc")[..], b"\0", &item(2, b"ef"), &SEQUENCE_END].concat();
    let ds = read(&encapsulated(&[&odd], jpeg));
    assert!(ds.quirks().has(Quirk::OddFragment) && ds.quirks().has(Quirk::UncountedPadding));
    assert_eq!(code(&encapsulated(&[&item(40, b"abcd")], jpeg)), "truncated");
    assert_eq!(code(&encapsulated(&[&item(U, b"abcd")], jpeg)), "pixel-mismatch");
}

#[test]
fn private_items_in_a_value() {
    let content = [im(9, 0x10, b"MAKER "), im(9, 0x1001, b"secret")].concat();
    let value = item(u32::try_from(content.len()).unwrap(), &content);
    let ds = items_in_value(&value, &Limits::default()).unwrap();
    assert_eq!(ds.nodes().len(), 4);
    let pieces = splice(&ds, &value, &Edits::new(), &Head::Keep).unwrap();
    assert!(pieces == [Piece::Bytes(value.clone())]);
    let inner = ds.children(Some(0)).next();
    let mut edits = Edits::new();
    edits.set(ds.find(inner, Tag(9, 0x1001)).unwrap(), crate::Edit::Drop);
    let kept = item(14, &im(9, 0x10, b"MAKER "));
    assert!(splice(&ds, &value, &edits, &Head::Keep).unwrap() == [Piece::Bytes(kept)]);
    assert!(items_in_value(b"no items at all", &Limits::default()).is_err());
    assert!(items_in_value(&[&value[..], b"junk and more"].concat(), &Limits::default()).is_err());
}

#[test]
fn character_sets_are_scoped_by_item() {
    let latin = [el(8, 5, *b"CS", b"ISO_IR 100"), el(0x10, 0x10, *b"PN", b"caf\xE9")].concat();
    let sequence = [
        head(8, 0x1140, *b"SQ"),
        vec![0, 0, 255, 255, 255, 255],
        item(U, &latin),
        ITEM_END.into(),
        item(U, &el(0x10, 0x10, *b"PN", b"\xC3\xA9")),
        ITEM_END.into(),
        SEQUENCE_END.into(),
    ]
    .concat();
    let ds = read(&file(
        transfer_syntax::EXPLICIT_LE,
        &[&el(8, 5, *b"CS", b"ISO_IR 192"), &sequence, &el(0x10, 0x10, *b"PN", b"\xC3\xA9")],
    ));
    let texts: Vec<String> =
        (0u32..).zip(ds.nodes()).filter(|(_, n)| n.tag == Tag(0x10, 0x10)).filter_map(|(i, _)| ds.text(i)).collect();
    assert_eq!(texts, ["café", "é", "é"]);
}

/// The result does not depend on how the file is cut into reads.
#[test]
fn reading_is_independent_of_chunks() {
    let inner = el(8, 0x1150, *b"UI", CT);
    let sequence = [
        head(8, 0x1140, *b"SQ"),
        vec![0, 0, 255, 255, 255, 255],
        item(U, &inner),
        ITEM_END.into(),
        SEQUENCE_END.into(),
    ]
    .concat();
    let lut = el(0x28, 0x3006, *b"OW", &vec![9; 70_000]);
    let long = el(0x40, 0xA160, *b"UT", &vec![b'x'; 90_000]);
    let odd = [head(0x40, 0x1, *b"ZZ"), vec![4, 0], b"ABCD".to_vec()].concat();
    let bytes = explicit(&[&sequence, &lut, &odd, &long, &el(0x7FE0, 0x10, *b"OW", &[7; 80]), b"trailing bytes"]);
    let expected = parse(&bytes, &Limits::default()).unwrap();
    for chunk in [1, 2, 3, 7, 100, 4096, 1 << 20] {
        let ds = parse_by(&bytes, &Limits::default(), chunk).unwrap();
        assert_eq!((ds.nodes(), ds.form()), (expected.nodes(), expected.form()));
        assert!(ds.quirks() == expected.quirks());
        for i in 0..u32::try_from(ds.nodes().len()).unwrap() {
            assert!(ds.value(i) == expected.value(i), "chunk {chunk}, node {i}");
        }
    }
}

/// What is open or lies is mended when the file is written anew: nothing new may fall into it.
#[test]
fn rewriting_closes_what_is_open() {
    let inner = el(8, 0x1150, *b"UI", CT);
    let n = u32::try_from(inner.len()).unwrap();
    let sq = |len: u32, parts: &[&[u8]]| {
        [head(8, 0x1140, *b"SQ"), vec![0, 0], len.to_le_bytes().to_vec(), parts.concat()].concat()
    };
    let name = el(0x10, 0x10, *b"PN", b"A^B ");
    let cases = [
        explicit(&[&sq(U, &[&item(U, &inner)])]),
        explicit(&[&sq(U, &[&item(U, &inner), &SEQUENCE_END]), &name]),
        explicit(&[&sq(n + 12, &[&item(n, &inner)]), &name]),
        explicit(&[&sq(n + 8, &[&item(n, &inner), &item(n, &inner)]), &name]),
        explicit(&[&name, &SEQUENCE_END, &el(0x10, 0x20, *b"LO", b"1 ")]),
    ];
    for bytes in cases {
        let ds = read(&bytes);
        let mut edits = Edits::new();
        let value = crate::NewValue::Bytes(b"YES".to_vec());
        edits.insert(None, crate::NewElement { tag: Tag(0x12, 0x62), vr: *b"CS", value });
        let pieces = splice(&ds, &bytes, &edits, &Head::Keep).unwrap();
        let out: Vec<u8> = pieces
            .iter()
            .flat_map(|p| match p {
                Piece::Bytes(b) => b.clone(),
                Piece::Range { offset, len } => bytes[*offset as usize..(*offset + *len) as usize].to_vec(),
            })
            .collect();
        let again = read(&out);
        assert_eq!(again.quirks(), &Quirks::default());
        assert!(again.find(None, Tag(0x12, 0x62)).is_some());
        assert_eq!(again.nodes().len(), ds.nodes().len() + 1);
    }
}

#[test]
fn zeros_where_an_image_is_due_are_damage() {
    let rows = el(0x28, 0x10, *b"US", &[2, 0]);
    assert_eq!(code(&explicit(&[&rows, &[0; 4096]])), "damaged");
}
