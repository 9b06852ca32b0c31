//! A tile: its components, their bands, and the blocks of these (T.800 B.5 to B.7).

use super::area::Area;
use super::ht;
use super::parameters::Parameters;
use super::wavelet::Plane;
use core::ops::Range;
use std::borrow::Cow;

/// Blocks and precincts of a tile, packets of a tile.
const MOST: usize = 1 << 20;

/// A tile, its blocks band by band.
pub struct Tile<'a> {
    pub area: Area,
    /// By component; bands from the smallest resolution on: LL, then HL, LH, HH of each.
    pub components: Vec<Vec<Band>>,
    pub precincts: Vec<Precinct>,
    pub blocks: Vec<Block<'a>>,
    pub packets: Vec<Packet>,
    /// By component, what parts of it come to once their rectangles are filled.
    pub meant: Vec<(usize, Plane)>,
}

/// A band.
pub struct Band {
    pub area: Area,
    /// Bits of the longest magnitude.
    pub planes: u8,
    /// Its blocks.
    pub blocks: Range<usize>,
}

/// What a packet holds a layer of.
pub struct Precinct {
    component: usize,
    resolution: u8,
    /// Row and column on the reference grid, by which packets are ordered.
    place: [u64; 2],
    /// Its parts in the bands.
    pub groups: Vec<Group>,
}

impl Precinct {
    /// By which packets are ordered.
    fn key(&self, progression: u8, index: u64, layer: u64) -> [u64; 5] {
        let (resolution, component, [row, column]) = (self.resolution.into(), self.component as u64, self.place);
        match progression {
            0 => [layer, resolution, component, index, 0],
            1 => [resolution, layer, component, index, 0],
            2 => [resolution, row, column, component, layer],
            3 => [row, column, component, resolution, layer],
            _ => [component, row, column, resolution, layer],
        }
    }
}

/// Blocks of a precinct in one band, row by row.
pub struct Group {
    pub blocks: Range<usize>,
    pub wide: usize,
    /// Bits of the longest magnitude.
    pub planes: u8,
}

/// A layer of a precinct.
#[derive(Clone, Copy)]
pub struct Packet {
    pub precinct: usize,
    pub layer: u16,
}

/// A code-block.
pub struct Block<'a> {
    pub area: Area,
    /// None where all coefficients are zero.
    pub code: Option<Code<'a>>,
    /// Once they were asked for, row by row.
    pub coefficients: Option<Vec<i32>>,
    pub changed: bool,
}

/// The bytes of a block, all in one layer, and what the packet's header says of them.
#[derive(PartialEq, Eq)]
pub struct Code<'a> {
    pub layer: u16,
    pub passes: u8,
    pub zero_planes: u8,
    /// Of the cleanup pass, and of those that refine it.
    pub lengths: [u32; 2],
    pub bytes: Cow<'a, [u8]>,
}

impl Tile<'_> {
    /// None where it would have too many parts.
    pub fn new(parameters: &Parameters, index: u32) -> Option<Self> {
        let area = parameters.tile(index)?;
        let mut tile = Self {
            area,
            components: Vec::new(),
            precincts: Vec::new(),
            blocks: Vec::new(),
            packets: Vec::new(),
            meant: Vec::new(),
        };
        for component in 0..parameters.components {
            let mut bands = Vec::new();
            let areas = decomposed(area, parameters.levels);
            for resolution in 0..=parameters.levels {
                tile.add_resolution(parameters, component, resolution, &areas, &mut bands)?;
            }
            tile.components.push(bands);
        }
        tile.packets = order(&tile.precincts, parameters)?;
        Some(tile)
    }

    fn add_resolution(
        &mut self,
        parameters: &Parameters,
        component: usize,
        resolution: u8,
        areas: &[Area],
        bands: &mut Vec<Band>,
    ) -> Option<()> {
        let level = parameters.levels - resolution;
        let area = *areas.get(usize::from(level))?;
        let sides = parameters.precinct(resolution);
        let (columns, rows) = area.cells(sides);
        let first = self.precincts.len();
        if columns.len().checked_mul(rows.len())?.checked_add(first)? > MOST {
            return None;
        }
        let place = |at: u32, side: u8, start: u32| (u64::from(at) << (side + level)).max(u64::from(start));
        for row in rows.clone() {
            for column in columns.clone() {
                let place = [place(row, sides[1], self.area.y.from), place(column, sides[0], self.area.x.from)];
                self.precincts.push(Precinct { component, resolution, place, groups: Vec::new() });
            }
        }
        let (kinds, halved): (&[[bool; 2]], u8) =
            if resolution == 0 { (&[[false, false]], 0) } else { (&[[true, false], [false, true], [true, true]], 1) };
        for &odd in kinds {
            let area = if resolution == 0 { area } else { areas.get(usize::from(level))?.band(odd) };
            let planes = parameters.planes(component, bands.len())?;
            let start = self.blocks.len();
            let sides = sides.map(|side| side - halved);
            let block = [0, 1].map(|at| parameters.block[at].min(sides[at]));
            let mut precinct = first;
            for row in rows.clone() {
                for column in columns.clone() {
                    let group = self.add_blocks(area.meet(Area::cell(column, row, sides)), block, planes)?;
                    self.precincts.get_mut(precinct)?.groups.push(group);
                    precinct += 1;
                }
            }
            bands.push(Band { area, planes, blocks: start..self.blocks.len() });
        }
        Some(())
    }

    fn add_blocks(&mut self, area: Area, sides: [u8; 2], planes: u8) -> Option<Group> {
        let start = self.blocks.len();
        if area.is_empty() {
            return Some(Group { blocks: start..start, wide: 0, planes });
        }
        let (columns, rows) = area.cells(sides);
        if columns.len().checked_mul(rows.len())?.checked_add(start)? > MOST {
            return None;
        }
        let wide = columns.len();
        for row in rows {
            for column in columns.clone() {
                let area = area.meet(Area::cell(column, row, sides));
                self.blocks.push(Block { area, code: None, coefficients: None, changed: false });
            }
        }
        Some(Group { blocks: start..self.blocks.len(), wide, planes })
    }
}

/// A tile-component at each of its resolutions, the largest first.
pub fn decomposed(area: Area, levels: u8) -> Vec<Area> {
    let next = |area: &Area| Some(area.band([false; 2]));
    core::iter::successors(Some(area), next).take(usize::from(levels) + 1).collect()
}

/// The packets as they come (T.800 B.12).
fn order(precincts: &[Precinct], parameters: &Parameters) -> Option<Vec<Packet>> {
    if precincts.len().checked_mul(usize::from(parameters.layers))? > MOST {
        return None;
    }
    let all = precincts.iter().enumerate();
    let packets = all.flat_map(|(index, precinct)| {
        (0..parameters.layers).map(move |layer| {
            let key = precinct.key(parameters.progression, index as u64, layer.into());
            (key, Packet { precinct: index, layer })
        })
    });
    let mut packets: Vec<([u64; 5], Packet)> = packets.collect();
    packets.sort_unstable_by_key(|(key, _)| *key);
    Some(packets.into_iter().map(|(_, packet)| packet).collect())
}

impl Block<'_> {
    /// Its coefficients. None where they can't be read, or not to the last bit.
    pub fn read(&mut self, planes: u8) -> Option<&mut Vec<i32>> {
        if self.coefficients.is_none() {
            let (wide, high) = (self.area.x.len(), self.area.y.len());
            self.coefficients = Some(match &self.code {
                None => vec![0; wide * high],
                Some(code) if code.passes == 1 && code.zero_planes + 1 == planes => {
                    ht::decode(&code.bytes, wide, high, u32::from(planes))?
                }
                Some(_) => return None,
            });
        }
        self.coefficients.as_mut()
    }

    /// Whether its cleanup pass can be read; blocks that were read can.
    pub fn is_readable(&self) -> bool {
        let Some(code) = self.code.as_ref().filter(|_| self.coefficients.is_none()) else { return true };
        let cleanup = code.bytes.get(..code.lengths[0] as usize).unwrap_or_default();
        let (wide, high) = (self.area.x.len(), self.area.y.len());
        ht::decode(cleanup, wide, high, u32::from(code.zero_planes) + 1).is_some()
    }

    /// Writes its coefficients, in the layer in which it was.
    pub fn encode(&mut self, planes: u8) -> Option<()> {
        let coefficients = self.coefficients.as_ref()?;
        let layer = self.code.as_ref().map_or(0, |code| code.layer);
        self.code = None;
        if coefficients.iter().all(|coefficient| *coefficient == 0) {
            return Some(());
        }
        let (wide, high) = (self.area.x.len(), self.area.y.len());
        let bytes = ht::encode(coefficients, wide, u32::from(planes))?;
        if ht::decode(&bytes, wide, high, u32::from(planes)).as_ref() != Some(coefficients) {
            return None;
        }
        let lengths = [u32::try_from(bytes.len()).ok()?, 0];
        self.code = Some(Code { layer, passes: 1, zero_planes: planes - 1, lengths, bytes: Cow::Owned(bytes) });
        Some(())
    }
}
