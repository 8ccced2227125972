//! Every combination of mode, method, body, response type and fate of a request: the whole log of events, against rules of the standard
//! that are stated here once more and know nothing of the implementation.

use std::time::Duration;

use readystate_xhr::XhrError;
use readystate_xhr::body::BodyInit;
use readystate_xhr::transport::scripted::Answer;
use readystate_xhr::xml_http_request::{EventTarget, ResponseType, SendBody, XhrEvent};

use crate::fetch_fixture::{Fixture, ok, redirect};
use crate::xhr_driver::Driver;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Asynchronous,
    SynchronousInWindow,
    SynchronousInWorker,
}

/// What becomes of the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    /// Status 200, a body of known length.
    Ok,
    /// Status 200, a body of unknown length.
    Chunked,
    /// Status 200, `Content-Length: 0`.
    EmptyBody,
    NoContent,
    NotModified,
    Unauthorized,
    /// 302, then 307, then 200.
    Redirects,
    /// No connection.
    NetworkError,
    /// The connection is closed in the middle of the body.
    Cut,
    /// The server never answers.
    TimeoutBeforeHead,
    /// The server stops in the middle of the body.
    TimeoutInBody,
    /// `abort()` at the first event at which `readyState` is this.
    AbortAt(u8),
}

#[derive(Clone, Copy, Debug)]
struct Case {
    mode: Mode,
    method: &'static str,
    body: Option<&'static str>,
    response_type: ResponseType,
    fate: Fate,
}

const MODES: [Mode; 3] = [
    Mode::Asynchronous,
    Mode::SynchronousInWindow,
    Mode::SynchronousInWorker,
];
const METHODS: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"];
const BODIES: [Option<&str>; 3] = [None, Some(""), Some("seven b")];
const TYPES: [ResponseType; 6] = [
    ResponseType::Empty,
    ResponseType::Text,
    ResponseType::ArrayBuffer,
    ResponseType::Blob,
    ResponseType::Json,
    ResponseType::Document,
];
const FATES: [Fate; 15] = [
    Fate::Ok,
    Fate::Chunked,
    Fate::EmptyBody,
    Fate::NoContent,
    Fate::NotModified,
    Fate::Unauthorized,
    Fate::Redirects,
    Fate::NetworkError,
    Fate::Cut,
    Fate::TimeoutBeforeHead,
    Fate::TimeoutInBody,
    Fate::AbortAt(1),
    Fate::AbortAt(2),
    Fate::AbortAt(3),
    Fate::AbortAt(4),
];

/// Bytes of the body that comes, and of the one that was announced where it is cut or stops.
const RECEIVED: u64 = 5;
const ANNOUNCED: u64 = 9;

impl Case {
    fn all() -> impl Iterator<Item = Self> {
        let fates = move |mode, method, body, response_type| {
            FATES.into_iter().map(move |fate| Self {
                mode,
                method,
                body,
                response_type,
                fate,
            })
        };
        let types = move |mode, method, body| {
            TYPES
                .into_iter()
                .flat_map(move |type_| fates(mode, method, body, type_))
        };
        let bodies = move |mode, method| {
            BODIES
                .into_iter()
                .flat_map(move |body| types(mode, method, body))
        };
        MODES
            .into_iter()
            .flat_map(move |mode| {
                METHODS
                    .into_iter()
                    .flat_map(move |method| bodies(mode, method))
            })
            .filter(Self::exists)
    }

    /// Whether the standard lets one get so far: a window's synchronous request has neither response type nor time-out, a worker no
    /// documents, and a synchronous request gives script no say before it is done.
    fn exists(&self) -> bool {
        let has_timeout = matches!(self.fate, Fate::TimeoutBeforeHead | Fate::TimeoutInBody);
        let aborts_early = matches!(self.fate, Fate::AbortAt(1..=3));
        match self.mode {
            Mode::Asynchronous => true,
            Mode::SynchronousInWindow => {
                self.response_type == ResponseType::Empty && !has_timeout && !aborts_early
            }
            Mode::SynchronousInWorker => {
                self.response_type != ResponseType::Document && !aborts_early
            }
        }
    }

    fn answers(&self) -> Vec<Answer> {
        // GET is what 302 makes of POST; the answer is the same for all.
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {ANNOUNCED}\r\n\r\n");
        match self.fate {
            Fate::Ok | Fate::AbortAt(_) => vec![ok("", "hello")],
            Fate::Chunked => vec![Answer::bytes(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
            )],
            Fate::EmptyBody => vec![ok("", "")],
            Fate::NoContent => vec![Answer::bytes("HTTP/1.1 204 No Content\r\n\r\n")],
            Fate::NotModified => vec![Answer::bytes("HTTP/1.1 304 Not Modified\r\n\r\n")],
            Fate::Unauthorized => vec![Answer::bytes(
                "HTTP/1.1 401 Unauthorized\r\nContent-Length: 5\r\n\r\nhello",
            )],
            Fate::Redirects => vec![
                redirect(302, "/second"),
                redirect(307, "/third"),
                ok("", "hello"),
            ],
            Fate::NetworkError => vec![Answer::refuse()],
            Fate::Cut => vec![Answer::bytes(head + "hello").then_close()],
            Fate::TimeoutBeforeHead => vec![Answer::bytes("").then_hang()],
            Fate::TimeoutInBody => vec![Answer::bytes(head + "hello").then_hang()],
        }
    }

    fn has_timeout(&self) -> bool {
        matches!(self.fate, Fate::TimeoutBeforeHead | Fate::TimeoutInBody)
    }

    /// What was observed: the log, and what `send()` threw.
    fn run(&self) -> (Vec<String>, Option<&'static str>, Driver) {
        let mut fixture = Fixture::new(self.answers());
        // Less than a second: the scripted server's reads end at once.
        let soon = Some(Duration::from_millis(500));
        fixture.environment.limits.response_head_timeout = soon;
        fixture.environment.limits.idle_timeout = soon;
        let mut driver = match self.mode {
            Mode::SynchronousInWorker => Driver::in_worker(),
            _ => Driver::new(),
        };
        driver.environment = Some(fixture.environment);
        driver.listener = match self.fate {
            Fate::AbortAt(1) => |driver, event| abort_once(driver, event, 1),
            Fate::AbortAt(2) => |driver, event| abort_once(driver, event, 2),
            Fate::AbortAt(3) => |driver, event| abort_once(driver, event, 3),
            Fate::AbortAt(_) => |driver, event| abort_once(driver, event, 4),
            _ => |_, _| {},
        };
        match self.mode {
            Mode::Asynchronous => driver.open(self.method, "/first"),
            _ => driver.open_sync(self.method, "/first"),
        }
        if self.has_timeout() {
            driver.xhr.set_timeout(100).expect("it may be set");
        }
        if self.mode != Mode::SynchronousInWindow {
            driver
                .xhr
                .set_response_type(self.response_type)
                .expect("it may be set");
        }
        let body = self.body.map(|text| BodyInit::Text(text.to_owned()));
        let thrown = driver.try_send(body.map(SendBody::from)).err();
        while let Some(event) = driver.fetched.pop_front() {
            driver.deliver(event);
        }
        if self.mode == Mode::Asynchronous && self.has_timeout() && driver.ready_state() != 4 {
            driver.timer_at(100);
        }
        let thrown = thrown.map(|error| match error {
            XhrError::Network(_) => "NetworkError",
            XhrError::Timeout => "TimeoutError",
            _ => "something else",
        });
        (driver.log.clone(), thrown, driver)
    }

    // The rules, <https://xhr.spec.whatwg.org/>.

    /// GET and HEAD drop their body.
    fn upload_length(&self) -> Option<u64> {
        self.body
            .filter(|_| !matches!(self.method, "GET" | "HEAD"))
            .map(|body| body.len() as u64)
    }

    /// Whether the response has a body: HEAD and the null body statuses have none.
    fn has_response_body(&self) -> bool {
        let is_null = matches!(self.fate, Fate::NoContent | Fate::NotModified);
        // A 302 makes a GET of a POST only; HEAD stays.
        self.method != "HEAD" && !is_null
    }

    /// The announced length as events show it, 0 if there is none.
    fn total(&self) -> u64 {
        match self.fate {
            Fate::Chunked | Fate::EmptyBody | Fate::NoContent | Fate::NotModified => 0,
            Fate::Cut | Fate::TimeoutInBody => ANNOUNCED,
            _ => RECEIVED,
        }
    }

    fn expected(&self) -> (Vec<String>, Option<&'static str>) {
        // open(): readystatechange.
        let mut log = vec!["1".to_owned()];
        let end = self.end();
        if self.mode != Mode::Asynchronous {
            // No events before the end, and none at all if it fails: send() throws.
            let thrown = match end {
                End::Error => Some("NetworkError"),
                End::Timeout => Some("TimeoutError"),
                End::Load => {
                    log.push("4".to_owned());
                    log.extend(self.after_done());
                    None
                }
                End::Abort => unreachable!("script has no say before the end"),
            };
            return (log, thrown);
        }
        log.push(zeros("loadstart"));
        if self.fate == Fate::AbortAt(1) {
            // In the middle of send(): the upload has not begun, and is aborted all the same.
            log.push("4".to_owned());
            if self.upload_length().is_some() {
                log.extend([zeros("upload.abort"), zeros("upload.loadend")]);
            }
            log.extend([zeros("abort"), zeros("loadend")]);
            return (log, None);
        }
        if let Some(length) = self.upload_length() {
            log.push(progress("upload.loadstart", 0, length));
            if self.fate == Fate::NetworkError {
                // Nothing has left.
                log.push("4".to_owned());
                log.extend([zeros("upload.error"), zeros("upload.loadend")]);
                log.extend([zeros("error"), zeros("loadend")]);
                return (log, None);
            }
            for name in ["upload.progress", "upload.load", "upload.loadend"] {
                log.push(progress(name, length, length));
            }
        }
        if !matches!(self.fate, Fate::NetworkError | Fate::TimeoutBeforeHead) {
            // The response's head.
            log.push("2".to_owned());
            let comes = self.has_response_body() && self.fate != Fate::EmptyBody;
            if comes && self.fate != Fate::AbortAt(2) {
                // Its first bytes: readystatechange, then progress.
                log.push("3".to_owned());
                if self.fate != Fate::AbortAt(3) {
                    log.push(progress("progress", RECEIVED, self.total()));
                }
            } else if end == End::Load {
                // Without bytes there is no state 3. One progress at the end; where bytes came, it would repeat the last.
                log.push(progress("progress", 0, self.total()));
            }
        }
        log.push("4".to_owned());
        log.extend(match end {
            End::Load => self.after_done(),
            End::Error => vec![zeros("error"), zeros("loadend")],
            End::Timeout => vec![zeros("timeout"), zeros("loadend")],
            End::Abort => vec![zeros("abort"), zeros("loadend")],
        });
        (log, None)
    }

    /// Which of the four ends it comes to.
    fn end(&self) -> End {
        match self.fate {
            Fate::NetworkError => End::Error,
            // What has no body can neither be cut nor stop in it.
            Fate::Cut if self.has_response_body() => End::Error,
            Fate::TimeoutBeforeHead => End::Timeout,
            Fate::TimeoutInBody if self.has_response_body() => End::Timeout,
            Fate::AbortAt(1 | 2) => End::Abort,
            Fate::AbortAt(3) if self.has_response_body() => End::Abort,
            // abort() when all is done changes the state and fires nothing.
            _ => End::Load,
        }
    }

    /// What follows state 4. An object whose listener has called abort() then is as new, and nobody hears of the old request any more:
    /// the standard's steps would go on to load, browsers do not.
    fn after_done(&self) -> Vec<String> {
        if self.fate == Fate::AbortAt(4) {
            return Vec::new();
        }
        let has_bytes = self.has_response_body() && self.fate != Fate::EmptyBody;
        let loaded = if has_bytes { RECEIVED } else { 0 };
        ["load", "loadend"]
            .map(|name| progress(name, loaded, self.total()))
            .to_vec()
    }

    fn expected_status(&self) -> u16 {
        match (self.end(), self.fate) {
            (End::Load, Fate::AbortAt(4)) => 0,
            (End::Load, Fate::NoContent) => 204,
            (End::Load, Fate::NotModified) => 304,
            (End::Load, Fate::Unauthorized) => 401,
            (End::Load, _) => 200,
            _ => 0,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Load,
    Error,
    Timeout,
    Abort,
}

/// A progress event; the length is computable unless the total is 0.
fn progress(name: &str, loaded: u64, total: u64) -> String {
    format!("{name}({loaded},{total},{})", total != 0)
}

fn zeros(name: &str) -> String {
    progress(name, 0, 0)
}

fn abort_once(driver: &mut Driver, event: &XhrEvent, state: u8) {
    // At state 1 the first chance after open() is loadstart.
    let is_chance = event.target == EventTarget::Xhr
        && (event.name == "readystatechange" || (state == 1 && event.name == "loadstart"));
    let is_sent = state != 1 || event.name == "loadstart";
    if is_chance && is_sent && driver.ready_state() == state && driver.count == 0 {
        driver.count = 1;
        driver.abort();
    }
}

#[test]
fn every_combination_fires_what_the_standard_says() {
    let mut count = 0;
    let mut wrong = Vec::new();
    for case in Case::all() {
        count += 1;
        let (expected, thrown) = case.expected();
        let (log, really_thrown, driver) = case.run();
        let status = driver.xhr.status();
        // Aborted objects are as new; the others are done.
        let state = if case.end() == End::Abort || case.fate == Fate::AbortAt(4) {
            0
        } else {
            4
        };
        if log != expected
            || thrown != really_thrown
            || status != case.expected_status()
            || driver.ready_state() != state
        {
            wrong.push(format!(
                "{case:?}\n  expected {expected:?} {thrown:?} {} {state}\n  observed {log:?} {really_thrown:?} {status} {}",
                case.expected_status(),
                driver.ready_state(),
            ));
        }
    }
    assert!(count > 2_000, "only {count} cases");
    let shown = wrong.iter().take(12).cloned().collect::<Vec<_>>();
    assert!(
        wrong.is_empty(),
        "{} of {count} cases:\n{}",
        wrong.len(),
        shown.join("\n")
    );
}
