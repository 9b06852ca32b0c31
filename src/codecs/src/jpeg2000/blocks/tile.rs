//! A tile: its components, their bands, and the blocks of these (T.800 B.5 to B.7).

use super::area::Area;
use super::block::{Block, Coding};
use super::parameters::Parameters;
use super::wavelet::Plane;
use core::ops::Range;

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
    pub coding: Coding,
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
    pub coding: Coding,
}

/// A layer of a precinct.
#[derive(Clone, Copy)]
pub struct Packet {
    pub precinct: usize,
    pub layer: u16,
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

    /// Whether all of its blocks can be read.
    pub fn is_readable(&self) -> bool {
        self.components.iter().flatten().all(|band| {
            let blocks = self.blocks.get(band.blocks.clone()).unwrap_or_default();
            blocks.iter().all(|block| block.is_readable(band.coding))
        })
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
            let coding = parameters.coding(component, bands.len())?;
            let start = self.blocks.len();
            let sides = sides.map(|side| side - halved);
            let block = [0, 1].map(|at| parameters.block[at].min(sides[at]));
            let mut precinct = first;
            for row in rows.clone() {
                for column in columns.clone() {
                    let group = self.add_blocks(area.meet(Area::cell(column, row, sides)), block, coding)?;
                    self.precincts.get_mut(precinct)?.groups.push(group);
                    precinct += 1;
                }
            }
            bands.push(Band { area, coding, blocks: start..self.blocks.len() });
        }
        Some(())
    }

    fn add_blocks(&mut self, area: Area, sides: [u8; 2], coding: Coding) -> Option<Group> {
        let start = self.blocks.len();
        if area.is_empty() {
            return Some(Group { blocks: start..start, wide: 0, coding });
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
        Some(Group { blocks: start..self.blocks.len(), wide, coding })
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
