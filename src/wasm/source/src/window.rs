//! One window of bytes read ahead: a parser's many tiny reads become few calls into JavaScript.

use crate::Unreadable;

/// A reader that goes on where the window ended gets twice as much each time, up to this.
const LARGEST: usize = 256 << 10;

/// How many bytes a window holds, by what a call costs.
#[derive(Debug, Clone, Copy)]
pub struct Ahead {
    /// First window of a source.
    pub first: usize,
    /// Window after a jump, e.g. behind pixel data or from fragment to fragment.
    pub jump: usize,
}

impl Ahead {
    /// A call that costs about a millisecond, as with `FileReaderSync`, whether it brings 64 bytes or 64 KiB: the first one
    /// brings most headers whole.
    pub const DEAR: Self = Self { first: 64 << 10, jump: 16 << 10 };
    /// A call that costs about as much as the bytes it copies.
    pub const CHEAP: Self = Self { first: 8 << 10, jump: 8 << 10 };
}

/// Where the window's bytes come from.
pub trait Fetch {
    /// Length of the whole in bytes.
    fn len(&self) -> u64;
    /// How much to read at once.
    fn ahead(&self) -> Ahead;
    /// Fills `buf` from `offset`, which lies within the length.
    fn fetch(&self, offset: u64, buf: &mut [u8]) -> Result<(), Unreadable>;
}

/// The bytes last read.
#[derive(Debug, Default)]
pub struct Window {
    start: u64,
    bytes: Vec<u8>,
}

impl Window {
    /// Fills `buf` from `offset`, out of the window where it can.
    pub fn read(&mut self, source: &impl Fetch, offset: u64, buf: &mut [u8]) -> Result<(), Unreadable> {
        let end = offset.checked_add(buf.len() as u64).ok_or(Unreadable)?;
        if end > source.len() {
            return Err(Unreadable);
        }
        if self.copy(offset, buf) {
            return Ok(());
        }
        let ahead = self.ahead(source.ahead(), offset);
        if buf.len() >= ahead {
            return source.fetch(offset, buf);
        }
        self.fill(source, offset, ahead)?;
        if self.copy(offset, buf) { Ok(()) } else { Err(Unreadable) }
    }

    fn copy(&self, offset: u64, buf: &mut [u8]) -> bool {
        let start = offset.checked_sub(self.start).and_then(|start| usize::try_from(start).ok());
        let range = start.and_then(|start| Some(start..start.checked_add(buf.len())?));
        match range.and_then(|range| self.bytes.get(range)) {
            Some(bytes) => {
                buf.copy_from_slice(bytes);
                true
            }
            None => false,
        }
    }

    /// How much to read from `offset` at once.
    fn ahead(&self, Ahead { first, jump }: Ahead, offset: u64) -> usize {
        let end = self.start + self.bytes.len() as u64;
        if self.bytes.is_empty() {
            first
        } else if (self.start..=end).contains(&offset) {
            (self.bytes.len() * 2).clamp(first, LARGEST)
        } else {
            jump
        }
    }

    fn fill(&mut self, source: &impl Fetch, offset: u64, ahead: usize) -> Result<(), Unreadable> {
        let left = usize::try_from(source.len() - offset).unwrap_or(usize::MAX);
        let mut bytes = core::mem::take(&mut self.bytes);
        bytes.clear();
        bytes.resize(ahead.min(left), 0);
        source.fetch(offset, &mut bytes)?;
        self.start = offset;
        self.bytes = bytes;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;
    use core::cell::Cell;

    struct Counted {
        bytes: Vec<u8>,
        ahead: Ahead,
        calls: Cell<u32>,
        broken: Cell<bool>,
    }

    impl Counted {
        #[allow(clippy::cast_possible_truncation)]
        fn new(len: usize) -> Self {
            let bytes = (0..len).map(|i| (i * 7 + i / 251) as u8).collect();
            Self { bytes, ahead: Ahead::DEAR, calls: Cell::new(0), broken: Cell::new(false) }
        }
    }

    impl Fetch for Counted {
        fn len(&self) -> u64 {
            self.bytes.len() as u64
        }

        fn ahead(&self) -> Ahead {
            self.ahead
        }

        fn fetch(&self, offset: u64, buf: &mut [u8]) -> Result<(), Unreadable> {
            self.calls.set(self.calls.get() + 1);
            if self.broken.get() {
                return Err(Unreadable);
            }
            let start = usize::try_from(offset).unwrap();
            buf.copy_from_slice(&self.bytes[start..start + buf.len()]);
            Ok(())
        }
    }

    fn read(window: &mut Window, source: &Counted, offset: usize, len: usize) {
        let mut buf = vec![0; len];
        window.read(source, offset as u64, &mut buf).unwrap();
        assert_eq!(buf, source.bytes[offset..offset + len], "{offset}+{len}");
    }

    #[test]
    fn tiny_reads_of_a_header_are_one_call() {
        let source = Counted::new(100_000);
        let mut window = Window::default();
        for offset in (0..14_000).step_by(8) {
            read(&mut window, &source, offset, 8);
        }
        assert_eq!(source.calls.get(), 1);
    }

    #[test]
    fn reading_on_takes_few_calls() {
        for ahead in [Ahead::DEAR, Ahead::CHEAP] {
            let source = Counted { ahead, ..Counted::new(4 << 20) };
            let mut window = Window::default();
            for offset in (0..(4 << 20) - 100).step_by(100) {
                read(&mut window, &source, offset, 100);
            }
            assert!(source.calls.get() < 25, "{}", source.calls.get());
        }
    }

    #[test]
    fn any_order_and_size_gives_the_bytes() {
        for ahead in [Ahead::DEAR, Ahead::CHEAP] {
            let source = Counted { ahead, ..Counted::new(700_001) };
            let mut window = Window::default();
            let mut offset = 1;
            for step in 0..2_000 {
                let len = (step * step) % 5_000 + usize::from(step % 97 == 0) * 300_000;
                offset = (offset * 31 + step * 1_013) % (source.bytes.len() + 1);
                read(&mut window, &source, offset, len.min(source.bytes.len() - offset));
            }
        }
    }

    #[test]
    fn beyond_the_end_is_unreadable() {
        let source = Counted::new(10);
        let mut window = Window::default();
        for (offset, len) in [(0, 11), (10, 1), (11, 0), (u64::MAX, 2)] {
            assert_eq!(window.read(&source, offset, &mut vec![0; len]), Err(Unreadable));
        }
        read(&mut window, &source, 10, 0);
    }

    #[test]
    fn a_failed_read_leaves_no_bytes_behind() {
        let source = Counted::new(100_000);
        let mut window = Window::default();
        read(&mut window, &source, 0, 10);
        source.broken.set(true);
        assert!(window.read(&source, 90_000, &mut [0; 10]).is_err());
        source.broken.set(false);
        read(&mut window, &source, 90_000, 10);
        read(&mut window, &source, 0, 10);
    }
}
