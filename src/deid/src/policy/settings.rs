//! What a policy comes to: the options that are really applied.

use super::types::{Descriptors, Policy};
use crate::tables::{OptionColumn, OptionSet};

impl Policy {
    /// The options that are really applied, for the table and for the codes of CID 7050. Clean Descriptors has no effect
    /// with `descriptors: "remove"`; Clean Structured Content and Clean Graphics have none: what would need them is
    /// refused or held.
    pub fn option_set(&self) -> OptionSet {
        let Descriptors::Remove = self.descriptors;
        let mut set: OptionSet = self.options.iter().copied().collect();
        for column in
            [OptionColumn::CleanDescriptors, OptionColumn::CleanStructuredContent, OptionColumn::CleanGraphics]
        {
            set = set.without(column);
        }
        if !self.private.safe && self.private.allow.is_empty() {
            set = set.without(OptionColumn::RtnSafePrivate);
        }
        set
    }

    /// True where modified dates are chosen.
    pub fn shifts_dates(&self) -> bool {
        self.options.contains(&OptionColumn::RtnLongModifiedDates)
    }
}
