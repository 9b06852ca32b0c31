//! Deflated data sets are written as raw streams (PS3.5 A.5), at a fixed level: equal input, equal bytes.

use crate::{DataSet, ErrorKind, Piece, Result, Source};
use flate2::{Compress, Compression, FlushCompress, Status};

const LEVEL: u32 = 6;
const CHUNK: u64 = 64 << 10;

/// Deflates pieces whose ranges count in the inflated data set. Padded with a NUL to even length.
pub(super) fn deflate(ds: &DataSet, source: &dyn Source, pieces: &[Piece]) -> Result<Vec<u8>> {
    let mut machine = Compress::new(Compression::new(LEVEL), false);
    let mut out = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Bytes(bytes) => feed(&mut machine, bytes, &mut out, FlushCompress::None)?,
            Piece::Range { offset, len } => {
                let (mut at, end) = (*offset, offset + len);
                while at < end {
                    let mut buf = vec![0; usize::try_from(CHUNK.min(end - at)).unwrap_or(0)];
                    ds.read_at(source, at, &mut buf)?;
                    feed(&mut machine, &buf, &mut out, FlushCompress::None)?;
                    at += buf.len() as u64;
                }
            }
        }
    }
    feed(&mut machine, &[], &mut out, FlushCompress::Finish)?;
    if out.len() % 2 == 1 {
        out.push(0);
    }
    Ok(out)
}

fn feed(machine: &mut Compress, mut input: &[u8], out: &mut Vec<u8>, flush: FlushCompress) -> Result<()> {
    loop {
        if out.len() == out.capacity() {
            out.reserve(32 << 10);
        }
        let before = machine.total_in();
        let status = machine.compress_vec(input, out, flush).map_err(|_| ErrorKind::Damaged)?;
        let used = usize::try_from(machine.total_in() - before).unwrap_or(0);
        input = input.get(used..).unwrap_or_default();
        let room = out.len() < out.capacity();
        let done = match flush {
            FlushCompress::Finish => status == Status::StreamEnd,
            _ => input.is_empty() && room,
        };
        if done {
            return Ok(());
        }
    }
}
