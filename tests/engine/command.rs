//! The `readystate` command as a person or a script meets it.

use std::time::Duration;

use crate::support::command::{readystate, readystate_with_input};
use crate::support::server::Server;
use crate::support::trials;

trials!("engine::command":
    help_names_every_option,
    version_names_the_engine,
    a_wrong_command_line_exits_with_2,
    html_comes_from_standard_input,
    eval_prints_strings_as_they_are_and_the_rest_as_json,
    eval_awaits_promises,
    eval_that_throws_exits_with_4,
    dump_text_and_none,
    wait_for_waits_for_an_element,
    wait_for_an_element_that_never_comes_times_out,
    console_and_errors_go_to_standard_error_with_their_place,
    strict_turns_a_script_error_into_exit_4,
    quiet_says_nothing,
    requests_are_logged_with_status_and_time,
    headers_and_user_agent_are_sent,
    cookies_are_read_and_written,
    a_missing_page_file_exits_with_1,
    a_status_of_404_is_a_page,
    a_single_file_is_served_with_its_folder,
);

fn help_names_every_option() {
    for arguments in [["--help"].as_slice(), &["-h"], &["help"]] {
        let outcome = readystate(arguments).exits_with(0);
        assert!(outcome.stdout.contains("readystate run"), "{outcome:#?}");
        assert_eq!(outcome.stderr, "");
    }
    let outcome = readystate(&["run", "--help"]).exits_with(0);
    for option in [
        "--dump",
        "--eval",
        "--wait-for",
        "--timeout",
        "--settle-ms",
        "--user-agent",
        "--header",
        "--cookie-file",
        "--proxy",
        "--insecure",
        "--quiet",
        "--log-requests",
        "--har",
        "--replay",
        "--block",
        "--map",
        "--strict",
        "--base-url",
        "--allow-private",
        "--help",
    ] {
        assert!(
            outcome.stdout.contains(option),
            "{option} is missing:\n{}",
            outcome.stdout
        );
    }
    for code in 0..=4 {
        assert!(
            outcome.stdout.contains(&format!("\n  {code}  ")),
            "exit status {code} is missing"
        );
    }
}

fn version_names_the_engine() {
    let outcome = readystate(&["--version"]).exits_with(0);
    let engine = if cfg!(feature = "v8") {
        "V8"
    } else {
        "QuickJS"
    };
    assert!(
        outcome.stdout.starts_with("readystate ") && outcome.stdout.contains(engine),
        "{outcome:#?}"
    );
}

fn a_wrong_command_line_exits_with_2() {
    for arguments in [
        [].as_slice(),
        &["walk"],
        &["run"],
        &["run", "a", "b"],
        &["run", "-", "--dump", "pdf"],
        &["run", "-", "--timeout", "soon"],
        &["run", "-", "--no-such-option"],
        &["run", "-", "--header", "no colon"],
        &["run", "-", "--base-url", "not a url"],
        &["run", "x.html", "--base-url", "https://example.com/"],
        &["run", "-", "--proxy", "ftp://127.0.0.1/"],
        &["run", "-", "--wait-for", ":::"],
    ] {
        let outcome = readystate(arguments);
        assert_eq!(outcome.code, Some(2), "{arguments:?}: {outcome:#?}");
        assert!(
            outcome.stderr.starts_with("readystate: "),
            "{arguments:?}: {outcome:#?}"
        );
        assert_eq!(outcome.stdout, "", "{arguments:?}");
    }
}

fn html_comes_from_standard_input() {
    readystate_with_input(&["run", "-"], "<title>a</title><p>b<script>document.title += 'c'</script>")
        .exits_with(0)
        .prints("<html><head><title>ac</title></head><body><p>b<script>document.title += 'c'</script></p></body></html>");
    let arguments = [
        "run",
        "-",
        "--base-url",
        "https://example.com/dir/",
        "--eval",
        "new URL('x', document.baseURI).href",
    ];
    readystate_with_input(&arguments, "")
        .exits_with(0)
        .prints("https://example.com/dir/x");
}

fn eval_prints_strings_as_they_are_and_the_rest_as_json() {
    let arguments = [
        "run",
        "-",
        "--eval",
        "'a\\nb'",
        "-e",
        "[1, 'x', null]",
        "-e",
        "({ a: { b: true } })",
        "-e",
        "document.title",
        "-e",
        "1 / 3 > 0",
    ];
    readystate_with_input(&arguments, "<title>T")
        .exits_with(0)
        .prints("a\nb\n[1,\"x\",null]\n{\"a\":{\"b\":true}}\nT\ntrue");
}

fn eval_awaits_promises() {
    let script = "new Promise((resolve) => setTimeout(() => resolve({ late: 1 }), 20))";
    readystate_with_input(&["run", "-", "--eval", script], "")
        .exits_with(0)
        .prints("{\"late\":1}");
}

fn eval_that_throws_exits_with_4() {
    readystate_with_input(&["run", "-", "--eval", "null.x"], "")
        .exits_with(4)
        .complains_of(&["TypeError"]);
    readystate_with_input(
        &["run", "-", "--eval", "Promise.reject(new RangeError('r'))"],
        "",
    )
    .exits_with(4)
    .complains_of(&["RangeError: r"]);
}

fn dump_text_and_none() {
    let html = "<title>t</title><p>one</p> <p>two</p><script>1</script>";
    let outcome = readystate_with_input(&["run", "-", "--dump", "text"], html).exits_with(0);
    assert!(
        outcome.stdout.contains("one") && !outcome.stdout.contains('<'),
        "{outcome:#?}"
    );
    readystate_with_input(&["run", "-", "--dump", "none"], html)
        .exits_with(0)
        .prints("");
}

fn wait_for_waits_for_an_element() {
    let html = "<script>setTimeout(() => { document.body.innerHTML = '<b class=late>here</b>' }, 700)</script>";
    let arguments = [
        "run",
        "-",
        "--wait-for",
        "b.late",
        "--settle-ms",
        "10",
        "--eval",
        "document.querySelector('b').textContent",
    ];
    readystate_with_input(&arguments, html)
        .exits_with(0)
        .prints("here");
}

fn wait_for_an_element_that_never_comes_times_out() {
    readystate_with_input(
        &["run", "-", "--wait-for", "#never", "--timeout", "3000"],
        "<p>x",
    )
    .exits_with(3)
    .complains_of(&["timed out", "#never"])
    .ends_within(Duration::from_secs(20));
}

fn console_and_errors_go_to_standard_error_with_their_place() {
    let html = "<!DOCTYPE html>\n<script>\nconsole.log('hello', { a: 1 });\nconsole.warn('careful');\n</script>\n<script>\n\nnull.x;\n</script>";
    let arguments = [
        "run",
        "-",
        "--base-url",
        "https://example.com/page.html",
        "--dump",
        "none",
    ];
    readystate_with_input(&arguments, html)
        .exits_with(0)
        .prints("")
        .complains_of(&[
            "https://example.com/page.html:3",
            "log: hello",
            "page.html:4",
            "warning: careful",
            "page.html:8",
            "TypeError",
        ]);
}

fn strict_turns_a_script_error_into_exit_4() {
    let html = "<script>missing()</script><p>still there";
    let outcome = readystate_with_input(&["run", "-", "--strict"], html).exits_with(4);
    assert!(outcome.stdout.contains("still there"));
    readystate_with_input(
        &["run", "-", "--strict"],
        "<script>Promise.reject(new Error('x'))</script>",
    )
    .exits_with(4);
    readystate_with_input(
        &["run", "-", "--strict"],
        "<script>onerror = () => true; missing()</script>",
    )
    .exits_with(0);
}

fn quiet_says_nothing() {
    let html = "<script>console.log('x'); missing()</script>";
    let outcome = readystate_with_input(&["run", "-", "--quiet"], html).exits_with(0);
    assert_eq!(outcome.stderr, "");
}

fn requests_are_logged_with_status_and_time() {
    let page = "<!DOCTYPE html><script>
        for (const path of ['/a', '/gone']) { const r = new XMLHttpRequest(); r.open('GET', path); r.send(); }</script>";
    let server = Server::with_page(page, |request, connection| match request.path.as_str() {
        "/a" => connection.answer("text/plain", "four"),
        _ => connection.respond("410 Gone", &[], ""),
    });
    let outcome =
        readystate(&["run", &server.url("/"), "--log-requests", "--dump", "none"]).exits_with(0);
    for url in ["/", "/a", "/gone"] {
        assert!(outcome.stderr.contains(&server.url(url)), "{outcome:#?}");
    }
    outcome.complains_of(&["/a 200 4 bytes", "/gone 410 0 bytes", " ms"]);
}

fn headers_and_user_agent_are_sent() {
    let page = "<!DOCTYPE html><script>const r = new XMLHttpRequest(); r.open('GET', '/x'); r.send()</script>";
    let server = Server::with_page(page, |_, connection| connection.answer("text/plain", ""));
    let arguments = [
        "run",
        &server.url("/"),
        "--header",
        "X-Probe: a b",
        "--user-agent",
        "Probe/1",
        "--eval",
        "navigator.userAgent",
    ];
    readystate(&arguments).exits_with(0).prints("Probe/1");
    let requests = server.requests();
    assert_eq!(requests.len(), 2, "{requests:?}");
    for request in requests {
        assert_eq!(request.header("x-probe"), Some("a b"), "{request:?}");
        assert_eq!(request.header("user-agent"), Some("Probe/1"), "{request:?}");
        assert_eq!(request.method, "GET");
        assert!(request.body.is_empty());
    }
}

fn cookies_are_read_and_written() {
    let server = Server::start(|_, connection| {
        let headers = [
            ("Content-Type", "text/html"),
            ("Set-Cookie", "fresh=1; Max-Age=1000"),
        ];
        connection.respond("200 OK", &headers, "<p>x");
    });
    let file = std::env::temp_dir().join(format!("readystate-cookies-{}.txt", std::process::id()));
    let file_name = file.to_str().expect("a path in UTF-8").to_owned();
    drop(std::fs::remove_file(&file));
    let arguments = [
        "run",
        &server.url("/"),
        "--cookie-file",
        &file_name,
        "--eval",
        "document.cookie",
    ];
    readystate(&arguments).exits_with(0).prints("fresh=1");
    readystate(&arguments).exits_with(0).prints("fresh=1");
    let requests = server.requests();
    assert_eq!(requests[0].header("cookie"), None);
    assert_eq!(requests[1].header("cookie"), Some("fresh=1"));
    drop(std::fs::remove_file(&file));
}

fn a_missing_page_file_exits_with_1() {
    readystate(&["run", "/no/such/page.html"])
        .exits_with(1)
        .complains_of(&["/no/such/page.html"]);
    readystate(&["run", "example.com"])
        .exits_with(1)
        .complains_of(&["https://example.com"]);
    readystate(&["run", "ftp://127.0.0.1/x"])
        .exits_with(1)
        .complains_of(&["ftp"]);
}

fn a_status_of_404_is_a_page() {
    let server = Server::start(|_, connection| {
        connection.respond(
            "404 Not Found",
            &[("Content-Type", "text/html")],
            "<title>Lost</title>",
        );
    });
    readystate(&["run", &server.url("/"), "--eval", "document.title"])
        .exits_with(0)
        .prints("Lost");
}

fn a_single_file_is_served_with_its_folder() {
    let folder = crate::support::page::repository().join("examples/feed/index.html");
    let path = folder.to_str().expect("a path in UTF-8");
    let read = "document.getElementById('title').textContent + location.pathname";
    readystate(&["run", path, "--eval", read])
        .exits_with(0)
        .prints("News of Zürich/index.html");
}
