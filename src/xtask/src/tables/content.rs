//! Table E.3.4-1: content items of structured content, by what is done to them.

use super::head;
use super::profile::columns;
use super::tsv::{Row, Table};
use std::collections::{BTreeMap, BTreeSet};
use std::{io, path::Path};

/// Concepts by scheme.
type Concepts = BTreeMap<String, BTreeSet<String>>;

/// `content_items.rs`. Items that are treated alike share a row: a list of codes by scheme. Retired SNOMED codes stand under
/// `SRT`, which names all their schemes.
pub(super) fn content_items(data: &Path) -> io::Result<String> {
    let mut groups: BTreeMap<String, Concepts> = BTreeMap::new();
    let mut keys = BTreeSet::new();
    for row in Table::read(data, "content_items")?.rows() {
        let group = group(&row)?;
        for (scheme, code) in concepts(&row)? {
            if !keys.insert((scheme, code, row.get("value_type")?)) {
                return Err(row.wrong("twice"));
            }
            groups.entry(group.clone()).or_default().entry(scheme.to_owned()).or_default().insert(code.to_owned());
        }
    }
    let mut out = head("content_items.tsv");
    out.push_str(
        "use crate::tables::content_items::{Group, ValueType};\nuse crate::tables::e1_1::Code::{D, X, XD};\n\n",
    );
    out.extend([format!("pub(in crate::tables) static GROUPS: [Group; {}] = [\n", groups.len())]);
    for (group, concepts) in &groups {
        let lists: Vec<String> = concepts.iter().map(|(scheme, codes)| list(scheme, codes)).collect();
        out.extend([format!("    Group {{ {group}, concepts: {:?} }},\n", lists.join(" "))]);
    }
    out.push_str("];\n");
    Ok(out)
}

fn list(scheme: &str, codes: &BTreeSet<String>) -> String {
    let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
    format!("{scheme}: {}", codes.join(" "))
}

fn group(row: &Row<'_>) -> io::Result<String> {
    let value_type = match row.get("value_type")? {
        "CODE" => "Code",
        "COMPOSITE" => "Composite",
        "CONTAINER" => "Container",
        "DATE" => "Date",
        "DATETIME" => "DateTime",
        "IMAGE" => "Image",
        "NUM" => "Num",
        "PNAME" => "PName",
        "TEXT" => "Text",
        "TIME" => "Time",
        "UIDREF" => "UidRef",
        "WAVEFORM" => "Waveform",
        _ => return Err(row.wrong("unknown value type")),
    };
    let basic = row.get("basic")?.replace('/', "");
    let present = [
        "rtn_uids",
        "rtn_device_id",
        "rtn_institution_id",
        "rtn_patient_chars",
        "rtn_long_full_dates",
        "rtn_long_modified_dates",
        "clean_descriptors",
    ];
    let (keep, clean) = columns(row, |column| present.contains(&column))?;
    Ok(format!("value_type: ValueType::{value_type}, basic: {basic}, keep: {keep}, clean: {clean}"))
}

fn concepts<'a>(row: &Row<'a>) -> io::Result<Vec<(&'a str, &'a str)>> {
    let (scheme, code, retired) = (row.get("scheme")?, row.get("code")?, row.get("retired_snomed_rt_code")?);
    if scheme.contains([' ', ':']) || code.contains([' ', ':']) || retired.contains([' ', ':']) {
        return Err(row.wrong("no code"));
    }
    let mut all = vec![(scheme, code)];
    all.extend((!retired.is_empty()).then_some(("SRT", retired)));
    Ok(all)
}
