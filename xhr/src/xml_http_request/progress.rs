//! What the network's events do: the callbacks that `send()` hands to Fetch, and the end of the response body.

use std::time::Duration;

use super::{Action, EventTarget, ReadyState, XhrEvent, XmlHttpRequest};
use crate::error::NetworkError;
use crate::fetch::{FetchEvent, Response};
use crate::http::HeaderList;

/// How far one direction of a transfer is.
#[derive(Debug)]
pub(super) struct Progress {
    transmitted: u64,
    /// 0 = unknown.
    length: u64,
    /// When `progress` was last due.
    last: Option<Duration>,
    /// What `progress` last told.
    told: Option<u64>,
}

impl Progress {
    pub(super) const fn new(length: u64) -> Self {
        Self {
            transmitted: 0,
            length,
            last: None,
            told: None,
        }
    }

    /// Counts `bytes` more; whether a `progress` event is due, 50 ms after the one before.
    fn advance(&mut self, bytes: u64, now: Duration) -> bool {
        const INTERVAL: Duration = Duration::from_millis(50);
        self.transmitted += bytes;
        let due = self
            .last
            .is_none_or(|last| now.saturating_sub(last) >= INTERVAL);
        if due {
            self.last = Some(now);
            self.told = Some(self.transmitted);
        }
        due
    }

    fn event(&self, target: EventTarget, name: &'static str) -> Action {
        Action::Fire(XhrEvent::progress(
            target,
            name,
            self.transmitted,
            self.length,
        ))
    }

    /// The `progress` event at the end of a transfer.
    ///
    /// NOTE: the standard fires it always. Browsers, and the tests of the platform, leave it out if it would repeat the
    /// one before.
    fn final_event(&self, target: EventTarget) -> Option<Action> {
        (self.told != Some(self.transmitted)).then(|| self.event(target, "progress"))
    }
}

impl XmlHttpRequest {
    /// Takes an event of the fetch of that generation. Returns whether it left steps to take, so that
    /// [`next_step`](Self::next_step) is to be pulled.
    ///
    /// An event of another generation than the present one is dropped. Events of a synchronous fetch leave no steps of
    /// their own: the `send()` under way goes on. Any other event is a task of its own, with no step left to pull.
    pub fn on_fetch_event(&mut self, generation: u32, event: FetchEvent, now: Duration) -> bool {
        let Some(fetch) = self
            .in_flight
            .as_mut()
            .filter(|fetch| fetch.generation == generation)
        else {
            return false;
        };
        if self.synchronous {
            self.consume_body(event);
            return false;
        }
        // A task begins with no script under way: what is left of an algorithm was cut off with its script.
        self.runs.clear();
        match event {
            // 11.7. processRequestBodyChunkLength: 11.7.1. – 11.7.2. count, at most every 50 ms …
            FetchEvent::RequestBodyChunkLength(bytes) => {
                // NOTE: a redirect may send the body again. It was reported once.
                if self.upload_complete
                    || !fetch.upload.advance(bytes, now)
                    || !self.upload_listener
                {
                    return false;
                }
                // 11.7.3. … tell how far it is.
                let progress = fetch.upload.event(EventTarget::Upload, "progress");
                self.begin([progress]);
                true
            }
            FetchEvent::RequestEndOfBody => self.process_request_end_of_body(),
            FetchEvent::Response(response) => self.process_response(response),
            FetchEvent::BodyChunk(bytes) => self.process_body_chunk(&bytes, now),
            // 11.9.11. processEndOfBody
            FetchEvent::EndOfBody => {
                self.begin([]);
                self.handle_response_end_of_body();
                true
            }
            FetchEvent::BodyError(error) => self.process_body_error(error),
        }
    }

    /// Tells the object that the time of [`deadline`](Self::deadline) has come. Returns whether that left steps to take.
    ///
    /// Nothing happens if the fetch of that generation is over, or if `timeout` was changed so that it has more time.
    ///
    /// Standard: <https://xhr.spec.whatwg.org/#dom-xmlhttprequest-send> (steps 11.12 and 12.6)
    pub fn on_timeout(&mut self, generation: u32, now: Duration) -> bool {
        if self.in_flight() != Some(generation)
            || self.deadline().is_none_or(|deadline| now < deadline)
        {
            return false;
        }
        // 11.12.2. Timed out; terminate.
        self.timed_out = true;
        if self.synchronous {
            // 12.6. — in wait_for_sync_fetch.
            return false;
        }
        self.runs.clear();
        let terminate = self.terminate_fetch();
        // Fetch then gives a network error, to processResponse or to processBodyError; both handle errors.
        self.begin(terminate);
        self.handle_errors();
        true
    }

    /// Standard: <https://xhr.spec.whatwg.org/#dom-xmlhttprequest-send> (step 11.8)
    fn process_request_end_of_body(&mut self) -> bool {
        // NOTE: see RequestBodyChunkLength.
        if self.upload_complete {
            return false;
        }
        // 11.8.1.
        self.upload_complete = true;
        let Some(fetch) = self.in_flight.as_ref().filter(|_| self.upload_listener) else {
            // 11.8.2. Nobody listens.
            return false;
        };
        // 11.8.3. – 11.8.5. progress, load, loadend.
        let mut actions: Vec<_> = fetch
            .upload
            .final_event(EventTarget::Upload)
            .into_iter()
            .collect();
        actions.extend([
            Action::StopIfReplaced,
            fetch.upload.event(EventTarget::Upload, "load"),
            fetch.upload.event(EventTarget::Upload, "loadend"),
        ]);
        self.begin(actions);
        true
    }

    /// Standard: <https://xhr.spec.whatwg.org/#dom-xmlhttprequest-send> (step 11.9)
    fn process_response(&mut self, response: Response) -> bool {
        // 11.9.1.
        let is_network_error = response.is_network_error();
        self.response = Some(response);
        if is_network_error {
            // 11.9.2. – 11.9.3. Handle errors, and no more.
            self.in_flight = None;
            self.begin([]);
            self.handle_errors();
            return true;
        }
        // 11.9.4. – 11.9.5. Headers are there.
        self.state = ReadyState::HeadersReceived;
        self.begin([
            Action::Fire(XhrEvent::ready_state_change()),
            Action::AfterHeaders,
        ]);
        true
    }

    /// Standard: <https://xhr.spec.whatwg.org/#dom-xmlhttprequest-send> (steps 11.9.6 to 11.9.9)
    pub(super) fn after_headers(&mut self) {
        // 11.9.6. A listener has aborted it, or opened another.
        if self.state != ReadyState::HeadersReceived {
            return;
        }
        // 11.9.7. No body: that is the end.
        if self.body_is_null() {
            self.handle_response_end_of_body();
            return;
        }
        // 11.9.8. – 11.9.9. How long the body will be, 0 if unknown.
        let length = self.content_length();
        if let Some(fetch) = &mut self.in_flight {
            fetch.download.length = length;
        }
        // 11.9.13. The body is read — by the fetch, whose events follow.
    }

    /// Standard: <https://xhr.spec.whatwg.org/#dom-xmlhttprequest-send> (step 11.9.10)
    fn process_body_chunk(&mut self, bytes: &[u8], now: Duration) -> bool {
        // 11.9.10.1.
        self.received_bytes.extend_from_slice(bytes);
        // 11.9.10.2. At most every 50 ms.
        let Some(fetch) = &mut self.in_flight else {
            return false;
        };
        if !fetch.download.advance(bytes.len() as u64, now) {
            return false;
        }
        // 11.9.10.3. – 11.9.10.5. Loading, said each time, and how far it is.
        let progress = fetch.download.event(EventTarget::Xhr, "progress");
        if self.state == ReadyState::HeadersReceived {
            self.state = ReadyState::Loading;
        }
        self.begin([
            Action::Fire(XhrEvent::ready_state_change()),
            Action::StopIfReplaced,
            progress,
        ]);
        true
    }

    /// Standard: <https://xhr.spec.whatwg.org/#dom-xmlhttprequest-send> (step 11.9.12)
    fn process_body_error(&mut self, error: NetworkError) -> bool {
        // 11.9.12.1.
        self.response = Some(Response::network_error(error));
        self.in_flight = None;
        // 11.9.12.2.
        self.begin([]);
        self.handle_errors();
        true
    }

    /// "processResponseConsumeBody" of a synchronous fetch.
    ///
    /// Standard: <https://xhr.spec.whatwg.org/#dom-xmlhttprequest-send> (step 12.2)
    fn consume_body(&mut self, event: FetchEvent) {
        let ends = match &event {
            FetchEvent::Response(response) => {
                response.is_network_error()
                    || has_null_body(self.request_method.as_str(), response.status)
            }
            FetchEvent::EndOfBody | FetchEvent::BodyError(_) => true,
            _ => false,
        };
        let Some(fetch) = &mut self.in_flight else {
            return;
        };
        fetch.processed |= ends;
        match event {
            // 12.2.1. The response — kept until its body is whole, in wait_for_sync_fetch.
            FetchEvent::Response(response) => fetch.consumed = Some(response),
            // 12.2.2. Its bytes.
            FetchEvent::BodyChunk(bytes) => self.received_bytes.extend_from_slice(&bytes),
            FetchEvent::BodyError(error) => fetch.consumed = Some(Response::network_error(error)),
            FetchEvent::RequestBodyChunkLength(_)
            | FetchEvent::RequestEndOfBody
            | FetchEvent::EndOfBody => {}
        }
    }

    /// Adds the steps of "handle response end-of-body" to the algorithm under way.
    ///
    /// Standard: <https://xhr.spec.whatwg.org/#handle-response-end-of-file>
    pub(super) fn handle_response_end_of_body(&mut self) {
        let download = self.in_flight.take().map(|fetch| fetch.download);
        // 1. – 2. Errors end it here.
        if self.timed_out || self.response_is_network_error() {
            self.handle_errors();
            return;
        }
        // 3. – 5. How much has come, of how much.
        let mut download = download.unwrap_or_else(|| Progress::new(0));
        download.transmitted = self.received_bytes.len() as u64;
        download.length = self.content_length();
        // 6. Asynchronous: a last progress event.
        let progress = if self.synchronous {
            None
        } else {
            download.final_event(EventTarget::Xhr)
        };
        // 7. – 11. Done.
        self.next(progress.into_iter().collect::<Vec<_>>().into_iter().chain([
            Action::StopIfReplaced,
            Action::BecomeDone,
            Action::Fire(XhrEvent::ready_state_change()),
            Action::StopIfReplaced,
            download.event(EventTarget::Xhr, "load"),
            download.event(EventTarget::Xhr, "loadend"),
        ]));
    }

    /// Steps 7 and 8 of "handle response end-of-body".
    pub(super) const fn become_done(&mut self) {
        // 7.
        self.state = ReadyState::Done;
        // 8.
        self.send_invoked = false;
    }

    /// The response's length by its headers, 0 if they do not say.
    ///
    /// NOTE: of a body in a content coding they tell the coded length, while what is received is counted decoded.
    /// The standard would compare the two; browsers call the length unknown.
    fn content_length(&self) -> u64 {
        self.response
            .as_ref()
            .filter(|response| !response.header_list.contains("Content-Encoding"))
            .and_then(|response| extract_length(&response.header_list))
            .unwrap_or(0)
    }

    /// Whether the response has no body at all, as opposed to an empty one.
    ///
    /// Standard: <https://fetch.spec.whatwg.org/#null-body-status>
    pub(super) fn body_is_null(&self) -> bool {
        self.response.as_ref().is_none_or(|response| {
            response.is_network_error()
                || has_null_body(self.request_method.as_str(), response.status)
        })
    }
}

/// Whether a response with this status to a request with this method has a null body.
///
/// Standard: <https://fetch.spec.whatwg.org/#null-body-status> and <https://fetch.spec.whatwg.org/#main-fetch>
fn has_null_body(method: &str, status: u16) -> bool {
    matches!(method, "HEAD" | "CONNECT") || matches!(status, 101 | 103 | 204 | 205 | 304)
}

/// The length that `Content-Length` gives; `None` for the standard's null and failure.
///
/// Standard: <https://fetch.spec.whatwg.org/#header-list-extract-a-length>
fn extract_length(headers: &HeaderList) -> Option<u64> {
    // 1. – 2.
    let values = headers.get_decode_split("Content-Length")?;
    // 3. – 4. All values must be the same.
    let candidate = values.first()?;
    if values.iter().any(|value| value != candidate) {
        return None;
    }
    // 5. Digits only.
    if !candidate.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    // 6. As a number. NOTE: one that does not fit is no length.
    candidate.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_length(values: &[&str], expected: Option<u64>) {
        let headers: HeaderList = values
            .iter()
            .map(|value| ("content-length", *value))
            .collect();
        assert_eq!(extract_length(&headers), expected, "{values:?}");
    }

    #[test]
    fn length_is_one_decimal_number_repeated_at_will() {
        check_length(&[], None);
        check_length(&["12"], Some(12));
        check_length(&["12, 12", "12"], Some(12));
        check_length(&["12", "13"], None);
        check_length(&["012", "12"], None);
        check_length(&[""], None);
        check_length(&["+12"], None);
        check_length(&["12px"], None);
        check_length(&["99999999999999999999999"], None);
    }

    #[test]
    fn progress_is_due_at_first_and_then_every_50_ms() {
        let mut progress = Progress::new(0);
        let due: Vec<_> = [0, 49, 50, 60, 99, 100, 1000]
            .into_iter()
            .map(|at| progress.advance(1, Duration::from_millis(at)))
            .collect();
        assert_eq!(due, [true, false, true, false, false, true, true]);
    }
}
