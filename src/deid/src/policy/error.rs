//! What is wrong with a policy, for the person who wrote it.

use core::fmt;

/// A fault of a policy. A policy holds no patient's data, so its words may be repeated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyError {
    /// Line, from 1; 0 where the fault has no place.
    pub line: usize,
    /// Column, from 1.
    pub column: usize,
    /// What is wrong and what is allowed.
    pub message: String,
}

impl PolicyError {
    /// Stable reason code.
    pub const CODE: &'static str = "policy-invalid";
}

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: line {}, column {}: {}", Self::CODE, self.line, self.column, self.message)
    }
}

impl core::error::Error for PolicyError {}

/// A fault found after reading: the keys that lead to it, to find its place.
pub(super) struct Fault {
    pub(super) keys: Vec<String>,
    pub(super) message: String,
}

impl Fault {
    pub(super) fn new(keys: &[&str], message: impl Into<String>) -> Self {
        Self { keys: keys.iter().map(|&k| k.to_owned()).collect(), message: message.into() }
    }

    /// With the place of the innermost key that the text holds.
    pub(super) fn at(self, text: &str) -> PolicyError {
        let mut offset = 0;
        for key in &self.keys {
            let quoted = format!("\"{key}\"");
            let rest = text.get(offset..).unwrap_or_default();
            match rest.find(&quoted) {
                Some(found) => offset += found,
                None => break,
            }
        }
        let (line, column) = place(text, offset);
        PolicyError { line, column, message: format!("{}: {}", self.keys.join("."), self.message) }
    }
}

/// Line and column, from 1, of a byte offset.
pub(super) fn place(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (line, column)
}
