//! The `open()` method.

use std::borrow::Cow;

use encoding_rs::{EncoderResult, Encoding, UTF_8};
use url::Url;

use super::{Action, ClientSettings, Global, ReadyState, ResponseType, XhrEvent, XmlHttpRequest};
use crate::error::XhrError;
use crate::http::Method;

/// The arguments of `open()`.
#[derive(Clone, Copy, Debug)]
pub struct OpenOptions<'a> {
    /// The method, as script gives it.
    pub method: &'a [u8],
    /// The URL, as script gives it.
    pub url: &'a str,
    /// Default: asynchronous.
    pub async_: Async,
    /// Default: none.
    pub username: Option<&'a str>,
    /// Default: none.
    pub password: Option<&'a str>,
}

impl<'a> OpenOptions<'a> {
    /// An asynchronous request.
    #[must_use]
    pub const fn new(method: &'a [u8], url: &'a str) -> Self {
        Self {
            method,
            url,
            async_: Async::Yes,
            username: None,
            password: None,
        }
    }
}

/// Whether `send()` returns at once.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Async {
    /// It does, and events tell the rest.
    Yes,
    /// It returns when the response is whole.
    No,
}

impl XmlHttpRequest {
    /// Runs the `open()` method steps. Sends nothing.
    ///
    /// # Errors
    /// [`XhrError::Syntax`] if the method is not a token or the URL does not parse; [`XhrError::Security`] for CONNECT,
    /// TRACE and TRACK; [`XhrError::InvalidAccess`] for a synchronous request of a window with `timeout` or
    /// `responseType` set; [`XhrError::InvalidState`] if the document is not fully active.
    ///
    /// Standard: <https://xhr.spec.whatwg.org/#dom-xmlhttprequest-open>
    pub fn open(
        &mut self,
        options: &OpenOptions<'_>,
        settings: &ClientSettings,
    ) -> Result<(), XhrError> {
        // 1. A window's document must be fully active.
        if self.global == Global::Window && !settings.fully_active {
            return Err(XhrError::InvalidState("the document is not fully active"));
        }
        // 2. Not a method: SyntaxError.
        let method = Method::parse(options.method)
            .ok_or(XhrError::Syntax("the method is not an HTTP token"))?;
        // 3. A forbidden one: SecurityError.
        if method.is_forbidden() {
            return Err(XhrError::Security(
                "the methods CONNECT, TRACE and TRACK are forbidden",
            ));
        }
        // 4. Upper case for the six that are normalised.
        let method = method.normalize();
        // 5. – 6. Parse the URL, or SyntaxError.
        let mut url = encoding_parse_url(options.url, settings.url_encoding, &settings.base_url)
            .ok_or(XhrError::Syntax("the URL does not parse"))?;
        // 7. Omitted arguments — in OpenOptions::new.
        // 8. User name and password, if the URL has a host. The setters refuse where there is none.
        if url.has_host() {
            if let Some(username) = options.username {
                let _ = url.set_username(username);
            }
            if let Some(password) = options.password {
                let _ = url.set_password(Some(password));
            }
        }
        // 9. A synchronous request of a window has neither timeout nor response type.
        let synchronous = options.async_ == Async::No;
        if synchronous
            && self.global == Global::Window
            && (self.timeout != 0 || self.response_type != ResponseType::Empty)
        {
            return Err(XhrError::InvalidAccess(
                "a synchronous request of a window can have neither timeout nor responseType",
            ));
        }
        // 10. Terminate the fetch that may be under way.
        let mut actions: Vec<_> = self.terminate_fetch().into_iter().collect();
        // 11. Start afresh. The override MIME type stays.
        self.send_invoked = false;
        self.request_method = method;
        self.request_url = Some(url);
        self.blob_url_entry = None;
        self.author_request_headers = crate::http::HeaderList::new();
        self.request_body = None;
        self.synchronous = synchronous;
        self.upload_listener = false;
        self.response = None;
        self.received_bytes = Vec::new();
        self.text = super::text_response::TextDecoding::default();
        // 12. Opened, and said so, unless it was opened before.
        if self.state != ReadyState::Opened {
            self.state = ReadyState::Opened;
            actions.push(Action::Fire(XhrEvent::ready_state_change()));
        }
        self.begin(actions);
        Ok(())
    }
}

/// Parses a URL whose query is written in `encoding`.
///
/// Standard: <https://html.spec.whatwg.org/multipage/urls-and-fetching.html#encoding-parsing-a-url>
fn encoding_parse_url(url: &str, encoding: &'static Encoding, base: &Url) -> Option<Url> {
    let encoding = encoding.output_encoding();
    if encoding == UTF_8 {
        return base.join(url).ok();
    }
    let encode: &dyn Fn(&str) -> Cow<'_, [u8]> = &|query| Cow::Owned(encode_query(query, encoding));
    Url::options()
        .base_url(Some(base))
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
        let parsed = encoding_parse_url(url, encoding, &base);
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
