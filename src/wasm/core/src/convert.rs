//! Values and errors across the boundary.

use js_sys::JSON;
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use tokumei_deid::json;
use wasm_bindgen::JsValue;

/// A plain object: maps as objects, what is missing as null.
pub fn to_js<T: Serialize + ?Sized>(value: &T) -> Result<JsValue, JsValue> {
    value.serialize(&Serializer::json_compatible()).map_err(|_| fault("engine-fault"))
}

/// Reads a plain object by way of its text: the same reader as that of policies, which is small. The reader's own message
/// is dropped: it may quote the object.
pub fn from_js<T: json::Fill>(value: &JsValue) -> Result<T, JsValue> {
    let node = text_of(value).and_then(|text| json::read(&text).ok());
    node.and_then(|node| json::from_node(&node).ok()).ok_or_else(|| fault("argument-invalid"))
}

/// The JSON of a value; none for what JSON cannot say (undefined, functions, cycles).
pub fn text_of(value: &JsValue) -> Option<String> {
    JSON::stringify(value).ok().and_then(|text| JsValue::from(text).as_string())
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
