//! What page script may ask of its embedder: the one door from `js` to `engine`.
//!
//! Every method is called from inside an op, on the agent's thread, with no borrow of the tree held. None of them may
//! run script; those that lead to script, or to windows, hand back a [`HostStep`] which `js` takes itself.

use std::rc::Rc;
use std::sync::Arc;

use readystate_dom::{Effect, NodeId};
use readystate_xhr::body::{Blob, BodyWithType};
use readystate_xhr::fetch::{CredentialsMode, FetchEvent, ReferrerPolicy, Request};
use readystate_xhr::web_socket::{Message, WebSocketRequest};
use url::Url;

use crate::entry::FireTarget;
use crate::storage::{StorageArea, StorageKind};
use crate::window::WindowInit;

/// A browsing context's window inside an agent. The number is never reused within the agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct WindowId(pub u32);

/// One fetch started by an agent, for matching its events. Allotted by the host; never reused within the agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FetchId(pub u64);

/// One WebSocket connection opened by an agent. Allotted by the host; never reused within the agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct WebSocketId(pub u64);

/// Why a timer exists; decides its task source and who is called back when it is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TimerKind {
    /// `setTimeout` and `setInterval`: [`crate::Agent::run_timer`].
    Timer,
    /// `requestAnimationFrame`: [`crate::Agent::run_timer`], at the next rendering opportunity (16 ms).
    AnimationFrame,
    /// `requestIdleCallback`: [`crate::Agent::run_timer`], when no other task is due.
    Idle,
    /// A time-out owned by Rust (an XHR's `timeout`): [`crate::Agent::on_native_timer`]. It goes by the machine's time, whatever
    /// [`Host::now`] says.
    Native,
    /// The host's own, for a document that goes elsewhere after some time. No agent is told.
    Refresh,
}

/// The standard's task sources that script can queue on by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum QueueSource {
    /// `postMessage` and message ports.
    PostedMessage,
    /// Element events such as `toggle` or `slotchange`-like queued events.
    DomManipulation,
    /// File reading (`FileReader`).
    FileReading,
    /// Anything of the network that is not a fetch event.
    Networking,
    /// Events of an `EventSource`'s stream.
    RemoteEvent,
}

/// Severity of a console line, as in the Console Standard's printer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ConsoleLevel {
    /// `console.debug`, `console.timeLog` and the like.
    Debug,
    /// `console.log`, `console.group`, `console.table` …
    Log,
    /// `console.info`.
    Info,
    /// `console.warn`.
    Warn,
    /// `console.error`, `console.trace`, failed `console.assert`.
    Error,
}

/// A place in a script, one-based; zero means unknown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceLocation {
    /// Address of the script or page.
    pub url: String,
    /// Line, from 1.
    pub line: u32,
    /// Column, from 1.
    pub column: u32,
}

/// An exception or rejection that no handler of the page has taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExceptionReport {
    /// The message as a browser would show it, e.g. `Uncaught TypeError: x is not a function`.
    pub message: String,
    /// Where it was thrown.
    pub location: SourceLocation,
    /// The stack as text, if there is one.
    pub stack: Option<String>,
    /// Whether this is an unhandled promise rejection.
    pub in_promise: bool,
    /// Whether it comes from a script of another origin that lets the page know nothing of its errors.
    pub muted: bool,
}

/// A classic script ready to run.
///
/// Standard: <https://html.spec.whatwg.org/multipage/webappapis.html#classic-script>
#[derive(Clone, Debug)]
pub struct ClassicScript {
    /// Source text.
    pub source: String,
    /// Address shown in errors: the script's own, or the page's for an inline one.
    pub url: String,
    /// Line of the page at which an inline script starts, from 1; 1 for external scripts.
    pub line: u32,
    /// The script element, for `document.currentScript`.
    pub element: Option<NodeId>,
    /// What its `import()` calls start from; `None` for what the document has.
    pub base_url: Option<Url>,
    /// How the modules of its `import()` calls are fetched.
    pub options: ScriptFetchOptions,
    /// Whether its errors tell the page nothing, for it is of another origin that has not allowed it.
    pub muted_errors: bool,
}

impl ClassicScript {
    /// A script of `source` without an element, as if it stood in the page of this address.
    #[must_use]
    pub fn new(source: impl Into<String>, url: impl Into<String>) -> Self {
        Self {
            source: source.into(),
            url: url.into(),
            line: 1,
            element: None,
            base_url: None,
            options: ScriptFetchOptions::default(),
            muted_errors: false,
        }
    }
}

/// How a script's modules are fetched.
///
/// Standard: <https://html.spec.whatwg.org/multipage/webappapis.html#script-fetch-options>
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScriptFetchOptions {
    /// Defaults to same-origin.
    pub credentials_mode: CredentialsMode,
    /// Defaults to strict-origin-when-cross-origin.
    pub referrer_policy: ReferrerPolicy,
}

impl Default for ScriptFetchOptions {
    fn default() -> Self {
        Self {
            credentials_mode: CredentialsMode::SameOrigin,
            referrer_policy: ReferrerPolicy::default(),
        }
    }
}

/// A module script inside an agent. Never reused within the agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ModuleId(pub u32);

/// What a module is made of.
///
/// Standard: <https://html.spec.whatwg.org/multipage/webappapis.html#module-type-from-module-request>
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ModuleType {
    /// A script.
    JavaScript,
    /// `with { type: "json" }`.
    Json,
    /// `with { type: "css" }`.
    Css,
}

/// A module script that is to be made.
#[derive(Clone, Debug)]
pub struct ModuleSource {
    /// What it is made of.
    pub module_type: ModuleType,
    /// Source text.
    pub text: String,
    /// Address shown in errors: the module's own, or the page's for an inline one.
    pub url: String,
    /// Line of the page at which an inline script starts, from 1; 1 for external ones.
    pub line: u32,
    /// What its specifiers start from, and what `import.meta.url` says.
    pub base_url: Url,
    /// How its descendants are fetched.
    pub options: ScriptFetchOptions,
}

/// A module that another one names, resolved.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ModuleRequest {
    /// Where it is.
    pub url: Url,
    /// What it has to be.
    pub module_type: ModuleType,
}

/// A call of `import()`.
#[derive(Clone, Debug)]
pub struct ImportCall {
    /// Its number, for [`HostStep::FinishImport`].
    pub id: u32,
    /// What it asks for.
    pub request: ModuleRequest,
    /// The base URL of the script that calls.
    pub referrer: Url,
    /// How to fetch.
    pub options: ScriptFetchOptions,
}

/// What the graph of an `import()` came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImportOutcome {
    /// The module and its descendants are there: link and evaluate it.
    Loaded(ModuleId),
    /// This module cannot be parsed; the call fails with its error.
    Broken(ModuleId),
    /// Something could not be fetched; the call fails with a TypeError of this message.
    Failed(String),
}

/// A native error's class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorClass {
    /// `SyntaxError`
    Syntax,
    /// `TypeError`
    Type,
}

/// What a call of the host leads to in the agent. After each but [`Self::Done`] the call goes on with [`Host::resume`].
#[derive(Debug)]
pub enum HostStep {
    /// Nothing more to do.
    Done,
    /// This script must run now, in this window.
    Run {
        /// The window of the script's document.
        window: WindowId,
        /// The script.
        script: ClassicScript,
    },
    /// A window opens, with a number from [`crate::allot_window`].
    Open {
        /// Its number.
        window: WindowId,
        /// How it is made.
        init: Box<WindowInit>,
    },
    /// A window closes.
    Close {
        /// Which.
        window: WindowId,
    },
    /// A window has got or lost a frame that has no window to open or close.
    FramesChanged {
        /// The window of the frame element's document.
        window: WindowId,
    },
    /// The parser has stopped for custom elements.
    CustomElements {
        /// The window of the parser's document.
        window: WindowId,
    },
    /// A module script is made; what came of it goes to [`Host::module_compiled`].
    CompileModule {
        /// In whose realm.
        window: WindowId,
        /// Its number, from [`crate::allot_module`].
        module: ModuleId,
        /// The source.
        source: Box<ModuleSource>,
    },
    /// A call of `import()` has its modules, or never will.
    FinishImport {
        /// Of which window's script.
        window: WindowId,
        /// Its number.
        import: u32,
        /// What came of it.
        outcome: ImportOutcome,
    },
    /// An error is reported to the page, as one that a script did not catch.
    ReportError {
        /// To which window.
        window: WindowId,
        /// Its class.
        class: ErrorClass,
        /// Its message.
        message: String,
    },
    /// A simple event is fired at once.
    Fire {
        /// In whose realm.
        window: WindowId,
        /// At what.
        target: FireTarget,
        /// The event's type.
        name: &'static str,
    },
}

/// The next happening of a synchronous fetch.
#[derive(Debug)]
pub enum SyncFetchStep {
    /// An event of the fetch.
    Event(FetchEvent),
    /// The time given has passed without one.
    TimedOut,
    /// The agent is being stopped (watchdog, page closed): give up.
    Stopped,
}

/// How a navigation treats the session history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NavigationKind {
    /// A new entry (`location.href = …`, `location.assign`).
    Push,
    /// In place of the present entry (`location.replace`).
    Replace,
    /// The present entry again (`location.reload`).
    Reload,
}

/// How a document's entry in the session history changes without a navigation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HistoryUpdate {
    /// A new entry (`history.pushState`).
    Push,
    /// The present entry (`history.replaceState`, `location.replace` to a fragment).
    Replace,
    /// A fragment: a new entry unless the URL is the same, or the document is not loaded yet.
    Fragment,
}

/// A window that script opens beside the page's own.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Opening {
    /// The number of its navigable, from [`crate::allot_navigable`].
    pub navigable: u32,
    /// Where it is sent first; `None` leaves it at `about:blank`.
    pub url: Option<Url>,
    /// Whether its document knows who opened it, and is of the same origin at first.
    pub has_opener: bool,
    /// Whether requests and documents name the opener's document as their referrer.
    pub has_referrer: bool,
    /// Inner size in CSS pixels, if the opener asks for one.
    pub viewport: Option<(u32, u32)>,
}

/// A navigation that script or a form asks for.
#[derive(Clone, Debug)]
pub struct NavigationRequest {
    /// Where to, absolute.
    pub url: Url,
    /// What becomes of the session history. Meaningless to a host without one, but for reloads.
    pub kind: NavigationKind,
    /// What is sent by POST; `None` for a GET.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/browsing-the-web.html#post-resource>
    pub post: Option<BodyWithType>,
    /// Whether the request names a referrer.
    pub has_referrer: bool,
}

/// The embedder of an agent.
pub trait Host {
    /// Milliseconds since the agent's time origin, monotonic; virtual time shows here.
    fn now(&self) -> f64;
    /// The same by the machine's clock, by which the network goes.
    fn network_now(&self) -> f64;
    /// The time origin in milliseconds since 1970.
    fn time_origin(&self) -> f64;
    /// The time of day in milliseconds since 1970 if the page has one of its own; `None` for the machine's.
    fn wall_time(&self) -> Option<f64>;

    /// The `Last-Modified` header of the response that a window's document came from.
    fn last_modified(&self, window: WindowId) -> Option<String>;

    /// Arms timer `timer` of `window` to be due `delay` milliseconds from now (not negative). Arming an armed one moves it. Gives
    /// whether it wants to know by [`Self::note_timer`] where script did that.
    fn set_timer(&self, window: WindowId, timer: u32, delay: f64, kind: TimerKind) -> bool;
    /// Where script armed a timer.
    fn note_timer(&self, window: WindowId, timer: u32, kind: TimerKind, place: SourceLocation);
    /// Disarms a timer; an unknown one is ignored.
    fn clear_timer(&self, window: WindowId, timer: u32, kind: TimerKind);
    /// Queues a task that calls [`crate::Agent::run_callback`] with `callback`; `false` if too many wait, then none is queued.
    fn queue_task(&self, window: WindowId, source: QueueSource, callback: u32) -> bool;

    /// A console line, already formatted; no trailing newline.
    fn console(&self, window: WindowId, level: ConsoleLevel, text: &str, location: &SourceLocation);
    /// An exception nobody handled.
    fn report_exception(&self, window: WindowId, report: &ExceptionReport);

    /// Starts a fetch whose events come back as [`crate::Agent::on_fetch_event`], one task each.
    fn start_fetch(&self, window: WindowId, request: Request) -> FetchId;
    /// Whether a request that outlives the window's document may send so many bytes, with those of the window that are under way.
    ///
    /// Standard: step 8.10 of <https://fetch.spec.whatwg.org/#http-network-or-cache-fetch>
    fn may_keep_alive(&self, window: WindowId, length: u64) -> bool;
    /// Whether the window's document may make synchronous requests.
    ///
    /// Standard: <https://xhr.spec.whatwg.org/#sync-xhr>
    fn allows_sync_xhr(&self, window: WindowId) -> bool;
    /// Starts a fetch on the reserved slot; its events are pulled with [`Self::next_sync_event`].
    fn start_sync_fetch(&self, window: WindowId, request: Request) -> FetchId;
    /// Blocks for the next event of a synchronous fetch, at most `timeout` milliseconds (`None`: no limit of its own).
    fn next_sync_event(&self, fetch: FetchId, timeout: Option<f64>) -> SyncFetchStep;
    /// What a specifier means to a script of `window` with this base URL.
    ///
    /// # Errors
    /// The message of a TypeError.
    fn resolve_module(
        &self,
        window: WindowId,
        specifier: &str,
        base_url: &Url,
    ) -> Result<Url, String>;
    /// A module of [`HostStep::CompileModule`] was made: the modules that it names, or `None` if it cannot be parsed.
    fn module_compiled(
        &self,
        window: WindowId,
        module: ModuleId,
        requests: Option<Vec<ModuleRequest>>,
    );
    /// The module that a window's module map holds.
    fn module_at(&self, window: WindowId, request: &ModuleRequest) -> Option<ModuleId>;
    /// Loads the modules of an `import()`, up to [`HostStep::FinishImport`].
    fn import_module(&self, window: WindowId, call: ImportCall) -> HostStep;
    /// The base URL of a window's document.
    fn document_base_url(&self, window: WindowId) -> Url;

    /// Ends a fetch; no event of it is delivered any more.
    fn abort_fetch(&self, fetch: FetchId);

    /// Has a fetch wait before it reads more of the response's body, or go on.
    fn pause_fetch(&self, fetch: FetchId, paused: bool);

    /// Opens a WebSocket connection whose events come back as [`crate::Agent::on_web_socket_event`], one task each.
    fn open_web_socket(&self, window: WindowId, request: WebSocketRequest) -> WebSocketId;
    /// Sends a message over an established connection.
    fn send_web_socket(&self, socket: WebSocketId, message: Message);
    /// Starts the closing handshake of an established connection.
    fn close_web_socket(&self, socket: WebSocketId, code: Option<u16>, reason: &str);
    /// Fails a connection that is not established yet.
    fn fail_web_socket(&self, socket: WebSocketId);

    /// `document.cookie` of a document at `url`.
    fn cookie(&self, window: WindowId) -> String;
    /// Sets `document.cookie`.
    fn set_cookie(&self, window: WindowId, cookie: &str);
    /// The `User-Agent` that requests carry and `navigator.userAgent` shows.
    fn user_agent(&self) -> String;

    /// A storage of the window's origin; `None` if that is opaque.
    fn storage(&self, window: WindowId, kind: StorageKind) -> Option<Arc<StorageArea>>;

    /// Takes what a mutation has left to do (scripts connected, attributes of watched elements changed …).
    fn run_effects(&self, window: WindowId, effects: Vec<Effect>) -> HostStep;
    /// `document.write` by script of `window`: feeds `text` to the document's parser at the insertion point.
    fn document_write(&self, window: WindowId, document: NodeId, text: &str) -> HostStep;
    /// `document.open` by script of `window`, without a navigation; `for_write`: only if a `document.write` would do that.
    fn document_open(&self, window: WindowId, document: NodeId, for_write: bool) -> HostStep;
    /// Whether a document has a parser that is not through.
    fn is_parsing(&self, document: NodeId) -> bool;
    /// `document.close`.
    fn document_close(&self, window: WindowId, document: NodeId) -> HostStep;
    /// Goes on after a [`HostStep::Run`] script has run.
    fn resume(&self, window: WindowId) -> HostStep;

    /// Asks for a navigation of `window` for script or a form of `source`. It happens in a later task.
    fn navigate(&self, source: WindowId, window: WindowId, asked: NavigationRequest);
    /// Asks for a navigation of a frame, by its element, for script or a form of `source`.
    fn navigate_frame(&self, source: WindowId, container: NodeId, asked: NavigationRequest);
    /// Opens a window for script of `source`, if the host lets it. Its first window is opened by the step.
    fn open_window(&self, source: WindowId, opening: Opening) -> HostStep;
    /// Closes a top-level window by the number of its navigable. It happens in a later task.
    fn close_navigable(&self, navigable: u32);
    /// Gives up navigations of a window, and of its frames, that have no document yet.
    fn stop_loading(&self, window: WindowId);
    /// The target name of the top-level window around a window: what is kept of it when the window makes room for another.
    fn window_name(&self, window: WindowId) -> String;
    /// Sets that name.
    fn set_window_name(&self, window: WindowId, name: &str);
    /// Whether the document of a window has fired `load`, and its listeners are done.
    fn is_loaded(&self, window: WindowId) -> bool;
    /// How many steps the session history has that the window takes part in.
    fn history_length(&self, window: WindowId) -> usize;
    /// The state of the entry that a window shows, as it was given to [`Self::update_history`]; `None` for null.
    fn history_state(&self, window: WindowId) -> Option<Rc<str>>;
    /// Whether the entry that a window shows has the scroll restoration mode "manual"; sets it first if told so.
    fn manual_scrolling(&self, window: WindowId, change: Option<bool>) -> bool;
    /// The entry that a window shows gets another URL and state, or another one behind it does. `false` if there were too many such
    /// changes, and this one was not made.
    fn update_history(
        &self,
        window: WindowId,
        url: &Url,
        state: Option<&str>,
        update: HistoryUpdate,
    ) -> bool;
    /// Goes so many steps through the session history that the window takes part in. It happens in a later task.
    fn traverse_history(&self, window: WindowId, delta: i32);
    /// Gives a blob a URL of the window's origin, which ends with the window at the latest.
    fn create_blob_url(&self, window: WindowId, blob: Blob) -> String;
    /// Ends a `blob:` URL; one that is not known is ignored.
    fn revoke_blob_url(&self, url: &Url);
    /// What a `blob:` URL means now.
    fn resolve_blob_url(&self, url: &Url) -> Option<Blob>;
    /// The document's URL changed without a navigation (fragment, `history.pushState`).
    fn url_changed(&self, window: WindowId, url: &str);
}
