//! Canonical JSON (RFC 8785): one text for one value, so that its digest names it.

use crate::json::{Node, Value};
use tokumei_dicom::order;

/// Integers up to here are written alike as integers and as doubles.
const EXACT: u64 = 1 << 53;

/// The canonical text. Recursion is bounded by the reader of JSON. Doubles must be written in the shortest digits that
/// name them; integers may be of any size.
pub fn canonical_json(node: &Node) -> String {
    let mut out = String::new();
    write(node, &mut out);
    out
}

fn write(node: &Node, out: &mut String) {
    match &node.value {
        Value::Null => out.push_str("null"),
        Value::Bool(b) => out.push_str(if *b { "true" } else { "false" }),
        Value::Number(n) => number(n, out),
        Value::Text(s) => string(s, out),
        Value::Array(items) => {
            out.push('[');
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                write(item, out);
            }
            out.push(']');
        }
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            order::sort_by(&mut members, |a, b| a.key.encode_utf16().cmp(b.key.encode_utf16()));
            out.push('{');
            for (i, member) in members.into_iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                string(&member.key, out);
                out.push(':');
                write(&member.node, out);
            }
            out.push('}');
        }
    }
}

/// RFC 8785 3.2.2.2: what must be escaped, in the shortest form; all else as it is.
fn string(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\u{c}' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            '\0'..='\u{1f}' => {
                out.push_str("\\u00");
                out.push_str(&crate::pseudonym::hex(&[u8::try_from(c).unwrap_or_default()]));
            }
            _ => out.push(c),
        }
    }
    out.push('"');
}

/// RFC 8785 3.2.2.3: as ECMAScript writes the double.
fn number(text: &str, out: &mut String) {
    let digits = text.strip_prefix('-').unwrap_or(text);
    match digits.parse::<u64>() {
        Ok(integer) if integer <= EXACT => out.push_str(&ecmascript(text)),
        Ok(integer) => {
            out.push_str(if digits.len() < text.len() { "-" } else { "" });
            out.push_str(&ecmascript(&shortest(integer).to_string()));
        }
        Err(_) => out.push_str(&ecmascript(text)),
    }
}

/// Of the integers that are the same double as this one, the one with the fewest digits, and of these the nearest.
fn shortest(integer: u64) -> u128 {
    let double = nearest_double(u128::from(integer));
    let rounded = |power: u32| {
        let unit = 10_u128.pow(power);
        (double + unit / 2) / unit * unit
    };
    (0..=19).rev().map(rounded).find(|&candidate| nearest_double(candidate) == double).unwrap_or(double)
}

/// The integer rounded to the 53 bits of a double, half to even.
fn nearest_double(integer: u128) -> u128 {
    let unit = 1 << (u128::BITS - integer.leading_zeros()).saturating_sub(53);
    let (whole, rest) = (integer / unit, integer % unit);
    let up = rest * 2 > unit || (rest * 2 == unit && whole % 2 == 1);
    (whole + u128::from(up)) * unit
}

/// `Number::toString` of ECMA-262 from any writing of the shortest digits that name the double.
fn ecmascript(text: &str) -> String {
    let (sign, text) = text.strip_prefix('-').map_or(("", text), |text| ("-", text));
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all = format!("{whole}{fraction}");
    let digits = all.trim_start_matches('0');
    let power = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
    // Where the point stands, counted from the first digit that is not 0.
    let point = exponent
        .parse::<i32>()
        .unwrap_or_default()
        .saturating_add(power(whole.len()))
        .saturating_sub(power(all.len() - digits.len()));
    let digits = digits.trim_end_matches('0');
    if digits.is_empty() {
        return "0".to_owned();
    }
    let zeros = |n: i32| "0".repeat(usize::try_from(n).unwrap_or_default());
    let split = |at: i32| digits.split_at_checked(usize::try_from(at).unwrap_or_default());
    match point {
        1..=21 => match split(point) {
            Some((whole, part)) if !part.is_empty() => format!("{sign}{whole}.{part}"),
            _ => format!("{sign}{digits}{}", zeros(point.saturating_sub(power(digits.len())))),
        },
        -5..=0 => format!("{sign}0.{}{digits}", zeros(point.saturating_neg())),
        _ => {
            let (first, part) = split(1).unwrap_or((digits, ""));
            let dot = if part.is_empty() { "" } else { "." };
            let plus = if point > 0 { "+" } else { "" };
            format!("{sign}{first}{dot}{part}e{plus}{}", point.saturating_sub(1))
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use crate::json::read;
    use serde_json::{Value, json};

    fn canonical(text: &str) -> String {
        super::canonical_json(&read(text).unwrap())
    }

    fn canonical_json(value: &Value) -> String {
        canonical(&value.to_string())
    }

    #[test]
    fn example_of_the_rfc() {
        let text = r#"{"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}"#;
        let mut value: Value = serde_json::from_str(text).unwrap();
        value["numbers"] = json!([333_333_333.333_333_3_f64, 1e30_f64, 4.5_f64, 2e-3_f64, 1e-27_f64]);
        let want = "{\"literals\":[null,true,false],\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],\
            \"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}";
        assert_eq!(canonical_json(&value), want);
    }

    #[test]
    fn keys_sort_by_utf16() {
        let text = r#"{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh",
            "1":"One","\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}"#;
        let got = canonical(text);
        let order = ["Carriage Return", "One", "Control", "Latin Small", "Euro Sign", "Emoji", "Hebrew"];
        let places: Vec<_> = order.iter().map(|w| got.find(w).unwrap()).collect();
        assert!(places.is_sorted());
    }

    #[test]
    fn numbers_of_the_rfc() {
        let cases = [
            (json!(0), "0"),
            (json!(-0.0), "0"),
            (json!(5e-324), "5e-324"),
            (json!(f64::MAX), "1.7976931348623157e+308"),
            (json!(9_007_199_254_740_992_u64), "9007199254740992"),
            (json!(295_147_905_179_352_830_000_f64), "295147905179352830000"),
            (json!(9.999_999_999_999_997e22), "9.999999999999997e+22"),
            (json!(1e23), "1e+23"),
            (json!(1e21), "1e+21"),
            (json!(1e20), "100000000000000000000"),
            (json!(0.000_001), "0.000001"),
            (json!(1e-7), "1e-7"),
            (json!(-1.5), "-1.5"),
            (json!(u64::MAX), "18446744073709552000"),
        ];
        for (input, want) in cases {
            assert_eq!(canonical_json(&input), want);
        }
    }
}
