//! Values and errors across the boundary.

use serde::{Serialize, de::DeserializeOwned};
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::JsValue;

/// A plain object: maps as objects, what is missing as null.
pub fn to_js<T: Serialize + ?Sized>(value: &T) -> Result<JsValue, JsValue> {
    value.serialize(&Serializer::json_compatible()).map_err(|_| fault("engine-fault"))
}

/// Reads a plain object. The reader's own message is dropped: it may quote the object.
pub fn from_js<T: DeserializeOwned>(value: JsValue) -> Result<T, JsValue> {
    serde_wasm_bindgen::from_value(value).map_err(|_| fault("argument-invalid"))
}

/// What is thrown: `{code}`.
#[derive(Serialize)]
struct Fault<'a> {
    code: &'a str,
}

/// An error of the caller, not of the data.
pub fn fault(code: &str) -> JsValue {
    // The serializer cannot fail on one text.
    Fault { code }.serialize(&Serializer::json_compatible()).unwrap_or(JsValue::NULL)
}
