//! Recording what a page requests, and answering from the recording.

use std::path::{Path, PathBuf};
use std::sync::Mutex;

use readystate::{Browser, BrowserOptions, Error};
use serde_json::{Value, json};

use crate::support::command::readystate;
use crate::support::server::Server;
use crate::support::trials;

trials!("engine::har":
    everything_is_recorded,
    a_recording_is_written_when_the_time_is_over,
    a_recording_answers_without_the_server,
    repeated_requests_are_answered_in_order,
    bodies_tell_requests_apart,
    recordings_of_others_are_understood,
    what_is_no_archive_is_refused,
    the_folder_server_is_asked_during_a_replay,
    the_log_has_a_line_for_each_request,
);

/// A file of this test run, removed at the end.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let name = format!("readystate-tests-{}-{name}", std::process::id());
        Self(std::env::temp_dir().join(name))
    }

    fn path(&self) -> &str {
        self.0
            .to_str()
            .expect("a temporary folder has a name in UTF-8")
    }

    fn archive(&self) -> Value {
        let bytes = std::fs::read(&self.0).expect("the archive is there");
        serde_json::from_slice(&bytes).expect("it is JSON")
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        drop(std::fs::remove_file(&self.0));
        drop(std::fs::remove_dir_all(&self.0));
    }
}

const PAGE: &str = "<!DOCTYPE html><p id=p></p><script>(async () => {
    const text = async (url, init) => (await fetch(url, init)).text(), out = [];
    out.push(await text('/redirect'), await text('/post?a=b%20c&d', { method: 'POST', body: 'q\u{e9}' }), (await (await fetch('/binary')).arrayBuffer()).byteLength);
    const form = new FormData(); form.append('n', 'v'); out.push(await text('/form', { method: 'POST', body: form }));
    const r = new XMLHttpRequest(); r.open('GET', '/sync', false); r.send(); out.push(r.responseText);
    out.push(await text('/cut').catch((e) => e.name));
    p.textContent = out.join();
})();</script>";

fn site() -> Server {
    Server::start(|request, connection| {
        let path = request.path.split('?').next().unwrap_or_default();
        match path {
            "/" => connection.respond(
                "200 OK",
                &[
                    ("Content-Type", "text/html; charset=utf-8"),
                    ("Set-Cookie", "c=1; Path=/; HttpOnly"),
                ],
                PAGE,
            ),
            "/redirect" => connection.respond("302 Found", &[("Location", "/target")], ""),
            "/binary" => connection.answer("application/octet-stream", [0xff, 0, 0xfe]),
            "/cut" => {}
            _ => connection.answer("text/plain", format!("{} {path}", request.method)),
        }
    })
}

const RESULT: &str = "GET /target,POST /post,3,POST /form,GET /sync,TypeError";

/// Checks what the format demands of every archive.
#[track_caller]
fn assert_valid(archive: &Value) {
    let log = &archive["log"];
    assert_eq!(log["version"], "1.2");
    assert!(log["creator"]["name"].is_string() && log["creator"]["version"].is_string());
    for entry in log["entries"].as_array().expect("entries") {
        let started = entry["startedDateTime"].as_str().expect("a time");
        assert!(started.len() == 24 && started.ends_with('Z'), "{started}");
        let time = entry["time"].as_f64().expect("a duration");
        assert!(time >= 0.0);
        assert!(entry["cache"].is_object());
        let timings = &entry["timings"];
        for needed in ["send", "wait", "receive"] {
            assert!(
                timings[needed].as_f64().is_some_and(|time| time >= 0.0),
                "{timings}"
            );
        }
        let sum: f64 = ["blocked", "dns", "connect", "send", "wait", "receive"]
            .iter()
            .filter_map(|name| timings[name].as_f64())
            .filter(|time| *time > 0.0)
            .sum();
        assert!((sum - time).abs() < 1.0, "{sum} is not {time}");
        let (request, response) = (&entry["request"], &entry["response"]);
        for message in [request, response] {
            assert!(message["cookies"].is_array() && message["headers"].is_array());
            assert!(message["headersSize"].is_i64() && message["bodySize"].is_i64());
            assert_eq!(message["httpVersion"], "HTTP/1.1");
        }
        assert!(
            request["method"].is_string()
                && request["url"].is_string()
                && request["queryString"].is_array()
        );
        assert!(
            response["status"].is_u64()
                && response["statusText"].is_string()
                && response["redirectURL"].is_string()
        );
        assert!(
            response["content"]["size"].is_u64() && response["content"]["mimeType"].is_string()
        );
    }
}

/// The first entry for a path.
#[track_caller]
fn entry<'a>(archive: &'a Value, path: &str) -> &'a Value {
    let entries = archive["log"]["entries"].as_array().expect("entries");
    let is_it = |entry: &&Value| {
        entry["request"]["url"].as_str().is_some_and(|url| {
            url.splitn(4, '/')
                .nth(3)
                .and_then(|rest| rest.split('?').next())
                == path.strip_prefix('/')
        })
    };
    entries
        .iter()
        .find(is_it)
        .unwrap_or_else(|| panic!("no {path} in {archive:#}"))
}

fn everything_is_recorded() {
    let server = site();
    let file = Scratch::new("record.har");
    readystate(&[
        "run",
        &server.url("/"),
        "--har",
        file.path(),
        "--eval",
        "p.textContent",
    ])
    .exits_with(0)
    .prints(RESULT);
    let archive = file.archive();
    assert_valid(&archive);
    assert_eq!(archive["log"]["entries"].as_array().map(Vec::len), Some(8));
    let document = entry(&archive, "/");
    assert_eq!(document["_resourceType"], "document");
    assert_eq!(document["response"]["content"]["text"], PAGE);
    assert_eq!(
        document["response"]["cookies"],
        json!([{"name": "c", "value": "1", "path": "/", "httpOnly": true}])
    );
    assert_eq!(document["serverIPAddress"], "127.0.0.1");
    assert!(
        document["timings"]["connect"]
            .as_f64()
            .is_some_and(|time| time >= 0.0)
    );
    let redirect = entry(&archive, "/redirect");
    assert_eq!(
        (
            &redirect["response"]["status"],
            &redirect["response"]["redirectURL"]
        ),
        (&json!(302), &json!("/target"))
    );
    assert_eq!(
        entry(&archive, "/target")["response"]["content"]["text"],
        "GET /target"
    );
    let post = &entry(&archive, "/post")["request"];
    assert_eq!(
        post["postData"],
        json!({"mimeType": "text/plain;charset=UTF-8", "text": "q\u{e9}"})
    );
    assert_eq!(
        post["queryString"],
        json!([{"name": "a", "value": "b c"}, {"name": "d", "value": ""}])
    );
    assert_eq!(post["cookies"], json!([{"name": "c", "value": "1"}]));
    assert_eq!(post["bodySize"], 3);
    let binary = &entry(&archive, "/binary")["response"]["content"];
    assert_eq!(
        (&binary["text"], &binary["encoding"], &binary["size"]),
        (&json!("/wD+"), &json!("base64"), &json!(3))
    );
    let cut = entry(&archive, "/cut");
    assert_eq!(cut["response"]["status"], 0);
    assert!(
        cut["_error"]
            .as_str()
            .is_some_and(|error| error.contains("closed")),
        "{cut:#}"
    );
}

fn a_recording_is_written_when_the_time_is_over() {
    let server = Server::with_page(
        "<!DOCTYPE html><script>fetch('/hang').catch(() => {})</script>",
        |_, connection| {
            connection.hang();
        },
    );
    let file = Scratch::new("limit.har");
    readystate(&[
        "run",
        &server.url("/"),
        "--har",
        file.path(),
        "--timeout",
        // Enough for the page to start, also on a busy machine.
        "4000",
        "--dump",
        "none",
    ])
    .exits_with(3);
    let archive = file.archive();
    assert_valid(&archive);
    assert_eq!(entry(&archive, "/")["response"]["status"], 200);
    assert_eq!(entry(&archive, "/hang")["_error"], "aborted");
}

fn a_recording_answers_without_the_server() {
    let server = site();
    let (url, file) = (server.url("/"), Scratch::new("replay.har"));
    readystate(&["run", &url, "--har", file.path(), "--dump", "none"]).exits_with(0);
    drop(server);
    readystate(&[
        "run",
        &url,
        "--replay",
        file.path(),
        "--eval",
        "p.textContent",
    ])
    .exits_with(0)
    .prints(RESULT);
    // What is not in it fails, and the message names it.
    let missing = "fetch('/never-asked').catch((e) => e.name)";
    readystate(&[
        "run",
        &url,
        "--replay",
        file.path(),
        "--eval",
        missing,
        "--log-requests",
    ])
    .exits_with(0)
    .prints("TypeError")
    .complains_of(&["/never-asked is not in the recording"]);
    readystate(&["run", "http://elsewhere.test/", "--replay", file.path()])
        .exits_with(1)
        .complains_of(&["GET http://elsewhere.test/ is not in the recording"]);
}

/// A browser that answers from this archive.
fn replaying(file: &Path) -> Result<Browser, Error> {
    let mut options = BrowserOptions::new();
    options.replay_har = Some(file.to_path_buf());
    Browser::new(options)
}

/// What a script returns in a page whose requests are answered by these entries.
#[track_caller]
fn replay(name: &str, entries: Value, script: &str) -> String {
    let file = Scratch::new(name);
    let archive = json!({"log": {"version": "1.2", "creator": {"name": "x", "version": "1"}, "entries": entries}});
    std::fs::write(&file.0, archive.to_string()).expect("the file is written");
    let page = replaying(&file.0)
        .expect("an archive")
        .new_page()
        .expect("a page");
    page.set_content("<!DOCTYPE html>", Some("http://a.test/"))
        .expect("it loads");
    let get = "const get = (url, init) => fetch(url, init).then(async (r) => r.status + await r.text(), (e) => e.name);";
    page.evaluate(&format!(
        "(async () => {{ {get} return [{script}].join() }})()"
    ))
    .expect("the script returns")
}

fn plain(method: &str, url: &str, body: Value, text: &str) -> Value {
    json!({
        "request": {"method": method, "url": url, "postData": body},
        "response": {"status": 200, "statusText": "OK", "headers": [], "content": {"text": text}},
    })
}

fn repeated_requests_are_answered_in_order() {
    let get = |text| plain("GET", "http://a.test/n#f", Value::Null, text);
    let answer = replay(
        "order.har",
        json!([get("one"), get("two"), get("three")]),
        "await get('/n'), await get('/n'), await get('/n'), await get('/n')",
    );
    assert_eq!(answer, "200one,200two,200three,200three");
}

fn bodies_tell_requests_apart() {
    let multipart = "--xyz\r\nContent-Disposition: form-data; name=\"n\"\r\n\r\nv\r\n--xyz--\r\n";
    let answer = replay(
        "bodies.har",
        json!([
            plain("POST", "http://a.test/", json!({"mimeType": "text/plain", "text": "a"}), "for a"),
            plain("POST", "http://a.test/", json!({"mimeType": "text/plain", "text": "Yg==", "encoding": "base64"}), "for b"),
            plain("POST", "http://a.test/", json!({"mimeType": "application/x-www-form-urlencoded", "params": [{"name": "n", "value": "v w"}]}), "for params"),
            plain("POST", "http://a.test/", json!({"mimeType": "multipart/form-data; boundary=xyz", "text": multipart}), "for a form"),
        ]),
        "await get('/', { method: 'POST', body: 'b' }), await get('/', { method: 'POST', body: 'a' }), await get('/', { method: 'POST', body: 'c' }),
         await get('/', { method: 'POST', body: new URLSearchParams('n=v w') }), await get('/'),
         await get('/', { method: 'POST', body: (() => { const f = new FormData(); f.append('n', 'v'); return f; })() })",
    );
    assert_eq!(
        answer,
        "200for b,200for a,TypeError,200for params,TypeError,200for a form"
    );
}

fn recordings_of_others_are_understood() {
    let answer = replay(
        "others.har",
        json!([
            {"startedDateTime": "x", "_priority": "High",
             "request": {"method": "GET", "url": "http://a.test/h2", "httpVersion": "h2"},
             "response": {"status": 200, "statusText": "", "headers": [
                {"name": ":status", "value": "200"}, {"name": "content-encoding", "value": "br"}, {"name": "content-length", "value": "3"},
                {"name": "x-two", "value": "a\nb"}], "content": {"text": "decoded", "size": 7}}},
            {"request": {"method": "GET", "url": "http://a.test/cached"},
             "response": {"status": 304, "statusText": "Not Modified", "content": {"text": "from its cache"}}},
            {"request": {"method": "GET", "url": "http://a.test/failed"}, "response": {"status": 0}, "_error": "net::ERR_FAILED"},
        ]),
        "await get('/h2'), (await fetch('/h2')).headers.get('x-two'), await get('/cached'), await get('/failed')",
    );
    assert_eq!(answer, "200decoded,a, b,200from its cache,TypeError");
}

fn what_is_no_archive_is_refused() {
    let file = Scratch::new("broken.har");
    for (text, word) in [
        ("{", "not an HTTP archive"),
        ("[]", "not an HTTP archive"),
        (
            r#"{"log":{"entries":[{"request":{"method":"GET","url":"x"},"response":{"status":200}}]}}"#,
            "entry 0",
        ),
    ] {
        std::fs::write(&file.0, text).expect("the file is written");
        let error = replaying(&file.0)
            .expect_err("it is no archive")
            .to_string();
        assert!(error.contains(word), "{error}");
    }
    readystate(&["run", "http://a.test/", "--replay", "no-such.har"])
        .exits_with(2)
        .complains_of(&["no-such.har"]);
}

fn the_folder_server_is_asked_during_a_replay() {
    let folder = Scratch::new("folder");
    std::fs::create_dir_all(&folder.0).expect("a folder");
    let page = "<!DOCTYPE html><script>onload = async () => { document.title = await (await fetch('data.txt')).text() + await (await fetch('http://a.test/x')).text(); }</script>";
    std::fs::write(folder.0.join("index.html"), page).expect("a file");
    std::fs::write(folder.0.join("data.txt"), "own").expect("a file");
    let mut entry = plain("GET", "http://a.test/x", Value::Null, "recorded");
    entry["response"]["headers"] = json!([{"name": "Access-Control-Allow-Origin", "value": "*"}]);
    let file = Scratch::new("folder.har");
    std::fs::write(&file.0, json!({"log": {"entries": [entry]}}).to_string()).expect("a file");
    readystate(&[
        "run",
        folder.path(),
        "--replay",
        file.path(),
        "--eval",
        "document.title",
    ])
    .exits_with(0)
    .prints("ownrecorded");
}

fn the_log_has_a_line_for_each_request() {
    let gone = Mutex::new(0);
    let other = Server::start(move |_, connection| {
        *gone.lock().expect("no panic") += 1;
        connection.answer("text/plain", "closed");
    });
    let script = format!(
        "Promise.all(['/a', '/ads/x', '{}'].map((url) => fetch(url).catch(() => {{}})))",
        other.url("/other")
    );
    let server = Server::with_page("<!DOCTYPE html>", |_, connection| {
        connection.answer("text/plain", "four")
    });
    let outcome = readystate(&[
        "run",
        &server.url("/"),
        "--eval",
        &script,
        "--log-requests",
        "--block",
        "**/ads/**",
        "--map",
        "unused.test=127.0.0.1",
    ]);
    outcome.exits_with(0).complains_of(&[
        "/a 200 4 bytes",
        "/ads/x failed 0 bytes",
        "blocked by interception: the pattern **/ads/**",
        "/other 200 0 bytes",
        "/other refused: blocked by CORS",
        " ms",
    ]);
}
