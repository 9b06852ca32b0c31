//! Who the patient of an instance is (design 6): the canonical Patient ID in a namespace, or the study where no ID is
//! usable. (0010,0020) at the top level alone decides.

use crate::json::fill::words;
use crate::policy::Policy;
use crate::pseudonym::{canonical_id, is_dummy_id};
use crate::values::{before_nul, decoded, tags, top_ascii, top_text};
use serde::{Deserialize, Serialize};
use tokumei_dicom::DataSet;

/// Whether an instance has a Patient ID to go by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PatientStatus {
    /// It has.
    Ok,
    /// Absent, blank or a dummy: the patient is the study.
    Missing,
    /// Its characters do not decode; no pseudonym can be made of it.
    Unreadable,
}

words!(PatientStatus { Ok: "ok", Missing: "missing", Unreadable: "unreadable" });

/// The Patient ID of an instance. It identifies: no `Debug`.
pub struct PatientId {
    /// Whether it can be used.
    pub status: PatientStatus,
    /// Canonical form; empty unless the status is `Ok`.
    pub canonical: String,
    /// As it stood, decoded and trimmed; for the mapping only.
    pub original: String,
}

/// Reads the Patient ID with the character set in force.
pub fn patient_id(ds: &DataSet, policy: &Policy) -> PatientId {
    let none = |status| PatientId { status, canonical: String::new(), original: String::new() };
    let Some(index) = ds.find(None, tags::PATIENT_ID) else { return none(PatientStatus::Missing) };
    let bytes = ds.value(index).unwrap_or_default();
    if before_nul(bytes).0.iter().all(|&b| b == b' ') {
        return none(PatientStatus::Missing);
    }
    match decoded(ds, index, bytes, *b"LO") {
        Some(text) => from_text(&text, policy),
        None => none(PatientStatus::Unreadable),
    }
}

/// The same for a value that is already decoded.
pub fn from_text(text: &str, policy: &Policy) -> PatientId {
    let original = text.trim().to_owned();
    match canonical_id(&original, &policy.patient.id.to_rule()) {
        Ok(canonical) if is_dummy_id(&canonical, &policy.patient.id.dummies) => {
            PatientId { status: PatientStatus::Missing, canonical: String::new(), original }
        }
        Ok(canonical) => PatientId { status: PatientStatus::Ok, canonical, original },
        Err(_) => PatientId { status: PatientStatus::Unreadable, canonical: String::new(), original: String::new() },
    }
}

/// Whose hospital's an instance is: the caller's namespace where one is given, else the first entry of the policy's
/// map that fits, else, without a map, the policy's one namespace. `None`: a map that says nothing of this file.
pub fn namespace(ds: &DataSet, policy: &Policy, given: &str, path: &str) -> Option<String> {
    let rule = &policy.patient.namespaces;
    if !given.is_empty() {
        return Some(given.to_owned());
    }
    if rule.map.is_empty() {
        return Some(rule.default.clone());
    }
    let issuer = top_text(ds, tags::ISSUER_OF_PATIENT_ID).or_else(|| top_ascii(ds, tags::ISSUER_OF_PATIENT_ID));
    let institution = top_text(ds, tags::INSTITUTION_NAME);
    let fits = |wanted: &Option<String>, found: Option<&str>| wanted.as_deref().is_none_or(|w| found == Some(w));
    rule.map
        .iter()
        .find(|entry| {
            entry.folder.as_deref().is_none_or(|folder| in_folder(path, folder))
                && fits(&entry.issuer, issuer.as_deref())
                && fits(&entry.institution, institution.as_deref())
        })
        .map(|entry| entry.namespace.clone())
}

fn in_folder(path: &str, folder: &str) -> bool {
    let folder = folder.trim_matches('/');
    path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}
