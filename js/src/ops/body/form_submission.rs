//! Ops of form submission: the entries handed over with `op_body_entry_…` become a query or a body.
//!
//! Standard: <https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#form-submission-algorithm>

use deno_core::{OpDecl, op2};
use readystate_dom::NodeId;
use readystate_dom::parsing::encoding::Encoding;
use readystate_xhr::body::{
    FormData, FormEncodingType, encode_form_data, encode_form_query, pick_form_encoding,
};

use super::{boundary, with_table};
use crate::state;

/// The ops of this area.
pub(super) fn ops() -> Vec<OpDecl> {
    vec![op_form_encoding(), op_form_query(), op_form_body()]
}

/// The name of the encoding in which a form is sent.
#[op2]
#[string]
fn op_form_encoding(form: u32) -> String {
    let picked = NodeId::from_raw(form).map(|form| {
        state::with_tree(|tree| {
            let document = tree
                .node_document(form)
                .and_then(|document| tree.encoding(document))
                .and_then(label);
            pick_form_encoding(tree.attribute(form, "accept-charset"), document)
        })
    });
    picked.map_or("UTF-8", Encoding::name).to_owned()
}

/// The entries handed over as a query.
#[op2]
#[string]
fn op_form_query(#[string] encoding: &str) -> String {
    encode_form_query(&take_entries(), known(encoding))
}

/// The entries handed over become the body of the next navigation. `kind`: 0 URL-encoded, 1 multipart, 2 plain text.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_form_body(kind: u32, #[string] encoding: &str) {
    let encoding_type = match kind {
        1 => FormEncodingType::Multipart(boundary()),
        2 => FormEncodingType::TextPlain,
        _ => FormEncodingType::UrlEncoded,
    };
    let body = encode_form_data(&take_entries(), &encoding_type, known(encoding));
    with_table(|table| table.handover.form_body = Some(body));
}

fn take_entries() -> FormData {
    with_table(|table| std::mem::take(&mut table.handover.form_data))
}

fn label(name: &str) -> Option<&'static Encoding> {
    Encoding::for_label(name.as_bytes())
}

/// The encoding of a name that [`op_form_encoding`] gave.
fn known(name: &str) -> &'static Encoding {
    label(name).unwrap_or_else(|| pick_form_encoding(None, None))
}
