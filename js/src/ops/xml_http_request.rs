//! Ops of `XMLHttpRequest`: one for each member, and one [pump].
//!
//! The state machine is `readystate_xhr::xml_http_request`. In the pump its steps meet the host; what is left to the glue
//! is firing events.
//!
//! Standard: <https://xhr.spec.whatwg.org/>

mod pump;
mod response;

use std::time::Duration;

use deno_core::{OpDecl, op2, v8};
use readystate_dom::parsing::encoding::Encoding;
use readystate_xhr::body::Blob;
use readystate_xhr::xml_http_request::{
    Async, ClientSettings, Global, OpenOptions, XhrEvent, XmlHttpRequest,
};
use readystate_xhr::{Origin, XhrError};

use super::body::{Handover, ObjectTable, bytes_from, with_table};
use super::encoding::TextDecoder;
use super::fetch::FetchTable;
use super::{event_source, web_socket};
use crate::error::{Failure, fail};
use crate::host::{FetchId, WindowId};
use crate::object_lifetime::{self, ObjectKind};
use crate::state;

pub(crate) use pump::deliver;

/// The ops of this area.
pub(crate) fn ops() -> Vec<OpDecl> {
    vec![
        op_xhr_new(),
        op_xhr_ready_state(),
        op_xhr_credentials(),
        op_xhr_open(),
        op_xhr_set_request_header(),
        op_xhr_timeout(),
        op_xhr_set_timeout(),
        op_xhr_time_left(),
        op_xhr_on_timeout(),
        op_xhr_with_credentials(),
        op_xhr_set_with_credentials(),
        op_xhr_takes_body(),
        op_xhr_send(),
        op_xhr_abort(),
    ]
    .into_iter()
    .chain(pump::ops())
    .chain(response::ops())
    .collect()
}

/// The objects of the network that script holds by number.
#[derive(Default)]
pub(crate) struct XhrTable {
    /// Each takes more than a kilobyte, whose place is given back at once.
    pub(crate) requests: ObjectTable<Box<Entry>>,
    pub(crate) blobs: ObjectTable<Blob>,
    pub(crate) decoders: ObjectTable<TextDecoder>,
    pub(crate) compressions: ObjectTable<super::compression::Entry>,
    /// Bytes of the responses that `requests` hold.
    pub(crate) response_bytes: usize,
    pub(crate) handover: Handover,
    pub(crate) fetch: FetchTable,
    pub(crate) event_sources: ObjectTable<event_source::Entry>,
    pub(crate) web_sockets: ObjectTable<web_socket::Entry>,
    /// Subprotocols of the next `WebSocket`.
    pub(crate) web_socket_protocols: Vec<String>,
}

impl XhrTable {
    /// What an object is taken to cost, in bytes. That is more than it takes in Rust (2 to 4 KiB): a page that hardly does anything but
    /// send requests would else let thousands wait for the next collection.
    const BYTES_PER_OBJECT: usize = 32 << 10;
    const BYTES_PER_SMALL_OBJECT: usize = 1 << 10;

    /// What the objects hold outside the script's heap, for the collector to know.
    pub(crate) const fn held_bytes(&self) -> usize {
        let small = self.blobs.len() + self.decoders.len() + self.fetch.len();
        self.requests.len() * Self::BYTES_PER_OBJECT
            + small * Self::BYTES_PER_SMALL_OBJECT
            + self.response_bytes
    }

    /// How many objects there are.
    pub(crate) const fn len(&self) -> usize {
        self.requests.len()
            + self.blobs.len()
            + self.decoders.len()
            + self.compressions.len()
            + self.fetch.len()
            + self.event_sources.len()
            + self.web_sockets.len()
    }
}

/// One `XMLHttpRequest`.
pub(crate) struct Entry {
    pub(crate) xhr: XmlHttpRequest,
    window: WindowId,
    /// What `op_xhr_credentials` left for the next `open()`.
    username: Option<String>,
    password: Option<String>,
    /// The fetch under way: its generation, and what the host calls it.
    fetch: Option<(u32, FetchId)>,
    /// The fetch that `window.stop()` has ended and whose end a task is still to tell of.
    stopped: Option<FetchId>,
    /// The event that the glue is about to fire.
    event: Option<XhrEvent>,
    /// How much of [`XhrTable::response_bytes`] is this one's.
    response_bytes: usize,
}

/// The host's time.
fn now() -> Duration {
    let millis = state::host().map_or(0.0, |host| host.network_now());
    Duration::try_from_secs_f64(millis / 1000.0).unwrap_or_default()
}

/// Reads or changes an object; the default if there is none.
pub(crate) fn with_xhr<T: Default>(id: u32, f: impl FnOnce(&mut Entry) -> T) -> T {
    with_table(|table| {
        let entry = table.requests.get_mut(id);
        entry.map(|entry| f(entry)).unwrap_or_default()
    })
}

/// Runs method steps that may fail.
fn run(id: u32, f: impl FnOnce(&mut Entry) -> Result<(), XhrError>) -> i32 {
    let result = with_table(|table| table.requests.get_mut(id).map(|entry| f(entry)));
    match result {
        Some(Ok(())) => 0,
        Some(Err(error)) => fail(error),
        None => fail(Failure::illegal()),
    }
}

/// The settings of an object's window as they are now; not fully active if the window is closed.
pub(crate) fn settings(window: WindowId) -> Option<ClientSettings> {
    let (document, url) =
        state::with_window(window, |window| (window.document, window.url.clone()))?;
    let (base_url, encoding) = state::with_tree(|tree| {
        (
            super::document::base_url(tree, document),
            tree.encoding(document),
        )
    });
    let mut settings = ClientSettings::new(url);
    settings.origin = origin(window).unwrap_or(settings.origin);
    if let Some(base_url) = base_url {
        settings.base_url = base_url;
    }
    if let Some(encoding) = encoding.and_then(|name| Encoding::for_label(name.as_bytes())) {
        settings.url_encoding = encoding;
    }
    Some(settings)
}

/// A window's origin.
fn origin(window: WindowId) -> Option<Origin> {
    state::with_window(window, |window| window.origin.clone())
}

/// A new object of a window.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_xhr_new(window: u32) -> u32 {
    // A task that sends many synchronous requests has no end to wait for.
    object_lifetime::free_lost(Some(ObjectKind::XmlHttpRequest));
    with_table(|table| {
        table.requests.insert(Box::new(Entry {
            xhr: XmlHttpRequest::new(Global::Window),
            window: WindowId(window),
            username: None,
            password: None,
            fetch: None,
            stopped: None,
            event: None,
            response_bytes: 0,
        }))
    })
}

/// Its wrapper is gone; a fetch under way is aborted.
pub(crate) fn free(id: u32) {
    let fetch = with_table(|table| {
        let entry = table.requests.retire(id)?;
        table.response_bytes -= entry.response_bytes;
        entry.fetch
    });
    if let (Some((_, fetch)), Some(host)) = (fetch, state::host()) {
        pump::forget(fetch);
        host.abort_fetch(fetch);
    }
}

#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_xhr_ready_state(id: u32) -> u32 {
    with_xhr(id, |entry| u32::from(entry.xhr.ready_state() as u8))
}

/// User name and password for the next `open()`; `given` says which of them: bit 0 the name, bit 1 the password.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_xhr_credentials(id: u32, given: u32, #[string] username: &str, #[string] password: &str) {
    with_xhr(id, |entry| {
        entry.username = (given & 1 != 0).then(|| username.to_owned());
        entry.password = (given & 2 != 0).then(|| password.to_owned());
    });
}

/// `open()`.
#[op2]
fn op_xhr_open(
    scope: &v8::PinScope<'_, '_>,
    id: u32,
    method: v8::Local<'_, v8::String>,
    #[string] url: &str,
    is_async: bool,
) -> i32 {
    let method = bytes_from(scope, method);
    let Some(window) = with_xhr(id, |entry| Some(entry.window)) else {
        return fail(Failure::illegal());
    };
    let Some(settings) = settings(window) else {
        return fail(XhrError::InvalidState("the document is not fully active"));
    };
    run(id, |entry| {
        let (username, password) = (entry.username.take(), entry.password.take());
        let options = OpenOptions {
            async_: if is_async { Async::Yes } else { Async::No },
            username: username.as_deref(),
            password: password.as_deref(),
            ..OpenOptions::new(&method, url)
        };
        entry.xhr.open(&options, &settings)?;
        // A blob: URL means what it means now, even if it is revoked before `send()`.
        let blob = entry
            .xhr
            .request_url()
            .filter(|url| url.scheme() == "blob")
            .and_then(|url| state::host()?.resolve_blob_url(url));
        entry.xhr.set_blob_url_entry(blob);
        Ok(())
    })
}

/// `setRequestHeader()`.
#[op2]
fn op_xhr_set_request_header(
    scope: &v8::PinScope<'_, '_>,
    id: u32,
    name: v8::Local<'_, v8::String>,
    value: v8::Local<'_, v8::String>,
) -> i32 {
    let (name, value) = (bytes_from(scope, name), bytes_from(scope, value));
    run(id, |entry| entry.xhr.set_request_header(&name, &value))
}

#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_xhr_timeout(id: u32) -> u32 {
    with_xhr(id, |entry| entry.xhr.timeout())
}

#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_xhr_set_timeout(id: u32, timeout: u32) -> i32 {
    run(id, |entry| entry.xhr.set_timeout(timeout))
}

/// Milliseconds until the fetch under way times out; -1 if it does not.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_xhr_time_left(id: u32) -> f64 {
    let now = now();
    let deadline = with_xhr(id, |entry| entry.xhr.deadline());
    deadline.map_or(-1.0, |deadline| {
        deadline.saturating_sub(now).as_secs_f64() * 1000.0
    })
}

/// A timer of the object is due. Whether steps are left for the pump.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_xhr_on_timeout(id: u32) -> bool {
    let now = now();
    with_xhr(id, |entry| match entry.xhr.in_flight() {
        Some(generation) => entry.xhr.on_timeout(generation, now),
        None => false,
    })
}

#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_xhr_with_credentials(id: u32) -> bool {
    with_xhr(id, |entry| entry.xhr.with_credentials())
}

#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_xhr_set_with_credentials(id: u32, with_credentials: bool) -> i32 {
    run(id, |entry| entry.xhr.set_with_credentials(with_credentials))
}

/// Whether `send()` looks at its argument.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_xhr_takes_body(id: u32) -> bool {
    with_xhr(id, |entry| entry.xhr.takes_body())
}

/// `send()`, with the body that was handed over, if one was.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_xhr_send(id: u32, has_upload_listeners: bool) -> i32 {
    let body = with_table(|table| table.handover.take_body());
    let Some(window) = with_xhr(id, |entry| Some(entry.window)) else {
        return fail(Failure::illegal());
    };
    let Some(mut settings) = settings(window) else {
        return fail(XhrError::InvalidState("the document is not fully active"));
    };
    settings.sync_xhr = state::host().is_none_or(|host| host.allows_sync_xhr(window));
    run(id, |entry| {
        entry.xhr.send(body, has_upload_listeners, &settings)
    })
}

/// `abort()`.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_xhr_abort(id: u32) {
    with_xhr(id, |entry| entry.xhr.abort());
}
