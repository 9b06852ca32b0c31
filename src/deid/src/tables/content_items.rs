//! Content items that PS3.15 Table E.3.4-1 names, by concept and value type.

use super::e1_1::{Code, OptionColumn, OptionSet, Source, effective};
use super::generated::content_items as generated;
use std::sync::OnceLock;
use tokumei_dicom::order;

/// Value types that the table has rows for (PS3.3 C.17.3.2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ValueType {
    /// A coded concept.
    Code,
    /// A reference to any instance.
    Composite,
    /// A heading.
    Container,
    /// A date.
    Date,
    /// A date and time.
    DateTime,
    /// A reference to an image.
    Image,
    /// A number.
    Num,
    /// A person's name.
    PName,
    /// Text.
    Text,
    /// A time.
    Time,
    /// A UID.
    UidRef,
    /// A reference to a waveform.
    Waveform,
}

impl ValueType {
    /// The type of a value of Value Type (0040,A040).
    pub fn from_term(term: &str) -> Option<Self> {
        Some(match term {
            "CODE" => Self::Code,
            "COMPOSITE" => Self::Composite,
            "CONTAINER" => Self::Container,
            "DATE" => Self::Date,
            "DATETIME" => Self::DateTime,
            "IMAGE" => Self::Image,
            // Content Item Macro outside of SR (PS3.3 10.2).
            "NUM" | "NUMERIC" => Self::Num,
            "PNAME" => Self::PName,
            "TEXT" => Self::Text,
            "TIME" => Self::Time,
            "UIDREF" => Self::UidRef,
            "WAVEFORM" => Self::Waveform,
            _ => return None,
        })
    }
}

/// Content items that are treated alike.
pub struct Group {
    pub(super) value_type: ValueType,
    pub(super) basic: Code,
    pub(super) keep: u16,
    pub(super) clean: u16,
    /// Codes, each list behind its scheme and a colon.
    pub(super) concepts: &'static str,
}

impl Group {
    /// The action under the options applied, and what decided it, as for rows of Table E.1-1.
    pub fn effective(&self, options: OptionSet) -> (Code, Source) {
        effective(self.basic, self.keep, self.clean, options)
    }

    /// True where the table has a code for one of the options.
    pub fn has(&self, column: OptionColumn) -> bool {
        let only = OptionSet::NONE.with(column).with_text_cleaning();
        self.effective(only).1 == Source::Option(column)
    }
}

/// The row of a concept and a value type. Schemes of retired SNOMED codes are one (PS3.16 8.1). The one version that the
/// table names (NCDR 2.0b) is not asked for: another one is no less identifying.
pub fn find(scheme: &str, code: &str, value_type: ValueType) -> Option<&'static Group> {
    let scheme = if matches!(scheme, "SNM3" | "99SDM") { "SRT" } else { scheme };
    let key = (code, scheme, value_type);
    let index = index();
    let found = index.binary_search_by_key(&key, |entry| entry.0).ok()?;
    index.get(found).map(|entry| entry.1)
}

type Entry = ((&'static str, &'static str, ValueType), &'static Group);

fn index() -> &'static [Entry] {
    static INDEX: OnceLock<Vec<Entry>> = OnceLock::new();
    INDEX.get_or_init(|| {
        let mut all = Vec::new();
        for group in &generated::GROUPS {
            let mut scheme = "";
            for word in group.concepts.split(' ') {
                match word.strip_suffix(':') {
                    Some(name) => scheme = name,
                    None => all.push(((word, scheme, group.value_type), group)),
                }
            }
        }
        order::sort_by_key(&mut all, |entry| entry.0);
        all
    })
}
