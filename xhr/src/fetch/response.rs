//! Responses.
//!
//! Standard: <https://fetch.spec.whatwg.org/#responses>

use std::net::SocketAddr;

use thiserror::Error;
use url::Url;

use crate::error::NetworkError;
use crate::http::HeaderList;

/// A response's head, filtered as its kind demands. The body follows as events.
///
/// Standard: <https://fetch.spec.whatwg.org/#concept-response>
#[derive(Clone, Debug)]
pub struct Response {
    /// Basic, cors, …, or a network error.
    pub kind: ResponseKind,
    /// The URLs gone through; the last is [`url`](Self::url). Empty for network errors and opaque responses.
    pub url_list: Vec<Url>,
    /// The status; 0 for network errors and opaque responses.
    pub status: u16,
    /// The reason phrase as it came over the wire.
    pub status_message: Vec<u8>,
    /// The headers that may be read.
    pub header_list: HeaderList,
    /// Whether the request that it answers had a body: the last one, for a redirect may have dropped it.
    pub request_had_body: bool,
    /// Names (lower-case, as sent) that `Access-Control-Expose-Headers` lists.
    pub cors_exposed_header_names: Vec<Vec<u8>>,
    /// The address the response came from: `None` for data:, blob:, intercepted responses and behind a proxy.
    pub remote_address: Option<SocketAddr>,
    /// What an opaque response hides. See [`unsafe_response`](Self::unsafe_response).
    pub internal_response: Option<Box<Self>>,
}

impl Response {
    /// A network error.
    ///
    /// Standard: <https://fetch.spec.whatwg.org/#concept-network-error>
    #[must_use]
    pub const fn network_error(error: NetworkError) -> Self {
        Self {
            kind: ResponseKind::Error(error),
            url_list: Vec::new(),
            status: 0,
            status_message: Vec::new(),
            header_list: HeaderList::new(),
            request_had_body: false,
            cors_exposed_header_names: Vec::new(),
            remote_address: None,
            internal_response: None,
        }
    }

    /// The response whose status, type and URL its loader goes by: the internal response of an opaque one, else the response itself.
    /// It must not be shown to script.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/urls-and-fetching.html#unsafe-response>
    #[must_use]
    pub fn unsafe_response(&self) -> &Self {
        self.internal_response.as_deref().unwrap_or(self)
    }

    /// The network error, if it is one.
    #[must_use]
    pub const fn error(&self) -> Option<&NetworkError> {
        match &self.kind {
            ResponseKind::Error(error) => Some(error),
            _ => None,
        }
    }

    /// Whether it is a network error.
    #[must_use]
    pub const fn is_network_error(&self) -> bool {
        matches!(self.kind, ResponseKind::Error(_))
    }

    /// The last URL of the URL list, fragment included.
    ///
    /// Standard: <https://fetch.spec.whatwg.org/#concept-response-url>
    #[must_use]
    pub fn url(&self) -> Option<&Url> {
        self.url_list.last()
    }

    /// Whether a redirect was followed.
    #[must_use]
    pub const fn redirected(&self) -> bool {
        self.url_list.len() > 1
    }
}

/// A response's type.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum ResponseKind {
    /// Same-origin, or a navigation: all headers but `Set-Cookie` can be read.
    Basic,
    /// CORS allowed it: safelisted and exposed headers can be read.
    Cors,
    /// Made by neither.
    Default,
    /// A network error and its reason.
    Error(NetworkError),
    /// Cross-origin without CORS: nothing can be read.
    Opaque,
    /// A redirect that was not followed.
    OpaqueRedirect,
}

/// Why CORS forbids a request or its response.
#[derive(Clone, Debug, Eq, PartialEq, Error)]
#[non_exhaustive]
pub enum CorsError {
    /// The scheme is not one that CORS works with.
    #[error("scheme {0} cannot be requested across origins")]
    Scheme(String),
    /// No `Access-Control-Allow-Origin` header.
    #[error("no Access-Control-Allow-Origin header")]
    MissingAllowOrigin,
    /// The header names another origin.
    #[error("Access-Control-Allow-Origin is {found:?}, the origin is {expected:?}")]
    AllowOriginMismatch {
        /// The header's value.
        found: String,
        /// The origin that asks.
        expected: String,
    },
    /// `*` while credentials are included.
    #[error("Access-Control-Allow-Origin is * but credentials are included")]
    WildcardWithCredentials,
    /// Credentials are included and `Access-Control-Allow-Credentials` is not `true`.
    #[error("credentials are included but Access-Control-Allow-Credentials is not true")]
    CredentialsNotAllowed,
    /// The preflight's status is not 2xx.
    #[error("preflight answered with status {0}")]
    PreflightStatus(u16),
    /// A preflight's header does not parse.
    #[error("preflight header {0} is malformed")]
    PreflightHeader(&'static str),
    /// The preflight does not allow the method.
    #[error("method {0} is not in Access-Control-Allow-Methods")]
    MethodNotAllowed(String),
    /// The preflight does not allow a header.
    #[error("header {0} is not in Access-Control-Allow-Headers")]
    HeaderNotAllowed(String),
    /// A cross-origin redirect to a URL with user name or password.
    #[error("redirect to a URL with credentials")]
    RedirectWithCredentials,
    /// The preflight itself was redirected or failed.
    #[error("preflight failed: {0}")]
    Preflight(Box<NetworkError>),
}
