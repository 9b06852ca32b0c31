//! The word lists of text cleaning, packed into the one file that the core is given when it starts.

use super::Output;
use std::{fs, io, path::Path};

/// Sections and the files that hold them.
const SECTIONS: [(&str, &str); 15] = [
    ("variants", "variants.txt"),
    ("body", "body.txt"),
    ("modality", "modality.txt"),
    ("technique", "technique.txt"),
    ("clinical", "clinical.txt"),
    ("plain", "plain.txt"),
    ("particles", "particles.txt"),
    ("eponyms", "eponyms.txt"),
    ("like", "like.txt"),
    ("surnames", "surnames.tsv"),
    ("given_readings", "given_readings.txt"),
    ("given_kanji", "given_kanji.tsv"),
    ("western_given", "western_given.txt"),
    ("western_family", "western_family.txt"),
    ("marks", "marks.tsv"),
];

/// `src/deid/data/text.lists`.
pub(super) fn output(data: &Path) -> io::Result<Output> {
    let mut out = String::from("tokumei.lists/1\n");
    for (name, file) in SECTIONS {
        let text = fs::read_to_string(data.join("text").join(file))?;
        let lines: Vec<&str> = text.lines().collect();
        // Marks go by kind and given kanji by place: those lines are few, and in the order in which they are read.
        let sorted = name == "marks" || name == "given_kanji" || lines.is_sorted_by(|a, b| a < b);
        if !sorted || lines.iter().any(|l| l.is_empty() || l.starts_with('[') || l.trim() != *l) {
            return Err(io::Error::other(format!("{file}: lines must be sorted, single and not empty")));
        }
        out.extend(["[", name, "]\n"]);
        for line in lines {
            out.extend([line, "\n"]);
        }
    }
    Ok(Output { path: "src/deid/data/text.lists".to_owned(), data: out.into_bytes() })
}
