//! The plan: what is held, refused, excluded or skipped before anything is done.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::{CT, Item, file, instance, profile, profile_with, text};
use tokumei_deid::policy::{ClassRule, NamespaceEntry};
use tokumei_deid::scan::{ScanRow, scan};
use tokumei_deid::{Profile, plan};

fn row(profile: &Profile, more: Vec<Item>) -> ScanRow {
    scan(profile, &file(&instance(CT, more), true), "folder/a")
}

fn uid(instance: &str) -> Item {
    text((8, 0x18), b"UI", instance)
}

fn codes(profile: &Profile, rows: &[ScanRow], optout: Option<&[String]>) -> Vec<&'static str> {
    plan::plan(profile, rows, optout).iter().map(|d| d.reason.code()).collect()
}

#[test]
fn classes_have_their_verdicts() {
    let class = |policy: &str, uid: &str, image_type: &str| {
        let p = profile(policy);
        let source = file(&instance(uid, vec![text((8, 8), b"CS", image_type)]), true);
        plan::plan(&p, &[scan(&p, &source, "a")], None)[0].reason.code()
    };
    let root = "1.2.840.10008.5.1.4.1.1.";
    for (uid, image_type, headers, research) in [
        ("2", "", "clean", "text-not-checked"),
        ("7", "", "clean", "text-not-checked"),
        ("481.3", "", "clean", "face-not-checked"),
        ("66.1", "", "clean", "clean"),
        ("9.1.1", "", "clean", "clean"),
        ("9.4.1", "", "sop-class-refused", "sop-class-refused"),
        ("88.33", "", "clean", "clean"),
        ("88.67", "", "clean", "clean"),
        ("88.59", "", "clean", "clean"),
        ("11.1", "", "clean", "clean"),
        ("104.1", "", "document-embedded", "document-embedded"),
        ("66", "", "sop-class-refused", "sop-class-refused"),
        ("77.1.1.1", "", "video-unsupported", "video-unsupported"),
        ("77.1.6", "ORIGINAL\\PRIMARY\\VOLUME\\NONE", "clean", "text-not-checked"),
        ("77.1.6", "ORIGINAL\\PRIMARY\\LABEL\\NONE", "slide-label", "slide-label"),
        ("77.1.6", "ORIGINAL\\PRIMARY\\label\\NONE", "slide-label", "slide-label"),
        ("77.1.6", "ORIGINAL\\PRIMARY\\OVERVIEW\\NONE", "text-not-checked", "text-not-checked"),
        ("77.1.3", "DERIVED\\SECONDARY\\LABEL", "slide-label", "slide-label"),
        ("77.1.2", "DERIVED\\SECONDARY\\OVERVIEW", "text-not-checked", "text-not-checked"),
        ("2", "DERIVED\\PRIMARY\\LABEL", "clean", "text-not-checked"),
        ("501.1", "", "sop-class-refused", "sop-class-refused"),
        ("9999", "", "sop-class-unknown", "sop-class-unknown"),
    ] {
        let uid = format!("{root}{uid}");
        assert_eq!(class("headers-only", &uid, image_type), headers, "{uid} {image_type}");
        assert_eq!(class("research", &uid, image_type), research, "{uid} {image_type}");
    }
    assert_eq!(class("headers-only", "1.2.840.113619.4.2", ""), "sop-class-refused");
    for (uid, reason) in
        [("88.33", "report-free-text"), ("88.59", "content-not-cleaned"), ("11.1", "content-not-cleaned")]
    {
        assert_eq!(class("basic", &format!("{root}{uid}"), ""), reason, "no option cleans: {uid}");
    }
}

/// A thumbnail or volume that says that it shows the label is as an overview.
#[test]
fn what_shows_the_label_of_its_slide_waits() {
    let says = |value: &str| {
        let class = "1.2.840.10008.5.1.4.1.1.77.1.6";
        let more =
            vec![text((8, 8), b"CS", "DERIVED\\PRIMARY\\THUMBNAIL\\RESAMPLED"), text((0x48, 0x10), b"CS", value)];
        let p = profile("headers-only");
        let row = scan(&p, &file(&instance(class, more), true), "a");
        let decision = plan::plan(&p, &[row], None)[0].clone();
        (decision.reason.code(), decision.tag.clone())
    };
    assert_eq!(says("YES"), ("text-not-checked", Some("0048,0010".to_owned())));
    assert_eq!(says("NO"), ("clean", None));
}

#[test]
fn policies_can_refuse_or_release_classes() {
    let of = |name: &str, rule| {
        let p = profile_with(|p| {
            p.pixels = tokumei_deid::policy::shipped("headers-only").unwrap().pixels;
            p.classes.insert(name.to_owned(), rule);
        });
        let codes: Vec<&str> = [CT, "1.2.840.10008.5.1.4.1.1.11.1"]
            .map(|class| plan::plan(&p, &[scan(&p, &file(&instance(class, vec![]), true), "a")], None)[0].reason.code())
            .to_vec();
        codes
    };
    assert_eq!(of("CT", ClassRule::Refused), ["sop-class-refused", "content-not-cleaned"]);
    assert_eq!(of(CT, ClassRule::Review), ["content-not-cleaned", "content-not-cleaned"]);
    assert_eq!(of("presentation state", ClassRule::Pass), ["clean", "clean"]);
}

#[test]
fn opted_out_patients_are_excluded_by_canonical_id() {
    let p = profile("headers-only");
    let id = |id: &str, n: &str| row(&p, vec![text((0x10, 0x20), b"LO", id), uid(n), text((0x20, 0x0D), b"UI", n)]);
    let rows = [id("ab-1", "1.2.1"), id("AB-1 ", "1.2.2"), id("AB1", "1.2.3"), id("", "1.2.4")];
    let list = ["ＡＢ－１".to_owned(), String::new()];
    assert_eq!(codes(&p, &rows, Some(&list)), ["opted-out", "opted-out", "clean", "clean"]);
}

#[test]
fn equal_uids_are_duplicates_or_conflicts() {
    let p = profile("headers-only");
    let mut rows = vec![row(&p, vec![uid("1.2.1")]), row(&p, vec![uid("1.2.2")]), row(&p, vec![uid("1.2.1")])];
    assert_eq!(plan::needs_digest(&rows), [0, 2]);
    assert_eq!(codes(&p, &rows, None), ["uid-conflict", "clean", "uid-conflict"]);
    rows[0].digest = Some("aa".to_owned());
    rows[2].digest = Some("aa".to_owned());
    assert_eq!(codes(&p, &rows, None), ["clean", "clean", "duplicate"]);
    rows[2].digest = Some("bb".to_owned());
    assert_eq!(codes(&p, &rows, None), ["uid-conflict", "clean", "uid-conflict"]);
}

#[test]
fn patients_of_one_study_and_persons_of_one_id() {
    let p = profile("headers-only");
    let of = |n: &str, study: &str, id: &str, birth: &str| {
        row(
            &p,
            vec![
                uid(n),
                text((0x20, 0x0D), b"UI", study),
                text((0x10, 0x20), b"LO", id),
                text((0x10, 0x30), b"DA", birth),
            ],
        )
    };
    let mixed = [of("1.1", "1.2", "A", ""), of("1.3", "1.2", "B", ""), of("1.4", "1.9", "A", "")];
    assert_eq!(codes(&p, &mixed, None), ["patients-mixed", "patients-mixed", "clean"]);
    let missing = [of("1.1", "1.2", "A", ""), of("1.3", "1.2", "TEST", ""), of("1.4", "1.9", "", "")];
    assert_eq!(codes(&p, &missing, None), ["clean", "patient-id-missing", "clean"]);
    let born = [of("1.1", "1.2", "A", "19520407"), of("1.3", "1.5", "A", "1952.04.07"), of("1.4", "1.6", "A", "")];
    assert_eq!(codes(&p, &born, None), ["clean", "clean", "clean"]);
    let other = [of("1.1", "1.2", "A", "19520407"), of("1.3", "1.5", "A", "19520408"), of("1.4", "1.6", "B", "")];
    assert_eq!(codes(&p, &other, None), ["identity-mismatch", "identity-mismatch", "clean"]);
}

#[test]
fn parts_of_a_concatenation_leave_together() {
    let p = profile("headers-only");
    let part = |n: &str, class: &str| {
        let more = vec![uid(n), text((0x20, 0x9161), b"UI", "1.7")];
        scan(&p, &file(&instance(class, more), true), "a")
    };
    let rows = [part("1.1", CT), part("1.2", "1.2.840.10008.5.1.4.1.1.66"), part("1.3", CT)];
    assert_eq!(codes(&p, &rows, None), ["part-held", "sop-class-refused", "part-held"]);
    assert_eq!(codes(&p, &rows[..1], None), ["clean"]);
}

#[test]
fn namespaces_come_from_the_map() {
    let p = profile_with(|p| {
        p.pixels = tokumei_deid::policy::shipped("headers-only").unwrap().pixels;
        p.patient.namespaces.map = vec![
            NamespaceEntry {
                namespace: "h1".to_owned(),
                folder: Some("folder".to_owned()),
                ..NamespaceEntry::default()
            },
            NamespaceEntry { namespace: "h2".to_owned(), issuer: Some("Two".to_owned()), ..NamespaceEntry::default() },
        ];
    });
    let at = |path: &str, issuer: &str| {
        let source = file(&instance(CT, vec![text((0x10, 0x21), b"LO", issuer)]), true);
        scan(&p, &source, path).namespace
    };
    assert_eq!(at("folder/a", "").as_deref(), Some("h1"));
    assert_eq!(at("folders/a", "Two").as_deref(), Some("h2"));
    assert_eq!(at("other/a", "Three"), None);
    let elsewhere = instance(CT, vec![uid("1.9"), text((0x20, 0x0D), b"UI", "1.2.9")]);
    let lost = [row(&p, vec![]), scan(&p, &file(&elsewhere, true), "b")];
    assert_eq!(codes(&p, &lost, None), ["clean", "namespace-unknown"]);
}

#[test]
fn files_that_are_no_instances_are_skipped() {
    let p = profile("headers-only");
    for (source, code) in [
        (&b""[..], "empty-file"),
        (b"\xFF\xD8\xFF\xE0 jpeg", "not-dicom-image"),
        (b"\x89PNG\r\n\x1A\n....", "not-dicom-image"),
        (b"II+\0\x08\0\0\0 a large TIFF, as scanners of slides write", "not-dicom-image"),
        (b"\0\0\0\x18ftypheic", "not-dicom-image"),
        (b"\0\0\0\x08wide\0\0\0\0mdat", "not-dicom-image"),
        (b"RIFF\x24\0\0\0WEBPVP8 ", "not-dicom-image"),
        (b"\0\0\0\x0CjP  \r\n\x87\n", "not-dicom-image"),
        (b"\0\0\0\x0CJXL \r\n\x87\n", "not-dicom-image"),
        (b"\0\0\x01\xB3 a film", "not-dicom-image"),
        (b"PK\x03\x04....", "container"),
        (b"PK\x05\x06 an empty one", "container"),
        (b"PK\x03\x04 twenty-six bytes in all, META-INF/MANIFEST.MF", "not-dicom"),
        (b"just text, no more than that", "not-dicom"),
    ] {
        assert_eq!(codes(&p, &[scan(&p, &source.to_vec(), "a")], None), [code]);
    }
}
