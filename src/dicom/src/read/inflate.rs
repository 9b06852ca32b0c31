//! Deflated data sets (PS3.5 A.5): inflated whole, under a limit.

use crate::{ErrorKind, Limits, Source};
use flate2::{Decompress, FlushDecompress, Status};

const CHUNK: u64 = 64 << 10;

/// A data set that was inflated.
pub(super) struct Inflated {
    pub(super) bytes: Vec<u8>,
    /// Offset in the file after the compressed stream.
    pub(super) end: u64,
    /// The stream had a zlib header.
    pub(super) zlib: bool,
}

/// Inflates the stream that begins at an offset: raw, or behind a zlib header as some writers put it.
pub(super) fn inflate(source: &dyn Source, start: u64, limits: &Limits) -> Result<Inflated, ErrorKind> {
    match run(source, start, limits, false) {
        Err(ErrorKind::Damaged) if has_zlib_header(source, start) => run(source, start, limits, true),
        other => other,
    }
}

/// True where bytes go on as a stream behind a zlib header.
pub fn begins_zlib(bytes: &[u8]) -> bool {
    // What is no stream gives a few bytes at most until it refers to some that never were.
    const ENOUGH: usize = 512;
    let mut out = [0; ENOUGH];
    let mut machine = Decompress::new(true);
    match machine.decompress(bytes, &mut out, FlushDecompress::None) {
        Ok(Status::StreamEnd) => machine.total_out() > 0,
        Ok(_) => machine.total_out() >= ENOUGH as u64,
        Err(_) => false,
    }
}

/// True where bytes are one deflated stream without a header, and zeros behind it.
pub fn inflates_whole(bytes: &[u8]) -> bool {
    let mut out = [0; 4 << 10];
    let mut machine = Decompress::new(false);
    loop {
        let (taken, given) = (machine.total_in(), machine.total_out());
        let rest = usize::try_from(taken).ok().and_then(|at| bytes.get(at..)).unwrap_or_default();
        match machine.decompress(rest, &mut out, FlushDecompress::None) {
            Ok(Status::StreamEnd) => {
                let end = usize::try_from(machine.total_in()).unwrap_or(usize::MAX);
                return machine.total_out() > 8 && bytes.get(end..).is_some_and(|rest| rest.iter().all(|&b| b == 0));
            }
            Ok(_) if machine.total_in() > taken || machine.total_out() > given => {}
            _ => return false,
        }
    }
}

fn has_zlib_header(source: &dyn Source, start: u64) -> bool {
    let mut head = [0u8; 2];
    source.len().saturating_sub(start) > 2
        && source.read_at(start, &mut head).is_ok()
        && head[0] & 0x0F == 8
        && u16::from_be_bytes(head) % 31 == 0
}

fn run(source: &dyn Source, start: u64, limits: &Limits, zlib: bool) -> Result<Inflated, ErrorKind> {
    let mut machine = Decompress::new(zlib);
    let mut out = Vec::new();
    let mut window = vec![0; usize::try_from(CHUNK.min(source.len().saturating_sub(start))).unwrap_or(0)];
    let mut offset = start;
    loop {
        let want = window.len().min(usize::try_from(source.len() - offset).unwrap_or(usize::MAX));
        let input = window.get_mut(..want).unwrap_or_default();
        source.read_at(offset, input).map_err(|_| ErrorKind::SourceUnreadable)?;
        let mut used = 0;
        loop {
            // Room grows with what has come out, never with a claimed size.
            if out.len() == out.capacity() {
                out.reserve(out.len().clamp(32 << 10, 8 << 20));
            }
            let (before_in, before_out) = (machine.total_in(), out.len());
            let status = machine
                .decompress_vec(input.get(used..).unwrap_or_default(), &mut out, FlushDecompress::None)
                .map_err(|_| ErrorKind::Damaged)?;
            let step = usize::try_from(machine.total_in() - before_in).unwrap_or(0);
            used += step;
            if out.len() as u64 > limits.inflated {
                return Err(ErrorKind::TooLarge);
            }
            if matches!(status, Status::StreamEnd) {
                let end = offset + used as u64;
                return Ok(Inflated { bytes: out, end: end + padding(source, start, end), zlib });
            }
            let full = out.len() == out.capacity();
            if used == input.len() && !full {
                break;
            }
            if step == 0 && out.len() == before_out && !full {
                return Err(ErrorKind::Damaged);
            }
        }
        offset += used as u64;
        if offset >= source.len() {
            return Err(ErrorKind::Truncated);
        }
    }
}

/// One NUL that makes the stream even belongs to it (PS3.5 A.5).
fn padding(source: &dyn Source, start: u64, end: u64) -> u64 {
    let mut byte = [1];
    let padded =
        !(end - start).is_multiple_of(2) && end < source.len() && source.read_at(end, &mut byte).is_ok() && byte == [0];
    u64::from(padded)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use flate2::{Compress, Compression, FlushCompress};

    fn deflated(bytes: &[u8], zlib: bool) -> Vec<u8> {
        let mut out = Vec::with_capacity(bytes.len() + 1024);
        Compress::new(Compression::new(6), zlib).compress_vec(bytes, &mut out, FlushCompress::Finish).unwrap();
        out
    }

    #[test]
    fn reads_raw_and_zlib_and_finds_the_end() {
        let plain: Vec<u8> = (0..300_000u32).flat_map(|i| (i / 7).to_le_bytes()).collect();
        for zlib in [false, true] {
            let mut file = b"head".to_vec();
            file.extend(deflated(&plain, zlib));
            let end = (file.len() as u64).next_multiple_of(2);
            file.extend([0; 3]);
            let inflated = inflate(&file, 4, &Limits::default()).unwrap();
            assert!(inflated.bytes == plain);
            assert_eq!((inflated.end, inflated.zlib), (end, zlib));
        }
    }

    #[test]
    fn refuses_cut_broken_and_too_large() {
        let whole = deflated(&vec![0; 100_000], false);
        let limits = Limits { inflated: 99_999, ..Limits::default() };
        assert_eq!(inflate(&whole, 0, &limits).err(), Some(ErrorKind::TooLarge));
        let cut = whole.get(..whole.len() - 5).unwrap().to_vec();
        assert_eq!(inflate(&cut, 0, &Limits::default()).err(), Some(ErrorKind::Truncated));
        assert_eq!(inflate(&vec![0xFF; 64], 0, &Limits::default()).err(), Some(ErrorKind::Damaged));
        assert_eq!(inflate(&Vec::new(), 0, &Limits::default()).err(), Some(ErrorKind::Truncated));
    }
}
