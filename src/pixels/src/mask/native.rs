//! Native Pixel Data: bytes of masked samples are written anew, all others stay where they are.

use super::layout::{Layout, Span};
use super::spans::{Window, batches, windows};
use super::unused::Unused;
use super::{Asked, MaskError, MaskLimits, Masked, Store};
use tokumei_dicom::codestream::OffsetTable;
use tokumei_dicom::{ErrorKind, Piece, Read};

/// Frames whose windows are read together, where they are small.
const FRAMES: usize = 32;

pub(super) fn mask(asked: &Asked<'_>, limits: &MaskLimits, store: &mut Store<'_>) -> Result<Masked, MaskError> {
    let layout = Layout::new(asked)?;
    let frames = asked.frames();
    let mut value = Value::new(asked, &layout)?;
    if asked.request.clear && asked.image.stored < asked.image.geometry.allocated {
        let unused = Unused::new(asked.ds, asked.image, layout.big_endian).ok_or(MaskError::Form)?;
        let changed = value.clear(&unused, &layout, limits, store)?;
        return Ok(masked(value, &layout, changed));
    }
    if frames.is_empty() && !asked.request.clear {
        return Err(MaskError::Outside);
    }
    // Frames that do not end with a byte share one with the next: their spans are looked at together.
    let together = if layout.ends_with_bytes() { FRAMES } else { frames.len().max(1) };
    for some in frames.chunks(together) {
        let spans: Vec<Span> = some.iter().flat_map(|&frame| layout.spans(frame, &asked.rects(frame))).collect();
        for windows in batches(&windows(&spans, &layout)) {
            value.write(windows, &layout, store)?;
        }
    }
    Ok(masked(value, &layout, frames.len() as u64))
}

fn masked(value: Value<'_>, layout: &Layout, frames: u64) -> Masked {
    let asked = value.asked;
    let areas = asked.request.masks.iter().map(|mask| asked.within(mask.rect).map(|rect| layout.grown(rect))).collect();
    let offset_table = OffsetTable::Remove;
    Masked {
        value: value.end(),
        offset_table,
        frames,
        areas,
        photometric: None,
        transfer_syntax: None,
        cleared: asked.request.clear,
    }
}

/// The value as it is written.
struct Value<'a> {
    asked: &'a Asked<'a>,
    /// Offset of the value in the data set's coordinates.
    origin: u64,
    /// Bytes of the value that leave.
    length: u64,
    /// Bytes of it that are written.
    at: u64,
    pieces: Vec<Piece>,
}

impl<'a> Value<'a> {
    fn new(asked: &'a Asked<'a>, layout: &Layout) -> Result<Self, MaskError> {
        let node = asked.ds.node(asked.index).ok_or(MaskError::NoImage)?;
        // Of bytes that change places in pairs the last one is no padding.
        let length = if layout.swapped { layout.length.next_multiple_of(2) } else { layout.length };
        if node.len < length {
            return Err(MaskError::NoImage);
        }
        Ok(Self { asked, origin: node.value, length, at: 0, pieces: Vec::new() })
    }

    /// Windows that are read together.
    fn write(&mut self, windows: &[Window<'_>], layout: &Layout, store: &mut Store<'_>) -> Result<(), MaskError> {
        let mut written = Vec::with_capacity(windows.len());
        for window in windows {
            let len = window.end.min(self.length).checked_sub(window.start).and_then(|n| usize::try_from(n).ok());
            written.push(vec![0; len.ok_or(MaskError::Form)?]);
        }
        let read = windows.iter().zip(&mut written).filter(|(window, _)| !window.is_covered(layout));
        let mut reads: Vec<Read<'_>> =
            read.map(|(window, bytes)| Read { offset: self.origin + window.start, bytes }).collect();
        self.asked.ds.read_all(self.asked.source, &mut reads)?;
        for (window, mut bytes) in windows.iter().zip(written) {
            window.paint(layout, &mut bytes);
            self.keep_to(window.start);
            self.at = window.start + bytes.len() as u64;
            self.pieces.push(store(bytes));
        }
        Ok(())
    }

    /// Writes the frames anew of which something changes. The number of them.
    fn clear(
        &mut self,
        unused: &Unused,
        layout: &Layout,
        limits: &MaskLimits,
        store: &mut Store<'_>,
    ) -> Result<u64, MaskError> {
        let frame_bytes = layout.frame_bytes();
        if frame_bytes > limits.frame_bytes {
            return Err(MaskError::Read(ErrorKind::TooLarge));
        }
        if !layout.ends_with_bytes() {
            return Err(MaskError::Form);
        }
        let mut changed = 0;
        for frame in 0..self.asked.image.geometry.frames {
            let spans = layout.spans(frame, &self.asked.rects(frame));
            let start = frame * frame_bytes;
            let mut bytes = vec![0; usize::try_from(frame_bytes).map_err(|_| MaskError::Form)?];
            self.asked.ds.read_at(self.asked.source, self.origin + start, &mut bytes)?;
            Window::around(start, start + frame_bytes, &spans).paint(layout, &mut bytes);
            if unused.clear(&mut bytes) || !spans.is_empty() {
                changed += 1;
                self.keep_to(start);
                self.at = start + frame_bytes;
                self.pieces.push(store(bytes));
            }
        }
        Ok(changed)
    }

    fn keep_to(&mut self, to: u64) {
        if to > self.at {
            self.pieces.push(Piece::Range { offset: self.origin + self.at, len: to - self.at });
            self.at = to;
        }
    }

    fn end(mut self) -> Vec<Piece> {
        self.keep_to(self.length);
        self.pieces
    }
}
