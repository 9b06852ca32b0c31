//! What will happen to each file, before anything happens (design 4.3): the policy, the opt-out list and what the
//! files say of each other. Only `pass` goes to the transform.

mod classes;
mod sameness;

pub use classes::of_class;
pub use sameness::needs_digest;

use crate::patient::PatientStatus;
use crate::profile::Profile;
use crate::pseudonym::canonical_id;
use crate::reasons::{Reason, Scope};
use crate::scan::{FileKind, ScanRow};
use serde::Serialize;
use tokumei_dicom::order;

/// What is planned for one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Decision {
    /// `Pass`: it goes to the transform.
    pub verdict: Scope,
    /// Why.
    pub reason: Reason,
    /// The place of the reason.
    pub tag: Option<String>,
}

impl Decision {
    fn new(reason: Reason) -> Self {
        Self { verdict: reason.scope(), reason, tag: None }
    }

    fn at(reason: Reason, tag: &str) -> Self {
        Self { verdict: reason.scope(), reason, tag: Some(tag.to_owned()) }
    }

    /// True where it goes to the transform.
    pub fn passes(&self) -> bool {
        self.verdict == Scope::Pass
    }
}

/// Plans all files of a run, in their order. `optout`: IDs as the list has them; exact canonical matches are excluded.
pub fn plan(profile: &Profile, rows: &[ScanRow], optout: Option<&[String]>) -> Vec<Decision> {
    let excluded = opted_out(profile, optout);
    let mut decisions: Vec<Decision> = rows.iter().map(|row| alone(profile, row, &excluded)).collect();
    sameness::together(rows, &mut decisions);
    decisions
}

/// Canonical IDs in order.
fn opted_out(profile: &Profile, optout: Option<&[String]>) -> Vec<String> {
    let rule = profile.policy().patient.id.to_rule();
    let canonical = optout.unwrap_or_default().iter().filter_map(|id| canonical_id(id, &rule).ok());
    let mut ids: Vec<String> = canonical.filter(|id| !id.is_empty()).collect();
    order::sort(&mut ids);
    ids
}

/// What a file says of itself. Who has opted out is out whatever else is wrong.
fn alone(profile: &Profile, row: &ScanRow, excluded: &[String]) -> Decision {
    if let Some(code) = &row.reason {
        let reason = Reason::from_code(code).unwrap_or(Reason::Damaged);
        return Decision { tag: row.tag.clone(), ..Decision::new(reason) };
    }
    if row.kind != FileKind::Dicom {
        return Decision::new(Reason::NotDicom);
    }
    if row.patient_status == PatientStatus::Ok && excluded.binary_search(&row.patient).is_ok() {
        return Decision::new(Reason::OptedOut);
    }
    if row.own_output {
        return Decision::new(Reason::OwnOutput);
    }
    for (value, tag) in [(&row.sop_class, "0008,0016"), (&row.sop_instance, "0008,0018")] {
        if value.is_none() {
            return Decision::at(Reason::Damaged, tag);
        }
    }
    if let Some(stop) = of_class(profile.policy(), row) {
        return stop;
    }
    for (value, tag) in [(&row.study, "0020,000D"), (&row.series, "0020,000E")] {
        if value.is_none() {
            return Decision::at(Reason::Damaged, tag);
        }
    }
    if row.patient_status == PatientStatus::Unreadable {
        return Decision::at(Reason::PatientIdUnreadable, "0010,0020");
    }
    if row.namespace.is_none() {
        return Decision::new(Reason::NamespaceUnknown);
    }
    Decision::new(Reason::Clean)
}
