//! The numbers behind values: floating-point numbers, dates and times as text.
//!
//! A date, week, month or time is a number of milliseconds since 1970-01-01T00:00Z, but for months, which are counted.
//!
//! Standard: <https://html.spec.whatwg.org/#common-microsyntaxes>, text of November 2026.

use super::input_type::InputType;

const DAY: i64 = 86_400_000;
/// The largest time ECMAScript has, in milliseconds.
const LAST: f64 = 8.64e15;

/// A valid floating-point number.
///
/// Standard: <https://html.spec.whatwg.org/#valid-floating-point-number>
pub(crate) fn is_floating(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let text = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match text.find(['e', 'E']) {
        Some(at) => (&text[..at], Some(&text[at + 1..])),
        None => (text, None),
    };
    let is_mantissa = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole.is_empty() || digits(whole)) && digits(fraction),
        None => digits(mantissa),
    };
    is_mantissa
        && exponent.is_none_or(|text| digits(text.strip_prefix(['+', '-']).unwrap_or(text)))
        && text.parse::<f64>().is_ok_and(f64::is_finite)
}

/// The rules for parsing floating-point number values: leading white space and what follows the number are skipped.
///
/// Standard: <https://html.spec.whatwg.org/#rules-for-parsing-floating-point-number-values>
pub fn parse_floating(text: &str) -> Option<f64> {
    let text = text.trim_start_matches(['\t', '\n', '\u{c}', '\r', ' ']);
    let bytes = text.as_bytes();
    let digits_from = |start: usize| {
        bytes[start.min(bytes.len())..]
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count()
    };
    let sign = usize::from(matches!(bytes.first(), Some(b'+' | b'-')));
    let whole = digits_from(sign);
    let mut end = sign + whole;
    let mut fraction = 0;
    if bytes.get(end) == Some(&b'.') {
        fraction = digits_from(end + 1);
        if fraction > 0 {
            end += 1 + fraction;
        }
    }
    if whole == 0 && fraction == 0 {
        return None;
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        let exponent = digits_from(end + 1 + sign);
        if exponent > 0 {
            end += 1 + sign + exponent;
        }
    }
    text[..end]
        .parse::<f64>()
        .ok()
        .filter(|number| number.is_finite())
}

/// A number as ECMAScript writes it.
pub(crate) fn number_text(number: f64) -> String {
    let size = number.abs();
    if size != 0.0 && !(1e-6..1e21).contains(&size) {
        let text = format!("{number:e}");
        return match text.split_once('e') {
            Some((mantissa, exponent)) if !exponent.starts_with('-') => {
                format!("{mantissa}e+{exponent}")
            }
            _ => text,
        };
    }
    format!("{}", number + 0.0)
}

/// Days since 1970-01-01 of a date of the proleptic Gregorian calendar; months from 1.
fn days_of(year: i64, month: i64, day: i64) -> i64 {
    // The year begins in March here, so that the day that leap years have is its last.
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year - era * 400;
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// The date of a day since 1970-01-01.
fn date_of(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days - era * 146_097;
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let month = if shifted < 10 {
        shifted + 3
    } else {
        shifted - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day_of_year - (153 * shifted + 2) / 5 + 1)
}

fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Monday of the first ISO week of a year, in days.
fn first_monday(year: i64) -> i64 {
    let fourth = days_of(year, 1, 4);
    // 1970-01-01 was a Thursday.
    fourth - (fourth + 3).rem_euclid(7)
}

fn weeks_in_year(year: i64) -> i64 {
    (first_monday(year + 1) - first_monday(year)) / 7
}

fn number(text: &str, width: usize) -> Option<i64> {
    (text.len() == width && text.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| text.parse().ok())
        .flatten()
}

fn year(text: &str) -> Option<i64> {
    // Six digits hold every year that ECMAScript can count.
    let is_year = (4..=6).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    is_year
        .then(|| text.parse().ok())
        .flatten()
        .filter(|&year| year > 0)
}

fn month(text: &str) -> Option<(i64, i64)> {
    let (of_year, of_month) = text.split_once('-')?;
    let (year, month) = (year(of_year)?, number(of_month, 2)?);
    (1..=12).contains(&month).then_some((year, month))
}

fn date(text: &str) -> Option<i64> {
    let (of_month, of_day) = text.rsplit_once('-')?;
    let ((year, month), day) = (month(of_month)?, number(of_day, 2)?);
    let days = days_of(year, month, day);
    ((1..=days_in_month(year, month)).contains(&day) && (days * DAY) as f64 <= LAST).then_some(days)
}

fn week(text: &str) -> Option<i64> {
    let (of_year, of_week) = text.split_once("-W")?;
    let (year, week) = (year(of_year)?, number(of_week, 2)?);
    (1..=weeks_in_year(year))
        .contains(&week)
        .then(|| first_monday(year) + (week - 1) * 7)
}

/// Milliseconds since midnight.
fn time(text: &str) -> Option<i64> {
    let mut parts = text.split(':');
    let (hour, minute) = (number(parts.next()?, 2)?, number(parts.next()?, 2)?);
    let mut milliseconds = 0;
    if let Some(of_second) = parts.next() {
        let (second, fraction) = match of_second.split_once('.') {
            Some((second, fraction)) => (second, Some(fraction)),
            None => (of_second, None),
        };
        let second = number(second, 2).filter(|second| *second < 60)?;
        milliseconds = second * 1000;
        if let Some(fraction) = fraction {
            let scale = match fraction.len() {
                1 => 100,
                2 => 10,
                3 => 1,
                _ => return None,
            };
            milliseconds += number(fraction, fraction.len())? * scale;
        }
    }
    (parts.next().is_none() && hour < 24 && minute < 60)
        .then_some(hour * 3_600_000 + minute * 60_000 + milliseconds)
}

fn local_date_time(text: &str) -> Option<i64> {
    let (of_date, of_time) = text.split_once(['T', ' '])?;
    Some(date(of_date)? * DAY + time(of_time)?)
}

/// The number of a value of this type, NaN if there is none.
///
/// Standard: <https://html.spec.whatwg.org/#concept-input-value-string-number>
pub fn to_number(kind: InputType, text: &str) -> f64 {
    let days = |days: Option<i64>| days.map(|days| days * DAY);
    let number = match kind {
        InputType::Number | InputType::Range => {
            return if is_floating(text) {
                text.parse().unwrap_or(f64::NAN)
            } else {
                f64::NAN
            };
        }
        InputType::Date => days(date(text)),
        InputType::Week => days(week(text)),
        InputType::Month => month(text).map(|(year, month)| (year - 1970) * 12 + month - 1),
        InputType::Time => time(text),
        InputType::LocalDateTime => local_date_time(text),
        _ => None,
    };
    number.map_or(f64::NAN, |number| number as f64)
}

/// The value of this type for a number; `None` if the number is out of what its text can say.
///
/// Standard: <https://html.spec.whatwg.org/#concept-input-value-number-string>
pub fn from_number(kind: InputType, number: f64) -> Option<String> {
    if matches!(kind, InputType::Number | InputType::Range) {
        return number.is_finite().then(|| number_text(number));
    }
    if !number.is_finite() || number.abs() > LAST {
        return None;
    }
    let number = number.floor() as i64;
    if kind == InputType::Month {
        let year = 1970 + number.div_euclid(12);
        return (year > 0).then(|| format!("{year:04}-{:02}", number.rem_euclid(12) + 1));
    }
    let (days, within) = (number.div_euclid(DAY), number.rem_euclid(DAY));
    let (year, month, day) = date_of(days);
    match kind {
        _ if year < 1 && kind != InputType::Time => None,
        InputType::Date => Some(format!("{year:04}-{month:02}-{day:02}")),
        InputType::Week => {
            // The week's Thursday says which year it is of.
            let monday = days - (days + 3).rem_euclid(7);
            let (year, ..) = date_of(monday + 3);
            Some(format!(
                "{year:04}-W{:02}",
                (monday - first_monday(year)) / 7 + 1
            ))
        }
        InputType::Time => Some(time_text(within)),
        InputType::LocalDateTime => Some(format!(
            "{year:04}-{month:02}-{day:02}T{}",
            time_text(within)
        )),
        _ => None,
    }
}

/// A time as short as it can be.
fn time_text(milliseconds: i64) -> String {
    let (hour, minute) = (milliseconds / 3_600_000, milliseconds / 60_000 % 60);
    let (second, fraction) = (milliseconds / 1000 % 60, milliseconds % 1000);
    if fraction != 0 {
        let text = format!("{hour:02}:{minute:02}:{second:02}.{fraction:03}");
        text.trim_end_matches('0').to_owned()
    } else if second != 0 {
        format!("{hour:02}:{minute:02}:{second:02}")
    } else {
        format!("{hour:02}:{minute:02}")
    }
}

/// A valid normalized local date and time, if `text` is a valid one.
pub(crate) fn normalize_local_date_time(text: &str) -> Option<String> {
    let number = local_date_time(text)?;
    let (of_date, _) = text.split_once(['T', ' '])?;
    Some(format!("{of_date}T{}", time_text(number.rem_euclid(DAY))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_weeks_and_months_round_trip() {
        for (kind, text) in [
            (InputType::Date, "2024-02-29"),
            (InputType::Date, "0001-01-01"),
            (InputType::Week, "2020-W53"),
            (InputType::Month, "1969-12"),
            (InputType::Time, "23:59:59.5"),
            (InputType::LocalDateTime, "1999-12-31T23:59"),
        ] {
            let number = to_number(kind, text);
            assert_eq!(from_number(kind, number).as_deref(), Some(text), "{number}");
        }
        assert_eq!(to_number(InputType::Date, "1970-01-02"), 86_400_000.0);
    }

    #[test]
    fn days_that_are_not_in_the_calendar_have_no_number() {
        for (kind, text) in [
            (InputType::Date, "2023-02-29"),
            (InputType::Date, "2023-2-03"),
            (InputType::Week, "2021-W53"),
            (InputType::Time, "24:00"),
            (InputType::Month, "0000-01"),
        ] {
            assert!(to_number(kind, text).is_nan(), "{text}");
        }
    }

    #[test]
    fn numbers_are_read_to_where_they_end() {
        assert_eq!(parse_floating("  12.5e1x"), Some(125.0));
        assert_eq!(parse_floating(".5"), Some(0.5));
        assert_eq!(parse_floating("1e"), Some(1.0));
        assert_eq!(parse_floating("-"), None);
        assert!(!is_floating("1."));
        assert!(!is_floating("+1"));
        assert_eq!(number_text(1e21), "1e+21");
        assert_eq!(number_text(1.5e-7), "1.5e-7");
        assert_eq!(number_text(100.0), "100");
    }
}
