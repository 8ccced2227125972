//! The headers that CORS lets pass without asking.
//!
//! Standard: <https://fetch.spec.whatwg.org/#cors-safelisted-request-header>

use super::forbidden_headers::is_forbidden_response_header_name;
use super::{HeaderList, is_http_tab_or_space, isomorphic_decode};

/// Whether the header may be sent across origins without a preflight.
///
/// Standard: <https://fetch.spec.whatwg.org/#cors-safelisted-request-header>
#[must_use]
pub fn is_cors_safelisted_request_header(name: &[u8], value: &[u8]) -> bool {
    // 1. Too long.
    if value.len() > 128 {
        return false;
    }
    // 2. By name:
    match name.to_ascii_lowercase().as_slice() {
        b"accept" => !value.iter().any(|&byte| is_cors_unsafe_byte(byte)),
        b"accept-language" | b"content-language" => value
            .iter()
            .all(|&byte| byte.is_ascii_alphanumeric() || b" *,-.;=".contains(&byte)),
        b"content-type" => {
            // 1. to 4. No unsafe byte, and one of the types that forms can send.
            !value.iter().any(|&byte| is_cors_unsafe_byte(byte))
                && isomorphic_decode(value)
                    .parse::<data_url::mime::Mime>()
                    .is_ok_and(|mime| {
                        let essence = format!("{}/{}", mime.type_, mime.subtype);
                        matches!(
                            essence.as_str(),
                            "application/x-www-form-urlencoded"
                                | "multipart/form-data"
                                | "text/plain"
                        )
                    })
        }
        b"range" => {
            // 1. to 3. One range with a start.
            parse_single_range(value, AllowWhitespace::No).is_some_and(|(start, _)| start.is_some())
        }
        _ => false,
    }
}

/// The names of the headers that need a preflight: lower-case, sorted, unique.
///
/// Standard: <https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names>
#[must_use]
pub fn cors_unsafe_request_header_names(headers: &HeaderList) -> Vec<Vec<u8>> {
    // 1. to 3. Unsafe ones, those that are only unsafe together, and their size.
    let mut unsafe_names = Vec::new();
    let mut potentially_unsafe_names = Vec::new();
    let mut safelist_value_size = 0_usize;
    // 4. Sort the headers out.
    for (name, value) in headers.iter() {
        if is_cors_safelisted_request_header(name, value) {
            potentially_unsafe_names.push(name.to_ascii_lowercase());
            safelist_value_size += value.len();
        } else {
            unsafe_names.push(name.to_ascii_lowercase());
        }
    }
    // 5. Too much in sum.
    if safelist_value_size > 1024 {
        unsafe_names.append(&mut potentially_unsafe_names);
    }
    // 6. Sorted set.
    unsafe_names.sort_unstable();
    unsafe_names.dedup();
    unsafe_names
}

/// Whether `*` in `Access-Control-Allow-Headers` does not cover the header.
///
/// Standard: <https://fetch.spec.whatwg.org/#cors-non-wildcard-request-header-name>
#[must_use]
pub fn is_cors_non_wildcard_request_header_name(name: &[u8]) -> bool {
    name.eq_ignore_ascii_case(b"authorization")
}

/// Whether the header of a cross-origin response may be read; `exposed` is the CORS-exposed header-name list.
///
/// Standard: <https://fetch.spec.whatwg.org/#cors-safelisted-response-header-name>
#[must_use]
pub fn is_cors_safelisted_response_header_name(name: &[u8], exposed: &[Vec<u8>]) -> bool {
    const NAMES: [&str; 7] = [
        "cache-control",
        "content-language",
        "content-length",
        "content-type",
        "expires",
        "last-modified",
        "pragma",
    ];
    NAMES
        .iter()
        .any(|other| name.eq_ignore_ascii_case(other.as_bytes()))
        || (exposed.iter().any(|other| name.eq_ignore_ascii_case(other))
            && !is_forbidden_response_header_name(name))
}

/// Whether white space between the tokens of a range is allowed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum AllowWhitespace {
    /// It is.
    Yes,
    /// It is not.
    No,
}

/// Start and end of a `Range` value with one byte range; `None` if it is not one.
///
/// Standard: <https://fetch.spec.whatwg.org/#simple-range-header-value>
#[must_use]
pub fn parse_single_range(
    value: &[u8],
    allow_whitespace: AllowWhitespace,
) -> Option<(Option<u64>, Option<u64>)> {
    // 1. and 2. The unit.
    let mut rest = value.strip_prefix(b"bytes")?;
    let skip = |bytes: &mut &[u8]| {
        while allow_whitespace == AllowWhitespace::Yes
            && let [first, tail @ ..] = *bytes
            && is_http_tab_or_space(*first)
        {
            *bytes = tail;
        }
    };
    // 3. to 7. White space, the equals sign, white space.
    skip(&mut rest);
    rest = rest.strip_prefix(b"=")?;
    skip(&mut rest);
    // 8. and 9. Digits: the start.
    let start = take_number(&mut rest)?;
    skip(&mut rest);
    // 11. and 12. The hyphen.
    rest = rest.strip_prefix(b"-")?;
    skip(&mut rest);
    // 14. and 15. Digits: the end.
    let end = take_number(&mut rest)?;
    // 16. to 18. Nothing behind, not both missing, in order.
    match (start, end) {
        _ if !rest.is_empty() => None,
        (None, None) => None,
        (Some(start), Some(end)) if start > end => None,
        range => Some(range),
    }
}

/// The digits at the start as a number; `Some(None)` without digits, `None` if the number is too large.
fn take_number(bytes: &mut &[u8]) -> Option<Option<u64>> {
    let count = bytes
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    let (digits, rest) = bytes.split_at_checked(count)?;
    *bytes = rest;
    if digits.is_empty() {
        return Some(None);
    }
    std::str::from_utf8(digits).ok()?.parse().ok().map(Some)
}

const fn is_cors_unsafe_byte(byte: u8) -> bool {
    (byte < 0x20 && byte != b'\t')
        || matches!(
            byte,
            b'"' | b'('
                | b')'
                | b':'
                | b'<'
                | b'>'
                | b'?'
                | b'@'
                | b'['
                | b'\\'
                | b']'
                | b'{'
                | b'}'
                | 0x7f
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn form_types_are_safelisted_and_others_are_not() {
        let safe = |name: &str, value: &str| {
            is_cors_safelisted_request_header(name.as_bytes(), value.as_bytes())
        };
        assert!(safe("Content-Type", "text/plain;charset=utf-8"));
        assert!(safe("content-type", "multipart/form-data; boundary=x"));
        assert!(!safe("content-type", "application/json"));
        assert!(!safe("content-type", "text/plain; x=\"\""));
        assert!(safe("Accept", "text/*"));
        assert!(!safe("Accept", "a:b"));
        assert!(!safe("Accept", &"a".repeat(129)));
        assert!(!safe("x-test", "1"));
        assert!(safe("range", "bytes=0-1"));
        assert!(!safe("range", "bytes=-1"));
        assert!(!safe("range", "bytes= 0-1"));
    }

    #[test]
    fn many_safelisted_headers_are_unsafe_together() {
        let mut headers = HeaderList::new();
        for _ in 0..9 {
            headers.append("Accept", "a".repeat(120));
        }
        assert_eq!(
            cors_unsafe_request_header_names(&headers),
            [b"accept".to_vec()]
        );
    }

    #[test]
    fn set_cookie_is_never_exposed() {
        let exposed = [b"set-cookie".to_vec(), b"x-a".to_vec()];
        assert!(!is_cors_safelisted_response_header_name(
            b"Set-Cookie",
            &exposed
        ));
        assert!(is_cors_safelisted_response_header_name(b"X-A", &exposed));
        assert!(is_cors_safelisted_response_header_name(b"PRAGMA", &[]));
        assert!(!is_cors_safelisted_response_header_name(b"X-B", &exposed));
    }
}
