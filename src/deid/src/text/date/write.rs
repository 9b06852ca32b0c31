//! A date moved by whole days, written as it was.

use super::Found;
use super::era::{self, Style as EraStyle};
use super::number::{KANJI, MONTHS, Number, Style};
use crate::text::fold::{Folded, is_capital};

/// The text of a date moved by days; `None` where what it says is open. `text` is the original.
pub(crate) fn moved(found: &Found, f: &Folded, text: &[char], days: i32) -> Option<String> {
    let date = found.date?.shifted(days)?;
    let era = found.era.map(|e| era::of(date).map(|of| (e, of)));
    let era = match era {
        Some(None) => return None,
        Some(Some(era)) => Some(era),
        None => None,
    };
    let padded = [found.month, found.day].iter().flatten().any(|n| n.len() == 2 && f.at(n.start) == '0');
    let mut out = Vec::new();
    if let Some((era, (number, year))) = era {
        out.push((
            f.start(found.start),
            f.end(era.end),
            era_text(era.style, number, original(f, text, found.start, era.end))?,
        ));
        out.push(part(found.year?, year, found, f, text, padded)?);
    } else {
        out.push(part(found.year?, date.year, found, f, text, padded)?);
    }
    for (number, value) in [(found.month, date.month), (found.day, date.day)] {
        if let (Some(number), Some(value)) = (number, value) {
            out.push(part(number, value, found, f, text, padded)?);
        }
    }
    out.sort_by_key(|o| o.0);
    let mut written = String::new();
    let mut at = f.start(found.start);
    for (start, end, new) in out {
        written.extend(text.get(at..start)?);
        written.push_str(&new);
        at = end;
    }
    written.extend(text.get(at..f.end(found.end))?);
    Some(written)
}

fn original<'a>(f: &Folded, text: &'a [char], start: usize, end: usize) -> &'a [char] {
    text.get(f.start(start)..f.end(end)).unwrap_or_default()
}

/// Where a number stands in the original, and what stands there instead.
fn part(
    number: Number,
    value: u32,
    found: &Found,
    f: &Folded,
    text: &[char],
    padded: bool,
) -> Option<(usize, usize, String)> {
    let old = original(f, text, number.start, number.end);
    let new = match number.style {
        Style::Digits => {
            let packed = found.year.is_some_and(|y| found.month.is_some_and(|m| m.start == y.end));
            let width = if packed || number.len() == 2 && padded { number.len() } else { 1 };
            let wide = old.first().is_some_and(|&c| !c.is_ascii());
            let digits = format!("{value:0width$}");
            digits.chars().map(|c| if wide { widened(c) } else { c }).collect()
        }
        Style::First if value == 1 => "元".to_owned(),
        Style::First => value.to_string(),
        Style::Kanji => kanji(value),
        Style::Name { whole } => month(value, whole, old)?,
    };
    Some((f.start(number.start), f.end(number.end), new))
}

fn widened(c: char) -> char {
    char::from_u32(u32::from(c) + 0xfee0).unwrap_or(c)
}

fn kanji(value: u32) -> String {
    let digit = |n: u32| KANJI.chars().nth(n as usize).unwrap_or_default();
    if value > 99 {
        return value.to_string().chars().filter_map(|c| c.to_digit(10)).map(digit).collect();
    }
    let mut out = String::new();
    if value >= 20 {
        out.push(digit(value / 10));
    }
    if value >= 10 {
        out.push('十');
    }
    if !value.is_multiple_of(10) {
        out.push(digit(value % 10));
    }
    out
}

/// A month's name in the case of the old one.
fn month(value: u32, whole: bool, old: &[char]) -> Option<String> {
    let name = MONTHS.get(value.checked_sub(1)? as usize)?;
    let name = if whole { name } else { name.get(..3)? };
    let upper = |i: usize| old.get(i).is_some_and(|&c| is_capital(c));
    let cased = name.char_indices().map(|(i, c)| {
        let big = if i == 0 { upper(0) } else { upper(1) };
        if big { c.to_ascii_uppercase() } else { c }
    });
    Some(cased.collect())
}

fn era_text(style: EraStyle, number: usize, old: &[char]) -> Option<String> {
    const SIGNS: [char; 5] = ['㍾', '㍽', '㍼', '㍻', '㋿'];
    let &(name, letter, ..) = era::ERAS.get(number)?;
    let first = *old.first()?;
    Some(match style {
        EraStyle::Long if SIGNS.contains(&first) => SIGNS.get(number)?.to_string(),
        EraStyle::Long => name.to_owned(),
        EraStyle::Roman => {
            let upper = |i: usize| old.get(i).is_some_and(|&c| is_capital(c));
            let cased = era::roman(number)?.char_indices();
            cased.map(|(i, c)| if upper(i.min(1)) { c.to_ascii_uppercase() } else { c }).collect()
        }
        EraStyle::Short => name.chars().next()?.to_string(),
        EraStyle::Letter => {
            let plain = if is_capital(first) { letter.to_ascii_uppercase() } else { letter };
            let c = if first.is_ascii() { plain } else { widened(plain) };
            c.to_string()
        }
    })
}
