//! SHA-256 of bytes as they stream by.

use crate::steps::Steps;
use js_sys::Uint8Array;
use sha2::{Digest, Sha256};
use wasm_bindgen::prelude::wasm_bindgen;

/// A running SHA-256.
#[wasm_bindgen]
pub struct Hasher {
    state: Sha256,
    steps: Steps,
}

#[wasm_bindgen]
impl Hasher {
    /// Begins.
    #[wasm_bindgen(constructor)]
    #[allow(clippy::new_without_default)]
    pub fn new() -> Self {
        Self { state: Sha256::new(), steps: Steps::new() }
    }

    /// Takes the next bytes.
    pub fn update(&mut self, bytes: &Uint8Array) {
        let Self { state, steps } = self;
        steps.each(bytes, |part| state.update(part));
    }

    /// The digest of all bytes so far in 64 hexadecimal digits; the hasher begins anew.
    pub fn digest(&mut self) -> String {
        crate::hex(&self.state.finalize_reset())
    }
}
