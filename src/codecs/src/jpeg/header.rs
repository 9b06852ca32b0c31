//! Frame and scan headers (T.81 B.2.2, B.2.3) and the grid that they make (A.1, A.2).

use super::huffman::Codes;
use crate::{CodecError, Result};
use std::rc::Rc;

/// Blocks of an interleaved MCU at most (B.2.3).
const MCU_BLOCKS: u32 = 10;

/// A frame header.
#[derive(Debug, Clone)]
pub(crate) struct FrameHeader {
    /// Its marker: C0 baseline, C1 extended, C2 progressive, C3 lossless.
    pub(crate) code: u8,
    /// Bits of a sample.
    pub(crate) precision: u8,
    pub(crate) rows: u32,
    pub(crate) columns: u32,
    pub(crate) components: Vec<Component>,
}

/// A component of a frame.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Component {
    pub(crate) id: u8,
    /// Horizontal and vertical sampling factor; 1 where there is one component, since nothing is sampled against it.
    pub(crate) h: u32,
    pub(crate) v: u32,
    /// Quantization table.
    pub(crate) quantization: u8,
}

impl FrameHeader {
    /// From the segment's body.
    pub(crate) fn read(code: u8, body: &[u8]) -> Result<Self> {
        let [precision, y1, y0, x1, x0, count, rest @ ..] = body else { return Err(CodecError::Damaged) };
        if rest.len() != 3 * usize::from(*count) {
            return Err(CodecError::Damaged);
        }
        let known = match code {
            0xC0 => *precision == 8,
            0xC1 | 0xC2 => matches!(precision, 8 | 12),
            _ => (2..=16).contains(precision),
        };
        let rows = u32::from(u16::from_be_bytes([*y1, *y0]));
        // Without lines here, a DNL segment gives them.
        if !known || !matches!(count, 1 | 3) || rows == 0 {
            return Err(CodecError::Unsupported);
        }
        let columns = u32::from(u16::from_be_bytes([*x1, *x0]));
        let mut components: Vec<Component> = Vec::with_capacity(3);
        for component in rest.chunks_exact(3) {
            let [id, sampling, quantization] = *component else { break };
            let (h, v) = (u32::from(sampling >> 4), u32::from(sampling & 15));
            let valid = (1..=4).contains(&h) && (1..=4).contains(&v) && quantization < 4;
            if !valid || columns == 0 || components.iter().any(|c| c.id == id) {
                return Err(CodecError::Damaged);
            }
            let (h, v) = if *count == 1 { (1, 1) } else { (h, v) };
            components.push(Component { id, h, v, quantization });
        }
        Ok(Self { code, precision: *precision, rows, columns, components })
    }

    /// The largest sampling factors.
    pub(crate) fn widest(&self) -> (u32, u32) {
        let h = self.components.iter().map(|c| c.h).max().unwrap_or(1);
        let v = self.components.iter().map(|c| c.v).max().unwrap_or(1);
        (h, v)
    }

    /// Pixels of an interleaved MCU of blocks.
    pub(crate) fn mcu(&self) -> (u32, u32) {
        let (h, v) = self.widest();
        (8 * h, 8 * v)
    }

    /// Interleaved MCUs across and down.
    pub(crate) fn mcus(&self) -> (u32, u32) {
        let (width, height) = self.mcu();
        (self.columns.div_ceil(width), self.rows.div_ceil(height))
    }

    /// Samples of a component across and down (A.1.1).
    pub(crate) fn size(&self, c: &Component) -> (u32, u32) {
        let (h, v) = self.widest();
        ((self.columns * c.h).div_ceil(h), (self.rows * c.v).div_ceil(v))
    }

    /// Samples of an MCU that interleaves all components; `None` when they are too many.
    pub(crate) fn interleaves(&self) -> bool {
        self.components.iter().map(|c| c.h * c.v).sum::<u32>() <= MCU_BLOCKS
    }
}

/// A scan header, with the tables that are in force.
#[derive(Debug, Clone)]
pub(crate) struct Scan {
    pub(crate) components: Vec<Selected>,
    /// Ss, Se, Ah, Al; in lossless frames predictor, 0, 0, point transform.
    pub(crate) parameters: [u8; 4],
    /// MCUs between restart markers; 0: none.
    pub(crate) restart: u32,
}

/// A component of a scan.
#[derive(Debug, Clone)]
pub(crate) struct Selected {
    /// Its number in the frame.
    pub(crate) index: usize,
    /// Destinations of its tables.
    pub(crate) destinations: (u8, u8),
    /// The tables, where they are defined.
    pub(crate) dc: Option<Rc<Codes>>,
    pub(crate) ac: Option<Rc<Codes>>,
}

impl Scan {
    /// From the segment's body; the tables are looked up by whoever has them.
    pub(crate) fn read(body: &[u8], frame: &FrameHeader, restart: u32) -> Result<Self> {
        let (count, rest) = body.split_first().ok_or(CodecError::Damaged)?;
        let (selectors, parameters) = rest
            .split_at_checked(2 * usize::from(*count))
            .filter(|_| (1..=3).contains(count))
            .ok_or(CodecError::Damaged)?;
        let [first, last, approximation] = *parameters else { return Err(CodecError::Damaged) };
        let mut components: Vec<Selected> = Vec::with_capacity(3);
        for selector in selectors.chunks_exact(2) {
            let [id, tables] = *selector else { break };
            let index = frame.components.iter().position(|c| c.id == id).ok_or(CodecError::Damaged)?;
            // Components stand in the frame's order, each once (B.2.3).
            if tables & 0xCC != 0 || components.iter().any(|c| c.index >= index) {
                return Err(CodecError::Damaged);
            }
            components.push(Selected { index, destinations: (tables >> 4, tables & 15), dc: None, ac: None });
        }
        let parameters = [first, last, approximation >> 4, approximation & 15];
        let scan = Self { components, parameters, restart };
        let blocks = |c: &Selected| frame.components.get(c.index).map_or(0, |c| c.h * c.v);
        if scan.components.len() > 1 && scan.components.iter().map(blocks).sum::<u32>() > MCU_BLOCKS {
            return Err(CodecError::Damaged);
        }
        Ok(scan)
    }

    /// The body of the segment.
    pub(crate) fn write(&self, frame: &FrameHeader) -> Vec<u8> {
        let mut out = vec![u8::try_from(self.components.len()).unwrap_or(0)];
        for c in &self.components {
            let id = frame.components.get(c.index).map_or(0, |c| c.id);
            out.extend([id, c.destinations.0 << 4 | c.destinations.1]);
        }
        let [first, last, high, low] = self.parameters;
        out.extend([first, last, high << 4 | low]);
        out
    }
}
