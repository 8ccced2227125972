//! URLs as documents write them: the query is in the document's character encoding.
//!
//! Standard: HTML, <https://html.spec.whatwg.org/multipage/urls-and-fetching.html#encoding-parsing-a-url>, as of July 2026.

use std::borrow::Cow;

use encoding_rs::{EncoderResult, Encoding, UTF_8};
use url::Url;

/// Parses a URL whose query is written in `encoding`, against `base` (`None`: only an absolute URL parses). UTF-16 becomes UTF-8,
/// and so does the query of a URL that is neither `http(s):`, `file:` nor `ftp:`. `None` if it does not parse.
///
/// Standard: <https://html.spec.whatwg.org/multipage/urls-and-fetching.html#encoding-parsing-a-url>
#[must_use]
pub fn encoding_parse_url(
    url: &str,
    encoding: &'static Encoding,
    base: Option<&Url>,
) -> Option<Url> {
    let encoding = encoding.output_encoding();
    if encoding == UTF_8 {
        return Url::options().base_url(base).parse(url).ok();
    }
    let encode: &dyn Fn(&str) -> Cow<'_, [u8]> = &|query| Cow::Owned(encode_query(query, encoding));
    Url::options()
        .base_url(base)
        .encoding_override(Some(encode))
        .parse(url)
        .ok()
}

/// Encodes `query`; what the encoding lacks becomes a percent-encoded numeric character reference.
///
/// Standard: <https://url.spec.whatwg.org/#string-percent-encode-after-encoding>
fn encode_query(query: &str, encoding: &'static Encoding) -> Vec<u8> {
    let mut encoder = encoding.new_encoder();
    let mut encoded = Vec::new();
    let mut rest = query;
    loop {
        let room = encoder
            .max_buffer_length_from_utf8_without_replacement(rest.len())
            .unwrap_or(rest.len());
        encoded.reserve(room);
        let (result, read) =
            encoder.encode_from_utf8_to_vec_without_replacement(rest, &mut encoded, true);
        rest = rest.get(read..).unwrap_or_default();
        match result {
            EncoderResult::InputEmpty => return encoded,
            EncoderResult::OutputFull => {}
            EncoderResult::Unmappable(character) => {
                encoded.extend_from_slice(format!("%26%23{}%3B", u32::from(character)).as_bytes());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use encoding_rs::{SHIFT_JIS, UTF_16LE, WINDOWS_1252};

    use super::*;

    #[track_caller]
    fn check(encoding: &'static Encoding, url: &str, expected: &str) {
        let base = Url::parse("http://a.test/b/c?d").expect("a URL");
        let parsed = encoding_parse_url(url, encoding, Some(&base));
        assert_eq!(parsed.as_ref().map(Url::as_str), Some(expected));
    }

    #[test]
    fn only_the_query_is_in_the_documents_encoding() {
        check(UTF_8, "é?é", "http://a.test/b/%C3%A9?%C3%A9");
        check(
            WINDOWS_1252,
            "é?é&€#é",
            "http://a.test/b/%C3%A9?%E9&%80#%C3%A9",
        );
        check(SHIFT_JIS, "?ﾃｽﾄ", "http://a.test/b/c?%C3%BD%C4");
        check(UTF_16LE, "?é", "http://a.test/b/c?%C3%A9");
    }

    #[test]
    fn what_the_encoding_lacks_becomes_a_character_reference() {
        check(
            WINDOWS_1252,
            "?a☃b☃",
            "http://a.test/b/c?a%26%239731%3Bb%26%239731%3B",
        );
    }
}
