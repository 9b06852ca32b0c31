//! JPEG 2000 and HTJ2K code streams (T.800 annex A, T.814; PS3.5 8.2.4, 8.2.14, A.4.4).
//!
//! Cut: COM and CRG in main and tile-part headers, with Psot reduced and TLM rewritten to match; all after EOC.
//! PLM and PLT stay: they count packets, which are untouched. A marker that Part 1 and Part 15 do not know changes how
//! samples are made (Part 2), so the stream is not understood and is refused.
//! Not seen here: bytes between the last packet of a tile-part and its end; only a packet decoder finds them.

use super::j2k_lengths::TilePartLengths;
use super::markers::{Clean, Depth, Shape};
use super::stream::{Kept, Part, Stream};
use crate::Result;

const SOC: u16 = 0xFF4F;
const CAP: u16 = 0xFF50;
const SIZ: u16 = 0xFF51;
const COD: u16 = 0xFF52;
const COC: u16 = 0xFF53;
const TLM: u16 = 0xFF55;
const PRF: u16 = 0xFF56;
const PLM: u16 = 0xFF57;
const PLT: u16 = 0xFF58;
const CPF: u16 = 0xFF59;
const QCD: u16 = 0xFF5C;
const QCC: u16 = 0xFF5D;
const RGN: u16 = 0xFF5E;
const POC: u16 = 0xFF5F;
const PPM: u16 = 0xFF60;
const PPT: u16 = 0xFF61;
const CRG: u16 = 0xFF63;
const COM: u16 = 0xFF64;
const SOT: u16 = 0xFF90;
const SOP: u16 = 0xFF91;
const EPH: u16 = 0xFF92;
const SOD: u16 = 0xFF93;
const EOC: u16 = 0xFFD9;

/// More tile-parts than any encoder makes.
const MAX_TILE_PARTS: u32 = 1 << 20;
/// QCD and QCC: a style, then two bytes for each of at most 97 sub-bands (T.800 A.6.4, A.6.5).
const MAX_QUANTIZATION: u16 = 2 + 1 + 2 * 97;

/// Cleans the code stream that lies from `start` to `end` of a frame; `end` is its end at the latest.
pub(crate) fn clean(s: &mut Stream<'_>, start: u64, end: u64) -> Result<Clean> {
    if s.u16(start)? != SOC || s.u16(start + 2)? != SIZ {
        return Err(s.mismatch(start));
    }
    let mut walk = Walk { s, end, kept: Kept::default(), lengths: TilePartLengths::default(), csiz: 0, tile_parts: 0 };
    walk.kept.keep(start, start + 2);
    let shape = walk.size(start + 2)?;
    let depth = walk.depth(start + 2)?;
    let mut pos = walk.main_header(start + 2)?;
    while walk.s.u16(pos)? == SOT {
        pos = walk.tile_part(pos)?;
    }
    if walk.s.u16(pos)? != EOC || walk.tile_parts == 0 || pos + 2 > end {
        return Err(walk.s.mismatch(pos));
    }
    walk.kept.keep(pos, pos + 2);
    let kept = walk.lengths.write(walk.s, walk.kept)?;
    Ok(Clean { kept, shape: Some(shape), depth })
}

struct Walk<'s, 'a> {
    s: &'s mut Stream<'a>,
    end: u64,
    kept: Kept,
    lengths: TilePartLengths,
    /// Number of components.
    csiz: u16,
    tile_parts: u32,
}

impl Walk<'_, '_> {
    /// Image and tile size (T.800 A.5.1).
    fn size(&mut self, pos: u64) -> Result<Shape> {
        let xsiz = self.s.u32(pos + 6)?;
        let ysiz = self.s.u32(pos + 10)?;
        let x0 = self.s.u32(pos + 14)?;
        let y0 = self.s.u32(pos + 18)?;
        self.csiz = self.s.u16(pos + 38)?;
        let exact = u64::from(self.s.u16(pos + 2)?) == 38 + 3 * u64::from(self.csiz);
        match (ysiz.checked_sub(y0), xsiz.checked_sub(x0)) {
            (Some(rows), Some(columns)) if exact && self.csiz > 0 => Ok(Shape { rows, columns, components: self.csiz }),
            _ => Err(self.s.mismatch(pos)),
        }
    }

    /// The largest bit depth of a component: Ssiz, seven bits and a sign (T.800 table A.11).
    fn depth(&mut self, pos: u64) -> Result<Depth> {
        let mut deepest = 0;
        for i in 0..u64::from(self.csiz) {
            deepest = deepest.max((self.s.u8(pos + 40 + 3 * i)? & 0x7F) + 1);
        }
        Ok(Depth::Bits(deepest))
    }

    /// Walks segments from SIZ to the first SOT; returns where that is.
    fn main_header(&mut self, mut pos: u64) -> Result<u64> {
        loop {
            let marker = self.s.u16(pos)?;
            if marker == SOT {
                return Ok(pos);
            }
            let next = self.segment_end(pos)?;
            match marker {
                SIZ | CAP | PRF | CPF | COD | COC | QCD | QCC | RGN | POC | PPM | PLM => {
                    self.check(marker, pos)?;
                    self.kept.keep(pos, next);
                }
                TLM => {
                    let place = self.kept.parts.len();
                    self.kept.parts.push(Part::Keep { start: pos, end: next });
                    self.lengths.table(self.s, place, pos, next)?;
                }
                COM | CRG => {}
                _ => return Err(self.s.mismatch(pos)),
            }
            pos = next;
        }
    }

    /// A tile-part: SOT, its header, SOD, its data (T.800 A.4.2).
    fn tile_part(&mut self, start: u64) -> Result<u64> {
        self.tile_parts += 1;
        if self.s.u16(start + 2)? != 10 || self.tile_parts > MAX_TILE_PARTS {
            return Err(self.s.mismatch(start));
        }
        let psot = self.s.u32(start + 6)?;
        let mut header = Kept::default();
        let mut cut = 0;
        let mut pos = start + 12;
        loop {
            let marker = self.s.u16(pos)?;
            if marker == SOD {
                break;
            }
            let next = self.segment_end(pos)?;
            match marker {
                COD | COC | QCD | QCC | RGN | POC | PPT | PLT => {
                    self.check(marker, pos)?;
                    header.keep(pos, next);
                }
                COM | CRG => cut += next - pos,
                _ => return Err(self.s.mismatch(pos)),
            }
            pos = next;
        }
        let end = if psot == 0 { self.data_end(pos + 2)? } else { start + u64::from(psot) };
        if end < pos + 2 || end > self.end {
            return Err(self.s.mismatch(start));
        }
        let new_len = u32::try_from(end - start - cut).map_err(|_| self.s.mismatch(start))?;
        if cut == 0 || psot == 0 {
            self.kept.keep(start, start + 12);
        } else {
            let mut sot: [u8; 12] = self.s.array(start)?;
            for (to, from) in sot.iter_mut().skip(6).zip(new_len.to_be_bytes()) {
                *to = from;
            }
            self.kept.add(sot.to_vec());
        }
        for part in header.parts {
            self.kept.push(part);
        }
        self.kept.keep(pos, end);
        self.lengths.tile_part(self.s.u16(start + 4)?, new_len);
        Ok(end)
    }

    /// End of the last tile-part's data where Psot is 0: the first marker that packets cannot hold.
    fn data_end(&mut self, mut pos: u64) -> Result<u64> {
        while let Some(ff) = self.s.find_ff(pos)? {
            match 0xFF00 | u16::from(self.s.u8(ff + 1)?) {
                EOC => return Ok(ff),
                SOP | EPH => pos = ff + 2,
                0xFF90.. => return Err(self.s.mismatch(ff)),
                _ => pos = ff + 1,
            }
        }
        Err(self.s.mismatch(self.s.len()))
    }

    /// End of the marker segment at `pos`.
    fn segment_end(&mut self, pos: u64) -> Result<u64> {
        let end = pos + 2 + u64::from(self.s.u16(pos + 2)?.max(2));
        if end > self.end {
            return Err(self.s.mismatch(self.end));
        }
        Ok(end)
    }

    /// Refuses segments with room beyond what their marker needs.
    fn check(&mut self, marker: u16, pos: u64) -> Result<()> {
        let len = self.s.u16(pos + 2)?;
        let wide: u16 = if self.csiz < 257 { 1 } else { 2 };
        let fits = match marker {
            COD => len == 12 + self.precincts(pos + 4, pos + 9)?,
            COC => len == 8 + wide + self.precincts(pos + 4 + u64::from(wide), pos + 5 + u64::from(wide))?,
            QCD => len <= MAX_QUANTIZATION,
            QCC => len <= MAX_QUANTIZATION + wide,
            RGN => len == 4 + wide,
            CAP => u32::from(len) == 6 + 2 * self.s.u32(pos + 4)?.count_ones(),
            PRF | CPF => len <= 16,
            _ => true,
        };
        if fits { Ok(()) } else { Err(self.s.mismatch(pos)) }
    }

    /// Bytes of precinct sizes: one for each resolution if the style at `style` says so (T.800 table A.13).
    fn precincts(&mut self, style: u64, levels: u64) -> Result<u16> {
        let user_defined = self.s.u8(style)? & 1 == 1;
        Ok(if user_defined { u16::from(self.s.u8(levels)?) + 1 } else { 0 })
    }
}
