//! What a server's pace does to a page: upload progress follows what the server reads, and an abort reaches the socket.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use readystate::Page;

use crate::support::page::page;
use crate::support::trials;

trials!("engine::xhr_progress":
    upload_progress_grows_with_what_the_server_reads,
    an_abort_is_seen_at_once_and_closes_the_socket,
);

/// Bytes of the upload: far more than the sockets of both sides hold.
const BODY: usize = 48 << 20;
const PATIENCE: Duration = Duration::from_secs(60);

/// A server with a page at `/` that hands any other connection, its request's head read, to the test.
fn server() -> (String, Receiver<TcpStream>) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    let address = listener.local_addr().expect("a bound socket has one");
    let (sender, connections) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let sender = sender.clone();
            std::thread::spawn(move || serve(stream, &sender));
        }
    });
    (format!("http://{address}/"), connections)
}

fn serve(mut stream: TcpStream, sender: &Sender<TcpStream>) {
    // A byte at a time, so that none of the body is taken with the head.
    let reader = stream.try_clone().expect("a socket can be cloned");
    let mut reader = BufReader::with_capacity(1, reader);
    let mut first = String::new();
    let mut line = String::new();
    while reader.read_line(&mut line).is_ok_and(|count| count > 2) {
        if first.is_empty() {
            first.clone_from(&line);
        }
        line.clear();
    }
    if first.starts_with("GET / ") {
        let page = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 15\r\n\r\n<!DOCTYPE html>";
        drop(stream.write_all(page.as_bytes()));
    } else if !first.is_empty() {
        drop(sender.send(stream));
    }
}

/// Asks the page until the number is larger than `bound`.
#[track_caller]
fn wait_for_more(page: &Page, expression: &str, bound: u64) -> u64 {
    let started = Instant::now();
    loop {
        let value: u64 = page.evaluate(expression).expect("a number");
        if value > bound {
            return value;
        }
        assert!(
            started.elapsed() < PATIENCE,
            "{expression} stays at {value}"
        );
        std::thread::yield_now();
    }
}

fn read_exactly(stream: &mut TcpStream, count: usize) {
    let mut left = stream.take(count as u64);
    let read = std::io::copy(&mut left, &mut std::io::sink());
    assert_eq!(read.expect("the body comes"), count as u64);
}

fn upload_progress_grows_with_what_the_server_reads() {
    let (url, connections) = server();
    let page = page();
    page.goto(&url).expect("it loads");
    page.evaluate::<()>(&format!(
        "window.loaded = 0; window.ended = 0; const r = new XMLHttpRequest(); r.open('POST', '/slow');
         r.upload.onprogress = (e) => {{ loaded = e.loaded; }}; r.upload.onload = () => {{ ended = 1; }};
         r.onload = () => {{ ended = 2; }}; r.send(new Uint8Array({BODY})); null"
    ))
    .expect("it is sent");
    let mut stream = connections
        .recv_timeout(PATIENCE)
        .expect("the request comes");
    let mut read = 0;
    let mut last = 0;
    // Each time the server reads a third, more is reported; never what it cannot have been given.
    for _ in 0..2 {
        let loaded = wait_for_more(&page, "loaded", last);
        assert!(
            loaded < BODY as u64,
            "{loaded} bytes are reported, {read} are read"
        );
        assert_eq!(page.evaluate::<u8>("ended").expect("a number"), 0);
        last = loaded.max(read as u64);
        read_exactly(&mut stream, BODY / 3);
        // At most one event comes in 50 ms: what is sent after them is reported.
        page.evaluate::<()>("new Promise((done) => setTimeout(() => done(null), 60))")
            .expect("time passes");
        read_exactly(&mut stream, BODY / 48);
        read += BODY / 3 + BODY / 48;
    }
    wait_for_more(&page, "loaded", last);
    read_exactly(&mut stream, BODY - read);
    wait_for_more(&page, "ended", 0);
    assert_eq!(
        page.evaluate::<u64>("loaded").expect("a number"),
        BODY as u64
    );
    drop(stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
    wait_for_more(&page, "ended", 1);
}

fn an_abort_is_seen_at_once_and_closes_the_socket() {
    let (url, connections) = server();
    let page = page();
    page.goto(&url).expect("it loads");
    // Waiting for the head, in the middle of the body, in the middle of the upload.
    for (answer, body) in [
        ("", 0),
        ("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab", 0),
        ("", BODY),
    ] {
        page.evaluate::<()>(&format!(
            "window.log = []; window.r = new XMLHttpRequest(); r.open('POST', '/hang');
             for (const name of ['abort', 'loadend', 'error', 'load', 'timeout']) r.addEventListener(name, () => log.push(name));
             r.send({body} ? new Uint8Array({body}) : null); null"
        ))
        .expect("it is sent");
        let mut stream = connections
            .recv_timeout(PATIENCE)
            .expect("the request comes");
        stream
            .write_all(answer.as_bytes())
            .expect("the client is there");
        if !answer.is_empty() {
            wait_for_more(&page, "r.readyState", 2);
        }
        let (closed, is_closed) = channel();
        std::thread::spawn(move || {
            // To the end, or to a reset.
            drop(std::io::copy(&mut stream, &mut std::io::sink()));
            let _ = closed.send(Instant::now());
        });
        let log: String = page
            .evaluate("r.abort(); log.join() + r.readyState")
            .expect("the script returns");
        let seen = Instant::now();
        assert_eq!(log, "abort,loadend0");
        let closed = is_closed
            .recv_timeout(PATIENCE)
            .expect("the socket is closed");
        assert!(closed.saturating_duration_since(seen) < Duration::from_secs(5));
    }
}
