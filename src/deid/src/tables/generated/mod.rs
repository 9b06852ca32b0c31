//! Made by `cargo xtask generate` from `src/deid/data`. Do not edit.

#![allow(clippy::unreadable_literal)]

pub(super) mod content_items;
pub(super) mod e1_1;
pub(super) mod iod;
pub(super) mod method_codes;
pub(super) mod outside;
pub(super) mod private_safe;
pub(super) mod sop_class;
pub(super) mod technical;
pub(super) mod uids;
pub(super) mod vendor_private;
