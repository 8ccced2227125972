//! An agent on a thread of its own, with a host that takes notes and has no network.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use readystate_dom::{DocumentInit, Effect, LocalName, NodeId, Tree, ns};
use readystate_js::host::{
    ConsoleLevel, ExceptionReport, FetchId, HistoryUpdate, HostStep, ImportCall, ModuleId,
    ModuleRequest, NavigationRequest, Opening, QueueSource, SourceLocation, SyncFetchStep,
    TimerKind, WebSocketId,
};
use readystate_js::storage::{StorageArea, StorageKind};
use readystate_js::{Agent, AgentOptions, Evaluation, Host, ScriptError, WindowId, WindowInit};
use readystate_xhr::body::Blob;
use readystate_xhr::fetch::Request;
use readystate_xhr::web_socket::{Message, WebSocketRequest};
use url::Url;

/// As large as a page's thread: QuickJS counts on more than a test thread has.
const STACK: usize = 16 << 20;

/// What the host was told.
#[derive(Default)]
pub(crate) struct Notes {
    console: RefCell<Vec<String>>,
    exceptions: RefCell<Vec<(WindowId, String)>>,
    timers: RefCell<Vec<(WindowId, u32)>>,
    tasks: RefCell<Vec<(WindowId, u32)>>,
}

/// An agent with its notes.
pub(crate) struct Fixture {
    /// The agent.
    pub(crate) agent: Agent,
    notes: Rc<Notes>,
}

/// Runs `test` with a fresh agent.
#[track_caller]
pub(crate) fn with_agent(test: impl FnOnce(&mut Fixture) + Send + 'static) {
    let on_thread = move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .expect("a runtime can be made");
        let _entered = runtime.enter();
        let notes = Rc::new(Notes::default());
        let agent = Agent::new(AgentOptions::default(), notes.clone()).expect("the glue runs");
        test(&mut Fixture { agent, notes });
    };
    let thread = std::thread::Builder::new()
        .stack_size(STACK)
        .spawn(on_thread);
    if let Err(panic) = thread.expect("a thread can be made").join() {
        std::panic::resume_unwind(panic);
    }
}

/// Opens a page with `markup` for its body and asserts what a script gives there, as [`Fixture::value`] does.
#[track_caller]
pub(crate) fn check(markup: &str, source: &str, expected: &str) {
    let (markup, source, expected) = (markup.to_owned(), source.to_owned(), expected.to_owned());
    with_agent(move |fixture: &mut Fixture| {
        let window = fixture.open("https://a.test/dir/page", None);
        fixture.value(window, &format!("document.body.innerHTML = {markup:?}; ''"));
        assert_eq!(fixture.value(window, &source), expected, "{source}");
    });
}

impl Fixture {
    /// Opens a window on an HTML document with an empty body.
    pub(crate) fn open(&mut self, url: &str, parent: Option<WindowId>) -> WindowId {
        let url = Url::parse(url).expect("a URL of the test");
        let document = readystate_js::with_tree(|tree| empty_document(tree, &url));
        let mut init = WindowInit::new(document, url);
        init.parent = parent;
        init.viewport = (800, 600);
        self.agent.open_window(init).expect("a window")
    }

    /// Evaluates a script that must not throw, and gives a string as it is and any other value as JSON.
    #[track_caller]
    pub(crate) fn value(&mut self, window: WindowId, source: &str) -> String {
        let value = self.agent.evaluate(window, source, "test.js");
        self.run_tasks();
        match value {
            Ok(Evaluation::String(text) | Evaluation::Json(text)) => text,
            Ok(other) => format!("{other:?}"),
            Err(error) => panic!("{source}: {error}"),
        }
    }

    /// Evaluates a script that must fail.
    #[track_caller]
    pub(crate) fn failure(&mut self, window: WindowId, source: &str) -> ScriptError {
        match self.agent.evaluate(window, source, "test.js") {
            Ok(value) => panic!("{source}: gave {value:?}"),
            Err(error) => error,
        }
    }

    /// Runs the tasks that script has queued, such as those that tell of rejected promises.
    fn run_tasks(&mut self) {
        let tasks = std::mem::take(&mut *self.notes.tasks.borrow_mut());
        for (window, callback) in tasks {
            // Its window may be closed.
            drop(self.agent.run_callback(window, callback));
        }
    }

    /// Runs the timers that are armed now.
    pub(crate) fn run_timers(&mut self) {
        let due = std::mem::take(&mut *self.notes.timers.borrow_mut());
        for (window, timer) in due {
            self.agent
                .run_timer(window, timer, TimerKind::Timer, 0.0)
                .expect("a timer runs");
        }
    }

    /// The console lines since the last call.
    pub(crate) fn console(&self) -> Vec<String> {
        std::mem::take(&mut *self.notes.console.borrow_mut())
    }

    /// The exceptions nobody handled since the last call.
    pub(crate) fn exceptions(&self) -> Vec<(WindowId, String)> {
        std::mem::take(&mut *self.notes.exceptions.borrow_mut())
    }
}

/// A document of `html`, `head` and `body`.
fn empty_document(tree: &mut Tree, url: &Url) -> NodeId {
    let document = tree
        .create_document(DocumentInit::html(url.as_str()))
        .expect("room for a document");
    let mut element = |name: &str, parent: NodeId| {
        let made = tree.create_element(document, LocalName::from(name), ns!(html), None);
        let made = made.expect("room for an element");
        tree.append(made, parent).expect("the element may be there")
    };
    let html = element("html", document);
    element("head", html);
    element("body", html);
    document
}

impl Host for Notes {
    fn now(&self) -> f64 {
        0.0
    }

    fn network_now(&self) -> f64 {
        0.0
    }

    fn time_origin(&self) -> f64 {
        0.0
    }

    fn may_keep_alive(&self, _: WindowId, _: u64) -> bool {
        true
    }

    fn allows_sync_xhr(&self, _: WindowId) -> bool {
        true
    }

    fn set_timer(&self, window: WindowId, timer: u32, _delay: f64, _kind: TimerKind) -> bool {
        self.timers.borrow_mut().push((window, timer));
        false
    }

    fn note_timer(&self, _: WindowId, _: u32, _: TimerKind, _: SourceLocation) {}

    fn wall_time(&self) -> Option<f64> {
        None
    }

    fn last_modified(&self, _window: WindowId) -> Option<String> {
        None
    }

    fn clear_timer(&self, window: WindowId, timer: u32, _kind: TimerKind) {
        self.timers
            .borrow_mut()
            .retain(|armed| *armed != (window, timer));
    }

    fn queue_task(&self, window: WindowId, source: QueueSource, callback: u32) -> bool {
        if source == QueueSource::DomManipulation {
            self.tasks.borrow_mut().push((window, callback));
        }
        true
    }

    fn console(&self, _: WindowId, _: ConsoleLevel, text: &str, _: &SourceLocation) {
        self.console.borrow_mut().push(text.to_owned());
    }

    fn report_exception(&self, window: WindowId, report: &ExceptionReport) {
        self.exceptions
            .borrow_mut()
            .push((window, report.message.clone()));
    }

    fn start_fetch(&self, _window: WindowId, _request: Request) -> FetchId {
        FetchId(0)
    }

    fn start_sync_fetch(&self, _window: WindowId, _request: Request) -> FetchId {
        FetchId(0)
    }

    fn next_sync_event(&self, _fetch: FetchId, _timeout: Option<f64>) -> SyncFetchStep {
        SyncFetchStep::Stopped
    }

    fn abort_fetch(&self, _fetch: FetchId) {}

    fn open_web_socket(&self, _window: WindowId, _request: WebSocketRequest) -> WebSocketId {
        WebSocketId(0)
    }

    fn send_web_socket(&self, _socket: WebSocketId, _message: Message) {}

    fn close_web_socket(&self, _socket: WebSocketId, _code: Option<u16>, _reason: &str) {}

    fn fail_web_socket(&self, _socket: WebSocketId) {}

    fn resolve_module(&self, _: WindowId, specifier: &str, _: &Url) -> Result<Url, String> {
        Url::parse(specifier).map_err(|error| error.to_string())
    }

    fn module_compiled(&self, _: WindowId, _: ModuleId, _: Option<Vec<ModuleRequest>>) {}

    fn module_at(&self, _: WindowId, _: &ModuleRequest) -> Option<ModuleId> {
        None
    }

    fn import_module(&self, _: WindowId, _: ImportCall) -> HostStep {
        HostStep::Done
    }

    fn document_base_url(&self, _: WindowId) -> Url {
        Url::parse("about:blank").expect("it is a URL")
    }
    fn pause_fetch(&self, _fetch: FetchId, _paused: bool) {}

    fn cookie(&self, _window: WindowId) -> String {
        String::new()
    }

    fn set_cookie(&self, _window: WindowId, _cookie: &str) {}

    fn user_agent(&self) -> String {
        "test".to_owned()
    }

    fn run_effects(&self, _window: WindowId, _effects: Vec<Effect>) -> HostStep {
        HostStep::Done
    }

    fn document_write(&self, _window: WindowId, _document: NodeId, _text: &str) -> HostStep {
        HostStep::Done
    }

    fn is_parsing(&self, _document: NodeId) -> bool {
        false
    }

    fn document_open(&self, _window: WindowId, _document: NodeId, _: bool) -> HostStep {
        HostStep::Done
    }

    fn document_close(&self, _window: WindowId, _document: NodeId) -> HostStep {
        HostStep::Done
    }

    fn resume(&self, _window: WindowId) -> HostStep {
        HostStep::Done
    }

    fn navigate(&self, _: WindowId, _: WindowId, _: NavigationRequest) {}

    fn navigate_frame(&self, _: WindowId, _: NodeId, _: NavigationRequest) {}

    fn open_window(&self, _: WindowId, _: Opening) -> HostStep {
        HostStep::Done
    }

    fn close_navigable(&self, _: u32) {}

    fn stop_loading(&self, _: WindowId) {}

    fn window_name(&self, _: WindowId) -> String {
        String::new()
    }

    fn set_window_name(&self, _: WindowId, _: &str) {}

    fn is_loaded(&self, _: WindowId) -> bool {
        true
    }

    fn history_length(&self, _: WindowId) -> usize {
        1
    }

    fn history_state(&self, _: WindowId) -> Option<Rc<str>> {
        None
    }

    fn manual_scrolling(&self, _: WindowId, _: Option<bool>) -> bool {
        false
    }

    fn update_history(&self, _: WindowId, _: &Url, _: Option<&str>, _: HistoryUpdate) -> bool {
        true
    }

    fn traverse_history(&self, _: WindowId, _: i32) {}

    fn storage(&self, _: WindowId, _: StorageKind) -> Option<Arc<StorageArea>> {
        None
    }

    fn create_blob_url(&self, _: WindowId, _: Blob) -> String {
        "blob:null/0".to_owned()
    }

    fn revoke_blob_url(&self, _: &Url) {}

    fn resolve_blob_url(&self, _: &Url) -> Option<Blob> {
        None
    }

    fn url_changed(&self, _window: WindowId, _url: &str) {}
}
