//! Text that is cleaned instead of going (PS3.15 E.3.5): every attribute that the option names, every character set that
//! Japanese hospitals have, and that nothing but instance and policy decides what stays.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::{
    CT, Item, bytes, file, holds, instance, outcome, parsed, profile_with, run, sequence, text, text_at, value_at,
};
use tokumei_deid::policy::Descriptors;
use tokumei_deid::tables::e1_1::{self, Row};
use tokumei_deid::tables::iod::{self, LegalAction};
use tokumei_deid::tables::{Code, OptionColumn, sop_class};
use tokumei_deid::transform::changes;
use tokumei_deid::{Profile, transform};
use tokumei_dicom::charset::CharacterSet;
use tokumei_dicom::{DataSet, Tag};

const UTF_8: (u16, u16) = (0x08, 0x05);
const PATIENT: (u16, u16) = (0x10, 0x10);
const STUDY: (u16, u16) = (0x08, 0x1030);
const SERIES: (u16, u16) = (0x08, 0x103E);
const COMMENTS: (u16, u16) = (0x20, 0x4000);
const AGENT: (u16, u16) = (0x18, 0x10);
/// A sequence that no rule names, to nest in.
const AROUND: (u16, u16) = (0x08, 0x1115);

const PN: &str = "Yamada^Hanako=山田^花子=やまだ^はなこ";
const WITH_NAME: &str = "頭部単純CT 山田花子様";
const WITHOUT: &str = "頭部単純CT";
const HARMLESS: &str = "胸部CT";

fn profile_of(descriptors: Descriptors) -> Profile {
    profile_with(|p| {
        p.options = vec![OptionColumn::CleanDescriptors];
        p.descriptors = descriptors;
    })
}

fn in_utf8(more: Vec<Item>) -> Vec<u8> {
    let mut all = vec![text(UTF_8, b"CS", "ISO_IR 192"), text(PATIENT, b"PN", PN)];
    all.extend(more);
    file(&instance(CT, all), true)
}

/// A text attribute as it leaves.
fn read_at(ds: &DataSet, tag: (u16, u16)) -> String {
    let index = ds.find(None, Tag(tag.0, tag.1)).expect("the attribute is gone");
    ds.read_text(index).expect("the text does not decode").as_str().trim_end().to_owned()
}

/// A class in whose IOD the row's Type decides, else CT.
fn home(row: &Row) -> (&'static str, Option<LegalAction>) {
    let of = |c: &sop_class::SopClass| c.iod.and_then(|iod| iod::types(row.tag, &[], iod));
    let found = sop_class::all().iter().find_map(|c| of(c).map(|t| (c.uid, Some(t.legal_action))));
    found.unwrap_or((CT, None))
}

fn planted(row: &Row) -> Item {
    let tag = (row.tag.0, row.tag.1);
    match &row.vr {
        b"SQ" => sequence(tag, vec![vec![text(STUDY, b"LO", WITH_NAME), text((8, 0x60), b"CS", "OT")]]),
        b"OB" => bytes(tag, b"OB", WITH_NAME.as_bytes()),
        vr => text(tag, vr, WITH_NAME),
    }
}

#[test]
fn every_row_that_the_option_names() {
    let mut rows = 0;
    for row in e1_1::rows().filter(|r| r.option(OptionColumn::CleanDescriptors) == Some(Code::C)) {
        let tag = (row.tag.0, row.tag.1);
        let (class, legal) = home(row);
        let what = format!("{} {}", row.tag, row.keyword());
        let utf8 = |more| {
            let mut all = vec![text(UTF_8, b"CS", "ISO_IR 192"), text(PATIENT, b"PN", PN)];
            all.push(more);
            all
        };
        let top = file(&instance(class, utf8(planted(row))), true);
        let nested = sequence(AROUND, vec![vec![planted(row), text((8, 0x64), b"CS", "WSD")]]);
        let deep = file(&instance(CT, utf8(nested)), true);
        for descriptors in [Descriptors::Strict, Descriptors::Clean, Descriptors::Remove] {
            let profile = profile_of(descriptors);
            let cleans = descriptors != Descriptors::Remove && !matches!(&row.vr, b"OB" | b"CS");
            for (source, path) in [(&top, vec![tag]), (&deep, vec![AROUND, tag])] {
                let out = run(&profile, source);
                let ds = parsed(&out);
                assert!(!holds(&out, "山田") && !holds(&out, "花子"), "{what} {descriptors:?}");
                assert_eq!(holds(&out, WITHOUT), cleans, "{what} {descriptors:?}");
                if !cleans && path.len() == 1 && legal.is_none() && row.basic == Code::X {
                    assert!(value_at(&ds, &path).is_none(), "{what} {descriptors:?}: still there");
                }
                if cleans && &row.vr != b"SQ" {
                    assert_eq!(text_at(&ds, &path).as_deref(), Some(WITHOUT), "{what} {descriptors:?}");
                }
            }
        }
        rows += 1;
    }
    assert_eq!(rows, 140);
}

#[test]
fn what_nothing_stays_of_goes_as_its_type_says() {
    let name = "山田花子";
    for descriptors in [Descriptors::Strict, Descriptors::Clean] {
        let source = in_utf8(vec![text(SERIES, b"LO", name), text(AGENT, b"LO", name), text((0x20, 0x27), b"LO", "")]);
        let ds = parsed(&run(&profile_of(descriptors), &source));
        assert_eq!(text_at(&ds, &[SERIES]), None, "Type 3");
        assert_eq!(text_at(&ds, &[AGENT]).as_deref(), Some(""), "Type 2");
        assert_eq!(text_at(&ds, &[(0x20, 0x27)]).as_deref(), Some(""), "empty before");
        let plan = "1.2.840.10008.5.1.4.1.1.481.5";
        let source = file(&instance(plan, vec![text((0x300A, 2), b"SH", "Hanako Yamada")]), true);
        let ds = parsed(&run(&profile_of(descriptors), &source));
        assert_eq!(text_at(&ds, &[(0x300A, 2)]).as_deref(), Some("ANONYMIZED"), "Type 1");
    }
}

#[test]
fn values_keep_their_places() {
    let source = in_utf8(vec![text((0x08, 0x1080), b"LO", "肺癌 \\山田花子\\頭部 山田様")]);
    for descriptors in [Descriptors::Strict, Descriptors::Clean] {
        let ds = parsed(&run(&profile_of(descriptors), &source));
        assert_eq!(text_at(&ds, &[(0x08, 0x1080)]).as_deref(), Some("肺癌 \\\\頭部"));
    }
}

/// Bytes of the texts in one encoding: name, description with it, description without.
struct Written {
    name: Vec<u8>,
    described: Vec<u8>,
    harmless: Vec<u8>,
}

fn jis(set: &[u8]) -> Written {
    let set = CharacterSet::from_value(set);
    Written {
        name: set.encode("Yamada^Hanako=山田^花子", *b"PN").unwrap(),
        described: set.encode(WITH_NAME, *b"LO").unwrap(),
        harmless: set.encode(HARMLESS, *b"LO").unwrap(),
    }
}

fn shift_jis() -> Written {
    Written {
        name: b"\x8ER\x93c^\x89\xD4\x8Eq".to_vec(),
        described: b"\x93\xAA\x95\x94\x92P\x8F\x83CT \x8ER\x93c\x89\xD4\x8Eq\x97l".to_vec(),
        harmless: b"\x8B\xB9\x95\x94CT".to_vec(),
    }
}

fn euc_jp() -> Written {
    Written {
        name: b"\xBB\xB3\xC5\xC4^\xB2\xD6\xBB\xD2".to_vec(),
        described: b"\xC6\xAC\xC9\xF4\xC3\xB1\xBD\xE3CT \xBB\xB3\xC5\xC4\xB2\xD6\xBB\xD2\xCD\xCD".to_vec(),
        harmless: b"\xB6\xBB\xC9\xF4CT".to_vec(),
    }
}

fn utf_8() -> Written {
    let name = "Yamada^Hanako=山田^花子".as_bytes().to_vec();
    Written { name, described: WITH_NAME.as_bytes().to_vec(), harmless: HARMLESS.as_bytes().to_vec() }
}

fn in_set(declared: Option<&str>, written: &Written) -> Vec<u8> {
    let mut all = vec![
        bytes(PATIENT, b"PN", &written.name),
        bytes(STUDY, b"LO", &written.described),
        bytes(SERIES, b"LO", &written.described),
        bytes(COMMENTS, b"LT", &written.described),
        bytes(AGENT, b"LO", &written.harmless),
        sequence(AROUND, vec![vec![bytes(SERIES, b"LO", &written.described)]]),
    ];
    all.extend(declared.map(|d| text(UTF_8, b"CS", d)));
    file(&instance(CT, all), true)
}

fn holds_bytes(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|w| w == needle)
}

/// Cleans by both ways; yields what left of it.
fn check(declared: Option<&str>, written: &Written, name: &[&[u8]]) -> Vec<Vec<u8>> {
    let source = in_set(declared, written);
    let clean = |descriptors| {
        let what = format!("{declared:?} {descriptors:?}");
        let out = run(&profile_of(descriptors), &source);
        let ds = parsed(&out);
        for tag in [STUDY, SERIES, COMMENTS] {
            assert_eq!(read_at(&ds, tag), WITHOUT, "{what}");
        }
        assert_eq!(read_at(&ds, AGENT), HARMLESS, "{what}");
        for name in name {
            assert!(!holds_bytes(&out, name), "{what}: the name is left");
        }
        out
    };
    [Descriptors::Strict, Descriptors::Clean].map(clean).to_vec()
}

const JIS_NAMES: [&[u8]; 2] = [b";3ED", b"2V;R"];
const SJIS_NAMES: [&[u8]; 2] = [b"\x8ER\x93c", b"\x89\xD4\x8Eq"];
const EUC_NAMES: [&[u8]; 2] = [b"\xBB\xB3\xC5\xC4", b"\xB2\xD6\xBB\xD2"];

#[test]
fn declared_sets_keep_their_bytes() {
    for declared in [
        "\\ISO 2022 IR 87",
        "ISO 2022 IR 6\\ISO 2022 IR 87",
        "ISO 2022 IR 13\\ISO 2022 IR 87",
        "\\ISO 2022 IR 13\\ISO 2022 IR 87",
        "\\ISO 2022 IR 87\\ISO 2022 IR 159",
    ] {
        let written = jis(declared.as_bytes());
        for out in check(Some(declared), &written, &JIS_NAMES) {
            let ds = parsed(&out);
            assert_eq!(text_at(&ds, &[UTF_8]).as_deref(), Some(declared));
            assert!(value_at(&ds, &[AGENT]).unwrap().starts_with(&written.harmless));
            assert!(written.described.starts_with(&value_at(&ds, &[STUDY]).unwrap()[..8]), "{declared}");
        }
    }
    for out in check(Some("ISO_IR 192"), &utf_8(), &["山田".as_bytes(), "花子".as_bytes()]) {
        assert_eq!(text_at(&parsed(&out), &[UTF_8]).as_deref(), Some("ISO_IR 192"));
    }
}

#[test]
fn what_breaks_its_declaration_leaves_as_utf8() {
    let (sjis, euc, utf8) = (shift_jis(), euc_jp(), utf_8());
    let escapes = jis(b"\\ISO 2022 IR 87");
    let sets =
        [None, Some(""), Some("ISO_IR 100"), Some("ISO_IR 13"), Some("ISO 2022 IR 13"), Some("\\ISO 2022 IR 87")];
    for declared in sets {
        for (written, names) in [(&sjis, &SJIS_NAMES), (&euc, &EUC_NAMES)] {
            for out in check(declared, written, names) {
                let ds = parsed(&out);
                let set = value_at(&ds, &[UTF_8]).unwrap();
                if set.starts_with(b"ISO_IR 192") {
                    assert!(value_at(&ds, &[AGENT]).unwrap().starts_with(HARMLESS.as_bytes()), "{declared:?}");
                } else {
                    // Declared kanji: the cleaned values were written as it says.
                    assert_eq!(set, b"\\ISO 2022 IR 87 ");
                }
            }
        }
        check(declared, &utf8, &["山田".as_bytes(), "花子".as_bytes()]);
    }
    for declared in ["ISO 2022 IR 87", "ISO_IR 87", "iso 2022 ir 6\\iso 2022 ir 87", "ISO_IR 13\\ISO 2022 IR 87"] {
        check(Some(declared), &escapes, &JIS_NAMES);
    }
    check(None, &escapes, &JIS_NAMES);
    check(Some("ISO_IR 100"), &escapes, &JIS_NAMES);
}

/// We read what is declared in other letters than PS3.3 has, other readers do not: what changes leaves readable to all.
#[test]
fn what_is_declared_wrongly_leaves_as_utf8() {
    let (escapes, utf8) = (jis(b"\\ISO 2022 IR 87"), utf_8());
    let as_utf8 = ["iso_ir 192", "ISO 2022 IR 192", "ISO_IR192", "UTF8", "ISO_IR 192\\YAMADA"];
    let as_escapes = ["\\iso 2022 ir 87", "\\ISO_2022_IR_87", "ISO_IR 87", "ISO_IR 13\\ISO_IR 87"];
    let all = as_utf8.iter().map(|d| (d, &utf8)).chain(as_escapes.iter().map(|d| (d, &escapes)));
    for (declared, written) in all {
        for out in check(Some(declared), written, &["山田".as_bytes(), "花子".as_bytes()]) {
            let ds = parsed(&out);
            assert_eq!(text_at(&ds, &[UTF_8]).as_deref(), Some("ISO_IR 192"), "{declared}");
            assert!(value_at(&ds, &[AGENT]).unwrap().starts_with(HARMLESS.as_bytes()), "{declared}");
        }
    }
    // What does not change stays as it was declared.
    let source = file(&instance(CT, vec![text(UTF_8, b"CS", "iso_ir 192"), bytes(AGENT, b"LO", b"water")]), true);
    let out = run(&profile_of(Descriptors::Clean), &source);
    assert_eq!(text_at(&parsed(&out), &[UTF_8]).as_deref(), Some("iso_ir 192"));
}

#[test]
fn a_whole_instance_becomes_utf8_where_a_cleaned_text_needs_it() {
    let latin = |tag, vr, value: &[u8]| bytes(tag, vr, value);
    let source = file(
        &instance(
            CT,
            vec![
                text(UTF_8, b"CS", "ISO_IR 100"),
                latin(AGENT, b"LO", b"caf\xE9"),
                bytes(STUDY, b"LO", &shift_jis().described),
                sequence(AROUND, vec![vec![text(UTF_8, b"CS", "ISO_IR 192"), text(SERIES, b"LO", HARMLESS)]]),
            ],
        ),
        true,
    );
    let out = run(&profile_of(Descriptors::Clean), &source);
    let ds = parsed(&out);
    assert_eq!(text_at(&ds, &[UTF_8]).as_deref(), Some("ISO_IR 192"));
    assert_eq!(text_at(&ds, &[AGENT]).as_deref(), Some("café"));
    assert_eq!(value_at(&ds, &[AROUND, UTF_8]), None);
    assert_eq!(text_at(&ds, &[AROUND, SERIES]).as_deref(), Some(HARMLESS));
}

#[test]
fn unreadable_text_never_passes() {
    let broken: &[u8] = b"\x93\xAA \xFD\xFE\xFF";
    let source = in_utf8(vec![bytes(STUDY, b"LO", broken), bytes((0x10, 0x2160), b"SH", broken)]);
    for descriptors in [Descriptors::Strict, Descriptors::Clean] {
        let out = run(&profile_of(descriptors), &source);
        assert!(value_at(&parsed(&out), &[STUDY]).is_none());
        // What an option keeps as it is, and cannot be read, holds the instance.
        let keeps = profile_with(|p| {
            p.options = vec![OptionColumn::CleanDescriptors, OptionColumn::RtnPatientChars];
            p.descriptors = descriptors;
        });
        let held = outcome(&keeps, &source);
        assert_eq!((held.reason.code(), held.tag.as_deref()), ("text-undecodable", Some("0010,2160")));
    }
    // A kept text that cannot be written anew forbids the change of the character set.
    let keeps = profile_with(|p| {
        p.options = vec![OptionColumn::CleanDescriptors];
        p.descriptors = Descriptors::Clean;
    });
    let hidden = [&shift_jis().described[..], b"\0old"].concat();
    let source = file(&instance(CT, vec![bytes(STUDY, b"LO", &hidden)]), true);
    assert_eq!(read_at(&parsed(&run(&keeps, &source)), STUDY), format!("{WITHOUT} 様").trim_end_matches(" 様"));
}

#[test]
fn dates_in_text_move_with_their_patient_or_go() {
    let description = "前回 20240305 と比較";
    let source = in_utf8(vec![text(STUDY, b"LO", description), text((8, 0x20), b"DA", "20240305")]);
    let moved = profile_with(|p| {
        p.options = vec![OptionColumn::CleanDescriptors, OptionColumn::RtnLongModifiedDates];
        p.descriptors = Descriptors::Clean;
    });
    let ds = parsed(&run(&moved, &source));
    let date = text_at(&ds, &[(8, 0x20)]).unwrap();
    assert_ne!(date, "20240305");
    assert_eq!(text_at(&ds, &[STUDY]).unwrap(), description.replace("20240305", &date));
    let gone = parsed(&run(&profile_of(Descriptors::Clean), &source));
    assert!(!text_at(&gone, &[STUDY]).unwrap().contains("2024"));
}

#[test]
fn names_come_from_every_place_of_the_instance() {
    let inner = vec![text((0x08, 0x1048), b"PN", "Kuroki^Jun=黒木^純")];
    let source = in_utf8(vec![
        sequence(AROUND, vec![inner]),
        text((0x09, 0x10), b"LO", "SOME VENDOR"),
        text((0x09, 0x1001), b"PN", "Zaizen^Goro=財前^五郎"),
        text((0x08, 0x80), b"LO", "浪速総合病院"),
        text((0x10, 0x1040), b"LO", "架空県例示町1-2"),
        text((0x10, 0x2154), b"SH", "03-1234-5678"),
        text(STUDY, b"LO", "胸部CT 黒木 財前五郎 浪速総合病院"),
        text(COMMENTS, b"LT", "例示町1-2 0312345678 P-778899"),
    ]);
    let out = run(&profile_of(Descriptors::Clean), &source);
    let ds = parsed(&out);
    assert_eq!(text_at(&ds, &[STUDY]).as_deref(), Some(HARMLESS));
    for name in ["黒木", "財前", "浪速", "例示町", "12345678", "778899"] {
        assert!(!holds(&out, name), "{name}");
    }
}

#[test]
fn harmless_words_go_where_somebody_is_called_so() {
    let named = |name: &str, description: &str| {
        let all = vec![text(PATIENT, b"PN", name), text(SERIES, b"LO", description)];
        file(&instance(CT, all), true)
    };
    for descriptors in [Descriptors::Strict, Descriptors::Clean] {
        let left =
            |name, description| text_at(&parsed(&run(&profile_of(descriptors), &named(name, description))), &[SERIES]);
        assert_eq!(left("Head^Demo", "HEAD Routine 5.0").as_deref(), Some("Routine 5.0"));
        assert_eq!(left("Chest^Demo", "Chest"), None);
        assert_eq!(left("Smith^Demo", "HEAD Routine 5.0").as_deref(), Some("HEAD Routine 5.0"));
    }
}

#[test]
fn meanings_of_codes() {
    let code = |scheme: &str, value: &str, meaning: &str| {
        vec![text((8, 0x100), b"SH", value), text((8, 0x102), b"SH", scheme), text((8, 0x104), b"LO", meaning)]
    };
    let source = in_utf8(vec![
        sequence((0x08, 0x1084), vec![code("SCT", "12345", "頭部 山田花子様")]),
        sequence((0x08, 0x1032), vec![code("JJ1017-16P", "1000000200010300", WITH_NAME)]),
        sequence((0x32, 0x1064), vec![code("JJ1017", "1A00000200010300", WITHOUT)]),
        sequence((0x08, 0x1301), vec![code("99HOSP", "77", WITH_NAME)]),
        sequence((0x08, 0x1302), vec![code("99HOSP", "78", "山田花子")]),
    ]);
    for descriptors in [Descriptors::Strict, Descriptors::Clean] {
        let out = run(&profile_of(descriptors), &source);
        let ds = parsed(&out);
        assert!(!holds(&out, "山田"));
        assert_eq!(text_at(&ds, &[(0x08, 0x1084), (8, 0x104)]).as_deref(), Some("頭部"));
        assert_eq!(text_at(&ds, &[(0x08, 0x1301), (8, 0x104)]).as_deref(), Some(WITHOUT), "a local scheme");
        assert_eq!(text_at(&ds, &[(0x08, 0x1301), (8, 0x100)]).as_deref(), Some("ANONYMIZED"));
        assert_eq!(text_at(&ds, &[(0x08, 0x1302), (8, 0x104)]).as_deref(), Some("ANONYMIZED"), "nothing stays");
        assert!(value_at(&ds, &[(0x32, 0x1064)]).is_none(), "letters mark a local code");
    }
}

#[test]
fn marks_and_changes_say_what_was_done() {
    let source = in_utf8(vec![text(STUDY, b"LO", WITH_NAME), text(SERIES, b"LO", HARMLESS)]);
    for (descriptors, method) in
        [(Descriptors::Strict, "descriptors strict"), (Descriptors::Clean, "descriptors clean")]
    {
        let profile = profile_of(descriptors);
        let out = run(&profile, &source);
        assert!(holds(&out, "113105") && holds(&out, method));
        let changes = changes(&profile, &source, "").unwrap();
        let of = |path: &str| changes.iter().find(|c| c.path == path).expect("no change");
        let study = of("0008,1030");
        assert_eq!((study.before.as_deref(), study.after.as_deref()), (Some(WITH_NAME), Some(WITHOUT)));
        assert_eq!((study.section, of("0008,103E").after.as_deref()), ("PS3.15 E.3.5", Some(HARMLESS)));
    }
    let out = run(&profile_of(Descriptors::Remove), &source);
    assert!(!holds(&out, "113105") && !holds(&out, "descriptors"));
    for written in [jis(b"\\ISO 2022 IR 87"), shift_jis()] {
        let source = in_set(Some("\\ISO 2022 IR 87"), &written);
        let changes = changes(&profile_of(Descriptors::Clean), &source, "").unwrap();
        let study = changes.iter().find(|c| c.path == "0008,1030").unwrap();
        assert_eq!((study.before.as_deref(), study.after.as_deref()), (Some(WITH_NAME), Some(WITHOUT)));
    }
}

#[test]
fn what_came_before_changes_nothing() {
    // Nothing but the instance itself tells this to be an ID.
    let description = "胸部CT P778899";
    let one = in_utf8(vec![text(STUDY, b"LO", description)]);
    let mut other = vec![text(UTF_8, b"CS", "ISO_IR 192"), text(PATIENT, b"PN", "Sato^Ichiro=佐藤^一郎")];
    other.extend([text(STUDY, b"LO", description), text((0x10, 0x20), b"LO", "Q-1")]);
    let other = file(&instance(CT, other), true);
    for descriptors in [Descriptors::Strict, Descriptors::Clean] {
        let alone = run(&profile_of(descriptors), &one);
        assert_eq!(text_at(&parsed(&alone), &[STUDY]).as_deref(), Some(HARMLESS));
        let shared = profile_of(descriptors);
        for source in [&other, &one, &other, &one, &one] {
            let out = run(&shared, source);
            assert_eq!(out == alone, std::ptr::eq(source, &raw const one));
        }
        // Cleaning what was cleaned changes no text.
        let again = run(&shared, &alone);
        assert_eq!(text_at(&parsed(&again), &[STUDY]), text_at(&parsed(&alone), &[STUDY]));
    }
}

mod properties {
    use super::{Descriptors, SERIES, in_utf8, parsed, profile_of, run, text, transform, value_at};
    use proptest::prelude::*;

    const NAMES: [&str; 6] = ["山田花子", "山田　花子", "YAMADA HANAKO", "ﾔﾏﾀﾞ ﾊﾅｺ", "P-778899", "P778899"];
    const FILL: [&str; 10] = ["頭部", "CT", "造影", " ", "・", "様", "、", "3mm", "x", "\u{3000}"];

    fn any_text() -> impl Strategy<Value = String> {
        let part = prop_oneof![
            prop::sample::select(NAMES.to_vec()).prop_map(str::to_owned),
            prop::sample::select(FILL.to_vec()).prop_map(str::to_owned),
            "[a-zA-Z0-9ぁ-んァ-ヶ一-龠 ]{0,4}",
        ];
        prop::collection::vec(part, 0..8).prop_map(|parts| parts.join(" "))
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn no_value_of_the_instance_is_left(description in any_text()) {
            let source = in_utf8(vec![text(SERIES, b"LO", &description)]);
            for descriptors in [Descriptors::Strict, Descriptors::Clean] {
                let out = run(&profile_of(descriptors), &source);
                prop_assert_eq!(&out, &run(&profile_of(descriptors), &source));
                let left = value_at(&parsed(&out), &[SERIES]).unwrap_or_default();
                let left = String::from_utf8(left).unwrap();
                for name in NAMES.into_iter().chain(["山田", "花子"]) {
                    prop_assert!(!left.contains(name), "{descriptors:?} {description:?} -> {left:?}");
                }
            }
        }

        #[test]
        fn any_bytes_in_a_description(description in prop::collection::vec(any::<u8>(), 0..64)) {
            let source = in_utf8(vec![super::bytes(SERIES, b"LO", &description)]);
            for descriptors in [Descriptors::Strict, Descriptors::Clean] {
                let outcome = transform::transform(&profile_of(descriptors), &source, "");
                prop_assert!(matches!(outcome.reason.code(), "clean" | "text-undecodable"));
            }
        }
    }
}
