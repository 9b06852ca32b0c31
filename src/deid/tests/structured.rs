//! Structured content (PS3.15 E.3.4): every row of Table E.3.4-1, every value type, trees as they were.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;
mod shared;
mod trees;

use common::{
    Item, file, holds, instance, outcome, parsed, profile_of, profile_with, sequence, text, text_at, written,
};
use tokumei_deid::policy::{BirthDate, ClassRule, Descriptors, shipped};
use tokumei_deid::tables::content_items::{self, ValueType};
use tokumei_deid::tables::e1_1::Source;
use tokumei_deid::tables::{OptionColumn, OptionSet};
use tokumei_deid::{Profile, scan, transform};
use tokumei_dicom::{DataSet, Tag};
use trees::{Content, code, content, document, item, measured, value};

const DOSE: &str = "1.2.840.10008.5.1.4.1.1.88.67";
const TEXT_SR: &str = "1.2.840.10008.5.1.4.1.1.88.11";

fn with(descriptors: Descriptors) -> Profile {
    let mut policy = shipped("headers-only").unwrap();
    policy.descriptors = descriptors;
    profile_of(policy, &common::KEY, "")
}

fn strict() -> Profile {
    with(Descriptors::Strict)
}

fn tree(items: Vec<Content>) -> Vec<u8> {
    file(&document(DOSE, items), true)
}

fn run(profile: &Profile, source: &Vec<u8>) -> DataSet {
    parsed(&written(&outcome(profile, source), source))
}

/// The value of the nth content item.
fn nth(ds: &DataSet, n: usize, tag: (u16, u16)) -> Option<String> {
    let content = ds.find(None, Tag(0x40, 0xA730)).unwrap();
    let item = ds.children(Some(content)).nth(n).unwrap();
    let index = ds.find(Some(item), Tag(tag.0, tag.1))?;
    Some(ds.text(index).unwrap_or_default())
}

#[test]
fn every_row_of_table_e3_4_1_under_every_option() {
    let table = include_str!("../data/content_items.tsv");
    let mut lines = table.lines();
    let head: Vec<&str> = lines.next().unwrap().split('\t').collect();
    let mut rows = 0;
    for line in lines {
        let cells: Vec<&str> = line.split('\t').chain(std::iter::repeat("")).take(head.len()).collect();
        let cell = |name: &str| cells[head.iter().position(|h| *h == name).unwrap()];
        let value_type = ValueType::from_term(cell("value_type")).unwrap();
        let mut names = vec![(cell("scheme"), cell("code"))];
        if !cell("retired_snomed_rt_code").is_empty() {
            names.extend(["SRT", "SNM3", "99SDM"].map(|s| (s, cell("retired_snomed_rt_code"))));
        }
        for (scheme, code) in names {
            let row = content_items::find(scheme, code, value_type).unwrap();
            assert_eq!(row.effective(OptionSet::NONE).0.as_str(), cell("basic"), "{line}");
            for column in OptionColumn::ALL {
                let wanted = if head.contains(&column.name()) { cell(column.name()) } else { "" };
                let (found, source) = row.effective(OptionSet::NONE.with(column).with_text_cleaning());
                let found = if source == Source::Basic { "" } else { found.as_str() };
                assert_eq!(found, wanted, "{line}");
                assert_eq!(row.has(column), !wanted.is_empty());
            }
        }
        rows += 1;
    }
    assert_eq!(rows, 214);
    assert!(content_items::find("DCM", "121071", ValueType::Num).is_none());
    assert!(content_items::find("99X", "121071", ValueType::Text).is_none());
}

#[test]
fn no_name_stays_and_no_item_goes() {
    let source = tree(vec![
        content("PNAME", "121008", vec![value("PNAME", "Suzuki^Ichiro")]),
        content("PNAME", "121029", vec![value("PNAME", "Yamada^Hanako")]),
        content("PNAME", "999999", vec![value("PNAME", "Sato^Jiro")]),
        content("UIDREF", "121012", vec![value("UIDREF", "1.2.3.4.5.2")]),
        content("TEXT", "121022", vec![value("TEXT", "AB-123456")]),
        content("TEXT", "121071", vec![value("TEXT", "")]),
    ]);
    let out = outcome(&strict(), &source);
    let patient = out.patient.clone().unwrap();
    let bytes = written(&out, &source);
    for gone in ["Suzuki", "Yamada", "Sato", "AB-123456", "1.2.3.4.5.2"] {
        assert!(!holds(&bytes, gone), "{gone}");
    }
    let ds = parsed(&bytes);
    assert_eq!(nth(&ds, 0, (0x40, 0xA123)).unwrap(), "ANONYMIZED");
    assert_eq!(nth(&ds, 1, (0x40, 0xA123)).unwrap(), patient);
    assert_eq!(nth(&ds, 2, (0x40, 0xA123)).unwrap(), "ANONYMIZED");
    assert_eq!(nth(&ds, 3, (0x40, 0xA124)), text_at(&ds, &[(0x20, 0x0D)]), "the study's new UID");
    assert_eq!(nth(&ds, 4, (0x40, 0xA160)).unwrap(), "ANONYMIZED");
    assert_eq!(nth(&ds, 5, (0x40, 0xA160)).unwrap(), "");
    assert!(holds(&bytes, "113104"), "the option is stated");
}

#[test]
fn dates_move_and_birth_dates_go() {
    let items = || {
        vec![
            content("DATE", "111060", vec![value("DATE", "20240610")]),
            content("DATETIME", "113809", vec![value("DATETIME", "20240610101112")]),
            content("TIME", "111061", vec![value("TIME", "101112")]),
            content("DATE", "121031", vec![value("DATE", "19600504")]),
            content("DATE", "999999", vec![value("DATE", "20240611")]),
            content("DATE", "111060", vec![value("DATE", "June 10")]),
        ]
    };
    let source = tree(items());
    let out = outcome(&strict(), &source);
    assert!(out.date_shift_days.unwrap() < 0);
    let ds = run(&strict(), &source);
    let date = |n| nth(&ds, n, (0x40, 0xA121)).unwrap();
    assert!(!date(0).starts_with("20240610") && date(0).len() == 8);
    assert!(nth(&ds, 1, (0x40, 0xA120)).unwrap().starts_with(&date(0)), "all dates by the same days");
    assert_eq!(nth(&ds, 2, (0x40, 0xA122)).unwrap(), "101112");
    assert_eq!(date(3), "19000101");
    assert_ne!(date(4), "20240611");
    assert_eq!(date(5), "19000101");
    let mut policy = shipped("headers-only").unwrap();
    policy.patient.birth_date = BirthDate::ShiftedYear;
    let ds = run(&profile_of(policy, &common::KEY, ""), &source);
    let year = nth(&ds, 3, (0x40, 0xA121)).unwrap();
    assert!(year.ends_with("0101") && !year.starts_with("1960") && !year.starts_with("1900"), "{year}");
    let full = profile_with(|p| {
        p.options = vec![OptionColumn::CleanStructuredContent, OptionColumn::RtnLongFullDates];
    });
    let ds = run(&full, &source);
    assert_eq!(nth(&ds, 0, (0x40, 0xA121)).unwrap(), "20240610");
    assert_eq!(nth(&ds, 3, (0x40, 0xA121)).unwrap(), "19000101", "no option keeps it");
    let none = profile_with(|p| p.options = vec![OptionColumn::CleanStructuredContent]);
    let ds = run(&none, &source);
    assert_eq!(nth(&ds, 0, (0x40, 0xA121)).unwrap(), "19000101");
    assert_eq!(nth(&ds, 1, (0x40, 0xA120)).unwrap(), "19000101000000");
}

#[test]
fn characteristics_of_the_patient_go_without_their_option() {
    let items = || {
        vec![
            content("CODE", "121032", vec![sequence((0x40, 0xA168), vec![code("M", "DCM", "Male")])]),
            content("NUM", "121033", vec![measured("93", "a")]),
            content("NUM", "121033", vec![measured("1200", "mo")]),
            content("NUM", "121033", vec![measured("45.5", "a")]),
            content("NUM", "121033", vec![measured("9.3E1", "a")]),
            item("NUM", code("C67447", "NCIt", "x"), vec![measured("7", "1")]),
            item("NUM", code("C54627", "NCIt", "Experience"), vec![measured("7", "a")]),
        ]
    };
    let source = tree(items());
    let number = |ds: &DataSet, n: usize| {
        let content = ds.find(None, Tag(0x40, 0xA730)).unwrap();
        let item = ds.children(Some(content)).nth(n).unwrap();
        let measured = ds.find(Some(item), Tag(0x40, 0xA300)).unwrap();
        let value = ds.children(Some(measured)).next()?;
        ds.text(ds.find(Some(value), Tag(0x40, 0xA30A)).unwrap())
    };
    let ds = run(&strict(), &source);
    assert!(holds(&written(&outcome(&strict(), &source), &source), "Male"));
    let numbers: Vec<_> = (1..7).map(|n| number(&ds, n)).collect();
    let wanted = [Some("90"), Some("1080"), Some("45.5"), Some("0"), Some("7"), None];
    assert_eq!(numbers, wanted.map(|n| n.map(str::to_owned)));
    let bare = profile_with(|p| p.options = vec![OptionColumn::CleanStructuredContent]);
    let bytes = written(&outcome(&bare, &source), &source);
    assert!(!holds(&bytes, "Male"));
    let ds = parsed(&bytes);
    assert_eq!((1..5).map(|n| number(&ds, n)).collect::<Vec<_>>(), [None, None, None, None]);
}

#[test]
fn texts_stay_where_they_are_harmless_and_never_empty() {
    let words = [("121071", "chest CT"), ("121071", "山田花子様"), ("999999", "頭部CT"), ("121106", "Yamada Hanako")];
    let items: Vec<Content> = words.iter().map(|(c, t)| content("TEXT", c, vec![value("TEXT", t)])).collect();
    let mut all = document(DOSE, items);
    all.push(text((8, 5), b"CS", "ISO_IR 192"));
    let source = file(&all, true);
    let ds = run(&strict(), &source);
    let texts: Vec<String> = (0..4).map(|n| nth(&ds, n, (0x40, 0xA160)).unwrap()).collect();
    assert_eq!(texts, ["chest CT", "ANONYMIZED", "頭部CT", "ANONYMIZED"]);
    let ds = run(&with(Descriptors::Remove), &source);
    let texts: Vec<String> = (0..4).map(|n| nth(&ds, n, (0x40, 0xA160)).unwrap()).collect();
    assert_eq!(texts, ["ANONYMIZED"; 4]);
}

#[test]
fn tracked_objects_stay_apart() {
    let tracked = |name: &str| content("TEXT", "112039", vec![value("TEXT", name)]);
    let names = ["Tool@1:Length 1", "Tool@1:Length 2", "Tool@1:Length 1", "Lung"];
    let ds = run(&strict(), &tree(names.map(tracked).to_vec()));
    let texts: Vec<String> = (0..4).map(|n| nth(&ds, n, (0x40, 0xA160)).unwrap()).collect();
    assert_eq!(texts, ["1", "2", "1", "Lung"]);
}

#[test]
fn makers_stay_and_serial_numbers_go() {
    let source = tree(vec![
        content("TEXT", "121014", vec![value("TEXT", "SIEMENS")]),
        content("TEXT", "113878", vec![value("TEXT", "Yamada Hanako")]),
        content("TEXT", "121016", vec![value("TEXT", "SN-445566")]),
        content("TEXT", "121017", vec![value("TEXT", "Room 3")]),
    ]);
    let ds = run(&strict(), &source);
    let texts: Vec<String> = (0..4).map(|n| nth(&ds, n, (0x40, 0xA160)).unwrap()).collect();
    assert_eq!(texts, ["SIEMENS", "ANONYMIZED", "ANONYMIZED", "ANONYMIZED"]);
    let mut policy = shipped("headers-only").unwrap();
    policy.descriptors = Descriptors::Strict;
    policy.options.push(OptionColumn::RtnDeviceId);
    policy.classes.insert("dose SR".to_owned(), ClassRule::Pass);
    let ds = run(&profile_of(policy, &common::KEY, ""), &source);
    assert_eq!(nth(&ds, 2, (0x40, 0xA160)).unwrap(), "SN-445566");
    assert_eq!(nth(&ds, 3, (0x40, 0xA160)).unwrap(), "ANONYMIZED", "another option keeps it");
}

#[test]
fn a_report_leaves_when_every_text_is_known_to_be_harmless() {
    let report = |words: &str| {
        let mut all = document(TEXT_SR, vec![content("TEXT", "121071", vec![value("TEXT", words)])]);
        all.push(text((8, 5), b"CS", "ISO_IR 192"));
        file(&all, true)
    };
    let reason = |profile: &Profile, words: &str| {
        let source = report(words);
        let row = scan::scan(profile, &source, "a.dcm");
        let planned = tokumei_deid::plan::plan(profile, &[row], None);
        assert!(planned[0].passes(), "the transform decides");
        let outcome = outcome(profile, &source);
        (outcome.reason.code(), outcome.tag)
    };
    let clean = with(Descriptors::Clean);
    let place = Some("0040,A730[0]/0040,A160".to_owned());
    assert_eq!(reason(&clean, "chest CT"), ("clean", None));
    assert_eq!(reason(&clean, "qwzx is there"), ("report-free-text", place));
    assert_eq!(reason(&strict(), "qwzx is there"), ("clean", None));
    let mut policy = shipped("headers-only").unwrap();
    policy.descriptors = Descriptors::Clean;
    policy.classes.insert("report SR".to_owned(), ClassRule::Pass);
    let pass = profile_of(policy, &common::KEY, "");
    assert_eq!(reason(&pass, "qwzx is there"), ("clean", None));
    let source = report("Yamada Hanako was seen");
    assert!(!holds(&written(&outcome(&pass, &source), &source), "Yamada"));
}

#[test]
fn contexts_of_images_are_walked() {
    let context = vec![
        item("TEXT", code("121106", "DCM", "Comment"), vec![value("TEXT", "Yamada Hanako")]),
        item("PNAME", code("121008", "DCM", "Person Observer Name"), vec![value("PNAME", "Suzuki^Ichiro")]),
        vec![text((0x40, 0xA040), b"CS", "DATE"), text((0x10, 0x10), b"PN", "Yamada^Hanako")],
    ];
    let steps = vec![item("TEXT", code("111705", "DCM", "Parent Specimen Identifier"), vec![value("TEXT", "S-778")])];
    let source = file(
        &instance(
            common::CT,
            vec![
                sequence((0x40, 0x555), context),
                sequence(
                    (0x40, 0x560),
                    vec![vec![sequence((0x40, 0x610), vec![vec![sequence((0x40, 0x612), steps)]])]],
                ),
                sequence(
                    (0x40, 0xB020),
                    vec![vec![
                        common::bytes((0x40, 0xA0B0), b"US", &[1, 0, 1, 0]),
                        text((0x70, 6), b"ST", "Yamada ok"),
                    ]],
                ),
            ],
        ),
        true,
    );
    let bytes = written(&outcome(&strict(), &source), &source);
    for gone in ["Yamada", "Suzuki", "S-778"] {
        assert!(!holds(&bytes, gone), "{gone}");
    }
    let ds = parsed(&bytes);
    let names = ds.nodes().iter().filter(|n| n.tag == Tag(0x10, 0x10)).count();
    assert_eq!(names, 1, "no patient in a content item");
    assert_eq!(text_at(&ds, &[(0x40, 0x555), (0x40, 0xA160)]).as_deref(), Some("ANONYMIZED"));
    let steps = [(0x40, 0x560), (0x40, 0x610), (0x40, 0x612), (0x40, 0xA160)];
    assert_eq!(text_at(&ds, &steps).as_deref(), Some("ANONYMIZED"));
    assert!(text_at(&ds, &[(0x40, 0xB020), (0x70, 6)]).is_some());
}

#[test]
fn references_by_index_go_on_pointing_where_they_did() {
    let pointer = vec![
        text((0x40, 0xA010), b"CS", "INFERRED FROM"),
        common::bytes((0x40, 0xDB73), b"UL", &[1, 0, 0, 0, 2, 0, 0, 0]),
    ];
    let source = tree(vec![
        content("PNAME", "121036", vec![value("PNAME", "Suzuki^Ichiro")]),
        content("TEXT", "121106", vec![value("TEXT", "Suzuki")]),
        content("TEXT", "121071", vec![value("TEXT", "chest CT"), sequence((0x40, 0xA730), vec![pointer])]),
    ]);
    let before = parsed(&source);
    let after = run(&strict(), &source);
    let content = |ds: &DataSet| ds.children(ds.find(None, Tag(0x40, 0xA730))).count();
    assert_eq!(content(&before), content(&after));
    let nested = [(0x40, 0xA730), (0x40, 0xA730)];
    assert!(text_at(&after, &nested[..1]).is_some());
    assert_eq!(nth(&after, 2, (0x40, 0xA160)).unwrap(), "chest CT");
}

#[test]
fn who_verified_wrote_and_keeps_the_report_goes() {
    let person = |tag: (u16, u16)| sequence(tag, vec![vec![text((0x40, 0xA123), b"PN", "Suzuki^Ichiro")]]);
    let referenced = vec![text((8, 0x1150), b"UI", common::CT), text((8, 0x1155), b"UI", "1.2.3.4.5.1")];
    let evidence = |tag: (u16, u16)| {
        let series = vec![text((0x20, 0x0E), b"UI", "1.2.3.4.5.3"), sequence((8, 0x1199), vec![referenced.clone()])];
        sequence(tag, vec![vec![text((0x20, 0x0D), b"UI", "1.2.3.4.5.2"), sequence((8, 0x1115), vec![series])]])
    };
    let mut all = document(DOSE, vec![]);
    all.extend([person((0x40, 0xA078)), person((0x40, 0xA07A)), person((0x40, 0xA07C))]);
    all.push(sequence(
        (0x40, 0xA073),
        vec![vec![text((0x40, 0xA075), b"PN", "Suzuki^Ichiro"), text((0x40, 0xA030), b"DT", "20240610101112")]],
    ));
    all.extend([evidence((0x40, 0xA360)), evidence((0x40, 0xA375)), evidence((0x40, 0xA385))]);
    let source = file(&all, true);
    let bytes = written(&outcome(&strict(), &source), &source);
    assert!(!holds(&bytes, "Suzuki"));
    let ds = parsed(&bytes);
    for gone in [0xA078, 0xA07A, 0xA07C] {
        assert!(ds.find(None, Tag(0x40, gone)).is_none());
    }
    assert_eq!(text_at(&ds, &[(0x40, 0xA073), (0x40, 0xA075)]).as_deref(), Some("ANONYMIZED"));
    let time = text_at(&ds, &[(0x40, 0xA073), (0x40, 0xA030)]).unwrap();
    assert!(time.ends_with("101112") && !time.starts_with("1900") && !time.starts_with("20240610"), "{time}");
    let study = text_at(&ds, &[(0x20, 0x0D)]);
    for evidence in [0xA360, 0xA375, 0xA385] {
        assert_eq!(text_at(&ds, &[(0x40, evidence), (0x20, 0x0D)]), study, "references go on pointing");
    }
}

#[test]
fn an_item_written_twice_or_without_a_concept_is_cleaned_all_the_same() {
    let bare: Vec<Item> = vec![text((0x40, 0xA160), b"UT", "Yamada Hanako")];
    let source = tree(vec![bare, vec![text((0x40, 0xA123), b"PN", "Suzuki^Ichiro")]]);
    let bytes = written(&outcome(&strict(), &source), &source);
    assert!(!holds(&bytes, "Yamada") && !holds(&bytes, "Suzuki"));
}

#[test]
fn reports_of_the_corpus_leave_as_trees_of_the_same_shape() {
    let Some(shared) = shared::folder() else { return };
    let (mut seen, mut left) = (0, 0);
    for path in common::files(&shared.join("corpus")) {
        let Ok(bytes) = std::fs::read(&path) else { continue };
        let Ok(before) = tokumei_dicom::read::parse(&bytes, &tokumei_dicom::Limits::default()) else { continue };
        if before.find(None, Tag(0x40, 0xA730)).is_none() {
            continue;
        }
        if before.find(None, Tag(8, 0x18)).is_none() {
            continue;
        }
        seen += 1;
        let outcome = transform::transform(&strict(), &bytes, "");
        if outcome.reason.code() == "clean" {
            left += 1;
            assert_eq!(trees::shape(&before), trees::shape(&parsed(&written(&outcome, &bytes))), "{}", path.display());
        }
    }
    assert!(seen >= 29 && left == seen, "{left} of {seen}");
}
