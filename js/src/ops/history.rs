//! Ops of the session history, and of windows that script opens and closes.
//!
//! Standard: <https://html.spec.whatwg.org/multipage/nav-history-apis.html#the-history-interface>

use deno_core::{OpDecl, op2, v8};
use url::Url;

use crate::host::{HistoryUpdate, Opening, WindowId};
use crate::{state, window};

/// The ops of this area.
pub(crate) fn ops() -> Vec<OpDecl> {
    vec![
        op_history_length(),
        op_history_state(),
        op_history_scrolling(),
        op_history_update(),
        op_history_traverse(),
        op_window_open(),
        op_window_close(),
        op_window_stop(),
        op_window_is_loaded(),
        op_window_name(),
        op_window_set_name(),
    ]
}

/// How many steps the session history has.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_history_length(window: u32) -> u32 {
    let length = state::host().map_or(1, |host| host.history_length(WindowId(window)));
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// The state of the window's entry, serialized; empty for null.
#[op2]
#[string]
fn op_history_state(window: u32) -> String {
    state::host()
        .and_then(|host| host.history_state(WindowId(window)))
        .map_or_else(String::new, |state| state.to_string())
}

/// Whether the window's entry has the scroll restoration mode "manual". `change`: 0 "auto" from now on, 1 "manual", else none.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_history_scrolling(window: u32, change: u32) -> bool {
    let change = match change {
        0 => Some(false),
        1 => Some(true),
        _ => None,
    };
    state::host().is_some_and(|host| host.manual_scrolling(WindowId(window), change))
}

/// Gives the window's entry another URL and state (serialized; empty for null). `kind`: 0 in a new entry, 1 in the present one, 2 in a new
/// one unless the URL is the same or the document is not loaded. `false` if there were too many such changes.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_history_update(window: u32, #[string] url: &str, #[string] state: &str, kind: u32) -> bool {
    let (Some(host), Ok(url)) = (state::host(), Url::parse(url)) else {
        return false;
    };
    let update = match kind {
        0 => HistoryUpdate::Push,
        1 => HistoryUpdate::Replace,
        _ => HistoryUpdate::Fragment,
    };
    let state = Some(state).filter(|state| !state.is_empty());
    host.update_history(WindowId(window), &url, state, update)
}

/// Goes so many steps through the session history, in a task.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_history_traverse(window: u32, delta: i32) {
    if let Some(host) = state::host() {
        host.traverse_history(WindowId(window), delta);
    }
}

/// Opens a window for script of `window`, sent to `url` (empty: it stays at about:blank). `flags`: 1 it has no opener, 2 no referrer. A
/// width and height of 0 leave them to the host. Gives the number of its navigable, 0 if none was opened.
#[op2(nofast, reentrant)]
fn op_window_open(
    scope: &mut v8::PinScope<'_, '_>,
    window: u32,
    #[string] url: &str,
    flags: u32,
    width: u32,
    height: u32,
) -> u32 {
    let Some(host) = state::host() else { return 0 };
    let source = WindowId(window);
    let navigable = state::allot_navigable();
    let opening = Opening {
        navigable,
        url: Url::parse(url).ok(),
        has_opener: flags & 1 == 0,
        has_referrer: flags & 2 == 0,
        viewport: (width > 0 && height > 0).then_some((width, height)),
    };
    let step = host.open_window(source, opening);
    window::take_steps(scope, source, &*host, step);
    let is_open = state::with(|state| {
        state
            .windows
            .borrow()
            .values()
            .any(|window| window.navigable == navigable)
    });
    if is_open { navigable } else { 0 }
}

/// Closes a top-level window by the number of its navigable, in a task.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_window_close(navigable: u32) {
    if let Some(host) = state::host() {
        host.close_navigable(navigable);
    }
}

/// Gives up navigations of a window and of its frames.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_window_stop(window: u32) {
    if let Some(host) = state::host() {
        host.stop_loading(WindowId(window));
    }
}

/// Whether the window's document has fired `load`, and its listeners are done.
///
/// Standard: <https://html.spec.whatwg.org/multipage/document-lifecycle.html#completely-loaded>
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_window_is_loaded(window: u32) -> bool {
    state::host().is_some_and(|host| host.is_loaded(WindowId(window)))
}

/// The target name of the top-level window that a window is shown in.
#[op2]
#[string]
fn op_window_name(window: u32) -> String {
    state::host().map_or_else(String::new, |host| host.window_name(WindowId(window)))
}

/// Sets the target name of the top-level window that a window is shown in.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_window_set_name(window: u32, #[string] name: &str) {
    if let Some(host) = state::host() {
        host.set_window_name(WindowId(window), name);
    }
}
