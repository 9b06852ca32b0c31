//! Inverse discrete cosine transform (T.81 A.3.3), for display: pixels of it are never written.

use super::planes::Coefficients;
use crate::jpeg::tables::Quantization;

/// Zigzag order (T.81 figure A.6): by place in the stream, place in the block.
pub(crate) const ZIGZAG: [u8; 64] = [
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21,
    28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54,
    47, 55, 62, 63,
];

/// cos(n·π/16) / 2.
const C: [f32; 8] =
    [0.5, 0.490_392_63, 0.461_939_77, 0.415_734_8, 0.353_553_4, 0.277_785_12, 0.191_341_72, 0.097_545_16];

/// Samples of a block, row by row, around zero.
pub(crate) fn idct(coefficients: &Coefficients<'_>, table: &Quantization) -> [f32; 64] {
    if coefficients.present <= 1 {
        let dc = coefficients.dc() * i32::from(table[0]);
        return [as_f32(dc) / 8.0; 64];
    }
    let mut block = [0.0; 64];
    for (k, value) in coefficients.iter() {
        let place = ZIGZAG.get(k as usize).copied().unwrap_or(0);
        let quantizer = table.get(k as usize).copied().unwrap_or(0);
        if let Some(to) = block.get_mut(usize::from(place)) {
            *to = as_f32(i32::from(value) * i32::from(quantizer));
        }
    }
    rows(&mut block);
    transpose(&mut block);
    rows(&mut block);
    transpose(&mut block);
    block
}

#[allow(clippy::cast_precision_loss)]
fn as_f32(n: i32) -> f32 {
    n as f32
}

fn rows(block: &mut [f32; 64]) {
    for row in block.as_chunks_mut::<8>().0 {
        *row = line(*row);
    }
}

/// One line, even and odd frequencies apart.
fn line([x0, x1, x2, x3, x4, x5, x6, x7]: [f32; 8]) -> [f32; 8] {
    let [_, c1, c2, c3, c4, c5, c6, c7] = C;
    let (sum, difference) = ((x0 + x4) * c4, (x0 - x4) * c4);
    let (outer, inner) = (x2 * c2 + x6 * c6, x2 * c6 - x6 * c2);
    let even = [sum + outer, difference + inner, difference - inner, sum - outer];
    let odd = [
        x1 * c1 + x3 * c3 + x5 * c5 + x7 * c7,
        x1 * c3 - x3 * c7 - x5 * c1 - x7 * c5,
        x1 * c5 - x3 * c1 + x5 * c7 + x7 * c3,
        x1 * c7 - x3 * c5 + x5 * c3 - x7 * c1,
    ];
    let ([e0, e1, e2, e3], [o0, o1, o2, o3]) = (even, odd);
    [e0 + o0, e1 + o1, e2 + o2, e3 + o3, e3 - o3, e2 - o2, e1 - o1, e0 - o0]
}

fn transpose(block: &mut [f32; 64]) {
    let from = *block;
    for (i, to) in block.iter_mut().enumerate() {
        *to = from.get(i % 8 * 8 + i / 8).copied().unwrap_or(0.0);
    }
}
