//! What only real sockets do: drips, resets of the system, closed ports.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use readystate_xhr::environment::FetchEnvironment;
use readystate_xhr::fetch::{Body, FetchController};
use readystate_xhr::transport::ureq::{TransportOptions, UreqTransport};

use super::{Kind, limits};
use crate::fetch_fixture::{Outcome, run, xhr};

/// A server that gives its one connection to `serve`, together with something that ends when the test does.
fn server(serve: impl FnOnce(TcpStream, Receiver<()>) + Send + 'static) -> (SocketAddr, impl Drop) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("bound");
    let (sender, receiver) = channel::<()>();
    thread::spawn(move || {
        if let Ok((stream, _)) = listener.accept() {
            serve(stream, receiver);
        }
    });
    struct Hold(Option<std::sync::mpsc::Sender<()>>);
    impl Drop for Hold {
        fn drop(&mut self) {
            self.0.take();
        }
    }
    (address, Hold(Some(sender)))
}

fn read_head(stream: &mut TcpStream) {
    let mut bytes = Vec::new();
    let mut byte = [0];
    while !bytes.ends_with(b"\r\n\r\n") && stream.read_exact(&mut byte).is_ok() {
        bytes.push(byte[0]);
    }
}

fn get(address: SocketAddr, upload: Option<usize>) -> (Outcome, Duration) {
    let transport = UreqTransport::new(TransportOptions::default()).expect("good options");
    let mut environment = FetchEnvironment::new(Arc::new(transport));
    environment.limits = limits();
    let url = format!("http://{address}/");
    let mut request = xhr(&url, if upload.is_some() { "POST" } else { "GET" }, &url);
    request.body = upload.map(|length| Body::new(vec![b'u'; length]));
    let started = Instant::now();
    let outcome = run(request, &environment, &FetchController::new());
    (outcome, started.elapsed())
}

/// Sends `bytes` one at a time until the client has gone or the test is over.
fn drip(mut stream: TcpStream, first: &[u8], bytes: &[u8], over: &Receiver<()>) {
    let _ = stream.write_all(first);
    loop {
        for byte in bytes {
            if stream.write_all(&[*byte]).is_err() {
                return;
            }
            let wait = over.recv_timeout(Duration::from_millis(20));
            if wait == Err(std::sync::mpsc::RecvTimeoutError::Disconnected) {
                return;
            }
        }
    }
}

#[test]
fn a_head_that_drips_ends_by_its_deadline() {
    let (address, _hold) = server(|mut stream, over| {
        read_head(&mut stream);
        drip(stream, b"HTTP/1.1 200 OK\r\n", b"X: y\r\n", &over);
    });
    let (outcome, spent) = get(address, None);
    assert_eq!(Kind::of(outcome.error()), Some(Kind::Timeout));
    assert!(spent < Duration::from_secs(20), "{spent:?}");
}

#[test]
fn interim_responses_that_drip_end_by_the_deadline_of_the_head() {
    let (address, _hold) = server(|mut stream, over| {
        read_head(&mut stream);
        drip(stream, b"", b"HTTP/1.1 100 Continue\r\n\r\n", &over);
    });
    let (outcome, _) = get(address, None);
    assert_eq!(Kind::of(outcome.error()), Some(Kind::Timeout));
}

#[test]
fn a_body_that_pauses_too_long_is_cut() {
    let (address, _hold) = server(|mut stream, over| {
        read_head(&mut stream);
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nbody");
        let _ = over.recv();
    });
    let (outcome, _) = get(address, None);
    assert_eq!(outcome.text(), "body");
    assert_eq!(
        outcome.body_error.as_ref().and_then(Kind::of),
        Some(Kind::Timeout)
    );
}

#[test]
fn a_server_that_reads_nothing_ends_by_the_time_out_of_sending() {
    let (address, _hold) = server(|stream, over| {
        let _ = over.recv();
        drop(stream);
    });
    let (outcome, _) = get(address, Some(64 << 20));
    assert_eq!(Kind::of(outcome.error()), Some(Kind::Timeout));
}

#[test]
fn a_connection_closed_with_unread_bytes_is_a_reset() {
    // Closing with unread bytes makes the system send a reset, which may overtake the answer.
    let (address, _hold) = server(|mut stream, _| {
        let mut some = [0; 10];
        let _ = stream.read(&mut some);
    });
    let (outcome, _) = get(address, Some(8 << 20));
    assert_eq!(Kind::of(outcome.error()), Some(Kind::Closed));
}

#[test]
fn an_accepted_connection_closed_at_once_is_named() {
    let (address, _hold) = server(|stream, _| drop(stream));
    let (outcome, _) = get(address, None);
    assert_eq!(Kind::of(outcome.error()), Some(Kind::Closed));
}

#[test]
fn nobody_listening_is_named() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("bound");
    drop(listener);
    let (outcome, _) = get(address, None);
    assert_eq!(Kind::of(outcome.error()), Some(Kind::Connect));
}

#[test]
fn an_endless_body_ends_by_its_limit() {
    let (address, _hold) = server(|mut stream, _| {
        read_head(&mut stream);
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n");
        while stream.write_all(&[b'x'; 65536]).is_ok() {}
    });
    let (outcome, _) = get(address, None);
    assert_eq!(
        outcome.body_error.as_ref().and_then(Kind::of),
        Some(Kind::BodyTooLarge)
    );
    assert!(outcome.body.len() <= 16 << 20);
}
