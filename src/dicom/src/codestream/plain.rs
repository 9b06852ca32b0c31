//! Frames without a code stream of their own: Deflated Image Frame (PS3.5 A.4.13) and Encapsulated Uncompressed
//! (PS3.5 A.4.11).

use super::markers::{Clean, Depth};
use super::stream::{Kept, Stream};
use crate::Result;
use flate2::{Decompress, FlushDecompress, Status};

/// Inflated bytes are only counted, this many at a time.
const OUTPUT: usize = 64 << 10;

/// Keeps a frame of `expected` bytes; what follows goes.
pub(crate) fn uncompressed(s: &Stream<'_>, expected: u64) -> Result<Clean> {
    if s.len() < expected {
        return Err(s.mismatch(s.len()));
    }
    let mut kept = Kept::default();
    kept.keep(0, expected);
    Ok(Clean { kept, shape: None, depth: Depth::Unknown })
}

/// Keeps a deflated frame (RFC 1951) to the end of its last block. It must give `expected` bytes, or one pad byte more.
pub(crate) fn deflated(s: &mut Stream<'_>, expected: u64) -> Result<Clean> {
    let mut inflate = Decompress::new(false);
    let mut out = vec![0; OUTPUT];
    loop {
        let (taken, given) = (inflate.total_in(), inflate.total_out());
        let chunk = s.chunk(taken)?;
        let status = inflate.decompress(chunk, &mut out, FlushDecompress::None);
        let stalled = inflate.total_in() == taken && inflate.total_out() == given;
        match status {
            Ok(Status::StreamEnd) => break,
            Ok(_) if !stalled && inflate.total_out() <= expected.saturating_add(1) => {}
            _ => return Err(s.mismatch(inflate.total_in())),
        }
    }
    if !(expected..=expected.saturating_add(1)).contains(&inflate.total_out()) {
        return Err(s.mismatch(0));
    }
    let mut kept = Kept::default();
    kept.keep(0, inflate.total_in());
    Ok(Clean { kept, shape: None, depth: Depth::Unknown })
}
