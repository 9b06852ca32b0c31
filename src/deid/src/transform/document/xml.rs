//! XML as far as a CDA document needs it: elements, attributes and text in namespaces. Document types, entities and processing
//! instructions but for that of a style sheet are not understood, so nothing hides behind them. A library that reads all of XML
//! weighs 10 kB more.

use super::{Unclear, is_unicode};
use tokumei_dicom::Limits;

/// The namespace of CDA (HL7 Version 3).
pub(super) const HL7: &str = "urn:hl7-org:v3";
/// That of `xsi:type`.
pub(super) const SCHEMA_INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";
/// More than any element of CDA has.
const ATTRIBUTES_MAX: usize = 32;
/// Longest reference, in bytes.
const REFERENCE_MAX: usize = 10;

/// An element as it begins. Holds identity: no `Debug`.
pub(super) struct Element<'a> {
    /// Local name; none where it is of another namespace than that of CDA.
    pub(super) name: Option<&'a str>,
    /// Attributes without namespace, and `xsi:type` without its prefix.
    attributes: Vec<(&'a str, String)>,
}

impl Element<'_> {
    /// An attribute's value without blanks around it.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(n, _)| *n == name).map(|(_, value)| value.trim())
    }
}

/// One event of a document.
pub(super) enum Event<'a> {
    Open(Element<'a>),
    Close,
    Text(String),
}

/// Events of a document, one after the other.
pub(super) struct Events<'a> {
    whole: &'a str,
    rest: &'a str,
    /// Names of the elements around.
    open: Vec<&'a str>,
    /// The last one has no content and ends at once.
    ends: bool,
    /// Prefix, namespace and depth of what is declared.
    spaces: Vec<(&'a str, String, usize)>,
    opened: u32,
    limits: &'a Limits,
}

impl<'a> Events<'a> {
    /// `whole`: the document.
    pub(super) fn of(whole: &'a str, limits: &'a Limits) -> Self {
        Self { whole, rest: whole, open: Vec::new(), ends: false, spaces: Vec::new(), opened: 0, limits }
    }

    /// `None`: the document ends where it should.
    pub(super) fn next(&mut self) -> Result<Option<Event<'a>>, Unclear> {
        loop {
            if core::mem::take(&mut self.ends) {
                return Ok(Some(self.close()));
            }
            if let Some(rest) = self.rest.strip_prefix("<!--") {
                self.rest = until(rest, "-->")?.1;
            } else if let Some(rest) = self.rest.strip_prefix("<?") {
                self.instruction(rest)?;
            } else if let Some(rest) = self.rest.strip_prefix("<![CDATA[") {
                let (text, rest) = until(rest, "]]>")?;
                self.rest = rest;
                return self.inside(text.to_owned()).map(Some);
            } else if let Some(rest) = self.rest.strip_prefix("</") {
                let (name, rest) = until(rest, ">")?;
                self.rest = rest;
                let fits = self.open.last() == Some(&name.trim_end_matches(is_blank));
                return if fits { Ok(Some(self.close())) } else { Err(Unclear::Syntax) };
            } else if let Some(rest) = self.rest.strip_prefix('<') {
                return self.open(rest).map(Some);
            } else if self.rest.is_empty() {
                let ended = self.open.is_empty() && self.opened > 0;
                return if ended { Ok(None) } else { Err(Unclear::Syntax) };
            } else {
                let (text, rest) = self.rest.split_at(self.rest.find('<').unwrap_or(self.rest.len()));
                self.rest = rest;
                return self.inside(expanded(text)?).map(Some);
            }
        }
    }

    /// Text outside of the one element is blank (XML 2.1).
    fn inside(&self, text: String) -> Result<Event<'a>, Unclear> {
        let fits = !self.open.is_empty() || text.chars().all(is_blank);
        if fits { Ok(Event::Text(text)) } else { Err(Unclear::Syntax) }
    }

    /// The declaration at the very start, and style sheets.
    fn instruction(&mut self, rest: &'a str) -> Result<(), Unclear> {
        let (instruction, after) = until(rest, "?>")?;
        let (target, said) = instruction.split_at(instruction.find(is_blank).unwrap_or(instruction.len()));
        let first = self.rest.len() == self.whole.len();
        let fits = match target {
            "xml" => first && self.is_declared(said),
            "xml-stylesheet" => true,
            _ => false,
        };
        self.rest = after;
        if fits { Ok(()) } else { Err(Unclear::Syntax) }
    }

    /// XML 1.0 in the encoding that it was read by.
    fn is_declared(&self, said: &str) -> bool {
        let encoding = declared(said, "encoding");
        declared(said, "version") == Some("1.0") && encoding.is_none_or(|e| self.whole.is_ascii() || is_unicode(e))
    }

    fn close(&mut self) -> Event<'a> {
        self.open.pop();
        while self.spaces.last().is_some_and(|s| s.2 > self.open.len()) {
            self.spaces.pop();
        }
        Event::Close
    }

    fn open(&mut self, rest: &'a str) -> Result<Event<'a>, Unclear> {
        let (name, mut rest) = named(rest)?;
        if self.open.is_empty() && self.opened > 0 {
            return Err(Unclear::Syntax);
        }
        self.open.push(name);
        self.opened = self.opened.saturating_add(1);
        if self.open.len() > usize::from(self.limits.nesting) {
            return Err(Unclear::TooDeep);
        }
        if self.opened > self.limits.elements {
            return Err(Unclear::TooLarge);
        }
        let mut own: Vec<(&'a str, String)> = Vec::new();
        loop {
            let next = rest.trim_start_matches(is_blank);
            if let Some(after) = next.strip_prefix("/>") {
                (self.rest, self.ends) = (after, true);
                break;
            }
            if let Some(after) = next.strip_prefix('>') {
                self.rest = after;
                break;
            }
            if next.len() == rest.len() {
                return Err(Unclear::Syntax);
            }
            let (key, value, after) = attribute(next)?;
            if own.len() >= ATTRIBUTES_MAX {
                return Err(Unclear::TooLarge);
            }
            if own.iter().any(|(other, _)| *other == key) {
                return Err(Unclear::Syntax);
            }
            own.push((key, value));
            rest = after;
        }
        Ok(Event::Open(self.placed(name, own)))
    }

    /// An element in its namespaces.
    fn placed(&mut self, name: &'a str, own: Vec<(&'a str, String)>) -> Element<'a> {
        for (key, value) in &own {
            let prefix = if *key == "xmlns" { Some("") } else { key.strip_prefix("xmlns:") };
            if let Some(prefix) = prefix {
                self.spaces.push((prefix, value.clone(), self.open.len()));
            }
        }
        let (prefix, local) = split(name);
        let name = (self.space(prefix) == Some(HL7)).then_some(local);
        let mut attributes = Vec::new();
        for (key, value) in own {
            match split(key) {
                ("", _) if key != "xmlns" => attributes.push((key, value)),
                (prefix, "type") if self.space(prefix) == Some(SCHEMA_INSTANCE) => {
                    attributes.push(("xsi:type", split(&value).1.to_owned()));
                }
                _ => {}
            }
        }
        Element { name, attributes }
    }

    fn space(&self, prefix: &str) -> Option<&str> {
        self.spaces.iter().rev().find(|s| s.0 == prefix).map(|s| s.1.as_str())
    }
}

const fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}

/// A value of the XML declaration (XML 2.8).
pub(super) fn declared<'a>(said: &'a str, key: &str) -> Option<&'a str> {
    let (_, rest) = said.split_once(key)?;
    let rest = rest.trim_start_matches(is_blank).strip_prefix('=')?.trim_start_matches(is_blank);
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    rest.split(quote).nth(1)
}

/// What stands before an end, and what behind it.
fn until<'a>(text: &'a str, end: &str) -> Result<(&'a str, &'a str), Unclear> {
    text.split_once(end).ok_or(Unclear::Syntax)
}

/// A name at the start (XML 2.3), and what follows it.
fn named(text: &str) -> Result<(&str, &str), Unclear> {
    let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | ':') || !c.is_ascii();
    let (name, rest) = text.split_at(text.find(|c| !part(c)).unwrap_or(text.len()));
    let fits = name.chars().next().is_some_and(|c| !c.is_ascii_digit() && !matches!(c, '-' | '.' | ':'));
    if fits { Ok((name, rest)) } else { Err(Unclear::Syntax) }
}

/// An attribute at the start, and what follows it.
fn attribute(text: &str) -> Result<(&str, String, &str), Unclear> {
    let (key, rest) = named(text)?;
    let rest = rest.trim_start_matches(is_blank).strip_prefix('=').ok_or(Unclear::Syntax)?;
    let rest = rest.trim_start_matches(is_blank);
    let quote = if rest.starts_with('"') { "\"" } else { "'" };
    let (value, rest) = until(rest.strip_prefix(quote).ok_or(Unclear::Syntax)?, quote)?;
    if value.contains('<') {
        return Err(Unclear::Syntax);
    }
    Ok((key, expanded(value)?, rest))
}

/// Text with its references: of the five that XML knows, or by number.
fn expanded(text: &str) -> Result<String, Unclear> {
    let mut parts = text.split('&');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, rest) = part.split_once(';').filter(|p| p.0.len() <= REFERENCE_MAX).ok_or(Unclear::Syntax)?;
        let number = |digits: &str, radix| u32::from_str_radix(digits, radix).ok().and_then(char::from_u32);
        let named = match name {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            _ => match name.strip_prefix("#x") {
                Some(digits) => number(digits, 16),
                None => name.strip_prefix('#').and_then(|digits| number(digits, 10)),
            },
        };
        out.push(named.ok_or(Unclear::Syntax)?);
        out.push_str(rest);
    }
    Ok(out)
}

/// Prefix and local name.
fn split(name: &str) -> (&str, &str) {
    name.split_once(':').unwrap_or(("", name))
}
