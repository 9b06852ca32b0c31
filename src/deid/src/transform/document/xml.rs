//! XML as far as a CDA document needs it: elements, attributes and text in namespaces. Document types, entities and processing
//! instructions but for that of a style sheet are not understood, so nothing hides behind them.

use super::Unclear;
use quick_xml::events::{BytesDecl, BytesRef, BytesStart, Event as Token};
use quick_xml::{Reader, XmlVersion};
use tokumei_dicom::Limits;

/// The namespace of CDA (HL7 Version 3).
pub(super) const HL7: &str = "urn:hl7-org:v3";
/// That of `xsi:type`.
pub(super) const SCHEMA_INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";
/// More than any element of CDA has.
const ATTRIBUTES_MAX: usize = 32;
const VERSION: XmlVersion = XmlVersion::Implicit1_0;

/// An element as it begins. Holds identity: no `Debug`.
pub(super) struct Element {
    /// Local name; none where it is of another namespace than that of CDA.
    pub(super) name: Option<String>,
    /// Attributes without namespace, and `xsi:type` without its prefix.
    attributes: Vec<(String, String)>,
}

impl Element {
    /// An attribute's value without blanks around it.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(n, _)| *n == name).map(|(_, value)| value.trim())
    }
}

/// One event of a document.
pub(super) enum Event {
    Open(Element),
    Close,
    Text(String),
}

/// Events of a document, one after the other.
pub(super) struct Events<'a> {
    reader: Reader<&'a [u8]>,
    /// Prefix, namespace and depth of what is declared.
    spaces: Vec<(String, String, usize)>,
    ascii: bool,
    depth: usize,
    opened: u32,
    limits: &'a Limits,
}

impl<'a> Events<'a> {
    /// `text`: the whole document.
    pub(super) fn of(text: &'a str, limits: &'a Limits) -> Self {
        let mut reader = Reader::from_str(text);
        reader.config_mut().expand_empty_elements = true;
        Self { reader, spaces: Vec::new(), ascii: text.is_ascii(), depth: 0, opened: 0, limits }
    }

    /// `None`: the document ends where it should.
    pub(super) fn next(&mut self) -> Result<Option<Event>, Unclear> {
        loop {
            let event = match self.reader.read_event().map_err(|_| Unclear::Syntax)? {
                Token::Start(start) => self.open(&start)?,
                Token::End(_) => {
                    self.depth = self.depth.saturating_sub(1);
                    while self.spaces.last().is_some_and(|s| s.2 > self.depth) {
                        self.spaces.pop();
                    }
                    Event::Close
                }
                Token::Text(text) => self.inside(text.xml10_content().into_owned())?,
                Token::CData(text) => self.inside(text.xml10_content().into_owned())?,
                Token::GeneralRef(reference) => self.inside(character(&reference)?.to_string())?,
                Token::Comment(_) => continue,
                Token::Decl(declaration) if self.opened == 0 && self.is_declared(&declaration) => continue,
                Token::PI(instruction) if instruction.target() == "xml-stylesheet" => continue,
                Token::Eof if self.depth == 0 && self.opened > 0 => return Ok(None),
                Token::Empty(_) | Token::Decl(_) | Token::PI(_) | Token::DocType(_) | Token::Eof => {
                    return Err(Unclear::Syntax);
                }
            };
            return Ok(Some(event));
        }
    }

    /// XML 1.0 in the encoding that it was read by.
    fn is_declared(&self, declaration: &BytesDecl) -> bool {
        let version = declaration.version().is_ok_and(|version| version.as_ref() == "1.0");
        let unicode = |name: &str| name.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("utf-"));
        let encoding = match declaration.encoding() {
            Some(name) => name.is_ok_and(|name| self.ascii || unicode(&name)),
            None => true,
        };
        version && encoding
    }

    /// Text outside of the one element is blank (XML 2.1).
    fn inside(&self, text: String) -> Result<Event, Unclear> {
        let fits = self.depth > 0 || text.trim_start_matches('\u{FEFF}').trim().is_empty();
        if fits { Ok(Event::Text(text)) } else { Err(Unclear::Syntax) }
    }

    fn open(&mut self, start: &BytesStart) -> Result<Event, Unclear> {
        if self.depth == 0 && self.opened > 0 {
            return Err(Unclear::Syntax);
        }
        self.depth += 1;
        self.opened = self.opened.saturating_add(1);
        if self.depth > usize::from(self.limits.nesting) {
            return Err(Unclear::TooDeep);
        }
        if self.opened > self.limits.elements {
            return Err(Unclear::TooLarge);
        }
        let mut own = Vec::new();
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|_| Unclear::Syntax)?;
            let value = attribute.normalized_value(VERSION).map_err(|_| Unclear::Syntax)?.into_owned();
            if own.len() >= ATTRIBUTES_MAX {
                return Err(Unclear::TooLarge);
            }
            own.push((attribute.key.into_inner().to_owned(), value));
        }
        for (name, value) in &own {
            let prefix = if name == "xmlns" { Some("") } else { name.strip_prefix("xmlns:") };
            if let Some(prefix) = prefix {
                self.spaces.push((prefix.to_owned(), value.clone(), self.depth));
            }
        }
        let (prefix, local) = split(start.name().into_inner());
        let name = (self.space(prefix) == Some(HL7)).then(|| local.to_owned());
        let mut attributes = Vec::new();
        for (name, value) in own {
            match split(&name) {
                ("", _) if name != "xmlns" => attributes.push((name, value)),
                (prefix, "type") if self.space(prefix) == Some(SCHEMA_INSTANCE) => {
                    attributes.push(("xsi:type".to_owned(), split(&value).1.to_owned()));
                }
                _ => {}
            }
        }
        Ok(Event::Open(Element { name, attributes }))
    }

    fn space(&self, prefix: &str) -> Option<&str> {
        self.spaces.iter().rev().find(|s| s.0 == prefix).map(|s| s.1.as_str())
    }
}

/// Prefix and local name.
fn split(name: &str) -> (&str, &str) {
    name.split_once(':').unwrap_or(("", name))
}

/// The character of a reference: of the five that XML knows, or by number.
fn character(reference: &BytesRef) -> Result<char, Unclear> {
    let named = match &**reference {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => reference.resolve_char_ref().ok().flatten().ok_or(Unclear::Syntax)?,
    };
    Ok(named)
}
