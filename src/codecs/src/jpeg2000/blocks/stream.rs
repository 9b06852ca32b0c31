//! A code stream taken apart to its blocks, and put together again (T.800 annex A).

use super::packet::Packets;
use super::parameters::Parameters;
use super::tile::Tile;
use crate::jpeg2000::header::{Segment, segment};

const TLM: u8 = 0x55;
const PLT: u8 = 0x58;
const COM: u8 = 0x64;
const SOT: u8 = 0x90;
const SOD: u8 = 0x93;
const EOC: u8 = 0xD9;

/// Tile-parts; a table of their lengths holds so many.
const MOST_PARTS: usize = 10_000;
/// Blocks and packets of all tiles.
const MOST: usize = 1 << 20;
/// Bytes of a tile-part from SOT to SOD.
const PART_HEAD: usize = 14;

/// A code stream.
pub struct Stream<'a> {
    pub parameters: Parameters<'a>,
    pub tiles: Vec<Tile<'a>>,
    pub parts: Vec<Part>,
}

/// A tile-part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    tile: u16,
    /// Its number among those of its tile, and how many there are.
    number: [u8; 2],
    packets: usize,
}

impl<'a> Stream<'a> {
    /// None where the stream is damaged or of another form; then it is for the other way of masking.
    pub fn read(stream: &'a [u8]) -> Option<Self> {
        let (parameters, mut rest) = Parameters::read(stream)?;
        let mut tiles: Vec<_> =
            tiles(&parameters)?.into_iter().map(|tile| (tile, Packets::new(parameters.markers))).collect();
        let mut parts = Vec::new();
        while let Segment { code: SOT, body, .. } = segment(rest).ok()? {
            let &[t1, t0, l3, l2, l1, l0, number, of] = body else { return None };
            let length = usize::try_from(u32::from_be_bytes([l3, l2, l1, l0])).ok()?;
            let (part, after) = rest.split_at_checked(length)?;
            let tile = u16::from_be_bytes([t1, t0]);
            let (content, packets) = tiles.get_mut(usize::from(tile))?;
            let before = packets.done();
            let mut bytes = packets_of(part)?;
            while !bytes.is_empty() {
                bytes = packets.read(content, bytes)?;
            }
            parts.push(Part { tile, number: [number, of], packets: packets.done() - before });
            rest = after;
        }
        let is_end = segment(rest).is_ok_and(|segment| segment.code == EOC);
        let is_whole = tiles.iter().all(|(tile, packets)| packets.done() == tile.packets.len());
        if !is_end || !is_whole || parts.len() > MOST_PARTS {
            return None;
        }
        Some(Self { parameters, tiles: tiles.into_iter().map(|(tile, _)| tile).collect(), parts })
    }

    /// A stream of zeros that goes by a main header, each tile in one part.
    pub fn empty(header: &'a [u8]) -> Option<Self> {
        let parameters = Parameters::of_segments(header)?;
        let tiles = tiles(&parameters)?;
        let part = |(tile, packets)| Some(Part { tile: u16::try_from(tile).ok()?, number: [0, 1], packets });
        let parts = tiles.iter().map(|tile| tile.packets.len()).enumerate().map(part).collect::<Option<_>>()?;
        Some(Self { parameters, tiles, parts })
    }

    /// The stream; with a table of the lengths of its tile-parts if it had one, or if asked for.
    pub fn write(&self, lengths: bool) -> Option<Vec<u8>> {
        let mut packets: Vec<Packets> = self.tiles.iter().map(|_| Packets::new(self.parameters.markers)).collect();
        let (mut table, mut body) = (Vec::new(), Vec::new());
        for part in &self.parts {
            let tile = usize::from(part.tile);
            let mut bytes = Vec::new();
            for _ in 0..part.packets {
                packets.get_mut(tile)?.write(self.tiles.get(tile)?, &mut bytes)?;
            }
            let length = u32::try_from(PART_HEAD + bytes.len()).ok()?.to_be_bytes();
            let tile = part.tile.to_be_bytes();
            table.extend([&tile[..], &length].concat());
            body.extend([&[0xFF, SOT, 0, 10], &tile[..], &length, &part.number, &[0xFF, SOD]].concat());
            body.extend(bytes);
        }
        let mut out = vec![0xFF, 0x4F];
        out.extend(self.parameters.kept.concat());
        if lengths || self.parameters.has_lengths {
            // Table 0, tiles by 16 bits, lengths by 32 bits.
            out.extend([0xFF, TLM]);
            out.extend(u16::try_from(table.len() + 4).ok()?.to_be_bytes());
            out.extend([0, 0x60]);
            out.extend(table);
        }
        out.extend(body);
        out.extend([0xFF, EOC]);
        Some(out)
    }
}

fn tiles<'a>(parameters: &Parameters) -> Option<Vec<Tile<'a>>> {
    let count = u32::try_from(parameters.tile_count()?).ok()?;
    let mut tiles = Vec::new();
    let mut parts = 0;
    for index in 0..count {
        let tile = Tile::new(parameters, index)?;
        parts += tile.blocks.len() + tile.packets.len();
        if parts > MOST {
            return None;
        }
        tiles.push(tile);
    }
    Some(tiles)
}

/// What follows the header of a tile-part, if that says nothing which the main header does not say.
fn packets_of(part: &[u8]) -> Option<&[u8]> {
    let mut rest = segment(part).ok()?.after;
    loop {
        let Segment { code, after, .. } = segment(rest).ok()?;
        match code {
            SOD => return Some(after),
            COM | PLT => rest = after,
            _ => return None,
        }
    }
}
