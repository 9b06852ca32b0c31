//! Palettes: which colour a stored value stands for (PS3.3 C.7.6.3.1.5, C.7.9).

use tokumei_dicom::codestream::native::number;
use tokumei_dicom::{DataSet, Encoding, Source, Tag};

/// Red, green, blue: descriptor, data and segmented data of each table.
const TABLES: [[Tag; 3]; 3] = [
    [Tag(0x0028, 0x1101), Tag(0x0028, 0x1201), Tag(0x0028, 0x1221)],
    [Tag(0x0028, 0x1102), Tag(0x0028, 0x1202), Tag(0x0028, 0x1222)],
    [Tag(0x0028, 0x1103), Tag(0x0028, 0x1203), Tag(0x0028, 0x1223)],
];
const PIXEL_REPRESENTATION: Tag = Tag(0x0028, 0x0103);
/// Bytes of a table of 65,536 words.
const LONGEST: u64 = 2 << 16;
/// Segments of a table, those that are pointed at each time.
const MOST_SEGMENTS: usize = 1 << 18;

/// A palette of one colour, brought to 8 bits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Palette {
    /// Stored value of the first entry.
    pub(crate) first: i64,
    pub(crate) entries: Vec<u8>,
}

pub(crate) fn palettes(ds: &DataSet, source: &dyn Source) -> Option<[Palette; 3]> {
    let [red, green, blue] = TABLES.map(|tags| palette(ds, source, tags));
    Some([red?, green?, blue?])
}

fn palette(ds: &DataSet, source: &dyn Source, [descriptor, data, segmented]: [Tag; 3]) -> Option<Palette> {
    let big = ds.form().encoding == Encoding::ExplicitBe;
    let word = |b: &[u8; 2]| if big { u16::from_be_bytes(*b) } else { u16::from_le_bytes(*b) };
    let descriptor = ds.value(ds.find(None, descriptor)?)?;
    let mut words = descriptor.as_chunks::<2>().0.iter().map(word);
    let (count, first, bits) = (words.next()?, words.next()?, words.next()?);
    let count = if count == 0 { 1 << 16 } else { usize::from(count) };
    let signed = number(ds, None, PIXEL_REPRESENTATION) == Some(1);
    let entries = if let Some(index) = ds.find(None, data) {
        let bytes = value(ds, source, index)?;
        // Entries of 8 bits stand in words of their own, or two in one.
        if bits == 8 && bytes.len() < 2 * count {
            bytes.get(..count)?.to_vec()
        } else {
            bytes.as_chunks::<2>().0.iter().take(count).map(|b| eight(word(b), bits)).collect()
        }
    } else {
        let bytes = value(ds, source, ds.find(None, segmented)?)?;
        // Values of 8 bits stand in bytes, those of 16 in words; so do codes and lengths (PS3.3 C.7.9.2).
        let values: Vec<u16> = if bits == 8 {
            bytes.iter().map(|b| u16::from(*b)).collect()
        } else {
            bytes.as_chunks::<2>().0.iter().map(word).collect()
        };
        expanded(&values, bits == 8, count)?.into_iter().map(|value| eight(value, bits)).collect()
    };
    let first = if signed { i64::from(first.cast_signed()) } else { i64::from(first) };
    (entries.len() == count).then_some(Palette { first, entries })
}

fn value(ds: &DataSet, source: &dyn Source, index: u32) -> Option<Vec<u8>> {
    match ds.value(index) {
        Some(bytes) => Some(bytes.to_vec()),
        None => ds.read(source, index, 0..ds.node(index)?.len.min(LONGEST)).ok(),
    }
}

fn eight(value: u16, bits: u16) -> u8 {
    value.wrapping_shr(if bits == 8 { 0 } else { 8 }).to_le_bytes()[0]
}

/// Entries of a segmented table (PS3.3 C.7.9.2): discrete, linear, and segments that stand earlier in it.
fn expanded(values: &[u16], bytes: bool, count: usize) -> Option<Vec<u16>> {
    let mut out: Vec<u16> = Vec::new();
    let mut at = 0;
    let mut laid = 0;
    while at < values.len() && out.len() < count {
        let (next, jump) = segment(values, at, bytes, &mut out, count)?;
        at = next;
        let (segments, mut from) = jump.unwrap_or_default();
        laid += 1 + usize::from(segments);
        if laid > MOST_SEGMENTS {
            return None;
        }
        for _ in 0..segments {
            // A segment that points at others is not pointed at.
            from = match segment(values, from, bytes, &mut out, count)? {
                (next, None) if out.len() <= count => next,
                _ => return None,
            };
        }
    }
    out.truncate(count);
    Some(out)
}

/// Number of segments that are pointed at, and where they begin.
type Jump = Option<(u16, usize)>;

/// Lays one segment down; gives where the next begins.
fn segment(values: &[u16], at: usize, bytes: bool, out: &mut Vec<u16>, count: usize) -> Option<(usize, Jump)> {
    let [code, length, ..] = values.get(at..)? else { return None };
    let body = values.get(at + 2..)?;
    let size = usize::from(*length);
    match code {
        0 => {
            out.extend_from_slice(body.get(..size)?);
            Some((at + 2 + size, None))
        }
        1 => {
            let to = i64::from(*body.first()?);
            let from = i64::from(*out.last()?);
            let steps = i64::from(*length);
            let line = (1..=steps).map(|step| from + (to - from) * step / steps);
            out.extend(line.take(count).filter_map(|value| u16::try_from(value).ok()));
            Some((at + 3, None))
        }
        // The place in bytes from the beginning: its lower word first, four bytes where values are bytes.
        2 if bytes => {
            let [a, b, c, d, ..] = body else { return None };
            let offset = [*a, *b, *c, *d].iter().rev().fold(0_usize, |n, byte| n << 8 | usize::from(*byte));
            Some((at + 6, Some((*length, offset))))
        }
        2 => {
            let [low, high, ..] = body else { return None };
            let offset = usize::from(*high) << 16 | usize::from(*low);
            Some((at + 4, Some((*length, offset / 2))))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::expanded;

    #[test]
    fn segments() {
        let all = |values: &[u16], count| expanded(values, false, count);
        assert_eq!(all(&[0, 3, 5, 6, 7], 3), Some(vec![5, 6, 7]));
        assert_eq!(all(&[0, 1, 10, 1, 4, 30], 5), Some(vec![10, 15, 20, 25, 30]));
        assert_eq!(all(&[0, 1, 10, 1, 2, 0], 3), Some(vec![10, 5, 0]));
        assert_eq!(all(&[0, 2, 1, 2, 2, 1, 0, 0], 4), Some(vec![1, 2, 1, 2]));
        // Nothing to begin with, an unknown code, a segment that ends early, one that points at itself.
        assert_eq!(all(&[1, 4, 30], 4), None);
        assert_eq!(all(&[3, 1, 1], 1), None);
        assert_eq!(all(&[0, 9, 1], 9), None);
        assert_eq!(all(&[0, 1, 7, 2, 1, 6, 0], 9), None);
        assert_eq!(expanded(&[0, 1, 7, 2, 1, 0, 0, 0, 0], true, 2), Some(vec![7, 7]));
    }
}
