//! HTTP as Fetch sees it: header lists, methods, what script may set, content codings.

pub mod content_coding;
pub mod forbidden_headers;
pub mod head;
pub mod header_list;
pub mod method;
pub mod reason_phrase;

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
