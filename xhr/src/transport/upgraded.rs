//! A connection that has left HTTP: bytes both ways, within TLS or without, read and written by two threads.

use std::fmt;
use std::io::{self, Read, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rustls::ClientConnection;

use super::dial::Stream;
use crate::fetch::AttachGuard;

/// A connection after `101 Switching Protocols`: bytes both ways, on two threads if need be.
///
/// The fetch's controller goes on to hold it: an abort shuts it down.
pub struct Upgraded {
    reader: UpgradedReader,
    writer: UpgradedWriter,
}

/// The half that reads.
pub struct UpgradedReader {
    stream: Box<dyn Stream>,
    /// What came with the response's head.
    early: Vec<u8>,
    /// Records of TLS that were received and not looked at yet.
    records: Vec<u8>,
    tls: Option<Arc<TlsSession>>,
    _guard: Arc<AttachGuard>,
}

/// The half that writes.
pub struct UpgradedWriter {
    socket: Socket,
    _guard: Arc<AttachGuard>,
}

/// Where the halves of a connection within TLS meet. Whoever needs both locks takes that of the socket first.
pub(super) struct TlsSession {
    connection: Mutex<ClientConnection>,
    socket: Mutex<Box<dyn Stream>>,
}

enum Socket {
    Plain(Box<dyn Stream>),
    Tls(Arc<TlsSession>),
}

impl Upgraded {
    /// A connection over these two handles of one socket. `early` is what was read too much, out of TLS already.
    pub(super) fn new(
        reading: Box<dyn Stream>,
        writing: Box<dyn Stream>,
        tls: Option<ClientConnection>,
        early: Vec<u8>,
        guard: AttachGuard,
    ) -> Self {
        let guard = Arc::new(guard);
        let (tls, socket) = match tls {
            None => (None, Socket::Plain(writing)),
            Some(connection) => {
                let session = Arc::new(TlsSession {
                    connection: Mutex::new(connection),
                    socket: Mutex::new(writing),
                });
                (Some(Arc::clone(&session)), Socket::Tls(session))
            }
        };
        Self {
            reader: UpgradedReader {
                stream: reading,
                early,
                records: Vec::new(),
                tls,
                _guard: Arc::clone(&guard),
            },
            writer: UpgradedWriter {
                socket,
                _guard: guard,
            },
        }
    }

    /// The two halves.
    #[must_use]
    pub fn split(self) -> (UpgradedReader, UpgradedWriter) {
        (self.reader, self.writer)
    }
}

impl UpgradedReader {
    /// Reads what is there, or waits for it. 0 is the end.
    ///
    /// # Errors
    /// Those of the connection, and of its shutdown by an abort.
    pub fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if !self.early.is_empty() {
            let count = self.early.len().min(buffer.len());
            for (to, from) in buffer.iter_mut().zip(self.early.drain(..count)) {
                *to = from;
            }
            return Ok(count);
        }
        match &self.tls {
            None => self.stream.read(buffer, None),
            Some(session) => session.read(&mut *self.stream, &mut self.records, buffer),
        }
    }
}

impl UpgradedWriter {
    /// Writes all of `bytes`.
    ///
    /// # Errors
    /// Those of the connection, and of its shutdown by an abort.
    pub fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        match &mut self.socket {
            Socket::Plain(stream) => write_all(&mut **stream, bytes, || Ok(None)),
            Socket::Tls(session) => session.write_all(bytes),
        }
    }
}

impl TlsSession {
    fn lock(&self) -> MutexGuard<'_, ClientConnection> {
        self.connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn lock_socket(&self) -> MutexGuard<'_, Box<dyn Stream>> {
        self.socket.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads from `stream` until there is plain text. The session is not locked while it waits.
    fn read(
        &self,
        stream: &mut dyn Stream,
        records: &mut Vec<u8>,
        buffer: &mut [u8],
    ) -> io::Result<usize> {
        loop {
            match self.lock().reader().read(buffer) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                // NOTE: an end without close_notify is one too; what lies within has its own marks of an end.
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(0),
                result => return result,
            }
            if records.is_empty() {
                let mut received = [0; 16 << 10];
                let count = stream.read(&mut received, None)?;
                records.extend_from_slice(received.get(..count).unwrap_or_default());
            }
            // The session takes no more records than it has room for; the rest waits until its plain text was read.
            let mut connection = self.lock();
            let count = connection.read_tls(&mut records.as_slice())?;
            records.drain(..count);
            connection.process_new_packets().map_err(io::Error::other)?;
            let has_answer = connection.wants_write();
            drop(connection);
            if has_answer {
                self.write_all(&[])?;
            }
        }
    }

    /// Writes `bytes` and what the session itself has to say.
    fn write_all(&self, bytes: &[u8]) -> io::Result<()> {
        // Held until the records are written, for their order counts.
        let mut socket = self.lock_socket();
        let mut rest = bytes;
        loop {
            let mut records = Vec::new();
            let mut connection = self.lock();
            let count = connection.writer().write(rest)?;
            while connection.wants_write() {
                connection.write_tls(&mut records)?;
            }
            drop(connection);
            write_all(&mut **socket, &records, || Ok(None))?;
            rest = rest.get(count..).unwrap_or_default();
            if rest.is_empty() {
                return Ok(());
            }
        }
    }
}

impl fmt::Debug for Upgraded {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Upgraded").finish_non_exhaustive()
    }
}

impl fmt::Debug for UpgradedReader {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("UpgradedReader")
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for UpgradedWriter {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("UpgradedWriter")
            .finish_non_exhaustive()
    }
}

/// Writes all of `bytes`; `limit` gives the time that each write may take.
pub(super) fn write_all(
    stream: &mut dyn Stream,
    bytes: &[u8],
    limit: impl Fn() -> io::Result<Option<Duration>>,
) -> io::Result<()> {
    let mut rest = bytes;
    while !rest.is_empty() {
        match stream.write(rest, limit()?) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(count) => rest = rest.get(count..).unwrap_or_default(),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Where a transport leaves the connection of an upgrade for whoever asked for it.
#[derive(Default)]
pub(crate) struct UpgradeSlot(Mutex<Option<Upgraded>>);

impl UpgradeSlot {
    pub(crate) fn put(&self, upgraded: Upgraded) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(upgraded);
    }

    pub(crate) fn take(&self) -> Option<Upgraded> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}
