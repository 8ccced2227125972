//! `Response`.
//!
//! Standard: <https://fetch.spec.whatwg.org/#response-class>

use url::Url;

use super::{FetchApiError, Guard, Headers};
use crate::fetch::{Response, ResponseKind};
use crate::http::HeaderList;

/// A `Response` object, but for its headers and its body.
#[derive(Clone, Debug)]
pub struct ResponseObject {
    type_: &'static str,
    url: Option<Url>,
    redirected: bool,
    status: u16,
    status_text: Vec<u8>,
}

impl ResponseObject {
    /// A response made by script.
    ///
    /// # Errors
    /// [`FetchApiError::Range`] if the status is not from 200 to 599; [`FetchApiError::Type`] if the status text is not a
    /// reason phrase.
    ///
    /// Standard: <https://fetch.spec.whatwg.org/#initialize-a-response>
    pub fn new(status: u16, status_text: &[u8]) -> Result<Self, FetchApiError> {
        // 1. The status.
        if !(200..=599).contains(&status) {
            return Err(FetchApiError::Range("the status is not from 200 to 599"));
        }
        // 2. The status text.
        let is_phrase_byte = |byte: &u8| matches!(byte, b'\t' | b' '..=b'~' | 0x80..);
        if !status_text.iter().all(is_phrase_byte) {
            return Err(FetchApiError::Type(
                "the status text is not a reason phrase",
            ));
        }
        // 3. – 5.
        Ok(Self {
            type_: "default",
            url: None,
            redirected: false,
            status,
            status_text: status_text.to_vec(),
        })
    }

    /// A network error.
    ///
    /// Standard: <https://fetch.spec.whatwg.org/#dom-response-error>
    #[must_use]
    pub const fn error() -> Self {
        Self {
            type_: "error",
            url: None,
            redirected: false,
            status: 0,
            status_text: Vec::new(),
        }
    }

    /// A redirect to `url`, relative to `base_url`, and its headers.
    ///
    /// # Errors
    /// [`FetchApiError::Type`] if the URL does not parse; [`FetchApiError::Range`] if the status is not one of a redirect.
    ///
    /// Standard: <https://fetch.spec.whatwg.org/#dom-response-redirect>
    pub fn redirect(
        url: &str,
        status: u16,
        base_url: &Url,
    ) -> Result<(Self, Headers), FetchApiError> {
        // 1. – 2. The URL.
        let url = base_url
            .join(url)
            .map_err(|_| FetchApiError::Type("the URL does not parse"))?;
        // 3. The status.
        if !matches!(status, 301 | 302 | 303 | 307 | 308) {
            return Err(FetchApiError::Range("the status is not one of a redirect"));
        }
        // 4. – 5. The object.
        let object = Self {
            type_: "default",
            url: None,
            redirected: false,
            status,
            status_text: Vec::new(),
        };
        // 6. – 8. Where it leads.
        let list: HeaderList = [("Location", url.as_str())].into_iter().collect();
        Ok((object, Headers::with_list(list, Guard::Immutable)))
    }

    /// What fetch gave, and its headers.
    #[must_use]
    pub fn from_fetch(response: Response) -> (Self, Headers) {
        let object = Self {
            type_: match response.kind {
                ResponseKind::Basic => "basic",
                ResponseKind::Cors => "cors",
                ResponseKind::Default => "default",
                ResponseKind::Error(_) => "error",
                ResponseKind::Opaque => "opaque",
                ResponseKind::OpaqueRedirect => "opaqueredirect",
            },
            url: response.url().cloned(),
            redirected: response.redirected(),
            status: response.status,
            status_text: response.status_message,
        };
        let headers = Headers::with_list(response.header_list, Guard::Immutable);
        (object, headers)
    }

    /// `type`.
    #[must_use]
    pub const fn type_(&self) -> &'static str {
        self.type_
    }

    /// The URL without its fragment; empty if there is none.
    ///
    /// Standard: <https://fetch.spec.whatwg.org/#dom-response-url>
    #[must_use]
    pub fn url(&self) -> &str {
        let text = self.url.as_ref().map_or("", Url::as_str);
        text.split_once('#').map_or(text, |(before, _)| before)
    }

    /// Whether a redirect was followed.
    #[must_use]
    pub const fn redirected(&self) -> bool {
        self.redirected
    }

    /// The status; 0 if it may not be read.
    #[must_use]
    pub const fn status(&self) -> u16 {
        self.status
    }

    /// The status text.
    #[must_use]
    pub fn status_text(&self) -> &[u8] {
        &self.status_text
    }
}

/// Whether a response of this status has no body.
///
/// Standard: <https://fetch.spec.whatwg.org/#null-body-status>
#[must_use]
pub const fn is_null_body_status(status: u16) -> bool {
    matches!(status, 101 | 103 | 204 | 205 | 304)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn status_and_status_text_are_checked() {
        for status in [0, 100, 199, 600] {
            let made = ResponseObject::new(status, b"");
            assert!(matches!(made, Err(FetchApiError::Range(_))), "{status}");
        }
        for text in [&b"\n"[..], b"a\x7f", b"\0"] {
            assert!(matches!(
                ResponseObject::new(200, text),
                Err(FetchApiError::Type(_))
            ));
        }
        assert!(ResponseObject::new(599, b"fine \xe9\t").is_ok());
    }

    #[test]
    fn a_redirect_is_resolved_and_its_headers_stay() {
        let base = Url::parse("https://a.test/b/c").expect("a URL");
        let (object, mut headers) = ResponseObject::redirect("d", 307, &base).expect("a redirect");
        assert_eq!((object.status(), object.type_()), (307, "default"));
        let location = headers.get(b"location").expect("a name");
        assert_eq!(location.as_deref(), Some(&b"https://a.test/b/d"[..]));
        assert!(headers.set(b"Location", b"x").is_err());
        let wrong = ResponseObject::redirect("d", 304, &base);
        assert!(matches!(wrong, Err(FetchApiError::Range(_))));
    }
}
