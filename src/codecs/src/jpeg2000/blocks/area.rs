//! Areas of a tile-component at one of its resolutions, in coordinates of that resolution (T.800 annex B).

use core::ops::Range;

/// Coordinates along one side, the end excluded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    pub from: u32,
    pub to: u32,
}

/// An area; both spans have samples, or it is empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Area {
    pub x: Span,
    pub y: Span,
}

impl Span {
    pub fn new(from: u32, to: u32) -> Self {
        Self { from, to }
    }

    pub fn len(self) -> usize {
        self.to.saturating_sub(self.from) as usize
    }

    fn meet(self, other: Self) -> Self {
        Self { from: self.from.max(other.from), to: self.to.min(other.to) }
    }

    /// Cells of a grid of `1 << exponent` that hold a part of this; it is not empty.
    fn cells(self, exponent: u8) -> Range<u32> {
        self.from >> exponent..((self.to - 1) >> exponent) + 1
    }

    /// The cell of a grid of `1 << exponent`.
    fn cell(index: u32, exponent: u8) -> Self {
        let edge = |index: u64| u32::try_from(index << exponent).unwrap_or(u32::MAX);
        Self { from: edge(u64::from(index)), to: edge(u64::from(index) + 1) }
    }

    /// The even or odd coordinates, as those of a band.
    fn band(self, odd: bool) -> Self {
        if odd {
            Self { from: self.from / 2, to: self.to / 2 }
        } else {
            Self { from: self.from.div_ceil(2), to: self.to.div_ceil(2) }
        }
    }

    /// Coefficients of a band which change when the samples here do: a low one is made of two samples on both sides of
    /// its own, a high one of one (T.800 F.4.8).
    fn touched(self, odd: bool) -> Self {
        let (from, to) = (self.from.div_ceil(2).saturating_sub(1), self.to.div_ceil(2));
        Self { from, to: if odd { to } else { to.saturating_add(1) } }
    }

    fn grown(self, by: u32) -> Self {
        Self { from: self.from.saturating_sub(by), to: self.to.saturating_add(by) }
    }
}

impl Area {
    pub fn is_empty(self) -> bool {
        self.x.len() == 0 || self.y.len() == 0
    }

    /// Its rows, none where it is empty.
    pub fn rows(self) -> Range<u32> {
        if self.is_empty() { 0..0 } else { self.y.from..self.y.to }
    }

    pub fn meet(self, other: Self) -> Self {
        Self { x: self.x.meet(other.x), y: self.y.meet(other.y) }
    }

    /// The smallest area that holds both.
    pub fn hull(self, other: Self) -> Self {
        if self.is_empty() {
            return other;
        }
        if other.is_empty() {
            return self;
        }
        let hull = |a: Span, b: Span| Span { from: a.from.min(b.from), to: a.to.max(b.to) };
        Self { x: hull(self.x, other.x), y: hull(self.y, other.y) }
    }

    /// Columns and rows of the cells of a grid that hold a part of this; sides as exponents.
    pub fn cells(self, sides: [u8; 2]) -> (Range<u32>, Range<u32>) {
        if self.is_empty() { (0..0, 0..0) } else { (self.x.cells(sides[0]), self.y.cells(sides[1])) }
    }

    /// The cell of such a grid.
    pub fn cell(column: u32, row: u32, sides: [u8; 2]) -> Self {
        Self { x: Span::cell(column, sides[0]), y: Span::cell(row, sides[1]) }
    }

    /// Its part in a band of the next decomposition.
    pub fn band(self, odd: [bool; 2]) -> Self {
        Self { x: self.x.band(odd[0]), y: self.y.band(odd[1]) }
    }

    /// What changes in a band of the next decomposition when the samples here do.
    pub fn touched(self, odd: [bool; 2]) -> Self {
        Self { x: self.x.touched(odd[0]), y: self.y.touched(odd[1]) }
    }

    pub fn grown(self, by: u32) -> Self {
        Self { x: self.x.grown(by), y: self.y.grown(by) }
    }

    /// Where a sample stands when the area is held row by row.
    pub fn index(self, x: u32, y: u32) -> usize {
        (y - self.y.from) as usize * self.x.len() + (x - self.x.from) as usize
    }
}
