//! CORS: checks, preflights and their cache, filtered responses, redirects.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

use readystate_xhr::environment::Clock;
use readystate_xhr::fetch::{Body, CorsError, CredentialsMode, Destination, Mode, ResponseKind};
use readystate_xhr::transport::scripted::Answer;
use readystate_xhr::{NetworkError, Origin};

use crate::fetch_fixture::{Fixture, ok, redirect_with, url, xhr};

const PAGE: &str = "http://a.test/dir/page";
const OTHER: &str = "http://b.test/data";
const ALLOW: &str = "Access-Control-Allow-Origin: http://a.test\r\n";

fn cors_error(error: &NetworkError) -> &CorsError {
    match error {
        NetworkError::Cors(error) => error,
        other => panic!("not a CORS error: {other:?}"),
    }
}

#[test]
fn a_simple_request_shows_its_origin_and_needs_permission() {
    let check = |headers: &str, include: bool, expected: Result<(), &str>| {
        let fixture = Fixture::new([ok(headers, "data")]);
        let mut request = xhr(PAGE, "GET", OTHER);
        if include {
            request.credentials_mode = CredentialsMode::Include;
        }
        let outcome = fixture.fetch(request);
        assert_eq!(
            fixture.sent_header(0, "origin").as_deref(),
            Some("http://a.test")
        );
        match expected {
            Ok(()) => assert_eq!(
                (outcome.ok().kind.clone(), outcome.text().as_str()),
                (ResponseKind::Cors, "data")
            ),
            Err(part) => {
                let text = cors_error(outcome.error()).to_string();
                assert!(text.contains(part), "{text}");
                assert_eq!(outcome.body, b"");
            }
        }
    };
    let credentials = "Access-Control-Allow-Credentials: true\r\n";
    check(ALLOW, false, Ok(()));
    check("Access-Control-Allow-Origin: *\r\n", false, Ok(()));
    check("", false, Err("no Access-Control-Allow-Origin"));
    check(
        "Access-Control-Allow-Origin: http://A.test\r\n",
        false,
        Err("http://A.test"),
    );
    check(
        &format!("{ALLOW}{ALLOW}"),
        false,
        Err("http://a.test, http://a.test"),
    );
    check("Access-Control-Allow-Origin: *\r\n", true, Err("*"));
    check(ALLOW, true, Err("Allow-Credentials"));
    check(&format!("{ALLOW}{credentials}"), true, Ok(()));
    check(
        &format!("{ALLOW}Access-Control-Allow-Credentials: True\r\n"),
        true,
        Err("Allow-Credentials"),
    );
}

#[test]
fn only_exposed_headers_can_be_read() {
    let headers = format!(
        "{ALLOW}Content-Type: text/x\r\nX-A: 1\r\nX-B: 2\r\nSet-Cookie: c=d\r\nAccess-Control-Expose-Headers: x-a, set-cookie\r\n"
    );
    let wildcard =
        format!("{ALLOW}X-B: 2\r\nSet-Cookie: c=d\r\nAccess-Control-Expose-Headers: *\r\n");
    let fixture = Fixture::new([ok(&headers, ""), ok(&wildcard, "")]);
    let names = |request| {
        let outcome = fixture.fetch(request);
        let list = &outcome.ok().header_list;
        list.iter()
            .map(|(name, _)| String::from_utf8_lossy(name).into_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        names(xhr(PAGE, "GET", OTHER)),
        ["Content-Type", "X-A", "Content-Length"]
    );
    let all = names(xhr(PAGE, "GET", OTHER));
    assert!(
        all.contains(&"X-B".to_owned()) && !all.contains(&"Set-Cookie".to_owned()),
        "{all:?}"
    );
}

#[test]
fn same_origin_responses_hide_only_cookies() {
    let fixture = Fixture::new([ok("X-A: 1\r\nSet-Cookie: c=d\r\nSet-Cookie2: x\r\n", "")]);
    let outcome = fixture.fetch(xhr(PAGE, "GET", "http://a.test/"));
    let list = &outcome.ok().header_list;
    assert!(list.contains("x-a") && !list.contains("set-cookie") && !list.contains("set-cookie2"));
    assert_eq!(fixture.sent_header(0, "origin"), None);
}

struct TestClock(Instant, Mutex<Duration>);

impl Clock for TestClock {
    fn now(&self) -> Instant {
        self.0 + *self.1.lock().expect("no panic")
    }

    fn system_time(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + *self.1.lock().expect("no panic")
    }
}

fn permission(extra: &str) -> Answer {
    Answer::bytes(format!("HTTP/1.1 204 OK\r\n{ALLOW}{extra}\r\n"))
}

#[test]
fn a_preflight_asks_for_method_and_headers_and_is_remembered() {
    let lists = "Access-Control-Allow-Methods: PUT, DELETE\r\nAccess-Control-Allow-Headers: X-A, x-b\r\nAccess-Control-Max-Age: 60\r\n";
    let mut fixture = Fixture::new([
        permission(lists),
        ok(ALLOW, "1"),
        ok(ALLOW, "2"),
        permission(lists),
        ok(ALLOW, "3"),
    ]);
    let clock = Arc::new(TestClock(Instant::now(), Mutex::default()));
    fixture.environment.clock = Arc::<TestClock>::clone(&clock);
    let put = || {
        let mut request = xhr(PAGE, "PUT", OTHER);
        request.header_list.append("X-B", "2");
        request.header_list.append("x-a", "1");
        request.header_list.append("Accept", "text/*");
        request.body = Some(Body::new("body"));
        request
    };
    let outcome = fixture.fetch(put());
    assert_eq!(outcome.text(), "1");
    assert_eq!(
        outcome.order,
        ["sent", "sent all", "response", "chunk", "end"]
    );
    let preflight = fixture.sent(0);
    assert!(
        preflight.starts_with("OPTIONS /data HTTP/1.1\r\n"),
        "{preflight}"
    );
    let asked = |name| fixture.sent_header(0, name);
    assert_eq!(
        asked("access-control-request-method").as_deref(),
        Some("PUT")
    );
    assert_eq!(
        asked("access-control-request-headers").as_deref(),
        Some("x-a,x-b")
    );
    assert_eq!(asked("origin").as_deref(), Some("http://a.test"));
    assert_eq!(asked("cookie"), None);
    assert!(fixture.sent(1).starts_with("PUT "));
    // Remembered:
    *clock.1.lock().expect("no panic") = Duration::from_secs(59);
    assert_eq!(fixture.fetch(put()).text(), "2");
    assert!(fixture.sent(2).starts_with("PUT "));
    // Expired:
    *clock.1.lock().expect("no panic") = Duration::from_secs(61);
    assert_eq!(fixture.fetch(put()).text(), "3");
    assert!(fixture.sent(3).starts_with("OPTIONS "));
}

#[test]
fn a_preflight_that_does_not_allow_it_stops_the_request() {
    let check = |answer: Answer, part: &str| {
        let fixture = Fixture::new([answer]);
        let mut request = xhr(PAGE, "PATCH", OTHER);
        request.header_list.append("Authorization", "x");
        let outcome = fixture.fetch(request);
        let text = cors_error(outcome.error()).to_string();
        assert!(text.contains(part), "{text} does not name {part}");
        assert_eq!(fixture.transport.requests().len(), 1);
    };
    let methods = "Access-Control-Allow-Methods: PATCH\r\n";
    check(permission(""), "PATCH");
    check(
        permission("Access-Control-Allow-Methods: patch\r\n"),
        "PATCH",
    );
    check(permission(methods), "header Authorization");
    check(
        permission(&format!("{methods}Access-Control-Allow-Headers: *\r\n")),
        "uthorization",
    );
    check(
        permission("Access-Control-Allow-Methods: a b\r\n"),
        "malformed",
    );
    check(ok("", ""), "no Access-Control-Allow-Origin");
    let not_ok = format!("HTTP/1.1 404 No\r\n{ALLOW}Content-Length: 0\r\n\r\n");
    check(Answer::bytes(not_ok), "404");
    let moved = redirect_with(302, "http://b.test/x", ALLOW);
    check(moved, "302");
    check(Answer::bytes("").then_close(), "preflight failed");
}

#[test]
fn a_wildcard_allows_all_but_authorization_without_credentials() {
    let wildcard = "Access-Control-Allow-Methods: *\r\nAccess-Control-Allow-Headers: *\r\n";
    let fixture = Fixture::new([permission(wildcard), ok(ALLOW, "yes")]);
    let mut request = xhr(PAGE, "CUSTOM", OTHER);
    request.header_list.append("X-Any", "1");
    assert_eq!(fixture.fetch(request).text(), "yes");
    let credentials = format!("{wildcard}Access-Control-Allow-Credentials: true\r\n");
    let fixture = Fixture::new([permission(&credentials)]);
    let mut request = xhr(PAGE, "CUSTOM", OTHER);
    request.credentials_mode = CredentialsMode::Include;
    let outcome = fixture.fetch(request);
    assert_eq!(
        cors_error(outcome.error()),
        &CorsError::MethodNotAllowed("CUSTOM".to_owned())
    );
}

#[test]
fn upload_listeners_force_a_preflight_for_simple_requests() {
    let fixture = Fixture::new([permission(""), ok(ALLOW, "1"), ok(ALLOW, "2")]);
    let post = || {
        let mut request = xhr(PAGE, "POST", OTHER);
        request.use_cors_preflight = true;
        request
    };
    assert_eq!(fixture.fetch(post()).text(), "1");
    assert_eq!(fixture.fetch(post()).text(), "2");
    assert_eq!(
        fixture.transport.requests().len(),
        3,
        "the second comes from the cache"
    );
}

#[test]
fn a_failed_cors_request_forgets_its_permission() {
    let allowed = "Access-Control-Allow-Methods: PUT\r\nAccess-Control-Max-Age: 600\r\n";
    let fixture = Fixture::new([
        permission(allowed),
        ok("", ""),
        permission(allowed),
        ok(ALLOW, "x"),
    ]);
    assert!(
        fixture
            .fetch(xhr(PAGE, "PUT", OTHER))
            .ok_or_error()
            .is_err()
    );
    assert_eq!(fixture.fetch(xhr(PAGE, "PUT", OTHER)).text(), "x");
    assert!(fixture.sent(2).starts_with("OPTIONS "));
}

#[test]
fn no_cors_responses_are_opaque_and_same_origin_mode_refuses() {
    let fixture = Fixture::new([
        ok("X-A: 1\r\n", "script"),
        ok("Cross-Origin-Resource-Policy: same-origin\r\n", "x"),
    ]);
    let no_cors = || {
        let mut request = xhr(PAGE, "GET", OTHER);
        request.mode = Mode::NoCors;
        request.destination = Destination::Image;
        request
    };
    let outcome = fixture.fetch(no_cors());
    let response = outcome.ok();
    assert_eq!(
        (response.kind.clone(), response.status),
        (ResponseKind::Opaque, 0)
    );
    assert!(response.header_list.is_empty() && response.url().is_none());
    assert!(
        fixture.fetch(no_cors()).ok_or_error().is_err(),
        "resource policy"
    );
    let mut request = xhr(PAGE, "GET", OTHER);
    request.mode = Mode::SameOrigin;
    assert!(matches!(
        fixture.fetch(request).error(),
        NetworkError::NotSameOrigin(_)
    ));
}

#[test]
fn a_preflight_counts_for_its_top_level_site_only_and_a_negative_age_is_none() {
    let preflights = |headers: &str, sites: [&str; 2]| {
        let allow = format!("{ALLOW}Access-Control-Allow-Methods: PUT\r\n{headers}");
        let fixture = Fixture::new((0..4).map(|_| ok(&allow, "")));
        for site in sites {
            let mut request = xhr(PAGE, "PUT", OTHER);
            request.top_level_origin = Some(Origin::of(&url(site)));
            fixture.fetch(request).ok();
        }
        let texts = fixture.transport.request_texts();
        let is_preflight = |text: &&String| text.starts_with("OPTIONS");
        texts.iter().filter(is_preflight).count()
    };
    let age = "Access-Control-Max-Age: 60\r\n";
    assert_eq!(preflights(age, ["http://a.test", "http://www.a.test"]), 1);
    assert_eq!(preflights(age, ["http://a.test", "http://c.test"]), 2);
    let negative = "Access-Control-Max-Age: -1\r\n";
    assert_eq!(preflights(negative, ["http://a.test", "http://a.test"]), 2);
}
