//! Numbers from strings and strings from numbers; comparisons of node-sets.
//!
//! Standard: <https://www.w3.org/TR/1999/REC-xpath-19991116/#numbers> and #booleans.

use std::collections::HashSet;

use super::ast::Comparison;
use super::lexer::is_space;

/// The number that `text` is, or NaN.
///
/// Standard: <https://www.w3.org/TR/1999/REC-xpath-19991116/#function-number>
pub(super) fn number_of(text: &str) -> f64 {
    let text = text.trim_matches(is_space);
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_number = digits.bytes().any(|byte| byte.is_ascii_digit())
        && digits
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.')
        && digits.bytes().filter(|byte| *byte == b'.').count() < 2;
    if is_number {
        text.parse().unwrap_or(f64::NAN)
    } else {
        f64::NAN
    }
}

/// The string that `number` is: never with an exponent, and without a sign if it is zero.
///
/// Standard: <https://www.w3.org/TR/1999/REC-xpath-19991116/#function-string>
pub(super) fn string_of(number: f64) -> String {
    if number == 0.0 {
        "0".to_owned()
    } else if number.is_nan() {
        "NaN".to_owned()
    } else if number.is_infinite() {
        (if number > 0.0 {
            "Infinity"
        } else {
            "-Infinity"
        })
        .to_owned()
    } else {
        // The shortest digits that give the number back, which is what the standard asks for.
        number.to_string()
    }
}

/// Standard: <https://www.w3.org/TR/1999/REC-xpath-19991116/#function-round>
pub(super) fn round(number: f64) -> f64 {
    let floor = number.floor();
    if number.is_nan() || number.is_infinite() || floor == number {
        return number;
    }
    // Halves go up. What lies between -0.5 and 0 is negative zero.
    let rounded = if number - floor >= 0.5 {
        floor + 1.0
    } else {
        floor
    };
    if rounded == 0.0 && number < 0.0 {
        -0.0
    } else {
        rounded
    }
}

pub(super) fn compare(comparison: Comparison, left: f64, right: f64) -> bool {
    match comparison {
        Comparison::Equal => left == right,
        Comparison::NotEqual => left != right,
        Comparison::Less => left < right,
        Comparison::LessOrEqual => left <= right,
        Comparison::Greater => left > right,
        Comparison::GreaterOrEqual => left >= right,
    }
}

impl Comparison {
    pub(super) fn is_equality(self) -> bool {
        matches!(self, Self::Equal | Self::NotEqual)
    }
}

/// Whether some string of `left` compares so with some string of `right`, which are the string-values of two node-sets.
///
/// Standard: <https://www.w3.org/TR/1999/REC-xpath-19991116/#booleans>
pub(super) fn any_pair<S: AsRef<str>>(comparison: Comparison, left: &[S], right: &[S]) -> bool {
    let (Some(first), false) = (left.first(), right.is_empty()) else {
        return false;
    };
    match comparison {
        // OPTIMIZATION: no pair is formed; the cost is that of the sets, not of their product.
        Comparison::Equal => {
            let known: HashSet<&str> = left.iter().map(AsRef::as_ref).collect();
            right.iter().any(|text| known.contains(text.as_ref()))
        }
        Comparison::NotEqual => left
            .iter()
            .chain(right)
            .any(|text| text.as_ref() != first.as_ref()),
        _ => {
            let numbers = |texts: &[S]| -> Option<(f64, f64)> {
                texts
                    .iter()
                    .map(|text| number_of(text.as_ref()))
                    .filter(|number| !number.is_nan())
                    .fold(None, |bounds, number| {
                        let (least, most) = bounds.unwrap_or((number, number));
                        Some((least.min(number), most.max(number)))
                    })
            };
            let (Some(left), Some(right)) = (numbers(left), numbers(right)) else {
                return false;
            };
            match comparison {
                Comparison::Less | Comparison::LessOrEqual => compare(comparison, left.0, right.1),
                _ => compare(comparison, left.1, right.0),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_become_numbers_by_the_grammar_alone() {
        for (text, number) in [
            ("1", 1.0),
            (" \t\r\n-1.50 ", -1.5),
            (".5", 0.5),
            ("5.", 5.0),
            ("-.5", -0.5),
            ("007", 7.0),
        ] {
            assert_eq!(number_of(text), number, "{text}");
        }
        for text in [
            "", " ", "+1", "1e3", "- 1", "--1", "0x1", "inf", "NaN", "Infinity", ".", "-", "1.2.3",
            "\u{A0}1", "\u{B}1", "١",
        ] {
            assert!(number_of(text).is_nan(), "{text}");
        }
        assert!(number_of("-0").is_sign_negative());
    }

    #[test]
    fn numbers_become_decimals_without_exponents() {
        for (number, text) in [
            (0.0, "0"),
            (-0.0, "0"),
            (1.0, "1"),
            (-1.5, "-1.5"),
            (0.1 + 0.2, "0.30000000000000004"),
            (1e21, "1000000000000000000000"),
            (1e-7, "0.0000001"),
            (f64::NAN, "NaN"),
            (f64::NEG_INFINITY, "-Infinity"),
        ] {
            assert_eq!(string_of(number), text);
        }
    }

    #[test]
    fn halves_round_up_and_zero_keeps_its_sign() {
        for (number, rounded) in [
            (0.5, 1.0),
            (2.5, 3.0),
            (-2.5, -2.0),
            (0.499_999_999_999_999_94, 0.0),
            (4_503_599_627_370_497.0, 4_503_599_627_370_497.0),
        ] {
            assert_eq!(round(number), rounded);
        }
        for number in [-0.5, -0.2, -0.0] {
            assert!(round(number) == 0.0 && round(number).is_sign_negative());
        }
        assert!(round(f64::NAN).is_nan());
        assert_eq!(round(f64::INFINITY), f64::INFINITY);
    }

    #[test]
    fn sets_compare_by_some_pair() {
        use Comparison::*;
        let one = ["1"];
        let some = ["1", "5", "x"];
        let none: [&str; 0] = [];
        assert!(any_pair(Equal, &one, &some) && any_pair(NotEqual, &one, &some));
        assert!(any_pair(Equal, &one, &one) && !any_pair(NotEqual, &one, &one));
        assert!(any_pair(Less, &one, &some) && !any_pair(Greater, &one, &some));
        assert!(any_pair(Greater, &some, &one) && any_pair(GreaterOrEqual, &one, &some));
        assert!(!any_pair(LessOrEqual, &["x"], &some));
        for comparison in [Equal, NotEqual, Less] {
            assert!(!any_pair(comparison, &none, &some) && !any_pair(comparison, &some, &none));
        }
    }
}
