//! Why a request failed: [`NetworkError`] for what the network did, [`XhrError`] for what script did.
//!
//! Page script never sees a [`NetworkError`]: Fetch gives it a bare network error. Logs, the command line and Rust users
//! see the kind and its message.

use std::time::Duration;

use thiserror::Error;

use crate::fetch::CorsError;

/// Why a fetch ended in a network error, or a body ended before its end.
///
/// It is data, carried by [`ResponseKind::Error`](crate::fetch::ResponseKind::Error) and by
/// [`FetchEvent::BodyError`](crate::fetch::FetchEvent::BodyError), never returned as an `Err` from
/// `fetch()`.
#[derive(Clone, Debug, Eq, PartialEq, Error)]
#[non_exhaustive]
pub enum NetworkError {
    /// The host name did not resolve to an address.
    #[error("could not resolve host {host}: {detail}")]
    Dns {
        /// The host name as asked.
        host: String,
        /// The resolver's own words.
        detail: String,
    },
    /// No connection could be made to any address of the host.
    #[error("could not connect to {host}: {detail}")]
    Connect {
        /// Host and port.
        host: String,
        /// The operating system's words.
        detail: String,
    },
    /// The TLS handshake failed, for example because the certificate is not trusted.
    #[error("TLS with {host} failed: {detail}")]
    Tls {
        /// Host and port.
        host: String,
        /// What TLS complains about.
        detail: String,
    },
    /// Certificates or keys of the embedder's that cannot be used.
    #[error("TLS settings: {0}")]
    TlsSettings(String),
    /// The proxy refused, or does not speak the protocol that was configured.
    #[error("proxy failed: {0}")]
    Proxy(String),
    /// The address policy forbids the address, see `AddressPolicy`.
    #[error(
        "address {address} of {host} refused: loopback, private and link-local addresses are closed to this page"
    )]
    AddressRefused {
        /// Host name as asked.
        host: String,
        /// The address it resolved to.
        address: String,
    },
    /// The port is on Fetch's list of bad ports.
    #[error("port {0} is blocked")]
    BlockedPort(u16),
    /// The document that asks, or the one around it, is secure and the URL is not.
    #[error("{0} is not secure and the page is")]
    MixedContent(String),
    /// CORS forbids the request or the response.
    #[error("blocked by CORS: {0}")]
    Cors(CorsError),
    /// The request's mode is same-origin and the URL is not.
    #[error("{0} is cross-origin and the request is same-origin only")]
    NotSameOrigin(String),
    /// More redirects than `FetchLimits::max_redirects`.
    #[error("more than {0} redirects")]
    TooManyRedirects(u32),
    /// A redirect that cannot be followed: bad `Location`, a scheme other than HTTP(S), or redirect mode `error`.
    #[error("redirect refused: {0}")]
    Redirect(String),
    /// The body has none of the hashes that the request's integrity metadata names.
    #[error("the body does not match its integrity metadata")]
    Integrity,
    /// The scheme cannot be fetched.
    #[error("scheme {0}: cannot be fetched")]
    UnsupportedScheme(String),
    /// A `data:` or `blob:` URL that leads to nothing.
    #[error("{0}")]
    InvalidUrl(String),
    /// The server closed the connection before the body was whole.
    #[error("body cut off after {received} of {expected} bytes")]
    TruncatedBody {
        /// Bytes received, before content decoding.
        received: u64,
        /// What `Content-Length` promised, or a phrase for chunked bodies.
        expected: String,
    },
    /// The server closed the connection before a whole response head had come.
    #[error("connection closed before the response: {0}")]
    ConnectionClosed(String),
    /// Something took longer than the limits allow.
    #[error("{stage} timed out after {after:?}")]
    Timeout {
        /// What was being waited for.
        stage: TimeoutStage,
        /// The limit that was reached.
        after: Duration,
    },
    /// [`FetchController::abort`](crate::fetch::FetchController::abort) was called.
    #[error("aborted")]
    Aborted,
    /// The body is larger than `FetchLimits::max_body_bytes`.
    #[error("body larger than {0} bytes")]
    BodyTooLarge(u64),
    /// The body expands more than
    /// `FetchLimits::max_decompression_ratio` allows.
    #[error("compressed body expands more than {0} times")]
    DecompressionRatio(u64),
    /// The response head is larger than
    /// `FetchLimits::max_header_bytes`.
    #[error("response head larger than {0} bytes")]
    HeadTooLarge(u64),
    /// The request's body is streamed, which HTTP/1.x cannot carry.
    #[error("a body that is streamed needs HTTP/2")]
    StreamedBody,
    /// The body could not be decoded by its content coding.
    #[error("content coding {coding}: {detail}")]
    ContentCoding {
        /// `gzip`, `deflate`, `br` or `zstd`.
        coding: &'static str,
        /// What the decoder says.
        detail: String,
    },
    /// The answer is not HTTP/1.1 as the parser accepts it.
    #[error("malformed response: {0}")]
    MalformedResponse(String),
    /// `X-Content-Type-Options: nosniff` and the MIME type do not fit the destination.
    #[error("blocked by nosniff: {0}")]
    Nosniff(String),
    /// The MIME type may not be used for the request's destination.
    #[error("MIME type blocked: {0}")]
    MimeTypeBlocked(String),
    /// The request cannot be sent as it is.
    #[error("request cannot be sent: {0}")]
    InvalidRequest(String),
    /// A WebSocket's handshake was refused, or what the server answered does not open one.
    #[error("WebSocket handshake failed: {0}")]
    WebSocketHandshake(String),
    /// A WebSocket's server broke the protocol, or did not end its closing handshake.
    #[error("WebSocket failed: {0}")]
    WebSocketProtocol(String),
    /// The interceptor refused the request.
    #[error("blocked by interception: {0}")]
    Intercepted(String),
    /// An I/O error that fits none of the above.
    #[error("I/O error: {0}")]
    Io(String),
}

impl NetworkError {
    /// Whether the request ended because its controller was aborted.
    #[must_use]
    pub const fn is_abort(&self) -> bool {
        matches!(self, Self::Aborted)
    }

    /// Whether one of the limits of the environment ended the request (time, size, redirects).
    #[must_use]
    pub const fn is_limit(&self) -> bool {
        matches!(
            self,
            Self::Timeout { .. }
                | Self::BodyTooLarge(_)
                | Self::DecompressionRatio(_)
                | Self::HeadTooLarge(_)
                | Self::TooManyRedirects(_)
        )
    }
}

/// What a timed-out request was waiting for.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Error)]
#[non_exhaustive]
pub enum TimeoutStage {
    /// Connecting, TLS handshake included.
    #[error("connecting")]
    Connect,
    /// Writing the request head or body.
    #[error("sending the request")]
    Send,
    /// The response head, counted from the end of the request.
    #[error("waiting for the response head")]
    ResponseHead,
    /// The next bytes of the body.
    #[error("waiting for body bytes")]
    BodyIdle,
}

/// What an XMLHttpRequest member throws. Variants are DOMException names without their `Error` suffix.
#[derive(Clone, Debug, Eq, PartialEq, Error)]
#[non_exhaustive]
pub enum XhrError {
    /// `InvalidStateError`.
    #[error("{0}")]
    InvalidState(&'static str),
    /// `InvalidAccessError`.
    #[error("{0}")]
    InvalidAccess(&'static str),
    /// `SyntaxError` (the DOMException).
    #[error("{0}")]
    Syntax(&'static str),
    /// `SecurityError`.
    #[error("{0}")]
    Security(&'static str),
    /// `NetworkError`; the kind is for logs, script sees the name only.
    #[error("the request failed: {0}")]
    Network(NetworkError),
    /// `TimeoutError`.
    #[error("the request timed out")]
    Timeout,
    /// `AbortError`.
    #[error("the request was aborted")]
    Abort,
    /// `QuotaExceededError`: a limit of the embedder was reached.
    #[error("{0}")]
    QuotaExceeded(&'static str),
}
