//! The order in which a value is read: as declared; by its escapes; as UTF-8 that is plausible; as Windows-31J or EUC-JP,
//! by what the whole file shows; else it is unreadable.

use super::form::{self, Form};
use super::iso2022::{self, Cell, Rules};
use super::state::State;
use super::term::Term;
use super::text::{Builder, Reading, Text, Unreadable};
use super::{CharacterSet, Evidence};
use crate::value;

impl CharacterSet {
    /// Reads a value with its padding, as devices write them. The declaration binds nothing in VRs that it does not
    /// govern. `evidence` is of the whole file ([`DataSet::evidence`](crate::DataSet::evidence)); an empty one leaves the
    /// value to itself. Controls that no text has (PS3.5 6.1.3) among other than ASCII show bytes of no text, such as UTF-16.
    pub fn read(self, bytes: &[u8], vr: [u8; 2], evidence: &Evidence) -> Result<Text, Unreadable> {
        let set = self.governing(vr);
        let text = set.likeliest(bytes, vr, evidence)?;
        let has_control = !set.is_plain(bytes) && text.as_str().chars().any(is_control);
        if has_control { Err(Unreadable::NOTHING) } else { Ok(text) }
    }

    fn likeliest(self, bytes: &[u8], vr: [u8; 2], evidence: &Evidence) -> Result<Text, Unreadable> {
        let declared = self.declared(bytes, vr);
        if self.is_plain(bytes) {
            return self.lost_escapes(bytes, vr).or(declared);
        }
        if declared.is_ok() && !self.is_doubtful(bytes) {
            return declared;
        }
        if declared.is_err() && bytes.contains(&0x1B) {
            return self.attempt(Reading::Escapes, bytes, vr);
        }
        // What is of the declared form, but for some characters, is in no other encoding.
        let settled = declared.as_ref().is_err_and(|e| e.partial().is_some());
        let other = self.as_utf8(bytes, vr).or_else(|| self.as_utf16(bytes, vr));
        let japanese = || if settled { None } else { self.as_japanese(bytes, vr, evidence, declared.is_ok()) };
        match other.or_else(japanese) {
            Some(Ok(text)) => Ok(text),
            Some(unreadable) if declared.is_err() && !settled => unreadable,
            _ => declared,
        }
    }

    /// Adds a value to what a file shows, where neither its declaration nor its own form explains it.
    pub fn show(self, bytes: &[u8], vr: [u8; 2], evidence: &mut Evidence) {
        let set = self.governing(vr);
        let explained = set.is_plain(bytes)
            || !set.first.may_hide_japanese()
            || bytes.contains(&0x1B)
            || match set.declared(bytes, vr) {
                Ok(_) => !set.first.is_latin() || longest_run(bytes) < SUSPICIOUS,
                Err(unreadable) => unreadable.partial().is_some(),
            }
            || set.as_utf8(bytes, vr).is_some();
        if !explained {
            evidence.add(bytes);
        }
    }

    /// The set that binds values of a VR: text VRs that (0008,0005) does not govern have the default repertoire.
    pub(super) fn governing(self, vr: [u8; 2]) -> Self {
        if value::uses_character_set(vr) || !value::is_text(vr) { self } else { Self::default() }
    }

    /// True where escapes and G1 are, or may be.
    pub(super) fn has_states(self) -> bool {
        !matches!(self.first, Term::Utf8 | Term::Gbk | Term::Gb18030)
    }

    /// Strictly by the declaration.
    pub(super) fn declared(self, bytes: &[u8], vr: [u8; 2]) -> Result<Text, Unreadable> {
        match core::str::from_utf8(bytes) {
            Ok(text) if self.is_plain(bytes) => return Ok(Text::same(text.to_owned())),
            Ok(text) if self.first == Term::Utf8 && !text.chars().any(form::is_special) => {
                return Ok(Text::same(text.to_owned()));
            }
            _ => {}
        }
        self.attempt(Reading::Declared, bytes, vr)
    }

    /// True for values that their declaration explains and another encoding too: Latin takes any byte from A0, and UTF-8
    /// takes UTF-8 of what was UTF-8 already.
    fn is_doubtful(self, bytes: &[u8]) -> bool {
        self.first.is_latin() || self.is_utf8() && is_perhaps_twice(bytes)
    }

    fn attempt(self, reading: Reading, bytes: &[u8], vr: [u8; 2]) -> Result<Text, Unreadable> {
        let mut builder = Builder::default();
        let mended = self.walk(reading, bytes, vr, &mut |cell| builder.push(cell.character, cell.start, cell.end));
        builder.finish(reading, mended.ok_or(Unreadable::NOTHING)?)
    }

    /// Walks over the characters of a value in one reading; yields whether anything was mended.
    pub(super) fn walk(self, reading: Reading, bytes: &[u8], vr: [u8; 2], sink: &mut dyn FnMut(Cell)) -> Option<bool> {
        let form = match (reading, self.first) {
            (Reading::Declared, Term::Utf8) | (Reading::Utf8, _) => Form::Utf8,
            (Reading::Declared, Term::Gbk) => Form::Gbk,
            (Reading::Declared, Term::Gb18030) => Form::Gb18030,
            (Reading::Declared, first) => {
                return iso2022::walk(bytes, first, Rules::Strict(self.extensions), vr, sink);
            }
            (Reading::Escapes, first) => return iso2022::walk(bytes, first, Rules::Lenient, vr, sink),
            (Reading::LostEscapes, first) => return iso2022::walk(bytes, first, Rules::Lost, vr, sink),
            (Reading::TwiceUtf8, _) => return twice(bytes, sink),
            (Reading::ShiftJis, _) => Form::ShiftJis,
            (Reading::EucJp, _) => Form::EucJp,
            (Reading::Utf16Le, _) => Form::Utf16Le,
            (Reading::Utf16Be, _) => Form::Utf16Be,
        };
        form::walk(form, bytes, &mut |character, start, end| sink(plain_cell(character, start, end)))
    }

    /// `$B;3ED(B`: what is left where something has dropped ESC. Only where all of it makes Japanese text.
    fn lost_escapes(self, bytes: &[u8], vr: [u8; 2]) -> Result<Text, Unreadable> {
        let has = |a: u8, b: u8| bytes.windows(2).any(|w| w == [a, b]);
        let likely = value::is_text(vr) && (has(b'$', b'B') || has(b'$', b'@')) && (has(b'(', b'B') || has(b'(', b'J'));
        let text =
            if likely { self.attempt(Reading::LostEscapes, bytes, vr)? } else { return Err(Unreadable::NOTHING) };
        if text.as_str().chars().any(is_japanese) { Ok(text) } else { Err(Unreadable::NOTHING) }
    }

    /// UTF-8 that is not declared, or twice UTF-8; also where the last character is cut. `None`: not plausible.
    fn as_utf8(self, bytes: &[u8], vr: [u8; 2]) -> Option<Result<Text, Unreadable>> {
        let attempt = self.attempt(Reading::Utf8, bytes, vr);
        let text = match &attempt {
            Ok(text) => text,
            Err(unreadable) => unreadable.partial()?,
        };
        if is_perhaps_twice(bytes)
            && let Ok(inner) = self.attempt(Reading::TwiceUtf8, bytes, vr)
            && inner.as_str().chars().any(is_japanese)
        {
            return Some(Ok(inner));
        }
        if self.first == Term::Utf8 {
            return None;
        }
        let mut characters = text.as_str().chars().filter(|c| !c.is_ascii());
        let latin = self.first.is_latin() && characters.clone().all(|c| matches!(c, '\u{C0}'..='\u{FF}'));
        let plausible = characters.clone().any(is_japanese)
            && characters.all(|c| !matches!(c, '\u{100}'..='\u{36F}' | '\u{400}'..='\u{7FF}'));
        (latin || plausible).then_some(attempt)
    }

    /// UTF-16 in private blocks of bytes.
    fn as_utf16(self, bytes: &[u8], vr: [u8; 2]) -> Option<Result<Text, Unreadable>> {
        let fits = |text: &Text| {
            let mut characters = text.as_str().chars();
            characters.clone().any(is_japanese) && characters.all(|c| c.is_ascii() || is_japanese(c))
        };
        let readings = [Reading::Utf16Le, Reading::Utf16Be].into_iter().filter(|_| value::is_binary(vr));
        readings.map(|reading| self.attempt(reading, bytes, vr)).find(|r| r.as_ref().is_ok_and(fits))
    }

    /// Windows-31J or EUC-JP: as the file, where that reads the value whole, else as the value alone shows.
    fn as_japanese(
        self,
        bytes: &[u8],
        vr: [u8; 2],
        evidence: &Evidence,
        declared: bool,
    ) -> Option<Result<Text, Unreadable>> {
        if !self.first.may_hide_japanese() {
            return None;
        }
        let file = evidence.guess();
        if !declared && let Some(Ok(text)) = file.map(|reading| self.attempt(reading, bytes, vr)) {
            return Some(Ok(text));
        }
        let mut own = Evidence::default();
        own.add(bytes);
        let alone = own.guess();
        let run = longest_run(bytes);
        let suspicious = run >= SUSPICIOUS && alone.is_some() || run > 1 && file.is_some() && file == alone;
        if declared && (self.is_utf8() || !suspicious) {
            return None;
        }
        let mut partial = None;
        for reading in file.into_iter().chain(own.guesses()) {
            match self.attempt(reading, bytes, vr) {
                Ok(text) => return Some(Ok(text)),
                Err(unreadable) => partial = partial.or(unreadable.partial().is_some().then_some(Err(unreadable))),
            }
        }
        partial
    }
}

/// Bytes from 80 in a row that Latin text hardly has.
const SUSPICIOUS: usize = 3;

fn longest_run(bytes: &[u8]) -> usize {
    bytes.split(u8::is_ascii).map(<[u8]>::len).max().unwrap_or(0)
}

/// True where all characters of UTF-8 are below U+0100.
fn is_perhaps_twice(bytes: &[u8]) -> bool {
    bytes.iter().all(|b| *b <= 0xC3)
}

/// NUL pads, and what follows it is not read.
const fn is_control(character: char) -> bool {
    matches!(character, '\u{1}'..='\u{1F}' | '\u{7F}') && !matches!(character, '\t' | '\n' | '\u{C}' | '\r')
}

/// Kana, kanji, full-width and half-width forms, CJK punctuation; Hangul besides.
const fn is_japanese(character: char) -> bool {
    matches!(
        character,
        '\u{3000}'..='\u{30FF}'
            | '\u{3400}'..='\u{9FFF}'
            | '\u{AC00}'..='\u{D7A3}'
            | '\u{F900}'..='\u{FAFF}'
            | '\u{FF01}'..='\u{FFE6}'
            | '\u{20000}'..='\u{2FFFF}'
    )
}

fn plain_cell(character: Option<char>, start: usize, end: usize) -> Cell {
    Cell { character, start, end, state: State::initial(Term::Ascii), returns: false }
}

/// UTF-8 whose characters are the bytes of UTF-8.
fn twice(bytes: &[u8], sink: &mut dyn FnMut(Cell)) -> Option<bool> {
    let outer = core::str::from_utf8(bytes).ok()?;
    let inner: Option<Vec<u8>> = outer.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect();
    let mut ends = vec![0];
    ends.extend(outer.char_indices().map(|(at, c)| at + c.len_utf8()));
    let place = |n: usize| ends.get(n).copied().unwrap_or(bytes.len());
    form::walk(Form::Utf8, &inner?, &mut |character, start, end| sink(plain_cell(character, place(start), place(end))))
}
