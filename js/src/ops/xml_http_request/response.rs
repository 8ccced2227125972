//! What script reads of a response.
//!
//! Standard: <https://xhr.spec.whatwg.org/#xmlhttprequest-response>

use std::panic::{AssertUnwindSafe, catch_unwind};

use deno_core::{OpDecl, op2, v8};
use readystate_dom::parsing::{encoding, html, xml};
use readystate_dom::{DocumentInit, DomError, NodeId, Tree};
use readystate_xhr::body::Blob;
use readystate_xhr::xml_http_request::{DocumentSource, ResponseType};

use super::super::body::{bytes_from, bytes_to, copy_bytes, with_table};
use super::super::node::{id_result, opt_str_to, str_to};
use super::{run, with_xhr};
use crate::error::fail;
use crate::state;

/// The ops of the response.
pub(super) fn ops() -> Vec<OpDecl> {
    vec![
        op_xhr_response_url(),
        op_xhr_status(),
        op_xhr_status_text(),
        op_xhr_response_header(),
        op_xhr_all_response_headers(),
        op_xhr_override_mime_type(),
        op_xhr_response_type(),
        op_xhr_set_response_type(),
        op_xhr_response_object(),
        op_xhr_response_text(),
        op_xhr_response_length(),
        op_xhr_response_copy(),
        op_xhr_response_blob(),
        op_xhr_response_json(),
        op_xhr_check_response_xml(),
        op_xhr_response_document(),
    ]
}

#[op2]
fn op_xhr_response_url<'s>(scope: &v8::PinScope<'s, '_>, id: u32) -> v8::Local<'s, v8::Value> {
    str_to(scope, &with_xhr(id, |entry| entry.xhr.response_url()))
}

#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_xhr_status(id: u32) -> u32 {
    with_xhr(id, |entry| u32::from(entry.xhr.status()))
}

#[op2]
fn op_xhr_status_text<'s>(scope: &v8::PinScope<'s, '_>, id: u32) -> v8::Local<'s, v8::Value> {
    bytes_to(
        scope,
        &with_xhr(id, |entry| entry.xhr.status_text().to_vec()),
    )
}

/// `getResponseHeader()`; null if there is none.
#[op2]
fn op_xhr_response_header<'s>(
    scope: &v8::PinScope<'s, '_>,
    id: u32,
    name: v8::Local<'s, v8::String>,
) -> v8::Local<'s, v8::Value> {
    let name = bytes_from(scope, name);
    match with_xhr(id, |entry| entry.xhr.response_header(&name)) {
        Some(value) => bytes_to(scope, &value),
        None => v8::null(scope).into(),
    }
}

#[op2]
fn op_xhr_all_response_headers<'s>(
    scope: &v8::PinScope<'s, '_>,
    id: u32,
) -> v8::Local<'s, v8::Value> {
    bytes_to(
        scope,
        &with_xhr(id, |entry| entry.xhr.all_response_headers()),
    )
}

#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_xhr_override_mime_type(id: u32, #[string] mime: &str) -> i32 {
    run(id, |entry| entry.xhr.override_mime_type(mime))
}

#[op2]
fn op_xhr_response_type<'s>(scope: &v8::PinScope<'s, '_>, id: u32) -> v8::Local<'s, v8::Value> {
    str_to(
        scope,
        with_xhr(id, |entry| entry.xhr.response_type()).as_str(),
    )
}

/// Sets `responseType`; a value that is none of the enumeration is ignored.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_xhr_set_response_type(id: u32, #[string] value: &str) -> i32 {
    match ResponseType::parse(value) {
        Some(response_type) => run(id, |entry| entry.xhr.set_response_type(response_type)),
        None => 0,
    }
}

/// What `response` gives: 0 null, 1 text, 2 ArrayBuffer, 3 Blob, 4 Document, 5 JSON.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_xhr_response_object(id: u32) -> u32 {
    with_xhr(id, |entry| entry.xhr.response_object() as u32)
}

/// `responseText`; null for a failure.
#[op2]
fn op_xhr_response_text<'s>(scope: &v8::PinScope<'s, '_>, id: u32) -> v8::Local<'s, v8::Value> {
    with_table(|table| {
        match table
            .requests
            .get_mut(id)
            .map(|entry| entry.xhr.response_text())
        {
            Some(Ok(text)) => str_to(scope, text),
            Some(Err(error)) => {
                fail(error);
                v8::null(scope).into()
            }
            None => str_to(scope, ""),
        }
    })
}

/// Length of the response's bytes.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_xhr_response_length(id: u32) -> f64 {
    with_xhr(id, |entry| entry.xhr.response_bytes().len()) as f64
}

/// Copies the response's bytes into a view of as many, and gives them up.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_xhr_response_copy(id: u32, #[buffer] to: &mut [u8]) {
    let bytes = with_table(|table| {
        let entry = table.requests.get_mut(id)?;
        table.response_bytes -= std::mem::take(&mut entry.response_bytes);
        Some(entry.xhr.take_response_bytes())
    });
    copy_bytes(&bytes.unwrap_or_default(), to);
}

/// The response's bytes as a blob of the final MIME type.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_xhr_response_blob(id: u32) -> u32 {
    with_table(|table| {
        let blob = table.requests.get_mut(id).map(|entry| {
            let mime_type = entry.xhr.final_mime_type();
            Blob::with_mime_type(entry.xhr.take_response_bytes(), &mime_type)
        });
        table.blobs.insert(blob.unwrap_or_default())
    })
}

/// The text that a JSON response is parsed from; null if there is none.
#[op2]
fn op_xhr_response_json<'s>(scope: &v8::PinScope<'s, '_>, id: u32) -> v8::Local<'s, v8::Value> {
    with_table(|table| {
        let text = table
            .requests
            .get(id)
            .and_then(|entry| entry.xhr.response_json());
        opt_str_to(scope, text.as_deref())
    })
}

/// Whether `responseXML` may give a document now: 1, 0, or a failure.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_xhr_check_response_xml(id: u32) -> i32 {
    match with_table(|table| {
        table
            .requests
            .get(id)
            .map(|entry| entry.xhr.check_response_xml())
    }) {
        Some(Ok(may)) => i32::from(may),
        Some(Err(error)) => fail(error),
        None => 0,
    }
}

/// The document response: the id of a new document, 0 for null, or a failure (the tree is full).
///
/// Standard: <https://xhr.spec.whatwg.org/#document-response>
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_xhr_response_document(id: u32) -> i32 {
    let document = with_table(|table| {
        // 1. – 4. Null unless there is something to parse.
        let Some(source) = table
            .requests
            .get(id)
            .and_then(|entry| entry.xhr.document_source())
        else {
            return Ok(None);
        };
        state::with_tree(|tree| {
            // A panic in a parser that is not ours must not take the process down.
            catch_unwind(AssertUnwindSafe(|| parse(tree, &source))).unwrap_or(Ok(None))
        })
    });
    match document {
        Ok(document) => document.map_or(0, id_result),
        Err(error) => fail(error),
    }
}

/// Steps 5 to 10 of setting a document response. There is no script in it, for it has no browsing context.
fn parse(tree: &mut Tree, source: &DocumentSource<'_>) -> Result<Option<NodeId>, DomError> {
    if source.is_html {
        // 5.1. – 5.3. The encoding: demanded, found by the prescan, or UTF-8.
        let charset = source.encoding.or_else(|| encoding::prescan(source.bytes));
        let charset =
            charset.unwrap_or_else(|| encoding::sniff(&[], None, encoding::SniffKind::Text));
        // 5.4. – 5.5. and 8. – 10. An HTML document of this encoding, type and URL.
        let init = DocumentInit {
            encoding: charset,
            ..DocumentInit::html(source.url.as_str())
        };
        let document = tree.create_document(init)?;
        html::parse_document(tree, document, &encoding::decode(source.bytes, charset));
        return Ok(Some(document));
    }
    // 6. XML: read by its own rules, if no encoding is demanded; not well-formed is null.
    let charset = source
        .encoding
        .unwrap_or_else(|| encoding::sniff(source.bytes, None, encoding::SniffKind::Xml));
    let Some(text) = encoding::decode_fatal(source.bytes, charset) else {
        return Ok(None);
    };
    // 7. – 10. The document's encoding is the demanded one, or UTF-8.
    let init = DocumentInit::xml(source.url.as_str());
    let init = DocumentInit {
        content_type: source.mime_type.essence().to_owned(),
        encoding: source.encoding.unwrap_or(init.encoding),
        ..init
    };
    let document = tree.create_document(init)?;
    if xml::parse_xml(tree, document, &text, xml::XmlLimits::default()).is_err() {
        tree.free_subtree(document)?;
        return Ok(None);
    }
    Ok(Some(document))
}
