//! Request methods.
//!
//! Standard: <https://fetch.spec.whatwg.org/#methods>

use std::borrow::Cow;
use std::fmt;

use super::is_token;

/// An HTTP method: a token, kept in the case it was given.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Method(Cow<'static, str>);

impl Method {
    /// `GET`.
    pub const GET: Self = Self(Cow::Borrowed("GET"));
    /// `HEAD`.
    pub const HEAD: Self = Self(Cow::Borrowed("HEAD"));
    /// `POST`.
    pub const POST: Self = Self(Cow::Borrowed("POST"));
    /// `OPTIONS`.
    pub const OPTIONS: Self = Self(Cow::Borrowed("OPTIONS"));

    /// `bytes` as a method, not normalised; `None` if they are not a token.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        if !is_token(bytes) {
            return None;
        }
        // A token is ASCII, so this cannot fail.
        String::from_utf8(bytes.to_vec())
            .ok()
            .map(|method| Self(Cow::Owned(method)))
    }

    /// The method with DELETE, GET, HEAD, OPTIONS, POST and PUT in upper case; others, `patch` included, stay as they are.
    ///
    /// Standard: <https://fetch.spec.whatwg.org/#concept-method-normalize>
    #[must_use]
    pub fn normalize(self) -> Self {
        const NORMALIZED: [&str; 6] = ["DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"];
        match NORMALIZED
            .into_iter()
            .find(|name| name.eq_ignore_ascii_case(&self.0))
        {
            Some(name) => Self(Cow::Borrowed(name)),
            None => self,
        }
    }

    /// Whether script may not use it: CONNECT, TRACE, TRACK in any case.
    ///
    /// Standard: <https://fetch.spec.whatwg.org/#forbidden-method>
    #[must_use]
    pub fn is_forbidden(&self) -> bool {
        ["CONNECT", "TRACE", "TRACK"]
            .into_iter()
            .any(|name| name.eq_ignore_ascii_case(&self.0))
    }

    /// Whether it needs no preflight: GET, HEAD, POST.
    ///
    /// Standard: <https://fetch.spec.whatwg.org/#cors-safelisted-method>
    #[must_use]
    pub fn is_cors_safelisted(&self) -> bool {
        matches!(self.as_str(), "GET" | "HEAD" | "POST")
    }

    /// Whether the request asks for no change.
    ///
    /// Standard: <https://httpwg.org/specs/rfc9110.html#safe.methods>
    #[must_use]
    pub fn is_safe(&self) -> bool {
        matches!(self.as_str(), "GET" | "HEAD" | "OPTIONS" | "TRACE")
    }

    /// Whether repeating the request changes nothing more than sending it once.
    #[must_use]
    pub fn is_idempotent(&self) -> bool {
        matches!(
            self.as_str(),
            "GET" | "HEAD" | "OPTIONS" | "PUT" | "DELETE" | "TRACE"
        )
    }

    /// The method as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Method {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_six_methods_are_normalised() {
        for (given, expected) in [
            ("get", "GET"),
            ("pUt", "PUT"),
            ("patch", "patch"),
            ("chicken", "chicken"),
        ] {
            let method = Method::parse(given.as_bytes()).expect("a token");
            assert_eq!(method.normalize().as_str(), expected);
        }
    }

    #[test]
    fn a_method_is_a_token() {
        for bad in [&b""[..], b"GE T", b"G\0", "G\u{e9}T".as_bytes()] {
            assert_eq!(Method::parse(bad), None);
        }
    }

    #[test]
    fn trace_is_forbidden_in_any_case() {
        assert!(Method::parse(b"tRaCk").expect("a token").is_forbidden());
        assert!(!Method::GET.is_forbidden());
    }
}
