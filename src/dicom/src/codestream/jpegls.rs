//! JPEG-LS (T.87; PS3.5 8.2.3, A.4.3).
//!
//! Kept: SOF55, LSE with preset coding parameters, SOS, DRI, scans, and the colour transform in APP8 "mrfx".
//! COM, SPIFF and all other segments go, and what follows EOI.

use super::markers::{self, APP8, Clean, DNL, DRI, Depth, EOI, LSE, SOF55, SOI, SOS, Segment, Shape, Stuffing};
use super::stream::{Kept, Stream};
use crate::Result;

/// LSE that sets preset coding parameters: identifier 1 and five numbers of two bytes (T.87 C.2.4.1.1).
const PRESET_PARAMETERS: (u8, u16) = (1, 11);

/// Cleans one frame.
pub(crate) fn clean(s: &mut Stream<'_>) -> Result<Clean> {
    if s.u16(0)? != 0xFFD8 {
        return Err(s.mismatch(0));
    }
    let mut out = Clean { kept: Kept::default(), shape: None, depth: Depth::Unknown };
    out.kept.keep(0, 2);
    let mut scanned = false;
    let mut pos = 2;
    loop {
        let marker = markers::next(s, pos)?;
        if out.kept.parts.len() > markers::MAX_RUNS {
            return Err(s.mismatch(marker.at));
        }
        match marker.code {
            EOI if scanned => {
                let start = markers::end_of_image(s, pos, marker)?;
                out.kept.keep(start, marker.at + 2);
                return Ok(out);
            }
            EOI | SOI => return Err(s.mismatch(marker.at)),
            code if markers::stands_alone(code) => pos = marker.at + 2,
            _ => {
                let g = markers::segment(s, marker)?;
                scanned |= g.code == SOS;
                pos = segment(s, g, &mut out)?;
            }
        }
    }
}

fn segment(s: &mut Stream<'_>, g: Segment, out: &mut Clean) -> Result<u64> {
    let keep = match g.code {
        SOF55 => {
            let shape = frame(s, g)?;
            out.depth = Depth::Bits(s.u8(g.body)?);
            if out.shape.replace(shape).is_some() {
                return Err(s.mismatch(g.start));
            }
            true
        }
        SOS => {
            let count = s.u8(g.body)?;
            if out.shape.is_none() || count == 0 || g.len != 4 + 2 * u16::from(count) {
                return Err(s.mismatch(g.start));
            }
            true
        }
        // Mapping tables hold free bytes and make samples indices; oversize dimensions exceed DICOM's Rows and Columns.
        LSE if (s.u8(g.body)?, g.len) != PRESET_PARAMETERS => return Err(s.mismatch(g.start)),
        LSE => true,
        DRI => (2..=4).contains(&g.len),
        DNL => g.len == 2,
        APP8 => {
            if g.len >= 5 && s.bytes(g.body, 4)? == b"mrfx" {
                if g.len > 5 {
                    out.kept.add(vec![0xFF, APP8, 0, 7]);
                    out.kept.keep(g.body, g.body + 5);
                } else {
                    out.kept.keep(g.start, g.end());
                }
            }
            false
        }
        _ => false,
    };
    if keep {
        out.kept.keep(g.start, g.end());
    }
    if g.code != SOS {
        return Ok(g.end());
    }
    let mut runs = Vec::new();
    let end = markers::entropy_coded(s, g.end(), Stuffing::Bit, &mut runs)?;
    for (start, end) in runs {
        out.kept.keep(start, end);
    }
    Ok(end)
}

fn frame(s: &mut Stream<'_>, g: Segment) -> Result<Shape> {
    let [_, y1, y0, x1, x0, count] = s.array(g.body)?;
    if count == 0 || g.len != 6 + 3 * u16::from(count) {
        return Err(s.mismatch(g.start));
    }
    Ok(Shape {
        rows: u32::from(u16::from_be_bytes([y1, y0])),
        columns: u32::from(u16::from_be_bytes([x1, x0])),
        components: u16::from(count),
    })
}
