//! Defined terms of Specific Character Set (PS3.3 C.12.1.1.2).

use crate::value::trim_bytes;

/// A character set, whether declared with or without code extension.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Term {
    /// Default repertoire, ISO-IR 6.
    #[default]
    Ascii,
    /// Latin 1.
    Ir100,
    /// Latin 2.
    Ir101,
    /// Latin 3.
    Ir109,
    /// Latin 4.
    Ir110,
    /// Cyrillic.
    Ir144,
    /// Arabic.
    Ir127,
    /// Greek.
    Ir126,
    /// Hebrew.
    Ir138,
    /// Latin 5.
    Ir148,
    /// Latin 9.
    Ir203,
    /// Thai.
    Ir166,
    /// JIS X 0201: romaji and half-width katakana.
    Ir13,
    /// JIS X 0208.
    Ir87,
    /// JIS X 0212.
    Ir159,
    /// UTF-8.
    Utf8,
    /// All else.
    Unknown,
}

impl Term {
    pub(super) fn from_bytes(term: &[u8]) -> Self {
        let term = trim_bytes(term);
        if term.is_empty() {
            return Self::Ascii;
        }
        match term.strip_prefix(b"ISO_IR ").or_else(|| term.strip_prefix(b"ISO 2022 IR ")) {
            Some(b"6") => Self::Ascii,
            Some(b"100") => Self::Ir100,
            Some(b"101") => Self::Ir101,
            Some(b"109") => Self::Ir109,
            Some(b"110") => Self::Ir110,
            Some(b"144") => Self::Ir144,
            Some(b"127") => Self::Ir127,
            Some(b"126") => Self::Ir126,
            Some(b"138") => Self::Ir138,
            Some(b"148") => Self::Ir148,
            Some(b"203") => Self::Ir203,
            Some(b"166") => Self::Ir166,
            Some(b"13") => Self::Ir13,
            Some(b"87") => Self::Ir87,
            Some(b"159") => Self::Ir159,
            Some(b"192") => Self::Utf8,
            _ => Self::Unknown,
        }
    }

    /// True where 5C and 7E are YEN SIGN and OVERLINE.
    pub(super) const fn changes_ascii(self) -> bool {
        matches!(self, Self::Ir13)
    }
}
