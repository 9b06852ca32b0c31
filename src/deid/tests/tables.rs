//! Every row of the standard's tables, looked up as the engine does.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;
use tokumei_deid::tables::e1_1::{self, Source};
use tokumei_deid::tables::iod::{self, Iod, LegalAction, Type};
use tokumei_deid::tables::{Code, OptionColumn, OptionSet, method_codes, outside, private_safe, sop_class, uids};
use tokumei_dicom::Tag;

type Line = HashMap<String, String>;

fn table(name: &str) -> Vec<Line> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(format!("{name}.tsv"));
    let text = std::fs::read_to_string(path).unwrap();
    let mut lines = text.lines();
    let head: Vec<&str> = lines.next().unwrap().split('\t').collect();
    lines
        .map(|line| {
            let cells = line.split('\t').chain(std::iter::repeat(""));
            head.iter().map(|h| (*h).to_owned()).zip(cells.map(str::to_owned)).collect()
        })
        .collect()
}

fn tag(text: &str) -> Tag {
    let (group, element) = text.split_once(',').unwrap();
    Tag(u16::from_str_radix(group, 16).unwrap(), u16::from_str_radix(element, 16).unwrap())
}

/// Tags that a row of Table E.1-1 names.
fn tags(line: &Line) -> Vec<Tag> {
    match line["tag"].as_str() {
        "50xx,xxxx" => vec![Tag(0x5000, 0x0010), Tag(0x500A, 0x3000), Tag(0x501E, 0x0022)],
        "60xx,3000" => vec![Tag(0x6000, 0x3000), Tag(0x601E, 0x3000)],
        "60xx,4000" => vec![Tag(0x6000, 0x4000), Tag(0x6010, 0x4000)],
        "gggg,eeee" => vec![Tag(0x0009, 0x0010), Tag(0x0029, 0x1010), Tag(0x7FE1, 0x1001)],
        text => vec![tag(text)],
    }
}

#[test]
fn every_row_of_table_e1_1_under_every_option() {
    let lines = table("table_e1_1");
    assert_eq!(lines.len(), 656);
    let mut codes = 0;
    for line in &lines {
        for tag in tags(line) {
            let row = e1_1::row(tag).unwrap();
            assert_eq!(row.basic.as_str(), line["basic"], "{tag}");
            assert_eq!(row.keyword(), line["keyword"]);
            assert_eq!(row.effective(OptionSet::NONE), (row.basic, Source::Basic));
            for column in OptionColumn::ALL {
                let cell = line[column.name()].as_str();
                assert_eq!(row.option(column).map_or("", Code::as_str), cell, "{tag} {}", column.name());
                let set = OptionSet::NONE.with(column).with_text_cleaning();
                let wanted = match cell {
                    "" => (row.basic, Source::Basic),
                    "K" => (Code::K, Source::Option(column)),
                    _ => (Code::C, Source::Option(column)),
                };
                assert_eq!(row.effective(set), wanted, "{tag} {}", column.name());
                codes += usize::from(!cell.is_empty());
            }
        }
    }
    assert!(codes > 620, "{codes}");
    assert_eq!(e1_1::rows().count(), 656);
}

#[test]
fn the_more_careful_option_wins() {
    let all = |columns: &[OptionColumn]| columns.iter().copied().collect::<OptionSet>();
    let allergies = e1_1::row(Tag(0x0010, 0x2110)).unwrap();
    let characteristics = all(&[OptionColumn::RtnPatientChars]);
    assert_eq!(allergies.effective(characteristics), (allergies.basic, Source::Basic), "needs cleaning of text");
    assert_eq!(allergies.effective(characteristics.with_text_cleaning()).0, Code::C);
    let both = all(&[OptionColumn::RtnPatientChars, OptionColumn::CleanDescriptors]);
    assert_eq!(allergies.effective(both), (Code::C, Source::Option(OptionColumn::CleanDescriptors)));
    let mut disagreements = 0;
    for row in e1_1::rows() {
        for a in OptionColumn::ALL {
            for b in OptionColumn::ALL {
                if row.option(a) == Some(Code::K) && row.option(b) == Some(Code::C) {
                    assert_ne!(row.effective(all(&[a, b])).0, Code::K, "{}", row.keyword());
                    assert_eq!(row.effective(all(&[a, b]).with_text_cleaning()).0, Code::C, "{}", row.keyword());
                    disagreements += 1;
                }
            }
        }
    }
    assert!(disagreements > 100, "{disagreements}");
}

#[test]
fn patterns_end_where_the_standard_says() {
    for unnamed in [Tag(0x5020, 0x0010), Tag(0x6020, 0x3000), Tag(0x6000, 0x0022), Tag(0x0008, 0x0070)] {
        assert!(e1_1::row(unnamed).is_none(), "{unnamed}");
    }
}

fn path(text: &str, keywords: &BTreeMap<String, Tag>) -> Vec<Tag> {
    let step = |s: &str| if s == "FG" { Tag(0x5200, 0x9230) } else { keywords[s] };
    text.split('>').filter(|s| *s != ".").map(step).collect()
}

fn keywords() -> BTreeMap<String, Tag> {
    table("sequence_keywords").into_iter().map(|l| (l["keyword"].clone(), tag(&l["tag"]))).collect()
}

fn type_of(text: &str) -> Type {
    match text {
        "1" => Type::One,
        "1C" => Type::OneC,
        "2" => Type::Two,
        "2C" => Type::TwoC,
        "3" => Type::Three,
        other => panic!("{other}"),
    }
}

fn action_of(text: &str) -> LegalAction {
    match text {
        "X" => LegalAction::X,
        "Z" => LegalAction::Z,
        "Z(dummy)" => LegalAction::ZDummy,
        "D" => LegalAction::D,
        "U" => LegalAction::U,
        other => panic!("{other}"),
    }
}

#[test]
fn every_type_of_every_iod() {
    let keywords = keywords();
    let all: HashSet<String> = sop_class::all().iter().filter_map(|c| c.iod).map(|i| i.key().to_owned()).collect();
    let mut met = HashSet::new();
    for line in table("iod_types") {
        let (tag, path) = (tag(&line["tag"]), path(&line["path"], &keywords));
        let listed: Vec<&str> = line["iods"].split(' ').collect();
        let (named, but): (Vec<&str>, &[&str]) = match listed.as_slice() {
            ["*"] => (all.iter().map(String::as_str).collect(), &[]),
            ["*", "except", but @ ..] => (all.iter().map(String::as_str).collect(), but),
            some => (some.to_vec(), &[]),
        };
        for key in named.into_iter().filter(|k| !but.contains(k)) {
            let row = iod::types(tag, &path, Iod::from_key(key).unwrap()).unwrap();
            assert_eq!(row.attribute_type, type_of(&line["type"]), "{tag} {key}");
            assert_eq!(row.legal_action, action_of(&line["legal_action"]), "{tag} {key}");
            assert!(met.insert((tag, line["path"].clone(), key.to_owned())), "{tag} {key} twice");
        }
    }
    let ct = Iod::from_key("ct-image").unwrap();
    assert_eq!(iod::types(Tag(0x0040, 0xA730), &[], ct), None);
}

#[test]
fn functional_groups_are_one_place() {
    let keywords = keywords();
    let line = table("iod_types").into_iter().find(|l| l["path"].starts_with("FG>")).unwrap();
    let mut path = path(&line["path"], &keywords);
    let iod = Iod::from_key(line["iods"].split(' ').next().unwrap()).unwrap();
    for groups in [Tag(0x5200, 0x9229), Tag(0x5200, 0x9230), Tag(0x0006, 0x0001)] {
        path[0] = groups;
        assert!(iod::types(tag(&line["tag"]), &path, iod).is_some());
    }
    path[0] = Tag(0x0008, 0x1140);
    assert!(iod::types(tag(&line["tag"]), &path, iod).is_none());
}

#[test]
fn every_unlisted_text() {
    let keywords = keywords();
    for line in table("unlisted_text_types").iter().filter(|l| !l["tag"].starts_with("60xx")) {
        let tag = tag(&line["tag"]);
        assert!(e1_1::row(tag).is_none(), "{tag}");
        let row = iod::unlisted(tag, &path(&line["path"], &keywords)).unwrap();
        assert_eq!((row.attribute_type, row.legal_action), (type_of(&line["type"]), action_of(&line["legal_action"])));
    }
    assert_eq!(iod::unlisted(Tag(0x0018, 0x0024), &[]), None);
}

#[test]
fn every_class_and_uid() {
    for line in table("sop_class_phi_risk") {
        let class = sop_class::find(&line["sop_class_uid"]).unwrap();
        assert_eq!(class.name(), line["name"]);
        assert_eq!(class.category, line["category"]);
        assert_eq!(class.iod.map_or("", Iod::key), line["iod"]);
        assert_eq!(class.contents.free_text(), line["free_text_content"] == "y");
        assert_eq!(class.contents.raw(), line["raw_data"] == "y");
    }
    assert!(sop_class::find("1.2.840.10008.5.1.4.1.1.12.77").is_none());
    let lines = table("well_known_uids");
    assert!(lines.iter().all(|l| uids::is_well_known(&l["uid"])) && lines.len() == 496);
    assert!(!uids::is_well_known("1.2.840.10008.9999") && !uids::is_well_known("") && !uids::is_well_known("1.2.3"));
    for line in table("uid_attributes") {
        let action = uids::attribute(tag(&line["tag"])).unwrap().action();
        let wanted = match line["action"].split([' ', ';', ':']).next().unwrap() {
            "remove" | "rewrite" => uids::UidAction::Remove,
            "keep" if line["class"] == "structural" => uids::UidAction::Keep,
            "keep" | "remap" => uids::UidAction::Remap,
            other => panic!("{other}"),
        };
        assert_eq!(action, wanted, "{}", line["keyword"]);
    }
}

#[test]
fn every_safe_private_attribute() {
    for line in table("safe_private") {
        let group = u16::from_str_radix(&line["group"], 16).unwrap();
        let element = u8::from_str_radix(&line["element"], 16).unwrap();
        let row = private_safe::find(&line["creator"], group, element).unwrap();
        for vr in line["vr"].split('/').filter(|vr| !vr.is_empty()) {
            assert!(row.allows_vr(vr.as_bytes().try_into().unwrap()), "{vr}");
        }
        let (min, max) = line["vm"].split_once('-').unwrap_or((&line["vm"], &line["vm"]));
        assert!(row.allows_count(min.parse().unwrap()));
        assert_eq!(row.allows_count(1_000), max == "n");
        assert!(!row.allows_vr(*b"PN"));
    }
    assert!(private_safe::find("SIEMENS MED NM", 0x0009, 0xFF).is_none());
    assert!(private_safe::find("siemens csa header", 0x0029, 0x10).is_none());
}

#[test]
fn codes_say_only_what_was_done() {
    let codes = |set, text, face| method_codes::applied(set, text, face).map(|c| c.code).collect::<Vec<_>>();
    assert_eq!(codes(OptionSet::NONE, false, false), ["113100"]);
    let set = OptionSet::NONE.with(OptionColumn::RtnLongModifiedDates).with(OptionColumn::RtnSafePrivate);
    assert_eq!(codes(set, true, false), ["113100", "113101", "113107", "113111"]);
    assert_eq!(method_codes::all().len(), 13);
}

#[test]
fn what_the_table_does_not_name_but_carries_identity() {
    use outside::OutsideAction;
    assert_eq!(outside::action(Tag(0x6002, 0x0022)), Some(OutsideAction::Remove));
    assert_eq!(outside::action(Tag(0x0028, 0x7FE0)), Some(OutsideAction::Refuse));
    assert_eq!(outside::action(Tag(0x0010, 0x1022)), Some(OutsideAction::PatientCharacteristic));
    assert_eq!(outside::action(Tag(0x7FE0, 0x0010)), None);
    assert_eq!(outside::action(Tag(0x0008, 0x0060)), None);
    for line in table("phi_outside") {
        assert!(e1_1::row(tag(&line["tag"])).is_none(), "{} has a row", line["keyword"]);
    }
}
