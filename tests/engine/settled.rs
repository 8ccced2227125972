//! What is pending, by name.

use std::time::Duration;

use readystate::{Error, Page, Pending, PendingTimerKind, RequestPhase, RequestPurpose};

use crate::support::command::readystate;
use crate::support::page::{page, settled};
use crate::support::server::Server;
use crate::support::trials;
use crate::support::web_socket::{echo, shake_hands};

trials!("engine::settled":
    a_request_is_named_with_its_method_purpose_and_phase,
    a_timer_is_named_by_the_line_that_armed_it,
    far_timers_intervals_and_animations_hold_nothing_up,
    an_interval_keeps_the_place_where_it_was_set,
    a_script_that_does_not_come_is_named,
    the_document_of_a_frame_is_named,
    an_open_web_socket_is_mentioned_and_not_waited_for,
    many_timers_of_one_task_are_not_all_looked_up,
    the_command_says_a_line_for_each,
);

const BRIEF: Duration = Duration::from_millis(200);
const LONG: Duration = Duration::from_secs(60);

#[track_caller]
fn pending_after(page: &Page, horizon: Duration) -> Pending {
    match page.wait_until_settled_within(horizon, BRIEF) {
        Err(Error::Timeout { pending, .. }) => *pending,
        other => panic!("{other:?}"),
    }
}

fn a_request_is_named_with_its_method_purpose_and_phase() {
    let server = Server::with_page(
        "<!DOCTYPE html><script>fetch('/a', { method: 'PUT', body: 'x' }); fetch('/b').then(() => window.begun = true)</script>",
        |request, connection| {
            if request.path == "/b" {
                connection.raw("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nfour");
            }
            connection.hang();
        },
    );
    let page = page();
    page.goto(&server.url("/")).expect("it loads");
    page.evaluate::<bool>("new Promise(done => { const look = () => window.begun ? done(true) : setTimeout(look, 5); look() })")
        .expect("the response comes");
    let mut pending = pending_after(&page, BRIEF);
    pending.requests.sort_by(|a, b| a.url.cmp(&b.url));
    let [a, b] = &pending.requests[..] else {
        panic!("{pending:?}")
    };
    assert_eq!(
        (a.method.as_str(), a.phase),
        ("PUT", RequestPhase::AwaitingResponse)
    );
    assert_eq!(
        (b.method.as_str(), b.phase),
        ("GET", RequestPhase::ReceivingBody(4))
    );
    assert_eq!(a.purpose, RequestPurpose::Script);
    assert!(
        pending
            .to_string()
            .contains(&format!("PUT {}", server.url("/a"))),
        "{pending}"
    );
}

fn a_timer_is_named_by_the_line_that_armed_it() {
    let server = Server::with_page(
        "<!DOCTYPE html>\n<script>\n\n  setTimeout(() => {}, 50_000);\n</script>",
        |_, connection| connection.hang(),
    );
    let page = page();
    page.goto(&server.url("/")).expect("it loads");
    let pending = pending_after(&page, LONG);
    let [timer] = &pending.timers[..] else {
        panic!("{pending:?}")
    };
    assert_eq!(timer.kind, PendingTimerKind::Timer);
    assert!(timer.due_in > Duration::from_secs(30), "{timer:?}");
    let place = timer.place.as_ref().expect("a place");
    assert_eq!(
        (place.url.as_str(), place.line),
        (server.url("/").as_str(), 4)
    );
    assert!(pending.to_string().contains(":4:"), "{pending}");
}

fn far_timers_intervals_and_animations_hold_nothing_up() {
    let server = Server::with_page(
        "<!DOCTYPE html><script>
           setTimeout(() => {}, 3_600_000);
           setInterval(() => { window.ticks = (window.ticks ?? 0) + 1 }, 1);
           (function loop() { requestAnimationFrame(loop) })();
         </script>",
        |_, connection| connection.hang(),
    );
    let page = settled(&server.url("/"));
    let pending = page.pending().expect("it is open");
    assert!(pending.timers.is_empty(), "{pending:?}");
    let far = pending.other_timers.iter().find(|timer| !timer.is_chain);
    assert!(far.is_some_and(|timer| timer.due_in > LONG), "{pending:?}");
    assert!(page.evaluate::<u32>("window.ticks").expect("a number") >= 5);
}

fn an_interval_keeps_the_place_where_it_was_set() {
    let server = Server::with_page(
        "<!DOCTYPE html><script>
           setInterval(() => { window.ticks = (window.ticks ?? 0) + 1 }, 1);
         </script>",
        |_, connection| connection.hang(),
    );
    let page = settled(&server.url("/"));
    page.evaluate::<bool>("new Promise(done => { const look = () => window.ticks > 9 ? done(true) : setTimeout(look, 5); look() })")
        .expect("it ticks");
    // Between two of its tasks it may be queued instead of armed.
    let interval = std::iter::from_fn(|| Some(page.pending().expect("it is open")))
        .take(1000)
        .find_map(|pending| {
            pending
                .other_timers
                .into_iter()
                .find(|timer| timer.is_chain)
        })
        .expect("the interval");
    assert_eq!(interval.place.expect("a place").line, 2);
}

fn a_script_that_does_not_come_is_named() {
    let server = Server::with_page(
        "<!DOCTYPE html><link rel=stylesheet href=/style.css><script src=/script.js></script>\
         <script type=module>import '/module.js'</script>",
        |_, connection| connection.hang(),
    );
    let page = page();
    let Err(Error::Timeout { pending, .. }) =
        page.goto_within(&server.url("/"), Duration::from_secs(2))
    else {
        panic!("it cannot load");
    };
    let purposes = [RequestPurpose::StyleSheet, RequestPurpose::ScriptElement];
    for purpose in purposes {
        assert!(
            pending
                .requests
                .iter()
                .any(|request| request.purpose == purpose),
            "{pending:?}"
        );
    }
    assert_eq!(pending.documents.len(), 1);
    assert!(!pending.documents[0].in_frame);
}

fn the_document_of_a_frame_is_named() {
    let server = Server::with_page(
        "<!DOCTYPE html><iframe src=/frame></iframe>",
        |request, connection| {
            if request.path == "/frame" {
                connection.answer("text/html", "<img><script src=/never.js></script>");
            } else {
                connection.hang();
            }
        },
    );
    let page = page();
    let Err(Error::Timeout { pending, .. }) =
        page.goto_within(&server.url("/"), Duration::from_secs(2))
    else {
        panic!("it cannot load");
    };
    let frame = pending.documents.iter().find(|document| document.in_frame);
    assert_eq!(
        frame.map(|frame| frame.url.clone()),
        Some(server.url("/frame")),
        "{pending:?}"
    );
}

fn an_open_web_socket_is_mentioned_and_not_waited_for() {
    let server = Server::with_page("<!DOCTYPE html>", |request, connection| {
        shake_hands(request, connection, "");
        echo(connection);
    });
    let page = page();
    page.set_content("<!DOCTYPE html>", Some(&server.url("/")))
        .expect("it loads");
    page.evaluate::<bool>(&format!(
        "new Promise(done => {{ window.socket = new WebSocket('{}'); socket.onopen = () => done(true) }})",
        server.url("/socket").replace("http:", "ws:")
    ))
    .expect("it opens");
    page.wait_until_settled().expect("nobody waits for it");
    let pending = page.pending().expect("it is open");
    assert_eq!(pending.connections.len(), 1, "{pending:?}");
    assert_eq!(pending.connections[0].interface, "WebSocket");
}

fn many_timers_of_one_task_are_not_all_looked_up() {
    let page = page();
    page.set_content("<!DOCTYPE html>", None).expect("it loads");
    page.evaluate::<u32>("for (let i = 0; i < 500; i++) setTimeout(() => {}, 60_000 + i); 1")
        .expect("it runs");
    let pending = page.pending().expect("it is open");
    let known = pending
        .other_timers
        .iter()
        .filter(|timer| timer.place.is_some());
    assert_eq!((known.count(), pending.other_timers.len()), (16, 32));
}

fn the_command_says_a_line_for_each() {
    let server = Server::with_page(
        "<!DOCTYPE html><script>fetch('/slow'); setTimeout(() => {}, 50_000)</script>",
        |_, connection| connection.hang(),
    );
    readystate(&[
        "run",
        &server.url("/"),
        "--timeout",
        "1500",
        "--settle-ms",
        "60000",
        "--dump",
        "none",
    ])
    .exits_with(3)
    .complains_of(&[
        "timed out after 1500 ms",
        "  GET http",
        "/slow (for ",
        "no response yet",
        "  timer of http",
        "due in",
    ]);
}
