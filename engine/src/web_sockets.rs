//! The WebSocket connections of one page.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::time::Instant;

use readystate_js::host::{WebSocketId, WindowId};
use readystate_xhr::NetworkError;
use readystate_xhr::driver::spawn_web_socket;
use readystate_xhr::web_socket::{
    Message, WebSocketEvent, WebSocketHandle, WebSocketLimits, WebSocketRequest,
};

use crate::command::Input;
use crate::error::Limit;
use crate::network::Network;
use crate::settled::{OpenConnection, PendingRequest, RequestPhase, RequestPurpose};

/// The connections that are not closed, by number.
#[derive(Default)]
pub(crate) struct WebSockets(RefCell<BTreeMap<u64, Connection>>);

struct Connection {
    window: WindowId,
    url: String,
    started: Instant,
    handle: WebSocketHandle,
    is_connecting: bool,
}

impl WebSockets {
    pub(crate) fn len(&self) -> usize {
        self.0.borrow().len()
    }

    /// Those whose handshake is under way, oldest first.
    pub(crate) fn connecting(&self) -> Vec<PendingRequest> {
        self.0
            .borrow()
            .values()
            .filter(|connection| connection.is_connecting)
            .map(|connection| PendingRequest {
                method: "GET".to_owned(),
                url: connection.url.clone(),
                purpose: RequestPurpose::WebSocket,
                phase: RequestPhase::AwaitingResponse,
                age: connection.started.elapsed(),
            })
            .collect()
    }

    /// Those that are established, oldest first.
    pub(crate) fn established(&self) -> Vec<OpenConnection> {
        self.0
            .borrow()
            .values()
            .filter(|connection| !connection.is_connecting)
            .map(|connection| OpenConnection {
                url: connection.url.clone(),
                interface: "WebSocket",
                age: connection.started.elapsed(),
            })
            .collect()
    }

    /// Whether no handshake is under way.
    pub(crate) fn is_idle(&self) -> bool {
        self.0
            .borrow()
            .values()
            .all(|connection| !connection.is_connecting)
    }

    /// Ends the connections of a window, or all.
    ///
    /// Standard: <https://websockets.spec.whatwg.org/#make-disappear>
    pub(crate) fn make_disappear(&self, of: Option<WindowId>) {
        self.0.borrow_mut().retain(|_, connection| {
            let stays = of.is_some_and(|window| connection.window != window);
            if !stays {
                connection.handle.make_disappear();
            }
            stays
        });
    }

    fn with(&self, socket: WebSocketId, f: impl FnOnce(&WebSocketHandle)) {
        let handle = self
            .0
            .borrow()
            .get(&socket.0)
            .map(|connection| connection.handle.clone());
        if let Some(handle) = handle {
            f(&handle);
        }
    }
}

impl Network {
    /// Opens a connection; its events arrive as [`Input::WebSocket`].
    pub(crate) fn open_web_socket(
        &self,
        window: WindowId,
        request: WebSocketRequest,
    ) -> WebSocketId {
        let id = WebSocketId(self.allot());
        let sender = self.sender();
        let environment = self.environment_of(window);
        let mut limits = WebSocketLimits::default();
        let max = usize::try_from(environment.limits.max_body_bytes).unwrap_or(usize::MAX);
        limits.max_message_bytes = limits.max_message_bytes.min(max);
        let url = request.url.to_string();
        let handle = WebSocketHandle::new(
            limits,
            Box::new(move |event| {
                // A page that has gone wants no events.
                drop(sender.send(Input::WebSocket(id, event)));
            }),
        );
        let is_refused = self.is_full_of_connections(&url);
        self.web_sockets.0.borrow_mut().insert(
            id.0,
            Connection {
                window,
                url,
                started: Instant::now(),
                handle: handle.clone(),
                is_connecting: true,
            },
        );
        if is_refused {
            handle.fail();
        } else {
            spawn_web_socket(handle, request, environment);
        }
        id
    }

    pub(crate) fn send_web_socket(&self, socket: WebSocketId, message: Message) {
        self.web_sockets.with(socket, |handle| handle.send(message));
    }

    pub(crate) fn close_web_socket(&self, socket: WebSocketId, code: Option<u16>, reason: &str) {
        self.web_sockets.with(socket, |handle| {
            handle.start_closing_handshake(code, reason)
        });
    }

    pub(crate) fn fail_web_socket(&self, socket: WebSocketId) {
        self.web_sockets.with(socket, WebSocketHandle::fail);
    }

    /// Takes notice of an event. Whether it is of a connection that somebody wants to hear of.
    pub(crate) fn on_web_socket_event(&self, socket: WebSocketId, event: &WebSocketEvent) -> bool {
        let mut connections = self.web_sockets.0.borrow_mut();
        let Some(connection) = connections.get_mut(&socket.0) else {
            return false;
        };
        connection.handle.taken(event);
        connection.is_connecting = false;
        if let WebSocketEvent::Closed { error, .. } = event {
            let url = connection.url.clone();
            connections.remove(&socket.0);
            drop(connections);
            match error {
                Some(error) if error.is_limit() => self.report_limit_of(&url, error),
                Some(NetworkError::Aborted) | None => {}
                Some(error) => self
                    .events()
                    .warn(format!("WebSocket {url}: {error}"), Default::default()),
            }
        }
        true
    }

    /// Whether the page has as many lasting connections as it may have; tells so.
    pub(crate) fn is_full_of_connections(&self, url: &str) -> bool {
        let is_full = self.web_sockets.len() + self.streams() >= self.max_connections();
        if is_full {
            self.events().limit(
                Limit::Connections,
                format!("{url}: the page has too many open connections"),
            );
        }
        is_full
    }
}
