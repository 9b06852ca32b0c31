//! Pixel Data of the output: samples are not searched, but only as many bytes as there are samples; code streams are
//! walked by their markers.

use crate::Unreadable;
use crate::bytes::{Bytes, range};
use crate::entry::{Entry, TOP, trim};
use crate::load::{Fragment, Fragments};
use crate::skim::{Form, Pixel, u16_at, u32_at};
use crate::streams::{self, Found};

/// What is wrong with pixel data, or what of it has to be searched.
pub enum Look {
    /// Nothing to search.
    Fine,
    /// Bytes that are no samples.
    Search(Vec<u8>),
    /// Text in a code stream.
    Text,
    /// Bytes after the samples.
    Surplus,
    /// Every byte has to be searched: the size of the samples is not known.
    SearchAll,
}

/// Looks at `pixel`. `entries`: the elements before it.
pub fn look(data: &dyn Bytes, pixel: &Pixel, entries: &[Entry], bytes: &[u8], form: Form) -> Result<Look, Unreadable> {
    let facts = Facts { entries, bytes, big: form.big };
    let Some(len) = pixel.len else { return fragments(data, pixel, &facts) };
    let Some(expected) = facts.native_length(pixel.tag) else { return Ok(Look::SearchAll) };
    let padded = expected + (expected & 1);
    if len > padded {
        return Ok(Look::Surplus);
    }
    if len == padded && len > expected {
        // The byte that makes the length even says nothing (PS3.5 8.1.1).
        return Ok(Look::Search(range(data, pixel.at + expected, 1)?));
    }
    Ok(Look::Fine)
}

struct Facts<'a> {
    entries: &'a [Entry],
    bytes: &'a [u8],
    big: bool,
}

impl Facts<'_> {
    fn top(&self, tag: u32) -> Option<&[u8]> {
        self.entries.iter().find(|e| e.parent == TOP && e.tag == tag).map(|e| e.value(self.bytes))
    }

    fn short(&self, tag: u32) -> Option<u64> {
        self.top(tag).filter(|v| v.len() >= 2).map(|v| u64::from(u16_at(v, 0, self.big)))
    }

    fn frames(&self) -> u64 {
        let text = self.top(0x0028_0008).map(|v| String::from_utf8_lossy(trim(v)).into_owned());
        text.and_then(|t| t.parse().ok()).filter(|n| *n > 0).unwrap_or(1)
    }

    /// Bytes of all samples (PS3.5 8.1, 8.2; PS3.3 C.7.6.3).
    fn native_length(&self, tag: u32) -> Option<u64> {
        let (rows, columns) = (self.short(0x0028_0010)?, self.short(0x0028_0011)?);
        let samples = self.short(0x0028_0002).unwrap_or(1);
        let bits = match tag {
            0x7FE0_0008 => 32,
            0x7FE0_0009 => 64,
            _ => self.short(0x0028_0100)?,
        };
        let photometric = self.top(0x0028_0004).map(trim).unwrap_or_default();
        // Chroma of two or four samples is kept once.
        let (samples, divisor) = match photometric {
            b"YBR_FULL_422" | b"YBR_PARTIAL_422" => (2, 1),
            b"YBR_PARTIAL_420" => (3, 2),
            _ => (samples, 1),
        };
        let all =
            rows.checked_mul(columns)?.checked_mul(samples)?.checked_mul(bits)?.checked_mul(self.frames())? / divisor;
        Some(all.div_ceil(8))
    }
}

/// Bytes of one code stream that are held at once.
const MOST_SEARCHED: usize = 4 << 20;

fn fragments(data: &dyn Bytes, pixel: &Pixel, facts: &Facts<'_>) -> Result<Look, Unreadable> {
    let mut search = Vec::new();
    let mut stream = Vec::new();
    let mut kind = None;
    for (number, fragment) in Fragments::new(data, pixel.at).enumerate() {
        let Fragment::Item { at, len } = fragment else { break };
        if number == 0 {
            if !is_offset_table(data, at, len)? {
                search.extend(range(data, at, len.min(MOST_SEARCHED as u64))?);
            }
            continue;
        }
        let magic = streams::kind_of(&range(data, at, 12)?);
        let begins = magic.is_some() || kind.is_none() || kind == Some(streams::Kind::Rle);
        if begins {
            if let Some(k) = kind.take()
                && streams::scan(k, data, &stream, facts.native_frame(), &mut search)? == Found::Text
            {
                return Ok(Look::Text);
            }
            stream.clear();
            kind = Some(magic.unwrap_or(streams::Kind::Unknown));
            if kind == Some(streams::Kind::Unknown) && is_rle(data, at)? {
                kind = Some(streams::Kind::Rle);
            }
            if kind == Some(streams::Kind::Unknown) {
                return Ok(Look::SearchAll);
            }
        }
        stream.push((at, len));
        if search.len() > MOST_SEARCHED {
            return Ok(Look::SearchAll);
        }
    }
    if let Some(k) = kind
        && streams::scan(k, data, &stream, facts.native_frame(), &mut search)? == Found::Text
    {
        return Ok(Look::Text);
    }
    Ok(if search.is_empty() { Look::Fine } else { Look::Search(search) })
}

impl Facts<'_> {
    /// Bytes of one decoded plane of a frame, which is one segment of RLE (PS3.5 G.2).
    fn native_frame(&self) -> u64 {
        self.short(0x0028_0010).unwrap_or(0) * self.short(0x0028_0011).unwrap_or(0)
    }
}

/// An RLE header: 1 to 15 segments, the first right after it (PS3.5 G.5).
fn is_rle(data: &dyn Bytes, at: u64) -> Result<bool, Unreadable> {
    let h = range(data, at, 64)?;
    Ok(h.len() == 64 && (1..=15).contains(&u32_at(&h, 0, false)) && u32_at(&h, 4, false) == 64)
}

/// A Basic Offset Table: ascending offsets from 0 (PS3.5 A.4).
fn is_offset_table(data: &dyn Bytes, at: u64, len: u64) -> Result<bool, Unreadable> {
    let table = range(data, at, len.min(MOST_SEARCHED as u64))?;
    let offsets: Vec<u32> = table.chunks_exact(4).map(|c| u32_at(c, 0, false)).collect();
    let ascending = offsets.windows(2).all(|w| matches!(w, [a, b] if a < b));
    Ok(len.is_multiple_of(4) && offsets.first().is_none_or(|o| *o == 0) && ascending)
}
