//! Tables that are linked in take a byte or two for each number: what a module weighs is what a page waits for.
//!
//! Numbers are LEB128: seven bits in each byte, lowest first, the high bit set while more follow. Signed ones are folded
//! so that small ones stay short: 0, -1, 1, -2, …

/// Reads packed numbers; ends at the end of the bytes and at numbers that do not fit.
#[derive(Debug, Clone)]
pub struct Packed<'b>(&'b [u8]);

impl<'b> Packed<'b> {
    /// Begins.
    pub const fn new(bytes: &'b [u8]) -> Self {
        Self(bytes)
    }

    /// The next number, unfolded.
    pub fn signed(&mut self) -> Option<i32> {
        self.next().map(unfold)
    }
}

impl Iterator for Packed<'_> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        let mut number = 0;
        for place in 0..5 {
            let (&byte, rest) = self.0.split_first()?;
            self.0 = rest;
            let bits = u32::from(byte & 0x7F);
            number |= bits.checked_shl(7 * place).filter(|shifted| shifted >> (7 * place) == bits)?;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }
}

/// The signed number that a folded one stands for.
pub const fn unfold(number: u32) -> i32 {
    (number >> 1).cast_signed() ^ -(number & 1).cast_signed()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn reads_numbers() {
        let mut packed = Packed::new(&[0, 0x7F, 0x80, 0x01, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 3, 0x80]);
        assert_eq!(packed.by_ref().take(4).collect::<Vec<_>>(), [0, 127, 128, u32::MAX]);
        assert_eq!(packed.signed(), Some(-2));
        assert_eq!(packed.next(), None);
        assert_eq!(Packed::new(&[0xFF, 0xFF, 0xFF, 0xFF, 0x1F]).next(), None);
    }

    #[test]
    fn unfolds() {
        assert_eq!([0, 1, 2, 3, u32::MAX].map(unfold), [0, -1, 1, -2, i32::MIN]);
    }
}
