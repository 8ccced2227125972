//! Ops of `Element`, its attributes and their nodes, and token lists.
//!
//! Standard: <https://dom.spec.whatwg.org/#interface-element>

use deno_core::{OpDecl, op2, v8};
use readystate_dom::names::{NameContext, validate_and_extract};
use readystate_dom::node::value_slot::ValueSlot;
use readystate_dom::{Attribute, DomError, LocalName, NodeId, Tree, names, ns};

use super::node::{
    given, id_result, make, mutate, opt_str_to, pending, raw, read, str_to, strings_to,
};
use crate::error::{Failure, fail};
use crate::state::with_tree;

/// The ops of this area.
pub(crate) fn ops() -> Vec<OpDecl> {
    vec![
        op_element_local_name(),
        op_element_namespace(),
        op_element_prefix(),
        op_element_get_attribute(),
        op_element_attribute_slot(),
        op_element_get_attribute_ns(),
        op_element_has_attribute(),
        op_element_has_attribute_ns(),
        op_element_set_attribute(),
        op_element_set_attribute_ns(),
        op_element_remove_attribute(),
        op_element_remove_attribute_ns(),
        op_element_toggle_attribute(),
        op_element_attribute_count(),
        op_element_attribute_names(),
        op_element_attribute_index(),
        op_element_attribute_index_ns(),
        op_element_attribute_node(),
        op_element_set_attribute_node(),
        op_element_remove_attribute_node(),
        op_attr_create(),
        op_attr_create_ns(),
        op_attr_owner(),
        op_attr_value(),
        op_attr_set_value(),
        op_element_first_element(),
        op_element_last_element(),
        op_element_next_element(),
        op_element_previous_element(),
        op_element_child_count(),
        op_element_template_contents(),
        op_element_has_activation(),
        op_element_handler_attributes(),
        op_element_form(),
        op_script_flags(),
        op_script_set_force_async(),
    ]
}

/// `localName` of an element or attribute.
#[op2]
fn op_element_local_name<'s>(scope: &v8::PinScope<'s, '_>, id: u32) -> v8::Local<'s, v8::Value> {
    with_tree(|tree| match NodeId::from_raw(id) {
        Some(id) => str_to(scope, tree.local_name(id)),
        None => str_to(scope, ""),
    })
}

/// `namespaceURI` of an element or attribute.
#[op2]
fn op_element_namespace<'s>(scope: &v8::PinScope<'s, '_>, id: u32) -> v8::Local<'s, v8::Value> {
    with_tree(|tree| {
        let namespace = NodeId::from_raw(id)
            .map(|id| &**tree.namespace(id))
            .filter(|name| !name.is_empty());
        opt_str_to(scope, namespace)
    })
}

/// `prefix` of an element or attribute.
#[op2]
fn op_element_prefix<'s>(scope: &v8::PinScope<'s, '_>, id: u32) -> v8::Local<'s, v8::Value> {
    with_tree(|tree| {
        opt_str_to(
            scope,
            NodeId::from_raw(id)
                .and_then(|id| tree.prefix(id))
                .map(|prefix| &**prefix),
        )
    })
}

/// `getAttribute()`.
#[op2]
fn op_element_get_attribute<'s>(
    scope: &v8::PinScope<'s, '_>,
    id: u32,
    #[string] name: &str,
) -> v8::Local<'s, v8::Value> {
    with_tree(|tree| {
        opt_str_to(
            scope,
            NodeId::from_raw(id).and_then(|id| tree.attribute(id, name)),
        )
    })
}

/// Where the glue has the string of an attribute's value: 0 without the attribute, else a place from 1; negative if the
/// string is to be made, and then put into the place below -1, if any.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_element_attribute_slot(id: u32, #[string] name: &str) -> i32 {
    let slot = NodeId::from_raw(id).map_or(ValueSlot::Absent, |id| {
        with_tree(|tree| tree.attribute_value_slot(id, name))
    });
    match slot {
        ValueSlot::Absent => 0,
        ValueSlot::Kept(place) => place.cast_signed(),
        ValueSlot::New(place) => -1 - place.cast_signed(),
        ValueSlot::Unkept => -1,
    }
}

/// `getAttributeNS()`; the empty namespace is null.
#[op2]
fn op_element_get_attribute_ns<'s>(
    scope: &v8::PinScope<'s, '_>,
    id: u32,
    #[string] namespace: &str,
    #[string] name: &str,
) -> v8::Local<'s, v8::Value> {
    with_tree(|tree| {
        opt_str_to(
            scope,
            NodeId::from_raw(id).and_then(|id| tree.attribute_ns(id, Some(namespace), name)),
        )
    })
}

/// `hasAttribute()`.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_element_has_attribute(id: u32, #[string] name: &str) -> bool {
    read(id, |tree, id| tree.attribute(id, name).is_some())
}

/// `hasAttributeNS()`.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_element_has_attribute_ns(id: u32, #[string] namespace: &str, #[string] name: &str) -> bool {
    read(id, |tree, id| {
        tree.attribute_ns(id, Some(namespace), name).is_some()
    })
}

/// `setAttribute()`.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_element_set_attribute(id: u32, #[string] name: &str, #[string] value: &str) -> i32 {
    mutate(id, |tree, id| tree.set_attribute(id, name, value))
}

/// `setAttributeNS()`.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_element_set_attribute_ns(
    id: u32,
    #[string] namespace: &str,
    #[string] name: &str,
    #[string] value: &str,
) -> i32 {
    mutate(id, |tree, id| {
        tree.set_attribute_ns(id, Some(namespace), name, value)
    })
}

/// `removeAttribute()`.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_element_remove_attribute(id: u32, #[string] name: &str) -> i32 {
    mutate(id, |tree, id| {
        tree.remove_attribute(id, name);
        Ok(())
    })
}

/// `removeAttributeNS()`.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_element_remove_attribute_ns(id: u32, #[string] namespace: &str, #[string] name: &str) -> i32 {
    mutate(id, |tree, id| {
        tree.remove_attribute_ns(id, Some(namespace), name);
        Ok(())
    })
}

/// `toggleAttribute()`; `force` is 0 for none, 1 for true, 2 for false. Bit 2 of the result is the answer.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_element_toggle_attribute(id: u32, #[string] name: &str, force: u32) -> i32 {
    let Some(id) = NodeId::from_raw(id) else {
        return fail(Failure::illegal());
    };
    let force = match force {
        1 => Some(true),
        2 => Some(false),
        _ => None,
    };
    with_tree(|tree| match tree.toggle_attribute(id, name, force) {
        Ok(present) => pending(tree) | i32::from(present) << 2,
        Err(error) => fail(error),
    })
}

/// How many attributes there are.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_element_attribute_count(id: u32) -> u32 {
    read(id, |tree, id| {
        u32::try_from(tree.attributes(id).len()).unwrap_or(u32::MAX)
    })
}

/// `getAttributeNames()`.
#[op2]
fn op_element_attribute_names<'s>(
    scope: &v8::PinScope<'s, '_>,
    id: u32,
) -> v8::Local<'s, v8::Array> {
    with_tree(|tree| {
        let attributes = NodeId::from_raw(id).map_or(&[][..], |id| tree.attributes(id));
        strings_to(scope, attributes.iter().map(Attribute::qualified_name))
    })
}

fn position(index: Option<usize>) -> i32 {
    index
        .and_then(|index| i32::try_from(index).ok())
        .unwrap_or(-1)
}

/// The place of an attribute in the list, -1 for none (which is no failure).
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_element_attribute_index(id: u32, #[string] name: &str) -> i32 {
    position(read(id, |tree, id| tree.attribute_index(id, name)))
}

/// As [`op_element_attribute_index`], by namespace and local name.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_element_attribute_index_ns(id: u32, #[string] namespace: &str, #[string] name: &str) -> i32 {
    position(read(id, |tree, id| {
        tree.attribute_index_ns(id, Some(namespace), name)
    }))
}

/// The node of the attribute at a place in the list.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_element_attribute_node(id: u32, index: u32) -> i32 {
    make(id, |tree, id| tree.attribute_node(id, index as usize))
}

/// `setAttributeNode()`: the node that was replaced, or 0.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_element_set_attribute_node(id: u32, attr: u32) -> i32 {
    let (Some(id), Some(attr)) = (NodeId::from_raw(id), NodeId::from_raw(attr)) else {
        return fail(Failure::illegal());
    };
    match with_tree(|tree| tree.set_attribute_node(id, attr)) {
        Ok(old) => old.map_or(0, id_result),
        Err(error) => fail(error),
    }
}

/// `removeAttributeNode()`.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_element_remove_attribute_node(id: u32, attr: u32) -> i32 {
    mutate(id, |tree, id| tree.remove_attribute_node(id, given(attr)?))
}

/// `document.createAttribute()`.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_attr_create(document: u32, #[string] name: &str) -> i32 {
    make(document, |tree, document| {
        // 1. A name that no attribute can have.
        if !names::is_valid_attribute_local_name(name) {
            return Err(DomError::InvalidCharacter(
                "the name is empty or holds a character that names must not hold",
            ));
        }
        // 2. Lower case in an HTML document.
        let name = if tree.is_html_document(document) {
            name.to_ascii_lowercase()
        } else {
            name.to_owned()
        };
        tree.create_attr(document, LocalName::from(name), ns!(), None)
    })
}

/// `document.createAttributeNS()`.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_attr_create_ns(document: u32, #[string] namespace: &str, #[string] name: &str) -> i32 {
    make(document, |tree, document| {
        let name = validate_and_extract(Some(namespace), name, NameContext::Attribute)?;
        tree.create_attr(document, name.local_name, name.namespace, name.prefix)
    })
}

/// `ownerElement`.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_attr_owner(id: u32) -> u32 {
    read(id, |tree, id| raw(tree.owner_element(id)))
}

/// `value` of an attribute node.
#[op2]
fn op_attr_value<'s>(scope: &v8::PinScope<'s, '_>, id: u32) -> v8::Local<'s, v8::Value> {
    with_tree(|tree| {
        str_to(
            scope,
            NodeId::from_raw(id)
                .and_then(|id| tree.attr_value(id))
                .unwrap_or_default(),
        )
    })
}

/// Sets `value` of an attribute node.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_attr_set_value(id: u32, #[string] value: &str) -> i32 {
    mutate(id, |tree, id| {
        tree.set_attr_value(id, value);
        Ok(())
    })
}

fn next_element(tree: &Tree, mut node: Option<NodeId>) -> u32 {
    while let Some(id) = node {
        if tree.is_element(id) {
            return id.raw();
        }
        node = tree.next_sibling(id);
    }
    0
}

fn previous_element(tree: &Tree, mut node: Option<NodeId>) -> u32 {
    while let Some(id) = node {
        if tree.is_element(id) {
            return id.raw();
        }
        node = tree.previous_sibling(id);
    }
    0
}

/// `firstElementChild`.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_element_first_element(id: u32) -> u32 {
    read(id, |tree, id| next_element(tree, tree.first_child(id)))
}

/// `lastElementChild`.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_element_last_element(id: u32) -> u32 {
    read(id, |tree, id| previous_element(tree, tree.last_child(id)))
}

/// `nextElementSibling`.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_element_next_element(id: u32) -> u32 {
    read(id, |tree, id| next_element(tree, tree.next_sibling(id)))
}

/// `previousElementSibling`.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_element_previous_element(id: u32) -> u32 {
    read(id, |tree, id| {
        previous_element(tree, tree.previous_sibling(id))
    })
}

/// `childElementCount`.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_element_child_count(id: u32) -> u32 {
    read(id, |tree, id| {
        u32::try_from(
            tree.children(id)
                .filter(|&child| tree.is_element(child))
                .count(),
        )
        .unwrap_or(u32::MAX)
    })
}

/// `content` of a template element.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_element_template_contents(id: u32) -> u32 {
    read(id, |tree, id| raw(tree.template_contents(id)))
}

/// Whether an element has activation behaviour that the glue carries out.
///
/// Standard: <https://dom.spec.whatwg.org/#eventtarget-activation-behavior>
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_element_has_activation(id: u32) -> bool {
    read(id, |tree, id| {
        if !tree.is_element(id) || *tree.namespace(id) != ns!(html) {
            return false;
        }
        match &**tree.local_name(id) {
            "a" | "area" => tree.attribute(id, "href").is_some(),
            "button" | "input" | "label" | "summary" => true,
            _ => false,
        }
    })
}

/// The names of an element's content attributes that start with `on`.
#[op2]
fn op_element_handler_attributes<'s>(
    scope: &v8::PinScope<'s, '_>,
    id: u32,
) -> v8::Local<'s, v8::Array> {
    with_tree(|tree| {
        let attributes = NodeId::from_raw(id).map_or(&[][..], |id| tree.attributes(id));
        let names = attributes
            .iter()
            .filter(|attribute| {
                *attribute.namespace() == ns!() && attribute.local_name().starts_with("on")
            })
            .map(|attribute| attribute.local_name());
        strings_to(scope, names)
    })
}

/// The form owner of a control.
///
/// Standard: <https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#form-owner>
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_element_form(id: u32) -> u32 {
    read(id, |tree, id| raw(form_owner(tree, id)))
}

/// The form owner of a control.
pub(crate) fn form_owner(tree: &Tree, id: NodeId) -> Option<NodeId> {
    tree.form_owner(id)
}

/// The flags of a script element: bit 0 already started, bit 1 parser-inserted, bit 2 force async.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_script_flags(id: u32) -> u32 {
    read(id, |tree, id| {
        let flags = tree.script_flags(id);
        u32::from(flags.already_started)
            | u32::from(flags.parser_inserted) << 1
            | u32::from(flags.force_async) << 2
    })
}

/// Sets "force async" of a script element.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_script_set_force_async(id: u32, value: bool) {
    read(id, |tree, id| {
        let mut flags = tree.script_flags(id);
        flags.force_async = value;
        tree.set_script_flags(id, flags);
    });
}
