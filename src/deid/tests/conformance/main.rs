//! `docs/conformance.md`: what the product says of itself (PS3.15 E.1.3; PS3.2 N.11.2.6). Its tables are not written but made:
//! every action in them was seen on an instance made for it. `cargo xtask generate` runs this with `TOKUMEI_GENERATE` set,
//! which writes the file.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod attributes;
mod classes;
#[path = "../common/mod.rs"]
mod common;
mod settings;
mod values;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use tokumei_deid::policy::{Policy, shipped, shipped_names};
use tokumei_deid::{IMPLEMENTATION_CLASS, Profile, VERSION};

type Line = HashMap<String, String>;

/// A shipped policy, ready for use.
struct Shipped {
    name: &'static str,
    policy: Policy,
    profile: Profile,
}

fn crate_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

/// The lines of a table that the product is made of.
fn table(name: &str) -> Vec<Line> {
    let text = std::fs::read_to_string(crate_folder().join("data").join(format!("{name}.tsv"))).unwrap();
    let mut lines = text.lines();
    let head: Vec<&str> = lines.next().unwrap().split('\t').collect();
    lines
        .map(|line| {
            let cells = line.split('\t').chain(std::iter::repeat(""));
            head.iter().map(|h| (*h).to_owned()).zip(cells.map(str::to_owned)).collect()
        })
        .collect()
}

/// A Markdown table of these rows, the first of them its head.
fn markdown(rows: &[Vec<String>]) -> String {
    let line = |row: &Vec<String>| {
        let cells: Vec<String> = row.iter().map(|cell| cell.replace('|', "\\|")).collect();
        format!("| {} |\n", cells.join(" | "))
    };
    let rule = format!("|{}\n", "---|".repeat(rows[0].len()));
    rows.iter().enumerate().map(|(i, row)| if i == 0 { line(row) + &rule } else { line(row) }).collect()
}

fn row(first: &str, others: impl IntoIterator<Item = impl Into<String>>) -> Vec<String> {
    std::iter::once(first.to_owned()).chain(others.into_iter().map(Into::into)).collect()
}

fn statement() -> String {
    let policies: Vec<Shipped> = shipped_names()
        .into_iter()
        .map(|name| Shipped { name, policy: shipped(name).unwrap(), profile: common::profile(name) })
        .collect();
    let parts = [
        ("version", VERSION.to_owned()),
        ("implementation-class", IMPLEMENTATION_CLASS.to_owned()),
        ("policies", settings::policies(&policies)),
        ("options", settings::options(&policies)),
        ("attributes", attributes::actions(&policies)),
        ("rules", attributes::rules()),
        ("outside", attributes::outside()),
        ("dummies", values::dummies()),
        ("own-dummies", values::own_dummies()),
        ("descriptors", settings::descriptors(&policies)),
        ("private", values::safe_private()),
        ("inserted", values::inserted(&policies)),
        ("settings", settings::choices(&policies)),
        ("syntaxes", classes::transfer_syntaxes(&policies)),
        ("classes", classes::verdicts(&policies)),
        ("limits", settings::limits(&policies)),
    ];
    let template = include_str!("statement.md");
    let text = parts.iter().fold(template.to_owned(), |text, (name, part)| {
        let hole = format!("{{{{{name}}}}}");
        assert!(text.contains(&hole), "the template does not ask for {name}");
        text.replace(&hole, part.trim_end())
    });
    assert!(!text.contains("{{"), "the template asks for more");
    text
}

#[test]
fn the_published_statement_is_what_the_product_does() {
    let path = crate_folder().join("../../docs/conformance.md");
    let statement = statement();
    if std::env::var_os("TOKUMEI_GENERATE").is_some() {
        std::fs::write(&path, &statement).unwrap();
    }
    let published = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(published == statement, "run `cargo xtask generate`");
}
