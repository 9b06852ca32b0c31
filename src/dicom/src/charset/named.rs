//! Encodings that documents name themselves (XML 1.0, 4.3.3), by the same cells as text of a data set.

use super::form::{Form, walk};

/// Text in `Shift_JIS` (Windows-31J) or EUC-JP. `None`: another encoding, or bytes that are none of its characters.
pub fn decode_named(name: &str, bytes: &[u8]) -> Option<String> {
    const NAMES: [(Form, &[&str]); 2] = [
        (Form::ShiftJis, &["shift_jis", "shift-jis", "sjis", "x-sjis", "ms_kanji", "windows-31j", "cp932", "ms932"]),
        (Form::EucJp, &["euc-jp", "eucjp", "x-euc-jp"]),
    ];
    let is = |names: &[&str]| names.iter().any(|known| known.eq_ignore_ascii_case(name));
    let form = NAMES.iter().find(|(_, names)| is(names))?.0;
    let mut text = Some(String::with_capacity(bytes.len()));
    walk(form, bytes, &mut |character, _, _| match (&mut text, character) {
        (Some(text), Some(character)) => text.push(character),
        _ => text = None,
    })?;
    text
}

#[cfg(test)]
mod tests {
    use super::decode_named;

    #[test]
    fn documents_name_their_encoding() {
        // Its second byte is that of a backslash.
        assert_eq!(decode_named("Shift_JIS", b"\x95\x5C=\xD4 a").as_deref(), Some("表=ﾔ a"));
        assert_eq!(decode_named("windows-31j", b"\x8E\x52\x93\x63").as_deref(), Some("山田"));
        assert_eq!(decode_named("EUC-JP", b"\xBB\xB3\xC5\xC4").as_deref(), Some("山田"));
        for (name, bytes) in [("EUC-JP", "山田".as_bytes()), ("Shift_JIS", b"\xF0\x40"), ("Shift_JIS", b"\x8E")] {
            assert_eq!(decode_named(name, bytes), None, "unreadable, never another text");
        }
        assert_eq!(decode_named("ISO-8859-1", b"a"), None);
    }
}
