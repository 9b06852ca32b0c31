//! Tile-part lengths, TLM (T.800 A.7.1): required in transfer syntax 1.2.840.10008.1.2.4.202 (PS3.5 10.18), optional
//! elsewhere. Written anew where they do not say what the stream holds.

use super::stream::{Kept, Part, Stream};
use crate::Result;

/// One TLM segment.
struct Table {
    /// Where it stands in the kept parts.
    place: usize,
    start: u64,
    end: u64,
    /// Bytes of a tile index: 0, 1, 2.
    index_size: u8,
    /// Bytes of a length: 2 or 4.
    length_size: u8,
}

/// What TLM says and what the tile-parts are.
#[derive(Default)]
pub(crate) struct TilePartLengths {
    tables: Vec<Table>,
    /// Tile index and length of each tile-part after cutting. Empty where no TLM asks for it.
    actual: Vec<(u16, u32)>,
}

impl TilePartLengths {
    /// Takes a TLM segment, which stands at `place` of the kept parts.
    pub(crate) fn table(&mut self, s: &mut Stream<'_>, place: usize, start: u64, end: u64) -> Result<()> {
        let style = s.u8(start + 5)?;
        let index_size = (style >> 4) & 3;
        let length_size = if style & 0x40 == 0 { 2 } else { 4 };
        let entry = u64::from(index_size + length_size);
        let whole = (end - start).checked_sub(6).is_some_and(|n| n % entry == 0);
        if index_size == 3 || style & 0x8F != 0 || !whole || self.tables.len() > 255 {
            return Err(s.mismatch(start));
        }
        self.tables.push(Table { place, start, end, index_size, length_size });
        Ok(())
    }

    /// Takes a tile-part as it will be.
    pub(crate) fn tile_part(&mut self, index: u16, len: u32) {
        if !self.tables.is_empty() {
            self.actual.push((index, len));
        }
    }

    /// Puts the tables that fit into the kept parts. A table that cannot say the truth in its form is refused.
    pub(crate) fn write(self, s: &mut Stream<'_>, kept: Kept) -> Result<Kept> {
        let mut parts = kept.parts;
        let mut rest = self.actual.as_slice();
        for t in &self.tables {
            let entries = (t.end - t.start - 6) / u64::from(t.index_size + t.length_size);
            let n = usize::try_from(entries).unwrap_or(usize::MAX);
            let Some((now, later)) = rest.split_at_checked(n) else { return Err(s.mismatch(t.start)) };
            rest = later;
            let len = u16::try_from(t.end - t.start).map_err(|_| s.mismatch(t.start))?;
            let old = s.bytes(t.start, len)?.to_vec();
            let mut new: Vec<u8> = old.iter().copied().take(6).collect();
            for (index, len) in now {
                let fault = s.mismatch(t.start);
                match t.index_size {
                    0 => {}
                    1 => new.push(u8::try_from(*index).map_err(|_| fault.clone())?),
                    _ => new.extend_from_slice(&index.to_be_bytes()),
                }
                match t.length_size {
                    2 => new.extend_from_slice(&u16::try_from(*len).map_err(|_| fault)?.to_be_bytes()),
                    _ => new.extend_from_slice(&len.to_be_bytes()),
                }
            }
            if new != old
                && let Some(part) = parts.get_mut(t.place)
            {
                *part = Part::New(new);
            }
        }
        if !self.tables.is_empty() && !rest.is_empty() {
            return Err(s.mismatch(0));
        }
        let mut out = Kept::default();
        for part in parts {
            out.push(part);
        }
        Ok(out)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
    use super::super::j2k;
    use super::super::stream::{Span, Stream};

    /// Two tile-parts, the first with a COM of 12 bytes; a TLM with indices of one byte and lengths of four.
    fn code_stream(lengths: [u32; 2], comment: bool) -> Vec<u8> {
        let mut out = vec![0xFF, 0x4F, 0xFF, 0x51, 0, 41, 0, 0];
        for n in [8_u32, 8, 0, 0, 8, 4, 0, 0] {
            out.extend_from_slice(&n.to_be_bytes());
        }
        out.extend_from_slice(&[0, 1, 7, 1, 1]);
        out.extend_from_slice(&[0xFF, 0x55, 0, 14, 0, 0x50]);
        for (i, len) in (0_u8..).zip(lengths) {
            out.push(i);
            out.extend_from_slice(&len.to_be_bytes());
        }
        for (i, len) in (0_u8..).zip(lengths) {
            out.extend_from_slice(&[0xFF, 0x90, 0, 10, 0, i]);
            out.extend_from_slice(&len.to_be_bytes());
            out.extend_from_slice(&[0, 1]);
            if comment && i == 0 {
                out.extend_from_slice(b"\xFF\x64\0\x0A\0\x01TARO^A");
            }
            out.extend_from_slice(&[0xFF, 0x93, 1, 2, 3]);
        }
        out.extend_from_slice(&[0xFF, 0xD9]);
        out
    }

    fn clean(bytes: &[u8]) -> Option<Vec<u8>> {
        let source = bytes.to_vec();
        let mut s = Stream::new(&source, vec![Span { offset: 0, len: source.len() as u64 }]);
        j2k::clean(&mut s, 0, source.len() as u64).ok().map(|c| c.kept.bytes(bytes))
    }

    #[test]
    fn lengths_follow_a_cut() {
        assert_eq!(clean(&code_stream([29, 17], true)), Some(code_stream([17, 17], false)));
        assert_eq!(clean(&code_stream([17, 17], false)), Some(code_stream([17, 17], false)));
    }

    #[test]
    fn the_last_length_may_be_open() {
        let mut open = code_stream([17, 0], false);
        let table = open.windows(2).position(|w| w == [0xFF, 0x55]).unwrap();
        open.drain(table..table + 16);
        assert_eq!(clean(&open), Some(open.clone()));
    }

    #[test]
    fn unknown_markers_are_refused() {
        let mut part2 = code_stream([17, 17], false);
        let table = part2.windows(2).position(|w| w == [0xFF, 0x55]).unwrap();
        part2[table + 1] = 0x74;
        assert_eq!(clean(&part2), None);
    }
}
