//! Private blocks (PS3.15 E.3.10): what a policy allows with its documentation, what no list knows, and other formats inside.
#![allow(
    clippy::trivially_copy_pass_by_ref,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod common;
mod shared;

use common::{CT, Item, bytes, file, holds, instance, parsed, profile, profile_of, run, text, value_at};
use serde_json::Value;
use tokumei_deid::Profile;
use tokumei_deid::policy::{Policy, shipped};
use tokumei_deid::tables::vendor_private;
use tokumei_dicom::Tag;

const CREATOR: (u16, u16) = (0x0029, 0x0010);
const ELEMENT: (u16, u16) = (0x0029, 0x1010);

/// A policy that allows (0029,xx10) of a creator with this VR.
fn allowing(creator: &str, vr: &str) -> Profile {
    let text = serde_json::json!({
        "schema": "tokumei.policy/1", "id": "allowing", "version": "1", "extends": "headers-only",
        "private": {"allow": [{
            "creator": creator, "group": "0029", "element": "10", "vr": vr,
            "documentation": "DICOM conformance statement of the device, table of private attributes",
        }]},
    });
    profile_of(Policy::from_json(&text.to_string()).unwrap(), &common::KEY, "")
}

fn ct(creator: &str, vr: &[u8; 2], value: &[u8]) -> Vec<u8> {
    file(&instance(CT, vec![text(CREATOR, b"LO", creator), bytes(ELEMENT, vr, value)]), true)
}

/// Whether the allowed element leaves.
fn stays(vr: &str, value: &[u8]) -> bool {
    let written: [u8; 2] = vr.as_bytes().try_into().unwrap();
    let out = run(&allowing("ACME 1.0", vr), &ct("ACME 1.0", &written, value));
    let ds = parsed(&out);
    let element = value_at(&ds, &[ELEMENT]);
    assert_eq!(element.is_some(), value_at(&ds, &[CREATOR]).is_some(), "no block without its creator");
    element.is_some()
}

/// A header of Siemens with one name in it.
fn csa() -> Vec<u8> {
    let mut out = b"SV10\x04\x03\x02\x01".to_vec();
    out.extend(1u32.to_le_bytes());
    out.extend(77u32.to_le_bytes());
    let mut name = b"PatientName".to_vec();
    name.resize(64, 0);
    out.extend(name);
    out.extend(b"Yamada Hanako\0\0\0");
    out
}

#[test]
fn what_a_policy_allows_stays_where_it_is_what_it_should_be() {
    assert!(stays("FD", &1.5f64.to_le_bytes()) && stays("US", &[7, 0, 9, 0]) && stays("CS", b"PHASE"));
    assert!(stays("LO", b"tse2d1_15") && stays("OB", &[1, 2, 3, 4, 200, 201, 0, 0]));
    assert!(!stays("LO", b"Yamada Hanako") && !stays("LO", b"P-778899") && !stays("PN", b"Suzuki^Ichiro"));
    let other = run(&allowing("ACME 1.0", "FD"), &ct("ACME 2.0", b"FD", &1.5f64.to_le_bytes()));
    assert!(value_at(&parsed(&other), &[ELEMENT]).is_none(), "another creator");
    let text = run(&allowing("ACME 1.0", "FD"), &ct("ACME 1.0", b"LO", b"Yamada Hanako"));
    assert!(!holds(&text, "Yamada"), "another VR");
}

#[test]
fn what_is_not_allowed_is_said_with_its_place() {
    let text = r#"{"schema": "tokumei.policy/1", "id": "a", "version": "1", "extends": "headers-only",
        "private": {"allow": [{"creator": "A", "group": "0029", "element": "10", "vr": "OB", "document": "x"}]}}"#;
    assert!(Policy::from_json(text).is_err(), "unknown keys are errors");
    assert!(shipped("research").unwrap().private.allow.is_empty(), "no vendor's block beyond the standard's list");
}

#[test]
fn headers_of_siemens_go_even_where_a_policy_allows_them() {
    for creator in ["SIEMENS CSA HEADER", "SIEMENS MEDCOM HEADER"] {
        let source = ct(creator, b"OB", &csa());
        for profile in [profile("research"), profile("headers-only"), allowing(creator, "OB")] {
            let out = run(&profile, &source);
            assert!(!holds(&out, "Yamada") && !holds(&out, "SV10") && !holds(&out, creator), "{creator}");
        }
    }
}

/// A name and a birth date, four times.
const ZLIB: &[u8] = b"\x78\xDA\xF3\xC8\x2F\xCE\xCF\x4E\x2C\x4F\x54\xF0\xCD\x2C\x29\x2E\xCD\xCE\xD4\x51\x30\xB4\
    \x34\xB5\xD0\x35\x30\xD6\x35\x30\xD5\x01\x0A\xE6\x25\x96\xE4\x5B\x2B\x78\xD0\x5D\x15\x00\x22\x52\x2E\x5D";

#[test]
fn formats_inside_of_bytes_go() {
    let data_set = file(&instance(CT, vec![]), true);
    let mut bare = vec![0x08, 0, 0x05, 0, b'C', b'S', 10, 0];
    bare.extend(b"ISO_IR 100");
    let mut late = vec![0u8; 70_000];
    late.extend(b"\x01\x02Yamada Hanako 1960\x03\x04");
    let wide: Vec<u8> = "Yamada Hanako, Suzuki".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let spread: Vec<u8> = "Hosokawa Mitsuki".chars().flat_map(|c| u32::from(c).to_le_bytes()).collect();
    let among = |text: &[u8]| [&[0x80, 1, 2].repeat(200), text, &[0x80, 1, 2].repeat(200)].concat();
    let formats: [(&str, &[u8]); 20] = [
        ("a data set", &data_set),
        ("elements", &bare),
        ("items", b"\xFE\xFF\x00\xE0\x08\x00\x00\x00\x10\x00\x10\x00\x00\x00\x00\x00"),
        ("CSA", &csa()),
        ("ZIP", b"PK\x03\x04\x14\x00\x00\x00\x08\x00\x01\x02"),
        ("gzip", b"\x1F\x8B\x08\x00\x01\x02\x03\x04\x05\x06"),
        ("PDF", b"\x00\x01%PDF-1.4\n\x00\x01"),
        ("OLE", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1\x00\x00"),
        ("MIME", b"\x00\x00MIME-Version: 1.0\r\n\x00\x00"),
        ("XML", b"\xEF\xBB\xBF<?xml version='1.0'?>\x01\x02"),
        ("JPEG", b"\x01\x02\xFF\xD8\xFF\xE1\x00\x10Exif\x00\x00"),
        ("UTF-16", &wide),
        ("text at the end of much", &late),
        ("UTF-32", &spread),
        ("a name among numbers", &among(b"HosokawaMitsuki")),
        ("UTF-8", &among("細川光希".as_bytes())),
        ("JIS X 0208", &among(b"\x1B$B:YCn8w4u\x1B(B")),
        ("Shift_JIS", b"\x8D\xD7\x90\xEC\x8C\xF5\x8A\xF3"),
        ("Zstandard", b"\x28\xB5\x2F\xFD\x20\x10\x81\x00"),
        ("zlib", &among(ZLIB)),
    ];
    for (name, value) in formats {
        assert!(!stays("OB", value), "{name}");
    }
    assert!(stays("OB", &vec![7u8; 70_000]));
}

#[test]
fn bytes_written_as_text_go() {
    assert!(!stays("LO", b"WWFtYWRhIEhhbmFrbyAxOTYwMDUwNA=="));
    assert!(!stays("UT", b"59616d6164612048616e616b6f2031393630303530342020"));
    assert!(!stays("UT", b"<?xml version='1.0'?>"));
}

/// Dates of private blocks go the way of all dates.
#[test]
fn dates_that_a_policy_allows_follow_its_options() {
    let left = |dates: &str, value: &[u8]| {
        let options = ["rtn_safe_private", dates].into_iter().filter(|o| !o.is_empty()).collect::<Vec<_>>();
        let text = serde_json::json!({
            "schema": "tokumei.policy/1", "id": "dates", "version": "1", "extends": "basic", "options": options,
            "private": {"safe": true, "allow": [{
                "creator": "ACME 1.0", "group": "0029", "element": "10", "vr": "DA", "documentation": "its statement",
            }]},
        });
        let profile = profile_of(Policy::from_json(&text.to_string()).unwrap(), &common::KEY, "");
        value_at(&parsed(&run(&profile, &ct("ACME 1.0", b"DA", value))), &[ELEMENT])
    };
    assert_eq!(left("rtn_long_full_dates", b"20200103").as_deref(), Some(b"20200103".as_slice()));
    assert!(left("rtn_long_modified_dates", b"20200103").is_some_and(|date| date.len() == 8 && date != b"20200103"));
    assert_eq!(left("", b"20200103"), None);
    assert_eq!(left("rtn_long_full_dates", b"Yamada  "), None);
}

/// The standard's list says which texts are safe, not who wrote what into them.
#[test]
fn names_in_safe_texts_go() {
    for (creator, tag, vr) in [
        ("GEMS_ACQU_01", (0x0019, 0x109E), b"LO"),
        ("NQHeader", (0x0099, 0x1005), b"LT"),
        ("Philips Imaging DD 001", (0x2001, 0x105A), b"ST"),
    ] {
        let kept = |value: &str| {
            let items = vec![text((tag.0, 0x0010), b"LO", creator), text(tag, vr, value)];
            value_at(&parsed(&run(&profile("headers-only"), &file(&instance(CT, items), true))), &[tag]).is_some()
        };
        for value in ["ssfse", "3-Plane Loc SSFSE", "epi2", "FC51", "mm2", "OK"] {
            assert!(kept(value), "{creator} {value}");
        }
        for value in ["Hosokawa Mitsuki", "by Dr. Hosokawa", "Hosokawa^Mitsuki", "Tel 03-3123-4567", "1958-03-05"] {
            assert!(!kept(value), "{creator} {value}");
        }
        for value in ["Suzuki&#32048;&#24029;", "%E7%B4%B0%E5%B7%9D", "JBXXG33LMF3WCICNNF2HG5LLNE======"] {
            assert!(!kept(value), "{creator} {value}");
        }
    }
}

/// Groups that a row names, and the last two digits of its elements (`*`: any).
fn named(row: &Value) -> Vec<(u16, u16)> {
    let mut all = Vec::new();
    let hex = |text: &str| u16::from_str_radix(text, 16).ok();
    let mut groups: Vec<u16> =
        row["group"].as_str().unwrap().split([',', ' ']).filter(|g| g.len() == 4).filter_map(hex).collect();
    if groups.is_empty() {
        groups = vec![0x0009, 0x0019, 0x0029, 0x7015];
    }
    for key in row["elements"].as_object().unwrap().keys() {
        let (own, rest) = key.split_once(',').map_or((None, key.as_str()), |(g, rest)| (hex(g), rest));
        let elements: Vec<u16> = rest.split(['/', ' ', ',']).filter_map(|e| hex(e.trim_start_matches("xx"))).collect();
        let elements = if elements.is_empty() { vec![0x00, 0x01, 0x10, 0x80, 0xFF] } else { elements };
        for group in own.map_or(groups.clone(), |g| vec![g]) {
            all.extend(elements.iter().map(|e| (group, *e)));
        }
    }
    all
}

#[test]
fn what_japanese_vendors_write_goes_whatever_its_vr() {
    let Some(shared) = shared::folder() else { return };
    let lists: Value = serde_json::from_slice(&std::fs::read(shared.join("japan/lists.json")).unwrap()).unwrap();
    let profile = profile("research");
    let (mut creators, mut elements) = (0, 0);
    for row in lists["private_creators"].as_array().unwrap() {
        let written = row["creator"].as_str().unwrap();
        let list = written.split(" / ").map(|c| c.trim_end_matches('*')).filter(|_| !written.contains(" and "));
        creators += list.clone().count();
        for (creator, (group, element)) in list.flat_map(|c| named(row).into_iter().map(move |n| (c, n))) {
            for (vr, value) in [(b"LO", &b"ZQCANARY"[..]), (b"UN", b"ZQCANARY"), (b"OB", b"ZQCANARY"), (b"US", &[7, 0])]
            {
                let tag = (group, 0x1000 | element);
                let items: Vec<Item> = vec![text((group, 0x10), b"LO", creator), bytes(tag, vr, value)];
                let source = file(&instance("1.2.840.10008.5.1.4.1.1.67", items), true);
                let ds = parsed(&run(&profile, &source));
                assert!(ds.find(None, Tag(tag.0, tag.1)).is_none(), "{creator} {group:04X},xx{element:02X}");
                assert!(ds.find(None, Tag(group, 0x10)).is_none(), "{creator}");
            }
            elements += 1;
        }
    }
    assert!(creators >= 26 && elements >= 120, "{creators} creators, {elements} elements");
}

/// A policy with one of the vendors' sets.
fn with_set(name: &str) -> Result<Policy, String> {
    let text = serde_json::json!({
        "schema": "tokumei.policy/1", "id": "sets", "version": "1", "extends": "headers-only",
        "private": {"vendors": [name]},
    });
    Policy::from_json(&text.to_string()).map_err(|error| error.message)
}

/// Whether an element of a set leaves, with the set and without.
fn set_keeps(set: &str, creator: &str, tag: (u16, u16), vr: [u8; 2], value: &[u8]) -> bool {
    let block = (tag.0, tag.1 >> 8);
    let source = file(&instance(CT, vec![text(block, b"LO", creator), bytes(tag, &vr, value)]), true);
    let kept = |profile: &Profile| value_at(&parsed(&run(profile, &source)), &[tag]);
    assert_eq!(kept(&profile("headers-only")), None, "no set is kept unless it is chosen");
    let left = kept(&profile_of(with_set(set).unwrap(), &common::KEY, ""));
    assert!(left.as_deref().is_none_or(|left| left == value));
    left.is_some()
}

#[test]
fn chosen_sets_keep_their_numbers_alone() {
    let direction = (0x2005, 0x10B0);
    let philips =
        |vr: &[u8; 2], value: &[u8]| set_keeps("philips-mr", "Philips MR Imaging DD 001", direction, *vr, value);
    assert!(philips(b"FL", &0.5f32.to_le_bytes()) && philips(b"FL", &(-1.0f32).to_le_bytes()));
    assert!(!philips(b"FL", &1.5f32.to_le_bytes()), "out of bounds");
    assert!(!philips(b"FL", &f32::NAN.to_le_bytes()) && !philips(b"FL", &f32::from_le_bytes(*b"YAMA").to_le_bytes()));
    assert!(!philips(b"FL", &[0; 8]), "two numbers where one is");
    assert!(!philips(b"LO", b"0.5 ") && !philips(b"OB", &0.5f32.to_le_bytes()), "another VR");
    assert!(philips(b"UN", &0.5f32.to_le_bytes()));
    let ge = |value: &[u8]| set_keeps("ge-mr", "GEMS_ACQU_01", (0x0019, 0x10BB), *b"DS", value);
    assert!(ge(b"-0.577350 ") && ge(b"0 "));
    assert!(!ge(b"YAMADA") && !ge(b"12345678") && !ge(b"0.1\\0.2 "), "text, another number, two");
    let siemens = |element: u16, vr: &[u8; 2], value: &[u8]| {
        set_keeps("siemens-mr", "SIEMENS MR HEADER", (0x0019, 0x1000 | element), *vr, value)
    };
    let times: Vec<u8> = [0.0, 1500.0, 52.5f64].iter().flat_map(|time| time.to_le_bytes()).collect();
    assert!(siemens(0x29, b"FD", &times) && siemens(0x0A, b"US", &[36, 0]) && !siemens(0x0A, b"US", &[0, 0]));
    assert!(!siemens(0x08, b"CS", b"IMAGE NUM 4 ") && !siemens(0x11, b"SH", b"No"), "text is in no set");
    assert!(!set_keeps("siemens-mr", "SIEMENS CSA HEADER", (0x0029, 0x1010), *b"OB", &csa()));
    assert!(!set_keeps("siemens-mr", "OTHER MR HEADER", (0x0019, 0x1029), *b"FD", &times), "another creator");
}

#[test]
fn sets_are_chosen_by_name_and_stand_in_the_policy() {
    let policy = with_set("ge-mr").unwrap();
    assert!(policy.private.vendors.is_empty() && policy.private.allow.len() == 7);
    let direction = policy.private.allow.iter().find(|allow| allow.element == "BB").unwrap();
    assert_eq!(
        (direction.creator.as_str(), direction.group.as_str(), direction.vr.as_str()),
        ("GEMS_ACQU_01", "0019", "DS")
    );
    assert_eq!(Policy::from_json(&policy.canonical_json()).unwrap(), policy);
    assert!(with_set("acme-mr").unwrap_err().contains("philips-mr"));
    let bare = r#"{"schema": "tokumei.policy/1", "id": "a", "version": "1", "extends": "basic", "private": {"vendors": ["ge-mr"]}}"#;
    assert!(Policy::from_json(bare).unwrap_err().message.contains("rtn_safe_private"));
}

/// The page names each element of each set in its row.
#[test]
fn the_page_names_what_sets_hold() {
    let page = std::fs::read_to_string("../../docs/kinds.md").unwrap();
    for set in vendor_private::sets() {
        let line = page.lines().find(|line| line.starts_with(&format!("| `{set}` |"))).unwrap();
        let mut named: Vec<(&str, &str, &str)> = Vec::new();
        for block in line.split('|').nth(2).unwrap().split(';') {
            let (creator, tags) = block.trim().split_once(" (").unwrap();
            let (group, elements) = tags.trim_end_matches(')').split_once(",xx").unwrap();
            named.extend(elements.split(' ').map(|element| (creator, group, element)));
        }
        let held: Vec<_> = vendor_private::set(set)
            .map(|row| (row.creator, format!("{:04X}", row.group), format!("{:02X}", row.element)))
            .collect();
        assert!(held.iter().map(|(c, g, e)| (*c, g.as_str(), e.as_str())).eq(named), "{set}");
    }
}
