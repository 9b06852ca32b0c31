//! Cells of the big character sets, from the platform's `TextDecoder`.

use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

#[wasm_bindgen]
extern "C" {
    type TextDecoder;

    #[wasm_bindgen(constructor, catch)]
    fn new(label: &str) -> Result<TextDecoder, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn decode(this: &TextDecoder, bytes: &[u8]) -> Result<String, JsValue>;
}

/// Lets the engine ask the platform.
pub(crate) fn install() {
    tokumei_dicom::charset::install(|label, bytes| TextDecoder::new(label).ok()?.decode(bytes).ok());
}
