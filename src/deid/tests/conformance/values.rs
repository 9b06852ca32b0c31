//! Values that are written, as they were read from outputs: dummies, what is inserted, what of private blocks stays.

use crate::common::{CT, Item, file, instance, parsed, profile_with, run, text, value_at};
use crate::{Shipped, markdown, row, table};
use std::collections::BTreeMap;
use tokumei_deid::policy::{AttributeAction, AttributeRule};
use tokumei_deid::tables::e1_1::{self, Row};
use tokumei_dicom::{Tag, dictionary};

fn is_special(row: &Row) -> bool {
    matches!(&row.vr, b"SQ" | b"UI")
        || row.tag.0 < 8
        || row.tag.is_private()
        || matches!(row.tag.0, 0x4FFE | 0x5000..=0x60FF | 0xFFFA..)
}

/// Attributes of the table with the dummies that they get.
fn dummy_values() -> Vec<(&'static Row, String)> {
    let rows: Vec<&Row> = e1_1::rows().filter(|row| !is_special(row)).collect();
    let profile = profile_with(|policy| {
        policy.attributes = rows
            .iter()
            .map(|row| AttributeRule { path: "*".to_owned(), tag: row.tag.to_string(), action: AttributeAction::D })
            .collect();
    });
    let planted = |row: &&Row| Item::Bytes(row.tag, row.vr, vec![0x31, 0x32]);
    let source = file(&instance(CT, rows.iter().map(planted).collect()), true);
    let out = parsed(&run(&profile, &source));
    let value = |row: &Row| value_at(&out, &[(row.tag.0, row.tag.1)]).unwrap_or_default();
    rows.into_iter().map(|row| (row, shown(&value(row)))).collect()
}

fn shown(value: &[u8]) -> String {
    match core::str::from_utf8(value) {
        Ok(text) if !value.contains(&0) || text.trim_end_matches('\0').len() + 1 == text.len() => {
            format!("`{}`", text.trim_end_matches(['\0', ' ']))
        }
        _ => format!("{} zero bytes", value.len()),
    }
}

/// The dummy of most attributes of a VR.
fn by_vr(values: &[(&'static Row, String)]) -> BTreeMap<String, String> {
    let mut counts: BTreeMap<String, BTreeMap<&str, usize>> = BTreeMap::new();
    for (row, value) in values {
        *counts.entry(String::from_utf8_lossy(&row.vr).into_owned()).or_default().entry(value).or_default() += 1;
    }
    let most = |values: BTreeMap<&str, usize>| values.into_iter().max_by_key(|v| v.1).unwrap().0.to_owned();
    counts.into_iter().map(|(vr, values)| (vr, most(values))).collect()
}

/// The dummies of VRs.
pub fn dummies() -> String {
    let mut by_value: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (vr, value) in by_vr(&dummy_values()) {
        by_value.entry(value).or_default().push(vr);
    }
    let mut rows = vec![row("VR", ["Dummy"])];
    rows.extend(by_value.into_iter().map(|(value, vrs)| row(&vrs.join(", "), [value])));
    markdown(&rows)
}

/// Attributes with a dummy of their own.
pub fn own_dummies() -> String {
    let values = dummy_values();
    let of_vr = by_vr(&values);
    let mut rows = vec![row("Attribute", ["Tag", "Dummy"])];
    for (attribute, value) in &values {
        if of_vr.get(&*String::from_utf8_lossy(&attribute.vr)) != Some(value) {
            rows.push(row(attribute.keyword(), [attribute.tag.to_string(), value.clone()]));
        }
    }
    markdown(&rows)
}

/// What stands in an output that did not stand in its input.
pub fn inserted(policies: &[Shipped]) -> String {
    let source = file(&instance(CT, vec![text((8, 8), b"CS", "ORIGINAL\\PRIMARY\\AXIAL")]), true);
    let before = parsed(&source);
    let mut rows = vec![row("Attribute", std::iter::once("Tag").chain(policies.iter().map(|p| p.name)))];
    let mut found: BTreeMap<Tag, Vec<String>> = BTreeMap::new();
    for (at, policy) in policies.iter().enumerate() {
        let out = parsed(&run(&policy.profile, &source));
        for index in out.children(None) {
            let tag = out.nodes()[index as usize].tag;
            if before.find(None, tag).is_none() {
                let codes: Vec<String> = out
                    .children(Some(index))
                    .filter_map(|item| {
                        out.value(out.find(Some(item), Tag(8, 0x100))?).map(|v| shown(v).replace('`', ""))
                    })
                    .collect();
                let value =
                    if codes.is_empty() { shown(out.value(index).unwrap_or_default()) } else { codes.join(", ") };
                found.entry(tag).or_insert_with(|| vec![String::new(); policies.len()])[at] =
                    value.replace(policy.profile.keys().key_id(), "KEY ID");
            }
        }
    }
    rows.extend(found.into_iter().map(|(tag, values)| {
        row(dictionary::keyword_of(tag).unwrap_or_default(), std::iter::once(tag.to_string()).chain(values))
    }));
    markdown(&rows)
}

/// Private creators with elements that are listed as safe.
pub fn safe_private() -> String {
    let mut counts: BTreeMap<String, (usize, Vec<String>)> = BTreeMap::new();
    for line in table("safe_private") {
        let (count, groups) = counts.entry(line["creator"].clone()).or_default();
        *count += 1;
        if !groups.contains(&line["group"]) {
            groups.push(line["group"].clone());
        }
    }
    let mut rows = vec![row("Private creator", ["Groups", "Elements"])];
    rows.extend(
        counts.into_iter().map(|(creator, (count, groups))| row(&creator, [groups.join(", "), count.to_string()])),
    );
    markdown(&rows)
}
