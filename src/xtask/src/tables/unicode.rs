//! The tables of Normalization Form KC in `src/deid`, packed from unicode-normalization.

use super::Output;
use super::pack::{pack, pack_signed};
use std::io;
use unicode_normalization::char::{canonical_combining_class, compose, decompose_canonical, decompose_compatible};

const FOLDER: &str = "src/deid/src/pseudonym/nfkc";
/// As `tables.rs` reads them.
const LONGEST: usize = 32;

pub(super) fn outputs() -> io::Result<Vec<Output>> {
    let (characters, counts, targets) = decompositions()?;
    let files = [("characters", characters), ("counts", counts), ("targets", targets), ("classes", classes())];
    Ok(files.into_iter().map(|(name, data)| Output { path: format!("{FOLDER}/{name}.bin"), data }).collect())
}

/// Code points without Hangul syllables, which need no table.
fn characters() -> impl Iterator<Item = char> {
    ('\0'..=char::MAX).filter(|c| !('\u{AC00}'..='\u{D7A3}').contains(c))
}

fn decompositions() -> io::Result<(Vec<u8>, Vec<u8>, Vec<u8>)> {
    let (mut characters_out, mut counts, mut targets) = (Vec::new(), Vec::new(), Vec::new());
    let mut lasts = [0_i32; LONGEST];
    let mut before = 0;
    for c in characters() {
        let (mut canonical, mut compatible) = (Vec::new(), Vec::new());
        decompose_canonical(c, |part| canonical.push(part));
        decompose_compatible(c, |part| compatible.push(part));
        if compatible == [c] {
            continue;
        }
        let pair = if canonical == compatible { pair(c, &canonical) } else { None };
        let becomes = pair.map_or(compatible, Vec::from);
        if becomes.len() > LONGEST {
            return Err(io::Error::other("unicode: a decomposition is too long"));
        }
        pack(u32::from(c) - before, &mut characters_out);
        before = u32::from(c);
        let count = if pair.is_some() { 0 } else { becomes.len() };
        pack(u32::try_from(count).unwrap_or_default(), &mut counts);
        for (last, part) in lasts.iter_mut().zip(becomes) {
            let part = u32::from(part).cast_signed();
            pack_signed(part - *last, &mut targets);
            *last = part;
        }
    }
    Ok((characters_out, counts, targets))
}

/// The two characters that compose to this one.
fn pair(c: char, canonical: &[char]) -> Option<[char; 2]> {
    let (&last, before) = canonical.split_last()?;
    let first = before.iter().copied().map(Some).reduce(|a, b| compose(a?, b?))??;
    (compose(first, last) == Some(c)).then_some([first, last])
}

/// Runs of characters of one class.
fn classes() -> Vec<u8> {
    let mut runs: Vec<(u32, u32, u8)> = Vec::new();
    for c in characters() {
        let (code, class) = (u32::from(c), canonical_combining_class(c));
        match runs.last_mut() {
            _ if class == 0 => {}
            Some((_, end, of)) if *end == code && *of == class => *end += 1,
            _ => runs.push((code, code + 1, class)),
        }
    }
    let mut out = Vec::new();
    let mut before = 0;
    for (first, end, class) in runs {
        for number in [first - before, end - first, u32::from(class)] {
            pack(number, &mut out);
        }
        before = end;
    }
    out
}
