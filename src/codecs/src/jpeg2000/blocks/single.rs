//! One block as openjp2 reads it: the only one of a stream of its own.

use super::area::{Area, Span};
use super::bits::BitWriter;
use super::block::{Code, Coding, Kind};
use super::ebcot::Orientation;
use super::packet::put_share;
use super::wavelet::{Place, Plane};
use crate::Frame;
use crate::jpeg2000::header::Header;
use crate::jpeg2000::openjp2;

/// Guard bits of bands (T.800 E.1).
const GUARD_BITS: u8 = 1;

/// Whether openjp2 reads these coefficients of a block; sides are its columns and rows. None where it can't be asked.
pub fn agrees(code: &Code, coding: Coding, sides: [usize; 2], coefficients: &[i32]) -> Option<bool> {
    let place = place(coding);
    let frame = frame_of(place, coding.planes, sides, coefficients)?;
    let header = Header {
        rows: frame.rows,
        columns: frame.columns,
        components: 1,
        bits: frame.bits,
        signed: true,
        colour_transform: false,
        reversible: true,
    };
    let stream = stream_of(&frame, place, code, coding, sides)?;
    Some(openjp2::read(&stream, &header).as_ref() == Ok(&frame))
}

/// Where the contexts of a block ask for one of the bands that only a decomposition has.
fn place(coding: Coding) -> Place {
    match (coding.kind, coding.orientation) {
        (Kind::HighThroughput, _) | (_, Orientation::Low) => Place::Alone,
        (_, Orientation::Hl) => Place::Among([true, false]),
        (_, Orientation::Hh) => Place::Among([true, true]),
    }
}

/// What the coefficients come to: without a decomposition they are the samples.
fn frame_of(place: Place, planes: u8, sides: [usize; 2], coefficients: &[i32]) -> Option<Frame> {
    let (scale, more) = match place {
        Place::Alone => (1, 1),
        // Four samples of the wavelet come to so much at the most.
        Place::Among(_) => (2, 4),
    };
    let [wide, high] = sides.map(u32::try_from);
    let (wide, high) = (wide.ok()?, high.ok()?);
    let area = Area { x: Span::new(0, scale * wide), y: Span::new(0, scale * high) };
    let mut whole = Plane::new(area);
    for (y, row) in (0..high).zip(coefficients.chunks(sides[0])) {
        whole.band_row_mut(place, 0, y).zip(row).for_each(|(sample, value)| *sample = *value);
    }
    if let Place::Among(_) = place {
        whole.inverse(area);
    }
    Some(Frame {
        rows: area.y.to,
        columns: area.x.to,
        components: 1,
        bits: planes + more,
        signed: true,
        samples: whole.samples,
    })
}

fn stream_of(frame: &Frame, place: Place, code: &Code, coding: Coding, sides: [usize; 2]) -> Option<Vec<u8>> {
    let (width, height) = (frame.columns.to_be_bytes(), frame.rows.to_be_bytes());
    let exponent = |side: usize| side.next_power_of_two().ilog2().saturating_sub(2).to_be_bytes()[3];
    let packets = packets(place, code, coding);
    let length = u32::try_from(14 + packets.len()).ok()?.to_be_bytes();
    let (part, style) = match coding.kind {
        Kind::Ebcot(style) => (0, style.byte()),
        Kind::HighThroughput => (0x40, 0x40),
    };
    let (levels, bands) = match place {
        Place::Alone => (0, 1),
        Place::Among(_) => (1, 4),
    };
    // Part 15 is needed: HT blocks only, of any length.
    let capabilities: &[u8] = if part == 0 { b"" } else { b"\xFF\x50\0\x08\0\x02\0\0\0\x1F" };
    let parts: [&[u8]; 20] = [
        // SIZ: one tile, one component.
        b"\xFF\x4F\xFF\x51\0\x29",
        &[part, 0],
        &width,
        &height,
        &[0; 8],
        &width,
        &height,
        &[0; 8],
        &[0, 1, (frame.bits - 1) | 0x80, 1, 1],
        capabilities,
        // COD: one layer, 5/3.
        b"\xFF\x52\0\x0C\0\0\0\x01\0",
        &[levels, exponent(sides[0]), exponent(sides[1]), style, 1],
        // QCD: no quantization.
        &[0xFF, 0x5C, 0, 3 + bands, GUARD_BITS << 5],
        &vec![(coding.planes + 1 - GUARD_BITS) << 3; bands.into()],
        b"\xFF\x90\0\x0A\0\0",
        &length,
        b"\0\x01",
        b"\xFF\x93",
        &packets,
        b"\xFF\xD9",
    ];
    Some(parts.concat())
}

/// One for each resolution.
fn packets(place: Place, code: &Code, coding: Coding) -> Vec<u8> {
    let (mut bits, mut out) = (BitWriter::default(), Vec::new());
    let share = code.merged(coding.kind);
    if let Place::Among(_) = place {
        out.push(0);
    }
    // Not empty.
    bits.bit(true);
    let before = match place {
        Place::Alone | Place::Among([true, false]) => 0,
        Place::Among([false, _]) => 1,
        Place::Among([true, true]) => 2,
    };
    bits.put(0, before);
    // The first layer holds the block.
    bits.bit(true);
    bits.put(1, u32::from(code.zero_planes) + 1);
    put_share(&mut bits, &share, coding.kind, 0, &mut 0);
    if let Place::Among(_) = place {
        bits.put(0, 2 - before);
    }
    out.extend(bits.finish());
    out.extend_from_slice(&share.bytes);
    out
}
