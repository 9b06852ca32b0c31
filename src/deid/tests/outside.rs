//! Carriers of identity that Table E.1-1 does not name, or whose row is easily missed: each row of the list has an effect.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;
mod shared;

use common::{
    CT, Item, bytes, encode, holds, instance, outcome, parsed, profile_of, sequence, text, value_at, written,
};
use std::collections::HashMap;
use std::path::Path;
use tokumei_deid::Profile;
use tokumei_deid::policy::{Descriptors, shipped};

const CANARY: &str = "ZQXCANARY";
const UID: &str = "1.2.3.99.77";

/// Rules without a tag, and the tests that fail when they do not hold.
const ELSEWHERE: [(&str, &str); 36] = [
    ("file:preamble", "what_is_outside_the_data_set_is_written_anew"),
    ("file:trailing", "what_is_outside_the_data_set_is_written_anew"),
    ("file:name", "outputs_lie_by_pseudonym_and_new_uids"),
    ("file:group-length", "groups_that_go_whole"),
    ("file:group-0004", "groups_that_go_whole"),
    ("file:group-0000", "groups_that_go_whole"),
    ("file:odd-low-groups", "groups_that_go_whole"),
    ("file:private-orphans", "private_attributes_stay_by_creator_vr_and_number_of_values"),
    ("file:unknown-tags", "nothing_unknown_passes"),
    ("60xx,other", "groups_that_go_whole"),
    ("50xx,any", "groups_that_go_whole"),
    ("7Fxx,0010", "groups_that_go_whole"),
    ("pixel:unused-bits", "pixels_beyond_the_image_are_cut_and_unused_bits_hold"),
    ("pixel:jpeg-app", "hidden_text_goes_and_the_stream_stays"),
    ("pixel:jpegls-app", "hidden_text_goes_and_the_stream_stays"),
    ("pixel:j2k", "hidden_text_goes_and_the_stream_stays"),
    ("pixel:jxl", "hidden_text_goes_and_the_stream_stays"),
    ("pixel:video", "classes_have_their_verdicts"),
    ("pixel:bot", "containers"),
    ("pixel:label-image", "classes_have_their_verdicts"),
    ("vr:DA DT TM", "dates_that_are_none_go"),
    ("vr:PN", "every_tag_of_the_list_is_cleaned"),
    ("vr:AE", "every_tag_of_the_list_is_cleaned"),
    ("vr:UI", "uids_are_taken_value_by_value"),
    ("vr:UR", "every_tag_of_the_list_is_cleaned"),
    ("vr:LT ST UT UC LO SH", "nothing_unknown_passes"),
    ("vr:CS", "codes_and_numbers_that_repeat_an_identity_go"),
    ("vr:DS IS", "nothing_unknown_passes"),
    ("vr:OB UN", "text_in_values_too_big_to_be_held_goes"),
    ("vr:UN-sequence", "sequences_that_read_as_bytes_are_walked"),
    ("value:padding", "text_after_a_nul_goes"),
    ("value:extra-values", "uids_are_taken_value_by_value"),
    ("value:charset", "every_vector_reads_as_expected"),
    ("value:pn-groups", "all_groups_of_a_name_and_old_dates_go"),
    ("value:acr-nema", "all_groups_of_a_name_and_old_dates_go"),
    ("value:uid-date", "uids_are_taken_value_by_value"),
];
/// Rules of a whole set, and of the search after the pass: those of verify and of the page.
const OF_THE_SET: [&str; 4] = ["value:id-in-text", "set:dicomdir", "set:non-dicom", "set:counts"];

fn strict() -> Profile {
    let mut policy = shipped("headers-only").unwrap();
    policy.descriptors = Descriptors::Strict;
    profile_of(policy, &common::KEY, "")
}

fn planted(tag: (u16, u16), vr: &str) -> Item {
    match vr {
        "SQ" => sequence(tag, vec![vec![text((0x10, 0x4000), b"LT", CANARY), text((8, 0x1155), b"UI", UID)]]),
        "UI" => text(tag, b"UI", UID),
        "DA" => text(tag, b"DA", "20200103"),
        "DT" => text(tag, b"DT", "20200103101112"),
        "TM" => text(tag, b"TM", CANARY),
        "OB" | "OB or OW" | "OW" | "US or OW" => bytes(tag, b"OB", CANARY.as_bytes()),
        "UL" | "FD" => bytes(tag, b"UN", b"ZQXCANARYZQXCANARY000000"),
        vr => text(tag, vr.as_bytes().try_into().unwrap(), CANARY),
    }
}

/// A file with more in its meta information.
fn file(meta: &[Item], items: &[Item]) -> Vec<u8> {
    let mut all =
        vec![bytes((2, 1), b"OB", &[0, 1]), text((2, 2), b"UI", CT), text((2, 0x10), b"UI", "1.2.840.10008.1.2.1")];
    all.extend_from_slice(meta);
    let meta = encode(&all, true);
    let mut out = vec![0; 128];
    out.extend(b"DICM");
    out.extend(encode(&[bytes((2, 0), b"UL", &u32::try_from(meta.len()).unwrap().to_le_bytes())], true));
    out.extend(meta);
    out.extend(encode(items, true));
    out
}

/// What leaves of a file, if it does.
fn left(profile: &Profile, source: &Vec<u8>) -> Option<Vec<u8>> {
    let outcome = outcome(profile, source);
    (outcome.reason.code() == "clean").then(|| written(&outcome, source))
}

fn rows(shared: &Path) -> Vec<HashMap<String, String>> {
    let text = std::fs::read_to_string(shared.join("standards/phi_outside_table.tsv")).unwrap();
    let mut lines = text.lines();
    let head: Vec<&str> = lines.next().unwrap().split('\t').collect();
    let row = |line: &str| {
        let cells = line.split('\t').chain(std::iter::repeat(""));
        head.iter().map(|h| (*h).to_owned()).zip(cells.map(str::to_owned)).collect()
    };
    lines.map(row).collect()
}

#[test]
fn every_tag_of_the_list_is_cleaned() {
    let Some(shared) = shared::folder() else { return };
    let profiles = [strict(), common::profile("basic")];
    let mut done = 0;
    for row in rows(&shared) {
        let key = row["key"].replace("60xx", "6002").replace("50xx", "5004").replace("7Fxx", "7F12");
        let Some((group, element)) = key.split_once(',') else { continue };
        let hex = |t: &str| u16::from_str_radix(t, 16).ok();
        let Some(tag) = hex(group).zip(hex(element)) else { continue };
        let vr = if row["vr"].is_empty() { "LO" } else { &row["vr"] };
        let item = planted(tag, vr);
        let around = vec![item.clone(), text((8, 0x60), b"CS", "CT")];
        let sources = if tag.0 == 2 {
            vec![file(&[item], &instance(CT, vec![]))]
        } else {
            [vec![item], vec![sequence((8, 0x1115), vec![around])]].map(|more| file(&[], &instance(CT, more))).to_vec()
        };
        for (source, profile) in sources.iter().flat_map(|s| profiles.iter().map(move |p| (s, p))) {
            let Some(out) = left(profile, source) else { continue };
            for gone in [CANARY, UID, "20200103"] {
                assert!(!holds(&out, gone), "{} {}", row["key"], row["keyword"]);
            }
        }
        done += 1;
    }
    assert!(done > 230, "{done}");
}

#[test]
fn rules_without_a_tag_have_tests() {
    let Some(shared) = shared::folder() else { return };
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folders = ["src/deid/tests", "src/dicom/src/codestream", "src/dicom/tests", "src/dicom/src/charset"];
    let sources: String = folders
        .iter()
        .flat_map(|folder| common::files(&root.join(folder)))
        .filter(|path| path.extension().is_some_and(|e| e == "rs"))
        .map(|path| std::fs::read_to_string(path).unwrap())
        .collect();
    for row in rows(&shared) {
        let key = row["key"].as_str();
        let pattern = key.contains(':') || key.ends_with("other") || key.ends_with("any") || key.starts_with("7Fxx");
        if !pattern || OF_THE_SET.contains(&key) {
            continue;
        }
        let test = ELSEWHERE.iter().find(|e| e.0 == key).unwrap_or_else(|| panic!("{key} has no test")).1;
        assert!(sources.contains(&format!("fn {test}(")), "{key}: no test {test}");
    }
}

#[test]
fn groups_that_go_whole() {
    let groups = [
        (0x0000, 0x1000),
        (0x0001, 0x0010),
        (0x0003, 0x1010),
        (0x0004, 0x1500),
        (0x0005, 0x0010),
        (0x0007, 0x1010),
        (0x5000, 0x0022),
        (0x500A, 0x2500),
        (0x6000, 0x0022),
        (0x601E, 0x1500),
        (0x7F10, 0x0010),
        (0xFFFF, 0x0010),
    ];
    for tag in groups {
        let more = vec![text(tag, b"LO", CANARY), bytes((tag.0, 0), b"UL", &[4, 0, 0, 0])];
        let out = left(&strict(), &file(&[], &instance(CT, more))).unwrap();
        assert!(!holds(&out, CANARY), "{tag:?}");
        assert!(value_at(&parsed(&out), &[(tag.0, 0)]).is_none());
    }
}

#[test]
fn all_groups_of_a_name_and_old_dates_go() {
    let more = vec![
        text((8, 5), b"CS", "ISO_IR 192"),
        text((0x10, 0x10), b"PN", "Yamada^Hanako=山田^花子=やまだ^はなこ"),
        text((8, 0x20), b"DA", "2020.01.03"),
        text((8, 0x30), b"TM", "10:11:12"),
    ];
    let out = left(&strict(), &file(&[], &instance(CT, more))).unwrap();
    for gone in ["Yamada", "山田", "やまだ", "2020.01.03", "20200103"] {
        assert!(!holds(&out, gone), "{gone}");
    }
    assert!(holds(&out, "10:11:12"));
}

#[test]
fn outputs_lie_by_pseudonym_and_new_uids() {
    let outcome = outcome(&strict(), &file(&[], &instance(CT, vec![])));
    assert_eq!(outcome.patient.as_ref().unwrap().len(), 20);
    for part in [outcome.study, outcome.series, outcome.instance] {
        assert!(part.unwrap().starts_with("2.25."));
    }
}

#[test]
fn what_tells_nothing_stays() {
    let table: Vec<u8> = (0u16..64).flat_map(|v| (v * 1000).to_le_bytes()).collect();
    let kept = [
        text((8, 0x70), b"LO", "SIEMENS"),
        text((8, 0x1090), b"LO", "SOMATOM Force"),
        text((0x18, 0x1063), b"DS", "33.3"),
        text((0x18, 0x1401), b"LO", "10"),
        text((0x20, 0x11), b"IS", "4"),
        text((0x20, 0x12), b"IS", "2"),
        text((0x20, 0x13), b"IS", "17"),
        text((0x54, 0x1300), b"DS", "1500.5"),
        text((8, 0x2120), b"SH", "REST"),
        bytes((0x28, 0x3006), b"OW", &table),
        bytes((0x28, 0x1221), b"OW", &table),
    ];
    let ds = parsed(&left(&strict(), &file(&[], &instance(CT, kept.to_vec()))).unwrap());
    let before = parsed(&file(&[], &instance(CT, kept.to_vec())));
    for item in &kept {
        let tag = match item {
            Item::Bytes(tag, ..) | Item::Sequence(tag, _) => (tag.0, tag.1),
        };
        assert_eq!(value_at(&ds, &[tag]), value_at(&before, &[tag]), "{tag:?}");
    }
}
