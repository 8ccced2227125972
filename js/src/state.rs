//! The agent's one `thread_local`: the arena, the host, and what ops need at hand.
//!
//! `OpState` would cost 10 to 25 ns more a call and its `RefCell` is held across re-entrant ops; here each part is
//! borrowed for the length of a leaf operation only.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use deno_core::v8;
use readystate_dom::{NodeId, Tree};
use readystate_xhr::Origin;

use crate::error::Failure;
use crate::frame_table::FrameTable;
use crate::host::{FetchId, Host, ModuleId, QueueSource, WebSocketId, WindowId};
use crate::interrupt::Interrupter;
use crate::module::ModuleTable;
use crate::object_lifetime::Wrappers;
use crate::ops::xml_http_request::XhrTable;
use crate::weak_trees::WeakTrees;

/// What belongs to one agent. Reset when the agent is dropped, so that a thread may host another one after it.
#[derive(Default)]
pub(crate) struct AgentState {
    pub(crate) tree: RefCell<Tree>,
    pub(crate) host: RefCell<Option<Rc<dyn Host>>>,
    last_error: RefCell<Option<Failure>>,
    /// The windows that are open.
    pub(crate) windows: RefCell<HashMap<WindowId, Window>>,
    next_window: Cell<u32>,
    /// Windows closed since their documents were last let go of.
    pub(crate) closed_windows: Cell<u32>,
    pub(crate) frames: RefCell<FrameTable>,
    next_navigable: Cell<u32>,
    /// The origins seen so far; the place of one is its key, see [`origin_key`].
    origins: RefCell<Vec<Origin>>,
    /// What the realms of an origin share, by origin key.
    pub(crate) groups: RefCell<HashMap<u32, v8::Global<v8::Value>>>,
    /// What stands in for windows whose navigable shows another origin now, by navigable and origin key.
    pub(crate) stand_ins: RefCell<HashMap<(u32, u32), v8::Global<v8::Context>>>,
    /// What further realms are made from.
    pub(crate) main: RefCell<Option<MainRealm>>,
    /// The promises about to be notified about.
    pub(crate) rejections: RefCell<Vec<Rejection>>,
    /// Those that a task is queued for, and that are still without a handler. For QuickJS, which cannot tell otherwise.
    pub(crate) unhandled: RefCell<Vec<v8::Global<v8::Promise>>>,
    /// Promises that have got a handler after the page was told of their rejection, or is about to be.
    pub(crate) handled: RefCell<Vec<v8::Global<v8::Promise>>>,
    /// Whether a script with muted errors has run.
    pub(crate) has_muted_scripts: Cell<bool>,
    /// Whether a script with muted errors is what runs: for an engine whose errors do not tell their script.
    pub(crate) in_muted_script: Cell<bool>,
    /// Whose a fetch is, and of which window.
    pub(crate) fetches: RefCell<HashMap<FetchId, (WindowId, FetchTarget)>>,
    /// Whose a WebSocket connection is: the window and the number of the object.
    pub(crate) web_sockets: RefCell<HashMap<WebSocketId, (WindowId, u32)>>,
    pub(crate) xhr: RefCell<XhrTable>,
    /// The wrappers of what is in `xhr`, on V8.
    pub(crate) wrappers: RefCell<Wrappers>,
    /// How many collections there have been, and up to which one their losses were looked for: at the end of a task, and within one.
    pub(crate) collections: Cell<u32>,
    pub(crate) seen_collections: Cell<u32>,
    pub(crate) seen_in_task: Cell<u32>,
    pub(crate) modules: RefCell<ModuleTable>,
    pub(crate) weak_trees: RefCell<WeakTrees>,
    /// For ops that work long: tells them to stop.
    pub(crate) interrupter: RefCell<Option<Interrupter>>,
}

/// Whose a fetch is, by the number of the object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FetchTarget {
    /// An `XMLHttpRequest`'s.
    Xhr(u32),
    /// A call's of `fetch()`.
    Fetch(u32),
    /// An `EventSource`'s.
    EventSource(u32),
}

/// A window's context and what the host calls there.
pub(crate) struct Window {
    pub(crate) context: v8::Global<v8::Context>,
    pub(crate) entry: v8::Global<v8::Object>,
    pub(crate) document: NodeId,
    pub(crate) url: url::Url,
    pub(crate) origin: Origin,
    /// The number of the navigable that shows it.
    pub(crate) navigable: u32,
    /// What relative URLs start from if the document's own URL is an `about:` one.
    pub(crate) base_url: Option<url::Url>,
    pub(crate) referrer: String,
    pub(crate) parent: Option<WindowId>,
    /// The frame element that shows it.
    pub(crate) container: Option<NodeId>,
    pub(crate) viewport: (u32, u32),
    pub(crate) current_script: Option<NodeId>,
}

/// The realm of the main context, which lives as long as the agent, whether or not its window is open.
#[derive(Clone)]
pub(crate) struct MainRealm {
    pub(crate) context: v8::Global<v8::Context>,
    pub(crate) entry: v8::Global<v8::Object>,
    pub(crate) ops: v8::Global<v8::Value>,
    pub(crate) shared: v8::Global<v8::Value>,
}

/// A promise rejected without a handler, waiting for the end of the task.
pub(crate) struct Rejection {
    pub(crate) promise: v8::Global<v8::Promise>,
    pub(crate) reason: v8::Global<v8::Value>,
    pub(crate) context: v8::Global<v8::Context>,
}

/// The callback number of the task that tells a window of promises in [`AgentState::handled`].
const REJECTION_HANDLED: u32 = 0;

impl AgentState {
    /// A rejected promise has got a handler: nobody is told of it, or that there is one after all.
    pub(crate) fn rejection_handled(
        &self,
        promise: v8::Global<v8::Promise>,
        context: v8::Global<v8::Context>,
    ) {
        let mut rejections = self.rejections.borrow_mut();
        // OPTIMIZATION: most get their handler soon.
        if let Some(index) = rejections
            .iter()
            .rposition(|other| other.promise == promise)
        {
            drop(rejections.remove(index));
            return;
        }
        drop(rejections);
        let mut unhandled = self.unhandled.borrow_mut();
        if let Some(index) = unhandled.iter().rposition(|other| *other == promise) {
            drop(unhandled.swap_remove(index));
        }
        drop(unhandled);
        self.handled.borrow_mut().push(promise);
        // In QuickJS the context says little; the task looks further.
        let windows = self.windows.borrow();
        let window = windows
            .iter()
            .find(|(_, window)| window.context == context)
            .or_else(|| windows.iter().next())
            .map(|(number, _)| *number);
        drop(windows);
        let host = self.host.borrow().clone();
        if let (Some(window), Some(host)) = (window, host) {
            host.queue_task(window, QueueSource::DomManipulation, REJECTION_HANDLED);
        }
    }
}

thread_local! {
    static STATE: AgentState = AgentState::default();
}

/// Runs `f` on this thread's agent state.
pub(crate) fn with<T>(f: impl FnOnce(&AgentState) -> T) -> T {
    STATE.with(f)
}

/// Gives this thread's tree to `f`.
///
/// No method of [`crate::Agent`] may be called inside `f`: ops need the tree too.
///
/// # Panics
/// If called from inside itself.
pub fn with_tree<T>(f: impl FnOnce(&mut Tree) -> T) -> T {
    STATE.with(|state| f(&mut state.tree.borrow_mut()))
}

/// The host of this thread's agent, or `None` while a snapshot is made.
pub(crate) fn host() -> Option<Rc<dyn Host>> {
    STATE.with(|state| state.host.borrow().clone())
}

pub(crate) fn set_last_error(error: Failure) {
    STATE.with(|state| *state.last_error.borrow_mut() = Some(error));
}

pub(crate) fn take_last_error() -> Option<Failure> {
    STATE.with(|state| state.last_error.borrow_mut().take())
}

/// Reads a window that is open.
pub(crate) fn with_window<T>(window: WindowId, f: impl FnOnce(&mut Window) -> T) -> Option<T> {
    STATE.with(|state| state.windows.borrow_mut().get_mut(&window).map(f))
}

/// A window's context and entry table.
pub(crate) fn realm_of(
    window: WindowId,
) -> Option<(v8::Global<v8::Context>, v8::Global<v8::Object>)> {
    with_window(window, |window| {
        (window.context.clone(), window.entry.clone())
    })
}

/// The base URL that a window's `about:` document has from its creator.
pub(crate) fn about_base_url(document: NodeId) -> Option<url::Url> {
    STATE.with(|state| {
        state
            .windows
            .borrow()
            .values()
            .find(|window| window.document == document)
            .and_then(|window| window.base_url.clone())
    })
}

/// Allots the number of a window that is about to be opened by a [`crate::host::HostStep::Open`].
#[must_use]
pub fn allot_window() -> WindowId {
    STATE.with(|state| {
        let window = state.next_window.get();
        state.next_window.set(window.saturating_add(1));
        WindowId(window)
    })
}

/// Allots the number of a module that is about to be made by a [`crate::host::HostStep::CompileModule`].
#[must_use]
pub fn allot_module() -> ModuleId {
    STATE.with(|state| state.modules.borrow_mut().allot())
}

/// Allots the number of a navigable: what shows one window after another.
#[must_use]
pub fn allot_navigable() -> u32 {
    STATE.with(|state| {
        let navigable = state.next_navigable.get() + 1;
        state.next_navigable.set(navigable);
        navigable
    })
}

/// A small number for an origin: windows with the same one may touch each other's objects.
pub(crate) fn origin_key(origin: &Origin) -> u32 {
    STATE.with(|state| {
        let mut origins = state.origins.borrow_mut();
        let known = origins.iter().position(|other| other.same_origin(origin));
        let place = known.unwrap_or_else(|| {
            origins.push(origin.clone());
            origins.len() - 1
        });
        u32::try_from(place).unwrap_or(u32::MAX)
    })
}

/// Whether the agent has had windows of more than one origin.
pub(crate) fn has_origins() -> bool {
    STATE.with(|state| state.origins.borrow().len() > 1)
}

/// Gives this thread's table of frames to `f`, which may call no method of [`crate::Agent`].
///
/// # Panics
/// If called from inside itself.
pub fn with_frames<T>(f: impl FnOnce(&mut FrameTable) -> T) -> T {
    STATE.with(|state| f(&mut state.frames.borrow_mut()))
}

/// Whether the running script was told to stop: an op that works long is to give up.
pub(crate) fn is_interrupted() -> bool {
    STATE.with(|state| {
        state
            .interrupter
            .borrow()
            .as_ref()
            .is_some_and(|interrupter| interrupter.reason().is_some())
    })
}

/// Takes the agent's handles out, to be dropped before the isolate is.
pub(crate) fn clear() -> impl Sized {
    STATE.with(|state| {
        *state.host.borrow_mut() = None;
        *state.tree.borrow_mut() = Tree::default();
        *state.frames.borrow_mut() = FrameTable::default();
        state.fetches.borrow_mut().clear();
        state.web_sockets.borrow_mut().clear();
        *state.xhr.borrow_mut() = Default::default();
        *state.interrupter.borrow_mut() = None;
        state.next_window.set(0);
        state.next_navigable.set(0);
        state.origins.borrow_mut().clear();
        state.closed_windows.set(0);
        state.has_muted_scripts.set(false);
        state.in_muted_script.set(false);
        (
            std::mem::take(&mut *state.windows.borrow_mut()),
            std::mem::take(&mut *state.rejections.borrow_mut()),
            std::mem::take(&mut *state.unhandled.borrow_mut()),
            std::mem::take(&mut *state.handled.borrow_mut()),
            std::mem::take(&mut *state.stand_ins.borrow_mut()),
            std::mem::take(&mut *state.groups.borrow_mut()),
            state.main.borrow_mut().take(),
            std::mem::take(&mut *state.modules.borrow_mut()),
            std::mem::take(&mut *state.wrappers.borrow_mut()),
        )
    })
}
