//! What encoder and decoder of JPEG-LS know alike (T.87 annex A): thresholds, contexts, prediction.

use crate::{CodecError, Result};

/// Number of contexts of the regular mode: 365 of gradients with their sign taken off.
const CONTEXTS: usize = 365;

/// T.87 A.2.1: orders of the run codes.
const RUN_ORDERS: [u32; 32] =
    [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 9, 10, 11, 12, 13, 14, 15];

/// The order of a run code; a run index is never above 31.
#[inline]
pub fn run_order(index: usize) -> u32 {
    RUN_ORDERS.get(index).copied().unwrap_or(15)
}

/// Preset coding parameters (T.87 C.2.4.1.1); 0 stands for the default.
#[derive(Clone, Copy, Default)]
pub struct Presets {
    pub maxval: i32,
    pub t1: i32,
    pub t2: i32,
    pub t3: i32,
    pub reset: i32,
}

impl Presets {
    /// All values, the defaults where 0 stands (T.87 C.2.4.1.1.1). They may not contradict each other.
    pub fn resolve(self, precision: u8, near: i32) -> Result<Self> {
        let top = (1i32 << precision.min(16)) - 1;
        let maxval = if self.maxval == 0 { top } else { self.maxval };
        if maxval > top || near < 0 || near > (maxval / 2).min(255) {
            return Err(CodecError::Damaged);
        }
        let or = |value: i32, default: i32| if value == 0 { default } else { value };
        let base = default_thresholds(maxval, near);
        let t1 = or(self.t1, base[0]);
        let t2 = or(self.t2, base[1]);
        let t3 = or(self.t3, base[2]);
        let reset = or(self.reset, 64);
        if t1 <= near || t2 < t1 || t3 < t2 || t3 > maxval || !(3..=maxval.max(255)).contains(&reset) {
            return Err(CodecError::Damaged);
        }
        Ok(Self { maxval, t1, t2, t3, reset })
    }
}

fn default_thresholds(maxval: i32, near: i32) -> [i32; 3] {
    let clamp = |value: i32, least: i32| if value > maxval || value < least { least } else { value };
    let raw = if maxval >= 128 {
        let factor = (maxval.min(4095) + 128) / 256;
        [factor + 2 + 3 * near, factor * 4 + 3 + 5 * near, factor * 17 + 4 + 7 * near]
    } else {
        let factor = 256 / (maxval + 1);
        [(3 / factor + 3 * near).max(2), (7 / factor + 5 * near).max(3), (21 / factor + 7 * near).max(4)]
    };
    let t1 = clamp(raw[0], near + 1);
    let t2 = clamp(raw[1], t1);
    [t1, t2, clamp(raw[2], t2)]
}

/// The statistics of one context of the regular mode (T.87 A.6).
#[derive(Clone, Copy)]
pub struct Context {
    pub a: u32,
    pub b: i32,
    pub c: i32,
    pub n: u32,
}

/// The statistics of one of the two contexts of run interruption (T.87 A.7.2).
#[derive(Clone, Copy)]
pub struct RunContext {
    a: u32,
    n: u32,
    negative: u32,
}

/// A sum that no stream may drive out of its type.
const MOST_A: u32 = 1 << 30;

/// The least k with `n << k` not below `a` (T.87 A.5.1).
#[inline]
fn order(n: u32, a: u32) -> u32 {
    let k = n.leading_zeros().saturating_sub(a.leading_zeros());
    (k + u32::from(n << k < a)).min(24)
}

impl Context {
    #[inline]
    pub fn order(&self) -> u32 {
        order(self.n, self.a)
    }

    /// Whether the mapping of errors is turned round (T.87 A.5.2).
    #[inline]
    pub fn inverted(&self, k: u32, near: i32) -> bool {
        k == 0 && near == 0 && 2 * self.b <= -self.n.cast_signed()
    }

    /// T.87 A.6.
    #[inline]
    pub fn update(&mut self, error: i32, step: i32, reset: u32) {
        self.b += error * step;
        self.a = (self.a + error.unsigned_abs()).min(MOST_A);
        if self.n == reset {
            self.a >>= 1;
            self.b >>= 1;
            self.n >>= 1;
        }
        self.n += 1;
        // Without branches, which nothing could predict.
        let n = self.n.cast_signed();
        let change = i32::from(self.b > 0) - i32::from(self.b <= -n);
        self.b = (self.b - change * n).max(1 - n).min(0);
        self.c = (self.c + change).clamp(-128, 127);
    }
}

impl RunContext {
    #[inline]
    pub fn order(&self, kind: u32) -> u32 {
        order(self.n, self.a + if kind == 1 { self.n >> 1 } else { 0 })
    }

    /// The bit that tells the sign of an error (T.87 A.7.2.2).
    #[inline]
    pub fn map(&self, error: i32, k: u32) -> u32 {
        let mostly_negative = 2 * self.negative >= self.n;
        u32::from((error > 0 && k == 0 && !mostly_negative) || (error < 0 && (k != 0 || mostly_negative)))
    }

    /// The error that a mapped value stands for; `value` holds the kind already.
    #[inline]
    pub fn unmap(&self, value: u32, k: u32) -> i32 {
        let map = value & 1;
        let size = value.div_ceil(2).cast_signed();
        if (k != 0 || 2 * self.negative >= self.n) == (map == 1) { -size } else { size }
    }

    #[inline]
    pub fn update(&mut self, error: i32, mapped: u32, kind: u32, reset: u32) {
        if error < 0 {
            self.negative += 1;
        }
        self.a = (self.a + ((mapped + 1 - kind) >> 1)).min(MOST_A);
        if self.n == reset {
            self.a >>= 1;
            self.n >>= 1;
            self.negative >>= 1;
        }
        self.n += 1;
    }
}

/// Parameters of one scan (T.87 A.2.1).
#[derive(Clone, Copy)]
pub struct Parameters {
    pub near: i32,
    pub step: i32,
    pub maxval: i32,
    pub range: i32,
    pub qbpp: u32,
    pub limit: u32,
    pub reset: u32,
}

/// Parameters and statistics of one scan.
pub struct Model {
    pub parameters: Parameters,
    /// Classes of differences from -maxval to maxval (T.87 A.3.3).
    classes: Vec<i8>,
    contexts: [Context; CONTEXTS],
    runs: [RunContext; 2],
}

impl Parameters {
    /// The same, where a compiler is to know that nothing is lost.
    #[inline]
    pub fn with<const LOSSLESS: bool>(self) -> Self {
        if LOSSLESS { Self { near: 0, step: 1, ..self } } else { self }
    }

    /// The sample of a prediction and an error, modulo the range (T.87 A.4.5, A.5.3).
    #[inline]
    pub fn reconstruct(self, predicted: i32, error: i32) -> i32 {
        let mut value = predicted + error * self.step;
        if value < -self.near {
            value += self.range * self.step;
        } else if value > self.maxval + self.near {
            value -= self.range * self.step;
        }
        value.clamp(0, self.maxval)
    }

    /// An error modulo the range (T.87 A.4.5).
    #[inline]
    pub fn wrap(self, error: i32) -> i32 {
        let error = if error < 0 { error + self.range } else { error };
        if error >= (self.range + 1) / 2 { error - self.range } else { error }
    }
}

impl Model {
    /// The state at the start of a scan (T.87 A.2.1).
    pub fn new(presets: Presets, precision: u8, near: i32) -> Result<Self> {
        let Presets { maxval, t1, t2, t3, reset } = presets.resolve(precision, near)?;
        let step = 2 * near + 1;
        let range = (maxval + 2 * near) / step + 1;
        let bits = |states: i32| (states - 1).max(1).ilog2() + 1;
        let bpp = bits(maxval + 1).max(2);
        let class = |d: i32| -> i8 {
            let size = match d.abs() {
                size if size <= near => 0,
                size if size < t1 => 1,
                size if size < t2 => 2,
                size if size < t3 => 3,
                _ => 4,
            };
            if d < 0 { -size } else { size }
        };
        let a = ((range + 32) / 64).max(2).cast_unsigned();
        let (qbpp, limit, reset) = (bits(range), 2 * (bpp + bpp.max(8)), reset.cast_unsigned());
        Ok(Self {
            parameters: Parameters { near, step, maxval, range, qbpp, limit, reset },
            classes: (-maxval..=maxval).map(class).collect(),
            contexts: [Context { a, b: 0, c: 0, n: 1 }; CONTEXTS],
            runs: [RunContext { a, n: 1, negative: 0 }; 2],
        })
    }

    /// The class of a difference (T.87 A.3.3).
    #[inline]
    pub fn class(&self, difference: i32) -> i32 {
        let index = usize::try_from(difference + self.parameters.maxval).unwrap_or(0);
        self.classes.get(index).map_or(0, |&class| i32::from(class))
    }

    /// The number of the context of a sample, negative where its sign is turned; 0 stands for a run.
    #[inline]
    pub fn context(&self, near: Neighbours) -> i32 {
        81 * self.class(near.d - near.b) + 9 * self.class(near.b - near.c) + self.class(near.c - near.a)
    }

    /// The statistics of a context by its number.
    #[inline]
    pub fn statistics(&mut self, number: i32) -> &mut Context {
        let index = usize::try_from(number.unsigned_abs()).unwrap_or(0).min(CONTEXTS - 1);
        &mut self.contexts[index]
    }

    /// The statistics of run interruption, by kind.
    #[inline]
    pub fn interruption(&mut self, kind: u32) -> &mut RunContext {
        &mut self.runs[usize::from(kind == 1)]
    }
}

/// The four known samples round the one that is coded: left, above, above left, above right (T.87 figure 3).
#[derive(Clone, Copy)]
pub struct Neighbours {
    pub a: i32,
    pub b: i32,
    pub c: i32,
    pub d: i32,
}

impl Neighbours {
    /// The median edge detector (T.87 A.4.1).
    #[inline]
    pub fn predict(self) -> i32 {
        let Self { a, b, c, .. } = self;
        // The middle one of three.
        (a + b - c).max(a.min(b)).min(a.max(b))
    }
}
