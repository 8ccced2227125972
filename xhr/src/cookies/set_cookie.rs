//! `Set-Cookie`, from bytes to attributes.
//!
//! Standard: <https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#name-the-set-cookie-header-field-2>

use std::time::{Duration, SystemTime};

use super::SameSite;
use super::date::parse_cookie_date;
use crate::http::trim_http_tab_or_space;

/// The longest a cookie lives.
const MAX_LIFETIME: Duration = Duration::from_secs(400 * 86_400);

/// Name and value together, and each attribute value, may be this long.
const MAX_PAIR: usize = 4096;
const MAX_ATTRIBUTE: usize = 1024;

/// A `Set-Cookie` value as parsed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct SetCookie {
    pub(super) name: Vec<u8>,
    pub(super) value: Vec<u8>,
    /// `None`: ends with the session. A time in the past removes the cookie.
    pub(super) expires: Option<SystemTime>,
    /// Lower-case, without a leading dot; empty values are ignored.
    pub(super) domain: Option<String>,
    pub(super) path: Option<Vec<u8>>,
    pub(super) secure: bool,
    pub(super) http_only: bool,
    pub(super) same_site: SameSite,
}

impl SetCookie {
    /// Parses a header value; `None` if it is to be ignored whole.
    ///
    /// Standard: <https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#name-the-set-cookie-header-field-2>
    pub(super) fn parse(header: &[u8], now: SystemTime) -> Option<Self> {
        // 1. Control characters but tab: ignored whole.
        if header
            .iter()
            .any(|&byte| (byte < 0x20 && byte != b'\t') || byte == 0x7f)
        {
            return None;
        }
        let mut parts = header.split(|&byte| byte == b';');
        // 2. to 5. Name and value; without an equals sign it is all value.
        let pair = parts.next().unwrap_or_default();
        let (name, value) = match pair.iter().position(|&byte| byte == b'=') {
            Some(at) => (pair.get(..at)?, pair.get(at + 1..)?),
            None => (&b""[..], pair),
        };
        let name = trim_http_tab_or_space(name);
        let value = trim_http_tab_or_space(value);
        if name.len() + value.len() > MAX_PAIR || (name.is_empty() && value.is_empty()) {
            return None;
        }
        let mut cookie = Self {
            name: name.to_vec(),
            value: value.to_vec(),
            expires: None,
            domain: None,
            path: None,
            secure: false,
            http_only: false,
            same_site: SameSite::Unset,
        };
        // 6. Attributes; the last of a name counts, Max-Age before Expires.
        let mut max_age = None;
        for attribute in parts {
            let (name, value) = match attribute.iter().position(|&byte| byte == b'=') {
                Some(at) => (attribute.get(..at)?, attribute.get(at + 1..)?),
                None => (attribute, &b""[..]),
            };
            let value = trim_http_tab_or_space(value);
            if value.len() > MAX_ATTRIBUTE {
                continue;
            }
            match trim_http_tab_or_space(name).to_ascii_lowercase().as_slice() {
                b"expires" => {
                    if let Some(time) = parse_cookie_date(value) {
                        cookie.expires = Some(time.min(latest(now)));
                    }
                }
                b"max-age" => max_age = parse_max_age(value).or(max_age),
                b"domain" => cookie.domain = parse_domain(value),
                b"path" => cookie.path = value.starts_with(b"/").then(|| value.to_vec()),
                b"secure" => cookie.secure = true,
                b"httponly" => cookie.http_only = true,
                b"samesite" => cookie.same_site = parse_same_site(value),
                _ => {}
            }
        }
        if let Some(seconds) = max_age {
            let lifetime = Duration::from_secs(seconds).min(MAX_LIFETIME);
            cookie.expires = if seconds == 0 {
                Some(SystemTime::UNIX_EPOCH)
            } else {
                now.checked_add(lifetime)
            };
        }
        Some(cookie)
    }
}

fn latest(now: SystemTime) -> SystemTime {
    now.checked_add(MAX_LIFETIME).unwrap_or(now)
}

/// Seconds; negative and zero are 0.
fn parse_max_age(value: &[u8]) -> Option<u64> {
    let (is_negative, digits) = match value {
        [b'-', rest @ ..] => (true, rest),
        _ => (false, value),
    };
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    if is_negative {
        return Some(0);
    }
    // What does not fit is as good as the longest lifetime.
    Some(
        std::str::from_utf8(digits)
            .ok()?
            .parse()
            .unwrap_or(u64::MAX),
    )
}

fn parse_domain(value: &[u8]) -> Option<String> {
    let value = value.strip_prefix(b".").unwrap_or(value);
    let text = std::str::from_utf8(value).ok()?;
    if text.is_empty() {
        return None;
    }
    // Canonicalised as URL hosts are; what is no host cannot match one, but must not be taken for "no Domain" either.
    Some(url::Host::parse(text).map_or_else(|_| text.to_owned(), |host| host.to_string()))
}

fn parse_same_site(value: &[u8]) -> SameSite {
    match value.to_ascii_lowercase().as_slice() {
        b"strict" => SameSite::Strict,
        b"lax" => SameSite::Lax,
        b"none" => SameSite::None,
        _ => SameSite::Unset,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn parse(header: &str) -> Option<SetCookie> {
        SetCookie::parse(header.as_bytes(), SystemTime::UNIX_EPOCH)
    }

    #[test]
    fn attributes_are_read_in_any_case_and_the_last_counts() {
        let cookie = parse(
            "a = b=c ; PATH=/x; Domain=.Example.COM; secure; HttpOnly; samesite=lax; path=/y",
        )
        .expect("a cookie");
        assert_eq!(
            (cookie.name.as_slice(), cookie.value.as_slice()),
            (&b"a"[..], &b"b=c"[..])
        );
        assert_eq!(cookie.domain.as_deref(), Some("example.com"));
        assert_eq!(cookie.path.as_deref(), Some(&b"/y"[..]));
        assert!(cookie.secure && cookie.http_only);
        assert_eq!(cookie.same_site, SameSite::Lax);
    }

    #[test]
    fn max_age_goes_before_expires_and_is_capped() {
        let expires = "Expires=Wed, 21 Oct 2015 07:28:00 GMT";
        let cookie = parse(&format!("a=b; Max-Age=5; {expires}")).expect("a cookie");
        assert_eq!(
            cookie.expires,
            Some(SystemTime::UNIX_EPOCH + Duration::from_secs(5))
        );
        let cookie = parse("a=b; max-age=99999999999999999999999").expect("a cookie");
        assert_eq!(cookie.expires, Some(SystemTime::UNIX_EPOCH + MAX_LIFETIME));
        let cookie = parse("a=b; max-age=-1").expect("a cookie");
        assert_eq!(cookie.expires, Some(SystemTime::UNIX_EPOCH));
        assert_eq!(parse("a=b; max-age=x").expect("a cookie").expires, None);
    }

    #[test]
    fn nameless_and_bad_cookies() {
        assert_eq!(parse("token").expect("a cookie").value, b"token");
        assert_eq!(parse("=token").expect("a cookie").name, b"");
        assert_eq!(parse("; path=/"), None);
        assert_eq!(parse("="), None);
        assert_eq!(parse("a=\u{1}"), None);
        assert_eq!(parse(&format!("a={}", "b".repeat(4096))), None);
    }
}
