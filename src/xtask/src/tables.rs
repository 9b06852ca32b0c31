//! Generated tables: `src/deid/data/*.tsv` → `src/deid/src/tables/generated/*.rs`, reason codes and their words, the
//! JSON Schema of policies, the conformance statement, and the word lists; and the packed tables of `src/dicom` and of
//! Unicode.
//!
//! The output depends on the tables alone, so it is checked in and compared.

mod classes;
mod content;
mod dictionary;
mod pack;
mod profile;
mod tsv;
mod unicode;
mod words;

use std::process::Command;
use std::{env, fs, io, path::Path};

/// One generated file: path from the root, and what it holds.
struct Output {
    path: String,
    data: Vec<u8>,
}

fn outputs(root: &Path) -> io::Result<Vec<Output>> {
    let data = root.join("src/deid/data");
    let texts = [
        ("src/deid/src/tables/generated/mod.rs", modules()),
        ("src/deid/src/tables/generated/e1_1.rs", profile::e1_1(&data)?),
        ("src/deid/src/tables/generated/iod.rs", profile::iod(&data)?),
        ("src/deid/src/tables/generated/sop_class.rs", classes::sop_class(&data)?),
        ("src/deid/src/tables/generated/uids.rs", classes::uids(&data)?),
        ("src/deid/src/tables/generated/private_safe.rs", classes::private_safe(&data)?),
        ("src/deid/src/tables/generated/vendor_private.rs", classes::vendor_private(&data)?),
        ("src/deid/src/tables/generated/method_codes.rs", classes::method_codes(&data)?),
        ("src/deid/src/tables/generated/content_items.rs", content::content_items(&data)?),
        ("src/deid/src/tables/generated/outside.rs", words::outside(&data)?),
        ("src/deid/src/tables/generated/technical.rs", words::technical(&data)?),
        ("src/deid/src/reasons.rs", words::reasons(&data)?),
        ("www/words/reasons.json", words::reason_texts(&data)?),
    ];
    let texts = texts.into_iter().map(|(path, text)| Output { path: path.to_owned(), data: text.into_bytes() });
    Ok(texts.chain(dictionary::outputs()?).chain(unicode::outputs()?).collect())
}

/// Writes every generated file that differs.
pub fn generate(root: &Path) -> io::Result<()> {
    for output in outputs(root)? {
        let path = root.join(&output.path);
        if fs::read(&path).is_ok_and(|old| old == output.data) {
            continue;
        }
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(path, output.data)?;
    }
    by_tests(root, true)
}

/// Writes or checks `docs/schema/policy.schema.json`, `docs/conformance.md` and `src/deid/data/text.lists`. They say what
/// another crate is and does, so its own tests do the work, under features that nothing else switches on.
fn by_tests(root: &Path, write: bool) -> io::Result<()> {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(root).args(["test", "--quiet", "--locked", "--package", "tokumei-deid"]);
    cargo.args(["--features", "schema,pack", "--test", "schema", "--test", "conformance", "--test", "lists"]);
    if write {
        cargo.env("TOKUMEI_GENERATE", "1");
    }
    let output = cargo.output()?;
    if output.status.success() {
        return Ok(());
    }
    let said = [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned());
    Err(io::Error::other(format!("policy.schema.json, conformance.md, text.lists: {}", said.concat())))
}

/// Fails where a generated file is not what tables and types say.
pub fn check(root: &Path) -> io::Result<()> {
    check_tables(root)?;
    by_tests(root, false)
}

/// Fails with the names of generated files that are not what the tables say.
fn check_tables(root: &Path) -> io::Result<()> {
    let stale: Vec<String> = outputs(root)?
        .into_iter()
        .filter(|output| fs::read(root.join(&output.path)).ok().as_ref() != Some(&output.data))
        .map(|output| output.path)
        .collect();
    if stale.is_empty() {
        Ok(())
    } else {
        Err(io::Error::other(format!("not what the tables say, run `cargo xtask generate`: {}", stale.join(", "))))
    }
}

fn modules() -> String {
    let names = [
        "content_items",
        "e1_1",
        "iod",
        "method_codes",
        "outside",
        "private_safe",
        "sop_class",
        "technical",
        "uids",
        "vendor_private",
    ];
    let mut out = String::from(
        "//! Made by `cargo xtask generate` from `src/deid/data`. Do not edit.\n\n#![allow(clippy::unreadable_literal)]\n\n",
    );
    for name in names {
        out.extend([format!("pub(super) mod {name};\n")]);
    }
    out
}

/// First line of every generated module.
fn head(from: &str) -> String {
    format!("//! Made by `cargo xtask generate` from `src/deid/data/{from}`. Do not edit.\n\n")
}

/// A static array: its lines sorted by their keys, each on a line of its own.
fn array<K: Ord>(name: &str, item: &str, mut rows: Vec<(K, String)>) -> String {
    rows.sort_by(|a, b| a.0.cmp(&b.0));
    let mut out = format!("pub(in crate::tables) static {name}: [{item}; {}] = [\n", rows.len());
    for (_, row) in &rows {
        out.extend([format!("    {row},\n")]);
    }
    out.push_str("];\n");
    out
}

/// Fails where two rows have one key.
fn distinct<K: Ord + std::fmt::Debug>(what: &str, rows: &[(K, String)]) -> io::Result<()> {
    let mut keys: Vec<&K> = rows.iter().map(|r| &r.0).collect();
    keys.sort();
    match keys.windows(2).find(|pair| pair.first() == pair.last()) {
        Some(pair) => Err(io::Error::other(format!("{what}: twice {pair:?}"))),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::check_tables;
    use std::path::Path;

    #[test]
    fn checked_in_files_are_what_the_tables_say() {
        check_tables(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")).unwrap();
    }
}
