//! Heads of HTTP/1.1 messages, read and written byte for byte.
//!
//! Reading is as lenient as browsers are (bare line feeds, folded lines, no reason phrase, any byte in a value but NUL, CR
//! and LF), for `statusText` and `getAllResponseHeaders()` show what came over the wire.
//!
//! Standard: <https://httpwg.org/specs/rfc9112.html>

use super::{HeaderList, is_http_whitespace, trim_http_tab_or_space};
use crate::error::NetworkError;

/// The head of a response.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ResponseHead {
    /// Whether it is HTTP/1.0, where connections close by default.
    pub is_http10: bool,
    /// The status, 0 to 999: browsers take one to three digits.
    pub status: u16,
    /// The reason phrase; may be empty and may hold any byte but CR, LF and NUL.
    pub reason: Vec<u8>,
    /// The headers in order.
    pub headers: HeaderList,
}

/// How long a body is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Framing {
    /// No body: HEAD, 1xx, 204, 304.
    None,
    /// That many bytes.
    Length(u64),
    /// Chunked transfer coding.
    Chunked,
    /// Up to the end of the connection.
    UntilClose,
}

impl ResponseHead {
    /// Reads a head at the start of `bytes`; gives it and its length, or `None` if it is not complete yet.
    ///
    /// # Errors
    /// [`NetworkError::MalformedResponse`] as soon as the bytes cannot become a head.
    pub fn parse(bytes: &[u8]) -> Result<Option<(Self, usize)>, NetworkError> {
        check_start(bytes)?;
        let Some(length) = head_length(bytes) else {
            return Ok(None);
        };
        let head = bytes.get(..length).unwrap_or(bytes);
        if head.contains(&0) {
            return Err(malformed("NUL byte in the response head"));
        }
        let mut lines = head.split(|&byte| byte == b'\n').map(strip_line_end);
        let status_line = lines.next().unwrap_or_default();
        let (is_http10, status, reason) = parse_status_line(status_line)?;
        let headers = parse_header_lines(lines)?;
        Ok(Some((
            Self {
                is_http10,
                status,
                reason,
                headers,
            },
            length,
        )))
    }

    /// How the body that follows is delimited, for a request that was or was not HEAD.
    ///
    /// # Errors
    /// [`NetworkError::MalformedResponse`] for lengths that contradict each other.
    ///
    /// Standard: <https://httpwg.org/specs/rfc9112.html#message.body.length>
    pub fn framing(&self, is_head_request: bool) -> Result<Framing, NetworkError> {
        // 1. No body by method or status.
        if is_head_request || matches!(self.status, 100..=199 | 204 | 304) {
            return Ok(Framing::None);
        }
        // 3. and 4. A transfer coding overrides the length; without chunked at its end the connection's end counts.
        if let Some(codings) = self.headers.get_decode_split("transfer-encoding") {
            let codings: Vec<_> = codings.iter().filter(|coding| !coding.is_empty()).collect();
            if let Some(last) = codings.last() {
                return match last.eq_ignore_ascii_case("chunked") {
                    true if codings.len() == 1 => Ok(Framing::Chunked),
                    true => Err(malformed("transfer coding other than chunked")),
                    false if last.eq_ignore_ascii_case("identity") => self.length_framing(),
                    false => Err(malformed("transfer coding other than chunked")),
                };
            }
        }
        self.length_framing()
    }

    /// Whether the connection may carry another request after this response.
    #[must_use]
    pub fn keeps_alive(&self) -> bool {
        let options = self
            .headers
            .get_decode_split("connection")
            .unwrap_or_default();
        let has = |name: &str| {
            options
                .iter()
                .any(|option| option.eq_ignore_ascii_case(name))
        };
        !has("close") && (!self.is_http10 || has("keep-alive"))
    }

    /// Standard: <https://fetch.spec.whatwg.org/#header-list-extract-a-length>
    fn length_framing(&self) -> Result<Framing, NetworkError> {
        let values = self
            .headers
            .get_decode_split("content-length")
            .unwrap_or_default();
        // 5. Values that differ are an error, equal ones count once.
        let Some(first) = values.first() else {
            return Ok(Framing::UntilClose);
        };
        if values.iter().any(|value| value != first) {
            return Err(malformed("several different Content-Length values"));
        }
        // 8. One that is no number is ignored, as browsers do: up to the end.
        if first.is_empty() || !first.bytes().all(|byte| byte.is_ascii_digit()) {
            return Ok(Framing::UntilClose);
        }
        // 6. That length.
        let length = first.parse();
        length
            .map(Framing::Length)
            .map_err(|_| malformed("Content-Length too large"))
    }
}

/// Writes a request's head: request line with `target`, the headers in order, and the empty line.
#[must_use]
pub fn serialize_request_head(method: &str, target: &str, headers: &HeaderList) -> Vec<u8> {
    let mut head = Vec::with_capacity(512);
    head.extend_from_slice(method.as_bytes());
    head.push(b' ');
    head.extend_from_slice(target.as_bytes());
    head.extend_from_slice(b" HTTP/1.1\r\n");
    for (name, value) in headers.iter() {
        head.extend_from_slice(name);
        head.extend_from_slice(b": ");
        head.extend_from_slice(value);
        head.extend_from_slice(b"\r\n");
    }
    head.extend_from_slice(b"\r\n");
    head
}

fn malformed(detail: &str) -> NetworkError {
    NetworkError::MalformedResponse(detail.to_owned())
}

/// Refuses at once what does not start like a response, instead of waiting for a blank line that never comes.
fn check_start(bytes: &[u8]) -> Result<(), NetworkError> {
    const START: &[u8] = b"HTTP/";
    let same = bytes
        .iter()
        .zip(START)
        .all(|(byte, expected)| byte.eq_ignore_ascii_case(expected));
    if same {
        return Ok(());
    }
    Err(malformed("the answer does not start with HTTP/"))
}

/// The length of the head including its empty line.
fn head_length(bytes: &[u8]) -> Option<usize> {
    let mut line_start = 0;
    for (at, &byte) in bytes.iter().enumerate() {
        if byte != b'\n' {
            continue;
        }
        let line = bytes.get(line_start..at).unwrap_or_default();
        if line_start > 0 && matches!(line, [] | [b'\r']) {
            return Some(at + 1);
        }
        line_start = at + 1;
    }
    None
}

fn strip_line_end(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r").unwrap_or(line)
}

fn parse_status_line(line: &[u8]) -> Result<(bool, u16, Vec<u8>), NetworkError> {
    let bad = || malformed("bad status line");
    let version_end = line
        .iter()
        .position(|&byte| byte == b' ')
        .unwrap_or(line.len());
    let (version, rest) = line.split_at_checked(version_end).ok_or_else(bad)?;
    let number = version.get(5..).ok_or_else(bad)?;
    let [major, b'.', minor] = number else {
        return Err(bad());
    };
    if *major != b'1' || !minor.is_ascii_digit() {
        return Err(malformed("HTTP version is not 1.x"));
    }
    let rest = trim_start_spaces(rest);
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (status, reason) = rest.split_at_checked(digits).ok_or_else(bad)?;
    let status: u16 = std::str::from_utf8(status)
        .ok()
        .filter(|text| text.len() <= 3)
        .and_then(|text| text.parse().ok())
        .ok_or_else(|| malformed("bad status code"))?;
    if !matches!(reason, [] | [b' ', ..]) || reason.contains(&b'\r') {
        return Err(bad());
    }
    // NOTE: one space belongs to the syntax; browsers trim the rest of the outer white space too.
    Ok((
        *minor == b'0',
        status,
        trim_http_tab_or_space(reason).to_vec(),
    ))
}

fn trim_start_spaces(bytes: &[u8]) -> &[u8] {
    let spaces = bytes.iter().take_while(|byte| **byte == b' ').count();
    bytes.get(spaces..).unwrap_or_default()
}

fn parse_header_lines<'a>(
    lines: impl Iterator<Item = &'a [u8]>,
) -> Result<HeaderList, NetworkError> {
    let mut headers: Vec<(Vec<u8>, Vec<u8>)> = Vec::new();
    for line in lines.take_while(|line| !line.is_empty()) {
        if line.contains(&b'\r') {
            return Err(malformed("carriage return inside a header line"));
        }
        if matches!(line, [b' ' | b'\t', ..]) {
            // A folded line continues the value before it.
            if let Some((_, value)) = headers.last_mut() {
                let more = trim_http_tab_or_space(line);
                if !value.is_empty() && !more.is_empty() {
                    value.push(b' ');
                }
                value.extend_from_slice(more);
            }
            continue;
        }
        // NOTE: lines without a colon or a name are skipped, as browsers do.
        let Some(colon) = line.iter().position(|&byte| byte == b':') else {
            continue;
        };
        let (name, value) = line.split_at_checked(colon).unwrap_or((line, b""));
        let name = trim_end(name);
        if name.is_empty() || name.iter().any(|byte| is_http_whitespace(*byte)) {
            continue;
        }
        let value = trim_http_tab_or_space(value.strip_prefix(b":").unwrap_or(value));
        headers.push((name.to_vec(), value.to_vec()));
    }
    let mut list = HeaderList::new();
    for (name, value) in headers {
        list.push_raw(name, value);
    }
    Ok(list)
}

fn trim_end(bytes: &[u8]) -> &[u8] {
    let end = bytes
        .iter()
        .rposition(|byte| !matches!(byte, b' ' | b'\t'))
        .map_or(0, |at| at + 1);
    bytes.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn head(bytes: &[u8]) -> ResponseHead {
        ResponseHead::parse(bytes)
            .expect("well-formed")
            .expect("complete")
            .0
    }

    #[test]
    fn reason_phrase_and_values_keep_their_bytes() {
        let head = head(b"HTTP/1.1 200 \xfc ber\r\nX: \xe9\r\n\r\n");
        assert_eq!(head.reason, b"\xfc ber");
        assert_eq!(head.headers.get_first("x"), Some(&b"\xe9"[..]));
    }

    #[test]
    fn half_a_head_is_not_a_head() {
        let bytes = b"HTTP/1.1 200 OK\r\nA: b\r\n\r\n";
        for end in 0..bytes.len() {
            assert_eq!(ResponseHead::parse(&bytes[..end]), Ok(None), "{end}");
        }
        assert!(matches!(ResponseHead::parse(bytes), Ok(Some((_, 25)))));
    }

    #[test]
    fn bare_line_feeds_folds_and_junk_lines_are_tolerated() {
        let head = head(b"HTTP/1.0 404\nA : b\n c\njunk\n: no name\nD:\n\nbody");
        assert_eq!((head.status, head.reason.as_slice()), (404, &b""[..]));
        assert_eq!(
            head.headers,
            [("A", "b c"), ("D", "")].into_iter().collect()
        );
        assert!(!head.keeps_alive());
    }

    #[test]
    fn nul_lone_cr_and_bad_status_are_refused() {
        for bad in [
            &b"HTTP/1.1 200 OK\r\nA: \0\r\n\r\n"[..],
            b"HTTP/1.1 200 OK\r\nA: b\rc\r\n\r\n",
            b"HTTP/1.1 0200 OK\r\n\r\n",
            b"HTTP/1.1 -20 OK\r\n\r\n",
            b"HTTP/1.1 2000\r\n\r\n",
            b"HTTP/2 200 OK\r\n\r\n",
            b"SSH-2.0-OpenSSH",
        ] {
            assert!(ResponseHead::parse(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn framing_follows_rfc_9112() {
        let framing = |headers: &str| {
            head(format!("HTTP/1.1 200 OK\r\n{headers}\r\n").as_bytes()).framing(false)
        };
        assert_eq!(framing("Content-Length: 5, 5\r\n"), Ok(Framing::Length(5)));
        assert!(framing("Content-Length: 5\r\nContent-Length: 6\r\n").is_err());
        assert_eq!(framing("Content-Length: -1\r\n"), Ok(Framing::UntilClose));
        let both = "Content-Length: 5\r\nTransfer-Encoding: Chunked\r\n";
        assert_eq!(framing(both), Ok(Framing::Chunked));
        assert_eq!(
            head(b"HTTP/1.1 304 x\r\n\r\n").framing(false),
            Ok(Framing::None)
        );
        assert_eq!(
            head(b"HTTP/1.1 200 x\r\n\r\n").framing(true),
            Ok(Framing::None)
        );
    }
}
