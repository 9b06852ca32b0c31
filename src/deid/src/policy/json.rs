//! From text to a typed policy: syntax, unknown keys and values with their place, `extends`.

use super::error::{PolicyError, place};
use super::shipped;
use super::types::Policy;
use serde_json::Value;

/// Bytes of a policy file.
const MAX_BYTES: usize = 1 << 20;
const SCHEMA: &str = "tokumei.policy/1";

/// Reads the text, checks it by itself, and lays it over what it extends.
pub(super) fn resolve(text: &str) -> Result<Value, PolicyError> {
    if text.len() > MAX_BYTES {
        return Err(PolicyError { line: 0, column: 0, message: "larger than 1 MiB".to_owned() });
    }
    let text = text.trim_start_matches('\u{feff}');
    let own: Value = serde_json::from_str(text).map_err(|e| from_serde(&e))?;
    if own.get("schema").and_then(Value::as_str) != Some(SCHEMA) {
        return Err(PolicyError { line: 1, column: 1, message: format!("not a policy: schema must be \"{SCHEMA}\"") });
    }
    let own_typed: Policy = serde_json::from_str(text).map_err(|e| from_serde(&e))?;
    let Some(base) = own_typed.extends else { return Ok(own) };
    let Some(base) = shipped::text(&base) else {
        let (line, column) = place(text, text.find("\"extends\"").unwrap_or_default());
        let message = format!("extends: expected one of {}", shipped::names().join(", "));
        return Err(PolicyError { line, column, message });
    };
    let mut merged = resolve(base)?;
    overlay(&mut merged, own);
    if let Some(map) = merged.as_object_mut() {
        map.remove("extends");
    }
    Ok(merged)
}

/// The typed policy of a resolved value. By way of text: one reader in the module instead of two.
pub(super) fn typed(value: &Value) -> Result<Policy, PolicyError> {
    serde_json::from_str(&value.to_string()).map_err(|e| from_serde(&e))
}

/// Objects merge key by key; everything else is replaced.
fn overlay(base: &mut Value, own: Value) {
    match (base, own) {
        (Value::Object(base), Value::Object(own)) => {
            for (key, value) in own {
                match base.get_mut(&key) {
                    Some(slot) => overlay(slot, value),
                    None => {
                        base.insert(key, value);
                    }
                }
            }
        }
        (base, own) => *base = own,
    }
}

/// A foreign file may be put in by mistake: the value met is not repeated, only what was expected.
fn from_serde(error: &serde_json::Error) -> PolicyError {
    let text = error.to_string();
    let text = text.split(" at line ").next().unwrap_or_default();
    let message = match text.split_once(", expected ") {
        Some((met, expected)) if met.starts_with("invalid") => format!("expected {expected}"),
        _ => text.to_owned(),
    };
    PolicyError { line: error.line(), column: error.column(), message }
}
