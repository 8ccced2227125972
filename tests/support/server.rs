//! A loopback server whose answers are written by the test, byte by byte if need be.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

/// How often a hanging connection looks whether the test is over.
const STOP_POLL: Duration = Duration::from_millis(20);

/// A request as it came in.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    /// The method.
    pub(crate) method: String,
    /// Path and query.
    pub(crate) path: String,
    /// Names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    /// The body, if the request gives its length.
    pub(crate) body: Vec<u8>,
}

impl Request {
    /// The first header of this name, which is given in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(found, _)| found == name);
        found.map(|(_, value)| value.as_str())
    }

    fn read(reader: &mut BufReader<TcpStream>) -> Option<Self> {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let mut words = line.split_whitespace();
        let (method, path) = (words.next()?.to_owned(), words.next()?.to_owned());
        let mut headers = Vec::new();
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).ok()?;
            let Some((name, value)) = line.trim_end().split_once(':') else {
                break;
            };
            headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        let mut request = Self {
            method,
            path,
            headers,
            body: Vec::new(),
        };
        let length = request
            .header("content-length")
            .and_then(|text| text.parse().ok());
        request.body = vec![0; length.unwrap_or(0)];
        reader.read_exact(&mut request.body).ok()?;
        Some(request)
    }
}

/// The open connection of one request.
pub(crate) struct Connection {
    stream: TcpStream,
    stop: Arc<AtomicBool>,
}

impl Connection {
    /// Answers 200 with this body and type.
    pub(crate) fn answer(&mut self, content_type: &str, body: impl AsRef<[u8]>) {
        self.respond("200 OK", &[("Content-Type", content_type)], body);
    }

    /// Answers with a status, headers and a body of the right length.
    pub(crate) fn respond(
        &mut self,
        status: &str,
        headers: &[(&str, &str)],
        body: impl AsRef<[u8]>,
    ) {
        let body = body.as_ref();
        let mut head = format!("HTTP/1.1 {status}\r\nConnection: close\r\n");
        head.push_str(&format!("Content-Length: {}\r\n", body.len()));
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str("\r\n");
        self.raw(head);
        self.raw(body);
    }

    /// Answers with a head alone, for statuses that have no body.
    pub(crate) fn raw_head(&mut self, status: &str, headers: &[(&str, &str)]) {
        let mut head = format!("HTTP/1.1 {status}\r\nConnection: close\r\n");
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str("\r\n");
        self.raw(head);
    }

    /// Sends these bytes and nothing else; false once the client has gone.
    pub(crate) fn raw(&mut self, bytes: impl AsRef<[u8]>) -> bool {
        self.stream
            .write_all(bytes.as_ref())
            .and_then(|()| self.stream.flush())
            .is_ok()
    }

    /// Keeps the connection open without a word until the client leaves or the test ends.
    pub(crate) fn hang(&mut self) {
        let _ = self.stream.set_read_timeout(Some(STOP_POLL));
        let mut byte = [0];
        while !self.is_over() {
            match self.stream.read(&mut byte) {
                Ok(0) => return,
                Ok(_) => {}
                Err(error) if is_timeout(&error) => {}
                Err(_) => return,
            }
        }
    }

    /// The socket.
    pub(crate) fn stream(&mut self) -> &mut TcpStream {
        &mut self.stream
    }

    /// Whether the test is over.
    pub(crate) fn is_over(&self) -> bool {
        self.stop.load(Ordering::SeqCst)
    }
}

fn is_timeout(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{TimedOut, WouldBlock};
    matches!(error.kind(), TimedOut | WouldBlock)
}

/// A running server. Dropping it ends the listener and every hanging connection.
pub(crate) struct Server {
    address: SocketAddr,
    stop: Arc<AtomicBool>,
    requests: Arc<Mutex<Vec<Request>>>,
    listener: Option<JoinHandle<()>>,
}

impl Server {
    /// Starts a server that answers each request by `handler`, on a thread for each connection.
    pub(crate) fn start(
        handler: impl Fn(&Request, &mut Connection) + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let address = listener
            .local_addr()
            .expect("a bound socket has an address");
        let stop = Arc::new(AtomicBool::new(false));
        let requests = Arc::default();
        let shared = Arc::new(Shared {
            handler: Box::new(handler),
            stop: Arc::clone(&stop),
            requests: Arc::clone(&requests),
        });
        let listener = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if shared.stop.load(Ordering::SeqCst) {
                    return;
                }
                let shared = Arc::clone(&shared);
                let stream = stream.expect("a connection that was asked for");
                std::thread::spawn(move || shared.serve(stream));
            }
        });
        Self {
            address,
            stop,
            requests,
            listener: Some(listener),
        }
    }

    /// Starts a server that has one HTML page at `/` and leaves everything else to `handler`.
    pub(crate) fn with_page(
        html: &'static str,
        handler: impl Fn(&Request, &mut Connection) + Send + Sync + 'static,
    ) -> Self {
        Self::start(move |request, connection| {
            if request.path == "/" {
                connection.answer("text/html; charset=utf-8", html);
            } else {
                handler(request, connection);
            }
        })
    }

    /// The address of a path on this server.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The requests so far, in the order in which they were read.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.requests
            .lock()
            .expect("no handler panics with the list")
            .clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        // A connection wakes the listener out of accept().
        drop(TcpStream::connect(self.address));
        if let Some(listener) = self.listener.take() {
            drop(listener.join());
        }
    }
}

type Handler = Box<dyn Fn(&Request, &mut Connection) + Send + Sync>;

struct Shared {
    handler: Handler,
    stop: Arc<AtomicBool>,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl Shared {
    fn serve(&self, stream: TcpStream) {
        let Ok(reading) = stream.try_clone() else {
            return;
        };
        let Some(request) = Request::read(&mut BufReader::new(reading)) else {
            return;
        };
        if let Ok(mut requests) = self.requests.lock() {
            requests.push(request.clone());
        }
        let mut connection = Connection {
            stream,
            stop: Arc::clone(&self.stop),
        };
        (self.handler)(&request, &mut connection);
        // One request a connection: a test that wants raw bytes need not think of keep-alive.
        drop(connection.stream.shutdown(Shutdown::Both));
    }
}
