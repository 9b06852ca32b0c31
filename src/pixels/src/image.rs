//! The attributes that say how samples become a picture (PS3.3 C.7.6.3, C.11.1, C.11.2).

use crate::palette::{Palette, palettes};
use tokumei_dicom::codestream::native::{Geometry, number};
use tokumei_dicom::{DataSet, Source, Tag};

const PLANAR_CONFIGURATION: Tag = Tag(0x0028, 0x0006);
const BITS_STORED: Tag = Tag(0x0028, 0x0101);
const HIGH_BIT: Tag = Tag(0x0028, 0x0102);
const PIXEL_REPRESENTATION: Tag = Tag(0x0028, 0x0103);
const PIXEL_PADDING_VALUE: Tag = Tag(0x0028, 0x0120);
const WINDOW_CENTER: Tag = Tag(0x0028, 0x1050);
const WINDOW_WIDTH: Tag = Tag(0x0028, 0x1051);
const RESCALE_INTERCEPT: Tag = Tag(0x0028, 0x1052);
const RESCALE_SLOPE: Tag = Tag(0x0028, 0x1053);
const SHARED_FUNCTIONAL_GROUPS: Tag = Tag(0x5200, 0x9229);
const PER_FRAME_FUNCTIONAL_GROUPS: Tag = Tag(0x5200, 0x9230);
const FRAME_VOI_LUT: Tag = Tag(0x0028, 0x9132);
const PIXEL_VALUE_TRANSFORMATION: Tag = Tag(0x0028, 0x9145);

/// Float and Double Float Pixel Data, and bits of their samples (PS3.3 C.7.6.24, C.7.6.25).
const FLOATS: [(Tag, u64); 2] = [(Tag(0x7FE0, 0x0008), 32), (Tag(0x7FE0, 0x0009), 64)];

/// A window (PS3.3 C.11.2.1.2).
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Window {
    pub(crate) center: f64,
    pub(crate) width: f64,
}

/// What is known of the picture.
pub(crate) struct Image {
    pub(crate) geometry: Geometry,
    pub(crate) stored: u64,
    pub(crate) high_bit: u64,
    pub(crate) signed: bool,
    pub(crate) planar: bool,
    pub(crate) padding: Option<u64>,
    pub(crate) slope: f64,
    pub(crate) intercept: f64,
    pub(crate) window: Option<Window>,
    pub(crate) palettes: Option<[Palette; 3]>,
}

impl Image {
    /// Reads it for a frame; `None` where a number that is needed is missing or impossible.
    pub(crate) fn read(ds: &DataSet, source: &dyn Source, frame: u32) -> Option<Self> {
        let geometry = Geometry::read(ds, None)?;
        let stored = number(ds, None, BITS_STORED).unwrap_or(geometry.allocated);
        let high_bit = number(ds, None, HIGH_BIT).unwrap_or(stored.saturating_sub(1));
        if stored == 0 || stored > 32 || high_bit >= geometry.allocated || high_bit + 1 < stored {
            return None;
        }
        let decimal = |group, tag| find(ds, frame, group, tag).and_then(|i| decimal(ds, i));
        let window = decimal(FRAME_VOI_LUT, WINDOW_CENTER).zip(decimal(FRAME_VOI_LUT, WINDOW_WIDTH));
        Some(Self {
            stored,
            high_bit,
            signed: number(ds, None, PIXEL_REPRESENTATION) == Some(1),
            planar: number(ds, None, PLANAR_CONFIGURATION) == Some(1),
            padding: number(ds, None, PIXEL_PADDING_VALUE),
            slope: decimal(PIXEL_VALUE_TRANSFORMATION, RESCALE_SLOPE).filter(|s| *s != 0.0).unwrap_or(1.0),
            intercept: decimal(PIXEL_VALUE_TRANSFORMATION, RESCALE_INTERCEPT).unwrap_or(0.0),
            window: window.filter(|w| w.1 >= 1.0).map(|(center, width)| Window { center, width }),
            palettes: palettes(ds, source),
            geometry,
        })
    }
}

impl Image {
    /// Of samples that are floating-point numbers, and where they stand.
    pub(crate) fn floats(ds: &DataSet) -> Option<(u32, Self)> {
        let (index, bits) = FLOATS.iter().find_map(|(tag, bits)| Some((ds.find(None, *tag)?, *bits)))?;
        let geometry = Geometry { allocated: bits, ..Geometry::read(ds, None)? };
        let image = Self {
            geometry,
            stored: bits,
            high_bit: bits.saturating_sub(1),
            signed: false,
            planar: false,
            padding: None,
            slope: 1.0,
            intercept: 0.0,
            window: None,
            palettes: None,
        };
        Some((index, image))
    }
}

/// An attribute at the top, or in a functional group of the frame or of all frames (PS3.3 C.7.6.16).
fn find(ds: &DataSet, frame: u32, group: Tag, tag: Tag) -> Option<u32> {
    if let Some(top) = ds.find(None, tag) {
        return Some(top);
    }
    let item = |sequence: Tag, parent: Option<u32>, n: u32| {
        let sequence = ds.find(parent, sequence)?;
        ds.children(Some(sequence)).nth(n as usize)
    };
    let groups = [(PER_FRAME_FUNCTIONAL_GROUPS, frame), (SHARED_FUNCTIONAL_GROUPS, 0)];
    groups.into_iter().find_map(|(sequence, n)| {
        let group = item(group, Some(item(sequence, None, n)?), 0)?;
        ds.find(Some(group), tag)
    })
}

/// The first number of a decimal string.
fn decimal(ds: &DataSet, index: u32) -> Option<f64> {
    let text = ds.text(index)?;
    text.split('\\').next()?.trim().parse::<f64>().ok().filter(|n| n.is_finite())
}
