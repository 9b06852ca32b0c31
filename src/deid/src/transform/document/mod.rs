//! Encapsulated CDA documents (PS3.3 A.45.2; HL7 CDA Release 2): read as XML, and written anew from what is known to say
//! nothing of a person (PS3.15 E.1.1 note 15). Whatever else an element, an attribute or a text is, it is left out; what
//! the standard needs there says that it is masked (`nullFlavor="MSK"`). A document that is not understood is refused.

mod facts;
mod values;
mod vocabulary;
mod write;
mod xml;

pub(crate) use facts::collect;

use super::action::{Decision, Letter};
use super::context::{Context, Place};
use super::{Stop, uid};
use crate::profile::Profile;
use crate::reasons::Reason;
use crate::tables::RuleSource;
use crate::tables::sop_class::SopClass;
use tokumei_dicom::charset::decode_named;
use tokumei_dicom::node::{Encoding, NodeKind};
use tokumei_dicom::{DataSet, Source, Tag};

/// Longer declarations are not read.
const DECLARATION_MAX: usize = 256;
pub(crate) const DOCUMENT: Tag = Tag(0x0042, 0x0011);
const LENGTH: Tag = Tag(0x0042, 0x0015);
const INSTANCE_IDENTIFIER: Tag = Tag(0x0040, 0xE001);

/// Why a document is not understood. Never what it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unclear {
    /// No XML, or more than documents need of it; no CDA; another document inside.
    Syntax,
    /// More elements inside of each other than the policy's limit.
    TooDeep,
    /// More bytes, elements or attributes than the policy's limits.
    TooLarge,
}

impl Unclear {
    const fn reason(self) -> Reason {
        match self {
            Self::Syntax => Reason::DocumentEmbedded,
            Self::TooDeep => Reason::NestingTooDeep,
            Self::TooLarge => Reason::TooLarge,
        }
    }
}

impl From<Unclear> for Stop {
    fn from(unclear: Unclear) -> Self {
        Self::at(unclear.reason(), DOCUMENT)
    }
}

/// The document of an instance, to be cleaned. Holds identity: no `Debug`.
pub(crate) struct Document {
    text: String,
    /// Bytes of what it became.
    length: Option<u32>,
}

impl Document {
    /// The document of an instance whose policy cleans it; `None`: it is no CDA, or the policy does not.
    pub(crate) fn of(
        profile: &Profile,
        class: &SopClass,
        ds: &DataSet,
        source: &dyn Source,
    ) -> Result<Option<Self>, Stop> {
        if !profile.policy().cleans_document(class) {
            return Ok(None);
        }
        let index = ds.find(None, DOCUMENT).ok_or(Unclear::Syntax)?;
        let len = ds.node(index).filter(|n| n.kind == NodeKind::Element).ok_or(Unclear::Syntax)?.len;
        if len > profile.policy().limits.text_value_bytes {
            return Err(Unclear::TooLarge.into());
        }
        let bytes = ds.read(source, index, 0..len)?;
        let text = decoded(&bytes).ok_or(Unclear::Syntax)?;
        Ok(Some(Self { text, length: None }))
    }

    /// What the document says.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }
}

/// Text in UTF-8, in UTF-16 with a byte order mark, or in what the document names; padding at the end is none of it.
fn decoded(bytes: &[u8]) -> Option<String> {
    let wide = |rest: &[u8], unit: fn([u8; 2]) -> u16| {
        let units = rest.as_chunks::<2>().0.iter().map(|pair| unit(*pair));
        char::decode_utf16(units).collect::<Result<String, _>>().ok()
    };
    let text = match bytes {
        [0xFE, 0xFF, rest @ ..] => wide(rest, u16::from_be_bytes),
        [0xFF, 0xFE, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0xEF, 0xBB, 0xBF, rest @ ..] => String::from_utf8(rest.to_vec()).ok(),
        _ => match encoding(bytes) {
            // From here on it is what every other document is.
            Some(name) if !is_unicode(name) => {
                Some(decode_named(name, before_padding(bytes))?.replacen(name, "UTF-8", 1))
            }
            _ => String::from_utf8(bytes.to_vec()).ok(),
        },
    }?;
    Some(text.trim_end_matches('\0').to_owned())
}

fn before_padding(bytes: &[u8]) -> &[u8] {
    let end = bytes.iter().rposition(|b| *b != 0).map_or(0, |last| last + 1);
    bytes.get(..end).unwrap_or_default()
}

/// The encoding that a declaration at the very start names (XML 1.0, 4.3.3), where it is not all of ASCII anyway.
fn encoding(bytes: &[u8]) -> Option<&str> {
    let head = bytes.get(..DECLARATION_MAX).unwrap_or(bytes);
    let declaration = head.strip_prefix(b"<?xml")?;
    let end = declaration.windows(2).position(|pair| pair == b"?>")?;
    let said = core::str::from_utf8(declaration.get(..end)?).ok().filter(|_| !bytes.is_ascii())?;
    xml::declared(said, "encoding")
}

/// True for the name of an encoding of Unicode.
fn is_unicode(name: &str) -> bool {
    name.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("utf-"))
}

/// What becomes of the document and of what tells of it; `None`: another attribute, or no document that is cleaned.
pub(crate) fn decide(context: &mut Context, place: &Place) -> Option<Decision> {
    if !place.path.is_empty() || !matches!(place.tag, DOCUMENT | LENGTH | INSTANCE_IDENTIFIER) {
        return None;
    }
    let mut document = context.document.take()?;
    let decision = match place.tag {
        DOCUMENT => {
            let limits = context.profile.policy().limits.reading();
            match write::cleaned(context, &document.text, &limits) {
                Ok(cleaned) => {
                    document.length = u32::try_from(cleaned.len()).ok();
                    Decision::value(Letter::C, cleaned, RuleSource::Policy)
                }
                Err(unclear) => Decision::stop(unclear.reason(), RuleSource::Policy),
            }
        }
        LENGTH => {
            let big = context.ds.node(place.index).is_some_and(|n| n.encoding == Encoding::ExplicitBe);
            let bytes = document.length.map(|length| if big { length.to_be_bytes() } else { length.to_le_bytes() });
            bytes.map_or(Decision::drop(RuleSource::Policy), |b| Decision::value(Letter::C, b, RuleSource::Policy))
        }
        // `root^extension` (PS3.3 C.24.2): that of the document.
        _ => {
            let text = context.text(place.index, *b"ST").unwrap_or_default();
            let (root, extension) = text.split_once('^').unwrap_or((&text, ""));
            Decision::value(Letter::U, values::identifier(context, root, extension), RuleSource::Uid)
        }
    };
    context.document = Some(document);
    Some(decision)
}
