//! Text that is written in other text: base 64, hexadecimal digits, escapes with a sign before each byte, character references.
//! What comes out is searched in every encoding like all else.

/// How many times a text may be wrapped.
const DEPTH: usize = 2;

/// Gives everything that `bytes` may hold wrapped to `take`; `shortest`: digits of base 64 or hexadecimal in a row that count.
/// True where `take` said so; then nothing more is given.
pub fn unwrapped(bytes: &[u8], shortest: usize, take: &mut impl FnMut(&[u8]) -> bool) -> bool {
    may_wrap(bytes, shortest) && at_depth(bytes, shortest, DEPTH, take)
}

/// A quick look: a sign of an escape, or digits in a row (those of base 64 hold the hexadecimal ones; signs between pairs).
fn may_wrap(bytes: &[u8], shortest: usize) -> bool {
    let (mut run, mut hexadecimal) = (0, 0);
    bytes.iter().any(|b| {
        let padding = matches!(b, b'=' | b'\r' | b'\n');
        run = if digit(*b).is_some() || padding { run + 1 } else { 0 };
        hexadecimal = if hex(*b).is_some() {
            hexadecimal + 1
        } else if matches!(b, b' ' | b'-' | b':' | b',' | b'x' | b'X' | b'\\') {
            hexadecimal
        } else {
            0
        };
        run >= shortest || hexadecimal >= shortest || matches!(b, b'%' | b'=' | b'&')
    }) || bytes.windows(2).any(|w| w == b"\\u")
}

fn at_depth(bytes: &[u8], shortest: usize, depth: usize, take: &mut impl FnMut(&[u8]) -> bool) -> bool {
    let mut found = false;
    let mut give = |inner: Vec<u8>| {
        found = found || take(&inner);
        if depth > 1 && !found && is_text(&inner) {
            found = nested(&inner, shortest, depth - 1, take);
        }
        found
    };
    escaped(bytes, b'%').is_some_and(&mut give)
        || escaped(bytes, b'=').is_some_and(&mut give)
        || references(bytes).is_some_and(&mut give)
        || base64_runs(bytes, shortest, &mut give)
        || hex_runs(bytes, shortest, &mut give)
}

/// What holds another wrapping is ASCII throughout.
fn is_text(bytes: &[u8]) -> bool {
    bytes.iter().all(|b| matches!(b, b' '..=b'~' | b'\r' | b'\n' | b'\t'))
}

/// Recursion ends with `depth`; a trait object keeps it one function.
fn nested(bytes: &[u8], shortest: usize, depth: usize, take: &mut dyn FnMut(&[u8]) -> bool) -> bool {
    at_depth(bytes, shortest, depth, &mut |b: &[u8]| take(b))
}

/// Bytes with `sign` and two hexadecimal digits for some of them (RFC 3986 2.1, RFC 2045 6.7); `None` where there are none.
fn escaped(bytes: &[u8], sign: u8) -> Option<Vec<u8>> {
    let pair = |at: usize| hex(*bytes.get(at + 1)?).zip(hex(*bytes.get(at + 2)?)).map(|(a, b)| a << 4 | b);
    bytes.iter().enumerate().find(|(i, b)| **b == sign && pair(*i).is_some())?;
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(b) = bytes.get(at) {
        if let Some(code) = pair(at).filter(|_| *b == sign) {
            out.push(code);
            at += 3;
        } else {
            out.push(if *b == b'+' && sign == b'%' { b' ' } else { *b });
            at += 1;
        }
    }
    Some(out)
}

/// Character references of HTML and XML and escapes of JSON, as UTF-8; `None` where there are none.
fn references(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(bytes.len());
    let (mut at, mut any) = (0, false);
    let mut high = None;
    while let Some(b) = bytes.get(at) {
        let rest = bytes.get(at..).unwrap_or(&[]);
        let Some((code, len)) = reference(rest) else {
            out.push(*b);
            at += 1;
            continue;
        };
        any = true;
        at += len;
        // Characters beyond U+FFFF are two escapes in JSON.
        let joined = high.take().filter(|_| (0xDC00..0xE000).contains(&code));
        let code = joined.map_or(code, |h: u32| 0x1_0000 + ((h - 0xD800) << 10) + (code - 0xDC00));
        match char::from_u32(code) {
            Some(c) => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
            None => high = Some(code).filter(|c| (0xD800..0xDC00).contains(c)),
        }
    }
    any.then_some(out)
}

/// The character that a reference at the start of `bytes` names, and its length.
fn reference(bytes: &[u8]) -> Option<(u32, usize)> {
    const NAMED: [(&[u8], u32); 6] =
        [(b"&amp;", 0x26), (b"&lt;", 0x3C), (b"&gt;", 0x3E), (b"&quot;", 0x22), (b"&apos;", 0x27), (b"&nbsp;", 0xA0)];
    let digits = |from: usize, radix: u32, most: usize| {
        let run = bytes.get(from..)?.iter().take(most).take_while(|b| char::from(**b).is_digit(radix)).count();
        let text = core::str::from_utf8(bytes.get(from..from + run)?).ok()?;
        Some((u32::from_str_radix(text, radix).ok()?, from + run))
    };
    let closed = |(code, end): (u32, usize)| Some((code, end + usize::from(bytes.get(end) == Some(&b';'))));
    match bytes {
        [b'&', b'#', b'x' | b'X', ..] => closed(digits(3, 16, 6)?),
        [b'&', b'#', ..] => closed(digits(2, 10, 7)?),
        [b'&', ..] => NAMED.iter().find(|n| bytes.starts_with(n.0)).map(|n| (n.1, n.0.len())),
        [b'\\', b'u', ..] => digits(2, 16, 4).filter(|d| d.1 == 6),
        _ => None,
    }
}

/// Runs of digits of base 64 (RFC 4648 4 and 5, lines included), at each of the alignments that a part may have.
fn base64_runs(bytes: &[u8], shortest: usize, give: &mut impl FnMut(Vec<u8>) -> bool) -> bool {
    let (mut digits, mut padding): (Vec<u8>, usize) = (Vec::new(), 0);
    for b in bytes.iter().copied().chain([0]) {
        if let Some(d) = digit(b) {
            digits.push(d);
        } else if b == b'=' && !digits.is_empty() && padding < 2 {
            padding += 1;
        } else if !matches!(b, b'\r' | b'\n') || digits.is_empty() {
            if digits.len() + padding >= shortest && (0..4).any(|skip| give(decoded(digits.get(skip..).unwrap_or(&[]))))
            {
                return true;
            }
            digits.clear();
            padding = 0;
        }
    }
    false
}

fn digit(b: u8) -> Option<u8> {
    match b {
        b'A'..=b'Z' => Some(b - b'A'),
        b'a'..=b'z' => Some(b - b'a' + 26),
        b'0'..=b'9' => Some(b - b'0' + 52),
        b'+' | b'-' => Some(62),
        b'/' | b'_' => Some(63),
        _ => None,
    }
}

fn decoded(digits: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(digits.len() * 3 / 4);
    for four in digits.chunks(4) {
        let n = four.iter().fold(0u32, |n, d| n << 6 | u32::from(*d)) << (6 * (4 - four.len()));
        out.extend(n.to_be_bytes().get(1..four.len()).unwrap_or(&[]));
    }
    out
}

/// Runs of hexadecimal digits in pairs, with at most one sign and a prefix (`0x`, `\x`) before each pair.
fn hex_runs(bytes: &[u8], shortest: usize, give: &mut impl FnMut(Vec<u8>) -> bool) -> bool {
    let mut at = 0;
    while at < bytes.len() {
        // A run that began with half a pair is met from its second digit.
        let (first, end) = pairs(bytes, at);
        let second = if first.is_empty() { Vec::new() } else { pairs(bytes, at + 1).0 };
        if [first, second].into_iter().any(|found| found.len() * 2 >= shortest && give(found)) {
            return true;
        }
        at = end.max(at + 1);
    }
    false
}

/// The bytes of a run of pairs at `at`, and where it ends.
fn pairs(bytes: &[u8], mut at: usize) -> (Vec<u8>, usize) {
    let mut out = Vec::new();
    while let Some((code, next)) = pair(bytes, at, !out.is_empty()) {
        out.push(code);
        at = next;
    }
    (out, at)
}

/// The byte of two digits at `at`, and where they end.
fn pair(bytes: &[u8], at: usize, inside: bool) -> Option<(u8, usize)> {
    let prefixed = |at: usize| match bytes.get(at..at + 2) {
        Some([b'0' | b'\\', b'x' | b'X']) => at + 2,
        _ => at,
    };
    let read = |at: usize| {
        let at = prefixed(at);
        Some((hex(*bytes.get(at)?)? << 4 | hex(*bytes.get(at + 1)?)?, at + 2))
    };
    let separated = || {
        let sign = inside && matches!(bytes.get(at), Some(b' ' | b'-' | b':' | b','));
        if sign { read(at + 1) } else { None }
    };
    read(at).or_else(separated)
}

fn hex(b: u8) -> Option<u8> {
    char::from(b).to_digit(16).and_then(|d| u8::try_from(d).ok())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
    use super::*;

    fn holds(wrapped: &str, text: &str) -> bool {
        unwrapped(wrapped.as_bytes(), 8, &mut |b: &[u8]| b.windows(text.len()).any(|w| w == text.as_bytes()))
    }

    #[test]
    fn every_wrapping() {
        for (wrapped, text) in [
            ("WUFNQURB", "YAMADA"),
            ("xWUFNQURB", "YAMADA"),
            ("xxWUFNQURB", "YAMADA"),
            ("WUFN\r\nQURB", "YAMADA"),
            ("eCDlsbHnlLA", "山田"),
            ("59414D414441", "YAMADA"),
            ("x 159414d414441", "YAMADA"),
            ("59 41 4D 41 44 41", "YAMADA"),
            ("0x59,0x41,0x4D,0x41", "YAMA"),
            ("\\x59\\x41\\x4D\\x41", "YAMA"),
            ("%59AMADA", "YAMADA"),
            ("%E5%B1%B1%E7%94%B0", "山田"),
            ("=E5=B1=B1=E7=94=B0", "山田"),
            ("&#23665;&#30000;", "山田"),
            ("&#x5C71;&#x7530;", "山田"),
            ("\\u5c71\\u7530", "山田"),
            ("\\ud842\\udfb7", "𠮷"),
            ("JUU1JUIxJUIxJUU3JTk0JUIw", "山田"),
        ] {
            assert!(holds(wrapped, text), "{wrapped}");
        }
        assert!(!holds("ORIGINAL\\PRIMARY", "YAMADA"));
    }
}
