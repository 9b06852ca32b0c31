//! Verify for JavaScript: the second opinion on what will leave. Conversion only, no logic.
//!
//! A module of its own, with a memory of its own: a fault of the engine cannot hide from it.
#![forbid(unsafe_code)]
#![cfg_attr(not(test), deny(unused_crate_dependencies))]

mod policy;

use js_sys::Uint8Array;
use policy::PolicyDocument;
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use tokumei_source::JsSource;
use tokumei_verify::{Bytes, Hit, Unreadable, Verdict};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// Bytes of a project's key.
const KEY_LENGTH: usize = 32;

/// Verify with one policy, key and namespace.
#[wasm_bindgen]
pub struct Verifier {
    inner: tokumei_verify::Verifier,
}

#[wasm_bindgen]
impl Verifier {
    /// Prepares; the policy must be resolved, as `readPolicy` gives it.
    /// Throws `{ code: "policy-invalid" }` or `{ code: "key-invalid" }`.
    #[wasm_bindgen(constructor)]
    pub fn new(policy: JsValue, key: &Uint8Array, namespace: &str) -> Result<Self, JsValue> {
        let document: PolicyDocument = serde_wasm_bindgen::from_value(policy).map_err(|_| fault("policy-invalid"))?;
        let policy = document.read().ok_or_else(|| fault("policy-invalid"))?;
        let mut bytes = [0; KEY_LENGTH];
        if key.length() as usize != bytes.len() {
            return Err(fault("key-invalid"));
        }
        key.copy_to(&mut bytes);
        let inner = tokumei_verify::Verifier::new(policy, &bytes, namespace);
        bytes.fill(0);
        core::hint::black_box(&bytes);
        Ok(Self { inner })
    }

    /// What a file says about who and where, as text for [`learn`](Self::learn); empty where its header cannot be read.
    pub fn identities(&self, source: &JsValue) -> Result<String, JsValue> {
        Ok(self.inner.identities(&Input::new(source)?))
    }

    /// Learns what other files of a patient say (their texts one after the other) under a number. Few are remembered.
    pub fn learn(&self, number: u32, lines: &str) {
        self.inner.learn(number, lines);
    }

    /// Judges what will leave against what it was made from: `{ ok, verdict, reason, detail, tag, readBy }`. `others`: the
    /// number of what other files of the patient say; one that is not known holds the instance.
    pub fn verify(&self, source: &JsValue, output: &JsValue, others: Option<u32>) -> Result<JsValue, JsValue> {
        let answer = match self.inner.verify_among(&Input::new(source)?, &Input::new(output)?, others) {
            Verdict::Ok { read_by } => Answer { ok: true, read_by: Some(read_by.name()), ..Answer::default() },
            Verdict::Hit(hit) => Answer::from(hit),
        };
        to_js(&answer)
    }
}

/// The verdict as JavaScript has it.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    ok: bool,
    verdict: Option<&'static str>,
    reason: Option<&'static str>,
    detail: Option<String>,
    tag: Option<String>,
    read_by: Option<&'static str>,
}

impl From<Hit> for Answer {
    fn from(hit: Hit) -> Self {
        // A detail names a kind of finding, never a value.
        Self {
            verdict: Some(if hit.holds() { "review" } else { "refused" }),
            reason: Some(hit.code()),
            detail: Some(format!("{:?}", hit.detail)),
            tag: hit.tag_path,
            ..Self::default()
        }
    }
}

/// A Blob or a reading object as verify reads it.
struct Input(JsSource);

impl Input {
    fn new(value: &JsValue) -> Result<Self, JsValue> {
        JsSource::new(value).map(Self).map_err(|_| fault("source-unreadable"))
    }
}

impl Bytes for Input {
    fn len(&self) -> u64 {
        self.0.len()
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<(), Unreadable> {
        self.0.read_at(offset, buf).map_err(|_| Unreadable)
    }
}

#[derive(Serialize)]
struct Fault<'a> {
    code: &'a str,
}

/// What is thrown: `{ code }`.
fn fault(code: &str) -> JsValue {
    to_js(&Fault { code }).unwrap_or(JsValue::NULL)
}

fn to_js(value: &impl Serialize) -> Result<JsValue, JsValue> {
    value.serialize(&Serializer::json_compatible()).map_err(|_| JsValue::NULL)
}

/// Tells panics on the console, in development builds only: the text of a panic may hold data.
#[cfg(feature = "dev")]
#[wasm_bindgen(start)]
pub fn tell_panics() {
    console_error_panic_hook::set_once();
}
