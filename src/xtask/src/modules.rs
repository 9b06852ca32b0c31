//! Builds the modules: cargo, then wasm-bindgen as a library, then the optional pass of Binaryen, then the data that they are
//! given, then budgets.

use crate::Result;
use crate::config::{Config, Module, Target};
use crate::files::{gzip_size, replace, sha256};
use crate::manifest;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use wasm_bindgen_cli_support::Bindgen;

const TRIPLE: &str = "wasm32-unknown-unknown";

/// What each module in the output folder was made from: name → digest. Lets a second build skip the glue.
const STAMPS: &str = ".stamps.json";
type Stamps = BTreeMap<String, String>;

/// Builds all modules; fails above a budget.
pub fn build(root: &Path, dev: bool) -> Result<()> {
    let config = Config::read(root)?;
    let workspace = Workspace::read(root)?;
    config.check_members(&workspace.packages)?;
    let profile = if dev { &config.dev.profile } else { &config.build.profile };

    let out = root.join(&config.build.out);
    let mut stamps = read_stamps(&out);
    for module in &config.module {
        compile(root, &config, module, dev, profile)?;
        let raw = workspace.artifact(module, profile);
        let stamp = stamp(&raw, &config, dev)?;
        if stamps.get(&module.name) != Some(&stamp) || !out.join(format!("{}.wasm", module.name)).is_file() {
            glue(root, &config, module, &raw, &out, dev)?;
            stamps.insert(module.name.clone(), stamp);
        }
    }
    replace(&out.join(STAMPS), serde_json::to_string_pretty(&stamps)?.as_bytes())?;
    for data in &config.data {
        let bytes = std::fs::read(root.join(&data.from))?;
        replace(&out.join(&data.name), &bytes)?;
        manifest::within(&data.name, gzip_size(&bytes)?, data.max_gzip_kb)?;
    }

    for module in config.module.iter().filter(|_| !dev) {
        let wasm = std::fs::read(out.join(format!("{}.wasm", module.name)))?;
        let js = std::fs::read(out.join(format!("{}.js", module.name)))?;
        manifest::within(&module.name, gzip_size(&wasm)? + gzip_size(&js)?, module.max_gzip_kb)?;
    }
    Ok(())
}

/// What cargo says about the workspace.
struct Workspace {
    packages: BTreeSet<String>,
    target: PathBuf,
}

impl Workspace {
    fn read(root: &Path) -> Result<Self> {
        let output = cargo(root).args(["metadata", "--no-deps", "--format-version", "1", "--locked"]).output()?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into());
        }
        let metadata: serde_json::Value = serde_json::from_slice(&output.stdout)?;
        let names = metadata["packages"].as_array().ok_or("cargo metadata without packages")?;
        Ok(Self {
            packages: names.iter().filter_map(|package| package["name"].as_str()).map(str::to_owned).collect(),
            target: metadata["target_directory"].as_str().ok_or("cargo metadata without a target")?.into(),
        })
    }

    fn artifact(&self, module: &Module, profile: &str) -> PathBuf {
        self.target.join(TRIPLE).join(profile).join(format!("{}.wasm", module.package.replace('-', "_")))
    }
}

fn cargo(root: &Path) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root);
    command
}

/// A cargo call for each module: one call for all would give every module the features that another one needs.
fn compile(root: &Path, config: &Config, module: &Module, dev: bool, profile: &str) -> Result<()> {
    let mut command = cargo(root);
    command.args(["build", "--locked", "--target", TRIPLE, "--profile", profile, "--package", &module.package]);
    command.env("CARGO_ENCODED_RUSTFLAGS", flags(root, module));
    for feature in module.features.iter().chain(config.dev.features.iter().filter(|_| dev)) {
        command.args(["--features", feature]);
    }
    if command.status()?.success() { Ok(()) } else { Err(format!("cargo could not build {}", module.package).into()) }
}

/// Flags of the compiler for a module.
fn flags(root: &Path, module: &Module) -> OsString {
    // Lints are for `npm test`: those of a newer compiler must not keep anyone from building.
    let mut flags = OsString::from("--cap-lints=warn");
    for argument in &module.llvm_args {
        flags.push(format!("\u{1f}-Cllvm-args={argument}"));
    }
    // Places in panics name files: without this they would name the folders of the machine that built.
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| std::env::home_dir().map(|home| home.join(".cargo")));
    let folders = [(Some(root.to_path_buf()), "tokumei"), (home, "cargo")];
    for (folder, name) in folders {
        if let Some(folder) = folder {
            flags.push("\u{1f}--remap-path-prefix=");
            flags.push(folder);
            flags.push(format!("={name}"));
        }
    }
    flags
}

/// Runs wasm-bindgen on one module and puts its files in place.
fn glue(root: &Path, config: &Config, module: &Module, raw: &Path, out: &Path, dev: bool) -> Result<()> {
    let name = &module.name;
    let folder = raw.with_extension("glue");
    let mut bindgen = Bindgen::new();
    match config.build.target {
        Target::Web => bindgen.web(true).map_err(|error| error.to_string())?,
    };
    bindgen.input_path(raw).out_name(name).typescript(true).remove_producers_section(true).remove_name_section(!dev);
    bindgen.generate(&folder).map_err(|error| format!("wasm-bindgen on {name}: {error:#}"))?;

    let made = folder.join(format!("{name}_bg.wasm"));
    if config.wasm_opt.enabled && !dev {
        optimise(root, config, &made)?;
    }
    replace(&out.join(format!("{name}.wasm")), &std::fs::read(&made)?)?;
    for end in ["js", "d.ts"] {
        let file = format!("{name}.{end}");
        replace(&out.join(&file), &std::fs::read(folder.join(&file))?)?;
    }
    Ok(())
}

fn optimise(root: &Path, config: &Config, wasm: &Path) -> Result<()> {
    let tool = root.join("node_modules/binaryen/bin/wasm-opt");
    if !tool.is_file() {
        return Err("wasm-opt is enabled in wasm-pack.toml: npm install --no-save binaryen".into());
    }
    let status = Command::new("node").arg(tool).args(&config.wasm_opt.args).arg(wasm).arg("-o").arg(wasm).status()?;
    if status.success() { Ok(()) } else { Err("wasm-opt failed".into()) }
}

/// Digest of all that decides the files of one module.
fn stamp(raw: &Path, config: &Config, dev: bool) -> Result<String> {
    let mut bytes = std::fs::read(raw)?;
    bytes.extend(format!("{:?}{:?}{dev}", config.build.target, config.wasm_opt).into_bytes());
    // The options of wasm-bindgen stand in this file; its version stands in the module.
    bytes.extend_from_slice(include_bytes!("modules.rs"));
    Ok(sha256(&bytes))
}

fn read_stamps(out: &Path) -> Stamps {
    std::fs::read(out.join(STAMPS)).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default()
}
