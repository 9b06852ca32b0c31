//! Formats inside of binary values that a list calls safe (PS3.15 E.3.10 note 2): whole data sets, vendors' headers, archives,
//! documents, pictures with their own metadata, mail parts, text. What is not understood is not kept.

use super::context::Context;

/// Bytes read at a time, and how many of them the next part repeats.
const WINDOW: u64 = 64 << 10;
const OVERLAP: u64 = 64;
/// Printable bytes in a row that numbers do not make: in a small value, and in one where chance makes shorter runs.
const RUN_SMALL: usize = 8;
const RUN: usize = 16;
const SMALL: u64 = 256;
/// Letters and digits of base64 in a row that no word has.
const BASE64: usize = 24;

/// Signatures that are looked for everywhere: DICOM Part 10, CSA header of Siemens, ZIP, gzip, bzip2, 7z, RAR, xz, PDF, OLE,
/// RTF, XML, MIME, JPEG, PNG, TIFF, GIF, RIFF, Ogg, JPEG 2000.
const SIGNATURES: [&[u8]; 24] = [
    b"DICM",
    b"SV10\x04\x03\x02\x01",
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"\x1F\x8B\x08",
    b"BZh91AY",
    b"7z\xBC\xAF\x27\x1C",
    b"Rar!\x1A\x07",
    b"\xFD7zXZ\x00",
    b"%PDF-",
    b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1",
    b"{\\rtf",
    b"<?xml",
    b"MIME-Version",
    b"Content-Type",
    b"\xFF\xD8\xFF",
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
    let run = if len <= SMALL { RUN_SMALL } else { RUN };
    let mut at = 0;
    while at < len {
        let end = len.min(at + WINDOW);
        let Ok(bytes) = context.ds.read(context.source, index, at..end) else { return true };
        if at == 0 && begins_data_set(&bytes) || has_signature(&bytes) || has_text(&bytes, run) {
            return true;
        }
        if end == len {
            break;
        }
        at = end - OVERLAP;
    }
    false
}

/// True for text that is bytes written as text: base64 or hexadecimal.
pub(crate) fn is_encoded(text: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=');
    let tokens = text.split(|c: char| !is_part(c)).filter(|token| token.len() >= BASE64);
    let any = |token: &str, test: fn(&u8) -> bool| token.as_bytes().iter().any(test);
    let hex = |token: &str| token.bytes().all(|b| b.is_ascii_hexdigit());
    let mixed = |token: &str| any(token, u8::is_ascii_uppercase) && any(token, u8::is_ascii_lowercase);
    tokens.into_iter().any(|token| hex(token) || mixed(token)) || has_signature(text.as_bytes())
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
        SIGNATURES.iter().any(|s| s.first() == Some(&first) && rest.starts_with(s))
    })
}

/// A run of printable bytes that are mostly letters and digits, also with a zero byte before or behind each (UTF-16).
fn has_text(bytes: &[u8], run: usize) -> bool {
    let wide = |skip: usize| {
        bytes.get(skip..).unwrap_or_default().chunks_exact(2).map(|pair| match pair {
            [b, 0] => *b,
            _ => 0,
        })
    };
    has_run(bytes.iter().copied(), run) || has_run(wide(0), run) || has_run(wide(1), run)
}

fn has_run(bytes: impl Iterator<Item = u8>, run: usize) -> bool {
    let (mut length, mut letters) = (0usize, 0usize);
    for byte in bytes {
        if !matches!(byte, 0x20..=0x7E) {
            (length, letters) = (0, 0);
            continue;
        }
        length += 1;
        letters += usize::from(byte.is_ascii_alphanumeric());
        if length >= run && letters * 4 >= length * 3 {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::{begins_data_set, has_signature, has_text, is_encoded};

    #[test]
    fn formats_are_known_by_their_beginnings() {
        for bytes in [&b"\0\0DICM"[..], b"x SV10\x04\x03\x02\x01", b"PK\x03\x04", b"..%PDF-1.4", b"a\xFF\xD8\xFF\xE0"] {
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
        assert!(has_text(b"\x01\x02Yamada Taro\0", 8) && has_text(b"Y\0a\0m\0a\0d\0a\0T\0a\0", 8));
        let floats: Vec<u8> = (0u16..2_000).flat_map(|v| (f32::from(v) * 1.37).to_le_bytes()).collect();
        assert!(!has_text(&floats, 8));
    }

    #[test]
    fn bytes_written_as_text_are_known() {
        assert!(
            is_encoded("WWFtYWRhIEhhbmFrbyAxOTYwMDUwNA==") && is_encoded("59616d616461203d3d2031393630303530342020")
        );
        assert!(!is_encoded("HeadNeck_0.75_Br64 SOMATOM Force") && !is_encoded("1.25\\3.5\\100"));
    }
}
