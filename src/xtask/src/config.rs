//! `wasm-pack.toml`: what is built, and how large it may be.

use crate::Result;
use serde::Deserialize;
use std::collections::BTreeSet;
use std::path::Path;

/// The whole file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Config {
    /// How every module is built.
    pub build: Build,
    /// What `--dev` changes.
    pub dev: Dev,
    /// The optional pass of Binaryen.
    pub wasm_opt: WasmOpt,
    /// The page around the modules.
    pub page: Page,
    /// The modules.
    pub module: Vec<Module>,
    /// What modules are given when they start.
    pub data: Vec<Data>,
}

/// How every module is built.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Build {
    /// Kind of glue that wasm-bindgen writes.
    pub target: Target,
    /// Cargo profile.
    pub profile: String,
    /// Folder of the results, relative to the workspace.
    pub out: String,
}

/// Kinds of glue that the workers can load.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Target {
    /// An ES module with an `init` function; runs in pages, workers and Node.
    Web,
}

/// What `--dev` changes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Dev {
    /// Cargo profile.
    pub profile: String,
    /// Features of every module, added to its own.
    pub features: Vec<String>,
}

/// The optional pass of Binaryen.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct WasmOpt {
    /// Whether it runs on release builds.
    pub enabled: bool,
    /// Its arguments.
    pub args: Vec<String>,
}

/// The page around the modules.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Page {
    /// Its folder, relative to the workspace.
    pub root: String,
    /// Budget of all it loads except the modules.
    pub max_gzip_kb: u64,
}

/// One module: one crate, one `.wasm`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Module {
    /// Name of its files.
    pub name: String,
    /// Package of the workspace.
    #[serde(rename = "crate")]
    pub package: String,
    /// Cargo features.
    pub features: Vec<String>,
    /// Arguments of the compiler's back end.
    #[serde(default)]
    pub llvm_args: Vec<String>,
    /// Budget of `.wasm` and glue together.
    pub max_gzip_kb: u64,
}

/// A file that stands beside the modules.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Data {
    /// Its name there.
    pub name: String,
    /// The checked-in file that it is a copy of, relative to the workspace.
    pub from: String,
    /// Budget.
    pub max_gzip_kb: u64,
}

impl Config {
    /// Reads the file of the workspace.
    pub fn read(root: &Path) -> Result<Self> {
        Self::parse(&std::fs::read_to_string(root.join("wasm-pack.toml"))?)
    }

    fn parse(text: &str) -> Result<Self> {
        let config: Self = toml::from_str(text).map_err(|error| format!("wasm-pack.toml: {error}"))?;
        let names: BTreeSet<&str> = config.module.iter().map(|module| module.name.as_str()).collect();
        if names.len() != config.module.len() || names.is_empty() {
            return Err("wasm-pack.toml: every [[module]] needs a name of its own".into());
        }
        Ok(config)
    }

    /// Fails when a module is no package of the workspace.
    pub fn check_members(&self, packages: &BTreeSet<String>) -> Result<()> {
        match self.module.iter().find(|module| !packages.contains(&module.package)) {
            Some(module) => Err(format!("wasm-pack.toml: {} is no member of the workspace", module.package).into()),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const SHIPPED: &str = include_str!("../../../wasm-pack.toml");

    #[test]
    fn the_shipped_file_is_read() {
        let config = Config::parse(SHIPPED).unwrap();
        let budgets: Vec<(&str, u64)> = config.module.iter().map(|m| (m.name.as_str(), m.max_gzip_kb)).collect();
        assert_eq!(budgets, [("core", 460), ("verify", 560), ("pixels", 900), ("jxl", 740)]);
    }

    #[test]
    fn an_unknown_key_is_an_error_anywhere() {
        for (from, to) in [
            ("[build]", "[build]\nstrip = true"),
            ("[dev]", "[dev]\nstrip = true"),
            ("[wasm-opt]", "[wasm-opt]\nlevel = 3"),
            ("[page]", "[page]\nmax-kib = 3"),
            ("name = \"core\"", "name = \"core\"\nmax-gzip-kib = 1"),
            ("[[data]]", "[[data]]\nlines = 1"),
            ("[build]", "[other]\n[build]"),
        ] {
            let text = SHIPPED.replacen(from, to, 1);
            assert_ne!(text, SHIPPED);
            assert!(Config::parse(&text).is_err(), "{to}");
        }
    }

    #[test]
    fn two_modules_of_one_name_are_an_error() {
        assert!(Config::parse(&SHIPPED.replace("name = \"verify\"", "name = \"core\"")).is_err());
    }

    #[test]
    fn a_module_outside_the_workspace_is_an_error() {
        let config = Config::parse(SHIPPED).unwrap();
        let mut packages: BTreeSet<String> = config.module.iter().map(|m| m.package.clone()).collect();
        assert!(config.check_members(&packages).is_ok());
        packages.remove("tokumei-verify-wasm");
        assert!(config.check_members(&packages).is_err());
    }
}
