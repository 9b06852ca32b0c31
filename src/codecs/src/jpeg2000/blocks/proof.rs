//! The proof that a new stream holds what is meant.
//!
//! Read again it must have exactly the blocks that were meant: those that nothing changed have the bytes they had. Every
//! changed block is decoded by openjp2, as the only one of a stream of its own, and the smallest resolution of the whole
//! stream too, for which openjp2 looks at all packets. What the rectangles' samples and those around them come to is
//! computed anew from the coefficients.

use super::area::Area;
use super::bits::BitWriter;
use super::stream::Stream;
use super::tile::{Block, Code, Tile};
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
                let frame = frame_of(block, band.planes)?;
                let header = Header {
                    rows: frame.rows,
                    columns: frame.columns,
                    components: 1,
                    bits: frame.bits,
                    signed: true,
                    colour_transform: false,
                };
                let stream = stream_of(&frame, code, band.planes)?;
                if openjp2::read(&stream, &header).as_ref() != Ok(&frame) {
                    return None;
                }
            }
        }
    }
    Some(())
}

fn frame_of(block: &Block, planes: u8) -> Option<Frame> {
    Some(Frame {
        rows: u32::try_from(block.area.y.len()).ok()?,
        columns: u32::try_from(block.area.x.len()).ok()?,
        components: 1,
        bits: planes + 1,
        signed: true,
        samples: block.coefficients.clone()?,
    })
}

/// A stream of one block: no decomposition, so that its coefficients are the samples.
fn stream_of(frame: &Frame, code: &Code, planes: u8) -> Option<Vec<u8>> {
    let mut bits = BitWriter::default();
    // Not empty; the first layer holds the block.
    bits.put(0b11, 2);
    bits.put(1, u32::from(code.zero_planes) + 1);
    code.write_lengths(&mut bits);
    let packet = [&bits.finish()[..], &code.bytes].concat();
    let (width, height) = (frame.columns.to_be_bytes(), frame.rows.to_be_bytes());
    let exponent = |side: u32| side.next_power_of_two().ilog2().saturating_sub(2).to_be_bytes()[3];
    let length = u32::try_from(14 + packet.len()).ok()?.to_be_bytes();
    let parts: [&[u8]; 16] = [
        // SIZ: part 15 is needed; one tile.
        b"\xFF\x4F\xFF\x51\0\x29\x40\0",
        &width,
        &height,
        &[0; 8],
        &width,
        &height,
        &[0; 8],
        &[0, 1, planes | 0x80, 1, 1],
        // CAP: part 15, HT blocks only, of any length. COD: one layer, no decomposition, HT blocks, 5/3.
        b"\xFF\x50\0\x08\0\x02\0\0\0\x1F\xFF\x52\0\x0C\0\0\0\x01\0\0",
        &[exponent(frame.columns), exponent(frame.rows)],
        b"\x40\x01",
        // QCD: no quantization, one guard bit.
        &[0xFF, 0x5C, 0, 4, 0x20, planes << 3],
        &[0xFF, 0x90, 0, 10, 0, 0],
        &length,
        b"\0\x01\xFF\x93",
        &packet,
    ];
    Some([&parts.concat()[..], b"\xFF\xD9"].concat())
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
