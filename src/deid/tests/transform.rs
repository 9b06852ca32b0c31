//! The transform on whole instances: what goes, what stays, and that nothing but the instance decides.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::{
    CT, Item, KEY, bytes, encode, file, holds, instance, outcome, parsed, profile, profile_of, profile_with, run,
    sequence, text, text_at, value_at,
};
use proptest::prelude::*;
use tokumei_deid::policy::{BirthDate, shipped};
use tokumei_deid::{IMPLEMENTATION_CLASS, scan, transform};

const CREATOR: (u16, u16) = (0x2001, 0x0010);

fn ct(more: Vec<Item>) -> Vec<u8> {
    file(&instance(CT, more), true)
}

#[test]
fn what_is_outside_the_data_set_is_written_anew() {
    let mut source = ct(vec![]);
    source.extend(b"appended YAMADA");
    let out = run(&profile("headers-only"), &source);
    assert!(out[..128].iter().all(|&b| b == 0));
    assert!(holds(&out, IMPLEMENTATION_CLASS));
    assert!(!holds(&out, "YAMADA") && !holds(&out, "AAAA"));
    let ds = parsed(&out);
    assert_eq!(ds.form().media_sop_class.as_deref(), Some(CT));
    assert!(holds(&out[..500], &text_at(&ds, &[(8, 0x18)]).unwrap()));
}

#[test]
fn marks_state_what_was_done_once() {
    let earlier = |code: &str, meaning: &str| {
        vec![text((8, 0x100), b"SH", code), text((8, 0x102), b"SH", "DCM"), text((8, 0x104), b"LO", meaning)]
    };
    let source = ct(vec![
        text((0x12, 0x62), b"CS", "NO"),
        text((0x12, 0x63), b"LO", "by Dr Yamada"),
        sequence(
            (0x12, 0x64),
            vec![
                earlier("113100", "Basic Application Confidentiality Profile"),
                earlier("113105", "Clean Descriptors Option"),
                earlier("113111", "Retain Safe Private by Yamada"),
            ],
        ),
    ]);
    let out = run(&profile("headers-only"), &source);
    let ds = parsed(&out);
    assert_eq!(text_at(&ds, &[(0x12, 0x62)]).as_deref(), Some("YES"));
    assert_eq!(text_at(&ds, &[(0x28, 0x303)]).as_deref(), Some("MODIFIED"));
    let method = text_at(&ds, &[(0x12, 0x63)]).unwrap();
    assert!(method.split('\\').all(|v| v.len() <= 64) && method.contains("policy headers-only 1 "));
    assert!(!holds(&out, "Yamada"));
    let codes = ds.find(None, tokumei_dicom::Tag(0x12, 0x64)).unwrap();
    assert_eq!(ds.children(Some(codes)).count(), 7, "of the profile, five options, and the earlier 113105");
    for code in ["113100", "113103", "113104", "113105", "113107", "113108", "113111"] {
        assert!(holds(&out, code), "{code}");
    }
    assert!(!holds(&out, "113101") && !holds(&out, "113102"));
}

#[test]
fn own_output_is_known_and_only_with_key_and_policy() {
    let out = run(&profile("headers-only"), &ct(vec![]));
    assert!(scan::scan(&profile("headers-only"), &out, "a").own_output);
    assert!(!scan::scan(&profile("basic"), &out, "a").own_output);
    let other = profile_of(shipped("headers-only").unwrap(), &[1; 32], "");
    assert!(!scan::scan(&other, &out, "a").own_output);
    run(&other, &out);
}

#[test]
fn dates_that_are_none_go() {
    let source = ct(vec![
        text((8, 0x20), b"DA", "1998.03.04"),
        text((8, 0x21), b"DA", "98/3/4"),
        text((8, 0x22), b"DA", "20200230"),
        text((8, 0x23), b"DA", "20200101\\20200103"),
        text((8, 0x2A), b"DT", "Yamada"),
        text((8, 0x30), b"TM", "Hanako"),
        text((8, 0x201), b"SH", "+0900"),
    ]);
    let ds = parsed(&run(&profile("headers-only"), &source));
    assert_eq!(text_at(&ds, &[(8, 0x20)]).unwrap().len(), 8);
    assert_eq!(text_at(&ds, &[(8, 0x21)]), None);
    assert_eq!(text_at(&ds, &[(8, 0x22)]), None);
    assert_eq!(text_at(&ds, &[(8, 0x23)]).unwrap().split('\\').count(), 2);
    assert_eq!(text_at(&ds, &[(8, 0x2A)]), None);
    assert_eq!(text_at(&ds, &[(8, 0x30)]).as_deref(), Some(""));
    assert_eq!(text_at(&ds, &[(8, 0x201)]).as_deref(), Some("+0900"));
}

#[test]
fn ages_are_capped_and_birth_dates_go() {
    let source = ct(vec![text((0x10, 0x1010), b"AS", "093Y"), text((0x10, 0x30), b"DA", "19310405")]);
    let ds = parsed(&run(&profile("headers-only"), &source));
    assert_eq!(text_at(&ds, &[(0x10, 0x1010)]).as_deref(), Some("090Y"));
    assert_eq!(text_at(&ds, &[(0x10, 0x30)]).as_deref(), Some(""));
    let with_year = profile_with(|p| p.patient.birth_date = BirthDate::ShiftedYear);
    let ds = parsed(&run(&with_year, &source));
    let year = text_at(&ds, &[(0x10, 0x30)]).unwrap();
    assert!(year.ends_with("0101") && year.as_str() < "19310101");
}

#[test]
fn uids_are_taken_value_by_value() {
    let source = ct(vec![
        text((8, 0x58), b"UI", "1.2.3.7\\1.2.840.10008.1.1\\1.2.3.8"),
        text((0x20, 0x52), b"UI", "1.2.840.10008.1.4.1.1"),
        text((8, 0x14), b"UI", "Yamada Clinic"),
        sequence((8, 0x1140), vec![vec![text((8, 0x1150), b"UI", CT), text((8, 0x1155), b"UI", "1.2.3.4.5.1")]]),
    ]);
    let ds = parsed(&run(&profile("headers-only"), &source));
    let list = text_at(&ds, &[(8, 0x58)]).unwrap();
    let values: Vec<&str> = list.split('\\').collect();
    assert_eq!((values.len(), values[1]), (3, "1.2.840.10008.1.1"));
    assert!(values[0].starts_with("2.25.") && values[0] != values[2]);
    assert_eq!(text_at(&ds, &[(0x20, 0x52)]).as_deref(), Some("1.2.840.10008.1.4.1.1"));
    assert!(text_at(&ds, &[(8, 0x14)]).unwrap().starts_with("2.25."));
    assert_eq!(text_at(&ds, &[(8, 0x1140), (8, 0x1150)]).as_deref(), Some(CT));
    assert_eq!(text_at(&ds, &[(8, 0x1140), (8, 0x1155)]), text_at(&ds, &[(8, 0x18)]));
}

#[test]
fn private_attributes_stay_by_creator_vr_and_number_of_values() {
    let b_factor = |vr: &[u8; 2], value: &[u8]| {
        vec![text(CREATOR, b"LO", "Philips Imaging DD 001"), bytes((0x2001, 0x1003), vr, value)]
    };
    let one = 1000f32.to_le_bytes();
    for (vr, value, stays) in [
        (b"FL", &one[..], true),
        (b"UN", &one[..], true),
        (b"FL", &[0; 8][..], false),
        (b"LO", b"Yamada", false),
        (b"UN", b"Yamada Hanako 17", false),
    ] {
        let ds = parsed(&run(&profile("headers-only"), &ct(b_factor(vr, value))));
        assert_eq!(value_at(&ds, &[(0x2001, 0x1003)]).is_some(), stays, "{vr:?}");
        assert_eq!(value_at(&ds, &[CREATOR]).is_some(), stays, "{vr:?}: creator");
    }
    let none = parsed(&run(&profile("basic"), &ct(b_factor(b"FL", &one))));
    assert!(value_at(&none, &[(0x2001, 0x1003)]).is_none() && value_at(&none, &[CREATOR]).is_none());
    let orphan = ct(vec![bytes((0x2001, 0x1003), b"FL", &one)]);
    assert!(value_at(&parsed(&run(&profile("headers-only"), &orphan)), &[(0x2001, 0x1003)]).is_none());
    let inside = ct(vec![
        text(CREATOR, b"LO", "Philips Imaging DD 001"),
        sequence((8, 0x1115), vec![vec![bytes((0x2001, 0x1003), b"FL", &one), text((8, 0x60), b"CS", "CT")]]),
    ]);
    let ds = parsed(&run(&profile("headers-only"), &inside));
    assert!(value_at(&ds, &[(8, 0x1115), (0x2001, 0x1003)]).is_none(), "an item has its own creators");
}

#[test]
fn sequences_that_read_as_bytes_are_walked() {
    let item = vec![text((0x10, 0x10), b"PN", "Inner^Name"), text((8, 0x60), b"CS", "CT")];
    let value = {
        let inner = encode(&item, false);
        let mut v = vec![0xFE, 0xFF, 0x00, 0xE0];
        v.extend(u32::try_from(inner.len()).unwrap().to_le_bytes());
        v.extend(inner);
        v
    };
    let source = ct(vec![
        bytes((8, 0x1115), b"UN", &value),
        text(CREATOR, b"LO", "Philips Imaging DD 001"),
        bytes((0x2001, 0x105F), b"UN", &value),
    ]);
    let out = run(&profile("headers-only"), &source);
    assert!(!holds(&out, "Inner"));
    let ds = parsed(&out);
    for tag in [(8, 0x1115), (0x2001, 0x105F)] {
        let kept = value_at(&ds, &[tag]).unwrap();
        assert!(kept.windows(2).any(|w| w == b"CT"), "{tag:?}");
    }
}

#[test]
fn text_after_a_nul_goes() {
    let source = ct(vec![bytes((0x18, 0x15), b"CS", b"HEAD\0YAMADA "), text((0x18, 0x50), b"DS", "1.25")]);
    let out = run(&profile("headers-only"), &source);
    assert_eq!(text_at(&parsed(&out), &[(0x18, 0x15)]).as_deref(), Some("HEAD"));
    assert!(!holds(&out, "YAMADA"));
}

#[test]
fn nothing_unknown_passes() {
    let source = ct(vec![
        text((0x10, 0x9431), b"LO", "Yamada"),
        bytes((9, 0x1001), b"LO", b"Yamada"),
        text((0x18, 0x15), b"CS", "Yamada head"),
        text((0x18, 0x50), b"DS", "Yamada"),
        text((0x18, 0x9423), b"LO", "Yamada protocol"),
        text((0x28, 0x10), b"LO", "Yamada"),
        bytes((0x28, 0x11), b"UN", b"Yamada Hanako   "),
        bytes((0x28, 0x1201), b"LT", b"Yamada"),
        bytes((0x60, 0x3000), b"OB", b"Yamada"),
        bytes((0x6000, 0x3000), b"OB", b"Yamada"),
        bytes((0x7F10, 0x10), b"OB", b"Yamada"),
        bytes((0xFFFC, 0xFFFC), b"OB", b"Yamada"),
        sequence((0x400, 0x561), vec![vec![text((0x10, 0x10), b"PN", "Yamada")]]),
        sequence(
            (8, 0x1032),
            vec![vec![
                text((8, 0x100), b"SH", "1"),
                text((8, 0x102), b"SH", "99YAMADA"),
                text((8, 0x104), b"LO", "Yamada"),
            ]],
        ),
    ]);
    let out = run(&profile("headers-only"), &source);
    assert!(!holds(&out, "Yamada") && !holds(&out, "YAMADA"));
}

#[test]
fn registered_codes_stay_and_local_ones_say_nothing() {
    let item = |scheme: &str, meaning: &str| {
        vec![text((8, 0x100), b"SH", "T-A0100"), text((8, 0x102), b"SH", scheme), text((8, 0x104), b"LO", meaning)]
    };
    let source = ct(vec![sequence((8, 0x2218), vec![item("SRT", "Brain")])]);
    let ds = parsed(&run(&profile("headers-only"), &source));
    assert_eq!(text_at(&ds, &[(8, 0x2218), (8, 0x104)]).as_deref(), Some("Brain"));
    for (scheme, meaning) in [("99LOCAL", "Brain"), ("SRT", "Brain of Hanako")] {
        let source = ct(vec![sequence((8, 0x2218), vec![item(scheme, meaning)])]);
        let ds = parsed(&run(&profile("basic"), &source));
        assert_eq!(text_at(&ds, &[(8, 0x2218), (8, 0x104)]).as_deref(), Some("ANONYMIZED"), "{scheme} {meaning}");
    }
    // Where text is cleaned a harmless meaning stays, of a code that says nothing.
    let source = ct(vec![sequence((8, 0x2218), vec![item("99LOCAL", "Brain")])]);
    let ds = parsed(&run(&profile("headers-only"), &source));
    let code = [(8, 0x100), (8, 0x102), (8, 0x104)].map(|tag| text_at(&ds, &[(8, 0x2218), tag]).unwrap());
    assert_eq!(code, ["ANONYMIZED", "99ANON", "Brain"]);
}

#[test]
fn long_local_codes_become_long_ones() {
    let local = vec![
        text((8, 0x102), b"SH", "99OURS"),
        text((8, 0x104), b"LO", "Brain"),
        text((8, 0x119), b"UC", "MINATO-HOSPITAL-HEAD-PROTOCOL-7"),
    ];
    let ds = parsed(&run(&profile("headers-only"), &ct(vec![sequence((8, 0x2218), vec![local])])));
    let code = text_at(&ds, &[(8, 0x2218), (8, 0x119)]).unwrap();
    assert!(code.starts_with("ANONYMIZED") && code.len() > 16, "{code}");
}

/// PS3.3: optional at the top and in Request Attributes, Type 2 in Referenced Request, Type 1C in Contributing Sources and of
/// Enhanced US Volume.
#[test]
fn local_codes_of_orders_go_unless_the_iod_needs_one() {
    const REQUESTED: (u16, u16) = (0x32, 0x1064);
    const PERFORMED: (u16, u16) = (0x40, 0x260);
    let code = |tag| {
        let local =
            vec![text((8, 0x100), b"SH", "K0417"), text((8, 0x102), b"SH", "99OURS"), text((8, 0x104), b"LO", "")];
        sequence(tag, vec![local])
    };
    let within = |tag, inner: Item| sequence(tag, vec![vec![inner, text((8, 0x50), b"SH", "")]]);
    let profile = profile("headers-only");
    let left = |items: Vec<Item>, path: &[(u16, u16)]| text_at(&parsed(&run(&profile, &file(&items, true))), path);
    let kept = Some("99ANON".to_owned());
    let scheme = (8, 0x102);
    let ct = |item| instance(common::CT, vec![item]);
    let volume = "1.2.840.10008.5.1.4.1.1.6.2";
    assert_eq!(left(ct(code(REQUESTED)), &[REQUESTED, scheme]), None);
    assert_eq!(left(ct(within((0x40, 0x275), code(REQUESTED))), &[(0x40, 0x275), REQUESTED, scheme]), None);
    assert_eq!(left(ct(within((0x40, 0xA370), code(REQUESTED))), &[(0x40, 0xA370), REQUESTED, scheme]), kept);
    assert_eq!(left(ct(code(PERFORMED)), &[PERFORMED, scheme]), None);
    assert_eq!(left(ct(within((0x18, 0x9506), code(PERFORMED))), &[(0x18, 0x9506), PERFORMED, scheme]), kept);
    assert_eq!(left(instance(volume, vec![code(PERFORMED)]), &[PERFORMED, scheme]), kept);
}

#[test]
fn the_patient_is_the_study_without_a_usable_id() {
    let of = |id: &str, study: &str| {
        let source = ct(vec![text((0x10, 0x20), b"LO", id), text((0x20, 0x0D), b"UI", study)]);
        text_at(&parsed(&run(&profile("headers-only"), &source)), &[(0x10, 0x20)]).unwrap()
    };
    assert_eq!(of("", "1.2.3"), of("0000", "1.2.3"));
    assert_ne!(of("", "1.2.3"), of("", "1.2.4"));
    assert_eq!(of("A1", "1.2.3"), of(" a1 ", "1.2.4"));
    let mut absent = instance(CT, vec![]);
    absent.retain(|i| !matches!(i, Item::Bytes(t, ..) if t.0 == 0x10));
    let ds = parsed(&run(&profile("headers-only"), &file(&absent, true)));
    assert_eq!(text_at(&ds, &[(0x10, 0x10)]), text_at(&ds, &[(0x10, 0x20)]));
    assert_eq!(text_at(&ds, &[(0x10, 0x20)]).unwrap().len(), 20);
}

#[test]
fn what_cannot_be_judged_stops_with_a_reason_and_a_place() {
    let without = |tag: (u16, u16)| {
        let mut all = instance(CT, vec![]);
        all.retain(|i| !matches!(i, Item::Bytes(t, ..) if (t.0, t.1) == tag));
        file(&all, true)
    };
    for (source, reason, tag) in [
        (without((8, 0x16)), "damaged", Some("0008,0016")),
        (without((0x20, 0x0D)), "damaged", Some("0020,000D")),
        (file(&instance("1.2.3.4", vec![]), true), "sop-class-unknown", Some("0008,0016")),
        (ct(vec![bytes((0x7FE0, 0x10), b"OW", &[0; 4])]), "pixel-mismatch", Some("7FE0,0010")),
        (ct(vec![text((0x28, 0x7FE0), b"UR", "http://a.invalid/")]), "pixel-mismatch", Some("0028,7FE0")),
        (ct(vec![bytes((0x10, 0x20), b"LO", b"\xFF\xFE\xFD")]), "patient-id-unreadable", Some("0010,0020")),
        (b"no DICOM at all, just text".to_vec(), "not-dicom", None),
    ] {
        let end = outcome(&profile("headers-only"), &source);
        assert_eq!((end.reason.code(), end.tag.as_deref()), (reason, tag));
        assert!(end.pieces.is_empty() && end.bytes_out.is_none() && end.uids.is_empty());
    }
}

#[test]
fn pixels_beyond_the_image_are_cut_and_unused_bits_hold() {
    let image = |stored: u16, value: &[u8]| {
        let short = |n: u16| n.to_le_bytes();
        ct(vec![
            bytes((0x28, 2), b"US", &short(1)),
            text((0x28, 4), b"CS", "MONOCHROME2"),
            bytes((0x28, 0x10), b"US", &short(1)),
            bytes((0x28, 0x11), b"US", &short(2)),
            bytes((0x28, 0x100), b"US", &short(16)),
            bytes((0x28, 0x101), b"US", &short(stored)),
            bytes((0x28, 0x102), b"US", &short(stored - 1)),
            bytes((0x28, 0x103), b"US", &short(0)),
            bytes((0x7FE0, 0x10), b"OW", value),
        ])
    };
    let out = run(&profile("headers-only"), &image(12, b"\x01\x02\x03\x04YAMADA"));
    assert!(!holds(&out, "YAMADA") && out.ends_with(b"\x01\x02\x03\x04"));
    let held = outcome(&profile("headers-only"), &image(12, b"\x01\xF2\x03\x04"));
    assert_eq!(held.reason.code(), "overlay-in-pixels");
}

#[test]
fn changes_name_the_rule_of_each_change() {
    let source = ct(vec![text((8, 0x20), b"DA", "20200103"), text((0x10, 0x40), b"CS", "F")]);
    let listed = transform::changes(&profile("headers-only"), &source, "").ok().unwrap();
    let of = |path: &str| listed.iter().find(|c| c.path == path).unwrap();
    assert_eq!(of("0010,0010").before.as_deref(), Some("Yamada^Hanako"));
    assert_eq!(of("0010,0010").rule, "pseudonym");
    assert_eq!((of("0008,0020").rule, of("0008,0020").section), ("date", "PS3.15 E.3.6"));
    assert_eq!(of("0010,0040").after.as_deref(), Some("F"));
    assert_eq!(of("0020,000D").keyword, Some("StudyInstanceUID"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn only_instance_policy_key_and_namespace_decide(
        name in "[A-Za-z^= ]{0,20}", id in "[A-Z0-9-]{1,12}", day in 1u32..28, description in "[ -~]{0,40}"
    ) {
        let source = ct(vec![
            text((0x10, 0x10), b"PN", &name),
            text((0x10, 0x20), b"LO", &id),
            text((8, 0x20), b"DA", &format!("202001{day:02}")),
            text((8, 0x21), b"DA", "20200130"),
            text((8, 0x1030), b"LO", &description),
        ]);
        let out = run(&profile("headers-only"), &source);
        prop_assert_eq!(&out, &run(&profile_of(shipped("headers-only").unwrap(), &KEY, "other"), &source));
        let ds = parsed(&out);
        let date = |tag| text_at(&ds, &[tag]).unwrap();
        // Both dates moved by the same whole weeks, so within a month their distance shows in the outcome's shift.
        let shift = outcome(&profile("headers-only"), &source).date_shift_days.unwrap();
        prop_assert_eq!(shift % 7, 0);
        prop_assert!(date((8, 0x20)) <= date((8, 0x21)) && date((8, 0x21)).as_str() < "20190201");
    }

    #[test]
    fn any_bytes_end_in_an_outcome(bytes in proptest::collection::vec(any::<u8>(), 0..600), cut in 0usize..400) {
        let p = profile("headers-only");
        let _ = outcome(&p, &bytes);
        let whole = ct(vec![text((8, 0x20), b"DA", "20200103")]);
        let mut broken = whole[..cut.min(whole.len())].to_vec();
        broken.extend(&bytes);
        let _ = outcome(&p, &broken);
        let _ = scan::scan(&p, &broken, "x");
    }
}
