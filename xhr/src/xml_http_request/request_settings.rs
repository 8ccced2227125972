//! What can be set of a request between `open()` and `send()`: headers, `timeout`, `withCredentials`, `responseType`,
//! the overriding MIME type.

use std::time::Duration;

use super::{Global, ReadyState, ResponseType, XmlHttpRequest};
use crate::error::XhrError;
use crate::http::forbidden_headers::is_forbidden_request_header;
use crate::http::header_list::{is_header_name, is_header_value, normalize_value};
use crate::mime::MimeType;

impl XmlHttpRequest {
    /// Runs the `setRequestHeader()` method steps. A forbidden header is ignored.
    ///
    /// # Errors
    /// [`XhrError::InvalidState`] unless opened and not sent; [`XhrError::Syntax`] if name or value is malformed.
    ///
    /// Standard: <https://xhr.spec.whatwg.org/#dom-xmlhttprequest-setrequestheader>
    pub fn set_request_header(&mut self, name: &[u8], value: &[u8]) -> Result<(), XhrError> {
        // 1. – 2. Opened, not sent.
        self.check_opened()?;
        // 3. Without white space around it.
        let value = normalize_value(value);
        // 4. Name and value must be well-formed.
        if !is_header_name(name) {
            return Err(XhrError::Syntax("the header name is not an HTTP token"));
        }
        if !is_header_value(value) {
            return Err(XhrError::Syntax(
                "the header value has a NUL or a line break in it",
            ));
        }
        // 5. Forbidden: nothing happens.
        if is_forbidden_request_header(name, value) {
            return Ok(());
        }
        // 6. Combine with what is there.
        self.author_request_headers.combine(name, value);
        Ok(())
    }

    /// The time-out in milliseconds; 0, the default, is none.
    ///
    /// Standard: <https://xhr.spec.whatwg.org/#dom-xmlhttprequest-timeout>
    #[must_use]
    pub const fn timeout(&self) -> u32 {
        self.timeout
    }

    /// Sets the time-out in milliseconds. It counts from the start of the fetch, also if set later:
    /// [`deadline`](Self::deadline) tells when it is over now.
    ///
    /// # Errors
    /// [`XhrError::InvalidAccess`] for a synchronous request of a window.
    ///
    /// Standard: <https://xhr.spec.whatwg.org/#dom-xmlhttprequest-timeout>
    pub fn set_timeout(&mut self, timeout: u32) -> Result<(), XhrError> {
        // 1. Not with a synchronous request of a window.
        self.check_not_synchronous_in_window()?;
        // 2.
        self.timeout = timeout;
        Ok(())
    }

    /// When the fetch under way times out; `None` without a fetch or a time-out.
    #[must_use]
    pub fn deadline(&self) -> Option<Duration> {
        let started = self.in_flight.as_ref()?.started;
        (self.timeout != 0).then(|| started + Duration::from_millis(self.timeout.into()))
    }

    /// Whether credentials go along to other origins. Default: no.
    ///
    /// Standard: <https://xhr.spec.whatwg.org/#dom-xmlhttprequest-withcredentials>
    #[must_use]
    pub const fn with_credentials(&self) -> bool {
        self.cross_origin_credentials
    }

    /// Sets whether credentials go along to other origins.
    ///
    /// # Errors
    /// [`XhrError::InvalidState`] once sent.
    ///
    /// Standard: <https://xhr.spec.whatwg.org/#dom-xmlhttprequest-withcredentials>
    pub fn set_with_credentials(&mut self, with_credentials: bool) -> Result<(), XhrError> {
        // 1. – 2. Unsent, or opened and not sent.
        if !matches!(self.state, ReadyState::Unsent | ReadyState::Opened) || self.send_invoked {
            return Err(XhrError::InvalidState("the request has been sent"));
        }
        // 3.
        self.cross_origin_credentials = with_credentials;
        Ok(())
    }

    /// What `response` gives.
    ///
    /// Standard: <https://xhr.spec.whatwg.org/#dom-xmlhttprequest-responsetype>
    #[must_use]
    pub const fn response_type(&self) -> ResponseType {
        self.response_type
    }

    /// Sets what `response` gives. `Document` is ignored in workers.
    ///
    /// # Errors
    /// [`XhrError::InvalidState`] when loading or done; [`XhrError::InvalidAccess`] for a synchronous request of a window.
    ///
    /// Standard: <https://xhr.spec.whatwg.org/#dom-xmlhttprequest-responsetype>
    pub fn set_response_type(&mut self, response_type: ResponseType) -> Result<(), XhrError> {
        // 1. No documents outside windows.
        if self.global != Global::Window && response_type == ResponseType::Document {
            return Ok(());
        }
        // 2. Not once the body is coming.
        self.check_body_not_begun()?;
        // 3. Not with a synchronous request of a window.
        self.check_not_synchronous_in_window()?;
        // 4.
        self.response_type = response_type;
        Ok(())
    }

    /// Runs the `overrideMimeType()` method steps: the response is treated as if its `Content-Type` were `mime`.
    ///
    /// # Errors
    /// [`XhrError::InvalidState`] when loading or done.
    ///
    /// Standard: <https://xhr.spec.whatwg.org/#dom-xmlhttprequest-overridemimetype>
    pub fn override_mime_type(&mut self, mime: &str) -> Result<(), XhrError> {
        // 1. Not once the body is coming.
        self.check_body_not_begun()?;
        // 2. – 3. What does not parse is an unknown type.
        self.override_mime_type =
            Some(MimeType::parse(mime).unwrap_or_else(MimeType::octet_stream));
        Ok(())
    }

    /// Opened and `send()` not invoked.
    pub(super) fn check_opened(&self) -> Result<(), XhrError> {
        if self.state != ReadyState::Opened {
            return Err(XhrError::InvalidState("the request is not opened"));
        }
        if self.send_invoked {
            return Err(XhrError::InvalidState("the request has been sent"));
        }
        Ok(())
    }

    fn check_body_not_begun(&self) -> Result<(), XhrError> {
        if matches!(self.state, ReadyState::Loading | ReadyState::Done) {
            return Err(XhrError::InvalidState("the response is loading or done"));
        }
        Ok(())
    }

    fn check_not_synchronous_in_window(&self) -> Result<(), XhrError> {
        if self.global == Global::Window && self.synchronous {
            return Err(XhrError::InvalidAccess(
                "a synchronous request of a window can have neither timeout nor responseType",
            ));
        }
        Ok(())
    }
}
