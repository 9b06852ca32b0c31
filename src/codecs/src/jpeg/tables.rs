//! Table definitions (T.81 B.2.4): what is in force, and which of them a scan uses.

use super::header::{FrameHeader, Scan};
use super::huffman::Codes;
use crate::{CodecError, Result};
use std::rc::Rc;

/// A quantization table in zigzag order.
pub(crate) type Quantization = [u16; 64];

/// A table in force, and the number of its definition.
type InForce<T> = Option<(usize, Rc<T>)>;

/// The tables in force.
#[derive(Default)]
pub(crate) struct Tables {
    quantization: [InForce<Quantization>; 4],
    dc: [InForce<Codes>; 4],
    ac: [InForce<Codes>; 4],
    /// By number of a definition: some scan uses it.
    used: Vec<bool>,
}

/// A definition inside a DQT or DHT segment.
pub(crate) struct Definition<'a> {
    number: usize,
    bytes: &'a [u8],
}

impl Tables {
    /// Takes the tables of a DQT segment.
    pub(crate) fn quantization<'a>(&mut self, mut body: &'a [u8]) -> Result<Vec<Definition<'a>>> {
        let mut out = Vec::new();
        while let [form, rest @ ..] = body {
            let (wide, destination) = (form >> 4, usize::from(form & 15));
            let len = match wide {
                0 => 64,
                1 => 128,
                _ => return Err(CodecError::Damaged),
            };
            let (values, next) = rest.split_at_checked(len).ok_or(CodecError::Damaged)?;
            let mut table = [0_u16; 64];
            for (entry, bytes) in table.iter_mut().zip(values.chunks_exact(len / 64)) {
                *entry = bytes.iter().fold(0, |n, b| n << 8 | u16::from(*b));
            }
            let place = self.quantization.get_mut(destination).ok_or(CodecError::Damaged)?;
            *place = Some((self.used.len(), Rc::new(table)));
            out.push(self.define(body.get(..=len).unwrap_or_default()));
            body = next;
        }
        Ok(out)
    }

    /// Takes the tables of a DHT segment.
    pub(crate) fn huffman<'a>(&mut self, mut body: &'a [u8]) -> Result<Vec<Definition<'a>>> {
        let mut out = Vec::new();
        while let Some((form, rest)) = body.split_first() {
            let (counts, rest) = rest.split_first_chunk::<16>().ok_or(CodecError::Damaged)?;
            let len: usize = counts.iter().map(|n| usize::from(*n)).sum();
            let (symbols, next) = rest.split_at_checked(len).filter(|_| len <= 256).ok_or(CodecError::Damaged)?;
            let class = match form >> 4 {
                0 => &mut self.dc,
                1 => &mut self.ac,
                _ => return Err(CodecError::Damaged),
            };
            let place = class.get_mut(usize::from(form & 15)).ok_or(CodecError::Damaged)?;
            *place = Some((self.used.len(), Rc::new(Codes::new(*counts, symbols)?)));
            out.push(self.define(body.get(..17 + len).unwrap_or_default()));
            body = next;
        }
        Ok(out)
    }

    fn define<'a>(&mut self, bytes: &'a [u8]) -> Definition<'a> {
        self.used.push(false);
        Definition { number: self.used.len() - 1, bytes }
    }

    /// Gives a scan the Huffman tables that it names.
    pub(crate) fn select(&mut self, scan: &mut Scan, frame: &FrameHeader) -> Result<()> {
        let [first, last, high, _] = scan.parameters;
        let (lossless, progressive) = (frame.code == 0xC3, frame.code == 0xC2);
        // A progressive scan has DC or AC coefficients, and DC refinements have no codes.
        let dc = !progressive || (first == 0 && high == 0);
        let ac = !lossless && (!progressive || last > 0);
        for c in &mut scan.components {
            if dc {
                c.dc = Some(in_force(&self.dc, c.destinations.0, &mut self.used)?);
            }
            if ac {
                c.ac = Some(in_force(&self.ac, c.destinations.1, &mut self.used)?);
            }
        }
        Ok(())
    }

    /// The quantization table of a destination.
    pub(crate) fn quantize(&mut self, destination: u8) -> Result<Rc<Quantization>> {
        in_force(&self.quantization, destination, &mut self.used)
    }

    /// Bytes of a segment without definitions that no scan uses; `None` when none is left.
    pub(crate) fn used(&self, definitions: &[Definition<'_>]) -> Option<Vec<u8>> {
        let used = definitions.iter().filter(|d| self.used.get(d.number) == Some(&true));
        let bytes = used.flat_map(|d| d.bytes.iter().copied()).collect::<Vec<u8>>();
        (!bytes.is_empty()).then_some(bytes)
    }
}

fn in_force<T>(tables: &[InForce<T>; 4], destination: u8, used: &mut [bool]) -> Result<Rc<T>> {
    let table = tables.get(usize::from(destination)).and_then(Option::as_ref);
    let (number, table) = table.ok_or(CodecError::Damaged)?;
    if let Some(used) = used.get_mut(*number) {
        *used = true;
    }
    Ok(Rc::clone(table))
}
