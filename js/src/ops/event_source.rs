//! Ops of `EventSource`: one for each member, and those by which its fetches and tasks go on.
//!
//! The object is `readystate_xhr::event_source::EventSource`; its connections are fetches of the host's.
//!
//! Standard: <https://html.spec.whatwg.org/multipage/server-sent-events.html>

use std::collections::VecDeque;

use deno_core::{OpDecl, op2, v8};
use readystate_xhr::event_source::{
    EventSource, EventSourceLimits, Outcome, ReadyState, StreamEvent, Task,
};
use readystate_xhr::fetch::{FetchEvent, Response};
use readystate_xhr::{NetworkError, XhrError};

use super::body::with_table;
use super::node::str_to;
use super::xml_http_request::settings;
use crate::error::{Failure, fail};
use crate::host::{ConsoleLevel, FetchId, SourceLocation, WindowId};
use crate::state::{self, FetchTarget};

/// The ops of this area.
pub(crate) fn ops() -> Vec<OpDecl> {
    vec![
        op_event_source_new(),
        op_event_source_url(),
        op_event_source_with_credentials(),
        op_event_source_ready_state(),
        op_event_source_connect(),
        op_event_source_close(),
        op_event_source_stop(),
        op_event_source_run(),
        op_event_source_waits(),
        op_event_source_delay(),
        op_event_source_type(),
        op_event_source_data(),
        op_event_source_last_event_id(),
        op_event_source_origin(),
    ]
}

/// One `EventSource`.
pub(crate) struct Entry {
    object: EventSource,
    window: WindowId,
    fetch: Option<FetchId>,
    /// Tasks to run, in order. The glue queues them one after the other.
    tasks: VecDeque<Task>,
    /// Whether the fetch waits until the page has caught up.
    is_paused: bool,
    /// What the glue is about to fire, and the stream's origin.
    event: Option<(StreamEvent, String)>,
    delay: f64,
}

/// So many events may wait to be fired before the stream has to wait, and so many when it goes on.
const MAX_WAITING: usize = 1_000;
const FEW_WAITING: usize = 250;

/// Delivers an event of `fetch`. Whether tasks wait, for which the glue has to queue one.
pub(crate) fn deliver(fetch: FetchId, id: u32, event: FetchEvent) -> bool {
    let is_response = matches!(event, FetchEvent::Response(_));
    let is_end = matches!(event, FetchEvent::EndOfBody | FetchEvent::BodyError(_));
    let result = with_table(|table| {
        let entry = table
            .event_sources
            .get_mut(id)
            .filter(|entry| entry.fetch == Some(fetch))?;
        let tasks = entry.object.on_fetch_event(event);
        let is_given_up = (is_response || !tasks.is_empty()) && !entry.object.is_connected();
        let is_over = is_end || is_given_up;
        if is_over {
            entry.fetch = None;
        }
        let complaint = tasks
            .contains(&Task::Fail)
            .then(|| complaint(&entry.object));
        entry.tasks.extend(tasks);
        let waits = !entry.tasks.is_empty();
        let must_pause = !is_over && !entry.is_paused && entry.tasks.len() > MAX_WAITING;
        entry.is_paused = !is_over && (entry.is_paused || must_pause);
        Some((
            entry.window,
            waits,
            is_over,
            must_pause,
            complaint.flatten(),
        ))
    });
    let (Some((window, waits, is_over, must_pause, complaint)), Some(host)) =
        (result, state::host())
    else {
        return false;
    };
    if must_pause {
        host.pause_fetch(fetch, true);
    }
    if is_over {
        forget(fetch);
        host.abort_fetch(fetch);
    }
    if let Some(text) = complaint {
        let location = SourceLocation::default();
        host.console(window, ConsoleLevel::Error, &text, &location);
    }
    waits
}

/// What the console is told of a stream that is given up for what it is, not for the network.
fn complaint(object: &EventSource) -> Option<String> {
    let failure = object.failure()?;
    matches!(
        failure,
        NetworkError::MalformedResponse(_) | NetworkError::BodyTooLarge(_) | NetworkError::Cors(_)
    )
    .then(|| format!("EventSource of {}: {failure}", object.url()))
}

/// Events of that fetch are dropped from now on.
fn forget(fetch: FetchId) {
    state::with(|state| state.fetches.borrow_mut().remove(&fetch));
}

fn with_entry<T: Default>(id: u32, f: impl FnOnce(&mut Entry) -> T) -> T {
    with_table(|table| table.event_sources.get_mut(id).map(f).unwrap_or_default())
}

/// Ends the fetch under way.
fn abort(id: u32) {
    let fetch = with_entry(id, |entry| {
        entry.is_paused = false;
        entry.fetch.take()
    });
    if let (Some(fetch), Some(host)) = (fetch, state::host()) {
        forget(fetch);
        host.abort_fetch(fetch);
    }
}

/// A new object, not connecting yet; its number.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_event_source_new(window: u32, #[string] url: &str, with_credentials: bool) -> i32 {
    let window = WindowId(window);
    let Some(settings) = settings(window) else {
        return fail(XhrError::InvalidState("the document is not fully active"));
    };
    let limits = EventSourceLimits::default();
    match EventSource::new(url, with_credentials, &settings, limits) {
        Err(error) => fail(error),
        Ok(object) => {
            let entry = Entry {
                object,
                window,
                fetch: None,
                tasks: VecDeque::new(),
                is_paused: false,
                event: None,
                delay: 0.0,
            };
            let id = with_table(|table| table.event_sources.insert(entry));
            i32::try_from(id).unwrap_or_default()
        }
    }
}

/// Its wrapper is gone.
pub(crate) fn free(id: u32) {
    abort(id);
    with_table(|table| drop(table.event_sources.remove(id)));
}

#[op2]
fn op_event_source_url<'s>(scope: &v8::PinScope<'s, '_>, id: u32) -> v8::Local<'s, v8::Value> {
    with_table(|table| {
        let entry = table.event_sources.get(id);
        str_to(scope, entry.map_or("", |entry| entry.object.url().as_str()))
    })
}

#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_event_source_with_credentials(id: u32) -> bool {
    with_entry(id, |entry| entry.object.with_credentials())
}

#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_event_source_ready_state(id: u32) -> u32 {
    with_entry(id, |entry| entry.object.ready_state() as u32)
}

/// Makes a connection, for the first time or again, unless the object was closed.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_event_source_connect(id: u32) -> i32 {
    let request = with_entry(id, |entry| {
        let wants = entry.object.ready_state() == ReadyState::Connecting && entry.fetch.is_none();
        wants.then(|| (entry.window, entry.object.request()))
    });
    let Some((window, request)) = request else {
        return 0;
    };
    let Some(host) = state::host() else {
        return fail(Failure::illegal());
    };
    let fetch = host.start_fetch(window, request);
    with_entry(id, |entry| entry.fetch = Some(fetch));
    state::with(|state| {
        let target = (window, FetchTarget::EventSource(id));
        state.fetches.borrow_mut().insert(fetch, target);
    });
    0
}

/// `close()`.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_event_source_close(id: u32) {
    abort(id);
    with_entry(id, |entry| {
        entry.object.close();
        entry.tasks = VecDeque::new();
    });
}

/// Ends the fetch under way as if the network had been cut off by the user. Whether tasks wait, for which the glue has to queue one.
///
/// Standard: <https://html.spec.whatwg.org/multipage/document-lifecycle.html#abort-a-document>
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_event_source_stop(id: u32) -> bool {
    let fetch = with_entry(id, |entry| {
        let is_connected = entry.object.is_connected();
        entry.fetch.map(|fetch| (fetch, is_connected))
    });
    let Some((fetch, is_connected)) = fetch else {
        return false;
    };
    let event = if is_connected {
        FetchEvent::BodyError(NetworkError::Aborted)
    } else {
        FetchEvent::Response(Response::network_error(NetworkError::Aborted))
    };
    deliver(fetch, id, event)
}

/// Whether tasks wait.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_event_source_waits(id: u32) -> bool {
    with_entry(id, |entry| !entry.tasks.is_empty())
}

/// Runs the next task that waits, and gives what to fire: 1 `open`, 2 `error` and a connection after a delay, 3 `error`,
/// 4 a message; 0 is nothing.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_event_source_run(id: u32) -> u32 {
    let caught_up = with_entry(id, |entry| {
        let caught_up = entry.is_paused && entry.tasks.len() <= FEW_WAITING;
        entry.is_paused &= !caught_up;
        entry.fetch.filter(|_| caught_up)
    });
    if let (Some(fetch), Some(host)) = (caught_up, state::host()) {
        host.pause_fetch(fetch, false);
    }
    with_entry(id, |entry| {
        let Some(task) = entry.tasks.pop_front() else {
            return 0;
        };
        match entry.object.run(task) {
            Outcome::Nothing => 0,
            Outcome::Open => 1,
            Outcome::ErrorAndReconnect { delay } => {
                entry.delay = delay.as_secs_f64() * 1000.0;
                2
            }
            Outcome::Error => 3,
            Outcome::Message { event, origin } => {
                entry.event = Some((event, origin));
                4
            }
        }
    })
}

/// Milliseconds to wait before the connection is made again.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_event_source_delay(id: u32) -> f64 {
    with_entry(id, |entry| entry.delay)
}

fn part<'s>(
    scope: &v8::PinScope<'s, '_>,
    id: u32,
    f: impl FnOnce(&(StreamEvent, String)) -> &str,
) -> v8::Local<'s, v8::Value> {
    with_table(|table| {
        let event = table
            .event_sources
            .get(id)
            .and_then(|entry| entry.event.as_ref());
        str_to(scope, event.map_or("", f))
    })
}

#[op2]
fn op_event_source_type<'s>(scope: &v8::PinScope<'s, '_>, id: u32) -> v8::Local<'s, v8::Value> {
    part(scope, id, |(event, _)| &event.event_type)
}

#[op2]
fn op_event_source_data<'s>(scope: &v8::PinScope<'s, '_>, id: u32) -> v8::Local<'s, v8::Value> {
    part(scope, id, |(event, _)| &event.data)
}

#[op2]
fn op_event_source_last_event_id<'s>(
    scope: &v8::PinScope<'s, '_>,
    id: u32,
) -> v8::Local<'s, v8::Value> {
    part(scope, id, |(event, _)| &event.last_event_id)
}

#[op2]
fn op_event_source_origin<'s>(scope: &v8::PinScope<'s, '_>, id: u32) -> v8::Local<'s, v8::Value> {
    part(scope, id, |(_, origin)| origin)
}
