//! The standard's tables as data: sorted static slices and lists, looked up by binary search; nothing is parsed at start-up.
//!
//! `generated/` is written by `cargo xtask generate` from `src/deid/data/*.tsv`; do not edit it by hand.

pub mod content_items;
pub mod e1_1;
#[rustfmt::skip]
mod generated;
pub mod iod;
mod lines;
pub mod method_codes;
pub mod outside;
pub mod private_safe;
pub mod rule;
pub mod sop_class;
pub mod technical;
pub mod uids;
pub mod vendor_private;

pub use e1_1::{Code, OptionColumn, OptionSet};
pub use rule::RuleSource;
