//! De-identification methods (PS3.16 CID 7050).

use super::e1_1::{OptionColumn, OptionSet};
use super::generated::method_codes as generated;

/// One code of CID 7050; its coding scheme is `DCM`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MethodCode {
    /// Code Value.
    pub code: &'static str,
    /// Code Meaning.
    pub meaning: &'static str,
    /// The option that it states; `None` for the profile and for the pixel options.
    pub option: Option<OptionColumn>,
}

/// Basic Application Confidentiality Profile.
pub const BASIC: &str = "113100";
/// Clean Pixel Data Option.
pub const CLEAN_PIXEL_DATA: &str = "113101";
/// Clean Recognizable Visual Features Option.
pub const CLEAN_RECOGNIZABLE_VISUAL_FEATURES: &str = "113102";

/// All, in the order of codes.
pub fn all() -> &'static [MethodCode] {
    &generated::CODES
}

/// True for a code of CID 7050.
pub fn find(code: &str) -> Option<&'static MethodCode> {
    generated::CODES.iter().find(|c| c.code == code)
}

/// The codes that an instance states: the profile, and each option that was really applied to it.
pub fn applied(
    options: OptionSet,
    text_checked: bool,
    face_checked: bool,
) -> impl Iterator<Item = &'static MethodCode> {
    generated::CODES.iter().filter(move |c| match (c.code, c.option) {
        (BASIC, _) => true,
        (CLEAN_PIXEL_DATA, _) => text_checked,
        (CLEAN_RECOGNIZABLE_VISUAL_FEATURES, _) => face_checked,
        (_, Some(option)) => options.contains(option),
        (_, None) => false,
    })
}
