//! The requests of one page: who started them, which are in flight, and where their events go.

use std::cell::{Cell, RefCell};
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use readystate_dom::NodeHandle;
use readystate_dom::css::CssId;
use readystate_js::host::{FetchId, SyncFetchStep, WindowId};
use readystate_xhr::body::BlobUrls;
use readystate_xhr::driver::Pool;
use readystate_xhr::environment::{AddressPolicy, BlobUrlStore};
use readystate_xhr::fetch::{FetchController, FetchEvent, InitiatorType, Request, Response};
use readystate_xhr::origin::OpaqueOrigins;
use readystate_xhr::{FetchEnvironment, NetworkError, Origin};

use crate::backlog::Backlog;
use crate::command::Input;
use crate::config::Limits;
use crate::error::Limit;
use crate::events::EventSink;
use crate::script_budget::ScriptBudget;
use crate::settled::{OpenConnection, PendingRequest, RequestPhase, RequestPurpose};
use crate::web_sockets::WebSockets;
use url::Url;

/// Who wants the events of a fetch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FetchOwner {
    /// Script of this window.
    Script(WindowId),
    /// A script element's source.
    ScriptElement {
        window: WindowId,
        element: NodeHandle,
    },
    /// A link element's style sheet, or what a sheet imports.
    StyleSheet {
        window: WindowId,
        element: NodeHandle,
        /// The rule that imports it.
        import: Option<CssId>,
    },
    /// What an `object` or `embed` element shows.
    Object {
        window: WindowId,
        element: NodeHandle,
    },
    /// A module of a window's module map, by the number of its fetch.
    Module { window: WindowId, fetch: u32 },
    /// A navigation that has no document yet.
    Navigation(u32),
    /// A frame's or auxiliary window's navigation that has no document yet.
    Frame {
        /// The number of its navigable.
        navigable: u32,
        /// The navigation's number.
        id: u32,
    },
    /// The body of a window's document.
    Document(WindowId),
}

struct InFlight {
    owner: FetchOwner,
    method: String,
    /// How much of the response's body has come; `None` before the response.
    received: Option<u64>,
    url: String,
    started: Instant,
    controller: FetchController,
    /// The request, as long as it waits for its turn.
    waiting: Option<Box<Request>>,
    /// Private addresses are closed to it.
    is_public: bool,
    /// Of an `EventSource`'s connection, what was received and not taken yet.
    backlog: Option<Backlog>,
    /// Whether it is a stream whose events come: it may last for ever, and nobody waits for its end.
    is_streaming: bool,
    /// Of a request that may outlive its document, how much it sends.
    keepalive: Option<u64>,
    /// Whether it has outlived its document: it goes on, and nobody hears of it.
    is_orphaned: bool,
}

impl Drop for InFlight {
    fn drop(&mut self) {
        if let Some(backlog) = &self.backlog {
            backlog.end();
        }
    }
}

/// What requests with keepalive may send at once, in bytes.
const KEEPALIVE_QUOTA: u64 = 64 << 10;

fn body_length(request: &Request) -> u64 {
    request.body.as_ref().map_or(0, |body| body.len() as u64)
}

/// How often a waiting synchronous request looks whether it has to stop.
const STOP_POLL: Duration = Duration::from_millis(10);

/// The fetches of one page. It outlives the page's documents; fetch numbers are never used twice.
pub(crate) struct Network {
    pool: Pool,
    environment: RefCell<Arc<FetchEnvironment>>,
    blob_urls: Arc<BlobUrls>,
    opaque_origins: OpaqueOrigins,
    /// Windows whose document came from a public address into a page that is private: their requests reach no private address.
    public_windows: RefCell<HashSet<WindowId>>,
    sender: Sender<Input>,
    events: Arc<EventSink>,
    max_in_flight: usize,
    max_connections: usize,
    pub(crate) web_sockets: WebSockets,
    next_id: Cell<u64>,
    in_flight: RefCell<BTreeMap<u64, InFlight>>,
    waiting: RefCell<VecDeque<u64>>,
    synchronous: RefCell<HashMap<u64, Receiver<FetchEvent>>>,
}

impl Network {
    pub(crate) fn new(
        pool: Pool,
        mut environment: FetchEnvironment,
        sender: Sender<Input>,
        events: Arc<EventSink>,
        limits: &Limits,
    ) -> Self {
        let blob_urls = Arc::new(BlobUrls::default());
        environment.blob_urls = Some(Arc::clone(&blob_urls) as Arc<dyn BlobUrlStore>);
        Self {
            pool,
            environment: RefCell::new(Arc::new(environment)),
            blob_urls,
            opaque_origins: OpaqueOrigins::default(),
            public_windows: RefCell::default(),
            sender,
            events,
            max_in_flight: limits.requests_in_flight.max(1),
            max_connections: limits.open_connections,
            web_sockets: WebSockets::default(),
            next_id: Cell::new(1),
            in_flight: RefCell::default(),
            waiting: RefCell::default(),
            synchronous: RefCell::default(),
        }
    }

    pub(crate) fn environment(&self) -> Arc<FetchEnvironment> {
        Arc::clone(&self.environment.borrow())
    }

    /// Requests from now on are made in `environment`.
    pub(crate) fn set_environment(&self, environment: Arc<FetchEnvironment>) {
        self.environment.replace(environment);
    }

    /// An opaque origin that no other document of the page has.
    pub(crate) fn opaque_origin(&self) -> Origin {
        self.opaque_origins.next_origin()
    }

    /// The origin of a URL's document, an opaque one that is its own if the URL has none.
    pub(crate) fn origin_of_url(&self, url: &Url) -> Origin {
        match Origin::of(url) {
            Origin::Opaque(_) => self.opaque_origin(),
            origin => origin,
        }
    }

    /// The `blob:` URLs of the page's windows.
    pub(crate) fn blob_urls(&self) -> &BlobUrls {
        &self.blob_urls
    }

    /// The environment of a window's requests.
    pub(crate) fn environment_of(&self, window: WindowId) -> Arc<FetchEnvironment> {
        self.environment_for(self.is_public(window))
    }

    /// Whether a window's requests may reach no private address, whatever the page may.
    pub(crate) fn is_public(&self, window: WindowId) -> bool {
        self.public_windows.borrow().contains(&window)
    }

    /// Closes private addresses to a window, or leaves them as they are for the page.
    pub(crate) fn set_public(&self, window: WindowId, is_public: bool) {
        let mut windows = self.public_windows.borrow_mut();
        if is_public {
            windows.insert(window);
        } else {
            windows.remove(&window);
        }
    }

    /// Windows are counted anew.
    pub(crate) fn forget_windows(&self) {
        self.public_windows.borrow_mut().clear();
    }

    fn environment_for(&self, is_public: bool) -> Arc<FetchEnvironment> {
        let environment = self.environment();
        if !is_public || environment.address_policy == AddressPolicy::DenyPrivate {
            return environment;
        }
        let mut restricted = (*environment).clone();
        restricted.address_policy = AddressPolicy::DenyPrivate;
        Arc::new(restricted)
    }

    /// Starts a fetch; its events arrive as [`Input::Fetch`].
    pub(crate) fn start(&self, owner: FetchOwner, request: Request) -> FetchId {
        let is_public = match owner {
            FetchOwner::Script(window)
            | FetchOwner::ScriptElement { window, .. }
            | FetchOwner::StyleSheet { window, .. }
            | FetchOwner::Object { window, .. }
            | FetchOwner::Module { window, .. }
            | FetchOwner::Document(window) => self.is_public(window),
            FetchOwner::Navigation(_) | FetchOwner::Frame { .. } => false,
        };
        self.start_as(owner, request, is_public)
    }

    /// As [`Self::start`], for an owner that is no window: `is_public` says whether private addresses are closed to it.
    pub(crate) fn start_as(
        &self,
        owner: FetchOwner,
        mut request: Request,
        is_public: bool,
    ) -> FetchId {
        // The fetch's own thread may come too late for a URL that script revokes next.
        if request.blob_url_entry.is_none() {
            request.blob_url_entry = self.blob_urls.resolve(&request.url);
        }
        let id = self.allot();
        let started = self.started();
        let mut entry = InFlight {
            owner,
            method: request.method.to_string(),
            received: None,
            url: request.url.to_string(),
            started: Instant::now(),
            controller: FetchController::new(),
            waiting: None,
            is_public,
            backlog: None,
            is_streaming: false,
            keepalive: request.keepalive.then(|| body_length(&request)),
            is_orphaned: false,
        };
        if entry.keepalive.is_some()
            && self.is_over_keepalive_quota(&entry.owner, body_length(&request))
        {
            entry.keepalive = None;
            let error = NetworkError::InvalidRequest(
                "requests with keepalive send more than 64 KiB at once".to_owned(),
            );
            let event = FetchEvent::Response(Response::network_error(error));
            drop(self.sender.send(Input::Fetch(FetchId(id), event)));
        } else if request.initiator_type == Some(InitiatorType::EventSource) {
            let backlog = Backlog::default();
            entry.backlog = Some(backlog.clone());
            self.spawn_stream(id, request, &entry.controller, is_public, backlog);
        } else if started >= self.max_in_flight {
            entry.waiting = Some(Box::new(request));
            self.waiting.borrow_mut().push_back(id);
        } else {
            self.spawn(id, request, &entry.controller, is_public);
        }
        self.in_flight.borrow_mut().insert(id, entry);
        FetchId(id)
    }

    /// Starts a fetch outside of all queues; its events are pulled with [`Self::next_synchronous`].
    pub(crate) fn start_synchronous(&self, window: WindowId, request: Request) -> FetchId {
        let id = self.allot();
        let controller = FetchController::new();
        let (sender, receiver) = channel();
        self.in_flight.borrow_mut().insert(
            id,
            InFlight {
                owner: FetchOwner::Script(window),
                method: request.method.to_string(),
                received: None,
                url: request.url.to_string(),
                started: Instant::now(),
                controller: controller.clone(),
                waiting: None,
                is_public: self.is_public(window),
                backlog: None,
                is_streaming: false,
                keepalive: None,
                is_orphaned: false,
            },
        );
        self.synchronous.borrow_mut().insert(id, receiver);
        self.pool.spawn_reserved(
            request,
            self.environment_of(window),
            controller,
            Box::new(move |event| {
                // A receiver that has gone has given up.
                drop(sender.send(event));
            }),
        );
        FetchId(id)
    }

    /// Blocks for the next event of a synchronous fetch. The budget stands still meanwhile.
    pub(crate) fn next_synchronous(
        &self,
        fetch: FetchId,
        timeout: Option<Duration>,
        budget: &ScriptBudget,
    ) -> SyncFetchStep {
        let Some(receiver) = self.synchronous.borrow_mut().remove(&fetch.0) else {
            return SyncFetchStep::Stopped;
        };
        let left = budget.pause();
        let until = timeout.and_then(|timeout| Instant::now().checked_add(timeout));
        let step = loop {
            if budget.stop_requested().is_some() {
                break SyncFetchStep::Stopped;
            }
            let slice = match until {
                Some(until) => STOP_POLL.min(until.saturating_duration_since(Instant::now())),
                None => STOP_POLL,
            };
            match receiver.recv_timeout(slice) {
                Ok(event) => break SyncFetchStep::Event(event),
                Err(RecvTimeoutError::Disconnected) => break SyncFetchStep::Stopped,
                Err(RecvTimeoutError::Timeout) => {
                    if until.is_some_and(|until| Instant::now() >= until) {
                        break SyncFetchStep::TimedOut;
                    }
                }
            }
        };
        budget.resume(left);
        if let SyncFetchStep::Event(event) = &step {
            self.report_limit(fetch, event);
        }
        match &step {
            SyncFetchStep::Event(event) if is_last(event) => self.forget(fetch),
            SyncFetchStep::Stopped => self.abort(fetch),
            _ => {
                self.synchronous.borrow_mut().insert(fetch.0, receiver);
            }
        }
        step
    }

    /// Whose event this is; `None` if the fetch was aborted. The last event ends the fetch.
    pub(crate) fn owner(&self, fetch: FetchId, event: &FetchEvent) -> Option<FetchOwner> {
        let owner = {
            let mut in_flight = self.in_flight.borrow_mut();
            let entry = in_flight.get_mut(&fetch.0)?;
            match event {
                FetchEvent::Response(_) => entry.received = Some(0),
                FetchEvent::BodyChunk(bytes) => {
                    let received = entry.received.unwrap_or(0);
                    entry.received = Some(received.saturating_add(bytes.len() as u64));
                }
                _ => {}
            }
            if let Some(backlog) = &entry.backlog {
                match event {
                    FetchEvent::BodyChunk(bytes) => backlog.taken(bytes.len()),
                    FetchEvent::Response(_) => entry.is_streaming = true,
                    _ => {}
                }
            }
            (!entry.is_orphaned).then_some(entry.owner)
        };
        self.report_limit(fetch, event);
        if is_last(event) {
            self.forget(fetch);
        }
        owner
    }

    /// The rest of the events go to someone else.
    pub(crate) fn set_owner(&self, fetch: FetchId, owner: FetchOwner) {
        if let Some(entry) = self.in_flight.borrow_mut().get_mut(&fetch.0) {
            entry.owner = owner;
        }
    }

    /// Ends a fetch; no event of it comes out any more.
    pub(crate) fn abort(&self, fetch: FetchId) {
        self.synchronous.borrow_mut().remove(&fetch.0);
        self.waiting.borrow_mut().retain(|id| *id != fetch.0);
        let entry = self.in_flight.borrow_mut().remove(&fetch.0);
        if let Some(entry) = entry {
            entry.controller.abort();
            self.start_waiting();
        }
    }

    /// Has a fetch wait before it reads more of its response's body, or go on.
    pub(crate) fn set_paused(&self, fetch: FetchId, paused: bool) {
        if let Some(entry) = self.in_flight.borrow().get(&fetch.0) {
            entry.controller.set_paused(paused);
        }
    }

    /// Ends everything, for the page ends.
    pub(crate) fn end(&self) {
        self.abort_all(None);
        let orphans = std::mem::take(&mut *self.in_flight.borrow_mut());
        for entry in orphans.values() {
            entry.controller.abort();
        }
    }

    /// Ends all fetches but `except`, and all connections, for their document goes away.
    pub(crate) fn abort_all(&self, except: Option<FetchId>) {
        self.waiting.borrow_mut().clear();
        self.abort_where(|id, _| Some(id) != except);
        self.web_sockets.make_disappear(None);
    }

    /// Ends the fetches and connections of a window.
    pub(crate) fn abort_window(&self, of: WindowId) {
        self.web_sockets.make_disappear(Some(of));
        self.abort_where(|_, owner| match owner {
            FetchOwner::Script(window)
            | FetchOwner::ScriptElement { window, .. }
            | FetchOwner::StyleSheet { window, .. }
            | FetchOwner::Object { window, .. }
            | FetchOwner::Module { window, .. }
            | FetchOwner::Document(window) => *window == of,
            FetchOwner::Navigation(_) | FetchOwner::Frame { .. } => false,
        });
    }

    /// Gives up the rest of a window's document.
    pub(crate) fn abort_document(&self, of: WindowId) {
        self.abort_owner(FetchOwner::Document(of));
    }

    /// Ends the fetches of an owner.
    pub(crate) fn abort_owner(&self, of: FetchOwner) {
        self.abort_where(|_, owner| *owner == of);
    }

    /// What is in flight and does not wait for the page, oldest first. Streams and WebSockets count until they are open.
    pub(crate) fn pending(&self) -> Vec<PendingRequest> {
        let mut pending: Vec<_> = self
            .in_flight
            .borrow()
            .values()
            .filter(|entry| !entry.is_streaming && !entry.controller.is_paused())
            .map(InFlight::as_pending)
            .chain(self.web_sockets.connecting())
            .collect();
        pending.sort_by_key(|request| Reverse(request.age));
        pending
    }

    /// Streams and WebSockets that are open.
    pub(crate) fn connections(&self) -> Vec<OpenConnection> {
        let in_flight = self.in_flight.borrow();
        let streams = in_flight.values().filter(|entry| entry.is_streaming);
        streams
            .map(|entry| OpenConnection {
                url: entry.url.clone(),
                interface: "EventSource",
                age: entry.started.elapsed(),
            })
            .chain(self.web_sockets.established())
            .collect()
    }

    /// Whether nothing is in flight, as [`Self::pending`] counts.
    pub(crate) fn is_idle(&self) -> bool {
        self.in_flight
            .borrow()
            .values()
            .all(|entry| entry.is_streaming || entry.controller.is_paused())
            && self.web_sockets.is_idle()
    }

    /// How many connections of `EventSource`s there are.
    pub(crate) fn streams(&self) -> usize {
        self.in_flight
            .borrow()
            .values()
            .filter(|entry| entry.backlog.is_some())
            .count()
    }

    pub(crate) fn max_connections(&self) -> usize {
        self.max_connections
    }

    pub(crate) fn sender(&self) -> Sender<Input> {
        self.sender.clone()
    }

    pub(crate) fn events(&self) -> &EventSink {
        &self.events
    }

    /// Tells of a limit that ended a fetch.
    fn report_limit(&self, fetch: FetchId, event: &FetchEvent) {
        let error = match event {
            FetchEvent::Response(response) => response.error(),
            FetchEvent::BodyError(error) => Some(error),
            _ => None,
        };
        if let Some(error) = error
            && error.is_limit()
            && let Some(entry) = self.in_flight.borrow().get(&fetch.0)
        {
            self.report_limit_of(&entry.url, error);
        }
    }

    /// Tells of a limit that ended something at this URL.
    pub(crate) fn report_limit_of(&self, url: &str, error: &NetworkError) {
        self.events
            .limit(network_limit(error), format!("{url}: {error}"));
    }

    pub(crate) fn allot(&self) -> u64 {
        let id = self.next_id.get();
        self.next_id.set(id + 1);
        id
    }

    fn started(&self) -> usize {
        let in_flight = self.in_flight.borrow();
        in_flight
            .values()
            .filter(|entry| entry.waiting.is_none() && !entry.is_streaming)
            .count()
    }

    fn spawn(&self, id: u64, request: Request, controller: &FetchController, is_public: bool) {
        let sender = self.sender.clone();
        self.pool.spawn(
            request,
            self.environment_for(is_public),
            controller.clone(),
            Box::new(move |event| {
                // A page that has gone wants no events.
                drop(sender.send(Input::Fetch(FetchId(id), event)));
            }),
        );
    }

    /// Starts the fetch of a stream: on a thread of its own, for it may last for ever, and without a time-out between its events.
    fn spawn_stream(
        &self,
        id: u64,
        request: Request,
        controller: &FetchController,
        is_public: bool,
        backlog: Backlog,
    ) {
        let sender = self.sender.clone();
        let sink = move |event| {
            let bytes = match &event {
                FetchEvent::BodyChunk(bytes) => bytes.len(),
                _ => 0,
            };
            drop(sender.send(Input::Fetch(FetchId(id), event)));
            backlog.sent(bytes);
        };
        if self.is_full_of_connections(request.url.as_str()) {
            let error = NetworkError::InvalidRequest("too many open connections".to_owned());
            sink(FetchEvent::Response(Response::network_error(error)));
            return;
        }
        let mut environment = (*self.environment_for(is_public)).clone();
        environment.limits.idle_timeout = None;
        self.pool.spawn_lasting(
            request,
            Arc::new(environment),
            controller.clone(),
            Box::new(sink),
        );
    }

    fn forget(&self, fetch: FetchId) {
        self.in_flight.borrow_mut().remove(&fetch.0);
        self.start_waiting();
    }

    fn abort_where(&self, matches: impl Fn(FetchId, &FetchOwner) -> bool) {
        let ids: Vec<u64> = self
            .in_flight
            .borrow()
            .iter()
            .filter(|(id, entry)| matches(FetchId(**id), &entry.owner))
            .map(|(id, _)| *id)
            .collect();
        for id in ids {
            if !self.orphan(FetchId(id)) {
                self.abort(FetchId(id));
            }
        }
    }

    /// Lets a request with keepalive go on without its document. Whether it is one.
    ///
    /// Standard: <https://fetch.spec.whatwg.org/#concept-fetch-group-terminate>
    fn orphan(&self, fetch: FetchId) -> bool {
        let mut in_flight = self.in_flight.borrow_mut();
        let Some(entry) = in_flight.get_mut(&fetch.0) else {
            return false;
        };
        entry.is_orphaned |= entry.keepalive.is_some() && entry.waiting.is_none();
        if entry.is_orphaned {
            // Nobody will take what it waits for.
            entry.controller.set_paused(false);
        }
        entry.is_orphaned
    }

    /// Whether a request with keepalive that sends so much would be too much with those of its document that are under way.
    ///
    /// Standard: <https://fetch.spec.whatwg.org/#http-network-or-cache-fetch> (step 8.10)
    pub(crate) fn is_over_keepalive_quota(&self, owner: &FetchOwner, length: u64) -> bool {
        let in_flight = self.in_flight.borrow();
        let under_way = in_flight
            .values()
            .filter(|entry| entry.owner == *owner)
            .filter_map(|entry| entry.keepalive);
        under_way.fold(length, u64::saturating_add) > KEEPALIVE_QUOTA
    }

    /// Starts requests that wait for their turn, as many as may.
    fn start_waiting(&self) {
        while self.started() < self.max_in_flight {
            let Some(id) = self.waiting.borrow_mut().pop_front() else {
                return;
            };
            let next = self.in_flight.borrow_mut().get_mut(&id).and_then(|entry| {
                Some((
                    entry.waiting.take()?,
                    entry.controller.clone(),
                    entry.is_public,
                ))
            });
            if let Some((request, controller, is_public)) = next {
                self.spawn(id, *request, &controller, is_public);
            }
        }
    }
}

impl InFlight {
    fn as_pending(&self) -> PendingRequest {
        PendingRequest {
            method: self.method.clone(),
            url: self.url.clone(),
            purpose: match self.owner {
                FetchOwner::Script(_) => RequestPurpose::Script,
                FetchOwner::ScriptElement { .. } => RequestPurpose::ScriptElement,
                FetchOwner::StyleSheet { .. } => RequestPurpose::StyleSheet,
                FetchOwner::Module { .. } => RequestPurpose::Module,
                FetchOwner::Navigation(_) | FetchOwner::Document(_) => RequestPurpose::Document,
                FetchOwner::Frame { .. } | FetchOwner::Object { .. } => RequestPurpose::Frame,
            },
            phase: match self.received {
                _ if self.waiting.is_some() => RequestPhase::Queued,
                None => RequestPhase::AwaitingResponse,
                Some(bytes) => RequestPhase::ReceivingBody(bytes),
            },
            age: self.started.elapsed(),
        }
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        self.end();
    }
}

/// The limit behind a network error for which [`NetworkError::is_limit`] holds.
fn network_limit(error: &NetworkError) -> Limit {
    match error {
        NetworkError::BodyTooLarge(_) => Limit::BodyBytes,
        NetworkError::DecompressionRatio(_) => Limit::DecompressionRatio,
        NetworkError::HeadTooLarge(_) => Limit::HeaderBytes,
        NetworkError::TooManyRedirects(_) => Limit::Redirects,
        _ => Limit::Timeout,
    }
}

/// Whether no further event follows.
pub(crate) fn is_last(event: &FetchEvent) -> bool {
    match event {
        FetchEvent::Response(response) => response.is_network_error(),
        FetchEvent::EndOfBody | FetchEvent::BodyError(_) => true,
        _ => false,
    }
}
