//! What verify answers.

use crate::kinds::Kind;
use core::fmt;

/// The bytes could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unreadable;

/// Who read the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadBy {
    /// `dicom-object` opened its header and `dicom-parser` gave every element.
    DicomObject,
    /// They open neither source nor output: this crate's own walk and the search stand alone.
    Search,
}

impl ReadBy {
    /// The word of the report.
    pub const fn name(self) -> &'static str {
        match self {
            Self::DicomObject => "dicom-object",
            Self::Search => "search",
        }
    }
}

/// What was found. It holds no value of the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// A value of the source's identity.
    Identity(Kind),
    /// A value that only other files of the patient hold.
    OtherFile(Kind),
    /// What other files hold was to be searched for and is not known.
    OtherFilesUnknown,
    /// Preamble or file meta information that is not ours.
    Head,
    /// A UID that is neither registered nor ours.
    Uid,
    /// A date that is no shifted date of the source.
    Date,
    /// A Patient ID that is not the pseudonym.
    PatientId,
    /// A person's name that is neither the pseudonym nor a dummy.
    PersonName,
    /// An attribute that Table E.1-1 removes or empties.
    NotEmptied,
    /// An age above the cap.
    Age,
    /// A private element that is not known to be safe.
    Private,
    /// A group length (PS3.5 7.2).
    GroupLength,
    /// Groups 0000, 0002, 0004, curves, overlays.
    ForbiddenGroup,
    /// Data Set Trailing Padding or Digital Signatures.
    ForbiddenElement,
    /// Text in a code stream, or bytes after its end.
    CodeStream,
    /// More bytes than samples.
    PixelSurplus,
    /// Bytes that belong to no element.
    Trailing,
    /// Patient Identity Removed is not YES.
    NotMarked,
    /// The input opens in `dicom-object`, the output does not.
    Unopened,
    /// Beyond the limits.
    TooLarge,
    /// Source or output could not be read.
    Unreadable,
}

/// A finding and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// What it is.
    pub detail: Detail,
    /// The element, where one is known: `0008,1115[0]/0020,000E`.
    pub tag_path: Option<String>,
}

impl Hit {
    /// Stable reason code (design 8).
    pub const fn code(&self) -> &'static str {
        match self.detail {
            Detail::Unreadable => "source-unreadable",
            Detail::TooLarge => "too-large",
            Detail::OtherFile(_) | Detail::OtherFilesUnknown => "identity-from-other-file",
            _ => "identity-in-output",
        }
    }
}

impl Hit {
    /// True where a person may decide; else the instance is refused. What only other files say may hold an instance, no more.
    pub const fn holds(&self) -> bool {
        matches!(self.detail, Detail::OtherFile(_) | Detail::OtherFilesUnknown)
    }
}

impl From<Unreadable> for Hit {
    fn from(_: Unreadable) -> Self {
        Self { detail: Detail::Unreadable, tag_path: None }
    }
}

impl From<Detail> for Hit {
    fn from(detail: Detail) -> Self {
        Self { detail, tag_path: None }
    }
}

impl fmt::Display for Hit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({:?})", self.code(), self.detail)?;
        self.tag_path.as_ref().map_or(Ok(()), |p| write!(f, " at {p}"))
    }
}

/// The second opinion on one instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing was found.
    Ok {
        /// Who read it.
        read_by: ReadBy,
    },
    /// It must not leave.
    Hit(Hit),
}
