//! What a transform ends in: the pieces of the new file, or the reason why there are none.

use super::action::ActionCounts;
use crate::reasons::{Reason, Scope};
use serde::Serialize;
use tokumei_dicom::Piece;

/// The end of one instance. `patient_id_original` and `uids` are for the mapping alone; it has no `Debug`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Outcome {
    /// Verdict.
    pub verdict: Scope,
    /// Reason.
    pub reason: Reason,
    /// The place of the reason.
    pub tag: Option<String>,
    /// It stops only until all frames were decoded and looked at ([`Settled::looked`](super::Settled::looked)).
    pub to_look_at: bool,
    /// The new file; empty where it does not leave.
    #[serde(skip)]
    pub pieces: Vec<Piece>,
    /// Length of the new file.
    pub bytes_out: Option<u64>,
    /// SOP Class UID.
    pub sop_class: Option<String>,
    /// Modality, if a defined term.
    pub modality: Option<String>,
    /// Transfer syntax of the output.
    pub transfer_syntax: Option<String>,
    /// Pseudonym.
    pub patient: Option<String>,
    /// New Study Instance UID.
    pub study: Option<String>,
    /// New Series Instance UID.
    pub series: Option<String>,
    /// New SOP Instance UID.
    pub instance: Option<String>,
    /// New Frame of Reference UID.
    pub frame_of_reference: Option<String>,
    /// How many attributes each action was done to.
    pub actions: ActionCounts,
    /// Which pixel stages have looked.
    pub checked: Checked,
    /// The patient's shift in days; none where dates do not move.
    pub date_shift_days: Option<i32>,
    /// Patient ID as it stood.
    pub patient_id_original: Option<String>,
    /// Namespace of the pseudonym.
    pub namespace: Option<String>,
    /// Original and new UIDs, in the order of the originals.
    pub uids: Vec<(String, String)>,
}

/// Which pixel stages have looked at an instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Checked {
    /// Burned-in text.
    pub text: bool,
    /// Faces.
    pub face: bool,
}

impl Outcome {
    /// An instance that does not leave now.
    pub fn stopped(reason: Reason, tag: Option<String>) -> Self {
        Self {
            verdict: reason.scope(),
            reason,
            tag,
            to_look_at: false,
            pieces: Vec::new(),
            bytes_out: None,
            sop_class: None,
            modality: None,
            transfer_syntax: None,
            patient: None,
            study: None,
            series: None,
            instance: None,
            frame_of_reference: None,
            actions: ActionCounts::default(),
            checked: Checked::default(),
            date_shift_days: None,
            patient_id_original: None,
            namespace: None,
            uids: Vec::new(),
        }
    }
}
