//! Samples of coefficients, for display.

use super::idct::idct;
use super::planes::Plane;
use crate::jpeg::header::FrameHeader;
use crate::jpeg::stream::Stream;
use crate::{CodecError, Frame, Result};

/// A frame; YCbCr becomes RGB.
pub(crate) fn frame(stream: &Stream<'_>, planes: &[Plane], ycbcr: bool) -> Result<Frame> {
    let header = &stream.frame;
    let mut components = Vec::with_capacity(planes.len());
    for (i, plane) in planes.iter().enumerate() {
        components.push(Component::new(stream, i, plane)?);
    }
    let count = header.rows as usize * header.columns as usize * components.len();
    let mut samples = Vec::with_capacity(count);
    let (max, mid) = ((1 << header.precision) - 1, 1 << (header.precision - 1));
    let width = header.columns as usize;
    let mut lines = vec![vec![0_i32; width]; components.len()];
    for y in 0..header.rows as usize {
        components.iter().zip(&mut lines).for_each(|(c, line)| c.line(y, line));
        match lines.as_slice() {
            [grey] => samples.extend_from_slice(grey),
            [first, second, third] => {
                for ((a, b), c) in first.iter().zip(second).zip(third) {
                    samples.extend(if ycbcr {
                        rgb(*a, b - mid, c - mid).map(|s| s.clamp(0, max))
                    } else {
                        [*a, *b, *c]
                    });
                }
            }
            _ => return Err(CodecError::Unsupported),
        }
    }
    Ok(Frame {
        rows: header.rows,
        columns: header.columns,
        components: u8::try_from(components.len()).unwrap_or(0),
        bits: header.precision,
        signed: false,
        samples,
    })
}

/// JFIF's colours (ITU-R BT.601), in 16 bits of fraction.
fn rgb(y: i32, cb: i32, cr: i32) -> [i32; 3] {
    let scaled = |n: i32| (n + (1 << 15)) >> 16;
    [y + scaled(91_881 * cr), y + scaled(-22_554 * cb - 46_802 * cr), y + scaled(116_130 * cb)]
}

/// Samples of a component in its own size.
struct Component {
    samples: Vec<u16>,
    stride: usize,
    width: usize,
    height: usize,
    /// Pixels of the frame for a sample, as fractions: across `(2, 1)` where every second pixel has one.
    across: (usize, usize),
    down: (usize, usize),
}

impl Component {
    fn new(stream: &Stream<'_>, index: usize, plane: &Plane) -> Result<Self> {
        let header: &FrameHeader = &stream.frame;
        let component = header.components.get(index).ok_or(CodecError::Damaged)?;
        let table = stream.quantization.get(index).and_then(Option::as_deref).ok_or(CodecError::Damaged)?;
        let (max, mid) = (f32::from((1_u16 << header.precision) - 1), f32::from(1_u16 << (header.precision - 1)));
        let stride = 8 * plane.across;
        let mut samples = vec![0_u16; 64 * plane.blocks()];
        let rows = samples.chunks_exact_mut((8 * stride).max(1)).enumerate();
        for (y, strip) in rows {
            for x in 0..plane.across {
                let coefficients = plane.block(y * plane.across + x).ok_or(CodecError::Damaged)?;
                let block = idct(&coefficients, table);
                for (line, from) in strip.chunks_exact_mut(stride).zip(block.chunks_exact(8)) {
                    for (to, from) in line.iter_mut().skip(8 * x).zip(from) {
                        *to = rounded((from + mid).clamp(0.0, max));
                    }
                }
            }
        }
        let (h, v) = header.widest();
        let (width, height) = header.size(component);
        Ok(Self {
            samples,
            stride,
            width: width as usize,
            height: height as usize,
            across: (h as usize, component.h as usize),
            down: (v as usize, component.v as usize),
        })
    }

    /// One line of the frame. Where a sample stands for two pixels it is weighed three to one with its neighbour, as
    /// libjpeg does.
    fn line(&self, y: usize, out: &mut [i32]) {
        if self.across.0 == self.across.1 && self.down.0 == self.down.1 {
            let row = self.samples.get(y * self.stride..).unwrap_or_default();
            out.iter_mut().zip(row).for_each(|(to, from)| *to = i32::from(*from));
            return;
        }
        let (near, far) = neighbours(y, self.down, self.height);
        let row = |y: usize| self.samples.get(y * self.stride..y * self.stride + self.width).unwrap_or_default();
        let (near, far) = (row(near), row(far));
        let doubled = |(of, samples): (usize, usize)| of == 2 * samples;
        let [even, odd] = match (doubled(self.across), doubled(self.down)) {
            (true, false) => [4, 8],
            (true, true) => [8, 7],
            (false, true) if y.is_multiple_of(2) => [4, 4],
            (false, true) => [8, 8],
            (false, false) => [0, 0],
        };
        let weighed = |x: usize| {
            let at = |row: &[u16]| i32::from(row.get(x).copied().unwrap_or(0));
            3 * at(near) + at(far)
        };
        for (x, out) in out.iter_mut().enumerate() {
            let (left, right) = neighbours(x, self.across, self.width);
            *out = (3 * weighed(left) + weighed(right) + if x.is_multiple_of(2) { even } else { odd }) >> 4;
        }
    }
}

/// The sample of a pixel and the one beside it, twice the same where none is to be mixed in.
fn neighbours(pixel: usize, (of, samples): (usize, usize), count: usize) -> (usize, usize) {
    let last = count.saturating_sub(1);
    let near = (pixel * samples / of.max(1)).min(last);
    if of != 2 * samples {
        return (near, near);
    }
    let far = if pixel.is_multiple_of(2) { near.saturating_sub(1) } else { (near + 1).min(last) };
    (near, far)
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn rounded(sample: f32) -> u16 {
    (sample + 0.5) as u16
}
