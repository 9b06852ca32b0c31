//! The core for JavaScript: scan, plan, transform, policies and digests. Conversion only, no logic.
#![forbid(unsafe_code)]

mod convert;
mod hash;
mod policies;

use core::fmt::Write as _;
use wasm_bindgen::prelude::wasm_bindgen;

/// Version of the product.
#[wasm_bindgen]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}

/// Lower-case hexadecimal digits.
fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing into a String does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
