//! The agent's one `thread_local`: the arena, the host, and what ops need at hand.
//!
//! `OpState` would cost 10 to 25 ns more a call and its `RefCell` is held across re-entrant ops; here each part is
//! borrowed for the length of a leaf operation only.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use deno_core::v8;
use readystate_dom::{NodeId, Tree};

use crate::error::Failure;
use crate::host::{FetchId, Host, WindowId};
use crate::ops::xml_http_request::XhrTable;

/// What belongs to one agent. Reset when the agent is dropped, so that a thread may host another one after it.
#[derive(Default)]
pub(crate) struct AgentState {
    pub(crate) tree: RefCell<Tree>,
    pub(crate) host: RefCell<Option<Rc<dyn Host>>>,
    last_error: RefCell<Option<Failure>>,
    /// Windows by id; closed ones leave a hole.
    pub(crate) windows: RefCell<Vec<Option<Window>>>,
    pub(crate) rejections: RefCell<Vec<Rejection>>,
    /// Which XHR of which window a fetch belongs to.
    pub(crate) fetches: RefCell<HashMap<FetchId, (WindowId, u32)>>,
    pub(crate) xhr: RefCell<XhrTable>,
}

/// A window's context and what the host calls there.
pub(crate) struct Window {
    pub(crate) context: v8::Global<v8::Context>,
    pub(crate) entry: v8::Global<v8::Object>,
    pub(crate) document: NodeId,
    pub(crate) url: url::Url,
    pub(crate) referrer: String,
    pub(crate) parent: Option<WindowId>,
    pub(crate) viewport: (u32, u32),
    pub(crate) current_script: Option<NodeId>,
}

/// A promise rejected without a handler, waiting for the end of the task.
pub(crate) struct Rejection {
    pub(crate) promise: v8::Global<v8::Promise>,
    pub(crate) reason: v8::Global<v8::Value>,
    pub(crate) context: v8::Global<v8::Context>,
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
    STATE.with(|state| {
        state
            .windows
            .borrow_mut()
            .get_mut(window.0 as usize)
            .and_then(Option::as_mut)
            .map(f)
    })
}
