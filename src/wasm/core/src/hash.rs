//! SHA-256 of bytes as they stream by.

use js_sys::Uint8Array;
use sha2::{Digest, Sha256};
use wasm_bindgen::prelude::wasm_bindgen;

/// Bytes copied into the module's memory at once, whatever the caller gives.
const STEP: u32 = 64 << 10;

/// A running SHA-256.
#[wasm_bindgen]
pub struct Hasher {
    state: Sha256,
    buffer: Vec<u8>,
}

#[wasm_bindgen]
impl Hasher {
    /// Begins.
    #[wasm_bindgen(constructor)]
    #[allow(clippy::new_without_default)]
    pub fn new() -> Self {
        Self { state: Sha256::new(), buffer: vec![0; STEP as usize] }
    }

    /// Takes the next bytes.
    pub fn update(&mut self, bytes: &Uint8Array) {
        let len = bytes.length();
        let mut start = 0;
        while start < len {
            let part = bytes.subarray(start, len.min(start.saturating_add(STEP)));
            let taken = part.length();
            let Some(buffer) = self.buffer.get_mut(..taken as usize).filter(|_| taken > 0) else { return };
            part.copy_to(buffer);
            self.state.update(&*buffer);
            start += taken;
        }
    }

    /// The digest of all bytes so far in 64 hexadecimal digits; the hasher begins anew.
    pub fn digest(&mut self) -> String {
        crate::hex(&self.state.finalize_reset())
    }
}
