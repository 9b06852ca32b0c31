//! What a JPEG 2000 stream says of itself before anything is decoded (T.800 annexes A and I).
//!
//! Sizes, tiles, precincts and code blocks are bounded here, since the decoder allocates for what the headers claim.

use crate::{CodecError, Result};

/// Tiles of a frame; the decoder holds some kilobytes for each.
const MOST_TILES: u64 = 8192;
/// Precincts and code blocks of a frame; the decoder holds some hundred bytes for each.
const MOST_BLOCKS: u64 = 4 << 20;

const SIZ: u8 = 0x51;
const COD: u8 = 0x52;
const COC: u8 = 0x53;
const COM: u8 = 0x64;
const SOT: u8 = 0x90;
const SOD: u8 = 0x93;
const EOC: u8 = 0xD9;

/// Where the coding style of components stands in COD, and in COC of less than 257 components.
const COD_STYLE: usize = 5;
const COC_STYLE: usize = 2;

/// The frame that a code stream holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    pub rows: u32,
    pub columns: u32,
    pub components: u8,
    pub bits: u8,
    pub signed: bool,
    /// A colour transform, reversible or not, is applied to the first three components.
    pub colour_transform: bool,
    /// The wavelet 5/3 everywhere.
    pub reversible: bool,
}

/// The naked code stream of an item, which may be a JP2 file (not conformant, but met). Boxes that give samples another
/// meaning are refused.
pub fn code_stream(item: &[u8]) -> Result<&[u8]> {
    if item.starts_with(&[0xFF, 0x4F]) {
        return Ok(item);
    }
    if !item.starts_with(b"\0\0\0\x0CjP  \r\n\x87\n") {
        return Err(CodecError::Damaged);
    }
    let mut rest = item;
    while !rest.is_empty() {
        let (kind, content, after) = next_box(rest)?;
        match &kind {
            b"jp2c" => return Ok(content),
            b"jp2h" => image_header_boxes(content)?,
            _ => {}
        }
        rest = after;
    }
    Err(CodecError::Damaged)
}

type Box<'a> = ([u8; 4], &'a [u8], &'a [u8]);

fn next_box(bytes: &[u8]) -> Result<Box<'_>> {
    let (&length, rest) = bytes.split_first_chunk::<4>().ok_or(CodecError::Damaged)?;
    let (&kind, rest) = rest.split_first_chunk::<4>().ok_or(CodecError::Damaged)?;
    let (length, rest) = match u32::from_be_bytes(length) {
        0 => return Ok((kind, rest, &[])),
        1 => {
            let (&long, rest) = rest.split_first_chunk::<8>().ok_or(CodecError::Damaged)?;
            (u64::from_be_bytes(long).checked_sub(16), rest)
        }
        length => (u64::from(length).checked_sub(8), rest),
    };
    let length = length.and_then(|length| usize::try_from(length).ok()).ok_or(CodecError::Damaged)?;
    let (content, after) = rest.split_at_checked(length).ok_or(CodecError::Damaged)?;
    Ok((kind, content, after))
}

fn image_header_boxes(mut rest: &[u8]) -> Result<()> {
    while !rest.is_empty() {
        let (kind, content, after) = next_box(rest)?;
        let plain = match &kind {
            b"pclr" | b"cmap" => false,
            // Channels in their own order, all of them colours.
            b"cdef" => content.get(2..).unwrap_or_default().chunks(6).enumerate().all(|(index, channel)| {
                let number = u16::try_from(index).unwrap_or(u16::MAX).to_be_bytes();
                let colour = u16::try_from(index + 1).unwrap_or(u16::MAX).to_be_bytes();
                channel == [number, [0, 0], colour].concat()
            }),
            _ => true,
        };
        if !plain {
            return Err(CodecError::Unsupported);
        }
        rest = after;
    }
    Ok(())
}

/// Reads the main header and looks at all others. What the decoder could not bound by itself is refused.
pub fn read(stream: &[u8]) -> Result<Header> {
    let mut rest = stream.strip_prefix(&[0xFF, 0x4F]).ok_or(CodecError::Damaged)?;
    let Segment { code: SIZ, body, after } = segment(rest)? else { return Err(CodecError::Damaged) };
    let mut header = size(body)?;
    rest = after;
    let mut styled = false;
    loop {
        let Segment { code, body, after } = segment(rest)?;
        match code {
            COD => {
                header.colour_transform = *body.get(4).ok_or(CodecError::Damaged)? != 0;
                styled = true;
                style(&mut header, body, COD_STYLE)?;
            }
            COC => style(&mut header, body, COC_STYLE)?,
            SIZ => return Err(CodecError::Damaged),
            SOT => break,
            _ => {}
        }
        rest = after;
    }
    if !styled || (header.colour_transform && header.components < 3) {
        return Err(CodecError::Damaged);
    }
    tile_parts(rest, &mut header)?;
    Ok(header)
}

/// A marker, what belongs to it, and what follows.
pub struct Segment<'a> {
    pub code: u8,
    pub body: &'a [u8],
    pub after: &'a [u8],
}

/// The segment that stands next; all have a length but SOD and EOC.
pub fn segment(bytes: &[u8]) -> Result<Segment<'_>> {
    let (&[mark, code], rest) = bytes.split_first_chunk::<2>().ok_or(CodecError::Damaged)?;
    if mark != 0xFF || code < 0x4F {
        return Err(CodecError::Damaged);
    }
    if matches!(code, SOD | EOC) {
        return Ok(Segment { code, body: &[], after: rest });
    }
    let (&length, rest) = rest.split_first_chunk::<2>().ok_or(CodecError::Damaged)?;
    let length = usize::from(u16::from_be_bytes(length)).checked_sub(2).ok_or(CodecError::Damaged)?;
    let (body, after) = rest.split_at_checked(length).ok_or(CodecError::Damaged)?;
    Ok(Segment { code, body, after })
}

/// Looks at the headers of all tile-parts, and that an EOC ends them.
fn tile_parts(mut rest: &[u8], header: &mut Header) -> Result<()> {
    loop {
        let Segment { code, body, after } = segment(rest)?;
        match code {
            EOC => return Ok(()),
            SOT => {}
            _ => return Err(CodecError::Damaged),
        }
        let length = body.get(2..6).and_then(|length| length.try_into().ok()).map(u32::from_be_bytes);
        let length = match length.ok_or(CodecError::Damaged)? {
            // Up to the EOC.
            0 => rest.windows(2).rposition(|pair| pair == [0xFF, EOC]),
            length => usize::try_from(length).ok(),
        };
        let (_, next) = length.and_then(|length| rest.split_at_checked(length)).ok_or(CodecError::Damaged)?;
        let mut head = after;
        loop {
            let Segment { code, body, after } = segment(head)?;
            match code {
                SOD => break,
                COD => style(header, body, COD_STYLE)?,
                COC => style(header, body, COC_STYLE)?,
                SOT | EOC | SIZ => return Err(CodecError::Damaged),
                _ => {}
            }
            head = after;
        }
        rest = next;
    }
}

/// T.800 A.5.1.
fn size(body: &[u8]) -> Result<Header> {
    let (fields, parts) = body.split_at_checked(36).ok_or(CodecError::Damaged)?;
    let (profile, rest) = fields.split_first_chunk::<2>().ok_or(CodecError::Damaged)?;
    let mut words = rest.chunks_exact(4).map(|word| word.try_into().map_or(0, u32::from_be_bytes));
    let mut word = || words.next().unwrap_or(0);
    let (x, y, left, top) = (word(), word(), word(), word());
    let (tile_width, tile_height, tile_left, tile_top) = (word(), word(), word(), word());
    // Part 2.
    if profile[0] & 0x80 != 0 {
        return Err(CodecError::Unsupported);
    }
    let columns = x.checked_sub(left).filter(|&columns| columns > 0).ok_or(CodecError::Damaged)?;
    let rows = y.checked_sub(top).filter(|&rows| rows > 0).ok_or(CodecError::Damaged)?;
    let tiles = along(x, left, tile_left, tile_width)?.checked_mul(along(y, top, tile_top, tile_height)?);
    if tiles.is_none_or(|tiles| tiles > MOST_TILES) {
        return Err(CodecError::TooLarge);
    }
    let count = fields.last_chunk::<2>().map_or(0, |count| u16::from_be_bytes(*count));
    if parts.len() != usize::from(count) * 3 {
        return Err(CodecError::Damaged);
    }
    let Some(&[depth, dx, dy]) = parts.first_chunk::<3>() else { return Err(CodecError::Damaged) };
    let alike = parts.chunks_exact(3).all(|part| part == [depth, dx, dy]);
    let bits = (depth & 0x7F) + 1;
    // Subsampled or mixed components do not occur in DICOM.
    if !alike || (dx, dy) != (1, 1) || !matches!(count, 1 | 3) || bits > 16 {
        return Err(CodecError::Unsupported);
    }
    let components = if count == 1 { 1 } else { 3 };
    let signed = depth & 0x80 != 0;
    Ok(Header { rows, columns, components, bits, signed, colour_transform: false, reversible: true })
}

/// Tiles along one side (T.800 B.3); the first must hold a part of the image.
fn along(end: u32, start: u32, tile_start: u32, tile: u32) -> Result<u64> {
    let first_end = tile_start.checked_add(tile).ok_or(CodecError::Unsupported)?;
    if tile == 0 || tile_start > start || first_end <= start {
        return Err(CodecError::Damaged);
    }
    Ok(u64::from((end - tile_start).div_ceil(tile)))
}

/// Looks at a coding style, wherever it stands.
fn style(header: &mut Header, body: &[u8], at: usize) -> Result<()> {
    header.reversible &= body.get(at + 4) == Some(&1);
    blocks(header, body, at)
}

/// Bounds precincts and code blocks, as if they were those of the whole frame (T.800 A.6.1, B.6, B.7).
fn blocks(header: &Header, body: &[u8], at: usize) -> Result<()> {
    let style = *body.get(usize::from(at == COC_STYLE)).ok_or(CodecError::Damaged)?;
    let &[levels, width, height, ..] = body.get(at..).unwrap_or_default() else { return Err(CodecError::Damaged) };
    // Exponents from 2 to 10, together 12 at the most.
    if levels > 32 || width > 8 || height > 8 || width + height > 8 {
        return Err(CodecError::Damaged);
    }
    let (rows, columns, components) = (u64::from(header.rows), u64::from(header.columns), u64::from(header.components));
    let mut count = (rows * columns * components) >> (width + height + 4);
    if style & 1 != 0 {
        let sizes = body.get(at + 5..).unwrap_or_default();
        for (resolution, size) in sizes.iter().enumerate() {
            let down = u32::from(levels).saturating_sub(u32::try_from(resolution).unwrap_or(u32::MAX));
            let part = |side: u64, exponent: u8| (side >> down).div_ceil(1 << exponent) + 1;
            let precincts = part(columns, size & 15).saturating_mul(part(rows, size >> 4));
            count = count.saturating_add(precincts.saturating_mul(components));
        }
    }
    if count > MOST_BLOCKS { Err(CodecError::TooLarge) } else { Ok(()) }
}

/// Takes the comments out of the main header: they name the library that wrote the stream.
pub fn without_comments(stream: &[u8]) -> Result<Vec<u8>> {
    let (soc, mut rest) = stream.split_at_checked(2).ok_or(CodecError::Damaged)?;
    let mut out = soc.to_vec();
    loop {
        let Segment { code, after, .. } = segment(rest)?;
        if code == SOT {
            out.extend(rest);
            return Ok(out);
        }
        if code != COM {
            out.extend(rest.get(..rest.len() - after.len()).unwrap_or_default());
        }
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;

    /// A code stream of one empty tile-part: 8 bits, one component, 300 rows of 200 columns.
    fn stream(tile: u32, style: &[u8]) -> Vec<u8> {
        let mut out = b"\xFF\x4F\xFF\x51\0\x29\0\0".to_vec();
        for word in [200, 300, 0, 0, tile, tile, 0, 0] {
            out.extend(u32::to_be_bytes(word));
        }
        out.extend(b"\0\x01\x07\x01\x01\xFF\x52\0");
        out.push(u8::try_from(style.len() + 2).unwrap());
        out.extend(style);
        out.extend(b"\xFF\x90\0\x0A\0\0\0\0\0\x0E\0\x01\xFF\x93\xFF\xD9");
        out
    }

    const PARTS: Header = Header {
        rows: 1,
        columns: 1,
        components: 1,
        bits: 1,
        signed: false,
        colour_transform: false,
        reversible: true,
    };

    const PLAIN: &[u8] = b"\0\0\0\x01\0\x05\x04\x04\0\x01";

    #[test]
    fn a_header_is_read() {
        let header = Header { rows: 300, columns: 200, components: 1, bits: 8, ..PARTS };
        assert_eq!(read(&stream(300, PLAIN)), Ok(header));
        let irreversible = b"\0\0\0\x01\0\x05\x04\x04\0\0";
        assert_eq!(read(&stream(300, irreversible)), Ok(Header { reversible: false, ..header }));
        let open = [&stream(300, PLAIN)[..], b"after"].concat();
        assert_eq!(read(&open), Ok(header));
        assert_eq!(read(&open[..open.len() - 7]), Err(CodecError::Damaged));
    }

    #[test]
    fn what_would_need_memory_is_refused() {
        assert_eq!(read(&stream(2, PLAIN)), Err(CodecError::TooLarge), "tiles");
        assert_eq!(read(&stream(0, PLAIN)), Err(CodecError::Damaged), "tiles without a size");
        let small = b"\x01\0\0\x01\0\x05\x04\x04\0\x01\0\0\0\0\0\0";
        assert!(read(&stream(300, small)).is_ok(), "precincts of one sample in a small frame");
        let header = Header { rows: 9000, columns: 9000, components: 3, bits: 8, ..PARTS };
        assert_eq!(blocks(&header, small, COD_STYLE), Err(CodecError::TooLarge), "precincts of one sample");
        assert_eq!(blocks(&header, PLAIN, COD_STYLE), Ok(()));
        assert_eq!(blocks(&header, b"\0\0\0\x01\0\x05\x08\x01\0\x01", COD_STYLE), Err(CodecError::Damaged));
    }

    #[test]
    fn part_2_is_refused() {
        let mut bytes = stream(300, PLAIN);
        bytes[6] = 0x80;
        assert_eq!(read(&bytes), Err(CodecError::Unsupported));
    }

    #[test]
    fn boxes_that_change_the_meaning_of_samples_are_refused() {
        let boxed = |kind: &[u8; 4], content: &[u8]| {
            let length = u32::try_from(content.len() + 8).unwrap().to_be_bytes();
            [&length[..], kind, content].concat()
        };
        let file = |inner: &[u8]| {
            let start = b"\0\0\0\x0CjP  \r\n\x87\n";
            [&start[..], &boxed(b"jp2h", inner), &boxed(b"uuid", b"text"), &boxed(b"jp2c", b"stream")].concat()
        };
        assert_eq!(code_stream(&file(&boxed(b"ihdr", b""))), Ok(&b"stream"[..]));
        assert_eq!(code_stream(&file(&boxed(b"pclr", b""))), Err(CodecError::Unsupported));
        assert_eq!(code_stream(&file(&boxed(b"cdef", b"\0\x01\0\0\0\0\0\x01"))), Ok(&b"stream"[..]));
        let alpha = boxed(b"cdef", b"\0\x01\0\0\0\x01\0\0");
        assert_eq!(code_stream(&file(&alpha)), Err(CodecError::Unsupported));
        assert_eq!(code_stream(&file(b"\0\0\0\x09ihdr")), Err(CodecError::Damaged));
        assert_eq!(code_stream(b"\xFF\xD8"), Err(CodecError::Damaged));
    }
}
