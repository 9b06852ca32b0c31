//! Private attributes that PS3.15 Table E.3.10-1 lists as safe.

use super::generated::private_safe as generated;

/// One safe private attribute. `vr` is `None` in the few rows where the standard gives none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SafePrivate {
    pub(super) creator: u8,
    pub(super) group: u16,
    pub(super) element: u8,
    /// The VR that the value must have.
    pub vr: Option<[u8; 2]>,
    /// Another VR that is listed as well.
    pub other_vr: Option<[u8; 2]>,
    /// Fewest values.
    pub vm_min: u8,
    /// Most values; `None`: any number.
    pub vm_max: Option<u8>,
}

impl SafePrivate {
    /// True where a value of this VR is what the list means.
    pub fn allows_vr(&self, vr: [u8; 2]) -> bool {
        self.vr == Some(vr) || self.other_vr == Some(vr)
    }

    /// True where the number of values is what the list means.
    pub fn allows_count(&self, count: usize) -> bool {
        count >= usize::from(self.vm_min) && self.vm_max.is_none_or(|max| count <= usize::from(max))
    }
}

/// The row for an element of a private block: `creator` without trailing spaces, odd `group`, `element` its last two
/// hex digits (PS3.5 7.8).
pub fn find(creator: &str, group: u16, element: u8) -> Option<&'static SafePrivate> {
    let creator = u8::try_from(generated::CREATORS.binary_search(&creator).ok()?).ok()?;
    let key = (creator, group, element);
    let found = generated::ELEMENTS.binary_search_by_key(&key, |e| (e.creator, e.group, e.element)).ok()?;
    generated::ELEMENTS.get(found)
}

/// True for a creator that the list names.
pub fn is_creator(creator: &str) -> bool {
    generated::CREATORS.binary_search(&creator).is_ok()
}
