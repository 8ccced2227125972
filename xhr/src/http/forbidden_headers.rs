//! Which headers script may set or read.
//!
//! Standard: <https://fetch.spec.whatwg.org/#forbidden-request-header>

use super::Method;
use super::header_list::decode_and_split;

/// Whether script may not set the header on a request.
///
/// Standard: <https://fetch.spec.whatwg.org/#forbidden-request-header>
#[must_use]
pub fn is_forbidden_request_header(name: &[u8], value: &[u8]) -> bool {
    const NAMES: [&str; 21] = [
        "accept-charset",
        "accept-encoding",
        "access-control-request-headers",
        "access-control-request-method",
        "connection",
        "content-length",
        "cookie",
        "cookie2",
        "date",
        "dnt",
        "expect",
        "host",
        "keep-alive",
        "origin",
        "referer",
        "set-cookie",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "via",
    ];
    let name = name.to_ascii_lowercase();
    let is = |other: &&str| other.as_bytes() == name;
    // 1. and 2. Listed, or of the proxy or security family.
    if NAMES.iter().any(is) || name.starts_with(b"proxy-") || name.starts_with(b"sec-") {
        return true;
    }
    // 3. Method overrides with a forbidden method among their values.
    let overrides = [
        "x-http-method",
        "x-http-method-override",
        "x-method-override",
    ];
    overrides.iter().any(is)
        && decode_and_split(value)
            .iter()
            .filter_map(|method| Method::parse(method.as_bytes()))
            .any(|method| method.is_forbidden())
}

/// Whether script may not read the header of a response.
///
/// Standard: <https://fetch.spec.whatwg.org/#forbidden-response-header-name>
#[must_use]
pub fn is_forbidden_response_header_name(name: &[u8]) -> bool {
    name.eq_ignore_ascii_case(b"set-cookie") || name.eq_ignore_ascii_case(b"set-cookie2")
}

/// Whether the header describes a request's body and so leaves with it on a redirect.
///
/// Standard: <https://fetch.spec.whatwg.org/#request-body-header-name>
#[must_use]
pub fn is_request_body_header_name(name: &[u8]) -> bool {
    [
        "content-encoding",
        "content-language",
        "content-location",
        "content-type",
    ]
    .iter()
    .any(|other| name.eq_ignore_ascii_case(other.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn listed_and_prefixed_names_are_forbidden() {
        for name in [
            "Cookie",
            "HOST",
            "Sec-Foo",
            "proxy-x",
            "Access-Control-Request-Method",
        ] {
            assert!(is_forbidden_request_header(name.as_bytes(), b""), "{name}");
        }
        for name in [
            "Authorization",
            "Accept",
            "Range",
            "sec",
            "X-Cookie",
            "User-Agent",
        ] {
            assert!(!is_forbidden_request_header(name.as_bytes(), b""), "{name}");
        }
    }

    #[test]
    fn method_overrides_are_forbidden_by_their_value() {
        assert!(is_forbidden_request_header(b"X-HTTP-Method", b"GET, track"));
        assert!(!is_forbidden_request_header(b"X-HTTP-Method", b"DELETE"));
    }
}
