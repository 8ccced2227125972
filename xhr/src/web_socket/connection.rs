//! A connection at work: a loop that reads, a loop that writes, and the handle by which the object's side steers them.
//!
//! Standard: <https://websockets.spec.whatwg.org/#feedback-from-the-protocol>, <https://www.rfc-editor.org/rfc/rfc6455#section-7>

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::event::{Close, Message, WebSocketEvent};
use super::framing::{Framing, Received};
use super::handshake::{Established, WebSocketRequest, establish};
use crate::environment::FetchEnvironment;
use crate::error::NetworkError;
use crate::fetch::FetchController;
use crate::transport::{UpgradedReader, UpgradedWriter};

/// Where the events of a connection go. Called on its threads; must return soon.
pub type WebSocketSink = Box<dyn FnMut(WebSocketEvent) + Send>;

/// Limits of one connection.
#[derive(Clone, Copy, Debug)]
pub struct WebSocketLimits {
    /// Bytes of one received message; a larger one fails the connection. Default: 64 MiB.
    pub max_message_bytes: usize,
    /// Bytes received and not yet taken, see [`WebSocketHandle::taken`]; beyond it nothing more is read. Default: 16 MiB.
    pub max_backlog_bytes: u64,
    /// How long the server may take to answer our Close frame. Default: 10 s.
    pub closing_timeout: Duration,
    /// How long the server may take to close the connection after both Close frames. Default: 2 s.
    pub disconnect_timeout: Duration,
}

impl Default for WebSocketLimits {
    fn default() -> Self {
        Self {
            max_message_bytes: 64 << 20,
            max_backlog_bytes: 16 << 20,
            closing_timeout: Duration::from_secs(10),
            disconnect_timeout: Duration::from_secs(2),
        }
    }
}

/// Bytes of messages that go out in one write, if there are several; and the last bytes of a long one, which count as sent once the
/// socket is asked to take them. So what [`WebSocketEvent::Sent`] tells is early by no more than this, as it is by the system's buffer,
/// and no answer of the server can come before it.
const BATCH: usize = 64 << 10;
/// How long a connection that nobody listens to any more may take to say goodbye.
const GOODBYE: Duration = Duration::from_secs(1);

/// Steers a connection. Clones steer the same one; dropping them changes nothing.
#[derive(Clone)]
pub struct WebSocketHandle {
    shared: Arc<Shared>,
}

impl WebSocketHandle {
    /// The handle of a connection that [`open`] is still to make.
    #[must_use]
    pub fn new(limits: WebSocketLimits, sink: WebSocketSink) -> Self {
        Self {
            shared: Arc::new(Shared {
                controller: FetchController::for_upgrade(),
                limits,
                state: Mutex::new(State {
                    sink: Some(sink),
                    ..State::default()
                }),
                changed: Condvar::new(),
            }),
        }
    }

    /// Sends a message; [`WebSocketEvent::Sent`] tells that it leaves, before anything that the server says to it.
    pub fn send(&self, message: Message) {
        self.shared.lock().outbox.push_back(message);
        self.shared.changed.notify_all();
    }

    /// Starts the closing handshake, after what waits to be sent.
    ///
    /// Standard: <https://www.rfc-editor.org/rfc/rfc6455#section-7.1.2>
    pub fn start_closing_handshake(&self, code: Option<u16>, reason: &str) {
        let mut state = self.shared.lock();
        if state.close.is_none() {
            state.close = Some(Close {
                code,
                reason: reason.to_owned(),
            });
        }
        drop(state);
        self.shared.changed.notify_all();
    }

    /// Fails a connection that is not established yet. The event that tells so is given at once, from this call.
    pub fn fail(&self) {
        let mut state = self.shared.lock();
        state.finish(WebSocketEvent::Closed {
            was_clean: false,
            code: 1006,
            reason: String::new(),
            error: Some(NetworkError::Aborted),
        });
        drop(state);
        self.shared.stop();
    }

    /// Ends the connection because its page goes away: a Close frame with code 1001 if there is a connection, and no event more.
    ///
    /// Standard: <https://websockets.spec.whatwg.org/#make-disappear>
    pub fn make_disappear(&self) {
        let mut state = self.shared.lock();
        state.sink = None;
        state.outbox.clear();
        let can_say_goodbye = state.framing.is_some() && !state.is_writing;
        state.is_going = true;
        if state.close.is_none() {
            state.close = Some(Close {
                code: Some(1001),
                reason: String::new(),
            });
        }
        drop(state);
        if can_say_goodbye {
            self.shared.changed.notify_all();
        } else {
            self.shared.stop();
        }
    }

    /// An event was taken by the object's side: what it weighed makes room for more.
    pub fn taken(&self, event: &WebSocketEvent) {
        let weight = event.weight();
        if weight == 0 {
            return;
        }
        let mut state = self.shared.lock();
        state.backlog = state.backlog.saturating_sub(weight);
        drop(state);
        self.shared.changed.notify_all();
    }
}

impl fmt::Debug for WebSocketHandle {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("WebSocketHandle")
            .finish_non_exhaustive()
    }
}

/// Makes the connection. Blocks until it is established, or has failed: then the handle's sink has been told, and there are no loops
/// to run.
///
/// Each loop wants a thread of its own; [`WriteLoop::run`] ends after [`ReadLoop::run`].
pub fn open(
    handle: &WebSocketHandle,
    request: &WebSocketRequest,
    environment: &FetchEnvironment,
) -> Option<(ReadLoop, WriteLoop)> {
    let shared = Arc::clone(&handle.shared);
    let established = establish(request, environment, &shared.controller);
    let mut state = shared.lock();
    match established {
        Ok(Established {
            protocol,
            connection,
        }) if state.sink.is_some() => {
            let (reader, writer) = connection.split();
            state.framing = Some(Framing::new(shared.limits.max_message_bytes));
            state.emit(WebSocketEvent::Opened {
                protocol,
                extensions: String::new(),
            });
            drop(state);
            let read = ReadLoop {
                shared: Arc::clone(&shared),
                reader,
            };
            Some((read, WriteLoop { shared, writer }))
        }
        // The page went away meanwhile.
        Ok(_) => None,
        Err(error) => {
            state.finish(WebSocketEvent::Closed {
                was_clean: false,
                code: 1006,
                reason: String::new(),
                error: Some(error),
            });
            None
        }
    }
}

struct Shared {
    controller: FetchController,
    limits: WebSocketLimits,
    state: Mutex<State>,
    /// Something of the state has changed.
    changed: Condvar,
}

#[derive(Default)]
struct State {
    /// `None` once the last event was given, or nobody wants any.
    sink: Option<WebSocketSink>,
    /// `None` until the connection is established.
    framing: Option<Framing>,
    outbox: VecDeque<Message>,
    /// The Close frame to send after what waits.
    close: Option<Close>,
    backlog: u64,
    /// Whether the writer is at the socket.
    is_writing: bool,
    is_read_over: bool,
    is_write_over: bool,
    /// Whether the page has gone.
    is_going: bool,
    /// Whether the connection is being failed: what was to be sent no longer is.
    has_failed: bool,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'a>(&self, guard: MutexGuard<'a, State>) -> MutexGuard<'a, State> {
        self.changed
            .wait(guard)
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn wait_while<'a>(
        &self,
        guard: MutexGuard<'a, State>,
        limit: Duration,
        condition: impl Fn(&State) -> bool,
    ) -> MutexGuard<'a, State> {
        self.changed
            .wait_timeout_while(guard, limit, |state| condition(state))
            .unwrap_or_else(PoisonError::into_inner)
            .0
    }

    /// Shuts the socket down and wakes the loops.
    fn stop(&self) {
        self.controller.abort();
        // Taking the lock makes sure that a loop is either before its check or already waiting.
        drop(self.lock());
        self.changed.notify_all();
    }
}

impl State {
    fn emit(&mut self, event: WebSocketEvent) {
        if let Some(sink) = &mut self.sink {
            self.backlog = self.backlog.saturating_add(event.weight());
            sink(event);
        }
    }

    /// Gives the last event.
    fn finish(&mut self, event: WebSocketEvent) {
        if let Some(mut sink) = self.sink.take() {
            sink(event);
        }
    }

    fn is_closed_by_both(&self) -> bool {
        self.framing
            .as_ref()
            .is_some_and(|framing| framing.is_close_sent() && framing.close_received().is_some())
    }
}

/// The loop that reads. The last event comes from it.
pub struct ReadLoop {
    shared: Arc<Shared>,
    reader: UpgradedReader,
}

impl ReadLoop {
    /// Reads until the connection is over.
    pub fn run(mut self) {
        let error = self.read();
        let shared = &self.shared;
        let mut state = shared.lock();
        let error = match error {
            // What follows from an abort of ours is not an error of the connection's.
            Some(error) if state.has_failed || !shared.controller.is_aborted() => Some(error),
            Some(_) | None if state.is_closed_by_both() => None,
            Some(_) => Some(NetworkError::WebSocketProtocol(
                "the closing handshake timed out".to_owned(),
            )),
            None => Some(NetworkError::ConnectionClosed(
                "the server sent no Close frame".to_owned(),
            )),
        };
        let was_clean = error.is_none() && state.is_closed_by_both();
        let close = state
            .framing
            .as_ref()
            .and_then(|framing| framing.close_received().cloned());
        let (code, reason) = match close {
            Some(close) if was_clean => (close.code.unwrap_or(1005), close.reason),
            _ => (1006, String::new()),
        };
        state.finish(WebSocketEvent::Closed {
            was_clean,
            code,
            reason,
            error,
        });
        state.is_read_over = true;
        drop(state);
        shared.changed.notify_all();
    }

    /// Reads to the end, or to an error.
    fn read(&mut self) -> Option<NetworkError> {
        let mut buffer = vec![0; 32 << 10];
        let mut received = Vec::new();
        loop {
            let count = match self.reader.read(&mut buffer) {
                Ok(0) => return None,
                Ok(count) => count,
                // NOTE: a connection is often cut off after the Close frames.
                Err(_) if self.shared.lock().is_closed_by_both() => return None,
                Err(error) => return Some(NetworkError::ConnectionClosed(error.to_string())),
            };
            let bytes = buffer.get(..count).unwrap_or_default();
            let mut state = self.shared.lock();
            let result = state
                .framing
                .as_mut()
                .map(|framing| framing.receive(bytes, &mut received));
            for item in received.drain(..) {
                match item {
                    Received::Message(message) => state.emit(WebSocketEvent::Message(message)),
                    Received::Close(_) => state.emit(WebSocketEvent::Closing),
                }
            }
            if let Some(Err(error)) = result {
                if let Some(framing) = &mut state.framing {
                    framing.close(Some(error.code), "");
                }
                state.outbox.clear();
                state.has_failed = true;
                self.shared.changed.notify_all();
                // The Close frame gets a moment to leave.
                let state = self
                    .shared
                    .wait_while(state, GOODBYE, |state| !state.is_write_over);
                drop(state);
                self.shared.stop();
                return Some(if error.code == 1009 {
                    NetworkError::BodyTooLarge(self.shared.limits.max_message_bytes as u64)
                } else {
                    NetworkError::WebSocketProtocol(error.detail)
                });
            }
            self.shared.changed.notify_all();
            // The other side waits until there is room.
            while state.backlog > self.shared.limits.max_backlog_bytes
                && state.sink.is_some()
                && !self.shared.controller.is_aborted()
            {
                state = self.shared.wait(state);
            }
        }
    }
}

/// The loop that writes, and sees to it that closing comes to an end.
pub struct WriteLoop {
    shared: Arc<Shared>,
    writer: UpgradedWriter,
}

impl WriteLoop {
    /// Writes until the connection is over.
    pub fn run(mut self) {
        self.write();
        let shared = Arc::clone(&self.shared);
        let mut state = shared.lock();
        state.is_write_over = true;
        shared.changed.notify_all();
        // Our Close frame has left: the server has to answer it, and then to close the connection.
        if !state.is_read_over && !shared.controller.is_aborted() {
            let (answer, disconnect) = if state.is_going {
                (GOODBYE, GOODBYE)
            } else {
                (
                    shared.limits.closing_timeout,
                    shared.limits.disconnect_timeout,
                )
            };
            state = shared.wait_while(state, answer, |state| {
                !state.is_read_over && !state.is_closed_by_both()
            });
            if state.is_closed_by_both() {
                state = shared.wait_while(state, disconnect, |state| !state.is_read_over);
            }
        }
        drop(state);
        shared.stop();
    }

    /// Writes up to a Close frame of ours.
    fn write(&mut self) {
        loop {
            let mut state = self.shared.lock();
            let (bytes, payload, is_last) = loop {
                if state.is_read_over || self.shared.controller.is_aborted() {
                    return;
                }
                if let Some(batch) = state.next_batch() {
                    break batch;
                }
                state = self.shared.wait(state);
            };
            state.is_writing = true;
            let (most, last) = bytes
                .split_at_checked(bytes.len().saturating_sub(BATCH))
                .unwrap_or((&[], &bytes));
            let mut result = Ok(());
            if !most.is_empty() {
                drop(state);
                result = self.writer.write_all(most);
                state = self.shared.lock();
            }
            if result.is_ok() {
                if payload > 0 {
                    state.emit(WebSocketEvent::Sent(payload));
                }
                drop(state);
                result = self.writer.write_all(last);
                state = self.shared.lock();
            }
            state.is_writing = false;
            // The reader finds out why it failed, and finishes.
            if is_last || result.is_err() {
                return;
            }
        }
    }
}

impl State {
    /// The next bytes to write, how many of a message's they hold, and whether a Close frame is at their end.
    fn next_batch(&mut self) -> Option<(Vec<u8>, u64, bool)> {
        let framing = self.framing.as_mut()?;
        let mut payload = 0;
        // Pongs and answers to a Close frame go first.
        let mut bytes = framing.take_output();
        while !framing.is_close_sent()
            && self
                .outbox
                .front()
                .is_some_and(|next| bytes.is_empty() || bytes.len() + next.len() < BATCH)
            && let Some(message) = self.outbox.pop_front()
        {
            payload += message.len() as u64;
            framing.send(message);
            let frame = framing.take_output();
            if bytes.is_empty() {
                bytes = frame;
            } else {
                bytes.extend_from_slice(&frame);
            }
        }
        if self.outbox.is_empty()
            && !framing.is_close_sent()
            && let Some(close) = &self.close
        {
            framing.close(close.code, &close.reason);
            bytes.append(&mut framing.take_output());
        }
        if bytes.is_empty() {
            return None;
        }
        let is_last = framing.is_close_sent() || self.has_failed;
        Some((bytes, payload, is_last))
    }
}

impl fmt::Debug for ReadLoop {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("ReadLoop").finish_non_exhaustive()
    }
}

impl fmt::Debug for WriteLoop {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("WriteLoop").finish_non_exhaustive()
    }
}
