//! Specific Character Set (PS3.5 6.1.2; PS3.3 C.12.1.1.2): bytes to text and back.
//!
//! Decoding comes first, splitting afterwards: the bytes of `\`, `^` and `=` occur inside two-byte characters. [`decode`]
//! goes by the declaration alone; [`read`] also reads what devices write against it, in a fixed order, and says so.
//! What cannot be read with certainty is [`Unreadable`], never a text with signs in the place of what is missing.
//!
//! [`decode`]: CharacterSet::decode
//! [`read`]: CharacterSet::read

mod codepages;
mod convert;
mod cut;
mod encode;
mod evidence;
mod form;
mod iso2022;
mod named;
mod read;
mod state;
mod tables;
mod term;
#[cfg(test)]
mod tests;
mod text;

pub use codepages::{Platform, install};
pub use convert::{NotConvertible, to_utf8};
pub use encode::NotWritable;
pub use evidence::Evidence;
pub use named::decode_named;
pub use text::{Reading, Text, Unreadable};

use term::Term;

/// The bytes are no text in the declared character set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Undecodable;

/// A declaration: the first term, and which sets may be escaped to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CharacterSet {
    first: Term,
    /// Bits of the terms that escapes may switch to.
    extensions: u32,
    /// Some term is none to the letter: other readers will not know it.
    misspelt: bool,
}

impl CharacterSet {
    /// `ISO_IR 192`.
    pub const UTF_8: Self = Self { first: Term::Utf8, extensions: 0, misspelt: false };

    /// Reads a value of (0008,0005).
    pub fn from_value(value: &[u8]) -> Self {
        let terms: Vec<(Term, bool)> = value.split(|&b| b == b'\\').map(Term::from_bytes).collect();
        let (first, extended) = terms.first().copied().unwrap_or_default();
        let all = terms.iter().fold(0, |bits, (term, _)| bits | term.bit());
        let misspelt = !value.split(|&b| b == b'\\').all(Term::is_defined);
        Self { first, extensions: if extended || terms.len() > 1 { all } else { 0 }, misspelt }
    }

    /// True where all terms are defined ones to the letter (PS3.3 C.12.1.1.2), so that every reader knows them.
    pub fn is_defined(self) -> bool {
        !self.misspelt
    }

    /// True for `ISO_IR 192`.
    pub fn is_utf8(self) -> bool {
        self.first == Term::Utf8
    }

    /// Decodes a value with its padding, strictly. `vr` tells which delimiters return to the first set, and whether 5C
    /// separates values. Backslashes of the result separate values, or are characters in VRs that hold one value.
    pub fn decode(self, bytes: &[u8], vr: [u8; 2]) -> Result<String, Undecodable> {
        self.declared(bytes, vr).map(|text| text.as_str().to_owned()).map_err(|_| Undecodable)
    }

    /// True for bytes that are ASCII under this declaration and hold no escapes and shifts.
    fn is_plain(self, bytes: &[u8]) -> bool {
        let romaji = self.first == Term::Ir13;
        let plain = |b: u8| b < 0x7F && !matches!(b, 0x0E | 0x0F | 0x1B) && !(romaji && matches!(b, b'\\' | b'~'));
        bytes.iter().all(|&b| plain(b))
    }
}
