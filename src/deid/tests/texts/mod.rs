//! Cases of text cleaning and how they are judged.
#![allow(
    dead_code,
    clippy::cast_precision_loss,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use tokumei_deid::text::{Facts, Lexicon, Lists, folded};

pub fn lists() -> &'static Lists {
    static LISTS: OnceLock<Lists> = OnceLock::new();
    LISTS.get_or_init(|| Lists::from_bytes(include_bytes!("../../data/text.lists")).unwrap())
}

pub fn shared(path: &str) -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let shared = std::env::var_os("TOKUMEI_SHARED").map_or_else(|| root.join("../shared"), PathBuf::from);
    let path = shared.join(path);
    if !path.exists() {
        assert!(std::env::var_os("CI").is_none(), "{} is missing", path.display());
        return None;
    }
    Some(path)
}

pub fn json(path: &Path) -> Value {
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn texts(value: &Value) -> Vec<String> {
    value.as_array().map(|list| list.iter().map(text).collect()).unwrap_or_default()
}

/// A person as the header has them: romaji, kanji and kana as groups of one PN value.
fn person(value: &Value) -> Vec<String> {
    let group = |key: &str| text(&value[key]).replace([' ', '\u{3000}'], "^");
    let mut names = texts(&value["other"]);
    names.push(format!("{}={}={}", text(&value["romaji"]), group("name"), group("kana")));
    names
}

/// What the headers of a case say: its patient, the staff, the institution.
pub fn facts(file: &Value, patient: &Value) -> Facts {
    let mut facts = Facts::default();
    if patient["name"].is_string() {
        facts.names.extend(person(patient));
    }
    file["staff"].as_array().unwrap().iter().for_each(|staff| facts.names.extend(person(staff)));
    let some = |value: &Value| value.as_str().map(str::to_owned);
    facts.ids.extend([&patient["id"], &patient["accession"]].into_iter().filter_map(some));
    facts.birth_dates.extend(some(&patient["birth"]));
    let institution = &file["institution"];
    facts.addresses.extend([&patient["address"], &institution["address"]].into_iter().filter_map(some));
    facts.numbers.extend([&patient["postal"], &patient["phone"], &institution["phone"]].into_iter().filter_map(some));
    facts.places.push(text(&institution["name"]));
    for key in ["abbrev", "english", "station", "wards"] {
        facts.places.extend(texts(&institution[key]));
    }
    facts.departments.extend(texts(&institution["departments"]));
    facts
}

pub fn lexicon(file: &Value, context: &str) -> Lexicon {
    Lexicon::new(&facts(file, &file["contexts"][context]), lists())
}

/// Width, case, kana, hyphens and spaces say nothing.
fn flat(text: &str) -> String {
    folded(text, lists()).chars().filter(|c| !c.is_whitespace() && *c != '-').collect()
}

/// What of one case was met.
#[derive(Default, Clone, Copy)]
pub struct Score {
    pub go: usize,
    pub gone: usize,
    pub stay: usize,
    pub stayed: usize,
}

impl Score {
    pub fn add(&mut self, other: Self) {
        self.go += other.go;
        self.gone += other.gone;
        self.stay += other.stay;
        self.stayed += other.stayed;
    }

    pub fn gone_rate(&self) -> f64 {
        self.gone as f64 / self.go.max(1) as f64
    }

    pub fn stayed_rate(&self) -> f64 {
        self.stayed as f64 / self.stay.max(1) as f64
    }

    pub fn is_full(&self) -> bool {
        self.go == self.gone && self.stay == self.stayed
    }
}

/// Takes the stay texts out of the output, in order; in what is left no go text may be.
pub fn judge(output: &str, go: &[String], stay: &[String]) -> Score {
    let mut score = Score { go: go.len(), stay: stay.len(), ..Score::default() };
    let mut rest = String::new();
    let mut at = 0;
    for text in stay {
        if let Some(found) = output[at..].find(text.as_str()) {
            rest.push_str(&output[at..at + found]);
            rest.push('\n');
            at += found + text.len();
            score.stayed += 1;
        }
    }
    rest.push_str(&output[at..]);
    for text in go {
        let left = rest.contains(text.as_str()) || rest.lines().any(|l| flat(l).contains(&flat(text)));
        score.gone += usize::from(!left);
    }
    score
}

/// The spans of a case.
pub fn spans(case: &Value, key: &str) -> Vec<String> {
    case[key].as_array().unwrap().iter().map(|s| if s.is_string() { text(s) } else { text(&s["text"]) }).collect()
}
