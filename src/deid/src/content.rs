//! Classes whose instances are made of text or graphics: what cleans them, and what is said of those that are not clean.

use crate::reasons::Reason;
use crate::tables::sop_class::SopClass;
use crate::tables::{OptionColumn, OptionSet};

/// What an instance is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Content {
    /// A structured report.
    Report,
    /// A selection of instances with a description.
    Selection,
    /// Graphics and labels over other instances.
    Graphics,
    /// Text in attributes of its own: assessments, protocols, intents, annotations in bulk.
    Attributes,
}

impl Content {
    /// The content of a class; `None`: attributes and pixels as of any image.
    pub(crate) fn of(class: &SopClass) -> Option<Self> {
        let words = |word: &str| class.category.split([' ', ',']).any(|w| w == word);
        if class.contents.free_text() && words("SR") {
            Some(Self::Report)
        } else if class.category == "key object selection" {
            Some(Self::Selection)
        } else if class.contents.graphics() && (words("presentation") || words("display")) {
            Some(Self::Graphics)
        } else if class.contents.free_text() || class.contents.graphics() {
            Some(Self::Attributes)
        } else {
            None
        }
    }

    /// True where options clean it: Clean Structured Content (PS3.15 E.3.4), Clean Graphics (E.3.3), Clean Descriptors (E.3.5).
    pub(crate) fn is_cleaned(self, options: OptionSet) -> bool {
        let option = match self {
            Self::Report | Self::Selection => OptionColumn::CleanStructuredContent,
            Self::Graphics => OptionColumn::CleanGraphics,
            Self::Attributes => OptionColumn::CleanDescriptors,
        };
        options.contains(option)
    }

    /// Why an instance does not leave whose content is not known to be clean.
    pub(crate) fn reason(self) -> Reason {
        if self == Self::Report { Reason::ReportFreeText } else { Reason::ContentNotCleaned }
    }
}
