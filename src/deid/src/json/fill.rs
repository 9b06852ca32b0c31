//! From values to types. As `serde` would read them, but through one small function for all objects and one for all
//! words: derived readers of the policy alone weigh as much as a codec.

use super::{Fault, Node, Value};
use std::collections::BTreeMap;

/// What can be read from JSON.
pub trait Fill {
    /// What it is before anything is read.
    fn blank() -> Self
    where
        Self: Sized;

    /// Takes what the value says.
    fn fill(&mut self, node: &Node) -> Result<(), Fault>;
}

/// The value as a type.
pub fn from_node<T: Fill>(node: &Node) -> Result<T, Fault> {
    let mut filled = T::blank();
    filled.fill(node)?;
    Ok(filled)
}

/// A member of an object: its key, whether it must be there, and where it goes.
pub(crate) struct Field<'t>(pub(crate) &'static str, pub(crate) bool, pub(crate) &'t mut dyn Fill);

/// What happens to keys that the type does not know.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unknown {
    /// They are errors.
    Fault,
    /// They are passed over.
    Pass,
}

/// Takes the members of an object. At most 64 fields.
pub(crate) fn fill_object(node: &Node, unknown: Unknown, fields: &mut [Field<'_>]) -> Result<(), Fault> {
    let Value::Object(members) = &node.value else { return expected(node, "an object") };
    let mut seen = 0_u64;
    for member in members {
        let at = |message: String| Fault { offset: member.start, message };
        let Some(place) = fields.iter().position(|field| field.0 == member.key) else {
            if unknown == Unknown::Pass {
                continue;
            }
            let names: Vec<&str> = fields.iter().map(|field| field.0).collect();
            return Err(at(format!("unknown field `{}`, expected {}", member.key, one_of(&names))));
        };
        if seen & 1 << place != 0 {
            return Err(at(format!("duplicate field `{}`", member.key)));
        }
        seen |= 1 << place;
        if let Some(field) = fields.get_mut(place) {
            field.2.fill(&member.node)?;
        }
    }
    let missing = fields.iter().enumerate().find(|(place, field)| field.1 && seen & 1 << place == 0);
    match missing {
        Some((_, field)) => Err(Fault { offset: node.start, message: format!("missing field `{}`", field.0) }),
        None => Ok(()),
    }
}

/// The place of a word among those that are allowed.
pub(crate) fn word(node: &Node, words: &[&str]) -> Result<usize, Fault> {
    let Value::Text(text) = &node.value else { return expected(node, "a text") };
    let message = || format!("unknown variant `{text}`, expected {}", one_of(words));
    let place = words.iter().position(|word| word == text);
    place.ok_or_else(|| Fault { offset: node.start, message: message() })
}

fn one_of(names: &[&str]) -> String {
    match names {
        [name] => format!("`{name}`"),
        [first, second] => format!("`{first}` or `{second}`"),
        _ => format!("one of `{}`", names.join("`, `")),
    }
}

/// The value met is not repeated: a foreign file may be put in by mistake.
fn expected<T>(node: &Node, what: &str) -> Result<T, Fault> {
    Err(Fault { offset: node.start, message: format!("expected {what}") })
}

/// An object whose members are the fields of a struct. All fields are named; those that it needs must be there, the
/// others stay as they are in the blank.
macro_rules! object {
    ($type:ident, $unknown:ident, $blank:expr,
        needs { $($needed:ident: $needed_name:literal),* $(,)? } has { $($field:ident: $name:literal),* $(,)? }) => {
        impl $crate::json::Fill for $type {
            fn blank() -> Self {
                $blank
            }

            fn fill(&mut self, node: &$crate::json::Node) -> Result<(), $crate::json::Fault> {
                use $crate::json::fill::{Field, Unknown, fill_object};
                let Self { $($needed,)* $($field,)* } = self;
                fill_object(node, Unknown::$unknown, &mut [
                    $(Field($needed_name, true, $needed),)*
                    $(Field($name, false, $field),)*
                ])
            }
        }
    };
}

/// A text that names a variant. The first is the blank.
macro_rules! words {
    ($type:ident { $($variant:ident: $name:literal),+ $(,)? }) => {
        impl $crate::json::Fill for $type {
            fn blank() -> Self {
                let [first, ..] = [$(Self::$variant),+];
                first
            }

            fn fill(&mut self, node: &$crate::json::Node) -> Result<(), $crate::json::Fault> {
                let place = $crate::json::fill::word(node, &[$($name),+])?;
                if let Some(&variant) = [$(Self::$variant),+].get(place) {
                    *self = variant;
                }
                Ok(())
            }
        }
    };
}

pub(crate) use {object, words};

impl Fill for bool {
    fn blank() -> Self {
        false
    }

    fn fill(&mut self, node: &Node) -> Result<(), Fault> {
        match node.value {
            Value::Bool(value) => *self = value,
            _ => return expected(node, "a boolean"),
        }
        Ok(())
    }
}

impl Fill for String {
    fn blank() -> Self {
        Self::new()
    }

    fn fill(&mut self, node: &Node) -> Result<(), Fault> {
        match &node.value {
            Value::Text(text) => self.clone_from(text),
            _ => return expected(node, "a text"),
        }
        Ok(())
    }
}

macro_rules! integers {
    ($($type:ident),*) => {$(
        impl Fill for $type {
            fn blank() -> Self {
                0
            }

            fn fill(&mut self, node: &Node) -> Result<(), Fault> {
                match integer(node).and_then(|number| Self::try_from(number).ok()) {
                    Some(number) => *self = number,
                    None => return expected(node, stringify!($type)),
                }
                Ok(())
            }
        }
    )*};
}

integers!(u8, u16, u32, u64, i64);

/// An integer of at most 19 digits.
fn integer(node: &Node) -> Option<i64> {
    match &node.value {
        Value::Number(text) => text.parse().ok(),
        _ => None,
    }
}

impl<T: Fill> Fill for Option<T> {
    fn blank() -> Self {
        None
    }

    fn fill(&mut self, node: &Node) -> Result<(), Fault> {
        *self = if node.value == Value::Null { None } else { Some(from_node(node)?) };
        Ok(())
    }
}

impl<T: Fill> Fill for Vec<T> {
    fn blank() -> Self {
        Self::new()
    }

    fn fill(&mut self, node: &Node) -> Result<(), Fault> {
        let Value::Array(nodes) = &node.value else { return expected(node, "an array") };
        self.clear();
        for node in nodes {
            self.push(from_node(node)?);
        }
        Ok(())
    }
}

impl<T: Fill> Fill for BTreeMap<String, T> {
    fn blank() -> Self {
        Self::new()
    }

    fn fill(&mut self, node: &Node) -> Result<(), Fault> {
        let Value::Object(members) = &node.value else { return expected(node, "an object") };
        self.clear();
        for member in members {
            self.insert(member.key.clone(), from_node(&member.node)?);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::{Fill, from_node};
    use crate::json::read;
    use std::collections::BTreeMap;

    #[derive(Debug, PartialEq)]
    struct Strict {
        some_text: String,
        small: u8,
        signed: Option<i64>,
        kinds: Vec<Kind>,
        named: BTreeMap<String, bool>,
    }
    object!(Strict, Fault, Self::new(),
        needs { some_text: "someText" } has { small: "small", signed: "signed", kinds: "kinds", named: "named" });

    impl Strict {
        fn new() -> Self {
            Self { some_text: String::new(), small: 7, signed: None, kinds: Vec::new(), named: BTreeMap::new() }
        }
    }

    #[derive(Debug, Clone, Copy, PartialEq)]
    enum Kind {
        FirstOne,
        Second,
    }
    words!(Kind { FirstOne: "first-one", Second: "second" });

    #[derive(Debug, PartialEq)]
    struct Loose {
        a: u16,
    }
    object!(Loose, Pass, Self { a: 0 }, needs {} has { a: "a" });

    #[test]
    fn reads_what_types_say() {
        let text = "{\"someText\":\"山\",\"signed\":-3,\"kinds\":[\"first-one\",\"second\"],\"named\":{\"x\":true}}";
        let strict: Strict = from_node(&read(text).unwrap()).unwrap();
        assert_eq!((strict.some_text.as_str(), strict.small, strict.signed), ("山", 7, Some(-3)));
        assert_eq!(strict.kinds, [Kind::FirstOne, Kind::Second]);
        assert_eq!(strict.named, BTreeMap::from([("x".to_owned(), true)]));
        let text = "{\"someText\":\"\",\"signed\":null,\"small\":255}";
        let strict: Strict = from_node(&read(text).unwrap()).unwrap();
        assert_eq!((strict.small, strict.signed), (255, None));
        assert_eq!(from_node::<Loose>(&read("{\"b\":{\"c\":[1]},\"a\":7}").unwrap()).unwrap(), Loose { a: 7 });
        assert_eq!(Kind::blank(), Kind::FirstOne);
    }

    #[test]
    fn tells_what_was_expected_and_where() {
        let cases = [
            ("[]", 0, "expected an object"),
            ("{\"someText\": 5}", 13, "expected a text"),
            ("{\"small\": 256}", 10, "expected u8"),
            ("{\"small\": -1}", 10, "expected u8"),
            ("{\"small\": 1.5}", 10, "expected u8"),
            ("{\"small\": null}", 10, "expected u8"),
            ("{\"signed\": \"1\"}", 11, "expected i64"),
            ("{\"kinds\": {}}", 10, "expected an array"),
            ("{\"kinds\": [\"second\", 3]}", 21, "expected a text"),
            ("{\"kinds\": [\"third\"]}", 11, "unknown variant `third`, expected `first-one` or `second`"),
            ("{\"named\": {\"x\": 1}}", 16, "expected a boolean"),
            (" {\"other\": 1}", 2, "unknown field `other`, expected one of `someText`, `small`"),
            ("{\"small\": 1, \"small\": 2}", 13, "duplicate field `small`"),
            (" {\"small\": 1}", 1, "missing field `someText`"),
        ];
        for (text, offset, message) in cases {
            let fault = from_node::<Strict>(&read(text).unwrap()).unwrap_err();
            assert!(fault.message.starts_with(message), "{text}: {fault}");
            assert_eq!(fault.offset, offset, "{text}: {fault}");
        }
    }
}
