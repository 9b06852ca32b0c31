//! JPEG with Huffman coding (T.81; PS3.5 8.2.1, A.4.1, A.4.2): what its processes share.
//!
//! Arithmetic coding, hierarchical frames, four components and DNL are refused.
#![deny(clippy::indexing_slicing)]

mod bits;
mod colour;
pub(crate) mod dct;
mod header;
mod huffman;
pub(crate) mod lossless;
mod steps;
mod stream;
mod tables;
mod walk;
mod window;
mod write;

use crate::{Codec, CodecError, Limits, Result};

/// True when bytes stand between the last unit of an interval and the marker after it, which only an entropy decoder
/// sees. Fill bytes (FF) are none. Masking writes the stream without them, also with an empty mask.
///
/// For baseline, extended, progressive and lossless streams.
pub fn holds_hidden_bytes(codec: Codec, stream: &[u8], limits: Limits) -> Result<bool> {
    match codec {
        Codec::JpegDct => dct::holds_hidden_bytes(stream, limits),
        Codec::JpegLossless => lossless::holds_hidden_bytes(stream, limits),
        _ => Err(CodecError::Unsupported),
    }
}
