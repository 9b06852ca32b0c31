//! The second opinion: an independent walk over what will leave, and a search for the identity of its source.
//!
//! It shares no code with the engine. It reads the output with another reader (`dicom-parser` with raw values,
//! `dicom-object` for its header), takes the identities from the source by itself, recomputes what the engine
//! generated, and searches every byte that leaves except samples of native pixel data within their computed size,
//! entropy-coded data, and the values that it recomputed.
//!
//! The data's way: [`load`] (both files) → [`identity`] and [`expected`] (source) → [`rules`] (output, element by
//! element) → [`lexicon`] and [`hunt`] (output, byte by byte and text by text) → [`pixels`].
#![cfg_attr(not(test), deny(unused_crate_dependencies))]

pub mod bytes;
mod date;
mod entry;
mod expected;
mod generic;
mod guesses;
mod head;
mod hunt;
mod identity;
mod kana;
mod kinds;
mod lexicon;
mod load;
mod method;
mod numbers;
mod others;
mod pixels;
pub mod policy;
mod pseudonym;
mod reader;
mod readings;
mod rules;
mod runs;
mod search;
mod skim;
mod streams;
mod table;
mod text;
mod texts;
mod tokens;
mod unfold;
mod unwrap;
mod variants;
mod verdict;
mod verify;
mod words;

pub use bytes::Bytes;
pub use kinds::Kind;
pub use policy::VerifyPolicy;
pub use verdict::{Detail, Hit, ReadBy, Unreadable, Verdict};
pub use verify::Verifier;

/// Implementation Class UID that every output carries (PS3.7 D.3.3.2).
pub const IMPLEMENTATION_CLASS: &str = "2.25.242926530209425663055511912206042657029";

#[cfg(test)]
pub(crate) mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]
    use std::path::PathBuf;

    /// A file of the shared data; `None` (said aloud) where it is absent, a failure in CI.
    pub fn shared(path: &str) -> Option<Vec<u8>> {
        let root = std::env::var_os("TOKUMEI_SHARED")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
        let found = std::fs::read(root.join(path)).ok();
        if found.is_none() {
            assert!(std::env::var_os("CI").is_none(), "shared data is missing");
            println!("skipped: no {path}");
        }
        found
    }
}
