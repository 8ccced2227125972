//! A network in memory: exact bytes in, exact bytes out, cut where the script says.
//!
//! It runs the same code as [`UreqTransport`] above the socket, so tests on it test that code.

use std::collections::VecDeque;
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::dial::{Dial, Stream, Target};
use super::exchange::{Exchange, SharedInterrupt};
use super::proxy::Proxies;
use super::ureq::{TransportOptions, UreqTransport};
use super::{HopControl, HopRequest, HopResponse, Transport};
use crate::error::NetworkError;
use crate::fetch::Interrupt;

/// A transport that answers from a script.
///
/// Each exchange takes the next [`Answer`] of the script, whichever host it goes to; [`requests`](Self::requests) tells
/// what was sent. An exhausted script refuses connections.
///
/// ```
/// use readystate_xhr::transport::scripted::{Answer, ScriptedTransport};
/// let transport = ScriptedTransport::new([
///     Answer::bytes("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"),
///     Answer::chunks(["HTTP/1.1 200 O", "K\r\n\r\nh", "i"]).then_close(),
/// ]);
/// assert!(transport.requests().is_empty());
/// ```
#[derive(Clone)]
pub struct ScriptedTransport {
    inner: UreqTransport,
    script: Arc<Script>,
}

/// What the server does after it has read a request.
#[derive(Clone, Debug)]
pub struct Answer {
    chunks: VecDeque<Vec<u8>>,
    end: End,
    cut_upload_after: Option<usize>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum End {
    KeepAlive,
    Close,
    Reset,
    Hang,
    Refuse,
    /// The connection turns out to be closed when the request comes, as a kept one may.
    Stale,
}

impl Answer {
    /// These bytes in one piece; the connection stays open.
    #[must_use]
    pub fn bytes(bytes: impl AsRef<[u8]>) -> Self {
        Self::chunks([bytes])
    }

    /// These pieces, one a read; the connection stays open.
    #[must_use]
    pub fn chunks<B: AsRef<[u8]>>(chunks: impl IntoIterator<Item = B>) -> Self {
        let chunks = chunks.into_iter().map(|chunk| chunk.as_ref().to_vec());
        Self {
            chunks: chunks.filter(|chunk| !chunk.is_empty()).collect(),
            end: End::KeepAlive,
            cut_upload_after: None,
        }
    }

    /// No connection is made.
    #[must_use]
    pub fn refuse() -> Self {
        Self::chunks([""; 0]).ending(End::Refuse)
    }

    /// The server closes without a byte when the request comes on a connection that was kept.
    #[must_use]
    pub fn stale() -> Self {
        Self::chunks([""; 0]).ending(End::Stale)
    }

    /// After the bytes the connection is closed in order.
    #[must_use]
    pub const fn then_close(self) -> Self {
        self.ending(End::Close)
    }

    /// After the bytes the connection is reset.
    #[must_use]
    pub const fn then_reset(self) -> Self {
        self.ending(End::Reset)
    }

    /// After the bytes nothing comes any more: reads end by abort, or at once by their time-out.
    #[must_use]
    pub const fn then_hang(self) -> Self {
        self.ending(End::Hang)
    }

    /// The server stops reading after that many bytes of the request, head included: writes fail then.
    #[must_use]
    pub const fn cutting_upload_after(mut self, bytes: usize) -> Self {
        self.cut_upload_after = Some(bytes);
        self
    }

    const fn ending(mut self, end: End) -> Self {
        self.end = end;
        self
    }
}

impl ScriptedTransport {
    /// A transport that gives these answers in order.
    #[must_use]
    pub fn new(answers: impl IntoIterator<Item = Answer>) -> Self {
        let script = Arc::new(Script {
            state: Mutex::new(State {
                answers: answers.into_iter().collect(),
                ..State::default()
            }),
            changed: Condvar::new(),
        });
        let dial = Arc::new(ScriptedDial(Arc::clone(&script)));
        let options = TransportOptions::default();
        Self {
            inner: UreqTransport::with_dial(options, dial, Proxies::default(), None),
            script,
        }
    }

    /// Adds an answer at the script's end.
    pub fn push(&self, answer: Answer) {
        self.script.lock().answers.push_back(answer);
    }

    /// The bytes of the requests so far, in order, heads and bodies as sent. One on a stale connection is listed too.
    #[must_use]
    pub fn requests(&self) -> Vec<Vec<u8>> {
        self.script.lock().requests.clone()
    }

    /// The requests as text, for assertions; bytes that are not UTF-8 become U+FFFD.
    #[must_use]
    pub fn request_texts(&self) -> Vec<String> {
        let requests = self.requests();
        requests
            .iter()
            .map(|request| String::from_utf8_lossy(request).into_owned())
            .collect()
    }

    /// How many connections were made.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.script.lock().connections
    }

    /// Waits until a read hangs (see [`Answer::then_hang`]); gives up after ten seconds and says so.
    #[must_use]
    pub fn wait_until_hanging(&self) -> bool {
        let state = self.script.lock();
        let result =
            self.script
                .changed
                .wait_timeout_while(state, Duration::from_secs(10), |state| state.hanging == 0);
        let (state, _) = result.unwrap_or_else(PoisonError::into_inner);
        state.hanging > 0
    }
}

impl Transport for ScriptedTransport {
    fn round_trip(
        &self,
        request: &HopRequest,
        hop: HopControl<'_>,
    ) -> Result<HopResponse, NetworkError> {
        // NOTE: TLS needs a real server, so https is sent as http over the same port.
        if request.url.scheme() == "https" {
            let mut plain = request.clone();
            let port = request.url.port_or_known_default();
            let changed = plain.url.set_scheme("http").is_ok() && plain.url.set_port(port).is_ok();
            if changed {
                return self.inner.round_trip(&plain, hop);
            }
        }
        self.inner.round_trip(request, hop)
    }
}

impl fmt::Debug for ScriptedTransport {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ScriptedTransport")
            .finish_non_exhaustive()
    }
}

#[derive(Debug)]
struct Script {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    answers: VecDeque<Answer>,
    requests: Vec<Vec<u8>>,
    connections: usize,
    hanging: usize,
}

impl Script {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Debug)]
struct ScriptedDial(Arc<Script>);

impl Dial for ScriptedDial {
    fn dial(&self, target: &Target, exchange: &Exchange) -> Result<Box<dyn Stream>, NetworkError> {
        exchange.controller.check()?;
        let refused = |detail: &str| NetworkError::Connect {
            host: target.to_string(),
            detail: detail.to_owned(),
        };
        let mut state = self.0.lock();
        match state.answers.front().map(|answer| answer.end) {
            None => return Err(refused("the script has no more answers")),
            Some(End::Refuse) => {
                state.answers.pop_front();
                return Err(refused("connection refused"));
            }
            Some(_) => {}
        }
        state.connections += 1;
        drop(state);
        Ok(Box::new(ScriptedStream {
            script: Arc::clone(&self.0),
            answer: None,
            request: None,
            has_read: false,
            stop: Arc::default(),
        }))
    }
}

#[derive(Debug)]
struct ScriptedStream {
    script: Arc<Script>,
    answer: Option<Answer>,
    /// Which of the script's requests is being written.
    request: Option<usize>,
    /// Whether the answer was looked at, so that the next write begins another exchange.
    has_read: bool,
    stop: Arc<Stop>,
}

#[derive(Debug, Default)]
struct Stop {
    stopped: Mutex<bool>,
    changed: Condvar,
}

impl Stop {
    fn is_stopped(&self) -> bool {
        *self.stopped.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait(&self) {
        let stopped = self.stopped.lock().unwrap_or_else(PoisonError::into_inner);
        drop(self.changed.wait_while(stopped, |stopped| !*stopped));
    }
}

impl Interrupt for Stop {
    fn interrupt(&self) {
        *self.stopped.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.changed.notify_all();
    }
}

impl ScriptedStream {
    fn is_done(&self) -> bool {
        let is_spent = |answer: &Answer| answer.chunks.is_empty() && answer.end == End::KeepAlive;
        self.answer.as_ref().is_none_or(is_spent)
    }
}

impl Stream for ScriptedStream {
    fn read(&mut self, buffer: &mut [u8], timeout: Option<Duration>) -> io::Result<usize> {
        if self.stop.is_stopped() {
            return Err(io::ErrorKind::ConnectionAborted.into());
        }
        self.has_read = true;
        let Some(answer) = &mut self.answer else {
            return Ok(0);
        };
        if let Some(chunk) = answer.chunks.front_mut() {
            let count = chunk.len().min(buffer.len());
            let rest = chunk.split_off(count);
            if let Some(place) = buffer.get_mut(..count) {
                place.copy_from_slice(chunk);
            }
            if rest.is_empty() {
                answer.chunks.pop_front();
            } else {
                *chunk = rest;
            }
            return Ok(count);
        }
        match answer.end {
            End::Reset => Err(io::ErrorKind::ConnectionReset.into()),
            End::Hang => {
                self.script.lock().hanging += 1;
                self.script.changed.notify_all();
                // NOTE: time is short here: a limit below a second counts as reached at once.
                if timeout.is_some_and(|timeout| timeout < Duration::from_secs(1)) {
                    self.script.lock().hanging -= 1;
                    return Err(io::ErrorKind::TimedOut.into());
                }
                self.stop.wait();
                self.script.lock().hanging -= 1;
                Err(io::ErrorKind::ConnectionAborted.into())
            }
            _ => Ok(0),
        }
    }

    fn write(&mut self, bytes: &[u8], _: Option<Duration>) -> io::Result<usize> {
        if self.stop.is_stopped() {
            return Err(io::ErrorKind::ConnectionAborted.into());
        }
        let mut state = self.script.lock();
        if self.request.is_none() || self.has_read {
            let Some(answer) = state.answers.pop_front() else {
                return Err(io::ErrorKind::BrokenPipe.into());
            };
            state.requests.push(Vec::new());
            self.request = Some(state.requests.len() - 1);
            self.has_read = false;
            let is_stale = answer.end == End::Stale;
            self.answer = Some(answer);
            if is_stale {
                return Err(io::ErrorKind::BrokenPipe.into());
            }
        }
        let limit = self
            .answer
            .as_ref()
            .and_then(|answer| answer.cut_upload_after);
        let Some(request) = self.request.and_then(|at| state.requests.get_mut(at)) else {
            return Err(io::ErrorKind::BrokenPipe.into());
        };
        let room = limit.map_or(bytes.len(), |limit| limit.saturating_sub(request.len()));
        if room == 0 {
            return Err(io::ErrorKind::BrokenPipe.into());
        }
        let count = room.min(bytes.len());
        request.extend_from_slice(bytes.get(..count).unwrap_or_default());
        Ok(count)
    }

    fn is_readable(&mut self) -> bool {
        !self.is_done()
    }

    fn interrupt(&self) -> SharedInterrupt {
        SharedInterrupt(Arc::<Stop>::clone(&self.stop))
    }

    fn remote_address(&self) -> Option<SocketAddr> {
        None
    }
}
