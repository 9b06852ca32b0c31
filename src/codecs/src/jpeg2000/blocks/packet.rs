//! Packets: which blocks of a precinct have bytes in a layer, and the bytes (T.800 B.9, B.10; T.814 B.3).

use super::bits::{BitReader, BitWriter};
use super::ht;
use super::tag_tree::TagTree;
use super::tile::{Block, Code, Packet, Tile};
use std::borrow::Cow;

/// Bits of a length when nothing was said of it.
const LENGTH_BITS: u32 = 3;

/// In which layer the blocks of a precinct's part in a band come first, and how many of their bits are zero.
struct Trees {
    first_layers: TagTree,
    zero_planes: TagTree,
}

/// The packets of a tile, one after another.
#[derive(Default)]
pub struct Packets {
    next: usize,
    /// By precinct, once one of its packets was met.
    trees: Vec<Option<Vec<Trees>>>,
}

impl Packets {
    /// How many were read or written.
    pub fn done(&self) -> usize {
        self.next
    }

    fn advance(&mut self, tile: &Tile) -> Option<Packet> {
        let packet = *tile.packets.get(self.next)?;
        self.next += 1;
        self.trees.resize_with(tile.precincts.len(), || None);
        Some(packet)
    }

    /// Reads the next packet; what follows it. None also where a block has bytes in several layers, or more passes than
    /// one set.
    pub fn read<'a>(&mut self, tile: &mut Tile<'a>, bytes: &'a [u8]) -> Option<&'a [u8]> {
        let packet = self.advance(tile)?;
        let mut bits = BitReader::new(bytes);
        if !bits.bit()? {
            return bits.rest();
        }
        let groups = &tile.precincts.get(packet.precinct)?.groups;
        let unknown = |wide: usize, count: usize| Trees {
            first_layers: TagTree::unknown(wide, count),
            zero_planes: TagTree::unknown(wide, count),
        };
        let trees = self.trees.get_mut(packet.precinct)?;
        let trees = trees.get_or_insert_with(|| groups.iter().map(|g| unknown(g.wide, g.blocks.len())).collect());
        let mut met = Vec::new();
        for (group, trees) in groups.iter().zip(trees) {
            for (leaf, at) in group.blocks.clone().enumerate() {
                let block = tile.blocks.get_mut(at)?;
                if let Some(code) = read_code(&mut bits, block, trees, leaf, packet.layer)? {
                    if u32::from(code.zero_planes) >= u32::from(group.planes) {
                        return None;
                    }
                    block.code = Some(code);
                    met.push(at);
                }
            }
        }
        let mut rest = bits.rest()?;
        for at in met {
            let code = tile.blocks.get_mut(at)?.code.as_mut()?;
            let (cleanup, refinement) = code.lengths.map(|length| length as usize).into();
            let (bytes, after) = rest.split_at_checked(cleanup.checked_add(refinement)?)?;
            if !ht::is_plausible(bytes.get(..cleanup)?) {
                return None;
            }
            code.bytes = Cow::Borrowed(bytes);
            rest = after;
        }
        Some(rest)
    }

    /// Writes the next packet.
    pub fn write(&mut self, tile: &Tile, out: &mut Vec<u8>) -> Option<()> {
        let packet = self.advance(tile)?;
        let groups = &tile.precincts.get(packet.precinct)?.groups;
        let blocks = |range: &core::ops::Range<usize>| tile.blocks.get(range.clone()).unwrap_or_default();
        let numbers = |blocks: &[Block], number: fn(&Code) -> u32| -> Vec<u32> {
            blocks.iter().map(|block| block.code.as_ref().map_or(u32::MAX, number)).collect()
        };
        let trees = self.trees.get_mut(packet.precinct)?.get_or_insert_with(|| {
            let trees = groups.iter().map(|group| Trees {
                first_layers: TagTree::new(group.wide, numbers(blocks(&group.blocks), |code| code.layer.into())),
                zero_planes: TagTree::new(group.wide, numbers(blocks(&group.blocks), |code| code.zero_planes.into())),
            });
            trees.collect()
        });
        let mut bits = BitWriter::default();
        let now = |block: &&Block| block.code.as_ref().is_some_and(|code| code.layer == packet.layer);
        if !groups.iter().any(|group| blocks(&group.blocks).iter().any(|block| now(&block))) {
            bits.bit(false);
            out.extend(bits.finish());
            return Some(());
        }
        bits.bit(true);
        for (group, trees) in groups.iter().zip(trees) {
            for (leaf, block) in blocks(&group.blocks).iter().enumerate() {
                write_code(&mut bits, block, trees, leaf, packet.layer);
            }
        }
        out.extend(bits.finish());
        for block in groups.iter().flat_map(|group| blocks(&group.blocks)).filter(now) {
            out.extend_from_slice(&block.code.as_ref()?.bytes);
        }
        Some(())
    }
}

/// What a packet's header says of a block, if the block has bytes in it.
#[allow(clippy::option_option)]
fn read_code<'a>(
    bits: &mut BitReader,
    block: &Block,
    trees: &mut Trees,
    leaf: usize,
    layer: u16,
) -> Option<Option<Code<'a>>> {
    if block.code.is_some() {
        return if bits.bit()? { None } else { Some(None) };
    }
    if !trees.first_layers.read(bits, leaf, u32::from(layer) + 1)? {
        return Some(None);
    }
    let mut zero_planes = 0;
    while !trees.zero_planes.read(bits, leaf, u32::from(zero_planes) + 1)? {
        zero_planes = Some(zero_planes + 1).filter(|&planes| planes < 64)?;
    }
    let passes = match () {
        () if !bits.bit()? => 1,
        () if !bits.bit()? => 2,
        () if bits.bits(2)? == 0 => 3,
        () => return None,
    };
    let mut width = LENGTH_BITS;
    while bits.bit()? {
        width = Some(width + 1).filter(|&width| width < 32)?;
    }
    let cleanup = bits.bits(width)?;
    let refinement = if passes > 1 { bits.bits(width + u32::from(passes > 2))? } else { 0 };
    Some(Some(Code { layer, passes, zero_planes, lengths: [cleanup, refinement], bytes: Cow::Borrowed(&[]) }))
}

fn write_code(bits: &mut BitWriter, block: &Block, trees: &mut Trees, leaf: usize, layer: u16) {
    match &block.code {
        Some(code) if code.layer < layer => bits.bit(false),
        Some(code) if code.layer == layer => {
            trees.first_layers.write(bits, leaf, u32::from(layer) + 1);
            trees.zero_planes.write(bits, leaf, u32::from(code.zero_planes) + 1);
            code.write_lengths(bits);
        }
        _ => trees.first_layers.write(bits, leaf, u32::from(layer) + 1),
    }
}

impl Code<'_> {
    /// Writes how many passes there are, and their lengths.
    pub fn write_lengths(&self, bits: &mut BitWriter) {
        match self.passes {
            1 => bits.put(0, 1),
            2 => bits.put(0b10, 2),
            _ => bits.put(0b1100, 4),
        }
        let more = u32::from(self.passes > 2);
        let needed = self.lengths.map(|length| 32 - length.leading_zeros());
        let width = needed[0].max(needed[1].saturating_sub(more)).max(LENGTH_BITS);
        (LENGTH_BITS..width).for_each(|_| bits.bit(true));
        bits.bit(false);
        bits.put(self.lengths[0], width);
        if self.passes > 1 {
            bits.put(self.lengths[1], width + more);
        }
    }
}
