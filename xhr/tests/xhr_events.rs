//! Which events are fired in which order when nothing interferes.

use std::time::Duration;

use readystate_xhr::body::BodyInit;
use readystate_xhr::fetch::{FetchEvent, Response};
use readystate_xhr::{NetworkError, XhrError};

use crate::xhr_driver::{Driver, chunk, head, response_events};

const TEXT: [(&str, &str); 2] = [("Content-Type", "text/plain"), ("Content-Length", "12")];

fn text_body() -> BodyInit {
    BodyInit::Text("Test Message".to_owned())
}

#[test]
fn response_with_upload() {
    let mut driver = Driver::new();
    driver.open("POST", "./resources/content.py");
    driver.send_body(text_body());
    driver.deliver(FetchEvent::RequestBodyChunkLength(12));
    driver.deliver(FetchEvent::RequestEndOfBody);
    driver.respond(200, &TEXT, "Test Message");
    driver.assert_log(&[
        "1",
        "loadstart(0,0,false)",
        "upload.loadstart(0,12,true)",
        "upload.progress(12,12,true)",
        "upload.load(12,12,true)",
        "upload.loadend(12,12,true)",
        "2",
        "3",
        "progress(12,12,true)",
        "4",
        "load(12,12,true)",
        "loadend(12,12,true)",
    ]);
    assert!(driver.request().use_cors_preflight);
    assert!(driver.aborted.is_empty());
}

#[test]
fn response_without_upload_listeners() {
    let mut driver = Driver::new();
    driver.upload_listeners = false;
    driver.open("POST", "./resources/content.py");
    driver.send_body(text_body());
    driver.deliver(FetchEvent::RequestBodyChunkLength(12));
    driver.deliver(FetchEvent::RequestEndOfBody);
    driver.respond(200, &TEXT, "Test Message");
    driver.assert_log(&[
        "1",
        "loadstart(0,0,false)",
        "2",
        "3",
        "progress(12,12,true)",
        "4",
        "load(12,12,true)",
        "loadend(12,12,true)",
    ]);
    assert!(!driver.request().use_cors_preflight);
}

#[test]
fn empty_response_is_never_loading() {
    let mut driver = Driver::new();
    driver.open("POST", "./resources/content.py");
    driver.send();
    driver.respond(200, &[("Content-Length", "0")], "");
    driver.assert_log(&[
        "1",
        "loadstart(0,0,false)",
        "2",
        "progress(0,0,false)",
        "4",
        "load(0,0,false)",
        "loadend(0,0,false)",
    ]);
}

#[test]
fn null_body_ends_with_the_headers() {
    for (method, status) in [("HEAD", 200), ("GET", 204), ("GET", 304)] {
        let mut driver = Driver::new();
        driver.open(method, "x");
        driver.send();
        driver.deliver(head(status, &[("Content-Length", "12")]));
        driver.assert_log(&[
            "1",
            "loadstart(0,0,false)",
            "2",
            "progress(0,12,true)",
            "4",
            "load(0,12,true)",
            "loadend(0,12,true)",
        ]);
        driver.deliver(FetchEvent::EndOfBody);
        assert_eq!(driver.log.len(), 7, "the end of the body is no news");
    }
}

#[test]
fn progress_comes_every_50_ms_and_at_the_end() {
    let mut driver = Driver::new();
    driver.open("GET", "x");
    driver.send();
    driver.deliver(head(200, &[]));
    for (millis, bytes) in [(10, "a"), (20, "bc"), (59, "d"), (60, "e"), (109, "f")] {
        driver.now = Duration::from_millis(millis);
        driver.deliver(chunk(bytes));
    }
    driver.deliver(FetchEvent::EndOfBody);
    driver.assert_log(&[
        "1",
        "loadstart(0,0,false)",
        "2",
        "3",
        "progress(1,0,false)",
        "3",
        "progress(5,0,false)",
        "progress(6,0,false)",
        "4",
        "load(6,0,false)",
        "loadend(6,0,false)",
    ]);
    assert_eq!(driver.xhr.response_text(), Ok("abcdef"));
}

#[test]
fn upload_progress_comes_every_50_ms_and_at_the_end() {
    let mut driver = Driver::new();
    driver.open("POST", "x");
    driver.send_body(BodyInit::Bytes(vec![0; 30]));
    for (millis, bytes) in [(0, 10), (49, 5), (50, 5), (51, 10)] {
        driver.now = Duration::from_millis(millis);
        driver.deliver(FetchEvent::RequestBodyChunkLength(bytes));
    }
    driver.deliver(FetchEvent::RequestEndOfBody);
    driver.assert_log(&[
        "1",
        "loadstart(0,0,false)",
        "upload.loadstart(0,30,true)",
        "upload.progress(10,30,true)",
        "upload.progress(20,30,true)",
        "upload.progress(30,30,true)",
        "upload.load(30,30,true)",
        "upload.loadend(30,30,true)",
    ]);
}

#[test]
fn body_that_a_redirect_sends_again_is_reported_once() {
    let mut driver = Driver::new();
    driver.open("POST", "x");
    driver.send_body(text_body());
    for _ in 0..2 {
        driver.deliver(FetchEvent::RequestBodyChunkLength(12));
        driver.deliver(FetchEvent::RequestEndOfBody);
    }
    let uploads = driver
        .log
        .iter()
        .filter(|line| line.starts_with("upload.loadend"))
        .count();
    assert_eq!(uploads, 1);
    assert_eq!(
        driver.log.last().map(String::as_str),
        Some("upload.loadend(12,12,true)")
    );
}

#[test]
fn empty_body_is_uploaded_too() {
    let mut driver = Driver::new();
    driver.open("POST", "x");
    driver.send_body(BodyInit::Text(String::new()));
    driver.deliver(FetchEvent::RequestEndOfBody);
    driver.assert_log(&[
        "1",
        "loadstart(0,0,false)",
        "upload.loadstart(0,0,false)",
        "upload.progress(0,0,false)",
        "upload.load(0,0,false)",
        "upload.loadend(0,0,false)",
    ]);
}

#[test]
fn network_error_before_the_upload_is_done() {
    let mut driver = Driver::new();
    driver.open("POST", "http://nonexistent.test/");
    driver.send_body(text_body());
    driver.deliver(FetchEvent::Response(Response::network_error(
        NetworkError::BlockedPort(1),
    )));
    driver.assert_log(&[
        "1",
        "loadstart(0,0,false)",
        "upload.loadstart(0,12,true)",
        "4",
        "upload.error(0,0,false)",
        "upload.loadend(0,0,false)",
        "error(0,0,false)",
        "loadend(0,0,false)",
    ]);
    assert_eq!(driver.xhr.in_flight(), None);
}

#[test]
fn error_while_reading_the_body_reports_zeros_and_leaves_nothing() {
    let mut driver = Driver::new();
    driver.open("GET", "x");
    driver.send();
    driver.deliver(head(200, &TEXT));
    driver.deliver(chunk("Test"));
    assert_eq!(driver.xhr.response_text(), Ok("Test"));
    driver.deliver(FetchEvent::BodyError(NetworkError::Io("cut".to_owned())));
    driver.assert_log(&[
        "1",
        "loadstart(0,0,false)",
        "2",
        "3",
        "progress(4,12,true)",
        "4",
        "error(0,0,false)",
        "loadend(0,0,false)",
    ]);
    assert_eq!(driver.xhr.response_text(), Ok(""));
    assert_eq!(driver.xhr.status(), 0);
    assert_eq!(driver.xhr.response_url(), "");
    assert_eq!(driver.xhr.response_header(b"content-type"), None);
    assert!(driver.xhr.response_bytes().is_empty());
}

#[test]
fn fetch_aborted_from_outside_ends_in_abort() {
    let mut driver = Driver::new();
    driver.open("GET", "x");
    driver.send();
    driver.deliver(FetchEvent::Response(Response::network_error(
        NetworkError::Aborted,
    )));
    driver.assert_log(&[
        "1",
        "loadstart(0,0,false)",
        "4",
        "abort(0,0,false)",
        "loadend(0,0,false)",
    ]);
    assert_eq!(driver.ready_state(), 4);
}

#[test]
fn synchronous_response() {
    let mut driver = Driver::new();
    driver.sync_events = response_events(200, &TEXT, "Test Message").into();
    driver.sync_events.push_front(FetchEvent::RequestEndOfBody);
    driver.open_sync("POST", "./resources/content.py");
    driver.send_body(text_body());
    driver.assert_log(&["1", "4", "load(12,12,true)", "loadend(12,12,true)"]);
    assert_eq!(driver.xhr.response_text(), Ok("Test Message"));
    assert_eq!(driver.xhr.status(), 200);
}

#[test]
fn synchronous_response_without_body() {
    let mut driver = Driver::new();
    driver.sync_events = [head(204, &[])].into();
    driver.open_sync("GET", "x");
    driver.send();
    driver.assert_log(&["1", "4", "load(0,0,false)", "loadend(0,0,false)"]);
    assert_eq!(driver.xhr.status(), 204);
}

#[test]
fn synchronous_network_error_is_thrown_and_fires_nothing() {
    let error = NetworkError::BlockedPort(1);
    for events in [
        vec![FetchEvent::Response(Response::network_error(error.clone()))],
        vec![
            head(200, &[]),
            chunk("Te"),
            FetchEvent::BodyError(error.clone()),
        ],
    ] {
        let mut driver = Driver::new();
        driver.sync_events = events.into();
        driver.open_sync("POST", "x");
        assert_eq!(
            driver.try_send(Some(text_body().into())),
            Err(XhrError::Network(error.clone()))
        );
        driver.assert_log(&["1"]);
        assert_eq!(driver.ready_state(), 4);
        assert_eq!(driver.xhr.status(), 0);
        assert_eq!(driver.xhr.response_text(), Ok(""));
    }
}

#[test]
fn synchronous_fetch_aborted_from_outside_throws_abort_error() {
    let mut driver = Driver::new();
    driver.sync_events = [FetchEvent::Response(Response::network_error(
        NetworkError::Aborted,
    ))]
    .into();
    driver.open_sync("GET", "x");
    assert_eq!(driver.try_send(None), Err(XhrError::Abort));
}

#[test]
fn object_can_be_used_again() {
    let mut driver = Driver::new();
    for (body, state) in [("one", "1"), ("two", "1")] {
        driver.log.clear();
        driver.open("GET", "x");
        driver.send();
        driver.respond(200, &[], body);
        assert_eq!(driver.log.first().map(String::as_str), Some(state));
        assert_eq!(driver.xhr.response_text(), Ok(body));
    }
}

#[test]
fn length_of_a_coded_body_is_not_computable() {
    let mut driver = Driver::new();
    driver.open("GET", "x");
    driver.send();
    driver.respond(
        200,
        &[("Content-Encoding", "gzip"), ("Content-Length", "2")],
        "decoded",
    );
    driver.assert_log(&[
        "1",
        "loadstart(0,0,false)",
        "2",
        "3",
        "progress(7,0,false)",
        "4",
        "load(7,0,false)",
        "loadend(7,0,false)",
    ]);
}
