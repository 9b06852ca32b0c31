//! Colours that former editions of the standard name, for display.

use crate::decode::Colour;

/// Red, green, blue of a pixel of 8 bits a sample.
pub(crate) fn rgb(colour: Colour, [first, second, third, fourth]: [u8; 4]) -> [u8; 3] {
    match colour {
        Colour::Argb => [second, third, fourth],
        Colour::Cmyk => [first, second, third].map(|ink| share(255 - ink, 255 - fourth)),
        Colour::Hsv => from_hsv(first, second, third),
        _ => [first, second, third],
    }
}

/// Six sectors of hue round the colours of full saturation.
fn from_hsv(hue: u8, saturation: u8, value: u8) -> [u8; 3] {
    let place = u16::from(hue) * 6;
    let rise = u8::try_from(place % 256).unwrap_or(255);
    let low = share(value, 255 - saturation);
    let falling = share(value, 255 - share(saturation, rise));
    let rising = share(value, 255 - share(saturation, 255 - rise));
    match place / 256 {
        0 => [value, rising, low],
        1 => [falling, value, low],
        2 => [low, value, rising],
        3 => [low, falling, value],
        4 => [rising, low, value],
        _ => [value, low, falling],
    }
}

/// So many parts of 255 of a level.
fn share(level: u8, of: u8) -> u8 {
    u8::try_from((u16::from(level) * u16::from(of) + 127) / 255).unwrap_or(255)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours() {
        assert_eq!(rgb(Colour::Cmyk, [0, 0, 0, 255]), [0; 3]);
        assert_eq!(rgb(Colour::Cmyk, [255, 0, 0, 0]), [0, 255, 255]);
        assert_eq!(rgb(Colour::Argb, [9, 1, 2, 3]), [1, 2, 3]);
        assert_eq!(rgb(Colour::Hsv, [0, 255, 200, 0]), [200, 0, 0]);
        assert_eq!(rgb(Colour::Hsv, [86, 255, 255, 0])[1], 255);
        assert_eq!(rgb(Colour::Hsv, [171, 255, 255, 0])[2], 255);
        assert_eq!(rgb(Colour::Hsv, [99, 0, 77, 0]), [77; 3]);
    }
}
