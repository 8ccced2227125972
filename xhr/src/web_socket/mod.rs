//! WebSockets: the object as a pure state machine, the handshake through Fetch, and the protocol over our own connections.
//!
//! - [`WebSocket`] is the object script sees: it says what to do ([`Action`]) and which events to fire ([`Step`]), and does no I/O.
//! - [`open`] makes the connection and gives the two loops that run it, each a blocking function for a thread of the caller's;
//!   [`crate::driver::spawn_web_socket`] brings the threads.
//! - [`Framing`] is RFC 6455's framing over bytes in memory, by [`tungstenite`].
//!
//! No extension is offered: there is no `permessage-deflate`.
//!
//! Written from the WebSockets standard, <https://websockets.spec.whatwg.org/>, in its text of June 2026, and RFC 6455.

mod address;
mod connection;
mod event;
mod framing;
mod handshake;
mod object;

pub use address::{check_protocols, web_socket_url};
pub use connection::{ReadLoop, WebSocketHandle, WebSocketLimits, WebSocketSink, WriteLoop, open};
pub use event::{Close, Message, WebSocketEvent};
pub use framing::{Framing, FramingError, Received};
pub use handshake::{Established, WebSocketRequest, accept_value, establish};
pub use object::{Action, BinaryType, ReadyState, Step, WebSocket};
