//! Generated tables: `src/deid/data/*.tsv` → `src/deid/src/tables/generated/*.rs`, reason codes and their words, and the
//! JSON Schema of policies.
//!
//! The output depends on the tables alone, so it is checked in and compared.

mod classes;
mod profile;
mod tsv;
mod words;

use std::process::Command;
use std::{env, fs, io, path::Path};

/// One generated file: path from the root, and text.
struct Output {
    path: &'static str,
    text: String,
}

fn outputs(root: &Path) -> io::Result<Vec<Output>> {
    let data = root.join("src/deid/data");
    Ok(vec![
        Output { path: "src/deid/src/tables/generated/mod.rs", text: modules() },
        Output { path: "src/deid/src/tables/generated/e1_1.rs", text: profile::e1_1(&data)? },
        Output { path: "src/deid/src/tables/generated/iod.rs", text: profile::iod(&data)? },
        Output { path: "src/deid/src/tables/generated/sop_class.rs", text: classes::sop_class(&data)? },
        Output { path: "src/deid/src/tables/generated/uids.rs", text: classes::uids(&data)? },
        Output { path: "src/deid/src/tables/generated/private_safe.rs", text: classes::private_safe(&data)? },
        Output { path: "src/deid/src/tables/generated/method_codes.rs", text: classes::method_codes(&data)? },
        Output { path: "src/deid/src/tables/generated/outside.rs", text: words::outside(&data)? },
        Output { path: "src/deid/src/tables/generated/technical.rs", text: words::technical(&data)? },
        Output { path: "src/deid/src/reasons.rs", text: words::reasons(&data)? },
        Output { path: "www/words/reasons.json", text: words::reason_texts(&data)? },
    ])
}

/// Writes every generated file that differs.
pub fn generate(root: &Path) -> io::Result<()> {
    for output in outputs(root)? {
        let path = root.join(output.path);
        if fs::read_to_string(&path).is_ok_and(|old| old == output.text) {
            continue;
        }
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(path, output.text)?;
    }
    policy_schema(root, true)
}

/// Writes or checks `docs/schema/policy.schema.json`. The types are those of another crate, under a feature that nothing
/// else switches on, so its own test does the work.
fn policy_schema(root: &Path, write: bool) -> io::Result<()> {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(root).args(["test", "--quiet", "--locked", "--package", "tokumei-deid"]);
    cargo.args(["--features", "schema", "--test", "schema"]);
    if write {
        cargo.env("TOKUMEI_GENERATE", "1");
    }
    let output = cargo.output()?;
    if output.status.success() {
        return Ok(());
    }
    Err(io::Error::other(format!("docs/schema/policy.schema.json: {}", String::from_utf8_lossy(&output.stderr))))
}

/// Fails where a generated file is not what tables and types say.
pub fn check(root: &Path) -> io::Result<()> {
    check_tables(root)?;
    policy_schema(root, false)
}

/// Fails with the names of generated files that are not what the tables say.
fn check_tables(root: &Path) -> io::Result<()> {
    let stale: Vec<&str> = outputs(root)?
        .into_iter()
        .filter(|output| fs::read_to_string(root.join(output.path)).ok().as_deref() != Some(&output.text))
        .map(|output| output.path)
        .collect();
    if stale.is_empty() {
        Ok(())
    } else {
        Err(io::Error::other(format!("not what the tables say, run `cargo xtask generate`: {}", stale.join(", "))))
    }
}

fn modules() -> String {
    let names = ["e1_1", "iod", "method_codes", "outside", "private_safe", "sop_class", "technical", "uids"];
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
