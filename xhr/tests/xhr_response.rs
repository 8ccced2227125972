//! What can be read of a response: headers, text in its encoding, bytes, JSON, documents.

use encoding_rs::{SHIFT_JIS, WINDOWS_1252};
use readystate_xhr::XhrError;
use readystate_xhr::fetch::FetchEvent;
use readystate_xhr::xml_http_request::{ResponseObject, ResponseType};

use crate::xhr_driver::{Driver, chunk, head};

fn loaded(content_type: &str, body: &[u8]) -> Driver {
    loaded_as(ResponseType::Empty, None, content_type, body)
}

fn loaded_as(
    response_type: ResponseType,
    mime: Option<&str>,
    content_type: &str,
    body: &[u8],
) -> Driver {
    let mut driver = Driver::new();
    driver.open("GET", "x");
    driver.xhr.set_response_type(response_type).expect("opened");
    if let Some(mime) = mime {
        driver.xhr.override_mime_type(mime).expect("opened");
    }
    driver.send();
    driver.deliver(head(200, &[("Content-Type", content_type)]));
    if !body.is_empty() {
        driver.deliver(chunk(body));
    }
    driver.deliver(FetchEvent::EndOfBody);
    driver
}

#[track_caller]
fn check_text(content_type: &str, body: &[u8], expected: &str) {
    let mut driver = loaded(content_type, body);
    assert_eq!(driver.xhr.response_text(), Ok(expected), "{content_type}");
}

#[test]
fn text_is_decoded_by_mark_charset_declaration_then_utf_8() {
    check_text("text/plain", b"\xC3\xA9", "é");
    check_text("text/plain", b"\xE9", "\u{FFFD}");
    check_text("text/plain;charset=windows-1252", b"\xE9", "é");
    check_text(
        "text/plain;charset=windows-1252",
        b"\xEF\xBB\xBF\xC3\xA9",
        "é",
    );
    check_text("text/plain;charset=utf-8", b"\xFE\xFF\0x", "x");
    check_text("text/plain;charset=bogus", b"\xC3\xA9", "é");
    check_text(
        "text/xml",
        b"<?xml version='1.0' encoding='windows-1252'?><x>\xE9</x>",
        "<?xml version='1.0' encoding='windows-1252'?><x>é</x>",
    );
    check_text(
        "text/plain",
        b"<?xml version='1.0' encoding='windows-1252'?>\xE9",
        "<?xml version='1.0' encoding='windows-1252'?>\u{FFFD}",
    );
    check_text(
        "text/html",
        b"<meta charset=windows-1252>\xE9",
        "<meta charset=windows-1252>\u{FFFD}",
    );
    check_text(
        "bogus",
        b"<?xml version='1.0' encoding='windows-1252'?>\xE9",
        "<?xml version='1.0' encoding='windows-1252'?>é",
    );
}

#[test]
fn xml_declaration_counts_only_without_a_response_type() {
    let body = b"<?xml version='1.0' encoding='windows-1252'?>\xE9";
    let mut driver = loaded_as(ResponseType::Text, None, "text/xml", body);
    assert!(
        driver
            .xhr
            .response_text()
            .expect("text")
            .ends_with('\u{FFFD}')
    );
}

#[test]
fn overriding_type_wins_but_its_missing_charset_does_not() {
    // WPT xhr/overridemimetype-edge-cases.window.js
    let text = |mime: &str| {
        let mut driver = loaded_as(
            ResponseType::Empty,
            Some(mime),
            "text/plain;charset=windows-1252",
            b"\xC2\xF0",
        );
        driver.xhr.response_text().expect("text").to_owned()
    };
    assert_eq!(text("text/plain;charset=UTF-8"), "\u{FFFD}\u{FFFD}");
    assert_eq!(text("text/xml"), "Âð");
    assert_eq!(text("text/plain;charset=342"), "\u{FFFD}\u{FFFD}");
    assert_eq!(text("bogus"), "Âð");
}

#[test]
fn overriding_type_outlives_open() {
    let mut driver = Driver::new();
    driver
        .xhr
        .override_mime_type("text/plain;charset=Shift-JIS")
        .expect("unsent");
    for _ in 0..2 {
        driver.open("GET", "x");
        driver.send();
        driver.deliver(head(200, &[("Content-Type", "text/html;charset=UTF-8")]));
        driver.deliver(chunk(b"\x83\x65\x83\x58\x83\x67"));
        driver.deliver(FetchEvent::EndOfBody);
        assert_eq!(driver.xhr.response_text(), Ok("テスト"));
    }
}

#[test]
fn text_grows_by_whole_characters() {
    let mut driver = Driver::new();
    driver.open("GET", "x");
    driver.send();
    assert_eq!(driver.xhr.response_text(), Ok(""));
    driver.deliver(head(200, &[("Content-Type", "text/plain")]));
    assert_eq!(
        driver.xhr.response_text(),
        Ok(""),
        "not before it is loading"
    );
    driver.deliver(chunk(b"a\xE2"));
    assert_eq!(driver.xhr.response_text(), Ok("a"));
    driver.deliver(chunk(b"\x82\xAC"));
    assert_eq!(driver.xhr.response_text(), Ok("a€"));
    driver.deliver(chunk(b"\xE2\x82"));
    driver.deliver(FetchEvent::EndOfBody);
    assert_eq!(driver.xhr.response_text(), Ok("a€\u{FFFD}"));
    assert_eq!(
        driver.xhr.response_text(),
        Ok("a€\u{FFFD}"),
        "asking again gives the same"
    );
}

#[test]
fn xml_declaration_that_comes_in_pieces_is_taken_up() {
    let mut driver = Driver::new();
    driver.open("GET", "x");
    driver.send();
    driver.deliver(head(200, &[("Content-Type", "text/xml")]));
    driver.deliver(chunk(b"<?xml version='1.0' enc"));
    assert_eq!(driver.xhr.response_text(), Ok("<?xml version='1.0' enc"));
    driver.deliver(chunk(b"oding='windows-1252'?>\xE9"));
    driver.deliver(FetchEvent::EndOfBody);
    assert_eq!(
        driver.xhr.response_text(),
        Ok("<?xml version='1.0' encoding='windows-1252'?>é")
    );
}

#[test]
fn headers_status_and_url() {
    let mut driver = Driver::new();
    driver.open("GET", "x");
    driver.send();
    driver.respond(
        203,
        &[
            ("zz", "1"),
            ("FOO-test", "x"),
            ("foo-", "2"),
            ("Foo-Test", "y"),
            ("_", "3"),
            ("a", ""),
            ("ZZ", "4"),
        ],
        "",
    );
    // `_` comes after letters in lower case but before none in upper case: WPT xhr/getallresponseheaders.htm
    let expected = "a: \r\nfoo-: 2\r\nfoo-test: x, y\r\nzz: 1, 4\r\n_: 3\r\n";
    assert_eq!(
        String::from_utf8_lossy(&driver.xhr.all_response_headers()),
        expected
    );
    assert_eq!(
        driver.xhr.response_header(b"FOO-TEST").as_deref(),
        Some(&b"x, y"[..])
    );
    assert_eq!(driver.xhr.response_header(b"a").as_deref(), Some(&b""[..]));
    assert_eq!(driver.xhr.response_header(b"nope"), None);
    assert_eq!(driver.xhr.response_header(b"a\n"), None);
    assert_eq!(driver.xhr.status(), 203);
    assert_eq!(driver.xhr.status_text(), b"OK");
    assert_eq!(driver.xhr.response_url(), "http://web.test/xhr/answer");
}

#[test]
fn nothing_can_be_read_before_the_response() {
    let mut driver = Driver::new();
    for _ in 0..2 {
        assert_eq!(driver.xhr.status(), 0);
        assert_eq!(driver.xhr.all_response_headers(), b"");
        assert_eq!(driver.xhr.response_url(), "");
        assert_eq!(driver.xhr.response_text(), Ok(""));
        assert_eq!(driver.xhr.check_response_xml(), Ok(false));
        driver.open("GET", "x");
    }
}

#[test]
fn getters_of_another_response_type_throw() {
    let mut driver = loaded_as(ResponseType::Json, None, "application/json", b"1");
    assert!(matches!(
        driver.xhr.response_text(),
        Err(XhrError::InvalidState(_))
    ));
    assert!(matches!(
        driver.xhr.check_response_xml(),
        Err(XhrError::InvalidState(_))
    ));
    let mut driver = loaded_as(ResponseType::Document, None, "text/xml", b"<x/>");
    assert!(matches!(
        driver.xhr.response_text(),
        Err(XhrError::InvalidState(_))
    ));
    assert_eq!(driver.xhr.check_response_xml(), Ok(true));
    let driver = loaded_as(ResponseType::Text, None, "text/xml", b"<x/>");
    assert!(matches!(
        driver.xhr.check_response_xml(),
        Err(XhrError::InvalidState(_))
    ));
}

#[test]
fn response_object_is_null_until_done_except_text() {
    for (response_type, expected) in [
        (ResponseType::Empty, ResponseObject::Text),
        (ResponseType::Text, ResponseObject::Text),
        (ResponseType::ArrayBuffer, ResponseObject::ArrayBuffer),
        (ResponseType::Blob, ResponseObject::Blob),
        (ResponseType::Document, ResponseObject::Document),
        (ResponseType::Json, ResponseObject::Json),
    ] {
        let mut driver = Driver::new();
        driver.open("GET", "x");
        driver.xhr.set_response_type(response_type).expect("opened");
        driver.send();
        driver.deliver(head(200, &[]));
        driver.deliver(chunk("body"));
        let loading = if expected == ResponseObject::Text {
            ResponseObject::Text
        } else {
            ResponseObject::Null
        };
        assert_eq!(driver.xhr.response_object(), loading);
        driver.deliver(FetchEvent::EndOfBody);
        assert_eq!(driver.xhr.response_object(), expected);
    }
}

#[test]
fn bytes_can_be_taken_once_done() {
    let mut driver = Driver::new();
    driver.open("GET", "x");
    driver
        .xhr
        .set_response_type(ResponseType::ArrayBuffer)
        .expect("opened");
    driver.send();
    driver.deliver(head(200, &[]));
    driver.deliver(chunk([1, 2, 255]));
    assert!(driver.xhr.take_response_bytes().is_empty(), "still loading");
    driver.deliver(FetchEvent::EndOfBody);
    assert_eq!(driver.xhr.take_response_bytes(), [1, 2, 255]);
}

#[test]
fn json_is_utf_8_whatever_the_charset() {
    let driver = loaded_as(
        ResponseType::Json,
        None,
        "text/plain;charset=windows-1252",
        b"\xEF\xBB\xBF\"\xC3\xA9\"",
    );
    assert_eq!(driver.xhr.response_json().as_deref(), Some("\"é\""));
    let mut head_only = Driver::new();
    head_only.open("HEAD", "x");
    head_only
        .xhr
        .set_response_type(ResponseType::Json)
        .expect("opened");
    head_only.send();
    head_only.deliver(head(200, &[]));
    assert_eq!(head_only.ready_state(), 4);
    assert_eq!(head_only.xhr.response_json(), None);
}

#[track_caller]
fn check_document(response_type: ResponseType, content_type: &str, expected: Option<bool>) {
    let driver = loaded_as(response_type, None, content_type, b"<x/>");
    let is_html = driver.xhr.document_source().map(|source| source.is_html);
    assert_eq!(is_html, expected, "{response_type:?} {content_type}");
}

#[test]
fn documents_come_of_xml_types_and_of_html_if_asked_for() {
    use ResponseType::{Document, Empty};
    for response_type in [Empty, Document] {
        check_document(response_type, "text/xml", Some(false));
        check_document(response_type, "application/xml;charset=x", Some(false));
        check_document(response_type, "bla/x+xml", Some(false));
        check_document(response_type, "bogus", Some(false));
        check_document(response_type, "text/plain", None);
        check_document(response_type, "text/xmlx", None);
    }
    check_document(Empty, "text/html", None);
    check_document(Document, "text/html", Some(true));
}

#[test]
fn document_source_has_type_url_and_the_encoding_that_is_demanded() {
    let driver = loaded_as(
        ResponseType::Document,
        Some("text/html;charset=shift_jis"),
        "text/xml",
        b"<p>",
    );
    let source = driver.xhr.document_source().expect("HTML");
    assert_eq!(source.encoding, Some(SHIFT_JIS));
    assert_eq!(source.mime_type.to_string(), "text/html;charset=shift_jis");
    assert_eq!(source.url, "http://web.test/xhr/answer");
    assert_eq!(source.bytes, b"<p>");
    let driver = loaded_as(
        ResponseType::Document,
        Some("text/html"),
        "text/xml;charset=latin1",
        b"<p>",
    );
    assert_eq!(
        driver.xhr.document_source().expect("HTML").encoding,
        Some(WINDOWS_1252)
    );
    let driver = loaded_as(ResponseType::Document, None, "text/html", b"<p>");
    assert_eq!(driver.xhr.document_source().expect("HTML").encoding, None);
}

#[test]
fn empty_body_is_a_document_source_but_no_body_is_not() {
    let driver = loaded_as(ResponseType::Document, None, "text/html", b"");
    assert!(driver.xhr.document_source().is_some());
    let mut driver = Driver::new();
    driver.open("GET", "x");
    driver
        .xhr
        .set_response_type(ResponseType::Document)
        .expect("opened");
    driver.send();
    driver.deliver(head(204, &[("Content-Type", "text/html")]));
    assert_eq!(driver.ready_state(), 4);
    assert!(driver.xhr.document_source().is_none());
}
