//! Redirects, and the headers that tell where a request comes from.

use readystate_xhr::NetworkError;
use readystate_xhr::fetch::{Body, CorsError, Mode, RedirectMode, Referrer, ResponseKind};
use readystate_xhr::transport::scripted::Answer;

use crate::fetch_fixture::{Fixture, ok, redirect, redirect_with, url, xhr};

const PAGE: &str = "http://a.test/dir/page";
const OTHER: &str = "http://b.test/data";
const ALLOW: &str = "Access-Control-Allow-Origin: http://a.test\r\n";

#[test]
fn redirects_are_followed_and_counted() {
    let mut answers: Vec<_> = (0..10)
        .map(|at| redirect(302, &format!("/hop{at}")))
        .collect();
    answers.push(ok("", "there"));
    let fixture = Fixture::new(answers);
    let outcome = fixture.fetch(xhr(PAGE, "GET", "http://a.test/start#frag"));
    assert_eq!(outcome.text(), "there");
    let response = outcome.ok();
    assert!(response.redirected());
    assert_eq!(response.url_list.len(), 11);
    assert_eq!(response.url(), Some(&url("http://a.test/hop9#frag")));
    assert_eq!(fixture.transport.connections(), 1, "the connection is kept");

    let mut fixture = Fixture::new((0..21).map(|_| redirect(302, "/again")));
    assert_eq!(
        fixture.fetch(xhr(PAGE, "GET", PAGE)).error(),
        &NetworkError::TooManyRedirects(20)
    );
    fixture = Fixture::new([redirect(302, "/a"), redirect(302, "/b")]);
    fixture.environment.limits.max_redirects = 1;
    assert_eq!(
        fixture.fetch(xhr(PAGE, "GET", PAGE)).error(),
        &NetworkError::TooManyRedirects(1)
    );
}

#[test]
fn redirects_rewrite_the_method_as_each_status_says() {
    for (status, method, expected) in [
        (301, "POST", "GET"),
        (302, "POST", "GET"),
        (303, "POST", "GET"),
        (307, "POST", "POST"),
        (308, "POST", "POST"),
        (301, "PUT", "PUT"),
        (303, "PUT", "GET"),
        (303, "HEAD", "HEAD"),
    ] {
        let fixture = Fixture::new([
            redirect(status, "/to"),
            Answer::bytes("HTTP/1.1 204 x\r\n\r\n"),
        ]);
        let mut request = xhr(PAGE, method, "http://a.test/from");
        request.header_list.append("Content-Type", "text/x");
        request.header_list.append("X-Keep", "1");
        if method != "HEAD" {
            request.body = Some(Body::new("body"));
        }
        let outcome = fixture.fetch(request);
        let sent = fixture.sent(1);
        assert!(
            sent.starts_with(&format!("{expected} /to ")),
            "{status} {method}: {sent}"
        );
        let keeps_body = method == expected && method != "HEAD";
        assert_eq!(
            sent.ends_with("\r\n\r\nbody"),
            keeps_body,
            "{status} {method}"
        );
        assert_eq!(outcome.ok().request_had_body, keeps_body);
        let keeps_type = method == expected;
        assert_eq!(fixture.sent_header(1, "content-type").is_some(), keeps_type);
        assert!(fixture.sent_header(1, "x-keep").is_some());
    }
}

#[test]
fn redirects_to_bad_places_are_errors() {
    for location in [
        "data:text/plain,x",
        "http://[",
        "ftp://a.test/",
        "http://a.test:25/",
    ] {
        let fixture = Fixture::new([redirect(302, location)]);
        assert!(
            fixture.fetch(xhr(PAGE, "GET", PAGE)).ok_or_error().is_err(),
            "{location}"
        );
    }
    let without_location = Answer::bytes("HTTP/1.1 302 x\r\nContent-Length: 2\r\n\r\nhi");
    let outcome = Fixture::new([without_location]).fetch(xhr(PAGE, "GET", PAGE));
    assert_eq!((outcome.status(), outcome.text().as_str()), (302, "hi"));
}

#[test]
fn redirect_modes_error_and_manual() {
    let request = |mode, redirect_mode| {
        let mut request = xhr(PAGE, "GET", PAGE);
        request.mode = mode;
        request.redirect_mode = redirect_mode;
        request
    };
    let fixture = Fixture::new((0..3).map(|_| redirect(302, "/to")));
    let outcome = fixture.fetch(request(Mode::Cors, RedirectMode::Error));
    assert!(matches!(outcome.error(), NetworkError::Redirect(_)));
    let outcome = fixture.fetch(request(Mode::Cors, RedirectMode::Manual));
    assert_eq!(
        (outcome.ok().kind.clone(), outcome.status()),
        (ResponseKind::OpaqueRedirect, 0)
    );
    let outcome = fixture.fetch(request(Mode::Navigate, RedirectMode::Manual));
    assert_eq!(outcome.status(), 302);
    assert!(outcome.ok().header_list.contains("location"));
}

#[test]
fn a_redirect_to_another_origin_taints_and_drops_authorization() {
    // To another origin: CORS from there on. Back from a third origin: the origin shows as null.
    let fixture = Fixture::new([
        redirect(302, "http://b.test/1"),
        redirect_with(302, "http://c.test/2", ALLOW),
        ok("Access-Control-Allow-Origin: null\r\n", "through"),
    ]);
    let mut request = xhr(PAGE, "GET", "http://a.test/0");
    request.unsafe_request = false;
    request.header_list.append("Authorization", "secret");
    let outcome = fixture.fetch(request);
    assert_eq!(outcome.text(), "through");
    assert_eq!(outcome.ok().kind, ResponseKind::Cors);
    let origins: Vec<_> = (0..3).map(|at| fixture.sent_header(at, "origin")).collect();
    assert_eq!(
        origins,
        [
            None,
            Some("http://a.test".to_owned()),
            Some("null".to_owned())
        ]
    );
    assert!(fixture.sent_header(0, "authorization").is_some());
    assert!(fixture.sent_header(1, "authorization").is_none());

    let fixture = Fixture::new([redirect(302, "http://u:p@b.test/")]);
    let outcome = fixture.fetch(xhr(PAGE, "GET", PAGE));
    assert_eq!(
        outcome.error(),
        &NetworkError::Cors(CorsError::RedirectWithCredentials)
    );
}

#[test]
fn referer_follows_the_policy_and_redirects_can_change_it() {
    let fixture = Fixture::new([
        redirect_with(302, "/2", "Referrer-Policy: origin\r\n"),
        ok("", ""),
        ok(ALLOW, ""),
    ]);
    let with_referrer = |to| {
        let mut request = xhr(PAGE, "GET", to);
        request.referrer = Referrer::Url(url("http://u:p@a.test/dir/page?q#f"));
        request
    };
    fixture.fetch(with_referrer("http://a.test/1"));
    fixture.fetch(with_referrer(OTHER));
    let referers: Vec<_> = (0..3)
        .filter_map(|at| fixture.sent_header(at, "referer"))
        .collect();
    assert_eq!(
        referers,
        [
            "http://a.test/dir/page?q",
            "http://a.test/",
            "http://a.test/"
        ]
    );
}

#[test]
fn post_to_the_same_origin_shows_its_origin_and_trustworthy_urls_get_fetch_metadata() {
    let fixture = Fixture::new([ok("", ""), ok("", "")]);
    fixture.fetch(xhr(PAGE, "POST", PAGE));
    assert_eq!(
        fixture.sent_header(0, "origin").as_deref(),
        Some("http://a.test")
    );
    assert_eq!(
        fixture.sent_header(0, "content-length").as_deref(),
        Some("0")
    );
    assert_eq!(fixture.sent_header(0, "sec-fetch-site"), None);
    fixture.fetch(xhr("https://a.test/", "GET", "https://a.test/"));
    assert_eq!(
        fixture.sent_header(1, "sec-fetch-site").as_deref(),
        Some("same-origin")
    );
    assert_eq!(
        fixture.sent_header(1, "sec-fetch-mode").as_deref(),
        Some("cors")
    );
}
