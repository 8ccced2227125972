//! A host for one [`XmlHttpRequest`] whose fetches are fabricated: it logs what is fired, as WPT's event order tests do.

use std::collections::VecDeque;
use std::time::Duration;

use readystate_xhr::fetch::{FetchController, FetchEvent, Request, Response, ResponseKind, fetch};
use readystate_xhr::http::HeaderList;
use readystate_xhr::xml_http_request::{
    Async, ClientSettings, EventTarget, Global, OpenOptions, SendBody, Step, XhrEvent,
    XmlHttpRequest,
};
use readystate_xhr::{FetchEnvironment, NetworkError, XhrError};

/// What script does when an event is fired at it. It may call anything of the driver again.
pub(crate) type Listener = fn(&mut Driver, &XhrEvent);

/// An object, its log and its fetches.
pub(crate) struct Driver {
    pub(crate) xhr: XmlHttpRequest,
    pub(crate) settings: ClientSettings,
    pub(crate) now: Duration,
    pub(crate) upload_listeners: bool,
    pub(crate) listener: Listener,
    /// `readystatechange` as its state, other events as `name(loaded,total,lengthComputable)`, and the test's own notes.
    pub(crate) log: Vec<String>,
    pub(crate) requests: Vec<(u32, Request)>,
    pub(crate) aborted: Vec<u32>,
    /// What the next synchronous fetches answer with; it times out when this runs dry.
    pub(crate) sync_events: VecDeque<FetchEvent>,
    /// Where requests really go, if they are not fabricated: what comes of one is kept until it is delivered.
    pub(crate) environment: Option<FetchEnvironment>,
    /// Events of the latest request that went there.
    pub(crate) fetched: VecDeque<FetchEvent>,
    /// How often a listener has done what it does once.
    pub(crate) count: u32,
}

impl Driver {
    pub(crate) fn new() -> Self {
        Self {
            xhr: XmlHttpRequest::new(Global::Window),
            settings: ClientSettings::new("http://web.test/xhr/page.htm".parse().expect("a URL")),
            now: Duration::ZERO,
            upload_listeners: true,
            listener: |_, _| {},
            log: Vec::new(),
            requests: Vec::new(),
            aborted: Vec::new(),
            sync_events: VecDeque::new(),
            environment: None,
            fetched: VecDeque::new(),
            count: 0,
        }
    }

    pub(crate) fn with_listener(listener: Listener) -> Self {
        Self {
            listener,
            ..Self::new()
        }
    }

    pub(crate) fn in_worker() -> Self {
        Self {
            xhr: XmlHttpRequest::new(Global::Worker),
            ..Self::new()
        }
    }

    #[track_caller]
    pub(crate) fn open(&mut self, method: &str, url: &str) {
        self.try_open(&OpenOptions::new(method.as_bytes(), url))
            .expect("open() does not throw");
    }

    #[track_caller]
    pub(crate) fn open_sync(&mut self, method: &str, url: &str) {
        let options = OpenOptions {
            async_: Async::No,
            ..OpenOptions::new(method.as_bytes(), url)
        };
        self.try_open(&options).expect("open() does not throw");
    }

    pub(crate) fn try_open(&mut self, options: &OpenOptions<'_>) -> Result<(), XhrError> {
        self.xhr.open(options, &self.settings)?;
        self.pump()
    }

    /// `send(null)`.
    #[track_caller]
    pub(crate) fn send(&mut self) {
        self.try_send(None).expect("send() does not throw");
    }

    #[track_caller]
    pub(crate) fn send_body(&mut self, body: impl Into<SendBody>) {
        self.try_send(Some(body.into()))
            .expect("send() does not throw");
    }

    pub(crate) fn try_send(&mut self, body: Option<SendBody>) -> Result<(), XhrError> {
        self.xhr.send(body, self.upload_listeners, &self.settings)?;
        self.pump()
    }

    pub(crate) fn abort(&mut self) {
        self.xhr.abort();
        self.pump().expect("abort() does not throw");
    }

    /// Delivers an event of the latest fetch.
    pub(crate) fn deliver(&mut self, event: FetchEvent) {
        let generation = self.requests.last().expect("a fetch").0;
        self.deliver_of(generation, event);
    }

    /// Delivers an event of the fetch of that generation.
    pub(crate) fn deliver_of(&mut self, generation: u32, event: FetchEvent) {
        if self.xhr.on_fetch_event(generation, event, self.now) {
            self.pump().expect("a task does not throw");
        }
    }

    /// A response with that status and those headers, a body in one piece, and its end.
    pub(crate) fn respond(&mut self, status: u16, headers: &[(&str, &str)], body: &str) {
        for event in response_events(status, headers, body) {
            self.deliver(event);
        }
    }

    /// Lets the clock stand at `millis` and tells the object that a timer is due.
    pub(crate) fn timer_at(&mut self, millis: u64) {
        self.now = Duration::from_millis(millis);
        let generation = self.requests.last().expect("a fetch").0;
        if self.xhr.on_timeout(generation, self.now) {
            self.pump().expect("a task does not throw");
        }
    }

    pub(crate) fn note(&mut self, note: &str) {
        self.log.push(format!("{note} {}", self.ready_state()));
    }

    pub(crate) fn ready_state(&self) -> u8 {
        self.xhr.ready_state() as u8
    }

    pub(crate) fn request(&self) -> &Request {
        &self.requests.last().expect("a fetch").1
    }

    #[track_caller]
    pub(crate) fn assert_log(&self, expected: &[&str]) {
        assert_eq!(self.log, expected);
    }

    fn pump(&mut self) -> Result<(), XhrError> {
        let mut thrown = Ok(());
        loop {
            match self.xhr.next_step(self.now) {
                Step::Fire(event) => {
                    self.log.push(describe(&event, self.ready_state()));
                    (self.listener)(self, &event);
                }
                Step::StartFetch {
                    request,
                    generation,
                    ..
                } => {
                    if let Some(environment) = &self.environment {
                        self.fetched = events_of(&request, environment);
                    }
                    self.requests.push((generation, *request));
                }
                Step::AbortFetch { generation } => self.aborted.push(generation),
                Step::Wait { deadline } => {
                    let generation = self.requests.last().expect("a fetch").0;
                    let event = self.sync_events.pop_front();
                    match event.or_else(|| self.fetched.pop_front()) {
                        Some(event) => {
                            assert!(!self.xhr.on_fetch_event(generation, event, self.now))
                        }
                        None => {
                            self.now = deadline.expect("the fetch ends or times out");
                            assert!(!self.xhr.on_timeout(generation, self.now));
                        }
                    }
                }
                Step::Throw(error) => thrown = Err(error),
                Step::Idle => return thrown,
            }
        }
    }
}

/// Runs a fetch to its end. A time-out of the environment stands for a server that hangs: its event never comes.
fn events_of(request: &Request, environment: &FetchEnvironment) -> VecDeque<FetchEvent> {
    let mut events = VecDeque::new();
    let controller = FetchController::new();
    fetch(request.clone(), environment, &controller, &mut |event| {
        let error = match &event {
            FetchEvent::Response(response) => response.error(),
            FetchEvent::BodyError(error) => Some(error),
            _ => None,
        };
        if !matches!(error, Some(NetworkError::Timeout { .. })) {
            events.push_back(event);
        }
    });
    events
}

/// A response's head.
pub(crate) fn head(status: u16, headers: &[(&str, &str)]) -> FetchEvent {
    FetchEvent::Response(Response {
        kind: ResponseKind::Basic,
        url_list: vec![
            "http://web.test/xhr/answer#fragment"
                .parse()
                .expect("a URL"),
        ],
        status,
        status_message: b"OK".to_vec(),
        request_had_body: false,
        internal_response: None,
        header_list: headers.iter().copied().collect::<HeaderList>(),
        cors_exposed_header_names: Vec::new(),
        remote_address: None,
    })
}

/// A piece of a body.
pub(crate) fn chunk(bytes: impl AsRef<[u8]>) -> FetchEvent {
    FetchEvent::BodyChunk(bytes.as_ref().to_vec())
}

/// A whole response, its body in one piece.
pub(crate) fn response_events(
    status: u16,
    headers: &[(&str, &str)],
    body: &str,
) -> Vec<FetchEvent> {
    let mut events = vec![head(status, headers)];
    if !body.is_empty() {
        events.push(chunk(body));
    }
    events.push(FetchEvent::EndOfBody);
    events
}

fn describe(event: &XhrEvent, state: u8) -> String {
    let target = match event.target {
        EventTarget::Xhr => "",
        EventTarget::Upload => "upload.",
    };
    match event.progress {
        None => state.to_string(),
        Some((loaded, total)) => {
            format!(
                "{target}{}({loaded},{total},{})",
                event.name,
                event.length_computable()
            )
        }
    }
}
