//! JSON with the place of every value: policies and rows are read with it.
//!
//! `serde_json` reads the same, but as machine code it weighs a tenth of the core: it reads a struct in every way that
//! a format could hold one, and its errors can write doubles. Tests hold both equal.

pub(crate) mod fill;
mod read;

pub use fill::{Fill, from_node};
pub use read::read;

use core::fmt;
use serde::ser::{Error as _, Serialize, Serializer};

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Offset of its first byte in the text.
    pub start: usize,
    /// The value.
    pub value: Value,
}

/// A value of JSON (RFC 8259).
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number as it is written.
    Number(String),
    /// A text, its escapes resolved.
    Text(String),
    /// An array.
    Array(Vec<Node>),
    /// An object, in the order of the text; a key may stand twice.
    Object(Vec<Member>),
}

/// A member of an object.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    /// Offset of the key's first quote in the text.
    pub start: usize,
    /// The key.
    pub key: String,
    /// What it holds.
    pub node: Node,
}

impl Node {
    /// The member of an object; of two with one key the first.
    pub fn get(&self, key: &str) -> Option<&Node> {
        let Value::Object(members) = &self.value else { return None };
        members.iter().find(|member| member.key == key).map(|member| &member.node)
    }

    /// The text of a text.
    pub fn as_text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// What is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Offset in the text.
    pub offset: usize,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl core::error::Error for Fault {}

/// Fractions are errors: nothing that is read here holds one.
impl Serialize for Node {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.value {
            Value::Null => serializer.serialize_unit(),
            Value::Bool(value) => serializer.serialize_bool(*value),
            Value::Number(text) => match text.parse() {
                Ok(number) => serializer.serialize_i64(number),
                Err(_) => Err(S::Error::custom("a number that is no integer")),
            },
            Value::Text(text) => serializer.serialize_str(text),
            Value::Array(nodes) => serializer.collect_seq(nodes),
            Value::Object(members) => serializer.collect_map(members.iter().map(|m| (&m.key, &m.node))),
        }
    }
}
