//! The image header of a JPEG XL code stream (ISO/IEC 18181-1 annex D), read as far as room for text can be told.

use super::jxl::NAKED;
use super::markers::Shape;

/// Reads the size; `None` where the header is not understood, or holds a preview, an animation, extra channels or an
/// ICC profile.
pub(crate) fn read(head: &[u8]) -> Option<Shape> {
    let mut bits = Bits { bytes: head.strip_prefix(&NAKED)?, pos: 0 };
    let (rows, columns) = size(&mut bits)?;
    let all_default = bits.flag()?;
    let components = if all_default { 3 } else { metadata(&mut bits)? };
    Some(Shape { rows, columns, components })
}

/// `ImageMetadata` up to the colour encoding; number of colour components.
fn metadata(bits: &mut Bits<'_>) -> Option<u16> {
    if bits.flag()? {
        bits.take(3)?; // orientation
        if bits.flag()? {
            size(bits)?; // intrinsic size
        }
        let preview = bits.flag()?;
        let animation = bits.flag()?;
        if preview || animation {
            return None;
        }
    }
    let float = bits.flag()?;
    if float {
        bits.select([(32, 0), (16, 0), (24, 0), (1, 6)])?;
        bits.take(4)?;
    } else {
        bits.select([(8, 0), (10, 0), (12, 0), (1, 6)])?;
    }
    bits.flag()?; // 16-bit buffers are enough
    if bits.select([(0, 0), (1, 0), (2, 4), (1, 12)])? != 0 {
        return None;
    }
    bits.flag()?; // XYB
    if bits.flag()? {
        return Some(3); // all defaults: sRGB
    }
    if bits.flag()? {
        return None; // an ICC profile follows
    }
    let grey = bits.enumeration()? == 1;
    Some(if grey { 1 } else { 3 })
}

/// `SizeHeader`: height and width.
fn size(bits: &mut Bits<'_>) -> Option<(u32, u32)> {
    const LARGE: [(u32, u32); 4] = [(1, 9), (1, 13), (1, 18), (1, 30)];
    let small = bits.flag()?;
    let read = |bits: &mut Bits<'_>| if small { Some((bits.take(5)? + 1) * 8) } else { bits.select(LARGE) };
    let height = read(bits)?;
    let wide = u64::from(height);
    let width = match bits.take(3)? {
        0 => return Some((height, read(bits)?)),
        1 => wide,
        2 => wide * 12 / 10,
        3 => wide * 4 / 3,
        4 => wide * 3 / 2,
        5 => wide * 16 / 9,
        6 => wide * 5 / 4,
        _ => wide * 2,
    };
    Some((height, u32::try_from(width).ok()?))
}

/// Bits, least significant first.
struct Bits<'a> {
    bytes: &'a [u8],
    pos: usize,
}

impl Bits<'_> {
    fn take(&mut self, n: u32) -> Option<u32> {
        let mut value = 0;
        for i in 0..n {
            let byte = self.bytes.get(self.pos / 8)?;
            value |= u32::from(byte >> (self.pos % 8) & 1) << i;
            self.pos += 1;
        }
        Some(value)
    }

    fn flag(&mut self) -> Option<bool> {
        Some(self.take(1)? == 1)
    }

    /// U32 of the specification: two bits choose an offset and a number of bits to add to it.
    fn select(&mut self, forms: [(u32, u32); 4]) -> Option<u32> {
        let (offset, bits) = forms.get(self.take(2)? as usize).copied()?;
        Some(offset + self.take(bits)?)
    }

    /// Enum of the specification.
    fn enumeration(&mut self) -> Option<u32> {
        self.select([(0, 0), (1, 0), (2, 4), (18, 6)])
    }
}
