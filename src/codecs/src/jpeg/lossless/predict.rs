//! Predictors (T.81 H.1.2.1). All arithmetic is modulo 2¹⁶.

use crate::{CodecError, Result};

/// How the samples of a scan are predicted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Prediction {
    /// 1 to 7 (table H.1).
    predictor: u8,
    /// Prediction of the first sample of an interval.
    initial: u16,
}

impl Prediction {
    /// From a scan header's predictor and point transform.
    pub(crate) fn new(predictor: u8, precision: u8, transform: u8) -> Result<Self> {
        if !(1..=7).contains(&predictor) || transform >= precision {
            return Err(CodecError::Damaged);
        }
        Ok(Self { predictor, initial: 1 << (precision - transform - 1) })
    }

    /// Turns a row of differences into samples; `above` is the row before, `None` where an interval begins.
    pub(crate) fn undo(self, row: &mut [u16], above: Option<&[u16]>) {
        match self.predictor {
            _ if above.is_none() => self.undo_by(row, None, |left, _, _| left),
            1 => self.undo_by(row, above, |left, _, _| left),
            2 => self.undo_by(row, above, |_, above, _| above),
            3 => self.undo_by(row, above, |_, _, corner| corner),
            4 => self.undo_by(row, above, |left, above, corner| left + above - corner),
            5 => self.undo_by(row, above, |left, above, corner| left + ((above - corner) >> 1)),
            6 => self.undo_by(row, above, |left, above, corner| above + ((left - corner) >> 1)),
            _ => self.undo_by(row, above, |left, above, _| (left + above) >> 1),
        }
    }

    fn undo_by(self, row: &mut [u16], above: Option<&[u16]>, predict: impl Fn(i32, i32, i32) -> i32) {
        let Some((first, rest)) = row.split_first_mut() else { return };
        // Where there is no row above, its place is taken by anything: the first row looks to the left alone.
        let row_above = above.unwrap_or(&[]);
        let mut corner = row_above.first().copied().unwrap_or(self.initial);
        *first = first.wrapping_add(corner);
        let mut left = *first;
        let mut one = |sample: &mut u16, above: u16| {
            let prediction = predict(i32::from(left), i32::from(above), i32::from(corner));
            left = sample.wrapping_add(low(prediction));
            *sample = left;
            corner = above;
        };
        match row_above.get(1..) {
            Some(above) => rest.iter_mut().zip(above).for_each(|(sample, above)| one(sample, *above)),
            None => rest.iter_mut().for_each(|sample| one(sample, 0)),
        }
    }

    /// Turns a row of samples into differences; `above` is the row before, `None` where an interval begins.
    pub(crate) fn apply(self, row: &mut [u16], above: Option<&[u16]>) {
        let predict = |left: u16, above: u16, corner: u16| {
            let (left, above, corner) = (i32::from(left), i32::from(above), i32::from(corner));
            low(match self.predictor {
                1 => left,
                2 => above,
                3 => corner,
                4 => left + above - corner,
                5 => left + ((above - corner) >> 1),
                6 => above + ((left - corner) >> 1),
                _ => (left + above) >> 1,
            })
        };
        let Some((first, rest)) = row.split_first_mut() else { return };
        let mut left = *first;
        let mut corner = above.and_then(|a| a.first().copied()).unwrap_or(self.initial);
        *first = first.wrapping_sub(corner);
        let Some(above) = above.and_then(|a| a.get(1..)) else {
            for sample in rest {
                (left, *sample) = (*sample, sample.wrapping_sub(left));
            }
            return;
        };
        for (sample, above) in rest.iter_mut().zip(above) {
            let prediction = predict(left, *above, corner);
            (left, *sample) = (*sample, sample.wrapping_sub(prediction));
            corner = *above;
        }
    }
}

/// The low 16 bits.
fn low(n: i32) -> u16 {
    u16::try_from(n & 0xFFFF).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
    use super::*;

    #[test]
    fn differences_are_undone() {
        let above: Vec<u16> = (0..40).map(|i: u16| i.wrapping_mul(40_503)).collect();
        let row: Vec<u16> = (0..40).map(|i: u16| i.wrapping_mul(25_173).wrapping_add(13)).collect();
        for predictor in 1..=7 {
            let prediction = Prediction::new(predictor, 16, 0).unwrap();
            for above in [None, Some(above.as_slice())] {
                let mut there = row.clone();
                prediction.apply(&mut there, above);
                assert_ne!(there, row);
                prediction.undo(&mut there, above);
                assert_eq!(there, row);
            }
        }
    }

    #[test]
    fn table_h_1() {
        let above = [10, 20];
        let second = [12, 20, 10, 22, 17, 21, 16];
        for (predictor, expected) in (1..).zip(second) {
            let mut row = [2, 0];
            Prediction::new(predictor, 8, 0).unwrap().undo(&mut row, Some(&above));
            assert_eq!(row, [12, expected]);
        }
        let mut row = [2, 1];
        Prediction::new(4, 12, 2).unwrap().undo(&mut row, None);
        assert_eq!(row, [514, 515]);
        assert!(
            Prediction::new(0, 8, 0).is_err() && Prediction::new(8, 8, 0).is_err() && Prediction::new(1, 8, 8).is_err()
        );
    }
}
