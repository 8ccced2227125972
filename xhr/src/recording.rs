//! What a recorder of traffic is given: whole exchanges, bodies and timings included.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use url::Url;

use crate::error::NetworkError;
use crate::fetch::{Body, Destination, InitiatorType};
use crate::http::{HeaderList, Method};

/// One request and what came of it. Redirects, preflights and answers to challenges are exchanges of their own.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RecordedExchange {
    /// When it started.
    pub started: SystemTime,
    /// From start to end.
    pub duration: Duration,
    /// The method.
    pub method: Method,
    /// The URL, without its fragment.
    pub url: Url,
    /// The headers as they were sent.
    pub request_headers: HeaderList,
    /// The request's body.
    pub request_body: Option<Body>,
    /// What the response is for.
    pub destination: Destination,
    /// Who started it.
    pub initiator_type: Option<InitiatorType>,
    /// The status; 0 if there was no response.
    pub status: u16,
    /// The reason phrase.
    pub reason: Vec<u8>,
    /// The response's headers, byte for byte.
    pub response_headers: HeaderList,
    /// As much of the body as was read, content codings undone, within the recorder's limit.
    pub response_body: Vec<u8>,
    /// Whether the limit cut the body off.
    pub is_body_cut: bool,
    /// Bytes of the body as they came over the wire.
    pub received_bytes: u64,
    /// Bytes of the body with content codings undone, what was cut off included.
    pub decoded_bytes: u64,
    /// Where the time went, if there was a connection.
    pub timings: HopTimings,
    /// From the response's head to the end of its body.
    pub receive: Duration,
    /// The address that answered.
    pub remote_address: Option<SocketAddr>,
    /// Whether the hook answered and not the network.
    pub is_intercepted: bool,
    /// Whether the HTTP cache answered and not the network.
    pub from_cache: bool,
    /// Whether the HTTP cache answered and not the network.
    pub is_from_cache: bool,
    /// Why it failed.
    pub error: Option<NetworkError>,
}

/// Where the time before a response went. `None` for what did not happen, as on a connection that was open already.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct HopTimings {
    /// Waiting for one of the host's connections.
    pub blocked: Option<Duration>,
    /// Resolving the name.
    pub dns: Option<Duration>,
    /// Connecting, the proxy's part included.
    pub connect: Option<Duration>,
    /// The TLS handshake.
    pub tls: Option<Duration>,
    /// Sending the request.
    pub send: Option<Duration>,
    /// From the end of the request to the end of the response's head.
    pub wait: Option<Duration>,
}

/// A recording in progress, shared by the layers of a response's body.
#[derive(Clone, Debug)]
pub(crate) struct Recording {
    exchange: Arc<Mutex<RecordedExchange>>,
    max_body_bytes: u64,
}

impl Recording {
    pub(crate) fn new(
        started: SystemTime,
        method: Method,
        url: Url,
        destination: Destination,
        initiator_type: Option<InitiatorType>,
        max_body_bytes: u64,
    ) -> Self {
        let exchange = RecordedExchange {
            started,
            duration: Duration::ZERO,
            method,
            url,
            request_headers: HeaderList::new(),
            request_body: None,
            destination,
            initiator_type,
            status: 0,
            reason: Vec::new(),
            response_headers: HeaderList::new(),
            response_body: Vec::new(),
            is_body_cut: false,
            received_bytes: 0,
            decoded_bytes: 0,
            timings: HopTimings::default(),
            receive: Duration::ZERO,
            remote_address: None,
            is_intercepted: false,
            is_from_cache: false,
            from_cache: false,
            error: None,
        };
        Self {
            exchange: Arc::new(Mutex::new(exchange)),
            max_body_bytes,
        }
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, RecordedExchange> {
        self.exchange.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes what was recorded; the layers that are left write into nothing.
    pub(crate) fn take(&self) -> RecordedExchange {
        let mut exchange = self.lock();
        let body = std::mem::take(&mut exchange.response_body);
        let mut taken = exchange.clone();
        taken.response_body = body;
        taken
    }

    /// Bytes of the body, decoded.
    pub(crate) fn body(&self, bytes: &[u8]) {
        let mut exchange = self.lock();
        exchange.decoded_bytes += bytes.len() as u64;
        let room = self
            .max_body_bytes
            .saturating_sub(exchange.response_body.len() as u64);
        let room = usize::try_from(room).unwrap_or(usize::MAX);
        exchange.is_body_cut |= bytes.len() > room;
        let kept = bytes.get(..room.min(bytes.len())).unwrap_or_default();
        exchange.response_body.extend_from_slice(kept);
    }
}
