//! Writing whole frames as high-throughput JPEG 2000.

use super::blocks::{Form, HIGH_THROUGHPUT, written};
use super::{openjp2, proven};
use crate::{CodecError, Frame, Result};

/// RPCL, as the order of packets is written in COD.
const RPCL: u8 = 2;
/// 64 × 64.
const BLOCK: [u8; 2] = [6; 2];

/// Writes a frame reversibly and proves it, with the reversible colour transform if asked for.
pub fn write_proven(frame: &Frame, transform: bool, rpcl: bool) -> Result<Vec<u8>> {
    let form = Form {
        offset: [0; 2],
        tile: [frame.columns, frame.rows],
        tile_offset: [0; 2],
        progression: RPCL,
        layers: 1,
        transform,
        levels: levels(frame, rpcl),
        block: BLOCK,
        style: HIGH_THROUGHPUT,
        markers: [false; 2],
        precincts: Vec::new(),
    };
    let stream = written(frame, &form, rpcl).filter(|stream| proven(stream, frame));
    stream.ok_or(CodecError::NotProven)
}

/// With RPCL the smallest resolution has at most 64 rows or columns (PS3.5 10.18.1).
fn levels(frame: &Frame, rpcl: bool) -> u8 {
    let usual = openjp2::levels(frame);
    let side = frame.rows.min(frame.columns);
    let enough = (0..32).find(|levels| side.div_ceil(1 << levels) <= 64).unwrap_or(usual);
    u8::try_from(if rpcl { usual.max(enough) } else { usual }).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Noise on a ramp, of every depth.
    #[test]
    fn every_depth_is_written() {
        for (bits, components, signed) in
            (2..=16).flat_map(|bits| [(bits, 1, false), (bits, 1, true), (bits, 3, false), (bits, 3, true)])
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
            let written = write_proven(&frame, components == 3, false).map(|_| ());
            assert_eq!(written, Ok(()), "{bits} bits, {components} components");
        }
    }

    /// The worst that the wavelet can be given: the largest differences everywhere, and by the signs of its filters.
    #[test]
    fn extremes_are_written() {
        for (bits, components) in [(8, 1), (16, 1), (16, 3), (1, 1)] {
            for step in 1..5 {
                let value = |n: u32| if (n / step + n / 67 / step).is_multiple_of(2) { 0 } else { (1 << bits) - 1 };
                let samples = (0..67 * 71 * u32::from(components)).map(value).collect();
                let frame = Frame { rows: 71, columns: 67, components, bits, signed: false, samples };
                assert_eq!(write_proven(&frame, components == 3, true).map(|_| ()), Ok(()), "{bits} {step}");
            }
        }
    }
}
