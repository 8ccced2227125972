//! Fetches under way: what the host tells of them, and what of that script is told.
//!
//! Standard: <https://fetch.spec.whatwg.org/#dom-global-fetch>

use deno_core::{OpDecl, op2};
use readystate_xhr::fetch::{FetchEvent, ResponseKind};
use readystate_xhr::fetch_api::{ResponseObject, is_null_body_status};

use super::super::body::with_table;
use super::super::xml_http_request::settings;
use super::body::BodyEntry;
use super::request::number;
use crate::error::{Failure, fail};
use crate::host::{FetchId, WindowId};
use crate::state::{self, FetchTarget};

/// The ops of fetches.
pub(super) fn ops() -> Vec<OpDecl> {
    vec![
        op_fetch_start(),
        op_fetch_may_keep_alive(),
        op_fetch_abort(),
        op_fetch_response(),
        op_fetch_response_headers(),
        op_fetch_response_body(),
    ]
}

/// A fetch under way.
pub(super) struct Entry {
    fetch: FetchId,
    is_head: bool,
    response: u32,
    headers: u32,
    /// 0 if the response has none, or one that script must not see.
    body: u32,
}

/// What has come of a fetch, by the numbers that the glue knows.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Happening {
    /// A network error instead of a response.
    Failed = 0,
    /// A response; its body may still be on its way.
    Response = 1,
    /// The body is whole.
    EndOfBody = 2,
    /// The body ended early.
    BodyFailed = 3,
    /// The chunk that script waits for.
    Chunk = 4,
}

/// Delivers an event of `fetch`. What the glue has to be told.
pub(crate) fn deliver(fetch: FetchId, id: u32, event: FetchEvent) -> Option<Happening> {
    with_table(|table| {
        let table = &mut table.fetch;
        let entry = table
            .in_flight
            .get_mut(id)
            .filter(|entry| entry.fetch == fetch)?;
        match event {
            FetchEvent::RequestBodyChunkLength(_) | FetchEvent::RequestEndOfBody => None,
            FetchEvent::Response(response) if response.is_network_error() => {
                end(fetch);
                table.in_flight.remove(id);
                Some(Happening::Failed)
            }
            FetchEvent::Response(response) => {
                let has_body = !entry.is_head
                    && !is_null_body_status(response.status)
                    && !matches!(
                        response.kind,
                        ResponseKind::Opaque | ResponseKind::OpaqueRedirect
                    );
                let (response, headers) = ResponseObject::from_fetch(response);
                entry.response = table.responses.insert(response);
                entry.headers = table.headers.insert(headers);
                if has_body {
                    entry.body = table.bodies.insert(BodyEntry::loading(fetch));
                }
                Some(Happening::Response)
            }
            FetchEvent::BodyChunk(chunk) => {
                let body = table.bodies.get_mut(entry.body)?;
                body.append(&chunk).then_some(Happening::Chunk)
            }
            FetchEvent::EndOfBody => {
                if let Some(body) = table.bodies.get_mut(entry.body) {
                    body.complete();
                }
                end(fetch);
                table.in_flight.remove(id);
                Some(Happening::EndOfBody)
            }
            FetchEvent::BodyError(_) => {
                end(fetch);
                table.in_flight.remove(id);
                Some(Happening::BodyFailed)
            }
        }
    })
}

/// Events of that fetch are dropped from now on.
fn end(fetch: FetchId) {
    state::with(|state| state.fetches.borrow_mut().remove(&fetch));
}

/// Starts the fetch of a request with these headers and this body (0 for none), and gives its number. A body that is
/// streamed stays with script.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_fetch_start(window: u32, request: u32, headers: u32, body: u32, is_streamed: bool) -> i32 {
    let window = WindowId(window);
    let (Some(settings), Some(host)) = (settings(window), state::host()) else {
        return fail(Failure::new("TypeError", "the window is closed"));
    };
    let request = with_table(|table| {
        let table = &mut table.fetch;
        let body = match table.bodies.get(body) {
            Some(BodyEntry::Complete(body)) => Some(body.clone()),
            _ => None,
        };
        let headers = table.headers.get(headers)?.list();
        let request = table.requests.get(request)?;
        let mut request = request.request(headers, body, &settings);
        request.has_streamed_body = is_streamed;
        request.use_cors_preflight |= is_streamed;
        Some(request)
    });
    let Some(request) = request else {
        return fail(Failure::illegal());
    };
    let is_head = request.method.as_str() == "HEAD";
    let fetch = host.start_fetch(window, request);
    let id = with_table(|table| {
        table.fetch.in_flight.insert(Entry {
            fetch,
            is_head,
            response: 0,
            headers: 0,
            body: 0,
        })
    });
    state::with(|state| {
        let target = (window, FetchTarget::Fetch(id));
        state.fetches.borrow_mut().insert(fetch, target);
    });
    number(id)
}

/// Whether a request with this body (0 for none) may outlive the window's document, with those under way.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_fetch_may_keep_alive(window: u32, body: u32) -> bool {
    let length = with_table(|table| match table.fetch.bodies.get(body) {
        Some(BodyEntry::Complete(body)) => body.len(),
        _ => 0,
    });
    let length = u64::try_from(length).unwrap_or(u64::MAX);
    state::host().is_some_and(|host| host.may_keep_alive(WindowId(window), length))
}

/// Ends a fetch; nothing more is heard of it.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_fetch_abort(id: u32) {
    let entry = with_table(|table| table.fetch.in_flight.remove(id));
    if let (Some(entry), Some(host)) = (entry, state::host()) {
        end(entry.fetch);
        host.abort_fetch(entry.fetch);
    }
}

fn part(id: u32, f: impl FnOnce(&Entry) -> u32) -> u32 {
    with_table(|table| table.fetch.in_flight.get(id).map_or(0, f))
}

/// The response that has come.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_fetch_response(id: u32) -> u32 {
    part(id, |entry| entry.response)
}

/// Its headers.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_fetch_response_headers(id: u32) -> u32 {
    part(id, |entry| entry.headers)
}

/// Its body; 0 for none.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_fetch_response_body(id: u32) -> u32 {
    part(id, |entry| entry.body)
}
