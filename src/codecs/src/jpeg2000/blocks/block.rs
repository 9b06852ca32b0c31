//! A code-block: what packets hold of it, and its coefficients.

use super::area::Area;
use super::ebcot::{self, Orientation, Segment, Style};
use super::{ht, single};
use std::borrow::Cow;

/// How the blocks of a band are coded.
#[derive(Debug, Clone, Copy)]
pub struct Coding {
    pub kind: Kind,
    /// Bits of the longest magnitude.
    pub planes: u8,
    pub orientation: Orientation,
}

/// What codes blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Part 1.
    Ebcot(Style),
    /// Part 15.
    HighThroughput,
}

impl Kind {
    /// How many passes have one length, from a pass on.
    fn passes_to_end(self, pass: usize) -> usize {
        match self {
            Self::Ebcot(style) => style.passes_to_end(pass),
            // The cleanup pass, then both that refine it.
            Self::HighThroughput => 1 + pass % 2,
        }
    }

    /// Passes by their lengths, of so many that follow others.
    pub fn pieces(self, before: usize, passes: usize) -> impl Iterator<Item = usize> {
        let end = before + passes;
        let mut at = before;
        core::iter::from_fn(move || {
            let piece = self.passes_to_end(at).min(end - at);
            at += piece;
            (piece > 0).then_some(piece)
        })
    }
}

/// A code-block.
pub struct Block<'a> {
    pub area: Area,
    /// None where all coefficients are zero.
    pub code: Option<Code<'a>>,
    /// Once they were asked for, row by row.
    pub coefficients: Option<Vec<i32>>,
    pub changed: bool,
}

/// The bytes of a block, and what the headers of packets say of them.
#[derive(PartialEq, Eq)]
pub struct Code<'a> {
    pub zero_planes: u8,
    /// By layer; at least one.
    pub shares: Vec<Share<'a>>,
}

/// What a layer holds of a block.
#[derive(PartialEq, Eq)]
pub struct Share<'a> {
    pub layer: u16,
    pub passes: usize,
    /// Of its pieces.
    pub lengths: Vec<u32>,
    pub bytes: Cow<'a, [u8]>,
}

impl Code<'_> {
    pub fn passes(&self) -> usize {
        self.shares.iter().map(|share| share.passes).sum()
    }

    /// The layer in which the block comes first.
    pub fn layer(&self) -> u16 {
        self.shares.first().map_or(0, |share| share.layer)
    }

    /// Whether so many passes may be, and of high throughput what they begin with is a cleanup pass in one layer.
    pub fn is_possible(&self, coding: Coding) -> bool {
        let Some(planes) = coding.planes.checked_sub(self.zero_planes).filter(|&planes| planes > 0) else {
            return false;
        };
        match (coding.kind, &self.shares[..]) {
            (Kind::Ebcot(_), _) => self.passes() <= ebcot::passes(planes.into()),
            (Kind::HighThroughput, [share]) => share.passes <= 3 && share.cleanup().is_some_and(ht::is_plausible),
            _ => false,
        }
    }

    /// As if all were of one layer.
    pub fn merged(&self, kind: Kind) -> Share<'_> {
        let (mut lengths, mut passes, mut room) = (Vec::<u32>::new(), 0, 0);
        for share in &self.shares {
            for (piece, length) in kind.pieces(passes, share.passes).zip(&share.lengths) {
                if let Some(last) = lengths.last_mut().filter(|_| room > 0) {
                    *last = last.saturating_add(*length);
                } else {
                    room = kind.passes_to_end(passes);
                    lengths.push(*length);
                }
                passes += piece;
                room -= piece.min(room);
            }
        }
        let bytes = match &self.shares[..] {
            [share] => Cow::Borrowed(&*share.bytes),
            shares => Cow::Owned(shares.iter().flat_map(|share| &*share.bytes).copied().collect()),
        };
        Share { layer: self.layer(), passes, lengths, bytes }
    }
}

impl Share<'_> {
    /// The first pass of high throughput.
    fn cleanup(&self) -> Option<&[u8]> {
        self.bytes.get(..*self.lengths.first()? as usize)
    }

    fn segments(&self, kind: Kind) -> Vec<Segment> {
        let pieces = kind.pieces(0, self.passes).zip(&self.lengths);
        pieces.map(|(passes, length)| Segment { passes, length: *length as usize }).collect()
    }
}

impl Block<'_> {
    fn sides(&self) -> [usize; 2] {
        [self.area.x.len(), self.area.y.len()]
    }

    /// Its coefficients. None where they can't be read, those of high throughput not to the last bit, or where openjp2
    /// reads others.
    pub fn read(&mut self, coding: Coding) -> Option<&mut Vec<i32>> {
        if self.coefficients.is_none() {
            let sides = self.sides();
            self.coefficients = Some(match (&self.code, coding.kind) {
                (None, _) => vec![0; sides[0] * sides[1]],
                (Some(code), Kind::Ebcot(style)) => {
                    let merged = code.merged(coding.kind);
                    let planes = u32::from(coding.planes.checked_sub(code.zero_planes)?);
                    let segments = merged.segments(coding.kind);
                    let read = ebcot::decode(&merged.bytes, &segments, sides, planes, coding.orientation, style)?;
                    single::agrees(code, coding, sides, &read)?.then_some(read)?
                }
                (Some(code), Kind::HighThroughput) if code.zero_planes + 1 == coding.planes && code.passes() == 1 => {
                    ht::decode(&code.shares.first()?.bytes, sides[0], sides[1], u32::from(coding.planes))?
                }
                _ => return None,
            });
        }
        self.coefficients.as_mut()
    }

    /// Whether it can be read; blocks that were read can. Part 1 has a meaning for whatever its bytes are.
    pub fn is_readable(&self, coding: Coding) -> bool {
        let Some(code) = self.code.as_ref().filter(|_| self.coefficients.is_none()) else { return true };
        let cleanup = code.shares.first().and_then(Share::cleanup).unwrap_or_default();
        let [wide, high] = self.sides();
        match coding.kind {
            Kind::Ebcot(_) => true,
            Kind::HighThroughput => ht::decode(cleanup, wide, high, u32::from(code.zero_planes) + 1).is_some(),
        }
    }

    /// Writes its coefficients, all in the layer in which it came first.
    pub fn encode(&mut self, coding: Coding) -> Option<()> {
        let coefficients = self.coefficients.as_ref()?;
        let layer = self.code.as_ref().map_or(0, Code::layer);
        self.code = None;
        if coefficients.iter().all(|coefficient| *coefficient == 0) {
            return Some(());
        }
        let ([wide, high], planes) = (self.sides(), u32::from(coding.planes));
        let (passes, used, lengths, bytes) = match coding.kind {
            Kind::Ebcot(style) => {
                let written = ebcot::encode(coefficients, wide, planes, coding.orientation, style)?;
                let lengths = written.segments.iter().map(|segment| segment.length).collect();
                (ebcot::passes(written.planes), written.planes, lengths, written.bytes)
            }
            Kind::HighThroughput => {
                let bytes = ht::encode(coefficients, wide, planes)?;
                if ht::decode(&bytes, wide, high, planes).as_ref() != Some(coefficients) {
                    return None;
                }
                (1, 1, vec![bytes.len()], bytes)
            }
        };
        let lengths = lengths.into_iter().map(u32::try_from).collect::<Result<_, _>>().ok()?;
        let share = Share { layer, passes, lengths, bytes: Cow::Owned(bytes) };
        self.code = Some(Code { zero_planes: u8::try_from(planes - used).ok()?, shares: vec![share] });
        Some(())
    }
}
