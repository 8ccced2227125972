//! Request bodies on their way out, and connections that were closed meanwhile.

use readystate_xhr::NetworkError;
use readystate_xhr::fetch::Body;
use readystate_xhr::transport::scripted::Answer;

use crate::fetch_fixture::{Fixture, ok, xhr};

const PAGE: &str = "http://a.test/";

#[test]
fn upload_is_reported_in_slices_and_its_end_before_the_response() {
    let fixture = Fixture::new([ok("", "thanks"), ok("", "thanks")]);
    let mut request = xhr(PAGE, "POST", PAGE);
    request.body = Some(Body::new(vec![b'x'; 200_000]));
    let outcome = fixture.fetch(request);
    assert_eq!(
        outcome.order,
        ["sent", "sent all", "response", "chunk", "end"]
    );
    assert_eq!(outcome.sent, 200_000);
    assert_eq!(
        fixture.sent_header(0, "content-length").as_deref(),
        Some("200000")
    );
    assert_eq!(
        fixture.sent(0).len(),
        fixture.sent(0).find("\r\n\r\n").expect("a head") + 4 + 200_000
    );
    let mut request = xhr(PAGE, "POST", PAGE);
    request.body = Some(Body::default());
    let outcome = fixture.fetch(request);
    assert_eq!(outcome.order, ["sent all", "response", "chunk", "end"]);
    assert_eq!(
        fixture.sent_header(1, "content-length").as_deref(),
        Some("0")
    );
}

#[test]
fn an_early_response_to_an_upload_is_read_and_the_upload_not_said_to_be_whole() {
    let answer = Answer::bytes("HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno");
    let fixture = Fixture::new([answer.cutting_upload_after(100_000), ok("", "next")]);
    let mut request = xhr(PAGE, "POST", PAGE);
    request.body = Some(Body::new(vec![b'x'; 1_000_000]));
    let outcome = fixture.fetch(request);
    assert_eq!((outcome.status(), outcome.text().as_str()), (413, "no"));
    assert!(!outcome.order.contains(&"sent all"), "{:?}", outcome.order);
    assert!(outcome.sent <= 100_000, "{}", outcome.sent);
    assert_eq!(fixture.fetch(xhr(PAGE, "GET", PAGE)).text(), "next");
    assert_eq!(fixture.transport.connections(), 2);
}

#[test]
fn a_stale_connection_is_tried_once_more_if_that_is_safe() {
    let fixture = Fixture::new([ok("", "1"), Answer::stale(), ok("", "2")]);
    assert_eq!(fixture.fetch(xhr(PAGE, "GET", PAGE)).text(), "1");
    assert_eq!(fixture.fetch(xhr(PAGE, "GET", PAGE)).text(), "2");
    assert_eq!(fixture.transport.connections(), 2);
    // Stale on a fresh connection is no stale connection: not tried again.
    let fixture = Fixture::new([Answer::stale(), ok("", "2")]);
    let outcome = fixture.fetch(xhr(PAGE, "GET", PAGE));
    assert!(
        matches!(outcome.error(), NetworkError::ConnectionClosed(_)),
        "{:?}",
        outcome.error()
    );
}
