//! Packets: which blocks of a precinct have bytes in a layer, and the bytes (T.800 B.9, B.10; T.814 B.3).

use super::bits::{BitReader, BitWriter};
use super::block::{Block, Code, Kind, Share};
use super::tag_tree::TagTree;
use super::tile::{Group, Packet, Tile};
use std::borrow::Cow;

/// Bits of a length when nothing was said of it.
const LENGTH_BITS: u32 = 3;

/// SOP with its length, before the number of the packet; EPH (T.800 A.8).
const SOP: [u8; 4] = [0xFF, 0x91, 0, 4];
const EPH: [u8; 2] = [0xFF, 0x92];

/// Markers around packets.
#[derive(Debug, Clone, Copy, Default)]
pub struct Markers {
    pub before: bool,
    pub after_header: bool,
}

/// In which layer the blocks of a precinct's part in a band come first, and how many of their bits are zero.
struct Trees {
    first_layers: TagTree,
    zero_planes: TagTree,
    /// By block, bits of lengths beyond the usual ones.
    longer: Vec<u32>,
}

/// The packets of a tile, one after another.
pub struct Packets {
    markers: Markers,
    next: usize,
    /// By precinct, once one of its packets was met.
    trees: Vec<Option<Vec<Trees>>>,
}

impl Packets {
    pub fn new(markers: Markers) -> Self {
        Self { markers, next: 0, trees: Vec::new() }
    }

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

    /// Reads the next packet; what follows it. None also where a block has what its kind can't have.
    pub fn read<'a>(&mut self, tile: &mut Tile<'a>, bytes: &'a [u8]) -> Option<&'a [u8]> {
        let packet = self.advance(tile)?;
        let marked = bytes.strip_prefix(&SOP).filter(|_| self.markers.before);
        let mut bits = BitReader::new(marked.map_or(Some(bytes), |rest| rest.get(2..))?);
        let mut met = Vec::new();
        if bits.bit()? {
            let groups = &tile.precincts.get(packet.precinct)?.groups;
            let unknown = |group: &Group| {
                let (wide, count) = (group.wide, group.blocks.len());
                let tree = || TagTree::unknown(wide, count);
                Trees { first_layers: tree(), zero_planes: tree(), longer: vec![0; count] }
            };
            let trees = self.trees.get_mut(packet.precinct)?;
            let trees = trees.get_or_insert_with(|| groups.iter().map(unknown).collect());
            for (group, trees) in groups.iter().zip(trees) {
                for (leaf, at) in group.blocks.clone().enumerate() {
                    let block = tile.blocks.get_mut(at)?;
                    if read_share(&mut bits, block, trees, leaf, packet.layer, group.coding.kind)? {
                        met.push((at, group.coding));
                    }
                }
            }
        }
        let mut rest = bits.rest()?;
        if self.markers.after_header {
            rest = rest.strip_prefix(&EPH).unwrap_or(rest);
        }
        for (at, coding) in met {
            let code = tile.blocks.get_mut(at)?.code.as_mut()?;
            let share = code.shares.last_mut()?;
            let length = share.lengths.iter().try_fold(0_usize, |sum, length| sum.checked_add(*length as usize))?;
            let (bytes, after) = rest.split_at_checked(length)?;
            share.bytes = Cow::Borrowed(bytes);
            if !code.is_possible(coding) {
                return None;
            }
            rest = after;
        }
        Some(rest)
    }

    /// Writes the next packet.
    pub fn write(&mut self, tile: &Tile, out: &mut Vec<u8>) -> Option<()> {
        if self.markers.before {
            out.extend(SOP);
            out.extend(self.next.to_be_bytes().last_chunk::<2>()?);
        }
        let packet = self.advance(tile)?;
        let groups = &tile.precincts.get(packet.precinct)?.groups;
        let blocks = |group: &Group| tile.blocks.get(group.blocks.clone()).unwrap_or_default();
        let known = |group: &Group| {
            let tree = |number: fn(&Code) -> u32| {
                let numbers = blocks(group).iter().map(|block| block.code.as_ref().map_or(u32::MAX, number));
                TagTree::new(group.wide, numbers.collect())
            };
            Trees {
                first_layers: tree(|code| code.layer().into()),
                zero_planes: tree(|code| code.zero_planes.into()),
                longer: vec![0; group.blocks.len()],
            }
        };
        let trees = self.trees.get_mut(packet.precinct)?;
        let trees = trees.get_or_insert_with(|| groups.iter().map(known).collect());
        let mut bits = BitWriter::default();
        let shares = || groups.iter().flat_map(blocks).filter_map(|block| share_of(block, packet.layer));
        let is_filled = shares().next().is_some();
        bits.bit(is_filled);
        for (group, trees) in groups.iter().zip(trees).filter(|_| is_filled) {
            for (leaf, block) in blocks(group).iter().enumerate() {
                write_share(&mut bits, block, trees, leaf, packet.layer, group.coding.kind)?;
            }
        }
        out.extend(bits.finish());
        if self.markers.after_header {
            out.extend(EPH);
        }
        shares().for_each(|share| out.extend_from_slice(&share.bytes));
        Some(())
    }
}

fn share_of<'a>(block: &'a Block, layer: u16) -> Option<&'a Share<'a>> {
    block.code.as_ref()?.shares.iter().find(|share| share.layer == layer)
}

/// What a packet's header says of a block; whether the block has bytes in it.
fn read_share(
    bits: &mut BitReader,
    block: &mut Block,
    trees: &mut Trees,
    leaf: usize,
    layer: u16,
    kind: Kind,
) -> Option<bool> {
    let is_new = block.code.is_none();
    let is_met = if is_new { trees.first_layers.read(bits, leaf, u32::from(layer) + 1)? } else { bits.bit()? };
    if !is_met {
        return Some(false);
    }
    if is_new {
        let mut zero_planes = 0;
        while !trees.zero_planes.read(bits, leaf, u32::from(zero_planes) + 1)? {
            zero_planes = Some(zero_planes + 1).filter(|&planes| planes < 64)?;
        }
        block.code = Some(Code { zero_planes, shares: Vec::new() });
    }
    let code = block.code.as_mut()?;
    let passes = read_passes(bits)?;
    let longer = trees.longer.get_mut(leaf)?;
    while bits.bit()? {
        *longer = Some(*longer + 1).filter(|&longer| longer < 32 - LENGTH_BITS)?;
    }
    let mut lengths = Vec::new();
    for piece in kind.pieces(code.passes(), passes) {
        let width = LENGTH_BITS + *longer + piece.ilog2();
        lengths.push(bits.bits(Some(width).filter(|&width| width <= 32)?)?);
    }
    code.shares.push(Share { layer, passes, lengths, bytes: Cow::Borrowed(&[]) });
    Some(true)
}

/// How many passes there are (T.800 table B.4).
fn read_passes(bits: &mut BitReader) -> Option<usize> {
    for (first, width) in [(1, 0), (2, 0), (3, 2), (6, 5), (37, 7)] {
        // All ones: more than that.
        let number = if width == 0 { u32::from(bits.bit()?) } else { bits.bits(width)? };
        if first == 37 || number < (1 << width.max(1)) - 1 {
            return Some(first + number as usize);
        }
    }
    None
}

fn write_share(
    bits: &mut BitWriter,
    block: &Block,
    trees: &mut Trees,
    leaf: usize,
    layer: u16,
    kind: Kind,
) -> Option<()> {
    let share = share_of(block, layer);
    match &block.code {
        Some(code) if code.layer() < layer => bits.bit(share.is_some()),
        _ => trees.first_layers.write(bits, leaf, u32::from(layer) + 1),
    }
    if let (Some(code), Some(share)) = (&block.code, share) {
        if code.layer() == layer {
            trees.zero_planes.write(bits, leaf, u32::from(code.zero_planes) + 1);
        }
        let before = code.shares.iter().take_while(|share| share.layer < layer).map(|share| share.passes).sum();
        put_share(bits, share, kind, before, trees.longer.get_mut(leaf)?);
    }
    Some(())
}

/// Writes how many passes follow others, and the lengths of their pieces.
pub fn put_share(bits: &mut BitWriter, share: &Share, kind: Kind, before: usize, longer: &mut u32) {
    let passes = u32::try_from(share.passes).unwrap_or(0);
    match passes {
        0 | 1 => bits.put(0, 1),
        2 => bits.put(0b10, 2),
        3..=5 => bits.put(0b1100 | (passes - 3), 4),
        6..=36 => bits.put(0b1111 << 5 | (passes - 6), 9),
        _ => bits.put(0x1FF << 7 | (passes - 37), 16),
    }
    let pieces = || kind.pieces(before, share.passes).map(usize::ilog2).zip(&share.lengths);
    let needed = pieces().map(|(more, length)| (32 - length.leading_zeros()).saturating_sub(LENGTH_BITS + more));
    let needed = needed.fold(*longer, u32::max);
    (*longer..needed).for_each(|_| bits.bit(true));
    *longer = needed;
    bits.bit(false);
    pieces().for_each(|(more, length)| bits.put(*length, LENGTH_BITS + needed + more));
}
