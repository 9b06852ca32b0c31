//! Text to bytes in the declared set, where that is legal.

use super::CharacterSet;
use super::form::{self, Form};
use super::state::{Low, State};
use super::tables::{Set, high_of, two_byte_of};
use super::term::Term;
use crate::value;

/// The text cannot be written in the declared set: the instance has to become `ISO_IR 192`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotWritable;

impl CharacterSet {
    /// Writes text, escapes closed before delimiters and at the end. What is written decodes to the same text.
    pub fn encode(self, text: &str, vr: [u8; 2]) -> Result<Vec<u8>, NotWritable> {
        let set = self.governing(vr);
        let bytes = match set.first {
            _ if set.is_plain(text.as_bytes()) => text.as_bytes().to_vec(),
            Term::Utf8 => in_form(Form::Utf8, text)?,
            Term::Gbk => in_form(Form::Gbk, text)?,
            Term::Gb18030 => in_form(Form::Gb18030, text)?,
            // Multi-byte sets are no first value; what is not known cannot be written.
            Term::Unknown | Term::Ir87 | Term::Ir159 | Term::Ir149 | Term::Ir58 => return Err(NotWritable),
            _ => set.with_escapes(text, vr)?,
        };
        let same = set.declared(&bytes, vr).is_ok_and(|read| read.as_str() == text);
        if same { Ok(bytes) } else { Err(NotWritable) }
    }

    fn with_escapes(self, text: &str, vr: [u8; 2]) -> Result<Vec<u8>, NotWritable> {
        let initial = State::initial(self.first);
        let mut state = initial;
        let mut out = Vec::with_capacity(text.len());
        for character in text.chars() {
            let delimits = match character {
                '\t' | '\n' | '\u{C}' | '\r' => true,
                '\\' => value::is_multivalued_text(vr),
                '^' | '=' => vr == *b"PN",
                _ => false,
            };
            if delimits {
                state.close(initial, &mut out);
                out.extend(u8::try_from(u32::from(character)).ok());
                state = initial;
            } else {
                self.put(character, initial, &mut state, &mut out).ok_or(NotWritable)?;
            }
        }
        state.close(initial, &mut out);
        Ok(out)
    }

    /// Appends a character: by what is in G0 and G1, else by the first set, else by another declared one.
    fn put(self, character: char, initial: State, state: &mut State, out: &mut Vec<u8>) -> Option<()> {
        if let Some(bytes) = low_bytes(state.low, character) {
            out.extend(bytes);
            return Some(());
        }
        if let Some(bytes) = high_bytes(state.high, character) {
            out.extend(bytes);
            return Some(());
        }
        if let Some((low, bytes)) = self.lows(initial).find_map(|low| Some((low, low_bytes(low, character)?))) {
            state.go_low(low, out);
            out.extend(bytes);
            return Some(());
        }
        let mut highs = HIGH.into_iter().filter(|term| self.extensions & term.bit() != 0);
        let (high, bytes) = highs.find_map(|term| Some((term, high_bytes(term, character)?)))?;
        state.go_high(high, out);
        out.extend(bytes);
        Some(())
    }

    /// What may occupy G0.
    fn lows(self, initial: State) -> impl Iterator<Item = Low> {
        let declared = [
            (Term::Ascii, Low::Ascii),
            (Term::Ir13, Low::Romaji),
            (Term::Ir87, Low::TwoByte(Set::X0208)),
            (Term::Ir159, Low::TwoByte(Set::X0212)),
        ];
        let extensions = self.extensions;
        let declared = declared.into_iter().filter(move |(term, _)| extensions & term.bit() != 0);
        core::iter::once(initial.low).chain(declared.map(|(_, low)| low))
    }
}

fn in_form(form: Form, text: &str) -> Result<Vec<u8>, NotWritable> {
    let mut out = Vec::with_capacity(text.len());
    text.chars().try_for_each(|c| form::put(form, c, &mut out)).ok_or(NotWritable)?;
    Ok(out)
}

/// What may occupy G1.
const HIGH: [Term; 14] = [
    Term::Ir100,
    Term::Ir101,
    Term::Ir109,
    Term::Ir110,
    Term::Ir144,
    Term::Ir127,
    Term::Ir126,
    Term::Ir138,
    Term::Ir148,
    Term::Ir203,
    Term::Ir166,
    Term::Ir13,
    Term::Ir149,
    Term::Ir58,
];

/// One or two bytes.
type Bytes = core::iter::Chain<core::option::IntoIter<u8>, core::option::IntoIter<u8>>;

fn one(byte: u8) -> Bytes {
    Some(byte).into_iter().chain(None)
}

fn low_bytes(low: Low, character: char) -> Option<Bytes> {
    let ascii = u8::try_from(u32::from(character)).ok().filter(u8::is_ascii);
    match (low, ascii) {
        (Low::Ascii, Some(byte)) => Some(one(byte)),
        (Low::Romaji, Some(byte)) if !matches!(byte, b'\\' | b'~') => Some(one(byte)),
        (Low::Romaji, None) if character == '\u{A5}' => Some(one(b'\\')),
        (Low::Romaji, None) if character == '\u{203E}' => Some(one(b'~')),
        (Low::TwoByte(set), None) => two_byte_of(set, character).map(|[a, b]| Some(a).into_iter().chain(Some(b))),
        _ => None,
    }
}

fn high_bytes(high: Term, character: char) -> Option<Bytes> {
    match (State { low: Low::Ascii, high }).high_set() {
        Some(set) => two_byte_of(set, character).map(|[a, b]| Some(a | 0x80).into_iter().chain(Some(b | 0x80))),
        None => high_of(high, character).map(one),
    }
}
