//! Every kind of instance has its rule (design 7): what leaves, what is held, what is refused, and what is left of text.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;
mod trees;

use common::{
    Item, bytes, file, holds, instance, outcome, parsed, profile_of, sequence, text, text_at, value_at, written,
};
use tokumei_deid::policy::{ClassRule, Descriptors, DocumentRule, Policy, Wrapped, WrappedCda, shipped};
use tokumei_deid::reasons::Scope;
use tokumei_deid::tables::sop_class;
use tokumei_deid::{Profile, plan, scan};
use tokumei_dicom::Tag;
use trees::{content, document, value};

const STORAGE: &str = "1.2.840.10008.5.1.4.1.1.";
const GSPS: &str = "1.2.840.10008.5.1.4.1.1.11.1";

fn of(policy: &str, descriptors: Descriptors) -> Profile {
    let mut policy = shipped(policy).unwrap();
    policy.descriptors = descriptors;
    profile_of(policy, &common::KEY, "")
}

/// Verdict and reason of an instance alone, as a run would give them.
fn verdict(profile: &Profile, source: &Vec<u8>) -> &'static str {
    let row = scan::scan(profile, source, "a.dcm");
    let planned = plan::plan(profile, &[row], None).remove(0);
    if planned.passes() { outcome(profile, source).reason.code() } else { planned.reason.code() }
}

fn annotation(words: &str) -> Item {
    let object = vec![
        text((0x70, 4), b"CS", "PIXEL"),
        text((0x70, 6), b"ST", words),
        bytes((0x70, 0x14), b"FL", &[0, 0, 128, 63, 0, 0, 128, 63]),
        text((0x70, 0x15), b"CS", "N"),
    ];
    sequence((0x70, 1), vec![vec![text((0x70, 2), b"CS", "SUZUKI"), sequence((0x70, 8), vec![object])]])
}

fn presentation(words: &str) -> Vec<Item> {
    let layer = vec![
        text((0x70, 2), b"CS", "SUZUKI"),
        text((0x70, 0x62), b"IS", "1"),
        text((0x70, 0x68), b"LO", "by Yamada Hanako"),
    ];
    instance(
        GSPS,
        vec![
            text((8, 0x60), b"CS", "PR"),
            text((0x70, 0x80), b"CS", "YAMADA"),
            text((0x70, 0x81), b"LO", "chest CT"),
            text((0x70, 0x84), b"PN", "Suzuki^Ichiro"),
            annotation(words),
            sequence((0x70, 0x60), vec![layer]),
        ],
    )
}

#[test]
fn every_class_of_the_table_has_a_rule() {
    let (expected, _) = include_str!("../../../docs/kinds.md").split_once("## Private blocks").unwrap();
    let profiles = [of("research", Descriptors::Strict), of("headers-only", Descriptors::Strict)];
    let mut rows: Vec<String> = Vec::new();
    for class in sop_class::all() {
        let source = file(&instance(class.uid, vec![]), true);
        let [research, headers] = [0, 1].map(|n| verdict(&profiles[n], &source));
        let row = format!("| {} | {research} | {headers} |", class.category);
        if !rows.contains(&row) {
            rows.push(row);
        }
    }
    rows.sort();
    let written: Vec<&str> = expected.lines().filter(|line| rows.iter().any(|row| line.starts_with(row))).collect();
    let lines = expected.lines().filter(|line| line.starts_with("| ")).count();
    assert!(written.len() == rows.len() && lines == rows.len() + 1, "docs/kinds.md should say:\n{}", rows.join("\n"));
}

#[test]
fn presentation_states_keep_graphics_and_lose_names() {
    let source = file(&presentation("Yamada Hanako chest"), true);
    let profile = of("research", Descriptors::Strict);
    assert_eq!(verdict(&profile, &source), "clean");
    let out = written(&outcome(&profile, &source), &source);
    for gone in ["Yamada", "YAMADA", "Suzuki", "SUZUKI", "Hanako"] {
        assert!(!holds(&out, gone), "{gone}");
    }
    let ds = parsed(&out);
    let object = [(0x70, 1), (0x70, 8)];
    assert_eq!(value_at(&ds, &[object[0], object[1], (0x70, 0x14)]).unwrap(), [0, 0, 128, 63, 0, 0, 128, 63]);
    assert!(text_at(&ds, &[object[0], object[1], (0x70, 6)]).is_some_and(|t| !t.is_empty()));
    let layer = text_at(&ds, &[(0x70, 0x60), (0x70, 2)]).unwrap();
    assert_eq!(layer, "LAYER1");
    assert_eq!(text_at(&ds, &[(0x70, 1), (0x70, 2)]).unwrap(), layer, "annotations go on naming their layer");
    assert_eq!(text_at(&ds, &[(0x70, 0x80)]).as_deref(), Some("ANONYMIZED"));
    assert_eq!(text_at(&ds, &[(0x70, 0x81)]).as_deref(), Some("chest CT"));
    assert!(holds(&out, "113103") && holds(&out, "113104"));
}

#[test]
fn cleaned_graphics_are_held_until_their_text_is_known() {
    let clean = of("headers-only", Descriptors::Clean);
    assert_eq!(verdict(&clean, &file(&presentation("chest"), true)), "clean");
    let doubtful = file(&presentation("qwzx is there"), true);
    let held = outcome(&clean, &doubtful);
    assert_eq!(held.reason.code(), "content-not-cleaned");
    assert_eq!(held.tag.as_deref(), Some("0070,0001[0]/0070,0008[0]/0070,0006"));
    let mut policy = shipped("headers-only").unwrap();
    policy.descriptors = Descriptors::Clean;
    policy.classes.insert("presentation state".to_owned(), ClassRule::Pass);
    assert_eq!(verdict(&profile_of(policy, &common::KEY, ""), &doubtful), "clean");
    let basic = of("basic", Descriptors::Remove);
    assert_eq!(verdict(&basic, &file(&presentation("chest"), true)), "content-not-cleaned", "no option cleans");
}

#[test]
fn fonts_stay_and_a_type_goes_with_its_font() {
    const STYLE: [(u16, u16); 3] = [(0x70, 1), (0x70, 8), (0x70, 0x231)];
    let style = |font: &str| {
        let inner = vec![
            text((0x70, 0x227), b"LO", font),
            text((0x70, 0x228), b"CS", "OPENTYPE"),
            text((0x70, 0x229), b"LO", "Helvetica, sans-serif"),
        ];
        let object = vec![text((0x70, 6), b"ST", "chest"), sequence((0x70, 0x231), vec![inner])];
        let graphics = sequence((0x70, 1), vec![vec![sequence((0x70, 8), vec![object])]]);
        let source = file(&instance(GSPS, vec![graphics]), true);
        let ds = parsed(&written(&outcome(&of("headers-only", Descriptors::Strict), &source), &source));
        [0x227, 0x228, 0x229].map(|e| text_at(&ds, &[STYLE[0], STYLE[1], STYLE[2], (0x70, e)]))
    };
    let stays = |t: &str| Some(t.to_owned());
    assert_eq!(style("Arial"), [stays("Arial"), stays("OPENTYPE"), stays("Helvetica, sans-serif")]);
    assert_eq!(style("Yamadafont"), [None, None, stays("Helvetica, sans-serif")]);
}

#[test]
fn what_is_written_anew_holds_nothing() {
    let earlier = vec![text((0x12, 0x63), b"LO", "Yamada's own method")];
    let profile = of("headers-only", Descriptors::Strict);
    for class in ["91.1", "90.1", "481.10", "200.2", "11.1"] {
        let source = file(&instance(&format!("{STORAGE}{class}"), earlier.clone()), true);
        assert_eq!(verdict(&profile, &source), "clean", "{class}");
        assert!(!holds(&written(&outcome(&profile, &source), &source), "Yamada"));
    }
}

#[test]
fn key_objects_keep_their_references() {
    let referenced = vec![text((8, 0x1150), b"UI", common::CT), text((8, 0x1155), b"UI", "1.2.3.4.5.1")];
    let description = content("TEXT", "113012", vec![value("TEXT", "Yamada Hanako, Dr Suzuki")]);
    let image = vec![
        text((0x40, 0xA010), b"CS", "CONTAINS"),
        text((0x40, 0xA040), b"CS", "IMAGE"),
        sequence((8, 0x1199), vec![referenced]),
    ];
    let source = file(&document(&format!("{STORAGE}88.59"), vec![description, image]), true);
    let profile = of("research", Descriptors::Strict);
    assert_eq!(verdict(&profile, &source), "clean");
    let out = written(&outcome(&profile, &source), &source);
    assert!(!holds(&out, "Yamada") && !holds(&out, "Suzuki"));
    let ds = parsed(&out);
    let own = text_at(&ds, &[(8, 0x18)]).unwrap();
    assert_eq!(out.windows(own.len()).filter(|w| *w == own.as_bytes()).count(), 3, "meta, itself, the reference");
}

#[test]
fn segments_are_named_by_words_or_numbers() {
    let segment = |number: u8, label: &str, words: &str| {
        vec![
            bytes((0x62, 4), b"US", &[number, 0]),
            text((0x62, 5), b"LO", label),
            text((0x62, 6), b"ST", words),
            text((0x62, 8), b"CS", "MANUAL"),
        ]
    };
    let segments = vec![segment(1, "Liver", "Liver"), segment(2, "Yamada Hanako", "Yamada Hanako")];
    let source = file(&instance(&format!("{STORAGE}66.4"), vec![sequence((0x62, 2), segments)]), true);
    let profile = of("headers-only", Descriptors::Strict);
    let ds = parsed(&written(&outcome(&profile, &source), &source));
    let sequence = ds.find(None, Tag(0x62, 2)).unwrap();
    let labels: Vec<String> =
        ds.children(Some(sequence)).map(|item| ds.text(ds.find(Some(item), Tag(0x62, 5)).unwrap()).unwrap()).collect();
    assert_eq!(labels, ["Liver", "Segment 2"]);
    assert_eq!(verdict(&of("research", Descriptors::Strict), &source), "face-not-checked");
}

#[test]
fn structure_sets_and_plans_lose_what_staff_call_things() {
    let roi = vec![
        text((0x3006, 0x22), b"IS", "1"),
        text((0x3006, 0x26), b"LO", "Yamada GTV"),
        text((0x3006, 0x28), b"ST", "Yamada"),
    ];
    let set = instance(
        &format!("{STORAGE}481.3"),
        vec![text((0x3006, 2), b"SH", "Yamada"), sequence((0x3006, 0x20), vec![roi])],
    );
    let beam = vec![text((0x300A, 0xC2), b"LO", "Yamada AP"), text((0x300A, 0xB2), b"SH", "Linac Suzuki")];
    let plan = instance(
        &format!("{STORAGE}481.5"),
        vec![text((0x300A, 2), b"SH", "Yamada"), sequence((0x300A, 0xB0), vec![beam])],
    );
    let dose = instance(&format!("{STORAGE}481.2"), vec![text((0x3004, 6), b"LO", "for Yamada")]);
    let profile = of("headers-only", Descriptors::Strict);
    for items in [set, plan, dose] {
        let source = file(&items, true);
        let out = written(&outcome(&profile, &source), &source);
        assert!(!holds(&out, "Yamada") && !holds(&out, "Suzuki"));
    }
}

#[test]
fn functional_groups_and_images_of_all_kinds_are_walked() {
    let frame = vec![
        sequence(
            (0x20, 0x9111),
            vec![vec![text((0x20, 0x9158), b"LT", "Yamada"), text((0x20, 0x9453), b"LO", "Yamada")]],
        ),
        sequence((8, 0x9124), vec![vec![sequence((8, 0x2112), vec![vec![text((8, 0x1155), b"UI", "1.2.3.4.5.9")]])]]),
    ];
    let profile = of("headers-only", Descriptors::Strict);
    for class in ["4.1", "2.1", "30", "128.1", "20", "128", "66.6"] {
        let uid = format!("{STORAGE}{class}");
        let class = if sop_class::find(&uid).is_some() { uid } else { common::CT.to_owned() };
        let more = vec![
            sequence((0x5200, 0x9229), vec![frame.clone()]),
            sequence((0x5200, 0x9230), vec![frame.clone(), frame.clone()]),
            text((0x54, 0x400), b"SH", "Yamada"),
            sequence((0x54, 0x22), vec![vec![text((0x54, 0x400), b"SH", "Yamada")]]),
        ];
        let source = file(&instance(&class, more), true);
        let out = written(&outcome(&profile, &source), &source);
        assert!(!holds(&out, "Yamada") && !holds(&out, "1.2.3.4.5.9"), "{class}");
    }
}

#[test]
fn documents_are_left_out_where_the_policy_says_so() {
    let of = |documents: DocumentRule| {
        profile_of(Policy { documents, ..shipped("headers-only").unwrap() }, &common::KEY, "")
    };
    let (pdf, cda, model) = (Wrapped::Drop, WrappedCda::Drop, Wrapped::Drop);
    let profiles = [
        of(DocumentRule { pdf, ..DocumentRule::default() }),
        of(DocumentRule { cda, ..DocumentRule::default() }),
        of(DocumentRule { model, ..DocumentRule::default() }),
        of(DocumentRule { pdf, cda, model }),
    ];
    let kinds = [("104.1", [true, false, false, true]), ("104.2", [false, true, false, true])];
    let models = ["104.3", "104.4", "104.5"].map(|class| (class, [false, false, true, true]));
    let private = [("1.2.40.0.13.1.5.1.4.1.1.104.1", [false; 4])];
    for (class, drops) in kinds.into_iter().chain(models).chain(private) {
        let uid = if class.len() > 5 { class.to_owned() } else { format!("{STORAGE}{class}") };
        let source = file(&instance(&uid, vec![]), true);
        for (profile, dropped) in profiles.iter().zip(drops) {
            let row = scan::scan(profile, &source, "a.dcm");
            let planned = plan::plan(profile, &[row], None).remove(0);
            let wanted =
                if dropped { (Scope::Skipped, "document-dropped") } else { (Scope::Refused, "document-embedded") };
            assert_eq!((planned.verdict, planned.reason.code()), wanted, "{uid}");
        }
    }
}

#[test]
fn what_cannot_be_cleaned_never_leaves() {
    let profile = of("headers-only", Descriptors::Strict);
    for (class, reason) in [
        ("104.1", "document-embedded"),
        ("104.2", "document-embedded"),
        ("104.3", "document-embedded"),
        ("66", "sop-class-refused"),
        ("9.4.1", "sop-class-refused"),
        ("9.4.2", "sop-class-refused"),
        ("8", "sop-class-refused"),
        ("9", "sop-class-refused"),
        ("88.1", "sop-class-refused"),
    ] {
        let source = file(&instance(&format!("{STORAGE}{class}"), vec![]), true);
        assert_eq!(verdict(&profile, &source), reason, "{class}");
    }
    let mut policy = shipped("headers-only").unwrap();
    policy.classes.insert("encapsulated document".to_owned(), ClassRule::Pass);
    policy.classes.insert("report SR, trial".to_owned(), ClassRule::Pass);
    let open = profile_of(policy, &common::KEY, "");
    for class in ["104.1", "104.2", "88.1"] {
        let source = file(&instance(&format!("{STORAGE}{class}"), vec![]), true);
        assert_ne!(verdict(&open, &source), "clean", "{class}");
    }
}
