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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn decode(terms: &str, bytes: &[u8], vr: [u8; 2]) -> Option<String> {
        CharacterSet::from_value(terms.as_bytes()).decode(bytes, vr).ok()
    }

    #[test]
    fn single_byte_sets() {
        assert_eq!(decode("", b"plain", *b"LO").unwrap(), "plain");
        assert_eq!(decode("", b"caf\xE9", *b"LO"), None);
        assert_eq!(decode("ISO_IR 100", b"caf\xE9", *b"LO").unwrap(), "café");
        assert_eq!(decode("ISO_IR 144", b"\xBB\xEE", *b"PN").unwrap(), "Лю");
        assert_eq!(decode("ISO_IR 203", b"\xA4", *b"LO").unwrap(), "€");
        assert_eq!(decode("ISO_IR 100", b"\x93", *b"LO"), None);
        assert_eq!(decode("ISO_IR 192", "山田".as_bytes(), *b"LO").unwrap(), "山田");
        assert_eq!(decode("ISO_IR 192", b"\xE5\xB1", *b"LO"), None);
        assert_eq!(decode("GB18030", b"\xB0\xA1", *b"LO"), None);
        assert_eq!(decode("GB18030", b"ascii", *b"LO").unwrap(), "ascii");
    }

    #[test]
    fn japanese_sets() {
        let kanji = b"Yamada^Tarou=\x1B$B;3ED\x1B(B^\x1B$BB@O:\x1B(B";
        assert_eq!(decode("\\ISO 2022 IR 87", kanji, *b"PN").unwrap(), "Yamada^Tarou=山田^太郎");
        assert_eq!(decode("ISO_IR 13", b"\xD4\xCF\xC0\xDE", *b"PN").unwrap(), "ﾔﾏﾀﾞ");
        assert_eq!(decode("ISO_IR 13", b"a\\b~", *b"LO").unwrap(), "a\\b‾");
        assert_eq!(decode("ISO_IR 13", b"a\\b", *b"LT").unwrap(), "a¥b");
        // 本 is 4B5C: no value delimiter inside the character.
        assert_eq!(decode("\\ISO 2022 IR 87", b"\x1B$B;3K\\\x1B(B\\x", *b"LO").unwrap(), "山本\\x");
        assert_eq!(decode("\\ISO 2022 IR 159", b"\x1B$(D\x30\x21\x1B(B", *b"LO").unwrap(), "丂");
    }

    #[test]
    fn escapes_need_a_declaration() {
        assert_eq!(decode("", b"\x1B$B;3ED\x1B(B", *b"PN"), None);
        assert_eq!(decode("\\ISO 2022 IR 100", b"\x1B$B;3ED\x1B(B", *b"PN"), None);
        assert_eq!(decode("\\ISO 2022 IR 149", b"\x1B$)C\xB1\xE8", *b"PN"), None);
        assert_eq!(decode("\\ISO 2022 IR 87", b"\x1B$B;3E", *b"PN"), None);
        assert_eq!(decode("\\ISO 2022 IR 87", b"\x1B$", *b"PN"), None);
    }

    #[test]
    fn delimiters_return_to_the_first_set() {
        let text = b"\x1B$B;3ED\r\nplain";
        assert_eq!(decode("\\ISO 2022 IR 87", text, *b"LT").unwrap(), "山田\r\nplain");
        assert_eq!(decode("ISO 2022 IR 6\\ISO 2022 IR 100", b"\x1B-A\xE9\\\xE9", *b"LO"), None);
    }
}
