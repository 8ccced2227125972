//! Time-outs, with a clock that the tests move.

use std::time::Duration;

use readystate_xhr::XhrError;
use readystate_xhr::body::BodyInit;
use readystate_xhr::fetch::FetchEvent;
use readystate_xhr::xml_http_request::{Async, OpenOptions, ResponseType};

use crate::xhr_driver::{Driver, chunk, head, response_events};

fn opened(timeout: u32) -> Driver {
    let mut driver = Driver::new();
    driver.open("POST", "x");
    driver
        .xhr
        .set_timeout(timeout)
        .expect("an asynchronous request");
    driver
}

#[test]
fn timeout_during_upload() {
    let mut driver = opened(100);
    driver.send_body(BodyInit::Text("abc".to_owned()));
    assert_eq!(driver.xhr.deadline(), Some(Duration::from_millis(100)));
    driver.timer_at(99);
    assert_eq!(
        driver.ready_state(),
        1,
        "a timer that comes too early does nothing"
    );
    driver.timer_at(100);
    driver.assert_log(&[
        "1",
        "loadstart(0,0,false)",
        "upload.loadstart(0,3,true)",
        "4",
        "upload.timeout(0,0,false)",
        "upload.loadend(0,0,false)",
        "timeout(0,0,false)",
        "loadend(0,0,false)",
    ]);
    assert_eq!(driver.aborted, [driver.requests[0].0]);
    assert_eq!(driver.xhr.deadline(), None);
    assert_eq!(driver.xhr.response_text(), Ok(""));
}

#[test]
fn timeout_while_loading_and_late_events() {
    let mut driver = opened(100);
    driver.send();
    driver.deliver(head(200, &[]));
    driver.deliver(chunk("body"));
    driver.timer_at(150);
    let before = driver.log.clone();
    assert_eq!(
        before.last().map(String::as_str),
        Some("loadend(0,0,false)")
    );
    assert!(before.iter().any(|line| line == "timeout(0,0,false)"));
    driver.deliver(FetchEvent::EndOfBody);
    assert_eq!(driver.log, before);
    // abort() afterwards fires nothing.
    driver.abort();
    assert_eq!(driver.log, before);
    assert_eq!(driver.ready_state(), 0);
}

#[test]
fn timeout_counts_from_the_start_of_the_fetch_also_if_set_later() {
    let mut driver = Driver::new();
    driver.open("GET", "x");
    driver.now = Duration::from_millis(1000);
    driver.send();
    assert_eq!(driver.xhr.deadline(), None);
    driver.now = Duration::from_millis(1400);
    driver.xhr.set_timeout(500).expect("asynchronous");
    assert_eq!(driver.xhr.deadline(), Some(Duration::from_millis(1500)));
    // More time is given before the first timer is due.
    driver.xhr.set_timeout(900).expect("asynchronous");
    driver.timer_at(1500);
    assert_eq!(driver.ready_state(), 1);
    // None at all.
    driver.xhr.set_timeout(0).expect("asynchronous");
    driver.timer_at(1900);
    assert_eq!(driver.ready_state(), 1);
    driver.respond(200, &[], "");
    assert_eq!(driver.ready_state(), 4);
    assert_eq!(
        driver.log.last().map(String::as_str),
        Some("loadend(0,0,false)")
    );
}

#[test]
fn timer_of_a_finished_or_replaced_fetch_does_nothing() {
    let mut driver = opened(100);
    driver.send();
    let first = driver.requests[0].0;
    driver.respond(200, &[], "");
    let before = driver.log.len();
    driver.timer_at(200);
    assert_eq!(driver.log.len(), before);
    driver.open("GET", "x");
    driver.send();
    assert!(!driver.xhr.on_timeout(first, Duration::from_secs(60)));
    assert_eq!(driver.ready_state(), 1);
}

#[test]
fn timeout_does_not_outlive_its_request() {
    let mut driver = opened(100);
    driver.send();
    driver.timer_at(100);
    driver.open("GET", "x");
    driver.send();
    driver.respond(200, &[], "fine");
    assert_eq!(driver.xhr.response_text(), Ok("fine"));
}

#[test]
fn synchronous_timeout_throws_in_workers() {
    let mut driver = Driver::in_worker();
    driver.open_sync("GET", "x");
    driver.xhr.set_timeout(30).expect("a worker");
    driver.sync_events = [head(200, &[]), chunk("a")].into();
    assert_eq!(driver.try_send(None), Err(XhrError::Timeout));
    driver.assert_log(&["1"]);
    assert_eq!(driver.ready_state(), 4);
    assert_eq!(driver.aborted.len(), 1);
}

#[test]
fn synchronous_response_in_time_is_not_a_timeout() {
    let mut driver = Driver::in_worker();
    driver.open_sync("GET", "x");
    driver.xhr.set_timeout(30).expect("a worker");
    driver.sync_events = response_events(200, &[], "in time").into();
    driver.send();
    assert_eq!(driver.xhr.response_text(), Ok("in time"));
}

#[test]
fn synchronous_requests_of_a_window_have_no_timeout_and_no_response_type() {
    let sync = OpenOptions {
        async_: Async::No,
        ..OpenOptions::new(b"GET", "x")
    };
    let mut driver = Driver::new();
    driver.xhr.set_timeout(1).expect("not opened yet");
    assert!(matches!(
        driver.try_open(&sync),
        Err(XhrError::InvalidAccess(_))
    ));
    assert_eq!(driver.ready_state(), 0);
    driver.xhr.set_timeout(0).expect("not opened yet");
    driver
        .xhr
        .set_response_type(ResponseType::Json)
        .expect("not opened yet");
    assert!(matches!(
        driver.try_open(&sync),
        Err(XhrError::InvalidAccess(_))
    ));
    driver
        .xhr
        .set_response_type(ResponseType::Empty)
        .expect("not opened yet");
    driver.try_open(&sync).expect("nothing forbids it");
    assert!(matches!(
        driver.xhr.set_timeout(0),
        Err(XhrError::InvalidAccess(_))
    ));
    assert!(matches!(
        driver.xhr.set_response_type(ResponseType::Text),
        Err(XhrError::InvalidAccess(_))
    ));
}
