//! CRC-32 of bytes as they stream by, for members of a ZIP (APPNOTE.TXT 4.4.7).

use crate::steps::Steps;
use js_sys::Uint8Array;
use wasm_bindgen::prelude::wasm_bindgen;

/// A running CRC-32.
#[wasm_bindgen]
pub struct Crc32 {
    state: crc32fast::Hasher,
    steps: Steps,
}

#[wasm_bindgen]
impl Crc32 {
    /// Begins.
    #[wasm_bindgen(constructor)]
    #[allow(clippy::new_without_default)]
    pub fn new() -> Self {
        Self { state: crc32fast::Hasher::new(), steps: Steps::new() }
    }

    /// Takes the next bytes.
    pub fn update(&mut self, bytes: &Uint8Array) {
        let Self { state, steps } = self;
        steps.each(bytes, |part| state.update(part));
    }

    /// The value of all bytes so far.
    pub fn value(&self) -> u32 {
        self.state.clone().finalize()
    }
}
