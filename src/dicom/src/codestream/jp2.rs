//! JP2 files inside an item. DICOM wants the code stream alone (PS3.5 A.4.4): its content stays, all boxes go.

use super::boxes::{self, Box4};
use super::j2k;
use super::markers::Clean;
use super::stream::Stream;
use crate::Result;

/// Signature box (T.800 I.5.1).
pub(crate) const SIGNATURE: [u8; 12] = *b"\0\0\0\x0CjP  \r\n\x87\n";

/// Takes the code stream out of its boxes and cleans it. A palette or a reordering of channels gives samples another
/// meaning than the code stream alone, so it is refused.
pub(crate) fn clean(s: &mut Stream<'_>) -> Result<Clean> {
    let len = s.len();
    let all = boxes::list(s, 0, len)?;
    for b in all.iter().filter(|b| &b.kind == b"jp2h") {
        for inner in boxes::list(s, b.start, b.end)? {
            let plain = match &inner.kind {
                b"pclr" | b"cmap" => false,
                b"cdef" => channels_in_order(s, inner)?,
                _ => true,
            };
            if !plain {
                return Err(s.mismatch(inner.start));
            }
        }
    }
    let mut streams = all.iter().filter(|b| &b.kind == b"jp2c");
    match (streams.next(), streams.next()) {
        (Some(b), None) => j2k::clean(s, b.start, b.end),
        _ => Err(s.mismatch(0)),
    }
}

/// Channel definition (T.800 I.5.3.6): channel i is colour i + 1.
fn channels_in_order(s: &mut Stream<'_>, b: Box4) -> Result<bool> {
    let count = s.u16(b.start)?;
    for i in 0..count {
        let at = b.start + 2 + 6 * u64::from(i);
        let [c1, c0, t1, t0, a1, a0] = s.array(at)?;
        let channel = u16::from_be_bytes([c1, c0]);
        let association = u16::from_be_bytes([a1, a0]);
        if [t1, t0] != [0, 0] || association != channel.wrapping_add(1) {
            return Ok(false);
        }
    }
    Ok(true)
}
