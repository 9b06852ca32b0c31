//! What occupies G0 and G1, and the escape sequences that change it (PS3.5 6.1.2.4, PS3.3 Tables C.12-3 and C.12-4).

use super::tables::Set;
use super::term::Term;

/// What occupies G0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Low {
    Ascii,
    /// JIS X 0201 romaji.
    Romaji,
    /// JIS X 0201 katakana in seven bits: mail has it, DICOM does not allow it.
    Kana,
    TwoByte(Set),
}

/// What occupies G0 and G1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct State {
    pub(super) low: Low,
    /// The set in G1; `Ascii`: none.
    pub(super) high: Term,
}

/// What an escape sequence changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Change {
    Low(Low),
    High(Term),
    /// An announcer: the sequence after it says what comes.
    Nothing,
}

/// Sequences without ESC. Of those with the same effect the first is the one of DICOM.
const SEQUENCES: [(&[u8], Change); 22] = [
    (b"(B", Change::Low(Low::Ascii)),
    (b"(J", Change::Low(Low::Romaji)),
    (b"$B", Change::Low(Low::TwoByte(Set::X0208))),
    (b"$(D", Change::Low(Low::TwoByte(Set::X0212))),
    (b")I", Change::High(Term::Ir13)),
    (b"$)C", Change::High(Term::Ir149)),
    (b"$)A", Change::High(Term::Ir58)),
    (b"-A", Change::High(Term::Ir100)),
    (b"-B", Change::High(Term::Ir101)),
    (b"-C", Change::High(Term::Ir109)),
    (b"-D", Change::High(Term::Ir110)),
    (b"-L", Change::High(Term::Ir144)),
    (b"-G", Change::High(Term::Ir127)),
    (b"-F", Change::High(Term::Ir126)),
    (b"-H", Change::High(Term::Ir138)),
    (b"-M", Change::High(Term::Ir148)),
    (b"-b", Change::High(Term::Ir203)),
    (b"-T", Change::High(Term::Ir166)),
    // JIS C 6226-1978, the longer form of JIS X 0208, and what mail knows besides.
    (b"$@", Change::Low(Low::TwoByte(Set::X0208))),
    (b"$(B", Change::Low(Low::TwoByte(Set::X0208))),
    (b"(I", Change::Low(Low::Kana)),
    (b"&@", Change::Nothing),
];

/// Sequences that DICOM has, the first ones.
const LEGAL: usize = 18;

impl State {
    /// The state at the start of a value and of a line whose first set is given.
    pub(super) const fn initial(first: Term) -> Self {
        let low = if matches!(first, Term::Ir13) { Low::Romaji } else { Low::Ascii };
        Self { low, high: if first.is_high() { first } else { Term::Ascii } }
    }

    /// True where the state is as a delimiter or the end of a value wants it. An empty G1 cannot be brought back.
    pub(super) fn is_closed(self, initial: Self) -> bool {
        self.low == initial.low && (self.high == initial.high || initial.high == Term::Ascii)
    }

    /// The two-byte set in G1.
    pub(super) const fn high_set(self) -> Option<Set> {
        match self.high {
            Term::Ir149 => Some(Set::KsX1001),
            Term::Ir58 => Some(Set::Gb2312),
            _ => None,
        }
    }

    /// Reads the sequence after ESC; yields its length. `None`: unknown, or, where `declared` terms bind, not among them.
    pub(super) fn read(&mut self, bytes: &[u8], declared: Option<u32>) -> Option<usize> {
        let known = if declared.is_some() { LEGAL } else { SEQUENCES.len() };
        let (sequence, change) = SEQUENCES.iter().take(known).find(|(s, _)| bytes.starts_with(s))?;
        if let Some(terms) = declared {
            change.is_declared(terms).then_some(())?;
        }
        match change {
            Change::Low(low) => self.low = *low,
            Change::High(high) => self.high = *high,
            Change::Nothing => {}
        }
        Some(sequence.len())
    }

    /// Appends what leads to another G0.
    pub(super) fn go_low(&mut self, low: Low, out: &mut Vec<u8>) {
        if self.low != low {
            write(Change::Low(low), out);
            self.low = low;
        }
    }

    /// Appends what leads to another G1.
    pub(super) fn go_high(&mut self, high: Term, out: &mut Vec<u8>) {
        if self.high != high && high != Term::Ascii {
            write(Change::High(high), out);
            self.high = high;
        }
    }

    /// Appends what a delimiter and the end of a value want before them.
    pub(super) fn close(&mut self, initial: Self, out: &mut Vec<u8>) {
        self.go_low(initial.low, out);
        self.go_high(initial.high, out);
    }
}

/// True for the beginning of a sequence whose end is missing.
pub(super) fn is_cut(bytes: &[u8]) -> bool {
    SEQUENCES.iter().any(|(s, _)| bytes.len() < s.len() && s.starts_with(bytes))
}

fn write(change: Change, out: &mut Vec<u8>) {
    if let Some((sequence, _)) = SEQUENCES.iter().find(|(_, c)| *c == change) {
        out.push(0x1B);
        out.extend_from_slice(sequence);
    }
}

impl Change {
    fn is_declared(self, terms: u32) -> bool {
        // Romaji is where ASCII is due in many Japanese files: it comes with any Japanese set.
        let wanted = match self {
            Self::Low(Low::Ascii) => u32::MAX,
            Self::Low(Low::Romaji) => Term::Ir13.bit() | Term::Ir87.bit() | Term::Ir159.bit(),
            Self::Low(Low::TwoByte(Set::X0208)) => Term::Ir87.bit(),
            Self::Low(Low::TwoByte(Set::X0212)) => Term::Ir159.bit(),
            Self::High(term) => term.bit(),
            Self::Low(_) | Self::Nothing => 0,
        };
        terms & wanted != 0
    }
}
