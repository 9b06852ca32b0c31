//! What was found out lately, each thing at a place that its sum gives it: the next one of that place takes it over.

/// Places: few at first, since most instances ask little.
const FEW: usize = 16;

/// Things that are remembered, twice as many places whenever all may be taken. May hold identity: no `Debug`.
pub(crate) struct Places<T> {
    places: Vec<Option<T>>,
    taken: usize,
}

impl<T> Default for Places<T> {
    fn default() -> Self {
        Self { places: Vec::new(), taken: 0 }
    }
}

impl<T> Places<T> {
    /// What is remembered at the place of a sum.
    pub(crate) fn get(&self, sum: u32) -> Option<&T> {
        let place = (sum ^ sum >> 15) as usize;
        self.places.get(place & self.places.len().checked_sub(1)?)?.as_ref()
    }

    /// Remembers; `most`: places at most, a power of two.
    pub(crate) fn put(&mut self, sum: u32, thing: T, most: usize) {
        if self.taken >= self.places.len() && self.places.len() < most {
            // Those that were remembered have other places now.
            let more = (self.places.len() * 4).clamp(FEW, most);
            self.places.clear();
            self.places.resize_with(more, || None);
            self.taken = 0;
        }
        self.taken += 1;
        let last = self.places.len().saturating_sub(1);
        if let Some(place) = self.places.get_mut((sum ^ sum >> 15) as usize & last) {
            *place = Some(thing);
        }
    }
}

/// The sum of bytes (FNV-1a), from that of what stood before them.
pub(crate) fn sum(before: u32, bytes: impl Iterator<Item = u8>) -> u32 {
    bytes.fold(before ^ 0x811c_9dc5, |sum, byte| (sum ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}
