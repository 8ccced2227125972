//! What `open()`, `setRequestHeader()` and `send()` accept and what request comes of it.

use readystate_xhr::XhrError;
use readystate_xhr::body::{Blob, BodyInit, FormData, UrlSearchParams};
use readystate_xhr::fetch::{CredentialsMode, InitiatorType, Mode};
use readystate_xhr::xml_http_request::{OpenOptions, ResponseType, SendBody};

use crate::xhr_driver::Driver;

#[track_caller]
fn check_method(given: &str, sent: Option<&str>) {
    let mut driver = Driver::new();
    let opened = driver.try_open(&OpenOptions::new(given.as_bytes(), "x"));
    if let Some(sent) = sent {
        opened.expect("a method");
        driver.send();
        assert_eq!(driver.request().method.as_str(), sent);
    } else {
        assert!(opened.is_err(), "{given:?}");
        driver.assert_log(&[]);
    }
}

#[test]
fn methods_are_tokens_and_six_are_normalised() {
    check_method("post", Some("POST"));
    check_method("delete", Some("DELETE"));
    check_method("Chicken", Some("Chicken"));
    check_method("patch", Some("patch"));
    for bogus in ["", ">", " GET", "G T", "G\0", "é", "GET\n"] {
        check_method(bogus, None);
    }
}

#[test]
fn forbidden_methods_are_security_errors() {
    for method in ["track", "TRACE", "ConNect"] {
        let mut driver = Driver::new();
        let opened = driver.try_open(&OpenOptions::new(method.as_bytes(), "x"));
        assert!(matches!(opened, Err(XhrError::Security(_))), "{method}");
    }
}

#[test]
fn url_is_relative_to_the_base_and_may_have_credentials() {
    let mut driver = Driver::new();
    let options = OpenOptions {
        username: Some("u:1"),
        password: Some("p@"),
        ..OpenOptions::new(b"GET", "../a?b#c")
    };
    driver.try_open(&options).expect("a URL");
    driver.send();
    assert_eq!(
        driver.request().url.as_str(),
        "http://u%3A1:p%40@web.test/a?b#c"
    );
    assert!(driver.request().use_url_credentials);
    driver.open("GET", "http://me@web.test/");
    driver.send();
    assert!(driver.request().use_url_credentials);
    driver.open("GET", "y");
    driver.send();
    assert!(!driver.request().use_url_credentials);
    // No host: no credentials, and no error.
    driver
        .try_open(&OpenOptions {
            url: "data:,x",
            ..options
        })
        .expect("a URL");
    for bogus in ["http://", "http://a:b/", "//[::"] {
        let opened = driver.try_open(&OpenOptions::new(b"GET", bogus));
        assert!(matches!(opened, Err(XhrError::Syntax(_))), "{bogus}");
    }
}

#[test]
fn request_of_a_detached_document_is_an_invalid_state() {
    let mut driver = Driver::new();
    driver.settings.fully_active = false;
    let opened = driver.try_open(&OpenOptions::new(b"GET", "x"));
    assert!(matches!(opened, Err(XhrError::InvalidState(_))));
}

#[test]
fn request_has_what_the_standard_says() {
    let mut driver = Driver::new();
    driver.open("PUT", "x");
    driver.xhr.set_with_credentials(true).expect("not sent");
    driver.upload_listeners = false;
    driver.send();
    let request = driver.request();
    assert_eq!(request.mode, Mode::Cors);
    assert_eq!(request.credentials_mode, CredentialsMode::Include);
    assert_eq!(request.initiator_type, Some(InitiatorType::XmlHttpRequest));
    assert!(request.unsafe_request);
    assert!(!request.use_cors_preflight);
    assert_eq!(request.body, None);
    assert_eq!(request.origin, driver.settings.origin);
    assert!(matches!(
        driver.xhr.set_with_credentials(false),
        Err(XhrError::InvalidState(_))
    ));
}

#[test]
fn get_and_head_have_no_body() {
    for method in ["GET", "HEAD"] {
        let mut driver = Driver::new();
        driver.open(method, "x");
        assert!(!driver.xhr.takes_body());
        driver.send_body(BodyInit::Text("ignored".to_owned()));
        assert_eq!(driver.request().body, None);
        assert!(!driver.request().header_list.contains("Content-Type"));
        driver.assert_log(&["1", "loadstart(0,0,false)"]);
    }
}

#[test]
fn headers_combine_and_the_first_name_keeps_its_case() {
    let mut driver = Driver::new();
    driver.open("GET", "x");
    for (name, value) in [
        ("X-Test", " t1"),
        ("x-test", "t2\t"),
        ("X-Empty", ""),
        ("Cookie", "a=b"),
        ("Host", "h"),
    ] {
        driver
            .xhr
            .set_request_header(name.as_bytes(), value.as_bytes())
            .expect("well-formed");
    }
    driver.send();
    let headers: Vec<_> = driver.request().header_list.iter().collect();
    assert_eq!(
        headers,
        [(&b"X-Test"[..], &b"t1, t2"[..]), (b"X-Empty", b"")]
    );
}

#[test]
fn open_forgets_the_headers() {
    let mut driver = Driver::new();
    driver.open("GET", "x");
    driver
        .xhr
        .set_request_header(b"X-A", b"1")
        .expect("well-formed");
    driver.open("GET", "x");
    driver
        .xhr
        .set_request_header(b"X-A", b"2")
        .expect("well-formed");
    driver.send();
    assert_eq!(
        driver.request().header_list.get("X-A").as_deref(),
        Some(&b"2"[..])
    );
}

#[test]
fn malformed_headers_are_syntax_errors() {
    let mut driver = Driver::new();
    driver.open("GET", "x");
    for (name, value) in [
        ("", "x"),
        ("a b", "x"),
        ("a:", "x"),
        ("a\n", "x"),
        ("a", "x\ny"),
        ("a", "x\0"),
        ("a", "\rx\ry"),
    ] {
        let set = driver
            .xhr
            .set_request_header(name.as_bytes(), value.as_bytes());
        assert!(
            matches!(set, Err(XhrError::Syntax(_))),
            "{name:?} {value:?}"
        );
    }
}

#[test]
fn headers_and_send_need_an_opened_request_that_is_not_sent() {
    let mut driver = Driver::new();
    assert!(matches!(
        driver.xhr.set_request_header(b"a", b"b"),
        Err(XhrError::InvalidState(_))
    ));
    assert!(matches!(
        driver.try_send(None),
        Err(XhrError::InvalidState(_))
    ));
    driver.open("GET", "x");
    driver.send();
    assert!(matches!(
        driver.xhr.set_request_header(b"a", b"b"),
        Err(XhrError::InvalidState(_))
    ));
    assert!(matches!(
        driver.try_send(None),
        Err(XhrError::InvalidState(_))
    ));
    driver.respond(200, &[], "");
    assert!(matches!(
        driver.xhr.set_request_header(b"a", b"b"),
        Err(XhrError::InvalidState(_))
    ));
    assert!(matches!(
        driver.try_send(None),
        Err(XhrError::InvalidState(_))
    ));
}

#[track_caller]
fn check_content_type(body: impl Into<SendBody>, author: Option<&str>, sent: Option<&str>) {
    let mut driver = Driver::new();
    driver.open("POST", "x");
    if let Some(author) = author {
        driver
            .xhr
            .set_request_header(b"Content-Type", author.as_bytes())
            .expect("well-formed");
    }
    driver.send_body(body);
    let found = driver.request().header_list.get("Content-Type");
    assert_eq!(
        found.as_deref(),
        sent.map(str::as_bytes),
        "author type {author:?}"
    );
}

fn text() -> BodyInit {
    BodyInit::Text("TEST".to_owned())
}

#[test]
fn charset_of_a_texts_content_type_becomes_utf_8() {
    // WPT xhr/send-content-type-charset.htm
    for (author, sent) in [
        ("text; charset=ascii", "text; charset=ascii"),
        ("", ""),
        ("charset=ascii", "charset=ascii"),
        ("text/plain;charset=utf-8", "text/plain;charset=utf-8"),
        ("text/x-pink-unicorn", "text/x-pink-unicorn"),
        ("text/plain;  hi=bye", "text/plain;  hi=bye"),
        (
            "text/x-thepiano;charset= waddup",
            "text/x-thepiano;charset=UTF-8",
        ),
        (
            "text/plain;charset=utf-8;charset=waddup",
            "text/plain;charset=utf-8;charset=waddup",
        ),
        ("text/plain;charset=shift-jis", "text/plain;charset=UTF-8"),
        (
            "text/x-pink-unicorn; charset=windows-1252; charset=bogus; notrelated; charset=ascii",
            "text/x-pink-unicorn;charset=UTF-8",
        ),
        ("text/plain;charset= utf-8", "text/plain;charset=UTF-8"),
        (
            "text/plain;charset=utf-8 ;x=x",
            "text/plain;charset=utf-8 ;x=x",
        ),
        (
            "text/plain;charset=\"utf-8\"",
            "text/plain;charset=\"utf-8\"",
        ),
        ("text/plain;charset=\" utf-8\"", "text/plain;charset=UTF-8"),
        (
            "text/plain;charset=\"u\\t\\f-8\"",
            "text/plain;charset=\"u\\t\\f-8\"",
        ),
        (
            "YO/yo;charset=x;yo=YO; X=y",
            "yo/yo;charset=UTF-8;yo=YO;x=y",
        ),
    ] {
        check_content_type(text(), Some(author), Some(sent));
    }
    check_content_type(text(), None, Some("text/plain;charset=UTF-8"));
}

#[test]
fn each_kind_of_body_has_its_content_type() {
    // WPT xhr/setrequestheader-content-type.htm
    let ascii = Some("application/xml;charset=ASCII");
    let utf_8 = Some("application/xml;charset=UTF-8");
    let document = |is_html| SendBody::document("<x/>".to_owned(), is_html);
    check_content_type(document(false), None, utf_8);
    check_content_type(document(true), None, Some("text/html;charset=UTF-8"));
    check_content_type(document(true), ascii, utf_8);
    check_content_type(document(false), Some(""), Some(""));
    let params = BodyInit::UrlSearchParams(UrlSearchParams::parse("q=testQ"));
    check_content_type(
        params.clone(),
        None,
        Some("application/x-www-form-urlencoded;charset=UTF-8"),
    );
    check_content_type(params, ascii, utf_8);
    let blob = |type_| BodyInit::Blob(Blob::new(b"test".to_vec(), type_));
    check_content_type(blob(""), None, None);
    check_content_type(blob(""), ascii, ascii);
    // NOTE: a blob's type that is a MIME type is serialized, so that parameters keep their case; WPT has it in lower case here.
    check_content_type(blob("application/xml;charset=ASCII"), None, ascii);
    check_content_type(blob("application/xml"), Some(""), Some(""));
    check_content_type(BodyInit::Bytes(vec![0; 10]), None, None);
    check_content_type(BodyInit::Bytes(vec![0; 10]), ascii, ascii);
    let form_data = BodyInit::FormData(FormData::new(), "----x".to_owned());
    check_content_type(
        form_data.clone(),
        None,
        Some("multipart/form-data; boundary=----x"),
    );
    check_content_type(form_data, ascii, ascii);
}

#[test]
fn response_type_can_change_until_loading_and_is_no_document_in_workers() {
    let mut driver = Driver::new();
    driver.open("GET", "x");
    driver.send();
    driver.deliver(crate::xhr_driver::head(200, &[]));
    driver
        .xhr
        .set_response_type(ResponseType::Json)
        .expect("headers received");
    driver
        .xhr
        .override_mime_type("text/plain")
        .expect("headers received");
    driver.deliver(crate::xhr_driver::chunk("1"));
    assert!(matches!(
        driver.xhr.set_response_type(ResponseType::Text),
        Err(XhrError::InvalidState(_))
    ));
    assert!(matches!(
        driver.xhr.override_mime_type("text/plain"),
        Err(XhrError::InvalidState(_))
    ));
    assert_eq!(driver.xhr.response_type(), ResponseType::Json);
    let mut worker = Driver::in_worker();
    worker
        .xhr
        .set_response_type(ResponseType::Document)
        .expect("ignored");
    assert_eq!(worker.xhr.response_type(), ResponseType::Empty);
}
