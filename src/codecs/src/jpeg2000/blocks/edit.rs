//! A rectangle of a tile-component made constant: which coefficients that changes, and to what.

use super::area::Area;
use super::tile::{Block, Tile, decomposed};
use super::wavelet::Plane;

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
            (filled.y.from..filled.y.to).for_each(|y| plane.row_mut(filled, y).fill(level));
        }
        let mut next = planes.into_iter().peekable();
        for (level, whole) in wholes.iter().enumerate() {
            let mut plane = next.next()?;
            let Some(smaller) = next.peek_mut() else {
                return self.write_band(component, 0, touched[level], |x, y| plane.samples[plane.area.index(x, y)]);
            };
            plane.forward(*whole);
            let area = touched[level + 1];
            for y in area.y.from..area.y.to {
                for (x, sample) in (area.x.from..).zip(smaller.row_mut(area, y)) {
                    *sample = plane.samples[plane.area.index(2 * x, 2 * y)];
                }
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
        self.read_band(component, 0, smallest, |x, y, value| plane.samples[smallest.index(x, y)] = value)?;
        let mut planes = vec![plane];
        for (level, &(needed, source)) in parts.iter().enumerate().rev() {
            let mut plane = Plane::new(source);
            let mut put = |odd: [bool; 2], x: u32, y: u32, value: i32| {
                plane.samples[source.index(2 * x + u32::from(odd[0]), 2 * y + u32::from(odd[1]))] = value;
            };
            let low = source.band(LOW);
            for (y, row) in planes.last()?.rows(low) {
                (low.x.from..).zip(row).for_each(|(x, value)| put(LOW, x, y, *value));
            }
            for (kind, odd) in HIGH_BANDS.into_iter().enumerate() {
                let band = 3 * (parts.len() - level) - 2 + kind;
                self.read_band(component, band, source.band(odd), |x, y, value| put(odd, x, y, value))?;
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
    ) -> Option<(u8, impl Iterator<Item = &mut Block<'a>>)> {
        let band = self.components.get(component)?.get(band)?;
        let blocks = self.blocks.get_mut(band.blocks.clone())?;
        Some((band.planes, blocks.iter_mut().filter(move |block| !block.area.meet(area).is_empty())))
    }

    pub fn read_band(
        &mut self,
        component: usize,
        band: usize,
        area: Area,
        mut put: impl FnMut(u32, u32, i32),
    ) -> Option<()> {
        let (planes, blocks) = self.blocks_in(component, band, area)?;
        for block in blocks {
            let (whole, part) = (block.area, block.area.meet(area));
            let values = block.read(planes)?;
            for y in part.y.from..part.y.to {
                let row = values.get(whole.index(part.x.from, y)..)?;
                (part.x.from..part.x.to).zip(row).for_each(|(x, value)| put(x, y, *value));
            }
        }
        Some(())
    }

    /// Takes from interleaved coefficients those of a resolution's three bands that change with an area.
    pub fn write_high_bands(&mut self, component: usize, resolution: usize, plane: &Plane, area: Area) -> Option<()> {
        for (kind, [right, lower]) in HIGH_BANDS.into_iter().enumerate() {
            let band = 3 * resolution - 2 + kind;
            let part = area.touched([right, lower]).meet(self.components.get(component)?.get(band)?.area);
            let (right, lower) = (u32::from(right), u32::from(lower));
            self.write_band(component, band, part, |x, y| {
                plane.samples[plane.area.index(2 * x + right, 2 * y + lower)]
            })?;
        }
        Some(())
    }

    pub fn write_band(
        &mut self,
        component: usize,
        band: usize,
        area: Area,
        at: impl Fn(u32, u32) -> i32,
    ) -> Option<()> {
        let (planes, blocks) = self.blocks_in(component, band, area)?;
        for block in blocks {
            let (whole, part) = (block.area, block.area.meet(area));
            let values = block.read(planes)?;
            let mut changed = false;
            for y in part.y.from..part.y.to {
                let row = values.get_mut(whole.index(part.x.from, y)..)?;
                for (x, value) in (part.x.from..part.x.to).zip(row) {
                    changed |= core::mem::replace(value, at(x, y)) != at(x, y);
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
                block.encode(band.planes)?;
            }
        }
        Some(())
    }
}
