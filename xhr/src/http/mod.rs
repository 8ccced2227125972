//! HTTP as Fetch sees it: header lists, methods, what script may set, content codings.

pub mod challenge;
pub mod content_coding;
pub mod cors_safelist;
pub(crate) mod digest;
pub mod forbidden_headers;
pub mod head;
pub mod header_list;
pub mod method;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;

pub use header_list::HeaderList;
pub use method::Method;

/// Whether `byte` is an HTTP tab or space.
#[must_use]
pub const fn is_http_tab_or_space(byte: u8) -> bool {
    matches!(byte, b'\t' | b' ')
}

/// Whether `byte` is HTTP whitespace (tab, line feed, carriage return, space).
#[must_use]
pub const fn is_http_whitespace(byte: u8) -> bool {
    matches!(byte, b'\t' | b'\n' | b'\r' | b' ')
}

/// Whether `bytes` is an HTTP token: not empty, token code points only.
///
/// Standard: <https://mimesniff.spec.whatwg.org/#http-token-code-point>
#[must_use]
pub fn is_token(bytes: &[u8]) -> bool {
    !bytes.is_empty() && bytes.iter().all(|&byte| is_token_byte(byte))
}

/// `bytes` without leading and trailing HTTP whitespace.
#[must_use]
pub fn trim_http_whitespace(bytes: &[u8]) -> &[u8] {
    trim(bytes, is_http_whitespace)
}

/// `bytes` without leading and trailing tabs and spaces.
#[must_use]
pub fn trim_http_tab_or_space(bytes: &[u8]) -> &[u8] {
    trim(bytes, is_http_tab_or_space)
}

/// Each byte as the code point of its value ("isomorphic decode"): how header bytes become a string for script.
///
/// Standard: <https://infra.spec.whatwg.org/#isomorphic-decode>
#[must_use]
pub fn isomorphic_decode(bytes: &[u8]) -> String {
    bytes.iter().map(|&byte| char::from(byte)).collect()
}

/// An `Authorization` or `Proxy-Authorization` value of the Basic scheme.
///
/// Standard: <https://www.rfc-editor.org/rfc/rfc7617>
#[must_use]
pub fn basic_authorization(username: &str, password: &str) -> String {
    format!("Basic {}", BASE64.encode(format!("{username}:{password}")))
}

/// `text` with its percent-encoded bytes decoded; what is not UTF-8 then becomes U+FFFD.
#[must_use]
pub fn percent_decode(text: &str) -> String {
    let hex = |byte: Option<&u8>| byte.and_then(|byte| char::from(*byte).to_digit(16));
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        if byte == b'%'
            && let (Some(high), Some(low)) = (hex(bytes.get(at + 1)), hex(bytes.get(at + 2)))
            && let Ok(value) = u8::try_from(high * 16 + low)
        {
            decoded.push(value);
            at += 3;
        } else {
            decoded.push(byte);
            at += 1;
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

const fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(
            byte,
            b'!' | b'#'
                | b'$'
                | b'%'
                | b'&'
                | b'\''
                | b'*'
                | b'+'
                | b'-'
                | b'.'
                | b'^'
                | b'_'
                | b'`'
                | b'|'
                | b'~'
        )
}

fn trim(mut bytes: &[u8], strip: fn(u8) -> bool) -> &[u8] {
    while let [first, rest @ ..] = bytes
        && strip(*first)
    {
        bytes = rest;
    }
    while let [rest @ .., last] = bytes
        && strip(*last)
    {
        bytes = rest;
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn basic_authorization_is_base64_of_user_and_password() {
        assert_eq!(
            basic_authorization("Aladdin", "open sesame"),
            "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="
        );
    }

    #[test]
    fn percent_decoding_keeps_what_is_not_an_escape() {
        assert_eq!(percent_decode("a%40%zz%e9%"), "a@%zz\u{fffd}%");
    }
}
