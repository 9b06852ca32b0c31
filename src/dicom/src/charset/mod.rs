//! Specific Character Set (PS3.5 6.1.2; PS3.3 C.12.1.1.2): bytes to text, strictly. No encoder.
//!
//! Decoded: the default repertoire, the single-byte sets, `ISO_IR 13`, `ISO_IR 192`, and ISO 2022 with the single-byte
//! sets, JIS X 0201, 0208 and 0212. Text under other terms decodes only where it is pure ASCII.

mod iso2022;
mod tables;
mod term;

use crate::value;
use term::Term;

/// The bytes are no text in the declared character set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Undecodable;

/// A declaration: the first term, and which sets may be escaped to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CharacterSet {
    first: Term,
    /// Bit `Term as u32` is set for terms that escapes may switch to.
    extensions: u32,
}

impl CharacterSet {
    /// Reads a value of (0008,0005).
    pub fn from_value(value: &[u8]) -> Self {
        let terms: Vec<Term> = value.split(|&b| b == b'\\').map(Term::from_bytes).collect();
        let first = terms.first().copied().unwrap_or_default();
        let extended = terms.len() > 1 || value::trim_bytes(value).starts_with(b"ISO 2022");
        let extensions = if extended { terms.iter().fold(0, |bits, t| bits | 1 << (*t as u32)) } else { 0 };
        Self { first, extensions }
    }

    /// True for `ISO_IR 192`.
    pub fn is_utf8(&self) -> bool {
        self.first == Term::Utf8
    }

    /// Decodes a value with its padding. `vr` tells which delimiters return to the first set, and whether 5C separates
    /// values. Backslashes of the result separate values, or are characters in VRs that hold one value.
    pub fn decode(&self, bytes: &[u8], vr: [u8; 2]) -> Result<String, Undecodable> {
        if is_plain(bytes) && !self.first.changes_ascii() {
            return String::from_utf8(bytes.to_vec()).map_err(|_| Undecodable);
        }
        match self.first {
            Term::Utf8 => String::from_utf8(bytes.to_vec()).map_err(|_| Undecodable),
            Term::Unknown => Err(Undecodable),
            _ => iso2022::decode(bytes, self.first, self.extensions, vr),
        }
    }
}

/// True for ASCII without escapes and shifts.
fn is_plain(bytes: &[u8]) -> bool {
    bytes.iter().all(|&b| b < 0x80 && !matches!(b, 0x0E | 0x0F | 0x1B))
}
