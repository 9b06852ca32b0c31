//! Whether three components are RGB or YCbCr.

use super::header::FrameHeader;
use super::stream::Colours;
use crate::Photometric;

/// By JFIF, then Adobe, then identifiers, then Photometric Interpretation: the order in which libjpeg decides, the data
/// set last.
pub(crate) fn is_ycbcr(frame: &FrameHeader, colours: &Colours, photometric: Photometric) -> bool {
    if frame.components.len() != 3 {
        return false;
    }
    match (colours.jfif, colours.adobe) {
        (Some(_), _) => true,
        (None, Some([.., transform])) => transform != 0,
        (None, None) => {
            let rgb = frame.components.iter().map(|c| c.id).eq(*b"RGB");
            !rgb && photometric != Photometric::Rgb
        }
    }
}
