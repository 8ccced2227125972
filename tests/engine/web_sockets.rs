//! `WebSocket` in a page, against a server on loopback. What the connection itself does is tested in `xhr`.

use std::sync::Mutex;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use readystate::{Error, Limits};

use crate::support::page::{page, page_with, settled};
use crate::support::server::Server;
use crate::support::trials;
use crate::support::web_socket::{echo, read_frame, send_frame, shake_hands};

trials!("engine::web_sockets":
    messages_of_every_type_come_back,
    bad_arguments_throw_and_constants_are_there,
    a_server_that_drops_the_connection_fires_error_and_close,
    a_bad_handshake_fires_error_and_close,
    an_open_one_lets_the_page_settle_and_a_connecting_one_does_not,
    the_handshake_is_among_the_requests_with_cookies_and_origin,
    closing_the_page_says_goodbye,
    a_navigation_says_goodbye,
    a_removed_frame_says_goodbye,
    a_public_page_cannot_reach_a_private_address,
    the_number_of_connections_is_limited,
);

/// How long a server waits for what has to come.
const PATIENCE: Duration = Duration::from_secs(60);

fn echo_server() -> Server {
    Server::with_page("<!DOCTYPE html>", |request, connection| {
        let protocol = request
            .header("sec-websocket-protocol")
            .and_then(|list| list.split(',').next_back())
            .map(|last| format!("Sec-WebSocket-Protocol: {}\r\n", last.trim()))
            .unwrap_or_default();
        shake_hands(request, connection, &protocol);
        echo(connection);
    })
}

/// A frame as it came: its opcode and payload; `None` at the connection's end.
type SeenFrame = Option<(u8, Vec<u8>)>;

/// A server that tells of the first frame of each connection, or of its end.
fn listening_server() -> (Server, Receiver<SeenFrame>) {
    let (frames, first) = channel();
    let frames = Mutex::new(frames);
    let server = Server::with_page("<!DOCTYPE html>", move |request, connection| {
        if request.path == "/other" {
            connection.answer("text/html", "<!DOCTYPE html>other");
            return;
        }
        shake_hands(request, connection, "");
        let frame = read_frame(connection);
        drop(frames.lock().expect("nobody panics with it").send(frame));
    });
    (server, first)
}

const GOODBYE: Option<(u8, [u8; 2])> = Some((0x88, [0x03, 0xe9]));

#[track_caller]
fn assert_goodbye(frames: &Receiver<Option<(u8, Vec<u8>)>>) {
    let frame = frames.recv_timeout(PATIENCE).expect("the connection ends");
    let expected = GOODBYE.map(|(first, payload)| (first, payload.to_vec()));
    assert_eq!(frame, expected);
}

/// Loads the server's page and gives what `script`, the body of an async function, returns. `events(socket)` collects.
#[track_caller]
fn run(server: &Server, script: &str) -> String {
    settled(&server.url("/"))
        .evaluate(&in_async(script))
        .expect("the script returns")
}

fn in_async(script: &str) -> String {
    format!(
        "(async () => {{
           const url = location.href.replace('http', 'ws');
           const next = (s, type) => new Promise((done) => s.addEventListener(type, done, {{ once: true }}));
           const name = (f) => {{ try {{ f(); return 'none' }} catch (e) {{ return e.name }} }};
           {script}
         }})()"
    )
}

fn messages_of_every_type_come_back() {
    let answer = run(
        &echo_server(),
        "const s = new WebSocket('/echo', ['a', 'b']);
         const log = [s.url === url + 'echo', s.readyState, s.binaryType, s.protocol];
         const open = await next(s, 'open');
         log.push(open.isTrusted, open.constructor.name, s.readyState, s.protocol, s.extensions);
         s.send('h\\u00e9\\ud800');
         log.push(s.bufferedAmount);
         let e = await next(s, 'message');
         log.push(e.data, e.constructor.name, e.origin === new URL(url).origin, s.bufferedAmount);
         s.send(new Uint8Array([1, 2, 255]).subarray(1));
         e = await next(s, 'message');
         log.push(e.data instanceof Blob, e.data.size);
         s.binaryType = 'arraybuffer';
         s.binaryType = 'nonsense';
         s.send(new Blob(['xyz']));
         e = await next(s, 'message');
         log.push(s.binaryType, e.data instanceof ArrayBuffer, new Uint8Array(e.data)[2]);
         s.close(3000, 'enough');
         log.push(s.readyState);
         s.send('late');
         e = await next(s, 'close');
         log.push(e.wasClean, e.code, e.reason, s.readyState, s.bufferedAmount, e instanceof CloseEvent);
         return log.join('|')",
    );
    assert_eq!(
        answer,
        "true|0|blob||true|Event|1|b||6|h\u{e9}\u{fffd}|MessageEvent|true|0|true|2|arraybuffer|true|122|2|true|3000|enough|3|4|true"
    );
}

fn bad_arguments_throw_and_constants_are_there() {
    let answer = run(
        &echo_server(),
        "const s = new WebSocket('/x');
         const log = [WebSocket.CONNECTING, s.OPEN, WebSocket.prototype.CLOSING, s.CLOSED, WebSocket.length,
           name(() => new WebSocket()), name(() => new WebSocket('ftp://a/')), name(() => new WebSocket('/#x')),
           name(() => new WebSocket('/', ['a', 'a'])), name(() => new WebSocket('/', 'a b')), name(() => WebSocket('/')),
           name(() => s.send('x')), name(() => s.close(1001)), name(() => s.close(1000, 'x'.repeat(124))), name(() => s.close(0))];
         s.close();
         log.push(s.readyState);
         const events = [];
         s.onerror = (e) => events.push(e.type);
         const e = await next(s, 'close');
         log.push(events, e.code, e.wasClean);
         return log.join()",
    );
    assert_eq!(
        answer,
        "0,1,2,3,1,TypeError,SyntaxError,SyntaxError,SyntaxError,SyntaxError,TypeError,InvalidStateError,InvalidAccessError,SyntaxError,\
         InvalidAccessError,2,error,1006,false"
    );
}

fn a_server_that_drops_the_connection_fires_error_and_close() {
    let server = Server::with_page("<!DOCTYPE html>", |request, connection| {
        shake_hands(request, connection, "");
        send_frame(connection, 0x81, b"last words");
    });
    let answer = run(
        &server,
        "const s = new WebSocket('/x'), log = [];
         for (const type of ['open', 'message', 'error']) s.addEventListener(type, (e) => log.push(e.type));
         const e = await next(s, 'close');
         return [...log, e.code, e.wasClean, s.readyState].join()",
    );
    assert_eq!(answer, "open,message,error,1006,false,3");
}

fn a_bad_handshake_fires_error_and_close() {
    let server = Server::with_page("<!DOCTYPE html>", |request, connection| {
        if request.path == "/404" {
            connection.respond("404 Not Found", &[], "no");
        } else {
            connection.raw(
                "HTTP/1.1 101 x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: AAAA\r\n\r\n",
            );
        }
    });
    let answer = run(
        &server,
        "const log = [];
         for (const path of ['/404', '/key']) {
           const s = new WebSocket(path);
           s.onopen = s.onerror = (e) => log.push(e.type);
           const e = await next(s, 'close');
           log.push(e.code, e.wasClean);
         }
         return log.join()",
    );
    assert_eq!(answer, "error,1006,false,error,1006,false");
}

fn an_open_one_lets_the_page_settle_and_a_connecting_one_does_not() {
    let server = Server::with_page(
        "<!DOCTYPE html><script>
           const s = new WebSocket('/open');
           s.onmessage = () => { document.title = 'open'; };
         </script>",
        |request, connection| {
            if request.path == "/open" {
                shake_hands(request, connection, "");
                send_frame(connection, 0x81, b"x");
            }
            connection.hang();
        },
    );
    let page = page();
    page.goto(&server.url("/")).expect("the page loads");
    page.wait_until_settled()
        .expect("an open socket is no work");
    let opened: String = page
        .evaluate("new Promise((done) => { if (document.title) done(document.title); else s.addEventListener('message', () => done('open')); })")
        .expect("the message comes");
    assert_eq!(opened, "open");
    let page = settled(&server.url("/"));
    page.evaluate::<()>("void new WebSocket('/never')")
        .expect("it is made");
    let brief = Duration::from_millis(300);
    match page.wait_until_settled_within(brief, brief) {
        Err(Error::Timeout { pending, .. }) => {
            let url = server.url("/never").replace("http", "ws");
            assert_eq!(pending.requests.len(), 1, "{pending}");
            assert_eq!(pending.requests[0].url, url);
        }
        other => panic!("{other:?} with a socket that connects"),
    }
}

fn the_handshake_is_among_the_requests_with_cookies_and_origin() {
    let server = Server::with_page("<!DOCTYPE html>", |request, connection| {
        shake_hands(request, connection, "Set-Cookie: b=2\r\n");
        echo(connection);
    });
    let page = settled(&server.url("/"));
    let cookie: String = page
        .evaluate(&in_async(
            "document.cookie = 'a=1';
             const s = new WebSocket('/x');
             await next(s, 'open');
             return document.cookie",
        ))
        .expect("it opens");
    assert_eq!(cookie, "a=1; b=2");
    let records = page.requests();
    let record = records.last().expect("a request");
    assert_eq!((record.method.as_str(), record.status), ("GET", 101));
    assert_eq!(record.url, server.url("/x").replace("http", "ws"));
    let requests = server.requests();
    let request = requests.last().expect("a request");
    assert_eq!(request.header("cookie"), Some("a=1"));
    assert_eq!(
        request.header("origin").map(|origin| format!("{origin}/")),
        Some(server.url("/"))
    );
}

fn closing_the_page_says_goodbye() {
    let (server, frames) = listening_server();
    let page = settled(&server.url("/"));
    page.evaluate::<()>(&in_async("await next(new WebSocket('/x'), 'open')"))
        .expect("it opens");
    page.close();
    assert_goodbye(&frames);
}

fn a_navigation_says_goodbye() {
    let (server, frames) = listening_server();
    let page = settled(&server.url("/"));
    page.evaluate::<()>(&in_async("await next(new WebSocket('/x'), 'open')"))
        .expect("it opens");
    page.goto(&server.url("/other")).expect("the other page");
    assert_goodbye(&frames);
}

fn a_removed_frame_says_goodbye() {
    let (server, frames) = listening_server();
    let page = settled(&server.url("/"));
    page.evaluate::<()>(&in_async(
        "const frame = document.body.appendChild(document.createElement('iframe'));
         const s = new frame.contentWindow.WebSocket(url + 'x');
         await next(s, 'open');
         frame.remove()",
    ))
    .expect("it opens");
    assert_goodbye(&frames);
}

fn a_public_page_cannot_reach_a_private_address() {
    let (server, frames) = listening_server();
    let page = page();
    page.set_content("<!DOCTYPE html>", Some("http://public.example/"))
        .expect("the page is made");
    let script = format!(
        "const s = new WebSocket('{}');
         const e = await next(s, 'close');
         return [e.code, s.readyState].join()",
        server.url("/x").replace("http", "ws")
    );
    let answer: String = page.evaluate(&in_async(&script)).expect("it fails");
    assert_eq!(answer, "1006,3");
    assert!(frames.try_recv().is_err(), "no connection was made");
}

fn the_number_of_connections_is_limited() {
    let server = echo_server();
    let mut limits = Limits::default();
    limits.open_connections = 1;
    let page = page_with(limits, PATIENCE);
    page.goto(&server.url("/")).expect("the page loads");
    let answer: String = page
        .evaluate(&in_async(
            "const a = new WebSocket('/a'); await next(a, 'open');
             const b = new WebSocket('/b'); const e = await next(b, 'close');
             a.close(); await next(a, 'close');
             const c = new WebSocket('/c'); await next(c, 'open');
             return [e.code, c.readyState].join()",
        ))
        .expect("the script returns");
    assert_eq!(answer, "1006,1");
    let names: Vec<_> = page
        .limits_hit()
        .iter()
        .map(|(limit, _)| limit.name())
        .collect();
    assert_eq!(names, ["open connections"]);
}
