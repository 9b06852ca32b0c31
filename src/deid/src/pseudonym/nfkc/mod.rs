//! Normalization Form KC (UAX #15), as unicode-normalization has it.
//!
//! The crate's tables weigh six times what these do: `cargo xtask generate` packs them, and tests hold both equal.

mod hangul;
mod tables;

use tables::{Form, Tables, tables};

/// The characters of the text in Form KC.
pub(crate) fn nfkc(text: &str) -> Vec<char> {
    if text.is_ascii() {
        return text.chars().collect();
    }
    let tables = tables();
    compose(tables, order(tables, decompose(tables, text)))
}

/// Full compatibility decomposition.
fn decompose(tables: &Tables, text: &str) -> Vec<char> {
    let mut out = Vec::with_capacity(text.len());
    let mut lasts = Vec::new();
    for mut c in text.chars() {
        loop {
            match tables.form(c) {
                Some(Form::Pair(first, last)) => {
                    lasts.push(last);
                    c = first;
                    continue;
                }
                Some(Form::Text(chars)) => out.extend_from_slice(chars),
                None => hangul::decompose(c, &mut out),
            }
            break;
        }
        out.extend(lasts.drain(..).rev());
    }
    out
}

/// Canonical ordering: between two starters by class, and else as they stood.
fn order(tables: &Tables, mut text: Vec<char>) -> Vec<char> {
    let class = |c: char| tables.class(c);
    let mut rest = text.as_mut_slice();
    while let Some(start) = rest.iter().position(|&c| class(c) != 0) {
        let marks = rest.get_mut(start..).unwrap_or_default();
        let count = marks.iter().position(|&c| class(c) == 0).unwrap_or(marks.len());
        let (marks, after) = marks.split_at_mut_checked(count).unwrap_or_default();
        if !marks.is_sorted_by_key(|&c| class(c)) {
            let old = marks.to_vec();
            // A pass for each class: there are few, and a text may be one endless run of marks.
            let sorted = (1..=u8::MAX).flat_map(|wanted| old.iter().filter(move |&&c| class(c) == wanted));
            marks.iter_mut().zip(sorted).for_each(|(place, &c)| *place = c);
        }
        rest = after;
    }
    text
}

/// Canonical composition: each character joins the last starter, unless one between them blocks it.
fn compose(tables: &Tables, text: Vec<char>) -> Vec<char> {
    let mut out: Vec<char> = Vec::with_capacity(text.len());
    let mut starter = None;
    let mut last_class = 0;
    for c in text {
        let class = tables.class(c);
        if last_class == 0 || last_class < class {
            let before = starter.and_then(|place: usize| out.get_mut(place));
            if let Some((before, joined)) = before.and_then(|b| joined(tables, *b, c).map(|joined| (b, joined))) {
                *before = joined;
                continue;
            }
        }
        if class == 0 {
            starter = Some(out.len());
        }
        last_class = class;
        out.push(c);
    }
    out
}

fn joined(tables: &Tables, first: char, last: char) -> Option<char> {
    hangul::compose(first, last).or_else(|| tables.composite(first, last))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]

    use super::nfkc;
    use proptest::prelude::{any, prop, prop_assert_eq, proptest};
    use std::collections::BTreeSet;
    use unicode_normalization::UnicodeNormalization;
    use unicode_normalization::char::{canonical_combining_class, compose, decompose_canonical};

    fn compare(text: &str) {
        let got: String = nfkc(text).into_iter().collect();
        let want: String = text.nfkc().collect();
        assert_eq!(got, want, "{:?}", text.escape_unicode().to_string());
    }

    fn all() -> impl Iterator<Item = char> {
        '\0'..=char::MAX
    }

    #[test]
    fn every_character_alone_and_between_marks() {
        for c in all() {
            compare(c.encode_utf8(&mut [0; 4]));
            // Below, above, and what joins most letters: one that blocks and one that does not.
            compare(&String::from_iter(['e', '\u{301}', c, '\u{323}', '\u{301}', 'a']));
        }
    }

    /// The characters that stand first and last in composites.
    fn firsts_and_lasts() -> (BTreeSet<char>, BTreeSet<char>) {
        let canonical = |c: char| {
            let mut parts = Vec::new();
            decompose_canonical(c, |part| parts.push(part));
            parts
        };
        let pair = |c: char| {
            let parts = canonical(c);
            let (&last, before) = parts.split_last()?;
            let first = before.iter().copied().map(Some).reduce(|a, b| compose(a?, b?))??;
            (compose(first, last) == Some(c)).then_some((first, last))
        };
        all().filter(|c| !('가'..='힣').contains(c)).filter_map(pair).unzip()
    }

    #[test]
    fn everything_that_begins_a_composite_before_everything_that_ends_one() {
        let (firsts, lasts) = firsts_and_lasts();
        assert!(firsts.len() > 300 && lasts.len() > 50);
        for &first in &firsts {
            for &last in &lasts {
                compare(&String::from_iter([first, last]));
                compare(&String::from_iter([first, '\u{323}', last, '\u{345}']));
            }
        }
    }

    #[test]
    fn every_hangul_syllable_from_its_letters() {
        for syllable in '가'..='힣' {
            let letters: String = syllable.to_string().nfd().collect();
            compare(&letters);
            compare(&format!("{letters}\u{11a8}"));
        }
    }

    #[test]
    fn endless_marks() {
        let marks: Vec<char> = all().filter(|&c| canonical_combining_class(c) != 0).collect();
        let text: String = marks.iter().rev().cycle().take(20_000).collect();
        compare(&format!("e{text}a{text}"));
    }

    proptest! {
        #[test]
        fn any_text(text in any::<String>()) {
            prop_assert_eq!(nfkc(&text).into_iter().collect::<String>(), text.nfkc().collect::<String>());
        }

        /// Letters and marks of one block stand together in real text, and so do Hangul letters.
        #[test]
        fn letters_and_marks(picks in prop::collection::vec((0..6_usize, 0..0x80_u32), 0..24)) {
            let starts = [0x0041, 0x00C0, 0x0300, 0x0B40, 0x1100, 0x1160];
            let chars = picks.iter().filter_map(|&(block, offset)| char::from_u32(starts[block] + offset));
            let text: String = chars.collect();
            prop_assert_eq!(nfkc(&text).into_iter().collect::<String>(), text.nfkc().collect::<String>());
        }
    }
}
