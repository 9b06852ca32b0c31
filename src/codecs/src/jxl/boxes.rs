//! The boxes round a code stream (ISO 18181-2): only the code stream is given to the decoder.

use crate::{CodecError, Result};

/// The start of a file with boxes.
pub(super) const SIGNATURE: [u8; 12] = *b"\0\0\0\x0CJXL \r\n\x87\n";
/// The start of a code stream.
const CODE_STREAM: [u8; 2] = [0xFF, 0x0A];
/// Bits of a part's number; the one above says that it is the last.
const NUMBER: u32 = 0x7FFF_FFFF;

/// What a file holds.
pub(super) struct Content {
    pub(super) code_stream: Vec<u8>,
    /// It holds what is needed to write the JPEG again that it was made of.
    pub(super) from_jpeg: bool,
}

/// Takes the boxes away. Exif, XML and whatever else describes the picture is never looked at.
pub(super) fn content(file: &[u8]) -> Result<Content> {
    if file.starts_with(&CODE_STREAM) {
        return Ok(Content { code_stream: file.to_vec(), from_jpeg: false });
    }
    let mut rest = file.strip_prefix(&SIGNATURE).ok_or(CodecError::Damaged)?;
    let mut content = Content { code_stream: Vec::new(), from_jpeg: false };
    let mut parts = 0;
    while let Some((kind, body, next)) = first(rest)? {
        match kind {
            b"jbrd" => content.from_jpeg = true,
            b"jxlc" if parts == 0 => {
                content.code_stream.extend_from_slice(body);
                parts = NUMBER;
            }
            b"jxlp" => {
                let (number, part) = body.split_first_chunk::<4>().ok_or(CodecError::Damaged)?;
                if u32::from_be_bytes(*number) & NUMBER != parts {
                    return Err(CodecError::Damaged);
                }
                content.code_stream.extend_from_slice(part);
                parts += 1;
            }
            b"jxlc" => return Err(CodecError::Damaged),
            _ => {}
        }
        rest = next;
    }
    Ok(content)
}

/// Writes a box.
pub(super) fn write(out: &mut Vec<u8>, kind: [u8; 4], body: &[u8]) -> Result<()> {
    let length = u32::try_from(body.len() + 8).map_err(|_| CodecError::TooLarge)?;
    out.extend(length.to_be_bytes());
    out.extend(kind);
    out.extend_from_slice(body);
    Ok(())
}

type Box<'a> = (&'a [u8; 4], &'a [u8], &'a [u8]);

/// The first box: its kind, its content, and what follows it. One byte may follow all boxes: the padding of a fragment.
fn first(bytes: &[u8]) -> Result<Option<Box<'_>>> {
    if matches!(bytes, [] | [0]) {
        return Ok(None);
    }
    let (length, rest) = bytes.split_first_chunk::<4>().ok_or(CodecError::Damaged)?;
    let (kind, rest) = rest.split_first_chunk::<4>().ok_or(CodecError::Damaged)?;
    let (held, rest) = match u32::from_be_bytes(*length) {
        // To the end of the file.
        0 => (rest.len(), rest),
        1 => {
            let (length, rest) = rest.split_first_chunk::<8>().ok_or(CodecError::Damaged)?;
            let held = u64::from_be_bytes(*length).checked_sub(16).and_then(|held| usize::try_from(held).ok());
            (held.ok_or(CodecError::Damaged)?, rest)
        }
        length => (usize::try_from(length).ok().and_then(|n| n.checked_sub(8)).ok_or(CodecError::Damaged)?, rest),
    };
    let (body, next) = rest.split_at_checked(held).ok_or(CodecError::Damaged)?;
    Ok(Some((kind, body, next)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn file(boxes: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
        let mut out = SIGNATURE.to_vec();
        for (kind, body) in boxes {
            write(&mut out, **kind, body).unwrap();
        }
        out
    }

    fn stream(file: &[u8]) -> Result<(Vec<u8>, bool)> {
        content(file).map(|content| (content.code_stream, content.from_jpeg))
    }

    #[test]
    fn only_the_code_stream_comes_out() {
        assert_eq!(stream(b"\xFF\x0Aab"), Ok((b"\xFF\x0Aab".to_vec(), false)));
        let whole = file(&[(b"ftyp", b"jxl "), (b"Exif", b"CANARY"), (b"jxlc", b"ab"), (b"xml ", b"CANARY")]);
        assert_eq!(stream(&whole), Ok((b"ab".to_vec(), false)));
        let parts =
            [(b"jbrd", b"CANARY".as_slice()), (b"jxlp", b"\0\0\0\0a"), (b"brob", b""), (b"jxlp", b"\x80\0\0\x01b")];
        assert_eq!(stream(&file(&parts)), Ok((b"ab".to_vec(), true)));
        let mut open = file(&[(b"jbrd", b"")]);
        open.extend(b"\0\0\0\0jxlcab");
        assert_eq!(stream(&open), Ok((b"ab".to_vec(), true)));
        let mut long = SIGNATURE.to_vec();
        long.extend(b"\0\0\0\x01jxlc\0\0\0\0\0\0\0\x12ab\0");
        assert_eq!(stream(&long), Ok((b"ab".to_vec(), false)));
    }

    #[test]
    fn boxes_that_contradict_each_other_are_refused() {
        let twice = file(&[(b"jxlc", b"a"), (b"jxlc", b"b")]);
        let mixed = file(&[(b"jxlc", b"a"), (b"jxlp", b"\0\0\0\0b")]);
        let unordered = file(&[(b"jxlp", b"\0\0\0\x01a")]);
        let short = file(&[(b"jxlp", b"\0\0")]);
        let cut = &file(&[(b"jxlc", b"abcdef")])[..25];
        let small = [SIGNATURE.as_slice(), b"\0\0\0\x07jxlc"].concat();
        for damaged in [&twice, &mixed, &unordered, &short, cut, &small, b"JXL ".as_slice(), b""] {
            assert_eq!(stream(damaged), Err(CodecError::Damaged));
        }
    }
}
