//! Spans cut out of the original bytes: what stays keeps its bytes, escapes are closed.

use super::iso2022::Cell;
use super::state::{Low, State};
use super::text::{Reading, Text};
use super::{CharacterSet, Evidence, NotWritable};
use crate::order;
use core::ops::Range;

impl CharacterSet {
    /// Cuts ranges of its text out of a value that was read. Marks that belong to the last character of a range go with
    /// it. What is left reads as the text that is left, or it is an error.
    pub fn cut(
        self,
        bytes: &[u8],
        vr: [u8; 2],
        evidence: &Evidence,
        text: &Text,
        ranges: &[Range<usize>],
    ) -> Result<Vec<u8>, NotWritable> {
        let set = self.governing(vr);
        let escapes = match text.reading() {
            Reading::Declared => set.has_states(),
            reading => matches!(reading, Reading::Escapes | Reading::LostEscapes),
        };
        let initial = State::initial(set.first);
        let mut kept = Kept { initial, state: initial, escapes, bytes: Vec::new(), text: String::new() };
        let going = going(text.as_str(), ranges);
        let mut going = going.iter().peekable();
        let mut at = 0;
        let walked = set.walk(text.reading(), bytes, vr, &mut |cell| {
            let Some(character) = cell.character else { return };
            while going.next_if(|range| range.end <= at).is_some() {}
            if going.peek().is_none_or(|range| at < range.start) {
                kept.push(character, &cell, bytes.get(cell.start..cell.end).unwrap_or_default());
            }
            at += character.len_utf8();
        });
        let whole = walked.is_some() && at == text.as_str().len();
        let bytes = kept.close();
        let reads = set.read(&bytes, vr, evidence).is_ok_and(|read| read.as_str() == kept.text);
        if whole && reads { Ok(bytes) } else { Err(NotWritable) }
    }
}

/// The ranges in order, each with the marks after it.
fn going(text: &str, ranges: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut all = Vec::with_capacity(ranges.len());
    for range in ranges.iter().filter(|r| !r.is_empty()) {
        let after = text.get(range.end..).unwrap_or_default();
        let marks = after.find(|c| !is_mark(c)).unwrap_or(after.len());
        all.push((range.start, range.end + marks));
    }
    order::sort(&mut all);
    all.into_iter().map(|(start, end)| start..end).collect()
}

/// Characters that belong to the one before: combining and voiced marks, joiners, variation selectors.
const fn is_mark(character: char) -> bool {
    matches!(
        character,
        '\u{300}'..='\u{36F}'
            | '\u{200D}'
            | '\u{3099}'..='\u{309A}'
            | '\u{FE00}'..='\u{FE0F}'
            | '\u{FF9E}'..='\u{FF9F}'
            | '\u{E0100}'..='\u{E01EF}'
    )
}

/// What stays.
struct Kept {
    initial: State,
    state: State,
    /// The encoding has states.
    escapes: bool,
    bytes: Vec<u8>,
    text: String,
}

impl Kept {
    fn push(&mut self, character: char, cell: &Cell, raw: &[u8]) {
        if self.escapes {
            self.lead_to(cell, raw.first().copied().unwrap_or(0));
        }
        self.bytes.extend_from_slice(raw);
        self.text.push(character);
        if cell.returns {
            self.state = self.initial;
        }
    }

    /// Brings G0 and G1 to what the character needs.
    fn lead_to(&mut self, cell: &Cell, byte: u8) {
        match byte {
            _ if cell.returns => self.state.close(self.initial, &mut self.bytes),
            0xA0.. => self.state.go_high(cell.state.high, &mut self.bytes),
            // SPACE stands for itself whatever is in G0.
            b' ' if matches!(cell.state.low, Low::TwoByte(_)) => {}
            _ => self.state.go_low(cell.state.low, &mut self.bytes),
        }
    }

    /// The bytes, closed.
    fn close(&mut self) -> Vec<u8> {
        if self.escapes {
            self.state.close(self.initial, &mut self.bytes);
        }
        core::mem::take(&mut self.bytes)
    }
}
