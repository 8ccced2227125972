//! `abort()` and `open()` at every point, by script between events and by listeners during them.

use readystate_xhr::body::BodyInit;
use readystate_xhr::fetch::FetchEvent;
use readystate_xhr::xml_http_request::{EventTarget, XhrEvent};

use crate::xhr_driver::{Driver, chunk, head};

/// Whether this is the upload's or the object's own event of that name.
fn is(event: &XhrEvent, target: EventTarget, name: &str) -> bool {
    event.target == target && event.name == name
}

fn is_state(driver: &Driver, event: &XhrEvent, state: u8) -> bool {
    event.name == "readystatechange" && driver.ready_state() == state
}

/// Does `action` at the first event for which it is asked.
fn once(driver: &mut Driver, action: fn(&mut Driver)) {
    driver.count += 1;
    if driver.count == 1 {
        action(driver);
    }
}

#[track_caller]
fn assert_response_is_gone(driver: &mut Driver) {
    assert_eq!(driver.xhr.status(), 0);
    assert_eq!(driver.xhr.status_text(), b"");
    assert_eq!(driver.xhr.response_text(), Ok(""));
    assert_eq!(driver.xhr.all_response_headers(), b"");
    assert!(driver.xhr.document_source().is_none());
}

fn body() -> BodyInit {
    BodyInit::Text("Test Message".to_owned())
}

#[test]
fn abort_when_unsent_or_opened_fires_nothing() {
    let mut driver = Driver::new();
    driver.abort();
    assert_eq!(driver.ready_state(), 0);
    driver.open("GET", "x");
    driver.abort();
    assert_eq!(driver.ready_state(), 1);
    driver.assert_log(&["1"]);
    // It did not close the request either.
    driver.send();
    assert_eq!(driver.requests.len(), 1);
}

#[test]
fn abort_in_the_readystatechange_of_open_lets_send_go_on() {
    let mut driver = Driver::with_listener(|driver, event| {
        if is_state(driver, event, 1) {
            driver.abort();
        }
    });
    driver.open("GET", "x");
    driver.send();
    driver.assert_log(&["1", "loadstart(0,0,false)"]);
    assert_eq!(driver.requests.len(), 1);
}

#[test]
fn abort_after_send() {
    let mut driver = Driver::new();
    driver.open("GET", "x");
    driver.send();
    driver.abort();
    driver.assert_log(&[
        "1",
        "loadstart(0,0,false)",
        "4",
        "abort(0,0,false)",
        "loadend(0,0,false)",
    ]);
    assert_eq!(driver.ready_state(), 0);
    assert_eq!(driver.aborted, [driver.requests[0].0]);
    assert_response_is_gone(&mut driver);
}

#[test]
fn abort_during_upload() {
    let mut driver = Driver::new();
    driver.open("POST", "x");
    driver.send_body(BodyInit::Bytes(vec![b'a'; 9999]));
    driver.abort();
    driver.assert_log(&[
        "1",
        "loadstart(0,0,false)",
        "upload.loadstart(0,9999,true)",
        "4",
        "upload.abort(0,0,false)",
        "upload.loadend(0,0,false)",
        "abort(0,0,false)",
        "loadend(0,0,false)",
    ]);
}

#[test]
fn abort_in_loadstart_sends_nothing() {
    let mut driver = Driver::with_listener(|driver, event| {
        if is(event, EventTarget::Xhr, "loadstart") {
            driver.abort();
            driver.note("after abort");
        }
    });
    driver.open("POST", "x");
    driver.send_body(body());
    driver.assert_log(&[
        "1",
        "loadstart(0,0,false)",
        "4",
        "upload.abort(0,0,false)",
        "upload.loadend(0,0,false)",
        "abort(0,0,false)",
        "loadend(0,0,false)",
        "after abort 0",
    ]);
    assert!(driver.requests.is_empty());
    assert!(driver.aborted.is_empty());
}

#[test]
fn abort_in_the_uploads_loadstart_sends_nothing() {
    let mut driver = Driver::with_listener(|driver, event| {
        if is(event, EventTarget::Upload, "loadstart") {
            driver.abort();
        }
    });
    driver.open("POST", "x");
    driver.send_body(body());
    assert_eq!(
        driver.log.last().map(String::as_str),
        Some("loadend(0,0,false)")
    );
    assert!(driver.requests.is_empty());
}

#[test]
fn abort_in_headers_received() {
    let mut driver = Driver::with_listener(|driver, event| {
        if is_state(driver, event, 2) {
            assert_eq!(driver.xhr.status(), 200);
            driver.abort();
            assert_eq!(driver.ready_state(), 0);
        }
        if driver.ready_state() == 4 {
            assert_response_is_gone(driver);
        }
    });
    driver.open("GET", "x");
    driver.send();
    driver.respond(200, &[], "body");
    driver.assert_log(&[
        "1",
        "loadstart(0,0,false)",
        "2",
        "4",
        "abort(0,0,false)",
        "loadend(0,0,false)",
    ]);
    assert_eq!(driver.ready_state(), 0);
}

#[test]
fn abort_when_loading_is_not_followed_by_progress() {
    let mut driver = Driver::with_listener(|driver, event| {
        if is_state(driver, event, 3) {
            assert_eq!(driver.xhr.status(), 200);
            driver.abort();
        }
    });
    driver.open("GET", "x");
    driver.send();
    driver.respond(200, &[], "body");
    driver.assert_log(&[
        "1",
        "loadstart(0,0,false)",
        "2",
        "3",
        "4",
        "abort(0,0,false)",
        "loadend(0,0,false)",
    ]);
    assert_eq!(driver.ready_state(), 0);
    assert_response_is_gone(&mut driver);
}

#[test]
fn abort_in_the_last_progress_is_not_followed_by_load() {
    let mut driver = Driver::with_listener(|driver, event| {
        if is(event, EventTarget::Xhr, "progress") {
            driver.abort();
        }
    });
    driver.open("GET", "x");
    driver.send();
    driver.respond(200, &[], "");
    driver.assert_log(&[
        "1",
        "loadstart(0,0,false)",
        "2",
        "progress(0,0,false)",
        "4",
        "abort(0,0,false)",
        "loadend(0,0,false)",
    ]);
}

#[test]
fn abort_when_done_fires_nothing() {
    let mut driver = Driver::with_listener(|driver, event| {
        if is_state(driver, event, 4) {
            assert_eq!(driver.xhr.status(), 200);
            driver.abort();
            assert_eq!(driver.ready_state(), 0);
            assert_response_is_gone(driver);
        }
    });
    driver.open("GET", "x");
    driver.send();
    driver.respond(200, &[], "body");
    driver.assert_log(&[
        "1",
        "loadstart(0,0,false)",
        "2",
        "3",
        "progress(4,0,false)",
        "4",
    ]);
}

#[test]
fn abort_after_load_only_forgets_the_response() {
    let mut driver = Driver::new();
    driver.open("GET", "x");
    driver.send();
    driver.respond(200, &[], "body");
    let before = driver.log.clone();
    driver.abort();
    assert_eq!(driver.log, before);
    assert_eq!(driver.ready_state(), 0);
    assert_response_is_gone(&mut driver);
}

#[test]
fn events_of_an_aborted_fetch_are_dropped() {
    let mut driver = Driver::new();
    driver.open("GET", "x");
    driver.send();
    driver.deliver(head(200, &[]));
    driver.abort();
    let before = driver.log.clone();
    driver.deliver(chunk("body"));
    driver.deliver(FetchEvent::EndOfBody);
    assert_eq!(driver.log, before);
    assert_eq!(driver.ready_state(), 0);
}

#[test]
fn open_replaces_the_fetch_under_way_silently() {
    let mut driver = Driver::new();
    driver.open("GET", "one");
    driver.send();
    driver.deliver(head(200, &[("A", "1")]));
    driver.deliver(chunk("first"));
    driver.log.clear();
    driver.open("GET", "two");
    driver.assert_log(&["1"]);
    assert_response_is_gone(&mut driver);
    assert_eq!(driver.aborted, [driver.requests[0].0]);
    driver.send();
    driver.deliver_of(driver.requests[0].0, chunk("late"));
    driver.deliver_of(driver.requests[0].0, FetchEvent::EndOfBody);
    driver.respond(200, &[], "second");
    assert_eq!(driver.xhr.response_text(), Ok("second"));
    assert_eq!(driver.xhr.response_header(b"A"), None);
}

#[test]
fn open_when_opened_fires_nothing() {
    let mut driver = Driver::new();
    driver.open("GET", "x");
    driver.note("a");
    driver.send();
    driver.note("b");
    driver.open("GET", "x");
    driver.note("c");
    driver.assert_log(&["1", "a 1", "loadstart(0,0,false)", "b 1", "c 1"]);
}

#[test]
fn open_during_abort_keeps_the_object_opened() {
    let mut driver = Driver::with_listener(|driver, event| {
        if is_state(driver, event, 4) {
            once(driver, |driver| driver.open("GET", "..."));
        }
    });
    driver.open("GET", "x");
    driver.send();
    driver.abort();
    driver.assert_log(&[
        "1",
        "loadstart(0,0,false)",
        "4",
        "1",
        "abort(0,0,false)",
        "loadend(0,0,false)",
    ]);
    assert_eq!(driver.ready_state(), 1);
}

#[test]
fn open_and_send_during_abort_go_on_by_themselves() {
    let mut driver = Driver::with_listener(|driver, event| {
        if is_state(driver, event, 4) {
            once(driver, |driver| {
                driver.open("GET", "two");
                driver.send();
            });
        }
    });
    driver.open("GET", "one");
    driver.send();
    driver.abort();
    assert_eq!(driver.ready_state(), 1);
    driver.respond(200, &[], "hello");
    assert_eq!(driver.xhr.response_text(), Ok("hello"));
    assert_eq!(driver.request().url.path(), "/xhr/two");
}

#[test]
fn open_and_send_in_the_uploads_abort_event() {
    // WPT xhr/open-during-abort-event.htm
    let mut driver = Driver::with_listener(|driver, event| {
        if is(event, EventTarget::Upload, "loadstart") {
            driver.note("before abort()");
            driver.abort();
            driver.note("after abort()");
        } else if is(event, EventTarget::Upload, "abort") {
            driver.note("before open()");
            driver.open("GET", "resources/content.py");
            driver.note("after open()");
            driver.send();
        }
    });
    driver.open("POST", "resources/content.py");
    driver.send_body(BodyInit::Text("non-empty".to_owned()));
    driver.respond(200, &[], "");
    driver.assert_log(&[
        "1",
        "loadstart(0,0,false)",
        "upload.loadstart(0,9,true)",
        "before abort() 1",
        "4",
        "upload.abort(0,0,false)",
        "before open() 4",
        "1",
        "after open() 1",
        "loadstart(0,0,false)",
        "upload.loadend(0,0,false)",
        "abort(0,0,false)",
        "loadend(0,0,false)",
        "after abort() 1",
        "2",
        "progress(0,0,false)",
        "4",
        "load(0,0,false)",
        "loadend(0,0,false)",
    ]);
    assert_eq!(
        driver.requests.len(),
        1,
        "the request that was aborted in loadstart is not sent"
    );
}

#[test]
fn open_and_send_in_the_readystatechange_of_abort_in_loadstart() {
    // WPT xhr/open-during-abort-processing.htm
    let mut driver = Driver::with_listener(|driver, event| {
        if is(event, EventTarget::Xhr, "loadstart") {
            once(driver, |driver| {
                driver.note("before abort()");
                driver.abort();
                driver.note("after abort()");
            });
        } else if is_state(driver, event, 4) && driver.count == 1 {
            driver.note("before open()");
            driver.open("GET", "resources/content.py");
            driver.note("after open()");
            driver.send();
        }
    });
    driver.open("POST", "resources/content.py");
    driver.send_body(BodyInit::Text("abcd".to_owned()));
    driver.assert_log(&[
        "1",
        "loadstart(0,0,false)",
        "before abort() 1",
        "4",
        "before open() 4",
        "1",
        "after open() 1",
        "loadstart(0,0,false)",
        "abort(0,0,false)",
        "loadend(0,0,false)",
        "after abort() 1",
    ]);
    assert_eq!(driver.requests.len(), 1);
    assert_eq!(driver.request().method.as_str(), "GET");
}

#[test]
fn open_in_loadstart_sends_nothing() {
    let mut driver = Driver::with_listener(|driver, event| {
        if is(event, EventTarget::Xhr, "loadstart") {
            once(driver, |driver| driver.open("GET", "two"));
        }
    });
    driver.open("POST", "one");
    driver.send_body(body());
    driver.assert_log(&["1", "loadstart(0,0,false)"]);
    assert!(driver.requests.is_empty());
    assert_eq!(driver.ready_state(), 1);
    driver.send();
    assert_eq!(driver.request().url.path(), "/xhr/two");
}

#[test]
fn open_and_send_when_done_is_not_followed_by_the_old_load() {
    let mut driver = Driver::with_listener(|driver, event| {
        if is_state(driver, event, 4) {
            once(driver, |driver| {
                driver.open("GET", "two");
                driver.send();
            });
        }
    });
    driver.open("GET", "one");
    driver.send();
    driver.respond(200, &[], "first");
    assert_eq!(
        driver.log.last().map(String::as_str),
        Some("loadstart(0,0,false)")
    );
    driver.respond(200, &[], "second");
    assert_eq!(
        driver
            .log
            .iter()
            .filter(|line| line.starts_with("load("))
            .count(),
        1
    );
    assert_eq!(driver.xhr.response_text(), Ok("second"));
}

#[test]
fn open_and_send_in_load_is_the_usual_polling_loop() {
    let mut driver = Driver::with_listener(|driver, event| {
        if is(event, EventTarget::Xhr, "load") {
            once(driver, |driver| {
                driver.open("GET", "two");
                driver.send();
            });
        }
    });
    driver.open("GET", "one");
    driver.send();
    driver.respond(200, &[], "first");
    driver.respond(200, &[], "second");
    assert_eq!(
        driver
            .log
            .iter()
            .filter(|line| line.starts_with("load("))
            .count(),
        2
    );
    assert_eq!(driver.xhr.response_text(), Ok("second"));
}

#[test]
fn abort_in_a_synchronous_readystatechange() {
    let mut driver = Driver::with_listener(|driver, event| {
        if is_state(driver, event, 4) {
            driver.abort();
        }
    });
    driver.sync_events = crate::xhr_driver::response_events(200, &[], "body").into();
    driver.open_sync("GET", "x");
    driver.send();
    driver.assert_log(&["1", "4"]);
    assert_eq!(driver.ready_state(), 0);
}
