//! SOP Classes, UIDs, safe private attributes, method codes.

use super::tsv::{Row, Table};
use super::{array, distinct, head, profile};
use std::collections::BTreeSet;
use std::{io, path::Path};

/// `sop_class.rs`.
pub(super) fn sop_class(data: &Path) -> io::Result<String> {
    let iods = profile::iod_keys(data)?;
    let mut out = head("sop_class_phi_risk.tsv");
    out.push_str(
        "use crate::tables::iod::Iod;\nuse crate::tables::sop_class::{ClassVerdict, Contents, Level, SopClass};\n\n",
    );
    let (mut rows, mut names) = (Vec::new(), Vec::new());
    for row in Table::read(data, "sop_class_phi_risk")?.rows() {
        let uid = row.get("sop_class_uid")?.to_owned();
        names.push((uid.clone(), format!("{:?}", row.get("name")?)));
        rows.push((uid, class_row(&row, &iods)?));
    }
    distinct("sop_class_phi_risk", &rows)?;
    out.push_str(&array("CLASSES", "SopClass", rows));
    out.push_str(&array("NAMES", "&str", names));
    Ok(out)
}

fn class_row(row: &Row<'_>, iods: &[String]) -> io::Result<String> {
    let level = |column: &str| match row.get(column)? {
        "none" => Ok("Level::None"),
        "low" => Ok("Level::Low"),
        "high" => Ok("Level::High"),
        _ => Err(row.wrong("unknown level")),
    };
    let verdict = match row.get("verdict")? {
        "pass" => "Pass",
        "text" => "Text",
        "deface" => "Deface",
        "text+deface" => "TextDeface",
        "review" => "Review",
        "refuse" => "Refuse",
        _ => return Err(row.wrong("unknown verdict")),
    };
    let columns = [
        "free_text_content",
        "encapsulated_document",
        "waveform_or_audio",
        "graphics_or_presentation",
        "video",
        "non_image_reference",
        "raw_data",
    ];
    let mut contents = 0u8;
    for (bit, column) in columns.iter().enumerate() {
        contents |= u8::from(row.get(column)? == "y") << bit;
    }
    let iod = match row.get("iod")? {
        "" => "None".to_owned(),
        key => {
            let n = iods.iter().position(|k| k == key).ok_or_else(|| row.wrong("unknown IOD"))?;
            format!("Some(Iod({n}))")
        }
    };
    Ok(format!(
        "SopClass {{ uid: {:?}, category: {:?}, iod: {iod}, burned_in_text: {}, face: {}, contents: Contents({contents}), verdict: ClassVerdict::{verdict} }}",
        row.get("sop_class_uid")?,
        row.get("category")?,
        level("burned_in_text")?,
        level("face")?,
    ))
}

/// `uids.rs`.
pub(super) fn uids(data: &Path) -> io::Result<String> {
    let mut out = head("{well_known_uids,uid_attributes}.tsv");
    out.push_str("use crate::tables::uids::UidClass;\nuse tokumei_dicom::Tag;\n\n");
    let (mut dicom, mut other) = (BTreeSet::new(), BTreeSet::new());
    for row in Table::read(data, "well_known_uids")?.rows() {
        let uid = row.get("uid")?;
        match uid.strip_prefix("1.2.840.10008.") {
            Some(rest) => dicom.insert(rest.to_owned()),
            None => other.insert(uid.to_owned()),
        };
    }
    out.push_str(&lines("DICOM", dicom));
    out.push_str(&lines("OTHER", other));
    let mut rows = Vec::new();
    for row in Table::read(data, "uid_attributes")?.rows() {
        let class = match row.get("class")? {
            "command group, never in a data set" => "Command",
            "file meta" | "directory, not in Table E.1-1" => "MetaOrDirectory",
            "structural" => "Structural",
            "instance, in Table E.1-1" | "instance, not in Table E.1-1" | "selector value, not in Table E.1-1" => {
                "Instance"
            }
            "code or software identity" => "CodeOrSoftware",
            "repository or community, not in Table E.1-1" => "Repository",
            _ => return Err(row.wrong("unknown class")),
        };
        rows.push((row.tag()?, format!("({}, UidClass::{class})", row.tag()?)));
    }
    distinct("uid_attributes", &rows)?;
    out.push_str(&array("ATTRIBUTES", "(Tag, UidClass)", rows));
    Ok(out)
}

/// A static text: sorted, one a line.
fn lines(name: &str, set: BTreeSet<String>) -> String {
    let lines: Vec<String> = set.into_iter().map(|line| format!("{line}\\n\\\n")).collect();
    format!("pub(in crate::tables) static {name}: &str = \"\\\n{}\";\n", lines.concat())
}

/// `private_safe.rs`.
pub(super) fn private_safe(data: &Path) -> io::Result<String> {
    let table = Table::read(data, "safe_private")?;
    let mut creators = BTreeSet::new();
    for row in table.rows() {
        creators.insert(row.get("creator")?.to_owned());
    }
    let creators: Vec<String> = creators.into_iter().collect();
    let mut rows = Vec::new();
    for row in table.rows() {
        let name = row.get("creator")?;
        let creator = creators.iter().position(|c| c == name).ok_or_else(|| row.wrong("creator"))?;
        let (group, element) = (row.get("group")?, row.get("element")?);
        let (vr, other_vr) = match row.get("vr")?.split_once('/') {
            Some((vr, other)) => (format!("Some(*b\"{vr}\")"), format!("Some(*b\"{other}\")")),
            None if row.get("vr")?.is_empty() => ("None".to_owned(), "None".to_owned()),
            None => (format!("Some(*b\"{}\")", row.get("vr")?), "None".to_owned()),
        };
        let (min, max) = vm(row.get("vm")?);
        rows.push((
            (creator, group.to_owned(), element.to_owned()),
            format!("SafePrivate {{ creator: {creator}, group: 0x{group}, element: 0x{element}, vr: {vr}, other_vr: {other_vr}, vm_min: {min}, vm_max: {max} }}"),
        ));
    }
    distinct("safe_private", &rows)?;
    let mut out = head("safe_private.tsv");
    out.push_str("use crate::tables::private_safe::SafePrivate;\n\n");
    out.push_str(&array("CREATORS", "&str", creators.iter().map(|c| (c.clone(), format!("{c:?}"))).collect()));
    out.push_str(&array("ELEMENTS", "SafePrivate", rows));
    Ok(out)
}

/// `vendor_private.rs`.
pub(super) fn vendor_private(data: &Path) -> io::Result<String> {
    let mut rows = Vec::new();
    for row in Table::read(data, "vendor_private")?.rows() {
        let (set, creator) = (row.get("set")?, row.get("creator")?);
        let (group, element, vr) = (row.get("group")?, row.get("element")?, row.get("vr")?);
        let (vm_min, vm_max) = vm(row.get("vm")?);
        let (min, max) = (row.get("min")?, row.get("max")?);
        rows.push((
            (set.to_owned(), creator.to_owned(), group.to_owned(), element.to_owned()),
            format!("VendorPrivate {{ set: {set:?}, creator: {creator:?}, group: 0x{group}, element: 0x{element}, vr: *b{vr:?}, vm_min: {vm_min}, vm_max: {vm_max}, min: {min}, max: {max} }}"),
        ));
    }
    distinct("vendor_private", &rows)?;
    let mut out = head("vendor_private.tsv");
    out.push_str("use crate::tables::vendor_private::VendorPrivate;\n\n");
    out.push_str(&array("ELEMENTS", "VendorPrivate", rows));
    Ok(out)
}

/// Fewest and most values of a Value Multiplicity, as Rust has them.
fn vm(text: &str) -> (&str, String) {
    let (min, max) = text.split_once('-').unwrap_or((text, text));
    (min, if max == "n" { "None".to_owned() } else { format!("Some({max})") })
}

/// `method_codes.rs`.
pub(super) fn method_codes(data: &Path) -> io::Result<String> {
    let mut out = head("deid_method_codes.tsv");
    out.push_str("use crate::tables::e1_1::OptionColumn;\nuse crate::tables::method_codes::MethodCode;\n\n");
    let mut rows = Vec::new();
    for row in Table::read(data, "deid_method_codes")?.rows() {
        let option = match row.get("table_e1_1_column")? {
            "basic" | "-" => "None".to_owned(),
            column => format!("Some(OptionColumn::{})", camel(column)),
        };
        let (code, meaning) = (row.get("code_value")?, row.get("code_meaning")?);
        rows.push((
            code.to_owned(),
            format!("MethodCode {{ code: {code:?}, meaning: {meaning:?}, option: {option} }}"),
        ));
    }
    out.push_str(&array("CODES", "MethodCode", rows));
    Ok(out)
}

/// `snake_case` or `kebab-case` as `CamelCase`.
pub(super) fn camel(name: &str) -> String {
    name.split(['_', '-'])
        .map(|word| {
            let mut letters = word.chars();
            letters.next().map(|c| c.to_ascii_uppercase()).into_iter().chain(letters).collect::<String>()
        })
        .collect()
}
