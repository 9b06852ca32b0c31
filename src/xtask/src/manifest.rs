//! `pkg/manifest.json` of the page: size and digest of every file that the page serves, and the page's own budget.
//!
//! The page shows these digests and the service worker installs only what they name (design 11).

use crate::Result;
use crate::config::Config;
use crate::files::{gzip_size, replace, sha256};
use serde::Serialize;
use std::path::{Path, PathBuf};

/// The modules inside the page; they have budgets of their own.
const MODULES: &str = "pkg";

/// Name of the manifest inside them.
const NAME: &str = "manifest.json";

#[derive(Debug, Serialize)]
struct Entry {
    name: String,
    size: u64,
    gzip: u64,
    sha256: String,
}

/// Writes the manifest; fails when the page without its modules is above its budget.
pub fn write(root: &Path, config: &Config) -> Result<()> {
    let page = root.join(&config.page.root);
    let modules = page.join(MODULES);
    let own = modules.join(NAME);
    let mut entries = Vec::new();
    let mut page_gzip = 0;
    for path in files(&page)? {
        if path == own {
            continue;
        }
        let bytes = std::fs::read(&path)?;
        let entry = Entry {
            name: relative(&page, &path)?,
            size: bytes.len() as u64,
            gzip: gzip_size(&bytes)?,
            sha256: sha256(&bytes),
        };
        if !path.starts_with(&modules) {
            page_gzip += entry.gzip;
        }
        entries.push(entry);
    }
    entries.sort_by(|a, b| a.name.cmp(&b.name));
    let mut text = serde_json::to_string_pretty(&entries)?;
    text.push('\n');
    replace(&own, text.as_bytes())?;
    within("page", page_gzip, config.page.max_gzip_kb)
}

/// Fails above the budget, else says how much of it is used.
pub fn within(name: &str, gzip: u64, max_kb: u64) -> Result<()> {
    let line = format!("{name}: {} of {max_kb} kB gzip", gzip.div_ceil(1000));
    if gzip > max_kb * 1000 {
        return Err(format!("{line}: over the budget of wasm-pack.toml").into());
    }
    eprintln!("  {line}");
    Ok(())
}

/// All files below the folder but hidden ones, which are never served.
fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            if entry.file_name().to_string_lossy().starts_with('.') {
                continue;
            }
            if entry.file_type()?.is_dir() {
                open.push(entry.path());
            } else {
                found.push(entry.path());
            }
        }
    }
    Ok(found)
}

fn relative(root: &Path, path: &Path) -> Result<String> {
    let parts: Vec<_> = path.strip_prefix(root)?.iter().map(|part| part.to_string_lossy()).collect();
    Ok(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_is_of_thousands_of_bytes() {
        assert!(within("module", 300_000, 300).is_ok());
        assert!(within("module", 300_001, 300).is_err());
    }
}
