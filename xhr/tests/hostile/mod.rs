//! A hostile server: raw answers, written byte by byte, and what has to come of each.
//!
//! A case is a name, what the server does, and the outcome that Fetch and browsers agree on: a body, a network error, or a
//! body that ends in an error. All run with small limits, so that "in time" and "within memory" are part of each.

mod bodies;
mod codings;
mod heads;
mod memory;
mod sockets;

use std::time::Duration;

use readystate_xhr::NetworkError;
use readystate_xhr::environment::FetchLimits;
use readystate_xhr::fetch::{Body, Request};
use readystate_xhr::transport::scripted::Answer;

use crate::fetch_fixture::{Fixture, Outcome, xhr};

const PAGE: &str = "http://a.test/";

/// One way of a server to misbehave.
struct Case {
    name: &'static str,
    method: &'static str,
    upload: Option<usize>,
    answer: Answer,
    expected: Expected,
}

/// What has to come of it.
#[derive(Clone, Debug)]
enum Expected {
    /// A response of this status with this body.
    Whole(u16, Vec<u8>),
    /// No response, and an error of this kind.
    Error(Kind),
    /// A response of this status, a body that begins with these bytes, and then an error of this kind.
    Cut(u16, Vec<u8>, Kind),
}

impl Expected {
    fn text(&self) -> String {
        match self {
            Self::Whole(status, body) => format!("{status} and {} bytes", body.len()),
            Self::Error(kind) => format!("{kind:?}"),
            Self::Cut(status, body, kind) => {
                format!("{status}, {} bytes or more, then {kind:?}", body.len())
            }
        }
    }
}

/// Kinds of network errors.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Kind {
    Malformed,
    Closed,
    Truncated,
    HeadTooLarge,
    BodyTooLarge,
    Ratio,
    Coding,
    Timeout,
    Connect,
}

impl Kind {
    fn of(error: &NetworkError) -> Option<Self> {
        Some(match error {
            NetworkError::MalformedResponse(_) => Self::Malformed,
            NetworkError::ConnectionClosed(_) => Self::Closed,
            NetworkError::TruncatedBody { .. } => Self::Truncated,
            NetworkError::HeadTooLarge(_) => Self::HeadTooLarge,
            NetworkError::BodyTooLarge(_) => Self::BodyTooLarge,
            NetworkError::DecompressionRatio(_) => Self::Ratio,
            NetworkError::ContentCoding { .. } => Self::Coding,
            NetworkError::Timeout { .. } => Self::Timeout,
            NetworkError::Connect { .. } => Self::Connect,
            _ => return None,
        })
    }
}

/// The server sends these bytes and closes.
fn sends(name: &'static str, bytes: impl AsRef<[u8]>, expected: Expected) -> Case {
    case(name, Answer::bytes(bytes).then_close(), expected)
}

fn case(name: &'static str, answer: Answer, expected: Expected) -> Case {
    Case {
        name,
        method: "GET",
        upload: None,
        answer,
        expected,
    }
}

impl Case {
    fn method(mut self, method: &'static str) -> Self {
        self.method = method;
        self
    }

    fn uploading(mut self, bytes: usize) -> Self {
        self.method = "POST";
        self.upload = Some(bytes);
        self
    }
}

fn whole(status: u16, body: impl AsRef<[u8]>) -> Expected {
    Expected::Whole(status, body.as_ref().to_vec())
}

fn cut(status: u16, body: impl AsRef<[u8]>, kind: Kind) -> Expected {
    Expected::Cut(status, body.as_ref().to_vec(), kind)
}

/// Limits that everything here has to keep.
fn limits() -> FetchLimits {
    FetchLimits {
        max_body_bytes: 16 << 20,
        max_header_bytes: 64 << 10,
        connect_timeout: Some(Duration::from_secs(5)),
        // A scripted server that hangs reaches these at once.
        response_head_timeout: Some(Duration::from_millis(500)),
        idle_timeout: Some(Duration::from_millis(500)),
        ..FetchLimits::default()
    }
}

fn request(case: &Case) -> Request {
    let mut request = xhr(PAGE, case.method, PAGE);
    request.body = case.upload.map(|length| Body::new(vec![b'u'; length]));
    request
}

/// Runs the cases, and a good exchange after each: no harm may outlast it.
#[track_caller]
fn check(cases: Vec<Case>) {
    let mut wrong = Vec::new();
    for case in cases {
        let request = request(&case);
        let after = Answer::bytes("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nafter");
        let mut fixture = Fixture::new([case.answer.clone(), after.clone(), after]);
        fixture.environment.limits = limits();
        fixture.environment.http_cache = None;
        let outcome = fixture.fetch(request);
        if !is(&outcome, &case.expected) {
            wrong.push(format!(
                "{}: expected {}, got {}",
                case.name,
                case.expected.text(),
                text_of(&outcome)
            ));
        }
        let after = fixture.fetch(xhr(PAGE, "GET", PAGE)).text();
        if after != "after" {
            wrong.push(format!(
                "{}: spoiled the next exchange: {after:?}",
                case.name
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn is(outcome: &Outcome, expected: &Expected) -> bool {
    let response = outcome.response.as_ref();
    let error = response.and_then(|response| response.error());
    let failure = outcome.body_error.as_ref();
    match expected {
        Expected::Whole(status, body) => {
            error.is_none()
                && failure.is_none()
                && (outcome.status(), &outcome.body) == (*status, body)
        }
        Expected::Error(kind) => error.and_then(Kind::of) == Some(*kind),
        Expected::Cut(status, body, kind) => {
            outcome.status() == *status
                && outcome.body.starts_with(body)
                && failure.and_then(Kind::of) == Some(*kind)
        }
    }
}

fn text_of(outcome: &Outcome) -> String {
    let error = outcome.response.as_ref().and_then(|one| one.error());
    let start: Vec<u8> = outcome.body.iter().take(40).copied().collect();
    format!(
        "status {}, error {error:?}, {} bytes {:?}, body error {:?}",
        outcome.status(),
        outcome.body.len(),
        String::from_utf8_lossy(&start),
        outcome.body_error
    )
}
