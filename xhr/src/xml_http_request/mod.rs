//! The XMLHttpRequest standard as a pure state machine: no I/O, no clock, no script.
//!
//! An [`XmlHttpRequest`] is driven from two sides. Script's calls ([`open`](XmlHttpRequest::open),
//! [`send`](XmlHttpRequest::send), [`abort`](XmlHttpRequest::abort)) and the network's
//! ([`on_fetch_event`](XmlHttpRequest::on_fetch_event), [`on_timeout`](XmlHttpRequest::on_timeout)) change its state and
//! leave *steps* to take: events to fire, a fetch to start or to abort. The caller pulls them one at a time with
//! [`next_step`](XmlHttpRequest::next_step) until it says [`Step::Idle`]:
//!
//! - after every `Ok` of `open`, `send` and `abort`, and after every `true` of `on_fetch_event` and `on_timeout`, pull
//!   until [`Step::Idle`], once;
//! - a listener that is called for [`Step::Fire`] may call any of them again, and pulls for itself; the outer pull then
//!   goes on where it was. Each step looks at the state as it is when it is pulled, so an event that a listener has
//!   made void is not fired, and no request goes out that a listener has cancelled.
//!
//! Every fetch has a generation. Events of one that `open()` or `abort()` has replaced are dropped.
//! A moment is given as the time since an origin of the caller's choosing, so that time may be virtual.
//!
//! ```
//! use std::time::Duration;
//! use readystate_xhr::Origin;
//! use readystate_xhr::fetch::{FetchEvent, Response, ResponseKind};
//! use readystate_xhr::xml_http_request::{ClientSettings, Global, OpenOptions, Step, XmlHttpRequest};
//!
//! let settings = ClientSettings::new("https://a.test/page".parse()?);
//! let mut xhr = XmlHttpRequest::new(Global::Window);
//! xhr.open(&OpenOptions::new(b"get", "data.txt"), &settings)?;
//! let mut names = Vec::new();
//! # let now = Duration::ZERO;
//! while let Step::Fire(event) = xhr.next_step(now) { names.push(event.name) }
//! xhr.send(None, false, &settings)?;
//! loop {
//!     match xhr.next_step(now) {
//!         Step::Fire(event) => names.push(event.name),
//!         Step::StartFetch { request, .. } => assert_eq!(request.url.as_str(), "https://a.test/data.txt"),
//!         _ => break,
//!     }
//! }
//! assert_eq!(names, ["readystatechange", "loadstart"]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Standard: <https://xhr.spec.whatwg.org/> at d375b285.

mod abort;
mod event;
mod open;
mod progress;
mod request_error;
mod request_settings;
mod response;
mod send;
mod text_response;

use std::collections::VecDeque;
use std::time::Duration;

use encoding_rs::{Encoding, UTF_8};
use url::Url;

use crate::body::Blob;
use crate::error::XhrError;
use crate::fetch::{Body, Referrer, ReferrerPolicy, Request, Response};
use crate::http::{HeaderList, Method};
use crate::mime::MimeType;
use crate::origin::Origin;

pub use event::{EventTarget, Step, XhrEvent};
pub use open::{Async, OpenOptions};
pub use response::{DocumentSource, ResponseObject};
pub use send::{Charset, SendBody};

/// The state of an `XMLHttpRequest` object.
///
/// Standard: <https://xhr.spec.whatwg.org/#interface-xmlhttprequest>
#[derive(Debug)]
pub struct XmlHttpRequest {
    global: Global,
    state: ReadyState,
    send_invoked: bool,
    timeout: u32,
    cross_origin_credentials: bool,
    request_method: Method,
    request_url: Option<Url>,
    blob_url_entry: Option<Blob>,
    author_request_headers: HeaderList,
    request_body: Option<Body>,
    synchronous: bool,
    upload_complete: bool,
    upload_listener: bool,
    timed_out: bool,
    /// `None` stands for the network error that it is at first.
    response: Option<Response>,
    received_bytes: Vec<u8>,
    response_type: ResponseType,
    override_mime_type: Option<MimeType>,

    /// Counts `open()`, `send()` and `abort()`; the steps of a fetch are void once it has moved on.
    generation: u32,
    in_flight: Option<InFlight>,
    /// The algorithms that are under way, the innermost last.
    runs: Vec<Run>,
    text: text_response::TextDecoding,
}

/// What is known of the environment settings object at the time of a call.
///
/// Standard: <https://html.spec.whatwg.org/multipage/webappapis.html#environment-settings-object>
#[derive(Clone, Debug)]
pub struct ClientSettings {
    /// The API base URL: what relative URLs are relative to.
    pub base_url: Url,
    /// The encoding in which a URL's query is written. Default: UTF-8.
    pub url_encoding: &'static Encoding,
    /// Who asks. Default: the base URL's origin.
    pub origin: Origin,
    /// What is sent as referrer. Default: the base URL.
    pub referrer: Referrer,
    /// How much of it is sent. Default: strict-origin-when-cross-origin.
    pub referrer_policy: ReferrerPolicy,
    /// The top-level site if it is another than [`origin`](Self::origin)'s, for `SameSite` cookies. Default: `None`.
    pub site_for_cookies: Option<Origin>,
    /// Whether the document, if there is one, is fully active. Default: true.
    pub fully_active: bool,
    /// Whether the document may use the `sync-xhr` feature. Default: true.
    pub sync_xhr: bool,
}

impl ClientSettings {
    /// The settings of a document at `url`, with the defaults of the fields.
    #[must_use]
    pub fn new(url: Url) -> Self {
        Self {
            url_encoding: UTF_8,
            origin: Origin::of(&url),
            referrer: Referrer::Url(url.clone()),
            referrer_policy: ReferrerPolicy::default(),
            site_for_cookies: None,
            fully_active: true,
            sync_xhr: true,
            base_url: url,
        }
    }
}

/// What the object's global is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Global {
    /// A window: no `timeout` and `responseType` with synchronous requests, but documents as responses.
    Window,
    /// A worker.
    Worker,
}

/// The states of the object, with the values of `readyState`.
///
/// Standard: <https://xhr.spec.whatwg.org/#states>
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[repr(u8)]
pub enum ReadyState {
    /// `UNSENT`.
    Unsent = 0,
    /// `OPENED`.
    Opened = 1,
    /// `HEADERS_RECEIVED`.
    HeadersReceived = 2,
    /// `LOADING`.
    Loading = 3,
    /// `DONE`.
    Done = 4,
}

/// What `response` gives.
///
/// Standard: <https://xhr.spec.whatwg.org/#xmlhttprequestresponsetype>
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[repr(u8)]
pub enum ResponseType {
    /// `""`: text, and `responseXML` as well.
    #[default]
    Empty = 0,
    /// `"arraybuffer"`.
    ArrayBuffer = 1,
    /// `"blob"`.
    Blob = 2,
    /// `"document"`.
    Document = 3,
    /// `"json"`.
    Json = 4,
    /// `"text"`.
    Text = 5,
}

impl ResponseType {
    /// The type that `value` names; `None` if there is no such type.
    #[must_use]
    pub fn parse(value: &str) -> Option<Self> {
        [
            Self::Empty,
            Self::ArrayBuffer,
            Self::Blob,
            Self::Document,
            Self::Json,
            Self::Text,
        ]
        .into_iter()
        .find(|response_type| response_type.as_str() == value)
    }

    /// The value as script sees it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Empty => "",
            Self::ArrayBuffer => "arraybuffer",
            Self::Blob => "blob",
            Self::Document => "document",
            Self::Json => "json",
            Self::Text => "text",
        }
    }
}

impl XmlHttpRequest {
    /// A new object of a global of this kind.
    ///
    /// Standard: <https://xhr.spec.whatwg.org/#dom-xmlhttprequest>
    #[must_use]
    pub fn new(global: Global) -> Self {
        Self {
            global,
            state: ReadyState::Unsent,
            send_invoked: false,
            timeout: 0,
            cross_origin_credentials: false,
            request_method: Method::GET,
            request_url: None,
            blob_url_entry: None,
            author_request_headers: HeaderList::new(),
            request_body: None,
            synchronous: false,
            upload_complete: false,
            upload_listener: false,
            timed_out: false,
            response: None,
            received_bytes: Vec::new(),
            response_type: ResponseType::Empty,
            override_mime_type: None,
            generation: 0,
            in_flight: None,
            runs: Vec::new(),
            text: text_response::TextDecoding::default(),
        }
    }

    /// The state.
    ///
    /// Standard: <https://xhr.spec.whatwg.org/#dom-xmlhttprequest-readystate>
    #[must_use]
    pub const fn ready_state(&self) -> ReadyState {
        self.state
    }

    /// The URL that `open()` has parsed, if it was called.
    ///
    /// Standard: <https://xhr.spec.whatwg.org/#request-url>
    #[must_use]
    pub const fn request_url(&self) -> Option<&Url> {
        self.request_url.as_ref()
    }

    /// What the [`request_url`](Self::request_url) means if it is a `blob:` URL: to be told right after `open()`, for the
    /// URL may be revoked before `send()`. Forgotten at the next `open()`.
    ///
    /// Standard: <https://url.spec.whatwg.org/#concept-url-blob-entry>
    pub fn set_blob_url_entry(&mut self, entry: Option<Blob>) {
        self.blob_url_entry = entry;
    }

    /// The generation of the fetch that is under way, if one is.
    ///
    /// While there is one the object must not be dropped by its owner, and script must find its listeners called.
    #[must_use]
    pub fn in_flight(&self) -> Option<u32> {
        self.in_flight.as_ref().map(|fetch| fetch.generation)
    }

    /// Takes the next step of the algorithm that is under way innermost; see the [module](self) for when to call it.
    pub fn next_step(&mut self, now: Duration) -> Step {
        loop {
            let Some(run) = self.runs.last_mut() else {
                return Step::Idle;
            };
            let generation = run.generation;
            let Some(action) = run.actions.pop_front() else {
                self.runs.pop();
                return Step::Idle;
            };
            if let Some(step) = self.take(action, generation, now) {
                return step;
            }
        }
    }

    /// Performs one action; `None` if it has nothing to show.
    fn take(&mut self, action: Action, generation: u32, now: Duration) -> Option<Step> {
        match action {
            Action::Fire(event) => Some(Step::Fire(event)),
            Action::StopIfReplaced => {
                if generation != self.generation {
                    self.stop();
                }
                None
            }
            Action::AbortFetch(generation) => Some(Step::AbortFetch { generation }),
            Action::UploadLoadstart => self.upload_loadstart(),
            Action::StartFetch(request) => self.start_fetch(request, generation, now),
            Action::WaitForSyncFetch => self.wait_for_sync_fetch(),
            Action::AfterHeaders => {
                self.after_headers();
                None
            }
            Action::BecomeDone => {
                self.become_done();
                None
            }
            Action::UploadError(name) => {
                self.upload_error(name);
                None
            }
            Action::FinishAbort => {
                self.finish_abort();
                None
            }
            Action::Throw(error) => Some(Step::Throw(error)),
        }
    }

    /// Begins an algorithm whose remaining steps are `actions`.
    fn begin(&mut self, actions: impl IntoIterator<Item = Action>) {
        self.runs.push(Run {
            generation: self.generation,
            actions: actions.into_iter().collect(),
        });
    }

    /// Puts `actions` before what remains of the innermost algorithm.
    fn next(&mut self, actions: impl IntoIterator<Item = Action, IntoIter: DoubleEndedIterator>) {
        if let Some(run) = self.runs.last_mut() {
            for action in actions.into_iter().rev() {
                run.actions.push_front(action);
            }
        }
    }

    /// Ends the innermost algorithm early.
    fn stop(&mut self) {
        if let Some(run) = self.runs.last_mut() {
            run.actions.clear();
        }
    }

    /// Gives up the fetch under way, if there is one, so that its events are dropped; returns the action that aborts it.
    fn terminate_fetch(&mut self) -> Option<Action> {
        self.generation = self.generation.wrapping_add(1);
        self.in_flight
            .take()
            .map(|fetch| Action::AbortFetch(fetch.generation))
    }
}

/// A fetch that is under way.
#[derive(Debug)]
struct InFlight {
    generation: u32,
    /// When it was started; `timeout` counts from here.
    started: Duration,
    /// Upload: bytes sent, bytes in all.
    upload: progress::Progress,
    /// Download: bytes received, what `Content-Length` says (0 = unknown).
    download: progress::Progress,
    /// Of a synchronous fetch: the response whose body is being read.
    consumed: Option<Response>,
    /// Of a synchronous fetch: nothing more will come ("processedResponse").
    processed: bool,
}

/// An algorithm that is under way: what is left to do of it.
#[derive(Debug)]
struct Run {
    /// The object's generation when it began.
    generation: u32,
    actions: VecDeque<Action>,
}

/// One step that is left to do.
#[derive(Debug)]
enum Action {
    Fire(XhrEvent),
    /// NOTE: not in the standard, whose fetch callbacks go on to fire `progress`, `load` and `loadend` even if a
    /// listener has called `abort()` or `open()` meanwhile. Browsers stop, and so do we.
    StopIfReplaced,
    AbortFetch(u32),
    UploadLoadstart,
    StartFetch(Box<Request>),
    WaitForSyncFetch,
    AfterHeaders,
    BecomeDone,
    UploadError(&'static str),
    FinishAbort,
    Throw(XhrError),
}
