//! What the output may hold because we generated it: recomputed from the source and the key.

use crate::date;
use crate::identity::Identities;
use crate::policy::{IdRule, VerifyPolicy};
use crate::pseudonym::{Secrets, canonical_id, patient_message};
use crate::text::readings;
use std::collections::HashSet;

/// A patient that the source may belong to.
pub struct Patient {
    /// Its pseudonym.
    pub pseudonym: String,
    /// Days added to its dates.
    pub shift: i64,
}

/// Generated values.
pub struct Expected {
    /// New UIDs of everything in the source that may be one.
    pub uids: HashSet<String>,
    /// One entry a namespace and reading of the Patient ID.
    pub patients: Vec<Patient>,
    /// Codes of other identifiers.
    pub codes: HashSet<String>,
}

impl Expected {
    /// Recomputes them.
    pub fn of(identities: &Identities<'_>, secrets: &Secrets, policy: &VerifyPolicy, namespace: &str) -> Self {
        let uids = identities.uid_like.iter().map(|u| secrets.uid(u, &policy.uid_generation)).collect();
        let namespaces = || core::iter::once(namespace).chain(policy.namespaces.iter().map(String::as_str));
        let mut messages: HashSet<Vec<u8>> = HashSet::new();
        for ns in namespaces() {
            for raw in &identities.patient_ids {
                let ids = readings(raw, &identities.charsets);
                messages.extend(
                    ids.iter().filter_map(|t| canonical_id(t, &policy.id)).map(|id| patient_message(ns, &id, b"")),
                );
            }
            // Whether an ID is a dummy is the engine's to say: without one, the patient is the study.
            messages.extend(identities.studies.iter().map(|s| patient_message(ns, "", s)));
            if identities.studies.is_empty() {
                messages.insert(patient_message(ns, "", b""));
            }
        }
        let patients = messages
            .iter()
            .map(|m| Patient { pseudonym: secrets.patient(m), shift: secrets.shift_days(m, &policy.dates) })
            .collect();
        let l = policy.linkage;
        let linked = |field: &str| match field {
            "accession" => l.accession,
            "study-id" => l.study_id,
            _ => l.device,
        };
        let mut codes = HashSet::new();
        for (field, raw) in identities.coded.iter().filter(|c| linked(c.0)) {
            let ids: Vec<String> = readings(raw, &identities.charsets)
                .iter()
                .filter_map(|t| canonical_id(t, &IdRule::default()))
                .collect();
            codes.extend(namespaces().flat_map(|ns| ids.iter().map(move |id| secrets.code(ns, field, id))));
        }
        Self { uids, patients, codes }
    }

    /// True for a date value (DA or DT, single) that is one of the source's, moved by `shift`.
    pub fn is_moved(identities: &Identities<'_>, value: &[u8], shift: i64) -> bool {
        if let Some(day) = date::day(value) {
            return identities.days.contains(&(day - shift));
        }
        let Some(part) = date::partial(value) else { return false };
        let moved =
            |p: &&[u8]| p.len() == part.len() && date::move_partial(p, shift).is_some_and(|m| m.as_bytes() == part);
        identities.partial.iter().any(moved)
    }
}
