//! Ops of bodies: bytes that are there, or on their way. They never change, so that clones share them. A stream of a body reads
//! from a position of its own.
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
use crate::host::FetchId;
use crate::state;

/// The ops of bodies.
pub(super) fn ops() -> Vec<OpDecl> {
    vec![
        op_fetch_body_new(),
        op_fetch_body_release(),
        op_fetch_body_length(),
        op_fetch_body_text(),
        op_fetch_body_copy(),
        op_fetch_body_blob(),
        op_fetch_body_form_data(),
        op_fetch_body_available(),
        op_fetch_body_read(),
        op_fetch_body_pace(),
        op_fetch_body_watch(),
        op_fetch_body_collect(),
        op_fetch_body_append(),
        op_blob_body(),
    ]
}

/// Unread bytes of a body that script reads as a stream, at which the network is asked to wait; it goes on at half of it.
const FAR_AHEAD: usize = 1 << 20;

/// A body's bytes. Positions count from the body's start; what all its readers have read may be gone.
#[derive(Debug)]
pub(super) enum BodyEntry {
    /// On their way.
    Loading(LoadingBody),
    /// All of them.
    Complete(Body),
}

/// A body on its way.
#[derive(Debug, Default)]
pub(super) struct LoadingBody {
    /// What has come and is wanted still.
    bytes: Vec<u8>,
    /// How many bytes came before those and were given up.
    dropped: usize,
    /// How many of `bytes` are given up too, but not taken out yet.
    read: usize,
    /// Who sends.
    fetch: Option<FetchId>,
    /// Whether one stream reads the body, at its own pace.
    is_paced: bool,
    /// Whether script waits for the next chunk.
    is_watched: bool,
    is_paused: bool,
}

impl LoadingBody {
    fn set_paused(&mut self, paused: bool) {
        if self.is_paused != paused
            && let (Some(fetch), Some(host)) = (self.fetch, state::host())
        {
            self.is_paused = paused;
            host.pause_fetch(fetch, paused);
        }
    }

    fn unread(&self) -> usize {
        self.bytes.len().saturating_sub(self.read)
    }

    /// Gives up what stands before `position`.
    fn drop_until(&mut self, position: usize) {
        self.read = position
            .saturating_sub(self.dropped)
            .min(self.bytes.len())
            .max(self.read);
        // OPTIMIZATION: the rest moves only when it is the smaller part.
        if self.read * 2 >= self.bytes.len() {
            self.bytes.drain(..self.read);
            self.dropped += self.read;
            self.read = 0;
        }
        if self.unread() < FAR_AHEAD / 2 {
            self.set_paused(false);
        }
    }
}

impl BodyEntry {
    /// A body that `fetch` sends.
    pub(super) fn loading(fetch: FetchId) -> Self {
        Self::Loading(LoadingBody {
            fetch: Some(fetch),
            ..LoadingBody::default()
        })
    }

    /// What there is of it, and at what position that begins.
    fn parts(&self) -> (&[u8], usize) {
        match self {
            Self::Loading(body) => (&body.bytes, body.dropped),
            Self::Complete(body) => (body.bytes(), 0),
        }
    }

    /// Whether script is to be told of the chunk.
    pub(super) fn append(&mut self, chunk: &[u8]) -> bool {
        let Self::Loading(body) = self else {
            return false;
        };
        body.bytes.extend_from_slice(chunk);
        if body.is_paced && body.unread() >= FAR_AHEAD {
            body.set_paused(true);
        }
        std::mem::take(&mut body.is_watched)
    }

    pub(super) fn complete(&mut self) {
        if let Self::Loading(body) = self {
            body.fetch = None;
            if body.dropped == 0 {
                *self = Self::Complete(Body::new(std::mem::take(&mut body.bytes)));
            }
        }
    }
}

fn with_bytes<T>(id: u32, f: impl FnOnce(&[u8]) -> T) -> T {
    with_table(|table| f(bytes_of(table, id)))
}

fn bytes_of(table: &XhrTable, id: u32) -> &[u8] {
    table
        .fetch
        .bodies
        .get(id)
        .map_or(&[], |body| body.parts().0)
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

/// Its last wrapper is gone.
pub(crate) fn free(id: u32) {
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

/// How many bytes there are from `position` on.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_fetch_body_available(id: u32, position: f64) -> f64 {
    with_table(|table| {
        table.fetch.bodies.get(id).map_or(0.0, |body| {
            let (bytes, start) = body.parts();
            (start + bytes.len()).saturating_sub(position as usize) as f64
        })
    })
}

/// Copies bytes from `position` on into a view of no more than there are. If nobody else reads, they are given up.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_fetch_body_read(id: u32, position: f64, #[buffer] to: &mut [u8], is_sole_reader: bool) {
    with_table(|table| {
        let Some(body) = table.fetch.bodies.get_mut(id) else {
            return;
        };
        let position = position as usize;
        let (bytes, start) = body.parts();
        let from = bytes.get(position.saturating_sub(start)..);
        copy_bytes(from.unwrap_or_default(), to);
        if is_sole_reader && let BodyEntry::Loading(body) = body {
            body.drop_until(position.saturating_add(to.len()));
        }
    });
}

/// Whether one stream alone reads the body, so that the network waits for it.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_fetch_body_pace(id: u32, is_paced: bool) {
    with_table(|table| {
        if let Some(BodyEntry::Loading(body)) = table.fetch.bodies.get_mut(id) {
            body.is_paced = is_paced;
            let is_far_ahead = body.unread() >= FAR_AHEAD;
            body.set_paused(is_paced && is_far_ahead);
        }
    });
}

/// The next chunk is to be told of.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_fetch_body_watch(id: u32) {
    with_table(|table| {
        if let Some(BodyEntry::Loading(body)) = table.fetch.bodies.get_mut(id) {
            body.is_watched = true;
        }
    });
}

/// An empty body, for what a stream gives.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_fetch_body_collect() -> i32 {
    let body = BodyEntry::Loading(LoadingBody::default());
    number(with_table(|table| table.fetch.bodies.insert(body)))
}

/// The next bytes of it.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_fetch_body_append(id: u32, #[buffer] bytes: &[u8]) {
    with_table(|table| {
        if let Some(body) = table.fetch.bodies.get_mut(id) {
            body.append(bytes);
        }
    });
}

/// The bytes of a blob as a body.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_blob_body(blob: u32) -> i32 {
    number(with_table(|table| {
        let bytes = table.blobs.get(blob).map_or(&[][..], Blob::bytes);
        let body = BodyEntry::Complete(Body::new(bytes));
        table.fetch.bodies.insert(body)
    }))
}
