//! Code items (PS3.3 8): codes of registered schemes stay, those of local schemes become one code that says nothing. Their
//! meanings can name hospitals, doctors or patients: they say nothing either, unless text is cleaned.

use super::action::{Act, Decision, Letter};
use super::context::{Context, Place};
use super::{cleaning, dummy};
use crate::tables::RuleSource;
use crate::values::ascii;
use tokumei_dicom::Tag;

const CODE_VALUE: Tag = Tag(0x0008, 0x0100);
const SCHEME: Tag = Tag(0x0008, 0x0102);
const SCHEME_VERSION: Tag = Tag(0x0008, 0x0103);
const MEANING: Tag = Tag(0x0008, 0x0104);
const GROUP_VERSIONS: [Tag; 2] = [Tag(0x0008, 0x0106), Tag(0x0008, 0x0107)];
const LONG_CODE_VALUE: Tag = Tag(0x0008, 0x0119);
const URN_CODE_VALUE: Tag = Tag(0x0008, 0x0120);

/// Coding schemes that bodies of standards keep (PS3.16 Table 8-1), sorted.
const SCHEMES: [&str; 66] = [
    "99SDM",
    "ACR",
    "ASTM-sigpurpose",
    "BARI",
    "BI",
    "C4",
    "C5",
    "CD2",
    "CTCAE",
    "CVX",
    "DCM",
    "DCMUID",
    "FDI",
    "FMA",
    "HPC",
    "I10",
    "I10C",
    "I10P",
    "I11",
    "I9",
    "I9C",
    "IBSI",
    "ICDO3",
    "IEEE",
    "ISO3166_1",
    "ISO639_1",
    "ISO639_2",
    "ITIS_TSN",
    "LN",
    "MA",
    "MDC",
    "MDNS",
    "MGI",
    "MRNI",
    "MSH",
    "NCDR",
    "NCIm",
    "NCIt",
    "NDC",
    "NEU",
    "NICIP",
    "NYUMCCG",
    "PATHLEX",
    "POS",
    "PUBCHEM_CID",
    "RADELEMENT",
    "RADLEX",
    "RFC3066",
    "RFC5646",
    "RO",
    "RXNORM",
    "SCT",
    "SDM",
    "SNM3",
    "SRT",
    "TNM_C",
    "TNM_P",
    "UBERON",
    "UCUM",
    "UMD",
    "UMLS",
    "UNII",
    "UNS",
    "UPC",
    "USPTO",
    "mitra",
];
/// JJ1017 and its parts: codes of digits are those of the Japanese Society of Radiological Technology, letters mark a
/// hospital's own.
const ORDER_SCHEME: &str = "JJ1017";
/// Codes of orders and protocols: Procedure, Requested Procedure, Scheduled Protocol, Performed Protocol Code Sequence. A
/// code that says nothing is of no use there.
const ORDERS: [Tag; 4] = [Tag(0x0008, 0x1032), Tag(0x0032, 0x1064), Tag(0x0040, 0x0008), PERFORMED_PROTOCOL];
const PERFORMED_PROTOCOL: Tag = Tag(0x0040, 0x0260);
/// Sequences whose items need them (Types 2 and 1C of PS3.3): Referenced Request, Contributing Sources.
const NEEDING: [Tag; 2] = [Tag(0x0040, 0xA370), Tag(0x0018, 0x9506)];
/// The IOD that needs Performed Protocol Code Sequence itself (Type 1C).
const NEEDING_IOD: &str = "enhanced-us-volume";
/// Longest Code Meaning (PS3.5 6.2, LO).
const MEANING_MAX: usize = 64;

/// True for tags of the code macro, none of which Table E.1-1 names.
pub(crate) const fn is_macro(tag: Tag) -> bool {
    matches!(tag, CODE_VALUE | SCHEME | SCHEME_VERSION | MEANING | LONG_CODE_VALUE | URN_CODE_VALUE)
}

/// What becomes of an attribute of the code macro; `None` for all others and outside of items.
pub(crate) fn decide(context: &mut Context, place: &Place) -> Option<Decision> {
    let item = place.parent?;
    if GROUP_VERSIONS.contains(&place.tag) {
        return Some(group_version(context, place));
    }
    if !is_macro(place.tag) {
        return None;
    }
    if context.bytes(place.index).iter().all(|&b| b == b' ' || b == 0) {
        return Some(Decision::keep(RuleSource::ByVr));
    }
    let registered = match context.registered {
        Some((known, registered)) if known == item => registered,
        _ => is_registered(context, item),
    };
    context.registered = Some((item, registered));
    Some(match (registered, place.tag) {
        (true, _) => of_registered(context, place),
        (false, MEANING) if context.cleaning.is_some() => meaning(context, place),
        (false, tag) => of_local(tag),
    })
}

/// True where an item goes whole: a local code of an order, unless the IOD needs one. `path`: the sequences around the item.
pub(crate) fn goes_whole(context: &Context, path: &[Tag], item: u32) -> bool {
    let optional = match path {
        [PERFORMED_PROTOCOL] => context.iod.is_none_or(|iod| iod.key() != NEEDING_IOD),
        [.., around, tag] => ORDERS.contains(tag) && !NEEDING.contains(around),
        [tag] => ORDERS.contains(tag),
        [] => false,
    };
    optional && context.ds.children(Some(item)).next().is_some() && !is_registered(context, item)
}

fn is_registered(context: &Context, item: u32) -> bool {
    let text = |tag| context.ds.find(Some(item), tag).and_then(|i| ascii(context.bytes(i)));
    let Some(scheme) = text(SCHEME) else { return false };
    SCHEMES.binary_search(&scheme).is_ok()
        || context.cleaning.is_some() && scheme.starts_with(ORDER_SCHEME) && text(CODE_VALUE).is_some_and(is_digits)
}

fn is_digits(code: &str) -> bool {
    code.bytes().all(|b| b.is_ascii_digit())
}

fn of_registered(context: &mut Context, place: &Place) -> Decision {
    // Meanings are written by hand where the scheme's own are not of ASCII.
    let plain = |bytes: &[u8]| bytes.is_ascii() && !bytes.contains(&0x1B);
    if place.tag == MEANING && context.cleaning.is_some() && !plain(context.bytes(place.index)) {
        return meaning(context, place);
    }
    let bytes = context.bytes(place.index);
    if context.codes.has(place.tag, bytes) {
        return Decision::keep(RuleSource::ByVr);
    }
    let vr = if place.tag == MEANING { *b"LO" } else { *b"SH" };
    let text = context.text(place.index, vr);
    let fine = text.is_some_and(|text| match place.tag {
        MEANING => text.chars().count() <= MEANING_MAX && !context.lexicon.is_in(&text),
        URN_CODE_VALUE => false,
        _ => !text.is_empty() && text.bytes().all(is_code_byte) && !context.lexicon.is(&text.to_uppercase()),
    });
    if fine && plain(bytes) {
        context.codes.add(place.tag, bytes);
    }
    if fine { Decision::keep(RuleSource::ByVr) } else { of_local(place.tag) }
}

/// The last codes and meanings of registered schemes that were found to stay, some of them: items repeat the same few.
/// Only what no character set changes.
#[derive(Default)]
pub(crate) struct Remembered<'a>(Vec<Option<(Tag, &'a [u8])>>);

/// Values that are remembered.
const REMEMBERED: usize = 64;

impl<'a> Remembered<'a> {
    fn place(tag: Tag, value: &[u8]) -> usize {
        let mix = |sum: usize, &byte: &u8| sum.wrapping_mul(31).wrapping_add(byte.into());
        value.iter().fold(tag.1.into(), mix) % REMEMBERED
    }

    fn has(&self, tag: Tag, value: &[u8]) -> bool {
        self.0.get(Self::place(tag, value)).is_some_and(|known| *known == Some((tag, value)))
    }

    fn add(&mut self, tag: Tag, value: &'a [u8]) {
        self.0.resize(REMEMBERED, None);
        if let Some(place) = self.0.get_mut(Self::place(tag, value)) {
            *place = Some((tag, value));
        }
    }
}

/// A meaning, cleaned; one of which nothing stays, or that is no meaning any more, says nothing.
fn meaning(context: &mut Context, place: &Place) -> Decision {
    let decision = cleaning::text(context, place, *b"LO", RuleSource::ByVr);
    match decision.act {
        Act::Drop => of_local(place.tag),
        _ => decision,
    }
}

const fn is_code_byte(b: u8) -> bool {
    b.is_ascii_alphanumeric()
        || matches!(
            b,
            b' ' | b'-'
                | b'_'
                | b'.'
                | b':'
                | b'/'
                | b'^'
                | b'*'
                | b'%'
                | b'{'
                | b'}'
                | b'['
                | b']'
                | b'('
                | b')'
                | b'\''
        )
}

/// One code for all that are local.
fn of_local(tag: Tag) -> Decision {
    let value = match tag {
        SCHEME_VERSION => return Decision::drop(RuleSource::ByVr),
        SCHEME => dummy::scheme().as_bytes().to_vec(),
        URN_CODE_VALUE => dummy::value(*b"UR"),
        LONG_CODE_VALUE => dummy::of_attribute(tag, *b"UC"),
        _ => dummy::TEXT.as_bytes().to_vec(),
    };
    Decision::value(Letter::D, value, RuleSource::ByVr)
}

/// Versions of context groups are dates of the standard. Shifted they would tell the shift to whoever knows them, so
/// they stay; a value that is not one goes.
fn group_version(context: &Context, place: &Place) -> Decision {
    let fine = context.text(place.index, *b"DT").is_some_and(|t| {
        matches!(t.len(), 0 | 8 | 14) && t.bytes().all(|b| b.is_ascii_digit()) && !context.lexicon.is_date(&t)
    });
    if fine { Decision::keep(RuleSource::ByVr) } else { Decision::drop(RuleSource::ByVr) }
}

#[cfg(test)]
mod tests {
    use super::SCHEMES;

    #[test]
    fn schemes_are_sorted() {
        assert!(SCHEMES.is_sorted());
    }
}
