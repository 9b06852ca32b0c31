//! Cleaning of free text: cases of others, and our own.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]

mod texts;

use serde_json::Value;
use std::path::Path;
use texts::{Score, judge, lexicon, lists, shared, spans};
use tokumei_deid::text::{Settings, clean, strict};

/// Scores of `clean` and `strict` over the required cases of a file; what was missed is told where asked for.
fn run(file: &Value, required: bool) -> [Score; 2] {
    let mut scores = [Score::default(); 2];
    let tell = std::env::var_os("TOKUMEI_TELL").is_some();
    for case in file["cases"].as_array().unwrap() {
        if required && case["level"] == "advised" {
            continue;
        }
        let text = case["text"].as_str().unwrap();
        let lexicon = lexicon(file, case["context"].as_str().unwrap());
        let (go, stay) = (spans(case, "go"), spans(case, "stay"));
        let settings = Settings::default();
        let outputs = [clean(text, &lexicon, lists(), &settings).text, strict(text, &lexicon, lists(), &settings).text];
        for (i, output) in outputs.iter().enumerate() {
            let score = judge(output, &go, &stay);
            if tell && !score.is_full() {
                println!("{} {} {text:?} -> {output:?} go {go:?} stay {stay:?}", ["clean", "strict"][i], case["id"]);
            }
            scores[i].add(score);
        }
    }
    for (name, s) in ["clean", "strict"].iter().zip(scores) {
        println!(
            "{name}: gone {}/{} = {:.4}, stayed {}/{} = {:.4}",
            s.gone,
            s.go,
            s.gone_rate(),
            s.stayed,
            s.stay,
            s.stayed_rate()
        );
    }
    scores
}

fn hold(scores: &[Score; 2]) {
    let [clean, strict] = scores;
    assert!(clean.gone_rate() >= 0.99 && clean.stayed_rate() >= 0.95);
    assert_eq!(strict.gone, strict.go);
    assert!(strict.stayed_rate() >= 0.80);
}

#[test]
fn cases_of_japanese_hospitals() {
    let Some(path) = shared("japan/cleaning_cases.json") else { return };
    let file = texts::json(&path);
    hold(&run(&file, true));
}

#[test]
fn own_cases() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/texts/cases.json");
    let file = texts::json(&path);
    let scores = run(&file, true);
    assert!(scores[0].go > 150 && scores[0].stay > 250);
    hold(&scores);
}

/// Names, places, numbers and phrases put together by chance, by kind; the kinds that were once missed by name.
#[test]
fn drawn_cases() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/texts/drawn.json");
    let file = texts::json(&path);
    let scores = run(&file, true);
    assert!(scores[0].go > 300 && scores[0].stay > 300);
    hold(&scores);
}
