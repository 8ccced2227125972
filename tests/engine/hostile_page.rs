//! Pages that loop, recurse, and allocate without end: each is cut off, named, and nothing crashes.
//!
//! Each runs as a process of the command, so that a crash is one test's failure and an exit code.

use std::time::Duration;

use crate::support::command::{Outcome, readystate_with_input};
use crate::support::trials;

trials!("engine::hostile_page":
    an_endless_loop_is_ended,
    an_endless_loop_in_a_timer_is_ended,
    an_endless_loop_of_microtasks_is_ended,
    an_endless_loop_in_an_event_listener_is_ended,
    a_catastrophic_regular_expression_is_ended,
    what_stood_before_an_endless_loop_is_printed,
    endless_recursion_is_a_script_error,
    endless_recursion_through_the_dom_is_a_script_error,
    a_deeply_nested_value_is_no_crash,
    an_array_without_end_hits_the_heap_limit,
    strings_without_end_hit_a_limit,
    array_buffers_without_end_hit_a_limit,
    elements_without_end_hit_the_node_limit,
    markup_without_end_hits_the_node_limit,
    a_document_that_writes_itself_is_ended,
    a_very_deep_tree_is_no_crash,
    very_deep_markup_is_no_crash,
    timers_without_end_are_refused,
    a_page_that_navigates_for_ever_is_ended,
    an_error_that_throws_when_read_is_no_crash,
);

/// The longest that any of these may take.
const IN_TIME: Duration = Duration::from_secs(60);

/// Script time that no page needs which is not endless, also in a debug build on a busy machine.
const ENOUGH: &str = "20000";

fn run(html: &str, options: &[&str]) -> Outcome {
    let mut arguments = vec!["run", "-", "--base-url", "http://127.0.0.1:9/"];
    arguments.extend(["--max-script-time", ENOUGH, "--max-heap", "96"]);
    arguments.extend(["--timeout", "30000"]);
    arguments.extend(options);
    readystate_with_input(&arguments, html).ends_within(IN_TIME)
}

fn page(script: &str) -> String {
    format!("<!DOCTYPE html><title>t</title><script>{script}</script><p id=after>after")
}

/// Runs a page with this script.
fn run_script(script: &str) -> Outcome {
    run(&page(script), &[])
}

/// Runs a page whose script never ends, with little time for it.
fn run_endless(script: &str) -> Outcome {
    run(&page(script), &["--max-script-time", "500"])
}

fn an_endless_loop_is_ended() {
    run_endless("while (true) {}")
        .exits_with(3)
        .complains_of(&["limit hit", "script time"]);
}

fn an_endless_loop_in_a_timer_is_ended() {
    let outcome = run_endless("setTimeout(() => { for (;;); })").exits_with(3);
    let outcome = outcome.complains_of(&["script time"]);
    assert!(
        outcome.stdout.contains("<p id=\"after\">after"),
        "{outcome:#?}"
    );
}

fn an_endless_loop_of_microtasks_is_ended() {
    run_endless("(function again() { Promise.resolve().then(again) })()")
        .exits_with(3)
        .complains_of(&["script time"]);
}

fn an_endless_loop_in_an_event_listener_is_ended() {
    run_endless("document.addEventListener('DOMContentLoaded', () => { while (true) {} })")
        .exits_with(3)
        .complains_of(&["script time"]);
}

fn a_catastrophic_regular_expression_is_ended() {
    run_endless("/^(a+)+$/.test('a'.repeat(60) + 'b')")
        .exits_with(3)
        .complains_of(&["script time"]);
}

fn what_stood_before_an_endless_loop_is_printed() {
    let outcome = run_endless("document.title = 'seen'; while (true) {}").exits_with(3);
    assert!(
        outcome.stdout.contains("<title>seen</title>"),
        "{outcome:#?}"
    );
    assert!(
        outcome.stdout.contains("after"),
        "the page goes on: {outcome:#?}"
    );
}

fn endless_recursion_is_a_script_error() {
    let script = "function f() { return f() + 1 } f()";
    run_script(script)
        .exits_with(0)
        .complains_of(&["stack", "http://127.0.0.1:9/:1"]);
    run(
        &format!("<!DOCTYPE html><script>{script}</script>"),
        &["--strict"],
    )
    .exits_with(4)
    .complains_of(&["stack"]);
}

fn endless_recursion_through_the_dom_is_a_script_error() {
    let through_events =
        "addEventListener('x', () => dispatchEvent(new Event('x'))); dispatchEvent(new Event('x'))";
    run_script(through_events)
        .exits_with(0)
        .complains_of(&["stack"]);
    let through_text =
        "const o = { toString() { return document.createTextNode(o).data } }; String(o)";
    run_script(through_text)
        .exits_with(0)
        .complains_of(&["stack"]);
}

fn a_deeply_nested_value_is_no_crash() {
    let nested = "let a = []; for (let i = 0; i < 300000; i++) a = [a];";
    run_script(&format!("{nested} JSON.stringify(a)")).exits_with(0);
    run_script(&format!(
        "{nested} console.log(a); document.title = 'logged'"
    ))
    .exits_with(0);
    run_script("new Function('['.repeat(200000))").exits_with(0);
}

fn an_array_without_end_hits_the_heap_limit() {
    run_script("const a = []; for (;;) a.push(new Array(1000).fill(a.length))")
        .exits_with(3)
        .complains_of(&["limit hit", "script heap"]);
}

fn strings_without_end_hit_a_limit() {
    let outcome = run_script(
        "let s = 'x'; const a = []; for (;;) { a.push((s + a.length).repeat(1000)); a.length % 2 || (s += a.length) }",
    );
    assert!(matches!(outcome.code, Some(0 | 3)), "{outcome:#?}");
    run_script("'x'.repeat(2 ** 31)")
        .exits_with(0)
        .complains_of(&["error"]);
}

fn array_buffers_without_end_hit_a_limit() {
    let outcome = run_script("const a = []; for (;;) a.push(new Uint8Array(1 << 24).fill(1))");
    assert!(matches!(outcome.code, Some(0 | 3)), "{outcome:#?}");
    let stderr = outcome.stderr.to_lowercase();
    assert!(
        stderr.contains("memory") || stderr.contains("allocat"),
        "{outcome:#?}"
    );
    let outcome = run_script("new ArrayBuffer(2 ** 40)");
    assert!(matches!(outcome.code, Some(0 | 3)), "{outcome:#?}");
    outcome.complains_of(&["memory"]);
}

fn elements_without_end_hit_the_node_limit() {
    let endless = "<!DOCTYPE html><script>for (;;) document.body.append(document.createElement('p'))</script>";
    let body = "<!DOCTYPE html><body><script>for (;;) document.body.append(document.createElement('p'))</script>";
    for html in [endless, body] {
        let outcome = run(html, &["--max-nodes", "20000", "--dump", "none"]);
        assert!(matches!(outcome.code, Some(0 | 3)), "{outcome:#?}");
    }
    run(body, &["--max-nodes", "20000", "--dump", "none"]).complains_of(&["nodes"]);
}

fn markup_without_end_hits_the_node_limit() {
    let doubling = "<!DOCTYPE html><body><p><script>for (;;) document.body.innerHTML += document.body.innerHTML</script>";
    run(
        doubling,
        &[
            "--max-nodes",
            "20000",
            "--dump",
            "none",
            "--max-script-time",
            "20000",
        ],
    )
    .complains_of(&["nodes"]);
    let many = format!("<!DOCTYPE html>{}", "<p>x".repeat(50_000));
    run(&many, &["--max-nodes", "20000", "--dump", "none"])
        .exits_with(3)
        .complains_of(&["nodes"]);
}

fn a_document_that_writes_itself_is_ended() {
    let nested = "function w() { document.write('<p>w<script>w()<' + '/script>') } w()";
    let outcome = run(
        &format!("<!DOCTYPE html><script>{nested}</script>"),
        &["--dump", "none"],
    );
    assert!(matches!(outcome.code, Some(0 | 3)), "{outcome:#?}");
    run_endless("for (;;) document.write('<p>again')").exits_with(3);
}

fn a_very_deep_tree_is_no_crash() {
    let script = "let deepest = document.createElement('div'); const all = deepest; \
         for (let i = 0; i < 100000; i++) { const next = document.createElement('b'); deepest.append(next); deepest = next; } \
         document.body.append(all); const copy = all.cloneNode(true); \
         document.title = [copy.isEqualNode(all), document.querySelectorAll('b b').length, all.textContent.length, all.outerHTML.length].join(); \
         copy.normalize(); all.remove();";
    let outcome = run(
        &format!("<!DOCTYPE html><title></title><body><script>{script}</script>"),
        &["--max-script-time", "30000", "--eval", "document.title"],
    );
    outcome.exits_with(0).prints("true,99999,0,700011");
}

fn very_deep_markup_is_no_crash() {
    let html = format!("<!DOCTYPE html><body>{}", "<div>".repeat(20_000));
    run(
        &html,
        &[
            "--eval",
            "document.querySelectorAll('div').length",
            "--max-nodes",
            "1000000",
        ],
    )
    .exits_with(0)
    .prints("20000");
    let xml = "const r = new DOMParser().parseFromString('<a>'.repeat(100000), 'text/xml'); r.documentElement !== null";
    let outcome = run("<!DOCTYPE html>", &["--eval", xml]);
    assert!(outcome.code.is_some_and(|code| code <= 4), "{outcome:#?}");
}

fn timers_without_end_are_refused() {
    let outcome = run(
        "<!DOCTYPE html><script>for (let i = 0; i < 50000; i++) setTimeout(() => {}, 1e6)</script><p>after",
        &["--max-timers", "1000", "--dump", "text"],
    );
    outcome
        .exits_with(3)
        .complains_of(&["timers"])
        .prints("after");
}

fn a_page_that_navigates_for_ever_is_ended() {
    use crate::support::command::readystate;
    use crate::support::server::Server;
    let server = Server::start(|_, connection| {
        connection.answer(
            "text/html",
            "<!DOCTYPE html><script>location.href = '/' + Math.random()</script>",
        );
    });
    // A document costs far more on QuickJS, where a debug build has no snapshot.
    readystate(&["run", &server.url("/"), "--timeout", "55000"])
        .exits_with(3)
        .complains_of(&["navigat"])
        .ends_within(IN_TIME);
}

fn an_error_that_throws_when_read_is_no_crash() {
    for script in [
        "throw { get message() { throw 1 }, toString() { throw 2 }, get stack() { throw 3 } }",
        "Promise.reject({ toString() { throw 2 } })",
        "throw null",
        "throw new Proxy({}, { get() { throw 1 } })",
        "const e = new Error('x'); Object.defineProperty(e, 'stack', { get() { for (;;); } }); throw e",
        "Error.prepareStackTrace = () => { throw 1 }; null.x",
        "console.log(new Proxy({}, { ownKeys() { throw 1 }, get() { throw 2 } }))",
    ] {
        let outcome = run_endless(script);
        assert!(
            matches!(outcome.code, Some(0 | 3)),
            "{script}: {outcome:#?}"
        );
    }
}
