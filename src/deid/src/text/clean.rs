//! Cuts what must go, until nothing is found any more.

use super::date::moved;
use super::find::{Hit, Rules, View};
use super::fold::{Folded, characters};
use super::tidy::tidy;
use super::{Cleaned, Cut, Lexicon, Lists, Settings, glance};
use tokumei_dicom::order;

/// Rounds after which what is still found takes the whole text with it.
const ROUNDS: usize = 8;
/// Stands for a moved date between rounds.
const MOVED: char = '\u{fffc}';

/// A character that is left, and where the original has it.
#[derive(Clone, Copy)]
pub(super) struct Left {
    pub c: char,
    pub at: usize,
}

/// Cuts names, numbers, dates and places out of a text. Cleaning a cleaned text changes nothing, unless dates move.
pub fn clean(text: &str, lexicon: &Lexicon, lists: &Lists, settings: &Settings) -> Cleaned {
    let mut left: Vec<Left> = characters(text).into_iter().enumerate().map(|(at, c)| Left { c, at }).collect();
    let length = left.len();
    let mut dates: Vec<Cut> = Vec::new();
    for round in 0..=ROUNDS {
        let chars: Vec<char> = left.iter().map(|l| l.c).collect();
        let folded = Folded::of(&chars, lists);
        if glance::is_harmless(&folded, lexicon, lists, settings, false) {
            break;
        }
        let rules = Rules { shifts: settings.shift_days.is_some(), age_cap: settings.age_cap };
        let mut view = View::new(&folded, lists, lexicon, rules);
        let hits = joined(core::mem::take(&mut view.hits));
        if hits.is_empty() {
            break;
        }
        if round == ROUNDS {
            left.clear();
            dates.clear();
            break;
        }
        let mut keep = vec![true; chars.len()];
        let mut kept_dates = Vec::new();
        for hit in &hits {
            let (start, end) = (folded.start(hit.start), folded.end(hit.end));
            let days = settings.shift_days.filter(|_| round == 0);
            let new = days.zip(hit.date).and_then(|(days, found)| moved(&found, &folded, &chars, days));
            if let Some(new) = new.filter(|new| !lexicon.has_number(new)) {
                kept_dates.push((start, end, new));
                continue;
            }
            let (start, end) =
                match hit.label.filter(|label| is_gone(&left, folded.end(label.1), folded.start(hit.start))) {
                    // What follows is not its value: the label goes, and another round looks at what follows.
                    Some(label) => label,
                    None => view.with_honorific(hit.start, hit.end),
                };
            let cut = folded.start(start)..folded.end(end);
            keep.get_mut(cut).unwrap_or_default().fill(false);
        }
        for (start, end, new) in kept_dates {
            let origin = |i: usize| left.get(i).map_or(length, |l| l.at);
            dates.push(Cut { start: origin(start), end: origin(end), replacement: new });
            keep.get_mut(start + 1..end).unwrap_or_default().fill(false);
            if let Some(first) = left.get_mut(start) {
                first.c = MOVED;
            }
        }
        tidy(&left, &mut keep);
        let mut flags = keep.into_iter();
        left.retain(|_| flags.next().unwrap_or(false));
    }
    result(text, length, &left, &dates)
}

/// Hits in order, overlapping ones as one; a date that something else overlaps goes.
fn joined(mut hits: Vec<Hit>) -> Vec<Hit> {
    order::sort_by_key(&mut hits, |h| (h.start, h.end));
    let mut out: Vec<Hit> = Vec::with_capacity(hits.len());
    for hit in hits {
        match out.last_mut().filter(|last| hit.start < last.end) {
            Some(last) => {
                last.end = last.end.max(hit.end);
                last.date = None;
                last.label = last.label.filter(|_| last.label == hit.label);
            }
            None => out.push(hit),
        }
    }
    out
}

/// True where something was cut between two places.
fn is_gone(left: &[Left], from: usize, to: usize) -> bool {
    let around = left.get(from.saturating_sub(1)..to.saturating_add(1)).unwrap_or_default();
    around.windows(2).any(|pair| matches!(pair, [a, b] if b.at > a.at + 1))
}

fn result(text: &str, length: usize, left: &[Left], dates: &[Cut]) -> Cleaned {
    let date_at = |left: &Left| {
        let place = dates.binary_search_by_key(&left.at, |d| d.start).ok().filter(|_| left.c == MOVED);
        place.and_then(|place| dates.get(place))
    };
    let mut cuts: Vec<Cut> = Vec::new();
    let mut out = String::with_capacity(text.len());
    let mut next = 0;
    let mut cut = |from: usize, to: usize, replacement: &str| {
        if from < to {
            cuts.push(Cut { start: from, end: to, replacement: replacement.to_owned() });
        }
    };
    for l in left {
        cut(next, l.at, "");
        if let Some(date) = date_at(l) {
            cut(date.start, date.end, &date.replacement);
            out.push_str(&date.replacement);
            next = date.end;
        } else {
            out.push(l.c);
            next = l.at + 1;
        }
    }
    cut(next, length, "");
    Cleaned { cuts, text: out }
}
