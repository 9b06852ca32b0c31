//! Table E.1-1 and the Types of IODs.

use super::tsv::{Row, Table};
use super::{array, distinct, head};
use std::collections::{BTreeMap, BTreeSet};
use std::{io, path::Path};

const OPTIONS: [&str; 10] = [
    "rtn_safe_private",
    "rtn_uids",
    "rtn_device_id",
    "rtn_institution_id",
    "rtn_patient_chars",
    "rtn_long_full_dates",
    "rtn_long_modified_dates",
    "clean_descriptors",
    "clean_structured_content",
    "clean_graphics",
];

/// `e1_1.rs`.
pub(super) fn e1_1(data: &Path) -> io::Result<String> {
    let table = Table::read(data, "table_e1_1")?;
    let mut out = head("table_e1_1.tsv");
    out.push_str(
        "use crate::tables::e1_1::{Code::{D, U, X, XD, XZ, XZD, XZUStar, Z, ZD}, Row};\nuse tokumei_dicom::Tag;\n\n",
    );
    let (mut rows, mut keywords) = (Vec::new(), Vec::new());
    for row in table.rows() {
        if row.get("match")? == "exact" {
            rows.push((row.tag()?, e1_1_row(&row, &row.tag()?)?));
            keywords.push((row.tag()?, format!("{:?}", row.get("keyword")?)));
            continue;
        }
        let (name, lowest) = match row.get("tag")? {
            "50xx,xxxx" => ("CURVES", "Tag(0x5000, 0x0000)"),
            "60xx,3000" => ("OVERLAY_DATA", "Tag(0x6000, 0x3000)"),
            "60xx,4000" => ("OVERLAY_COMMENTS", "Tag(0x6000, 0x4000)"),
            "gggg,eeee" => ("PRIVATE", "Tag(0x0009, 0x0000)"),
            _ => return Err(row.wrong("unknown pattern")),
        };
        out.extend([format!("pub(in crate::tables) static {name}: Row = {};\n", e1_1_row(&row, lowest)?)]);
    }
    distinct("table_e1_1", &rows)?;
    out.push_str(&array("ROWS", "Row", rows));
    out.push_str(&array("KEYWORDS", "&str", keywords));
    Ok(out)
}

/// True for texts whose keyword says that they name or number a person, a thing or a place.
fn names(row: &Row<'_>) -> io::Result<bool> {
    let keyword = row.get("keyword")?;
    let ends = ["Name", "Names", "ID", "IDs", "Number", "Title", "Address"];
    Ok(matches!(row.get("vr")?, "LO" | "SH" | "AE") && ends.iter().any(|end| keyword.ends_with(end)))
}

/// Bits of the option columns that say K, and of those that say C. `is_there`: whether the table has the column.
pub(super) fn columns(row: &Row<'_>, is_there: impl Fn(&str) -> bool) -> io::Result<(u16, u16)> {
    let (mut keep, mut clean) = (0u16, 0u16);
    for (bit, column) in OPTIONS.iter().enumerate().filter(|(_, column)| is_there(column)) {
        match row.get(column)? {
            "" => {}
            "K" => keep |= 1 << bit,
            "C" => clean |= 1 << bit,
            _ => return Err(row.wrong("unknown code of an option")),
        }
    }
    Ok((keep, clean))
}

fn e1_1_row(row: &Row<'_>, tag: &str) -> io::Result<String> {
    let basic = match row.get("basic")? {
        "X/Z/U*" => "XZUStar".to_owned(),
        code => code.replace('/', ""),
    };
    let (keep, clean) = columns(row, |_| true)?;
    let vr = match row.get("vr")? {
        "*" => "UN",
        "OB or OW" => "OW",
        vr => vr,
    };
    let names = names(row)?;
    Ok(format!("Row {{ tag: {tag}, vr: *b\"{vr}\", basic: {basic}, keep: {keep}, clean: {clean}, names: {names} }}"))
}

/// Numbers for paths and sets of IODs, in the order of their texts.
struct Numbers {
    tags: BTreeMap<String, String>,
    paths: BTreeMap<String, usize>,
    iods: Vec<String>,
    sets: BTreeMap<[u64; 3], usize>,
}

/// `iod.rs`.
pub(super) fn iod(data: &Path) -> io::Result<String> {
    let types = Table::read(data, "iod_types")?;
    let unlisted = Table::read(data, "unlisted_text_types")?;
    let numbers = numbers(data, &types, &unlisted)?;
    let mut out = head("{iod_types,unlisted_text_types,sequence_keywords}.tsv");
    out.push_str("use crate::tables::iod::{FUNCTIONAL_GROUPS, LegalAction, Type, TypeEntry, TypeRow, UnlistedEntry};\nuse tokumei_dicom::Tag;\n\n");
    out.push_str(&array("IODS", "&str", numbers.iods.iter().map(|k| (k.clone(), format!("\"{k}\""))).collect()));
    let set = |words: &[u64; 3]| format!("[{:#x}, {:#x}, {:#x}]", words[0], words[1], words[2]);
    out.push_str(&array("SETS", "[u64; 3]", numbers.sets.iter().map(|(words, n)| (*n, set(words))).collect()));
    let mut paths = Vec::new();
    for (path, n) in &numbers.paths {
        paths.push((*n, path_expression(path, &numbers.tags)?));
    }
    out.push_str(&array("PATHS", "&[Tag]", paths));

    let mut rows = Vec::new();
    for row in types.rows() {
        let path = numbers.paths.get(row.get("path")?).ok_or_else(|| row.wrong("path"))?;
        let iods = numbers.sets.get(&iod_set(&row, &numbers.iods)?).ok_or_else(|| row.wrong("set"))?;
        let entry =
            format!("TypeEntry {{ tag: {}, path: {path}, iods: {iods}, row: {} }}", row.tag()?, type_row(&row)?);
        rows.push(((row.tag()?, *path, *iods), entry));
    }
    distinct("iod_types", &rows)?;
    out.push_str(&array("TYPES", "TypeEntry", rows));

    let mut rows = Vec::new();
    // Overlay groups go whole, so the row of (60xx,0045) never asks.
    for row in unlisted.rows().filter(|row| row.get("tag").is_ok_and(|tag| !tag.starts_with("60xx"))) {
        let path = numbers.paths.get(row.get("path")?).ok_or_else(|| row.wrong("path"))?;
        let entry = format!("UnlistedEntry {{ tag: {}, path: {path}, row: {} }}", row.tag()?, type_row(&row)?);
        rows.push(((row.tag()?, *path), entry));
    }
    distinct("unlisted_text_types", &rows)?;
    out.push_str(&array("UNLISTED", "UnlistedEntry", rows));
    Ok(out)
}

/// All IOD keys: those of the Types and those of the SOP Classes. Also used for the SOP Classes.
pub(super) fn iod_keys(data: &Path) -> io::Result<Vec<String>> {
    let mut keys = BTreeSet::new();
    for row in Table::read(data, "iod_types")?.rows() {
        keys.extend(row.get("iods")?.split(' ').filter(|k| !matches!(*k, "*" | "except" | "")).map(str::to_owned));
    }
    for row in Table::read(data, "sop_class_phi_risk")?.rows() {
        keys.insert(row.get("iod")?.to_owned());
    }
    keys.remove("");
    Ok(keys.into_iter().collect())
}

fn numbers(data: &Path, types: &Table, unlisted: &Table) -> io::Result<Numbers> {
    let mut tags = BTreeMap::new();
    for row in Table::read(data, "sequence_keywords")?.rows() {
        tags.insert(row.get("keyword")?.to_owned(), row.tag()?);
    }
    let iods = iod_keys(data)?;
    let (mut paths, mut sets) = (BTreeSet::new(), BTreeSet::new());
    for row in types.rows() {
        paths.insert(row.get("path")?.to_owned());
        sets.insert(iod_set(&row, &iods)?);
    }
    for row in unlisted.rows() {
        paths.insert(row.get("path")?.to_owned());
    }
    let paths = paths.into_iter().enumerate().map(|(n, p)| (p, n)).collect();
    let sets = sets.into_iter().enumerate().map(|(n, s)| (s, n)).collect();
    Ok(Numbers { tags, paths, iods, sets })
}

/// The set of a row: a list of keys, `*`, or `* except` a list.
fn iod_set(row: &Row<'_>, iods: &[String]) -> io::Result<[u64; 3]> {
    let text = row.get("iods")?;
    let (all, listed) = match text.strip_prefix('*') {
        Some(rest) => (true, rest.trim().strip_prefix("except").unwrap_or_default()),
        None => (false, text),
    };
    let mut words = [0u64; 3];
    let listed: BTreeSet<&str> = listed.split(' ').filter(|k| !k.is_empty()).collect();
    for (n, key) in iods.iter().enumerate() {
        if listed.contains(key.as_str()) != all {
            let word = words.get_mut(n / 64).ok_or_else(|| row.wrong("too many IODs"))?;
            *word |= 1 << (n % 64);
        }
    }
    Ok(words)
}

fn path_expression(path: &str, tags: &BTreeMap<String, String>) -> io::Result<String> {
    if path == "." {
        return Ok("&[]".to_owned());
    }
    let mut steps = Vec::new();
    for step in path.split('>') {
        let known = if step == "FG" { Some("FUNCTIONAL_GROUPS") } else { tags.get(step).map(String::as_str) };
        steps.push(known.ok_or_else(|| io::Error::other(format!("sequence_keywords.tsv lacks {step}")))?);
    }
    Ok(format!("&[{}]", steps.join(", ")))
}

fn type_row(row: &Row<'_>) -> io::Result<String> {
    let attribute_type = match row.get("type")? {
        "1" => "One",
        "1C" => "OneC",
        "2" => "Two",
        "2C" => "TwoC",
        "3" => "Three",
        _ => return Err(row.wrong("unknown Type")),
    };
    let legal_action = match row.get("legal_action")? {
        "X" => "X",
        "Z" => "Z",
        "Z(dummy)" => "ZDummy",
        "D" => "D",
        "U" => "U",
        _ => return Err(row.wrong("unknown action")),
    };
    Ok(format!("TypeRow {{ attribute_type: Type::{attribute_type}, legal_action: LegalAction::{legal_action} }}"))
}
