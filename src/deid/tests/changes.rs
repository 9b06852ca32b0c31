//! What a person is shown of an instance: every change, with the rule and the section behind it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::{CT, bytes, file, instance, profile, run, sequence, text};
use std::collections::HashSet;
use tokumei_deid::tables::RuleSource;
use tokumei_deid::transform::{Change, changes};

fn listed(policy: &str) -> Vec<Change> {
    let code = vec![text((8, 0x100), b"SH", "113100"), text((8, 0x104), b"LO", "Yamada")];
    let more = vec![
        text((8, 0x20), b"DA", "20240229"),
        text((8, 0x80), b"LO", "Minato Hospital"),
        text((8, 0x1030), b"LO", "CHEST CT"),
        text((0x10, 0x1010), b"AS", "093Y"),
        text((0x10, 0x1030), b"DS", "61"),
        text((0x12, 0x62), b"CS", "NO"),
        sequence((0x12, 0x64), vec![code]),
        text((0x28, 0x10), b"US", "\u{1}\0"),
        text((0x28, 0x11), b"US", "\u{1}\0"),
        text((0x28, 0x2), b"US", "\u{1}\0"),
        text((0x28, 0x100), b"US", "\u{10}\0"),
        text((0x28, 0x101), b"US", "\u{10}\0"),
        bytes((0x7FE0, 0x10), b"OW", b"\x01\x00Yamada"),
        bytes((0xFFFC, 0xFFFC), b"OB", b"Yamada"),
    ];
    changes(&profile(policy), &file(&instance(CT, more), true), "").ok().unwrap()
}

#[test]
fn every_change_has_a_rule_and_its_section() {
    let rules: HashSet<(&str, &str)> = RuleSource::all().map(|rule| (rule.id(), rule.section())).collect();
    for policy in tokumei_deid::policy::shipped_names() {
        for change in listed(policy) {
            assert!(rules.contains(&(change.rule, change.section)), "{} {}", change.path, change.rule);
        }
    }
}

#[test]
fn rules_are_told_apart_and_their_sections_are_those_of_a_document() {
    let all: Vec<RuleSource> = RuleSource::all().collect();
    let ids: HashSet<&str> = all.iter().map(|rule| rule.id()).collect();
    // The nine codes of the table's column are one rule.
    assert_eq!((all.len(), ids.len()), (37, 29));
    for rule in all {
        let known = ["PS3.15 E.", "PS3.15 Table E.", "PS3.5 ", "45 CFR ", "tokumei.policy/1"];
        assert!(known.iter().any(|start| rule.section().starts_with(start)), "{}", rule.section());
    }
}

#[test]
fn what_is_written_whatever_stood_there_is_shown_too() {
    let all = listed("headers-only");
    let of = |path: &str| all.iter().find(|change| change.path == path).unwrap();
    assert_eq!((of("0002").rule, of("0002").before.as_deref()), ("file-meta", None));
    let removed = of("0012,0062");
    assert_eq!((removed.before.as_deref(), removed.after.as_deref(), removed.added), (Some("NO"), Some("YES"), false));
    let codes = of("0012,0064").after.as_deref().unwrap();
    assert!(codes.starts_with("Basic Application Confidentiality Profile; ") && !codes.contains("Yamada"));
    let dates = of("0028,0303");
    assert_eq!((dates.rule, dates.after.as_deref(), dates.added), ("conformance", Some("MODIFIED"), true));
    assert_eq!((of("7FE0,0010").rule, of("7FE0,0010").section), ("code-stream", "PS3.5 8.2"));
    assert_eq!((of("FFFC,FFFC").rule, of("0008,0020").rule), ("group", "date"));
    assert_eq!((of("0010,1010").rule, of("0010,1010").section), ("age-cap", "45 CFR 164.514(b)(2)(i)(C)"));
    assert_eq!((of("0010,1030").rule, of("0010,1030").section), ("option-patient-chars", "PS3.15 E.3.7"));
    assert!(of("0008,0020").changed && !of("0010,1030").changed && of("7FE0,0010").changed && of("FFFC,FFFC").changed);
    let tags: Vec<&str> = all.iter().map(|change| change.path.get(..9).unwrap_or("0002")).collect();
    assert!(tags.is_sorted(), "{tags:?}");
}

/// The rows say no more and no less than what leaves.
#[test]
fn the_list_is_what_is_done() {
    let source = file(&instance(CT, vec![text((8, 0x80), b"LO", "Minato Hospital")]), true);
    let out = common::parsed(&run(&profile("basic"), &source));
    for change in changes(&profile("basic"), &source, "").ok().unwrap().iter().skip(1) {
        let (group, element) = change.path.split_once(',').unwrap();
        let tag = (u16::from_str_radix(group, 16).unwrap(), u16::from_str_radix(element, 16).unwrap());
        let found = common::text_at(&out, &[tag]);
        if &*change.vr != "SQ" {
            assert_eq!(found.as_deref(), change.after.as_deref(), "{}", change.path);
        }
    }
}
