//! What can be wrong with a file. An error names the broken rule and the place, never a value.

use crate::{SourceUnreadable, TagPath};
use core::fmt;

/// Result of this crate.
pub type Result<T> = core::result::Result<T, Error>;

/// A broken rule and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// The rule.
    pub kind: ErrorKind,
    /// The element, where one is known.
    pub path: Option<TagPath>,
    /// Offset in the file (of the inflated data set where it is deflated).
    pub offset: u64,
}

/// The rules that a file can break.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// No bytes.
    Empty,
    /// Not a DICOM file: no Part 10 file, no data set that begins plausibly.
    NotDicom,
    /// The file ends inside an element.
    Truncated,
    /// The structure contradicts itself and no lenient reading is left.
    Damaged,
    /// More sequences inside each other than the limit.
    NestingTooDeep,
    /// More elements, header bytes, frames, or a longer value than the limit.
    TooLarge,
    /// The transfer syntax is unknown or not handled.
    TransferSyntaxUnsupported,
    /// Pixel Data, its fragments or its code stream do not fit the stated size or form.
    PixelMismatch,
    /// The source could not be read.
    SourceUnreadable,
}

impl ErrorKind {
    /// Stable reason code (design 8).
    pub const fn code(self) -> &'static str {
        match self {
            Self::Empty => "empty-file",
            Self::NotDicom => "not-dicom",
            Self::Truncated => "truncated",
            Self::Damaged => "damaged",
            Self::NestingTooDeep => "nesting-too-deep",
            Self::TooLarge => "too-large",
            Self::TransferSyntaxUnsupported => "transfer-syntax-unsupported",
            Self::PixelMismatch => "pixel-mismatch",
            Self::SourceUnreadable => "source-unreadable",
        }
    }
}

impl From<SourceUnreadable> for Error {
    fn from(_: SourceUnreadable) -> Self {
        Self { kind: ErrorKind::SourceUnreadable, path: None, offset: 0 }
    }
}

impl From<ErrorKind> for Error {
    fn from(kind: ErrorKind) -> Self {
        Self { kind, path: None, offset: 0 }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at byte {}", self.kind.code(), self.offset)?;
        match &self.path {
            Some(p) => write!(f, ", {p}"),
            None => Ok(()),
        }
    }
}

impl core::error::Error for Error {}
