//! Connections that leave HTTP: the handshake of a WebSocket, and the bytes that follow it.
//!
//! ureq keeps its connections to itself, so these are dialed here, by the same dialer: proxies, the address policy, TLS and aborts are
//! those of every other request.

use std::io::{self, Read, Write};
use std::sync::Arc;
use std::time::Duration;

use rustls::{ClientConfig, ClientConnection, Stream as TlsStream};

use super::dial::{Dial, Stream, Target, check_literal};
use super::exchange::{Exchange, Stage, Start};
use super::slots::Slots;
use super::tls::client_connection;
use super::upgraded::Upgraded;
use super::{HopControl, HopRequest, HopResponse};
use crate::error::NetworkError;
use crate::http::head::{ResponseHead, serialize_request_head};
use crate::recording::HopTimings;

/// What a transport lends for it.
pub(super) struct Upgrade<'a> {
    pub(super) dial: &'a dyn Dial,
    pub(super) tls: Option<&'a Arc<ClientConfig>>,
    pub(super) turns: &'a Arc<Slots>,
}

/// Makes a connection of its own for `request`, sends it, and reads the head of its response. With status 101 the connection goes to
/// the controller; with any other it is closed, and the response has no body.
///
/// One handshake at a time goes to each host and port, as RFC 6455 asks; the others wait.
///
/// Standard: <https://websockets.spec.whatwg.org/#obtain-a-websocket-connection>, <https://www.rfc-editor.org/rfc/rfc6455#section-4.1>
pub(super) fn upgrade(
    by: &Upgrade<'_>,
    request: &HopRequest,
    hop: HopControl<'_>,
) -> Result<HopResponse, NetworkError> {
    let controller = hop.controller;
    let target = Target::of(&request.url)?;
    check_literal(&target, hop.address_policy)?;
    // 2. One at a time.
    let _turn = by.turns.acquire(&target.to_string(), controller)?;
    let mut exchange = Exchange::default();
    exchange.begin(Start {
        controller: controller.clone(),
        address_policy: hop.address_policy,
        limits: hop.limits.clone(),
        request_head: Vec::new(),
        is_head_request: false,
        body_length: 0,
    });
    exchange.needs_tunnel = true;
    let mut stream = by.dial.dial(&target, &exchange)?;
    // An abort from now on shuts the socket down.
    let guard = controller.attach(stream.interrupt().0);
    let mut tls = if target.is_tls {
        Some(shake_hands(by.tls, &target, &mut *stream, &exchange)?)
    } else {
        None
    };
    let head = serialize_request_head(request.method.as_str(), &path_of(request), &request.headers);
    exchange.enter(Stage::Send);
    let mut timed = Timed {
        stream: &mut *stream,
        exchange: &exchange,
    };
    let sent = match &mut tls {
        None => timed.write_all(&head),
        Some(tls) => {
            let mut tls = TlsStream::new(tls, &mut timed);
            tls.write_all(&head).and_then(|()| tls.flush())
        }
    };
    sent.map_err(|error| name(&exchange, &error))?;
    exchange.enter(Stage::Head);
    let mut timed = Timed {
        stream: &mut *stream,
        exchange: &exchange,
    };
    let (head, early) = match &mut tls {
        None => read_head(&mut timed, &exchange)?,
        Some(tls) => read_head(&mut TlsStream::new(tls, &mut timed), &exchange)?,
    };
    let remote_address = stream.remote_address();
    let ResponseHead {
        status,
        reason,
        headers,
        ..
    } = head;
    if status == 101 {
        let writing = stream.second_handle().ok_or_else(|| {
            NetworkError::InvalidRequest("this transport has no connections to upgrade".to_owned())
        })?;
        controller.set_upgraded(Upgraded::new(stream, writing, tls, early, guard));
    }
    Ok(HopResponse {
        status,
        reason,
        headers,
        body: Box::new(io::empty()),
        remote_address,
        request_body_sent: true,
        timings: HopTimings::default(),
    })
}

fn shake_hands(
    config: Option<&Arc<ClientConfig>>,
    target: &Target,
    stream: &mut dyn Stream,
    exchange: &Exchange,
) -> Result<ClientConnection, NetworkError> {
    let failed = |detail: String| NetworkError::Tls {
        host: target.to_string(),
        detail,
    };
    let config = config.ok_or_else(|| failed("this transport has no TLS".to_owned()))?;
    let mut connection = client_connection(Arc::clone(config), target).map_err(failed)?;
    let mut timed = Timed { stream, exchange };
    while connection.is_handshaking() {
        connection
            .complete_io(&mut timed)
            .map_err(|error| match name(exchange, &error) {
                // A reset during the handshake is TLS's failure too; time-outs and aborts keep their name.
                NetworkError::ConnectionClosed(detail) => failed(detail),
                other => other,
            })?;
    }
    Ok(connection)
}

/// A stream whose calls end when the exchange's time is over.
struct Timed<'a> {
    stream: &'a mut dyn Stream,
    exchange: &'a Exchange,
}

impl Timed<'_> {
    fn limit(&self) -> io::Result<Option<Duration>> {
        self.exchange.time_left().map_err(io::Error::other)
    }
}

impl Read for Timed<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let limit = self.limit()?;
        self.stream.read(buffer, limit)
    }
}

impl Write for Timed<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let limit = self.limit()?;
        self.stream.write(bytes, limit)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn path_of(request: &HopRequest) -> String {
    let mut path = request.url.path().to_owned();
    if let Some(query) = request.url.query() {
        path.push('?');
        path.push_str(query);
    }
    path
}

/// Reads up to the end of a final response's head. What came after it is given too.
fn read_head(
    stream: &mut dyn Read,
    exchange: &Exchange,
) -> Result<(ResponseHead, Vec<u8>), NetworkError> {
    let max = exchange.limits.max_header_bytes;
    let mut bytes = Vec::new();
    let mut taken = 0_u64;
    let mut buffer = [0; 4096];
    loop {
        let count = stream
            .read(&mut buffer)
            .map_err(|error| name(exchange, &error))?;
        if count == 0 {
            return Err(exchange.controller.check().err().unwrap_or_else(|| {
                NetworkError::ConnectionClosed("no response to the handshake".to_owned())
            }));
        }
        bytes.extend_from_slice(buffer.get(..count).unwrap_or_default());
        let head = super::connection::take_final_head(&mut bytes, &mut taken)?;
        let waiting = if head.is_some() {
            0
        } else {
            bytes.len() as u64
        };
        if taken.saturating_add(waiting) > max {
            return Err(NetworkError::HeadTooLarge(max));
        }
        if let Some(head) = head {
            return Ok((head, bytes));
        }
    }
}

/// The named failure behind an I/O error of the handshake.
fn name(exchange: &Exchange, error: &io::Error) -> NetworkError {
    if let Err(aborted) = exchange.controller.check() {
        return aborted;
    }
    if let Some(named) = error
        .get_ref()
        .and_then(|inner| inner.downcast_ref::<NetworkError>())
    {
        return named.clone();
    }
    match error.kind() {
        io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => exchange.timed_out(),
        _ => NetworkError::ConnectionClosed(error.to_string()),
    }
}
