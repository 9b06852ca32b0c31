//! Whom a document names, and how to find them: facts that its text and that of its instance is cleaned by.

use super::Unclear;
use super::xml::{Element, Event, Events};
use crate::transform::identity::{Kind, Values, add};
use tokumei_dicom::Limits;

/// Elements whose `name` is a person's.
const PEOPLE: [&str; 9] = [
    "patient",
    "assignedPerson",
    "associatedPerson",
    "relatedPerson",
    "guardianPerson",
    "informationRecipient",
    "subject",
    "person",
    "maintainingPerson",
];
/// Acts whose identifiers are numbers of a patient, an order or a visit, as those of persons and roles are.
const NUMBERED: [&str; 3] = ["ClinicalDocument", "order", "encompassingEncounter"];
/// Shorter extensions count things.
const ID_MIN: usize = 4;

/// What of an element is being read.
struct Reading {
    kind: Kind,
    depth: usize,
    family: String,
    given: String,
    text: String,
}

/// Adds what a document says.
pub(crate) fn collect(text: &str, limits: &Limits, found: &mut Values) -> Result<(), Unclear> {
    let mut events = Events::of(text, limits);
    let mut around: Vec<&str> = Vec::new();
    let mut reading: Option<Reading> = None;
    while let Some(event) = events.next()? {
        match event {
            Event::Open(element) => {
                let parent = around.last().copied().unwrap_or_default();
                attributes(parent, &element, found);
                if reading.is_none() {
                    reading = begin(parent, &element, around.len());
                }
                around.push(element.name.unwrap_or_default());
            }
            Event::Text(text) => {
                if let Some(now) = &mut reading {
                    part(now, around.last().copied().unwrap_or_default(), text.trim(), found);
                }
            }
            Event::Close => {
                around.pop();
                if let Some(whole) = reading.take_if(|r| r.depth == around.len()) {
                    end(&whole, found);
                }
            }
        }
    }
    Ok(())
}

fn is_place(parent: &str) -> bool {
    parent.ends_with("Organization") || matches!(parent, "location" | "place" | "healthCareFacility")
}

fn begin(parent: &str, element: &Element, depth: usize) -> Option<Reading> {
    let kind = match element.name? {
        "name" if PEOPLE.contains(&parent) => Kind::Name,
        "name" if is_place(parent) => Kind::Place,
        "addr" => Kind::Address,
        _ => return None,
    };
    Some(Reading { kind, depth, family: String::new(), given: String::new(), text: String::new() })
}

fn part(now: &mut Reading, element: &str, text: &str, found: &mut Values) {
    let join = |whole: &mut String, between: &str| {
        if !whole.is_empty() && !text.is_empty() {
            whole.push_str(between);
        }
        whole.push_str(text);
    };
    match (now.kind, element) {
        (Kind::Name, "family") => join(&mut now.family, ""),
        (Kind::Name, "given") => join(&mut now.given, " "),
        (Kind::Name, "prefix" | "suffix") | (Kind::Address, "country") => {}
        (Kind::Address, "postalCode") => add(found, Kind::Number, text),
        (Kind::Address, "streetAddressLine") => {
            add(found, Kind::Address, text);
            join(&mut now.text, "");
        }
        (Kind::Address, _) => join(&mut now.text, ""),
        _ => join(&mut now.text, " "),
    }
}

fn end(whole: &Reading, found: &mut Values) {
    if !whole.family.is_empty() || !whole.given.is_empty() {
        add(found, Kind::Name, &format!("{}^{}", whole.family, whole.given));
    }
    add(found, whole.kind, &whole.text);
}

/// What stands in attributes.
fn attributes(parent: &str, element: &Element, found: &mut Values) {
    let value = element.get("value").unwrap_or_default();
    match element.name {
        Some("telecom") => add(found, Kind::Number, value.split_once(':').map_or(value, |(_, number)| number)),
        Some("birthTime") => add(found, Kind::Birth, value.get(..8).unwrap_or_default()),
        Some("id") => {
            let act = super::vocabulary::rule(parent).is_some_and(|(_, rule)| rule == super::vocabulary::Rule::Act);
            let extension = element.get("extension").filter(|e| e.len() >= ID_MIN).unwrap_or_default();
            if !act || NUMBERED.contains(&parent) {
                add(found, Kind::Id, extension);
            }
        }
        _ => {}
    }
}
