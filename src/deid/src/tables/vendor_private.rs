//! Private numbers beyond Table E.3.10-1 that vendors describe in public, in named sets that a policy can choose. Numbers
//! only, each between two bounds: text is in no set.

use super::generated::vendor_private as generated;

/// One element of a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VendorPrivate {
    /// The set that it belongs to, which tells vendor and modality.
    pub set: &'static str,
    /// Private creator.
    pub creator: &'static str,
    /// Odd group.
    pub group: u16,
    /// Last two hex digits of the element.
    pub element: u8,
    /// The VR that the value must have, one of numbers.
    pub vr: [u8; 2],
    /// Fewest values.
    pub vm_min: u8,
    /// Most values; `None`: any number.
    pub vm_max: Option<u8>,
    /// The least value that means what the set says.
    pub min: i32,
    /// The largest one.
    pub max: i32,
}

impl VendorPrivate {
    /// True where the number of values is what the set says.
    pub fn allows_count(&self, count: usize) -> bool {
        count >= usize::from(self.vm_min) && self.vm_max.is_none_or(|max| count <= usize::from(max))
    }

    /// True for a value that the element can have.
    pub fn allows(&self, value: f64) -> bool {
        (f64::from(self.min)..=f64::from(self.max)).contains(&value)
    }
}

/// Elements of a set; none: there is no such set.
pub fn set(name: &str) -> impl Iterator<Item = &'static VendorPrivate> + '_ {
    generated::ELEMENTS.iter().filter(move |row| row.set == name)
}

/// Names of the sets, in order.
pub fn sets() -> Vec<&'static str> {
    let mut names: Vec<&str> = generated::ELEMENTS.iter().map(|row| row.set).collect();
    names.dedup();
    names
}

/// The row of an element with this VR.
pub fn find(creator: &str, group: u16, element: u8, vr: [u8; 2]) -> Option<&'static VendorPrivate> {
    let is = |row: &&VendorPrivate| (row.creator, row.group, row.element, row.vr) == (creator, group, element, vr);
    generated::ELEMENTS.iter().find(is)
}

#[cfg(test)]
mod tests {
    use super::{generated, sets};
    use crate::tables::private_safe;

    #[test]
    fn sets_hold_numbers_that_the_standard_does_not_list() {
        assert_eq!(sets(), ["canon-ct", "canon-mr", "fujifilm-cr", "ge-mr", "philips-mr", "siemens-mr"]);
        for row in &generated::ELEMENTS {
            let place = (row.creator, row.group, row.element);
            assert!([b"DS", b"IS", b"FD", b"FL", b"SS", b"US"].contains(&&row.vr), "{place:?}");
            assert!(private_safe::find(row.creator, row.group, row.element).is_none(), "{place:?}");
            assert!(row.group & 1 == 1 && row.vm_min > 0 && row.min < row.max, "{place:?}");
            // Seven digits and more can be an identifier.
            assert!(row.min >= -1_000_000 && row.max <= 1_000_000, "{place:?}");
        }
    }
}
