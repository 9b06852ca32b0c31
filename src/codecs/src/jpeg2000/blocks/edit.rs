//! A rectangle of a tile-component made constant: which coefficients that changes, and to what.

use super::area::Area;
use super::block::{Block, Coding};
use super::tile::{Tile, decomposed};
use super::wavelet::{Place, Plane};

/// Samples beyond a part that the wavelet needs on both sides: of coefficients to write, and of samples to read.
const FORWARD_REACH: u32 = 4;
const INVERSE_REACH: u32 = 2;
/// Samples around a rectangle that are compared in the end; at least what the wavelet needs.
const MARGIN: u32 = 16;

/// The bands of a decomposition, by whether their coordinates are the odd ones.
const HIGH_BANDS: [[bool; 2]; 3] = [[true, false], [false, true], [true, true]];
const LOW: [bool; 2] = [false; 2];

impl<'a> Tile<'a> {
    /// Sets the samples of a rectangle to a level; both as the wavelet has them, without the shift of unsigned samples and
    /// after the colour transform. None where a block can't be read, or not to its last bit.
    pub fn fill(&mut self, component: usize, rect: Area, level: i32) -> Option<()> {
        let levels = self.components.get(component)?.len() / 3;
        let wholes = decomposed(self.area, u8::try_from(levels).ok()?);
        let touched: Vec<Area> = wholes
            .iter()
            .scan(rect, |touched, whole| {
                let now = touched.meet(*whole);
                *touched = now.touched(LOW);
                Some(now)
            })
            .collect();
        let mut planes = self.inverse(component, &wholes, rect.grown(MARGIN), &touched)?;
        let image = planes.first_mut()?;
        let later = (component, image.clone());
        self.meant.push(later);
        let before = self.meant.iter_mut().filter(|(of, _)| *of == component).map(|(_, plane)| plane);
        for plane in before.chain([image]) {
            let filled = rect.meet(plane.area);
            filled.rows().for_each(|y| plane.row_mut(filled, y).fill(level));
        }
        let mut next = planes.into_iter().peekable();
        for (level, whole) in wholes.iter().enumerate() {
            let mut plane = next.next()?;
            let Some(smaller) = next.peek_mut() else {
                return self.write_band(component, 0, touched[level], &plane, Place::Alone);
            };
            plane.forward(*whole);
            let area = touched[level + 1];
            for y in area.rows() {
                let row = smaller.row_mut(area, y).iter_mut();
                row.zip(plane.band_row(Place::Among(LOW), area.x.from, y)).for_each(|(sample, low)| *sample = *low);
            }
            self.write_high_bands(component, levels - level, &plane, touched[level])?;
        }
        Some(())
    }

    /// Samples of a part of a tile-component, as the wavelet has them.
    pub fn samples(&mut self, component: usize, area: Area) -> Option<Plane> {
        let levels = self.components.get(component)?.len() / 3;
        let wholes = decomposed(self.area, u8::try_from(levels).ok()?);
        // As if nothing were to be made anew, but for the part itself.
        let parts = self.inverse(component, &wholes, area, &[])?;
        parts.into_iter().next()
    }

    /// The parts of each resolution that are needed to make its touched coefficients anew, the largest first.
    fn inverse(&mut self, component: usize, wholes: &[Area], area: Area, touched: &[Area]) -> Option<Vec<Plane>> {
        // By resolution: what is needed, and the coefficients that it comes from.
        let mut parts = Vec::new();
        let mut needed = area;
        for (level, whole) in wholes.iter().enumerate() {
            needed = needed.meet(*whole);
            let source = needed.grown(INVERSE_REACH).meet(*whole);
            parts.push((needed, source));
            let below = touched.get(level + 1).filter(|area| !area.is_empty());
            needed = source.band(LOW).hull(below.map_or(source.band(LOW), |area| area.grown(FORWARD_REACH)));
        }
        let (smallest, _) = parts.pop()?;
        let mut plane = Plane::new(smallest);
        self.read_band(component, 0, &mut plane, Place::Alone)?;
        let mut planes = vec![plane];
        for (level, &(needed, source)) in parts.iter().enumerate().rev() {
            let mut plane = Plane::new(source);
            let low = source.band(LOW);
            for (y, row) in planes.last()?.rows(low) {
                let into = plane.band_row_mut(Place::Among(LOW), low.x.from, y);
                into.zip(row).for_each(|(sample, low)| *sample = *low);
            }
            for (kind, odd) in HIGH_BANDS.into_iter().enumerate() {
                self.read_band(component, 3 * (parts.len() - level) - 2 + kind, &mut plane, Place::Among(odd))?;
            }
            plane.inverse(*wholes.get(level)?);
            planes.push(plane.cut(needed));
        }
        planes.reverse();
        Some(planes)
    }

    /// The blocks of a band that hold a part of an area.
    fn blocks_in(
        &mut self,
        component: usize,
        band: usize,
        area: Area,
    ) -> Option<(Coding, impl Iterator<Item = &mut Block<'a>>)> {
        let band = self.components.get(component)?.get(band)?;
        let blocks = self.blocks.get_mut(band.blocks.clone())?;
        Some((band.coding, blocks.iter_mut().filter(move |block| !block.area.meet(area).is_empty())))
    }

    /// Reads the coefficients of a band that belong into a plane.
    pub fn read_band(&mut self, component: usize, band: usize, plane: &mut Plane, at: Place) -> Option<()> {
        let area = match at {
            Place::Alone => plane.area,
            Place::Among(odd) => plane.area.band(odd),
        };
        let (coding, blocks) = self.blocks_in(component, band, area)?;
        for block in blocks {
            let (whole, part) = (block.area, block.area.meet(area));
            let values = block.read(coding)?;
            for y in part.rows() {
                let row = values.get(whole.index(part.x.from, y)..)?.get(..part.x.len())?;
                plane.band_row_mut(at, part.x.from, y).zip(row).for_each(|(sample, value)| *sample = *value);
            }
        }
        Some(())
    }

    /// Takes from interleaved coefficients those of a resolution's three bands that change with an area.
    pub fn write_high_bands(&mut self, component: usize, resolution: usize, plane: &Plane, area: Area) -> Option<()> {
        for (kind, odd) in HIGH_BANDS.into_iter().enumerate() {
            let band = 3 * resolution - 2 + kind;
            let part = area.touched(odd).meet(self.components.get(component)?.get(band)?.area);
            self.write_band(component, band, part, plane, Place::Among(odd))?;
        }
        Some(())
    }

    /// Takes the coefficients of an area of a band from a plane.
    pub fn write_band(&mut self, component: usize, band: usize, area: Area, plane: &Plane, at: Place) -> Option<()> {
        let (coding, blocks) = self.blocks_in(component, band, area)?;
        for block in blocks {
            let (whole, part) = (block.area, block.area.meet(area));
            let values = block.read(coding)?;
            let mut changed = false;
            for y in part.rows() {
                let row = values.get_mut(whole.index(part.x.from, y)..)?.get_mut(..part.x.len())?;
                for (value, new) in row.iter_mut().zip(plane.band_row(at, part.x.from, y)) {
                    changed |= value != new;
                    *value = *new;
                }
            }
            block.changed |= changed;
        }
        Some(())
    }

    /// Writes the blocks that changed, and reads them back.
    pub fn encode(&mut self) -> Option<()> {
        for band in self.components.iter().flatten() {
            for block in self.blocks.get_mut(band.blocks.clone())?.iter_mut().filter(|block| block.changed) {
                block.encode(band.coding)?;
            }
        }
        Some(())
    }
}
