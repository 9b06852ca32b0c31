//! The shared vectors of text as hospitals have it: each is read as expected, or is unreadable where it says so.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use serde_json::Value;
use tokumei_dicom::charset::{CharacterSet, Evidence, Text};
use tokumei_dicom::value::trim;

fn vectors() -> Option<Value> {
    let path = common::corpus()?.join("../japan/charset_vectors.json");
    let text = std::fs::read_to_string(path).expect("the vectors");
    Some(serde_json::from_str(&text).expect("JSON"))
}

fn list<'v>(json: &'v Value, name: &str) -> &'v Vec<Value> {
    json[name].as_array().expect(name)
}

fn strings(value: &Value) -> Vec<&str> {
    value.as_array().map(|a| a.iter().filter_map(Value::as_str).collect()).unwrap_or_default()
}

fn declared(terms: &Value) -> CharacterSet {
    CharacterSet::from_value(strings(terms).join("\\").as_bytes())
}

fn bytes(hex: &Value) -> Vec<u8> {
    let hex = hex.as_str().unwrap();
    (0..hex.len() / 2).map(|i| u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).unwrap()).collect()
}

fn vr(case: &Value) -> [u8; 2] {
    case["vr"].as_str().unwrap().as_bytes().try_into().unwrap()
}

/// The values of a text, trimmed.
fn values(text: &Text, vr: [u8; 2]) -> Vec<&str> {
    text.values(vr).map(|range| trim(&text.as_str()[range])).collect()
}

#[test]
fn every_vector_reads_as_expected() {
    let Some(json) = vectors() else { return };
    let (mut count, mut wrong) = (0, Vec::new());
    for v in list(&json, "vectors") {
        count += 1;
        let (raw, vr) = (bytes(&v["hex"]), vr(v));
        let mut accepted = strings(&v["also_accepted"]);
        accepted.extend(v["expected"].as_str());
        let is_accepted = |text: &str| accepted.iter().any(|a| trim(text) == trim(a));
        let must_fail = v["unreadable"] == true;
        let may_fail = must_fail || v["unreadable_allowed"] == true;
        let right = match declared(&v["specific_character_set"]).read(&raw, vr, &Evidence::default()) {
            Ok(text) => {
                let split = v["expected"].as_str() != Some(trim(text.as_str()))
                    || v["expected_values"].is_null()
                    || values(&text, vr) == strings(&v["expected_values"]).iter().map(|e| trim(e)).collect::<Vec<_>>();
                !must_fail && split && !text.as_str().contains('\u{FFFD}') && is_accepted(text.as_str())
            }
            Err(e) => {
                may_fail || e.partial().is_some_and(|t| t.as_str().contains('\u{FFFD}') && is_accepted(t.as_str()))
            }
        };
        if !right {
            wrong.push((
                v["id"].clone(),
                declared(&v["specific_character_set"])
                    .read(&raw, vr, &Evidence::default())
                    .map(|t| t.as_str().to_owned())
                    .map_err(|e| e.partial().map(|t| t.as_str().to_owned())),
            ));
        }
    }
    assert_eq!(count, 121);
    assert!(wrong.is_empty(), "{wrong:#?}");
}
