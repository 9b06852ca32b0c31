//! Where the image of a frame lies, and what stands around it: bars, margins and panels of a screen capture.
//!
//! It is a proposal for a person, who sees what it leaves out, and proves nothing: text may stand in the image too.
//! Ultrasound regions say it themselves. Elsewhere flat colours are what surrounds, and what is filled with anything else,
//! in both directions higher than a line of text, is the image.

use crate::preview::{Levels, NoPreview, Preview, preview};
use tokumei_codecs::Rect;
use tokumei_dicom::order;
use tokumei_dicom::regions::{Area, outside, outside_regions};
use tokumei_dicom::{Limits, Source, Tag, read};

const ROWS: Tag = Tag(0x0028, 0x0010);
const COLUMNS: Tag = Tag(0x0028, 0x0011);
/// Frames that are looked at: all of a clip have one layout.
const MOST_FRAMES: usize = 16;
/// Cells on the shorter side of a picture, and pixels on the side of a cell.
const CELLS: usize = 64;
const CELL: core::ops::RangeInclusive<usize> = 4..=32;
/// Cells in both directions that text does not fill, but the image does.
const SOLID: usize = 3;
/// Pixels that are looked at for flat colours, about.
const SAMPLES: usize = 1 << 16;
/// A colour is flat from one part in so many of the pixels on.
const FLAT: usize = 50;
/// Steps of a channel within which a colour is the same: what a lossy coding adds beside text.
const NEAR: u8 = 8;
/// Pixels from which on something is written in an area.
const WRITTEN: usize = 8;

/// What stands around the image of a frame.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Around {
    /// Everything outside the image; nothing where no image stands out, or where it fills the frame.
    pub outside: Vec<Rect>,
    /// Those of them in which anything is written.
    pub written: Vec<Rect>,
}

/// Looks for the area that holds the images of all these frames, counted from 0.
pub fn around(source: &dyn Source, frames: &[u32]) -> Result<Around, NoPreview> {
    let regions = of_regions(source)?;
    if !regions.is_empty() {
        return Ok(Around { written: regions.clone(), outside: regions });
    }
    let pictures = frames.iter().take(MOST_FRAMES).map(|&frame| preview(source, frame, Levels::File));
    let pictures =
        pictures.map(|picture| picture.map(|picture| Picture::new(&picture))).collect::<Result<Vec<_>, _>>()?;
    let boxes = pictures.iter().filter_map(Picture::content);
    let Some((first, content)) = pictures.first().zip(boxes.reduce(Bounds::with)) else { return Ok(Around::default()) };
    let (Ok(columns), Ok(rows)) = (u32::try_from(first.columns), u32::try_from(first.rows)) else {
        return Err(NoPreview::TooLarge);
    };
    let outside: Vec<Rect> = outside(columns, rows, &[content.area()]).into_iter().map(rect).collect();
    let is_written = |rect: &&Rect| pictures.iter().any(|p| p.count(Bounds::of(**rect)) >= WRITTEN);
    Ok(Around { written: outside.iter().filter(is_written).copied().collect(), outside })
}

fn of_regions(source: &dyn Source) -> Result<Vec<Rect>, NoPreview> {
    let ds = read::parse(source, &Limits::default()).map_err(|_| NoPreview::NotReadable)?;
    let number = |tag| tokumei_dicom::codestream::native::number(&ds, None, tag).and_then(|n| u32::try_from(n).ok());
    let matrix = number(COLUMNS).zip(number(ROWS));
    Ok(matrix.map_or(Vec::new(), |(columns, rows)| outside_regions(&ds, columns, rows)).into_iter().map(rect).collect())
}

const fn rect(area: Area) -> Rect {
    Rect { x: area.x, y: area.y, width: area.w, height: area.h }
}

/// Columns and rows from the first to behind the last, of pixels or of cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Bounds {
    left: usize,
    top: usize,
    right: usize,
    bottom: usize,
}

impl Bounds {
    const fn of(rect: Rect) -> Self {
        let (left, top) = (rect.x as usize, rect.y as usize);
        Self { left, top, right: left + rect.width as usize, bottom: top + rect.height as usize }
    }

    fn with(self, other: Self) -> Self {
        Self {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }

    /// Of a picture, whose sides fit 32 bits.
    fn area(self) -> Area {
        let [x, y, w, h] = [self.left, self.top, self.right - self.left, self.bottom - self.top]
            .map(|n| u32::try_from(n).unwrap_or(u32::MAX));
        Area { x, y, w, h }
    }
}

/// A picture, and which of its pixels have none of the flat colours.
struct Picture {
    columns: usize,
    rows: usize,
    filled: Vec<bool>,
}

impl Picture {
    fn new(preview: &Preview) -> Self {
        let (columns, rows) = (preview.width as usize, preview.height as usize);
        let colours: Vec<[u8; 3]> =
            preview.rgba.chunks_exact(4).map(|p| p.first_chunk().copied().unwrap_or([0; 3])).collect();
        let flat = flat(&colours, columns);
        let near = |a: &[u8; 3], b: &[u8; 3]| a.iter().zip(b).all(|(a, b)| a.abs_diff(*b) <= NEAR);
        let filled = colours.iter().map(|colour| !flat.iter().any(|one| near(one, colour))).collect();
        Self { columns, rows, filled }
    }

    /// Filled pixels within bounds.
    fn count(&self, within: Bounds) -> usize {
        let rows = self.filled.chunks_exact(self.columns.max(1)).take(within.bottom).skip(within.top);
        rows.map(|row| row.iter().take(within.right).skip(within.left).filter(|filled| **filled).count()).sum()
    }

    /// The smallest rectangle around all that is large and filled; `None` where nothing is.
    fn content(&self) -> Option<Bounds> {
        let side = (self.columns.min(self.rows) / CELLS).clamp(*CELL.start(), *CELL.end());
        let grid = Grid::new(self, side).opened();
        let cells = grid.large()?;
        let pixels = |cell: usize, all: usize| (cell * side).min(all);
        let found = Bounds {
            left: pixels(cells.left, self.columns),
            top: pixels(cells.top, self.rows),
            right: pixels(cells.right, self.columns),
            bottom: pixels(cells.bottom, self.rows),
        };
        Some(self.fitted(found, side))
    }

    /// Moves each edge, from a cell within it outwards, to the last of the lines that are filled.
    fn fitted(&self, found: Bounds, side: usize) -> Bounds {
        let Bounds { left, top, right, bottom } = found;
        let is_filled = |line: Bounds| {
            let length = (line.right - line.left) * (line.bottom - line.top);
            self.count(line) * 16 >= length
        };
        let row = |y: usize| is_filled(Bounds { top: y, bottom: y + 1, ..found });
        let column = |x: usize| is_filled(Bounds { left: x, right: x + 1, ..found });
        let lower = |edge: usize, filled: &dyn Fn(usize) -> bool| {
            let from = edge + side;
            from - (edge.saturating_sub(side)..from).rev().take_while(|&at| filled(at)).count()
        };
        let upper = |edge: usize, all: usize, filled: &dyn Fn(usize) -> bool| {
            let from = edge - side.min(edge);
            from + (from..(edge + side).min(all)).take_while(|&at| filled(at)).count()
        };
        let fitted = Bounds {
            left: lower(left, &column),
            top: lower(top, &row),
            right: upper(right, self.columns, &column),
            bottom: upper(bottom, self.rows, &row),
        };
        if fitted.left < fitted.right && fitted.top < fitted.bottom { fitted } else { found }
    }
}

/// Colours that are constant over areas which together are large.
fn flat(colours: &[[u8; 3]], columns: usize) -> Vec<[u8; 3]> {
    // Odd steps meet every column.
    let step = (colours.len() / SAMPLES) | 1;
    let constant = |at: usize| {
        let colour = colours.get(at)?;
        let above = at.checked_sub(columns + 1)?;
        let same = |from: usize| colours.get(from..from + 3).is_some_and(|three| three.iter().all(|c| c == colour));
        [above, at - 1, at + columns - 1].into_iter().all(same).then_some(*colour)
    };
    let packed = |[r, g, b]: [u8; 3]| u32::from_le_bytes([r, g, b, 0]);
    let mut found: Vec<u32> = (0..colours.len()).step_by(step).filter_map(constant).map(packed).collect();
    order::sort(&mut found);
    let least = colours.len() / step / FLAT;
    let large = found.chunk_by(|a, b| a == b).filter(|run| run.len() > least).filter_map(<[u32]>::first);
    large.filter_map(|colour| colour.to_le_bytes().first_chunk().copied()).collect()
}

/// Cells of a picture that are filled by half at least.
struct Grid {
    columns: usize,
    rows: usize,
    cells: Vec<bool>,
}

impl Grid {
    fn new(picture: &Picture, side: usize) -> Self {
        let (columns, rows) = (picture.columns.div_ceil(side), picture.rows.div_ceil(side));
        let cell = |i: usize| {
            let (left, top) = (i % columns * side, i / columns * side);
            let (right, bottom) = ((left + side).min(picture.columns), (top + side).min(picture.rows));
            2 * picture.count(Bounds { left, top, right, bottom }) >= (right - left) * (bottom - top)
        };
        Self { columns, rows, cells: (0..columns * rows).map(cell).collect() }
    }

    /// Only what lies in a solid square of cells stays.
    fn opened(&self) -> Self {
        let mut cells = vec![false; self.cells.len()];
        for row in 0..(self.rows + 1).saturating_sub(SOLID) {
            for column in 0..(self.columns + 1).saturating_sub(SOLID) {
                let lines = (row..row + SOLID).map(|r| r * self.columns + column).map(|at| at..at + SOLID);
                let solid = |line: core::ops::Range<usize>| self.cells.get(line).is_some_and(|l| l.iter().all(|c| *c));
                if lines.clone().all(solid) {
                    lines.for_each(|line| cells.get_mut(line).unwrap_or_default().fill(true));
                }
            }
        }
        Self { cells, ..*self }
    }

    /// Around the largest connected part and those that are at least a tenth of it.
    fn large(mut self) -> Option<Bounds> {
        let mut parts = Vec::new();
        for first in 0..self.cells.len() {
            if self.cells.get(first) == Some(&true) {
                parts.push(self.take(first));
            }
        }
        let largest = parts.iter().map(|(count, _)| *count).max()?;
        parts.into_iter().filter(|(count, _)| count * 10 >= largest).map(|(_, bounds)| bounds).reduce(Bounds::with)
    }

    /// Takes the part of a cell out; its size and bounds.
    fn take(&mut self, first: usize) -> (usize, Bounds) {
        let mut bounds = self.bounds(first);
        let (mut count, mut open) = (0, vec![first]);
        while let Some(at) = open.pop() {
            if !self.cells.get_mut(at).is_some_and(core::mem::take) {
                continue;
            }
            count += 1;
            let cell = self.bounds(at);
            bounds = bounds.with(cell);
            open.extend(at.checked_sub(1).filter(|_| cell.left > 0));
            open.extend((cell.right < self.columns).then_some(at + 1));
            open.extend(at.checked_sub(self.columns));
            open.push(at + self.columns);
        }
        (count, bounds)
    }

    const fn bounds(&self, at: usize) -> Bounds {
        let (left, top) = (at % self.columns, at / self.columns);
        Bounds { left, top, right: left + 1, bottom: top + 1 }
    }
}
