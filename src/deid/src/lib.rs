//! .
#![cfg_attr(not(test), deny(unused_crate_dependencies))]
