//! The server of the benchmark pages: files, generated documents, and the report that a page posts.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Component, Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use crate::Failure;

/// A running server; it lives as long as the process.
#[derive(Debug)]
pub(crate) struct Server {
    address: SocketAddr,
    reports: Receiver<Vec<u8>>,
    held: Arc<Held>,
}

/// Holds back the answer to a report until the runner has looked at the process.
#[derive(Debug, Default)]
struct Held {
    releases: Mutex<usize>,
    changed: Condvar,
}

impl Server {
    /// Starts a server of the files in `folder`, and of those below `packages` as `/__packages/…`.
    ///
    /// # Errors
    /// If no port can be had.
    pub(crate) fn start(folder: &Path, packages: Option<PathBuf>) -> Result<Self, Failure> {
        let cannot = |error: std::io::Error| format!("the server cannot listen: {error}");
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(cannot)?;
        let address = listener.local_addr().map_err(cannot)?;
        let (sender, reports) = channel();
        let held = Arc::<Held>::default();
        let site = Site {
            folder: folder.to_path_buf(),
            packages,
            sender,
            held: Arc::clone(&held),
        };
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let site = site.clone();
                std::thread::spawn(move || site.serve(stream));
            }
        });
        Ok(Self {
            address,
            reports,
            held,
        })
    }

    /// The address of a path.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The next report, if it comes in time. Its page waits until [`Self::release`].
    pub(crate) fn wait_for_report(&self, patience: Duration) -> Option<Vec<u8>> {
        self.reports.recv_timeout(patience).ok()
    }

    /// Answers the page that reported last.
    pub(crate) fn release(&self) {
        *self
            .held
            .releases
            .lock()
            .unwrap_or_else(PoisonError::into_inner) += 1;
        self.held.changed.notify_all();
    }
}

#[derive(Clone)]
struct Site {
    folder: PathBuf,
    packages: Option<PathBuf>,
    sender: Sender<Vec<u8>>,
    held: Arc<Held>,
}

impl Site {
    /// Answers the requests of one connection, as many as come.
    fn serve(&self, stream: TcpStream) {
        let Ok(reading) = stream.try_clone() else {
            return;
        };
        drop(stream.set_nodelay(true));
        let mut stream = stream;
        let mut reader = BufReader::new(reading);
        while let Some((path, body)) = read_request(&mut reader) {
            let (content_type, body) = self.answer(&path, body);
            let status = if body.is_empty() {
                "404 Not Found"
            } else {
                "200 OK"
            };
            let head = format!(
                "HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\nContent-Length: {}\r\n\r\n",
                body.len()
            );
            let mut answer = head.into_bytes();
            answer.extend_from_slice(&body);
            if stream.write_all(&answer).is_err() {
                return;
            }
        }
    }

    fn answer(&self, path: &str, body: Vec<u8>) -> (&'static str, Vec<u8>) {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let bytes = query
            .strip_prefix("bytes=")
            .and_then(|number| number.parse().ok());
        match path {
            "/__report" => {
                self.hold(body);
                ("text/plain", b"thanks".to_vec())
            }
            "/__small" => (
                "application/json",
                br#"{"names":["one","two","three"]}"#.to_vec(),
            ),
            "/__echo" => ("application/octet-stream", body),
            "/__bytes" => (
                "application/octet-stream",
                vec![b'x'; bytes.unwrap_or(1000)],
            ),
            "/__html" => ("text/html; charset=utf-8", html(bytes.unwrap_or(1000))),
            "/__xml" => ("application/xml", xml(bytes.unwrap_or(1000))),
            _ => {
                let name = path.trim_start_matches('/');
                let content_type = if name.ends_with(".js") {
                    "text/javascript"
                } else {
                    "text/html; charset=utf-8"
                };
                let file = self.file(name).and_then(|file| std::fs::read(file).ok());
                (content_type, file.unwrap_or_default())
            }
        }
    }

    /// Where a file is, unless its name leads out of the folders.
    fn file(&self, name: &str) -> Option<PathBuf> {
        if let Some(name) = name.strip_prefix("__packages/") {
            let stays_inside = Path::new(name)
                .components()
                .all(|component| matches!(component, Component::Normal(_)));
            return Some(self.packages.as_ref()?.join(name)).filter(|_| stays_inside);
        }
        (!name.contains('/')).then(|| self.folder.join(name))
    }

    /// Hands the report to the runner and waits until it is done with the process.
    fn hold(&self, report: Vec<u8>) {
        let releases = self
            .held
            .releases
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let before = *releases;
        if self.sender.send(report).is_ok() {
            drop(
                self.held
                    .changed
                    .wait_while(releases, |releases| *releases == before),
            );
        }
    }
}

fn read_request(reader: &mut BufReader<TcpStream>) -> Option<(String, Vec<u8>)> {
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let path = line.split_whitespace().nth(1)?.to_owned();
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.split_once(':') else {
            break;
        };
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some((path, body))
}

fn html(bytes: usize) -> Vec<u8> {
    let mut text = String::from("<!DOCTYPE html><title>Large</title><ul>\n");
    let mut number = 0;
    while text.len() < bytes {
        let _ = writeln!(
            text,
            "<li class=\"item n{}\" data-number={number}><a href=\"/item/{number}?a=1&amp;b=2\">Item {number}</a> &mdash; <b>caf\u{e9}</b> &amp; more",
            number % 7
        );
        number += 1;
    }
    text.push_str("</ul>\n");
    text.into_bytes()
}

fn xml(bytes: usize) -> Vec<u8> {
    let mut text =
        String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<list xmlns:x=\"urn:x\">\n");
    let mut number = 0;
    while text.len() < bytes {
        let _ = writeln!(
            text,
            "<entry id=\"e{number}\" x:kind=\"k{}\"><title>Entry {number} &amp; caf\u{e9}</title><x:note><![CDATA[a < b]]></x:note></entry>",
            number % 7
        );
        number += 1;
    }
    text.push_str("</list>\n");
    text.into_bytes()
}
