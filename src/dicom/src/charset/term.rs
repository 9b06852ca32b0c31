//! Defined terms of Specific Character Set (PS3.3 C.12.1.1.2), and the spellings that are met instead of them.

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
    /// KS X 1001.
    Ir149,
    /// GB 2312.
    Ir58,
    /// UTF-8.
    Utf8,
    /// GB 18030.
    Gb18030,
    /// GBK.
    Gbk,
    /// All else.
    Unknown,
}

/// Terms by their number in the registry of ISO/IEC 2022.
const REGISTERED: [(&[u8], Term); 18] = [
    (b"6", Term::Ascii),
    (b"100", Term::Ir100),
    (b"101", Term::Ir101),
    (b"109", Term::Ir109),
    (b"110", Term::Ir110),
    (b"144", Term::Ir144),
    (b"127", Term::Ir127),
    (b"126", Term::Ir126),
    (b"138", Term::Ir138),
    (b"148", Term::Ir148),
    (b"203", Term::Ir203),
    (b"166", Term::Ir166),
    (b"13", Term::Ir13),
    (b"87", Term::Ir87),
    (b"159", Term::Ir159),
    (b"149", Term::Ir149),
    (b"58", Term::Ir58),
    (b"192", Term::Utf8),
];

impl Term {
    /// Reads one value of (0008,0005); also whether it is a term of code extension. Case, and whether spaces,
    /// underscores or hyphens stand between the words, does not matter.
    pub(super) fn from_bytes(term: &[u8]) -> (Self, bool) {
        let filler = |b: u8| matches!(b, b' ' | b'_' | b'-' | 0);
        let word: Vec<u8> = term.iter().filter(|b| !filler(**b)).map(u8::to_ascii_uppercase).collect();
        if let Some(number) = word.strip_prefix(b"ISO2022IR") {
            return (Self::registered(number), true);
        }
        let term = match word.as_slice() {
            b"" => Self::Ascii,
            b"UTF8" => Self::Utf8,
            b"GB18030" => Self::Gb18030,
            b"GBK" | b"GB2312" => Self::Gbk,
            other => other.strip_prefix(b"ISOIR").map_or(Self::Unknown, Self::registered),
        };
        (term, false)
    }

    /// True for a value of (0008,0005) that is a defined term to the letter (PS3.3 C.12.1.1.2), without its padding.
    pub(super) fn is_defined(term: &[u8]) -> bool {
        const MULTI_BYTE: [&[u8]; 4] = [b"87", b"159", b"149", b"58"];
        let listed = |number: &[u8]| REGISTERED.iter().any(|(n, _)| *n == number);
        let term = term.trim_ascii();
        match (term.strip_prefix(b"ISO_IR "), term.strip_prefix(b"ISO 2022 IR ")) {
            (Some(number), _) => listed(number) && number != b"6" && !MULTI_BYTE.contains(&number),
            (_, Some(number)) => listed(number) && number != b"192",
            _ => matches!(term, b"" | b"GB18030" | b"GBK"),
        }
    }

    fn registered(number: &[u8]) -> Self {
        REGISTERED.iter().find(|(n, _)| *n == number).map_or(Self::Unknown, |(_, term)| *term)
    }

    /// The bit of the term in a set of terms.
    pub(super) const fn bit(self) -> u32 {
        1 << self as u32
    }

    /// True for sets that occupy G1: the single-byte sets, half-width katakana, KS X 1001, GB 2312.
    pub(super) const fn is_high(self) -> bool {
        !matches!(self, Self::Ascii | Self::Ir87 | Self::Ir159 | Self::Utf8 | Self::Gb18030 | Self::Gbk | Self::Unknown)
    }

    /// True for the Latin sets: any bytes from A0 are letters and signs of theirs.
    pub(super) const fn is_latin(self) -> bool {
        matches!(self, Self::Ir100 | Self::Ir101 | Self::Ir109 | Self::Ir110 | Self::Ir148 | Self::Ir203)
    }

    /// True where bytes of Japanese encodings are likely to stand under the term, as devices have it.
    pub(super) const fn may_hide_japanese(self) -> bool {
        matches!(
            self,
            Self::Ascii
                | Self::Ir100
                | Self::Ir203
                | Self::Ir13
                | Self::Ir87
                | Self::Ir159
                | Self::Utf8
                | Self::Unknown
        )
    }
}
