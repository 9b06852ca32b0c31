//! Ultrasound regions, and what lies outside them (PS3.3 C.8.5.5).

use crate::order;
use crate::{DataSet, Encoding, Tag};

const REGIONS: Tag = Tag(0x0018, 0x6011);
/// Region Location Min X0, Min Y0, Max X1, Max Y1: maxima are inside.
const REGION: [Tag; 4] = [Tag(0x0018, 0x6018), Tag(0x0018, 0x601A), Tag(0x0018, 0x601C), Tag(0x0018, 0x601E)];
/// More regions than any device writes.
const MOST_REGIONS: usize = 64;

/// A rectangle in pixels of the stored matrix, from its upper left corner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Area {
    /// Columns to the left of it.
    pub x: u32,
    /// Rows above it.
    pub y: u32,
    /// Columns in it.
    pub w: u32,
    /// Rows in it.
    pub h: u32,
}

impl Area {
    /// The part of it that lies in a matrix.
    pub fn within(self, columns: u32, rows: u32) -> Option<Self> {
        let w = self.w.min(columns.checked_sub(self.x)?);
        let h = self.h.min(rows.checked_sub(self.y)?);
        (w > 0 && h > 0).then_some(Self { w, h, ..self })
    }
}

/// What lies in the matrix outside all ultrasound regions; nothing where there are no regions or they cannot be so.
pub fn outside_regions(ds: &DataSet, columns: u32, rows: u32) -> Vec<Area> {
    let Some(sequence) = ds.find(None, REGIONS) else { return Vec::new() };
    let regions: Option<Vec<Area>> =
        ds.children(Some(sequence)).take(MOST_REGIONS + 1).map(|item| region(ds, item, columns, rows)).collect();
    match regions {
        Some(regions) if (1..=MOST_REGIONS).contains(&regions.len()) => outside(columns, rows, &regions),
        _ => Vec::new(),
    }
}

fn region(ds: &DataSet, item: u32, columns: u32, rows: u32) -> Option<Area> {
    let number = |tag| {
        let index = ds.find(Some(item), tag)?;
        let bytes: [u8; 4] = ds.value(index)?.try_into().ok()?;
        let big = ds.node(index)?.encoding == Encoding::ExplicitBe;
        Some(if big { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) })
    };
    let [left, top, right, bottom] = REGION.map(number);
    let (x, y) = (left?, top?);
    let side = |from: u32, to: u32| to.checked_sub(from)?.checked_add(1);
    Area { x, y, w: side(x, right?)?, h: side(y, bottom?)? }.within(columns, rows)
}

/// What no rectangle of a matrix covers: bands between the edges of the rectangles, which lie in it.
pub fn outside(columns: u32, rows: u32, regions: &[Area]) -> Vec<Area> {
    let mut edges: Vec<u32> = regions.iter().flat_map(|r| [r.y, r.y + r.h]).chain([0, rows]).collect();
    order::sort(&mut edges);
    edges.dedup();
    let mut out: Vec<Area> = Vec::new();
    for band in edges.windows(2) {
        let &[top, bottom] = band else { continue };
        let mut inside: Vec<(u32, u32)> =
            regions.iter().filter(|r| r.y <= top && bottom <= r.y + r.h).map(|r| (r.x, r.x + r.w)).collect();
        order::sort(&mut inside);
        let mut at = 0;
        for (from, to) in inside.into_iter().chain([(columns, columns)]) {
            if from > at {
                push(&mut out, Area { x: at, y: top, w: from - at, h: bottom - top });
            }
            at = at.max(to);
        }
    }
    out
}

/// Adds an area, or makes one that ends where it begins longer.
fn push(out: &mut Vec<Area>, area: Area) {
    match out.iter_mut().find(|a| a.x == area.x && a.w == area.w && a.y + a.h == area.y) {
        Some(above) => above.h += area.h,
        None => out.push(area),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outside_is_what_no_region_covers() {
        let area = |x, y, w, h| Area { x, y, w, h };
        let sets: [&[Area]; 5] = [
            &[area(0, 0, 20, 16)],
            &[area(3, 2, 5, 6)],
            &[area(0, 4, 10, 12), area(10, 4, 10, 5)],
            &[area(2, 2, 8, 8), area(6, 6, 12, 10)],
            &[area(1, 1, 2, 14), area(5, 3, 2, 2), area(5, 7, 15, 2)],
        ];
        let within = |a: &Area, x, y| (a.x..a.x + a.w).contains(&x) && (a.y..a.y + a.h).contains(&y);
        for regions in sets {
            let outside = outside(20, 16, regions);
            for (x, y) in (0..20).flat_map(|x| (0..16).map(move |y| (x, y))) {
                let masked = outside.iter().filter(|a| within(a, x, y)).count();
                assert_eq!(masked, usize::from(!regions.iter().any(|r| within(r, x, y))), "{x} {y}");
            }
        }
    }
}
