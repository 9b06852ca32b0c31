//! The core for JavaScript: scan, plan, transform, policies and digests. Conversion only, no logic.
#![forbid(unsafe_code)]
#![cfg_attr(not(test), deny(unused_crate_dependencies))]

mod codepages;
mod convert;
mod crc;
mod engine;
mod hash;
mod policies;
mod samples;
mod settled;
mod source;
mod steps;

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

/// Tells panics on the console, in development builds only: the text of a panic may hold data.
#[cfg(feature = "dev")]
#[wasm_bindgen(start)]
pub fn tell_panics() {
    console_error_panic_hook::set_once();
}
