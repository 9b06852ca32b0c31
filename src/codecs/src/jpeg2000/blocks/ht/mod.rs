//! Code-blocks of high-throughput JPEG 2000 (T.814): the cleanup pass, which is all that reversible streams have.
//!
//! A block is cut into quads of 2 × 2 samples, coded in pairs. Which samples of a quad are not zero and how long the
//! longest is goes by variable-length codes (backward from the block's end), events that are rare by MEL (before them),
//! signs and magnitudes as they are (from the start). Bytes after FF hold a bit less in each of the three.

mod bits;
mod decode;
mod encode;
mod tables;

#[cfg(test)]
mod tests;

pub use self::decode::decode;
pub use self::encode::encode;

/// Bytes of the MEL and VLC parts together, at the most and at the least (T.814 7.1.1).
const SUFFIX: core::ops::RangeInclusive<usize> = 2..=4079;

/// How long the runs of MEL's states are, as exponents (T.814 table 2).
const MEL_EXPONENTS: [u32; 13] = [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 4, 5];

/// Whether a block ends as one with a cleanup pass does, and holds nothing that looks like a marker.
pub fn is_plausible(bytes: &[u8]) -> bool {
    let is_marker = |pair: &[u8]| pair[0] == 0xFF && pair[1] > 0x8F;
    suffix(bytes).is_some() && !bytes.windows(2).any(is_marker)
}

/// Bytes of the MEL and VLC parts together, as the block says at its end.
fn suffix(bytes: &[u8]) -> Option<usize> {
    let &[low, high] = bytes.last_chunk::<2>()?;
    let length = usize::from(high) << 4 | usize::from(low & 15);
    (SUFFIX.contains(&length) && length <= bytes.len()).then_some(length)
}

/// How many bits the magnitude `m` of a sample asks for, of `2(m − 1) + sign`; none where it is zero.
fn exponent(code: u32) -> u8 {
    // At most 32.
    u8::try_from(32 - (code | 1).leading_zeros()).unwrap_or(32)
}

/// Exponents of the samples in the line above a row of quads, with a sample more on both sides.
///
/// Where a sample is zero, so is its exponent.
struct Line(Vec<u8>);

impl Line {
    fn new(quads: usize) -> Self {
        Self(vec![0; 2 * quads + 3])
    }

    /// Of the four samples above a quad: the last of the one before, its own two, the first of the next.
    fn above(&self, quad: usize) -> [u8; 4] {
        self.0.get(2 * quad..).and_then(|rest| rest.first_chunk()).copied().unwrap_or_default()
    }

    fn set(&mut self, quad: usize, bottom: [u8; 2]) {
        if let Some(pair) = self.0.get_mut(2 * quad + 1..2 * quad + 3) {
            pair.copy_from_slice(&bottom);
        }
    }
}

/// The context of a quad in the first row of quads, by which samples of the one before are not zero.
fn first_context(before: u8) -> u8 {
    u8::from(before & 0b11 != 0) | before >> 1 & 0b110
}

/// The context of a quad in the other rows, by the samples above it too.
fn later_context(before: u8, above: [u8; 4]) -> u8 {
    let [a, b, c, d] = above.map(|exponent| exponent > 0);
    u8::from(a || b) | u8::from(before & 0b1100 != 0) << 1 | u8::from(c || d) << 2
}

/// What a quad's longest sample is expected to have at least (T.814 7.3.7).
fn predicted(significant: u8, above: [u8; 4]) -> u32 {
    if significant.count_ones() < 2 {
        return 1;
    }
    let most = above.into_iter().fold(0, u8::max);
    u32::from(most).saturating_sub(1).max(1)
}
