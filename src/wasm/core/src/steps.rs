//! JavaScript's bytes, copied into the module's memory in small steps, whatever the caller gives.

use js_sys::Uint8Array;

/// Bytes copied at once.
const STEP: u32 = 64 << 10;

/// A buffer for one step.
pub struct Steps(Vec<u8>);

impl Steps {
    /// An empty buffer.
    pub fn new() -> Self {
        Self(vec![0; STEP as usize])
    }

    /// Gives the bytes to `take`, a step at a time.
    pub fn each(&mut self, bytes: &Uint8Array, mut take: impl FnMut(&[u8])) {
        let len = bytes.length();
        let mut start = 0;
        while start < len {
            let part = bytes.subarray(start, len.min(start.saturating_add(STEP)));
            let taken = part.length();
            let Some(buffer) = self.0.get_mut(..taken as usize).filter(|_| taken > 0) else { return };
            part.copy_to(buffer);
            take(buffer);
            start += taken;
        }
    }
}
