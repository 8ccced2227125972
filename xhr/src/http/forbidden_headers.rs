//! Which headers script may set or read.
//!
//! Standard: <https://fetch.spec.whatwg.org/#forbidden-request-header>

use super::Method;
use super::header_list::decode_and_split;

/// Whether script may not set this request header.
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
    const METHOD_OVERRIDES: [&str; 3] = [
        "x-http-method",
        "x-http-method-override",
        "x-method-override",
    ];
    let name = name.to_ascii_lowercase();
    let is_one_of = |names: &[&str]| names.iter().any(|known| known.as_bytes() == name);
    // 1. – 2. By name, and by prefix.
    if is_one_of(&NAMES) || name.starts_with(b"proxy-") || name.starts_with(b"sec-") {
        return true;
    }
    // 3. – 4. An override of the method, if it names a forbidden one.
    is_one_of(&METHOD_OVERRIDES)
        && decode_and_split(value)
            .iter()
            .filter_map(|method| Method::parse(method.as_bytes()))
            .any(|method| method.is_forbidden())
}

/// Whether script may not read this response header.
///
/// Standard: <https://fetch.spec.whatwg.org/#forbidden-response-header-name>
#[must_use]
pub fn is_forbidden_response_header_name(name: &[u8]) -> bool {
    name.eq_ignore_ascii_case(b"set-cookie") || name.eq_ignore_ascii_case(b"set-cookie2")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_prefixes_in_any_case() {
        for name in [
            "Accept-Charset",
            "HOST",
            "tE",
            "Proxy-",
            "proxy-x",
            "Sec-",
            "SEC-Fetch-Mode",
        ] {
            assert!(is_forbidden_request_header(name.as_bytes(), b""), "{name}");
        }
        for name in [
            "Authorization",
            "User-Agent",
            "X-Sec-",
            "Content-Type",
            "Proxy",
        ] {
            assert!(!is_forbidden_request_header(name.as_bytes(), b""), "{name}");
        }
    }

    #[test]
    fn method_overrides_by_their_value() {
        let is =
            |value: &str| is_forbidden_request_header(b"X-HTTP-Method-Override", value.as_bytes());
        assert!(is("get, Trace"));
        assert!(!is("get, \"Trace\""));
        assert!(!is("PATCH"));
    }
}
