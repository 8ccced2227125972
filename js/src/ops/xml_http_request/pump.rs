//! The pump: takes the steps of an `XMLHttpRequest`, meets the host for them, and hands events to the glue.
//!
//! Standard: <https://xhr.spec.whatwg.org/#dom-xmlhttprequest-send>

use std::time::Duration;

use deno_core::{OpDecl, op2};
use readystate_xhr::NetworkError;
use readystate_xhr::fetch::{FetchEvent, Request, Response};
use readystate_xhr::xml_http_request::{EventTarget, Step, XhrEvent};

use super::super::body::with_table;
use super::{now, with_xhr};
use crate::error::fail;
use crate::host::{FetchId, Host, SyncFetchStep, WindowId};
use crate::state::{self, FetchTarget};

/// The ops of the pump.
pub(super) fn ops() -> Vec<OpDecl> {
    vec![
        op_xhr_next(),
        op_xhr_event_loaded(),
        op_xhr_event_total(),
        op_xhr_in_flight(),
        op_xhr_stop(),
        op_xhr_stopped(),
    ]
}

/// Delivers an event of `fetch` to an object. Whether steps are left for the pump.
pub(crate) fn deliver(fetch: FetchId, xhr: u32, event: FetchEvent) -> bool {
    let now = now();
    let (has_steps, is_over) = with_table(|table| {
        let Some(entry) = table.requests.get_mut(xhr) else {
            return (false, true);
        };
        let Some((generation, _)) = entry.fetch.filter(|(_, under_way)| *under_way == fetch) else {
            return (false, true);
        };
        let has_steps = entry.xhr.on_fetch_event(generation, event, now);
        let is_over = entry.xhr.in_flight() != Some(generation);
        let held = entry.xhr.received_length();
        table.response_bytes += held;
        table.response_bytes -= std::mem::replace(&mut entry.response_bytes, held);
        (has_steps, is_over)
    });
    if is_over {
        forget(fetch);
    }
    has_steps
}

/// Ends one request under way of a window, and answers with its object's number; -1 if none is under way. The object learns of
/// it by `op_xhr_stopped`, in a task.
///
/// Standard: <https://html.spec.whatwg.org/multipage/document-lifecycle.html#abort-a-document>
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_xhr_stop(window: u32) -> i32 {
    let window = WindowId(window);
    let under_way = state::with(|state| {
        let fetches = state.fetches.borrow();
        fetches
            .iter()
            .find_map(|(fetch, (owner, target))| match target {
                FetchTarget::Xhr(xhr) if *owner == window => Some((*fetch, *xhr)),
                _ => None,
            })
    });
    let (Some((fetch, xhr)), Some(host)) = (under_way, state::host()) else {
        return -1;
    };
    host.abort_fetch(fetch);
    forget(fetch);
    with_xhr(xhr, |entry| entry.stopped = Some(fetch));
    i32::try_from(xhr).unwrap_or(-1)
}

/// Tells an object that its request has ended as if the network had been cut off, unless it has a new one by now. The pump fires
/// `abort` then.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_xhr_stopped(id: u32) {
    let Some(fetch) = with_xhr(id, |entry| entry.stopped.take()) else {
        return;
    };
    // Whichever the request waits for; the other one is ignored.
    deliver(
        fetch,
        id,
        FetchEvent::Response(Response::network_error(NetworkError::Aborted)),
    );
    deliver(fetch, id, FetchEvent::BodyError(NetworkError::Aborted));
}

/// Events of that fetch are dropped from now on.
pub(super) fn forget(fetch: FetchId) {
    state::with(|state| state.fetches.borrow_mut().remove(&fetch));
}

/// The pump: takes steps until one is an event to fire, and answers with its number.
///
/// 0 is the end, negative an exception. An event's number is that of its type in [`EVENTS`] counted from 1, plus 16 if it is
/// the upload's.
#[op2(nofast)]
fn op_xhr_next(id: u32) -> i32 {
    let Some(host) = state::host() else {
        return 0;
    };
    let mut thrown = None;
    loop {
        let now = now();
        let Some(step) = with_xhr(id, |entry| Some(entry.xhr.next_step(now))) else {
            return 0;
        };
        match step {
            Step::Fire(event) => {
                let number = number(&event);
                with_xhr(id, |entry| entry.event = Some(event));
                return number;
            }
            Step::StartFetch {
                request,
                generation,
                synchronous,
            } => {
                start_fetch(&*host, id, *request, generation, synchronous);
            }
            Step::AbortFetch { generation } => {
                let fetch = with_xhr(id, |entry| {
                    entry
                        .fetch
                        .take_if(|(under_way, _)| *under_way == generation)
                });
                if let Some((_, fetch)) = fetch {
                    forget(fetch);
                    host.abort_fetch(fetch);
                }
            }
            Step::Wait { deadline } => wait(&*host, id, deadline),
            Step::Throw(error) => thrown = Some(error),
            Step::Idle => {
                // A fetch that is over has nothing left to abort.
                with_xhr(id, |entry| {
                    entry.fetch.take_if(|_| entry.xhr.in_flight().is_none())
                });
                return thrown.map_or(0, fail);
            }
        }
    }
}

fn start_fetch(host: &dyn Host, id: u32, request: Request, generation: u32, synchronous: bool) {
    let window = with_xhr(id, |entry| Some(entry.window)).unwrap_or(WindowId(0));
    let fetch = if synchronous {
        host.start_sync_fetch(window, request)
    } else {
        let fetch = host.start_fetch(window, request);
        state::with(|state| {
            let target = (window, FetchTarget::Xhr(id));
            state.fetches.borrow_mut().insert(fetch, target);
        });
        fetch
    };
    with_xhr(id, |entry| entry.fetch = Some((generation, fetch)));
}

/// Blocks for the next event of a synchronous fetch. No borrow is held meanwhile.
fn wait(host: &dyn Host, id: u32, deadline: Option<Duration>) {
    let Some((generation, fetch)) = with_xhr(id, |entry| entry.fetch) else {
        return;
    };
    let timeout = deadline.map(|deadline| deadline.saturating_sub(now()).as_secs_f64() * 1000.0);
    let step = host.next_sync_event(fetch, timeout);
    let now = now();
    with_xhr(id, |entry| match (step, deadline) {
        (SyncFetchStep::Event(event), _) => {
            entry.xhr.on_fetch_event(generation, event, now);
        }
        (SyncFetchStep::TimedOut, Some(deadline)) => {
            entry.xhr.on_timeout(generation, now.max(deadline));
        }
        (SyncFetchStep::TimedOut, None) | (SyncFetchStep::Stopped, _) => {
            entry.xhr.on_fetch_event(
                generation,
                FetchEvent::BodyError(NetworkError::Aborted),
                now,
            );
        }
    });
}

/// The types of events, in the order in which the glue numbers them.
const EVENTS: [&str; 8] = [
    "readystatechange",
    "loadstart",
    "progress",
    "abort",
    "error",
    "load",
    "timeout",
    "loadend",
];

fn number(event: &XhrEvent) -> i32 {
    let index = (1..)
        .zip(EVENTS)
        .find(|(_, name)| *name == event.name)
        .map_or(0, |(index, _)| index);
    match event.target {
        EventTarget::Xhr => index,
        EventTarget::Upload => index + 16,
    }
}

/// `loaded` of the event to fire.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_xhr_event_loaded(id: u32) -> f64 {
    with_xhr(id, |entry| entry.event.as_ref().map_or(0, XhrEvent::loaded)) as f64
}

/// `total` of the event to fire; its length is computable if this is not 0.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_xhr_event_total(id: u32) -> f64 {
    with_xhr(id, |entry| entry.event.as_ref().map_or(0, XhrEvent::total)) as f64
}

/// Whether a fetch is under way, so that the object must be kept.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_xhr_in_flight(id: u32) -> bool {
    with_xhr(id, |entry| entry.xhr.in_flight().is_some())
}
