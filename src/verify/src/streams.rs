//! Marker segments of code streams: text has no place in them. Entropy-coded data is stepped over; the payload of
//! every other segment is handed to the search.

use crate::Unreadable;
use crate::bytes::{Bytes, range};
use crate::skim::u32_at;

/// Coding of a stream, by its first bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// JPEG of all processes, JPEG-LS.
    Jpeg,
    /// JPEG 2000, HTJ2K.
    Jpeg2000,
    /// Boxes around a code stream: they hold text and have no place in DICOM (PS3.5 A.4.4).
    Boxes,
    /// RLE (PS3.5 Annex G).
    Rle,
    /// Any other: the caller searches it whole.
    Unknown,
}

/// What a scan found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// No text.
    Clean,
    /// A comment, an application segment, or bytes after the end.
    Text,
}

/// Kind of the stream that begins with `magic`; `None`: it is no beginning that is known.
pub fn kind_of(magic: &[u8]) -> Option<Kind> {
    match magic {
        [0xFF, 0xD8, 0xFF, ..] => Some(Kind::Jpeg),
        [0xFF, 0x4F, 0xFF, 0x51, ..] => Some(Kind::Jpeg2000),
        [0, 0, 0, 0x0C, b'j' | b'J', ..] => Some(Kind::Boxes),
        _ => None,
    }
}

/// Walks a stream that lies in `parts`. `plane`: bytes of a decoded RLE segment.
pub fn scan(
    kind: Kind,
    data: &dyn Bytes,
    parts: &[(u64, u64)],
    plane: u64,
    search: &mut Vec<u8>,
) -> Result<Found, Unreadable> {
    let mut s = Stream { data, parts, part: 0, at: 0, window: Vec::new(), next: 0, read: 0, failed: false };
    let found = match kind {
        Kind::Jpeg => jpeg(&mut s, search),
        Kind::Jpeg2000 => jpeg2000(&mut s, search),
        Kind::Boxes => Some(Found::Text),
        Kind::Rle => rle(&mut s, plane, search),
        Kind::Unknown => Some(Found::Clean),
    };
    if s.failed {
        return Err(Unreadable);
    }
    // A stream that ends too early hides nothing behind its end.
    Ok(found.unwrap_or(Found::Clean))
}

/// The bytes of several fragments in a row, read in windows.
struct Stream<'a> {
    data: &'a dyn Bytes,
    parts: &'a [(u64, u64)],
    part: usize,
    at: u64,
    window: Vec<u8>,
    next: usize,
    read: u64,
    failed: bool,
}

const WINDOW: u64 = 64 << 10;
/// Bytes of entropy-coded data before the end of image that are searched.
const BEFORE_END: u64 = 4 << 10;
/// The same before the end of a tile-part of JPEG 2000, of which there may be thousands.
const BEFORE_TILE_END: u64 = 1 << 10;

impl Stream<'_> {
    #[inline]
    fn byte(&mut self) -> Option<u8> {
        if self.next == self.window.len() {
            self.fill()?;
        }
        let b = *self.window.get(self.next)?;
        self.next += 1;
        self.read += 1;
        Some(b)
    }

    fn fill(&mut self) -> Option<()> {
        loop {
            let (start, len) = *self.parts.get(self.part)?;
            if self.at == len {
                self.part += 1;
                self.at = 0;
                continue;
            }
            let step = WINDOW.min(len - self.at);
            match range(self.data, start + self.at, step) {
                Ok(w) if !w.is_empty() => {
                    self.at += step;
                    self.window = w;
                    self.next = 0;
                    return Some(());
                }
                _ => {
                    self.failed = true;
                    return None;
                }
            }
        }
    }

    /// Adds the last `len` bytes that were read to `into`.
    fn behind(&mut self, len: u64, into: &mut Vec<u8>) {
        let mut from = self.read.saturating_sub(len);
        let mut left = self.read - from;
        for (at, size) in self.parts {
            if from >= *size {
                from -= size;
                continue;
            }
            let step = left.min(size - from);
            match range(self.data, at + from, step) {
                Ok(bytes) => into.extend(bytes),
                Err(Unreadable) => self.failed = true,
            }
            (from, left) = (0, left - step);
        }
    }

    fn number(&mut self, bytes: u32) -> Option<u32> {
        (0..bytes).try_fold(0u32, |n, _| Some(n << 8 | u32::from(self.byte()?)))
    }

    fn take(&mut self, len: u32, into: &mut Vec<u8>) -> Option<()> {
        for _ in 0..len {
            into.push(self.byte()?);
        }
        Some(())
    }

    fn skip(&mut self, len: u64) -> Option<()> {
        let mut left = len;
        while left > 0 {
            if self.next == self.window.len() {
                self.fill()?;
            }
            let step = left.min((self.window.len() - self.next) as u64);
            self.next += usize::try_from(step).ok()?;
            self.read += step;
            left -= step;
        }
        Some(())
    }

    /// Padding after the end of a stream: zeros, or one FF.
    fn only_padding(&mut self) -> Found {
        let mut others = 0;
        while let Some(b) = self.byte() {
            others += u32::from(b != 0 && b != 0xFF);
        }
        if others == 0 { Found::Clean } else { Found::Text }
    }
}

/// JPEG (ITU-T T.81 Annex B) and JPEG-LS (T.87 Annex C).
fn jpeg(s: &mut Stream<'_>, search: &mut Vec<u8>) -> Option<Found> {
    s.number(2)?;
    let mut marker = next_marker(s)?;
    let mut lossless_ls = false;
    loop {
        match marker {
            0xD9 => {
                // Decoders ignore what stands between the last code and the end of image.
                s.behind(BEFORE_END, search);
                return Some(s.only_padding());
            }
            0xD0..=0xD7 | 0x01 => marker = next_marker(s)?,
            0xC0..=0xCF | 0xDA..=0xDD | 0xF7 | 0xF8 | 0xE0 | 0xE8 | 0xEE => {
                lossless_ls |= marker == 0xF7;
                let len = s.number(2)?.checked_sub(2)?;
                let from = search.len();
                s.take(len, search)?;
                let body = search.get(from..).unwrap_or(&[]);
                let allowed = match marker {
                    0xE0 => body.starts_with(b"JFIF\0") && len == 14 && body.get(12..14) == Some(&[0, 0]),
                    0xE8 => body.starts_with(b"mrfx") && len == 5,
                    0xEE => body.starts_with(b"Adobe") && len == 12,
                    _ => true,
                };
                if !allowed {
                    return Some(Found::Text);
                }
                if matches!(marker, 0xE0 | 0xE8 | 0xEE) {
                    search.truncate(from);
                }
                marker = if marker == 0xDA { after_scan(s, lossless_ls)? } else { next_marker(s)? };
            }
            _ => return Some(Found::Text),
        }
    }
}

/// The next marker; bytes before it that are no fill bytes are entropy-coded data or text, which cannot be told apart.
fn next_marker(s: &mut Stream<'_>) -> Option<u8> {
    while s.byte()? != 0xFF {}
    loop {
        let b = s.byte()?;
        if b != 0xFF {
            return Some(b);
        }
    }
}

/// The marker that ends a scan: FF and a byte that is neither stuffing nor a restart.
fn after_scan(s: &mut Stream<'_>, ls: bool) -> Option<u8> {
    loop {
        let b = next_marker(s)?;
        let inside = if ls { b < 0x80 } else { b == 0 };
        if !inside && !(0xD0..=0xD7).contains(&b) {
            return Some(b);
        }
    }
}

/// JPEG 2000 (ITU-T T.800 Annex A): main header, tile-part headers, and what follows the end.
fn jpeg2000(s: &mut Stream<'_>, search: &mut Vec<u8>) -> Option<Found> {
    s.number(2)?;
    // Where the tile-part at hand ends; 0: at the end of the code stream.
    let mut tile_end = None;
    loop {
        let at = s.read;
        match s.number(2)? {
            0xFFD9 => return Some(s.only_padding()),
            0xFF64 => return Some(Found::Text),
            0xFF90 => {
                s.number(2)?;
                s.number(2)?;
                let len = u64::from(s.number(4)?);
                s.number(2)?;
                tile_end = Some(if len == 0 { 0 } else { at + len });
            }
            0xFF93 => match tile_end? {
                0 => {
                    while s.byte().is_some() {}
                    s.behind(BEFORE_END, search);
                    return Some(Found::Clean);
                }
                end => {
                    let data = end.checked_sub(s.read)?;
                    s.skip(data)?;
                    // Decoders ignore what stands between the last packet and the end of its tile-part.
                    s.behind(BEFORE_TILE_END.min(data), search);
                }
            },
            0xFF4F..=0xFF6F => {
                let len = s.number(2)?.checked_sub(2)?;
                s.take(len, search)?;
            }
            _ => return Some(Found::Text),
        }
    }
}

/// RLE (PS3.5 G.3): each segment is decoded to its length; what is left over is padding or text.
fn rle(s: &mut Stream<'_>, plane: u64, search: &mut Vec<u8>) -> Option<Found> {
    let mut header = Vec::new();
    s.take(64, &mut header)?;
    let segments = u32_at(&header, 0, false) as usize;
    let offsets: Vec<u64> = (1..=15).map(|i| u64::from(u32_at(&header, i * 4, false))).collect();
    if offsets.iter().skip(segments).any(|o| *o != 0) {
        return Some(Found::Text);
    }
    for i in 0..segments.min(15) {
        let start = *offsets.get(i)?;
        s.skip(start.checked_sub(s.read)?)?;
        let mut made = 0;
        while made < plane {
            let n = s.byte()?;
            if n <= 127 {
                s.skip(u64::from(n) + 1)?;
                made += u64::from(n) + 1;
            } else if n != 128 {
                s.byte()?;
                made += 257 - u64::from(n);
            }
        }
        if let Some(next) = offsets.get(i + 1).filter(|_| i + 1 < segments) {
            let gap = next.checked_sub(s.read)?.min(1 << 16);
            s.take(u32::try_from(gap).ok()?, search)?;
        }
    }
    let mut rest = Vec::new();
    while let Some(b) = s.byte() {
        rest.push(b);
        if rest.len() > 1 << 16 {
            break;
        }
    }
    let text = rest.iter().filter(|b| **b != 0 && **b != 0x80).count() > 1;
    search.append(&mut rest);
    Some(if text { Found::Text } else { Found::Clean })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
    use super::*;

    fn found(kind: Kind, bytes: &[u8], plane: u64) -> (Found, Vec<u8>) {
        let mut search = Vec::new();
        let data = bytes.to_vec();
        // Cut in two fragments: a stream may go on in the next one.
        let half = bytes.len() as u64 / 2;
        let found = scan(kind, &data, &[(0, half), (half, bytes.len() as u64 - half)], plane, &mut search).unwrap();
        (found, search)
    }

    fn jpeg_with(middle: &[u8], after: &[u8]) -> Vec<u8> {
        let mut out = b"\xFF\xD8".to_vec();
        out.extend_from_slice(middle);
        out.extend_from_slice(b"\xFF\xDA\x00\x04\x01\x02\x11\x22\xFF\x00\x33\xFF\xD0\x44\xFF\xD9");
        out.extend_from_slice(after);
        out
    }

    #[test]
    fn jpeg_segments() {
        let jfif = b"\xFF\xE0\x00\x10JFIF\0\x01\x02\x00\x00\x01\x00\x01\x00\x00";
        assert_eq!(found(Kind::Jpeg, &jpeg_with(jfif, b"\0"), 0).0, Found::Clean);
        for bad in [&b"\xFF\xFE\x00\x06NAME"[..], b"\xFF\xE1\x00\x06Exif", b"\xFF\xEE\x00\x06NAME"] {
            assert_eq!(found(Kind::Jpeg, &jpeg_with(bad, b""), 0).0, Found::Text);
        }
        assert_eq!(found(Kind::Jpeg, &jpeg_with(b"", b"NAME"), 0).0, Found::Text);
        let (f, search) = found(Kind::Jpeg, &jpeg_with(b"\xFF\xDB\x00\x06NAME", b""), 0);
        assert_eq!(f, Found::Clean);
        assert!(search.windows(4).any(|w| w == b"NAME"));
    }

    #[test]
    fn jpeg2000_segments() {
        let stream = |main: &[u8], tile: &[u8], after: &[u8]| {
            let mut out = b"\xFF\x4F\xFF\x51\x00\x04\x00\x00".to_vec();
            out.extend_from_slice(main);
            out.extend_from_slice(b"\xFF\x90\x00\x0A\x00\x00\x00\x00\x00");
            out.push(u8::try_from(12 + tile.len() + 2 + 3).unwrap());
            out.extend_from_slice(b"\x00\x01");
            out.extend_from_slice(tile);
            out.extend_from_slice(b"\xFF\x93abc\xFF\xD9");
            out.extend_from_slice(after);
            out
        };
        let (f, search) = found(Kind::Jpeg2000, &stream(b"", b"", b"\0"), 0);
        assert_eq!(f, Found::Clean);
        assert!(search.ends_with(b"abc"), "the end of a tile-part is searched");
        assert_eq!(found(Kind::Jpeg2000, &stream(b"\xFF\x64\x00\x06\x00\x01AB", b"", b""), 0).0, Found::Text);
        assert_eq!(found(Kind::Jpeg2000, &stream(b"", b"\xFF\x64\x00\x06\x00\x01AB", b""), 0).0, Found::Text);
        assert_eq!(found(Kind::Jpeg2000, &stream(b"", b"", b"AB"), 0).0, Found::Text);
    }

    #[test]
    fn rle_tail() {
        let mut rle = vec![1, 0, 0, 0, 64, 0, 0, 0];
        rle.resize(64, 0);
        rle.extend_from_slice(&[3, 1, 2, 3, 4]);
        rle.push(0);
        assert_eq!(found(Kind::Rle, &rle, 4).0, Found::Clean);
        rle.extend_from_slice(b"NAME");
        assert_eq!(found(Kind::Rle, &rle, 4).0, Found::Text);
    }

    #[test]
    fn hidden_texts_of_the_shared_vectors() {
        let Some(list) = crate::tests::shared("codecs/vectors.json") else { return };
        let list: serde_json::Value = serde_json::from_slice(&list).unwrap();
        let look = |v: &serde_json::Value| {
            let bytes = crate::tests::shared(&format!("codecs/{}", v["file"].as_str().unwrap())).unwrap();
            let kind =
                kind_of(&bytes).unwrap_or(if v["ts"] == "1.2.840.10008.1.2.5" { Kind::Rle } else { Kind::Unknown });
            (kind, found(kind, &bytes, v["rows"].as_u64().unwrap() * v["cols"].as_u64().unwrap()))
        };
        let mut hidden = 0;
        for v in list["hidden"].as_array().unwrap() {
            let (_, (f, search)) = look(v);
            let needle = v["needle"].as_str().unwrap().as_bytes();
            assert!(f == Found::Text || search.windows(needle.len()).any(|w| w == needle), "{}", v["name"]);
            hidden += 1;
        }
        assert_eq!(hidden, 20);
        let mut clean = 0;
        for v in list["vectors"].as_array().unwrap() {
            let (kind, (f, _)) = look(v);
            // Some encoders write comments and boxes; those are text, as they should be.
            clean += u32::from(f == Found::Clean && kind != Kind::Unknown);
        }
        assert!(clean > 60, "{clean}");
    }
}
