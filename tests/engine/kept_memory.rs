//! What requests leave behind in a page: nothing. Objects and the script heap are counted after a collection, not the process's memory.

use readystate::{MemoryUse, Page};
use readystate_js::ENGINE;

use crate::support::page::{settled, value};
use crate::support::server::{Connection, Request, Server};
use crate::support::trials;
use crate::support::web_socket;

trials!("engine::kept_memory":
    requests_one_after_the_other_leave_nothing,
    synchronous_requests_of_one_task_leave_nothing,
    calls_of_fetch_leave_nothing,
    messages_of_a_web_socket_leave_nothing,
    events_of_a_stream_leave_nothing,
    what_script_holds_is_kept,
    a_stream_that_is_faster_than_the_page_waits,
);

/// So many bytes of the script heap more are noise: code that was compiled meanwhile, for example.
const NOISE: usize = 150 << 10;

fn answer(request: &Request, connection: &mut Connection) {
    match request.path.split('?').next() {
        Some("/echo") => {
            web_socket::shake_hands(request, connection, "");
            web_socket::echo(connection);
        }
        Some("/stream") => {
            connection.raw("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n");
            let mut number = 0;
            while connection.raw(format!("id: {number}\ndata: event {number}\n\n")) {
                number += 1;
            }
        }
        _ => connection.answer("application/json", r#"{"ok":true}"#),
    }
}

fn left(page: &Page) -> MemoryUse {
    page.collect_garbage().expect("the page answers")
}

/// Expects `script` to leave nothing, which does something `n` times and resolves: the second turn leaves what the first has left.
#[track_caller]
fn leaves_nothing(script: &str, times: usize) {
    let server = Server::with_page("<!DOCTYPE html>", answer);
    let page = settled(&server.url("/"));
    let run = |times: usize| value(&page, &format!("(async (n) => {{ {script} }})({times})"));
    assert_eq!(run(times), times.to_string());
    let before = left(&page);
    assert_eq!(run(times), times.to_string());
    let after = left(&page);
    // NOTE: QuickJS counts references, but the binding's finalizers are not all run before the page is closed.
    if ENGINE == "v8" {
        assert_eq!(after.network_objects, before.network_objects);
        assert!(
            after.script_heap <= before.script_heap + NOISE,
            "{before:?} became {after:?}"
        );
    }
}

fn requests_one_after_the_other_leave_nothing() {
    leaves_nothing(
        "let done = 0;
         const one = () => new Promise((end) => {
           const request = new XMLHttpRequest();
           request.open(done % 3 ? 'GET' : 'POST', '/small?' + done);
           request.responseType = ['', 'json', 'blob', 'arraybuffer', 'document'][done % 5];
           request.onloadend = () => { void request.response; done += request.status === 200; end(); };
           request.send(done % 3 ? null : 'some body');
         });
         for (let i = 0; i < n; i++) await one();
         return done;",
        1_000,
    );
}

fn synchronous_requests_of_one_task_leave_nothing() {
    leaves_nothing(
        "let done = 0;
         for (let i = 0; i < n; i++) {
           const request = new XMLHttpRequest();
           request.open('GET', '/small?' + i, false);
           request.send();
           done += request.status === 200;
         }
         return done;",
        1_000,
    );
}

fn calls_of_fetch_leave_nothing() {
    leaves_nothing(
        "let done = 0;
         for (let i = 0; i < n; i++) {
           const response = await fetch(new Request('/small?' + i, { headers: { a: 'b' } }));
           done += (await response[['json', 'text', 'blob', 'arrayBuffer'][i % 4]]()) !== '';
         }
         return done;",
        1_000,
    );
}

fn messages_of_a_web_socket_leave_nothing() {
    leaves_nothing(
        "const socket = new WebSocket(location.href.replace('http', 'ws') + 'echo');
         await new Promise((open) => { socket.onopen = open; });
         let done = 0;
         await new Promise((end) => {
           socket.onmessage = ({ data }) => {
             done += data === 'message' || data.size === 7;
             if (done === n) end();
             else socket.send(done % 2 ? 'message' : new Uint8Array(7));
           };
           socket.send('message');
         });
         await new Promise((closed) => { socket.onclose = closed; socket.close(); });
         return done;",
        3_000,
    );
}

fn events_of_a_stream_leave_nothing() {
    leaves_nothing(
        "const source = new EventSource('/stream');
         let done = 0;
         await new Promise((end) => {
           source.onmessage = ({ data }) => {
             done += data === 'event ' + done;
             if (done === n) { source.close(); end(); }
           };
         });
         return done;",
        10_000,
    );
}

fn what_script_holds_is_kept() {
    let server = Server::with_page("<!DOCTYPE html>", answer);
    let page = settled(&server.url("/"));
    let before = left(&page);
    value(
        &page,
        "(async () => {
           globalThis.kept = [];
           for (let i = 0; i < 20; i++) {
             const request = new XMLHttpRequest();
             request.open('GET', '/small', false);
             request.send();
             kept.push(request, await fetch('/small'), new Blob(['x'.repeat(i)]));
           }
         })()",
    );
    let after = left(&page);
    assert!(after.network_objects >= before.network_objects + 60);
    assert_eq!(
        value(
            &page,
            "(async () => [kept[57].responseText, await kept[58].text(), kept[59].size].join())()"
        ),
        r#"{"ok":true},{"ok":true},19"#
    );
}

fn a_stream_that_is_faster_than_the_page_waits() {
    let server = Server::with_page("<!DOCTYPE html>", answer);
    let page = settled(&server.url("/"));
    // In order and complete, though the page is slow at times.
    assert_eq!(
        value(
            &page,
            "(async () => {
               const source = new EventSource('/stream');
               let next = 0, wrong = 0;
               await new Promise((end) => {
                 source.onmessage = ({ lastEventId }) => {
                   if (+lastEventId !== next++) wrong++;
                   if (next % 2000 === 0) { const until = performance.now() + 30; while (performance.now() < until); }
                   if (next === 10000) { source.close(); end(); }
                 };
               });
               return [next, wrong].join();
             })()"
        ),
        "10000,0"
    );
}
