//! What a mask is filled with.

use crate::{Geometry, Photometric};

/// What a mask is filled with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fill {
    /// What shows black: the largest value for MONOCHROME1, the smallest for all else, grey colour differences in YBR.
    /// Of a palette it is the first entry; whoever knows the palette gives [`Fill::Level`].
    Black,
    /// This value in the first component, and in all of RGB; grey colour differences in YBR.
    Level(i32),
}

impl Fill {
    /// The value for each component as it stands in a stream of `bits` bits.
    ///
    /// A stream without sign holds those of a signed data set as two's complement. Values outside of Bits Stored or of
    /// the stream become the nearest inside.
    pub(crate) fn levels(self, geometry: &Geometry, bits: u8, signed_stream: bool) -> [i32; 3] {
        let stored = bits.min(geometry.bits_stored).clamp(1, 32);
        let signed = signed_stream || geometry.signed;
        let (low, high) = match (signed, stored) {
            (true, n) => (-(1_i64 << (n - 1)), (1_i64 << (n - 1)) - 1),
            (false, n) => (0, (1_i64 << n) - 1),
        };
        let level = match self {
            Self::Level(level) => i64::from(level).clamp(low, high),
            Self::Black if geometry.photometric == Photometric::Monochrome1 => high,
            Self::Black => low,
        };
        let ybr = matches!(geometry.photometric, Photometric::YbrFull | Photometric::YbrFull422);
        let difference = if ybr { (low + high + 1) / 2 } else { level };
        let pattern = |value: i64| {
            let value = if signed_stream { value } else { value & ((1_i64 << bits.clamp(1, 32)) - 1) };
            // 32-bit samples without sign come as their bit pattern.
            #[allow(clippy::cast_possible_truncation)]
            let value = value as i32;
            value
        };
        [pattern(level), pattern(difference), pattern(difference)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn geometry(photometric: Photometric, stored: u8, signed: bool) -> Geometry {
        Geometry {
            rows: 1,
            columns: 1,
            samples_per_pixel: 1,
            bits_allocated: 16,
            bits_stored: stored,
            signed,
            photometric,
        }
    }

    #[test]
    fn black() {
        let black = |photometric, stored, signed, bits, stream| {
            Fill::Black.levels(&geometry(photometric, stored, signed), bits, stream)
        };
        assert_eq!(black(Photometric::Monochrome2, 12, false, 16, false), [0; 3]);
        assert_eq!(black(Photometric::Monochrome1, 12, false, 16, false), [4095; 3]);
        assert_eq!(black(Photometric::Monochrome2, 12, true, 16, false), [0xF800; 3]);
        assert_eq!(black(Photometric::Monochrome2, 12, true, 12, true), [-2048; 3]);
        assert_eq!(black(Photometric::Monochrome1, 16, true, 16, false), [0x7FFF; 3]);
        assert_eq!(black(Photometric::YbrFull, 8, false, 8, false), [0, 128, 128]);
        assert_eq!(black(Photometric::Rgb, 8, false, 8, false), [0; 3]);
        assert_eq!(black(Photometric::Monochrome2, 32, true, 32, false), [i32::MIN; 3]);
        assert_eq!(black(Photometric::Monochrome1, 32, false, 32, false), [-1; 3]);
    }

    #[test]
    fn levels_stay_in_range() {
        let level = |n, bits| Fill::Level(n).levels(&geometry(Photometric::Monochrome2, 12, false), bits, false)[0];
        assert_eq!((level(-5, 16), level(9000, 16), level(9000, 8), level(7, 8)), (0, 4095, 255, 7));
    }
}
