//! Text of identities in every spelling that Japanese files use: decoded by every reading that succeeds, written
//! again in every encoding. No reading is trusted alone (japan: a name under a wrong declaration is still the name).

use crate::kana::large;
use dicom_encoding::text::{SpecificCharacterSet, TextCodec};
use encoding::all::{EUC_JP, WINDOWS_31J, WINDOWS_949};
use encoding::{DecoderTrap, EncoderTrap, Encoding};
use unicode_normalization::UnicodeNormalization;

/// Every text that `bytes` may be. `declared`: terms of (0008,0005) found in the file.
pub fn readings(bytes: &[u8], declared: &[String]) -> Vec<String> {
    if bytes.is_ascii() && !bytes.contains(&0x1B) {
        return vec![String::from_utf8_lossy(bytes).into_owned()];
    }
    let mut out = Vec::new();
    let mut add = |t: Option<String>| {
        if let Some(t) = t.filter(|t| !out.contains(t)) {
            out.push(t);
        }
    };
    if bytes.contains(&0x1B) {
        add(iso2022(bytes));
    }
    add(core::str::from_utf8(bytes).ok().map(str::to_owned));
    for term in declared.iter().filter(|t| !t.is_empty()) {
        let set = SpecificCharacterSet::from_code(term);
        // An undecodable byte comes out as an octal escape, which the text did not hold before.
        add(set.and_then(|s| s.decode(bytes).ok()).filter(|t| t.contains('\\') == bytes.contains(&b'\\')));
    }
    add(WINDOWS_31J.decode(bytes, DecoderTrap::Strict).ok());
    add(EUC_JP.decode(bytes, DecoderTrap::Strict).ok());
    if out.is_empty() {
        out.push(bytes.iter().map(|b| char::from(*b)).collect());
    }
    out
}

/// The readings of a value that names somebody: where its escapes are understood, none in which they are letters.
pub fn meant(bytes: &[u8], declared: &[String]) -> Vec<String> {
    let mut out = readings(bytes, declared);
    if out.iter().any(|text| !text.contains('\u{1B}')) {
        out.retain(|text| !text.contains('\u{1B}'));
    }
    out
}

/// The bytes of a value between the delimiters of names and values; halves of two-byte codes that look like these are none.
pub fn components(bytes: &[u8]) -> Vec<&[u8]> {
    let mut out = Vec::new();
    let (mut start, mut at, mut double) = (0, 0, false);
    while let Some(&b) = bytes.get(at) {
        let rest = bytes.get(at + 1..).unwrap_or_default();
        if let Some((upper, set, skip)) = Some(rest).filter(|_| b == 0x1B).and_then(escape) {
            double = if upper { double } else { !matches!(set, Set::Ascii | Set::Kana) };
            at += 1 + skip;
        } else if double && (0x21..0x7F).contains(&b) {
            at += 2;
        } else {
            if is_delimiter(b) {
                out.extend(bytes.get(start..at));
                start = at + 1;
            }
            at += 1;
        }
    }
    out.extend(bytes.get(start..));
    out
}

/// True for what stands between values, and between the components of names.
pub const fn is_delimiter(b: u8) -> bool {
    matches!(b, b'^' | b'=' | b'\\' | b' ' | b',')
}

/// ISO 2022 with the escapes of PS3.3 C.12.1.1.2, open ones and 7-bit katakana included.
fn iso2022(bytes: &[u8]) -> Option<String> {
    let mut out = String::new();
    let (mut g0, mut g1) = (Set::Ascii, Set::Ascii);
    let mut rest = bytes;
    while let Some((&b, after)) = rest.split_first() {
        if b == 0x1B {
            let (upper, set, skip) = escape(after)?;
            if upper {
                g1 = set;
            } else {
                g0 = set;
            }
            rest = after.get(skip..)?;
            continue;
        }
        let set = if b & 0x80 == 0 { g0 } else { g1 };
        let control = b < 0x21 || b == 0x7F;
        let taken = if control { Some((char::from(b).to_string(), 1)) } else { set.character(rest) };
        // A mode that was left open ends at a delimiter; kana without an escape are found too.
        let (text, used) = taken.or_else(|| Set::Ascii.character(rest)).or_else(|| Set::Kana.character(rest))?;
        out.push_str(&text);
        rest = rest.get(used..)?;
    }
    Some(out)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Set {
    Ascii,
    Kana,
    Kanji,
    KanjiSupplement,
    Korean,
    Chinese,
}

/// The set that an escape calls, whether into the upper half, and the bytes of the escape after ESC.
fn escape(after: &[u8]) -> Option<(bool, Set, usize)> {
    const KNOWN: [(&[u8], bool, Set); 11] = [
        (b"$(D", false, Set::KanjiSupplement),
        (b"$)C", true, Set::Korean),
        (b"$)A", true, Set::Chinese),
        (b"$(B", false, Set::Kanji),
        (b"$B", false, Set::Kanji),
        (b"$@", false, Set::Kanji),
        (b"(B", false, Set::Ascii),
        (b"(J", false, Set::Ascii),
        (b"(I", false, Set::Kana),
        (b")I", true, Set::Kana),
        (b"-A", true, Set::Ascii),
    ];
    KNOWN.iter().find(|(e, _, _)| after.starts_with(e)).map(|(e, upper, set)| (*upper, *set, e.len()))
}

impl Set {
    fn character(self, bytes: &[u8]) -> Option<(String, usize)> {
        let b = *bytes.first()?;
        let pair = || bytes.get(1).filter(|c| **c & 0x7F > 0x20).map(|c| [b | 0x80, *c | 0x80]);
        let two = |t: Result<String, _>| t.ok().map(|t| (t, 2));
        match self {
            Self::Ascii => (b & 0x80 == 0).then(|| (char::from(b).to_string(), 1)),
            Self::Kana => {
                let b = b | 0x80;
                (0xA1..=0xDF)
                    .contains(&b)
                    .then(|| char::from_u32(0xFF61 + u32::from(b - 0xA1)))?
                    .map(|c| (c.to_string(), 1))
            }
            Self::Kanji => two(EUC_JP.decode(&pair()?, DecoderTrap::Strict)),
            Self::KanjiSupplement => {
                let [a, c] = pair()?;
                two(EUC_JP.decode(&[0x8F, a, c], DecoderTrap::Strict))
            }
            Self::Korean => two(WINDOWS_949.decode(&pair()?, DecoderTrap::Strict)),
            Self::Chinese => two(encoding::all::GB18030.decode(&pair()?, DecoderTrap::Strict)),
        }
    }
}

/// A text written in one encoding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Seven-bit two-byte codes without their escape: they look like ASCII.
    pub naked_jis: bool,
}

/// `text`, which is not ASCII, in UTF-8, UTF-16 of both orders, `Shift_JIS`, EUC-JP and ISO 2022 without escapes.
pub fn written(text: &str) -> Vec<Written> {
    let mut out = vec![plain(text.as_bytes().to_vec()), plain(utf16(text, false)), plain(utf16(text, true))];
    if let Ok(b) = WINDOWS_31J.encode(text, EncoderTrap::Strict) {
        out.push(plain(b));
    }
    if let Ok(euc) = EUC_JP.encode(text, EncoderTrap::Strict) {
        out.push(plain(euc));
    }
    if let Some(bytes) = jis_codes(text) {
        out.push(Written { bytes, naked_jis: true });
    }
    out
}

/// The two-byte codes of JIS X 0208 in the lower half; `None` where a character has none.
pub fn jis_codes(text: &str) -> Option<Vec<u8>> {
    let euc = EUC_JP.encode(text, EncoderTrap::Strict).ok()?;
    (euc.iter().all(|b| *b >= 0xA1) && euc.len() % 2 == 0).then(|| euc.iter().map(|b| b & 0x7F).collect())
}

fn plain(bytes: Vec<u8>) -> Written {
    Written { bytes, naked_jis: false }
}

/// True where two full-width letters in a row may stand: `Shift_JIS`, EUC-JP, UTF-8, UTF-16, or an escape to a two-byte set.
pub fn holds_full_width(bytes: &[u8]) -> bool {
    bytes.windows(4).any(|four| {
        matches!(
            four,
            [0x1B, b'$', ..]
                | [0x82, 0x4F..=0x9A, 0x82, _]
                | [0xA3, 0xB0..=0xFA, 0xA3, _]
                | [0xEF, 0xBC | 0xBD, _, 0xEF]
                | [0x01..=0x5E, 0xFF, 0x01..=0x5E, 0xFF]
                | [0xFF, 0x01..=0x5E, 0xFF, 0x01..=0x5E]
        )
    })
}

/// UTF-16 without a mark.
pub fn utf16(text: &str, big: bool) -> Vec<u8> {
    text.encode_utf16().flat_map(|u| if big { u.to_be_bytes() } else { u.to_le_bytes() }).collect()
}

/// ASCII letters, digits and signs as full-width forms.
pub fn full_width(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            ' ' => '\u{3000}',
            '!'..='~' => char::from_u32(u32::from(c) + 0xFEE0).unwrap_or(c),
            c => c,
        })
        .collect()
}

/// Kana in full width and as katakana; everything else as its plain form.
pub fn katakana(text: &str) -> String {
    text.nfkc().map(|c| shift(c, '\u{3041}'..='\u{3096}', 0x60)).collect()
}

/// Other spellings of the same characters: compatibility forms made plain, both cases, kana in both widths and scripts, small kana
/// made large.
pub fn spellings(text: &str) -> Vec<String> {
    let plain: String = text.nfkc().collect();
    let katakana: String = plain.chars().map(|c| shift(c, '\u{3041}'..='\u{3096}', 0x60)).collect();
    let hiragana: String = plain.chars().map(|c| shift(c, '\u{30A1}'..='\u{30F6}', -0x60)).collect();
    let mut out = vec![text.to_owned()];
    let mut add = |t: String| {
        if !out.contains(&t) {
            out.push(t);
        }
    };
    for t in [plain.to_uppercase(), plain.to_lowercase(), plain] {
        add(t);
    }
    for kana in [katakana, hiragana] {
        let large = large(&kana);
        add(half_width(&kana));
        add(half_width(&large));
        add(large);
        add(kana);
    }
    out
}

fn shift(c: char, range: core::ops::RangeInclusive<char>, by: i32) -> char {
    if range.contains(&c) { u32::from(c).checked_add_signed(by).and_then(char::from_u32).unwrap_or(c) } else { c }
}

/// Katakana in the order of JIS X 0201, from A6.
const HALF: &str =
    "ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン";

fn half_width(katakana: &str) -> String {
    let mut out = String::with_capacity(katakana.len());
    for c in katakana.nfd() {
        match (HALF.chars().position(|h| h == c), c) {
            (Some(i), _) => out.push(u32::try_from(i).ok().and_then(|i| char::from_u32(0xFF66 + i)).unwrap_or(c)),
            (None, '\u{3099}') => out.push('\u{FF9E}'),
            (None, '\u{309A}') => out.push('\u{FF9F}'),
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
    use super::*;

    #[test]
    fn every_declaration_gives_the_name() {
        let jis = b"\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B";
        assert!(readings(jis, &[]).contains(&"山田^太郎".to_owned()));
        let (sjis, euc) = (
            WINDOWS_31J.encode("山田^太郎", EncoderTrap::Strict).unwrap(),
            EUC_JP.encode("山田^太郎", EncoderTrap::Strict).unwrap(),
        );
        assert!(readings(&sjis, &["ISO_IR 100".into()]).contains(&"山田^太郎".to_owned()));
        assert!(readings(&euc, &[]).contains(&"山田^太郎".to_owned()));
        assert!(readings("山田".as_bytes(), &[]).contains(&"山田".to_owned()));
        assert!(readings(b"\x1b)I\xd4\xcf", &[]).contains(&"ﾔﾏ".to_owned()));
    }

    #[test]
    fn kana_in_every_width_and_script() {
        let all = spellings("ﾔﾏﾀﾞ");
        for form in ["ﾔﾏﾀﾞ", "ヤマダ", "やまだ"] {
            assert!(all.contains(&form.to_owned()), "{form}");
        }
        assert!(spellings("やまだ").contains(&"ﾔﾏﾀﾞ".to_owned()));
        assert_eq!(full_width("A1 z"), "Ａ１　ｚ");
    }

    #[test]
    fn jis_without_escapes() {
        assert!(written("山田").contains(&Written { bytes: b";3ED".to_vec(), naked_jis: true }));
    }
}
