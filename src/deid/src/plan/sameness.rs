//! What files say of each other (design 6 and 7, Sameness). It can hold or skip a file, never change its bytes.

use super::Decision;
use crate::patient::PatientStatus;
use crate::reasons::Reason;
use crate::scan::{FileKind, ScanRow};
use std::collections::BTreeMap;
use tokumei_dicom::order;

/// Rows that share their SOP Instance UID with another and so need the digest of their bytes before the plan.
pub fn needs_digest(rows: &[ScanRow]) -> Vec<usize> {
    let groups = by(rows, |r| text(r.sop_instance.as_deref()));
    let mut indices: Vec<usize> = groups.into_values().filter(|g| g.len() > 1).flatten().collect();
    order::sort(&mut indices);
    indices
}

/// Applies the rules that need all rows, in the order in which one may see the other's result.
pub(super) fn together(rows: &[ScanRow], decisions: &mut [Decision]) {
    duplicates(rows, decisions);
    patients_of_studies(rows, decisions);
    persons_of_ids(rows, decisions);
    concatenations(rows, decisions);
}

/// What rows are grouped by: a namespace, or none for what is the same in all, and a text.
type Key<'r> = (&'r str, &'r str);

fn by<'r>(rows: &'r [ScanRow], key: impl Fn(&'r ScanRow) -> Option<Key<'r>>) -> BTreeMap<Key<'r>, Vec<usize>> {
    let mut groups: BTreeMap<Key<'r>, Vec<usize>> = BTreeMap::new();
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
    for group in by(rows, |r| text(r.sop_instance.as_deref())).into_values().filter(|g| g.len() > 1) {
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
    for group in by(rows, |r| text(r.study.as_deref())).into_values() {
        let of =
            |wanted| group.iter().copied().filter(move |&i| rows.get(i).is_some_and(|r| r.patient_status == wanted));
        let ids = || of(PatientStatus::Ok).filter_map(|i| rows.get(i)).map(patient);
        if differ(ids()) {
            hold(decisions, &group, Reason::PatientsMixed);
        } else if ids().next().is_some() {
            let missing: Vec<usize> = of(PatientStatus::Missing).collect();
            hold(decisions, &missing, Reason::PatientIdMissing);
        }
    }
}

/// One ID with two birth dates or sexes is two persons or a mistake.
fn persons_of_ids(rows: &[ScanRow], decisions: &mut [Decision]) {
    let groups = by(rows, |r| (r.patient_status == PatientStatus::Ok).then(|| patient(r)));
    for group in groups.into_values() {
        let two = |field: fn(&ScanRow) -> Option<&str>| {
            differ(group.iter().filter_map(|&i| rows.get(i)).filter_map(field).map(plain).filter(|v| !v.is_empty()))
        };
        if two(|r| r.birth_date.as_deref()) || two(|r| r.sex.as_deref().filter(|s| matches!(*s, "M" | "F"))) {
            hold(decisions, &group, Reason::IdentityMismatch);
        }
    }
}

fn text(text: Option<&str>) -> Option<Key<'_>> {
    text.map(|text| ("", text))
}

fn patient(row: &ScanRow) -> Key<'_> {
    (row.namespace.as_deref().unwrap_or_default(), row.patient.as_str())
}

/// True where not all are equal.
fn differ<T: PartialEq>(mut values: impl Iterator<Item = T>) -> bool {
    let first = values.next();
    first.is_some_and(|first| values.any(|other| other != first))
}

fn plain(value: &str) -> String {
    value.chars().filter(char::is_ascii_alphanumeric).collect()
}

/// All parts of a concatenation leave together or not at all.
fn concatenations(rows: &[ScanRow], decisions: &mut [Decision]) {
    for group in by(rows, |r| text(r.concatenation.as_deref())).into_values() {
        let whole = group.iter().filter_map(|&i| decisions.get(i)).all(|d| d.passes() || d.reason == Reason::Duplicate);
        if !whole {
            hold(decisions, &group, Reason::PartHeld);
        }
    }
}
