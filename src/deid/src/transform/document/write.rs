//! A document written anew: what is known stays, everything else is left out.

use super::super::context::Context;
use super::Unclear;
use super::values::{self, Attributes};
use super::vocabulary::{self, Line, Rule};
use super::xml::{Element, Event, Events, HL7, SCHEMA_INSTANCE};
use crate::tables::OptionColumn;
use tokumei_dicom::Limits;

/// What an element that was written holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Inside {
    /// Elements; `true`: of an act.
    Elements(bool),
    /// Other codes for the same.
    Codes,
    /// Bounds of times.
    Times,
    /// Bounds of amounts.
    Amounts,
    /// Text, cleaned when it ends.
    Text,
    /// Narrative: text in blocks.
    Narrative,
    /// Nothing that stays.
    Nothing,
}

/// Types of values (HL7 Version 3 data types) with what they hold.
const CODES: [&str; 5] = ["CD", "CE", "CO", "CS", "CV"];
const TIMES: [&str; 5] = ["TS", "IVL_TS", "PIVL_TS", "EIVL_TS", "SXCM_TS"];
const NUMBERS: [&str; 3] = ["PQ", "INT", "REAL"];
const SPANS: [&str; 5] = ["IVL_PQ", "IVL_INT", "IVL_REAL", "RTO", "RTO_PQ_PQ"];
const TEXTS: [&str; 2] = ["ST", "ED"];
/// The one type of all documents (CDA Release 2, 4.2.1.1).
const TYPE_ID: [(&str, &str); 2] = [("root", "2.16.840.1.113883.1.3"), ("extension", "POCD_HD000040")];

/// The cleaned document, of even length. Errors where it is not understood.
pub(super) fn cleaned(context: &mut Context, text: &str, limits: &Limits) -> Result<String, Unclear> {
    let mut events = Events::of(text, limits);
    let mut writer = Writer::default();
    while let Some(event) = events.next()? {
        match event {
            Event::Open(element) => writer.element(context, &element)?,
            Event::Text(text) => writer.note(&text),
            Event::Close => writer.end(context),
        }
    }
    let mut out = writer.out;
    out.push('\n');
    if out.len() % 2 == 1 {
        out.push('\n');
    }
    Ok(out)
}

#[derive(Default)]
struct Writer {
    out: String,
    /// Where the last element that was begun holds what it holds.
    begun: usize,
    /// Elements around, as written.
    open: Vec<(&'static str, Inside)>,
    /// Elements around that are not: left out, or inside of a line.
    dropped: usize,
    inline: usize,
    /// Text since the last element that sets it apart.
    line: String,
}

impl Writer {
    fn element(&mut self, context: &mut Context, element: &Element) -> Result<(), Unclear> {
        if self.dropped > 0 {
            self.dropped += 1;
            return Ok(());
        }
        let name = element.name.unwrap_or_default();
        match self.open.last().map(|o| o.1) {
            None if name == "ClinicalDocument" => {
                self.out.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
                let spaces = vec![("xmlns", HL7.to_owned()), ("xmlns:xsi", SCHEMA_INSTANCE.to_owned())];
                self.begin("ClinicalDocument", spaces, Inside::Elements(true));
            }
            None => return Err(Unclear::Syntax),
            Some(Inside::Narrative) => self.narrative(context, name, element),
            Some(inside) => match vocabulary::rule(name) {
                Some((_, Rule::Refused)) => return Err(Unclear::Syntax),
                Some((name, rule)) => self.known(context, name, rule, inside, element),
                None => self.dropped = 1,
            },
        }
        Ok(())
    }

    /// An element of CDA where it stands.
    fn known(&mut self, context: &mut Context, name: &'static str, rule: Rule, inside: Inside, element: &Element) {
        let found = match (inside, rule) {
            (Inside::Elements(of_act), _) => self.held(context, (name, rule), of_act, element),
            (Inside::Codes, Rule::Code) if name == "translation" => {
                Some((values::code(context, element), Inside::Codes))
            }
            (Inside::Times, Rule::Time) => Some((self::time(context, element), Inside::Times)),
            (Inside::Times | Inside::Amounts, Rule::Amount) | (Inside::Amounts, Rule::Time) => {
                Some((values::amount(context, element), Inside::Nothing))
            }
            _ => None,
        };
        match found {
            Some((attributes, holds)) => self.begin(name, attributes, holds),
            None => self.dropped = 1,
        }
    }

    /// An element that an act, a role or a part of the structure holds; `None`: it is left out.
    fn held(
        &self,
        context: &mut Context,
        (name, rule): (&str, Rule),
        of_act: bool,
        element: &Element,
    ) -> Option<(Attributes, Inside)> {
        let only = |attributes| Some((attributes, Inside::Nothing));
        let keeps_characteristics = context.profile.options().contains(OptionColumn::RtnPatientChars);
        let in_section = self.open.last().is_some_and(|o| o.0 == "section");
        match rule {
            Rule::Entity | Rule::Act | Rule::Structure => {
                Some((structural(element), Inside::Elements(rule == Rule::Act)))
            }
            Rule::Characteristic if !keeps_characteristics => only(values::masked()),
            Rule::Code | Rule::Characteristic if name != "translation" => {
                let flavor =
                    element.get("nullFlavor").filter(|f| vocabulary::is_word(f) && element.get("code").is_none());
                let told = flavor.map(|flavor| vec![("nullFlavor", flavor.to_owned())]);
                Some((told.unwrap_or_else(|| values::code(context, element)), Inside::Codes))
            }
            Rule::Word => only(word(name, element)),
            Rule::Identifier => only(identifier(context, of_act, element)),
            Rule::Template => only(template(element)?),
            Rule::TypeId => only(TYPE_ID.map(|(name, value)| (name, value.to_owned())).to_vec()),
            Rule::Masked => only(values::masked()),
            Rule::Time => Some((typed(self::time(context, element), &TIMES, element), Inside::Times)),
            Rule::Birth => only(values::birth(context, element.get("value").unwrap_or_default())),
            Rule::Text if of_act => Some((Vec::new(), Inside::Text)),
            Rule::Narrative if in_section => Some((Vec::new(), Inside::Narrative)),
            Rule::Amount if element.get("value").is_none() => Some((Vec::new(), Inside::Amounts)),
            Rule::Amount => Some((values::amount(context, element), Inside::Amounts)),
            Rule::Value => value(context, element),
            _ => None,
        }
    }

    fn narrative(&mut self, context: &mut Context, name: &str, element: &Element) {
        match vocabulary::line(name) {
            Some(Line::Inline) => {
                self.inline += 1;
                if name == "br" {
                    self.line.push(' ');
                }
            }
            // What sets text apart inside of a line would end it in the middle.
            Some(Line::Block(name)) if self.inline == 0 => {
                self.flush(context);
                let mut attributes = Attributes::new();
                for span in ["colspan", "rowspan"] {
                    let number = element.get(span).filter(|n| n.len() <= 3 && n.bytes().all(|b| b.is_ascii_digit()));
                    attributes.extend(number.map(|number| (span, number.to_owned())));
                }
                let ordered = element.get("listType").filter(|kind| matches!(*kind, "ordered" | "unordered"));
                attributes.extend(ordered.map(|kind| ("listType", kind.to_owned())));
                self.begin(name, attributes, Inside::Narrative);
            }
            _ => self.dropped = 1,
        }
    }

    fn note(&mut self, text: &str) {
        let holds = self.open.last().is_some_and(|o| matches!(o.1, Inside::Text | Inside::Narrative));
        if holds && self.dropped == 0 {
            self.line.push_str(text);
        }
    }

    fn end(&mut self, context: &mut Context) {
        if self.dropped > 0 {
            self.dropped -= 1;
        } else if self.inline > 0 {
            self.inline -= 1;
        } else {
            self.flush(context);
            let Some((name, _)) = self.open.pop() else { return };
            if self.out.len() == self.begun {
                self.out.pop();
                self.out.push_str("/>");
            } else {
                self.out.push_str("</");
                self.out.push_str(name);
                self.out.push('>');
            }
        }
    }

    /// Writes the text that was noted, cleaned as one.
    fn flush(&mut self, context: &mut Context) {
        let line = core::mem::take(&mut self.line);
        if !line.trim().is_empty() {
            let cleaned = values::text(context, &line);
            escape(&mut self.out, &cleaned);
        }
    }

    fn begin(&mut self, name: &'static str, attributes: Attributes, holds: Inside) {
        self.out.push('<');
        self.out.push_str(name);
        for (name, value) in attributes {
            self.out.push(' ');
            self.out.push_str(name);
            self.out.push_str("=\"");
            escape(&mut self.out, &value);
            self.out.push('"');
        }
        self.out.push('>');
        self.begun = self.out.len();
        self.open.push((name, holds));
    }
}

/// Text as XML has it (2.2, 2.4); characters that it has not are left out.
fn escape(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => out.push(' '),
            '\0'..='\u{1F}' | '\u{7F}'..='\u{9F}' | '\u{FFFE}' | '\u{FFFF}' => {}
            _ => out.push(c),
        }
    }
}

/// The attributes of the structure.
fn structural(element: &Element) -> Attributes {
    let known = |name: &'static str| {
        let value = element.get(name).filter(|value| vocabulary::is_word(value))?;
        Some((name, value.to_owned()))
    };
    vocabulary::STRUCTURAL.into_iter().filter_map(known).collect()
}

/// A code of HL7 without a system.
fn word(name: &str, element: &Element) -> Attributes {
    let lower = |part: &str| (2..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_lowercase());
    let upper = |part: &str| part.len() == 2 && part.bytes().all(|b| b.is_ascii_uppercase());
    let fits = |code: &str| match name {
        "languageCode" => match code.split_once('-') {
            Some((language, country)) => lower(language) && upper(country),
            None => lower(code),
        },
        "realmCode" => upper(code),
        _ => vocabulary::is_word(code),
    };
    let key = if name == "independentInd" { "value" } else { "code" };
    match element.get(key).filter(|code| fits(code)) {
        Some(code) => vec![(key, code.to_owned())],
        None => values::masked(),
    }
}

/// Of an act: new, alike where it was alike. Of anybody or anything: masked.
fn identifier(context: &mut Context, of_act: bool, element: &Element) -> Attributes {
    match element.get("root").filter(|_| of_act) {
        Some(root) => {
            let new = values::identifier(context, root, element.get("extension").unwrap_or_default());
            vec![("root", new)]
        }
        None => values::masked(),
    }
}

/// A template of a body of standards, with its version where that is a day.
fn template(element: &Element) -> Option<Attributes> {
    let root = element.get("root").filter(|root| vocabulary::is_template(root))?;
    let is_day = |text: &str| {
        let digit = |(at, b): (usize, u8)| if matches!(at, 4 | 7) { b == b'-' } else { b.is_ascii_digit() };
        text.len() == 10 && text.bytes().enumerate().all(digit)
    };
    let mut attributes = vec![("root", root.to_owned())];
    attributes.extend(element.get("extension").filter(|e| is_day(e)).map(|day| ("extension", day.to_owned())));
    Some(attributes)
}

fn time(context: &Context, element: &Element) -> Attributes {
    match element.get("value") {
        Some(value) => values::time(context, value),
        // Its bounds say when, or nothing does.
        None => structural(element),
    }
}

/// With the type that was written, where it is one of these.
fn typed(mut attributes: Attributes, types: &[&str], element: &Element) -> Attributes {
    if let Some(named) = element.get("xsi:type").filter(|named| types.contains(named)) {
        attributes.insert(0, ("xsi:type", named.to_owned()));
    }
    attributes
}

/// The value of an observation, by its type; `None`: no type of which anything stays.
fn value(context: &mut Context, element: &Element) -> Option<(Attributes, Inside)> {
    let named = element.get("xsi:type")?;
    let is = |types: &[&str]| types.contains(&named);
    let (attributes, holds) = if is(&CODES) {
        (values::code(context, element), Inside::Codes)
    } else if is(&TIMES) {
        (time(context, element), Inside::Times)
    } else if is(&NUMBERS) {
        (values::amount(context, element), Inside::Nothing)
    } else if is(&SPANS) {
        (structural(element), Inside::Amounts)
    } else if is(&TEXTS) && element.get("representation").is_none_or(|form| form == "TXT") {
        (Vec::new(), Inside::Text)
    } else if named == "BL" {
        (values::truth(element), Inside::Nothing)
    } else {
        return None;
    };
    let all = [&CODES[..], &TIMES, &NUMBERS, &SPANS, &TEXTS, &["BL"]].concat();
    Some((typed(attributes, &all, element), holds))
}
