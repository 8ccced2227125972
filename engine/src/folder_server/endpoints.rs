//! The endpoints that are no files: `/__echo` and `/__delay`.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Map, Value, json};
use url::form_urlencoded;

use super::connection::{Request, Response};

/// Bodies up to this are part of what `/__echo` answers.
const MAX_ECHO_BODY: usize = 64 << 10;
const MAX_DELAY: Duration = Duration::from_secs(60);

/// The answer of an endpoint, `None` if the path is not one.
pub(super) fn answer(request: &Request, stop: &AtomicBool) -> Option<Response> {
    match request.path.as_str() {
        "/__echo" => Some(echo(request)),
        "/__delay" => Some(delay(request, stop)),
        _ => None,
    }
}

/// JSON about the request: `method`, `contentType`, `length`, `headers`, and `body` if it is short UTF-8 text.
fn echo(request: &Request) -> Response {
    let mut headers = Map::new();
    for (name, value) in &request.headers {
        let name = name.to_ascii_lowercase();
        match headers.get_mut(&name) {
            Some(Value::String(before)) => {
                before.push_str(", ");
                before.push_str(value);
            }
            _ => {
                headers.insert(name, Value::String(value.clone()));
            }
        }
    }
    let body = (request.body.len() <= MAX_ECHO_BODY)
        .then(|| std::str::from_utf8(&request.body).ok())
        .flatten();
    let answer = json!({
        "method": request.method,
        "contentType": request.header("content-type"),
        "length": request.body.len(),
        "headers": headers,
        "body": body,
    });
    Response::new(200, "OK").bytes("application/json", answer.to_string())
}

/// Answers after `ms` milliseconds, at most 60,000.
fn delay(request: &Request, stop: &AtomicBool) -> Response {
    let milliseconds = form_urlencoded::parse(request.query.as_bytes())
        .find(|(name, _)| name == "ms")
        .and_then(|(_, value)| value.parse::<u64>().ok())
        .unwrap_or(0);
    let until = Instant::now() + Duration::from_millis(milliseconds).min(MAX_DELAY);
    loop {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() || stop.load(Ordering::SeqCst) {
            break;
        }
        // In slices, so that a stopped server does not keep its threads.
        std::thread::sleep(left.min(Duration::from_millis(100)));
    }
    Response::new(200, "OK").bytes(
        "text/plain; charset=utf-8",
        format!("answered after {milliseconds} ms\n"),
    )
}
