//! One connection: HTTP/1.1 requests one after the other, until the client closes.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::path::{Resolved, resolve};
use super::{content_type, endpoints};

const MAX_HEAD_BYTES: u64 = 64 << 10;
const MAX_BODY_BYTES: u64 = 256 << 20;
/// How long a kept-alive connection may stay silent.
const IDLE: Duration = Duration::from_secs(30);

/// A request as read from the wire.
pub(super) struct Request {
    pub(super) method: String,
    /// Without the query, still percent-encoded.
    pub(super) path: String,
    pub(super) query: String,
    /// In the order sent, names as sent.
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
    keep_alive: bool,
}

impl Request {
    /// The first header of that name.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(other, _)| other.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}

/// A response to be written.
pub(super) struct Response {
    status: u16,
    reason: &'static str,
    headers: Vec<(&'static str, String)>,
    body: Body,
}

enum Body {
    Bytes(Vec<u8>),
    File(File, u64),
}

impl Response {
    pub(super) fn new(status: u16, reason: &'static str) -> Self {
        Self {
            status,
            reason,
            headers: Vec::new(),
            body: Body::Bytes(Vec::new()),
        }
    }

    pub(super) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub(super) fn bytes(mut self, content_type: &str, bytes: impl Into<Vec<u8>>) -> Self {
        self.body = Body::Bytes(bytes.into());
        self.header("Content-Type", content_type)
    }

    fn text(status: u16, reason: &'static str) -> Self {
        Self::new(status, reason).bytes("text/plain; charset=utf-8", format!("{status} {reason}\n"))
    }
}

/// Why no request could be read.
enum ReadError {
    /// The connection is done for: closed, silent too long, broken.
    Closed,
    /// Answer this, then close.
    Refuse(u16, &'static str),
}

impl From<io::Error> for ReadError {
    fn from(_: io::Error) -> Self {
        Self::Closed
    }
}

/// Serves `stream` until it is closed.
pub(super) fn serve(stream: &TcpStream, root: &Path, stop: &AtomicBool) {
    if stream.set_read_timeout(Some(IDLE)).is_err() || stream.set_nodelay(true).is_err() {
        return;
    }
    let mut reader = BufReader::new(stream);
    let mut writer = stream;
    while !stop.load(Ordering::SeqCst) {
        let request = match read_request(&mut reader, &mut writer) {
            Ok(request) => request,
            Err(ReadError::Closed) => return,
            Err(ReadError::Refuse(status, reason)) => {
                // The client may have gone already.
                drop(write_response(
                    &mut writer,
                    Response::text(status, reason),
                    true,
                    false,
                ));
                return;
            }
        };
        let response = if is_for_us(&request, stream) {
            endpoints::answer(&request, stop).unwrap_or_else(|| file(&request, root))
        } else {
            Response::text(421, "Misdirected Request")
        };
        let with_body = request.method != "HEAD";
        if write_response(&mut writer, response, with_body, request.keep_alive).is_err()
            || !request.keep_alive
        {
            return;
        }
    }
}

/// Whether the `Host` is this server's own: a name that merely resolves to loopback is a rebinding attack.
fn is_for_us(request: &Request, stream: &TcpStream) -> bool {
    let (Some(host), Ok(address)) = (request.header("host"), stream.local_addr()) else {
        return false;
    };
    let (name, port) = host.rsplit_once(':').unwrap_or((host, "80"));
    port == address.port().to_string()
        && (name == address.ip().to_string() || name.eq_ignore_ascii_case("localhost"))
}

fn file(request: &Request, root: &Path) -> Response {
    if request.method == "OPTIONS" {
        return Response::new(204, "No Content").header("Allow", "GET, HEAD, OPTIONS");
    }
    if request.method != "GET" && request.method != "HEAD" {
        return Response::text(405, "Method Not Allowed").header("Allow", "GET, HEAD, OPTIONS");
    }
    let path = match resolve(root, &request.path) {
        Resolved::File(path) => path,
        Resolved::AddSlash => {
            let query = if request.query.is_empty() {
                String::new()
            } else {
                format!("?{}", request.query)
            };
            return Response::text(301, "Moved Permanently").header(
                "Location",
                // One slash only: "//host" would name another server.
                format!("/{}/{query}", request.path.trim_matches('/')),
            );
        }
        Resolved::NotFound => return Response::text(404, "Not Found"),
    };
    let opened = File::open(&path).and_then(|file| {
        let length = file.metadata()?.len();
        Ok((file, length))
    });
    let Ok((file, length)) = opened else {
        return Response::text(404, "Not Found");
    };
    let mut response = Response::new(200, "OK").header("Content-Type", content_type(&path));
    response.body = Body::File(file, length);
    response
}

fn read_request(
    reader: &mut BufReader<&TcpStream>,
    writer: &mut &TcpStream,
) -> Result<Request, ReadError> {
    let mut head = Head {
        reader: reader.by_ref().take(MAX_HEAD_BYTES),
    };
    let mut line = head.line()?;
    // A client may send an empty line before a request.
    if line.is_empty() {
        line = head.line()?;
    }
    let mut parts = line.split(' ');
    let (Some(method), Some(target), Some(version), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(ReadError::Refuse(400, "Bad Request"));
    };
    if !version.starts_with("HTTP/1.") {
        return Err(ReadError::Refuse(505, "HTTP Version Not Supported"));
    }
    // The absolute form is what a proxy's client sends.
    let target = match target.strip_prefix("http://") {
        Some(rest) => rest.find('/').map_or("/", |slash| &rest[slash..]),
        None => target,
    };
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let mut request = Request {
        method: method.to_owned(),
        path: path.to_owned(),
        query: query.to_owned(),
        headers: Vec::new(),
        body: Vec::new(),
        keep_alive: version != "HTTP/1.0",
    };
    loop {
        let line = head.line()?;
        if line.is_empty() {
            break;
        }
        let Some((name, value)) = line.split_once(':') else {
            return Err(ReadError::Refuse(400, "Bad Request"));
        };
        request
            .headers
            .push((name.to_owned(), value.trim().to_owned()));
    }
    request.keep_alive &= !request
        .header("connection")
        .is_some_and(|connection| connection.eq_ignore_ascii_case("close"));
    if request
        .header("expect")
        .is_some_and(|expect| expect.eq_ignore_ascii_case("100-continue"))
    {
        writer.write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
    }
    request.body = read_body(reader, &request)?;
    Ok(request)
}

fn read_body(reader: &mut impl BufRead, request: &Request) -> Result<Vec<u8>, ReadError> {
    if request
        .header("transfer-encoding")
        .is_some_and(|coding| coding.eq_ignore_ascii_case("chunked"))
    {
        return read_chunked(reader);
    }
    let Some(length) = request.header("content-length") else {
        return Ok(Vec::new());
    };
    let Ok(length) = length.parse::<u64>() else {
        return Err(ReadError::Refuse(400, "Bad Request"));
    };
    if length > MAX_BODY_BYTES {
        return Err(ReadError::Refuse(413, "Content Too Large"));
    }
    let mut body = Vec::new();
    reader.take(length).read_to_end(&mut body)?;
    if body.len() as u64 == length {
        Ok(body)
    } else {
        Err(ReadError::Closed)
    }
}

fn read_chunked(reader: &mut impl BufRead) -> Result<Vec<u8>, ReadError> {
    let mut body = Vec::new();
    loop {
        let line = Head {
            reader: reader.by_ref().take(MAX_HEAD_BYTES),
        }
        .line()?;
        let size = line.split(';').next().unwrap_or_default().trim();
        let Ok(size) = u64::from_str_radix(size, 16) else {
            return Err(ReadError::Refuse(400, "Bad Request"));
        };
        if size > MAX_BODY_BYTES || body.len() as u64 + size > MAX_BODY_BYTES {
            return Err(ReadError::Refuse(413, "Content Too Large"));
        }
        let before = body.len() as u64;
        reader.by_ref().take(size).read_to_end(&mut body)?;
        if body.len() as u64 - before != size {
            return Err(ReadError::Closed);
        }
        // The line end of the chunk, or after the last one the trailers.
        loop {
            let line = Head {
                reader: reader.by_ref().take(MAX_HEAD_BYTES),
            }
            .line()?;
            if line.is_empty() {
                break;
            }
            if size != 0 {
                return Err(ReadError::Refuse(400, "Bad Request"));
            }
        }
        if size == 0 {
            return Ok(body);
        }
    }
}

/// Reads lines of a head, up to its limit.
struct Head<R> {
    reader: io::Take<R>,
}

impl<R: BufRead> Head<R> {
    fn line(&mut self) -> Result<String, ReadError> {
        let mut line = Vec::new();
        self.reader.read_until(b'\n', &mut line)?;
        if line.pop() != Some(b'\n') {
            return Err(if self.reader.limit() == 0 {
                ReadError::Refuse(431, "Request Header Fields Too Large")
            } else {
                ReadError::Closed
            });
        }
        if line.last() == Some(&b'\r') {
            line.pop();
        }
        // Header values are bytes; Latin-1 keeps each one.
        Ok(line.into_iter().map(char::from).collect())
    }
}

fn write_response(
    writer: &mut &TcpStream,
    response: Response,
    with_body: bool,
    keep_alive: bool,
) -> io::Result<()> {
    let length = match &response.body {
        Body::Bytes(bytes) => bytes.len() as u64,
        Body::File(_, length) => *length,
    };
    let mut head = format!("HTTP/1.1 {} {}\r\n", response.status, response.reason);
    for (name, value) in &response.headers {
        head.push_str(name);
        head.push_str(": ");
        head.push_str(value);
        head.push_str("\r\n");
    }
    if response.status != 204 {
        head.push_str(&format!("Content-Length: {length}\r\n"));
    }
    head.push_str("Cache-Control: no-store\r\n");
    head.push_str(if keep_alive {
        "\r\n"
    } else {
        "Connection: close\r\n\r\n"
    });
    let mut bytes = head.into_bytes();
    if !with_body {
        return writer.write_all(&bytes);
    }
    match response.body {
        Body::Bytes(body) => {
            bytes.extend_from_slice(&body);
            writer.write_all(&bytes)
        }
        Body::File(file, length) => {
            // Small files leave in one write together with their head.
            let mut file = file.take(length);
            if length <= 64 << 10 {
                file.read_to_end(&mut bytes)?;
                return writer.write_all(&bytes);
            }
            writer.write_all(&bytes)?;
            io::copy(&mut file, writer).map(drop)
        }
    }
}
