//! Code extension (PS3.5 6.1.2.3 to 6.1.2.5): a state machine over one value, strict or as devices write.
//!
//! The first set is active at the start, and again after each line end, value delimiter and, in PN, after `^` and `=`.

use super::state::{Low, State, is_cut};
use super::tables::{high, kana, two_byte};
use super::term::Term;
use crate::value;

/// What is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rules {
    /// Escapes to declared sets (their bits); nothing unassigned.
    Strict(u32),
    /// Any known escape, half-width katakana in G1 where nothing else is, delimiters and ends inside two-byte text.
    Lenient,
    /// The same with escapes whose ESC a device has dropped.
    Lost,
}

/// One character of a value.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cell {
    /// `None`: no table explains it.
    pub(super) character: Option<char>,
    /// Its first byte.
    pub(super) start: usize,
    /// The byte after its last.
    pub(super) end: usize,
    /// What occupies G0 and G1.
    pub(super) state: State,
    /// The first set is active again after it.
    pub(super) returns: bool,
}

struct Machine<'b> {
    bytes: &'b [u8],
    at: usize,
    rules: Rules,
    vr: [u8; 2],
    initial: State,
    state: State,
    mended: bool,
}

/// Walks over one value; yields whether anything was mended. `None`: what was walked over is no text.
pub(super) fn walk(bytes: &[u8], first: Term, rules: Rules, vr: [u8; 2], sink: &mut dyn FnMut(Cell)) -> Option<bool> {
    let initial = State::initial(first);
    let mut machine = Machine { bytes, at: 0, rules, vr, initial, state: initial, mended: false };
    while let Some(&byte) = bytes.get(machine.at) {
        if machine.is_escape(byte) {
            machine.escape()?;
        } else {
            sink(machine.cell(byte)?);
        }
    }
    Some(machine.mended || !machine.state.is_closed(initial))
}

impl Machine<'_> {
    fn is_lenient(&self) -> bool {
        !matches!(self.rules, Rules::Strict(_))
    }

    fn is_two_byte(&self) -> bool {
        matches!(self.state.low, Low::TwoByte(_))
    }

    fn rest(&self, skip: usize) -> &[u8] {
        self.bytes.get(self.at + skip..).unwrap_or_default()
    }

    fn is_escape(&self, byte: u8) -> bool {
        if self.rules == Rules::Lost {
            let rest = self.rest(0);
            let expected: [&[u8]; 2] = if self.is_two_byte() { [b"(B", b"(J"] } else { [b"$B", b"$@"] };
            return expected.iter().any(|s| rest.starts_with(s));
        }
        byte == 0x1B
    }

    fn escape(&mut self) -> Option<()> {
        let mark = usize::from(self.rules != Rules::Lost);
        let declared = match self.rules {
            Rules::Strict(terms) => Some(terms),
            Rules::Lenient | Rules::Lost => None,
        };
        let mut state = self.state;
        if let Some(len) = state.read(self.rest(mark), declared) {
            self.state = state;
            self.at += mark + len;
        } else if self.is_lenient() && is_cut(self.rest(mark)) {
            self.at = self.bytes.len();
            self.state = self.initial;
        } else {
            return None;
        }
        self.mended |= self.is_lenient();
        Some(())
    }

    fn cell(&mut self, byte: u8) -> Option<Cell> {
        let second = self.rest(1).first().copied();
        let mut delimits = self.delimits(byte);
        let (character, len) = match (byte, self.state.low) {
            (0x0E | 0x0F | 0x1B | 0x7F..=0x9F, _) => return None,
            (0xA0.., _) => self.high(byte, second)?,
            (0x21..=0x7E, Low::TwoByte(set)) => match second {
                Some(s) if matches!(s, 0x21..=0x7E) => {
                    delimits = false;
                    (two_byte(set, byte, s), 2)
                }
                // A delimiter in the place of a first byte, and no second one: the escape before it is missing.
                _ if delimits => (Some(char::from(byte)), 1),
                None => (None, 1),
                Some(_) => return None,
            },
            (0x21..=0x7E, Low::Kana) => {
                delimits = false;
                (Some(kana(byte)?), 1)
            }
            (b'\\', Low::Romaji) if !delimits => (Some('\u{A5}'), 1),
            (b'~', Low::Romaji) => (Some('\u{203E}'), 1),
            _ => (Some(char::from(byte)), 1),
        };
        if !self.is_lenient() && (character.is_none() || (delimits && self.is_two_byte() && byte > 0x20)) {
            return None;
        }
        let start = self.at;
        self.at += len;
        let cell = Cell { character, start, end: self.at, state: self.state, returns: delimits };
        if delimits {
            self.mended |= !self.state.is_closed(self.initial);
            self.state = self.initial;
        }
        Some(cell)
    }

    /// A byte of G1, or two.
    fn high(&self, byte: u8, second: Option<u8>) -> Option<(Option<char>, usize)> {
        if let Some(set) = self.state.high_set() {
            return match second.and_then(|s| s.checked_sub(0x80)) {
                Some(s) => Some((two_byte(set, byte - 0x80, s), 2)),
                None if second.is_none() => Some((None, 1)),
                None => None,
            };
        }
        let undeclared = self.is_lenient() && self.state.high == Term::Ascii && !self.is_two_byte();
        let set = if undeclared { Term::Ir13 } else { self.state.high };
        high(set, byte).map(|c| (Some(c), 1))
    }

    /// True for bytes that delimit where they are characters of their own.
    fn delimits(&self, byte: u8) -> bool {
        match byte {
            b'\t' | b'\n' | 0x0C | b'\r' => true,
            b'\\' => value::is_multivalued_text(self.vr),
            b'^' | b'=' => self.vr == *b"PN",
            _ => false,
        }
    }
}
