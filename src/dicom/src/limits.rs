//! Limits: exceeding one is a typed refusal, never an allocation.

/// What one file may ask of us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Sequences inside sequences.
    pub nesting: u16,
    /// Data elements and items of one file.
    pub elements: u32,
    /// Header bytes held in memory.
    pub header_bytes: u64,
    /// Bytes of one text value.
    pub text_value: u64,
    /// Bytes of an inflated data set.
    pub inflated: u64,
    /// Frames of one instance.
    pub frames: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            nesting: 64,
            elements: 1_000_000,
            header_bytes: 64 << 20,
            text_value: 16 << 20,
            inflated: 256 << 20,
            frames: 1_000_000,
        }
    }
}
