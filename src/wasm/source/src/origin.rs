//! The two kinds of JavaScript objects that hold bytes.

use crate::window::Ahead;
use crate::{Unreadable, number};
use core::cell::RefCell;
use js_sys::{Array, Function, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, FileReaderSync};

/// Bytes that cross in one call at most: keeps JavaScript's garbage small when much is read.
const MOST: usize = 4 << 20;

/// Holds the largest windows.
const LEAST_SCRATCH: u32 = 256 << 10;

thread_local! {
    static SCRATCH: RefCell<Option<Uint8Array>> = const { RefCell::new(None) };
}

/// Largest integer that a JavaScript number holds exactly.
const MAX_SAFE_INTEGER: f64 = 9_007_199_254_740_991.0;

/// What the bytes come from.
#[derive(Debug)]
pub enum Origin {
    /// Read by `FileReaderSync`, which only workers have.
    Blob { blob: Blob, reader: FileReaderSync },
    /// Read by the object's own `read(offset, into)`.
    Reader { object: JsValue, read: Function },
}

impl Origin {
    /// Finds out which kind the object is, and its length.
    pub fn new(value: &JsValue) -> Result<(Self, u64), Unreadable> {
        if let Some(blob) = value.dyn_ref::<Blob>() {
            let reader = FileReaderSync::new().map_err(|_| Unreadable)?;
            let len = length(blob.size())?;
            return Ok((Self::Blob { blob: blob.clone(), reader }, len));
        }
        let size = property(value, "size")?.as_f64().ok_or(Unreadable)?;
        let read = property(value, "read")?.dyn_into::<Function>().map_err(|_| Unreadable)?;
        Ok((Self::Reader { object: value.clone(), read }, length(size)?))
    }

    /// How much to read at once. A reading object holds what it has read, so that its calls cost little.
    pub fn ahead(&self) -> Ahead {
        match self {
            Self::Blob { .. } => Ahead::DEAR,
            Self::Reader { .. } => Ahead::CHEAP,
        }
    }

    /// Fills `buf` from `offset`.
    pub fn fetch(&self, offset: u64, buf: &mut [u8]) -> Result<(), Unreadable> {
        let mut at = offset;
        for part in buf.chunks_mut(MOST) {
            let bytes = self.bytes(at, part.len())?;
            if bytes.length() as usize != part.len() {
                return Err(Unreadable);
            }
            bytes.copy_to(part);
            at += part.len() as u64;
        }
        Ok(())
    }

    /// Fills each buffer from its offset; of a Blob, one that is made of all ranges is read.
    pub fn fetch_all(&self, reads: &mut [(u64, &mut [u8])]) -> Result<(), Unreadable> {
        let Self::Blob { blob, reader } = self else {
            return reads.iter_mut().try_for_each(|(offset, buf)| self.fetch(*offset, buf));
        };
        let parts = Array::new();
        for (offset, buf) in reads.iter() {
            parts.push(part(blob, *offset, buf.len())?.as_ref());
        }
        let joined = Blob::new_with_blob_sequence(&parts).map_err(|_| Unreadable)?;
        let bytes = read(reader, &joined)?;
        let mut at = 0_u32;
        for (_, buf) in reads {
            let end = u32::try_from(buf.len()).ok().and_then(|len| at.checked_add(len)).ok_or(Unreadable)?;
            let part = bytes.subarray(at, end);
            if part.length() as usize != buf.len() {
                return Err(Unreadable);
            }
            part.copy_to(buf);
            at = end;
        }
        Ok(())
    }

    fn bytes(&self, offset: u64, len: usize) -> Result<Uint8Array, Unreadable> {
        match self {
            Self::Blob { blob, reader } => read(reader, &part(blob, offset, len)?),
            Self::Reader { object, read } => {
                let into = scratch(u32::try_from(len).map_err(|_| Unreadable)?);
                let told = read.call2(object, &number(offset), &into).map_err(|_| Unreadable)?;
                // `fs.readSync` tells how much it read: a reader that hands this on may not fall short.
                match told.as_f64() {
                    Some(read) if read < float(len as u64) => Err(Unreadable),
                    _ => Ok(into),
                }
            }
        }
    }
}

/// A range of a Blob.
fn part(blob: &Blob, offset: u64, len: usize) -> Result<Blob, Unreadable> {
    let (start, end) = (float(offset), float(offset + len as u64));
    blob.slice_with_f64_and_f64(start, end).map_err(|_| Unreadable)
}

fn read(reader: &FileReaderSync, blob: &Blob) -> Result<Uint8Array, Unreadable> {
    let buffer = reader.read_as_array_buffer(blob).map_err(|_| Unreadable)?;
    Ok(Uint8Array::new(&buffer.into()))
}

/// An array for a reading object to fill, whose bytes are copied out at once. One serves all reads of a module: a new one for
/// each would cost more than the reading itself, in zeroed memory and in JavaScript's garbage.
fn scratch(len: u32) -> Uint8Array {
    SCRATCH.with_borrow_mut(|held| {
        if held.as_ref().is_none_or(|array| array.length() < len) {
            *held = Some(Uint8Array::new_with_length(len.max(LEAST_SCRATCH)));
        }
        held.as_ref().map_or_else(|| Uint8Array::new_with_length(len), |array| array.subarray(0, len))
    })
}

fn property(value: &JsValue, name: &str) -> Result<JsValue, Unreadable> {
    Reflect::get(value, &name.into()).map_err(|_| Unreadable)
}

fn length(size: f64) -> Result<u64, Unreadable> {
    let whole = size.is_finite() && size.fract() == 0.0 && (0.0..=MAX_SAFE_INTEGER).contains(&size);
    // In range by the test above.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    if whole { Ok(size as u64) } else { Err(Unreadable) }
}

#[allow(clippy::cast_precision_loss)]
fn float(value: u64) -> f64 {
    value as f64
}
