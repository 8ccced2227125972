//! Ops of `Request`.
//!
//! Standard: <https://fetch.spec.whatwg.org/#request-class>

use deno_core::{OpDecl, op2, v8};
use readystate_xhr::fetch::{CacheMode, CredentialsMode, Mode, RedirectMode, ReferrerPolicy};
use readystate_xhr::fetch_api::{FetchApiError, RequestInit, RequestInput, RequestObject};

use super::super::body::with_table;
use super::super::node::str_to;
use super::super::xml_http_request::settings;
use crate::error::{Failure, fail};
use crate::host::WindowId;
use crate::state;

/// The ops of requests.
pub(super) fn ops() -> Vec<OpDecl> {
    vec![
        op_request_new(),
        op_request_clone(),
        op_request_text(),
        op_request_keepalive(),
        op_request_takes_body(),
    ]
}

/// The constructor up to the headers, for a URL or (if `input` is not 0) another request.
///
/// `members` is empty if the second argument has none, else it holds text or null for each of: method, mode, credentials,
/// cache, redirect, referrer, referrerPolicy, integrity, keepalive.
#[op2]
fn op_request_new(
    scope: &v8::PinScope<'_, '_>,
    window: u32,
    input: u32,
    #[string] url: &str,
    members: v8::Local<'_, v8::Array>,
) -> i32 {
    let member = |index: u32| {
        let value = members.get_index(scope, index)?;
        value.is_string().then(|| value.to_rust_string_lossy(scope))
    };
    let init = RequestInit {
        is_empty: members.length() == 0,
        method: member(0).map(String::into_bytes),
        mode: member(1).and_then(|name| Mode::from_name(&name)),
        credentials: member(2).and_then(|name| CredentialsMode::from_name(&name)),
        cache: member(3).and_then(|name| CacheMode::from_name(&name)),
        redirect: member(4).and_then(|name| RedirectMode::from_name(&name)),
        referrer: member(5),
        referrer_policy: member(6).map(|name| ReferrerPolicy::from_name(&name)),
        integrity: member(7),
        keepalive: member(8).map(|name| name == "true"),
    };
    let Some(settings) = settings(WindowId(window)) else {
        return fail(Failure::new("TypeError", "the window is closed"));
    };
    let made = with_table(|table| {
        let input = match table.fetch.requests.get(input) {
            Some(request) => RequestInput::Request(request),
            None => RequestInput::Url(url),
        };
        let is_new = matches!(input, RequestInput::Url(_));
        let mut request = RequestObject::new(input, init, &settings)?;
        // A blob: URL means what it means now, even if it is revoked before the fetch.
        if is_new && request.url().scheme() == "blob" {
            let blob = state::host().and_then(|host| host.resolve_blob_url(request.url()));
            request.set_blob_url_entry(blob);
        }
        Ok(table.fetch.requests.insert(request))
    });
    match made {
        Ok(id) => number(id),
        Err::<_, FetchApiError>(error) => fail(error),
    }
}

/// The number of a new object; a full table is a failure.
pub(super) fn number(id: u32) -> i32 {
    match i32::try_from(id) {
        Ok(id) if id > 0 => id,
        _ => fail(Failure::new("RangeError", "too many objects")),
    }
}

/// Another object of the same request.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_request_clone(id: u32) -> i32 {
    let clone = with_table(|table| {
        let request = table.fetch.requests.get(id)?.clone();
        Some(table.fetch.requests.insert(request))
    });
    clone.map_or_else(|| fail(Failure::illegal()), number)
}

/// Its last wrapper is gone.
pub(crate) fn free(id: u32) {
    with_table(|table| drop(table.fetch.requests.remove(id)));
}

/// An attribute: 0 method, 1 url, 2 referrer, 3 referrerPolicy, 4 mode, 5 credentials, 6 cache, 7 redirect, 8 integrity.
#[op2]
fn op_request_text<'s>(
    scope: &v8::PinScope<'s, '_>,
    id: u32,
    which: u32,
) -> v8::Local<'s, v8::Value> {
    with_table(|table| {
        let Some(request) = table.fetch.requests.get(id) else {
            return str_to(scope, "");
        };
        let text = match which {
            0 => request.method().as_str(),
            1 => request.url().as_str(),
            2 => request.referrer(),
            3 => request.referrer_policy().map_or("", ReferrerPolicy::as_str),
            4 => request.mode().as_str(),
            5 => request.credentials().as_str(),
            6 => request.cache().as_str(),
            7 => request.redirect().as_str(),
            _ => request.integrity(),
        };
        str_to(scope, text)
    })
}

#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_request_keepalive(id: u32) -> bool {
    with_table(|table| {
        let request = table.fetch.requests.get(id);
        request.is_some_and(RequestObject::keepalive)
    })
}

/// Whether the method allows a body.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_request_takes_body(id: u32) -> bool {
    with_table(|table| {
        let request = table.fetch.requests.get(id);
        request.is_some_and(RequestObject::takes_body)
    })
}
