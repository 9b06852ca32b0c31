//! JPEG 2000 (T.800) and high-throughput JPEG 2000 (T.814): not handled.

use crate::{Codec, CodecError, Fill, Frame, Geometry, Limits, Masked, Rect, Result};

/// Masks a frame.
pub(crate) fn mask(
    _codec: Codec,
    _stream: &[u8],
    _geometry: &Geometry,
    _rects: &[Rect],
    _fill: Fill,
    _limits: Limits,
) -> Result<Masked> {
    Err(CodecError::Unsupported)
}

/// Decodes a frame.
pub(crate) fn decode(_stream: &[u8], _geometry: &Geometry, _limits: Limits) -> Result<Frame> {
    Err(CodecError::Unsupported)
}
