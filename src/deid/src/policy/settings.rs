//! What a policy comes to: the options that are really applied.

use super::documents::WrappedCda;
use super::types::{Descriptors, Policy};
use crate::tables::sop_class::{CDA, SopClass};
use crate::tables::{OptionColumn, OptionSet};

impl Policy {
    /// The options that are really applied, for the table and for the codes of CID 7050. Clean Descriptors has no effect
    /// with `descriptors: "remove"`.
    pub fn option_set(&self) -> OptionSet {
        let mut set: OptionSet = self.options.iter().copied().collect();
        set = if self.cleans_text() { set.with_text_cleaning() } else { set.without(OptionColumn::CleanDescriptors) };
        if !self.private.safe && self.private.allow.is_empty() {
            set = set.without(OptionColumn::RtnSafePrivate);
        }
        set
    }

    /// True where text is cleaned, which needs the word lists.
    pub fn cleans_text(&self) -> bool {
        self.descriptors != Descriptors::Remove
    }

    /// True where the document that an instance of the class wraps is cleaned.
    pub(crate) fn cleans_document(&self, class: &SopClass) -> bool {
        class.uid == CDA && self.documents.cda == WrappedCda::Clean
    }

    /// True where modified dates are chosen.
    pub fn shifts_dates(&self) -> bool {
        self.options.contains(&OptionColumn::RtnLongModifiedDates)
    }
}
