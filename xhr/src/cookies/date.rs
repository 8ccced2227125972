//! Cookie dates.
//!
//! Standard: <https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#name-dates>

use std::time::{Duration, SystemTime};

/// The time that a cookie date names, in any of the many forms in use; times before 1970 become 1970. `None` if it is none.
///
/// Standard: <https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#name-cookie-date>
pub(super) fn parse_cookie_date(text: &[u8]) -> Option<SystemTime> {
    // 1. and 2. Tokens between delimiters; the first that fits each part is taken.
    let (mut time, mut day, mut month, mut year) = (None, None, None, None);
    for token in text
        .split(|&byte| is_delimiter(byte))
        .filter(|token| !token.is_empty())
    {
        if time.is_none()
            && let Some(found) = parse_time(token)
        {
            time = Some(found);
        } else if day.is_none()
            && let Some(found) = leading_number(token, 1, 2)
        {
            day = Some(found);
        } else if month.is_none()
            && let Some(found) = parse_month(token)
        {
            month = Some(found);
        } else if year.is_none()
            && let Some(found) = leading_number(token, 2, 4)
        {
            year = Some(found);
        }
    }
    let ((hour, minute, second), day, month, year) = (time?, day?, month?, year?);
    // 3. and 4. Two-digit years.
    let year = match year {
        70..=99 => year + 1900,
        0..=69 => year + 2000,
        _ => year,
    };
    // 5. Ranges.
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days_in_month = match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    if !(1..=days_in_month).contains(&day) || year < 1601 || hour > 23 || minute > 59 || second > 59
    {
        return None;
    }
    // 6. and 7. The time.
    let days = days_since_1970(i64::from(year), i64::from(month), i64::from(day));
    let seconds = days * 86_400 + i64::from(hour * 3600 + minute * 60 + second);
    SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(u64::try_from(seconds).unwrap_or(0)))
}

const fn is_delimiter(byte: u8) -> bool {
    matches!(byte, 0x09 | 0x20..=0x2f | 0x3b..=0x40 | 0x5b..=0x60 | 0x7b..=0x7e)
}

/// A number of `min` to `max` digits at the start, with no digit behind.
fn leading_number(token: &[u8], min: usize, max: usize) -> Option<u32> {
    let digits = token
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    if !(min..=max).contains(&digits) {
        return None;
    }
    std::str::from_utf8(token.get(..digits)?).ok()?.parse().ok()
}

fn parse_time(token: &[u8]) -> Option<(u32, u32, u32)> {
    let mut parts = token.splitn(3, |&byte| byte == b':');
    let whole = |part: &[u8]| leading_number(part, 1, 2).filter(|_| part.len() <= 2);
    let hour = whole(parts.next()?)?;
    let minute = whole(parts.next()?)?;
    let second = leading_number(parts.next()?, 1, 2)?;
    Some((hour, minute, second))
}

fn parse_month(token: &[u8]) -> Option<u32> {
    const MONTHS: [&str; 12] = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ];
    let name = token.get(..3)?.to_ascii_lowercase();
    let at = MONTHS.iter().position(|month| month.as_bytes() == name)?;
    u32::try_from(at + 1).ok()
}

/// Days from 1970-01-01 to a date of the Gregorian calendar.
const fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    // Years begin in March, so that the leap day comes last.
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn seconds(text: &str) -> Option<u64> {
        let time = parse_cookie_date(text.as_bytes())?;
        time.duration_since(SystemTime::UNIX_EPOCH)
            .ok()
            .map(|since| since.as_secs())
    }

    #[test]
    fn the_forms_in_use_are_understood() {
        for text in [
            "Wed, 21 Oct 2015 07:28:00 GMT",
            "Wednesday, 21-Oct-15 07:28:00 GMT",
            "Wed Oct 21 07:28:00 2015",
            "2015 21 october 7:28:0",
        ] {
            assert_eq!(seconds(text), Some(1_445_412_480), "{text}");
        }
        assert_eq!(seconds("Thu, 01 Jan 1970 00:00:00 GMT"), Some(0));
        assert_eq!(seconds("Mon, 01 Jan 1601 00:00:00 GMT"), Some(0));
        assert_eq!(
            seconds("Thu, 29 Feb 2024 12:00:00 GMT"),
            Some(1_709_208_000)
        );
    }

    #[test]
    fn impossible_dates_are_none() {
        for text in [
            "",
            "Wed, 21 Oct 2015",
            "Thu, 30 Feb 2024 12:00:00 GMT",
            "21 Oct 1600 07:28:00",
            "21 Oct 2015 24:00:00",
            "21 Oct 2015 07:28",
        ] {
            assert_eq!(seconds(text), None, "{text}");
        }
    }
}
