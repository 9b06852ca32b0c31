//! The core's `Source` on JavaScript objects, and its pieces back.

use crate::convert::fault;
use js_sys::Array;
use tokumei_deid::reasons::Reason;
use tokumei_dicom::{Piece, Source, SourceUnreadable};
use tokumei_source::{JsSource, bytes_piece, range_piece};
use wasm_bindgen::JsValue;

/// A Blob or a reading object as the core reads it.
pub struct Input(JsSource);

impl Input {
    /// Takes the object; throws `{ code: "source-unreadable" }` for anything that holds no bytes.
    pub fn new(value: &JsValue) -> Result<Self, JsValue> {
        JsSource::new(value).map(Self).map_err(|_| fault(Reason::SourceUnreadable.code()))
    }
}

impl Source for Input {
    fn len(&self) -> u64 {
        self.0.len()
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<(), SourceUnreadable> {
        self.0.read_at(offset, buf).map_err(|_| SourceUnreadable)
    }
}

/// `(Uint8Array | [offset, length])[]`
pub fn pieces(pieces: &[Piece]) -> Array {
    pieces
        .iter()
        .map(|piece| match piece {
            Piece::Bytes(bytes) => bytes_piece(bytes),
            Piece::Range { offset, len } => range_piece(*offset, *len),
        })
        .collect()
}
