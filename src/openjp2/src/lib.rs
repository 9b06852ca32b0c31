//! Streams in memory for openjp2, whose own need C callbacks; and on wasm32 the C heap that it calls.
//!
//! The only crate of the house with unsafe code, so that there is one place to look at.
#![cfg_attr(not(test), deny(unused_crate_dependencies))]

#[cfg(target_arch = "wasm32")]
mod heap;
mod stream;

pub use stream::{Output, reader, writer};
