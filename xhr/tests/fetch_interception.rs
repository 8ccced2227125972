//! The hook that sees every request.

use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use readystate_xhr::NetworkError;
use readystate_xhr::fetch::{Body, CredentialsMode, FetchController, Request, ResponseKind};
use readystate_xhr::http::{HeaderList, Method};
use readystate_xhr::interception::{
    FabricatedResponse, InterceptedRequest, Interception, Interceptor, Overrides,
};
use readystate_xhr::transport::scripted::Answer;

use crate::fetch_fixture::{Fixture, Outcome, header, ok, redirect, run, url, xhr};

const PAGE: &str = "http://a.test/";

/// Decides by the function, and keeps what it was asked.
struct Hook<F> {
    decide: F,
    asked: Mutex<Vec<String>>,
}

impl<F> Interceptor for Hook<F>
where
    F: Fn(&InterceptedRequest<'_>, &FetchController) -> Interception + Send + Sync,
{
    fn intercept(
        &self,
        request: &InterceptedRequest<'_>,
        controller: &FetchController,
    ) -> Interception {
        let info = request.info;
        let preflight = if info.is_preflight { " preflight" } else { "" };
        let line = format!(
            "{} {}{preflight} {}",
            info.method, info.url, info.redirect_count
        );
        self.asked.lock().expect("no panic").push(line);
        (self.decide)(request, controller)
    }
}

/// A fixture with a hook; also what the hook was asked.
fn hooked<F>(answers: impl IntoIterator<Item = Answer>, decide: F) -> (Fixture, Arc<Hook<F>>)
where
    F: Fn(&InterceptedRequest<'_>, &FetchController) -> Interception + Send + Sync + 'static,
{
    let hook = Arc::new(Hook {
        decide,
        asked: Mutex::default(),
    });
    let mut fixture = Fixture::new(answers);
    fixture.environment.interceptor = Some(Arc::clone(&hook) as Arc<dyn Interceptor>);
    (fixture, hook)
}

fn respond(status: u16, headers: &[(&str, &str)], body: &str) -> Interception {
    Interception::Respond(Box::new(FabricatedResponse {
        status,
        reason: b"Mocked".to_vec(),
        headers: headers.iter().copied().collect::<HeaderList>(),
        body: body.as_bytes().to_vec(),
    }))
}

/// What a request gets when the hook answers it; the network must not be touched.
#[track_caller]
fn answered(request: Request, status: u16, headers: &[(&str, &str)], body: &str) -> Outcome {
    let answer = respond(status, headers, body);
    let (fixture, _) = hooked([], move |_, _| answer.clone());
    let outcome = fixture.fetch(request);
    assert!(fixture.transport.requests().is_empty());
    outcome
}

fn change(overrides: Overrides) -> Interception {
    Interception::Continue(overrides)
}

#[test]
fn the_hook_sees_preflights_and_every_redirect() {
    let allow = "Access-Control-Allow-Origin: *\r\nAccess-Control-Allow-Headers: x-own\r\n";
    let to_other = "HTTP/1.1 307 Moved\r\nLocation: http://b.test/y\r\nContent-Length: 0\r\n\r\n";
    let (fixture, hook) = hooked(
        [Answer::bytes(to_other), ok(allow, ""), ok(allow, "done")],
        |_, _| Interception::unchanged(),
    );
    let mut request = xhr(PAGE, "GET", "http://a.test/x#f");
    request.header_list.append("X-Own", "1");
    assert_eq!(fixture.fetch(request).text(), "done");
    assert_eq!(
        *hook.asked.lock().expect("no panic"),
        [
            "GET http://a.test/x 0",
            "GET http://b.test/y 1",
            "OPTIONS http://b.test/y preflight 1",
        ]
    );
}

#[test]
fn what_the_hook_answers_touches_no_network() {
    let outcome = answered(
        xhr(PAGE, "GET", "http://a.test/"),
        201,
        &[("X-A", "b")],
        "mock",
    );
    assert_eq!((outcome.status(), outcome.text().as_str()), (201, "mock"));
    assert_eq!(outcome.ok().kind, ResponseKind::Basic);
    assert_eq!(outcome.ok().status_message, b"Mocked");
    assert_eq!(
        outcome.ok().url().map(|url| url.as_str()),
        Some("http://a.test/")
    );
    // A request that would ask first does not.
    let allow = [("Access-Control-Allow-Origin", "http://a.test")];
    let outcome = answered(xhr(PAGE, "DELETE", "http://b.test/"), 200, &allow, "mock");
    assert_eq!(
        (outcome.text().as_str(), &outcome.ok().kind),
        ("mock", &ResponseKind::Cors)
    );
    let mut upload = xhr(PAGE, "POST", "http://a.test/");
    upload.body = Some(Body::new(*b"body"));
    let outcome = answered(upload, 200, &[], "mock");
    assert_eq!(
        outcome.order,
        ["sent", "sent all", "response", "chunk", "end"]
    );
    assert_eq!(outcome.sent, 4);
}

#[test]
fn an_answer_is_treated_as_if_it_came_from_the_network() {
    let foreign = answered(xhr(PAGE, "GET", "http://b.test/"), 200, &[], "mock");
    assert!(
        matches!(foreign.error(), NetworkError::Cors(_)),
        "CORS applies"
    );
    let head = answered(xhr(PAGE, "HEAD", "http://a.test/"), 200, &[], "mock");
    assert_eq!(head.text(), "", "HEAD has no body");
    let bad = [("Content-Encoding", "gzip")];
    let coded = answered(xhr(PAGE, "GET", "http://a.test/"), 200, &bad, "mock");
    assert!(coded.body_error.is_some(), "content codings are undone");
    let early = answered(xhr(PAGE, "GET", "http://a.test/"), 103, &[], "");
    assert!(matches!(early.error(), NetworkError::Intercepted(_)));
}

#[test]
fn an_answer_sets_cookies_and_redirects() {
    let (fixture, hook) = hooked([ok("", "real")], |request, _| {
        match request.info.url.path() {
            "/from" => respond(302, &[("Location", "/to"), ("Set-Cookie", "a=b")], ""),
            _ => Interception::unchanged(),
        }
    });
    let outcome = fixture.fetch(xhr(PAGE, "GET", "http://a.test/from"));
    assert_eq!(outcome.text(), "real");
    assert!(outcome.ok().redirected());
    assert_eq!(fixture.sent_header(0, "cookie").as_deref(), Some("a=b"));
    assert_eq!(hook.asked.lock().expect("no panic").len(), 2);
}

#[test]
fn a_failure_keeps_its_name() {
    let (fixture, _) = hooked([], |_, _| {
        Interception::Fail(NetworkError::Intercepted("no".to_owned()))
    });
    let outcome = fixture.fetch(xhr(PAGE, "GET", "http://a.test/"));
    assert_eq!(outcome.error(), &NetworkError::Intercepted("no".to_owned()));
}

#[test]
fn a_panic_fails_one_request() {
    let (fixture, _) = hooked([ok("", "real")], |request, _| {
        assert!(request.info.url.path() != "/bad", "on purpose");
        Interception::unchanged()
    });
    let outcome = fixture.fetch(xhr(PAGE, "GET", "http://a.test/bad"));
    assert!(matches!(outcome.error(), NetworkError::Intercepted(_)));
    assert_eq!(
        fixture.fetch(xhr(PAGE, "GET", "http://a.test/")).text(),
        "real"
    );
}

#[test]
fn an_abort_ends_a_hook_that_waits() {
    let (waits, is_waiting) = channel();
    let (fixture, _) = hooked([], move |_, controller| {
        waits.send(()).expect("the test listens");
        let _ = controller.wait(Duration::from_secs(3600));
        Interception::unchanged()
    });
    let controller = FetchController::new();
    let aborting = controller.clone();
    let thread = std::thread::spawn(move || {
        is_waiting.recv().expect("the hook is asked");
        aborting.abort();
    });
    let request = xhr(PAGE, "GET", "http://a.test/");
    let outcome = run(request, &fixture.environment, &controller);
    thread.join().expect("no panic");
    assert_eq!(outcome.error(), &NetworkError::Aborted);
    assert!(fixture.transport.requests().is_empty());
}

#[test]
fn another_url_is_asked_and_nobody_sees_it() {
    let (fixture, _) = hooked([redirect(302, "next"), ok("", "done")], |request, _| {
        change(Overrides {
            url: (request.info.redirect_count == 0).then(|| url("http://c.a.test:81/deep/z?q")),
            ..Overrides::default()
        })
    });
    let now = fixture.environment.clock.system_time();
    let mut jar = fixture.environment.cookie_jar.lock().expect("no panic");
    jar.set_from_header(&url("http://c.a.test/"), b"c=1; path=/deep", true, now);
    jar.set_from_header(&url("http://a.test/"), b"a=1", true, now);
    drop(jar);
    let mut request = xhr(PAGE, "GET", "http://a.test/x");
    request.credentials_mode = CredentialsMode::Include;
    let outcome = fixture.fetch(request);
    assert!(
        fixture
            .sent(0)
            .starts_with("GET /deep/z?q HTTP/1.1\r\nHost: c.a.test:81\r\n")
    );
    assert_eq!(fixture.sent_header(0, "cookie").as_deref(), Some("c=1"));
    assert!(
        fixture
            .sent(1)
            .starts_with("GET /next HTTP/1.1\r\nHost: a.test\r\n")
    );
    let urls: Vec<_> = outcome
        .ok()
        .url_list
        .iter()
        .map(|url| url.as_str())
        .collect();
    assert_eq!(urls, ["http://a.test/x", "http://a.test/next"]);
    assert_eq!(outcome.ok().kind, ResponseKind::Basic);
}

#[test]
fn headers_are_set_and_left_out_last() {
    let (fixture, _) = hooked([ok("", "done")], |_, _| {
        let set = |name: &str, value: &str| (name.to_owned(), Some(value.as_bytes().to_vec()));
        change(Overrides {
            headers: vec![
                set("user-agent", "else"),
                set("X-New", "1"),
                set("Content-Length", "99"),
                ("ACCEPT".to_owned(), None),
                ("referer".to_owned(), None),
            ],
            ..Overrides::default()
        })
    });
    // No preflight: CORS goes by what the page asked for.
    let outcome = fixture.fetch(xhr(PAGE, "GET", "http://a.test/x"));
    assert_eq!(outcome.text(), "done");
    let sent = fixture.sent(0);
    assert_eq!(header(&sent, "user-agent").as_deref(), Some("else"));
    assert_eq!(header(&sent, "x-new").as_deref(), Some("1"));
    for absent in ["accept", "referer", "content-length"] {
        assert_eq!(header(&sent, absent), None, "{absent}");
    }
}

#[test]
fn method_and_body_are_replaced_and_upload_events_tell_of_the_pages_own() {
    let swap = |_: &InterceptedRequest<'_>, _: &FetchController| {
        change(Overrides {
            method: Some(Method::parse(b"PATCH").expect("a method")),
            body: Some(Body::new(*b"longer than before")),
            ..Overrides::default()
        })
    };
    let (fixture, _) = hooked([ok("", "done")], swap);
    let mut request = xhr(PAGE, "POST", "http://a.test/x");
    request.body = Some(Body::new(*b"body"));
    let outcome = fixture.fetch(request);
    assert!(fixture.sent(0).starts_with("PATCH /x "));
    assert!(fixture.sent(0).ends_with("\r\n\r\nlonger than before"));
    assert_eq!(
        fixture.sent_header(0, "content-length").as_deref(),
        Some("18")
    );
    assert_eq!(outcome.sent, 4);
    assert_eq!(
        outcome.order,
        ["sent", "sent all", "response", "chunk", "end"]
    );
    // A page that sends no body hears of none.
    let (fixture, _) = hooked([ok("", "done")], swap);
    let outcome = fixture.fetch(xhr(PAGE, "GET", "http://a.test/x"));
    assert_eq!(outcome.order, ["response", "chunk", "end"]);
}

#[test]
fn a_request_stays_on_http() {
    let (fixture, _) = hooked([], |_, _| {
        change(Overrides {
            url: Some(url("file:///etc/passwd")),
            ..Overrides::default()
        })
    });
    let outcome = fixture.fetch(xhr(PAGE, "GET", "http://a.test/x"));
    assert_eq!(
        outcome.error(),
        &NetworkError::UnsupportedScheme("file".to_owned())
    );
}
