//! The search of an output for what its source, or other files of its patient, say about who and where.

use crate::bytes::{Bytes, range};
use crate::entry::{Entry, path, trim};
use crate::kinds::Kind;
use crate::lexicon::Lexicon;
use crate::load::Section;
use crate::pixels::Look;
use crate::search::{Patterns, Weigh, find, stands_alone};
use crate::skim::Pixel;
use crate::texts::{Look as TextLook, Texts};
use crate::verdict::{Detail, Hit};
use std::sync::Arc;

/// What one instance is searched for.
pub struct Sought<'a> {
    /// Values.
    pub values: &'a [Arc<Lexicon>],
    /// UIDs of the source.
    pub uids: Option<&'a Patterns<Kind>>,
    /// Terms of (0008,0005) in the output.
    pub charsets: &'a [String],
    /// How a finding is told.
    pub tell: fn(Kind) -> Detail,
}

/// A stretch of header, its elements, and the places of values that are not searched.
pub struct Stretch<'a> {
    /// The bytes.
    pub section: &'a Section,
    /// Their elements.
    pub entries: &'a [Entry],
    /// What we generated or the policy keeps, in order.
    pub skip: Vec<(usize, usize)>,
}

/// Bytes of pixel data that are searched at once.
const CHUNK: u64 = 1 << 20;
/// The longest pattern that may lie across two chunks.
const OVERLAP: u64 = 4096;
/// In a binary value longer than this, a hit needs six bytes: shorter ones turn up by chance.
const NOISE: usize = 4096;

impl Sought<'_> {
    /// The first accepted hit in bytes as they are: its offset and kind.
    fn find(&self, bytes: &[u8], accept: impl Fn(usize, usize, Weigh, Kind) -> bool) -> Option<(usize, Kind)> {
        find(self.values.iter().map(|l| &l.patterns).chain(self.uids), bytes, accept)
    }

    /// Searches the bytes before the data set.
    pub fn head(&self, bytes: &[u8], skip: &[(usize, usize)]) -> Result<(), Hit> {
        match self.find(bytes, |at, len, w, _| outside(skip, at, len) && stands_alone(bytes, at, len, w)) {
            Some((_, kind)) => Err((self.tell)(kind).into()),
            None => Ok(()),
        }
    }

    /// Searches a stretch of header: its bytes, then its values one by one.
    pub fn stretch(&self, Stretch { section, entries, skip }: &Stretch<'_>, texts: &mut Texts) -> Result<(), Hit> {
        let bytes = section.bytes.as_slice();
        let accept = |at: usize, len: usize, w, _: Kind| {
            let noise = len < 6
                && holder(entries, at).and_then(|i| entries.get(i)).is_none_or(|e| !e.is_text() && e.len > NOISE);
            outside(skip, at, len) && stands_alone(bytes, at, len, w) && !noise && !chance(entries, at, len, w)
        };
        let hit = |at: usize, kind| Hit {
            detail: (self.tell)(kind),
            tag_path: holder(entries, at).map(|i| path(entries, i)),
        };
        if let Some((at, kind)) = self.find(bytes, accept) {
            return Err(hit(at, kind));
        }
        for e in entries.iter().filter(|e| e.len > 0) {
            let value = e.value(bytes);
            let Some(look) = look_of(e, entries, value) else { continue };
            if outside(skip, e.at, e.len)
                && let Some(kind) = texts.find(self.values, value, look, self.charsets)
            {
                return Err(hit(e.at, kind));
            }
        }
        Ok(())
    }

    /// Searches pixel data as far as it is not samples.
    pub fn pixels(&self, data: &dyn Bytes, pixel: &Pixel, found: &Look) -> Result<(), Hit> {
        let hit =
            |detail| Hit { detail, tag_path: Some(format!("{:04X},{:04X}", pixel.tag >> 16, pixel.tag & 0xFFFF)) };
        let held = |bytes: &[u8]| self.find(bytes, |at, len, w, _| len >= 6 && stands_alone(bytes, at, len, w));
        match found {
            Look::Fine => Ok(()),
            Look::Text => Err(hit(Detail::CodeStream)),
            Look::Surplus => Err(hit(Detail::PixelSurplus)),
            Look::Search(bytes) => held(bytes).map_or(Ok(()), |(_, kind)| Err(hit((self.tell)(kind)))),
            Look::SearchAll => {
                let end = pixel.len.map_or(data.len(), |l| pixel.at.saturating_add(l).min(data.len()));
                let mut at = pixel.at;
                while at < end {
                    let bytes = range(data, at, (CHUNK + OVERLAP).min(end - at))?;
                    if let Some((_, kind)) = held(&bytes) {
                        return Err(hit((self.tell)(kind)));
                    }
                    at += CHUNK;
                }
                Ok(())
            }
        }
    }
}

/// How the value of an element is read as text; `None` for numbers, times and codes.
fn look_of(e: &Entry, entries: &[Entry], value: &[u8]) -> Option<TextLook> {
    match &e.vr {
        b"LO" | b"SH" | b"ST" | b"LT" | b"UT" | b"UC" | b"PN" | b"UR" if says_nothing(e, entries, value) => {
            Some(TextLook::Text)
        }
        b"LO" | b"SH" | b"ST" | b"LT" | b"UT" | b"UC" | b"PN" | b"UR" => Some(TextLook::Words),
        b"CS" | b"AE" => Some(TextLook::Text),
        b"UN" | b"OB" | b"OW" => Some(TextLook::Binary),
        _ => None,
    }
}

/// True where a hit touches no stretch that is skipped.
fn outside(skip: &[(usize, usize)], at: usize, len: usize) -> bool {
    let after = skip.partition_point(|s| s.1 <= at);
    skip.get(after).is_none_or(|s| s.0 >= at + len)
}

/// The element that holds offset `at`.
fn holder(entries: &[Entry], at: usize) -> Option<usize> {
    let after = entries.partition_point(|e| e.at <= at);
    after.checked_sub(1).filter(|i| entries.get(*i).is_some_and(|e| at < e.at + e.len))
}

/// Six or seven digits in a text of numbers: counts and measures meet them by chance.
fn chance(entries: &[Entry], at: usize, len: usize, w: Weigh) -> bool {
    let number = || holder(entries, at).and_then(|i| entries.get(i)).is_some_and(|e| matches!(&e.vr, b"IS" | b"DS"));
    matches!(w, Weigh::Number | Weigh::Padded) && len < 8 && number()
}

/// Our own statement of the method in words and codes, and a maker's name of one word (which hospitals also write as
/// station or operator): words in them are no tokens. Longer patterns count there too.
fn says_nothing(e: &Entry, entries: &[Entry], value: &[u8]) -> bool {
    let around = entries.get(e.parent as usize).map_or(0, |p| p.tag);
    matches!((e.tag, around), (0x0012_0063, _) | (_, 0x0012_0064))
        || (e.tag == 0x0008_0070 && trim(value).iter().all(u8::is_ascii_alphanumeric))
}
