//! Observers and interceptors.

use std::sync::{Arc, Mutex};

use readystate_xhr::NetworkError;
use readystate_xhr::environment::{
    FetchObserver, Interception, Interceptor, RequestInfo, RequestOutcome,
};
use readystate_xhr::fetch::{FetchController, ResponseKind};
use readystate_xhr::http::HeaderList;
use readystate_xhr::transport::HopRequest;
use url::Url;

use crate::fetch_fixture::{Fixture, ok, xhr};

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

struct Mock;

impl Interceptor for Mock {
    fn intercept(
        &self,
        info: &RequestInfo<'_>,
        _: &HopRequest,
        _: &FetchController,
    ) -> Interception {
        match info.url.path() {
            "/mock" => Interception::Respond {
                status: 201,
                reason: b"Mocked".to_vec(),
                headers: [("X-A", "b")].into_iter().collect::<HeaderList>(),
                body: b"mock".to_vec(),
            },
            "/fail" => Interception::Fail(NetworkError::Intercepted("no".to_owned())),
            _ => Interception::Continue,
        }
    }
}

#[test]
fn the_interceptor_answers_in_place_of_the_network() {
    let mut fixture = Fixture::new([ok("", "real")]);
    fixture.environment.interceptor = Some(Arc::new(Mock));
    let outcome = fixture.fetch(xhr(PAGE, "GET", "http://a.test/mock"));
    assert_eq!((outcome.status(), outcome.text().as_str()), (201, "mock"));
    assert_eq!(outcome.ok().kind, ResponseKind::Basic);
    let outcome = fixture.fetch(xhr(PAGE, "GET", "http://a.test/fail"));
    assert_eq!(outcome.error(), &NetworkError::Intercepted("no".to_owned()));
    assert_eq!(
        fixture.fetch(xhr(PAGE, "GET", "http://a.test/")).text(),
        "real"
    );
    let outcome = fixture.fetch(xhr(PAGE, "GET", "http://b.test/mock"));
    assert!(
        matches!(outcome.error(), NetworkError::Cors(_)),
        "CORS applies to mocks too"
    );
}
