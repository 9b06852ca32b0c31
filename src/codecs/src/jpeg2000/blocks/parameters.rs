//! The main header, as far as it is of a form that is masked block by block.

use super::area::{Area, Span};
use super::block::{Coding, Kind};
use super::ebcot::{Orientation, Style};
use super::packet::Markers;
use crate::jpeg2000::header::{Segment, segment};

const CAP: u8 = 0x50;
const SIZ: u8 = 0x51;
const COD: u8 = 0x52;
const TLM: u8 = 0x55;
const PLM: u8 = 0x57;
const CPF: u8 = 0x59;
const QCD: u8 = 0x5C;
const QCC: u8 = 0x5D;
const CRG: u8 = 0x63;
const COM: u8 = 0x64;
const SOT: u8 = 0x90;

/// Bits of magnitudes in part 1: what openjp2 can be asked about, four more of a sample.
const MOST_PLANES: u8 = 27;

/// What the main header says.
pub struct Parameters<'a> {
    /// The image on the reference grid.
    pub image: Area,
    pub components: usize,
    pub progression: u8,
    pub layers: u16,
    pub transform: bool,
    pub markers: Markers,
    /// What codes all blocks.
    pub kind: Kind,
    /// Decompositions.
    pub levels: u8,
    /// Sides of blocks, and of precincts by resolution, as exponents.
    pub block: [u8; 2],
    precincts: Vec<[u8; 2]>,
    tile: [u32; 2],
    tile_start: [u32; 2],
    /// Bits of the longest magnitude by component and band.
    planes: Vec<Vec<u8>>,
    /// The segments that decoding needs, as they are.
    pub kept: Vec<&'a [u8]>,
    pub has_lengths: bool,
}

impl<'a> Parameters<'a> {
    /// Also what follows the header. None for anything but reversible streams of blocks of one kind.
    pub fn read(stream: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let mut rest = stream.strip_prefix(&[0xFF, 0x4F])?;
        while segment(rest).ok()?.code != SOT {
            rest = segment(rest).ok()?.after;
        }
        Some((Self::of_segments(stream.get(..stream.len() - rest.len())?)?, rest))
    }

    /// From the header alone.
    pub fn of_segments(header: &'a [u8]) -> Option<Self> {
        let mut rest = header.strip_prefix(&[0xFF, 0x4F])?;
        let (mut size, mut style, mut most, mut common) = (None, None, None, None);
        let (mut own, mut kept, mut has_lengths) = (Vec::new(), Vec::new(), false);
        while !rest.is_empty() {
            let Segment { code, body, after } = segment(rest).ok()?;
            match code {
                SIZ => size = Some(body),
                COD => style = Some(body),
                CAP => most = Some(magnitude_bits(body)?),
                QCD => common = Some(body),
                QCC => own.push(body),
                TLM => has_lengths = true,
                CPF | PLM | CRG | COM => {}
                _ => return None,
            }
            if matches!(code, SIZ | CAP | COD | QCD | QCC | CPF) {
                kept.push(rest.get(..rest.len() - after.len())?);
            }
            rest = after;
        }
        let (size, style, common) = (size?, style?, common?);
        let mut parameters = Self::of_style(style)?;
        parameters.set_size(size)?;
        let most = match (parameters.kind, most) {
            (Kind::HighThroughput, Some(most)) => most.min(30),
            (Kind::Ebcot(_), None) => MOST_PLANES,
            _ => return None,
        };
        let mut planes = vec![parameters.magnitudes(common, most)?; parameters.components];
        for body in own {
            let (&component, body) = body.split_first()?;
            *planes.get_mut(usize::from(component))? = parameters.magnitudes(body, most)?;
        }
        Some(Self { planes, kept, has_lengths, ..parameters })
    }

    /// COD (T.800 A.6.1, T.814 A.4).
    fn of_style(body: &[u8]) -> Option<Self> {
        let (&[style, progression, l1, l0, transform], rest) = body.split_first_chunk()?;
        let (&[levels, width, height, blocks, wavelet], precincts) = rest.split_first_chunk()?;
        // The wavelet 5/3.
        if style > 7 || progression > 4 || transform > 1 || levels > 32 || wavelet != 1 {
            return None;
        }
        let kind = match blocks {
            // HT blocks only, those that look at what comes below or not.
            0x40 | 0x48 => Kind::HighThroughput,
            _ => Kind::Ebcot(Style::of(blocks)?),
        };
        let precincts: Vec<[u8; 2]> = match style & 1 {
            0 => vec![[15; 2]; usize::from(levels) + 1],
            _ => precincts.iter().map(|sides| [sides & 15, sides >> 4]).collect(),
        };
        let halved = precincts.iter().skip(1).flatten().all(|&side| side > 0);
        if !halved || precincts.len() != usize::from(levels) + 1 || width > 8 || height > 8 {
            return None;
        }
        Some(Self {
            image: Area { x: Span::new(0, 0), y: Span::new(0, 0) },
            components: 0,
            progression,
            layers: u16::from_be_bytes([l1, l0]),
            transform: transform == 1,
            markers: Markers { before: style & 2 != 0, after_header: style & 4 != 0 },
            kind,
            levels,
            block: [width + 2, height + 2],
            precincts,
            tile: [0; 2],
            tile_start: [0; 2],
            planes: Vec::new(),
            kept: Vec::new(),
            has_lengths: false,
        })
    }

    /// SIZ, whose numbers were looked at before.
    fn set_size(&mut self, body: &[u8]) -> Option<()> {
        let mut words = body.get(2..34)?.chunks_exact(4).map(|word| word.try_into().map_or(0, u32::from_be_bytes));
        let mut pair = || Some([words.next()?, words.next()?]);
        let (end, start) = (pair()?, pair()?);
        self.image = Area { x: Span::new(start[0], end[0]), y: Span::new(start[1], end[1]) };
        (self.tile, self.tile_start) = (pair()?, pair()?);
        let &[high, low] = body.get(34..)?.first_chunk()?;
        self.components = usize::from(u16::from_be_bytes([high, low]));
        (self.tile.iter().all(|&side| side > 0) && self.layers > 0).then_some(())
    }

    /// QCD and QCC without quantization (T.800 A.6.4, E.1): bits of each band.
    fn magnitudes(&self, body: &[u8], most: u8) -> Option<Vec<u8>> {
        let (&style, exponents) = body.split_first()?;
        if style & 31 != 0 || exponents.len() != 3 * usize::from(self.levels) + 1 {
            return None;
        }
        let planes = |exponent: &u8| ((style >> 5) + (exponent >> 3)).checked_sub(1);
        let all: Option<Vec<u8>> = exponents.iter().map(planes).collect();
        all.filter(|all| all.iter().all(|&planes| (1..=most).contains(&planes)))
    }

    /// How the blocks of a band are coded: LL, then HL, LH and HH of each resolution.
    pub fn coding(&self, component: usize, band: usize) -> Option<Coding> {
        let planes = *self.planes.get(component)?.get(band)?;
        let orientation = match band % 3 {
            1 => Orientation::Hl,
            0 if band > 0 => Orientation::Hh,
            _ => Orientation::Low,
        };
        Some(Coding { kind: self.kind, planes, orientation })
    }

    /// Sides of the precincts at a resolution, as exponents.
    pub fn precinct(&self, resolution: u8) -> [u8; 2] {
        self.precincts.get(usize::from(resolution)).copied().unwrap_or([15; 2])
    }

    fn tiles(&self) -> Option<[u32; 2]> {
        let along = |end: u32, at: usize| Some(end.checked_sub(self.tile_start[at])?.div_ceil(self.tile[at]));
        Some([along(self.image.x.to, 0)?, along(self.image.y.to, 1)?])
    }

    pub fn tile_count(&self) -> Option<usize> {
        let [wide, high] = self.tiles()?;
        usize::try_from(wide.checked_mul(high)?).ok()
    }

    /// Where a tile stands (T.800 B.3).
    pub fn tile(&self, index: u32) -> Option<Area> {
        let [wide, _] = self.tiles()?;
        let span = |at: usize, index: u32| {
            let from = index.checked_mul(self.tile[at])?.checked_add(self.tile_start[at])?;
            Some(Span::new(from, from.saturating_add(self.tile[at])))
        };
        Some(Area { x: span(0, index.checked_rem(wide)?)?, y: span(1, index / wide)? }.meet(self.image))
    }
}

/// CAP of part 15 alone (T.814 A.3.2): what magnitudes have at most. All blocks HT, each of one set of passes.
fn magnitude_bits(body: &[u8]) -> Option<u8> {
    let &[0, 2, 0, 0, high, low] = body else { return None };
    // Kinds of blocks, sets, regions; then blocks of several kinds among components.
    if high & 0xF0 != 0 {
        return None;
    }
    Some(match low & 31 {
        0 => 8,
        bits @ 1..=19 => bits + 8,
        bits => (4 * (bits - 19) + 27).min(30),
    })
}
