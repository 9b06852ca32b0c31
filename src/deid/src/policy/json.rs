//! From text to a typed policy: syntax, unknown keys and values with their place, `extends`.

use super::error::{PolicyError, place};
use super::shipped;
use super::types::Policy;
use crate::json::{Fault, Node, Value, from_node, read};

/// Bytes of a policy file.
const MAX_BYTES: usize = 1 << 20;
const SCHEMA: &str = "tokumei.policy/1";

/// Reads the text, checks it by itself, and lays it over what it extends.
pub(super) fn resolve(text: &str) -> Result<Node, PolicyError> {
    if text.len() > MAX_BYTES {
        return Err(PolicyError { line: 0, column: 0, message: "larger than 1 MiB".to_owned() });
    }
    let text = text.trim_start_matches('\u{feff}');
    let own = read(text).map_err(|fault| at(text, fault))?;
    if own.get("schema").and_then(Node::as_text) != Some(SCHEMA) {
        return Err(PolicyError { line: 1, column: 1, message: format!("not a policy: schema must be \"{SCHEMA}\"") });
    }
    let own_typed: Policy = from_node(&own).map_err(|fault| at(text, fault))?;
    let Some(base) = own_typed.extends else { return Ok(own) };
    let Some(base) = shipped::text(&base) else {
        let (line, column) = place(text, text.find("\"extends\"").unwrap_or_default());
        let message = format!("extends: expected one of {}", shipped::names().join(", "));
        return Err(PolicyError { line, column, message });
    };
    let mut merged = resolve(base)?;
    overlay(&mut merged, own);
    if let Value::Object(members) = &mut merged.value {
        members.retain(|member| member.key != "extends");
    }
    Ok(merged)
}

/// The typed policy of a resolved value, whose places are no longer those of one text.
pub(super) fn typed(value: &Node) -> Result<Policy, PolicyError> {
    from_node(value).map_err(|fault| PolicyError { line: 0, column: 0, message: fault.message })
}

/// Objects merge key by key; everything else is replaced.
fn overlay(base: &mut Node, own: Node) {
    match (&mut base.value, own.value) {
        (Value::Object(base), Value::Object(own)) => {
            for member in own {
                match base.iter_mut().find(|slot| slot.key == member.key) {
                    Some(slot) => overlay(&mut slot.node, member.node),
                    None => base.push(member),
                }
            }
        }
        (base, own) => *base = own,
    }
}

fn at(text: &str, fault: Fault) -> PolicyError {
    let (line, column) = place(text, fault.offset);
    PolicyError { line, column, message: fault.message }
}
