//! De-identification: the standard's tables as data, policy, pseudonyms, plan and transform.
//!
//! The data's way: [`scan`](scan::scan) → [`plan`](plan::plan) over all rows → [`transform`](transform::transform) of
//! what passes. Everything that files share stands in a [`Profile`].
#![cfg_attr(not(test), deny(unused_crate_dependencies))]

mod content;
pub mod devices;
pub mod json;
pub mod patient;
pub mod plan;
pub mod policy;
mod profile;
pub mod pseudonym;
#[rustfmt::skip]
pub mod reasons;
pub mod scan;
pub mod tables;
pub mod text;
pub mod transform;
mod values;

pub use profile::{IMPLEMENTATION_CLASS, ListsMissing, Profile, VERSION};
