//! What can be wrong with a code stream. An error names the broken rule, never a value.

use core::fmt;

/// Result of this crate.
pub type Result<T> = core::result::Result<T, CodecError>;

/// The rules that a code stream can break.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum CodecError {
    /// The stream ends early or contradicts itself.
    Damaged,
    /// A coding, or a part of one, that is not handled.
    Unsupported,
    /// The frame is larger than the limit.
    TooLarge,
    /// The stream and the data set contradict each other: size, components, depth.
    Mismatch,
    /// What was written does not decode to what was meant; it was thrown away.
    NotProven,
}

impl CodecError {
    /// A word for each rule, stable.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Damaged => "damaged",
            Self::Unsupported => "unsupported",
            Self::TooLarge => "too-large",
            Self::Mismatch => "mismatch",
            Self::NotProven => "not-proven",
        }
    }
}

impl fmt::Display for CodecError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl core::error::Error for CodecError {}
