//! Technical texts: attributes of text VRs that Table E.1-1 does not name and that say how an image was made, not whose
//! it is. Such an attribute stays only while its value looks technical too (PS3.15 E.3.5 note 3).

use super::generated::technical as generated;
use super::lines::Lines;
use super::private_safe;
use tokumei_dicom::Tag;

static WORDS: Lines = Lines::new(include_str!("../../data/technical_words.txt"));

/// What kind of value a technical text holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A maker of equipment.
    Maker,
    /// A product's name.
    Model,
    /// A version.
    Version,
    /// A name like a code: kernels, coils, sequences, units.
    Token,
    /// A private creator.
    Creator,
}

/// The kind of a technical text (`technical_texts.tsv`); `None` for every other attribute.
pub fn kind(tag: Tag) -> Option<Kind> {
    let found = generated::TEXTS.binary_search_by_key(&tag, |t| t.0).ok();
    found.and_then(|i| generated::TEXTS.get(i)).map(|t| t.1)
}

/// True for a text that Table E.1-1 does not name and that describes or labels something (`descriptions.tsv`): it can be
/// cleaned as descriptors are.
pub fn is_description(tag: Tag) -> bool {
    generated::DESCRIPTIONS.binary_search(&tag).is_ok()
}

/// Letters of a run that need no list: abbreviations.
const FREE_LETTERS: usize = 3;
/// Characters of a token of letters and digits without a listed word: longer ones can be identifiers.
const FREE_TOKEN: usize = 8;
/// Longest value.
const MAX: usize = 64;
const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// True where one value (of a multi-valued attribute each by itself) is safe to stay: ASCII, at most 64 characters, words
/// of more than three letters from the list (`technical_words.txt`), no number that could be an identifier, no date, no
/// address. Whether it repeats a name or ID of its own instance is asked elsewhere.
pub fn is_technical_value(kind: Kind, text: &str) -> bool {
    let text = text.trim_matches([' ', '\0']);
    if text.is_empty() {
        return true;
    }
    if kind == Kind::Creator {
        return private_safe::is_creator(text);
    }
    let digits = if kind == Kind::Version { 5 } else { 4 };
    text.len() <= MAX
        && text.bytes().all(is_harmless)
        && !text.contains("//")
        && !has_date(text)
        && text.split(|c: char| !c.is_ascii_alphanumeric()).all(|token| is_harmless_token(token, digits))
}

/// ASCII that occurs in technical names; no `@`, `^`, `=`, backslash or control.
const fn is_harmless(b: u8) -> bool {
    b.is_ascii_alphanumeric()
        || matches!(b, b' ' | b'_' | b'-' | b'.' | b',' | b':' | b';' | b'/' | b'+' | b'*' | b'(' | b')' | b'[' | b']')
        || matches!(b, b'{' | b'}' | b'#' | b'%' | b'!' | b'<' | b'>' | b'&' | b'|' | b'\'' | b'"')
}

fn is_harmless_token(token: &str, digits: usize) -> bool {
    let mut listed = false;
    for run in runs(token) {
        if run.starts_with(|c: char| c.is_ascii_digit()) {
            if run.len() > digits {
                return false;
            }
        } else if run.len() > FREE_LETTERS {
            if !is_listed(run) {
                return false;
            }
            listed = true;
        }
    }
    listed || token.len() <= FREE_TOKEN
}

/// Runs of letters or of digits.
fn runs(token: &str) -> impl Iterator<Item = &str> {
    let mut rest = token;
    core::iter::from_fn(move || {
        let digit = rest.chars().next()?.is_ascii_digit();
        let end = rest.find(|c: char| c.is_ascii_digit() != digit).unwrap_or(rest.len());
        let (run, after) = rest.split_at_checked(end)?;
        rest = after;
        Some(run)
    })
}

/// True for a word of the list, a plural of one, or several put together as in `LightSpeedApps`.
fn is_listed(run: &str) -> bool {
    let known = |word: &str| WORDS.contains(&word.to_ascii_lowercase());
    let long = |hump: &&str| hump.len() > FREE_LETTERS;
    known(run)
        || run.strip_suffix(['s', 'S']).is_some_and(known)
        || humps(run).filter(long).count() > 0 && humps(run).filter(long).all(known)
}

/// Words put together, each begun with a capital.
fn humps(run: &str) -> impl Iterator<Item = &str> {
    let mut rest = run;
    core::iter::from_fn(move || {
        let first = rest.chars().next()?.len_utf8();
        let next = rest.get(first..)?.find(|c: char| c.is_ascii_uppercase());
        let end = next.map_or(rest.len(), |n| n.saturating_add(first));
        let (hump, after) = rest.split_at_checked(end)?;
        rest = after;
        Some(hump)
    })
}

/// True where a year and a month stand together: `2018-04`, `2018/4/19`, `19 Apr 2018`.
fn has_date(text: &str) -> bool {
    let tokens: Vec<&str> = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|t| !t.is_empty()).collect();
    let is_year = |t: &&str| {
        t.len() == 4 && (t.starts_with("19") || t.starts_with("20")) && t.bytes().all(|b| b.is_ascii_digit())
    };
    let is_number = |t: &str, max: u8| t.len() <= 2 && t.parse::<u8>().is_ok_and(|n| (1..=max).contains(&n));
    let named = tokens.iter().any(|t| MONTHS.iter().any(|m| t.to_ascii_lowercase().contains(m) && t.len() <= 9));
    let year = tokens.iter().any(is_year);
    let numeric = tokens.windows(3).any(|w| match w {
        [y, m, d] => {
            is_year(y) && is_number(m, 12) && is_number(d, 31) || is_year(d) && is_number(y, 31) && is_number(m, 31)
        }
        _ => false,
    });
    numeric || year && named
}

#[cfg(test)]
mod tests {
    use super::{Kind, is_technical_value, kind};
    use tokumei_dicom::Tag;

    #[test]
    fn technical_values_stay() {
        let cases = [
            (Kind::Maker, "GE MEDICAL SYSTEMS"),
            (Kind::Maker, "FUJIFILM Corporation"),
            (Kind::Maker, "TOSHIBA_MEC"),
            (Kind::Maker, "Siemens Healthineers"),
            (Kind::Maker, "KONICA MINOLTA"),
            (Kind::Model, "LightSpeed VCT"),
            (Kind::Model, "SOMATOM Definition AS+"),
            (Kind::Model, "Aquilion"),
            (Kind::Model, "S2000"),
            (Kind::Model, "EPIQ 7C"),
            (Kind::Version, "syngo CT VA48A"),
            (Kind::Version, "LightSpeedApps308I.2_H3.1M5"),
            (Kind::Version, "3.1.62"),
            (Kind::Version, "syngo MR 2004V 4VB11D"),
            (Kind::Version, "V5.0R-3"),
            (Kind::Token, "*epfid2d1_64"),
            (Kind::Token, "STANDARD"),
            (Kind::Token, "H31s"),
            (Kind::Token, "XYZ Gauss5.00"),
            (Kind::Token, "32Ch Head"),
            (Kind::Token, "FDG -- fluorodeoxyglucose"),
            (Kind::Token, "PSF 3i21s"),
            (Kind::Token, "HU"),
            (Kind::Token, ""),
            (Kind::Token, "{SUVbw}g/ml"),
            (Kind::Token, "LARGE BOWTIE FIL"),
            (Kind::Creator, "GEMS_PARM_01"),
        ];
        for (kind, text) in cases {
            assert!(is_technical_value(kind, text), "{kind:?} {text}");
        }
    }

    #[test]
    fn other_values_go() {
        let cases = [
            "000011319",
            "20010925",
            "DICOMLib Ver02.00.00[20010925]",
            "Yamada Taro",
            "YAMADA^TARO",
            "山田",
            "12345678",
            "Thu Apr 19 11:14:42 EDT 2018",
            "3.2.3(Rev7078) 2022/01/06 20:31:15",
            "19-04-2018",
            "http://host/x",
            "a@b.c",
            "Kakuu Hospital",
            "CT-ROOM-SAKURA",
            "AB12CD34EF",
            "A1234567",
            "MGH Pathology",
            "ID=7",
            "CoilTanaka",
            "TanakaHead",
        ];
        for text in cases {
            for kind in [Kind::Maker, Kind::Model, Kind::Version, Kind::Token, Kind::Creator] {
                assert!(!is_technical_value(kind, text), "{kind:?} {text}");
            }
        }
    }

    #[test]
    fn kinds_by_tag() {
        assert_eq!(kind(Tag(0x0008, 0x0070)), Some(Kind::Maker));
        assert_eq!(kind(Tag(0x0010, 0x0010)), None);
        assert_eq!(kind(Tag(0x0042, 0x0010)), None);
    }
}
