//! Bytes of a frame.

use tokumei_dicom::{DataSet, ErrorKind, Piece, Source};

/// The pieces of a frame one after the other, `limit` bytes at most.
pub(crate) fn joined(ds: &DataSet, source: &dyn Source, pieces: &[Piece], limit: u64) -> Result<Vec<u8>, ErrorKind> {
    if pieces.iter().map(Piece::len).fold(0, u64::saturating_add) > limit {
        return Err(ErrorKind::TooLarge);
    }
    let mut out = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Bytes(bytes) => out.extend_from_slice(bytes),
            Piece::Range { offset, len } => {
                let start = out.len();
                out.resize(start + usize::try_from(*len).map_err(|_| ErrorKind::TooLarge)?, 0);
                ds.read_at(source, *offset, out.get_mut(start..).unwrap_or_default()).map_err(|e| e.kind)?;
            }
        }
    }
    Ok(out)
}
