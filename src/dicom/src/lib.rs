//! DICOM files as hospitals have them: read by ranges, leniently, and rewritten by splicing.
//!
//! The data's way: [`source`] → [`parse`](read::parse) (form of the file, then a flat list of [`node::Node`]s) →
//! edits decided elsewhere → [`splice`](splice::splice) → [`Piece`]s.
//! This crate knows no policy. Bytes that no edit names leave as they came.
#![cfg_attr(not(test), deny(unused_crate_dependencies))]

pub mod charset;
pub mod codestream;
pub mod data_set;
pub mod dictionary;
pub mod error;
mod held;
pub mod limits;
pub mod node;
pub mod order;
pub mod packed;
pub mod quirks;
pub mod read;
pub mod regions;
pub mod source;
pub mod splice;
pub mod tag;
pub mod transfer_syntax;
pub mod value;

pub use data_set::{DataSet, Form, Fragment};
pub use error::{Error, ErrorKind, Result};
pub use limits::Limits;
pub use node::{Encoding, Node, NodeKind};
pub use quirks::{Quirk, Quirks};
pub use source::{Piece, Read, Source, SourceUnreadable};
pub use splice::{Edit, Edits, Head, NewElement, NewMeta, NewValue};
pub use tag::{Step, Tag, TagPath};
