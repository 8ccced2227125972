//! Ops of custom elements: definitions, states, reactions, and what a paused parser wants constructed.
//!
//! A definition crosses as its number, 0 for none; so does an is value that is not there as the empty string, which no
//! definition has for a name.
//!
//! Standard: <https://html.spec.whatwg.org/multipage/custom-elements.html>

use deno_core::{OpDecl, op2, v8};
use readystate_dom::custom_elements::{
    CallbackSet, CustomElementReaction, CustomElementState, Definition, DefinitionId, Reaction,
    is_valid_custom_element_name,
};
use readystate_dom::names::{NameContext, validate_and_extract};
use readystate_dom::{DomError, LocalName, Namespace, NodeId, Prefix, ns};

use super::node::{make, mutate, opt_str_to, raw, read, str_to};
use crate::state::with_tree;

/// The ops of this area.
pub(crate) fn ops() -> Vec<OpDecl> {
    vec![
        op_custom_is_valid_name(),
        op_custom_interface(),
        op_custom_set_registry(),
        op_custom_define(),
        op_custom_upgrade(),
        op_custom_look_up(),
        op_custom_look_up_ns(),
        op_custom_own_definition(),
        op_custom_create(),
        op_custom_create_failed(),
        op_custom_check(),
        op_custom_set_prefix(),
        op_custom_state(),
        op_custom_set_state(),
        op_custom_is_value(),
        op_custom_set_is_value(),
        op_custom_enqueue_upgrade(),
        op_custom_take_reactions(),
        op_custom_take_construction(),
        op_custom_set_constructed(),
        op_custom_is_form_associated(),
        op_custom_is_disabled(),
        op_custom_set_flawed(),
        op_custom_set_state_name(),
        op_custom_shadow_root(),
        op_custom_is_shadow_including_descendant(),
    ]
}

/// Whether a name is a valid custom element name.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_custom_is_valid_name(#[string] name: &str) -> bool {
    is_valid_custom_element_name(name)
}

/// The number of the interface that elements of HTML with this name have; see [`super::interface`].
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_custom_interface(#[string] name: &str) -> u32 {
    super::interface::html_interface(&LocalName::from(name))
}

/// Names the registry of a document.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_custom_set_registry(document: u32, registry: u32) {
    read(document, |tree, document| {
        tree.set_custom_element_registry(document, registry);
    });
}

/// Adds a definition and enqueues the upgrades it leads to. `observed` are names with a NUL between two; `flags` holds the
/// callbacks, and in bit 15 whether it is form-associated.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_custom_define(
    document: u32,
    registry: u32,
    #[string] name: &str,
    #[string] local_name: &str,
    #[string] observed: &str,
    flags: u32,
) -> u32 {
    read(document, |tree, document| {
        tree.set_custom_element_registry(document, registry);
        let definition = Definition {
            name: LocalName::from(name),
            local_name: LocalName::from(local_name),
            observed_attributes: observed.split('\0').map(LocalName::from).collect(),
            callbacks: CallbackSet::from_bits(u16::try_from(flags & 0x7FFF).unwrap_or(0)),
            form_associated: flags & 0x8000 != 0,
            disable_shadow: flags & 0x1_0000 != 0,
        };
        let id = tree.define_custom_element(registry, definition);
        tree.upgrade_candidates(document, id);
        id.raw()
    })
}

/// Tries to upgrade a subtree.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_custom_upgrade(root: u32) -> i32 {
    mutate(root, |tree, root| {
        tree.upgrade_subtree(root);
        Ok(())
    })
}

fn is_from(is: &str) -> Option<LocalName> {
    (!is.is_empty()).then(|| LocalName::from(is))
}

/// The definition for what `createElement(name, { is })` makes.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_custom_look_up(document: u32, #[string] name: &str, #[string] is: &str) -> u32 {
    read(document, |tree, document| {
        let is_html = tree.is_html_document(document);
        if !is_html && tree.content_type(document) != Some("application/xhtml+xml") {
            return 0;
        }
        let local_name = if is_html {
            LocalName::from(name.to_ascii_lowercase())
        } else {
            LocalName::from(name)
        };
        tree.look_up_custom_element_definition(
            document,
            &ns!(html),
            &local_name,
            is_from(is).as_ref(),
        )
        .map_or(0, DefinitionId::raw)
    })
}

/// The definition for what `createElementNS(namespace, name, { is })` makes.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_custom_look_up_ns(
    document: u32,
    #[string] namespace: &str,
    #[string] name: &str,
    #[string] is: &str,
) -> u32 {
    read(document, |tree, document| {
        // A name that is wrong is refused when the element is made.
        let Ok(name) = validate_and_extract(Some(namespace), name, NameContext::Element) else {
            return 0;
        };
        tree.look_up_custom_element_definition(
            document,
            &Namespace::from(namespace),
            &name.local_name,
            is_from(is).as_ref(),
        )
        .map_or(0, DefinitionId::raw)
    })
}

/// The definition that an element has as its own; with `by_name`, the one that its name alone leads to.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_custom_own_definition(id: u32, by_name: bool) -> u32 {
    read(id, |tree, id| {
        let definition = if by_name {
            tree.node_document(id).and_then(|document| {
                tree.look_up_custom_element_definition(
                    document,
                    tree.namespace(id),
                    tree.local_name(id),
                    None,
                )
            })
        } else {
            tree.custom_definition_of(id)
        };
        definition.map_or(0, DefinitionId::raw)
    })
}

fn definition_from(number: u32) -> Result<DefinitionId, DomError> {
    DefinitionId::from_raw(number).ok_or(DomError::NotFound("nothing is defined by that number"))
}

/// Makes the element of a constructor that script has called.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_custom_create(document: u32, definition: u32) -> i32 {
    make(document, |tree, document| {
        tree.create_custom_element(document, definition_from(definition)?)
    })
}

/// Makes the element in whose place a constructor failed.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_custom_create_failed(document: u32, definition: u32, #[string] prefix: &str) -> i32 {
    make(document, |tree, document| {
        let definition = definition_from(definition)?;
        let local_name = tree
            .custom_element_definition(definition)
            .map(|definition| definition.local_name.clone())
            .ok_or(DomError::NotFound("nothing is defined by that number"))?;
        let prefix = (!prefix.is_empty()).then(|| Prefix::from(prefix));
        tree.create_failed_element(document, local_name, prefix)
    })
}

/// What forbids an element that a constructor has made for `createElement()`: 0 nothing, 1 it is no element of HTML, 2 it
/// has attributes, 3 children, 4 a parent, 5 another document, 6 another name.
///
/// Standard: <https://dom.spec.whatwg.org/#concept-create-element> step 5.1.3
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_custom_check(id: u32, document: u32, definition: u32) -> u32 {
    read(id, |tree, id| {
        let local_name = DefinitionId::from_raw(definition)
            .and_then(|definition| tree.custom_element_definition(definition))
            .map(|definition| &definition.local_name);
        if !tree.is_element(id) || *tree.namespace(id) != ns!(html) {
            1
        } else if !tree.attributes(id).is_empty() {
            2
        } else if tree.has_child_nodes(id) {
            3
        } else if tree.parent(id).is_some() {
            4
        } else if raw(tree.node_document(id)) != document {
            5
        } else if local_name != Some(tree.local_name(id)) {
            6
        } else {
            0
        }
    })
}

/// Gives a constructed element the prefix it was asked for with.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_custom_set_prefix(id: u32, #[string] prefix: &str) {
    read(id, |tree, id| {
        tree.set_element_prefix(id, (!prefix.is_empty()).then(|| Prefix::from(prefix)));
    });
}

/// The state: 0 uncustomized, 1 undefined, 2 failed, 3 precustomized, 4 custom.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_custom_state(id: u32) -> u32 {
    read(id, |tree, id| match tree.custom_element_state(id) {
        CustomElementState::Uncustomized => 0,
        CustomElementState::Undefined => 1,
        CustomElementState::Failed => 2,
        CustomElementState::Precustomized => 3,
        CustomElementState::Custom => 4,
    })
}

/// Sets the state and the definition.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_custom_set_state(id: u32, state: u32, definition: u32) {
    let state = match state {
        2 => CustomElementState::Failed,
        3 => CustomElementState::Precustomized,
        4 => CustomElementState::Custom,
        _ => CustomElementState::Undefined,
    };
    read(id, |tree, id| {
        tree.set_custom_element_state(id, state, DefinitionId::from_raw(definition));
    });
}

/// The is value, or null.
#[op2]
fn op_custom_is_value<'s>(scope: &v8::PinScope<'s, '_>, id: u32) -> v8::Local<'s, v8::Value> {
    let is = read(id, |tree, id| tree.is_value(id).cloned());
    opt_str_to(scope, is.as_deref())
}

/// Sets the is value of a new element.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_custom_set_is_value(id: u32, #[string] is: &str) {
    read(id, |tree, id| tree.set_is_value(id, LocalName::from(is)));
}

/// Enqueues what an upgrade enqueues before it constructs.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_custom_enqueue_upgrade(id: u32, definition: u32) {
    read(id, |tree, id| {
        if let Some(definition) = DefinitionId::from_raw(definition) {
            tree.enqueue_upgrade_callbacks(id, definition);
        }
    });
}

/// The reactions that wait, each `[element, kind, …]`; null for none. Kinds: 0 upgrade (definition), 1 connected,
/// 2 disconnected, 3 connected by a move, 4 adopted (from, to), 5 attribute changed (name, old, new, namespace),
/// 6 form associated (form), 7 form disabled (whether).
#[op2]
fn op_custom_take_reactions<'s>(scope: &v8::PinScope<'s, '_>) -> v8::Local<'s, v8::Value> {
    let reactions = with_tree(|tree| {
        tree.update_form_associated_elements();
        tree.take_custom_element_reactions()
    });
    if reactions.is_empty() {
        return v8::null(scope).into();
    }
    let items: Vec<v8::Local<'_, v8::Value>> = reactions
        .iter()
        .map(|reaction| reaction_to(scope, reaction))
        .collect();
    v8::Array::new_with_elements(scope, &items).into()
}

fn reaction_to<'s>(
    scope: &v8::PinScope<'s, '_>,
    reaction: &CustomElementReaction,
) -> v8::Local<'s, v8::Value> {
    let number = |number: u32| -> v8::Local<'s, v8::Value> {
        v8::Integer::new_from_unsigned(scope, number).into()
    };
    let element = number(reaction.element.raw());
    let items: &[v8::Local<'_, v8::Value>] = match &reaction.reaction {
        Reaction::Upgrade(definition) => &[element, number(0), number(definition.raw())],
        Reaction::Connected => &[element, number(1)],
        Reaction::Disconnected => &[element, number(2)],
        Reaction::ConnectedMove => &[element, number(3)],
        Reaction::Adopted { from, to } => {
            &[element, number(4), number(from.raw()), number(to.raw())]
        }
        Reaction::AttributeChanged {
            local_name,
            namespace,
            old_value,
            new_value,
        } => &[
            element,
            number(5),
            str_to(scope, local_name),
            opt_str_to(scope, old_value.as_deref()),
            opt_str_to(scope, new_value.as_deref()),
            opt_str_to(scope, Some(&**namespace).filter(|name| !name.is_empty())),
        ],
        Reaction::FormAssociated(form) => &[element, number(6), number(raw(*form))],
        Reaction::FormDisabled(disabled) => &[element, number(7), number(u32::from(*disabled))],
        _ => &[],
    };
    v8::Array::new_with_elements(scope, items).into()
}

/// What a paused parser wants constructed: `[document, definition]`, or null.
#[op2]
fn op_custom_take_construction<'s>(scope: &v8::PinScope<'s, '_>) -> v8::Local<'s, v8::Value> {
    match with_tree(readystate_dom::Tree::take_element_construction) {
        Some(construction) => {
            let items = [construction.document.raw(), construction.definition.raw()]
                .map(|number| v8::Integer::new_from_unsigned(scope, number).into());
            v8::Array::new_with_elements(scope, &items).into()
        }
        None => v8::null(scope).into(),
    }
}

/// Hands the parser the element it wanted.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_custom_set_constructed(id: u32) {
    read(id, |tree, id| tree.set_constructed_element(id));
}

/// Whether it is a form-associated custom element.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_custom_is_form_associated(id: u32) -> bool {
    read(id, |tree, id| tree.is_form_associated_custom_element(id))
}

/// Whether a form-associated custom element is disabled.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_custom_is_disabled(id: u32) -> bool {
    read(id, |tree, id| tree.is_disabled_control(id))
}

/// Notes whether the validity flags of a form-associated custom element tell of a flaw.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_custom_set_flawed(id: u32, flawed: bool) {
    read(id, |tree, id| tree.set_form_associated_flawed(id, flawed));
}

/// Adds a name to an element's states set, or takes it away.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_custom_set_state_name(id: u32, #[string] name: &str, on: bool) {
    read(id, |tree, id| tree.set_custom_state(id, name, on));
}

/// The shadow root of an element; with `internals`, if it is available to element internals.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_custom_shadow_root(id: u32, internals: bool) -> u32 {
    read(id, |tree, id| {
        raw(tree
            .shadow_root(id)
            .filter(|&root| !internals || tree.is_available_to_element_internals(root)))
    })
}

/// Whether a node is a shadow-including descendant of another.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_custom_is_shadow_including_descendant(id: u32, other: u32) -> bool {
    id != other
        && read(id, |tree, id| {
            NodeId::from_raw(other)
                .is_some_and(|other| tree.is_shadow_including_inclusive_ancestor(id, other))
        })
}
