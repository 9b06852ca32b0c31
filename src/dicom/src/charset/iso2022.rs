//! Code extension (PS3.5 6.1.2.3 to 6.1.2.5): a state machine over one value.
//!
//! The first set is active at the start, and again after each line end, value delimiter and, in PN, after `^` and `=`.

use super::tables::{TwoByte, high, two_byte};
use super::{Undecodable, term::Term};
use crate::value;

/// What occupies G0.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Low {
    Ascii,
    /// JIS X 0201 romaji.
    Romaji,
    TwoByte(TwoByte),
}

#[derive(Clone, Copy)]
struct State {
    low: Low,
    /// The set in G1.
    high: Term,
}

impl State {
    const fn initial(first: Term) -> Self {
        let low = if matches!(first, Term::Ir13) { Low::Romaji } else { Low::Ascii };
        Self { low, high: first }
    }
}

/// Decodes one value. Escapes switch only to sets in `extensions` (bits by term).
pub(super) fn decode(bytes: &[u8], first: Term, extensions: u32, vr: [u8; 2]) -> Result<String, Undecodable> {
    let initial = State::initial(first);
    let mut state = initial;
    let mut out = String::with_capacity(bytes.len());
    let mut rest = bytes;
    while let [byte, tail @ ..] = rest {
        rest = tail;
        let character = match (*byte, state.low) {
            (0x1B, _) => {
                rest = escape(tail, extensions, &mut state).ok_or(Undecodable)?;
                continue;
            }
            (0x0E | 0x0F | 0x7F..=0x9F, _) => return Err(Undecodable),
            (0xA0.., _) => high(state.high, *byte).ok_or(Undecodable)?,
            (0x21..=0x7E, Low::TwoByte(set)) => {
                let (second, tail) = tail.split_first().ok_or(Undecodable)?;
                rest = tail;
                two_byte(set, *byte, *second).ok_or(Undecodable)?
            }
            (b'\\', Low::Romaji) if !value::is_multivalued_text(vr) => '\u{A5}',
            (b'~', Low::Romaji) => '\u{203E}',
            _ => char::from(*byte),
        };
        out.push(character);
        if returns(*byte, state.low, vr) {
            state = initial;
        }
    }
    Ok(out)
}

/// True for bytes after which the first set is active again.
fn returns(byte: u8, low: Low, vr: [u8; 2]) -> bool {
    let two_byte = matches!(low, Low::TwoByte(_));
    match byte {
        b'\t' | b'\n' | 0x0C | b'\r' => true,
        b'\\' => !two_byte && value::is_multivalued_text(vr),
        b'^' | b'=' => !two_byte && vr == *b"PN",
        _ => false,
    }
}

/// Reads an escape sequence after ESC; yields what follows it.
fn escape<'b>(bytes: &'b [u8], extensions: u32, state: &mut State) -> Option<&'b [u8]> {
    let declared = |term: Term| (extensions & (1 << (term as u32)) != 0).then_some(term);
    // Romaji is where ASCII is due in many Japanese files: it is declared with any Japanese set.
    let japanese = [Term::Ir13, Term::Ir87, Term::Ir159].into_iter().any(|t| declared(t).is_some());
    match bytes {
        [b'(', b'B', rest @ ..] if extensions != 0 => {
            state.low = Low::Ascii;
            Some(rest)
        }
        [b'(', b'J', rest @ ..] if japanese => {
            state.low = Low::Romaji;
            Some(rest)
        }
        [b'$', b'B', rest @ ..] if declared(Term::Ir87).is_some() => {
            state.low = Low::TwoByte(TwoByte::X0208);
            Some(rest)
        }
        [b'$', b'(', b'D', rest @ ..] if declared(Term::Ir159).is_some() => {
            state.low = Low::TwoByte(TwoByte::X0212);
            Some(rest)
        }
        [b')', b'I', rest @ ..] => {
            state.high = declared(Term::Ir13)?;
            Some(rest)
        }
        [b'-', set, rest @ ..] => {
            state.high = declared(single_byte(*set)?)?;
            Some(rest)
        }
        _ => None,
    }
}

/// The set that `ESC -` and a final byte put into G1 (PS3.3 Table C.12-3).
const fn single_byte(last: u8) -> Option<Term> {
    Some(match last {
        b'A' => Term::Ir100,
        b'B' => Term::Ir101,
        b'C' => Term::Ir109,
        b'D' => Term::Ir110,
        b'L' => Term::Ir144,
        b'G' => Term::Ir127,
        b'F' => Term::Ir126,
        b'H' => Term::Ir138,
        b'M' => Term::Ir148,
        b'b' => Term::Ir203,
        b'T' => Term::Ir166,
        _ => return None,
    })
}
