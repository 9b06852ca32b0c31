//! The policies that ship with the product.

use super::Policy;

const SHIPPED: [(&str, &str); 4] = [
    ("headers-only", include_str!("../../data/policies/headers-only.json")),
    ("research", include_str!("../../data/policies/research.json")),
    ("basic", include_str!("../../data/policies/basic.json")),
    ("longitudinal-full", include_str!("../../data/policies/longitudinal-full.json")),
];

/// Their names; the first is the one offered first.
pub fn names() -> [&'static str; 4] {
    SHIPPED.map(|s| s.0)
}

/// The text of one.
pub(super) fn text(name: &str) -> Option<&'static str> {
    SHIPPED.iter().find(|s| s.0 == name).map(|s| s.1)
}

/// One of them, resolved.
pub fn shipped(name: &str) -> Option<Policy> {
    text(name).and_then(|text| Policy::from_json(text).ok())
}
