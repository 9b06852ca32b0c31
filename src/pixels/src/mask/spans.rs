//! Windows of the value that hold spans, and spans painted into them.

use super::layout::{Layout, Span};

/// Bytes between spans that are copied rather than left by reference: few pieces, little copying.
const GAP: u64 = 16 << 10;
/// Bytes of a window.
const WINDOW: u64 = 1 << 20;

/// Bytes of the value that are written anew, and the spans in them.
pub(super) struct Window<'s> {
    pub(super) start: u64,
    pub(super) end: u64,
    spans: &'s [Span],
}

/// The windows of spans in order.
pub(super) fn windows<'s>(spans: &'s [Span], layout: &Layout) -> Vec<Window<'s>> {
    let mut out: Vec<Window<'s>> = Vec::new();
    let mut first = 0;
    for (i, span) in spans.iter().enumerate() {
        let (start, end) = byte_range(span, layout);
        match out.last_mut() {
            // What overlaps the window before must be painted there, however large it becomes.
            Some(last) if start < last.end || (start - last.end <= GAP && end.max(last.end) - last.start <= WINDOW) => {
                last.end = last.end.max(end);
                last.spans = spans.get(first..=i).unwrap_or_default();
            }
            _ => {
                first = i;
                out.push(Window { start, end, spans: spans.get(i..=i).unwrap_or_default() });
            }
        }
    }
    out
}

/// Windows in order that together have the bytes of one.
pub(super) fn batches<'w, 's>(windows: &'w [Window<'s>]) -> impl Iterator<Item = &'w [Window<'s>]> {
    let mut bytes = 0;
    windows.chunk_by(move |one, next| {
        bytes += one.end - one.start;
        let fits = bytes + (next.end - next.start) <= WINDOW;
        if !fits {
            bytes = 0;
        }
        fits
    })
}

/// Whole bytes around a span; of swapped pairs both.
fn byte_range(span: &Span, layout: &Layout) -> (u64, u64) {
    let (start, end) = (span.start / 8, span.end.div_ceil(8));
    if layout.swapped { (start & !1, end.next_multiple_of(2)) } else { (start, end) }
}

impl<'s> Window<'s> {
    /// A window around spans that lie in it.
    pub(super) const fn around(start: u64, end: u64, spans: &'s [Span]) -> Self {
        Self { start, end, spans }
    }

    /// True when no byte of it stays as it is.
    pub(super) fn is_covered(&self, layout: &Layout) -> bool {
        if layout.is_bits() || layout.swapped {
            return false;
        }
        let mut at = self.start * 8;
        for span in self.spans {
            if span.start > at {
                return false;
            }
            at = at.max(span.end);
        }
        at >= self.end * 8
    }

    /// Paints its spans black.
    pub(super) fn paint(&self, layout: &Layout, bytes: &mut [u8]) {
        for span in self.spans {
            if layout.is_bits() {
                self.paint_bits(span, layout, bytes);
            } else if layout.swapped {
                self.paint_swapped(span, layout, bytes);
            } else {
                self.paint_bytes(span, layout, bytes);
            }
        }
    }

    fn paint_bytes(&self, span: &Span, layout: &Layout, bytes: &mut [u8]) {
        let at = |bit: u64| usize::try_from(bit / 8 - self.start).unwrap_or(usize::MAX);
        let Some(cells) = bytes.get_mut(at(span.start)..at(span.end)) else { return };
        let pattern = layout.pattern(span.plane);
        match pattern.first() {
            Some(&one) if pattern.iter().all(|b| *b == one) => cells.fill(one),
            Some(_) => cells.chunks_exact_mut(pattern.len()).for_each(|cell| cell.copy_from_slice(pattern)),
            None => {}
        }
    }

    fn paint_swapped(&self, span: &Span, layout: &Layout, bytes: &mut [u8]) {
        let pattern = layout.pattern(span.plane).iter().cycle();
        for (at, &value) in (span.start / 8..span.end / 8).zip(pattern) {
            let place = usize::try_from((at ^ 1) - self.start).ok().and_then(|i| bytes.get_mut(i));
            if let Some(byte) = place {
                *byte = value;
            }
        }
    }

    /// The first pixel of a byte is its lowest bit (PS3.5 8.1.1).
    fn paint_bits(&self, span: &Span, layout: &Layout, bytes: &mut [u8]) {
        let set = layout.pattern(span.plane).first().is_some_and(|b| b & 1 == 1);
        for bit in span.start..span.end {
            let at = if layout.swapped { (bit / 8) ^ 1 } else { bit / 8 };
            let place = usize::try_from(at - self.start).ok().and_then(|i| bytes.get_mut(i));
            if let Some(byte) = place {
                let mask = 1_u8 << (bit % 8);
                *byte = if set { *byte | mask } else { *byte & !mask };
            }
        }
    }
}
