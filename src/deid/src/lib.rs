//! .
#![cfg_attr(not(test), deny(unused_crate_dependencies))]

pub mod policy;
pub mod pseudonym;
#[rustfmt::skip]
pub mod reasons;
pub mod tables;
