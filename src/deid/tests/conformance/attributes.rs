//! Actions on attributes, as they were seen: every row of Table E.1-1 under every shipped policy, once where no IOD says
//! anything of it and once for each action that some IOD's Type leads to.

use crate::common::{CT, Item, bytes, file, instance, sequence, text};
use crate::{Line, Shipped, markdown, row, table};
use std::collections::{BTreeMap, BTreeSet};
use tokumei_deid::tables::e1_1::Row;
use tokumei_deid::tables::iod::{self, LegalAction, Type};
use tokumei_deid::tables::{RuleSource, e1_1, sop_class};
use tokumei_deid::transform::changes;
use tokumei_dicom::Tag;

/// Words that are harmless by every way of cleaning, so that what is seen is the rule and not its finding.
const HARMLESS: &str = "CHEST CT";

fn planted(row: &Row) -> Item {
    let tag = (row.tag.0, row.tag.1);
    match &row.vr {
        b"SQ" => sequence(tag, vec![vec![text((8, 0x60), b"CS", "OT"), text((8, 0x1155), b"UI", "1.2.3.99.77")]]),
        b"UI" => text(tag, b"UI", "1.2.3.99.77"),
        b"DA" => text(tag, b"DA", "20200103"),
        b"DT" => text(tag, b"DT", "20200103101112"),
        b"TM" => text(tag, b"TM", "101112"),
        b"AS" => text(tag, b"AS", "045Y"),
        b"DS" | b"IS" => text(tag, &row.vr, "61"),
        b"SH" if row.tag == Tag(8, 0x201) => text(tag, b"SH", "+0900"),
        b"AE" | b"CS" | b"LO" | b"LT" | b"PN" | b"SH" | b"ST" | b"UC" | b"UR" | b"UT" => text(tag, &row.vr, HARMLESS),
        b"FD" | b"OD" => bytes(tag, &row.vr, &[1, 2, 3, 4, 5, 6, 7, 64]),
        b"FL" | b"UL" | b"SL" | b"OF" => bytes(tag, &row.vr, &[1, 2, 3, 64]),
        _ => bytes(tag, &row.vr, &[3, 0]),
    }
}

/// A place for an attribute: a class, and the sequences around it.
struct Home {
    class: &'static str,
    path: Vec<Tag>,
}

/// Places of an attribute for one action that Types lead to; `None`: where no IOD says anything.
fn homes(row: &Row, legal: Option<LegalAction>) -> Vec<Home> {
    let says = |class: &sop_class::SopClass, path: &[Tag]| {
        class.iod.and_then(|iod| iod::types(row.tag, path, iod)).map(|typed| typed.legal_action)
    };
    let Some(action) = legal else {
        let silent = sop_class::find(CT).filter(|class| says(class, &[]).is_none());
        let others = sop_class::all().iter().filter(|class| class.iod.is_some() && says(class, &[]).is_none());
        return silent.into_iter().chain(others).map(|class| Home { class: class.uid, path: Vec::new() }).collect();
    };
    let mut paths: Vec<Vec<Tag>> = iod::places(row.tag).map(|(path, _)| path).collect();
    paths.sort_by_key(Vec::len);
    let at = |path: Vec<Tag>| {
        let classes = sop_class::all().iter().filter(move |class| says(class, &path) == Some(action));
        classes.map(|class| class.uid).collect::<Vec<_>>()
    };
    let of_path = |path: Vec<Tag>| at(path.clone()).into_iter().map(move |class| Home { class, path: path.clone() });
    paths.into_iter().flat_map(of_path).collect()
}

fn written(row: &Row, home: &Home) -> Vec<u8> {
    let inner = match row.tag {
        Tag(0x0009, _) => vec![text((9, 0x10), b"LO", "ACME 1"), text((9, 0x1001), b"LO", HARMLESS)],
        _ => vec![planted(row)],
    };
    let around = |items, tag: &Tag| vec![sequence((tag.0, tag.1), vec![items])];
    file(&instance(home.class, home.path.iter().rev().fold(inner, around)), true)
}

/// What was seen of an attribute: the action's letter, or `K*` where nothing was done to the sequence itself and its items are
/// treated; and the rule. `None`: the place does not show it, since what is around goes or the instance is held.
fn seen(policy: &Shipped, row: &Row, home: &Home) -> Option<(String, &'static str)> {
    if row.tag.0 == 0x0002 {
        // The file meta information is none of the data set: it is made anew.
        return Some(("U".to_owned(), RuleSource::Meta.id()));
    }
    let changes = changes(&policy.profile, &written(row, home), "").ok()?;
    let place = home.path.iter().fold(String::new(), |place, tag| place + &tag.to_string() + "[0]/");
    let tag = if row.tag.is_private() { Tag(9, 0x1001) } else { row.tag };
    let own = changes.iter().find(|change| change.path == format!("{place}{tag}"));
    let around = |path: &str| place.strip_prefix(path).is_some_and(|rest| rest.starts_with('['));
    if own.is_none()
        && changes.iter().any(|c| around(&c.path) && matches!(format!("{:?}", c.action).as_str(), "X" | "Z" | "D"))
    {
        return None;
    }
    Some(match own {
        Some(change) => (format!("{:?}", change.action), change.rule),
        None if &row.vr == b"SQ" => ("K*".to_owned(), ""),
        None => ("K".to_owned(), ""),
    })
}

/// The actions of an attribute under a policy, and the rules behind them: first where no IOD says anything.
fn observed(policy: &Shipped, row: &Row) -> (Vec<String>, BTreeMap<String, BTreeSet<&'static str>>) {
    let legal: Vec<LegalAction> = iod::places(row.tag).map(|(_, typed)| typed.legal_action).collect();
    let all = [LegalAction::X, LegalAction::Z, LegalAction::ZDummy, LegalAction::D, LegalAction::U];
    let wanted = core::iter::once(None).chain(all.into_iter().filter(|action| legal.contains(action)).map(Some));
    let (mut letters, mut rules) = (Vec::new(), BTreeMap::<String, BTreeSet<&str>>::new());
    for action in wanted {
        let Some((letter, rule)) = homes(row, action).iter().take(12).find_map(|home| seen(policy, row, home)) else {
            continue;
        };
        rules.entry(letter.clone()).or_default().insert(rule);
        if !letters.contains(&letter) {
            letters.push(letter);
        }
    }
    (letters, rules)
}

/// Types that decide between the actions of a row.
fn types(row: &Row) -> Option<String> {
    let name = |typed: Type| match typed {
        Type::One => "1",
        Type::OneC => "1C",
        Type::Two => "2",
        Type::TwoC => "2C",
        Type::Three => "3",
    };
    let all: BTreeSet<&str> = iod::places(row.tag).map(|(_, typed)| name(typed.attribute_type)).collect();
    (!all.is_empty()).then(|| format!("Type {}", all.into_iter().collect::<Vec<_>>().join(", ")))
}

/// Rules that are told by the column of the Basic Profile already.
fn is_plain(rule: &str) -> bool {
    matches!(rule, "" | "table-basic" | "iod-type")
}

fn comment(row: &Row, seen: &[BTreeMap<String, BTreeSet<&'static str>>]) -> String {
    let mut parts: Vec<String> = types(row).into_iter().collect();
    let mut by_rule: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (letter, rules) in seen.iter().flatten() {
        for rule in rules.iter().filter(|rule| !is_plain(rule)) {
            by_rule.entry(rule).or_default().insert(letter);
        }
    }
    parts.extend(
        by_rule
            .into_iter()
            .map(|(rule, letters)| format!("{}: {rule}", letters.into_iter().collect::<Vec<_>>().join("/"))),
    );
    parts.join(" · ")
}

/// The table of attributes (PS3.2 Table N.11-6).
pub fn actions(policies: &[Shipped]) -> String {
    let lines = table("table_e1_1");
    let named = |line: &Line| {
        if line["match"] == "exact" { line["name"].clone() } else { format!("{} ({})", line["name"], line["tag"]) }
    };
    let of: BTreeMap<String, String> = lines.iter().map(|line| (line["keyword"].clone(), named(line))).collect();
    let head = ["Tag", "E.1-1"].map(str::to_owned).into_iter();
    let mut rows =
        vec![row("Attribute", head.chain(policies.iter().map(|p| p.name.to_owned())).chain(["Comment".to_owned()]))];
    for attribute in e1_1::rows() {
        let seen: Vec<_> = policies.iter().map(|policy| observed(policy, attribute)).collect();
        let cells = seen.iter().map(|(letters, _)| letters.join("/"));
        let tag = if attribute.tag.is_private() { "odd groups".to_owned() } else { attribute.tag.to_string() };
        let name = of.get(attribute.keyword()).cloned().unwrap_or_else(|| attribute.keyword().to_owned());
        let rules: Vec<_> = seen.iter().map(|(_, rules)| rules.clone()).collect();
        let head = [tag, attribute.basic.as_str().to_owned()].into_iter();
        rows.push(row(&name, head.chain(cells).chain([comment(attribute, &rules)])));
    }
    assert!(rows.iter().flatten().all(|cell| cell != "held"));
    markdown(&rows)
}

/// All rules with their sections.
pub fn rules() -> String {
    let mut rows = vec![row("Rule", ["Section"])];
    for rule in RuleSource::all() {
        let line = row(&format!("`{}`", rule.id()), [rule.section()]);
        if !rows.contains(&line) {
            rows.push(line);
        }
    }
    markdown(&rows)
}

/// Attributes that carry identity though the table does not name them.
pub fn outside() -> String {
    let mut by_action: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in table("phi_outside") {
        by_action.entry(line["action"].clone()).or_default().push(format!("{} ({})", line["keyword"], line["tag"]));
    }
    let mut rows = vec![row("Action", ["Attributes"])];
    rows.extend(by_action.into_iter().map(|(action, names)| row(&action, [names.join(", ")])));
    markdown(&rows)
}
