//! Padding and values of decoded text.

use super::is_multivalued_text;

/// Without leading and trailing spaces and trailing NULs (PS3.5 6.2: padding is not significant).
pub fn trim(text: &str) -> &str {
    text.trim_start_matches(' ').trim_end_matches([' ', '\0'])
}

/// [`trim`] on bytes of an ASCII value.
pub fn trim_bytes(bytes: &[u8]) -> &[u8] {
    let start = bytes.iter().position(|&b| b != b' ').unwrap_or(bytes.len());
    let end = bytes.iter().rposition(|b| !matches!(b, b' ' | 0)).map_or(start, |e| e + 1);
    bytes.get(start..end.max(start)).unwrap_or(&[])
}

/// The values of a decoded text, trimmed. Decoding comes first: 5C occurs inside two-byte characters.
pub fn values(text: &str, vr: [u8; 2]) -> impl Iterator<Item = &str> {
    let mut parts = text.split('\\');
    let whole = (!is_multivalued_text(vr)).then_some(text);
    let mut done = false;
    core::iter::from_fn(move || match whole {
        Some(_) if done => None,
        Some(text) => {
            done = true;
            Some(trim(text))
        }
        None => parts.next().map(trim),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trims() {
        assert_eq!(trim(" a b \0 "), "a b");
        assert_eq!(trim_bytes(b" 1.2\0"), b"1.2");
        assert_eq!(trim_bytes(b"  \0"), b"");
        assert_eq!(trim_bytes(b"\0"), b"");
    }

    #[test]
    fn splits_where_the_vr_allows() {
        assert_eq!(values("a \\ b", *b"LO").collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(values("a\\b ", *b"LT").collect::<Vec<_>>(), ["a\\b"]);
    }
}
