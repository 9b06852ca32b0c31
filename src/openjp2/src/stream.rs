//! Streams of openjp2 that read from and write to memory.

use core::ffi::c_void;
use core::slice;
use openjp2::Stream;
use openjp2::openjpeg::{
    opj_stream_set_read_function, opj_stream_set_seek_function, opj_stream_set_skip_function, opj_stream_set_user_data,
    opj_stream_set_write_function,
};
use std::cell::RefCell;
use std::rc::Rc;

/// Bytes and the place in them at which the codec is.
#[derive(Default)]
struct Memory {
    bytes: Vec<u8>,
    at: usize,
}

type Shared = RefCell<Memory>;

/// What a codec has written.
pub struct Output(Rc<Shared>);

impl Output {
    /// The bytes so far; the stream begins anew.
    pub fn take(&self) -> Vec<u8> {
        core::mem::take(&mut *self.0.borrow_mut()).bytes
    }
}

/// A stream that reads a copy of the bytes. It is buffered whole.
pub fn reader(bytes: &[u8]) -> Stream {
    let memory = Rc::new(RefCell::new(Memory { bytes: bytes.to_vec(), at: 0 }));
    let mut stream = Stream::new_custom(bytes.len().max(1), true);
    stream.set_stream_length(bytes.len() as u64);
    attach(&mut stream, memory);
    stream
}

/// A stream that writes into memory, and a handle to what it wrote. Flush it before taking that.
pub fn writer() -> (Stream, Output) {
    let memory = Rc::new(RefCell::new(Memory::default()));
    let mut stream = Stream::new_custom(1 << 16, false);
    attach(&mut stream, Rc::clone(&memory));
    (stream, Output(memory))
}

fn attach(stream: &mut Stream, memory: Rc<Shared>) {
    // The C interface takes a stream by this pointer type, and makes a reference of it for the time of the call.
    let handle = core::ptr::from_mut(stream).cast();
    // SAFETY: `handle` comes from a reference that lives through the call; the function has the type that is asked for.
    unsafe { opj_stream_set_read_function(handle, Some(read)) };
    // SAFETY: as above.
    unsafe { opj_stream_set_write_function(handle, Some(write)) };
    // SAFETY: as above.
    unsafe { opj_stream_set_skip_function(handle, Some(skip)) };
    // SAFETY: as above.
    unsafe { opj_stream_set_seek_function(handle, Some(seek)) };
    let data = Rc::into_raw(memory).cast_mut().cast();
    // SAFETY: as above; `data` owns one count of the `Rc`, which `release` takes when the stream is dropped.
    unsafe { opj_stream_set_user_data(handle, data, Some(release)) };
}

/// Works on the memory behind a callback's data; `fault` where it is in use already, which no codec does.
fn with<T>(data: *mut c_void, fault: T, work: impl FnOnce(&mut Memory) -> T) -> T {
    // SAFETY: `data` was made by `Rc::into_raw` in `attach` and is released only with the stream that makes this call.
    let shared = unsafe { &*data.cast::<Shared>() };
    shared.try_borrow_mut().map_or(fault, |mut memory| work(&mut memory))
}

unsafe extern "C" fn read(buffer: *mut c_void, length: usize, data: *mut c_void) -> usize {
    with(data, usize::MAX, |memory| {
        let rest = memory.bytes.get(memory.at..).unwrap_or_default();
        let count = rest.len().min(length);
        if count > 0 {
            // SAFETY: the caller gives a buffer of `length` bytes, and `count` is not above it; it lends it to this call.
            let buffer = unsafe { slice::from_raw_parts_mut(buffer.cast::<u8>(), count) };
            buffer.copy_from_slice(&rest[..count]);
        }
        memory.at += count;
        count
    })
}

unsafe extern "C" fn write(buffer: *mut c_void, length: usize, data: *mut c_void) -> usize {
    if length == 0 {
        return 0;
    }
    // SAFETY: the caller gives `length` bytes that nobody changes during this call.
    let given = unsafe { slice::from_raw_parts(buffer.cast::<u8>(), length) };
    with(data, usize::MAX, |memory| {
        let Some(end) = memory.at.checked_add(length) else { return usize::MAX };
        if memory.bytes.len() < end {
            memory.bytes.resize(end, 0);
        }
        memory.bytes[memory.at..end].copy_from_slice(given);
        memory.at = end;
        length
    })
}

unsafe extern "C" fn skip(count: i64, data: *mut c_void) -> i64 {
    with(data, -1, |memory| {
        let to = i64::try_from(memory.at).ok().and_then(|at| at.checked_add(count));
        match to.and_then(|to| usize::try_from(to).ok()) {
            Some(to) if to <= memory.bytes.len() => {
                memory.at = to;
                count
            }
            _ => -1,
        }
    })
}

unsafe extern "C" fn seek(to: i64, data: *mut c_void) -> i32 {
    with(data, 0, |memory| match usize::try_from(to) {
        Ok(to) if to <= memory.bytes.len() => {
            memory.at = to;
            1
        }
        _ => 0,
    })
}

unsafe extern "C" fn release(data: *mut c_void) {
    // SAFETY: `data` holds the count that `attach` gave to the stream, which releases it once.
    drop(unsafe { Rc::from_raw(data.cast::<Shared>()) });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_skips_within_its_bytes() {
        let mut stream = reader(b"abcdef");
        let mut two = [0; 2];
        assert_eq!((stream.read(&mut two).ok(), two), (Some(2), *b"ab"));
        assert_eq!(stream.skip(2).ok(), Some(2));
        assert_eq!((stream.read(&mut two).ok(), two), (Some(2), *b"ef"));
        assert!(stream.skip(1).is_err());
    }

    #[test]
    fn writes_over_what_it_wrote() {
        let (mut stream, output) = writer();
        assert_eq!(stream.write(b"abcdef").ok(), Some(6));
        assert!(stream.seek(2).is_ok());
        assert_eq!(stream.write(b"XY").ok(), Some(2));
        assert!(stream.seek(100).is_err());
        assert!(stream.flush().is_ok());
        drop(stream);
        assert_eq!(output.take(), b"abXYef");
    }
}
