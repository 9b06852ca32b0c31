//! DA, TM and DT (PS3.5 6.2), parsed strictly: what does not parse is text.

/// A calendar day.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Date {
    /// Year, 1 to 9999.
    pub year: u16,
    /// Month, 1 to 12.
    pub month: u8,
    /// Day of the month, from 1.
    pub day: u8,
}

/// A time of day in the precision it was written in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Time {
    /// Hour, 0 to 23.
    pub hour: u8,
    /// Minute, 0 to 59.
    pub minute: Option<u8>,
    /// Second, 0 to 60.
    pub second: Option<u8>,
    /// Number of digits of the fraction of a second, 0 to 6.
    pub fraction_digits: u8,
}

/// A DT value in the precision it was written in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct DateTime {
    /// Year, 1 to 9999.
    pub year: u16,
    /// Month.
    pub month: Option<u8>,
    /// Day.
    pub day: Option<u8>,
    /// Time of day.
    pub time: Option<Time>,
    /// Number of characters of the date part: 4, 6 or 8. What follows (time, offset) needs no change by a shift.
    pub date_len: u8,
}

/// One value of DA: `YYYYMMDD`, or `YYYY.MM.DD` of ACR-NEMA 2.0; trailing padding allowed.
pub fn parse_date(value: &str) -> Option<Date> {
    let bytes = unpadded(value);
    let digits: [u8; 8] = match bytes.len() {
        8 => bytes.try_into().ok()?,
        10 if bytes.get(4) == Some(&b'.') && bytes.get(7) == Some(&b'.') => {
            let mut all = bytes.iter().copied().filter(|&b| b != b'.');
            let digits: [u8; 8] = core::array::from_fn(|_| all.next().unwrap_or(b'.'));
            if all.next().is_some() {
                return None;
            }
            digits
        }
        _ => return None,
    };
    let (year, rest) = digits.split_at(4);
    let (month, day) = rest.split_at(2);
    calendar(number(year)?, Some(narrow(month)?), Some(narrow(day)?)).then_some(())?;
    Some(Date { year: number(year)?, month: narrow(month)?, day: narrow(day)? })
}

/// One value of TM: `HH[MM[SS[.F{1,6}]]]`, or `HH:MM:SS[.F]` of ACR-NEMA 2.0; trailing padding allowed.
pub fn parse_time(value: &str) -> Option<Time> {
    time(unpadded(value))
}

/// One value of DT: `YYYY[MM[DD[HH[MM[SS[.F{1,6}]]]]]][&ZZXX]`; trailing padding allowed.
pub fn parse_datetime(value: &str) -> Option<DateTime> {
    let bytes = unpadded(value);
    let body = match bytes.iter().position(|b| matches!(b, b'+' | b'-')) {
        Some(at) => {
            let (body, offset) = bytes.split_at(at);
            is_offset(offset).then_some(body)?
        }
        None => bytes,
    };
    let date_len = body.len().min(8);
    let (date, rest) = body.split_at(date_len);
    if !matches!(date_len, 4 | 6 | 8) || !date.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let year = number(date.get(..4)?)?;
    let month = date.get(4..6).and_then(narrow);
    let day = date.get(6..8).and_then(narrow);
    if !calendar(year, month, day) {
        return None;
    }
    let time = if rest.is_empty() { None } else { Some(time(rest).filter(|_| !rest.contains(&b':'))?) };
    Some(DateTime { year, month, day, time, date_len: u8::try_from(date_len).ok()? })
}

fn time(bytes: &[u8]) -> Option<Time> {
    let colons = bytes.get(2) == Some(&b':');
    let plain: Vec<u8> = if colons {
        let whole = bytes.get(5).is_none_or(|&b| b == b':') && bytes.len() >= 5;
        whole.then(|| bytes.iter().copied().filter(|&b| b != b':').collect())?
    } else {
        bytes.to_vec()
    };
    let (clock, fraction) = match plain.iter().position(|&b| b == b'.') {
        Some(6) => (plain.get(..6)?, plain.get(7..)?),
        Some(_) => return None,
        None => (plain.as_slice(), &[][..]),
    };
    let with_point = plain.len() > clock.len();
    if with_point && (fraction.is_empty() || fraction.len() > 6 || !fraction.iter().all(u8::is_ascii_digit)) {
        return None;
    }
    if !matches!(clock.len(), 2 | 4 | 6) || !clock.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let hour = narrow(clock.get(..2)?)?;
    let minute = clock.get(2..4).and_then(narrow);
    let second = clock.get(4..6).and_then(narrow);
    let valid = hour < 24 && minute.is_none_or(|m| m < 60) && second.is_none_or(|s| s <= 60);
    valid.then_some(Time { hour, minute, second, fraction_digits: u8::try_from(fraction.len()).ok()? })
}

fn is_offset(bytes: &[u8]) -> bool {
    let Some((sign, digits)) = bytes.split_first() else { return false };
    let (Some(hours), Some(minutes)) = (digits.get(..2).and_then(narrow), digits.get(2..).and_then(narrow)) else {
        return false;
    };
    digits.len() == 4 && minutes < 60 && if *sign == b'-' { hours <= 12 } else { hours <= 14 }
}

fn calendar(year: u16, month: Option<u8>, day: Option<u8>) -> bool {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month.unwrap_or(1) {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return false,
    };
    year > 0 && (1..=days).contains(&day.unwrap_or(1))
}

fn unpadded(value: &str) -> &[u8] {
    value.trim_end_matches([' ', '\0']).as_bytes()
}

fn number(digits: &[u8]) -> Option<u16> {
    digits
        .iter()
        .try_fold(0u16, |n, b| b.is_ascii_digit().then(|| n.checked_mul(10)?.checked_add(u16::from(b - b'0')))?)
}

fn narrow(digits: &[u8]) -> Option<u8> {
    (digits.len() == 2).then(|| number(digits).and_then(|n| u8::try_from(n).ok()))?
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn dates() {
        let d = parse_date("20240229 ").unwrap();
        assert_eq!((d.year, d.month, d.day), (2024, 2, 29));
        assert!(parse_date("1999.12.31").is_some());
        for bad in ["", "20230229", "20241301", "2024", "20240100", "2024-1-1", "2024.1.011", "00000101", "２０２４"]
        {
            assert!(parse_date(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn times() {
        let t = parse_time("235960.123456").unwrap();
        assert_eq!((t.hour, t.minute, t.second, t.fraction_digits), (23, Some(59), Some(60), 6));
        for ok in ["07", "0712", "071259", "07:12:59", "07:12:59.5", "071259.1 "] {
            assert!(parse_time(ok).is_some(), "{ok}");
        }
        for bad in ["", "24", "0760", "071", "071259.", "0712.5", "071259.1234567", "7:12", "07:1259"] {
            assert!(parse_time(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn datetimes() {
        let d = parse_datetime("20240229101530.5+0900").unwrap();
        assert_eq!((d.year, d.month, d.day, d.date_len), (2024, Some(2), Some(29), 8));
        for ok in ["2024", "202402", "2024-0500", "2024022910"] {
            assert!(parse_datetime(ok).is_some(), "{ok}");
        }
        for bad in ["", "20241", "2024023", "20240230", "2024+9", "20240229+2500", "2024022910:15:30"] {
            assert!(parse_datetime(bad).is_none(), "{bad}");
        }
    }
}
