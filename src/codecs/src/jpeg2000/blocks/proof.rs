//! The proof that a new stream holds what is meant.
//!
//! Read again it must have exactly the blocks that were meant: those that nothing changed have the bytes they had. Every
//! changed block is decoded by openjp2, as the only one of a stream of its own, and the smallest resolution of the whole
//! stream too, for which openjp2 looks at all packets. What the rectangles' samples and those around them come to is
//! computed anew from the coefficients.

use super::area::Area;
use super::single;
use super::stream::Stream;
use super::tile::Tile;
use super::wavelet::{Place, Plane};
use crate::Frame;
use crate::jpeg2000::header::Header;
use crate::jpeg2000::openjp2;

/// Whether a stream holds the blocks that are meant, and others read them as they are meant.
pub fn holds(stream: &[u8], meant: &mut Stream, header: &Header) -> bool {
    has_blocks(stream, meant)
        && meant.tiles.iter_mut().all(|tile| samples_are_meant(tile).is_some())
        && meant.tiles.iter().all(|tile| changed_blocks_are_read(tile).is_some())
        && smallest(meant, header).is_some_and(|frame| {
            let small = Header { rows: frame.rows, columns: frame.columns, ..*header };
            openjp2::read_reduced(stream, &small, meant.parameters.levels) == Ok(frame)
        })
}

/// Whether a stream, read again, has exactly these blocks.
fn has_blocks(stream: &[u8], meant: &Stream) -> bool {
    Stream::read(stream).is_some_and(|read| {
        let count = |stream: &Stream| stream.tiles.iter().map(|tile| tile.blocks.len()).sum::<usize>();
        let mut pairs = read.tiles.iter().zip(&meant.tiles).flat_map(|(a, b)| a.blocks.iter().zip(&b.blocks));
        read.parts == meant.parts && count(&read) == count(meant) && pairs.all(|(a, b)| a.code == b.code)
    })
}

/// The smallest resolution as frame.
fn smallest(meant: &mut Stream, header: &Header) -> Option<Frame> {
    let levels = meant.parameters.levels;
    let area = *super::decomposed(meant.parameters.image, levels).last()?;
    let components = usize::from(header.components);
    let mut samples = vec![0; area.x.len().checked_mul(area.y.len())?.checked_mul(components)?];
    for component in 0..components {
        let mut plane = Plane::new(area);
        for tile in &mut meant.tiles {
            tile.read_band(component, 0, &mut plane, Place::Alone)?;
        }
        let into = samples.iter_mut().skip(component).step_by(components);
        into.zip(plane.samples).for_each(|(sample, value)| *sample = value);
    }
    let shift = if header.signed { 0 } else { 1 << (header.bits - 1) };
    let half = 1_i32 << (header.bits - 1);
    for pixel in samples.chunks_exact_mut(components) {
        if let (true, [y, u, v]) = (meant.parameters.transform, &mut *pixel) {
            let green = y.wrapping_sub(u.wrapping_add(*v) >> 2);
            (*y, *u, *v) = (v.wrapping_add(green), green, u.wrapping_add(green));
        }
        for sample in pixel {
            *sample = (*sample).clamp(-half, half - 1) + shift;
        }
    }
    Some(Frame {
        rows: u32::try_from(area.y.len()).ok()?,
        columns: u32::try_from(area.x.len()).ok()?,
        components: header.components,
        bits: header.bits,
        signed: header.signed,
        samples,
    })
}

/// Has openjp2 read every changed block.
fn changed_blocks_are_read(tile: &Tile) -> Option<()> {
    for band in tile.components.iter().flatten() {
        for block in tile.blocks.get(band.blocks.clone())?.iter().filter(|block| block.changed) {
            if let Some(code) = &block.code {
                let sides = [block.area.x.len(), block.area.y.len()];
                single::agrees(code, band.coding, sides, block.coefficients.as_ref()?)?.then_some(())?;
            }
        }
    }
    Some(())
}

/// Whether the rectangles of a tile and what is around them come to what is meant.
fn samples_are_meant(tile: &mut Tile) -> Option<()> {
    for (component, meant) in core::mem::take(&mut tile.meant) {
        let area: Area = meant.area;
        if tile.samples(component, area)?.samples != meant.samples {
            return None;
        }
    }
    Some(())
}
