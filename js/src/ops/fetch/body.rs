//! Ops of bodies: bytes that are there, or on their way. They never change, so that clones share them.
//!
//! Standard: <https://fetch.spec.whatwg.org/#body-mixin>

use deno_core::{OpDecl, op2, v8};
use readystate_xhr::body::{Blob, FormDataEntryValue};
use readystate_xhr::fetch::Body;
use readystate_xhr::fetch_api::parse_form_data;
use readystate_xhr::mime::extract_mime_type;

use super::super::body::{bytes_to, copy_bytes, with_table};
use super::super::node::str_to;
use super::super::xml_http_request::XhrTable;
use super::request::number;

/// The ops of bodies.
pub(super) fn ops() -> Vec<OpDecl> {
    vec![
        op_fetch_body_new(),
        op_fetch_body_free(),
        op_fetch_body_release(),
        op_fetch_body_length(),
        op_fetch_body_text(),
        op_fetch_body_copy(),
        op_fetch_body_blob(),
        op_fetch_body_form_data(),
    ]
}

/// A body's bytes.
#[derive(Debug)]
pub(super) enum BodyEntry {
    /// So far.
    Loading(Vec<u8>),
    /// All of them.
    Complete(Body),
}

impl BodyEntry {
    fn bytes(&self) -> &[u8] {
        match self {
            Self::Loading(bytes) => bytes,
            Self::Complete(body) => body.bytes(),
        }
    }

    pub(super) fn append(&mut self, chunk: &[u8]) {
        if let Self::Loading(bytes) = self {
            bytes.extend_from_slice(chunk);
        }
    }

    pub(super) fn complete(&mut self) {
        if let Self::Loading(bytes) = self {
            *self = Self::Complete(Body::new(std::mem::take(bytes)));
        }
    }
}

fn with_bytes<T>(id: u32, f: impl FnOnce(&[u8]) -> T) -> T {
    with_table(|table| f(bytes_of(table, id)))
}

fn bytes_of(table: &XhrTable, id: u32) -> &[u8] {
    table.fetch.bodies.get(id).map_or(&[], BodyEntry::bytes)
}

/// The body that was handed over; its type goes into `headers`, unless there is one.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_fetch_body_new(headers: u32) -> i32 {
    let id = with_table(|table| {
        let body = table.handover.take_body();
        let (bytes, type_) = body
            .map(|body| (body.body, body.content_type))
            .unwrap_or_default();
        if let (Some(type_), Some(headers)) = (type_, table.fetch.headers.get_mut(headers))
            && !headers.list().contains("content-type")
        {
            // A blob's type may be no header value: then there is none.
            let _ = headers.append(b"Content-Type", type_.as_bytes());
        }
        table.fetch.bodies.insert(BodyEntry::Complete(bytes))
    });
    number(id)
}

#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_fetch_body_free(id: u32) {
    with_table(|table| drop(table.fetch.bodies.remove(id)));
}

/// Gives the bytes up: they have been read by all who may.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_fetch_body_release(id: u32) {
    with_table(|table| {
        if let Some(body) = table.fetch.bodies.get_mut(id) {
            *body = BodyEntry::Complete(Body::default());
        }
    });
}

#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_fetch_body_length(id: u32) -> f64 {
    with_bytes(id, <[u8]>::len) as f64
}

/// The bytes as UTF-8 text, without a byte order mark.
#[op2]
fn op_fetch_body_text<'s>(scope: &v8::PinScope<'s, '_>, id: u32) -> v8::Local<'s, v8::Value> {
    with_bytes(id, |bytes| {
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        if bytes.is_ascii() {
            return bytes_to(scope, bytes);
        }
        str_to(scope, &String::from_utf8_lossy(bytes))
    })
}

/// Copies the bytes into a view of as many.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_fetch_body_copy(id: u32, #[buffer] to: &mut [u8]) {
    with_bytes(id, |bytes| copy_bytes(bytes, to));
}

/// A blob of the bytes, of the type that `headers` tell.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_fetch_body_blob(id: u32, headers: u32) -> u32 {
    with_table(|table| {
        let bytes = bytes_of(table, id).to_vec();
        let headers = table.fetch.headers.get(headers);
        let blob = match headers.and_then(|headers| extract_mime_type(headers.list())) {
            Some(mime_type) => Blob::with_mime_type(bytes, &mime_type),
            None => Blob::new(bytes, ""),
        };
        table.blobs.insert(blob)
    })
}

/// The entries of a body that is form data by the type in `headers`; null if it is none. Three values each: the name; the text or
/// the file's name; 0 or the file's blob.
#[op2]
fn op_fetch_body_form_data<'s>(
    scope: &v8::PinScope<'s, '_>,
    id: u32,
    headers: u32,
) -> v8::Local<'s, v8::Value> {
    with_table(|table| {
        let headers = table.fetch.headers.get(headers);
        let mime_type = headers.and_then(|headers| extract_mime_type(headers.list()));
        let Some(form_data) = parse_form_data(bytes_of(table, id), mime_type.as_ref()) else {
            return v8::null(scope).into();
        };
        let mut values = Vec::new();
        for entry in form_data.entries() {
            let (text, blob) = match &entry.value {
                FormDataEntryValue::Text(text) => (text, 0),
                FormDataEntryValue::File(file) => {
                    (&file.name, table.blobs.insert(file.blob.clone()))
                }
            };
            values.push(str_to(scope, &entry.name));
            values.push(str_to(scope, text));
            values.push(v8::Integer::new_from_unsigned(scope, blob).into());
        }
        v8::Array::new_with_elements(scope, &values).into()
    })
}
