//! Comments of a JPEG that jxl-jbr 0.2.1 gives back: it writes their marker's second byte twice.

use crate::{CodecError, Result};

/// The same JPEG with every comment as it was.
pub fn repaired(jpeg: &[u8]) -> Result<Vec<u8>> {
    let mut rest = jpeg.strip_prefix(&[0xFF, 0xD8]).ok_or(CodecError::Damaged)?;
    let mut out = vec![0xFF, 0xD8];
    loop {
        let (&[mark, code], mut after) = rest.split_first_chunk::<2>().ok_or(CodecError::Damaged)?;
        if mark != 0xFF {
            return Err(CodecError::Damaged);
        }
        out.extend([mark, code]);
        if code == 0xD9 {
            out.extend(after);
            return Ok(out);
        }
        if code == 0xFE {
            after = after.strip_prefix(&[0xFE]).ok_or(CodecError::Damaged)?;
        }
        let &length = after.first_chunk::<2>().ok_or(CodecError::Damaged)?;
        let length = usize::from(u16::from_be_bytes(length));
        let data = if code == 0xDA { scan_length(after.get(length..).unwrap_or_default()) } else { 0 };
        let (segment, next) = after.split_at_checked(length.max(2) + data).ok_or(CodecError::Damaged)?;
        out.extend(segment);
        rest = next;
    }
}

/// Bytes before the next marker that is no restart.
fn scan_length(bytes: &[u8]) -> usize {
    let ends = |pair: &[u8]| matches!(pair, [0xFF, code] if !matches!(code, 0 | 0xD0..=0xD7 | 0xFF));
    bytes.windows(2).position(ends).unwrap_or(bytes.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_are_as_they_were() {
        let rest = b"\xFF\xDA\0\x02\x01\xFF\0\xFF\xD0\x02\xFF\xFE\xFE\0\x02\xFF\xD9\0";
        let jpeg = [b"\xFF\xD8\xFF\xE0\0\x04ab\xFF\xFE\xFE\0\x03c".as_slice(), rest].concat();
        let rest = b"\xFF\xDA\0\x02\x01\xFF\0\xFF\xD0\x02\xFF\xFE\0\x02\xFF\xD9\0";
        let expected = [b"\xFF\xD8\xFF\xE0\0\x04ab\xFF\xFE\0\x03c".as_slice(), rest].concat();
        assert_eq!(repaired(&jpeg), Ok(expected));
        assert_eq!(repaired(b"\xFF\xD8\xFF\xFE\0\x03c\xFF\xD9"), Err(CodecError::Damaged));
        assert_eq!(repaired(b"\xFF\xD8\xFF\xE0\0\x09"), Err(CodecError::Damaged));
    }
}
