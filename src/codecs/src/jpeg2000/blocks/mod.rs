//! JPEG 2000 masked block by block, part 1 and high throughput.
//!
//! A reversible stream is a wavelet of its samples, cut into blocks that are coded each by itself. Only the blocks whose
//! coefficients change are read and written anew; all others keep their bytes, so that all samples outside of the mask are
//! exactly what they were. Progression, layers, precincts, tiles and tile-parts stay; packet headers are written anew, and
//! of segments only those remain that decoding needs. Streams of any other form (the wavelet 9/7, styles that change within
//! the stream, regions of interest; of high throughput also passes after the cleanup and blocks in several layers) are for
//! the way that decodes and codes the whole frame.

mod area;
mod bits;
mod block;
mod ebcot;
mod edit;
mod ht;
mod packet;
mod parameters;
mod proof;
mod single;
mod stream;
mod tag_tree;
#[cfg(test)]
mod tests;
mod tile;
mod wavelet;
mod write;

pub use self::write::{Form, HIGH_THROUGHPUT, written};

use self::area::{Area, Span};
use self::block::Kind;
use self::parameters::Parameters;
use self::stream::Stream;
use self::tile::{Tile, decomposed};
use crate::jpeg2000::header::Header;
use crate::{Codec, Rect};

/// RPCL, as the order of packets is written in COD.
const RPCL: u8 = 2;

/// Makes rectangles constant; `levels` by component. None where the stream is for the other way, or not proven.
pub fn masked_proven(
    codec: Codec,
    stream: &[u8],
    header: &Header,
    rects: &[Rect],
    levels: [i32; 3],
) -> Option<Vec<u8>> {
    let mut taken = Stream::read(stream)?;
    let parameters = &taken.parameters;
    let (high, rpcl) = (parameters.kind == Kind::HighThroughput, codec == Codec::HtJ2k { rpcl: true });
    if rects.is_empty() || high == (codec == Codec::Jpeg2000) || rpcl && !has_duties(parameters) {
        return None;
    }
    let (image, levels) = (parameters.image, transformed(levels, header, parameters.transform));
    let rects: Vec<Area> = rects.iter().map(|rect| on_grid(rect, image)).collect::<Option<_>>()?;
    // What each comes to is held until the end.
    let size = |area: &Area| area.x.len() as u64 * area.y.len() as u64;
    if rects.iter().map(size).sum::<u64>() > 2 * size(&image) {
        return None;
    }
    for rect in rects {
        for tile in &mut taken.tiles {
            let part = rect.meet(tile.area);
            for (component, level) in levels.into_iter().enumerate().take(parameters.components) {
                if !part.is_empty() {
                    tile.fill(component, part, level)?;
                }
            }
        }
    }
    taken.tiles.iter_mut().try_for_each(Tile::encode)?;
    // Nobody may have looked at the picture: what can't be read does not leave, as if all of it had been decoded.
    if !taken.tiles.iter().all(Tile::is_readable) {
        return None;
    }
    let out = taken.write(rpcl)?;
    proof::holds(&out, &mut taken, header).then_some(out)
}

/// Progression by resolution, and a smallest one of at most 64 rows or columns (PS3.5 10.18.1).
fn has_duties(parameters: &Parameters) -> bool {
    let smallest = decomposed(parameters.image, parameters.levels).pop();
    parameters.progression == RPCL && smallest.is_some_and(|area| area.x.len().min(area.y.len()) <= 64)
}

fn on_grid(rect: &Rect, image: Area) -> Option<Area> {
    let along = |from: u32, start: u32, length: u32| {
        let from = from.checked_add(start)?;
        Some(Span::new(from, from.checked_add(length)?))
    };
    Some(Area { x: along(rect.x, image.x.from, rect.width)?, y: along(rect.y, image.y.from, rect.height)? })
}

/// Levels as the wavelet has them (T.800 G.1, G.2).
fn transformed(levels: [i32; 3], header: &Header, transform: bool) -> [i32; 3] {
    let shift = if header.signed { 0 } else { 1 << (header.bits - 1) };
    let [red, green, blue] = levels.map(|level| level - shift);
    if transform { [(red + 2 * green + blue) >> 2, blue - green, red - green] } else { [red, green, blue] }
}
