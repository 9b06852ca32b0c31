//! DICOM files as hospitals have them: read by ranges, leniently, and rewritten by splicing.
//!
//! The data's way: [`source`] → [`parse`](read::parse) (form of the file, then a flat list of [`node::Node`]s) →
//! edits decided elsewhere → [`splice`](splice::splice) → [`Piece`]s.
//! This crate knows no policy. Bytes that no edit names leave as they came.
#![cfg_attr(not(test), deny(unused_crate_dependencies))]

pub mod error;
pub mod limits;
pub mod node;
pub mod source;
pub mod tag;

pub use error::{Error, ErrorKind, Result};
pub use limits::Limits;
pub use source::{Piece, Source, SourceUnreadable};
pub use tag::{Step, Tag, TagPath};
