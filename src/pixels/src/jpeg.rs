//! The headers of a JPEG stream, read to tell whether jpeg-decoder draws it as it is meant.

/// What the headers say.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Headers {
    /// The frame header's marker: C0 baseline, C1 extended, C2 progressive, C3 lossless, F7 JPEG-LS.
    pub(crate) sof: u8,
    /// Bits of a sample.
    pub(crate) precision: u8,
    /// Component identifiers.
    pub(crate) ids: Vec<u8>,
    /// Highest sampling factors across and down (T.81 A.1.1).
    pub(crate) sampling: (u8, u8),
    /// A segment JFIF is there.
    pub(crate) jfif: bool,
    /// Colour transform of the segment Adobe.
    pub(crate) adobe: Option<u8>,
    /// Restart interval.
    pub(crate) restart: u16,
    /// Point transform of the first scan.
    pub(crate) point_transform: u8,
}

impl Headers {
    /// Reads up to the first scan of a cleaned stream.
    pub(crate) fn read(stream: &[u8]) -> Option<Self> {
        let mut out = Self::default();
        let mut rest = stream.strip_prefix(&[0xFF, 0xD8])?;
        loop {
            let ([0xFF, code, high, low], after) = rest.split_first_chunk::<4>()? else { return None };
            let len = usize::from(u16::from_be_bytes([*high, *low])).checked_sub(2)?;
            let (body, next) = after.split_at_checked(len)?;
            match code {
                0xC0..=0xC3 | 0xF7 => {
                    out.sof = *code;
                    out.precision = *body.first()?;
                    let components = || body.get(6..).unwrap_or_default().as_chunks::<3>().0.iter();
                    out.ids = components().map(|[id, ..]| *id).collect();
                    let highest = |of: fn(u8) -> u8| components().map(|[_, factors, _]| of(*factors)).max();
                    out.sampling = highest(|f| f >> 4).zip(highest(|f| f & 15))?;
                }
                0xDD => out.restart = u16::from_be_bytes(body.try_into().ok()?),
                0xE0 => out.jfif |= body.starts_with(b"JFIF\0"),
                0xEE if body.starts_with(b"Adobe") => out.adobe = body.get(11).copied(),
                0xDA => {
                    out.point_transform = body.last()? & 15;
                    return Some(out);
                }
                _ => {}
            }
            rest = next;
        }
    }

    /// Columns and rows of an MCU of a stream of coefficients (T.81 A.2); other streams have single pixels.
    pub(crate) fn mcu(&self) -> (u32, u32) {
        match (self.sof, self.ids.len()) {
            (0xC0..=0xC2, 1) => (8, 8),
            (0xC0..=0xC2, _) => (8 * u32::from(self.sampling.0), 8 * u32::from(self.sampling.1)),
            _ => (1, 1),
        }
    }

    /// True when the decoder gives the samples that the stream holds.
    pub(crate) fn is_exact(&self, allocated: u64) -> bool {
        match self.sof {
            0xC0..=0xC2 => self.precision == 8 && allocated == 8,
            0xC3 => {
                let cell = if self.precision <= 8 { 8 } else { 16 };
                self.restart == 0 && self.point_transform == 0 && allocated == cell
            }
            _ => false,
        }
    }

    /// True when the decoder takes three components for the colours that they are. It looks at identifiers first, the
    /// meaning is by JFIF, then Adobe, then identifiers, then Photometric Interpretation.
    pub(crate) fn colours_are_clear(&self, photometric: &str) -> bool {
        let ids = self.ids.as_slice();
        if self.sof == 0xC3 {
            // Lossless streams are RGB in DICOM (PS3.5 8.2.1); the decoder would convert numbered components.
            return photometric == "RGB"
                && (ids == b"RGB" || (self.adobe == Some(0) && ids != [1, 2, 3] && !self.jfif));
        }
        let ycbcr = match (self.jfif, self.adobe) {
            (true, _) => true,
            (false, Some(transform)) => transform == 1,
            (false, None) if ids == b"RGB" => false,
            (false, None) => photometric.starts_with("YBR"),
        };
        let taken_for_ycbcr = match ids {
            [1, 2, 3] => true,
            b"RGB" => false,
            [1, 34, 35] | b"rgb" => return false,
            _ => self.jfif || self.adobe != Some(0),
        };
        ycbcr == taken_for_ycbcr
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
    use super::*;

    fn stream(ids: [u8; 3], adobe: Option<u8>) -> Vec<u8> {
        let mut out = vec![0xFF, 0xD8];
        if let Some(transform) = adobe {
            out.extend_from_slice(b"\xFF\xEE\0\x0EAdobe\0\x64\0\0\0\0");
            out.push(transform);
        }
        out.extend_from_slice(&[0xFF, 0xC0, 0, 17, 8, 0, 1, 0, 1, 3]);
        for id in ids {
            out.extend_from_slice(&[id, 0x11, 0]);
        }
        out.extend_from_slice(&[0xFF, 0xDA, 0, 12, 3, ids[0], 0, ids[1], 0, ids[2], 0, 0, 63, 0]);
        out
    }

    #[test]
    fn colours() {
        let clear =
            |ids, adobe, photometric: &str| Headers::read(&stream(ids, adobe)).unwrap().colours_are_clear(photometric);
        assert!(clear([1, 2, 3], None, "YBR_FULL_422"));
        assert!(clear([1, 2, 3], Some(1), "RGB"));
        assert!(clear([82, 71, 66], None, "RGB"));
        assert!(clear([82, 71, 66], Some(0), "RGB"));
        assert!(!clear([1, 2, 3], Some(0), "RGB"));
        assert!(!clear([1, 2, 3], None, "RGB"));
        assert!(!clear([0, 1, 2], None, "RGB"));
    }

    #[test]
    fn truncated_headers_are_none() {
        let whole = stream([1, 2, 3], Some(1));
        for len in 0..whole.len() {
            assert_eq!(Headers::read(&whole[..len]), None);
        }
        assert!(Headers::read(&whole).is_some());
    }
}
