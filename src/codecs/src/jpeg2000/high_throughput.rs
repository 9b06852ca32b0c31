//! Writing high-throughput JPEG 2000 by openjph-core, which now and then makes streams that nobody reads.
//!
//! So each stream is decoded by the other library before it is taken, and other settings are tried where it fails.

use super::{header, openjp2, proven};
use crate::{CodecError, Frame, Result};
use openjph_core::codestream::Codestream;
use openjph_core::file::MemOutfile;
use openjph_core::types::{Point, Size};

/// How a stream is written.
#[derive(Clone, Copy)]
struct Settings {
    block: (u32, u32),
    levels: u32,
    transform: bool,
}

/// Writes a frame reversibly and proves it. Also whether the colour transform was applied.
pub fn write_proven(frame: &Frame, transform: bool, rpcl: bool) -> Result<(Vec<u8>, bool)> {
    // Differences of 16-bit samples do not fit, and nobody was met who has signed colours.
    let transform = transform && frame.components == 3 && frame.bits < 16 && !frame.signed;
    let most = levels(frame, rpcl);
    let least = if rpcl { most } else { most.saturating_sub(3) };
    let transforms = if transform { &[true, false][..] } else { &[false] };
    for &transform in transforms {
        for levels in (least..=most).rev() {
            for block in [(4, 1024), (32, 32), (64, 64)] {
                let stream = write(frame, Settings { block, levels, transform }, rpcl);
                if let Ok(stream) = stream
                    && proven(&stream, frame)
                {
                    return Ok((stream, transform));
                }
            }
        }
    }
    Err(CodecError::NotProven)
}

/// With RPCL the smallest resolution has at most 64 rows or columns (PS3.5 10.18.1).
fn levels(frame: &Frame, rpcl: bool) -> u32 {
    let usual = openjp2::levels(frame);
    let side = frame.rows.min(frame.columns);
    let enough = (0..32).find(|levels| side.div_ceil(1 << levels) <= 64).unwrap_or(usual);
    if rpcl { usual.max(enough) } else { usual }
}

fn write(frame: &Frame, settings: Settings, rpcl: bool) -> Result<Vec<u8>> {
    let mut stream = Codestream::new();
    let size = stream.access_siz_mut();
    size.set_image_extent(Point::new(frame.columns, frame.rows));
    size.set_tile_size(Size::new(frame.columns, frame.rows));
    size.set_num_components(u32::from(frame.components));
    for component in 0..u32::from(frame.components) {
        size.set_comp_info(component, Point::new(1, 1), u32::from(frame.bits), frame.signed);
    }
    let style = stream.access_cod_mut();
    style.set_num_decomposition(settings.levels);
    style.set_block_dims(settings.block.0, settings.block.1);
    style.set_reversible(true);
    style.set_color_transform(settings.transform);
    if rpcl {
        style.set_progression_order("RPCL").map_err(|_| CodecError::NotProven)?;
    }
    stream.set_planar(0);
    let mut out = MemOutfile::new();
    stream.write_headers(&mut out, &[]).map_err(|_| CodecError::NotProven)?;
    let components = usize::from(frame.components);
    let mut line = vec![0; frame.columns as usize];
    for row in frame.samples.chunks_exact(line.len().saturating_mul(components).max(1)) {
        for component in 0..components {
            for (sample, pixel) in line.iter_mut().zip(row.chunks_exact(components)) {
                *sample = if settings.transform { transformed(pixel, component, frame.bits) } else { pixel[component] };
            }
            let component = u32::try_from(component).unwrap_or(0);
            stream.exchange(&line, component).map_err(|_| CodecError::NotProven)?;
        }
    }
    stream.flush(&mut out).map_err(|_| CodecError::NotProven)?;
    let stream = header::without_comments(out.get_data())?;
    // The library's own table says 0.
    if rpcl { header::with_length_table(&stream) } else { Ok(stream) }
}

/// The reversible colour transform (T.800 G.2), which the library declares but does not apply; it takes the differences
/// without sign.
fn transformed(pixel: &[i32], component: usize, bits: u8) -> i32 {
    let &[red, green, blue] = pixel else { return 0 };
    let middle = 1 << (bits - 1);
    match component {
        0 => (red + 2 * green + blue) >> 2,
        1 => blue - green + middle,
        _ => red - green + middle,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Noise on a ramp, of every depth; some of it is what the library fails on at the first try.
    #[test]
    fn every_depth_is_written() {
        for (bits, components, signed) in
            (8..=16).flat_map(|bits| [(bits, 1, false), (bits, 1, true), (bits, 3, false)])
        {
            let (rows, columns) = (70_u32, 90_u32);
            let low = if signed { -(1 << (bits - 1)) } else { 0 };
            let value = |n: u32| {
                let noise = n.wrapping_mul(0x9E37_79B9) >> (32 - bits / 2);
                low + ((n << 2) % (1 << bits) / 2 + noise).cast_signed()
            };
            let samples = (0..rows * columns * u32::from(components)).map(value).collect();
            let bits = u8::try_from(bits).unwrap_or(16);
            let frame = Frame { rows, columns, components, bits, signed, samples };
            let written = write_proven(&frame, true, false).map(|(_, transform)| transform);
            assert_eq!(written, Ok(components == 3 && bits < 16), "{bits} bits, {components} components");
        }
    }
}
