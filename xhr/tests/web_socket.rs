//! WebSocket connections against servers on loopback that are written by hand.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, PoisonError};
use std::thread;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use readystate_xhr::driver::spawn_web_socket;
use readystate_xhr::environment::{AddressPolicy, FetchEnvironment};
use readystate_xhr::transport::ureq::{TransportOptions, UreqTransport};
use readystate_xhr::web_socket::{
    Message, WebSocketEvent, WebSocketHandle, WebSocketLimits, WebSocketRequest,
};
use readystate_xhr::{NetworkError, Origin, Url};
use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};

use crate::fetch_fixture::header;

/// A test that waits longer for an event has failed.
const PATIENCE: Duration = Duration::from_secs(60);

/// A server that gives each connection to `serve` on a thread of its own.
fn server(serve: impl Fn(TcpStream) + Send + Sync + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("bound");
    let serve = Arc::new(serve);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let serve = Arc::clone(&serve);
            thread::spawn(move || serve(stream));
        }
    });
    address
}

/// Reads up to the empty line.
fn read_head(stream: &mut impl Read) -> String {
    let mut bytes = Vec::new();
    let mut byte = [0];
    while !bytes.ends_with(b"\r\n\r\n") {
        if stream.read_exact(&mut byte).is_err() {
            break;
        }
        bytes.extend_from_slice(&byte);
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn accept_of(head: &str) -> String {
    let key = header(head, "sec-websocket-key").expect("a key");
    let text = format!("{key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11");
    STANDARD.encode(digest(&SHA1_FOR_LEGACY_USE_ONLY, text.as_bytes()))
}

/// Answers a handshake, with more headers. Gives the request's head.
fn shake_hands(stream: &mut (impl Read + Write), more: &str) -> String {
    let head = read_head(stream);
    let accept = accept_of(&head);
    let answer = format!(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: WebSocket\r\nConnection: keep-alive, Upgrade\r\n\
         Sec-WebSocket-Accept: {accept}\r\n{more}\r\n"
    );
    stream
        .write_all(answer.as_bytes())
        .expect("the client listens");
    head
}

/// Reads a frame of the client's: its first byte and its payload. `None` at the end.
fn read_frame(stream: &mut impl Read) -> Option<(u8, Vec<u8>)> {
    let mut start = [0; 2];
    stream.read_exact(&mut start).ok()?;
    assert!(start[1] & 0x80 != 0, "frames of a client are masked");
    let length = match start[1] & 0x7f {
        126 => {
            let mut bytes = [0; 2];
            stream.read_exact(&mut bytes).ok()?;
            u64::from(u16::from_be_bytes(bytes))
        }
        127 => {
            let mut bytes = [0; 8];
            stream.read_exact(&mut bytes).ok()?;
            u64::from_be_bytes(bytes)
        }
        short => u64::from(short),
    };
    let mut mask = [0; 4];
    stream.read_exact(&mut mask).ok()?;
    let mut payload = vec![0; usize::try_from(length).expect("it fits")];
    stream.read_exact(&mut payload).ok()?;
    for (byte, mask) in payload.iter_mut().zip(mask.iter().cycle()) {
        *byte ^= mask;
    }
    Some((start[0], payload))
}

/// A frame of the server's.
fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![first];
    match payload.len() {
        length @ 0..126 => frame.push(u8::try_from(length).expect("short")),
        length @ 126..=0xffff => {
            frame.push(126);
            frame.extend_from_slice(&u16::try_from(length).expect("it fits").to_be_bytes());
        }
        length => {
            frame.push(127);
            frame.extend_from_slice(&(length as u64).to_be_bytes());
        }
    }
    frame.extend_from_slice(payload);
    frame
}

/// Sends back what comes, Close frames included; gives the last one's payload.
fn echo(stream: &mut (impl Read + Write)) -> Option<Vec<u8>> {
    while let Some((first, payload)) = read_frame(stream) {
        stream.write_all(&frame(first, &payload)).ok()?;
        if first == 0x88 {
            return Some(payload);
        }
    }
    None
}

fn environment(options: TransportOptions) -> FetchEnvironment {
    FetchEnvironment::new(Arc::new(UreqTransport::new(options).expect("good options")))
}

/// A connection under test.
struct Client {
    handle: WebSocketHandle,
    events: Receiver<WebSocketEvent>,
}

impl Client {
    fn connect(url: &str) -> Self {
        Self::connect_with(
            url,
            &[],
            WebSocketLimits::default(),
            environment(TransportOptions::default()),
        )
    }

    fn connect_with(
        url: &str,
        protocols: &[&str],
        limits: WebSocketLimits,
        environment: FetchEnvironment,
    ) -> Self {
        let (sender, events) = channel();
        let handle = WebSocketHandle::new(
            limits,
            Box::new(move |event| {
                let _ = sender.send(event);
            }),
        );
        let request = WebSocketRequest {
            url: Url::parse(url).expect("a URL"),
            protocols: protocols.iter().map(|&name| name.to_owned()).collect(),
            origin: origin_of(url),
            site_for_cookies: None,
        };
        spawn_web_socket(handle.clone(), request, Arc::new(environment));
        Self { handle, events }
    }

    /// The next event.
    #[track_caller]
    fn event(&self) -> WebSocketEvent {
        let event = self.events.recv_timeout(PATIENCE).expect("an event comes");
        self.handle.taken(&event);
        event
    }

    #[track_caller]
    fn opened(&self) -> String {
        match self.event() {
            WebSocketEvent::Opened { protocol, .. } => protocol,
            other => panic!("{other:?} in place of Opened"),
        }
    }

    /// The next event but [`WebSocketEvent::Sent`].
    #[track_caller]
    fn received(&self) -> WebSocketEvent {
        loop {
            match self.event() {
                WebSocketEvent::Sent(_) => {}
                other => return other,
            }
        }
    }

    /// Whether it ended cleanly, with which code and reason, and the error.
    #[track_caller]
    fn closed(&self) -> (bool, u16, String, Option<NetworkError>) {
        loop {
            if let WebSocketEvent::Closed {
                was_clean,
                code,
                reason,
                error,
            } = self.event()
            {
                return (was_clean, code, reason, error);
            }
        }
    }
}

/// The origin of a page beside the server.
fn origin_of(url: &str) -> Origin {
    let url = url.replacen("ws", "http", 1);
    Origin::of(&Url::parse(&url).expect("a URL"))
}

fn text(text: &str) -> Message {
    Message::Text(text.to_owned())
}

fn close_frame(code: u16, reason: &str) -> Vec<u8> {
    let mut payload = code.to_be_bytes().to_vec();
    payload.extend_from_slice(reason.as_bytes());
    frame(0x88, &payload)
}

#[test]
fn messages_go_both_ways_and_both_close() {
    let address = server(|mut stream| {
        shake_hands(&mut stream, "Sec-WebSocket-Protocol: b\r\n");
        echo(&mut stream);
    });
    let client = Client::connect_with(
        &format!("ws://{address}/chat?q"),
        &["a", "b"],
        WebSocketLimits::default(),
        environment(TransportOptions::default()),
    );
    assert_eq!(client.opened(), "b");
    let large = vec![7; 300_000];
    client.handle.send(text("h\u{e9}"));
    client.handle.send(Message::Binary(Vec::new()));
    client.handle.send(Message::Binary(large.clone()));
    client.handle.start_closing_handshake(Some(3001), "done");
    let (mut sent, mut messages) = (0, Vec::new());
    let closed = loop {
        match client.event() {
            WebSocketEvent::Sent(bytes) => sent += bytes,
            WebSocketEvent::Message(message) => messages.push(message),
            WebSocketEvent::Closing => {}
            closed => break closed,
        }
    };
    assert_eq!(sent, 300_003);
    let expected = [
        text("h\u{e9}"),
        Message::Binary(Vec::new()),
        Message::Binary(large),
    ];
    assert!(messages == expected, "the echo is what was sent");
    assert_eq!(
        closed,
        WebSocketEvent::Closed {
            was_clean: true,
            code: 3001,
            reason: "done".to_owned(),
            error: None
        }
    );
}

#[test]
fn fragments_and_pings_are_put_together() {
    let (pongs, ponged) = channel();
    let address = server(move |mut stream| {
        shake_hands(&mut stream, "");
        for (at, piece) in [&b"\x01\x02ab"[..], b"\x89\x01p", b"\x00\x01c", b"\x80\x00"]
            .concat()
            .chunks(1)
            .enumerate()
        {
            // Byte by byte, and so in as many packets as the system likes.
            stream.write_all(piece).expect("the client listens");
            if at == 6 {
                let _ = pongs.send(read_frame(&mut stream));
            }
        }
        stream
            .write_all(&close_frame(1000, ""))
            .expect("the client listens");
        let _ = pongs.send(read_frame(&mut stream));
    });
    let client = Client::connect(&format!("ws://{address}/"));
    client.opened();
    assert_eq!(client.received(), WebSocketEvent::Message(text("abc")));
    assert_eq!(client.received(), WebSocketEvent::Closing);
    assert_eq!(client.closed(), (true, 1000, String::new(), None));
    assert_eq!(ponged.recv(), Ok(Some((0x8a, b"p".to_vec()))));
    assert_eq!(ponged.recv(), Ok(Some((0x88, b"\x03\xe8".to_vec()))));
}

#[test]
fn the_handshake_is_a_request_like_others() {
    let (heads, seen) = channel();
    let address = server(move |mut stream| {
        let head = shake_hands(&mut stream, "Set-Cookie: b=2\r\n");
        let _ = heads.send(head);
        echo(&mut stream);
    });
    let environment = environment(TransportOptions::default());
    let page = Url::parse(&format!("http://{address}/")).expect("a URL");
    let now = environment.clock.system_time();
    let jar = Arc::clone(&environment.cookie_jar);
    let lock = || jar.lock().unwrap_or_else(PoisonError::into_inner);
    lock().set_document_cookie(&page, "a=1", true, now);
    let client = Client::connect_with(
        &format!("ws://{address}/x"),
        &["p1", "p2"],
        WebSocketLimits::default(),
        environment,
    );
    let head = seen.recv().expect("a handshake");
    assert!(head.starts_with("GET /x HTTP/1.1\r\n"), "{head}");
    let value = |name: &str| header(&head, name);
    assert_eq!(value("host").as_deref(), Some(address.to_string().as_str()));
    assert_eq!(
        value("origin").as_deref(),
        Some(format!("http://{address}").as_str())
    );
    assert_eq!(value("upgrade").as_deref(), Some("websocket"));
    assert_eq!(value("connection").as_deref(), Some("Upgrade"));
    assert_eq!(value("sec-websocket-version").as_deref(), Some("13"));
    assert_eq!(value("sec-websocket-protocol").as_deref(), Some("p1, p2"));
    assert_eq!(value("sec-fetch-mode").as_deref(), Some("websocket"));
    assert_eq!(value("sec-websocket-extensions"), None);
    assert_eq!(value("cookie").as_deref(), Some("a=1"));
    // None of the two was chosen.
    let (_, code, _, error) = client.closed();
    assert!(
        matches!(error, Some(NetworkError::WebSocketHandshake(_))),
        "{error:?}"
    );
    assert_eq!(code, 1006);
    assert_eq!(lock().document_cookie(&page, true, now), "a=1; b=2");
}

#[test]
fn a_handshake_that_is_not_right_fails() {
    const RIGHT: &str = "Upgrade: websocket\r\nConnection: Upgrade\r\n";
    for (answer, accepts, protocols) in [
        ("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n", true, &[][..]),
        ("HTTP/1.1 404 Not Found\r\n", true, &[]),
        ("HTTP/1.1 302 Found\r\nLocation: /y\r\n", true, &[]),
        (&format!("HTTP/1.1 101 x\r\n{RIGHT}"), false, &[]),
        ("HTTP/1.1 101 x\r\nConnection: Upgrade\r\n", true, &[]),
        ("HTTP/1.1 101 x\r\nUpgrade: websocket\r\n", true, &[]),
        (
            &format!("HTTP/1.1 101 x\r\n{RIGHT}Sec-WebSocket-Extensions: permessage-deflate\r\n"),
            true,
            &[],
        ),
        (
            &format!("HTTP/1.1 101 x\r\n{RIGHT}Sec-WebSocket-Protocol: c\r\n"),
            true,
            &["a"],
        ),
        (
            &format!("HTTP/1.1 101 x\r\n{RIGHT}Sec-WebSocket-Protocol: a\r\n"),
            true,
            &[],
        ),
        (
            &format!(
                "HTTP/1.1 101 x\r\n{RIGHT}Sec-WebSocket-Protocol: a\r\nSec-WebSocket-Protocol: b\r\n"
            ),
            true,
            &["a", "b"],
        ),
        (&format!("HTTP/1.1 101 x\r\n{RIGHT}"), true, &["a"]),
        ("SSH-2.0-x\r\n", true, &[]),
    ] {
        let own = answer.to_owned();
        let address = server(move |mut stream| {
            let head = read_head(&mut stream);
            let accept = if accepts {
                accept_of(&head)
            } else {
                accept_of("sec-websocket-key: AAAA\r\n")
            };
            let text = format!("{own}Sec-WebSocket-Accept: {accept}\r\n\r\n");
            let _ = stream.write_all(text.as_bytes());
        });
        let client = Client::connect_with(
            &format!("ws://{address}/"),
            protocols,
            WebSocketLimits::default(),
            environment(TransportOptions::default()),
        );
        let first = client.event();
        assert!(
            matches!(
                &first,
                WebSocketEvent::Closed {
                    was_clean: false,
                    code: 1006,
                    error: Some(_),
                    ..
                }
            ),
            "{answer}: {first:?}"
        );
    }
}

#[test]
fn the_servers_close_is_answered_and_its_drop_is_not_clean() {
    let address = server(|mut stream| {
        let head = shake_hands(&mut stream, "");
        if head.starts_with("GET /drop ") {
            return;
        }
        let empty = head.starts_with("GET /empty ");
        let close = if empty {
            frame(0x88, b"")
        } else {
            close_frame(4000, "so l\u{e4}nge")
        };
        stream.write_all(&close).expect("the client listens");
        let expected = if empty { &b""[..] } else { &close[2..] };
        assert_eq!(read_frame(&mut stream), Some((0x88, expected.to_vec())));
    });
    let client = Client::connect(&format!("ws://{address}/"));
    client.opened();
    assert_eq!(client.received(), WebSocketEvent::Closing);
    assert_eq!(
        client.closed(),
        (true, 4000, "so l\u{e4}nge".to_owned(), None)
    );
    let client = Client::connect(&format!("ws://{address}/empty"));
    client.opened();
    assert_eq!(client.closed(), (true, 1005, String::new(), None));
    let client = Client::connect(&format!("ws://{address}/drop"));
    client.opened();
    let (was_clean, code, _, error) = client.closed();
    assert_eq!((was_clean, code), (false, 1006));
    assert!(
        matches!(error, Some(NetworkError::ConnectionClosed(_))),
        "{error:?}"
    );
}

#[test]
fn what_breaks_protocol_or_limit_fails_with_a_close_frame() {
    for (bytes, code) in [
        (&b"\x82\x7f\x00\x00\x00\x00\x7f\xff\xff\xff"[..], 1009_u16),
        (b"\x83\x00", 1002),
        (b"\x81\x02\xc3\x28", 1007),
    ] {
        let (closes, closed) = channel();
        let address = server(move |mut stream| {
            shake_hands(&mut stream, "");
            stream.write_all(bytes).expect("the client listens");
            let _ = closes.send(read_frame(&mut stream));
        });
        let client = Client::connect_with(
            &format!("ws://{address}/"),
            &[],
            WebSocketLimits {
                max_message_bytes: 1000,
                ..WebSocketLimits::default()
            },
            environment(TransportOptions::default()),
        );
        client.opened();
        let (was_clean, script_code, _, error) = client.closed();
        assert_eq!((was_clean, script_code), (false, 1006));
        assert_eq!(
            error.is_some_and(|error| error.is_limit()),
            code == 1009,
            "{code}"
        );
        assert_eq!(
            closed.recv_timeout(PATIENCE),
            Ok(Some((0x88, code.to_be_bytes().to_vec())))
        );
    }
}

#[test]
fn a_server_that_never_answers_a_close_is_left() {
    let address = server(|mut stream| {
        shake_hands(&mut stream, "");
        // Reads to the end, which the client makes, without an answer.
        let mut rest = Vec::new();
        let _ = stream.read_to_end(&mut rest);
    });
    let client = Client::connect_with(
        &format!("ws://{address}/"),
        &[],
        WebSocketLimits {
            closing_timeout: Duration::from_millis(20),
            ..WebSocketLimits::default()
        },
        environment(TransportOptions::default()),
    );
    client.opened();
    client.handle.start_closing_handshake(None, "");
    let (was_clean, code, _, error) = client.closed();
    assert_eq!((was_clean, code), (false, 1006));
    assert!(error.is_some());
}

#[test]
fn a_connection_that_nobody_wants_any_more_says_1001() {
    let (ends, ended) = channel();
    let address = server(move |mut stream| {
        shake_hands(&mut stream, "");
        let _ = ends.send(read_frame(&mut stream));
    });
    let client = Client::connect(&format!("ws://{address}/"));
    client.opened();
    client.handle.make_disappear();
    assert_eq!(
        ended.recv_timeout(PATIENCE),
        Ok(Some((0x88, b"\x03\xe9".to_vec())))
    );
    // No event more: the sink is dropped.
    assert!(client.events.recv_timeout(PATIENCE).is_err());
}

#[test]
fn failing_while_connecting_is_told_at_once() {
    let (reached, at_handshake) = channel();
    let address = server(move |mut stream| {
        let head = read_head(&mut stream);
        let _ = reached.send(());
        // Never answered: the read ends when the client leaves.
        let _ = stream.read(&mut [0]);
        drop(head);
    });
    let client = Client::connect(&format!("ws://{address}/"));
    at_handshake
        .recv_timeout(PATIENCE)
        .expect("the handshake comes");
    client.handle.fail();
    let event = client.events.try_recv();
    assert!(
        matches!(event, Ok(WebSocketEvent::Closed { code: 1006, .. })),
        "{event:?}"
    );
}

#[test]
fn a_flood_is_not_read_faster_than_it_is_taken() {
    const MESSAGE: usize = 64 << 10;
    const COUNT: usize = 400;
    let address = server(|mut stream| {
        shake_hands(&mut stream, "");
        let message = frame(0x82, &vec![1; MESSAGE]);
        for _ in 0..COUNT {
            stream.write_all(&message).expect("the client listens");
        }
        stream
            .write_all(&close_frame(1000, ""))
            .expect("the client listens");
        let _ = stream.read(&mut [0; 100]);
    });
    let client = Client::connect_with(
        &format!("ws://{address}/"),
        &[],
        WebSocketLimits {
            max_backlog_bytes: 200_000,
            ..WebSocketLimits::default()
        },
        environment(TransportOptions::default()),
    );
    client.opened();
    let mut most = 0;
    let mut count = 0;
    // What has piled up by the time that one is taken stays within the limit and one read more.
    loop {
        let event = client
            .events
            .recv_timeout(PATIENCE)
            .expect("an event comes");
        let mut waiting = vec![event];
        waiting.extend(client.events.try_iter());
        let weight: u64 = waiting.iter().map(WebSocketEvent::weight).sum();
        most = most.max(weight);
        for event in &waiting {
            client.handle.taken(event);
            count += usize::from(matches!(event, WebSocketEvent::Message(_)));
        }
        if waiting.iter().any(WebSocketEvent::is_last) {
            break;
        }
    }
    assert_eq!(count, COUNT);
    assert!(most < 1_000_000, "{most} bytes were waiting");
}

#[test]
fn addresses_and_ports_are_filtered_as_for_other_requests() {
    let address = server(|mut stream| {
        shake_hands(&mut stream, "");
    });
    let mut environment = environment(TransportOptions::default());
    environment.address_policy = AddressPolicy::DenyPrivate;
    let fails = |url: &str| {
        let client =
            Client::connect_with(url, &[], WebSocketLimits::default(), environment.clone());
        client.closed().3
    };
    let error = fails(&format!("ws://{address}/"));
    assert!(
        matches!(error, Some(NetworkError::AddressRefused { .. })),
        "{error:?}"
    );
    let error = fails("ws://localhost:25/");
    assert!(
        matches!(error, Some(NetworkError::BlockedPort(25))),
        "{error:?}"
    );
}

#[test]
fn proxies_make_a_tunnel_also_without_tls() {
    let (asked, seen) = channel();
    let http_proxy = server(move |mut stream| {
        let _ = asked.send(read_head(&mut stream));
        stream
            .write_all(b"HTTP/1.1 200 Connected\r\n\r\n")
            .expect("the client listens");
        shake_hands(&mut stream, "");
        echo(&mut stream);
    });
    let socks_proxy = server(|mut stream| {
        let mut greeting = [0; 3];
        stream.read_exact(&mut greeting).expect("a greeting");
        stream.write_all(&[5, 0]).expect("the client listens");
        let mut start = [0; 5];
        stream.read_exact(&mut start).expect("a request");
        let mut rest = vec![0; usize::from(start[4]) + 2];
        stream.read_exact(&mut rest).expect("a request");
        assert!(rest.starts_with(b"far.test"));
        stream
            .write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0])
            .expect("the client listens");
        shake_hands(&mut stream, "");
        echo(&mut stream);
    });
    for proxy in [
        format!("http://{http_proxy}"),
        format!("socks5h://{socks_proxy}"),
    ] {
        let options = TransportOptions {
            proxy: Some(proxy),
            ..TransportOptions::default()
        };
        let client = Client::connect_with(
            "ws://far.test/",
            &[],
            WebSocketLimits::default(),
            environment(options),
        );
        client.opened();
        client.handle.send(text("through"));
        assert_eq!(client.received(), WebSocketEvent::Message(text("through")));
    }
    let head = seen.recv().expect("a request");
    assert!(
        head.starts_with("CONNECT far.test:80 HTTP/1.1\r\n"),
        "{head}"
    );
}

#[test]
fn a_secure_connection_reads_and_writes_at_once() {
    const MESSAGE: usize = 100_000;
    let address = crate::transport_tls::server(|_, mut stream| {
        shake_hands(&mut stream, "");
        echo(&mut stream);
    });
    let url = format!("wss://localhost:{}/", address.port());
    let insecure = |insecure| {
        environment(TransportOptions {
            insecure,
            ..TransportOptions::default()
        })
    };
    let limits = WebSocketLimits::default();
    let client = Client::connect_with(&url, &[], limits, insecure(true));
    client.opened();
    for at in 0..20 {
        client.handle.send(Message::Binary(vec![at; MESSAGE]));
    }
    for at in 0..20 {
        let expected = Message::Binary(vec![at; MESSAGE]);
        assert!(
            client.received() == WebSocketEvent::Message(expected),
            "{at}"
        );
    }
    client.handle.start_closing_handshake(Some(1000), "");
    assert_eq!(client.closed(), (true, 1000, String::new(), None));
    let client = Client::connect_with(&url, &[], limits, insecure(false));
    let (_, _, _, error) = client.closed();
    assert!(matches!(error, Some(NetworkError::Tls { .. })), "{error:?}");
}
