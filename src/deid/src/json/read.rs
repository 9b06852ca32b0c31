//! From text to values (RFC 8259).

use super::{Fault, Member, Node, Value};

/// Arrays and objects in one another; what is deeper is an error, so that recursion is bounded.
const MAX_DEPTH: usize = 128;

/// Reads one value and nothing after it.
pub fn read(text: &str) -> Result<Node, Fault> {
    let mut reader = Reader { text, at: 0 };
    let node = reader.node(0)?;
    reader.skip_space();
    if reader.at == text.len() { Ok(node) } else { reader.fault("trailing characters") }
}

struct Reader<'t> {
    text: &'t str,
    /// Offset of the next byte, at the start of a character.
    at: usize,
}

impl Reader<'_> {
    fn fault<T>(&self, message: &str) -> Result<T, Fault> {
        Err(Fault { offset: self.at, message: message.to_owned() })
    }

    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Goes on where the wanted byte is next.
    fn take(&mut self, wanted: u8) -> bool {
        let taken = self.peek() == Some(wanted);
        self.at += usize::from(taken);
        taken
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn node(&mut self, depth: usize) -> Result<Node, Fault> {
        self.skip_space();
        if depth > MAX_DEPTH {
            return self.fault("nested too deep");
        }
        let start = self.at;
        let value = match self.peek() {
            Some(b'{') => self.object(depth)?,
            Some(b'[') => self.array(depth)?,
            Some(b'"') => Value::Text(self.string()?),
            Some(b'-' | b'0'..=b'9') => self.number()?,
            _ => self.word()?,
        };
        Ok(Node { start, value })
    }

    fn word(&mut self) -> Result<Value, Fault> {
        for (word, value) in [("null", Value::Null), ("true", Value::Bool(true)), ("false", Value::Bool(false))] {
            if self.rest().starts_with(word) {
                self.at += word.len();
                return Ok(value);
            }
        }
        self.fault("expected value")
    }

    fn array(&mut self, depth: usize) -> Result<Value, Fault> {
        let mut nodes = Vec::new();
        self.list(b']', "expected `,` or `]`", |reader| {
            nodes.push(reader.node(depth + 1)?);
            Ok(())
        })?;
        Ok(Value::Array(nodes))
    }

    fn object(&mut self, depth: usize) -> Result<Value, Fault> {
        let mut members = Vec::new();
        self.list(b'}', "expected `,` or `}`", |reader| {
            reader.skip_space();
            let start = reader.at;
            if reader.peek() != Some(b'"') {
                return reader.fault("expected a key in quotes");
            }
            let key = reader.string()?;
            reader.skip_space();
            if !reader.take(b':') {
                return reader.fault("expected `:`");
            }
            let node = reader.node(depth + 1)?;
            members.push(Member { start, key, node });
            Ok(())
        })?;
        Ok(Value::Object(members))
    }

    /// From the opening bracket to the closing one.
    fn list(
        &mut self,
        close: u8,
        expected: &str,
        mut item: impl FnMut(&mut Self) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        self.at += 1;
        self.skip_space();
        if self.take(close) {
            return Ok(());
        }
        loop {
            item(self)?;
            self.skip_space();
            if self.take(close) {
                return Ok(());
            }
            if !self.take(b',') {
                return self.fault(expected);
            }
        }
    }

    fn number(&mut self) -> Result<Value, Fault> {
        let is_part = |b: u8| b.is_ascii_digit() || matches!(b, b'+' | b'-' | b'.' | b'e' | b'E');
        let length = self.rest().bytes().take_while(|&b| is_part(b)).count();
        let text = self.rest().get(..length).unwrap_or_default().to_owned();
        let (mantissa, exponent) = text.split_once(['e', 'E']).map_or((text.as_str(), None), |(m, e)| (m, Some(e)));
        let (whole, fraction) = mantissa.split_once('.').map_or((mantissa, None), |(w, f)| (w, Some(f)));
        let whole = whole.strip_prefix('-').unwrap_or(whole);
        let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        let fits = is_digits(whole)
            && (whole == "0" || !whole.starts_with('0'))
            && fraction.is_none_or(is_digits)
            && exponent.is_none_or(|e| is_digits(e.strip_prefix(['+', '-']).unwrap_or(e)));
        if !fits {
            return self.fault("invalid number");
        }
        self.at += length;
        Ok(Value::Number(text))
    }

    fn string(&mut self) -> Result<String, Fault> {
        let mut out = String::new();
        self.at += 1;
        loop {
            let plain = self.rest().find(|c: char| matches!(c, '"' | '\\' | '\0'..='\u{1f}'));
            let Some(plain) = plain else {
                self.at = self.text.len();
                return self.fault("the text has no end");
            };
            out.push_str(self.rest().get(..plain).unwrap_or_default());
            self.at += plain;
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(out);
                }
                Some(b'\\') => out.push(self.escape()?),
                _ => return self.fault("a control character in a text"),
            }
        }
    }

    /// An escape, from its backslash.
    fn escape(&mut self) -> Result<char, Fault> {
        let escaped = match self.text.as_bytes().get(self.at + 1) {
            Some(&c @ (b'"' | b'\\' | b'/')) => char::from(c),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode(),
            _ => return self.fault("invalid escape"),
        };
        self.at += 2;
        Ok(escaped)
    }

    /// `\uXXXX`, twice for what is beyond FFFF.
    fn unicode(&mut self) -> Result<char, Fault> {
        let first = self.unit()?;
        let second = if (0xD800..0xDC00).contains(&first) { self.unit()? } else { 0 };
        match char::decode_utf16([first, second]).next() {
            Some(Ok(c)) => Ok(c),
            _ => self.fault("invalid escape"),
        }
    }

    fn unit(&mut self) -> Result<u16, Fault> {
        let digits = self.rest().strip_prefix("\\u").and_then(|rest| rest.get(..4));
        let digits = digits.filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()));
        match digits.and_then(|digits| u16::from_str_radix(digits, 16).ok()) {
            Some(unit) => {
                self.at += 6;
                Ok(unit)
            }
            None => self.fault("invalid escape"),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::read;
    use proptest::prelude::{any, prop_assert_eq, proptest};

    /// The values, their places aside, as `serde_json` has them.
    fn compare(text: &str) {
        let theirs = serde_json::from_str::<serde_json::Value>(text);
        let ours = read(text);
        assert_eq!(ours.is_ok(), theirs.is_ok(), "{text}");
        if let (Ok(ours), Ok(theirs)) = (ours, theirs) {
            assert_eq!(serde_json::to_value(&ours).ok(), Some(theirs), "{text}");
        }
    }

    #[test]
    fn reads_what_is_json() {
        for text in [
            "null",
            " true ",
            "false",
            "0",
            "-1",
            "12345678901",
            "\"\"",
            "[]",
            "{}",
            "[1, 2]",
            "{\"a\": {\"b\": [null]}}",
            r#""\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00山""#,
            "\"\u{7f}\"",
            "[[[[]]]]",
            "\r\n\t 1",
        ] {
            compare(text);
        }
        for text in ["1.5", "-0.5e-3", "1E+2", "0e1"] {
            assert!(read(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn refuses_what_is_not() {
        for text in [
            "",
            " ",
            "nul",
            "True",
            "01",
            "-",
            "1.",
            ".5",
            "1e",
            "+1",
            "--1",
            "\"",
            "\"a",
            "\"\u{1}\"",
            r#""\x""#,
            r#""\u12""#,
            r#""\u+123""#,
            r#""\ud83d""#,
            r#""\ud83dx""#,
            r#""\ude00""#,
            r#""\ud83d\u0041""#,
            "[",
            "[1",
            "[1,",
            "[1,]",
            "[,1]",
            "[1 2]",
            "{",
            "{\"a\"",
            "{\"a\":",
            "{\"a\":1",
            "{\"a\":1,}",
            "{a:1}",
            "{1:1}",
            "1 1",
            "[]]",
            "\u{a0}1",
        ] {
            compare(text);
            assert!(read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn depth_is_bounded() {
        assert!(read(&format!("{}{}", "[".repeat(100), "]".repeat(100))).is_ok());
        assert!(read(&"[".repeat(1_000_000)).is_err());
        assert!(read(&"{\"a\":".repeat(1_000_000)).is_err());
    }

    #[test]
    fn places_are_those_of_the_text() {
        let node = read("{\n  \"a\": [1,\n 22]}").unwrap();
        assert_eq!((node.start, node.get("a").unwrap().start), (0, 9));
        assert_eq!(read("{\"a\": x}").unwrap_err().offset, 6);
        assert_eq!(read("{\"a\"; 1}").unwrap_err().offset, 4);
    }

    proptest! {
        #[test]
        fn any_text_comes_back(text in any::<String>()) {
            let json = serde_json::to_string(&text).unwrap();
            let node = read(&json).unwrap();
            prop_assert_eq!(node.as_text(), Some(text.as_str()));
        }

        #[test]
        fn any_bytes_are_json_for_both_or_none(text in r#"[\[\]{},:"a\\u0-9.eE+ -]{0,24}"#) {
            let theirs = serde_json::from_str::<serde_json::Value>(&text);
            // A double without end is no number to serde_json.
            if !theirs.as_ref().is_err_and(|e| e.to_string().starts_with("number out of range")) {
                prop_assert_eq!(read(&text).is_ok(), theirs.is_ok());
            }
        }
    }
}
