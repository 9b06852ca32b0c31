//! Calendar days of DA and DT values (PS3.5 6.2), and their spellings.

/// Days since 1970-01-01 of the day at the start of `text`: `YYYYMMDD…` or `YYYY.MM.DD`.
pub fn day(text: &[u8]) -> Option<i64> {
    let (y, m, d) = ymd(text)?;
    Some(days_of(y, m, d))
}

/// Year, month and day at the start of `text`; `None` where it is no day of the calendar.
pub fn ymd(text: &[u8]) -> Option<(i64, i64, i64)> {
    let dotted = text.get(4) == Some(&b'.') && text.get(7) == Some(&b'.');
    let (m, d) = if dotted { (5, 8) } else { (4, 6) };
    let (y, m, d) = (number(text, 0, 4)?, number(text, m, 2)?, number(text, d, 2)?);
    let longest = match m {
        2 if y % 4 == 0 && (y % 100 != 0 || y % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        _ => return None,
    };
    (y > 0 && (1..=longest).contains(&d)).then_some((y, m, d))
}

/// `YYYY` or `YYYYMM` where the value gives no more.
pub fn partial(value: &[u8]) -> Option<&[u8]> {
    let value = crate::entry::trim(value);
    let digits = value.iter().position(|b| !b.is_ascii_digit()).unwrap_or(value.len());
    matches!(digits, 4 | 6).then(|| value.get(..digits)).flatten()
}

/// A day without a year or month, moved: months count from their 15th, years from 1 July, then are cut again.
pub fn move_partial(text: &[u8], days: i64) -> Option<String> {
    let y = number(text, 0, 4)?;
    let (m, d) = if text.len() >= 6 { (number(text, 4, 2)?, 15) } else { (7, 1) };
    let (y, m, _) = civil(days_of(y, m, d) + days);
    Some(if text.len() >= 6 { format!("{y:04}{m:02}") } else { format!("{y:04}") })
}

fn number(text: &[u8], at: usize, len: usize) -> Option<i64> {
    let part = text.get(at..at + len)?;
    part.iter().try_fold(0, |n, b| b.is_ascii_digit().then(|| n * 10 + i64::from(b - b'0')))
}

/// Days since 1970-01-01 of a day of the Gregorian calendar.
pub fn days_of(y: i64, m: i64, d: i64) -> i64 {
    let y = if m <= 2 { y - 1 } else { y };
    let era = y.div_euclid(400);
    let of_era = y - era * 400;
    let of_year = (153 * ((m + 9) % 12) + 2) / 5 + d - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The inverse of [`days_of`].
pub fn civil(days: i64) -> (i64, i64, i64) {
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let of_era = z - era * 146_097;
    let years = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * years + years / 4 - years / 100);
    let mp = (5 * of_year + 2) / 153;
    let m = if mp < 10 { mp + 3 } else { mp - 9 };
    (years + era * 400 + i64::from(m <= 2), m, of_year - (153 * mp + 2) / 5 + 1)
}

/// ASCII spellings of a day, `YYYYMMDD` first: with separators, without leading zeros, day or month first, by era letter.
pub fn ascii_spellings((y, m, d): (i64, i64, i64)) -> Vec<String> {
    let mut out = vec![format!("{y:04}{m:02}{d:02}")];
    for s in ['-', '/', '.'] {
        out.push(format!("{y:04}{s}{m:02}{s}{d:02}"));
        out.push(format!("{d:02}{s}{m:02}{s}{y:04}"));
        out.push(format!("{m:02}{s}{d:02}{s}{y:04}"));
    }
    out.push(format!("{y}/{m}/{d}"));
    if let Some((_, letter, n)) = era(y, m, d) {
        for s in ['.', '/', '-'] {
            out.push(format!("{letter}{n}{s}{m}{s}{d}"));
            out.push(format!("{letter}{n:02}{s}{m:02}{s}{d:02}"));
        }
    }
    out.sort_unstable();
    out.dedup();
    out
}

/// Japanese spellings of a day.
pub fn japanese_spellings((y, m, d): (i64, i64, i64)) -> Vec<String> {
    let mut out = vec![format!("{y}年{m}月{d}日"), format!("{y}年{m:02}月{d:02}日")];
    if let Some((name, _, n)) = era(y, m, d) {
        out.push(format!("{name}{n}年{m}月{d}日"));
        out.push(format!("{name}{n:02}年{m:02}月{d:02}日"));
        if n == 1 {
            out.push(format!("{name}元年{m}月{d}日"));
        }
    }
    out.sort_unstable();
    out.dedup();
    out
}

/// Name, letter and year of the era of a day.
fn era(y: i64, m: i64, d: i64) -> Option<(&'static str, char, i64)> {
    const ERAS: [(i64, &str, char); 4] =
        [(20_190_501, "令和", 'R'), (19_890_108, "平成", 'H'), (19_261_225, "昭和", 'S'), (19_120_730, "大正", 'T')];
    let n = y * 10_000 + m * 100 + d;
    ERAS.iter().find(|e| n >= e.0).map(|e| (e.1, e.2, y - e.0 / 10_000 + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_go_both_ways() {
        assert_eq!(days_of(1970, 1, 1), 0);
        for n in (-200_000..60_000).step_by(37) {
            let (y, m, d) = civil(n);
            assert_eq!(days_of(y, m, d), n);
        }
        assert_eq!(day(b"20240229"), Some(days_of(2024, 2, 29)));
        assert_eq!(day(b"20230229"), None);
        assert_eq!(day(b"2024.02.29"), day(b"20240229120000"));
    }

    #[test]
    fn eras() {
        assert!(japanese_spellings((2019, 5, 1)).contains(&"令和元年5月1日".to_owned()));
        assert!(ascii_spellings((1989, 1, 7)).contains(&"S64.1.7".to_owned()));
        assert!(ascii_spellings((2024, 4, 1)).contains(&"R06.04.01".to_owned()));
    }

    #[test]
    fn partial_dates() {
        assert_eq!(partial(b"202405"), Some(&b"202405"[..]));
        assert_eq!(partial(b"20240501"), None);
        assert_eq!(move_partial(b"202405", -7).as_deref(), Some("202405"));
        assert_eq!(move_partial(b"202405", -30).as_deref(), Some("202404"));
        assert_eq!(move_partial(b"2024", -364).as_deref(), Some("2023"));
    }
}
