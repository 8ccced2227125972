//! The transport: one request, one response, no Fetch.
//!
//! [`ureq::UreqTransport`] speaks HTTP/1.1 over TCP and TLS; [`scripted::ScriptedTransport`] does the same over exact
//! bytes in memory.

mod chunk_scan;
mod connection;
mod dial;
mod exchange;
mod hop_body;
pub mod host_map;
mod proxy;
pub mod scripted;
mod slots;
mod socket;
mod tls;
mod upgrade;
mod upgraded;
pub mod ureq;

pub use tls::ClientIdentity;
pub(crate) use upgraded::UpgradeSlot;
pub use upgraded::{Upgraded, UpgradedReader, UpgradedWriter};

use std::fmt;
use std::io::Read;
use std::net::SocketAddr;

use url::Url;

use crate::environment::{AddressPolicy, FetchLimits};
use crate::error::NetworkError;
use crate::fetch::{Body, FetchController};
use crate::http::{HeaderList, Method};
use crate::recording::HopTimings;

/// Sends one request and brings back one response.
pub trait Transport: Send + Sync {
    /// Sends `request`, blocks until the response's head is there, and returns it with a reader of its body.
    ///
    /// Redirects are not followed, cookies not kept, content codings not undone; interim (1xx) responses are skipped.
    ///
    /// # Errors
    /// A [`NetworkError`] that names what failed; [`NetworkError::Aborted`] if the controller was aborted.
    fn round_trip(
        &self,
        request: &HopRequest,
        hop: HopControl<'_>,
    ) -> Result<HopResponse, NetworkError>;
}

/// A request as it goes over the wire.
#[derive(Clone, Debug)]
pub struct HopRequest {
    /// The method.
    pub method: Method,
    /// http or https; fragment, user name and password are not sent.
    pub url: Url,
    /// All headers in wire order, `Host` and `Content-Length` included.
    pub headers: HeaderList,
    /// The body. An empty body is sent as such, with `Content-Length: 0`.
    pub body: Option<Body>,
    /// Whether a kept connection will do.
    pub new_connection: NewConnection,
}

/// The new connection setting of "obtain a connection".
///
/// Standard: <https://fetch.spec.whatwg.org/#concept-connection-obtain>
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum NewConnection {
    /// One that is kept will do.
    #[default]
    No,
    /// It has to be new.
    Yes,
}

/// What goes along with a request without being part of it.
pub struct HopControl<'a> {
    /// Ends the request early.
    pub controller: &'a FetchController,
    /// Which addresses may be connected to.
    pub address_policy: AddressPolicy,
    /// Time-outs and the size of the response's head.
    pub limits: &'a FetchLimits,
    /// Told how many more bytes of the body have left; with an empty body, once with 0.
    pub sent: &'a mut dyn FnMut(u64),
}

impl fmt::Debug for HopControl<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("HopControl").finish_non_exhaustive()
    }
}

/// A response as it came over the wire.
pub struct HopResponse {
    /// The status.
    pub status: u16,
    /// The reason phrase, byte for byte.
    pub reason: Vec<u8>,
    /// The headers in wire order, byte for byte, `Content-Encoding` included.
    pub headers: HeaderList,
    /// The body, transfer codings undone. A read error carries a [`NetworkError`], see [`network_error_of`].
    pub body: Box<dyn Read + Send>,
    /// The address that answered, unless a proxy did.
    pub remote_address: Option<SocketAddr>,
    /// Whether the request's body was sent whole; a server may answer before that.
    pub request_body_sent: bool,
    /// Where the time went, as far as it is known.
    pub timings: HopTimings,
}

impl fmt::Debug for HopResponse {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("HopResponse")
            .field("status", &self.status)
            .field("headers", &self.headers)
            .finish_non_exhaustive()
    }
}

/// The [`NetworkError`] that a body reader's error carries, or one made from its message.
#[must_use]
pub fn network_error_of(error: &std::io::Error) -> NetworkError {
    error
        .get_ref()
        .and_then(|inner| inner.downcast_ref::<NetworkError>())
        .cloned()
        .unwrap_or_else(|| NetworkError::Io(error.to_string()))
}
