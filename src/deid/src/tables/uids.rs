//! UIDs: which values never change, and what each attribute of VR UI holds (PS3.5 9, PS3.15 E.3.9).

use super::generated::uids as generated;
use super::lines::Lines;
use tokumei_dicom::Tag;

const DICOM_ROOT: &str = "1.2.840.10008.";

/// What an attribute of VR UI holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UidClass {
    /// Of the command group, never in a data set.
    Command,
    /// Of the file meta information or a directory: written anew or removed with its group.
    MetaOrDirectory,
    /// Classes, transfer syntaxes, coding schemes: never changed.
    Structural,
    /// Instances and what they share: new.
    Instance,
    /// Code or software: kept if registered, else new.
    CodeOrSoftware,
    /// Repository or community: it names the institution or region, removed.
    Repository,
}

/// What is done with the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UidAction {
    /// It stays.
    Keep,
    /// New, unless well known.
    Remap,
    /// It goes.
    Remove,
}

impl UidClass {
    /// What is done with the value.
    pub const fn action(self) -> UidAction {
        match self {
            Self::Structural => UidAction::Keep,
            Self::Instance | Self::CodeOrSoftware => UidAction::Remap,
            Self::Command | Self::MetaOrDirectory | Self::Repository => UidAction::Remove,
        }
    }
}

/// True for a UID registered in PS3.6 (Annex A): never changed, wherever it stands. `uid` without padding.
pub fn is_well_known(uid: &str) -> bool {
    static DICOM: Lines = Lines::new(generated::DICOM);
    static OTHER: Lines = Lines::new(generated::OTHER);
    match uid.strip_prefix(DICOM_ROOT) {
        Some(rest) => DICOM.contains(rest),
        None => OTHER.contains(uid),
    }
}

/// What an attribute of VR UI holds. `None`: unknown; treat as [`UidClass::Instance`].
pub fn attribute(tag: Tag) -> Option<UidClass> {
    let found = generated::ATTRIBUTES.binary_search_by_key(&tag, |a| a.0).ok();
    found.and_then(|i| generated::ATTRIBUTES.get(i)).map(|a| a.1)
}
