//! Which coding a stream has.

use crate::{CodecError, Geometry, Photometric, Result};

/// The coding of a stream, from its transfer syntax and from its own frame header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Codec {
    /// RLE (PS3.5 annex G).
    Rle,
    /// JPEG baseline, extended, progressive (T.81).
    JpegDct,
    /// JPEG lossless, process 14 (T.81 annex H).
    JpegLossless,
    /// JPEG-LS, lossless and near-lossless (T.87).
    JpegLs,
    /// JPEG 2000 part 1 (T.800).
    Jpeg2000,
    /// High-throughput JPEG 2000 (T.814).
    HtJ2k {
        /// The transfer syntax asks for RPCL and what goes with it (PS3.5 10.18).
        rpcl: bool,
    },
    /// JPEG XL, also of a recompressed JPEG.
    JpegXl,
}

impl Codec {
    /// By Transfer Syntax UID. Streams of the JPEG family are taken for what their frame header says: files exist whose
    /// lossless syntax holds a baseline stream.
    pub fn of(transfer_syntax: &str, stream: &[u8]) -> Result<Self> {
        let Some(rest) = transfer_syntax.strip_prefix("1.2.840.10008.1.2.") else {
            return Err(CodecError::Unsupported);
        };
        match rest {
            "5" => Ok(Self::Rle),
            "4.50" | "4.51" | "4.53" | "4.55" | "4.57" | "4.70" | "4.80" | "4.81" => Self::by_frame_header(stream),
            "4.90" | "4.91" => Ok(Self::Jpeg2000),
            "4.201" | "4.203" => Ok(Self::HtJ2k { rpcl: false }),
            "4.202" => Ok(Self::HtJ2k { rpcl: true }),
            "4.110" | "4.111" | "4.112" => Ok(Self::JpegXl),
            _ => Err(CodecError::Unsupported),
        }
    }

    /// What the samples of [`decode`](crate::decode) are: RGB where decoding undoes a colour transform, else what the
    /// data set says.
    pub fn decoded_photometric(self, geometry: &Geometry) -> Photometric {
        let transformed = matches!(geometry.photometric, Photometric::YbrRct | Photometric::YbrIct);
        match self {
            Self::JpegDct | Self::JpegXl if geometry.samples_per_pixel == 3 => Photometric::Rgb,
            Self::Jpeg2000 | Self::HtJ2k { .. } if transformed => Photometric::Rgb,
            _ => geometry.photometric,
        }
    }

    /// By the first start-of-frame marker (T.81 table B.1).
    fn by_frame_header(stream: &[u8]) -> Result<Self> {
        let mut rest = stream.strip_prefix(&[0xFF, 0xD8]).ok_or(CodecError::Damaged)?;
        loop {
            let [0xFF, code, after @ ..] = rest else { return Err(CodecError::Damaged) };
            rest = match code {
                0xC0..=0xC2 => return Ok(Self::JpegDct),
                0xC3 => return Ok(Self::JpegLossless),
                0xF7 => return Ok(Self::JpegLs),
                // Arithmetic coding, hierarchical and differential frames.
                0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF | 0xDE => return Err(CodecError::Unsupported),
                // A fill byte before a marker.
                0xFF => rest.get(1..).unwrap_or_default(),
                0x01 | 0xD0..=0xD7 => after,
                0 | 0xD8..=0xDA => return Err(CodecError::Damaged),
                _ => {
                    let [high, low, ..] = after else { return Err(CodecError::Damaged) };
                    let len = usize::from(u16::from_be_bytes([*high, *low]));
                    after.get(len.max(2)..).ok_or(CodecError::Damaged)?
                }
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_frame_header_decides() {
        let of = |bytes: &[u8]| Codec::of("1.2.840.10008.1.2.4.70", bytes);
        assert_eq!(of(b"\xFF\xD8\xFF\xE0\0\x04ab\xFF\xFF\xC0"), Ok(Codec::JpegDct));
        assert_eq!(of(b"\xFF\xD8\xFF\xC4\0\x02\xFF\xC3"), Ok(Codec::JpegLossless));
        assert_eq!(of(b"\xFF\xD8\xFF\xF7"), Ok(Codec::JpegLs));
        assert_eq!(of(b"\xFF\xD8\xFF\xC9"), Err(CodecError::Unsupported));
        assert_eq!(of(b"\xFF\xD8\xFF\xE0\xFF\xFF\xFF\xC0"), Err(CodecError::Damaged));
        assert_eq!(of(b"\xFF\xD8"), Err(CodecError::Damaged));
        assert_eq!(Codec::of("1.2.840.10008.1.2.5", b""), Ok(Codec::Rle));
        assert_eq!(Codec::of("1.2.840.10008.1.2.4.202", b""), Ok(Codec::HtJ2k { rpcl: true }));
        assert_eq!(Codec::of("1.2.840.10008.1.2.4.100", b""), Err(CodecError::Unsupported));
        assert_eq!(Codec::of("1.2.3", b""), Err(CodecError::Unsupported));
    }
}
