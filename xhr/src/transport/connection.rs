//! The top layer of a connection, the reader and writer of heads. Below it are `tls.rs` and, at the bottom, `socket.rs`.
//!
//! ureq frames bodies and keeps the connection. The request's head that it writes is replaced by ours, byte
//! for byte in order and case; the response's head is read by ours, and ureq gets a plain one that says only how long the
//! body is. So nothing of the wire is lost, and ureq's limits on heads do not apply.

use std::io;

use ureq::Error;
use ureq::unversioned::transport::{Buffers, ConnectionDetails, Connector, NextTimeout, Transport};

use super::chunk_scan::ChunkScan;
use super::exchange::{SharedExchange, Stage};
use crate::error::NetworkError;
use crate::http::head::{Framing, ResponseHead};

/// Makes the top layer.
#[derive(Debug)]
pub(super) struct HeadConnector {
    pub(super) exchange: SharedExchange,
}

impl<In: Transport> Connector<In> for HeadConnector {
    type Out = HeadTransport<In>;

    fn connect(
        &self,
        _: &ConnectionDetails<'_>,
        chained: Option<In>,
    ) -> Result<Option<Self::Out>, Error> {
        Ok(chained.map(|inner| HeadTransport {
            inner,
            exchange: self.exchange.clone(),
            phase: Phase::Idle,
            leftover: Vec::new(),
            held: 0,
            chunks: None,
        }))
    }
}

/// The top layer: replaces heads.
#[derive(Debug)]
pub(super) struct HeadTransport<In> {
    inner: In,
    exchange: SharedExchange,
    phase: Phase,
    /// Body bytes that came with the head and did not fit beside the plain one.
    leftover: Vec<u8>,
    /// How many of those, at their end, wait until the others were taken.
    held: usize,
    /// Watches the framing of a chunked body.
    chunks: Option<ChunkScan>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Phase {
    /// The next write is a request's head.
    Idle,
    /// The next writes are its body; the next read is a response's head.
    Sent,
    /// Reads are the response's body.
    Body,
}

impl<In: Transport> HeadTransport<In> {
    /// Writes our head in place of the one in the output buffer.
    fn send_head(&mut self, timeout: NextTimeout) -> Result<(), Error> {
        let head = {
            let mut exchange = self.exchange.lock();
            exchange.enter(Stage::Send);
            std::mem::take(&mut exchange.request_head)
        };
        let mut rest = head.as_slice();
        while !rest.is_empty() {
            let output = self.inner.buffers().output();
            let count = rest.len().min(output.len());
            let (now, later) = rest.split_at(count);
            if let Some(place) = output.get_mut(..count) {
                place.copy_from_slice(now);
            }
            self.inner.transmit_output(count, timeout)?;
            rest = later;
        }
        Ok(())
    }

    /// Reads up to the end of a final response's head and puts the plain head and what follows into the input buffer.
    fn receive_head(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        let limit = {
            let mut exchange = self.exchange.lock();
            exchange.enter(Stage::Head);
            exchange.limits.max_header_bytes
        };
        let mut bytes = Vec::new();
        let mut skipped = 0_u64;
        let is_empty = loop {
            let made_progress = self.inner.await_input(timeout)?;
            let input = self.inner.buffers().input();
            let count = input.len();
            let has_line_end = input.contains(&b'\n');
            bytes.extend_from_slice(input);
            self.inner.buffers().input_consume(count);
            let is_first = bytes.len() == count;
            self.exchange.lock().head_bytes += count as u64;
            // OPTIMIZATION: a head ends in a line end, so bytes without one need no look.
            if has_line_end || is_first {
                match take_final_head(&mut bytes, &mut skipped) {
                    Ok(None) => {}
                    Ok(Some(head)) => {
                        self.check_head_size(skipped, limit)?;
                        self.phase = Phase::Body;
                        return self.deliver(head, &bytes);
                    }
                    Err(error) => return self.fail(error),
                }
            }
            self.check_head_size(skipped + bytes.len() as u64, limit)?;
            if !made_progress || count == 0 {
                break bytes.is_empty();
            }
        };
        // NOTE: browsers take a head that the end of an unprotected connection cuts off between two lines; over TLS it could be
        // an attacker's cut.
        if bytes.ends_with(b"\n") && !self.inner.is_tls() {
            bytes.extend_from_slice(b"\r\n");
            match take_final_head(&mut bytes, &mut skipped) {
                Ok(Some(head)) => {
                    self.phase = Phase::Body;
                    return self.deliver(head, &bytes);
                }
                Ok(None) => {}
                Err(error) => return self.fail(error),
            }
        }
        let detail = if is_empty {
            "nothing was received"
        } else {
            "the response's head is incomplete"
        };
        self.fail(NetworkError::ConnectionClosed(detail.to_owned()))
    }

    fn check_head_size(&self, size: u64, limit: u64) -> Result<(), Error> {
        if size > limit {
            return self.fail(NetworkError::HeadTooLarge(limit));
        }
        Ok(())
    }

    fn deliver(&mut self, head: ResponseHead, rest: &[u8]) -> Result<bool, Error> {
        self.chunks = None;
        let plain = match self.plain_head(&head) {
            Ok(plain) => plain,
            Err(error) => return self.fail(error),
        };
        {
            let mut exchange = self.exchange.lock();
            exchange.enter(Stage::Body);
            exchange.response_head = Some(head);
        }
        self.leftover = plain.into_bytes();
        self.hold_broken(rest);
        // NOTE: bytes after a response without a body belong to nothing; kept, they make ureq close the connection.
        self.leftover.extend_from_slice(rest);
        Ok(self.pour_leftover())
    }

    /// A head that tells ureq how the body is delimited and whether the connection stays, no more.
    fn plain_head(&mut self, head: &ResponseHead) -> Result<String, NetworkError> {
        let exchange = self.exchange.lock();
        let framing = head.framing(exchange.is_head_request)?;
        let keeps_alive = head.keeps_alive() && !exchange.upload_cut && head.status != 101;
        let connection = if keeps_alive {
            ""
        } else {
            "connection: close\r\n"
        };
        let (status, length) = match framing {
            Framing::None => (204, String::new()),
            Framing::Length(length) => (200, format!("content-length: {length}\r\n")),
            Framing::Chunked => {
                self.chunks = Some(ChunkScan::new());
                (200, "transfer-encoding: chunked\r\n".to_owned())
            }
            Framing::UntilClose => (200, String::new()),
        };
        Ok(format!("HTTP/1.1 {status} \r\n{length}{connection}\r\n"))
    }

    /// Of the body's next bytes, holds what stands behind good ones and is broken.
    fn hold_broken(&mut self, bytes: &[u8]) {
        let good = self.chunks.as_mut().and_then(|chunks| chunks.cut(bytes));
        self.held = good.map_or(0, |good| bytes.len() - good);
    }

    fn pour_leftover(&mut self) -> bool {
        if self.held == self.leftover.len() {
            self.held = 0;
        }
        let place = self.inner.buffers().input_append_buf();
        let count = place.len().min(self.leftover.len() - self.held);
        if let (Some(place), Some(bytes)) = (place.get_mut(..count), self.leftover.get(..count)) {
            place.copy_from_slice(bytes);
        }
        self.inner.buffers().input_appended(count);
        self.leftover.drain(..count);
        count > 0
    }

    /// Takes what has to wait off the input again, which had `before` bytes before the last read.
    fn scan_input(&mut self, before: usize) {
        let input = self.inner.buffers().input();
        let Some(new) = input.get(before..).filter(|new| !new.is_empty()) else {
            return;
        };
        if let Some(good) = self.chunks.as_mut().and_then(|chunks| chunks.cut(new)) {
            self.held = new.len() - good;
            self.leftover = input.to_vec();
            let count = self.leftover.len();
            self.inner.buffers().input_consume(count);
            self.pour_leftover();
        }
    }

    fn fail<T>(&self, error: NetworkError) -> Result<T, Error> {
        self.exchange.fail(error);
        Err(io::Error::other("failed, see the exchange").into())
    }
}

impl<In: Transport> Transport for HeadTransport<In> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.inner.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        if self.phase == Phase::Sent {
            // NOTE: of the byte too many that ends the body (see `UploadReader`) nothing is written.
            let real = {
                let mut exchange = self.exchange.lock();
                let real = amount.min(exchange.body_left);
                exchange.body_left -= real;
                real
            };
            if real == 0 {
                return Ok(());
            }
            return self.inner.transmit_output(real, timeout);
        }
        self.phase = Phase::Sent;
        self.leftover.clear();
        self.held = 0;
        self.send_head(timeout)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        match self.phase {
            Phase::Idle => Ok(false),
            Phase::Sent => self.receive_head(timeout),
            Phase::Body if !self.leftover.is_empty() => Ok(self.pour_leftover()),
            Phase::Body => {
                let has_room = !self.inner.buffers().input_append_buf().is_empty();
                let before = self.inner.buffers().input().len();
                let has_input = self.inner.await_input(timeout)?;
                if self.chunks.is_some() {
                    self.scan_input(before);
                }
                if has_room && !has_input {
                    self.exchange.lock().ended = true;
                }
                Ok(has_input)
            }
        }
    }

    fn is_open(&mut self) -> bool {
        self.leftover.is_empty() && self.inner.is_open()
    }

    fn is_tls(&self) -> bool {
        self.inner.is_tls()
    }
}

/// Takes a final response's head off the front of `bytes`, and interim ones before it; adds their sizes to `taken`.
pub(super) fn take_final_head(
    bytes: &mut Vec<u8>,
    taken: &mut u64,
) -> Result<Option<ResponseHead>, NetworkError> {
    while let Some((head, length)) = ResponseHead::parse(bytes)? {
        bytes.drain(..length);
        *taken += length as u64;
        if !(100..=199).contains(&head.status) || head.status == 101 {
            return Ok(Some(head));
        }
    }
    Ok(None)
}
