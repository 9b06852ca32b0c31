//! Attributes outside the table, technical texts, and reason codes with their words.

use super::classes::camel;
use super::tsv::Table;
use super::{array, distinct, head};
use std::collections::BTreeMap;
use std::{io, path::Path};

/// `outside.rs`.
pub(super) fn outside(data: &Path) -> io::Result<String> {
    let mut rows = Vec::new();
    for row in Table::read(data, "phi_outside")?.rows() {
        let action = match row.get("action")? {
            "remove" => "Remove",
            "patient" => "PatientCharacteristic",
            "device" => "DeviceIdentity",
            "refuse" => "Refuse",
            "profile" => "ColourProfile",
            _ => return Err(row.wrong("unknown action")),
        };
        rows.push((row.tag()?, format!("({}, OutsideAction::{action})", row.tag()?)));
    }
    distinct("phi_outside", &rows)?;
    let mut out = head("phi_outside.tsv");
    out.push_str("use crate::tables::outside::OutsideAction;\nuse tokumei_dicom::Tag;\n\n");
    out.push_str(&array("ACTIONS", "(Tag, OutsideAction)", rows));
    Ok(out)
}

/// `technical.rs`.
pub(super) fn technical(data: &Path) -> io::Result<String> {
    let mut rows = Vec::new();
    for row in Table::read(data, "technical_texts")?.rows() {
        rows.push((row.tag()?, format!("({}, Kind::{})", row.tag()?, camel(row.get("kind")?))));
    }
    distinct("technical_texts", &rows)?;
    let mut descriptions = Vec::new();
    for row in Table::read(data, "descriptions")?.rows() {
        descriptions.push((row.tag()?, row.tag()?));
    }
    distinct("descriptions", &descriptions)?;
    let mut out = head("{technical_texts,descriptions}.tsv");
    out.push_str("use crate::tables::technical::Kind;\nuse tokumei_dicom::Tag;\n\n");
    out.push_str(&array("TEXTS", "(Tag, Kind)", rows));
    out.push_str(&array("DESCRIPTIONS", "Tag", descriptions));
    Ok(out)
}

/// `reasons.rs`.
pub(super) fn reasons(data: &Path) -> io::Result<String> {
    let table = Table::read(data, "reasons")?;
    let (mut variants, mut codes, mut all) = (String::new(), String::new(), String::new());
    let mut scopes: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut count = 0;
    for row in table.rows() {
        let (code, text) = (row.get("code")?, row.get("en_what")?);
        let name = camel(code);
        variants.extend([format!("    /// {text}\n    {name},\n")]);
        codes.extend([format!("            Self::{name} => \"{code}\",\n")]);
        scopes.entry(camel(row.get("verdict")?)).or_default().push(format!("Self::{name}"));
        all.extend([format!("        Self::{name},\n")]);
        count += 1;
    }
    let arm = |(scope, names): (&String, &Vec<String>)| {
        format!("            {} => Scope::{scope},\n", names.join("\n            | "))
    };
    let scopes: String = scopes.iter().map(arm).collect();
    Ok(REASONS
        .replace("{{VARIANTS}}", &variants)
        .replace("{{CODES}}", &codes)
        .replace("{{SCOPES}}", &scopes)
        .replace("{{ALL}}", &all)
        .replace("{{COUNT}}", &count.to_string()))
}

const REASONS: &str = r#"//! Reason codes: why a file has its verdict, and what stops a run.
//! Made by `cargo xtask generate` from `src/deid/data/reasons.tsv`, which holds the words in Japanese and English. Do not edit.

use serde::{Serialize, Serializer};

/// Verdict that a reason goes with, or `Run` for what stops a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// Leaves with its pixels unchanged.
    Pass,
    /// Leaves with text masked.
    Masked,
    /// Leaves with the face removed.
    Defaced,
    /// Held until a person decides.
    Review,
    /// Does not leave.
    Refused,
    /// The patient opted out.
    Excluded,
    /// No image, or nothing new.
    Skipped,
    /// Of the run, not of a file.
    Run,
}

/// A reason with its stable code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
{{VARIANTS}}}

impl Reason {
    /// All, in the order of the table.
    pub const ALL: [Self; {{COUNT}}] = [
{{ALL}}    ];

    /// Stable code, kebab-case.
    pub const fn code(self) -> &'static str {
        match self {
{{CODES}}        }
    }

    /// The verdict that it goes with.
    pub const fn scope(self) -> Scope {
        match self {
{{SCOPES}}        }
    }

    /// The reason of a code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.code() == code)
    }
}

impl Serialize for Reason {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}
"#;

/// `www/words/reasons.json`: `{code: {verdict, ja: {what, do}, en: {what, do}}}`.
pub(super) fn reason_texts(data: &Path) -> io::Result<String> {
    let mut out = String::from("{\n");
    let mut separator = "";
    for row in Table::read(data, "reasons")?.rows() {
        let quoted = |column: &str| Ok::<_, io::Error>(serde_json::Value::from(row.get(column)?).to_string());
        out.extend([format!(
            "{separator}  {}: {{\n    \"verdict\": {},\n    \"ja\": {{ \"what\": {}, \"do\": {} }},\n    \"en\": {{ \"what\": {}, \"do\": {} }}\n  }}",
            quoted("code")?,
            quoted("verdict")?,
            quoted("ja_what")?,
            quoted("ja_do")?,
            quoted("en_what")?,
            quoted("en_do")?,
        )]);
        separator = ",\n";
    }
    out.push_str("\n}\n");
    Ok(out)
}
