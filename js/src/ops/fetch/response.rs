//! Ops of `Response`.
//!
//! Standard: <https://fetch.spec.whatwg.org/#response-class>

use deno_core::{OpDecl, op2, v8};
use readystate_xhr::fetch_api::{ResponseObject, is_null_body_status};

use super::super::body::{bytes_from, bytes_to, with_table};
use super::super::node::str_to;
use super::super::xml_http_request::settings;
use super::request::number;
use crate::error::{Failure, fail};
use crate::host::WindowId;

/// The ops of responses.
pub(super) fn ops() -> Vec<OpDecl> {
    vec![
        op_response_new(),
        op_response_error(),
        op_response_redirect(),
        op_response_clone(),
        op_response_type(),
        op_response_url(),
        op_response_redirected(),
        op_response_status(),
        op_response_status_text(),
        op_response_has_null_body_status(),
    ]
}

fn insert(response: ResponseObject) -> i32 {
    number(with_table(|table| table.fetch.responses.insert(response)))
}

fn with_response<T: Default>(id: u32, f: impl FnOnce(&ResponseObject) -> T) -> T {
    with_table(|table| table.fetch.responses.get(id).map(f).unwrap_or_default())
}

/// A response made by script.
#[op2]
fn op_response_new(
    scope: &v8::PinScope<'_, '_>,
    status: u32,
    status_text: v8::Local<'_, v8::String>,
) -> i32 {
    let status_text = bytes_from(scope, status_text);
    match ResponseObject::new(u16::try_from(status).unwrap_or(0), &status_text) {
        Ok(response) => insert(response),
        Err(error) => fail(error),
    }
}

/// A network error.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_response_error() -> i32 {
    insert(ResponseObject::error())
}

/// A redirect; its headers take the place of the list `headers`.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_response_redirect(window: u32, #[string] url: &str, status: u32, headers: u32) -> i32 {
    let Some(settings) = settings(WindowId(window)) else {
        return fail(Failure::new("TypeError", "the window is closed"));
    };
    let status = u16::try_from(status).unwrap_or(0);
    match ResponseObject::redirect(url, status, &settings.base_url) {
        Ok((response, list)) => {
            with_table(|table| {
                if let Some(headers) = table.fetch.headers.get_mut(headers) {
                    *headers = list;
                }
            });
            insert(response)
        }
        Err(error) => fail(error),
    }
}

/// Another object of the same response.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_response_clone(id: u32) -> i32 {
    let clone = with_table(|table| table.fetch.responses.get(id).cloned());
    clone.map_or_else(|| fail(Failure::illegal()), insert)
}

/// Its last wrapper is gone.
pub(crate) fn free(id: u32) {
    with_table(|table| drop(table.fetch.responses.remove(id)));
}

#[op2]
fn op_response_type<'s>(scope: &v8::PinScope<'s, '_>, id: u32) -> v8::Local<'s, v8::Value> {
    str_to(scope, with_response(id, ResponseObject::type_))
}

#[op2]
fn op_response_url<'s>(scope: &v8::PinScope<'s, '_>, id: u32) -> v8::Local<'s, v8::Value> {
    str_to(
        scope,
        &with_response(id, |response| response.url().to_owned()),
    )
}

#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_response_redirected(id: u32) -> bool {
    with_response(id, ResponseObject::redirected)
}

#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_response_status(id: u32) -> u32 {
    with_response(id, |response| u32::from(response.status()))
}

#[op2]
fn op_response_status_text<'s>(scope: &v8::PinScope<'s, '_>, id: u32) -> v8::Local<'s, v8::Value> {
    bytes_to(
        scope,
        &with_response(id, |response| response.status_text().to_vec()),
    )
}

/// Whether the status is one of those that have no body.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_response_has_null_body_status(id: u32) -> bool {
    with_response(id, |response| is_null_body_status(response.status()))
}
