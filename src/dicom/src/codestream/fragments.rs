//! Which fragments form which frame (PS3.5 A.4), and whether the offset tables say so.

use super::stream::Span;
use crate::data_set::Fragment;
use crate::{Result, Source};

/// Fragments of one frame: `count` from number `first` on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Frame {
    pub(crate) first: usize,
    pub(crate) count: usize,
}

/// Extended Offset Table and its lengths (7FE0,0001), (7FE0,0002).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Extended {
    pub(crate) offsets: Vec<u64>,
    pub(crate) lengths: Vec<u64>,
}

/// Bytes of an item header.
pub(crate) const ITEM_HEADER: u64 = 8;
/// First bytes of the streams whose end can be told: JPEG and JPEG-LS, JPEG 2000, JP2.
const MAGIC: [&[u8]; 3] = [&[0xFF, 0xD8, 0xFF], &[0xFF, 0x4F, 0xFF, 0x51], &super::jp2::SIGNATURE];
/// Those of JPEG XL: a code stream by itself, a container (ISO 18181-1, 18181-2).
const JXL: [&[u8]; 2] = [&[0xFF, 0x0A], b"\0\0\0\x0CJXL "];
/// Bytes of the longest of all, and of an end with its padding.
const SIGNATURE: usize = 12;
const ENDING: usize = 3;

/// The fragments, without the Basic Offset Table.
pub(crate) struct Fragments<'a> {
    pub(crate) list: &'a [Fragment],
    pub(crate) source: &'a dyn Source,
}

impl Fragments<'_> {
    /// Offset of an item header from the first one, as offset tables count.
    pub(crate) fn head(&self, number: usize) -> u64 {
        match (self.list.first(), self.list.get(number)) {
            (Some(first), Some(f)) => f.offset.saturating_sub(first.offset),
            _ => 0,
        }
    }

    /// The bytes of a frame.
    pub(crate) fn spans(&self, frame: Frame) -> Vec<Span> {
        self.of(frame).iter().map(|f| Span { offset: f.offset, len: f.len }).collect()
    }

    /// Bytes of a frame, padding included.
    pub(crate) fn len(&self, frame: Frame) -> u64 {
        self.of(frame).iter().map(|f| f.len).fold(0, u64::saturating_add)
    }

    fn of(&self, frame: Frame) -> &[Fragment] {
        self.list.get(frame.first..frame.first.saturating_add(frame.count)).unwrap_or(&[])
    }

    /// The fragments of each of `n` frames; `None` where it cannot be told.
    pub(crate) fn frames(&self, n: usize, extended: Option<&Extended>, basic: &[u32]) -> Result<Option<Vec<Frame>>> {
        let count = self.list.len();
        if n == 0 || count < n {
            return Ok(None);
        }
        if let Some(frames) = extended.and_then(|e| self.by_offsets(n, e.offsets.iter().copied())) {
            return Ok(Some(frames));
        }
        if count == n {
            return Ok(Some((0..n).map(|first| Frame { first, count: 1 }).collect()));
        }
        if n > 1
            && let Some(frames) = self.by_offsets(n, basic.iter().map(|o| u64::from(*o)))
        {
            return Ok(Some(frames));
        }
        let found = self.by_magic()?;
        Ok(if found.len() == n { Some(found) } else { None })
    }

    /// Frames that begin at offsets: as many as frames, ascending from 0, each at an item header.
    pub(crate) fn by_offsets(&self, n: usize, offsets: impl ExactSizeIterator<Item = u64>) -> Option<Vec<Frame>> {
        if offsets.len() != n {
            return None;
        }
        let base = self.list.first()?.offset;
        let mut frames: Vec<Frame> = Vec::with_capacity(n);
        for offset in offsets {
            let number = self.list.partition_point(|f| f.offset - base < offset);
            let expected = frames.last().map_or(0..1, |last| last.first + 1..self.list.len());
            if self.list.get(number).is_none_or(|f| f.offset - base != offset) || !expected.contains(&number) {
                return None;
            }
            if let Some(last) = frames.last_mut() {
                last.count = number - last.first;
            }
            frames.push(Frame { first: number, count: self.list.len() - number });
        }
        Some(frames)
    }

    /// A frame begins where a fragment begins as a code stream does and the one before ended as one does.
    fn by_magic(&self) -> Result<Vec<Frame>> {
        let mut frames: Vec<Frame> = Vec::new();
        for number in 0..self.list.len() {
            match frames.last_mut() {
                Some(last) if !(self.begins(number)? && self.ended(*last)?) => last.count += 1,
                _ => frames.push(Frame { first: number, count: 1 }),
            }
        }
        Ok(frames)
    }

    /// True when a stream of JPEG XL begins within a frame. No marker ends such streams, so that the one before would seem
    /// to go on.
    pub(crate) fn holds_second_jxl(&self, frames: &[Frame]) -> Result<bool> {
        for f in frames.iter().flat_map(|frame| self.of(*frame).iter().skip(1)) {
            let head = self.read(f.offset, f.len, SIGNATURE)?;
            if JXL.iter().any(|m| head.starts_with(m)) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// True when the bytes from a fragment on begin as a code stream does; those of one fragment may be too few to tell.
    fn begins(&self, number: usize) -> Result<bool> {
        let mut head = Vec::with_capacity(SIGNATURE);
        for f in self.list.get(number..).unwrap_or(&[]) {
            head.extend(self.read(f.offset, f.len, SIGNATURE - head.len())?);
            if head.len() == SIGNATURE || head.is_empty() {
                break;
            }
        }
        Ok(MAGIC.iter().any(|m| head.starts_with(m)))
    }

    /// True when a frame ends with EOI or EOC and at most one pad byte, in whichever of its fragments they stand.
    fn ended(&self, frame: Frame) -> Result<bool> {
        let mut tail: Vec<u8> = Vec::with_capacity(ENDING);
        for f in self.of(frame).iter().rev() {
            let missing = ENDING - tail.len();
            let len = f.len.min(missing as u64);
            tail.splice(..0, self.read(f.offset + f.len - len, len, missing)?);
            if tail.len() == ENDING {
                break;
            }
        }
        Ok(tail.ends_with(&[0xFF, 0xD9]) || tail == [0xFF, 0xD9, 0])
    }

    /// Bytes from an offset on: as many as there are, and no more than `most`.
    fn read(&self, offset: u64, len: u64, most: usize) -> Result<Vec<u8>> {
        let mut bytes = vec![0; usize::try_from(len).unwrap_or(usize::MAX).min(most)];
        self.source.read_at(offset, &mut bytes)?;
        Ok(bytes)
    }

    /// True when the Extended Offset Table says what the frames are (PS3.3 C.7.6.3.1.8): lengths do not count padding.
    pub(crate) fn agrees(&self, frames: &[Frame], e: &Extended) -> bool {
        e.offsets.len() == frames.len()
            && e.lengths.len() == frames.len()
            && frames.iter().zip(&e.offsets).zip(&e.lengths).all(|((f, offset), len)| {
                *offset == self.head(f.first) && self.len(*f).checked_sub(*len).is_some_and(|pad| pad < 2)
            })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
    use super::*;

    fn fragments(lens: &[u64]) -> Vec<Fragment> {
        let mut offset = 8;
        lens.iter()
            .map(|&len| {
                let f = Fragment { offset, len };
                offset += len + 8;
                f
            })
            .collect()
    }

    fn frame(first: usize, count: usize) -> Frame {
        Frame { first, count }
    }

    #[test]
    fn offsets_group_fragments() {
        let list = fragments(&[4, 4, 2, 6]);
        let source = vec![0_u8; 64];
        let f = Fragments { list: &list, source: &source };
        let by = |o: &[u64]| f.by_offsets(o.len(), o.iter().copied());
        assert_eq!(by(&[0, 24]), Some(vec![frame(0, 2), frame(2, 2)]));
        assert_eq!(by(&[0, 12, 24, 34]).unwrap().len(), 4);
        for wrong in [&[0_u64, 2][..], &[2, 24], &[24, 0], &[0, 0], &[0, 99], &[12, 24], &[0, 34, 34]] {
            assert_eq!(by(wrong), None, "{wrong:?}");
        }
        assert_eq!(f.frames(4, None, &[]).unwrap().unwrap().len(), 4);
        assert_eq!(f.frames(2, None, &[0, 24]).unwrap().unwrap().len(), 2);
        assert_eq!(f.frames(2, None, &[0, 25]).unwrap(), None);
        assert_eq!(f.frames(5, None, &[]).unwrap(), None);
        assert_eq!(f.frames(1, None, &[]).unwrap(), Some(vec![frame(0, 4)]));
    }

    #[test]
    fn magic_groups_fragments() {
        let source = [
            &[0; 8][..],
            &[0xFF, 0xD8, 0xFF, 1],
            &[0; 8],
            &[0xFF, 0xD8, 0xFF, 0xD9],
            &[0; 8],
            &[0xFF, 0xD8, 0xFF, 1, 0xFF, 0xD9],
        ]
        .concat();
        let list = fragments(&[4, 4, 6]);
        let f = Fragments { list: &list, source: &source };
        assert_eq!(f.frames(2, None, &[]).unwrap(), Some(vec![frame(0, 2), frame(2, 1)]));
        assert_eq!(f.frames(1, None, &[]).unwrap(), None);
    }

    #[test]
    fn a_second_stream_of_jpeg_xl_is_found() {
        let holds = |parts: [&[u8]; 3]| {
            let list = fragments(&parts.map(|part| part.len() as u64));
            let source = parts.iter().flat_map(|part| [&[0; 8], *part].concat()).collect::<Vec<u8>>();
            let f = Fragments { list: &list, source: &source };
            f.holds_second_jxl(&[frame(0, 2), frame(2, 1)]).unwrap()
        };
        assert!(!holds([b"\xFF\x0A\x01\x02", b"\xFF\x0B", b"\xFF\x0A\x01\x02"]));
        assert!(holds([b"\xFF\x0A\x01\x02", b"\xFF\x0A\x01\x02", b"\xFF\x0A\x01\x02"]));
        assert!(holds([b"\xFF\x0A\x01\x02", b"\0\0\0\x0CJXL \x0D\x0A\x87\x0A", b""]));
    }

    /// Whatever fragments a writer cuts two streams into, empty ones too, the second is found.
    #[test]
    fn magic_is_found_across_fragments() {
        let one = b"\xFF\x4F\xFF\x51\xFF\xD8\xFF\x01\xFF\xD9\xFF\xD9".as_slice();
        let ends = [one, b"\xFF\xD8\xFF\x02\x03\xFF\xD9\0", super::super::jp2::SIGNATURE.as_slice()].concat();
        let cuts: [&[usize]; 7] = [
            &[12, 8, 12],
            &[10, 2, 6, 2, 12],
            &[2; 16],
            &[4; 8],
            &[0, 12, 0, 0, 8, 2, 10],
            &[6, 0, 6, 8, 0, 0, 12, 0],
            &[12, 0, 2, 0, 4, 2, 12],
        ];
        for lens in cuts {
            let list = fragments(&lens.iter().map(|&len| len as u64).collect::<Vec<_>>());
            let (mut source, mut rest) = (Vec::new(), ends.as_slice());
            for &len in lens {
                let (taken, after) = rest.split_at(len);
                source.extend([&[0; 8], taken].concat());
                rest = after;
            }
            let f = Fragments { list: &list, source: &source };
            let found = f.frames(3, None, &[0, 1]).unwrap().unwrap_or_default();
            let bytes = |frame: &Frame| f.of(*frame).iter().map(|f| f.len).sum::<u64>();
            assert_eq!(found.iter().map(bytes).collect::<Vec<_>>(), [12, 8, 12], "{lens:?}");
            assert_eq!(f.frames(2, None, &[]).unwrap(), None, "{lens:?}");
        }
        // A fragment without bytes is nothing that begins.
        let list = fragments(&[0, 0, 0]);
        let f = Fragments { list: &list, source: &vec![0; 32] };
        assert_eq!(f.frames(1, None, &[]).unwrap(), Some(vec![frame(0, 3)]));
    }
}
