//! Encapsulated Pixel Data: text that hides in passed code streams, found and cut (PS3.5 A.4).
//!
//! Each frame's stream is walked in bounded windows by its own format's rules; bytes that no decoder needs go, the rest
//! stays by reference. A stream that its walker does not understand is an error, never passed.
//! Video is not handled here.

mod boxes;
pub mod cells;
mod fragments;
mod huffman;
mod j2k;
mod j2k_lengths;
mod jp2;
mod jpeg;
mod jpeg_tables;
mod jpegls;
mod jxl;
mod jxl_header;
mod layout;
mod markers;
pub mod native;
mod plain;
mod rle;
mod stream;
#[cfg(test)]
mod tests;

use crate::data_set::Fragment;
use crate::node::NodeKind;
use crate::{DataSet, Error, ErrorKind, Limits, Piece, Result, Source, Tag};
use cells::Plane;
use fragments::{Extended, Fragments, Frame};
use layout::Out;
use markers::{Clean, Depth};
use native::Geometry;
use stream::{Kept, Part, Stream};

const EXTENDED_OFFSET_TABLE: Tag = Tag(0x7FE0, 0x0001);
const EXTENDED_OFFSET_TABLE_LENGTHS: Tag = Tag(0x7FE0, 0x0002);
/// What the transfer syntaxes of JPEG XL begin with.
const JPEG_XL: &str = "1.2.840.10008.1.2.4.11";

/// Encapsulated Pixel Data after cutting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cleaned {
    /// The whole new value: items and delimiter. `None`: the bytes stay as they are.
    pub value: Option<Vec<Piece>>,
    /// What becomes of (7FE0,0001) and (7FE0,0002).
    pub offset_table: OffsetTable,
    /// Frames of which something was cut.
    pub cuts: u32,
    /// A frame's samples may hold more than Bits Stored, or bytes may follow its stream: only a decoder tells.
    pub unknown: bool,
}

/// What becomes of the Extended Offset Table (PS3.3 C.7.6.3.1.8).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OffsetTable {
    /// It is absent, or right as it is.
    Keep,
    /// New values, little endian, also where there was none: frames lie too far for the Basic Offset Table.
    Replace {
        /// Extended Offset Table (7FE0,0001).
        offsets: Vec<u8>,
        /// Extended Offset Table Lengths (7FE0,0002).
        lengths: Vec<u8>,
    },
    /// It does not say what the fragments are: both elements go.
    Remove,
}

/// How the frames of a transfer syntax are coded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Coding {
    /// Encapsulated Uncompressed Explicit VR Little Endian.
    Uncompressed,
    Rle,
    Deflated,
    /// A code stream that tells by its first bytes what it is. `recompressed`: JPEG XL JPEG Recompression.
    Stream {
        recompressed: bool,
    },
}

impl Coding {
    fn of(transfer_syntax: &str) -> Option<Self> {
        let stream = Self::Stream { recompressed: false };
        match transfer_syntax.strip_prefix("1.2.840.10008.1.2.")? {
            "1.98" => Some(Self::Uncompressed),
            "5" => Some(Self::Rle),
            "8.1" => Some(Self::Deflated),
            "4.111" => Some(Self::Stream { recompressed: true }),
            "4.50" | "4.51" | "4.53" | "4.55" | "4.57" | "4.70" | "4.80" | "4.81" | "4.90" | "4.91" | "4.110"
            | "4.112" | "4.201" | "4.202" | "4.203" => Some(stream),
            _ => None,
        }
    }
}

/// Finds and cuts what hides in the fragments of `pixel_node`. Ranges of the pieces count in the file.
pub fn clean_fragments(
    ds: &DataSet,
    source: &dyn Source,
    pixel_node: u32,
    transfer_syntax: &str,
    limits: &Limits,
) -> Result<Cleaned> {
    let place = |e: Error| Error { path: Some(ds.path(pixel_node)), ..e };
    let opened = Opened::new(ds, source, pixel_node, transfer_syntax, limits).map_err(place)?;
    opened.clean().map_err(place)
}

/// As [`clean_fragments`], but each frame is offered, cleaned and without padding, by its number from 0: what `replace`
/// gives stands in its place, what it leaves stays. The Basic Offset Table is written anew, or an Extended one where 32 bits
/// do not hold every offset.
///
/// A recompressed JPEG comes as it is, since only a decoder can cut it: it is an error to leave it.
pub fn replace_frames<E: From<Error>>(
    ds: &DataSet,
    source: &dyn Source,
    pixel_node: u32,
    transfer_syntax: &str,
    limits: &Limits,
    replace: impl FnMut(u64, &[Piece]) -> core::result::Result<Option<Vec<Piece>>, E>,
) -> core::result::Result<Cleaned, E> {
    let opened = Opened::new(ds, source, pixel_node, transfer_syntax, limits)?;
    opened.rewrite(replace)
}

/// One frame, counted from 0, to be drawn: without padding, and as [`clean_fragments`] leaves it but for a recompressed
/// JPEG, which comes as it is.
pub fn clean_frame(
    ds: &DataSet,
    source: &dyn Source,
    pixel_node: u32,
    transfer_syntax: &str,
    limits: &Limits,
    number: u32,
) -> Result<Vec<Piece>> {
    let place = |e: Error| Error { path: Some(ds.path(pixel_node)), ..e };
    let opened = Opened::new(ds, source, pixel_node, transfer_syntax, limits).map_err(place)?;
    let frame = opened.frames.get(number as usize).copied();
    let frame = frame.ok_or_else(|| ds.error(ErrorKind::PixelMismatch, pixel_node))?;
    let (stream, kept, _) = opened.walk(frame).map_err(place)?;
    Ok(pieces(&stream, kept))
}

/// Encapsulated Pixel Data whose frames are known.
struct Opened<'a> {
    coding: Coding,
    geometry: Geometry,
    /// Bits Stored.
    stored: u64,
    /// What the segments of RLE hold: the bytes of a pixel.
    planes: Vec<Plane>,
    fragments: Fragments<'a>,
    frames: Vec<Frame>,
    extended: Found,
    /// The Basic Offset Table is not empty.
    has_table: bool,
    /// Basic Offset Table and sequence delimiter are as they must be.
    well_formed: bool,
    /// The largest offset that a Basic Offset Table may hold.
    farthest: u32,
}

impl<'a> Opened<'a> {
    fn new(
        ds: &'a DataSet,
        source: &'a dyn Source,
        pixel_node: u32,
        transfer_syntax: &str,
        limits: &Limits,
    ) -> Result<Self> {
        let mismatch = || ds.error(ErrorKind::PixelMismatch, pixel_node);
        let coding =
            Coding::of(transfer_syntax).ok_or_else(|| ds.error(ErrorKind::TransferSyntaxUnsupported, pixel_node))?;
        let node = ds.node(pixel_node).filter(|n| n.kind == NodeKind::Fragments).ok_or_else(mismatch)?;
        let geometry = Geometry::read(ds, node.parent).ok_or_else(mismatch)?;
        if geometry.frames > u64::from(limits.frames) {
            return Err(ds.error(ErrorKind::TooLarge, pixel_node));
        }
        let (basic, list) = ds.fragments(pixel_node).split_first().ok_or_else(mismatch)?;
        if ds.form().deflated || !is_legal(node, *basic, list) {
            return Err(mismatch());
        }
        let delimiter = delimiter_is_plain(source, node.end)?;
        let n = usize::try_from(geometry.frames).map_err(|_| mismatch())?;
        // A frame needs a fragment; before this is known, nothing is read that the number of frames sizes.
        if list.len() < n {
            return Err(mismatch());
        }
        let extended = extended(ds, source, node.parent, n)?;
        let table = basic_table(source, *basic, n)?;
        let fragments = Fragments { list, source };
        let frames = fragments.frames(n, extended.value(), table.as_deref().unwrap_or(&[]))?.ok_or_else(mismatch)?;
        if transfer_syntax.starts_with(JPEG_XL) && fragments.holds_second_jxl(&frames)? {
            return Err(mismatch());
        }
        let table_is_right = basic.len == 0
            || table.is_some_and(|t| t.iter().zip(&frames).all(|(o, f)| u64::from(*o) == fragments.head(f.first)));
        let well_formed = table_is_right && delimiter;
        let stored = native::number(ds, node.parent, native::BITS_STORED).unwrap_or(geometry.allocated);
        let planes = match coding {
            Coding::Rle => cells::planes(ds, &geometry, stored).ok_or_else(mismatch)?,
            _ => Vec::new(),
        };
        Ok(Self {
            coding,
            geometry,
            stored,
            planes,
            fragments,
            frames,
            extended,
            has_table: basic.len > 0,
            well_formed,
            farthest: u32::MAX,
        })
    }

    fn clean(self) -> Result<Cleaned> {
        self.rewrite(|_, _| Ok(None))
    }

    fn rewrite<E: From<Error>>(
        self,
        mut replace: impl FnMut(u64, &[Piece]) -> core::result::Result<Option<Vec<Piece>>, E>,
    ) -> core::result::Result<Cleaned, E> {
        let mut replaced = false;
        let mut out = Vec::with_capacity(self.frames.len());
        let mut lengths = Vec::with_capacity(self.frames.len());
        let mut cuts = 0;
        let mut unknown = false;
        for (number, frame) in (0..).zip(&self.frames) {
            let (mut stream, kept, depth) = self.walk(*frame)?;
            unknown |= depth.exceeds(self.stored);
            let whole = kept.is_whole(&mut stream)?;
            let sealed = kept.sealed;
            let cleaned = pieces(&stream, kept);
            let new = replace(number, &cleaned)?;
            if sealed && new.is_none() {
                return Err(Error { kind: ErrorKind::TransferSyntaxUnsupported, ..stream.mismatch(0) }.into());
            }
            replaced |= new.is_some();
            let changed = !whole || new.is_some();
            cuts += u32::from(changed);
            let pieces = new.unwrap_or(cleaned);
            lengths.push(pieces.iter().map(Piece::len).sum::<u64>());
            out.push(Out { frame: *frame, cut: changed.then_some(pieces) });
        }
        let extended_is_right = self.extended.value().is_some_and(|e| self.fragments.agrees(&self.frames, e));
        if cuts == 0 && self.well_formed {
            let keep = extended_is_right || self.extended == Found::Nothing;
            let offset_table = if keep { OffsetTable::Keep } else { OffsetTable::Remove };
            return Ok(Cleaned { value: None, offset_table, cuts, unknown });
        }
        // Beside an Extended Offset Table the basic one is empty (PS3.5 A.4).
        let with_table = !extended_is_right && (self.has_table || replaced);
        let mut layout = layout::write(&self.fragments, &out, with_table.then_some(self.farthest))?;
        let is_far = with_table && !layout.has_table;
        if is_far {
            // An Extended Offset Table speaks of frames in one fragment each (PS3.3 C.7.6.3.1.8).
            for frame in &mut out {
                frame.join(&self.fragments);
            }
            layout = layout::write(&self.fragments, &out, None)?;
        }
        let offset_table = match self.extended {
            Found::Nothing if !is_far => OffsetTable::Keep,
            _ if is_far || extended_is_right => OffsetTable::Replace {
                offsets: layout.offsets.iter().flat_map(|o| o.to_le_bytes()).collect(),
                lengths: lengths.iter().flat_map(|l| l.to_le_bytes()).collect(),
            },
            _ => OffsetTable::Remove,
        };
        Ok(Cleaned { value: Some(layout.value), offset_table, cuts, unknown })
    }

    /// A frame's stream and what stays of it.
    fn walk(&self, frame: Frame) -> Result<(Stream<'a>, Kept, Depth)> {
        let mut stream = Stream::new(self.fragments.source, self.fragments.spans(frame));
        let clean = walk(&mut stream, self.coding, &self.geometry, &self.planes)?;
        if clean.shape.is_some_and(|shape| !shape.fits(&self.geometry)) {
            return Err(stream.mismatch(0));
        }
        Ok((stream, clean.kept, clean.depth))
    }
}

/// True when items follow each other without a gap up to a sequence delimiter, all of even length.
fn is_legal(node: &crate::Node, basic: Fragment, list: &[Fragment]) -> bool {
    let mut at = node.value;
    for f in core::iter::once(&basic).chain(list) {
        if f.offset != at + fragments::ITEM_HEADER || f.len % 2 == 1 {
            return false;
        }
        at = f.offset.saturating_add(f.len);
    }
    at == node.value + node.len && node.undefined_length && node.end == at + fragments::ITEM_HEADER
}

/// True when the length of the sequence delimiter is 0, as it must be.
fn delimiter_is_plain(source: &dyn Source, end: u64) -> Result<bool> {
    let mut len = [0; 4];
    source.read_at(end.saturating_sub(4), &mut len)?;
    Ok(len == [0; 4])
}

/// The Basic Offset Table if it has one offset for each frame.
fn basic_table(source: &dyn Source, basic: Fragment, n: usize) -> Result<Option<Vec<u32>>> {
    if basic.len != 4 * n as u64 {
        return Ok(None);
    }
    let mut bytes = vec![0; 4 * n];
    source.read_at(basic.offset, &mut bytes)?;
    Ok(Some(bytes.chunks_exact(4).filter_map(|b| b.try_into().ok()).map(u32::from_le_bytes).collect()))
}

/// The Extended Offset Table as found.
#[derive(PartialEq, Eq)]
enum Found {
    Nothing,
    /// One of its elements is missing, or does not have one number for each frame.
    Broken,
    Table(Extended),
}

impl Found {
    fn value(&self) -> Option<&Extended> {
        match self {
            Self::Table(e) => Some(e),
            Self::Nothing | Self::Broken => None,
        }
    }
}

fn extended(ds: &DataSet, source: &dyn Source, parent: Option<u32>, n: usize) -> Result<Found> {
    let read = |tag| -> Result<Option<Option<Vec<u64>>>> {
        let Some(index) = ds.find(parent, tag) else { return Ok(None) };
        let len = 8 * n as u64;
        let bytes = native::small_value(ds, source, index, len)?.filter(|b| b.len() as u64 == len);
        Ok(Some(bytes.map(|b| b.chunks_exact(8).filter_map(|c| c.try_into().ok()).map(u64::from_le_bytes).collect())))
    };
    Ok(match (read(EXTENDED_OFFSET_TABLE)?, read(EXTENDED_OFFSET_TABLE_LENGTHS)?) {
        (None, None) => Found::Nothing,
        (Some(Some(offsets)), Some(Some(lengths))) => Found::Table(Extended { offsets, lengths }),
        _ => Found::Broken,
    })
}

/// Walks a frame by the rules of its format.
fn walk(s: &mut Stream<'_>, coding: Coding, geometry: &Geometry, planes: &[Plane]) -> Result<Clean> {
    let cells = |clean| Clean { depth: Depth::Bits(u8::try_from(geometry.allocated).unwrap_or(u8::MAX)), ..clean };
    let frame_bytes = |s: &Stream<'_>| geometry.frame_bytes().filter(|n| *n > 0).ok_or_else(|| s.mismatch(0));
    let recompressed = match coding {
        Coding::Uncompressed => return Ok(cells(plain::uncompressed(s, frame_bytes(s)?)?)),
        Coding::Deflated => return Ok(cells(plain::deflated(s, frame_bytes(s)?)?)),
        Coding::Rle => {
            let bits = geometry.allocated.min(8).saturating_mul(geometry.rows).saturating_mul(geometry.columns);
            return rle::clean(s, &rle::Expected { planes: planes.to_vec(), bytes: bits.div_ceil(8) });
        }
        Coding::Stream { recompressed } => recompressed,
    };
    let len = s.len();
    let head = s.bytes(0, u16::try_from(len.min(12)).unwrap_or(12))?.to_vec();
    if head.starts_with(&[0xFF, 0xD8]) {
        if markers::frame_header(s)? == markers::SOF55 { jpegls::clean(s) } else { jpeg::clean(s) }
    } else if head.starts_with(&[0xFF, 0x4F]) {
        j2k::clean(s, 0, len)
    } else if head == jp2::SIGNATURE {
        jp2::clean(s)
    } else if head.starts_with(&jxl::NAKED) || head == jxl::SIGNATURE {
        jxl::clean(s, recompressed)
    } else {
        Err(s.mismatch(0))
    }
}

/// Kept parts as pieces of the source.
fn pieces(stream: &Stream<'_>, kept: Kept) -> Vec<Piece> {
    let mut out = Vec::new();
    for part in kept.parts {
        match part {
            Part::New(bytes) => out.push(Piece::Bytes(bytes)),
            Part::Keep { start, end } => {
                out.extend(
                    stream.ranges(start, end).into_iter().map(|s| Piece::Range { offset: s.offset, len: s.len }),
                );
            }
        }
    }
    out
}
