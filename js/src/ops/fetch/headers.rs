//! Ops of `Headers`.
//!
//! Standard: <https://fetch.spec.whatwg.org/#headers-class>

use deno_core::{OpDecl, op2, v8};
use readystate_xhr::fetch_api::{FetchApiError, Guard, Headers};

use super::super::body::{bytes_from, bytes_to, with_table};
use crate::error::{Failure, fail};

/// The ops of header lists.
pub(super) fn ops() -> Vec<OpDecl> {
    vec![
        op_headers_new(),
        op_headers_clone(),
        op_headers_append(),
        op_headers_append_all(),
        op_headers_delete(),
        op_headers_has(),
        op_headers_get(),
        op_headers_get_set_cookie(),
        op_headers_set(),
        op_headers_entries(),
    ]
}

/// Runs method steps that may fail.
fn run(id: u32, f: impl FnOnce(&mut Headers) -> Result<i32, FetchApiError>) -> i32 {
    match with_table(|table| table.fetch.headers.get_mut(id).map(f)) {
        Some(Ok(result)) => result,
        Some(Err(error)) => fail(error),
        None => fail(Failure::illegal()),
    }
}

/// An empty list; `guard` counts as [`Guard`] does.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_headers_new(guard: u32) -> u32 {
    let guard = match guard {
        0 => Guard::None,
        1 => Guard::Request,
        2 => Guard::RequestNoCors,
        3 => Guard::Response,
        _ => Guard::Immutable,
    };
    with_table(|table| table.fetch.headers.insert(Headers::new(guard)))
}

/// A copy under the same guard.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_headers_clone(id: u32) -> u32 {
    with_table(|table| {
        let copy = table.fetch.headers.get(id).cloned();
        table.fetch.headers.insert(copy.unwrap_or_default())
    })
}

/// Its last wrapper is gone.
pub(crate) fn free(id: u32) {
    with_table(|table| drop(table.fetch.headers.remove(id)));
}

#[op2]
fn op_headers_append(
    scope: &v8::PinScope<'_, '_>,
    id: u32,
    name: v8::Local<'_, v8::String>,
    value: v8::Local<'_, v8::String>,
) -> i32 {
    let (name, value) = (bytes_from(scope, name), bytes_from(scope, value));
    run(id, |headers| headers.append(&name, &value).map(|()| 0))
}

/// Appends all headers of another list.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_headers_append_all(id: u32, other: u32) -> i32 {
    let other = with_table(|table| {
        let other = table.fetch.headers.get(other);
        other.map(|headers| headers.list().clone())
    });
    run(id, |headers| {
        headers.append_all(&other.unwrap_or_default()).map(|()| 0)
    })
}

#[op2]
fn op_headers_delete(
    scope: &v8::PinScope<'_, '_>,
    id: u32,
    name: v8::Local<'_, v8::String>,
) -> i32 {
    let name = bytes_from(scope, name);
    run(id, |headers| headers.delete(&name).map(|()| 0))
}

/// Whether there is such a header: 1, 0 or a failure.
#[op2]
fn op_headers_has(scope: &v8::PinScope<'_, '_>, id: u32, name: v8::Local<'_, v8::String>) -> i32 {
    let name = bytes_from(scope, name);
    run(id, |headers| headers.has(&name).map(i32::from))
}

/// The combined value of a header; null if there is none.
#[op2]
fn op_headers_get<'s>(
    scope: &v8::PinScope<'s, '_>,
    id: u32,
    name: v8::Local<'s, v8::String>,
) -> v8::Local<'s, v8::Value> {
    let name = bytes_from(scope, name);
    let value = with_table(|table| table.fetch.headers.get(id)?.get(&name).ok().flatten());
    match value {
        Some(value) => bytes_to(scope, &value),
        None => v8::null(scope).into(),
    }
}

#[op2]
fn op_headers_get_set_cookie<'s>(
    scope: &v8::PinScope<'s, '_>,
    id: u32,
) -> v8::Local<'s, v8::Array> {
    with_table(|table| {
        let values: Vec<_> = table
            .fetch
            .headers
            .get(id)
            .into_iter()
            .flat_map(|headers| headers.list().get_all("set-cookie"))
            .map(|value| bytes_to(scope, value))
            .collect();
        v8::Array::new_with_elements(scope, &values)
    })
}

#[op2]
fn op_headers_set(
    scope: &v8::PinScope<'_, '_>,
    id: u32,
    name: v8::Local<'_, v8::String>,
    value: v8::Local<'_, v8::String>,
) -> i32 {
    let (name, value) = (bytes_from(scope, name), bytes_from(scope, value));
    run(id, |headers| headers.set(&name, &value).map(|()| 0))
}

/// Names and values, sorted and combined, one after the other.
#[op2]
fn op_headers_entries<'s>(scope: &v8::PinScope<'s, '_>, id: u32) -> v8::Local<'s, v8::Array> {
    with_table(|table| {
        let entries = table.fetch.headers.get(id);
        let values: Vec<_> = entries
            .map(|headers| headers.list().sort_and_combine())
            .unwrap_or_default()
            .iter()
            .flat_map(|(name, value)| [bytes_to(scope, name), bytes_to(scope, value)])
            .collect();
        v8::Array::new_with_elements(scope, &values)
    })
}
