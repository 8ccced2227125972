//! RFC 6455's frames over bytes in memory: what was received goes in, messages and bytes to send come out.

use std::io::{self, Read, Write};

use tungstenite::Error as TungsteniteError;
use tungstenite::Message as Frame;
use tungstenite::error::ProtocolError;
use tungstenite::protocol::frame::coding::CloseCode;
use tungstenite::protocol::{CloseFrame, Role, WebSocketConfig, WebSocketContext};

use super::event::{Close, Message};

/// The client's side of a connection, without the connection.
pub struct Framing {
    context: WebSocketContext,
    pipe: Pipe,
    close_received: Option<Close>,
    is_close_sent: bool,
}

/// What a server's bytes came to. Pings and pongs are dealt with here.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Received {
    /// A message is whole.
    Message(Message),
    /// A Close frame. It is answered here, unless it is itself an answer.
    Close(Close),
}

/// Why the connection has to be failed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct FramingError {
    /// The code of the Close frame to send: 1002, 1007 or 1009.
    pub code: u16,
    /// What is wrong.
    pub detail: String,
}

impl Framing {
    /// A connection just opened. Messages of more than `max_message_bytes` fail it.
    #[must_use]
    pub fn new(max_message_bytes: usize) -> Self {
        let config = WebSocketConfig::default()
            .read_buffer_size(16 << 10)
            .write_buffer_size(0)
            .max_message_size(Some(max_message_bytes))
            .max_frame_size(Some(max_message_bytes));
        Self {
            context: WebSocketContext::new(Role::Client, Some(config)),
            pipe: Pipe::default(),
            close_received: None,
            is_close_sent: false,
        }
    }

    /// Takes bytes from the server, cut anywhere. What they complete is added to `received`, also before an error.
    ///
    /// # Errors
    /// A [`FramingError`] if they break the protocol or a limit: the connection is to be failed then.
    pub fn receive(
        &mut self,
        bytes: &[u8],
        received: &mut Vec<Received>,
    ) -> Result<(), FramingError> {
        self.pipe.take_input(bytes);
        loop {
            match self.context.read(&mut self.pipe) {
                Ok(Frame::Text(text)) => {
                    received.push(Received::Message(Message::Text(text.as_str().to_owned())));
                }
                Ok(Frame::Binary(bytes)) => {
                    received.push(Received::Message(Message::Binary(bytes.into())));
                }
                Ok(Frame::Close(frame)) => {
                    let close = frame.map_or_else(Close::default, |frame| Close {
                        code: Some(frame.code.into()),
                        reason: frame.reason.as_str().to_owned(),
                    });
                    self.is_close_sent = true;
                    self.close_received = Some(close.clone());
                    received.push(Received::Close(close));
                }
                Ok(Frame::Ping(_) | Frame::Pong(_) | Frame::Frame(_)) => {}
                Err(TungsteniteError::Io(error)) if error.kind() == io::ErrorKind::WouldBlock => {
                    return Ok(());
                }
                // After the server's Close frame nothing counts.
                Err(_) if self.close_received.is_some() => {
                    self.pipe.take_input(&[]);
                    return Ok(());
                }
                Err(error) => return Err(framing_error(&error)),
            }
        }
    }

    /// Puts a message among the bytes to send. After a Close frame it is dropped.
    pub fn send(&mut self, message: Message) {
        if self.is_close_sent {
            return;
        }
        let frame = match message {
            Message::Text(text) => Frame::text(text),
            Message::Binary(bytes) => Frame::binary(bytes),
        };
        // Writes into memory do not fail.
        let _ = self.context.write(&mut self.pipe, frame);
        let _ = self.context.flush(&mut self.pipe);
    }

    /// Puts a Close frame among the bytes to send, unless one was sent.
    pub fn close(&mut self, code: Option<u16>, reason: &str) {
        if self.is_close_sent {
            return;
        }
        self.is_close_sent = true;
        let frame = code.map(|code| CloseFrame {
            code: CloseCode::from(code),
            reason: reason.into(),
        });
        let _ = self.context.close(&mut self.pipe, frame);
    }

    /// The bytes to send, in order.
    pub fn take_output(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.pipe.output)
    }

    /// Whether there are bytes to send.
    #[must_use]
    pub const fn has_output(&self) -> bool {
        !self.pipe.output.is_empty()
    }

    /// Whether a Close frame was put among the bytes to send.
    #[must_use]
    pub const fn is_close_sent(&self) -> bool {
        self.is_close_sent
    }

    /// The Close frame that the server has sent.
    #[must_use]
    pub const fn close_received(&self) -> Option<&Close> {
        self.close_received.as_ref()
    }
}

impl std::fmt::Debug for Framing {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Framing")
            .field("close_received", &self.close_received)
            .field("is_close_sent", &self.is_close_sent)
            .finish_non_exhaustive()
    }
}

fn framing_error(error: &TungsteniteError) -> FramingError {
    let code = match error {
        TungsteniteError::Utf8(_) => 1007,
        TungsteniteError::Capacity(_) => 1009,
        _ => 1002,
    };
    let detail = match error {
        TungsteniteError::Protocol(ProtocolError::ResetWithoutClosingHandshake) => {
            "the end came without a Close frame".to_owned()
        }
        other => other.to_string(),
    };
    FramingError { code, detail }
}

/// The connection as the framing sees it.
#[derive(Default)]
struct Pipe {
    input: Vec<u8>,
    read: usize,
    output: Vec<u8>,
}

impl Pipe {
    fn take_input(&mut self, bytes: &[u8]) {
        self.input.clear();
        self.read = 0;
        self.input.extend_from_slice(bytes);
    }
}

impl Read for Pipe {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let rest = self.input.get(self.read..).unwrap_or_default();
        if rest.is_empty() {
            // More comes with the next bytes received.
            return Err(io::ErrorKind::WouldBlock.into());
        }
        let count = rest.len().min(buffer.len());
        for (to, from) in buffer.iter_mut().zip(rest) {
            *to = *from;
        }
        self.read += count;
        Ok(count)
    }
}

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.output.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Received {
        Received::Message(Message::Text(text.to_owned()))
    }

    /// What `bytes` come to, given in pieces of `size`.
    fn receive_in(framing: &mut Framing, bytes: &[u8], size: usize) -> Result<Vec<Received>, u16> {
        let mut received = Vec::new();
        for piece in bytes.chunks(size) {
            framing
                .receive(piece, &mut received)
                .map_err(|error| error.code)?;
        }
        Ok(received)
    }

    #[track_caller]
    fn check(bytes: &[u8], expected: Result<&[Received], u16>) {
        for size in 1..=bytes.len().min(9) {
            let mut framing = Framing::new(1000);
            let received = receive_in(&mut framing, bytes, size);
            assert_eq!(
                received.as_deref().map_err(|code| *code),
                expected,
                "{size}"
            );
        }
    }

    #[test]
    fn messages_come_whole_however_they_are_cut() {
        check(
            b"\x81\x02hi\x82\x01\xff",
            Ok(&[text("hi"), Received::Message(Message::Binary(vec![0xff]))]),
        );
        // Fragments, a ping between them, a character cut in two.
        check(
            b"\x01\x02h\xc3\x89\x01p\x00\x00\x80\x01\xa9",
            Ok(&[text("h\u{e9}")]),
        );
        check(b"\x81\x7e\x00\x02ok", Ok(&[text("ok")]));
        check(
            b"\x88\x05\x0b\xb8bye",
            Ok(&[Received::Close(Close {
                code: Some(3000),
                reason: "bye".to_owned(),
            })]),
        );
        // What follows a Close frame does not count.
        check(
            b"\x88\x00\x81\x02hi",
            Ok(&[Received::Close(Close::default())]),
        );
    }

    #[test]
    fn what_breaks_the_protocol_fails_with_its_code() {
        for (bytes, code) in [
            (&b"\x81\x82\0\0\0\0hi"[..], 1002), // Masked.
            (b"\xc1\x00", 1002),                // A reserved bit.
            (b"\x83\x00", 1002),                // An unknown opcode.
            (b"\x80\x00", 1002),                // Nothing to continue.
            (b"\x01\x00\x81\x00", 1002),        // A message inside another.
            (b"\x09\x00", 1002),                // A fragmented ping.
            (b"\x89\x7e\x00\x7e", 1002),        // A long ping: its payload need not come.
            (b"\x81\x01\xff", 1007),
            (b"\x81\x7e\x03\xe9", 1009),
            (b"\x82\x7f\x7f\xff\xff\xff\xff\xff\xff\xff", 1009),
            (b"\x02\x7e\x03\xe8", 0),
        ] {
            let mut framing = Framing::new(1000);
            let mut bytes = bytes.to_vec();
            if code == 1002 && bytes.ends_with(b"\x7e") {
                bytes.extend_from_slice(&[0; 126]);
            }
            let result = receive_in(&mut framing, &bytes, usize::MAX);
            assert_eq!(result.err().unwrap_or(0), code, "{bytes:?}");
        }
    }

    #[test]
    fn pings_and_closes_are_answered_masked() {
        let mut framing = Framing::new(1000);
        let mut received = Vec::new();
        framing
            .receive(b"\x89\x03abc", &mut received)
            .expect("a ping");
        let pong = framing.take_output();
        assert_eq!(pong.get(..2), Some(&b"\x8a\x83"[..]));
        assert_eq!(unmasked(&pong), b"abc");
        framing
            .receive(b"\x88\x02\x03\xe8", &mut received)
            .expect("a close");
        assert!(framing.is_close_sent());
        assert_eq!(unmasked(&framing.take_output()), b"\x03\xe8");
        framing.send(Message::Text("late".to_owned()));
        framing.close(Some(1000), "");
        assert!(!framing.has_output());
    }

    #[test]
    fn a_close_of_ours_is_sent_once() {
        let mut framing = Framing::new(1000);
        framing.send(Message::Binary(vec![7; 3]));
        framing.close(Some(3001), "x");
        framing.close(None, "");
        let output = framing.take_output();
        assert_eq!(output.len(), 9 + 9);
        assert_eq!(unmasked(output.get(9..).unwrap_or_default()), b"\x0b\xb9x");
    }

    /// The payload of one short frame.
    fn unmasked(frame: &[u8]) -> Vec<u8> {
        let (mask, payload) = frame[2..].split_at(4);
        let pairs = payload.iter().zip(mask.iter().cycle());
        pairs.map(|(byte, mask)| byte ^ mask).collect()
    }
}
