//! What a connection tells the object.

use crate::error::NetworkError;

/// A message, either way.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Message {
    /// Text.
    Text(String),
    /// Bytes.
    Binary(Vec<u8>),
}

impl Message {
    /// Length in bytes, of text in UTF-8.
    #[must_use]
    pub const fn len(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Binary(bytes) => bytes.len(),
        }
    }

    /// Whether there are no bytes.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// A Close frame's content.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Close {
    /// The code; `None` if the frame is empty.
    pub code: Option<u16>,
    /// The reason; empty without a code.
    pub reason: String,
}

/// A happening of a connection. The first is [`Opened`](Self::Opened) or [`Closed`](Self::Closed); the latter is the last.
///
/// Standard: <https://websockets.spec.whatwg.org/#feedback-from-the-protocol>
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum WebSocketEvent {
    /// The connection is established.
    Opened {
        /// The subprotocol in use; empty for none.
        protocol: String,
        /// The extensions in use: none is offered, so this is empty.
        extensions: String,
    },
    /// A message has been received.
    Message(Message),
    /// That many bytes of messages were handed to the network.
    Sent(u64),
    /// The other side has started the closing handshake.
    Closing,
    /// The connection is closed.
    Closed {
        /// Whether both sides have sent a Close frame.
        was_clean: bool,
        /// What the other side gave, 1005 if it gave no code, 1006 if it sent no Close frame.
        code: u16,
        /// What the other side gave.
        reason: String,
        /// Why the connection was failed, if it was; for logs, script does not see it.
        error: Option<NetworkError>,
    },
}

impl WebSocketEvent {
    /// What it weighs in the backlog of what the other side has sent: bytes, and a little for each event.
    #[must_use]
    pub const fn weight(&self) -> u64 {
        match self {
            Self::Message(message) => message.len() as u64 + 128,
            _ => 0,
        }
    }

    /// Whether nothing follows.
    #[must_use]
    pub const fn is_last(&self) -> bool {
        matches!(self, Self::Closed { .. })
    }
}
