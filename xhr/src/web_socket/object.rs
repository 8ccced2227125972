//! The `WebSocket` object: its attributes and methods, as a pure state machine.
//!
//! Standard: <https://websockets.spec.whatwg.org/#the-websocket-interface>

use std::collections::VecDeque;

use url::Url;

use super::event::{Message, WebSocketEvent};
use crate::error::XhrError;

/// `readyState`.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum ReadyState {
    /// 0: the handshake is under way.
    #[default]
    Connecting = 0,
    /// 1: messages go both ways.
    Open = 1,
    /// 2: the closing handshake is under way, or `close()` was called.
    Closing = 2,
    /// 3: it is over.
    Closed = 3,
}

/// `binaryType`: as what bytes are received.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum BinaryType {
    /// `blob`, the default.
    #[default]
    Blob,
    /// `arraybuffer`.
    ArrayBuffer,
}

/// What a call leads to at the connection.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Action {
    /// Nothing.
    None,
    /// Fail the connection.
    Fail,
    /// Start the closing handshake.
    Close {
        /// The code; `None` for an empty Close frame.
        code: Option<u16>,
        /// The reason, at most 123 bytes.
        reason: String,
    },
    /// Send this message.
    Send(Message),
}

/// An event to fire.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Step {
    /// `open`.
    Open,
    /// `message`.
    Message(Message),
    /// `error`.
    Error,
    /// `close`.
    Close {
        /// `wasClean`.
        was_clean: bool,
        /// `code`.
        code: u16,
        /// `reason`.
        reason: String,
    },
}

/// A `WebSocket` object.
///
/// Calls give an [`Action`] for the connection. Each event of the connection, one a task, goes into [`on_event`](Self::on_event); then
/// [`next_step`](Self::next_step) gives the events to fire, until there is none.
#[derive(Debug)]
pub struct WebSocket {
    url: Url,
    ready_state: ReadyState,
    protocol: String,
    extensions: String,
    buffered_amount: u64,
    max_buffered_bytes: u64,
    binary_type: BinaryType,
    is_full: bool,
    steps: VecDeque<Step>,
}

impl WebSocket {
    /// The longest reason of a Close frame, in bytes.
    const MAX_REASON: usize = 123;

    /// An object that connects to `url`. With more than `max_buffered_bytes` waiting to be sent it closes.
    #[must_use]
    pub fn new(url: Url, max_buffered_bytes: u64) -> Self {
        Self {
            url,
            ready_state: ReadyState::default(),
            protocol: String::new(),
            extensions: String::new(),
            buffered_amount: 0,
            max_buffered_bytes,
            binary_type: BinaryType::default(),
            is_full: false,
            steps: VecDeque::new(),
        }
    }

    /// `url`.
    #[must_use]
    pub const fn url(&self) -> &Url {
        &self.url
    }

    /// `readyState`.
    #[must_use]
    pub const fn ready_state(&self) -> ReadyState {
        self.ready_state
    }

    /// `protocol`.
    #[must_use]
    pub fn protocol(&self) -> &str {
        &self.protocol
    }

    /// `extensions`.
    #[must_use]
    pub fn extensions(&self) -> &str {
        &self.extensions
    }

    /// `bufferedAmount`: bytes given to `send()` that had not left when the last task of this object ran. It does not fall to 0 when the
    /// connection closes.
    #[must_use]
    pub const fn buffered_amount(&self) -> u64 {
        self.buffered_amount
    }

    /// `binaryType`.
    #[must_use]
    pub const fn binary_type(&self) -> BinaryType {
        self.binary_type
    }

    /// Sets `binaryType`.
    pub const fn set_binary_type(&mut self, binary_type: BinaryType) {
        self.binary_type = binary_type;
    }

    /// Runs the `close()` method steps.
    ///
    /// # Errors
    /// [`XhrError::InvalidAccess`] for a code that script may not use, [`XhrError::Syntax`] for a reason of more than 123 bytes.
    ///
    /// Standard: <https://websockets.spec.whatwg.org/#dom-websocket-close>
    pub fn close(&mut self, code: Option<u16>, reason: Option<&str>) -> Result<Action, XhrError> {
        // 2. The code.
        if code.is_some_and(|code| code != 1000 && !(3000..=4999).contains(&code)) {
            return Err(XhrError::InvalidAccess(
                "the code is neither 1000 nor from 3000 to 4999",
            ));
        }
        // 3. The reason.
        let reason = reason.unwrap_or_default();
        if reason.len() > Self::MAX_REASON {
            return Err(XhrError::Syntax("the reason is longer than 123 bytes"));
        }
        let before = self.ready_state;
        if matches!(before, ReadyState::Closing | ReadyState::Closed) {
            return Ok(Action::None);
        }
        self.ready_state = ReadyState::Closing;
        if before == ReadyState::Connecting {
            return Ok(Action::Fail);
        }
        // A reason wants a code: 1000.
        let code = code.or_else(|| (!reason.is_empty()).then_some(1000));
        Ok(Action::Close {
            code,
            reason: reason.to_owned(),
        })
    }

    /// Runs the `send()` method steps.
    ///
    /// # Errors
    /// [`XhrError::InvalidState`] while connecting.
    ///
    /// Standard: <https://websockets.spec.whatwg.org/#dom-websocket-send>
    pub fn send(&mut self, message: Message) -> Result<Action, XhrError> {
        // 1. Not while connecting.
        if self.ready_state == ReadyState::Connecting {
            return Err(XhrError::InvalidState("the connection is not open yet"));
        }
        // 2. By type, all alike: count it; send it if open, close if there is no room.
        let length = message.len() as u64;
        self.buffered_amount = self.buffered_amount.saturating_add(length);
        if self.ready_state != ReadyState::Open {
            return Ok(Action::None);
        }
        if self.buffered_amount > self.max_buffered_bytes {
            self.is_full = true;
            self.ready_state = ReadyState::Closing;
            return Ok(Action::Close {
                code: None,
                reason: String::new(),
            });
        }
        Ok(Action::Send(message))
    }

    /// Takes an event of the connection.
    ///
    /// Standard: <https://websockets.spec.whatwg.org/#feedback-from-the-protocol>
    pub fn on_event(&mut self, event: WebSocketEvent) {
        match event {
            WebSocketEvent::Opened {
                protocol,
                extensions,
            } => {
                if self.ready_state == ReadyState::Connecting {
                    // 1. – 4. Open.
                    self.ready_state = ReadyState::Open;
                    self.extensions = extensions;
                    self.protocol = protocol;
                    self.steps.push_back(Step::Open);
                }
            }
            // 1. Only while open.
            WebSocketEvent::Message(message) if self.ready_state == ReadyState::Open => {
                self.steps.push_back(Step::Message(message));
            }
            WebSocketEvent::Message(_) => {}
            WebSocketEvent::Sent(bytes) => {
                self.buffered_amount = self.buffered_amount.saturating_sub(bytes);
            }
            WebSocketEvent::Closing => {
                if self.ready_state != ReadyState::Closed {
                    self.ready_state = ReadyState::Closing;
                }
            }
            WebSocketEvent::Closed {
                was_clean,
                code,
                reason,
                error,
            } => {
                // 1. Closed.
                self.ready_state = ReadyState::Closed;
                // 2. Failed, or full.
                if error.is_some() || self.is_full {
                    self.steps.push_back(Step::Error);
                }
                // 3. `close`.
                self.steps.push_back(Step::Close {
                    was_clean,
                    code,
                    reason,
                });
            }
        }
    }

    /// The next event to fire.
    pub fn next_step(&mut self) -> Option<Step> {
        self.steps.pop_front()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::NetworkError;

    fn web_socket() -> WebSocket {
        WebSocket::new(Url::parse("ws://a.test/").expect("a URL"), 100)
    }

    fn opened() -> WebSocket {
        let mut socket = web_socket();
        socket.on_event(WebSocketEvent::Opened {
            protocol: "chat".to_owned(),
            extensions: String::new(),
        });
        assert_eq!(socket.next_step(), Some(Step::Open));
        socket
    }

    fn text(length: usize) -> Message {
        Message::Text("x".repeat(length))
    }

    fn closed(was_clean: bool, error: Option<NetworkError>) -> WebSocketEvent {
        WebSocketEvent::Closed {
            was_clean,
            code: 1000,
            reason: String::new(),
            error,
        }
    }

    #[test]
    fn close_checks_code_and_reason_first() {
        let mut socket = opened();
        for code in [0, 999, 1001, 1005, 1006, 2999, 5000] {
            let result = socket.close(Some(code), None);
            assert!(matches!(result, Err(XhrError::InvalidAccess(_))), "{code}");
        }
        let long = "é".repeat(62);
        assert!(matches!(
            socket.close(Some(1000), Some(&long)),
            Err(XhrError::Syntax(_))
        ));
        assert_eq!(socket.ready_state(), ReadyState::Open);
        let close = |code, reason: &str| Action::Close {
            code,
            reason: reason.to_owned(),
        };
        assert_eq!(socket.close(None, Some("x")), Ok(close(Some(1000), "x")));
        assert_eq!(socket.ready_state(), ReadyState::Closing);
        assert_eq!(socket.close(None, None), Ok(Action::None));
        assert_eq!(opened().close(None, None), Ok(close(None, "")));
        assert_eq!(web_socket().close(None, None), Ok(Action::Fail));
    }

    #[test]
    fn send_counts_bytes_in_every_state_but_connecting() {
        assert!(matches!(
            web_socket().send(text(1)),
            Err(XhrError::InvalidState(_))
        ));
        let mut socket = opened();
        assert_eq!(socket.send(text(3)), Ok(Action::Send(text(3))));
        assert_eq!(socket.buffered_amount(), 3);
        socket.on_event(WebSocketEvent::Sent(3));
        assert_eq!(socket.buffered_amount(), 0);
        socket.on_event(closed(true, None));
        assert_eq!(socket.send(text(4)), Ok(Action::None));
        assert_eq!(socket.buffered_amount(), 4);
    }

    #[test]
    fn a_full_buffer_closes_with_an_error() {
        let mut socket = opened();
        assert!(matches!(socket.send(text(101)), Ok(Action::Close { .. })));
        socket.on_event(closed(true, None));
        assert_eq!(socket.next_step(), Some(Step::Error));
        assert!(matches!(socket.next_step(), Some(Step::Close { .. })));
        assert_eq!(socket.next_step(), None);
    }

    #[test]
    fn messages_after_close_are_dropped_and_failures_fire_error() {
        let mut socket = opened();
        socket.on_event(WebSocketEvent::Message(text(1)));
        assert_eq!(socket.next_step(), Some(Step::Message(text(1))));
        assert!(socket.close(None, None).is_ok());
        socket.on_event(WebSocketEvent::Message(text(1)));
        assert_eq!(socket.next_step(), None);
        socket.on_event(closed(false, Some(NetworkError::Aborted)));
        assert_eq!(socket.next_step(), Some(Step::Error));
        assert_eq!(socket.ready_state(), ReadyState::Closed);
    }
}
