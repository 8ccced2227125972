//! XMLHttpRequest and Fetch together, over scripted answers: what a page sees of real bytes.

use readystate_xhr::body::BodyInit;
use readystate_xhr::fetch::{FetchController, fetch};
use readystate_xhr::transport::scripted::Answer;
use readystate_xhr::xml_http_request::SendBody;

use crate::fetch_fixture::Fixture;
use crate::xhr_driver::Driver;

/// Opens, sends, and delivers every event that the fetch gives.
fn run(method: &str, url: &str, body: Option<SendBody>, answers: &[&str]) -> (Driver, Fixture) {
    let fixture = Fixture::new(answers.iter().map(Answer::bytes));
    let mut driver = Driver::new();
    driver.open(method, url);
    driver.try_send(body).expect("asynchronous");
    let request = driver.request().clone();
    let mut events = Vec::new();
    fetch(
        request,
        &fixture.environment,
        &FetchController::new(),
        &mut |event| {
            events.push(event);
        },
    );
    for event in events {
        driver.deliver(event);
    }
    (driver, fixture)
}

#[test]
fn post_with_upload_events_and_response() {
    let answer = "HTTP/1.1 201 Very Made\r\nContent-Length: 5\r\nContent-Type: text/plain;charset=latin1\r\nSet-Cookie: a=b\r\nX-A: 1\r\n\r\ncaf\u{e9}";
    // The é is two bytes here, so that the length is 5.
    let body = BodyInit::Text("hello".to_owned());
    let (mut driver, fixture) = run("POST", "/form", Some(body.into()), &[answer]);
    driver.assert_log(&[
        "1",
        "loadstart(0,0,false)",
        "upload.loadstart(0,5,true)",
        "upload.progress(5,5,true)",
        "upload.load(5,5,true)",
        "upload.loadend(5,5,true)",
        "2",
        "3",
        "progress(5,5,true)",
        "4",
        "load(5,5,true)",
        "loadend(5,5,true)",
    ]);
    assert!(fixture.sent(0).starts_with("POST /form HTTP/1.1\r\n"));
    assert!(fixture.sent(0).ends_with("\r\n\r\nhello"));
    assert_eq!(
        fixture.sent_header(0, "Content-Type").as_deref(),
        Some("text/plain;charset=UTF-8")
    );
    assert_eq!(fixture.sent_header(0, "Accept").as_deref(), Some("*/*"));
    assert_eq!(driver.xhr.status(), 201);
    assert_eq!(driver.xhr.status_text(), b"Very Made");
    assert_eq!(driver.xhr.response_url(), "http://web.test/form");
    assert_eq!(driver.xhr.response_text(), Ok("cafÃ©"));
    let headers = String::from_utf8(driver.xhr.all_response_headers()).expect("ASCII");
    assert_eq!(
        headers,
        "content-length: 5\r\ncontent-type: text/plain;charset=latin1\r\nx-a: 1\r\n"
    );
}

#[test]
fn no_body_at_all() {
    for (method, answer) in [
        ("HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n"),
        ("GET", "HTTP/1.1 204 No Content\r\n\r\n"),
    ] {
        let (driver, _) = run(method, "/x", None, &[answer]);
        assert_eq!(driver.ready_state(), 4, "{method}");
        assert!(
            driver
                .log
                .last()
                .is_some_and(|line| line.starts_with("loadend(0,")),
            "{method}"
        );
        assert!(!driver.log.contains(&"3".to_owned()), "{method}");
    }
}

#[test]
fn redirect_is_followed_unseen() {
    let moved = "HTTP/1.1 302 Found\r\nLocation: /there#frag\r\nContent-Length: 0\r\n\r\n";
    let there = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    let (mut driver, fixture) = run("GET", "/here", None, &[moved, there]);
    assert_eq!(driver.xhr.status(), 200);
    assert_eq!(driver.xhr.response_url(), "http://web.test/there");
    assert_eq!(driver.xhr.response_text(), Ok("ok"));
    assert!(fixture.sent(1).starts_with("GET /there HTTP/1.1\r\n"));
}

#[test]
fn upload_is_told_once_when_a_redirect_sends_the_body_again() {
    let moved = "HTTP/1.1 307 Again\r\nLocation: /there\r\nContent-Length: 0\r\n\r\n";
    let there = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    let body = BodyInit::Bytes(b"abc".to_vec());
    let (driver, fixture) = run("POST", "/here", Some(body.into()), &[moved, there]);
    assert!(fixture.sent(1).ends_with("\r\n\r\nabc"));
    let uploads: Vec<_> = driver
        .log
        .iter()
        .filter(|line| line.starts_with("upload.load("))
        .collect();
    assert_eq!(uploads, ["upload.load(3,3,true)"]);
    assert_eq!(driver.xhr.status(), 200);
}

#[test]
fn cross_origin_answer_without_permission_is_an_error() {
    let answer = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret";
    let (mut driver, fixture) = run("GET", "http://other.test/", None, &[answer]);
    // Upload listeners without a body ask for a preflight, which this answer fails as well.
    assert!(fixture.sent(0).contains("Origin: http://web.test\r\n"));
    driver.assert_log(&[
        "1",
        "loadstart(0,0,false)",
        "4",
        "error(0,0,false)",
        "loadend(0,0,false)",
    ]);
    assert_eq!(driver.xhr.status(), 0);
    assert_eq!(driver.xhr.response_text(), Ok(""));
}

#[test]
fn body_cut_short_is_an_error_after_what_came() {
    let answer = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf";
    let (mut driver, _) = run("GET", "/x", None, &[answer]);
    driver.assert_log(&[
        "1",
        "loadstart(0,0,false)",
        "2",
        "3",
        "progress(4,10,true)",
        "4",
        "error(0,0,false)",
        "loadend(0,0,false)",
    ]);
    assert_eq!(driver.xhr.response_text(), Ok(""));
}

#[test]
fn data_url_is_a_response_too() {
    let (mut driver, _) = run("GET", "data:text/plain;charset=utf-8,caf%C3%A9", None, &[]);
    assert_eq!(driver.xhr.status(), 200);
    assert_eq!(driver.xhr.response_text(), Ok("café"));
    assert_eq!(
        driver.xhr.response_header(b"Content-Type").as_deref(),
        Some(&b"text/plain;charset=utf-8"[..])
    );
}

#[test]
fn unsupported_scheme_is_an_error_and_not_an_exception() {
    for url in ["about:blank", "javascript:alert(1)", "file:///etc/passwd"] {
        let (driver, fixture) = run("GET", url, None, &[]);
        assert_eq!(
            driver.log.last().map(String::as_str),
            Some("loadend(0,0,false)"),
            "{url}"
        );
        assert!(driver.log.contains(&"error(0,0,false)".to_owned()), "{url}");
        assert!(fixture.transport.requests().is_empty(), "{url}");
    }
}
