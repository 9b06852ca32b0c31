//! .
#![forbid(unsafe_code)]

use wasm_bindgen::prelude::wasm_bindgen;

/// Version of the product.
#[wasm_bindgen]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}

/// Tells panics on the console, in development builds only: the text of a panic may hold data.
#[cfg(feature = "dev")]
#[wasm_bindgen(start)]
pub fn tell_panics() {
    console_error_panic_hook::set_once();
}
