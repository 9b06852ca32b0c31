//! Samples become red, green, blue and opacity.

use crate::decode::{Colour, Samples};
use crate::image::{Image, Window};
use crate::palette::Palette;
use crate::preview::{Levels, NoPreview};
use crate::retired;

/// The picture, four bytes a pixel, and the window through which grey values were drawn.
pub(crate) fn rgba(image: &Image, samples: &Samples, levels: Levels) -> Result<(Vec<u8>, Option<Window>), NoPreview> {
    let pixels = usize::try_from(image.geometry.rows * image.geometry.columns).map_err(|_| NoPreview::TooLarge)?;
    let per_pixel = samples.colour.samples();
    let width = if samples.colour == Colour::Bit { 1 } else { samples.width };
    let bytes = samples.bytes.get(..pixels * per_pixel * width).ok_or(NoPreview::Damaged)?;
    let mut out = Vec::with_capacity(pixels * 4);
    let mut window = None;
    match samples.colour {
        Colour::Bit => bytes.iter().for_each(|v| out.extend_from_slice(&[*v, *v, *v, 255])),
        Colour::Grey { .. } | Colour::Float => {
            let inverted = samples.colour == Colour::Grey { inverted: true };
            let numbers = Numbers { image, bytes, width, floats: samples.colour == Colour::Float };
            let through = match levels {
                Levels::Window { center, width } => Some(Window { center, width }),
                Levels::File => image.window,
                Levels::Whole => None,
            };
            let through = through.unwrap_or_else(|| numbers.whole_range());
            numbers.draw(inverted, through, &mut out);
            window = Some(through);
        }
        Colour::Palette => {
            let palettes = image.palettes.as_ref().ok_or(NoPreview::Form)?;
            for value in values(image, bytes, width) {
                out.extend(palettes.iter().map(|p| entry(p, value)));
                out.push(255);
            }
        }
        Colour::Rgb | Colour::Ybr if width == 1 => {
            for pixel in bytes.chunks_exact(3) {
                let pixel = pixel.try_into().unwrap_or([0; 3]);
                out.extend_from_slice(&if samples.colour == Colour::Ybr { from_ybr(pixel) } else { pixel });
                out.push(255);
            }
        }
        Colour::Rgb | Colour::Ybr | Colour::Hsv | Colour::Argb | Colour::Cmyk => {
            let shift = u32::try_from(image.stored.saturating_sub(8)).unwrap_or(0);
            let values: Vec<i64> = values(image, bytes, width).collect();
            let opacity = values.first().copied().filter(|_| samples.colour == Colour::Argb);
            for pixel in values.chunks_exact(per_pixel) {
                // What opacity alone shows is not drawn.
                if opacity.is_some() && opacity != pixel.first().copied() {
                    return Err(NoPreview::Form);
                }
                let mut levels = [0; 4];
                levels.iter_mut().zip(pixel).for_each(|(level, v)| *level = u8::try_from(v >> shift).unwrap_or(255));
                out.extend_from_slice(&retired::rgb(samples.colour, levels));
                out.push(255);
            }
        }
    }
    Ok((out, window))
}

/// Grey samples as numbers, after the modality's rescaling.
struct Numbers<'a> {
    image: &'a Image,
    bytes: &'a [u8],
    width: usize,
    floats: bool,
}

impl Numbers<'_> {
    /// Each number, and whether it is padding: of floating-point ones what is no number.
    fn each(&self, mut take: impl FnMut(f64, bool)) {
        let Self { image, bytes, width, floats } = *self;
        if floats {
            for cell in bytes.chunks_exact(width) {
                let value = match *cell {
                    [a, b, c, d] => f64::from(f32::from_le_bytes([a, b, c, d])),
                    _ => cell.try_into().map_or(f64::NAN, f64::from_le_bytes),
                };
                take(value, !value.is_finite());
            }
        } else {
            let padding = image.padding.map(|p| sample(image, p));
            let rescaled = |value| as_float(value) * image.slope + image.intercept;
            values(image, bytes, width).for_each(|value| take(rescaled(value), Some(value) == padding));
        }
    }

    /// Through a window (PS3.3 C.11.1.1.2, C.11.2.1.2.1).
    fn draw(&self, inverted: bool, window: Window, out: &mut Vec<u8>) {
        let Window { center, width: span } = window;
        let low = center - 0.5 - (span - 1.0) / 2.0;
        self.each(|value, _| {
            let share = if span > 1.0 { (value - low) / (span - 1.0) } else { f64::from(u8::from(value > low)) };
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Clamped to 0–255 before.
            let level = (share.clamp(0.0, 1.0) * 255.0).round() as u8;
            let level = if inverted { 255 - level } else { level };
            out.extend_from_slice(&[level, level, level, 255]);
        });
    }

    /// A window from the smallest to the largest number, padding left out.
    fn whole_range(&self) -> Window {
        let mut range: Option<(f64, f64)> = None;
        self.each(|value, padding| {
            if !padding {
                range = Some(range.map_or((value, value), |(low, high)| (low.min(value), high.max(value))));
            }
        });
        let (low, high) = range.unwrap_or((self.image.intercept, self.image.intercept));
        Window { center: low + (high - low) / 2.0 + 0.5, width: high - low + 1.0 }
    }
}

/// Stored values.
fn values<'a>(image: &'a Image, bytes: &'a [u8], width: usize) -> impl Iterator<Item = i64> + 'a {
    bytes.chunks_exact(width).map(|cell| sample(image, cell.iter().rev().fold(0, |n, b| n << 8 | u64::from(*b))))
}

/// The stored value in a cell: Bits Stored below High Bit, signed where Pixel Representation says so.
fn sample(image: &Image, cell: u64) -> i64 {
    let left = 63_u64.saturating_sub(image.high_bit).min(63);
    let right = 64_u64.saturating_sub(image.stored).min(63);
    let top = cell << left;
    if image.signed { top.cast_signed() >> right } else { (top >> right).cast_signed() }
}

/// At most 32 bits, so exact.
#[allow(clippy::cast_precision_loss)]
fn as_float(value: i64) -> f64 {
    value as f64
}

/// A palette's entry; values outside take the first or the last (PS3.3 C.7.6.3.1.5).
fn entry(palette: &Palette, value: i64) -> u8 {
    let index = usize::try_from(value.saturating_sub(palette.first)).unwrap_or(0);
    palette.entries.get(index).or(palette.entries.last()).copied().unwrap_or(0)
}

/// `YBR_FULL` to RGB (PS3.3 C.7.6.3.1.2).
fn from_ybr([y, b, r]: [u8; 3]) -> [u8; 3] {
    let (y, b, r) = (f64::from(y), f64::from(b) - 128.0, f64::from(r) - 128.0);
    [y + 1.402 * r, y - 0.344_136 * b - 0.714_136 * r, y + 1.772 * b].map(|v| {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Clamped to 0–255 before.
        let level = v.round().clamp(0.0, 255.0) as u8;
        level
    })
}
