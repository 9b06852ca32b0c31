//! The shared vectors of Japanese text: what is legal decodes as expected, and no legal text reads as anything else.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use tokumei_dicom::charset::CharacterSet;

#[test]
fn legal_vectors_decode() {
    let Some(corpus) = common::corpus() else { return };
    let text = std::fs::read_to_string(corpus.join("../japan/charset_vectors.json")).expect("the vectors");
    let json: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let vectors = json.get("vectors").and_then(|v| v.as_array()).expect("vectors");
    let (mut right, mut closed, mut wrong) = (0, Vec::new(), Vec::new());
    for v in vectors.iter().filter(|v| v["legal"] == true) {
        let terms: Vec<&str> = v["specific_character_set"]
            .as_array()
            .map(|a| a.iter().filter_map(|t| t.as_str()).collect())
            .unwrap_or_default();
        let hex = v["hex"].as_str().unwrap();
        let bytes: Vec<u8> =
            (0..hex.len() / 2).map(|i| u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).unwrap()).collect();
        let vr: [u8; 2] = v["vr"].as_str().unwrap().as_bytes().try_into().unwrap();
        let id = v["id"].as_str().unwrap();
        match CharacterSet::from_value(terms.join("\\").as_bytes()).decode(&bytes, vr) {
            Ok(text) if tokumei_dicom::value::trim(&text) == v["expected"].as_str().unwrap_or("") => right += 1,
            Ok(text) => wrong.push((id, text, v["expected"].clone(), terms)),
            Err(_) => closed.push((id, terms)),
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
    assert!(right >= 40, "{right} {closed:?}");
}
