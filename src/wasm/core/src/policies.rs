//! Policies, reasons and keys: what needs no file.

use crate::convert::{fault, to_js};
use js_sys::Uint8Array;
use serde::Serialize;
use tokumei_deid::json::Node;
use tokumei_deid::policy::{Policy, PolicyError, shipped, shipped_names};
use tokumei_deid::pseudonym::{self, Secret};
use tokumei_deid::reasons::{Reason, Scope};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// Bytes of a project's key.
pub const KEY_LENGTH: usize = 32;

#[derive(Serialize)]
struct ReadPolicy {
    policy: Option<Node>,
    sha256: String,
}

/// What is thrown about a policy: it holds no patient's data, so its words may be told.
#[derive(Serialize)]
struct PolicyFault<'a> {
    code: &'static str,
    line: usize,
    column: usize,
    message: &'a str,
}

#[derive(Serialize)]
struct ReasonRow {
    code: &'static str,
    verdict: Scope,
}

/// The policies that come with the product, resolved.
#[wasm_bindgen(js_name = shippedPolicies)]
pub fn shipped_policies() -> Result<JsValue, JsValue> {
    let policies: Vec<Node> = shipped_names().into_iter().filter_map(shipped).filter_map(|p| p.to_node()).collect();
    to_js(&policies)
}

/// One policy that comes with the product, as [`read_policy`] gives it; `undefined` where none has this name.
#[wasm_bindgen(js_name = shippedPolicy)]
pub fn shipped_policy(name: &str) -> Result<JsValue, JsValue> {
    shipped(name).map_or(Ok(JsValue::UNDEFINED), |policy| told(&policy))
}

/// Reads a policy document: `{ policy, sha256 }`, the policy resolved.
/// Throws `{ code: "policy-invalid", line, column, message }`.
#[wasm_bindgen(js_name = readPolicy)]
pub fn read_policy(text: &str) -> Result<JsValue, JsValue> {
    told(&parse(text)?)
}

fn told(policy: &Policy) -> Result<JsValue, JsValue> {
    to_js(&ReadPolicy { policy: policy.to_node(), sha256: policy.sha256() })
}

/// All reason codes with the verdict that each goes with; `run` for what stops a run.
#[wasm_bindgen]
pub fn reasons() -> Result<JsValue, JsValue> {
    let rows: Vec<ReasonRow> =
        Reason::ALL.into_iter().map(|reason| ReasonRow { code: reason.code(), verdict: reason.scope() }).collect();
    to_js(&rows)
}

/// Names a key without telling it: 16 hexadecimal digits. Throws `{ code: "key-invalid" }` unless it has 32 bytes.
#[wasm_bindgen(js_name = keyId)]
pub fn key_id(key: &Uint8Array) -> Result<String, JsValue> {
    Ok(pseudonym::key_id(secret(key)?.expose()))
}

/// The key's 32 bytes, which are zeroed when dropped.
pub fn secret(key: &Uint8Array) -> Result<Secret<KEY_LENGTH>, JsValue> {
    let mut bytes = [0; KEY_LENGTH];
    if key.length() as usize != bytes.len() {
        return Err(fault("key-invalid"));
    }
    key.copy_to(&mut bytes);
    Ok(Secret::new(bytes))
}

/// Reads a policy, or tells what is wrong with it.
pub fn parse(text: &str) -> Result<Policy, JsValue> {
    Policy::from_json(text).map_err(|error| {
        let PolicyError { line, column, message } = &error;
        let fault = PolicyFault { code: PolicyError::CODE, line: *line, column: *column, message };
        to_js(&fault).unwrap_or_else(|thrown| thrown)
    })
}
