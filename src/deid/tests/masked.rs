//! Instances whose pixels are masked: rules of fixed areas, the plan, and the attributes after masking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::ptr_arg)]

mod common;

use common::{Item, bytes, file, holds, instance, parsed, profile_with, sequence, text, text_at, value_at};
use tokumei_deid::Profile;
use tokumei_deid::devices::By;
use tokumei_deid::plan::{Decision, plan};
use tokumei_deid::policy::{Check, Overview, Policy, SlideRule, Wrapped};
use tokumei_deid::reasons::{Reason, Scope};
use tokumei_deid::scan::{ScanRow, scan};
use tokumei_deid::transform::{NewPixels, Settled, transform_header};
use tokumei_dicom::codestream::OffsetTable;
use tokumei_dicom::{Piece, Tag};

const US: &str = "1.2.840.10008.5.1.4.1.1.6.1";
const XC: &str = "1.2.840.10008.5.1.4.1.1.77.1.4";
const CT: &str = common::CT;

fn number(n: u16) -> [u8; 2] {
    n.to_le_bytes()
}

fn image(class: &str, more: Vec<Item>) -> Vec<u8> {
    let mut all = vec![
        text((8, 0x60), b"CS", "US"),
        text((8, 0x70), b"LO", "Maker Ltd."),
        text((8, 0x1090), b"LO", "Model 9"),
        bytes((0x28, 2), b"US", &number(1)),
        text((0x28, 4), b"CS", "MONOCHROME2"),
        bytes((0x28, 0x10), b"US", &number(8)),
        bytes((0x28, 0x11), b"US", &number(10)),
        bytes((0x28, 0x100), b"US", &number(8)),
        bytes((0x28, 0x101), b"US", &number(8)),
        bytes((0x28, 0x102), b"US", &number(7)),
        bytes((0x28, 0x103), b"US", &number(0)),
        bytes((0x28, 0x106), b"US", &number(3)),
        bytes((0x28, 0x107), b"US", &number(9)),
        bytes((0x7FE0, 0x10), b"OB", &[7; 80]),
    ];
    all.retain(|a| !more.iter().any(|m| tag(m) == tag(a)));
    all.extend(more);
    file(&instance(class, all), true)
}

fn tag(item: &Item) -> Tag {
    match item {
        Item::Bytes(tag, ..) | Item::Sequence(tag, _) => *tag,
    }
}

const DEVICE: &str = r#"{"tag": "0008,0060", "value": "us"}, {"tag": "0008,0070", "value": "MAKER LTD."},
    {"tag": "0008,1090", "value": "Model 9"}"#;
const MATRIX: &str = r#"{"tag": "0028,0010", "value": "8"}, {"tag": "0028,0011", "value": "10"}"#;

fn with(rules: &str) -> Profile {
    let text = format!(
        r#"{{"schema": "tokumei.policy/1", "extends": "basic", "id": "a", "version": "1", "title": {{"ja": "a", "en": "a"}},
            "pixels": {{"devices": [{rules}]}}}}"#
    );
    let policy = Policy::from_json(&text).unwrap_or_else(|e| panic!("{e}"));
    common::profile_of(policy, &common::KEY, "")
}

fn fixed(more: &str) -> String {
    format!(r#"{{"name": "r", "when": [{DEVICE}, {MATRIX}], "masks": [{{"x": 2, "y": 0, "w": 99, "h": 3}}]{more}}}"#)
}

fn row(profile: &Profile, source: &Vec<u8>) -> ScanRow {
    scan(profile, source, "a.dcm")
}

fn planned(profile: &Profile, source: &Vec<u8>) -> Decision {
    plan(profile, &[row(profile, source)], None).remove(0)
}

#[test]
fn a_complete_rule_lets_an_image_leave_and_any_other_only_draws() {
    let source = image(US, vec![]);
    let complete = with(&fixed(r#", "complete": true"#));
    let found = row(&complete, &source);
    assert!(found.masks_complete);
    let area = found.masks[0];
    assert_eq!((area.x, area.y, area.w, area.h, area.by), (2, 0, 8, 3, By::Rule));
    let decision = planned(&complete, &source);
    assert_eq!((decision.verdict, decision.reason), (Scope::Masked, Reason::DeviceRuleMasked));
    let partial = with(&fixed(""));
    assert_eq!(row(&partial, &source).masks.len(), 1);
    let decision = planned(&partial, &source);
    assert_eq!(decision.reason, Reason::TextNotChecked);
    let looked = decision.looked.unwrap();
    assert_eq!((looked.verdict, looked.reason), (Scope::Masked, Reason::DeviceRuleMasked));
    for other in [text((8, 0x1090), b"LO", "Model 90"), bytes((0x28, 0x11), b"US", &number(11))] {
        let source = image(US, vec![other]);
        assert!(row(&complete, &source).masks.is_empty());
        assert_eq!(planned(&complete, &source).reason, Reason::TextNotChecked);
    }
}

#[test]
fn a_rule_that_holds_waits_for_a_person_whatever_else_is_asked() {
    let hold = format!(r#"{{"name": "h", "when": [{DEVICE}], "hold": true}}"#);
    let source = image(US, vec![]);
    let unchecked = |rules: &str| {
        let mut policy = with(rules).policy().clone();
        (policy.pixels.text, policy.pixels.face) = (Check::NotChecked, Check::NotChecked);
        common::profile_of(policy, &common::KEY, "")
    };
    // Without a check of text a rule masks by itself, and holding comes before it, also of a rule that says it is complete.
    let complete = fixed(r#", "complete": true"#);
    assert_eq!(planned(&unchecked(&complete), &source).reason, Reason::DeviceRuleMasked);
    for rules in [hold.clone(), format!("{hold},{complete}"), fixed(r#", "hold": true"#)] {
        let profile = unchecked(&rules);
        let found = row(&profile, &source);
        assert!(found.hold && !found.masks_complete, "{rules}");
        let decision = planned(&profile, &source);
        assert_eq!((decision.verdict, decision.reason), (Scope::Review, Reason::TextNotChecked), "{rules}");
        assert!(decision.looked.unwrap().passes(), "{rules}");
        assert_eq!(planned(&with(&rules), &source).reason, Reason::TextNotChecked, "{rules}");
    }
    // What a file of masks says of the whole image settles it too.
    let settled = ScanRow { masks_complete: true, ..row(&unchecked(&hold), &source) };
    assert!(plan(&unchecked(&hold), &[settled], None).remove(0).passes());
    let other = image(US, vec![text((8, 0x1090), b"LO", "Model 90")]);
    assert!(planned(&unchecked(&hold), &other).passes());
}

/// `basic`, with the rules that come with the product.
fn shipped_profile() -> Profile {
    let mut policy = tokumei_deid::policy::shipped("basic").unwrap();
    policy.pixels.shipped_devices = true;
    common::profile_of(policy, &common::KEY, "")
}

/// Without a check of pixels the shipped rules go on holding what others reject.
#[test]
fn shipped_rules_hold_pictures_of_text() {
    let mut policy = shipped_profile().policy().clone();
    (policy.pixels.text, policy.pixels.face) = (Check::NotChecked, Check::NotChecked);
    let profile = common::profile_of(policy, &common::KEY, "");
    let reason = |image_type: &str, description: &str| {
        let mut more = device("CT", "nobody", "none", 512, 512);
        more.push(text((8, 8), b"CS", image_type));
        more.push(text((8, 0x103E), b"LO", description));
        planned(&profile, &image("1.2.840.10008.5.1.4.1.1.2", more)).reason
    };
    let axial = "ORIGINAL\\PRIMARY\\AXIAL";
    assert_eq!(reason(axial, "Chest"), Reason::Clean);
    for (image_type, description) in
        [(axial, "Dose Report"), (axial, "Patient Protocol"), ("DERIVED\\SCREEN SAVE", "Chest"), ("", "Chest")]
    {
        assert_eq!(reason(image_type, description), Reason::TextNotChecked);
    }
}

fn device(modality: &str, maker: &str, model: &str, rows: u16, columns: u16) -> Vec<Item> {
    let pixels = usize::from(rows) * usize::from(columns);
    vec![
        text((8, 0x60), b"CS", modality),
        text((8, 0x70), b"LO", maker),
        text((8, 0x1090), b"LO", model),
        bytes((0x28, 0x10), b"US", &number(rows)),
        bytes((0x28, 0x11), b"US", &number(columns)),
        bytes((0x7FE0, 0x10), b"OB", &vec![7; pixels.next_multiple_of(2)]),
    ]
}

#[test]
fn shipped_rules_draw_and_none_of_them_lets_an_image_leave() {
    let profile = shipped_profile();
    let drawn = |more: Vec<Item>| {
        let source = image(US, more);
        let decision = planned(&profile, &source);
        let found = row(&profile, &source);
        assert!(!found.masks_complete);
        assert_eq!((decision.verdict, decision.reason), (Scope::Review, Reason::TextNotChecked));
        found.masks.iter().map(|a| (a.x, a.y, a.w, a.h)).collect::<Vec<_>>()
    };
    // Of CTP and pydicom/deid, whose Rows are corrected.
    let philips = |rows, columns| drawn(device("US", "Philips Medical Systems", "iU22", rows, columns));
    assert!(philips(768, 1024).contains(&(0, 0, 1024, 75)));
    assert!(philips(769, 1024).is_empty(), "another matrix");
    // Misspelt makers, models as makers, makers that only file meta named.
    assert!(drawn(device("NM", "ADAC", "x", 832, 1024)).contains(&(0, 762, 1024, 70)));
    assert!(drawn(device("US", "x", "EPIQ 7G", 600, 800)).contains(&(0, 0, 800, 59)));
    assert!(drawn(device("US", "MINDRAY", "x", 100, 200)).contains(&(0, 0, 200, 69)));
    // Whole words: GE is no part of another maker's name.
    let logiq = |maker| drawn(device("US", maker, "LOGIQE", 614, 819)).len();
    assert_eq!((logiq("GE Healthcare") > 0, logiq("Image Systems")), (true, 0));
    assert!(drawn(device("US", "nobody", "none", 480, 640)).is_empty());
}

#[test]
fn shipped_rules_are_rules_of_a_policy_and_none_is_complete() {
    let rules = tokumei_deid::devices::shipped();
    assert!(rules.len() > 200, "{}", rules.len());
    assert!(rules.iter().any(|rule| rule.hold));
    assert!(rules.iter().all(|rule| !rule.complete));
    let profile = with(&rules.iter().map(|r| serde_json::to_string(r).unwrap()).collect::<Vec<_>>().join(","));
    assert_eq!(profile.policy().pixels.devices.len(), rules.len());
    // A policy says whether it wants them.
    for (name, wanted) in [("research", true), ("longitudinal-full", true), ("headers-only", false), ("basic", false)] {
        assert_eq!(tokumei_deid::policy::shipped(name).unwrap().pixels.shipped_devices, wanted, "{name}");
    }
}

#[test]
fn what_a_look_settles_and_what_not() {
    let profile = profile_with(|_| {});
    let looked = |class: &str| planned(&profile, &image(class, vec![])).looked.map(|d| d.reason);
    assert_eq!(looked(US), Some(Reason::Clean));
    // A photograph shows its face, a volume does not.
    assert_eq!(looked(XC), Some(Reason::Clean));
    assert_eq!(looked(CT), Some(Reason::FaceNotChecked));
    // What other files say is not settled by a look.
    let other = image(US, vec![text((0x10, 0x20), b"LO", "other"), text((8, 0x18), b"UI", "1.2.3.4.5.9")]);
    let rows = [row(&profile, &image(US, vec![])), row(&profile, &other)];
    for decision in plan(&profile, &rows, None) {
        assert_eq!(decision.reason, Reason::TextNotChecked);
        assert_eq!(decision.looked.unwrap().reason, Reason::PatientsMixed);
    }
    // Where pixels are not looked at, a rule draws all the same.
    let mut policy = with(&fixed("")).policy().clone();
    policy.pixels.text = Check::NotChecked;
    let profile = common::profile_of(policy, &common::KEY, "");
    assert_eq!(planned(&profile, &image(US, vec![])).reason, Reason::DeviceRuleMasked);
}

#[test]
fn labels_of_slides_never_leave_and_overviews_only_by_a_person() {
    const SLIDE: &str = "1.2.840.10008.5.1.4.1.1.77.1.6";
    let slide = |kind: &str| image(SLIDE, vec![text((8, 8), b"CS", &format!("ORIGINAL\\PRIMARY\\{kind}\\NONE"))]);
    let reasons = |slides: SlideRule, kind: &str| {
        let mut policy = tokumei_deid::policy::shipped("headers-only").unwrap();
        policy.pixels.slides = slides;
        let decision = planned(&common::profile_of(policy, &common::KEY, ""), &slide(kind));
        (decision.reason, decision.looked.map(|d| d.reason))
    };
    let rule = |label, overview| SlideRule { label, overview };
    let usual = SlideRule::default();
    assert_eq!(reasons(usual, "LABEL"), (Reason::SlideLabel, None));
    assert_eq!(reasons(usual, "OVERVIEW"), (Reason::TextNotChecked, Some(Reason::Clean)));
    assert_eq!(reasons(usual, "VOLUME"), (Reason::Clean, None));
    assert_eq!(reasons(rule(Wrapped::Refuse, Overview::Refuse), "OVERVIEW"), (Reason::SlideLabel, None));
    for kind in ["LABEL", "OVERVIEW"] {
        assert_eq!(reasons(rule(Wrapped::Drop, Overview::Drop), kind), (Reason::SlideDropped, None));
    }
}

#[test]
fn all_outside_the_ultrasound_regions() {
    let rule = format!(r#"{{"name": "r", "when": [{DEVICE}], "regions": true, "complete": true}}"#);
    let profile = with(&rule);
    let region = |sides: [u32; 4]| {
        let tags = [0x6018, 0x601A, 0x601C, 0x601E];
        tags.iter().zip(sides).map(|(t, n)| bytes((0x18, *t), b"UL", &n.to_le_bytes())).collect::<Vec<Item>>()
    };
    let regions =
        |all: &[[u32; 4]]| image(US, vec![sequence((0x18, 0x6011), all.iter().map(|r| region(*r)).collect())]);
    let found = row(&profile, &regions(&[[0, 2, 9, 7]]));
    let areas: Vec<_> = found.masks.iter().map(|m| (m.x, m.y, m.w, m.h, m.by)).collect();
    assert_eq!(areas, [(0, 0, 10, 2, By::Region)]);
    assert!(found.masks_complete);
    // None, none possible, all of the picture: the rule says nothing.
    for none in [image(US, vec![]), regions(&[[5, 5, 1, 1]]), regions(&[[0, 0, 9, 7]]), regions(&[[20, 0, 30, 7]])] {
        assert!(row(&profile, &none).masks.is_empty());
        assert_eq!(planned(&profile, &none).reason, Reason::TextNotChecked);
    }
}

fn masked(profile: &Profile, source: &Vec<u8>, settled: Settled) -> Vec<u8> {
    let (outcome, samples) = transform_header(profile, source, "", settled);
    assert_eq!(outcome.verdict, Scope::Masked, "{:?}", outcome.tag);
    assert!(samples.is_none() && outcome.checked.text);
    outcome
        .pieces
        .iter()
        .flat_map(|piece| match piece {
            Piece::Bytes(own) => own.clone(),
            Piece::Range { offset, len } => {
                let start = usize::try_from(*offset).unwrap();
                source[start..start + usize::try_from(*len).unwrap()].to_vec()
            }
        })
        .collect()
}

fn settled(value: Vec<Piece>) -> Settled {
    let pixels = NewPixels {
        value,
        offset_table: OffsetTable::Remove,
        photometric: None,
        transfer_syntax: None,
        masked: true,
        cleared: false,
    };
    Settled { reason: Reason::DecidedMasked, text: true, looked: false, pixels: Some(pixels) }
}

#[test]
fn derivations_that_are_told_stay_and_the_mask_is_added() {
    let code = |value: &str| {
        vec![
            text((8, 0x100), b"SH", value),
            text((8, 0x102), b"SH", "DCM"),
            text((8, 0x104), b"LO", "Lossy Compression"),
        ]
    };
    let told = |codes: &[&str], more: Vec<Item>| {
        let items = codes.iter().map(|value| code(value)).collect();
        let source = image(US, [vec![sequence((8, 0x9215), items)], more].concat());
        let out = parsed(&masked(&profile_with(|_| {}), &source, settled(vec![Piece::Bytes(vec![0; 80])])));
        let codes = out.find(None, Tag(8, 0x9215)).map(|s| {
            let code = |item| out.find(Some(item), Tag(8, 0x100)).and_then(|i| out.text(i)).unwrap();
            out.children(Some(s)).map(code).collect::<Vec<_>>()
        });
        codes.unwrap_or_default()
    };
    assert_eq!(told(&["113040"], vec![]), ["113040", "113047"]);
    assert_eq!(told(&["113047"], vec![]), ["113047"]);
    assert_eq!(told(&[], vec![]), ["113047"]);
    // Images with functional groups have no place for it.
    assert_eq!(told(&["113040"], vec![sequence((0x5200, 0x9229), vec![vec![]])]), ["113040"]);
}

#[test]
fn attributes_say_what_was_done_and_only_then() {
    let source = image(US, vec![text((0x28, 0x301), b"CS", "YES"), text((8, 8), b"CS", "ORIGINAL\\PRIMARY")]);
    let profile = profile_with(|_| {});
    let out = parsed(&masked(&profile, &source, settled(vec![Piece::Bytes(vec![0; 80])])));
    assert_eq!(text_at(&out, &[(0x28, 0x301)]).as_deref(), Some("NO"));
    assert_eq!(text_at(&out, &[(8, 0x9215), (8, 0x100)]).as_deref(), Some("113047"));
    assert_eq!(text_at(&out, &[(8, 8)]).as_deref(), Some("ORIGINAL\\PRIMARY"));
    assert!(value_at(&out, &[(0x28, 0x106)]).is_none() && value_at(&out, &[(0x28, 0x107)]).is_none());
    let written = masked(&profile, &source, settled(vec![Piece::Bytes(vec![0; 80])]));
    assert!(holds(&written, "113101") && !written.windows(80).any(|w| w == [7; 80]));
    let derived = profile_with(|p| p.derived_image_type = true);
    let out = parsed(&masked(&derived, &source, settled(vec![Piece::Bytes(vec![0; 80])])));
    assert_eq!(text_at(&out, &[(8, 8)]).as_deref(), Some("DERIVED\\PRIMARY"));
    let untouched = common::run(&profile, &source);
    let out = parsed(&untouched);
    assert_eq!(text_at(&out, &[(0x28, 0x301)]).as_deref(), Some("YES"));
    assert!(!holds(&untouched, "113101") && !holds(&untouched, "113047"));
    // Coded anew, but masked nowhere: no mask is claimed.
    let mut coded = settled(vec![Piece::Bytes(vec![1; 80])]);
    coded.pixels.as_mut().unwrap().masked = false;
    let anew = masked(&profile, &source, coded);
    assert!(anew.windows(80).any(|w| w == [1; 80]) && !holds(&anew, "113047"));
    assert_eq!(value_at(&parsed(&anew), &[(0x28, 0x106)]), value_at(&parsed(&untouched), &[(0x28, 0x106)]));
    for len in [78, 82] {
        let (outcome, _) = transform_header(&profile, &source, "", settled(vec![Piece::Bytes(vec![0; len])]));
        assert_eq!(outcome.reason, Reason::PixelMismatch);
    }
}

/// Where the Basic Offset Table does not reach, an Extended one is written if there was none.
#[test]
fn an_extended_offset_table_comes_with_new_fragments() {
    let native = image(US, vec![]);
    let mut source = native[..native.len() - 92].to_vec();
    source.extend(b"\xE0\x7F\x10\0OB\0\0\xFF\xFF\xFF\xFF\xFE\xFF\0\xE0\0\0\0\0\xFE\xFF\0\xE0\x02\0\0\0\x09\x09");
    source.extend(b"\xFE\xFF\xDD\xE0\0\0\0\0");
    let mut new = settled(vec![Piece::Bytes(source[source.len() - 26..].to_vec())]);
    let pixels = new.pixels.as_mut().unwrap();
    pixels.offset_table = OffsetTable::Replace { offsets: vec![0; 8], lengths: vec![2, 0, 0, 0, 0, 0, 0, 0] };
    pixels.transfer_syntax = Some("1.2.840.10008.1.2.4.80".to_owned());
    pixels.photometric = Some("YBR_RCT".to_owned());
    let out = masked(&profile_with(|_| {}), &source, new);
    let ds = parsed(&out);
    assert_eq!(value_at(&ds, &[(0x7FE0, 1)]), Some(vec![0; 8]));
    assert_eq!(text_at(&ds, &[(0x28, 4)]).as_deref(), Some("YBR_RCT"));
    assert_eq!(value_at(&ds, &[(0x7FE0, 2)]), Some(vec![2, 0, 0, 0, 0, 0, 0, 0]));
    assert!(out.ends_with(&source[source.len() - 38..]) && holds(&out, "1.2.840.10008.1.2.4.80"));
}

#[test]
fn rules_that_cannot_be_kept_are_faults() {
    let of = |rule: &str| {
        let text = format!(
            r#"{{"schema": "tokumei.policy/1", "extends": "basic", "id": "a", "version": "1",
                "title": {{"ja": "a", "en": "a"}}, "pixels": {{"devices": [{rule}]}}}}"#
        );
        Policy::from_json(&text).map(|_| ()).map_err(|e| e.message)
    };
    let mask = r#""masks": [{"x": 0, "y": 0, "w": 1, "h": 1}]"#;
    let cases = [
        (format!(r#"{{"name": "", "when": [{DEVICE}], {mask}}}"#), "name"),
        (format!(r#"{{"name": "r", "when": [], {mask}}}"#), "1 to 64 conditions"),
        (format!(r#"{{"name": "r", "when": [{DEVICE}]}}"#), "masks, regions or hold"),
        (
            format!(r#"{{"name": "r", "when": [{DEVICE}], "masks": [{{"x": 0, "y": 0, "w": 0, "h": 1}}]}}"#),
            "1 to 65535",
        ),
        (format!(r#"{{"name": "r", "when": [{{"tag": "8,60"}}], {mask}}}"#), "gggg,eeee"),
        (format!(r#"{{"name": "r", "when": [{{"tag": "0008,0060"}}], {mask}}}"#), "256 characters"),
        (format!(r#"{{"name": "r", "when": [{DEVICE}], {mask}, "complete": true}}"#), "complete"),
        (format!(r#"{{"name": "r", "when": [{MATRIX}], "regions": true, "complete": true}}"#), "complete"),
        (fixed(r#", "complete": true, "hold": true"#), "without complete"),
    ];
    for (rule, message) in cases {
        let fault = of(&rule).unwrap_err();
        assert!(fault.contains(message), "{rule}: {fault}");
    }
    assert_eq!(of(&fixed(r#", "complete": true"#)), Ok(()));
}
