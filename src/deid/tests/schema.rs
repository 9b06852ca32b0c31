//! `docs/schema/policy.schema.json` is what the Rust types say. `cargo xtask generate` runs this with
//! `TOKUMEI_GENERATE` set, which writes the file.
#![cfg(feature = "schema")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use serde_json::{Value, json};
use std::path::Path;
use tokumei_deid::policy::Policy;

fn schema() -> String {
    let mut schema = serde_json::to_value(schemars::schema_for!(Policy)).unwrap();
    let object = schema.as_object_mut().unwrap();
    object.insert("$id".to_owned(), json!("tokumei.policy/1"));
    object.insert("title".to_owned(), json!("Policy of Tokumei, tokumei.policy/1"));
    let mut required: Vec<Value> = ["schema", "id", "version", "title"].map(Value::from).to_vec();
    required.sort_by_key(ToString::to_string);
    object.insert("required".to_owned(), required.into());
    format!("{}\n", serde_json::to_string_pretty(&schema).unwrap())
}

#[test]
fn the_published_schema_is_that_of_the_types() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/schema/policy.schema.json");
    let schema = schema();
    if std::env::var_os("TOKUMEI_GENERATE").is_some() {
        std::fs::write(&path, &schema).unwrap();
    }
    let published = std::fs::read_to_string(&path).unwrap();
    assert!(published == schema, "run `cargo xtask generate`");
}
