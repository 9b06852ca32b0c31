//! What shows black, by photometric interpretation and depth (PS3.3 C.7.6.3.1.2).

use super::MaskError;
use crate::image::Image;
use crate::palette::Palette;
use tokumei_dicom::{DataSet, Tag};

const MODALITY: Tag = Tag(0x0008, 0x0060);
/// Hounsfield units of air.
const AIR: f64 = -1000.0;

/// Stored values of one black pixel, sample by sample. Chroma that two pixels share stands after both of their luminances.
pub(super) fn black(ds: &DataSet, image: &Image, subsampled: bool) -> Result<Vec<i64>, MaskError> {
    let bits = u32::try_from(image.stored).map_err(|_| MaskError::Form)?;
    let middle = 1_i64.checked_shl(bits.saturating_sub(1)).ok_or(MaskError::Form)?;
    let geometry = &image.geometry;
    match (geometry.photometric.as_str(), geometry.samples) {
        ("MONOCHROME1", 1) => Ok(vec![if image.signed { middle - 1 } else { middle * 2 - 1 }]),
        ("MONOCHROME2", 1) => Ok(vec![if image.signed { darkest(ds, image, -middle, middle - 1) } else { 0 }]),
        ("PALETTE COLOR", 1) => Ok(vec![image.palettes.as_ref().map_or(0, darkest_entry)]),
        // Without value HSV is black, as ARGB is without light and opacity, and CMYK with black ink alone (retired).
        ("RGB" | "HSV", 3) => Ok(vec![0; 3]),
        ("YBR_FULL_422", 3) if subsampled => Ok(vec![0, 0, middle, middle]),
        ("YBR_PARTIAL_422", 3) if subsampled && bits >= 8 => {
            let foot = middle >> 3;
            Ok(vec![foot, foot, middle, middle])
        }
        ("YBR_FULL" | "YBR_FULL_422", 3) => Ok(vec![0, middle, middle]),
        ("ARGB", 4) => Ok(vec![0; 4]),
        ("CMYK", 4) if !image.signed => Ok(vec![0, 0, 0, middle * 2 - 1]),
        _ => Err(MaskError::Form),
    }
}

/// Of signed samples: air where a CT says which value that is, else the smallest.
fn darkest(ds: &DataSet, image: &Image, smallest: i64, largest: i64) -> i64 {
    let is_ct = ds.find(None, MODALITY).and_then(|i| ds.text(i)).is_some_and(|m| m == "CT");
    let air = (AIR - image.intercept) / image.slope;
    if !is_ct || !air.is_finite() {
        return smallest;
    }
    #[allow(clippy::cast_possible_truncation, reason = "rounded, and kept within the samples' range")]
    let air = air.round().clamp(-2e9, 2e9) as i64;
    air.clamp(smallest, largest)
}

/// The stored value whose colour is the darkest.
fn darkest_entry(palettes: &[Palette; 3]) -> i64 {
    let [red, green, blue] = palettes;
    let entries = red.entries.iter().zip(&green.entries).zip(&blue.entries);
    let sums = entries.map(|((r, g), b)| u32::from(*r) + u32::from(*g) + u32::from(*b));
    let darkest = (0_i64..).zip(sums).min_by_key(|(_, sum)| *sum).map_or(0, |(i, _)| i);
    red.first + darkest
}
