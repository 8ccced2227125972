//! Ops of the realm itself: errors, checkpoints, time, timers, scripts, document streams, navigation.

use deno_core::{OpDecl, op2, v8};
use readystate_dom::NodeId;

use crate::backend;
use crate::error::{Failure, fail};
use crate::exception;
use crate::host::{NavigationKind, NavigationRequest, QueueSource, TimerKind, WindowId};
use crate::object_lifetime::ObjectKind;
use crate::state;
use crate::window;

/// The ops of this area.
pub(crate) fn ops() -> Vec<OpDecl> {
    vec![
        op_take_error(),
        op_checkpoint(),
        op_object_watch(),
        op_object_free(),
        op_now(),
        op_time_origin(),
        op_wall_time(),
        op_set_timer(),
        op_note_timer(),
        op_clear_timer(),
        op_queue_task(),
        op_run_effects(),
        op_document_write(),
        op_document_open(),
        op_document_close(),
        op_current_script(),
        op_exception_info(),
        op_value_kind(),
        op_report_exception(),
        op_promise_has_handler(),
        op_rejection_told(),
        op_rejection_handled(),
        op_navigate(),
        op_url_changed(),
        op_cookie(),
        op_set_cookie(),
        op_user_agent(),
        op_window_url(),
        op_window_referrer(),
        op_window_last_modified(),
        op_window_viewport(),
        op_window_is_secure(),
    ]
}

/// The error that the last failing op left: its name, NUL, its message.
#[op2]
#[string]
fn op_take_error() -> String {
    match state::take_last_error() {
        Some(Failure { name, message }) => format!("{name}\0{message}"),
        None => "OperationError\0The operation failed".to_owned(),
    }
}

/// Has the object `id` of a kind freed some time after its wrapper is gone. False if the glue has to see to that.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_object_watch(
    isolate: &mut v8::Isolate,
    wrapper: v8::Local<'_, v8::Object>,
    kind: u32,
    id: u32,
) -> bool {
    let (Some(kind), Some(wrapper)) = (
        ObjectKind::from_number(kind),
        backend::WeakWrapper::new(isolate, wrapper),
    ) else {
        return false;
    };
    state::with(|state| state.wrappers.borrow_mut().watch(wrapper, kind, id));
    true
}

/// The wrapper of the object `id` of a kind is gone.
#[op2(nofast)]
fn op_object_free(kind: u32, id: u32) {
    if let Some(kind) = ObjectKind::from_number(kind) {
        kind.free(id);
    }
}

/// Runs microtasks, after a callback that the host caused.
#[op2(nofast, reentrant)]
fn op_checkpoint(isolate: &mut v8::Isolate) {
    isolate.perform_microtask_checkpoint();
}

/// The time since the time origin in milliseconds, no finer than 5 µs. <https://w3c.github.io/hr-time/#dfn-coarsen-time>
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_now() -> f64 {
    state::host().map_or(0.0, |host| (host.now() * 200.0).floor() / 200.0)
}

#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_time_origin() -> f64 {
    state::host().map_or(0.0, |host| host.time_origin())
}

/// The time of day in milliseconds since 1970, NaN if it is the machine's.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_wall_time() -> f64 {
    state::host()
        .and_then(|host| host.wall_time())
        .map_or(f64::NAN, f64::floor)
}

const fn timer_kind(kind: u32) -> TimerKind {
    match kind {
        1 => TimerKind::AnimationFrame,
        2 => TimerKind::Idle,
        3 => TimerKind::Native,
        _ => TimerKind::Timer,
    }
}

/// `kind`: 0 timer, 1 animation frame, 2 idle callback, 3 native. Gives whether `op_note_timer` is to be called for it.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_set_timer(window: u32, timer: u32, delay: f64, kind: u32) -> bool {
    state::host().is_some_and(|host| {
        host.set_timer(WindowId(window), timer, delay.max(0.0), timer_kind(kind))
    })
}

/// Notes where the page's script has armed a timer: where it is now.
#[op2]
fn op_note_timer(scope: &v8::PinScope<'_, '_>, window: u32, timer: u32, kind: u32) {
    if let Some(host) = state::host() {
        let place = exception::caller(scope);
        host.note_timer(WindowId(window), timer, timer_kind(kind), place);
    }
}

#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_clear_timer(window: u32, timer: u32, kind: u32) {
    if let Some(host) = state::host() {
        host.clear_timer(WindowId(window), timer, timer_kind(kind));
    }
}

/// Gives whether the task was queued. `source`: 0 posted messages, 1 DOM manipulation, 2 file reading, 3 networking, 4 remote events.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_queue_task(window: u32, source: u32, callback: u32) -> bool {
    let source = match source {
        0 => QueueSource::PostedMessage,
        2 => QueueSource::FileReading,
        3 => QueueSource::Networking,
        4 => QueueSource::RemoteEvent,
        _ => QueueSource::DomManipulation,
    };
    state::host().is_some_and(|host| host.queue_task(WindowId(window), source, callback))
}

/// Runs what the last mutations left to do, connected scripts above all.
#[op2(nofast, reentrant)]
fn op_run_effects(scope: &mut v8::PinScope<'_, '_>, window: u32) {
    let window_id = WindowId(window);
    let Some(host) = state::host() else { return };
    let effects = state::with_tree(readystate_dom::Tree::take_effects);
    if effects.is_empty() {
        return;
    }
    let step = host.run_effects(window_id, effects);
    window::take_steps(scope, window_id, &*host, step);
}

/// `document.write`.
#[op2(nofast, reentrant)]
fn op_document_write(
    scope: &mut v8::PinScope<'_, '_>,
    window: u32,
    document: u32,
    #[string] text: &str,
) -> i32 {
    let window_id = WindowId(window);
    let (Some(host), Some(document)) = (state::host(), NodeId::from_raw(document)) else {
        return fail(Failure::illegal());
    };
    let source = window::entered(scope).unwrap_or(window_id);
    let step = host.document_write(source, document, text);
    window::sync_url(document);
    window::take_steps(scope, window_id, &*host, step);
    0
}

/// `document.open`; `for_write`: only if a `document.write` would do that.
#[op2(nofast, reentrant)]
fn op_document_open(
    scope: &mut v8::PinScope<'_, '_>,
    window: u32,
    document: u32,
    for_write: bool,
) -> i32 {
    let window_id = WindowId(window);
    let (Some(host), Some(document)) = (state::host(), NodeId::from_raw(document)) else {
        return fail(Failure::illegal());
    };
    let source = window::entered(scope).unwrap_or(window_id);
    let step = host.document_open(source, document, for_write);
    window::sync_url(document);
    window::take_steps(scope, window_id, &*host, step);
    0
}

/// `document.close`. 1 if the document is parsed now.
#[op2(nofast, reentrant)]
fn op_document_close(scope: &mut v8::PinScope<'_, '_>, window: u32, document: u32) -> i32 {
    let window_id = WindowId(window);
    let (Some(host), Some(document)) = (state::host(), NodeId::from_raw(document)) else {
        return fail(Failure::illegal());
    };
    let step = host.document_close(window_id, document);
    window::take_steps(scope, window_id, &*host, step);
    i32::from(!host.is_parsing(document))
}

/// The script element that runs, 0 for none.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_current_script(window: u32) -> u32 {
    state::with_window(WindowId(window), |window| window.current_script)
        .flatten()
        // Script in a shadow tree does not show itself.
        .filter(|&script| state::with_tree(|tree| !tree.is_in_shadow_tree(script)))
        .map_or(0, NodeId::raw)
}

/// What an object is to structured serialization: the numbers are listed in `structured_clone.js`.
#[op2(nofast)]
fn op_value_kind(value: v8::Local<'_, v8::Value>) -> u32 {
    const REFUSED: u32 = 15;
    if value.is_proxy() {
        REFUSED
    } else if value.is_function() {
        14
    } else if value.is_array() {
        13
    } else if value.is_boolean_object() {
        1
    } else if value.is_number_object() {
        2
    } else if value.is_string_object() {
        3
    } else if value.is_big_int_object() {
        4
    } else if value.is_date() {
        5
    } else if value.is_reg_exp() {
        6
    } else if value.is_array_buffer() {
        7
    } else if value.is_data_view() {
        8
    } else if value.is_typed_array() {
        9
    } else if value.is_map() {
        10
    } else if value.is_set() {
        11
    } else if value.is_native_error() {
        12
    } else if value.is_symbol_object()
        || value.is_promise()
        || value.is_weak_map()
        || value.is_weak_set()
        || value.is_shared_array_buffer()
        || value.is_generator_object()
        || value.is_map_iterator()
        || value.is_set_iterator()
        || value.is_module_namespace_object()
        || value.is_wasm_module_object()
        || value.is_wasm_memory_object()
    {
        REFUSED
    } else {
        0
    }
}

/// `[message, url, line, column, stack, muted]` of an exception.
#[op2(reentrant)]
fn op_exception_info<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    error: v8::Local<'s, v8::Value>,
) -> v8::Local<'s, v8::Array> {
    let report = exception::describe(scope, error);
    let text = |text: &str| -> v8::Local<'s, v8::Value> {
        v8::String::new(scope, text).map_or_else(|| v8::String::empty(scope).into(), Into::into)
    };
    let items = [
        text(&report.message),
        text(&report.location.url),
        v8::Number::new(scope, f64::from(report.location.line)).into(),
        v8::Number::new(scope, f64::from(report.location.column)).into(),
        text(report.stack.as_deref().unwrap_or("")),
        v8::Boolean::new(scope, report.muted).into(),
    ];
    v8::Array::new_with_elements(scope, &items)
}

/// Hands an exception that no handler took to the host.
#[op2(nofast, reentrant)]
fn op_report_exception<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    window: u32,
    error: v8::Local<'s, v8::Value>,
    in_promise: bool,
) {
    let mut report = exception::describe(scope, error);
    if in_promise {
        report.in_promise = true;
        report.message = report
            .message
            .replacen("Uncaught ", "Uncaught (in promise) ", 1);
    }
    if let Some(host) = state::host() {
        host.report_exception(WindowId(window), &report);
    }
}

/// Sends a window to a URL, for script of the window `source`. `kind`: 0 push, 1 replace, 2 reload, 3 push with the body that
/// `op_form_body` left; 8 more for a request that names no referrer, 16 more for what takes the place of the present entry whatever it is.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_navigate(window: u32, #[string] url: &str, kind: u32, source: u32) {
    if let (Some(host), Some(asked)) = (state::host(), navigation_request(url, kind)) {
        host.navigate(WindowId(source), WindowId(window), asked);
    }
}

/// What a navigation's arguments ask for; `None` if the URL does not parse.
pub(super) fn navigation_request(url: &str, kind: u32) -> Option<NavigationRequest> {
    let has_referrer = kind & 8 == 0;
    let replaces = kind & 16 != 0;
    let kind = kind & 7;
    let post = if kind == 3 {
        super::body::with_table(|table| table.handover.take_form_body())
    } else {
        None
    };
    Some(NavigationRequest {
        url: url.parse().ok()?,
        kind: match kind {
            2 => NavigationKind::Reload,
            1 => NavigationKind::Replace,
            _ if replaces => NavigationKind::Replace,
            _ => NavigationKind::Push,
        },
        post,
        has_referrer,
    })
}

/// The document's URL changed without a navigation.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_url_changed(window: u32, #[string] url: &str) {
    let window = WindowId(window);
    let document = state::with_window(window, |window| {
        if let Ok(url) = url.parse() {
            window.url = url;
        }
        window.document
    });
    if let Some(document) = document {
        state::with_tree(|tree| tree.set_url(document, url));
        super::document::forget_base_url();
    }
    if let Some(host) = state::host() {
        host.url_changed(window, url);
    }
}

#[op2]
#[string]
fn op_cookie(window: u32) -> String {
    state::host().map_or_else(String::new, |host| host.cookie(WindowId(window)))
}

#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_set_cookie(window: u32, #[string] cookie: &str) {
    if let Some(host) = state::host() {
        host.set_cookie(WindowId(window), cookie);
    }
}

#[op2]
#[string]
fn op_user_agent() -> String {
    state::host().map_or_else(String::new, |host| host.user_agent())
}

#[op2]
#[string]
fn op_window_url(window: u32) -> String {
    state::with_window(WindowId(window), |window| window.url.to_string()).unwrap_or_default()
}

#[op2]
#[string]
fn op_window_referrer(window: u32) -> String {
    state::with_window(WindowId(window), |window| window.referrer.clone()).unwrap_or_default()
}

/// The `Last-Modified` header of a window's document; empty without.
#[op2]
#[string]
fn op_window_last_modified(window: u32) -> String {
    state::host()
        .and_then(|host| host.last_modified(WindowId(window)))
        .unwrap_or_default()
}

/// Whether the window is a secure context: whether the page at the top is one to trust, for frames cannot be anything else then.
///
/// Standard: <https://html.spec.whatwg.org/multipage/webappapis.html#secure-context>
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_window_is_secure(window: u32) -> bool {
    let mut window = WindowId(window);
    // NOTE: parents were open before their frames, so this ends.
    while let Some(Some(parent)) = state::with_window(window, |window| window.parent) {
        window = parent;
    }
    state::with_window(window, |window| {
        readystate_xhr::origin::is_url_potentially_trustworthy(&window.url)
    })
    .unwrap_or(false)
}

/// Width (`axis` 0) or height of the viewport in CSS pixels.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_window_viewport(window: u32, axis: u32) -> u32 {
    state::with_window(WindowId(window), |this| {
        if axis == 0 {
            this.viewport.0
        } else {
            this.viewport.1
        }
    })
    .unwrap_or(0)
}

/// A rejected promise that has got a handler late, once; undefined if there is none.
#[op2]
fn op_rejection_handled<'s>(scope: &v8::PinScope<'s, '_>) -> v8::Local<'s, v8::Value> {
    let handled = state::with(|state| {
        let mut handled = state.handled.borrow_mut();
        (!handled.is_empty()).then(|| handled.remove(0))
    });
    match handled {
        Some(promise) => v8::Local::new(scope, promise).into(),
        None => v8::undefined(scope).into(),
    }
}

/// The page was told of a rejected promise: whether it has a handler will not be asked again.
#[op2]
fn op_rejection_told(scope: &v8::PinScope<'_, '_>, promise: v8::Local<'_, v8::Promise>) {
    backend::forget_rejection(scope, promise);
}

/// Whether a promise that was rejected has a handler.
#[op2]
fn op_promise_has_handler(
    scope: &v8::PinScope<'_, '_>,
    promise: v8::Local<'_, v8::Promise>,
) -> bool {
    backend::has_handler(scope, promise)
}
