//! De-identifies a folder natively, for judges, fuzzing and measurements. The product's command line is in `cli/`.
//!
//! `cargo run --release -p tokumei-deid --example run -- INPUT OUTPUT [--policy NAME|FILE] [--key HEX]
//! [--report FILE] [--mapping FILE] [--alone]`; without OUTPUT work is only timed. `--alone`: every file is planned as
//! if it were the only one, and leaves into a folder of its own.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::error::Error;
use std::fs;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;
use tokumei_deid::policy::{Policy, shipped};
use tokumei_deid::reasons::Scope;
use tokumei_deid::scan::ScanRow;
use tokumei_deid::text::Lists;
use tokumei_deid::transform::Outcome;
use tokumei_deid::{Profile, plan, scan, transform};
use tokumei_dicom::{Piece, Source, SourceUnreadable};

struct FileSource {
    file: fs::File,
    len: u64,
}

impl Source for FileSource {
    fn len(&self) -> u64 {
        self.len
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<(), SourceUnreadable> {
        self.file.read_exact_at(buf, offset).map_err(|_| SourceUnreadable)
    }
}

fn open(path: &Path) -> Result<FileSource, Box<dyn Error>> {
    let file = fs::File::open(path)?;
    let len = file.metadata()?.len();
    Ok(FileSource { file, len })
}

struct Options {
    input: PathBuf,
    output: Option<PathBuf>,
    policy: Policy,
    key: [u8; 32],
    report: Option<PathBuf>,
    mapping: Option<PathBuf>,
    alone: bool,
}

fn main() -> Result<(), Box<dyn Error>> {
    let options = options()?;
    let profile = Profile::new(options.policy.clone(), &options.key, "", Some(lists()?))
        .map_err(|_| "the policy cleans text, but there are no word lists")?;
    let mut paths = Vec::new();
    list(&options.input, &options.input, &mut paths)?;
    paths.sort();
    let started = Instant::now();
    let mut rows: Vec<ScanRow> = Vec::with_capacity(paths.len());
    for path in &paths {
        rows.push(scan::scan(&profile, &open(&options.input.join(path))?, path));
    }
    let scanned = started.elapsed();
    for index in plan::needs_digest(&rows) {
        if let (Some(row), Some(path)) = (rows.get_mut(index), paths.get(index)) {
            row.digest = Some(hex(&Sha256::digest(fs::read(options.input.join(path))?)));
        }
    }
    let together = if options.alone { 1 } else { rows.len().max(1) };
    let decisions: Vec<_> = rows.chunks(together).flat_map(|some| plan::plan(&profile, some, None)).collect();
    let (mut files, mut mapped) = (Vec::new(), Vec::new());
    let started = Instant::now();
    for (n, ((path, row), decision)) in paths.iter().zip(&rows).zip(&decisions).enumerate() {
        let mut out = None;
        let (mut verdict, mut reason, mut tag) = (decision.verdict, decision.reason, decision.tag.clone());
        // Nothing is masked here.
        if decision.verdict == Scope::Pass {
            let source = open(&options.input.join(path))?;
            let outcome = transform::transform(&profile, &source, row.namespace.as_deref().unwrap_or_default());
            (verdict, reason, tag) = (outcome.verdict, outcome.reason, outcome.tag.clone());
            out = write(&options, &source, &outcome, n)?;
        }
        files.push(json!({"n": n, "verdict": verdict, "reason": reason, "tag": tag, "sopClass": row.sop_class}));
        mapped.push(json!({"n": n, "path": path, "out": out}));
    }
    println!("{} files, scan {scanned:?}, transform {:?}", paths.len(), started.elapsed());
    save(options.report.as_deref(), &json!({"schema": "tokumei.report/1", "files": files}))?;
    save(options.mapping.as_deref(), &json!({"schema": "tokumei.mapping/1", "files": mapped}))
}

fn lists() -> Result<Arc<Lists>, Box<dyn Error>> {
    Ok(Arc::new(Lists::from_bytes(&fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("data/text.lists"))?)?))
}

fn write(
    options: &Options,
    source: &FileSource,
    outcome: &Outcome,
    n: usize,
) -> Result<Option<String>, Box<dyn Error>> {
    let (Some(root), Some(patient), Some(study), Some(series), Some(instance)) =
        (&options.output, &outcome.patient, &outcome.study, &outcome.series, &outcome.instance)
    else {
        return Ok(None);
    };
    let own = if options.alone { format!("{n}/") } else { String::new() };
    let out = format!("{own}{patient}/{study}/{series}/{instance}.dcm");
    let mut bytes = Vec::new();
    for piece in &outcome.pieces {
        match piece {
            Piece::Bytes(own) => bytes.extend_from_slice(own),
            Piece::Range { offset, len } => {
                let mut part = vec![0; usize::try_from(*len)?];
                source.read_at(*offset, &mut part).map_err(|_| "source unreadable")?;
                bytes.extend_from_slice(&part);
            }
        }
    }
    let path = root.join(&out);
    fs::create_dir_all(path.parent().unwrap_or(root))?;
    fs::write(path, bytes)?;
    Ok(Some(out))
}

fn save(path: Option<&Path>, value: &Value) -> Result<(), Box<dyn Error>> {
    if let Some(path) = path {
        fs::write(path, serde_json::to_string(value)?)?;
    }
    Ok(())
}

fn list(root: &Path, folder: &Path, out: &mut Vec<String>) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            list(root, &path, out)?;
        } else {
            out.push(path.strip_prefix(root)?.to_string_lossy().into_owned());
        }
    }
    Ok(())
}

fn options() -> Result<Options, Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut plain: Vec<PathBuf> = Vec::new();
    let mut policy = "headers-only".to_owned();
    let mut key = [7u8; 32];
    let (mut report, mut mapping, mut alone) = (None, None, false);
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or("a value is missing");
        match argument.as_str() {
            "--alone" => alone = true,
            "--policy" => policy = value()?,
            "--key" => key = unhex(&value()?).ok_or("not 64 hex digits")?,
            "--report" => report = Some(value()?.into()),
            "--mapping" => mapping = Some(value()?.into()),
            _ => plain.push(argument.into()),
        }
    }
    let policy = match shipped(&policy) {
        Some(policy) => policy,
        None => Policy::from_json(&fs::read_to_string(policy)?)?,
    };
    let mut plain = plain.into_iter();
    Ok(Options { input: plain.next().ok_or("no input")?, output: plain.next(), policy, key, report, mapping, alone })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, b| format!("{text}{b:02x}"))
}

fn unhex(text: &str) -> Option<[u8; 32]> {
    let digits: Option<Vec<u8>> =
        (0..text.len()).step_by(2).map(|i| u8::from_str_radix(text.get(i..i + 2)?, 16).ok()).collect();
    digits?.try_into().ok()
}
