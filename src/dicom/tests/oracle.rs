//! Whatever dicom-object opens, this crate reads with the same elements and values.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use dicom_object::InMemDicomObject;
use std::collections::BTreeSet;
use tokumei_dicom::{DataSet, Encoding, Error, ErrorKind, Limits, NodeKind, Quirk, Result, Source, Tag, read, value};

#[test]
fn reads_what_dicom_object_reads() {
    let Some(corpus) = common::corpus() else { return };
    let (mut both, mut values) = (0, 0);
    for (name, path) in common::files(&corpus, &["made", "real", "synth"]) {
        let bytes = std::fs::read(&path).expect("a readable file");
        let ours = read::parse(&bytes, &Limits::default());
        if !may_be_shown(&ours) {
            continue;
        }
        let Ok(theirs) = dicom_object::open_file(&path) else { continue };
        match ours {
            Ok(ds) if comparable(&ds) => {
                values += compare(&name, &ds, &bytes, &theirs);
                both += 1;
            }
            Ok(_) => {}
            Err(e) => assert!(by_design(&e), "{name}: {e}"),
        }
    }
    assert!(both > 450 && values > 20_000, "{both} files, {values} values");
}

/// dicom-object allocates claimed lengths, finds some in data it misreads, and overflows its stack on nesting.
fn may_be_shown(ours: &Result<DataSet>) -> bool {
    let hostile = [ErrorKind::Truncated, ErrorKind::NestingTooDeep, ErrorKind::TooLarge];
    match ours {
        Ok(ds) => ![Quirk::TransferSyntaxLies, Quirk::UnSequence, Quirk::Trailing].iter().any(|&q| ds.quirks().has(q)),
        Err(e) => !hostile.contains(&e.kind),
    }
}

/// What we refuse and dicom-object opens: fragments that contradict themselves, items that stand in no sequence.
fn by_design(error: &Error) -> bool {
    let item = error.path.as_ref().is_some_and(|p| p.tag == Tag::ITEM);
    error.kind == ErrorKind::PixelMismatch || (error.kind == ErrorKind::Damaged && item)
}

/// dicom-object keeps one of equal tags and reads past lengths that lie.
fn comparable(ds: &DataSet) -> bool {
    let odd = [Quirk::MetaInDataSet, Quirk::Duplicate, Quirk::SequenceLength, Quirk::OutOfOrder, Quirk::MixedEncoding];
    !odd.iter().any(|&q| ds.quirks().has(q))
}

fn compare(name: &str, ds: &DataSet, file: &dyn Source, theirs: &InMemDicomObject) -> usize {
    // They drop group lengths, and take elements of group 0002 behind a wrong group length for data.
    let counts = |t: &Tag| !t.is_group_length() && t.0 != 2;
    let tags: BTreeSet<Tag> = ds.children(None).filter_map(|i| ds.node(i)).map(|n| n.tag).filter(counts).collect();
    let their_tags: BTreeSet<Tag> =
        theirs.iter().map(|e| e.header().tag).map(|t| Tag(t.0, t.1)).filter(counts).collect();
    assert!(tags == their_tags, "{name}: {:?}", tags.symmetric_difference(&their_tags).collect::<Vec<_>>());
    let mut count = 0;
    for i in ds.children(None) {
        let node = ds.node(i).unwrap();
        if !counts(&node.tag) {
            continue;
        }
        let their = theirs.element(dicom_core::Tag(node.tag.0, node.tag.1)).unwrap();
        if node.kind != NodeKind::Element {
            assert!(their.value().primitive().is_none(), "{name} {}", node.tag);
            continue;
        }
        let Some(primitive) = their.value().primitive() else { panic!("{name} {}: a sequence to them", node.tag) };
        let mut ours = match ds.value(i) {
            Some(v) => v.to_vec(),
            None => ds.read(file, i, 0..node.len).unwrap(),
        };
        if ds.form().encoding == Encoding::ExplicitBe && value::unit(node.vr) > 1 {
            ours.chunks_exact_mut(value::unit(node.vr)).for_each(<[u8]>::reverse);
        }
        // Their texts are decoded (wrongly, where they are not ASCII) and padded anew.
        if !value::is_text(node.vr) {
            // Their bytes of AT are in host order of their own making; broken numbers are refused or cut.
            if node.vr != *b"AT" && ours.len().is_multiple_of(value::unit(node.vr)) {
                assert!(primitive.to_bytes() == ours, "{name} {}", node.tag);
                count += 1;
            }
        } else if ours.is_ascii() && !ours.contains(&0x1B) {
            let pad = |text: &str| text.split('\\').map(|v| value::trim(v).to_owned()).collect::<Vec<_>>();
            assert_eq!(
                pad(&primitive.to_raw_str()),
                pad(std::str::from_utf8(&ours).unwrap()),
                "{name} {} {}",
                node.tag,
                String::from_utf8_lossy(&node.vr)
            );
            count += 1;
        }
    }
    count
}
