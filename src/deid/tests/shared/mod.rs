//! The folder of judges and standards beside the repository, where there is one.

use std::path::{Path, PathBuf};

/// `TOKUMEI_SHARED`, or `shared` beside the repository. Absent: fails with `CI` set, else the test is skipped.
pub fn folder() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let folder = std::env::var_os("TOKUMEI_SHARED").map_or(beside, PathBuf::from);
    if folder.is_dir() {
        return Some(folder);
    }
    assert!(std::env::var_os("CI").is_none(), "the shared folder is missing");
    eprintln!("skipped: no shared folder");
    None
}
