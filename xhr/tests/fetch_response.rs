//! Responses: heads, bodies, codings, limits, schemes.

use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

use readystate_xhr::body::Blob;
use readystate_xhr::environment::BlobUrlStore;
use readystate_xhr::error::TimeoutStage;
use readystate_xhr::fetch::{Destination, FetchController, Mode, Request};
use readystate_xhr::transport::scripted::Answer;
use readystate_xhr::{NetworkError, Origin};
use url::Url;

use crate::fetch_fixture::{Fixture, ok, redirect, run, url, xhr};

const PAGE: &str = "http://a.test/";

#[test]
fn status_text_and_headers_come_as_they_were_on_the_wire() {
    let fixture = Fixture::new([Answer::chunks([
        &b"HTTP/1.1 299 f\xfcn"[..],
        b" \r\nX-B: 1\r\nx-a: \xe9\r\nX-B",
        b": 2\r\nContent-Length: 5\r\n\r\nhe",
        b"llo",
    ])]);
    let outcome = fixture.fetch(xhr(PAGE, "GET", "http://a.test/x?q#f"));
    let response = outcome.ok();
    assert_eq!(response.status, 299);
    assert_eq!(response.status_message, b"f\xfcn");
    let names: Vec<_> = response.header_list.iter().map(|(name, _)| name).collect();
    assert_eq!(names, [&b"X-B"[..], b"x-a", b"X-B", b"Content-Length"]);
    assert_eq!(response.header_list.get_first("X-A"), Some(&b"\xe9"[..]));
    assert_eq!(response.url().map(Url::as_str), Some("http://a.test/x?q#f"));
    assert_eq!(outcome.body, b"hello");
    assert_eq!(outcome.order, ["response", "chunk", "end"]);
    assert!(
        fixture
            .sent(0)
            .starts_with("GET /x?q HTTP/1.1\r\nHost: a.test\r\nConnection: keep-alive\r\n")
    );
}

#[test]
fn interim_responses_are_skipped() {
    let fixture = Fixture::new([Answer::chunks([
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r",
        "\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi",
    ])]);
    let outcome = fixture.fetch(xhr(PAGE, "GET", PAGE));
    assert_eq!((outcome.status(), outcome.text().as_str()), (200, "hi"));
    assert!(!outcome.ok().header_list.contains("link"));
}

#[test]
fn chunked_bodies_and_bodies_up_to_the_close_are_read() {
    let fixture = Fixture::new([
        Answer::chunks([
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
            "2\r\nd",
            "e\r\n0\r\n\r\n",
        ]),
        Answer::chunks(["HTTP/1.1 200 OK\r\n\r\nto the", " end"]).then_close(),
        ok("", "third"),
    ]);
    let outcome = fixture.fetch(xhr(PAGE, "GET", PAGE));
    assert_eq!(outcome.text(), "abcde");
    assert!(
        outcome.chunks.len() > 1,
        "chunks are handed over as they come"
    );
    assert_eq!(fixture.fetch(xhr(PAGE, "GET", PAGE)).text(), "to the end");
    assert_eq!(fixture.fetch(xhr(PAGE, "GET", PAGE)).text(), "third");
    assert_eq!(
        fixture.transport.connections(),
        2,
        "the chunked one was kept, the closed one not"
    );
}

#[test]
fn bodies_cut_short_deliver_what_came_before_the_error() {
    for (answer, expected) in [
        (
            Answer::bytes("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfour").then_close(),
            "10",
        ),
        (
            Answer::bytes("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfour").then_reset(),
            "10",
        ),
        (
            Answer::bytes("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nfour\r\n")
                .then_close(),
            "last chunk missing",
        ),
        (
            Answer::bytes("HTTP/1.1 200 OK\r\n\r\nfour").then_reset(),
            "unknown",
        ),
    ] {
        let outcome = Fixture::new([answer]).fetch(xhr(PAGE, "GET", PAGE));
        assert_eq!(outcome.text(), "four");
        let error = outcome.body_error.as_ref();
        assert!(
            matches!(error, Some(NetworkError::TruncatedBody { received: 4, expected: found }) if found.contains(expected)),
            "{error:?}"
        );
        assert_eq!(outcome.order, ["response", "chunk", "error"]);
    }
}

#[test]
fn a_bad_chunk_size_is_a_malformed_response() {
    let bytes = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n";
    let outcome = Fixture::new([Answer::bytes(bytes)]).fetch(xhr(PAGE, "GET", PAGE));
    assert!(
        matches!(outcome.body_error, Some(NetworkError::MalformedResponse(_))),
        "{:?}",
        outcome.body_error
    );
}

#[test]
fn a_head_cut_off_between_two_lines_is_taken_as_browsers_take_it() {
    let answer = Answer::bytes("HTTP/1.1 280 HELLO\r\nfoo: 1\r\nfoo: 2\r\n").then_close();
    let outcome = Fixture::new([answer]).fetch(xhr(PAGE, "GET", PAGE));
    assert_eq!((outcome.status(), outcome.text().as_str()), (280, ""));
    assert_eq!(
        outcome.ok().header_list.get("foo").as_deref(),
        Some(&b"1, 2"[..])
    );
}

#[test]
fn heads_that_never_end_are_named() {
    let check = |answer: Answer, is_expected: fn(&NetworkError) -> bool| {
        let mut fixture = Fixture::new([answer]);
        fixture.environment.limits.response_head_timeout = Some(Duration::from_millis(100));
        fixture.environment.limits.max_header_bytes = 1000;
        let outcome = fixture.fetch(xhr(PAGE, "GET", PAGE));
        assert!(is_expected(outcome.error()), "{:?}", outcome.error());
    };
    let head_timeout = |error: &NetworkError| {
        matches!(
            error,
            NetworkError::Timeout {
                stage: TimeoutStage::ResponseHead,
                ..
            }
        )
    };
    check(Answer::bytes("").then_hang(), head_timeout);
    check(
        Answer::bytes("HTTP/1.1 200 OK\r\nX: ").then_hang(),
        head_timeout,
    );
    check(
        Answer::bytes("HTTP/1.1 200 OK\r\nX: ").then_close(),
        |error| matches!(error, NetworkError::ConnectionClosed(detail) if detail.contains("incomplete")),
    );
    check(Answer::bytes("").then_close(), |error| {
        matches!(error, NetworkError::ConnectionClosed(_))
    });
    check(Answer::bytes("220 ftp ready\r\n"), |error| {
        matches!(error, NetworkError::MalformedResponse(_))
    });
    let long = format!("HTTP/1.1 200 OK\r\nX: {}\r\n\r\n", "y".repeat(2000));
    check(Answer::bytes(long), |error| {
        *error == NetworkError::HeadTooLarge(1000)
    });
    check(Answer::refuse(), |error| {
        matches!(error, NetworkError::Connect { .. })
    });
}

#[test]
fn a_body_that_stalls_ends_by_the_idle_time_out() {
    let answer = Answer::bytes("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfour").then_hang();
    let mut fixture = Fixture::new([answer]);
    fixture.environment.limits.idle_timeout = Some(Duration::from_millis(100));
    let outcome = fixture.fetch(xhr(PAGE, "GET", PAGE));
    assert_eq!(outcome.text(), "four");
    assert!(matches!(
        outcome.body_error,
        Some(NetworkError::Timeout {
            stage: TimeoutStage::BodyIdle,
            ..
        })
    ));
}

#[test]
fn bodies_beyond_the_limit_are_cut_off() {
    let mut fixture = Fixture::new([ok("", &"x".repeat(5000))]);
    fixture.environment.limits.max_body_bytes = 1000;
    let outcome = fixture.fetch(xhr(PAGE, "GET", PAGE));
    assert_eq!(outcome.body_error, Some(NetworkError::BodyTooLarge(1000)));
    let fixture = Fixture::new([ok("", "small")]);
    let mut request = xhr(PAGE, "GET", PAGE);
    request.max_body_bytes = Some(4);
    assert_eq!(
        fixture.fetch(request).body_error,
        Some(NetworkError::BodyTooLarge(4))
    );
}

#[test]
fn abort_ends_a_hanging_body_and_is_named() {
    let answer = Answer::bytes("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfour").then_hang();
    let fixture = Fixture::new([answer]);
    let controller = FetchController::new();
    let outcome = std::thread::scope(|scope| {
        let request = xhr(PAGE, "GET", PAGE);
        let fetching = scope.spawn(|| run(request, &fixture.environment, &controller));
        assert!(fixture.transport.wait_until_hanging());
        controller.abort();
        fetching.join().expect("no panic")
    });
    assert_eq!(outcome.text(), "four");
    assert_eq!(outcome.body_error, Some(NetworkError::Aborted));
    let aborted = run(xhr(PAGE, "GET", PAGE), &fixture.environment, &controller);
    assert_eq!(aborted.error(), &NetworkError::Aborted);
}

#[test]
fn content_codings_are_undone_and_the_headers_kept() {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(b"hello").expect("memory");
    let gzip = encoder.finish().expect("memory");
    let mut bytes = format!(
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n",
        gzip.len()
    )
    .into_bytes();
    bytes.extend_from_slice(&gzip);
    let cut = Answer::bytes(&bytes[..bytes.len() - 3]).then_close();
    let fixture = Fixture::new([Answer::bytes(&bytes), cut]);
    let outcome = fixture.fetch(xhr(PAGE, "GET", PAGE));
    assert_eq!(outcome.text(), "hello");
    let headers = &outcome.ok().header_list;
    assert_eq!(headers.get_first("content-encoding"), Some(&b"gzip"[..]));
    assert!(headers.contains("content-length"));
    let accepted = fixture.sent_header(0, "accept-encoding");
    assert_eq!(accepted.as_deref(), Some("gzip, deflate, br, zstd"));
    let outcome = fixture.fetch(xhr(PAGE, "GET", PAGE));
    assert!(
        matches!(outcome.body_error, Some(NetworkError::TruncatedBody { .. })),
        "{outcome:?}"
    );
}

#[test]
fn head_and_null_body_statuses_have_no_body() {
    let fixture = Fixture::new([
        Answer::bytes("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"),
        Answer::bytes("HTTP/1.1 204 Empty\r\n\r\n"),
        Answer::bytes("HTTP/1.1 304 Same\r\nContent-Length: 5\r\n\r\n"),
        Answer::bytes("HTTP/1.1 205 Reset\r\nContent-Length: 3\r\n\r\nabc"),
    ]);
    assert_eq!(
        fixture.fetch(xhr(PAGE, "HEAD", PAGE)).order,
        ["response", "end"]
    );
    for status in [204, 304, 205] {
        let outcome = fixture.fetch(xhr(PAGE, "GET", PAGE));
        assert_eq!(
            (outcome.status(), outcome.order),
            (status, vec!["response", "end"])
        );
    }
    assert_eq!(fixture.transport.connections(), 1);
}

#[test]
fn data_and_about_urls_need_no_network() {
    let fixture = Fixture::new([]);
    let outcome = fixture.fetch(xhr(PAGE, "GET", "data:text/plain;charset=x,a%20b"));
    assert_eq!((outcome.status(), outcome.text().as_str()), (200, "a b"));
    let response = outcome.ok();
    assert_eq!(response.status_message, b"OK");
    assert_eq!(
        response.header_list.get_first("content-type"),
        Some(&b"text/plain;charset=x"[..])
    );
    let mut request = xhr(PAGE, "GET", "about:blank");
    request.mode = Mode::Navigate;
    assert_eq!(fixture.fetch(request).status(), 200);
    let outcome = fixture.fetch(xhr(PAGE, "GET", "ftp://a.test/"));
    assert!(matches!(outcome.error(), NetworkError::Cors(_)));
    let mut request = xhr(PAGE, "GET", "file:///etc/passwd");
    request.mode = Mode::Navigate;
    assert_eq!(
        fixture.fetch(request).error(),
        &NetworkError::UnsupportedScheme("file".to_owned())
    );
}

struct OneBlob;

impl BlobUrlStore for OneBlob {
    fn resolve(&self, url: &Url) -> Option<Blob> {
        (url.path() == "http://a.test/1").then(|| Blob::new(b"hello".to_vec(), "text/x"))
    }
}

#[test]
fn blob_urls_come_from_the_store_whole_or_in_part() {
    let mut fixture = Fixture::new([]);
    fixture.environment.blob_urls = Some(Arc::new(OneBlob));
    let blob = "blob:http://a.test/1#f";
    let outcome = fixture.fetch(xhr(PAGE, "GET", blob));
    assert_eq!(outcome.text(), "hello");
    assert_eq!(
        outcome.ok().header_list.get_first("content-type"),
        Some(&b"text/x"[..])
    );
    let mut request = xhr(PAGE, "GET", blob);
    request.header_list.append("Range", "bytes=1-2");
    let outcome = fixture.fetch(request);
    assert_eq!((outcome.status(), outcome.text().as_str()), (206, "el"));
    assert!(
        fixture
            .fetch(xhr(PAGE, "POST", blob))
            .response
            .is_some_and(|response| response.is_network_error())
    );
    assert!(matches!(
        fixture
            .fetch(xhr(PAGE, "GET", "blob:http://a.test/2"))
            .error(),
        NetworkError::InvalidUrl(_)
    ));
}

#[test]
fn a_blob_url_means_what_it_meant_when_it_was_parsed() {
    let mut fixture = Fixture::new([]);
    fixture.environment.blob_urls = Some(Arc::new(OneBlob));
    let mut request = xhr(PAGE, "GET", "blob:http://a.test/revoked");
    request.blob_url_entry = Some(Blob::new(b"early".to_vec(), ""));
    let outcome = fixture.fetch(request);
    assert_eq!(outcome.text(), "early");
    assert_eq!(
        outcome.ok().header_list.get_first("content-length"),
        Some(&b"5"[..])
    );
    // Another origin's is not read.
    let mut request = xhr(PAGE, "GET", "blob:http://b.test/1");
    request.blob_url_entry = Some(Blob::new(b"secret".to_vec(), ""));
    assert!(matches!(
        fixture.fetch(request).error(),
        NetworkError::Cors(_)
    ));
    // Nor run as a script.
    let mut request = xhr(PAGE, "GET", "blob:http://b.test/1");
    request.blob_url_entry = Some(Blob::new(b"secret".to_vec(), ""));
    request.mode = Mode::NoCors;
    assert!(matches!(
        fixture.fetch(request).error(),
        NetworkError::InvalidUrl(_)
    ));
}

#[test]
fn a_secure_page_and_what_is_within_asks_for_nothing_insecure() {
    let check = |request: Request, is_blocked: bool| {
        let fixture = Fixture::new([ok("Access-Control-Allow-Origin: *\r\n", "fine")]);
        let url = request.url.to_string();
        let outcome = fixture.fetch(request);
        if is_blocked {
            assert_eq!(outcome.error(), &NetworkError::MixedContent(url));
            assert_eq!(fixture.transport.connections(), 0);
        } else {
            assert_eq!(outcome.text(), "fine");
        }
    };
    let secure = "https://a.test/";
    check(xhr(secure, "GET", "http://b.test/"), true);
    check(xhr(secure, "GET", "https://b.test/"), false);
    check(xhr(secure, "GET", "http://127.0.0.1/"), false);
    check(xhr("http://a.test/", "GET", "http://b.test/"), false);
    check(xhr("http://localhost/", "GET", "http://b.test/"), false);
    // A frame that is not secure itself, in a page that is; the page's next document.
    let mut framed = xhr("http://a.test/", "GET", "http://a.test/");
    framed.top_level_origin = Some(Origin::of(&url(secure)));
    check(framed, true);
    let mut next = xhr(secure, "GET", "http://b.test/");
    next.mode = Mode::Navigate;
    next.destination = Destination::Document;
    check(next, false);
    // On the way, too.
    let fixture = Fixture::new([redirect(302, "http://b.test/")]);
    let outcome = fixture.fetch(xhr(secure, "GET", secure));
    assert!(matches!(outcome.error(), NetworkError::MixedContent(_)));
}

#[test]
fn bad_ports_are_refused_before_anything_is_sent() {
    let fixture = Fixture::new([ok("", "never")]);
    let outcome = fixture.fetch(xhr("http://a.test:25/", "GET", "http://a.test:25/"));
    assert_eq!(outcome.error(), &NetworkError::BlockedPort(25));
    assert_eq!(fixture.transport.connections(), 0);
}

#[test]
fn a_coded_body_is_read_past_its_end_so_that_the_connection_is_kept() {
    let mut bytes =
        b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n"
            .to_vec();
    bytes.extend_from_slice(b"\x0b\x02\x80hello\x03\r\n");
    let fixture = Fixture::new([Answer::chunks([&bytes[..], b"0\r\n\r\n"]), ok("", "next")]);
    assert_eq!(fixture.fetch(xhr(PAGE, "GET", PAGE)).text(), "hello");
    assert_eq!(fixture.fetch(xhr(PAGE, "GET", PAGE)).text(), "next");
    assert_eq!(fixture.transport.connections(), 1);
}

#[test]
fn scripts_of_the_wrong_type_are_blocked() {
    let fixture = Fixture::new([
        ok("Content-Type: image/png\r\n", "x"),
        ok(
            "Content-Type: text/plain\r\nX-Content-Type-Options: NoSniff\r\n",
            "x",
        ),
        ok(
            "Content-Type: text/javascript\r\nX-Content-Type-Options: nosniff\r\n",
            "x",
        ),
    ]);
    let script = || {
        let mut request = xhr(PAGE, "GET", PAGE);
        request.destination = Destination::Script;
        request
    };
    assert!(matches!(
        fixture.fetch(script()).error(),
        NetworkError::MimeTypeBlocked(_)
    ));
    assert!(matches!(
        fixture.fetch(script()).error(),
        NetworkError::Nosniff(_)
    ));
    assert_eq!(fixture.fetch(script()).status(), 200);
}
