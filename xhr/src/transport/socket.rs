//! The bottom layer of a connection: a socket with our time-outs, for ureq to speak through.

use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use ureq::Error;
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, LazyBuffers, NextTimeout, Transport,
};

use super::dial::{Dial, Stream, Target};
use super::exchange::{SharedExchange, Stage};
use crate::error::NetworkError;

/// Bytes of each of a layer's buffers; a request's body leaves in slices of this size.
pub(super) const BUFFER: usize = 64 << 10;

/// How long a write may be stuck before it is asked whether the server has answered already.
const WRITE_SLICE: Duration = Duration::from_millis(250);

/// Resolves nothing: the dialer does, under the address policy.
#[derive(Debug)]
pub(super) struct NoResolver;

impl Resolver for NoResolver {
    fn resolve(
        &self,
        _: &http::Uri,
        _: &ureq::config::Config,
        _: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        Ok(self.empty())
    }
}

/// Makes the bottom layer.
#[derive(Debug)]
pub(super) struct SocketConnector {
    pub(super) dial: Arc<dyn Dial>,
    pub(super) target: Target,
    pub(super) exchange: SharedExchange,
}

impl Connector for SocketConnector {
    type Out = SocketTransport;

    fn connect(
        &self,
        _: &ConnectionDetails<'_>,
        _: Option<()>,
    ) -> Result<Option<Self::Out>, Error> {
        // Dialed on a copy: the lock must be free for whoever looks while a connect blocks.
        let copy = {
            let mut exchange = self.exchange.lock();
            exchange.enter(Stage::Connect);
            exchange.reused = false;
            exchange.closed = true;
            exchange.guard = None;
            exchange.dialing_copy()
        };
        let stream = self.dial.dial(&self.target, &copy).map_err(|error| {
            self.exchange.fail(error);
            Error::ConnectionFailed
        })?;
        let interrupt = stream.interrupt();
        let mut exchange = self.exchange.lock();
        exchange.remote_address = stream.remote_address();
        exchange.closed = false;
        exchange.interrupt = Some(interrupt.clone());
        let controller = exchange.controller.clone();
        drop(exchange);
        // Attached without the lock: after an abort this calls the interrupt at once.
        let guard = controller.attach(interrupt.0);
        self.exchange.lock().guard = Some(guard);
        Ok(Some(SocketTransport {
            stream,
            buffers: LazyBuffers::new(BUFFER, BUFFER),
            exchange: self.exchange.clone(),
            is_tls: self.target.is_tls,
        }))
    }
}

/// The bottom layer: a socket with our time-outs.
pub(super) struct SocketTransport {
    stream: Box<dyn Stream>,
    buffers: LazyBuffers,
    exchange: SharedExchange,
    is_tls: bool,
}

impl SocketTransport {
    fn fail<T>(&self, error: NetworkError) -> Result<T, Error> {
        self.exchange.fail(error);
        Err(io::Error::other("failed, see the exchange").into())
    }

    /// Stops writing: the server has answered or closed. What is left of the request is dropped silently, and the answer
    /// is read, if there is one.
    fn cut_upload(&self) {
        self.exchange.lock().upload_cut = true;
    }
}

impl Transport for SocketTransport {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, _: NextTimeout) -> Result<(), Error> {
        let mut written = 0;
        let mut stuck = Duration::ZERO;
        while written < amount {
            let (limit, is_cut, is_sending) = {
                let exchange = self.exchange.lock();
                let is_sending = exchange.stage == Stage::Send;
                (exchange.time_left(), exchange.upload_cut, is_sending)
            };
            if is_cut {
                return Ok(());
            }
            let limit = match limit {
                Ok(limit) => limit,
                Err(error) => return self.fail(error),
            };
            let slice = limit.map_or(WRITE_SLICE, |limit| limit.min(WRITE_SLICE));
            let bytes = self
                .buffers
                .output()
                .get(written..amount)
                .unwrap_or_default();
            match self.stream.write(bytes, Some(slice)) {
                Ok(count) => {
                    written += count;
                    stuck = Duration::ZERO;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if is_timeout(&error) => {
                    stuck += slice;
                    if limit.is_some_and(|limit| stuck >= limit) {
                        let error = self.exchange.lock().timed_out();
                        return self.fail(error);
                    }
                    // NOTE: within TLS readable bytes need not be an answer, so only plain connections look.
                    if is_sending && !self.is_tls && self.stream.is_readable() {
                        self.cut_upload();
                    }
                }
                Err(error) if is_sending => {
                    let _ = error;
                    self.cut_upload();
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    fn await_input(&mut self, _: NextTimeout) -> Result<bool, Error> {
        let limit = self.exchange.lock().time_left();
        let limit = match limit {
            Ok(limit) => limit,
            Err(error) => return self.fail(error),
        };
        match self.stream.read(self.buffers.input_append_buf(), limit) {
            Ok(count) => {
                self.buffers.input_appended(count);
                Ok(count > 0)
            }
            Err(error) if is_timeout(&error) => {
                let error = self.exchange.lock().timed_out();
                self.fail(error)
            }
            Err(error) => {
                // ureq takes a reset for the end of a body, so it is noted here.
                let named = NetworkError::ConnectionClosed(error.to_string());
                self.exchange.fail(named);
                Err(error.into())
            }
        }
    }

    fn is_open(&mut self) -> bool {
        let is_fit = {
            let exchange = self.exchange.lock();
            !exchange.upload_cut && exchange.failure.is_none()
        };
        is_fit && !self.stream.is_readable()
    }
}

impl Drop for SocketTransport {
    fn drop(&mut self) {
        let guard = {
            let mut exchange = self.exchange.lock();
            exchange.closed = true;
            exchange.interrupt = None;
            exchange.guard.take()
        };
        drop(guard);
    }
}

impl fmt::Debug for SocketTransport {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SocketTransport")
            .field("stream", &self.stream)
            .finish_non_exhaustive()
    }
}

fn is_timeout(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock
    )
}
