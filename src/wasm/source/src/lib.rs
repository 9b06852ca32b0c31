//! JavaScript sources for the WebAssembly modules: a Blob in a worker, or an object that reads, as in Node.
//!
//! Each module gives [`JsSource`] its own `Source` trait by a newtype: the modules share no reading code, only this
//! conversion. Bytes cross the boundary in windows, so that a parser's many tiny reads cost few calls.
#![forbid(unsafe_code)]
#![cfg_attr(not(test), deny(unused_crate_dependencies))]

mod origin;
mod window;

use core::cell::RefCell;
use js_sys::{Array, Uint8Array};
use origin::Origin;
use wasm_bindgen::JsValue;
use window::{Ahead, Fetch, Window};

/// The source could not be read, or is none. What JavaScript threw is dropped: it may name the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unreadable;

/// Bytes of a Blob or of a reading object, by ranges.
#[derive(Debug)]
pub struct JsSource {
    origin: Origin,
    len: u64,
    window: RefCell<Window>,
}

impl JsSource {
    /// Takes a `Blob`, a `File`, or `{ size: number, read(offset: number, into: Uint8Array): void }`.
    pub fn new(value: &JsValue) -> Result<Self, Unreadable> {
        let (origin, len) = Origin::new(value)?;
        Ok(Self { origin, len, window: RefCell::default() })
    }

    /// Length in bytes.
    pub fn len(&self) -> u64 {
        self.len
    }

    /// True when there are no bytes.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Fills `buf` from `offset`; the range must lie within the length.
    pub fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<(), Unreadable> {
        let mut window = self.window.try_borrow_mut().map_err(|_| Unreadable)?;
        window.read(self, offset, buf)
    }

    /// Fills many buffers, each from its offset; the ranges must lie within the length. Of a Blob all are one read.
    pub fn read_all<'b>(&self, reads: impl Iterator<Item = (u64, &'b mut [u8])>) -> Result<(), Unreadable> {
        let mut reads: Vec<_> = reads.collect();
        let within = |(at, buf): &(u64, &mut [u8])| at.checked_add(buf.len() as u64).is_some_and(|end| end <= self.len);
        if !reads.iter().all(within) {
            return Err(Unreadable);
        }
        self.origin.fetch_all(&mut reads)
    }
}

impl Fetch for JsSource {
    fn len(&self) -> u64 {
        self.len
    }

    fn ahead(&self) -> Ahead {
        self.origin.ahead()
    }

    fn fetch(&self, offset: u64, buf: &mut [u8]) -> Result<(), Unreadable> {
        self.origin.fetch(offset, buf)
    }
}

/// A piece of own bytes as JavaScript has it.
pub fn bytes_piece(bytes: &[u8]) -> JsValue {
    Uint8Array::new_from_slice(bytes).into()
}

/// A piece that is a range of the source: `[offset, length]`.
pub fn range_piece(offset: u64, len: u64) -> JsValue {
    Array::of2(&number(offset), &number(len)).into()
}

/// Offsets are below 2^53: they lie within a source whose length came as a safe integer.
#[allow(clippy::cast_precision_loss)]
fn number(value: u64) -> JsValue {
    JsValue::from_f64(value as f64)
}
