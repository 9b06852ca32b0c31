//! Numbers written as text: DS and IS (PS3.5 6.2).

/// True for one value of DS: a decimal or floating number of at most 16 characters, spaces around it allowed.
pub fn is_decimal(value: &str) -> bool {
    value.len() <= 16 && is_float(value.trim_matches(' '))
}

/// True for a decimal or floating number of any length, without spaces.
pub fn is_float(text: &str) -> bool {
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let digits = mantissa.strip_prefix(['+', '-']).unwrap_or(mantissa);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    all_digits(whole)
        && all_digits(fraction)
        && whole.len() + fraction.len() > 0
        && all_digits(exponent)
        && !exponent.is_empty()
}

/// True for one value of IS: an integer of 32 bits with sign, at most 12 characters, spaces around it allowed.
pub fn is_integer(value: &str) -> bool {
    let text = value.trim_matches(' ');
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    value.len() <= 12 && !digits.is_empty() && all_digits(digits) && text.parse::<i32>().is_ok()
}

fn all_digits(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_as_the_parser_has_them() {
        let cases =
            ["1", "-1.5e3", "+.5", "5.", ".", "", "e5", "1e", "1e+", "1e-07", "1.2.3", "--1", "1e5e5", "1,5", " 1"];
        for text in cases {
            assert_eq!(is_float(text), text.parse::<f64>().is_ok(), "{text}");
        }
    }

    #[test]
    fn decimals() {
        for ok in ["1", "-1.5", "+.5", "1.", "1e5", "-1.25E-03", " 7 "] {
            assert!(is_decimal(ok), "{ok}");
        }
        for bad in ["", " ", ".", "1e", "1,5", "NaN", "0x1", "12345678901234567", "1-2", "１"] {
            assert!(!is_decimal(bad), "{bad}");
        }
    }

    #[test]
    fn integers() {
        for ok in ["0", "-12", "+3", "2147483647 "] {
            assert!(is_integer(ok), "{ok}");
        }
        for bad in ["", "1.0", "2147483648", "- 1", "a", "0000000000001"] {
            assert!(!is_integer(bad), "{bad}");
        }
    }
}
