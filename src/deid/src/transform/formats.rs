//! Formats inside of binary values that a list calls safe (PS3.15 E.3.10 note 2): whole data sets, vendors' headers, archives,
//! documents, pictures with their own metadata, mail parts, streams, text. What is not understood is not kept.

use super::context::Context;
use tokumei_dicom::charset::decode_named;
use tokumei_dicom::read::{begins_zlib, inflates_whole};

/// Bytes read at a time, and how many of them the next part repeats.
const WINDOW: u64 = 64 << 10;
const OVERLAP: u64 = 128;
/// What chance does not make in a value of a length: printable bytes in a row, most of them letters and digits, and letters
/// in a row, single blanks and dots among them. The longer a value, the more chance makes.
#[derive(Clone, Copy)]
struct Runs {
    printable: usize,
    mostly: u32,
    letters: usize,
}

const SMALL: u64 = 256;
const LARGE: u64 = 128 << 10;
const IN_SMALL: Runs = Runs { printable: 8, mostly: 7, letters: 12 };
const IN_MOST: Runs = Runs { printable: 16, mostly: 12, letters: 12 };
const IN_LARGE: Runs = Runs { printable: 20, mostly: 15, letters: 14 };
/// Letters and digits of base64 in a row that no word has.
const BASE64: usize = 24;
/// Kana and kanji of UTF-8 in a row, and pairs of bytes behind an escape to JIS X 0208, that chance does not make.
const CHARACTERS: usize = 3;
const PAIRS: usize = 3;

/// Signatures that are looked for everywhere: DICOM Part 10, CSA header of Siemens, ZIP, bzip2, 7z, RAR, xz, LZMA,
/// Zstandard, LZ4, PDF, OLE, RTF, XML, MIME, PNG, TIFF, GIF, RIFF, Ogg, JPEG 2000.
const SIGNATURES: [&[u8]; 25] = [
    b"DICM",
    b"SV10\x04\x03\x02\x01",
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"BZh91AY",
    b"7z\xBC\xAF\x27\x1C",
    b"Rar!\x1A\x07",
    b"\xFD7zXZ\x00",
    b"\x5D\x00\x00\x80\x00",
    b"\x28\xB5\x2F\xFD",
    b"\x04\x22\x4D\x18",
    b"%PDF-",
    b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1",
    b"{\\rtf",
    b"<?xml",
    b"MIME-Version",
    b"Content-Type",
    b"\x89PNG\r\n",
    b"II*\x00",
    b"MM\x00*",
    b"GIF8",
    b"RIFF",
    b"OggS",
    b"\xFF\x4F\xFF\x51",
    b"jP  \r\n\x87\n",
];

/// True where a binary value holds another format or text, or cannot be read.
pub(crate) fn is_nested(context: &Context, index: u32) -> bool {
    let Some(len) = context.ds.node(index).map(|n| n.len) else { return true };
    let run = match len {
        _ if len <= SMALL => IN_SMALL,
        _ if len <= LARGE => IN_MOST,
        _ => IN_LARGE,
    };
    let mut at = 0;
    while at < len {
        let end = len.min(at + WINDOW);
        let Ok(bytes) = context.ds.read(context.source, index, at..end) else { return true };
        let starts = at == 0 && (begins_data_set(&bytes) || len <= WINDOW && is_whole(&bytes, len));
        if starts
            || has_signature(&bytes)
            || has_text(&bytes, run)
            || has_japanese(&bytes)
            || has_escape(&bytes)
            || has_zlib(&bytes)
        {
            return true;
        }
        if end == len {
            break;
        }
        at = end - OVERLAP;
    }
    false
}

/// True for text that is bytes written as text: base64 or base32, hexadecimal, references and escapes of characters.
pub(crate) fn is_encoded(text: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=');
    let is_long = |token: &str| token.len() >= BASE64 && !token.starts_with('/');
    text.split(|c: char| !is_part(c)).any(is_long) || has_escape(text.as_bytes()) || has_signature(text.as_bytes())
}

/// `&#` and a number, `\u` and four digits, or two bytes as `%XX`.
fn has_escape(text: &[u8]) -> bool {
    text.windows(6).any(|six| match six {
        [b'&', b'#', rest @ ..] => rest.iter().all(|b| b.is_ascii_hexdigit() || matches!(b, b'x' | b'X' | b';' | b'&')),
        [b'\\', b'u', digits @ ..] => digits.iter().all(u8::is_ascii_hexdigit),
        [b'%', a, b, b'%', c, d] => [a, b, c, d].into_iter().all(u8::is_ascii_hexdigit),
        _ => false,
    })
}

/// A value that is one text of kana and kanji, whose bytes are too few to tell within others, or one deflated stream.
fn is_whole(bytes: &[u8], len: u64) -> bool {
    const LETTERS: usize = 2;
    let end = bytes.iter().rposition(|&b| b != 0).map_or(0, |i| i + 1);
    let value = bytes.get(..end).unwrap_or_default();
    let wide = |number: fn([u8; 2]) -> u16| {
        let units = bytes.chunks_exact(2).map(|pair| number(<[u8; 2]>::try_from(pair).unwrap_or_default()));
        String::from_utf16(&units.collect::<Vec<_>>()).ok()
    };
    let small = len <= SMALL && value.len() >= 2 * LETTERS;
    let read = small.then(|| {
        let named = ["shift_jis", "euc-jp"].map(|name| decode_named(name, value));
        named.into_iter().chain([wide(u16::from_le_bytes), wide(u16::from_be_bytes)]).flatten()
    });
    read.into_iter().flatten().any(|text| {
        let text = text.trim_matches(['\u{FEFF}', '\0']);
        let japanese = text.chars().filter(|&c| is_japanese(c)).count();
        japanese >= LETTERS && text.chars().all(|c| is_japanese(c) || matches!(c, ' '..='~' | '\r' | '\n' | '\t'))
    }) || inflates_whole(bytes)
}

const fn is_japanese(c: char) -> bool {
    matches!(c, '\u{3000}'..='\u{30FF}' | '\u{4E00}'..='\u{9FFF}' | '\u{FF01}'..='\u{FF9F}')
}

/// A stream of zlib anywhere: two bytes are not enough to know it by, so it is asked whether it goes on as one.
fn has_zlib(bytes: &[u8]) -> bool {
    // Chance makes four in a window; what holds hundreds repeats a number.
    const ASKED: usize = 256;
    let header = |at: usize| matches!(bytes.get(at..at + 2), Some([0x78, 0x01 | 0x5E | 0x9C | 0xDA]));
    let mut headers = (0..bytes.len()).filter(|&at| header(at)).take(ASKED);
    headers.any(|at| bytes.get(at..).is_some_and(begins_zlib))
}

/// Text in UTF-8, or in JIS X 0208 behind its escape.
fn has_japanese(bytes: &[u8]) -> bool {
    let utf8 = |at: usize| match bytes.get(at..at + 3) {
        Some(three) => core::str::from_utf8(three).is_ok_and(|text| text.chars().all(is_japanese)),
        None => false,
    };
    let jis = |at: usize| {
        let pairs = bytes.get(at + 3..at + 3 + 2 * PAIRS);
        pairs.is_some_and(|pairs| pairs.iter().all(|b| matches!(b, 0x21..=0x7E)))
    };
    bytes.iter().enumerate().any(|(at, first)| match first {
        0xE3..=0xEF => (0..CHARACTERS).all(|n| utf8(at + 3 * n)),
        0x1B => matches!(bytes.get(at + 1..at + 3), Some(b"$B" | b"$@")) && jis(at),
        _ => false,
    })
}

/// A data set without preamble, or items: an element of group 0002, 0008 or 0010, or an item, at the very start.
fn begins_data_set(bytes: &[u8]) -> bool {
    match bytes {
        [0xFE, 0xFF, 0x00, 0xE0, ..] | [0xFF, 0xFE, 0xE0, 0x00, ..] => true,
        [0x02 | 0x08 | 0x10, 0, element, 0, a, b, c, d, ..] => {
            let written = a.is_ascii_uppercase() && b.is_ascii_uppercase();
            let len = u32::from_le_bytes([*a, *b, *c, *d]) as usize;
            written || *element != 0 && len > 0 && len.is_multiple_of(2) && len <= bytes.len()
        }
        [0, 0x02 | 0x08 | 0x10, 0, _, a, b, ..] => a.is_ascii_uppercase() && b.is_ascii_uppercase(),
        _ => false,
    }
}

fn has_signature(bytes: &[u8]) -> bool {
    (0..bytes.len()).any(|at| {
        let rest = bytes.get(at..).unwrap_or_default();
        let first = rest.first().copied().unwrap_or_default();
        SIGNATURES.iter().any(|s| s.first() == Some(&first) && rest.starts_with(s)) || is_gzip(rest) || is_jpeg(rest)
    })
}

/// Three bytes are too few among many, so what they stand before is asked too: flags (RFC 1952), a marker and its segment.
const fn is_gzip(bytes: &[u8]) -> bool {
    matches!(bytes, [0x1F, 0x8B, 0x08, 0..=0x1F, ..])
}

const fn is_jpeg(bytes: &[u8]) -> bool {
    match bytes {
        [0xFF, 0xD8, 0xFF, 0xE0..=0xEF, _, _, name, ..] => name.is_ascii_alphabetic(),
        [0xFF, 0xD8, 0xFF, 0xC0..=0xDF | 0xFE, length, ..] => *length == 0,
        _ => false,
    }
}

/// A run of printable bytes that are mostly letters and digits, also with one zero byte or three beside each (UTF-16, UTF-32).
fn has_text(bytes: &[u8], run: Runs) -> bool {
    has_run(bytes.iter().copied(), run) || has_wide::<2>(bytes, run) || has_wide::<4>(bytes, run)
}

fn has_wide<const UNIT: usize>(bytes: &[u8], run: Runs) -> bool {
    (0..UNIT).any(|skip| {
        let units = bytes.get(skip..).unwrap_or_default().chunks_exact(UNIT);
        let narrow = |unit: &[u8]| match unit.split_first() {
            Some((first, rest)) if rest.iter().all(|&b| b == 0) => *first,
            _ => 0,
        };
        has_run(units.map(narrow), run)
    })
}

fn has_run(bytes: impl Iterator<Item = u8>, run: Runs) -> bool {
    // A bit for each of the last bytes: a letter or a digit.
    let mask = (1u32 << run.printable) - 1;
    let (mut length, mut last, mut letters, mut follows) = (0usize, 0u32, 0usize, false);
    for byte in bytes {
        letters = match byte {
            _ if byte.is_ascii_alphabetic() => letters + 1,
            b' ' | b'.' | b',' | b'^' | b'-' | b'_' if follows => letters,
            _ => 0,
        };
        follows = byte.is_ascii_alphabetic();
        if !matches!(byte, 0x20..=0x7E) {
            (length, last) = (0, 0);
            continue;
        }
        length += 1;
        last = last << 1 | u32::from(byte.is_ascii_alphanumeric());
        let mostly = length >= run.printable && (last & mask).count_ones() >= run.mostly;
        if mostly || letters >= run.letters {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::cast_possible_truncation
    )]
    use super::*;

    #[test]
    fn formats_are_known_by_their_beginnings() {
        for bytes in [
            &b"\0\0DICM"[..],
            b"x SV10\x04\x03\x02\x01",
            b"PK\x03\x04",
            b"..%PDF-1.4",
            b"\x1F\x8B\x08\0",
            b"a\xFF\xD8\xFF\xE0\0\x10JFIF",
        ] {
            assert!(has_signature(bytes));
        }
        assert!(!has_signature(&[0, 1, 2, 3, 0x50, 0x4B, 0, 0]));
        assert!(begins_data_set(b"\x08\x00\x05\x00CS\x0A\x00ISO_IR 100"));
        assert!(begins_data_set(b"\x10\x00\x10\x00\x04\x00\x00\x00ABCD"));
        assert!(begins_data_set(b"\xFE\xFF\x00\xE0\x00\x00\x00\x00"));
        assert!(!begins_data_set(&[0x08, 0, 0, 0, 0, 0, 0x80, 0x3F]));
    }

    #[test]
    fn text_is_told_from_numbers() {
        assert!(has_text(b"\x01\x02Yamada Taro\0", IN_SMALL) && has_text(b"Y\0a\0m\0a\0d\0a\0T\0a\0", IN_SMALL));
        let spread: Vec<u8> = "Hosokawa Mitsuki".chars().flat_map(|c| u32::from(c).to_le_bytes()).collect();
        assert!(has_text(&spread, IN_MOST) && has_text(&[b"\0".as_slice(), &spread].concat(), IN_MOST));
        assert!(has_text(b"\x01\x02\x03\x04HosokawaMitsuki\x80\x81", IN_MOST), "many letters are no chance");
        assert!(has_text(b"<><><><><><>{}name: Hosokawa 1958", IN_MOST), "signs before a text");
        assert!(!has_text(b"\x01\x02Hosokawa\x80\x81", IN_MOST) && !has_text(b"a b c d e. f. \x80", IN_MOST));
        let floats: Vec<u8> = (0u16..2_000).flat_map(|v| (f32::from(v) * 1.37).to_le_bytes()).collect();
        assert!(!has_text(&floats, IN_SMALL));
    }

    #[test]
    fn japanese_text_is_known_among_numbers() {
        let among = |text: &[u8]| [&[1, 2, 0xF3, 4], text, &[0x90, 0, 7]].concat();
        assert!(has_japanese(&among("細川光希".as_bytes())) && has_japanese(&among(b"\x1B$B:YCn8w4u\x1B(B")));
        assert!(!has_japanese(&among("細川".as_bytes())) && !has_japanese(&among(b"\x1B$B:Y")));
        let wide = |number: fn(u16) -> [u8; 2]| "細川光希".encode_utf16().flat_map(number).collect::<Vec<u8>>();
        let names = [&b"\x8D\xD7\x90\xEC\x8C\xF5\x8A\xF3"[..], b"\xBA\xD9\xC0\xEE\xB8\xF7\xB4\xF5"];
        for name in [names[0], names[1], &wide(u16::to_le_bytes), &wide(u16::to_be_bytes)] {
            assert!(is_whole(name, 8) && is_whole(&[name, b"\0\0"].concat(), 10));
            assert!(!is_whole(&[&[1, 2], name].concat(), 10), "numbers");
        }
    }

    #[test]
    fn streams_are_known_by_going_on() {
        // A name and a birth date, four times.
        let stream: &[u8] = b"\x78\xDA\xF3\xC8\x2F\xCE\xCF\x4E\x2C\x4F\x54\xF0\xCD\x2C\x29\x2E\xCD\xCE\xD4\x51\x30\xB4\
            \x34\xB5\xD0\x35\x30\xD6\x35\x30\xD5\x01\x0A\xE6\x25\x96\xE4\x5B\x2B\x78\xD0\x5D\x15\x00\
            \x22\x52\x2E\x5D";
        assert!(has_zlib(&[b"\x01\x02\x03", stream, b"\x04"].concat()));
        assert!(is_whole(&stream[2..stream.len() - 4], 1000), "without its header");
        let mut state = 7u64;
        let mut random = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            state.to_le_bytes()[7]
        };
        let noise: Vec<u8> = (0..60_000).map(|_| random()).collect();
        let headers = noise.chunks(70).flat_map(|part| [b"\x78\x9C", part].concat()).collect::<Vec<u8>>();
        assert!(!has_zlib(&headers));
        assert!(!is_whole(&noise, 60_000) && !has_text(&noise, IN_MOST));
        assert!(!has_signature(&noise) && !has_japanese(&noise));
    }

    #[test]
    fn bytes_written_as_text_are_known() {
        assert!(
            is_encoded("WWFtYWRhIEhhbmFrbyAxOTYwMDUwNA==") && is_encoded("59616d616461203d3d2031393630303530342020")
        );
        for text in ["JBXXG33LMF3WCICNNF2HG5LLNE======", "&#32048;&#24029;", "%E7%B4%B0", "\\u7d30\\u5ddd"] {
            assert!(is_encoded(text), "{text}");
        }
        assert!(!is_encoded("/usr/share/sequences/epi_diff") && !is_encoded("100% %SiemensSeq%\\gre"));
        assert!(!is_encoded("HeadNeck_0.75_Br64 SOMATOM Force") && !is_encoded("1.25\\3.5\\100"));
    }
}
