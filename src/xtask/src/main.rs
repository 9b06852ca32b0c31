//! The project's own tool: builds the WebAssembly modules of `wasm-pack.toml`, checks budgets, generates tables.
//!
//! `cargo xtask build [--dev]` · `manifest` · `generate` · `check-generated`

mod config;
mod files;
mod manifest;
mod modules;
mod tables;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Any failure, told to the developer as it is.
type Result<T> = core::result::Result<T, Box<dyn core::error::Error>>;

const USAGE: &str = "usage: cargo xtask build [--dev] | manifest | generate | check-generated";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match run(&words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(words: &[&str]) -> Result<()> {
    let root = root()?;
    match words {
        ["build"] => modules::build(&root, false),
        ["build", "--dev"] => modules::build(&root, true),
        ["manifest"] => manifest::write(&root, &config::Config::read(&root)?),
        ["generate"] => Ok(tables::generate(&root)?),
        ["check-generated"] => Ok(tables::check(&root)?),
        _ => Err(USAGE.into()),
    }
}

/// The workspace: two folders above this crate.
fn root() -> Result<PathBuf> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    Ok(own.ancestors().nth(2).ok_or("the crate is not at src/xtask")?.to_path_buf())
}
