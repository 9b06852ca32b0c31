//! Every row of Table E.1-1 under every option, in an instance whose IOD defines the attribute where one does.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::{CT, Item, bytes, holds, instance, parsed, profile_with, run, sequence, text, value_at};
use tokumei_deid::Profile;
use tokumei_deid::tables::e1_1::{self, Row, Source};
use tokumei_deid::tables::iod::{self, LegalAction};
use tokumei_deid::tables::{Code, OptionColumn, sop_class};
use tokumei_dicom::Tag;

const CANARY: &str = "ZQCANARY77";
/// A sequence that no rule names, to nest in.
const AROUND: (u16, u16) = (0x0008, 0x1115);

fn planted(row: &Row) -> Item {
    let tag = (row.tag.0, row.tag.1);
    match &row.vr {
        b"SQ" => sequence(tag, vec![vec![text((0x10, 0x4000), b"LT", CANARY), text((8, 0x60), b"CS", "OT")]]),
        b"UI" => text(tag, b"UI", "1.2.3.99.77"),
        b"DA" => text(tag, b"DA", "20200103"),
        b"DT" => text(tag, b"DT", "20200103101112.5+0900"),
        b"TM" => text(tag, b"TM", "101112"),
        b"AS" => text(tag, b"AS", "045Y"),
        b"DS" | b"IS" => text(tag, &row.vr, "61"),
        b"SH" if row.tag == Tag(8, 0x201) => text(tag, b"SH", "+0900"),
        b"AE" | b"CS" | b"LO" | b"LT" | b"PN" | b"SH" | b"ST" | b"UC" | b"UR" | b"UT" => text(tag, &row.vr, CANARY),
        b"OB" | b"UN" | b"OW" => bytes(tag, &row.vr, CANARY.as_bytes()),
        b"FD" | b"OD" => bytes(tag, &row.vr, &[1, 2, 3, 4, 5, 6, 7, 64]),
        b"FL" | b"UL" | b"SL" | b"OF" => bytes(tag, &row.vr, &[1, 2, 3, 64]),
        _ => bytes(tag, &row.vr, &[3, 0]),
    }
}

fn planted_value(row: &Row) -> Vec<u8> {
    match planted(row) {
        Item::Bytes(_, _, value) => value,
        Item::Sequence(..) => Vec::new(),
    }
}

/// A class in whose IOD the row's Type decides, and that legal action; else CT with none.
fn home(row: &Row) -> (&'static str, Option<LegalAction>) {
    let of = |c: &sop_class::SopClass| c.iod.and_then(|iod| iod::types(row.tag, &[], iod));
    sop_class::all()
        .iter()
        .find_map(|c| of(c).map(|t| (c.uid, Some(t.legal_action))))
        .unwrap_or((CT, sop_class::find(CT).and_then(of).map(|t| t.legal_action)))
}

/// What the table and the IOD ask for, in one letter.
fn expected(row: &Row, column: Option<OptionColumn>, legal: Option<LegalAction>) -> char {
    let options = column.into_iter().collect();
    match row.effective(options) {
        // Bytes cannot be looked at, so no option keeps them.
        (Code::K, _) if &row.vr != b"OB" => return 'K',
        (Code::C, Source::Option(OptionColumn::RtnLongModifiedDates)) if &row.vr != b"OB" => return 'C',
        // Their items are walked.
        (Code::C, Source::Option(OptionColumn::CleanStructuredContent | OptionColumn::CleanGraphics))
            if &row.vr == b"SQ" =>
        {
            return 'C';
        }
        _ => {}
    }
    // References between instances survive, whatever their Type (design 7).
    if row.basic == Code::XZUStar {
        return 'U';
    }
    // The pseudonym stands wherever the patient does.
    if row.tag == Tag(0x10, 0x20) {
        return 'Z';
    }
    match legal {
        Some(LegalAction::X) => 'X',
        Some(LegalAction::Z) => 'Z',
        Some(LegalAction::D | LegalAction::ZDummy) => 'D',
        Some(LegalAction::U) => 'U',
        None => match row.basic {
            Code::Z => 'Z',
            Code::D => 'D',
            Code::U | Code::XZUStar => 'U',
            _ => 'X',
        },
    }
}

fn check(row: &Row, what: &str, out: &[u8], found: Option<Vec<u8>>, letter: char) {
    let value = planted_value(row);
    let trimmed = |v: &[u8]| String::from_utf8_lossy(v).trim_end_matches(['\0', ' ']).to_owned();
    let same = found.as_deref().is_some_and(|f| trimmed(f) == trimmed(&value));
    let is_sequence = &row.vr == b"SQ";
    let pseudonym = matches!(row.tag, Tag(0x10, 0x10 | 0x20));
    let references = matches!(row.tag, Tag(8, 0x1110 | 0x1111 | 0x1140 | 0x2112));
    match letter {
        'X' => assert!(found.is_none(), "{what}: still there"),
        'Z' if pseudonym => assert!(found.is_some_and(|f| f.len() == 20), "{what}: no pseudonym"),
        'Z' if references => assert!(found.is_some(), "{what}: gone"),
        'Z' => assert!(found.is_some_and(|f| f.is_empty()), "{what}: not empty"),
        'C' | 'D' | 'U' | 'K' if is_sequence => assert!(found.is_some(), "{what}: gone"),
        'D' => assert!(found.is_some_and(|f| !f.is_empty()) && !same, "{what}: no dummy"),
        'U' => assert!(found.is_some_and(|f| f.starts_with(b"2.25.")), "{what}: no new UID"),
        'C' if matches!(&row.vr, b"DA" | b"DT") => {
            assert!(found.is_some_and(|f| f.len() >= 8) && !same, "{what}: not shifted");
        }
        _ => assert!(same, "{what}: changed"),
    }
    let kept = letter == 'K' && !is_sequence;
    assert!(kept || !holds(out, CANARY), "{what}: the value is somewhere in the output");
}

fn profile_of(column: Option<OptionColumn>) -> Profile {
    profile_with(|p| {
        p.options = column.into_iter().collect();
        p.private.safe = column == Some(OptionColumn::RtnSafePrivate);
    })
}

#[test]
fn every_row_under_every_option() {
    let mut done = 0;
    for column in core::iter::once(None).chain(OptionColumn::ALL.map(Some)) {
        let profile = profile_of(column);
        for row in e1_1::rows().filter(|r| r.tag.0 >= 8 && !r.tag.is_private() && !is_whole_group(r.tag)) {
            let tag = (row.tag.0, row.tag.1);
            let what = format!("{} {} under {column:?}", row.tag, row.keyword());
            let (class, legal) = home(row);
            let top = common::file(&instance(class, vec![planted(row)]), true);
            let out = run(&profile, &top);
            check(row, &what, &out, value_at(&parsed(&out), &[tag]), expected(row, column, legal));
            let nested = sequence(AROUND, vec![vec![planted(row), text((8, 0x64), b"CS", "WSD")]]);
            let deep = common::file(&instance(CT, vec![nested]), true);
            let out = run(&profile, &deep);
            let what = format!("nested {what}");
            let there = sop_class::find(CT).and_then(|c| iod::types(row.tag, &[Tag(8, 0x1115)], c.iod?));
            let letter = expected(row, column, there.map(|t| t.legal_action));
            check(row, &what, &out, value_at(&parsed(&out), &[AROUND, tag]), letter);
            done += 1;
        }
    }
    assert!(done > 6_000, "{done}");
}

/// An option that keeps or moves dates does so with dates alone; what else somebody wrote there goes.
#[test]
fn what_is_no_date_goes_whatever_option_keeps_dates() {
    for column in [OptionColumn::RtnLongFullDates, OptionColumn::RtnLongModifiedDates] {
        let profile = profile_of(Some(column));
        let of_dates = |row: &&Row| matches!(&row.vr, b"DA" | b"TM" | b"DT" | b"SH") && row.tag.0 >= 8;
        let named = |row: &&Row| row.effective(core::iter::once(column).collect()).1 == Source::Option(column);
        let mut rows = 0;
        for row in e1_1::rows().filter(of_dates).filter(named) {
            let written = text((row.tag.0, row.tag.1), &row.vr, CANARY);
            let out = run(&profile, &common::file(&instance(home(row).0, vec![written]), true));
            assert!(!holds(&out, CANARY), "{} {} under {column:?}", row.tag, row.keyword());
            rows += 1;
        }
        assert!(rows > 150, "{rows}");
    }
}

/// Rows of groups that go whole, and of attributes that are needed to read the instance at all.
fn is_whole_group(tag: Tag) -> bool {
    matches!(tag.0, 0x5000..=0x60FF | 0xFFFA | 0xFFFC) || matches!(tag, Tag(8, 0x18) | Tag(0x20, 0x0D | 0x0E))
}

#[test]
fn rows_that_break_an_iod_follow_its_type() {
    let profile = profile_of(None);
    let mut done = 0;
    for row in e1_1::rows().filter(|r| matches!(r.basic, Code::X | Code::Z)) {
        for class in sop_class::all() {
            let Some(typed) = class.iod.and_then(|iod| iod::types(row.tag, &[], iod)) else { continue };
            let source = common::file(&instance(class.uid, vec![planted(row)]), true);
            let out = run(&profile, &source);
            let found = value_at(&parsed(&out), &[(row.tag.0, row.tag.1)]);
            let letter = expected(row, None, Some(typed.legal_action));
            check(row, &format!("{} in {}", row.keyword(), class.name()), &out, found, letter);
            done += 1;
        }
    }
    assert!(done > 100, "{done}");
}
