//! A new File Meta Information (PS3.10 7.1), always Explicit VR Little Endian.

use super::NewMeta;
use crate::{ErrorKind, Result, Tag};

/// 128 zero bytes, `DICM`, group 0002.
pub(super) fn head(meta: &NewMeta) -> Result<Vec<u8>> {
    let mut group = Vec::with_capacity(320);
    // (0002,0001): version 1, a bit field of two bytes.
    group.extend([2, 0, 1, 0, b'O', b'B', 0, 0, 2, 0, 0, 0, 0, 1]);
    put(&mut group, Tag(2, 0x0002), *b"UI", &meta.sop_class)?;
    put(&mut group, Tag(2, 0x0003), *b"UI", &meta.sop_instance)?;
    put(&mut group, Tag(2, 0x0010), *b"UI", &meta.transfer_syntax)?;
    put(&mut group, Tag(2, 0x0012), *b"UI", &meta.implementation_class)?;
    put(&mut group, Tag(2, 0x0013), *b"SH", &meta.implementation_version)?;
    let mut out = vec![0; 128];
    out.extend(b"DICM");
    out.extend([2, 0, 0, 0, b'U', b'L', 4, 0]);
    out.extend(u32::try_from(group.len()).unwrap_or(0).to_le_bytes());
    out.extend(group);
    Ok(out)
}

fn put(out: &mut Vec<u8>, tag: Tag, vr: [u8; 2], text: &str) -> Result<()> {
    let len = text.len().next_multiple_of(2);
    let stated = u16::try_from(len).ok().filter(|&l| l <= 64).ok_or(ErrorKind::TooLarge)?;
    out.extend(tag.0.to_le_bytes());
    out.extend(tag.1.to_le_bytes());
    out.extend(vr);
    out.extend(stated.to_le_bytes());
    out.extend(text.as_bytes());
    if text.len() < len {
        out.push(crate::value::padding(vr));
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn group_length_counts_what_follows() {
        let meta = NewMeta {
            sop_class: "1.2.3".into(),
            sop_instance: "2.25.1".into(),
            transfer_syntax: "1.2.840.10008.1.2.1".into(),
            implementation_class: "2.25.9".into(),
            implementation_version: "X".into(),
        };
        let bytes = head(&meta).unwrap();
        let stated = u32::from_le_bytes(bytes.get(140..144).unwrap().try_into().unwrap());
        assert_eq!(stated as usize, bytes.len() - 144);
        assert!(bytes.ends_with(&[2, 0, 0x13, 0, b'S', b'H', 2, 0, b'X', b' ']));
        assert!(bytes.iter().take(128).all(|&b| b == 0));
        assert!(head(&NewMeta { sop_class: "1".repeat(65), ..meta }).is_err());
    }
}
