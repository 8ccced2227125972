//! The `open()` method.

use super::{Action, ClientSettings, Global, ReadyState, ResponseType, XhrEvent, XmlHttpRequest};
use crate::encoding_parsing::encoding_parse_url;
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
        let mut url =
            encoding_parse_url(options.url, settings.url_encoding, Some(&settings.base_url))
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
