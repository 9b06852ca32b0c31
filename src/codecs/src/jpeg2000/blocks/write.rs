//! A whole frame written reversibly.

use super::area::Area;
use super::stream::Stream;
use super::tile::{Tile, decomposed};
use super::wavelet::{Place, Plane};
use crate::Frame;

/// How a stream is written.
#[derive(Debug, Clone)]
pub struct Form {
    /// Where the image stands on the reference grid.
    pub offset: [u32; 2],
    pub tile: [u32; 2],
    pub tile_offset: [u32; 2],
    /// LRCP, RLCP, RPCL, PCRL, CPRL.
    pub progression: u8,
    pub layers: u16,
    pub transform: bool,
    pub levels: u8,
    /// Sides of blocks, as exponents.
    pub block: [u8; 2],
    /// The style of blocks, as COD has it.
    pub style: u8,
    /// SOP before packets, EPH after their headers.
    pub markers: [bool; 2],
    /// Sides of precincts by resolution, as exponents; the last is for all that follow. None: all are the largest.
    pub precincts: Vec<[u8; 2]>,
}

/// The style of HT blocks (T.814 A.4).
pub const HIGH_THROUGHPUT: u8 = 0x40;

/// Bits that magnitudes may have beyond those of their band's gain (T.800 E.1): what the wavelet adds at the worst.
const GUARD_BITS: u8 = 2;

/// Writes a frame; with a table of the lengths of tile-parts if asked for. None where a part is too long for its form.
pub fn written(frame: &Frame, form: &Form, lengths: bool) -> Option<Vec<u8>> {
    let header = main_header(frame, form)?;
    let mut stream = Stream::empty(&header)?;
    let image = stream.parameters.image;
    let components = usize::from(frame.components);
    let shift = if frame.signed { 0 } else { 1 << (frame.bits - 1) };
    for tile in &mut stream.tiles {
        for component in 0..components {
            let mut plane = Plane::new(tile.area);
            for y in tile.area.rows() {
                let pixels = frame.samples.get(image.index(tile.area.x.from, y) * components..)?;
                let row = plane.row_mut(tile.area, y).iter_mut();
                for (sample, pixel) in row.zip(pixels.chunks_exact(components)) {
                    *sample = transformed(pixel, component, shift, form.transform);
                }
            }
            tile.set(component, plane)?;
        }
        tile.encode()?;
    }
    stream.write(lengths)
}

/// A sample as the wavelet has it (T.800 G.1, G.2).
fn transformed(pixel: &[i32], component: usize, shift: i32, transform: bool) -> i32 {
    match (transform, pixel) {
        (true, &[red, green, blue]) => match component {
            0 => ((red + 2 * green + blue) >> 2) - shift,
            1 => blue - green,
            _ => red - green,
        },
        _ => pixel[component] - shift,
    }
}

impl Tile<'_> {
    /// Makes the samples of a tile-component anew, as the wavelet has them.
    fn set(&mut self, component: usize, mut plane: Plane) -> Option<()> {
        let levels = self.components.get(component)?.len() / 3;
        let wholes: Vec<Area> = decomposed(self.area, u8::try_from(levels).ok()?);
        for (level, whole) in wholes.iter().enumerate().take(levels) {
            plane.forward(*whole);
            self.write_high_bands(component, levels - level, &plane, *whole)?;
            let mut low = Plane::new(whole.band([false; 2]));
            for y in low.area.rows() {
                let from = plane.band_row(Place::Among([false; 2]), low.area.x.from, y);
                low.row_mut(low.area, y).iter_mut().zip(from).for_each(|(sample, low)| *sample = *low);
            }
            plane = low;
        }
        self.write_band(component, 0, plane.area, &plane, Place::Alone)
    }
}

/// From SOC to the first tile-part.
fn main_header(frame: &Frame, form: &Form) -> Option<Vec<u8>> {
    let mut out = b"\xFF\x4F".to_vec();
    let mut segment = |code: u8, body: &[u8]| {
        out.extend([0xFF, code]);
        out.extend(u16::try_from(body.len() + 2).ok()?.to_be_bytes());
        out.extend(body);
        Some(())
    };
    let high = form.style & HIGH_THROUGHPUT != 0;
    // Part 15 is needed.
    let mut size = vec![if high { 0x40 } else { 0 }, 0];
    let end = [form.offset[0].checked_add(frame.columns)?, form.offset[1].checked_add(frame.rows)?];
    size.extend([end, form.offset, form.tile, form.tile_offset].as_flattened().iter().flat_map(|n| n.to_be_bytes()));
    size.extend(u16::from(frame.components).to_be_bytes());
    size.extend([(frame.bits - 1) | u8::from(frame.signed) << 7, 1, 1].repeat(frame.components.into()));
    segment(0x51, &size)?;
    // Of HL, LH, HH; the colour transform makes differences a bit longer.
    let bits = frame.bits + u8::from(form.transform);
    let others = [bits + 1, bits + 1, bits + 2].repeat(form.levels.into());
    let exponents: Vec<u8> = core::iter::once(bits).chain(others).map(|exponent| exponent << 3).collect();
    if high {
        // HT blocks only; magnitudes of so many bits, from 9 on.
        let most = bits + 2 + GUARD_BITS - 1;
        segment(0x50, &[0, 2, 0, 0, 0, most.saturating_sub(8).min(19)])?;
    }
    let [before, after] = form.markers.map(u8::from);
    let mut style = vec![u8::from(!form.precincts.is_empty()) | before << 1 | after << 2, form.progression];
    style.extend(form.layers.to_be_bytes());
    style.extend([u8::from(form.transform), form.levels, form.block[0] - 2, form.block[1] - 2, form.style, 1]);
    if let Some(last) = form.precincts.last() {
        let all = form.precincts.iter().chain(core::iter::repeat(last)).take(usize::from(form.levels) + 1);
        style.extend(all.map(|[wide, high]| high << 4 | wide));
    }
    segment(0x52, &style)?;
    segment(0x5C, &[&[GUARD_BITS << 5], &exponents[..]].concat())?;
    Some(out)
}
