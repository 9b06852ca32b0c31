//! Limits of one instance and of archives: exceeding one refuses, with a reason code.

use serde::{Deserialize, Serialize};

/// Limits of one instance and of archives. Counts; bytes where the name says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct LimitRule {
    /// Sequences inside sequences.
    pub nesting: u16,
    /// Data elements and items.
    pub elements: u32,
    /// Header bytes held.
    pub header_bytes: u64,
    /// Bytes of one text value.
    pub text_value_bytes: u64,
    /// Bytes of an inflated data set.
    pub inflated_bytes: u64,
    /// Bytes of one inflated ZIP member.
    pub zip_member_bytes: u64,
    /// Inflated bytes for each byte in a ZIP.
    pub zip_ratio: u32,
    /// Members of a ZIP.
    pub zip_members: u32,
    /// Frames.
    pub frames: u32,
    /// Bytes of one decoded frame.
    pub frame_bytes: u64,
    /// Seconds without progress.
    pub seconds: u32,
    /// Seconds more for each megapixel.
    pub seconds_per_megapixel: u32,
}

impl Default for LimitRule {
    fn default() -> Self {
        Self {
            nesting: 64,
            elements: 1_000_000,
            header_bytes: 64 << 20,
            text_value_bytes: 16 << 20,
            inflated_bytes: 256 << 20,
            zip_member_bytes: 512 << 20,
            zip_ratio: 200,
            zip_members: 1_000_000,
            frames: 1_000_000,
            frame_bytes: 512 << 20,
            seconds: 60,
            seconds_per_megapixel: 1,
        }
    }
}

impl LimitRule {
    /// Those that reading needs.
    pub const fn reading(&self) -> tokumei_dicom::Limits {
        tokumei_dicom::Limits {
            nesting: self.nesting,
            elements: self.elements,
            header_bytes: self.header_bytes,
            text_value: self.text_value_bytes,
            inflated: self.inflated_bytes,
            frames: self.frames,
        }
    }
}
