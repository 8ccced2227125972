//! Ops of `WebSocket`: one for each member, and one that gives the events to fire.
//!
//! The object is `readystate_xhr::web_socket::WebSocket`, the connection is the host's.
//!
//! Standard: <https://websockets.spec.whatwg.org/>

use deno_core::{OpDecl, op2, v8};
use readystate_xhr::XhrError;
use readystate_xhr::body::{Blob, BlobPart, Endings};
use readystate_xhr::web_socket::{
    Action, BinaryType, Message, Step, WebSocket, WebSocketEvent, WebSocketRequest,
    check_protocols, web_socket_url,
};

use super::body::{copy_bytes, with_table};
use super::node::str_to;
use super::xml_http_request::settings;
use crate::error::{Failure, fail};
use crate::host::{WebSocketId, WindowId};
use crate::state;

/// The ops of this area.
pub(crate) fn ops() -> Vec<OpDecl> {
    vec![
        op_web_socket_add_protocol(),
        op_web_socket_new(),
        op_web_socket_url(),
        op_web_socket_ready_state(),
        op_web_socket_buffered_amount(),
        op_web_socket_protocol(),
        op_web_socket_extensions(),
        op_web_socket_binary_type(),
        op_web_socket_set_binary_type(),
        op_web_socket_send_text(),
        op_web_socket_send_bytes(),
        op_web_socket_send_blob(),
        op_web_socket_close(),
        op_web_socket_next(),
        op_web_socket_message_text(),
        op_web_socket_message_length(),
        op_web_socket_message_copy(),
        op_web_socket_message_blob(),
        op_web_socket_close_code(),
        op_web_socket_close_reason(),
    ]
}

/// Bytes that may wait to be sent by one object.
const MAX_BUFFERED: u64 = 256 << 20;

/// One `WebSocket`.
pub(crate) struct Entry {
    object: WebSocket,
    connection: WebSocketId,
    /// The event that the glue is about to fire.
    step: Option<Step>,
}

/// Delivers an event of a connection to its object. Whether there is something for the glue to fire.
pub(crate) fn deliver(id: u32, event: WebSocketEvent) -> bool {
    with_table(|table| {
        let Some(entry) = table.web_sockets.get_mut(id) else {
            return false;
        };
        let has_steps = !matches!(event, WebSocketEvent::Sent(_) | WebSocketEvent::Closing);
        entry.object.on_event(event);
        has_steps
    })
}

fn with_entry<T: Default>(id: u32, f: impl FnOnce(&mut Entry) -> T) -> T {
    with_table(|table| table.web_sockets.get_mut(id).map(f).unwrap_or_default())
}

/// Runs method steps, and has the host do what they lead to.
fn run(id: u32, f: impl FnOnce(&mut WebSocket) -> Result<Action, XhrError>) -> i32 {
    let result = with_table(|table| {
        let entry = table.web_sockets.get_mut(id)?;
        Some((f(&mut entry.object), entry.connection))
    });
    let (Some((result, connection)), Some(host)) = (result, state::host()) else {
        return fail(Failure::illegal());
    };
    match result {
        Ok(Action::None) => {}
        Ok(Action::Fail) => host.fail_web_socket(connection),
        Ok(Action::Close { code, reason }) => host.close_web_socket(connection, code, &reason),
        Ok(Action::Send(message)) => host.send_web_socket(connection, message),
        Err(error) => return fail(error),
    }
    0
}

/// A subprotocol for the next object.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_web_socket_add_protocol(#[string] protocol: &str) {
    with_table(|table| table.web_socket_protocols.push(protocol.to_owned()));
}

/// A new object, which connects; its number.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_web_socket_new(window: u32, #[string] url: &str) -> i32 {
    let window = WindowId(window);
    let protocols = with_table(|table| std::mem::take(&mut table.web_socket_protocols));
    let (Some(settings), Some(host)) = (settings(window), state::host()) else {
        return fail(XhrError::InvalidState("the document is not fully active"));
    };
    let url = web_socket_url(url, &settings.base_url)
        .and_then(|url| check_protocols(&protocols).map(|()| url));
    let url = match url {
        Ok(url) => url,
        Err(error) => return fail(error),
    };
    let connection = host.open_web_socket(
        window,
        WebSocketRequest {
            url: url.clone(),
            protocols,
            origin: settings.origin,
            site_for_cookies: settings.site_for_cookies,
        },
    );
    let id = with_table(|table| {
        table.web_sockets.insert(Entry {
            object: WebSocket::new(url, MAX_BUFFERED),
            connection,
            step: None,
        })
    });
    state::with(|state| {
        state
            .web_sockets
            .borrow_mut()
            .insert(connection, (window, id));
    });
    i32::try_from(id).unwrap_or_default()
}

/// Its wrapper is gone, after its connection.
pub(crate) fn free(id: u32) {
    with_table(|table| drop(table.web_sockets.remove(id)));
}

fn string_of<'s>(
    scope: &v8::PinScope<'s, '_>,
    id: u32,
    f: impl FnOnce(&WebSocket) -> &str,
) -> v8::Local<'s, v8::Value> {
    with_table(|table| {
        str_to(
            scope,
            table
                .web_sockets
                .get(id)
                .map_or("", |entry| f(&entry.object)),
        )
    })
}

#[op2]
fn op_web_socket_url<'s>(scope: &v8::PinScope<'s, '_>, id: u32) -> v8::Local<'s, v8::Value> {
    string_of(scope, id, |object| object.url().as_str())
}

#[op2]
fn op_web_socket_protocol<'s>(scope: &v8::PinScope<'s, '_>, id: u32) -> v8::Local<'s, v8::Value> {
    string_of(scope, id, WebSocket::protocol)
}

#[op2]
fn op_web_socket_extensions<'s>(scope: &v8::PinScope<'s, '_>, id: u32) -> v8::Local<'s, v8::Value> {
    string_of(scope, id, WebSocket::extensions)
}

#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_web_socket_ready_state(id: u32) -> u32 {
    with_entry(id, |entry| entry.object.ready_state() as u32)
}

#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_web_socket_buffered_amount(id: u32) -> f64 {
    // NOTE: exact up to 2^53.
    with_entry(id, |entry| entry.object.buffered_amount() as f64)
}

/// Whether it is `arraybuffer`.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_web_socket_binary_type(id: u32) -> bool {
    with_entry(id, |entry| {
        entry.object.binary_type() == BinaryType::ArrayBuffer
    })
}

#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_web_socket_set_binary_type(id: u32, is_array_buffer: bool) {
    with_entry(id, |entry| {
        entry.object.set_binary_type(if is_array_buffer {
            BinaryType::ArrayBuffer
        } else {
            BinaryType::Blob
        });
    });
}

/// `send()` of a string.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_web_socket_send_text(id: u32, #[string] text: &str) -> i32 {
    run(id, |object| object.send(Message::Text(text.to_owned())))
}

/// `send()` of a buffer source.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_web_socket_send_bytes(id: u32, #[buffer] bytes: &[u8]) -> i32 {
    run(id, |object| object.send(Message::Binary(bytes.to_vec())))
}

/// `send()` of a blob.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_web_socket_send_blob(id: u32, blob: u32) -> i32 {
    let bytes = with_table(|table| {
        table
            .blobs
            .get(blob)
            .map_or_else(Vec::new, |blob| blob.bytes().to_vec())
    });
    run(id, |object| object.send(Message::Binary(bytes)))
}

/// `close()`; a negative code and a null reason are those not given.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_web_socket_close(id: u32, code: i32, #[string] reason: &str) -> i32 {
    let code = u16::try_from(code).ok();
    run(id, |object| object.close(code, Some(reason)))
}

/// The next event to fire: 1 `open`, 2 a `message` of text, 3 one of bytes, 4 `error`, 5 `close` after a clean end, 6 after another;
/// 0 is none.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_web_socket_next(id: u32) -> u32 {
    with_entry(id, |entry| {
        entry.step = entry.object.next_step();
        match &entry.step {
            None => 0,
            Some(Step::Open) => 1,
            Some(Step::Message(Message::Text(_))) => 2,
            Some(Step::Message(Message::Binary(_))) => 3,
            Some(Step::Error) => 4,
            Some(Step::Close {
                was_clean: true, ..
            }) => 5,
            Some(Step::Close { .. }) => 6,
        }
    })
}

/// The text of the message to be fired.
#[op2]
fn op_web_socket_message_text<'s>(
    scope: &v8::PinScope<'s, '_>,
    id: u32,
) -> v8::Local<'s, v8::Value> {
    with_table(|table| {
        let step = table
            .web_sockets
            .get_mut(id)
            .and_then(|entry| entry.step.take());
        match step {
            Some(Step::Message(Message::Text(text))) => str_to(scope, &text),
            _ => str_to(scope, ""),
        }
    })
}

/// How many bytes the message to be fired has.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_web_socket_message_length(id: u32) -> f64 {
    with_entry(id, |entry| match &entry.step {
        Some(Step::Message(message)) => message.len() as f64,
        _ => 0.0,
    })
}

/// Copies the bytes of the message to be fired.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_web_socket_message_copy(id: u32, #[buffer] to: &mut [u8]) {
    with_entry(id, |entry| {
        if let Some(Step::Message(Message::Binary(bytes))) = entry.step.take() {
            copy_bytes(&bytes, to);
        }
    });
}

/// The bytes of the message to be fired as a blob.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_web_socket_message_blob(id: u32) -> u32 {
    with_table(|table| {
        let step = table
            .web_sockets
            .get_mut(id)
            .and_then(|entry| entry.step.take());
        let bytes = match step {
            Some(Step::Message(Message::Binary(bytes))) => bytes,
            _ => Vec::new(),
        };
        let parts = [BlobPart::Bytes(bytes)];
        table
            .blobs
            .insert(Blob::from_parts(&parts, Endings::Transparent, ""))
    })
}

#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_web_socket_close_code(id: u32) -> u32 {
    with_entry(id, |entry| match &entry.step {
        Some(Step::Close { code, .. }) => u32::from(*code),
        _ => 0,
    })
}

#[op2]
fn op_web_socket_close_reason<'s>(
    scope: &v8::PinScope<'s, '_>,
    id: u32,
) -> v8::Local<'s, v8::Value> {
    with_table(|table| {
        let step = table
            .web_sockets
            .get(id)
            .and_then(|entry| entry.step.as_ref());
        match step {
            Some(Step::Close { reason, .. }) => str_to(scope, reason),
            _ => str_to(scope, ""),
        }
    })
}
