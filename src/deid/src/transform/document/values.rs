//! Values of CDA's data types (HL7 Version 3 data types, Release 1), each as it may stay.

use super::super::context::Context;
use super::super::{cleaning, date, uid};
use super::vocabulary::is_registered;
use super::xml::Element;
use crate::policy::BirthDate;
use crate::tables::OptionColumn;
use crate::tables::uids;

/// Longest code, unit and name of a code that stay, in bytes.
const CODE_MAX: usize = 32;
const UNIT_MAX: usize = 24;
const NAME_MAX: usize = 256;
/// Digits that a number may have before its point: longer ones are identifiers.
const DIGITS_MAX: usize = 6;

/// Attributes as they leave.
pub(super) type Attributes = Vec<(&'static str, String)>;

/// What stands for a value that may not.
pub(super) fn masked() -> Attributes {
    vec![("nullFlavor", "MSK".to_owned())]
}

/// An identifier's new UID: of its root as of any UID, or of root and extension together.
pub(super) fn identifier(context: &mut Context, root: &str, extension: &str) -> String {
    match (extension.is_empty(), uid::is_valid(root)) {
        (true, true) if uids::is_well_known(root) => root.to_owned(),
        (true, true) => context.new_uid(root),
        _ => context.profile.uid(&format!("{root}^{extension}")),
    }
}

/// A code of a registered system with its name; any other is masked.
pub(super) fn code(context: &mut Context, element: &Element) -> Attributes {
    let (Some(code), Some(system)) = (element.get("code"), element.get("codeSystem")) else { return masked() };
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b':' | b'/' | b'+' | b'*');
    let fits = (1..=CODE_MAX).contains(&code.len()) && code.bytes().all(plain);
    if !fits || !is_registered(system) || context.lexicon.is(&code.to_uppercase()) {
        return masked();
    }
    let mut out = vec![("code", code.to_owned()), ("codeSystem", system.to_owned())];
    if let Some(name) = element.get("displayName").filter(|name| name.len() <= NAME_MAX) {
        // As of codes in attributes: names of registered schemes are plain, all others were written by hand.
        let name = if name.is_ascii() && !context.lexicon.is_in(name) { name.to_owned() } else { text(context, name) };
        if !name.is_empty() {
            out.push(("displayName", name));
        }
    }
    out
}

/// A time as dates go: moved, kept, or masked.
pub(super) fn time(context: &Context, value: &str) -> Attributes {
    let options = context.profile.options();
    let moved = if options.contains(OptionColumn::RtnLongModifiedDates) {
        date::shift_date_times(value, context.shift_days)
    } else if options.contains(OptionColumn::RtnLongFullDates) {
        date::shift_date_times(value, 0)
    } else {
        None
    };
    match moved.filter(|time| !time.is_empty() && !value.contains('\\')) {
        Some(time) => vec![("value", time)],
        None => masked(),
    }
}

/// When the patient was born: as the birth date goes.
pub(super) fn birth(context: &Context, value: &str) -> Attributes {
    let shifted = context.profile.policy().patient.birth_date == BirthDate::ShiftedYear;
    let year = value.get(..8).filter(|_| shifted).and_then(|day| date::shifted_year(day, context.shift_days));
    year.map_or_else(masked, |year| vec![("value", year)])
}

/// A number with its unit. One that is long or repeats an identifier is masked; spans of time end at the cap of ages.
pub(super) fn amount(context: &Context, element: &Element) -> Attributes {
    let Some(value) = element.get("value") else { return masked() };
    let number = value.trim_start_matches(['+', '-']);
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let fits = value.len() - number.len() <= 1
        && (1..=DIGITS_MAX).contains(&whole.len())
        && fraction.len() <= DIGITS_MAX
        && digits(whole)
        && digits(fraction);
    if !fits || context.lexicon.is(value) || context.lexicon.is(number) {
        return masked();
    }
    let unit = element.get("unit").map(|unit| self::unit(context, unit));
    let cap = u32::from(context.profile.policy().patient.age_cap.0);
    let years = match unit.as_deref() {
        Some("a" | "a_g" | "a_j" | "a_t" | "yr") => 1,
        Some("mo" | "mo_g" | "mo_j" | "mo_s") => 12,
        Some("wk") => 52,
        Some("d") => 365,
        _ => 0,
    };
    let above = cap > 0 && years > 0 && whole.parse::<u32>().is_ok_and(|whole| whole >= cap * years);
    let value = if above { (cap * years).to_string() } else { value.to_owned() };
    let mut out = vec![("value", value)];
    out.extend(unit.map(|unit| ("unit", unit)));
    out
}

/// A unit of UCUM; what is written beside it in braces, and what is none, says no more than 1.
fn unit(context: &Context, unit: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"/.*%^'-+[]()_".contains(&b);
    // No unit has more letters in a row: `mmol`, `Pa`, `[arb'U]`, `[pH]`, `dyn`.
    let letters = unit.split(|c: char| !c.is_ascii_alphabetic()).map(str::len).max().unwrap_or_default();
    let fits = (1..=UNIT_MAX).contains(&unit.len()) && unit.bytes().all(plain) && letters <= 5;
    if fits && !context.lexicon.is(&unit.to_uppercase()) { unit.to_owned() } else { "1".to_owned() }
}

/// A text, cleaned; nothing where nothing cleans. Under `clean`, text that is not known to be harmless is noted.
pub(super) fn text(context: &mut Context, text: &str) -> String {
    let Some(cleaning) = context.cleaning.clone() else { return String::new() };
    let words: Vec<&str> = text.split_whitespace().collect();
    let cleaned = cleaning.clean(&words.join(" ")).text;
    let left = cleaned.trim();
    if !left.is_empty() && !cleaning::is_harmless(context, left) {
        context.proof.doubt(super::DOCUMENT.to_string());
    }
    left.to_owned()
}

/// `true` or `false`.
pub(super) fn truth(element: &Element) -> Attributes {
    match element.get("value") {
        Some(value @ ("true" | "false")) => vec![("value", value.to_owned())],
        _ => masked(),
    }
}
