//! The two bodies of an exchange: the request's as it leaves, the response's as it comes.

use std::io::{self, Read};
use std::sync::Arc;

use ureq::BodyReader;

use super::exchange::SharedExchange;
use super::slots::Slot;
use super::ureq::{Connection, Shared};
use crate::error::NetworkError;

/// Hands out the request's body and reports each slice once the next is asked for: then it has left.
///
/// ureq is promised one byte more than there is, so that it asks once more after the last slice and the end of the body is
/// reported before the wait for the response; `HeadTransport` drops that byte.
pub(super) struct UploadReader<'a> {
    bytes: &'a [u8],
    in_flight: u64,
    handed_out: bool,
    is_finished: bool,
    exchange: &'a SharedExchange,
    sent: &'a mut dyn FnMut(u64),
}

impl<'a> UploadReader<'a> {
    pub(super) fn new(
        bytes: &'a [u8],
        exchange: &'a SharedExchange,
        sent: &'a mut dyn FnMut(u64),
    ) -> Self {
        Self {
            bytes,
            in_flight: 0,
            handed_out: false,
            is_finished: false,
            exchange,
            sent,
        }
    }

    /// Whether bytes of the body were handed out, and so may have been sent.
    pub(super) const fn has_handed_out(&self) -> bool {
        self.handed_out
    }

    fn report(&mut self) {
        let count = std::mem::take(&mut self.in_flight);
        let is_news = count > 0 || self.bytes.is_empty();
        if is_news && !self.exchange.lock().upload_cut {
            (self.sent)(count);
        }
    }
}

impl Read for UploadReader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.handed_out || self.bytes.is_empty() {
            self.report();
        }
        if self.bytes.is_empty() {
            let last = usize::from(!std::mem::replace(&mut self.is_finished, true));
            return Ok(last.min(buffer.len()));
        }
        let count = self.bytes.len().min(buffer.len());
        let (now, later) = self
            .bytes
            .split_at_checked(count)
            .unwrap_or((self.bytes, &[]));
        if let Some(place) = buffer.get_mut(..count) {
            place.copy_from_slice(now);
        }
        self.bytes = later;
        self.in_flight = count as u64;
        self.handed_out = true;
        Ok(count)
    }
}

/// The body of a response. When dropped, its connection is kept if the body was read to its end.
pub(super) struct HopBody {
    reader: Option<BodyReader<'static>>,
    connection: Option<Connection>,
    shared: Arc<Shared>,
    received: u64,
    expected: String,
    _slot: Slot,
}

impl HopBody {
    pub(super) fn new(
        reader: BodyReader<'static>,
        connection: Connection,
        shared: Arc<Shared>,
        expected: String,
        slot: Slot,
    ) -> Self {
        Self {
            reader: Some(reader),
            connection: Some(connection),
            shared,
            received: 0,
            expected,
            _slot: slot,
        }
    }

    fn has_ended(&self) -> bool {
        let connection = self.connection.as_ref();
        connection.is_some_and(|connection| connection.exchange.lock().ended)
    }

    fn failure(&self) -> Option<NetworkError> {
        self.connection.as_ref()?.exchange.failure()
    }
}

impl Read for HopBody {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Some(reader) = &mut self.reader else {
            return Ok(0);
        };
        let result = reader.read(buffer);
        if let Ok(count @ 1..) = result {
            self.received += count as u64;
            return Ok(count);
        }
        let cut_off = || NetworkError::TruncatedBody {
            received: self.received,
            expected: self.expected.clone(),
        };
        let error = match (self.failure(), result) {
            (Some(NetworkError::ConnectionClosed(_)), _) => cut_off(),
            (Some(failure), _) => failure,
            (None, Ok(_)) => return Ok(0),
            (None, Err(error)) if error.kind() == io::ErrorKind::UnexpectedEof => cut_off(),
            (None, Err(error)) => {
                let inner = error
                    .get_ref()
                    .and_then(|inner| inner.downcast_ref::<ureq::Error>());
                match inner {
                    // Half a chunk's size at the end, or one that does not end.
                    Some(ureq::Error::BodyStalled) if self.has_ended() => cut_off(),
                    Some(ureq::Error::BodyStalled | ureq::Error::Protocol(_)) => {
                        NetworkError::MalformedResponse(error.to_string())
                    }
                    _ => NetworkError::Io(error.to_string()),
                }
            }
        };
        Err(io::Error::other(error))
    }
}

impl Drop for HopBody {
    fn drop(&mut self) {
        // Dropping the reader before the body's end closes the connection.
        self.reader = None;
        let Some(connection) = self.connection.take() else {
            return;
        };
        let (guard, is_usable) = {
            let mut exchange = connection.exchange.lock();
            let is_usable = !exchange.closed && exchange.failure.is_none();
            (exchange.guard.take(), is_usable)
        };
        // Detached first: after that no abort of the old request can reach the socket.
        drop(guard);
        let is_aborted = connection.exchange.lock().controller.is_aborted();
        if is_usable && !is_aborted {
            self.shared.keep(connection);
        }
    }
}
