//! Dates moved by whole days (PS3.15 E.3.6), in the forms of PS3.5 6.2.
//!
//! Intervals stay exact: every date of a patient moves by the same number of days, times of day and offsets from UTC
//! stay. A partial date moves in its precision, counted from its middle. What does not parse gives `None`; then it is
//! text and not a date.

/// Moves every value of a DA attribute. `YYYY.MM.DD` (ACR-NEMA) is read and written as `YYYYMMDD`; blanks stay blank.
pub fn shift_dates(text: &str, days: i32) -> Option<String> {
    each_value(text, |value| match value.split_once('-') {
        Some((from, to)) => {
            let end = |d: &str| if d.trim().is_empty() { Some(String::new()) } else { shift_date(d.trim(), days) };
            Some(format!("{}-{}", end(from)?, end(to)?))
        }
        None => shift_date(value, days),
    })
}

/// Moves every value of a DT attribute.
pub fn shift_date_times(text: &str, days: i32) -> Option<String> {
    each_value(text, |value| shift_date_time(value, days))
}

/// True where every value is a time of day: `HH[MM[SS[.F]]]` or `HH:MM:SS[.F]` (PS3.5 6.2; seconds may be 60).
pub fn are_times(text: &str) -> bool {
    text.split('\\').all(|v| v.trim().is_empty() || is_time(v.trim()))
}

/// True where every value is a date that [`shift_dates`] can move.
pub fn are_dates(text: &str) -> bool {
    shift_dates(text, 0).is_some()
}

/// Year of a date after it was moved.
pub fn shifted_year(text: &str, days: i32) -> Option<String> {
    let moved = shift_date(text.trim(), days)?;
    moved.get(..4).map(str::to_owned)
}

fn each_value(text: &str, shift: impl Fn(&str) -> Option<String>) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    for (i, value) in text.split('\\').enumerate() {
        if i > 0 {
            out.push('\\');
        }
        let value = value.trim();
        if !value.is_empty() {
            out.push_str(&shift(value)?);
        }
    }
    Some(out)
}

fn shift_date(value: &str, days: i32) -> Option<String> {
    let digits = match value.as_bytes() {
        [_, _, _, _, b'.', _, _, b'.', _, _] => value.replace('.', ""),
        _ => value.to_owned(),
    };
    if digits.len() != 8 {
        return None;
    }
    let (y, m, d) = (number(digits.get(..4)?)?, number(digits.get(4..6)?)?, number(digits.get(6..)?)?);
    let (y, m, d) = moved(y, m, d, days)?;
    Some(format!("{y:04}{m:02}{d:02}"))
}

/// `YYYY[MM[DD[HH[MM[SS[.F]]]]]][&ZZXX]`.
fn shift_date_time(value: &str, days: i32) -> Option<String> {
    let split = value.find(['+', '-']).unwrap_or(value.len());
    let (local, offset) = value.split_at_checked(split)?;
    if !is_offset(offset) {
        return None;
    }
    let (local, offset) = (local.trim_end(), offset.trim_end());
    let date_len = local.len().min(8);
    let (date, time) = local.split_at_checked(date_len)?;
    if !time.is_empty() && !is_time_of_date_time(time) {
        return None;
    }
    let part = |range: core::ops::Range<usize>| number(date.get(range)?);
    let date = match date.len() {
        8 => {
            let (y, m, d) = moved(part(0..4)?, part(4..6)?, part(6..8)?, days)?;
            format!("{y:04}{m:02}{d:02}")
        }
        6 => {
            let (y, m, _) = moved(part(0..4)?, part(4..6)?, 15, days)?;
            format!("{y:04}{m:02}")
        }
        4 => {
            let (y, _, _) = moved(part(0..4)?, 7, 1, days)?;
            format!("{y:04}")
        }
        _ => return None,
    };
    Some(format!("{date}{time}{offset}"))
}

fn is_offset(text: &str) -> bool {
    let text = text.trim_end();
    if text.is_empty() {
        return true;
    }
    text.len() == 5
        && matches!((text.get(1..3).and_then(number), text.get(3..).and_then(number)), (Some(h), Some(m)) if h <= 14 && m < 60)
}

fn is_time_of_date_time(time: &str) -> bool {
    !time.contains(':') && is_time(time)
}

fn is_time(value: &str) -> bool {
    let (whole, fraction) = value.split_once('.').unwrap_or((value, "0"));
    let plain = match whole.as_bytes() {
        [_, _, b':', _, _, b':', _, _] | [_, _, b':', _, _] => whole.replace(':', ""),
        _ => whole.to_owned(),
    };
    let fraction_ok = (1..=6).contains(&fraction.len()) && fraction.bytes().all(|b| b.is_ascii_digit());
    let only_seconds_have_fractions = plain.len() == 6 || !value.contains('.');
    let field = |range: core::ops::Range<usize>, below: i64| {
        plain.get(range).is_none_or(|s| s.is_empty() || number(s).is_some_and(|n| n < below))
    };
    matches!(plain.len(), 2 | 4 | 6)
        && plain.bytes().all(|b| b.is_ascii_digit())
        && field(0..2, 24)
        && field(2..4, 60)
        && field(4..6, 61)
        && fraction_ok
        && only_seconds_have_fractions
}

fn number(digits: &str) -> Option<i64> {
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    digits.parse().ok()
}

/// A day of the calendar moved; `None` where there is no such day or the year leaves 0001 to 9999.
fn moved(y: i64, m: i64, d: i64, days: i32) -> Option<(i64, i64, i64)> {
    if !(1..=12).contains(&m) || d < 1 || y < 1 {
        return None;
    }
    let n = days_from_civil(y, m, d);
    if civil_from_days(n) != (y, m, d) {
        return None;
    }
    let to = civil_from_days(n.checked_add(i64::from(days))?);
    (1..=9999).contains(&to.0).then_some(to)
}

/// Days since 1970-01-01 in the proleptic Gregorian calendar, by eras of 400 years.
const fn days_from_civil(y: i64, m: i64, d: i64) -> i64 {
    let y = if m <= 2 { y - 1 } else { y };
    let era = y.div_euclid(400);
    let year_of_era = y.rem_euclid(400);
    let month_from_march = (m + 9) % 12;
    let day_of_year = (153 * month_from_march + 2) / 5 + d - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

const fn civil_from_days(n: i64) -> (i64, i64, i64) {
    let n = n + 719_468;
    let era = n.div_euclid(146_097);
    let day_of_era = n.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let d = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let m = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let y = year_of_era + era * 400 + if m <= 2 { 1 } else { 0 };
    (y, m, d)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn dates_move_in_every_legal_form() {
        for (text, days, expected) in [
            ("20240301", -1, Some("20240229")),
            ("20230301", -1, Some("20230228")),
            ("2024.03.01", -7, Some("20240223")),
            ("20240101 ", -364, Some("20230102")),
            ("20240101\\20240201", -1, Some("20231231\\20240131")),
            ("\\20240201", -1, Some("\\20240131")),
            ("20240101-20240103", 1, Some("20240102-20240104")),
            ("", -1, Some("")),
            ("20230229", -1, None),
            ("98/3/4", -1, None),
            ("202401", -1, None),
            ("20241301", -1, None),
            ("00010101", -1, None),
            ("令和6年", -1, None),
        ] {
            assert_eq!(shift_dates(text, days).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn date_times_keep_precision_time_and_offset() {
        for (text, days, expected) in [
            ("20240611101112.5+0900", -364, Some("20230613101112.5+0900")),
            (" 20240611101112 ", -7, Some("20240604101112")),
            ("20240611", -7, Some("20240604")),
            ("202406", -20, Some("202405")),
            ("2024", -364, Some("2023")),
            ("2024-0500", -364, Some("2023-0500")),
            ("20240611240000", -7, None),
            ("20240611101112+9900", -7, None),
            ("2024061", -7, None),
            ("1952/04/07", -7, None),
        ] {
            assert_eq!(shift_date_times(text, days).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn times_are_recognised() {
        for (text, ok) in [
            ("101112", true),
            ("10", true),
            ("1011", true),
            ("101112.123456", true),
            ("10:11:12", true),
            ("235960", true),
            ("101112\\101113", true),
            ("", true),
            ("240000", false),
            ("1011.5", false),
            ("101112.1234567", false),
            ("YAMADA", false),
        ] {
            assert_eq!(are_times(text), ok, "{text}");
        }
    }

    proptest! {
        #[test]
        fn intervals_are_kept(a in 1_000_000i64..2_900_000, b in 1_000_000i64..2_900_000, days in -200_000i32..-1) {
            let text = |n: i64| { let (y, m, d) = civil_from_days(n - 719_468 + 306); format!("{y:04}{m:02}{d:02}") };
            let day = |s: &str| days_from_civil(s[..4].parse().unwrap(), s[4..6].parse().unwrap(), s[6..].parse().unwrap());
            let (x, y) = (shift_dates(&text(a), days).unwrap(), shift_dates(&text(b), days).unwrap());
            prop_assert_eq!(day(&y) - day(&x), b - a);
            prop_assert_eq!(shift_dates(&x, -days).unwrap(), text(a));
        }
    }
}
