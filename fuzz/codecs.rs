//! What the fuzz targets of the codecs do with their bytes: a code stream of one frame. `src/codecs/tests` runs the same
//! over damaged vectors on a stable toolchain.
//!
//! Each panics on a broken promise; errors of the data are answers.

use tokumei_codecs::{Codec, CodecError, Fill, Geometry, Limits, Photometric, Rect, decode, holds_hidden_bytes, mask};

/// Small, so that no input needs much memory or time.
fn limits() -> Limits {
    Limits { frame_bytes: 16 << 20 }
}

/// What decodes has its size, and can be masked; what is masked decodes, constant inside and without hidden bytes.
pub fn promises(codec: Codec, stream: &[u8], geometry: &Geometry) {
    let rects = [Rect { x: 18, y: 10, width: 32, height: 17 }];
    let frame = decode(codec, stream, geometry, limits());
    let masked = mask(codec, stream, geometry, &rects, Fill::Black, limits());
    let hidden = |stream: &[u8]| holds_hidden_bytes(codec, stream, limits());
    let _ = hidden(stream);
    if let Ok(frame) = &frame {
        let pixels = geometry.rows as usize * geometry.columns as usize;
        assert!(frame.samples.len() == pixels * usize::from(geometry.samples_per_pixel), "a frame of another size");
    }
    assert!(masked != Err(CodecError::NotProven), "what was written is not what was meant");
    let Ok(masked) = masked else { return };
    assert!(frame.is_ok(), "what does not decode was masked");
    assert!(hidden(&masked.stream) != Ok(true), "hidden bytes were written");
    // What can't stay under its transfer syntax is of another coding now.
    let becomes = masked.transfer_syntax.map_or(Ok(codec), |uid| Codec::of(uid, &masked.stream));
    let after = becomes.and_then(|codec| decode(codec, &masked.stream, geometry, limits()));
    assert!(after.is_ok_and(|after| constant(&after, &masked.touched)), "not constant inside");
}

/// The first rectangle shows one value in each component, but for its rim, where colours may bleed.
fn constant(frame: &tokumei_codecs::Frame, touched: &[Rect]) -> bool {
    let Some(rect) = touched.first() else { return true };
    let components = usize::from(frame.components);
    let rows = frame.samples.chunks(frame.columns as usize * components).skip(rect.y as usize + 1);
    let inner = |row: &[i32]| {
        let pixels = row.chunks(components).skip(rect.x as usize + 1).take((rect.width as usize).saturating_sub(2));
        pixels.map(<[i32]>::to_vec).collect::<Vec<_>>()
    };
    let mut pixels = rows.take((rect.height as usize).saturating_sub(2)).flat_map(inner);
    let first = pixels.next();
    pixels.all(|pixel| Some(&pixel) == first.as_ref())
}

/// JPEG of any process, under a data set that says what its frame header says.
pub fn jpeg(data: &[u8]) {
    let Ok(codec) = Codec::of("1.2.840.10008.1.2.4.50", data) else { return };
    let header =
        data.windows(2).position(|w| matches!(w, [0xFF, 0xC0..=0xC3 | 0xF7])).and_then(|at| data.get(at + 4..));
    let Some([precision, y1, y0, x1, x0, components, ..]) = header else { return };
    promises(
        codec,
        data,
        &Geometry {
            rows: u32::from(u16::from_be_bytes([*y1, *y0])),
            columns: u32::from(u16::from_be_bytes([*x1, *x0])),
            samples_per_pixel: *components,
            bits_allocated: if *precision > 8 { 16 } else { 8 },
            bits_stored: *precision,
            signed: false,
            photometric: if *components == 1 { Photometric::Monochrome2 } else { Photometric::YbrFull },
        },
    );
}

/// RLE of a small frame, whose samples are chosen by the number of segments.
pub fn rle(data: &[u8]) {
    let (samples_per_pixel, bits_allocated) = match data.first() {
        Some(2) => (1, 16),
        Some(3) => (3, 8),
        Some(4) => (1, 32),
        Some(6) => (3, 16),
        _ => (1, 8),
    };
    promises(
        Codec::Rle,
        data,
        &Geometry {
            rows: 61,
            columns: 97,
            samples_per_pixel,
            bits_allocated,
            bits_stored: bits_allocated,
            signed: false,
            photometric: if samples_per_pixel == 1 { Photometric::Monochrome1 } else { Photometric::Rgb },
        },
    );
}

/// JPEG 2000 and HTJ2K, under a data set that says what SIZ says; the last byte chooses what is written.
pub fn jpeg2000(data: &[u8]) {
    let codec = match data.last().map_or(0, |last| last % 3) {
        0 => Codec::Jpeg2000,
        1 => Codec::HtJ2k { rpcl: false },
        _ => Codec::HtJ2k { rpcl: true },
    };
    let Some(at) = data.windows(4).position(|w| w == [0xFF, 0x4F, 0xFF, 0x51]) else { return };
    let size = data.get(at + 8..).unwrap_or_default();
    let word = |at: usize| size.get(at..at + 4).and_then(|w| w.try_into().ok()).map_or(0, u32::from_be_bytes);
    let Some([components, depth]) = size.get(33..35) else { return };
    let geometry = Geometry {
        rows: word(4).saturating_sub(word(12)),
        columns: word(0).saturating_sub(word(8)),
        samples_per_pixel: *components,
        bits_allocated: 16,
        bits_stored: (depth & 0x7F).saturating_add(1),
        signed: depth & 0x80 != 0,
        photometric: if *components == 1 { Photometric::Monochrome2 } else { Photometric::YbrRct },
    };
    promises(codec, data, &geometry);
}

/// JPEG XL, under a data set of its size; with and without colours, since only a decoder sees which it has.
pub fn jxl(data: &[u8]) {
    let codestream = data.windows(2).position(|pair| pair == [0xFF, 0x0A]).and_then(|at| data.get(at + 2..));
    let Some((rows, columns)) = codestream.and_then(jxl_size) else { return };
    for (samples_per_pixel, photometric) in [(1, Photometric::Monochrome2), (3, Photometric::YbrFull422)] {
        let geometry = Geometry {
            rows,
            columns,
            samples_per_pixel,
            bits_allocated: 16,
            bits_stored: 8,
            signed: false,
            photometric,
        };
        promises(Codec::JpegXl, data, &geometry);
    }
}

/// Rows and columns of a code stream (ISO 18181-1, size header).
fn jxl_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let mut bits = bytes.get(..10)?.iter().rev().fold(0_u128, |bits, byte| bits << 8 | u128::from(*byte));
    let mut take = |count: u32| {
        let value = u64::try_from(bits & ((1 << count) - 1)).unwrap_or(0);
        bits >>= count;
        value
    };
    let small = take(1) == 1;
    let length = |take: &mut dyn FnMut(u32) -> u64| {
        if small {
            return (take(5) + 1) * 8;
        }
        let count = [9, 13, 18, 30].get(usize::try_from(take(2)).unwrap_or(0)).copied().unwrap_or(0);
        take(count) + 1
    };
    let rows = length(&mut take);
    // The ratio of columns to rows, or the columns themselves.
    let columns = match take(3) {
        0 => length(&mut take),
        1 => rows,
        2 => rows * 12 / 10,
        3 => rows * 4 / 3,
        4 => rows * 3 / 2,
        5 => rows * 16 / 9,
        6 => rows * 5 / 4,
        _ => rows * 2,
    };
    Some((u32::try_from(rows).ok()?, u32::try_from(columns).ok()?))
}
