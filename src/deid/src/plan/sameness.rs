//! What files say of each other (design 6 and 7, Sameness). It can hold or skip a file, never change its bytes.

use super::Decision;
use crate::patient::PatientStatus;
use crate::reasons::Reason;
use crate::scan::{FileKind, ScanRow};
use std::collections::{BTreeMap, BTreeSet};

/// Rows that share their SOP Instance UID with another and so need the digest of their bytes before the plan.
pub fn needs_digest(rows: &[ScanRow]) -> Vec<usize> {
    let groups = by(rows, |r| r.sop_instance.as_deref());
    let mut indices: Vec<usize> = groups.into_values().filter(|g| g.len() > 1).flatten().collect();
    indices.sort_unstable();
    indices
}

/// Applies the rules that need all rows, in the order in which one may see the other's result.
pub(super) fn together(rows: &[ScanRow], decisions: &mut [Decision]) {
    duplicates(rows, decisions);
    patients_of_studies(rows, decisions);
    persons_of_ids(rows, decisions);
    concatenations(rows, decisions);
}

fn by<'a, K: Ord>(rows: &'a [ScanRow], key: impl Fn(&'a ScanRow) -> Option<K>) -> BTreeMap<K, Vec<usize>> {
    let mut groups: BTreeMap<K, Vec<usize>> = BTreeMap::new();
    for (i, row) in rows.iter().enumerate() {
        if row.kind == FileKind::Dicom
            && row.reason.is_none()
            && let Some(key) = key(row)
        {
            groups.entry(key).or_default().push(i);
        }
    }
    groups
}

/// Holds what would leave; what is refused, excluded or skipped stays that.
fn hold(decisions: &mut [Decision], indices: &[usize], reason: Reason) {
    for &i in indices {
        if let Some(decision) = decisions.get_mut(i).filter(|d| d.passes()) {
            *decision = Decision::new(reason);
        }
    }
}

/// Equal UID and bytes: the first goes, the others are skipped. Equal UID, other bytes or bytes not known: all held.
fn duplicates(rows: &[ScanRow], decisions: &mut [Decision]) {
    for group in by(rows, |r| r.sop_instance.as_deref()).into_values().filter(|g| g.len() > 1) {
        let digests: Vec<Option<&str>> = group.iter().map(|&i| rows.get(i).and_then(|r| r.digest.as_deref())).collect();
        let same = digests.first().is_some_and(|d| d.is_some() && digests.iter().all(|other| other == d));
        if same {
            for &i in group.iter().skip(1) {
                if let Some(decision) = decisions.get_mut(i) {
                    *decision = Decision::new(Reason::Duplicate);
                }
            }
        } else {
            hold(decisions, &group, Reason::UidConflict);
        }
    }
}

/// A study of two patients, and files without an ID beside files with one.
fn patients_of_studies(rows: &[ScanRow], decisions: &mut [Decision]) {
    for group in by(rows, |r| r.study.as_deref()).into_values() {
        let of =
            |wanted| group.iter().copied().filter(move |&i| rows.get(i).is_some_and(|r| r.patient_status == wanted));
        let ids: BTreeSet<(&str, &str)> = of(PatientStatus::Ok)
            .filter_map(|i| rows.get(i))
            .map(|r| (r.namespace.as_deref().unwrap_or_default(), r.patient.as_str()))
            .collect();
        if ids.len() > 1 {
            hold(decisions, &group, Reason::PatientsMixed);
        } else if ids.len() == 1 {
            let missing: Vec<usize> = of(PatientStatus::Missing).collect();
            hold(decisions, &missing, Reason::PatientIdMissing);
        }
    }
}

/// One ID with two birth dates or sexes is two persons or a mistake.
fn persons_of_ids(rows: &[ScanRow], decisions: &mut [Decision]) {
    let groups = by(rows, |r| {
        (r.patient_status == PatientStatus::Ok)
            .then(|| (r.namespace.as_deref().unwrap_or_default(), r.patient.as_str()))
    });
    for group in groups.into_values() {
        let values = |field: fn(&ScanRow) -> Option<&str>| -> BTreeSet<String> {
            group.iter().filter_map(|&i| rows.get(i)).filter_map(field).map(plain).filter(|v| !v.is_empty()).collect()
        };
        let births = values(|r| r.birth_date.as_deref());
        let sexes = values(|r| r.sex.as_deref().filter(|s| matches!(*s, "M" | "F")));
        if births.len() > 1 || sexes.len() > 1 {
            hold(decisions, &group, Reason::IdentityMismatch);
        }
    }
}

fn plain(value: &str) -> String {
    value.chars().filter(char::is_ascii_alphanumeric).collect()
}

/// All parts of a concatenation leave together or not at all.
fn concatenations(rows: &[ScanRow], decisions: &mut [Decision]) {
    for group in by(rows, |r| r.concatenation.as_deref()).into_values() {
        let whole = group.iter().filter_map(|&i| decisions.get(i)).all(|d| d.passes() || d.reason == Reason::Duplicate);
        if !whole {
            hold(decisions, &group, Reason::PartHeld);
        }
    }
}
