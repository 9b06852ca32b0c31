//! The reversible wavelet 5/3 on a part of a tile-component (T.800 F.3, F.4).
//!
//! A part is held with its bands interleaved. At its own ends it is mirrored as the whole is at its ends, so samples within
//! two of an end which is not that of the whole are wrong; whoever asks takes that much more.

use super::area::Area;

/// Samples of an area, row by row.
#[derive(Clone)]
pub struct Plane {
    pub area: Area,
    pub samples: Vec<i32>,
}

/// Where the coefficients of a band stand in a plane: it holds them alone, or at its even or odd coordinates.
#[derive(Clone, Copy)]
pub enum Place {
    Alone,
    Among([bool; 2]),
}

impl Plane {
    /// Zeros.
    pub fn new(area: Area) -> Self {
        Self { area, samples: vec![0; area.x.len() * area.y.len()] }
    }

    /// Row by row the part that lies in an area.
    pub fn rows(&self, area: Area) -> impl Iterator<Item = (u32, &[i32])> {
        let area = area.meet(self.area);
        area.rows().map(move |y| (y, &self.samples[self.area.index(area.x.from, y)..][..area.x.len()]))
    }

    /// A row of an area that lies in this one.
    pub fn row_mut(&mut self, area: Area, y: u32) -> &mut [i32] {
        let at = self.area.index(area.x.from, y);
        &mut self.samples[at..][..area.x.len()]
    }

    /// Coefficients of a band from one on, to the right.
    pub fn band_row(&self, place: Place, x: u32, y: u32) -> impl Iterator<Item = &i32> {
        let (start, step) = self.band_start(place, x, y);
        self.samples[start..].iter().step_by(step)
    }

    /// The same to write to.
    pub fn band_row_mut(&mut self, place: Place, x: u32, y: u32) -> impl Iterator<Item = &mut i32> {
        let (start, step) = self.band_start(place, x, y);
        self.samples[start..].iter_mut().step_by(step)
    }

    fn band_start(&self, place: Place, x: u32, y: u32) -> (usize, usize) {
        match place {
            Place::Alone => (self.area.index(x, y), 1),
            Place::Among([right, lower]) => (self.area.index(2 * x + u32::from(right), 2 * y + u32::from(lower)), 2),
        }
    }

    /// The part that lies in an area.
    pub fn cut(&self, area: Area) -> Self {
        Self { area, samples: self.rows(area).flat_map(|(_, row)| row).copied().collect() }
    }

    /// From coefficients to samples; `whole` is the tile-component at this resolution.
    pub fn inverse(&mut self, whole: Area) {
        let even = |centre: i32, a: i32, b: i32| centre.wrapping_sub(a.wrapping_add(b).wrapping_add(2) >> 2);
        let odd = |centre: i32, a: i32, b: i32| centre.wrapping_add(a.wrapping_add(b) >> 1);
        if whole.x.len() > 1 {
            self.along_rows(0, even);
            self.along_rows(1, odd);
        } else if whole.x.from & 1 == 1 {
            self.samples.iter_mut().for_each(|sample| *sample >>= 1);
        }
        if whole.y.len() > 1 {
            self.along_columns(0, even);
            self.along_columns(1, odd);
        } else if whole.y.from & 1 == 1 {
            self.samples.iter_mut().for_each(|sample| *sample >>= 1);
        }
    }

    /// From samples to coefficients.
    pub fn forward(&mut self, whole: Area) {
        let odd = |centre: i32, a: i32, b: i32| centre.wrapping_sub(a.wrapping_add(b) >> 1);
        let even = |centre: i32, a: i32, b: i32| centre.wrapping_add(a.wrapping_add(b).wrapping_add(2) >> 2);
        if whole.y.len() > 1 {
            self.along_columns(1, odd);
            self.along_columns(0, even);
        } else if whole.y.from & 1 == 1 {
            self.samples.iter_mut().for_each(|sample| *sample = sample.wrapping_shl(1));
        }
        if whole.x.len() > 1 {
            self.along_rows(1, odd);
            self.along_rows(0, even);
        } else if whole.x.from & 1 == 1 {
            self.samples.iter_mut().for_each(|sample| *sample = sample.wrapping_shl(1));
        }
    }

    /// A step on samples of one parity, with those beside them.
    fn along_rows(&mut self, parity: u32, step: impl Fn(i32, i32, i32) -> i32) {
        let wide = self.area.x.len();
        let first = usize::from(self.area.x.from & 1 != parity);
        for row in self.samples.chunks_exact_mut(wide.max(2)) {
            if first == 0 {
                row[0] = step(row[0], row[1], row[1]);
            }
            let mut at = if first == 0 { 2 } else { 1 };
            while let Some([before, sample, after]) = row.get_mut(at - 1..=at + 1) {
                *sample = step(*sample, *before, *after);
                at += 2;
            }
            if at < wide {
                row[at] = step(row[at], row[at - 1], row[at - 1]);
            }
        }
    }

    /// A step on rows of one parity, with those above and below.
    fn along_columns(&mut self, parity: u32, step: impl Fn(i32, i32, i32) -> i32) {
        let (wide, high) = (self.area.x.len(), self.area.y.len());
        let first = usize::from(self.area.y.from & 1 != parity);
        for at in (first..high).step_by(2) {
            let (above, rest) = self.samples.split_at_mut(at * wide);
            let (row, below) = rest.split_at_mut(wide);
            let above = above.len().checked_sub(wide).map(|start| &above[start..]);
            let below = below.get(..wide);
            let (Some(a), Some(b)) = (above.or(below), below.or(above)) else { continue };
            for (sample, (&a, &b)) in row.iter_mut().zip(a.iter().zip(b)) {
                *sample = step(*sample, a, b);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::area::Span;
    use super::*;

    fn plane(x: Span, y: Span) -> Plane {
        let mut plane = Plane::new(Area { x, y });
        for (at, sample) in (0_u32..).zip(&mut plane.samples) {
            *sample = (at.wrapping_mul(0x9E37_79B9) >> 20).cast_signed() - 2048;
        }
        plane
    }

    #[test]
    fn samples_come_back() {
        for x in [(0, 1), (1, 2), (0, 2), (1, 3), (3, 20), (4, 21)] {
            for y in [(0, 1), (5, 6), (2, 9), (1, 8)] {
                let before = plane(Span::new(x.0, x.1), Span::new(y.0, y.1));
                let mut plane = before.clone();
                plane.forward(before.area);
                plane.inverse(before.area);
                assert_eq!(plane.samples, before.samples, "{x:?} {y:?}");
            }
        }
    }

    /// Away from its ends a part is what the whole is there.
    #[test]
    fn parts_are_those_of_the_whole() {
        let samples = plane(Span::new(3, 50), Span::new(6, 45));
        let mut whole = samples.clone();
        whole.forward(samples.area);
        for part in [((3, 20), (6, 45)), ((11, 30), (13, 22)), ((30, 50), (40, 45))] {
            let part = Area { x: Span::new(part.0.0, part.0.1), y: Span::new(part.1.0, part.1.1) };
            let inner = |span: Span, whole: Span| {
                let from = span.from + if span.from == whole.from { 0 } else { 2 };
                Span::new(from, span.to - if span.to == whole.to { 0 } else { 2 })
            };
            let inner = Area { x: inner(part.x, samples.area.x), y: inner(part.y, samples.area.y) };
            let mut coefficients = samples.cut(part);
            coefficients.forward(samples.area);
            assert_eq!(coefficients.cut(inner).samples, whole.cut(inner).samples);
            let mut back = whole.cut(part);
            back.inverse(samples.area);
            assert_eq!(back.cut(inner).samples, samples.cut(inner).samples);
        }
    }
}
