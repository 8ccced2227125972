//! Observers and recorders.

use std::sync::{Arc, Mutex};

use readystate_xhr::NetworkError;
use readystate_xhr::environment::{FetchObserver, RequestInfo, RequestOutcome};
use readystate_xhr::fetch::Body;
use readystate_xhr::recording::RecordedExchange;
use readystate_xhr::transport::scripted::Answer;
use url::Url;

use crate::fetch_fixture::{Fixture, ok, redirect, xhr};

const PAGE: &str = "http://a.test/";

#[derive(Default)]
struct Log(Mutex<Vec<String>>);

impl FetchObserver for Log {
    fn request_started(&self, request: &RequestInfo<'_>) {
        let line = format!("> {} {}", request.method, request.url);
        self.0.lock().expect("no panic").push(line);
    }

    fn request_finished(&self, request: &RequestInfo<'_>, outcome: &RequestOutcome<'_>) {
        let error = outcome.error.map(ToString::to_string).unwrap_or_default();
        let line = format!(
            "< {} {:?} {} {error}",
            request.url, outcome.status, outcome.received_bytes
        );
        self.0.lock().expect("no panic").push(line);
    }

    fn fetch_failed(&self, url: &Url, error: &NetworkError) {
        self.0
            .lock()
            .expect("no panic")
            .push(format!("! {url} {error}"));
    }
}

#[test]
fn the_observer_sees_every_request_and_every_failure() {
    let log = Arc::new(Log::default());
    let mut fixture = Fixture::new([ok("", "abc"), ok("", "abc")]);
    fixture.environment.observer = Some(Arc::<Log>::clone(&log));
    fixture.fetch(xhr(PAGE, "GET", "http://a.test/x#f"));
    fixture.fetch(xhr(PAGE, "GET", "http://b.test/"));
    let lines = log.0.lock().expect("no panic").clone();
    assert_eq!(
        lines,
        [
            "> GET http://a.test/x",
            "< http://a.test/x Some(200) 3 ",
            "> GET http://b.test/",
            "< http://b.test/ Some(200) 0 ",
            "! http://b.test/ blocked by CORS: no Access-Control-Allow-Origin header",
        ]
    );
}

/// Keeps exchanges, and this many bytes of each body.
struct Recorder(u64, Mutex<Vec<RecordedExchange>>);

impl FetchObserver for Recorder {
    fn request_started(&self, _: &RequestInfo<'_>) {}

    fn request_finished(&self, _: &RequestInfo<'_>, _: &RequestOutcome<'_>) {}

    fn recorded_body_bytes(&self) -> Option<u64> {
        Some(self.0)
    }

    fn exchange_finished(&self, exchange: RecordedExchange) {
        self.1.lock().expect("no panic").push(exchange);
    }
}

fn record(
    max_body_bytes: u64,
    answers: impl IntoIterator<Item = Answer>,
    request: readystate_xhr::fetch::Request,
) -> Vec<RecordedExchange> {
    let recorder = Arc::new(Recorder(max_body_bytes, Mutex::default()));
    let mut fixture = Fixture::new(answers);
    fixture.environment.observer = Some(Arc::<Recorder>::clone(&recorder));
    fixture.fetch(request);
    std::mem::take(&mut *recorder.1.lock().expect("no panic"))
}

#[test]
fn a_recorder_gets_each_exchange_whole() {
    // "hello" in gzip.
    let gzip = b"\x1f\x8b\x08\0\0\0\0\0\0\xff\xcb\x48\xcd\xc9\xc9\x07\0\x86\xa6\x10\x36\x05\0\0\0";
    let head = "HTTP/1.1 200 Fine\r\nContent-Encoding: gzip\r\nContent-Length: 25\r\n\r\n";
    let answer = [head.as_bytes(), gzip].concat();
    let mut request = xhr(PAGE, "PUT", "http://a.test/x");
    request.body = Some(Body::new(*b"body"));
    let answers = [redirect(307, "/y#z"), Answer::bytes(answer)];
    let [first, second] = &record(100, answers, request)[..] else {
        panic!("two exchanges")
    };
    assert_eq!((first.status, first.url.as_str()), (307, "http://a.test/x"));
    assert_eq!(second.url.as_str(), "http://a.test/y");
    assert_eq!(
        (second.status, second.reason.as_slice()),
        (200, &b"Fine"[..])
    );
    assert_eq!(second.response_body, b"hello");
    assert_eq!((second.decoded_bytes, second.received_bytes), (5, 25));
    assert!(!second.is_body_cut && !second.is_intercepted && second.error.is_none());
    assert_eq!(
        second.request_body.as_ref().map(Body::bytes),
        Some(&b"body"[..])
    );
    assert_eq!(
        second.request_headers.get_first("content-length"),
        Some(&b"4"[..])
    );
    assert!(second.timings.send.is_some() && second.timings.wait.is_some());
}

#[test]
fn a_recorder_gets_no_more_of_a_body_than_it_wants() {
    let exchanges = record(3, [ok("", "abcdef")], xhr(PAGE, "GET", "http://a.test/"));
    assert_eq!(exchanges[0].response_body, b"abc");
    assert!(exchanges[0].is_body_cut);
    assert_eq!(exchanges[0].decoded_bytes, 6);
}

#[test]
fn a_recorder_is_told_why_a_request_failed() {
    let refused = record(3, [Answer::refuse()], xhr(PAGE, "GET", "http://a.test/"));
    assert!(matches!(
        refused[0].error,
        Some(NetworkError::Connect { .. })
    ));
    assert_eq!(refused[0].status, 0);
    let cut = Answer::bytes("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab").then_close();
    let cut = record(3, [cut], xhr(PAGE, "GET", "http://a.test/"));
    assert!(matches!(
        cut[0].error,
        Some(NetworkError::TruncatedBody { .. })
    ));
    assert_eq!(
        (cut[0].status, cut[0].response_body.as_slice()),
        (200, &b"ab"[..])
    );
}
