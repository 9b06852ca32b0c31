//! Scan, plan, transform: the core's work on files.

use crate::codepages;
use crate::convert::{fault, from_js, text_of, to_js};
use crate::policies::{parse, secret};
use crate::samples::Samples;
use crate::settled::settled;
use crate::source::{Input, pieces};
use js_sys::{Array, Reflect, Uint8Array};
use std::sync::Arc;
use tokumei_deid::reasons::Reason;
use tokumei_deid::scan::{self, ScanRow};
use tokumei_deid::text::Lists;
use tokumei_deid::transform::{self, Outcome};
use tokumei_deid::{Profile, plan};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// A policy with a key and a namespace, ready for files.
#[wasm_bindgen]
pub struct Core {
    profile: Profile,
}

#[wasm_bindgen]
impl Core {
    /// Prepares. `lists`: the bytes of the word lists, asked for where the policy has text cleaned. Throws
    /// `{ code: "policy-invalid", … }`, `{ code: "key-invalid" }`, `{ code: "lists-missing" }` or `{ code: "lists-invalid" }`.
    #[wasm_bindgen(constructor)]
    pub fn new(
        policy: &JsValue,
        key: &Uint8Array,
        namespace: &str,
        lists: Option<Uint8Array>,
    ) -> Result<Self, JsValue> {
        codepages::install();
        let policy = parse(&text_of(policy).unwrap_or_default())?;
        let bytes = lists.filter(|_| policy.cleans_text());
        let lists = bytes.map(|bytes| Lists::from_bytes(&bytes.to_vec())).transpose();
        let lists = lists.map_err(|_| fault("lists-invalid"))?.map(Arc::new);
        let profile = Profile::new(policy, secret(key)?.expose(), namespace, lists);
        Ok(Self { profile: profile.map_err(|_| fault("lists-missing"))? })
    }

    /// What a file is: its row of the index. Faults of the data stand in the row.
    pub fn scan(&self, source: &JsValue, path: &str) -> Result<JsValue, JsValue> {
        to_js(&scan::scan(&self.profile, &Input::new(source)?, path))
    }

    /// What will happen to each row, in the order of the rows.
    pub fn plan(&self, rows: &JsValue, optout: &JsValue) -> Result<JsValue, JsValue> {
        if !Array::is_array(rows) {
            return Err(fault("argument-invalid"));
        }
        // Row by row: the text of all at once would be as large as all rows.
        let rows = Array::from(rows).iter().map(|row| from_js(&row)).collect::<Result<Vec<ScanRow>, _>>()?;
        let missing = optout.is_null() || optout.is_undefined();
        let optout: Option<Vec<String>> = if missing { None } else { Some(from_js(optout)?) };
        to_js(&plan::plan(&self.profile, &rows, optout.as_deref()))
    }

    /// The file without identity, as pieces, or why not. Where `samples` is there, nothing may leave before it has been
    /// given all samples and has no word against them. `how`: what is settled of its pixels, or null.
    pub fn transform(&self, source: &JsValue, row: &JsValue, how: &JsValue) -> Result<JsValue, JsValue> {
        let settled = settled(how)?;
        let (outcome, samples) = match namespace(row)? {
            Some(namespace) => transform::transform_header(&self.profile, &Input::new(source)?, &namespace, settled),
            None => (Outcome::stopped(Reason::NamespaceUnknown, None), None),
        };
        let object = to_js(&outcome)?;
        Reflect::set(&object, &"pieces".into(), &pieces(&outcome.pieces))?;
        let samples = samples.map_or(JsValue::NULL, |s| Samples::new(s).into());
        Reflect::set(&object, &"samples".into(), &samples)?;
        Ok(object)
    }

    /// Every attribute, before and after, with the rule. For the screen alone. Throws `{ code }` where the file stops.
    pub fn changes(&self, source: &JsValue, row: &JsValue) -> Result<JsValue, JsValue> {
        let namespace = namespace(row)?.ok_or_else(|| fault(Reason::NamespaceUnknown.code()))?;
        let changes = transform::changes(&self.profile, &Input::new(source)?, &namespace);
        to_js(&changes.map_err(fault)?)
    }
}

/// The namespace of a row; none where the policy's map does not say.
fn namespace(row: &JsValue) -> Result<Option<String>, JsValue> {
    match Reflect::get(row, &"namespace".into()) {
        Ok(value) if value.is_null() => Ok(None),
        Ok(value) => value.as_string().map(Some).ok_or_else(|| fault("argument-invalid")),
        Err(_) => Err(fault("argument-invalid")),
    }
}
