//! Ops of selectors and of the collections that a walk fills.
//!
//! Standard: <https://dom.spec.whatwg.org/#scope-match-a-selectors-string>

use deno_core::{OpDecl, op2, v8};
use readystate_dom::{NodeId, Tree, ns};

use super::element::form_owner;
use super::node::{given, ids_to, is_html, raw, read};
use crate::backend;
use crate::error::fail;
use crate::state::with_tree;

/// The ops of this area.
pub(crate) fn ops() -> Vec<OpDecl> {
    vec![
        op_query_selector(),
        op_query_selector_all(),
        op_element_matches(),
        op_element_closest(),
        op_elements_by_tag_name(),
        op_elements_by_tag_name_ns(),
        op_elements_by_class_name(),
        op_elements_by_name(),
        op_element_by_id(),
        op_elements_of_kind(),
        op_elements_with_id(),
        op_elements_named_in_window(),
        op_named_element(),
        op_list_maker(),
        op_list_keep(),
    ]
}

/// `querySelector()`: an id or 0.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_query_selector(scope: u32, #[string] selectors: &str) -> i32 {
    let found = with_tree(|tree| tree.query_selector(given(scope)?, selectors));
    match found {
        Ok(found) => found.map_or(0, super::node::id_result),
        Err(error) => fail(error),
    }
}

/// `querySelectorAll()`: the ids into `out`. How many they are, though they may be more than fit; negative for a failure.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_query_selector_all(scope: u32, #[string] selectors: &str, #[buffer] out: &mut [u32]) -> i32 {
    match with_tree(|tree| tree.query_selector_all_shared(given(scope)?, selectors)) {
        Ok(found) => {
            for (slot, id) in out.iter_mut().zip(found.iter()) {
                *slot = id.raw();
            }
            i32::try_from(found.len()).unwrap_or(i32::MAX)
        }
        Err(error) => fail(error),
    }
}

/// `matches()`: 0 or 1.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_element_matches(id: u32, #[string] selectors: &str) -> i32 {
    match with_tree(|tree| tree.matches(given(id)?, selectors)) {
        Ok(matches) => i32::from(matches),
        Err(error) => fail(error),
    }
}

/// `closest()`: an id or 0.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_element_closest(id: u32, #[string] selectors: &str) -> i32 {
    match with_tree(|tree| tree.closest(given(id)?, selectors)) {
        Ok(found) => found.map_or(0, super::node::id_result),
        Err(error) => fail(error),
    }
}

/// A constructor of lists whose items are asked from functions of the glue, see [`backend::list_maker`]; null where proxies do that.
#[op2]
fn op_list_maker<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    handler: v8::Local<'s, v8::Array>,
    has_names: bool,
) -> v8::Local<'s, v8::Value> {
    // Of the realm that asks, though the op is the first one's.
    let Some(context) = handler.get_creation_context(scope) else {
        return v8::null(scope).into();
    };
    let scope = &v8::ContextScope::new(scope, context);
    match backend::list_maker(scope, handler, has_names) {
        Some(maker) => maker.into(),
        None => v8::null(scope).into(),
    }
}

/// Notes the ids that a list has, and for which version of the tree, see [`backend::keep_items`].
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_list_keep(
    list: v8::Local<'_, v8::Object>,
    ids: v8::Local<'_, v8::Value>,
    version: v8::Local<'_, v8::Value>,
) {
    backend::keep_items(list, ids, version);
}

/// `getElementsByTagName()`.
#[op2]
fn op_elements_by_tag_name<'s>(
    scope: &v8::PinScope<'s, '_>,
    root: u32,
    #[string] name: &str,
) -> v8::Local<'s, v8::Value> {
    let found = read(root, |tree, root| tree.get_elements_by_tag_name(root, name));
    ids_to(scope, &found)
}

/// `getElementsByTagNameNS()`; the empty namespace is null, `*` is any.
#[op2]
fn op_elements_by_tag_name_ns<'s>(
    scope: &v8::PinScope<'s, '_>,
    root: u32,
    #[string] namespace: &str,
    #[string] name: &str,
) -> v8::Local<'s, v8::Value> {
    let found = read(root, |tree, root| {
        tree.get_elements_by_tag_name_ns(root, Some(namespace), name)
    });
    ids_to(scope, &found)
}

/// `getElementsByClassName()`.
#[op2]
fn op_elements_by_class_name<'s>(
    scope: &v8::PinScope<'s, '_>,
    root: u32,
    #[string] names: &str,
) -> v8::Local<'s, v8::Value> {
    let found = read(root, |tree, root| {
        tree.get_elements_by_class_name(root, names)
    });
    ids_to(scope, &found)
}

/// `getElementsByName()`.
#[op2]
fn op_elements_by_name<'s>(
    scope: &v8::PinScope<'s, '_>,
    root: u32,
    #[string] name: &str,
) -> v8::Local<'s, v8::Value> {
    let found = read(root, |tree, root| tree.get_elements_by_name(root, name));
    ids_to(scope, &found)
}

/// `getElementById()`.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_element_by_id(root: u32, #[string] id: &str) -> u32 {
    read(root, |tree, root| raw(tree.get_element_by_id(root, id)))
}

fn is_any(tree: &Tree, id: NodeId, names: &[&str]) -> bool {
    *tree.namespace(id) == ns!(html) && names.contains(&&**tree.local_name(id))
}

fn children_named(tree: &Tree, parent: NodeId, names: &[&str]) -> Vec<NodeId> {
    tree.children(parent)
        .filter(|&child| is_any(tree, child, names))
        .collect()
}

const LISTED: [&str; 7] = [
    "button", "fieldset", "input", "object", "output", "select", "textarea",
];

/// Elements whose name is a property of the window.
const WINDOW_NAMED: [&str; 4] = ["embed", "form", "img", "object"];

/// The elements of HTML's collections, by name.
///
/// Standard: <https://html.spec.whatwg.org/multipage/common-dom-interfaces.html#collections>
fn elements_of_kind(tree: &Tree, root: NodeId, kind: &str) -> Vec<NodeId> {
    let walk = |keep: &dyn Fn(NodeId) -> bool| -> Vec<NodeId> {
        tree.descendants(root).filter(|&id| keep(id)).collect()
    };
    match kind {
        "children" => tree
            .children(root)
            .filter(|&child| tree.is_element(child))
            .collect(),
        "images" => walk(&|id| is_html(tree, id, "img")),
        "embeds" => walk(&|id| is_html(tree, id, "embed")),
        "links" => {
            walk(&|id| is_any(tree, id, &["a", "area"]) && tree.attribute(id, "href").is_some())
        }
        "anchors" => walk(&|id| is_html(tree, id, "a") && tree.attribute(id, "name").is_some()),
        "forms" => walk(&|id| is_html(tree, id, "form")),
        "scripts" => walk(&|id| is_html(tree, id, "script")),
        // What a window's named properties may name besides by id.
        "named" => {
            walk(&|id| is_any(tree, id, &WINDOW_NAMED) && tree.attribute(id, "name").is_some())
        }
        "areas" => walk(&|id| is_html(tree, id, "area")),
        "datalist" => walk(&|id| is_html(tree, id, "option")),
        // A select's options: its children and those of its option groups.
        "options" => tree
            .children(root)
            .flat_map(|child| {
                if is_html(tree, child, "optgroup") {
                    children_named(tree, child, &["option"])
                } else {
                    vec![child]
                }
            })
            .filter(|&id| is_html(tree, id, "option"))
            .collect(),
        // A form's controls, wherever they are, but for image buttons.
        "elements" => {
            let top = tree.root(root);
            tree.inclusive_descendants(top)
                .filter(|&id| {
                    (is_any(tree, id, &LISTED) || tree.is_form_associated_custom_element(id))
                        && form_owner(tree, id) == Some(root)
                        && !(is_html(tree, id, "input")
                            && tree
                                .attribute(id, "type")
                                .is_some_and(|kind| kind.eq_ignore_ascii_case("image")))
                })
                .collect()
        }
        "fieldset" => {
            walk(&|id| is_any(tree, id, &LISTED) || tree.is_form_associated_custom_element(id))
        }
        "cells" => children_named(tree, root, &["td", "th"]),
        "section-rows" => children_named(tree, root, &["tr"]),
        "tbodies" => children_named(tree, root, &["tbody"]),
        "rows" => table_rows(tree, root),
        _ => Vec::new(),
    }
}

/// The rows of a table: those of heads, then those of bodies and its own, then those of feet.
///
/// Standard: <https://html.spec.whatwg.org/multipage/tables.html#dom-table-rows>
fn table_rows(tree: &Tree, table: NodeId) -> Vec<NodeId> {
    let of_sections = |name: &str| -> Vec<NodeId> {
        children_named(tree, table, &[name])
            .into_iter()
            .flat_map(|section| children_named(tree, section, &["tr"]))
            .collect()
    };
    let body = tree.children(table).flat_map(|child| {
        if is_html(tree, child, "tr") {
            vec![child]
        } else if is_html(tree, child, "tbody") {
            children_named(tree, child, &["tr"])
        } else {
            Vec::new()
        }
    });
    of_sections("thead")
        .into_iter()
        .chain(body)
        .chain(of_sections("tfoot"))
        .collect()
}

/// The elements of one of HTML's collections.
#[op2]
fn op_elements_of_kind<'s>(
    scope: &v8::PinScope<'s, '_>,
    root: u32,
    #[string] kind: &str,
) -> v8::Local<'s, v8::Value> {
    let found = read(root, |tree, root| elements_of_kind(tree, root, kind));
    ids_to(scope, &found)
}

/// The elements of a document with this id.
#[op2]
fn op_elements_with_id<'s>(
    scope: &v8::PinScope<'s, '_>,
    root: u32,
    #[string] name: &str,
) -> v8::Local<'s, v8::Value> {
    let found = read(root, |tree, root| tree.elements_with_id(root, name));
    ids_to(scope, &found)
}

/// The elements that a window's property of this name gives, if they are several.
///
/// Standard: <https://html.spec.whatwg.org/multipage/nav-history-apis.html#named-access-on-the-window-object>
#[op2]
fn op_elements_named_in_window<'s>(
    scope: &v8::PinScope<'s, '_>,
    root: u32,
    #[string] name: &str,
) -> v8::Local<'s, v8::Value> {
    let found: Vec<NodeId> = read(root, |tree, root| {
        tree.descendants(root)
            .filter(|&id| {
                tree.id_attribute(id) == Some(name)
                    || (is_any(tree, id, &WINDOW_NAMED) && tree.attribute(id, "name") == Some(name))
            })
            .collect()
    });
    ids_to(scope, &found)
}

/// Whether an element has `name` as its id or, in HTML, as its name.
///
/// Standard: <https://dom.spec.whatwg.org/#dom-htmlcollection-nameditem-key>
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_named_element(id: u32, #[string] name: &str) -> bool {
    if name.is_empty() {
        return false;
    }
    read(id, |tree, id| {
        tree.id_attribute(id) == Some(name)
            || (*tree.namespace(id) == ns!(html) && tree.attribute(id, "name") == Some(name))
    })
}
