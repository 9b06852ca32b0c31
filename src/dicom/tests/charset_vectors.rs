//! The shared vectors of text as hospitals have it: each is read as expected, or is unreadable where it says so.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use serde_json::Value;
use tokumei_dicom::charset::{CharacterSet, Evidence, Text};
use tokumei_dicom::value::trim;
use tokumei_dicom::{Limits, read};

fn vectors() -> Option<Value> {
    shared("charset_vectors.json")
}

fn shared(name: &str) -> Option<Value> {
    let path = common::corpus()?.join("../japan").join(name);
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
    let vectors = list(&json, "vectors");
    let wrong: Vec<&str> = vectors.iter().filter(|v| !is_right(v)).filter_map(|v| v["id"].as_str()).collect();
    assert_eq!(vectors.len(), 121);
    assert!(wrong.is_empty(), "{wrong:?}");
}

fn is_right(v: &Value) -> bool {
    let vr = vr(v);
    let expected = v["expected"].as_str();
    let accepted: Vec<&str> = strings(&v["also_accepted"]).into_iter().chain(expected).collect();
    let is_accepted = |text: &str| accepted.iter().any(|a| trim(text) == trim(a));
    match declared(&v["specific_character_set"]).read(&bytes(&v["hex"]), vr, &Evidence::default()) {
        Ok(text) => {
            let split: Vec<&str> = strings(&v["expected_values"]).into_iter().map(trim).collect();
            let is_split = values(&text, vr) == split || Some(trim(text.as_str())) != expected;
            is_accepted(text.as_str()) && is_split && v["unreadable"] != true && !text.as_str().contains('\u{FFFD}')
        }
        // Where a sign stands for what is missing, the text is there for the search only.
        Err(unreadable) => {
            let signs = |t: &Text| t.as_str().contains('\u{FFFD}') && is_accepted(t.as_str());
            v["unreadable"] == true || v["unreadable_allowed"] == true || unreadable.partial().is_some_and(signs)
        }
    }
}

#[test]
fn legal_vectors_read_as_declared_and_need_no_mending() {
    let Some(json) = vectors() else { return };
    for v in list(&json, "vectors").iter().filter(|v| v["legal"] == true) {
        let text = declared(&v["specific_character_set"]).read(&bytes(&v["hex"]), vr(v), &Evidence::default()).unwrap();
        assert!(!text.is_mended(), "{}", v["id"]);
    }
}

#[test]
fn a_declaration_holds_in_its_item() {
    let Some(json) = vectors() else { return };
    let case = list(&json, "file_cases").iter().find(|c| c["name"] == "item_charset_scope").unwrap();
    let steps = list(case, "elements");
    let value = |at: usize| bytes(&steps[at]["hex"]);
    let items = [
        [common::element(0x0008, 0x0005, *b"CS", b"ISO_IR 192"), common::element(0x0008, 0x103E, *b"LO", &value(2))]
            .concat(),
        common::element(0x0008, 0x103E, *b"LO", &value(3)),
    ];
    let file = [
        common::element(0x0008, 0x0005, *b"CS", b"ISO_IR 13"),
        common::element(0x0008, 0x1030, *b"LO", &value(0)),
        common::sequence(0x0008, 0x1110, &items),
        common::element(0x0010, 0x0010, *b"PN", &value(4)),
    ]
    .concat();
    let ds = read::parse(&file, &Limits::default()).unwrap();
    let texts: Vec<String> = (0u32..)
        .zip(ds.nodes())
        .filter(|(_, n)| matches!(&n.vr, b"LO" | b"PN"))
        .map(|(i, _)| trim(ds.read_text(i).unwrap().as_str()).to_owned())
        .collect();
    let expected: Vec<&str> = [0, 2, 3, 4].iter().map(|at| steps[*at]["expected"].as_str().unwrap()).collect();
    assert_eq!(texts, expected);
}

#[test]
fn text_is_written_where_the_declaration_allows_it() {
    let Some(json) = vectors() else { return };
    let cases = list(&json, "encoding_cases");
    // A multi-byte set as first value, and sets that lack the characters: the instance becomes ISO_IR 192.
    let written: Vec<bool> = cases
        .iter()
        .map(|case| {
            let text = case["text"].as_str().unwrap();
            let set = declared(&case["declared"]);
            let bytes = set.encode(text, *b"PN");
            if let Ok(bytes) = &bytes {
                let read = set.read(bytes, *b"PN", &Evidence::default()).unwrap();
                assert_eq!(read.as_str(), text);
                assert!(!read.is_mended());
            }
            bytes.is_ok()
        })
        .collect();
    assert_eq!(written, [true, true, false, false, false, true]);
}

/// Names without a declaration, each as a file that shows nothing else: how many are read right, in per cent.
fn read_right(names: &[&str], encoding: &'static encoding_rs::Encoding) -> usize {
    let read = |bytes: &[u8]| CharacterSet::default().read(bytes, *b"PN", &Evidence::default());
    let right = names.iter().filter(|n| read(&encoding.encode(n).0).is_ok_and(|text| text.as_str() == **n));
    right.count() * 100 / names.len()
}

#[test]
fn names_without_a_declaration_are_read() {
    let Some(json) = shared("name_forms.json") else { return };
    let forms = |name: &str| -> Vec<&str> { list(&json, "names").iter().filter_map(|n| n[name].as_str()).collect() };
    let figures = ["kanji", "katakana", "hiragana", "halfwidth"].map(|form| {
        let names = forms(form);
        assert!(names.len() > 80);
        [encoding_rs::UTF_8, encoding_rs::SHIFT_JIS, encoding_rs::EUC_JP].map(|e| read_right(&names, e))
    });
    // Kanji of one name in EUC-JP are half-width katakana too; a file has more to go by.
    let least = [[100, 98, 85], [100, 100, 98], [100, 100, 98], [100, 95, 98]];
    assert!(figures.iter().flatten().zip(least.iter().flatten()).all(|(a, b)| a >= b), "{figures:?}");
}

#[test]
fn spans_are_cut_out_of_the_bytes() {
    let Some(json) = vectors() else { return };
    let cases = list(&json, "cut_cases");
    for case in cases {
        let (set, raw, vr) = (declared(&case["declared"]), bytes(&case["hex"]), vr(case));
        let text = set.read(&raw, vr, &Evidence::default()).unwrap();
        assert_eq!(text.as_str(), case["text"]);
        let range = |part: &str| text.as_str().find(part).map(|at| at..at + part.len()).unwrap();
        let ranges: Vec<_> = strings(&case["remove"]).into_iter().map(range).collect();
        let cut = set.cut(&raw, vr, &Evidence::default(), &text, &ranges).unwrap();
        assert_eq!(cut, bytes(&case["one_hex"]), "{}", case["hex"]);
        let left = set.read(&cut, vr, &Evidence::default()).unwrap();
        assert_eq!(left.as_str(), case["result"]);
    }
    assert_eq!(cases.len(), 8);
}
