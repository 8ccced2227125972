//! The server's side of a WebSocket, frame by frame.

use std::io::{Read, Write};

use readystate_xhr::web_socket::accept_value;

use super::server::{Connection, Request};

/// Answers a WebSocket's handshake, with these headers more.
pub(crate) fn shake_hands(request: &Request, connection: &mut Connection, more: &str) {
    let accept = accept_value(request.header("sec-websocket-key").unwrap_or_default());
    connection.raw(format!(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Accept: {accept}\r\n{more}\r\n"
    ));
}

/// Reads a frame of the client's: its first byte and its payload. `None` at the end.
pub(crate) fn read_frame(connection: &mut Connection) -> Option<(u8, Vec<u8>)> {
    let stream = connection.stream();
    let mut start = [0; 2];
    stream.read_exact(&mut start).ok()?;
    let length = match start[1] & 0x7f {
        126 => {
            let mut bytes = [0; 2];
            stream.read_exact(&mut bytes).ok()?;
            usize::from(u16::from_be_bytes(bytes))
        }
        127 => {
            let mut bytes = [0; 8];
            stream.read_exact(&mut bytes).ok()?;
            usize::try_from(u64::from_be_bytes(bytes)).ok()?
        }
        short => usize::from(short),
    };
    let mut mask = [0; 4];
    stream.read_exact(&mut mask).ok()?;
    let mut payload = vec![0; length];
    stream.read_exact(&mut payload).ok()?;
    for (byte, mask) in payload.iter_mut().zip(mask.iter().cycle()) {
        *byte ^= mask;
    }
    Some((start[0], payload))
}

/// Sends a frame of fewer than 126 bytes.
pub(crate) fn send_frame(connection: &mut Connection, first: u8, payload: &[u8]) {
    let length = u8::try_from(payload.len()).expect("a short frame");
    let frame = [&[first, length], payload].concat();
    drop(connection.stream().write_all(&frame));
}

/// Sends short messages back, and the Close frame at the end.
pub(crate) fn echo(connection: &mut Connection) {
    while let Some((first, payload)) = read_frame(connection) {
        send_frame(connection, first, &payload);
        if first == 0x88 {
            return;
        }
    }
}
