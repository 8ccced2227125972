//! Ops of the names that a window's named properties come from, for an engine that cannot ask when one is read.
//!
//! Standard: <https://html.spec.whatwg.org/multipage/nav-history-apis.html#named-access-on-the-window-object>

use deno_core::{OpDecl, op2, v8};
use readystate_dom::collections::window_names::WindowName;

use super::node::{raw, read};
use crate::state::with_tree;

/// The ops of this area.
pub(crate) fn ops() -> Vec<OpDecl> {
    vec![op_window_names(), op_window_names_changed()]
}

/// All names of a document; see [`to_array`].
#[op2]
fn op_window_names<'s>(scope: &v8::PinScope<'s, '_>, document: u32) -> v8::Local<'s, v8::Value> {
    to_array(scope, read(document, |tree, id| tree.window_names(id)))
}

/// The names that may have come or gone since the last call; see [`to_array`].
#[op2]
fn op_window_names_changed<'s>(scope: &v8::PinScope<'s, '_>) -> v8::Local<'s, v8::Value> {
    to_array(scope, with_tree(readystate_dom::Tree::take_window_names))
}

/// Three items a name: the document, the name, whether it was the value of a `name` attribute.
fn to_array<'s>(scope: &v8::PinScope<'s, '_>, names: Vec<WindowName>) -> v8::Local<'s, v8::Value> {
    let mut items: Vec<v8::Local<'_, v8::Value>> = Vec::with_capacity(names.len() * 3);
    for name in names {
        let Some(text) = v8::String::new(scope, &name.name) else {
            continue;
        };
        items.push(v8::Integer::new_from_unsigned(scope, raw(Some(name.document))).into());
        items.push(text.into());
        items.push(v8::Boolean::new(scope, name.is_name_attribute).into());
    }
    v8::Array::new_with_elements(scope, &items).into()
}
