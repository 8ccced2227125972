//! The embedder of an agent: what page script asks of the engine ends here.
//!
//! Every cell is borrowed for the length of one small step only, never while script may run.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, VecDeque};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::rc::Rc;
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use readystate_dom::parsing::html::Step;
use readystate_dom::{Effect, NodeId};
use readystate_js::host::{
    ConsoleLevel, ExceptionReport, FetchId, HistoryUpdate, Host, HostStep, ImportCall, ModuleId,
    ModuleRequest, NavigationRequest, Opening, QueueSource, SourceLocation, SyncFetchStep,
    TimerKind, WebSocketId, WindowId,
};
use readystate_js::storage::{StorageArea, StorageKind, StorageShed};
use readystate_js::with_tree;
use readystate_xhr::Origin;
use readystate_xhr::body::Blob;
use readystate_xhr::environment::BlobUrlStore;
use readystate_xhr::fetch::{
    FetchEvent, InitiatorType, ReferrerPolicy, Request, Response, parse_referrer_policy,
};
use readystate_xhr::web_socket::{Message, WebSocketRequest};
use url::Url;

use crate::base_url::about_blank;
use crate::clock::PageTime;
use crate::config::{Limits, PageOptions};
use crate::document_state::{DocumentState, LoadPhase, Source};
use crate::error::Limit;
use crate::event_loop::{EventLoop, Task, TimerKey, TooManyTimers};
use crate::events::{ConsoleLine, EventSink, PageEvent};
use crate::history_traversal::HistoryFlood;
use crate::navigable::Navigables;
use crate::navigation_resource::{AskedNavigation, NavigationResource};
use crate::network::{FetchOwner, Network};
use crate::script_budget::ScriptBudget;
use crate::session_history::SessionHistory;
use crate::source_maps::SourceMaps;
use crate::task_source::TaskSource;

/// The state of one agent's windows, shared by the event loop and by script.
pub(crate) struct WindowHost {
    pub(crate) clock: Rc<PageTime>,
    pub(crate) network: Rc<Network>,
    pub(crate) budget: Rc<ScriptBudget>,
    pub(crate) events: Arc<EventSink>,
    pub(crate) event_loop: RefCell<EventLoop>,
    pub(crate) documents: RefCell<BTreeMap<WindowId, DocumentState>>,
    /// Calls of script that wait for a script they led to, innermost last.
    continuations: RefCell<Vec<Continuation>>,
    pub(crate) navigables: RefCell<Navigables>,
    /// The session histories of top-level windows, by the number of their navigable.
    pub(crate) histories: RefCell<BTreeMap<u32, SessionHistory>>,
    /// What `sessionStorage` holds in windows that script has opened, by the number of their navigable.
    pub(crate) session_storages: RefCell<BTreeMap<u32, StorageShed>>,
    pub(crate) history_flood: RefCell<HistoryFlood>,
    /// Whether it was said that too many tasks wait.
    are_tasks_flooded: Cell<bool>,
    pub(crate) max_windows: usize,
    /// Inner size of windows in CSS pixels.
    pub(crate) viewport: (u32, u32),
    pub(crate) max_frames: usize,
    pub(crate) storages: Storages,
    /// Whether effects are the parser's, not script's.
    pub(crate) parser_is_caller: Cell<bool>,
    /// If errors are reported at their place in the sources.
    source_maps: Option<SourceMaps>,
    /// Whether synchronous requests may be made at all.
    pub(crate) sync_xhr: bool,
}

/// What a page's windows store.
#[derive(Clone)]
pub(crate) struct Storages {
    /// The browser's.
    pub(crate) local: StorageShed,
    /// The page's.
    pub(crate) session: StorageShed,
}

/// What goes on after a [`HostStep`].
pub(crate) enum Continuation {
    /// A call of script began here: what lies below belongs to calls around it.
    Base,
    /// The rest of the effects of a mutation.
    Effects(VecDeque<Effect>),
    /// The rest of what one effect leads to.
    Steps(VecDeque<HostStep>),
    /// The parser of a `document.write`, whose script has run.
    Parser(WindowId),
    /// What the parser of a `document.write` came to.
    Parsed(WindowId, Step),
}

impl WindowHost {
    pub(crate) fn new(
        clock: Rc<PageTime>,
        network: Rc<Network>,
        budget: Rc<ScriptBudget>,
        events: Arc<EventSink>,
        limits: &Limits,
        storages: Storages,
        options: &PageOptions,
    ) -> Self {
        Self {
            clock,
            network,
            budget,
            events,
            event_loop: RefCell::new(EventLoop::new(limits.timers, limits.queued_tasks)),
            documents: RefCell::default(),
            continuations: RefCell::default(),
            navigables: RefCell::default(),
            histories: RefCell::default(),
            session_storages: RefCell::default(),
            history_flood: RefCell::default(),
            are_tasks_flooded: Cell::default(),
            max_windows: limits.windows,
            viewport: options.viewport,
            max_frames: limits.frames,
            storages,
            parser_is_caller: Cell::new(false),
            source_maps: options.source_maps.then(SourceMaps::default),
            sync_xhr: options.sync_xhr,
        }
    }

    pub(crate) fn queue(&self, source: TaskSource, task: Task) {
        self.event_loop.borrow_mut().queue(source, task);
    }

    pub(crate) fn next_task(&self) -> Option<Task> {
        self.event_loop
            .borrow_mut()
            .next_task(self.clock.now(), self.clock.real_now())
    }

    /// The window whose active document is `document`.
    pub(crate) fn window_of(&self, document: NodeId) -> Option<WindowId> {
        self.documents
            .borrow()
            .iter()
            .find(|(_, state)| state.document == document)
            .map(|(window, _)| *window)
    }

    pub(crate) fn with_document<T>(
        &self,
        window: WindowId,
        f: impl FnOnce(&mut DocumentState) -> T,
    ) -> Option<T> {
        self.documents.borrow_mut().get_mut(&window).map(f)
    }

    pub(crate) fn document_url_parsed(&self, window: WindowId) -> Url {
        self.with_document(window, |state| state.url.clone())
            .unwrap_or_else(about_blank)
    }

    pub(crate) fn document_url(&self, window: WindowId) -> String {
        self.document_url_parsed(window).into()
    }

    /// The origin of a window's document.
    pub(crate) fn origin_of(&self, window: WindowId) -> Origin {
        self.with_document(window, |state| state.origin.clone())
            .unwrap_or(Origin::Opaque(0))
    }

    /// The site that cookies of a window's requests belong to: the origin of the top-level document around it, an opaque one if the
    /// document of a frame between the two is of another site.
    ///
    /// Standard: <https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#name-document-based-requests>
    pub(crate) fn site_for_cookies(&self, window: WindowId) -> Origin {
        let around = self.documents_around(window);
        let top = self.origin_of(around.last().copied().unwrap_or(window));
        let is_one_site = around
            .iter()
            .all(|window| self.origin_of(*window).same_site(&top));
        if is_one_site { top } else { Origin::Opaque(0) }
    }

    /// The windows around a window, outwards, itself first.
    fn documents_around(&self, window: WindowId) -> Vec<WindowId> {
        let navigables = self.navigables.borrow();
        let parent =
            |window: &WindowId| navigables.of_window(*window).and_then(|frame| frame.parent);
        std::iter::successors(Some(window), parent).collect()
    }

    /// Has a request know the documents around the window that sends it or that shows its response's frame.
    pub(crate) fn fill_site(&self, window: WindowId, request: &mut Request) {
        let around = self.documents_around(window);
        request.top_level_origin = around.last().map(|top| self.origin_of(*top));
        request.site_for_cookies = Some(self.site_for_cookies(window));
    }

    /// Whether `SameSite` cookies are for a window's document.
    fn has_site_cookies(&self, window: WindowId) -> bool {
        let address = Origin::of(&self.address(window));
        address.same_site(&self.site_for_cookies(window))
    }

    /// A request of a window's document.
    pub(crate) fn new_request(&self, window: WindowId, url: Url) -> Request {
        let mut request = Request::new(url, self.origin_of(window));
        self.fill_site(window, &mut request);
        request
    }

    /// The URL by which requests and cookies know a window's document.
    pub(crate) fn address(&self, window: WindowId) -> Url {
        self.with_document(window, |state| state.address.clone())
            .unwrap_or_else(about_blank)
    }

    /// The URL that a window's requests name as their referrer, if it has one to name.
    pub(crate) fn referrer_url(&self, window: WindowId) -> Option<Url> {
        Some(self.address(window)).filter(|url| matches!(url.scheme(), "http" | "https"))
    }

    /// Forgets calls that will never go on: their script was stopped.
    pub(crate) fn drop_continuations(&self) {
        let left = std::mem::take(&mut *self.continuations.borrow_mut());
        for continuation in left {
            if let Continuation::Parser(window)
            | Continuation::Parsed(window, Step::Script(_) | Step::CustomElements) = continuation
            {
                self.give_up_writing(window);
            }
        }
    }

    /// Takes the waiting calls out of the way of a script that the event loop itself runs for one of them.
    pub(crate) fn set_continuations_aside(&self) -> Vec<Continuation> {
        std::mem::take(&mut *self.continuations.borrow_mut())
    }

    /// Puts back what [`Self::set_continuations_aside`] gave.
    pub(crate) fn put_continuations_back(&self, continuations: Vec<Continuation>) {
        *self.continuations.borrow_mut() = continuations;
    }

    /// Hands tasks that belong to no window over to the host of the next agent.
    pub(crate) fn move_unbound_tasks(&self, to: &Self) {
        let mut from = self.event_loop.borrow_mut();
        let mut to = to.event_loop.borrow_mut();
        while let Some((source, task)) = from.take_any() {
            if task.is_unbound() {
                to.queue(source, task);
            }
        }
    }

    pub(crate) fn push_continuation(&self, continuation: Continuation) {
        self.continuations.borrow_mut().push(continuation);
    }

    /// Goes on with the innermost call until it wants something done in the agent, or is over.
    pub(crate) fn go_on(&self) -> HostStep {
        loop {
            let Some(mut innermost) = self.continuations.borrow_mut().pop() else {
                return HostStep::Done;
            };
            match &mut innermost {
                Continuation::Base => return HostStep::Done,
                Continuation::Effects(effects) => {
                    if let Some(effect) = effects.pop_front() {
                        self.push_continuation(innermost);
                        let steps = self.act_on(&effect);
                        self.push_continuation(Continuation::Steps(steps));
                    }
                }
                Continuation::Steps(steps) => {
                    if let Some(step) = steps.pop_front() {
                        self.push_continuation(innermost);
                        return step;
                    }
                }
                Continuation::Parser(window) => self.go_on_writing(*window),
                Continuation::Parsed(window, step) => {
                    if let Some(step) = self.after_written(*window, *step) {
                        return step;
                    }
                }
            }
        }
    }

    fn timer_key(window: WindowId, timer: u32, kind: TimerKind) -> TimerKey {
        TimerKey {
            window,
            timer,
            kind,
        }
    }
}

impl Host for WindowHost {
    fn now(&self) -> f64 {
        self.clock.read().as_secs_f64() * 1000.0
    }

    fn time_origin(&self) -> f64 {
        self.clock.time_origin().as_secs_f64() * 1000.0
    }

    fn network_now(&self) -> f64 {
        self.clock.real_now().as_secs_f64() * 1000.0
    }

    fn wall_time(&self) -> Option<f64> {
        Some(self.clock.wall_time()?.as_secs_f64() * 1000.0)
    }

    fn last_modified(&self, window: WindowId) -> Option<String> {
        self.with_document(window, |state| state.last_modified.clone())?
    }

    fn set_timer(&self, window: WindowId, timer: u32, delay: f64, kind: TimerKind) -> bool {
        let now = match kind {
            TimerKind::Native => self.clock.real_now(),
            _ => self.clock.now(),
        };
        let armed = self.event_loop.borrow_mut().set_timer(
            Self::timer_key(window, timer, kind),
            now,
            milliseconds(delay),
        );
        match armed {
            Ok(wants_place) => wants_place,
            Err(TooManyTimers) => {
                self.events.limit(
                    Limit::Timers,
                    format!("{} has too many timers", self.document_url(window)),
                );
                false
            }
        }
    }

    fn note_timer(&self, window: WindowId, timer: u32, kind: TimerKind, place: SourceLocation) {
        self.event_loop
            .borrow_mut()
            .note_place(Self::timer_key(window, timer, kind), place);
    }

    fn clear_timer(&self, window: WindowId, timer: u32, kind: TimerKind) {
        self.event_loop
            .borrow_mut()
            .clear_timer(Self::timer_key(window, timer, kind));
    }

    fn queue_task(&self, window: WindowId, source: QueueSource, callback: u32) -> bool {
        let source = match source {
            QueueSource::PostedMessage => TaskSource::PostedMessage,
            QueueSource::DomManipulation => TaskSource::DomManipulation,
            QueueSource::FileReading => TaskSource::FileReading,
            QueueSource::Networking => TaskSource::Networking,
            QueueSource::RemoteEvent => TaskSource::RemoteEvent,
        };
        let task = Task::Callback { window, callback };
        let is_queued = self.event_loop.borrow_mut().queue_by_script(source, task);
        if !is_queued && !self.are_tasks_flooded.replace(true) {
            self.events.limit(
                Limit::QueuedTasks,
                format!(
                    "{} has too many messages and other tasks waiting",
                    self.document_url(window)
                ),
            );
        }
        is_queued
    }

    fn console(
        &self,
        _window: WindowId,
        level: ConsoleLevel,
        text: &str,
        location: &SourceLocation,
    ) {
        self.events.emit(&PageEvent::Console(ConsoleLine {
            level,
            text: text.to_owned(),
            location: location.clone(),
        }));
    }

    fn report_exception(&self, window: WindowId, report: &ExceptionReport) {
        let report = match &self.source_maps {
            Some(maps) => maps.apply(report, |address| self.fetch_source_map(window, address)),
            None => report.clone(),
        };
        self.events.emit(&PageEvent::Exception(report));
    }

    fn start_fetch(&self, window: WindowId, mut request: Request) -> FetchId {
        self.fill_referrer_policy(window, &mut request);
        self.fill_site(window, &mut request);
        self.network.start(FetchOwner::Script(window), request)
    }

    fn may_keep_alive(&self, window: WindowId, length: u64) -> bool {
        let owner = FetchOwner::Script(window);
        !self.network.is_over_keepalive_quota(&owner, length)
    }

    fn allows_sync_xhr(&self, window: WindowId) -> bool {
        Self::allows_sync_xhr(self, window)
    }

    fn start_sync_fetch(&self, window: WindowId, mut request: Request) -> FetchId {
        self.fill_referrer_policy(window, &mut request);
        self.fill_site(window, &mut request);
        self.network.start_synchronous(window, request)
    }

    fn next_sync_event(&self, fetch: FetchId, timeout: Option<f64>) -> SyncFetchStep {
        self.network
            .next_synchronous(fetch, timeout.map(milliseconds), &self.budget)
    }

    fn resolve_module(
        &self,
        window: WindowId,
        specifier: &str,
        base_url: &Url,
    ) -> Result<Url, String> {
        self.resolve_specifier(window, specifier, base_url)
    }

    fn module_compiled(
        &self,
        window: WindowId,
        module: ModuleId,
        requests: Option<Vec<ModuleRequest>>,
    ) {
        self.on_module_compiled(window, module, requests);
    }

    fn module_at(&self, window: WindowId, request: &ModuleRequest) -> Option<ModuleId> {
        self.mapped_module(window, request)
    }

    fn import_module(&self, window: WindowId, call: ImportCall) -> HostStep {
        self.start_import(window, call)
    }

    fn document_base_url(&self, window: WindowId) -> Url {
        self.with_document(window, |state| state.document)
            .map_or_else(about_blank, |document| self.base_url(document))
    }

    fn abort_fetch(&self, fetch: FetchId) {
        self.network.abort(fetch);
    }

    fn pause_fetch(&self, fetch: FetchId, paused: bool) {
        self.network.set_paused(fetch, paused);
    }

    fn open_web_socket(&self, window: WindowId, mut request: WebSocketRequest) -> WebSocketId {
        request.site_for_cookies = Some(self.site_for_cookies(window));
        self.network.open_web_socket(window, request)
    }

    fn send_web_socket(&self, socket: WebSocketId, message: Message) {
        self.network.send_web_socket(socket, message);
    }

    fn close_web_socket(&self, socket: WebSocketId, code: Option<u16>, reason: &str) {
        self.network.close_web_socket(socket, code, reason);
    }

    fn fail_web_socket(&self, socket: WebSocketId) {
        self.network.fail_web_socket(socket);
    }

    fn cookie(&self, window: WindowId) -> String {
        let url = self.address(window);
        let is_same_site = self.has_site_cookies(window);
        let environment = self.network.environment();
        let now = environment.clock.system_time();
        let mut jar = environment
            .cookie_jar
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        jar.document_cookie(&url, is_same_site, now)
    }

    fn set_cookie(&self, window: WindowId, cookie: &str) {
        let url = self.address(window);
        let is_same_site = self.has_site_cookies(window);
        let environment = self.network.environment();
        let now = environment.clock.system_time();
        let mut jar = environment
            .cookie_jar
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        jar.set_document_cookie(&url, cookie, is_same_site, now);
    }

    fn user_agent(&self) -> String {
        self.network.environment().user_agent.clone()
    }

    fn storage(&self, window: WindowId, kind: StorageKind) -> Option<Arc<StorageArea>> {
        let shed = match kind {
            StorageKind::Local => self.storages.local.clone(),
            StorageKind::Session => self.session_storage(window),
        };
        shed.area(&self.origin_of(window))
    }

    fn run_effects(&self, _window: WindowId, effects: Vec<Effect>) -> HostStep {
        self.parser_is_caller.set(false);
        self.push_continuation(Continuation::Base);
        self.push_continuation(Continuation::Effects(effects.into()));
        self.go_on()
    }

    fn document_write(&self, window: WindowId, document: NodeId, text: &str) -> HostStep {
        self.write_document(window, document, text)
    }

    fn document_open(&self, window: WindowId, document: NodeId, for_write: bool) -> HostStep {
        if !for_write || self.write_opens(document) {
            self.open_document(window, document);
        }
        self.take_effects()
    }

    fn is_parsing(&self, document: NodeId) -> bool {
        self.window_of(document)
            .and_then(|window| {
                self.with_document(window, |state| !matches!(state.source, Source::None))
            })
            .unwrap_or(false)
    }

    fn document_close(&self, _window: WindowId, document: NodeId) -> HostStep {
        self.close_document(document);
        self.take_effects()
    }

    fn resume(&self, _window: WindowId) -> HostStep {
        self.go_on()
    }

    fn navigate(&self, source: WindowId, window: WindowId, asked: NavigationRequest) {
        // While its document is told to go, nothing sends a window elsewhere.
        let is_unloading = self.with_document(window, |state| state.unload_counter > 0);
        if is_unloading == Some(true) {
            return;
        }
        let asked = Box::new(self.asked_by(source, asked));
        self.queue(
            TaskSource::NavigationAndTraversal,
            Task::Navigate { window, asked },
        );
    }

    fn navigate_frame(&self, source: WindowId, container: NodeId, asked: NavigationRequest) {
        let Some(navigable) = self.navigables.borrow().of_element(container) else {
            return;
        };
        self.queue(
            TaskSource::NavigationAndTraversal,
            Task::NavigateFrameTo {
                navigable,
                asked: Box::new(self.asked_by(source, asked)),
            },
        );
    }

    fn open_window(&self, source: WindowId, opening: Opening) -> HostStep {
        self.open_auxiliary_window(source, opening)
    }

    fn close_navigable(&self, navigable: u32) {
        self.close_auxiliary_window(navigable);
    }

    fn stop_loading(&self, window: WindowId) {
        self.stop_navigations(window);
    }

    fn window_name(&self, window: WindowId) -> String {
        self.with_history(window, |history, _| history.name.clone())
            .unwrap_or_default()
    }

    fn set_window_name(&self, window: WindowId, name: &str) {
        self.with_history(window, |history, _| name.clone_into(&mut history.name));
    }

    fn is_loaded(&self, window: WindowId) -> bool {
        self.with_document(window, |state| state.phase == LoadPhase::Complete)
            .unwrap_or(false)
    }

    fn history_length(&self, window: WindowId) -> usize {
        self.length_of_history(window)
    }

    fn history_state(&self, window: WindowId) -> Option<Rc<str>> {
        self.state_of_entry(window)
    }

    fn manual_scrolling(&self, window: WindowId, change: Option<bool>) -> bool {
        self.entry_scrolls_by_hand(window, change)
    }

    fn update_history(
        &self,
        window: WindowId,
        url: &Url,
        state: Option<&str>,
        update: HistoryUpdate,
    ) -> bool {
        let push = match update {
            HistoryUpdate::Push => true,
            HistoryUpdate::Replace => false,
            HistoryUpdate::Fragment => !self.fragment_replaces(window, url),
        };
        self.update_entry(window, url, state, push)
    }

    fn traverse_history(&self, window: WindowId, delta: i32) {
        self.queue_traversal(window, delta);
    }

    fn create_blob_url(&self, window: WindowId, blob: Blob) -> String {
        let draw = || RandomState::new().build_hasher().finish();
        let random = u128::from(draw()) << 64 | u128::from(draw());
        let origin = self.origin_of(window);
        let owner = u64::from(window.0);
        let store = self.network.blob_urls();
        store.add(owner, &origin, random.to_be_bytes(), blob)
    }

    fn revoke_blob_url(&self, url: &Url) {
        self.network.blob_urls().revoke(url);
    }

    fn resolve_blob_url(&self, url: &Url) -> Option<Blob> {
        self.network.blob_urls().resolve(url)
    }

    fn url_changed(&self, window: WindowId, url: &str) {
        let Ok(url) = Url::parse(url) else { return };
        self.navigables.borrow_mut().url_changed(window, &url);
        let document = self.with_document(window, |state| {
            state.url.clone_from(&url);
            if url.scheme() != "about" {
                state.address.clone_from(&url);
            }
            state.document
        });
        if let Some(document) = document {
            with_tree(|tree| tree.set_url(document, url.as_str()));
        }
    }
}

impl WindowHost {
    /// A navigation as it stands when script or a form of `source` asks for it.
    fn asked_by(&self, source: WindowId, asked: NavigationRequest) -> AskedNavigation {
        AskedNavigation {
            kind: asked.kind,
            source,
            origin: self.origin_of(source),
            referrer: self.referrer_url(source).filter(|_| asked.has_referrer),
            resource: NavigationResource {
                post: asked.post,
                blob: self.network.blob_urls().resolve(&asked.url),
                ..NavigationResource::default()
            },
            url: asked.url,
        }
    }

    /// Notes where a script's source map is.
    pub(crate) fn note_source_map(&self, script: &str, source: &str) {
        if let Some(maps) = &self.source_maps {
            maps.note(script, source);
        }
    }

    /// The bytes of a source map, for which the page waits.
    fn fetch_source_map(&self, window: WindowId, address: &Url) -> Option<Vec<u8>> {
        let mut request = self.new_request(window, address.clone());
        request.initiator_type = Some(InitiatorType::Other);
        let fetch = self.network.start_synchronous(window, request);
        let until = Instant::now() + SOURCE_MAP_PATIENCE;
        let mut bytes = Vec::new();
        loop {
            let left = until.saturating_duration_since(Instant::now());
            match self
                .network
                .next_synchronous(fetch, Some(left), &self.budget)
            {
                SyncFetchStep::Event(FetchEvent::Response(response)) => {
                    if !matches!(response.unsafe_response().status, 200..=299) {
                        break;
                    }
                }
                SyncFetchStep::Event(FetchEvent::BodyChunk(chunk)) => {
                    bytes.extend_from_slice(&chunk)
                }
                SyncFetchStep::Event(FetchEvent::EndOfBody) => return Some(bytes),
                SyncFetchStep::Event(FetchEvent::BodyError(_))
                | SyncFetchStep::TimedOut
                | SyncFetchStep::Stopped => break,
                SyncFetchStep::Event(_) => {}
            }
        }
        self.network.abort(fetch);
        None
    }

    /// How much requests of a window's document tell of its address.
    pub(crate) fn referrer_policy(&self, window: WindowId) -> ReferrerPolicy {
        self.with_document(window, |state| state.referrer_policy)
            .unwrap_or_default()
    }

    /// A document's age, from its response.
    pub(crate) fn heed_last_modified(&self, window: WindowId, response: &Response) {
        let header = response.header_list.get("Last-Modified");
        let last_modified = header.map(|value| String::from_utf8_lossy(&value).into_owned());
        self.with_document(window, |state| state.last_modified = last_modified);
    }

    /// A document's policy, from its response.
    pub(crate) fn heed_referrer_policy(&self, window: WindowId, response: &Response) {
        if let Some(policy) = parse_referrer_policy(&response.header_list) {
            self.with_document(window, |state| state.referrer_policy = policy);
        }
    }

    /// A request of script without a policy of its own has the document's.
    fn fill_referrer_policy(&self, window: WindowId, request: &mut Request) {
        // NOTE: a call of fetch() that asks for the default policy by name is not told apart.
        if request.referrer_policy == ReferrerPolicy::default() {
            request.referrer_policy = self.referrer_policy(window);
        }
    }
}

/// How long an error waits for its source map.
const SOURCE_MAP_PATIENCE: Duration = Duration::from_secs(2);

/// A duration from script's milliseconds; what is no number is 0.
fn milliseconds(value: f64) -> Duration {
    Duration::try_from_secs_f64((value / 1000.0).max(0.0)).unwrap_or_else(|_| {
        if value.is_nan() {
            Duration::ZERO
        } else {
            Duration::MAX
        }
    })
}
