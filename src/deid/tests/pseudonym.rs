//! The scheme `tokumei/1` against its reference vectors.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod shared;

use serde_json::Value;
use tokumei_deid::pseudonym::{
    CodeField, DateRule, IdRule, Keys, LeadingZeros, canonical_id, hospital_key, is_dummy_id, key_id, loose_id,
    patient_message,
};

const VECTORS: &str = include_str!("vectors/pseudonym_vectors.json");

fn vectors() -> Value {
    serde_json::from_str(VECTORS).unwrap()
}

fn text<'a>(v: &'a Value, key: &str) -> &'a str {
    v[key].as_str().unwrap()
}

fn key(v: &Value, name: &str) -> [u8; 32] {
    let hex = text(v, name);
    core::array::from_fn(|i| u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).unwrap())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |hex, b| hex + &format!("{b:02x}"))
}

fn rule(v: &Value) -> IdRule {
    let leading_zeros = match text(v, "leading_zeros") {
        "keep" => LeadingZeros::Keep,
        "strip" => LeadingZeros::Strip,
        "pad" => LeadingZeros::Pad,
        other => panic!("{other}"),
    };
    let pad = usize::try_from(v["pad"].as_u64().unwrap()).unwrap();
    IdRule { leading_zeros, pad, drop: text(v, "drop").to_owned() }
}

#[test]
fn canonical_ids() {
    let vectors = vectors();
    let list = vectors["canonical_id"].as_array().unwrap();
    assert_eq!(list.len(), 62);
    for v in list {
        assert_eq!(canonical_id(text(v, "input"), &rule(v)).unwrap(), text(v, "output"), "{v}");
    }
    for v in vectors["undecodable"].as_array().unwrap() {
        assert!(canonical_id(v.as_str().unwrap(), &IdRule::default()).is_err());
    }
}

#[test]
fn patients_and_shifts() {
    let vectors = vectors();
    let daily = DateRule { min_steps: 1, max_steps: 30, step_days: 1 };
    for v in vectors["patients"].as_array().unwrap() {
        let keys = Keys::new(&key(v, "key"));
        let message = patient_message(text(v, "namespace"), text(v, "canonical_id"), "");
        assert_eq!(keys.patient_pseudonym(&message), text(v, "pseudonym"));
        assert_eq!(i64::from(keys.date_shift_days(&message, &DateRule::default())), v["date_shift_days"]);
        assert_eq!(i64::from(keys.date_shift_days(&message, &daily)), v["date_shift_days_step_1_from_1_to_30"]);
    }
    for v in vectors["no_id"].as_array().unwrap() {
        let keys = Keys::new(&key(v, "key"));
        let message = patient_message(text(v, "namespace"), "", text(v, "study_uid"));
        assert_eq!(keys.patient_pseudonym(&message), text(v, "pseudonym"));
        assert_eq!(i64::from(keys.date_shift_days(&message, &DateRule::default())), v["date_shift_days"]);
    }
}

#[test]
fn uids_codes_and_tokens() {
    let vectors = vectors();
    for v in vectors["uids"].as_array().unwrap() {
        let keys = Keys::new(&key(v, "key"));
        assert_eq!(keys.uid(text(v, "input"), text(v, "generation")), text(v, "output"));
    }
    for v in vectors["codes"].as_array().unwrap() {
        let keys = Keys::new(&key(v, "key"));
        let field = match text(v, "field") {
            "accession" => CodeField::Accession,
            "device" => CodeField::Device,
            other => CodeField::Column(other),
        };
        assert_eq!(keys.code(text(v, "namespace"), &field, text(v, "input")).unwrap(), text(v, "output"));
    }
    for v in vectors["tokens"].as_array().unwrap() {
        let keys = Keys::new(&key(v, "key"));
        let message = patient_message(text(v, "namespace"), text(v, "canonical_id"), "");
        assert_eq!(keys.optout_token(&message), text(v, "optout"));
        let ledger = &v["ledger"];
        assert_eq!(keys.ledger_entry(text(ledger, "uid"), text(ledger, "destination")), text(ledger, "entry"));
        let face = &v["face"];
        assert_eq!(hex(&keys.face_seed(text(face, "frame_of_reference_uid"))), text(face, "seed"));
    }
}

#[test]
fn keys_of_hospitals() {
    let vectors = vectors();
    for v in vectors["hospital_keys"].as_array().unwrap() {
        assert_eq!(hex(hospital_key(&key(v, "master"), text(v, "namespace")).expose()), text(v, "key"));
    }
    for v in vectors["keys"].as_array().unwrap() {
        assert_eq!(key_id(&key(v, "key")), text(v, "key_id"));
        assert_eq!(Keys::new(&key(v, "key")).key_id(), text(v, "key_id"));
    }
}

#[test]
fn uids_are_legal() {
    let keys = Keys::new(&[7; 32]);
    for n in 0..2_000 {
        let uid = keys.uid(&format!("1.2.3.{n}"), "");
        let number: u128 = uid.strip_prefix("2.25.").unwrap().parse().unwrap();
        assert!(uid.len() <= 44 && !uid[5..].starts_with('0'));
        assert_eq!((number >> 76) & 0xF, 8, "version of RFC 9562");
        assert_eq!((number >> 62) & 0b11, 0b10, "variant of RFC 9562");
    }
}

#[test]
fn copies_are_those_of_shared() {
    let Some(shared) = shared::folder() else { return };
    let theirs = std::fs::read_to_string(shared.join("vectors/pseudonym_vectors.json")).unwrap();
    assert_eq!(theirs, VECTORS);
}

/// `japan/id_vectors.json`: canonical and loose forms, and IDs that stand for nobody.
#[test]
fn japanese_ids() {
    let Some(shared) = shared::folder() else { return };
    let file = std::fs::read_to_string(shared.join("japan/id_vectors.json")).unwrap();
    let file: Value = serde_json::from_str(&file).unwrap();
    let keep = IdRule::default();
    let strip = IdRule { leading_zeros: LeadingZeros::Strip, ..IdRule::default() };
    let mut cases = 0;
    for v in file["vectors"].as_array().unwrap() {
        // Tables alone join facility codes to IDs or damage them (`issuer`, `source`).
        let (Some(wanted), true) = (v["canonical_keep"].as_str(), v["source"].is_null() && v["issuer"].is_null())
        else {
            continue;
        };
        let got = canonical_id(text(v, "input"), &keep).unwrap();
        assert_eq!(got, wanted, "{v}");
        assert_eq!(canonical_id(text(v, "input"), &strip).unwrap(), text(v, "canonical_strip"), "{v}");
        assert_eq!(loose_id(&got), text(v, "loose"), "{v}");
        assert_eq!(is_dummy_id(&got, &[]), text(v, "status") == "dummy", "{v}");
        cases += 1;
    }
    assert!(cases > 30, "{cases}");
}
