//! The walk over the lines of one scan, the same for decoding and encoding (T.87 annex A.3 to A.7).

use super::bits::{BitReader, BitWriter};
use super::model::{Model, Neighbours, Parameters, run_order};
use crate::{CodecError, Result};

/// What differs between reading and writing. Whatever is given as the true sample counts for writing alone.
pub trait Side {
    /// The samples are there before they are coded.
    const KNOWN: bool;
    /// A mapped error (T.87 A.5.3): read, or written as given.
    fn error(&mut self, k: u32, limit: u32, qbpp: u32, mapped: impl FnOnce() -> u32) -> Result<u32>;
    /// The length of a run of at most `most` (T.87 A.7.1): read, or written as given.
    fn run(&mut self, index: &mut usize, most: usize, length: impl FnOnce() -> usize) -> Result<usize>;
}

/// Reads a scan.
pub struct Reading<'a>(pub BitReader<'a>);

impl Side for Reading<'_> {
    const KNOWN: bool = false;

    #[inline]
    fn error(&mut self, k: u32, limit: u32, qbpp: u32, _: impl FnOnce() -> u32) -> Result<u32> {
        let escape = limit.checked_sub(qbpp + 1).ok_or(CodecError::Damaged)?;
        if let Some(mapped) = self.0.short(escape, k) {
            return Ok(mapped);
        }
        let zeros = self.0.zeros(escape)?;
        if zeros == escape { Ok(self.0.bits(qbpp)? + 1) } else { Ok((zeros << k) | self.0.bits(k)?) }
    }

    fn run(&mut self, index: &mut usize, most: usize, _: impl FnOnce() -> usize) -> Result<usize> {
        let mut length = 0;
        while length < most {
            let order = run_order(*index);
            if self.0.bits(1)? == 0 {
                length += usize::try_from(self.0.bits(order)?).unwrap_or(usize::MAX);
                return if length < most { Ok(length) } else { Err(CodecError::Damaged) };
            }
            let whole = 1usize << order;
            if whole <= most - length && *index < 31 {
                *index += 1;
            }
            length += whole.min(most - length);
        }
        Ok(length)
    }
}

/// Writes a scan.
pub struct Writing(pub BitWriter);

impl Side for Writing {
    const KNOWN: bool = true;

    #[inline]
    fn error(&mut self, k: u32, limit: u32, qbpp: u32, mapped: impl FnOnce() -> u32) -> Result<u32> {
        let mapped = mapped();
        let escape = limit.checked_sub(qbpp + 1).ok_or(CodecError::Damaged)?;
        let zeros = mapped >> k;
        if zeros < escape.min(32 - k) {
            self.0.put((1 << k) | (mapped & ((1 << k) - 1)), zeros + 1 + k);
        } else if zeros < escape {
            self.0.unary(zeros);
            self.0.put(mapped & ((1 << k) - 1), k);
        } else {
            self.0.unary(escape);
            self.0.put(mapped.wrapping_sub(1) & ((1 << qbpp) - 1), qbpp);
        }
        Ok(mapped)
    }

    fn run(&mut self, index: &mut usize, most: usize, length: impl FnOnce() -> usize) -> Result<usize> {
        let length = length();
        let mut left = length;
        while left >= 1 << run_order(*index) {
            self.0.put(1, 1);
            left -= 1 << run_order(*index);
            *index = (*index + 1).min(31);
        }
        if length < most {
            self.0.put(u32::try_from(left).unwrap_or(0), run_order(*index) + 1);
        } else if left > 0 {
            self.0.put(1, 1);
        }
        Ok(length)
    }
}

/// The sample of the regular mode (T.87 A.4 to A.6).
#[inline]
fn regular<S: Side, const LOSSLESS: bool>(side: &mut S, model: &mut Model, at: Place, context: i32) -> Result<i32> {
    let parameters @ Parameters { near, step, maxval, range, qbpp, limit, reset } = model.parameters.with::<LOSSLESS>();
    let statistics = model.statistics(context);
    let sign = if context < 0 { -1 } else { 1 };
    let predicted = (at.near.predict() + sign * statistics.c).clamp(0, maxval);
    let k = statistics.order();
    let inverted = statistics.inverted(k, near);
    let mapped = side.error(k, limit, qbpp, || {
        let error = parameters.wrap(sign * (at.known - predicted));
        let flat = (error << 1) ^ (error >> 31);
        (if inverted { flat ^ 1 } else { flat }).cast_unsigned()
    })?;
    let flat = if inverted { mapped ^ 1 } else { mapped };
    let error = (flat >> 1).cast_signed() ^ -(flat & 1).cast_signed();
    if error.abs() > range {
        return Err(CodecError::Damaged);
    }
    statistics.update(error, step, reset);
    Ok(parameters.reconstruct(predicted, sign * error))
}

/// The sample that ends a run (T.87 A.7.2). `kind` 1 where left and above are alike.
#[inline]
fn interruption<S: Side>(side: &mut S, model: &mut Model, at: Place, kind: u32, order: u32) -> Result<i32> {
    let parameters @ Parameters { range, qbpp, limit, reset, .. } = model.parameters;
    let predicted = if kind == 1 { at.near.a } else { at.near.b };
    let sign = if kind == 0 && at.near.a > at.near.b { -1 } else { 1 };
    let statistics = model.interruption(kind);
    let k = statistics.order(kind);
    let mapped = side.error(k, limit - order - 1, qbpp, || {
        let error = parameters.wrap(sign * (at.known - predicted));
        (2 * error.unsigned_abs()).wrapping_sub(kind + statistics.map(error, k))
    })?;
    let error = statistics.unmap(mapped.wrapping_add(kind), k);
    if error.abs() > range {
        return Err(CodecError::Damaged);
    }
    statistics.update(error, mapped, kind, reset);
    Ok(parameters.reconstruct(predicted, sign * error))
}

/// A sample that is to be coded: its neighbours, and itself where it is known.
#[derive(Clone, Copy)]
struct Place {
    near: Neighbours,
    known: i32,
}

/// Two lines of `components` interleaved samples, with one pixel of padding on each side.
pub struct Lines {
    components: usize,
    above: Vec<i32>,
    line: Vec<i32>,
    run_index: usize,
}

impl Lines {
    /// Lines before the first of a scan: all 0.
    pub fn new(columns: usize, components: usize) -> Self {
        let length = (columns + 2) * components;
        Self { components, above: vec![0; length], line: vec![0; length], run_index: 0 }
    }

    /// The samples of the line that is coded next, or was coded last.
    pub fn samples(&mut self) -> &mut [i32] {
        let end = self.line.len() - self.components;
        &mut self.line[self.components..end]
    }

    /// Makes the last line the one above.
    pub fn next(&mut self) {
        core::mem::swap(&mut self.above, &mut self.line);
        let (step, length) = (self.components, self.above.len());
        // The edges (T.87 A.2.1): above right of the last is the last; left of the first is the one above it.
        self.above.copy_within(length - 2 * step..length - step, length - step);
        self.line[..step].copy_from_slice(&self.above[step..2 * step]);
    }

    fn place(&self, at: usize) -> Place {
        let step = self.components;
        let near = Neighbours {
            a: self.line[at - step],
            b: self.above[at],
            c: self.above[at - step],
            d: self.above[at + step],
        };
        Place { near, known: self.line[at] }
    }

    /// Codes the line. With several components they share the runs (sample interleave, T.87 B.3).
    pub fn code<S: Side>(&mut self, side: &mut S, model: &mut Model) -> Result<()> {
        if self.components == 1 { self.code_single(side, model) } else { self.code_interleaved(side, model) }
    }

    fn code_single<S: Side>(&mut self, side: &mut S, model: &mut Model) -> Result<()> {
        let end = self.line.len() - 1;
        let mut at = 1;
        while at < end {
            at = if model.parameters.near == 0 {
                self.regular_samples::<S, true>(at, end, side, model)?
            } else {
                self.regular_samples::<S, false>(at, end, side, model)?
            };
            if at == end {
                break;
            }
            at += self.run(side, at, end)?;
            if at < end {
                let place = self.place(at);
                let kind = u32::from((place.near.a - place.near.b).abs() <= model.parameters.near);
                self.line[at] = interruption(side, model, place, kind, run_order(self.run_index))?;
                self.run_index = self.run_index.saturating_sub(1);
                at += 1;
            }
        }
        Ok(())
    }

    /// Codes samples one by one up to a run or the end; where that is.
    #[inline]
    fn regular_samples<S: Side, const LOSSLESS: bool>(
        &mut self,
        from: usize,
        end: usize,
        side: &mut S,
        model: &mut Model,
    ) -> Result<usize> {
        let mut near = self.place(from).near;
        // The gradient between the samples above and above left is the one right of it of the sample before.
        let mut left = model.class(near.b - near.c);
        let samples = self.line[from..end].iter_mut().zip(&self.above[from + 1..=end]);
        for (index, (sample, &above_right)) in samples.enumerate() {
            near.d = above_right;
            let right = model.class(near.d - near.b);
            let context = 81 * right + 9 * left + model.class(near.c - near.a);
            if context == 0 {
                return Ok(from + index);
            }
            *sample = regular::<S, LOSSLESS>(side, model, Place { near, known: *sample }, context)?;
            near = Neighbours { a: *sample, b: near.d, c: near.b, d: 0 };
            left = right;
        }
        Ok(end)
    }

    fn code_interleaved<S: Side>(&mut self, side: &mut S, model: &mut Model) -> Result<()> {
        let step = self.components;
        let end = self.line.len() - step;
        let mut at = step;
        while at < end {
            if (at..at + step).any(|index| model.context(self.place(index).near) != 0) {
                for index in at..at + step {
                    let place = self.place(index);
                    let context = model.context(place.near);
                    self.line[index] = regular::<S, false>(side, model, place, context)?;
                }
                at += step;
                continue;
            }
            at += self.run(side, at, end)?;
            if at < end {
                let order = run_order(self.run_index);
                for index in at..at + step {
                    // Kind 0 for each component, also where left and above are alike.
                    self.line[index] = interruption(side, model, self.place(index), 0, order)?;
                }
                self.run_index = self.run_index.saturating_sub(1);
                at += step;
            }
        }
        Ok(())
    }

    /// A run of pixels like the one left of it; how many samples it took.
    fn run<S: Side>(&mut self, side: &mut S, at: usize, end: usize) -> Result<usize> {
        let step = self.components;
        let (known, rest) = self.line.split_at_mut(at);
        let (left, rest) = (&known[at - step..], &mut rest[..end - at]);
        if let [left] = *left {
            // Most streams have one component; compared as slices their samples would take three times as long.
            let length =
                side.run(&mut self.run_index, rest.len(), || rest.iter().take_while(|s| **s == left).count())?;
            rest[..length].fill(left);
            return Ok(length);
        }
        let same = || rest.chunks_exact(step).take_while(|pixel| *pixel == left).count();
        let length = side.run(&mut self.run_index, rest.len() / step, same)? * step;
        rest[..length].chunks_exact_mut(step).for_each(|pixel| pixel.copy_from_slice(left));
        Ok(length)
    }
}
