//! Server-sent events: the `EventSource` object as a pure state machine, and the event stream format.
//!
//! Each connection is a fetch of the caller's: [`EventSource::request`] gives the request, its events go into
//! [`EventSource::on_fetch_event`]. What has to happen in a task comes out as [`Task`]s.
//!
//! ```
//! use readystate_xhr::event_source::{EventSource, EventSourceLimits, ReadyState};
//! use readystate_xhr::xml_http_request::ClientSettings;
//!
//! let settings = ClientSettings::new("https://a.test/page".parse()?);
//! let source = EventSource::new("stream", true, &settings, EventSourceLimits::default())?;
//! assert_eq!(source.ready_state(), ReadyState::Connecting);
//! assert_eq!(source.request().url.as_str(), "https://a.test/stream");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Written from HTML, <https://html.spec.whatwg.org/multipage/server-sent-events.html>, in its text of June 2026.

mod parser;

use std::time::Duration;

use url::Url;

pub use parser::{EventStreamParser, EventTooLarge, Parsed, StreamEvent};

use crate::encoding_parsing::encoding_parse_url;
use crate::error::{NetworkError, XhrError};
use crate::fetch::{
    CacheMode, CredentialsMode, FetchEvent, InitiatorType, Mode, Request, Response,
};
use crate::mime::extract_mime_type;
use crate::origin::Origin;
use crate::xml_http_request::ClientSettings;

/// `readyState`.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum ReadyState {
    /// 0: a connection is being made, or waited for.
    #[default]
    Connecting = 0,
    /// 1: events come.
    Open = 1,
    /// 2: it is over.
    Closed = 2,
}

/// Limits and times of an `EventSource`.
#[derive(Clone, Copy, Debug)]
pub struct EventSourceLimits {
    /// Bytes of one event's data, or of one line. Default: 64 MiB.
    pub max_event_bytes: usize,
    /// How long to wait before a connection is made again, until the stream says otherwise. Default: 3 s.
    pub reconnection_time: Duration,
    /// The most that is waited after failure upon failure; each doubles the time. Default: 60 s.
    pub max_backoff: Duration,
}

impl Default for EventSourceLimits {
    fn default() -> Self {
        Self {
            max_event_bytes: 64 << 20,
            reconnection_time: Duration::from_secs(3),
            max_backoff: Duration::from_secs(60),
        }
    }
}

/// What is to be done in a task of its own, by [`EventSource::run`].
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Task {
    /// Announce the connection.
    Announce,
    /// Reestablish the connection.
    Reestablish,
    /// Fail the connection.
    Fail,
    /// Dispatch an event of the stream.
    Dispatch(StreamEvent),
}

/// What a task comes to.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Outcome {
    /// Nothing: the object was closed meanwhile.
    Nothing,
    /// Fire `open`.
    Open,
    /// Fire `error`; a connection is made again after `delay`, unless the object is closed then: with [`EventSource::request`].
    ErrorAndReconnect {
        /// How long to wait.
        delay: Duration,
    },
    /// Fire `error`. It is over.
    Error,
    /// Fire a message event.
    Message {
        /// Type, data and last event ID.
        event: StreamEvent,
        /// The origin of the stream.
        origin: String,
    },
}

/// An `EventSource` object.
#[derive(Debug)]
pub struct EventSource {
    url: Url,
    with_credentials: bool,
    settings: ClientSettings,
    limits: EventSourceLimits,
    ready_state: ReadyState,
    reconnection_time: Duration,
    last_event_id: String,
    parser: Option<EventStreamParser>,
    origin: String,
    /// Connections that have failed in a row.
    failures: u32,
    failure: Option<NetworkError>,
}

impl EventSource {
    /// Runs the constructor's steps, up to the first fetch.
    ///
    /// # Errors
    /// [`XhrError::Syntax`] for a URL that does not parse.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/server-sent-events.html#dom-eventsource>
    pub fn new(
        url: &str,
        with_credentials: bool,
        settings: &ClientSettings,
        limits: EventSourceLimits,
    ) -> Result<Self, XhrError> {
        // 3. and 4. The URL.
        let url = encoding_parse_url(url, settings.url_encoding, Some(&settings.base_url))
            .ok_or(XhrError::Syntax("the URL cannot be parsed"))?;
        Ok(Self {
            url,
            with_credentials,
            settings: settings.clone(),
            limits,
            ready_state: ReadyState::Connecting,
            reconnection_time: limits.reconnection_time,
            last_event_id: String::new(),
            parser: None,
            origin: String::new(),
            failures: 0,
            failure: None,
        })
    }

    /// `url`.
    #[must_use]
    pub const fn url(&self) -> &Url {
        &self.url
    }

    /// `withCredentials`.
    #[must_use]
    pub const fn with_credentials(&self) -> bool {
        self.with_credentials
    }

    /// `readyState`.
    #[must_use]
    pub const fn ready_state(&self) -> ReadyState {
        self.ready_state
    }

    /// Why the last connection failed, for logs.
    #[must_use]
    pub const fn failure(&self) -> Option<&NetworkError> {
        self.failure.as_ref()
    }

    /// Runs the `close()` method steps. The fetch under way is to be aborted.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/server-sent-events.html#dom-eventsource-close>
    pub fn close(&mut self) {
        self.ready_state = ReadyState::Closed;
        self.parser = None;
    }

    /// The request of the next connection.
    #[must_use]
    pub fn request(&self) -> Request {
        // 8. A potential-CORS request, by the origin of now.
        let mut request = Request::new(self.url.clone(), self.settings.origin.clone());
        request.mode = Mode::Cors;
        request.credentials_mode = if self.with_credentials {
            CredentialsMode::Include
        } else {
            CredentialsMode::SameOrigin
        };
        // 9. The client.
        request.referrer = self.settings.referrer.clone();
        request.referrer_policy = self.settings.referrer_policy;
        request
            .site_for_cookies
            .clone_from(&self.settings.site_for_cookies);
        // 10. The type wanted.
        request.header_list.append("Accept", "text/event-stream");
        // 11. and 12. No cache.
        request.cache_mode = CacheMode::NoStore;
        request.initiator_type = Some(InitiatorType::EventSource);
        // A stream has no end that a limit could be for.
        request.max_body_bytes = Some(u64::MAX);
        // Reestablish, 5.3. Where the stream was.
        if !self.last_event_id.is_empty() {
            request
                .header_list
                .append("Last-Event-ID", &self.last_event_id);
        }
        request
    }

    /// Takes an event of the fetch under way, and gives what it leads to. Whether the fetch is to be aborted is told by
    /// [`is_connected`](Self::is_connected) being false after a response.
    ///
    /// Standard: step 13 and 14 of <https://html.spec.whatwg.org/multipage/server-sent-events.html#dom-eventsource>
    pub fn on_fetch_event(&mut self, event: FetchEvent) -> Vec<Task> {
        match event {
            FetchEvent::RequestBodyChunkLength(_) | FetchEvent::RequestEndOfBody => Vec::new(),
            FetchEvent::Response(response) => vec![self.on_response(&response)],
            FetchEvent::BodyChunk(bytes) => self.on_bytes(&bytes),
            FetchEvent::EndOfBody => self.on_end(None),
            FetchEvent::BodyError(error) => self.on_end(Some(error)),
        }
    }

    /// Whether a stream is being read.
    #[must_use]
    pub const fn is_connected(&self) -> bool {
        self.parser.is_some()
    }

    /// Runs a task that was queued.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/server-sent-events.html#announce-the-connection> and after it
    pub fn run(&mut self, task: Task) -> Outcome {
        if self.ready_state == ReadyState::Closed {
            return Outcome::Nothing;
        }
        match task {
            Task::Announce => {
                self.ready_state = ReadyState::Open;
                Outcome::Open
            }
            Task::Reestablish => {
                // 2. and 3. The delay, and more of it after each failure.
                self.ready_state = ReadyState::Connecting;
                let doubled = self.failures.saturating_sub(1).min(10);
                let backoff = self.reconnection_time.saturating_mul(1 << doubled);
                let most = self.limits.max_backoff.max(self.reconnection_time);
                Outcome::ErrorAndReconnect {
                    delay: backoff.min(most),
                }
            }
            Task::Fail => {
                self.ready_state = ReadyState::Closed;
                Outcome::Error
            }
            Task::Dispatch(event) => Outcome::Message {
                event,
                origin: self.origin.clone(),
            },
        }
    }

    fn on_response(&mut self, response: &Response) -> Task {
        self.parser = None;
        // A network error: try again, unless that is known to be futile.
        if let Some(error) = response.error() {
            self.failure = Some(error.clone());
            if is_futile(error) {
                return Task::Fail;
            }
            self.failures = self.failures.saturating_add(1);
            return Task::Reestablish;
        }
        // Another status or type than wanted: over.
        let is_stream = extract_mime_type(&response.header_list)
            .is_some_and(|mime| mime.essence() == "text/event-stream");
        if response.status != 200 || !is_stream {
            self.failure = Some(NetworkError::MalformedResponse(format!(
                "status {} and the type {}, where 200 and text/event-stream were wanted",
                response.status,
                response.header_list.get("content-type").map_or_else(
                    || "none".to_owned(),
                    |value| { String::from_utf8_lossy(&value).into_owned() }
                ),
            )));
            return Task::Fail;
        }
        self.failure = None;
        self.failures = 0;
        self.origin = response
            .url()
            .map_or_else(String::new, |url| Origin::of(url).serialize());
        self.parser = Some(EventStreamParser::new(
            self.last_event_id.clone(),
            self.limits.max_event_bytes,
        ));
        Task::Announce
    }

    fn on_bytes(&mut self, bytes: &[u8]) -> Vec<Task> {
        let Some(parser) = &mut self.parser else {
            return Vec::new();
        };
        let mut parsed = Vec::new();
        let result = parser.push(bytes, &mut parsed);
        let mut tasks = Vec::new();
        for item in parsed {
            match item {
                Parsed::Event(event) => {
                    self.last_event_id.clone_from(&event.last_event_id);
                    tasks.push(Task::Dispatch(event));
                }
                Parsed::LastEventId(id) => self.last_event_id = id,
                Parsed::ReconnectionTime(time) => self.reconnection_time = time,
            }
        }
        if result == Err(EventTooLarge) {
            self.parser = None;
            self.failure = Some(NetworkError::BodyTooLarge(
                self.limits.max_event_bytes as u64,
            ));
            tasks.push(Task::Fail);
        }
        tasks
    }

    /// The stream has ended: connect again, unless it was given up before.
    fn on_end(&mut self, error: Option<NetworkError>) -> Vec<Task> {
        if self.parser.take().is_none() {
            return Vec::new();
        }
        let is_aborted = error.as_ref().is_some_and(NetworkError::is_abort);
        self.failure = error;
        vec![if is_aborted {
            Task::Fail
        } else {
            Task::Reestablish
        }]
    }
}

/// Whether a connection that failed so would fail again.
const fn is_futile(error: &NetworkError) -> bool {
    !matches!(
        error,
        NetworkError::Dns { .. }
            | NetworkError::Connect { .. }
            | NetworkError::Proxy(_)
            | NetworkError::TruncatedBody { .. }
            | NetworkError::ConnectionClosed(_)
            | NetworkError::Timeout { .. }
            | NetworkError::Io(_)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fetch::{CorsError, ResponseKind};

    fn source() -> EventSource {
        let settings = ClientSettings::new(Url::parse("http://a.test/page").expect("a URL"));
        EventSource::new("stream", false, &settings, EventSourceLimits::default())
            .expect("a source")
    }

    fn response(status: u16, content_type: &str) -> FetchEvent {
        let mut response = Response::network_error(NetworkError::Aborted);
        response.kind = ResponseKind::Basic;
        response.status = status;
        response.url_list = vec![Url::parse("http://b.test:81/x").expect("a URL")];
        response.header_list.append("Content-Type", content_type);
        FetchEvent::Response(response)
    }

    fn error(error: NetworkError) -> FetchEvent {
        FetchEvent::Response(Response::network_error(error))
    }

    fn refused() -> NetworkError {
        NetworkError::Connect {
            host: "a.test".to_owned(),
            detail: String::new(),
        }
    }

    #[test]
    fn a_stream_is_announced_and_its_events_dispatched() {
        let mut source = source();
        let tasks = source.on_fetch_event(response(200, "text/event-stream;charset=x"));
        assert_eq!(tasks, [Task::Announce]);
        assert_eq!(source.run(Task::Announce), Outcome::Open);
        let tasks =
            source.on_fetch_event(FetchEvent::BodyChunk(b"id:7\ndata:x\n\nretry:5\n".to_vec()));
        let [task] = <[Task; 1]>::try_from(tasks).expect("one task");
        let Outcome::Message { event, origin } = source.run(task) else {
            panic!("a message is dispatched");
        };
        assert_eq!(
            (event.data.as_str(), origin.as_str()),
            ("x", "http://b.test:81")
        );
        assert_eq!(
            source.on_fetch_event(FetchEvent::EndOfBody),
            [Task::Reestablish]
        );
        let delay = Duration::from_millis(5);
        assert_eq!(
            source.run(Task::Reestablish),
            Outcome::ErrorAndReconnect { delay }
        );
        assert_eq!(source.ready_state(), ReadyState::Connecting);
        let id = source.request().header_list.get("last-event-id");
        assert_eq!(id.as_deref(), Some(&b"7"[..]));
    }

    #[test]
    fn another_status_or_type_ends_it() {
        for (status, content_type) in [
            (204, "text/event-stream"),
            (500, "text/event-stream"),
            (200, "text/plain"),
            (200, "text/event-streamx"),
        ] {
            let mut source = source();
            let tasks = source.on_fetch_event(response(status, content_type));
            assert_eq!(tasks, [Task::Fail]);
            assert!(!source.is_connected());
            assert_eq!(source.on_fetch_event(FetchEvent::EndOfBody), []);
            assert_eq!(source.run(Task::Fail), Outcome::Error);
            assert_eq!(source.ready_state(), ReadyState::Closed);
            assert_eq!(source.run(Task::Announce), Outcome::Nothing);
        }
    }

    #[test]
    fn failures_are_waited_for_longer_and_longer() {
        let mut source = source();
        let mut delays = Vec::new();
        for _ in 0..7 {
            let tasks = source.on_fetch_event(error(refused()));
            assert_eq!(tasks, [Task::Reestablish]);
            if let Outcome::ErrorAndReconnect { delay } = source.run(Task::Reestablish) {
                delays.push(delay.as_secs());
            }
        }
        assert_eq!(delays, [3, 6, 12, 24, 48, 60, 60]);
        let cors = NetworkError::Cors(CorsError::MissingAllowOrigin);
        assert_eq!(source.on_fetch_event(error(cors)), [Task::Fail]);
    }
}
