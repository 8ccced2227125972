//! Synchronous requests: they wait for their own answer, for nothing else, and not for ever.

use std::sync::Mutex;
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use readystate::{Browser, BrowserOptions, Error, Limits, PageOptions};

use crate::support::command::readystate;
use crate::support::page::{page, page_with, repository, settled};
use crate::support::server::Server;
use crate::support::trials;

trials!("engine::synchronous_xhr":
    one_to_the_pages_own_folder_server_is_answered,
    one_is_answered_while_six_requests_to_the_host_hang,
    no_timer_and_no_event_runs_while_one_waits,
    one_that_hangs_ends_with_the_callers_time_out,
    one_that_hangs_ends_when_the_page_is_dropped,
    the_command_ends_one_that_hangs,
    a_network_error_throws_in_the_caller,
    a_header_forbids_them_to_a_document_and_its_frames,
    a_frame_element_forbids_them_to_what_it_shows,
    an_embedder_forbids_them,
);

const SYNC: &str = "function get(url) { const r = new XMLHttpRequest(); r.open('GET', url, false); r.send(); return r.responseText; }";

fn one_to_the_pages_own_folder_server_is_answered() {
    let page = page();
    page.open_folder(repository().join("examples/legacy"))
        .expect("it loads");
    let text: String = page.evaluate("getFile('hours.js')").expect("an answer");
    assert!(text.contains("Open till ten"), "{text}");
    // A request that the same server holds back does not keep it from answering this one.
    let script = format!(
        "{SYNC} const held = new XMLHttpRequest(); held.open('GET', '/__delay?ms=60000'); held.send(); \
         const length = get('menu.txt').length; held.abort(); length"
    );
    let length: usize = page.evaluate(&script).expect("an answer");
    assert!(length > 20);
}

fn one_is_answered_while_six_requests_to_the_host_hang() {
    let server = Server::with_page("<!DOCTYPE html>", |request, connection| {
        if request.path.starts_with("/hang") {
            connection.hang();
        } else {
            connection.answer("text/plain", "now");
        }
    });
    let page = page();
    page.goto(&server.url("/")).expect("it loads");
    for count in [6, 20] {
        let script = format!(
            "{SYNC} (() => {{ const held = []; \
             for (let i = 0; i < {count}; i++) {{ const r = new XMLHttpRequest(); r.open('GET', '/hang' + i); r.send(); held.push(r); }} \
             const answer = get('/now'); held.forEach((r) => r.abort()); return answer }})()"
        );
        let answer: String = page.evaluate(&script).expect("an answer");
        assert_eq!(answer, "now");
    }
}

fn no_timer_and_no_event_runs_while_one_waits() {
    let (answered, fast_is_answered) = channel();
    let (answered, fast_is_answered) = (Mutex::new(answered), Mutex::new(fast_is_answered));
    let page = "<!DOCTYPE html><script>
        const order = [];
        setTimeout(() => order.push('timer'));
        Promise.resolve().then(() => order.push('microtask'));
        const fast = new XMLHttpRequest();
        fast.onreadystatechange = () => order.push('fast ' + fast.readyState);
        fast.open('GET', '/fast');
        fast.send();
        const slow = new XMLHttpRequest();
        slow.onreadystatechange = () => order.push('slow ' + slow.readyState);
        slow.open('GET', '/slow', false);
        slow.send();
        order.push('script ends');
    </script>";
    let server = Server::with_page(page, move |request, connection| {
        if request.path == "/slow" {
            // Answered only when the asynchronous request has its answer.
            let fast = fast_is_answered.lock().expect("nobody panics with it");
            fast.recv().expect("the fast request is answered");
        }
        connection.answer("text/plain", "x");
        if request.path == "/fast" {
            let _ = answered.lock().expect("nobody panics with it").send(());
        }
    });
    let page = settled(&server.url("/"));
    let order: Vec<String> = page.evaluate("order").expect("the order of things");
    assert_eq!(
        order[..5],
        ["fast 1", "slow 1", "slow 4", "script ends", "microtask"],
        "{order:?}"
    );
    let later: Vec<_> = order[5..].iter().filter(|what| *what != "timer").collect();
    assert_eq!(later, ["fast 2", "fast 3", "fast 4"], "{order:?}");
}

fn one_that_hangs_ends_with_the_callers_time_out() {
    let server = Server::with_page("<!DOCTYPE html>", |_, connection| connection.hang());
    // Long enough for a slow start: the page must load within it as well.
    let page = page_with(Limits::default(), Duration::from_secs(3));
    page.goto(&server.url("/")).expect("it loads");
    let started = Instant::now();
    let outcome = page.evaluate::<String>(&format!("{SYNC} get('/hang')"));
    assert!(outcome.as_ref().is_err_and(Error::is_limit), "{outcome:?}");
    assert!(started.elapsed() < Duration::from_secs(10));
    assert_eq!(page.evaluate::<i32>("1 + 1").expect("the page goes on"), 2);
}

fn one_that_hangs_ends_when_the_page_is_dropped() {
    let (asked, is_asked) = channel();
    let asked = Mutex::new(asked);
    let page_text = "<!DOCTYPE html><script>addEventListener('load', () => setTimeout(() => {
        const r = new XMLHttpRequest(); r.open('GET', '/hang', false); r.send(); }));</script>";
    let server = Server::with_page(page_text, move |_, connection| {
        let _ = asked.lock().expect("nobody panics with it").send(());
        connection.hang();
    });
    let page = page();
    page.goto(&server.url("/")).expect("it loads");
    is_asked.recv().expect("the page sends its request");
    let started = Instant::now();
    drop(page);
    assert!(started.elapsed() < Duration::from_secs(10));
}

fn the_command_ends_one_that_hangs() {
    let page = "<!DOCTYPE html><p>before<script>
        const r = new XMLHttpRequest(); r.open('GET', '/hang', false); r.send();</script><p>after";
    let server = Server::with_page(page, |_, connection| connection.hang());
    readystate(&["run", &server.url("/"), "--timeout", "3000"])
        .exits_with(3)
        .complains_of(&["timed out"])
        .ends_within(Duration::from_secs(20));
}

fn a_network_error_throws_in_the_caller() {
    let server = Server::with_page("<!DOCTYPE html>", |_, connection| {
        connection.raw("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab");
    });
    let page = page();
    page.goto(&server.url("/")).expect("it loads");
    let script = format!(
        "{SYNC} try {{ get('/short') }} catch (error) {{ error.name + ' ' + (error instanceof DOMException) }}"
    );
    assert_eq!(
        page.evaluate::<String>(&script).expect("a name"),
        "NetworkError true"
    );
}

/// Says `name` and whether a synchronous request may be made, to the page at the top.
fn tell(name: &str) -> String {
    format!(
        "<!DOCTYPE html><script>{{ let may = 'yes'; const r = new XMLHttpRequest(); r.open('GET', 'data:,', false);
         try {{ r.send(); }} catch (error) {{ may = error.name; }} top.postMessage('{name} ' + may, '*'); }}</script>"
    )
}

/// What a page with this header, and the frames in it, say.
#[track_caller]
fn check(policy: &'static str, frames: &str, options: PageOptions, expected: &str) {
    let other = Server::start(|_, connection| connection.answer("text/html", tell("other")));
    let markup = format!(
        "<script>log = []; onmessage = (event) => log.push(event.data)</script>{}{}",
        tell("page"),
        frames.replace("OTHER", &other.url("/"))
    );
    let server = Server::start(move |request, connection| match request.path.as_str() {
        "/" => connection.respond(
            "200 OK",
            &[
                ("Content-Type", "text/html"),
                ("Permissions-Policy", policy),
            ],
            markup.as_str(),
        ),
        "/none" => connection.respond(
            "200 OK",
            &[
                ("Content-Type", "text/html"),
                ("Permissions-Policy", "sync-xhr=()"),
            ],
            tell("none"),
        ),
        _ => connection.answer("text/html", tell("own")),
    });
    let browser = Browser::new(BrowserOptions::new()).expect("a browser");
    let page = browser.new_page_with(options).expect("a page");
    page.goto(&server.url("/")).expect("it loads");
    page.wait_until_settled().expect("it settles");
    let said: String = page.evaluate("log.sort().join('; ')").expect("a text");
    assert_eq!(said, expected, "{policy}: {frames}");
}

fn a_header_forbids_them_to_a_document_and_its_frames() {
    let frames = "<iframe src=own></iframe><iframe src=OTHER></iframe><iframe src=none></iframe>";
    for (policy, expected) in [
        (
            "geolocation=()",
            "none NetworkError; other yes; own yes; page yes",
        ),
        (
            "sync-xhr=*",
            "none NetworkError; other yes; own yes; page yes",
        ),
        (
            "sync-xhr=(broken",
            "none NetworkError; other yes; own yes; page yes",
        ),
        (
            "a=1, sync-xhr=(self), b",
            "none NetworkError; other NetworkError; own yes; page yes",
        ),
        (
            "sync-xhr=()",
            "none NetworkError; other NetworkError; own NetworkError; page NetworkError",
        ),
    ] {
        check(policy, frames, PageOptions::new(), expected);
    }
}

fn a_frame_element_forbids_them_to_what_it_shows() {
    for (allow, expected) in [
        ("", "other yes; own yes; page yes"),
        ("sync-xhr", "other yes; own yes; page yes"),
        ("camera; sync-xhr *", "other yes; own yes; page yes"),
        ("sync-xhr 'self'", "other NetworkError; own yes; page yes"),
        (
            "SYNC-XHR 'NONE'",
            "other NetworkError; own NetworkError; page yes",
        ),
    ] {
        let frames = format!(
            "<iframe allow=\"{allow}\" src=own></iframe><iframe allow=\"{allow}\" src=OTHER></iframe>"
        );
        check("geolocation=()", &frames, PageOptions::new(), expected);
    }
    let blank = format!(
        "<iframe allow=\"sync-xhr 'none'\" srcdoc=\"{}\"></iframe>",
        tell("blank")
    );
    check(
        "a",
        &blank,
        PageOptions::new(),
        "blank NetworkError; page yes",
    );
}

fn an_embedder_forbids_them() {
    let mut options = PageOptions::new();
    options.sync_xhr = false;
    check(
        "sync-xhr=*",
        "<iframe src=own></iframe>",
        options,
        "own NetworkError; page NetworkError",
    );
}
