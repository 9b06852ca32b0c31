//! What will happen to each file, before anything happens (design 4.3): the policy, the opt-out list and what the
//! files say of each other. Only `pass` and `masked` go to the transform.

mod classes;
mod sameness;

pub use classes::of_class;
pub use sameness::needs_digest;

use crate::devices::By;
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
    /// `Pass`, `Masked`: it goes to the transform.
    pub verdict: Scope,
    /// Why.
    pub reason: Reason,
    /// The place of the reason.
    pub tag: Option<String>,
    /// What it comes to once a person has looked at the pixels, where it waits for that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub looked: Option<Box<Decision>>,
}

impl Decision {
    fn new(reason: Reason) -> Self {
        Self { verdict: reason.scope(), reason, tag: None, looked: None }
    }

    fn at(reason: Reason, tag: &str) -> Self {
        Self { tag: Some(tag.to_owned()), ..Self::new(reason) }
    }

    /// True where a person's look at the pixels can change it.
    fn waits_for_a_look(&self) -> bool {
        matches!(self.reason, Reason::TextNotChecked | Reason::FaceNotChecked)
    }

    /// True where it goes to the transform.
    pub fn passes(&self) -> bool {
        matches!(self.verdict, Scope::Pass | Scope::Masked)
    }
}

/// Plans all files of a run, in their order. `optout`: IDs as the list has them; exact canonical matches are excluded.
pub fn plan(profile: &Profile, rows: &[ScanRow], optout: Option<&[String]>) -> Vec<Decision> {
    let excluded = opted_out(profile, optout);
    let all = |looked| {
        let mut decisions: Vec<Decision> = rows.iter().map(|row| alone(profile, row, &excluded, looked)).collect();
        sameness::together(rows, &mut decisions);
        decisions
    };
    let mut decisions = all(false);
    if decisions.iter().any(Decision::waits_for_a_look) {
        for (decision, looked) in decisions.iter_mut().zip(all(true)) {
            decision.looked = decision.waits_for_a_look().then(|| Box::new(looked));
        }
    }
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
fn alone(profile: &Profile, row: &ScanRow, excluded: &[String], looked: bool) -> Decision {
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
    if let Some(stop) = of_class(profile.policy(), row, looked) {
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
    Decision::new(match row.masks.as_slice() {
        [] => Reason::Clean,
        masks if masks.iter().any(|mask| mask.by == By::File) => Reason::MaskFileMasked,
        _ => Reason::DeviceRuleMasked,
    })
}
