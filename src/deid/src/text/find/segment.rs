//! Words of a text without blanks: the cheapest way to lay a run out in harmless words, names and single characters.
//!
//! So 両足立位 is 両足 and 立位 though a patient is called 足立, and 田中心臓 is a name and 心臓 though 中心 is a word.

use super::listed::{self, Listed};
use crate::text::fold::{Folded, Kind};
use crate::text::lexicon::{Form, Lexicon};
use crate::text::lists::{Name, Word};

/// What a piece of a run is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::text) enum Role {
    Word(Word),
    /// Of the patient's lexicon.
    Known,
    /// A family name of the lists.
    Family,
    /// A reading of the lists, which may be much else.
    Reading,
    Unknown,
}

#[derive(Clone, Copy)]
pub(in crate::text) struct Piece {
    pub start: usize,
    pub end: usize,
    pub role: Role,
}

/// Longest word or name, in characters.
const LONGEST: usize = 64;

/// Pieces of all runs of letters, digits and kana, in order.
pub(super) fn pieces(f: &Folded, listed: &Listed, lexicon: &Lexicon) -> Vec<Piece> {
    let source = Source { f, listed, lexicon };
    let mut out = Vec::with_capacity(f.len());
    let mut ways = Vec::with_capacity(f.len() + 1);
    let mut start = 0;
    while start < f.len() {
        let end = f.whole_run(start, |i| f.is_cjk(i) || f.is_alnum(i));
        if end > start {
            run(&source, start, end, &mut ways, &mut out);
        }
        start = end.max(start + 1);
    }
    out
}

/// What pieces are made from.
struct Source<'a> {
    f: &'a Folded,
    listed: &'a Listed,
    lexicon: &'a Lexicon,
}

impl Source<'_> {
    /// Latin words are whole, or one of several put together as in `ThoraxRoutine`; digits are not cut.
    fn cuts(&self, i: usize) -> bool {
        self.f.is_inside_word(i) || self.f.kind(i) == Kind::Digit && self.f.before(i) == Kind::Digit
    }
}

/// The best way so far to a place.
#[derive(Clone, Copy)]
struct Way {
    cost: u32,
    from: usize,
    role: Role,
}

fn run(source: &Source<'_>, start: usize, end: usize, ways: &mut Vec<Way>, out: &mut Vec<Piece>) {
    let Source { f, listed, lexicon, .. } = *source;
    ways.clear();
    ways.resize(end - start + 1, Way { cost: u32::MAX, from: 0, role: Role::Unknown });
    if let Some(first) = ways.first_mut() {
        first.cost = 0;
    }
    for i in start..end {
        let Some(here) = ways.get(i - start).map(|w| w.cost) else { break };
        let mut go = |len: usize, cost: u32, role: Role| {
            let cost = here.saturating_add(cost);
            if let Some(way) = ways.get_mut(i - start + len).filter(|way| cost < way.cost) {
                *way = Way { cost, from: i, role };
            }
        };
        if !lexicon.cjk.is_empty() {
            for (len, form) in known(f, lexicon, f.slice(i, end.min(i + LONGEST)), i) {
                go(len, cost_of(form, len), Role::Known);
            }
        }
        // Most places of a text are inside of a word, where none begins.
        let begins = !source.cuts(i);
        for &listed::Word { len, entries, .. } in listed.at(i) {
            if len > LONGEST.min(end - i) {
                break;
            }
            if begins && !source.cuts(i + len) {
                for word in entries.words().filter(|&word| word != Word::Particle || f.kind(i) != Kind::Katakana) {
                    go(len, cost_of_word(word, len), Role::Word(word));
                }
            }
            if entries.is_any_name() && f.is_cjk(i) {
                if entries.is_name(Name::Family) && len > 1 && f.kind(i) == Kind::Kanji {
                    go(len, 5, Role::Family);
                } else if len > 2 && f.is_kana(i) && is_free(f, i, i + len) {
                    go(len, 6, Role::Reading);
                }
            }
        }
        go(1, if f.is_cjk(i) { 8 } else { 4 }, Role::Unknown);
    }
    let first = out.len();
    let mut at = end;
    while at > start {
        let Some(way) = ways.get(at - start) else { break };
        out.push(Piece { start: way.from, end: at, role: way.role });
        at = way.from;
    }
    out.get_mut(first..).unwrap_or_default().reverse();
}

const fn cost_of(form: Form, len: usize) -> u32 {
    match form {
        Form::Full if len > 2 => 1,
        Form::Full => 4,
        Form::Place => 1,
        _ => 5,
    }
}

const fn cost_of_word(word: Word, len: usize) -> u32 {
    match word {
        // Names in hiragana are made of what are particles elsewhere.
        Word::Particle if len == 1 => 6,
        Word::Particle => 3,
        _ if len == 1 => 3,
        _ => 2,
    }
}

/// Forms of the lexicon that say something wherever they stand.
fn known<'a>(
    f: &'a Folded,
    lexicon: &'a Lexicon,
    text: &'a [char],
    i: usize,
) -> impl Iterator<Item = (usize, Form)> + 'a {
    let forms = lexicon.cjk.at(text).filter_map(|(len, tag)| Some((len, Lexicon::form(tag)?)));
    forms.filter(move |&(len, form)| match form {
        Form::Short => false,
        Form::Part | Form::Place => true,
        Form::Full => !all_kana(f, i, i + len) || len > 4 || is_free(f, i, i + len),
        Form::Kana => is_free(f, i, i + len),
    })
}

fn all_kana(f: &Folded, start: usize, end: usize) -> bool {
    (start..end).all(|i| f.is_kana(i))
}

/// True where kana are no part of a longer word in the same kana.
pub(super) fn is_free(f: &Folded, start: usize, end: usize) -> bool {
    let before = f.before(start) == f.kind(start) && f.is_kana(start);
    let after = f.is_kana(end) && f.kind(end) == f.kind(end.saturating_sub(1));
    !before && (!after || is_ending(f, end))
}

/// Honorifics and particles that follow a name in the same kana.
fn is_ending(f: &Folded, i: usize) -> bool {
    const ENDINGS: [&str; 8] = ["サマ", "サン", "チヤン", "クン", "センセイ", "センセ", "ドノ", "シ "];
    const PARTICLES: &str = "ノハガヲオニヘトモデ";
    ENDINGS.iter().any(|e| f.has(i, e)) || f.kind(i) == Kind::Hiragana && PARTICLES.contains(f.at(i))
}
