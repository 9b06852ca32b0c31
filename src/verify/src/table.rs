//! Table E.1-1, the safe private attributes and the well-known UIDs, as this crate's own data.

use crate::policy::VerifyPolicy;

const ACTIONS: &str = include_str!("../data/actions.tsv");
const SAFE_PRIVATE: &str = include_str!("../data/safe_private.tsv");
const WELL_KNOWN: &str = include_str!("../data/well_known_uids.txt");

/// Columns of `actions.tsv` in their order (PS3.15 Table E.1-1).
pub const OPTIONS: [&str; 10] = [
    "rtn_safe_private",
    "rtn_uids",
    "rtn_device_id",
    "rtn_institution_id",
    "rtn_patient_chars",
    "rtn_long_full_dates",
    "rtn_long_modified_dates",
    "clean_descriptors",
    "clean_structured_content",
    "clean_graphics",
];

/// What has to be done to an attribute when options and overrides are applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effective {
    /// No row: the rules by VR hold.
    Unlisted,
    /// Unchanged.
    Keep,
    /// Cleaned.
    Clean,
    /// A new UID.
    Uid,
    /// Must not be there (plain X).
    Remove,
    /// Empty or a dummy: Z, D and the composite codes.
    Empty,
}

/// The tables with the policy applied.
pub struct Tables {
    actions: Vec<(u32, Effective)>,
    private: Vec<(&'static str, u16, u8)>,
    well_known: Vec<&'static str>,
}

impl Tables {
    /// Applies `policy`.
    pub fn new(policy: &VerifyPolicy) -> Self {
        let chosen: Vec<bool> = OPTIONS.iter().map(|o| policy.has(o)).collect();
        let mut actions: Vec<(u32, Effective)> = ACTIONS.lines().filter_map(|l| row(l, &chosen)).collect();
        for o in &policy.overrides {
            let action = of_code(&o.action.to_string());
            match actions.iter_mut().find(|a| a.0 == o.tag) {
                Some(a) => a.1 = action,
                None => actions.push((o.tag, action)),
            }
        }
        actions.sort_unstable_by_key(|a| a.0);
        let private = if policy.has("rtn_safe_private") {
            SAFE_PRIVATE.lines().filter_map(private_row).collect()
        } else {
            Vec::new()
        };
        let mut well_known: Vec<&str> = WELL_KNOWN.lines().collect();
        well_known.sort_unstable();
        Self { actions, private, well_known }
    }

    /// The action for `tag`.
    pub fn action(&self, tag: u32) -> Effective {
        self.actions
            .binary_search_by_key(&tag, |a| a.0)
            .ok()
            .and_then(|i| self.actions.get(i))
            .map_or(Effective::Unlisted, |a| a.1)
    }

    /// True for a private element of Table E.3.10-1 when safe private attributes are retained.
    pub fn safe_private(&self, creator: &str, group: u16, element: u8) -> bool {
        self.private.iter().any(|p| p.0 == creator && p.1 == group && p.2 == element)
    }

    /// True for a private creator that has safe elements.
    pub fn knows_creator(&self, creator: &str) -> bool {
        self.private.iter().any(|p| p.0 == creator)
    }

    /// True for a UID that PS3.6 registers.
    pub fn well_known(&self, uid: &str) -> bool {
        uid.strip_prefix("1.2.840.10008.").is_some_and(|rest| self.well_known.binary_search(&rest).is_ok())
    }
}

fn row(line: &'static str, chosen: &[bool]) -> Option<(u32, Effective)> {
    let mut fields = line.split('\t');
    let tag = u32::from_str_radix(fields.next()?, 16).ok()?;
    let basic = fields.next()?;
    let codes = fields.next()?;
    let mut by_option = None;
    for (code, _) in codes.chars().zip(chosen).filter(|(c, on)| **on && *c != '-') {
        // Where options disagree the more careful one wins: clean, not keep.
        by_option = match (by_option, code) {
            (Some('C'), _) | (_, 'C') => Some('C'),
            (_, c) => Some(c),
        };
    }
    Some((tag, by_option.map_or_else(|| of_code(basic), |c| of_code(&c.to_string()))))
}

fn of_code(code: &str) -> Effective {
    match code {
        "K" => Effective::Keep,
        "C" => Effective::Clean,
        "U" => Effective::Uid,
        "X" => Effective::Remove,
        _ => Effective::Empty,
    }
}

fn private_row(line: &'static str) -> Option<(&'static str, u16, u8)> {
    let mut fields = line.split('\t');
    let creator = fields.next()?;
    let group = u16::from_str_radix(fields.next()?, 16).ok()?;
    let element = u8::from_str_radix(fields.next()?, 16).ok()?;
    Some((creator, group, element))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
    use super::*;

    #[test]
    fn options_change_the_action() {
        let none = Tables::new(&VerifyPolicy::default());
        assert_eq!(none.action(0x0008_0020), Effective::Empty);
        assert_eq!(none.action(0x0008_1030), Effective::Remove);
        assert_eq!(none.action(0x0028_0010), Effective::Unlisted);
        let options = ["rtn_long_modified_dates", "clean_descriptors", "rtn_patient_chars"].map(str::to_owned).to_vec();
        let some = Tables::new(&VerifyPolicy { options, ..VerifyPolicy::default() });
        assert_eq!(some.action(0x0008_0020), Effective::Clean);
        assert_eq!(some.action(0x0010_0040), Effective::Keep);
        assert_eq!(some.action(0x0010_2110), Effective::Clean, "two options disagree");
    }

    #[test]
    fn data_is_that_of_the_profile() {
        // The engine's copy of the same table: a row that only one of the two has is a fault of either.
        let engine = include_str!("../../deid/data/table_e1_1.tsv");
        let exact = engine.lines().skip(1).filter(|l| l.split('\t').nth(1) == Some("exact")).count();
        assert_eq!(exact, ACTIONS.lines().count());
        for line in engine.lines().skip(1).filter(|l| l.split('\t').nth(1) == Some("exact")) {
            let f: Vec<&str> = line.split('\t').collect();
            let options: String =
                (9..19).map(|i| f.get(i).filter(|s| !s.is_empty()).unwrap_or(&"-").to_owned()).collect();
            let own = format!("{}\t{}\t{options}", f[0].replace(',', ""), f[8]);
            assert!(ACTIONS.lines().any(|l| l == own), "{own}");
        }
    }

    #[test]
    fn well_known_by_value() {
        let t = Tables::new(&VerifyPolicy::default());
        assert!(t.well_known("1.2.840.10008.1.2.1"));
        assert!(!t.well_known("1.2.840.10008.9.9.9"));
        assert!(!t.well_known("1.2.840.113619.2"));
    }
}
