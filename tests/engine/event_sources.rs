//! `EventSource` in a page, against a server on loopback. The stream's format is tested in `xhr`.

use std::sync::Mutex;
use std::sync::mpsc::channel;
use std::time::Duration;

use readystate::Error;

use crate::support::page::{page, settled};
use crate::support::server::{Connection, Server};
use crate::support::trials;

trials!("engine::event_sources":
    events_come_with_type_data_id_and_origin,
    a_stream_cut_anywhere_is_the_same,
    a_connection_that_ends_is_made_again_with_the_last_id,
    another_status_or_type_closes_it,
    other_origins_need_cors,
    an_open_stream_lets_the_page_settle_and_a_connecting_one_does_not,
    close_ends_the_connection,
    window_stop_closes_it,
    leaving_the_page_ends_the_connection,
);

const PATIENCE: Duration = Duration::from_secs(60);

/// Loads the server's page and gives what `script`, the body of an async function, returns.
#[track_caller]
fn run(server: &Server, script: &str) -> String {
    settled(&server.url("/"))
        .evaluate(&in_async(script))
        .expect("the script returns")
}

fn in_async(script: &str) -> String {
    format!(
        "(async () => {{
           const next = (s, type) => new Promise((done) => s.addEventListener(type, done, {{ once: true }}));
           {script}
         }})()"
    )
}

/// Begins an endless stream.
fn begin(connection: &mut Connection, stream: &str) {
    connection.raw(format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n{stream}"
    ));
}

fn events_come_with_type_data_id_and_origin() {
    let server = Server::with_page("<!DOCTYPE html>", |request, connection| {
        assert_eq!(request.header("accept"), Some("text/event-stream"));
        assert_eq!(request.header("cache-control"), Some("no-cache"));
        begin(
            connection,
            ": hello\ndata: a\ndata: b\nid: 1\n\nevent: tick\ndata: \u{1F600}\n\n",
        );
        connection.hang();
    });
    let answer = run(
        &server,
        "const s = new EventSource('/stream'), log = [s.readyState, s.withCredentials, s.url === location.href + 'stream'];
         const tick = next(s, 'tick');
         s.onopen = (e) => log.push(e.type, s.readyState);
         s.onmessage = (e) => log.push(e.data, e.lastEventId, e.origin === location.origin, e.constructor.name, e.isTrusted);
         const e = await tick;
         log.push(e.data, e.lastEventId);
         s.close();
         log.push(s.readyState, EventSource.CLOSED, EventSource.length);
         return log.join('|')",
    );
    assert_eq!(
        answer,
        "0|false|true|open|1|a\nb|1|true|MessageEvent|true|\u{1F600}|1|2|2|1"
    );
}

fn a_stream_cut_anywhere_is_the_same() {
    let server = Server::with_page("<!DOCTYPE html>", |_, connection| {
        begin(connection, "");
        for byte in "\u{feff}data: \u{e9}\r\ndata: x\r\n\r\nevent: end\rdata\r\r".as_bytes() {
            connection.raw([*byte]);
        }
        connection.hang();
    });
    let answer = run(
        &server,
        "const s = new EventSource('/stream'), log = [];
         s.onmessage = (e) => log.push(e.data);
         const e = await next(s, 'end');
         s.close();
         return [...log, e.data].join('|')",
    );
    assert_eq!(answer, "\u{e9}\nx|");
}

fn a_connection_that_ends_is_made_again_with_the_last_id() {
    let server = Server::with_page("<!DOCTYPE html>", |request, connection| {
        match request.header("last-event-id") {
            None => begin(
                connection,
                "retry: 1\nid: \u{2026}\ndata: first\n\ndata: dropped",
            ),
            Some(id) => {
                begin(connection, &format!("data: {id}\n\n"));
                connection.hang();
            }
        }
    });
    let answer = run(
        &server,
        "const s = new EventSource('/stream'), log = [];
         for (const type of ['open', 'message', 'error']) s.addEventListener(type, (e) => log.push(type, e.data, s.readyState));
         await next(s, 'error');
         await next(s, 'message');
         s.close();
         return log.join()",
    );
    // The ID is sent as UTF-8; the test's server reads it as such.
    assert_eq!(
        answer,
        "open,,1,message,first,1,error,,0,open,,1,message,\u{2026},1"
    );
}

fn another_status_or_type_closes_it() {
    let server = Server::with_page("<!DOCTYPE html>", |request, connection| {
        let stream = "data: x\n\n";
        match request.path.as_str() {
            "/204" => connection.raw_head("204 No Content", &[]),
            "/500" => {
                connection.respond("500 No", &[("Content-Type", "text/event-stream")], stream)
            }
            "/text" => connection.answer("text/plain", stream),
            _ => connection.answer("text/event-stream; charset=windows-1252", stream),
        }
    });
    let answer = run(
        &server,
        "const log = [];
         for (const path of ['/204', '/500', '/text']) {
           const s = new EventSource(path);
           s.onopen = s.onmessage = () => log.push('no');
           await next(s, 'error');
           log.push(s.readyState);
         }
         const s = new EventSource('/good');
         log.push((await next(s, 'message')).data);
         s.close();
         return log.join()",
    );
    assert_eq!(answer, "2,2,2,x");
}

fn other_origins_need_cors() {
    let server = Server::with_page("<!DOCTYPE html>", |request, connection| {
        let origin = request.header("origin").unwrap_or("none").to_owned();
        let cookie = request.header("cookie").unwrap_or("none");
        let stream = format!("data: {cookie}\n\n");
        let mut headers = vec![("Content-Type", "text/event-stream")];
        if request.path != "/closed" {
            headers.push(("Access-Control-Allow-Origin", &origin));
            headers.push(("Access-Control-Allow-Credentials", "true"));
        }
        connection.respond("200 OK", &headers, stream);
    });
    let answer = run(
        &server,
        "const other = location.href.replace('127.0.0.1', 'localhost'), log = [];
         const closed = new EventSource(other + 'closed');
         await next(closed, 'error');
         log.push(closed.readyState);
         const s = new EventSource(other + 'open', { withCredentials: true });
         const e = await next(s, 'message');
         log.push(e.data, e.origin === new URL(other).origin, s.withCredentials);
         s.close();
         return log.join()",
    );
    assert_eq!(answer, "2,none,true,true");
}

fn an_open_stream_lets_the_page_settle_and_a_connecting_one_does_not() {
    let server = Server::with_page(
        "<!DOCTYPE html><script>const s = new EventSource('/open');</script>",
        |request, connection| {
            if request.path == "/open" {
                begin(connection, "data: x\n\n");
            }
            connection.hang();
        },
    );
    let page = settled(&server.url("/"));
    assert_eq!(page.evaluate::<u32>("s.readyState").ok(), Some(1));
    let page = settled(&server.url("/"));
    page.evaluate::<()>("void new EventSource('/never')")
        .expect("it is made");
    let brief = Duration::from_millis(300);
    match page.wait_until_settled_within(brief, brief) {
        Err(Error::Timeout { pending, .. }) => {
            assert_eq!(pending.requests.len(), 1, "{pending}");
            assert_eq!(pending.requests[0].url, server.url("/never"));
        }
        other => panic!("{other:?} with a stream that connects"),
    }
}

/// A server that tells when the client has left a stream.
fn left() -> (Server, std::sync::mpsc::Receiver<bool>) {
    let (ends, ended) = channel();
    let ends = Mutex::new(ends);
    let server = Server::with_page("<!DOCTYPE html>", move |_, connection| {
        begin(connection, "data: x\n\n");
        connection.hang();
        let by_client = !connection.is_over();
        let _ = ends.lock().expect("nobody panics with it").send(by_client);
    });
    (server, ended)
}

fn close_ends_the_connection() {
    let (server, ended) = left();
    let page = settled(&server.url("/"));
    page.evaluate::<()>(&in_async(
        "const s = new EventSource('/s'); await next(s, 'message'); s.close()",
    ))
    .expect("the message comes");
    assert_eq!(ended.recv_timeout(PATIENCE), Ok(true));
}

fn window_stop_closes_it() {
    let (server, ended) = left();
    let page = settled(&server.url("/"));
    let state: u32 = page
        .evaluate(&in_async(
            "const s = new EventSource('/s'); await next(s, 'message'); stop(); await next(s, 'error'); return s.readyState",
        ))
        .expect("the error comes");
    assert_eq!(state, 2);
    assert_eq!(ended.recv_timeout(PATIENCE), Ok(true));
}

fn leaving_the_page_ends_the_connection() {
    let (server, ended) = left();
    let page = page();
    page.goto(&server.url("/")).expect("the page loads");
    page.evaluate::<()>(&in_async("await next(new EventSource('/s'), 'message')"))
        .expect("the message comes");
    page.close();
    assert_eq!(ended.recv_timeout(PATIENCE), Ok(true));
}
