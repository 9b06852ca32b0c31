//! Values that stand for the patient: pseudonym, birth date, and identifiers that stay joinable (design 6).

use super::action::{Decision, Letter};
use super::context::{Context, Place};
use super::date;
use crate::patient::{self, PatientStatus};
use crate::policy::BirthDate;
use crate::pseudonym::{CodeField, patient_message};
use crate::tables::RuleSource;
use crate::values::tags;
use tokumei_dicom::Tag;
use tokumei_dicom::node::NodeKind;

/// What becomes of Patient ID, Patient's Name and Patient's Birth Date; `None` for all others.
pub(crate) fn decide(context: &Context, place: &Place) -> Option<Decision> {
    if context.ds.node(place.index)?.kind != NodeKind::Element {
        return None;
    }
    match place.tag {
        tags::PATIENT_ID | tags::PATIENT_NAME => {
            Some(Decision::value(Letter::D, pseudonym(context, place), RuleSource::Pseudonym))
        }
        tags::BIRTH_DATE if context.profile.policy().patient.birth_date == BirthDate::ShiftedYear => {
            let text = context.text(place.index, *b"DA")?;
            let year = date::shifted_year(&text, context.shift_days)?;
            Some(Decision::value(Letter::C, format!("{year}0101"), RuleSource::Date))
        }
        _ => None,
    }
}

/// The patient's pseudonym; inside an item that names another patient, that one's.
fn pseudonym(context: &Context, place: &Place) -> String {
    let other = place.parent.and_then(|item| {
        let index = context.ds.find(Some(item), tags::PATIENT_ID)?;
        let id = patient::from_text(&context.text(index, *b"LO")?, context.profile.policy());
        (id.status == PatientStatus::Ok).then_some(id.canonical)
    });
    match other {
        Some(id) => context.profile.keys().patient_pseudonym(&patient_message(context.namespace, &id, "")),
        None => context.pseudonym.clone(),
    }
}

/// The code of an identifier that the policy keeps joinable; `None` where it does not.
pub(crate) fn linked(context: &Context, place: &Place, vr: [u8; 2]) -> Option<Decision> {
    let linkage = &context.profile.policy().linkage;
    let field = match place.tag {
        tags::ACCESSION_NUMBER if linkage.accession => CodeField::Accession,
        tags::STUDY_ID if linkage.study_id => CodeField::StudyId,
        Tag(0x0018, 0x1000) if linkage.device => CodeField::Device,
        _ => return None,
    };
    let text = context.text(place.index, vr).filter(|t| !t.is_empty())?;
    let code = context.profile.keys().code(context.namespace, &field, &text).ok()?;
    Some(Decision::value(Letter::D, code, RuleSource::Linkage))
}
