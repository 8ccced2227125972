//! Ops of `Blob` and of what `send()` takes as a body; how byte strings and numbered objects cross.
//!
//! A blob's bytes stay in Rust under a number until script asks for them. A body is put together with `op_body_…` calls
//! and then taken by the op that sends it.
//!
//! Standards: <https://w3c.github.io/FileAPI/>, <https://fetch.spec.whatwg.org/#concept-bodyinit-extract>

mod blob_url;
mod form_submission;

use std::hash::{BuildHasher, Hasher, RandomState};

use deno_core::{OpDecl, op2, v8};
use readystate_dom::{NodeId, serializing};
use readystate_xhr::body::{
    Blob, BlobPart, BodyInit, BodyWithType, Endings, File, FormData, UrlSearchParams,
};
use readystate_xhr::xml_http_request::SendBody;

use super::node::str_to;
use super::xml_http_request::XhrTable;
use crate::error::{Failure, fail};
use crate::state;

/// The ops of this area.
pub(crate) fn ops() -> Vec<OpDecl> {
    vec![
        op_blob_part_text(),
        op_blob_part_bytes(),
        op_blob_part_blob(),
        op_blob_new(),
        op_blob_slice(),
        op_blob_size(),
        op_blob_type(),
        op_blob_text(),
        op_blob_copy(),
        op_blob_binary_string(),
        op_blob_data_url(),
        op_body_text(),
        op_body_bytes(),
        op_body_blob(),
        op_body_search_params(),
        op_body_document(),
        op_body_entry_text(),
        op_body_entry_file(),
        op_body_form_data(),
    ]
    .into_iter()
    .chain(blob_url::ops())
    .chain(form_submission::ops())
    .collect()
}

/// Rust objects that script holds by number, from 1.
pub(crate) struct ObjectTable<T> {
    slots: Vec<Option<T>>,
    free: Vec<u32>,
    /// Numbers that are not used again before the end of the task.
    retired: Vec<u32>,
}

impl<T> Default for ObjectTable<T> {
    fn default() -> Self {
        Self {
            slots: Vec::new(),
            free: Vec::new(),
            retired: Vec::new(),
        }
    }
}

impl<T> ObjectTable<T> {
    /// Keeps `object`; 0 if the table is full.
    pub(crate) fn insert(&mut self, object: T) -> u32 {
        if let Some(id) = self.free.pop() {
            if let Some(slot) = self.slots.get_mut(id as usize - 1) {
                *slot = Some(object);
            }
            return id;
        }
        let Ok(id) = i32::try_from(self.slots.len() + 1) else {
            return 0;
        };
        self.slots.push(Some(object));
        id.unsigned_abs()
    }

    /// How many objects are kept.
    pub(crate) const fn len(&self) -> usize {
        self.slots.len() - self.free.len() - self.retired.len()
    }

    pub(crate) fn get(&self, id: u32) -> Option<&T> {
        self.slots.get((id as usize).checked_sub(1)?)?.as_ref()
    }

    pub(crate) fn get_mut(&mut self, id: u32) -> Option<&mut T> {
        self.slots.get_mut((id as usize).checked_sub(1)?)?.as_mut()
    }

    /// Gives an object up; its number will be used again.
    pub(crate) fn remove(&mut self, id: u32) -> Option<T> {
        let object = self.slots.get_mut((id as usize).checked_sub(1)?)?.take()?;
        self.free.push(id);
        Some(object)
    }

    /// Gives an object up; its number will be used again after [`Self::reuse_retired`].
    pub(crate) fn retire(&mut self, id: u32) -> Option<T> {
        let object = self.slots.get_mut((id as usize).checked_sub(1)?)?.take()?;
        self.retired.push(id);
        Some(object)
    }

    /// Lets the numbers of what was retired be used again.
    pub(crate) fn reuse_retired(&mut self) {
        self.free.append(&mut self.retired);
    }
}

/// What script has handed over so far, for the op that takes it.
#[derive(Default)]
pub(crate) struct Handover {
    parts: Vec<BlobPart>,
    form_data: FormData,
    body: Option<SendBody>,
    form_body: Option<BodyWithType>,
}

impl Handover {
    /// The body that was put together, if one was.
    pub(crate) fn take_body(&mut self) -> Option<SendBody> {
        self.body.take()
    }

    /// What a form is to send, if it was put together.
    pub(crate) fn take_form_body(&mut self) -> Option<BodyWithType> {
        self.form_body.take()
    }
}

/// The bytes of a ByteString; the glue has made sure that each code unit is one.
pub(crate) fn bytes_from(scope: &v8::PinScope<'_, '_>, text: v8::Local<'_, v8::String>) -> Vec<u8> {
    let mut bytes = vec![0; text.length()];
    text.write_one_byte_v2(scope, 0, &mut bytes, v8::WriteFlags::empty());
    bytes
}

/// A ByteString of these bytes.
pub(crate) fn bytes_to<'s>(scope: &v8::PinScope<'s, '_>, bytes: &[u8]) -> v8::Local<'s, v8::Value> {
    v8::String::new_from_one_byte(scope, bytes, v8::NewStringType::Normal)
        .unwrap_or_else(|| v8::String::empty(scope))
        .into()
}

/// Runs `f` on the agent's tables of the network's objects.
pub(crate) fn with_table<T>(f: impl FnOnce(&mut XhrTable) -> T) -> T {
    state::with(|state| f(&mut state.xhr.borrow_mut()))
}

/// Copies as many bytes as fit.
pub(crate) fn copy_bytes(from: &[u8], to: &mut [u8]) {
    for (to, from) in to.iter_mut().zip(from) {
        *to = *from;
    }
}

fn size(length: usize) -> f64 {
    // NOTE: exact up to 2^53, which is more than memory holds.
    length as f64
}

/// A part of the blob under construction: text.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_blob_part_text(#[string] text: &str) {
    with_table(|table| table.handover.parts.push(BlobPart::Text(text.to_owned())));
}

/// A part of the blob under construction: bytes.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_blob_part_bytes(#[buffer] bytes: &[u8]) {
    with_table(|table| table.handover.parts.push(BlobPart::Bytes(bytes.to_vec())));
}

/// A part of the blob under construction: another blob.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_blob_part_blob(blob: u32) {
    with_table(|table| {
        if let Some(blob) = table.blobs.get(blob) {
            table.handover.parts.push(BlobPart::Blob(blob.clone()));
        }
    });
}

/// A blob of the parts handed over.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_blob_new(#[string] type_: &str, native_endings: bool) -> u32 {
    let endings = if native_endings {
        Endings::Native
    } else {
        Endings::Transparent
    };
    with_table(|table| {
        let parts = std::mem::take(&mut table.handover.parts);
        table.blobs.insert(Blob::from_parts(&parts, endings, type_))
    })
}

/// A slice of a blob; positions are whole numbers, negative ones from the end.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_blob_slice(blob: u32, start: f64, end: f64, #[string] type_: &str) -> u32 {
    with_table(|table| {
        // NOTE: `as` saturates, which is what clamping wants.
        let slice = table
            .blobs
            .get(blob)
            .map(|blob| blob.slice(start as i64, Some(end as i64), type_));
        table.blobs.insert(slice.unwrap_or_default())
    })
}

/// `size`.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_blob_size(blob: u32) -> f64 {
    with_table(|table| table.blobs.get(blob).map_or(0.0, |blob| size(blob.size())))
}

/// `type`.
#[op2]
fn op_blob_type<'s>(scope: &v8::PinScope<'s, '_>, blob: u32) -> v8::Local<'s, v8::Value> {
    with_table(|table| str_to(scope, table.blobs.get(blob).map_or("", Blob::type_)))
}

/// The bytes as UTF-8 text, without a byte order mark.
#[op2]
fn op_blob_text<'s>(scope: &v8::PinScope<'s, '_>, blob: u32) -> v8::Local<'s, v8::Value> {
    with_table(|table| {
        let bytes = table.blobs.get(blob).map_or(&[][..], Blob::bytes);
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        str_to(scope, &String::from_utf8_lossy(bytes))
    })
}

/// Copies the bytes into a view of as many.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_blob_copy(blob: u32, #[buffer] to: &mut [u8]) {
    with_table(|table| {
        if let Some(blob) = table.blobs.get(blob) {
            copy_bytes(blob.bytes(), to);
        }
    });
}

/// The bytes as a string, each a code unit.
#[op2]
fn op_blob_binary_string<'s>(scope: &v8::PinScope<'s, '_>, blob: u32) -> v8::Local<'s, v8::Value> {
    with_table(|table| bytes_to(scope, table.blobs.get(blob).map_or(&[], Blob::bytes)))
}

/// The blob as a `data:` URL.
#[op2]
fn op_blob_data_url<'s>(scope: &v8::PinScope<'s, '_>, blob: u32) -> v8::Local<'s, v8::Value> {
    with_table(|table| {
        let url = table.blobs.get(blob).map(|blob| {
            let type_ = if blob.type_().is_empty() {
                "application/octet-stream"
            } else {
                blob.type_()
            };
            format!(
                "data:{type_};base64,{}",
                crate::ops::base64::encode(blob.bytes())
            )
        });
        str_to(scope, &url.unwrap_or_default())
    })
}

/// Its last wrapper is gone.
pub(crate) fn free(blob: u32) {
    with_table(|table| drop(table.blobs.remove(blob)));
}

fn hand_over(table: &mut XhrTable, body: impl Into<SendBody>) {
    table.handover.body = Some(body.into());
}

/// The next body is this text.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_body_text(#[string] text: &str) {
    with_table(|table| hand_over(table, BodyInit::Text(text.to_owned())));
}

/// The next body is these bytes.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_body_bytes(#[buffer] bytes: &[u8]) {
    with_table(|table| hand_over(table, BodyInit::Bytes(bytes.to_vec())));
}

/// The next body is this blob.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_body_blob(blob: u32) {
    with_table(|table| {
        let blob = table.blobs.get(blob).cloned().unwrap_or_default();
        hand_over(table, BodyInit::Blob(blob));
    });
}

/// The next body is search parameters, given in serialized form.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_body_search_params(#[string] serialized: &str) {
    with_table(|table| {
        hand_over(
            table,
            BodyInit::UrlSearchParams(UrlSearchParams::parse(serialized)),
        )
    });
}

/// The next body is a document's serialization.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_body_document(document: u32) -> i32 {
    let Some(document) = NodeId::from_raw(document) else {
        return fail(Failure::illegal());
    };
    let serialized = state::with_tree(|tree| {
        let is_html = tree.is_html_document(document);
        let text = if is_html {
            Ok(serializing::html::inner_html(tree, document))
        } else {
            serializing::xml::serialize_xml(tree, document, false)
        };
        text.map(|text| SendBody::document(text, is_html))
    });
    match serialized {
        Ok(body) => {
            with_table(|table| hand_over(table, body));
            0
        }
        Err(error) => fail(error),
    }
}

/// An entry of the form data under construction: text.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_body_entry_text(#[string] name: &str, #[string] value: &str) {
    with_table(|table| table.handover.form_data.append(name, value));
}

/// An entry of the form data under construction: a file.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_body_entry_file(#[string] name: &str, blob: u32, #[string] file_name: &str) {
    with_table(|table| {
        let blob = table.blobs.get(blob).cloned().unwrap_or_default();
        table.handover.form_data.append(
            name,
            File {
                blob,
                name: file_name.to_owned(),
            },
        );
    });
}

/// The next body is the form data of the entries handed over.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_body_form_data() {
    with_table(|table| {
        let form_data = std::mem::take(&mut table.handover.form_data);
        hand_over(table, BodyInit::FormData(form_data, boundary()));
    });
}

/// A boundary that no content holds by chance: 128 bits of the seed that the standard library draws for its hash maps.
fn boundary() -> String {
    let draw = || RandomState::new().build_hasher().finish();
    format!("----ReadystateFormBoundary{:016x}{:016x}", draw(), draw())
}
