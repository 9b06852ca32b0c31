//! Calendar days of DA and DT values (PS3.5 6.2), and their spellings.

/// Days since 1970-01-01 of the day at the start of `text`: `YYYYMMDD…` or `YYYY.MM.DD`.
pub fn day(text: &[u8]) -> Option<i64> {
    let (y, m, d) = ymd(text)?;
    Some(days_of(y, m, d))
}

/// Bytes of the day at the start of `text`.
pub fn length(text: &[u8]) -> usize {
    if text.get(4) == Some(&b'.') { 10 } else { 8 }
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

/// How a spelling has to stand to be the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stands {
    /// As eight digits, behind which a time may follow.
    Day,
    /// Not inside a longer number.
    Number,
    /// Not inside a longer word.
    Word,
}

/// English names of the months.
const MONTHS: &str = "January February March April May June July August September October November December";

// Templates: Y y M m D d year, month and day, in capitals with zeros before them; N n the month's name, whole and short. Of
// Japanese calendars: E e S the era by its name, its first letter, its sign; L C its letter and the code of claims; W its name in Latin
// letters; G g its year; X H J K the year, the year of the era, month and day in kanji.
const BY_NUMBER: &str = "Y-M-D|Y-m-d|D-M-Y|d-m-Y|M-D-Y|m-d-Y";
const SEPARATORS: [&str; 3] = ["-", "/", "."];
const OTHERS: &str = "Y M D|Y_M_D|Y:M:D|y/M/D|CGMD";
const BY_NAME: &str =
    "d-N-Y|D-N-Y|d N Y|D N Y|dNY|DNY|d. N Y|D. N Y|d N, Y|D N, Y|N d, Y|N D, Y|N. d, Y|N. D, Y|N d Y|N D Y|Y-N-d|Y-N-D";
const BY_LETTER: &str = "Lg-m-d|LG-M-D";
const BY_LETTER_ALONE: &str = "LGMD";
const BY_ROMAN: &str = "Wg-m-d|W g-m-d|WG-M-D|W G-M-D";
const JAPANESE: &str = "Y年m月d日|Y年M月D日|Y年 m月 d日|X年J月K日";
const BY_ERA: &str = "Eg年m月d日|EG年m月d日|Eg年M月D日|EG年M月D日|E g年 m月 d日|E元年m月d日|E元年M月D日|EH年J月K日";
const BY_ERA_IN_NUMBERS: &str = "Eg-m-d|Eg-M-D|EG-m-d|EG-M-D";

/// ASCII spellings of a day: digits, with separators, without leading zeros, day or month first, by month's name, by era.
pub fn ascii_spellings(day: (i64, i64, i64)) -> Vec<(String, Stands)> {
    let mut out = vec![(filled("YMD", day, None), Stands::Day)];
    let eras = eras(day);
    let mut add = |templates: &str, era: Option<&Era>, stands: Stands| {
        for template in templates.split('|') {
            out.push((filled(template, day, era), stands));
        }
    };
    for separator in SEPARATORS {
        add(&BY_NUMBER.replace('-', separator), None, Stands::Number);
        for era in &eras {
            add(&BY_LETTER.replace('-', separator), Some(era), Stands::Word);
            add(&BY_ROMAN.replace('-', separator), Some(era), Stands::Word);
        }
    }
    add(BY_NAME, None, Stands::Number);
    add(&BY_NAME.replace('N', "n"), None, Stands::Number);
    for era in &eras {
        add(OTHERS, Some(era), Stands::Number);
        add(BY_LETTER_ALONE, Some(era), Stands::Word);
    }
    out
}

/// Japanese spellings of a day.
pub fn japanese_spellings(day: (i64, i64, i64)) -> Vec<String> {
    let mut out: Vec<String> = JAPANESE.split('|').map(|t| filled(t, day, None)).collect();
    for era in eras(day) {
        for name in ["E", "e", "S"] {
            let mut templates = BY_ERA.replace('E', name);
            for separator in SEPARATORS {
                templates.push('|');
                templates.push_str(&BY_ERA_IN_NUMBERS.replace('E', name).replace('-', separator));
            }
            let first = era.year == 1;
            out.extend(templates.split('|').filter(|t| first || !t.contains('元')).map(|t| filled(t, day, Some(&era))));
        }
    }
    out
}

/// A template with a day in it.
fn filled(template: &str, (y, m, d): (i64, i64, i64), era: Option<&Era>) -> String {
    let mut out = String::with_capacity(template.len() + 8);
    let name = usize::try_from(m - 1).ok().and_then(|i| MONTHS.split(' ').nth(i)).unwrap_or_default();
    let of = |take: fn(&Era) -> &str| era.map_or("", take);
    let year = era.map_or(y, |e| e.year);
    for c in template.chars() {
        match c {
            'Y' => digits(&mut out, y, 4),
            'y' => digits(&mut out, y % 100, 2),
            'M' => digits(&mut out, m, 2),
            'm' => digits(&mut out, m, 1),
            'D' => digits(&mut out, d, 2),
            'd' => digits(&mut out, d, 1),
            'G' => digits(&mut out, year, 2),
            'g' => digits(&mut out, year, 1),
            'N' => out.push_str(name),
            'n' => out.push_str(name.get(..3).unwrap_or(name)),
            'E' => out.push_str(of(|e| e.name)),
            'e' => out.push_str(of(|e| e.name.get(..3).unwrap_or(e.name))),
            'S' => out.push_str(of(|e| e.sign)),
            'L' => out.push_str(of(|e| e.letter)),
            'C' => out.push_str(of(|e| e.code)),
            'W' => out.push_str(of(|e| e.roman)),
            'X' => [1000, 100, 10, 1].iter().for_each(|place| out.push(numeral(y / place % 10))),
            'H' if year == 1 => out.push('元'),
            'H' => kanji(&mut out, year),
            'J' => kanji(&mut out, m),
            'K' => kanji(&mut out, d),
            c => out.push(c),
        }
    }
    out
}

/// A number with at least so many digits.
fn digits(out: &mut String, n: i64, least: u32) {
    let mut place = (0..4).rev().find(|p| *p < least || n >= 10_i64.pow(*p));
    while let Some(p) = place {
        let digit = u32::try_from(n / 10_i64.pow(p) % 10).ok().and_then(|d| char::from_digit(d, 10));
        out.extend(digit);
        place = p.checked_sub(1);
    }
}

/// A number below 100 in kanji: 二十九.
fn kanji(out: &mut String, n: i64) {
    if n >= 20 {
        out.push(numeral(n / 10));
    }
    if n >= 10 {
        out.push('十');
    }
    if n % 10 > 0 {
        out.push(numeral(n % 10));
    }
}

fn numeral(digit: i64) -> char {
    usize::try_from(digit).ok().and_then(|d| "〇一二三四五六七八九".chars().nth(d)).unwrap_or_default()
}

/// A year of an era.
struct Era {
    name: &'static str,
    /// The name as one character.
    sign: &'static str,
    letter: &'static str,
    roman: &'static str,
    /// As claims write it.
    code: &'static str,
    year: i64,
}

/// First day, name, sign, letter, name in Latin letters, code.
const ERAS: [(i64, &str, &str, &str, &str, &str); 5] = [
    (20_190_501, "令和", "㋿", "R", "Reiwa", "5"),
    (19_890_108, "平成", "㍻", "H", "Heisei", "4"),
    (19_261_225, "昭和", "㍼", "S", "Showa", "3"),
    (19_120_730, "大正", "㍽", "T", "Taisho", "2"),
    (18_730_101, "明治", "㍾", "M", "Meiji", "1"),
];
/// Years for which systems go on counting an era that has ended.
const LATE: i64 = 5;

/// The era of a day, and the one before where it may still have been counted.
fn eras((y, m, d): (i64, i64, i64)) -> Vec<Era> {
    let n = y * 10_000 + m * 100 + d;
    let Some(own) = ERAS.iter().position(|e| n >= e.0) else { return Vec::new() };
    let mut out = Vec::new();
    for (i, (start, name, sign, letter, roman, code)) in ERAS.iter().enumerate().skip(own).take(2) {
        let late = ERAS.get(own).is_some_and(|e| y - e.0 / 10_000 <= LATE);
        if i == own || late {
            // Meiji is counted from 1868; the calendar is that of today from 1873 on.
            let first = if *code == "1" { 1868 } else { start / 10_000 };
            out.push(Era { name, sign, letter, roman, code, year: y - first + 1 });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
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

    fn spelled(day: (i64, i64, i64)) -> Vec<String> {
        ascii_spellings(day).into_iter().map(|s| s.0).chain(japanese_spellings(day)).collect()
    }

    #[test]
    fn names_of_eras() {
        for (day, text) in [
            ((2019, 5, 1), "令和元年5月1日"),
            ((2019, 5, 1), "R1.5.1"),
            ((2019, 5, 1), "H31.5.1"),
            ((2019, 5, 1), "Heisei 31/05/01"),
            ((1934, 9, 3), "Showa 9.9.3"),
            ((1989, 1, 7), "S64.1.7"),
            ((2024, 4, 1), "R06.04.01"),
            ((1912, 7, 29), "明治45年7月29日"),
            ((2024, 5, 21), "令和六年五月二十一日"),
        ] {
            assert!(spelled(day).contains(&text.to_owned()), "{text}");
        }
        assert!(!spelled((2025, 4, 1)).contains(&"H37.4.1".to_owned()), "nobody counts on so long");
    }

    #[test]
    fn every_form_of_the_field() {
        let Some(bytes) = crate::tests::shared("japan/date_vectors.json") else { return };
        let all: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        let (mut days, mut missing) = (0, Vec::new());
        for v in all["vectors"].as_array().unwrap().iter().filter(|v| v["precision"] == "day") {
            let (text, iso) = (v["input"].as_str().unwrap(), v["iso"].as_str().unwrap().replace('-', ""));
            let plain: String = unicode_normalization::UnicodeNormalization::nfkc(text).collect();
            let found = spelled(ymd(iso.as_bytes()).unwrap());
            let held = |form: &String| {
                [text, &plain].iter().any(|t| t.to_ascii_lowercase().contains(&form.to_ascii_lowercase()))
            };
            days += 1;
            if !found.iter().any(held) {
                missing.push(text.to_owned());
            }
        }
        assert!(days > 50 && missing.is_empty(), "{missing:?}");
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
