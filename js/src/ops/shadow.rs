//! Ops of shadow roots, slots, and the paths of events through them.
//!
//! Standard: <https://dom.spec.whatwg.org/#interface-shadowroot>

use std::panic::{AssertUnwindSafe, catch_unwind};

use deno_core::{OpDecl, op2, v8};
use readystate_dom::event_path::EventReach;
use readystate_dom::parsing::html::{DeclarativeShadowRoots, HtmlParser, HtmlParserOptions};
use readystate_dom::parsing::xml_fragment::parse_xml_fragment;
use readystate_dom::serializing::html::{ShadowRoots, html_with_shadow_roots, inner_html};
use readystate_dom::serializing::xml::inner_xml;
use readystate_dom::shadow::{ShadowRootInit, ShadowRootMode, SlotAssignmentMode};
use readystate_dom::{DocumentInit, DomError, NodeId, Tree};

use super::node::{given, id_result, ids_to, make, mutate, raw, read, str_to};
use crate::error::fail;
use crate::state::with_tree;

/// The ops of this area.
pub(crate) fn ops() -> Vec<OpDecl> {
    vec![
        op_shadow_attach(),
        op_shadow_root(),
        op_shadow_open_root(),
        op_shadow_host(),
        op_shadow_flags(),
        op_shadow_is_in_tree(),
        op_shadow_is_including_ancestor(),
        op_shadow_including_root(),
        op_shadow_retarget(),
        op_shadow_inner_html(),
        op_shadow_set_inner_html(),
        op_shadow_set_html_unsafe(),
        op_shadow_get_html(),
        op_shadow_parse_html_unsafe(),
        op_shadow_event_path(),
        op_slot_of(),
        op_slot_assigned_nodes(),
        op_slot_assign(),
        op_slots_signalled(),
    ]
}

/// What a shadow root was made with, in bits: 1 closed, 2 delegates focus, 4 manual slots, 8 clonable, 16 serializable.
fn flags_of(init: ShadowRootInit) -> u32 {
    u32::from(init.mode == ShadowRootMode::Closed)
        | u32::from(init.delegates_focus) << 1
        | u32::from(init.slot_assignment == SlotAssignmentMode::Manual) << 2
        | u32::from(init.clonable) << 3
        | u32::from(init.serializable) << 4
}

/// `attachShadow()`; `flags` as in [`op_shadow_flags`]. Gives the root.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_shadow_attach(host: u32, flags: u32) -> i32 {
    let init = ShadowRootInit {
        mode: if flags & 1 != 0 {
            ShadowRootMode::Closed
        } else {
            ShadowRootMode::Open
        },
        delegates_focus: flags & 2 != 0,
        slot_assignment: if flags & 4 != 0 {
            SlotAssignmentMode::Manual
        } else {
            SlotAssignmentMode::Named
        },
        clonable: flags & 8 != 0,
        serializable: flags & 16 != 0,
    };
    make(host, |tree, host| tree.attach_shadow(host, init))
}

/// The shadow root of a host, open or closed; 0 for none.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_shadow_root(host: u32) -> u32 {
    read(host, |tree, host| raw(tree.shadow_root(host)))
}

/// `shadowRoot`.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_shadow_open_root(host: u32) -> u32 {
    read(host, |tree, host| raw(tree.open_shadow_root(host)))
}

/// `host`; 0 for what is no shadow root.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_shadow_host(root: u32) -> u32 {
    read(root, |tree, root| raw(tree.shadow_host(root)))
}

/// What a shadow root was made with, in bits: 1 closed, 2 delegates focus, 4 manual slots, 8 clonable, 16 serializable.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_shadow_flags(root: u32) -> u32 {
    read(root, |tree, root| {
        tree.shadow_root_init(root).map_or(0, flags_of)
    })
}

/// Whether a node's root is a shadow root.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_shadow_is_in_tree(id: u32) -> bool {
    read(id, |tree, id| tree.is_in_shadow_tree(id))
}

/// Whether `other` is `id` or below it, through shadow trees.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_shadow_is_including_ancestor(id: u32, other: u32) -> bool {
    read(id, |tree, id| {
        NodeId::from_raw(other)
            .is_some_and(|other| tree.is_shadow_including_inclusive_ancestor(id, other))
    })
}

/// `getRootNode({ composed: true })`.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_shadow_including_root(id: u32) -> u32 {
    read(id, |tree, id| tree.shadow_including_root(id).raw())
}

/// What stands for `a` where `b` sees it; `b` 0 for an object that is no node. <https://dom.spec.whatwg.org/#retarget>
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_shadow_retarget(a: u32, b: u32) -> u32 {
    read(a, |tree, a| tree.retarget(a, NodeId::from_raw(b)).raw())
}

fn is_html(tree: &Tree, id: NodeId) -> bool {
    tree.node_document(id)
        .is_none_or(|document| tree.is_html_document(document))
}

/// `ShadowRoot.innerHTML`; null for a failure.
#[op2]
fn op_shadow_inner_html<'s>(scope: &v8::PinScope<'s, '_>, root: u32) -> v8::Local<'s, v8::Value> {
    let text = with_tree(|tree| {
        let root = given(root)?;
        if is_html(tree, root) {
            Ok(inner_html(tree, root))
        } else {
            inner_xml(tree, root, true)
        }
    });
    match text {
        Ok(text) => str_to(scope, &text),
        Err(error) => {
            fail(error);
            v8::null(scope).into()
        }
    }
}

/// A panic in a parser that is not ours must not take the process down.
fn guarded<T>(f: impl FnOnce() -> Result<T, DomError>) -> Result<T, DomError> {
    catch_unwind(AssertUnwindSafe(f)).unwrap_or(Err(DomError::InvalidState("the parser failed")))
}

/// Sets `ShadowRoot.innerHTML`. <https://html.spec.whatwg.org/#dom-shadowroot-innerhtml>
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_shadow_set_inner_html(root: u32, #[string] markup: &str) -> i32 {
    mutate(root, |tree, root| {
        if is_html(tree, root) {
            return guarded(|| tree.set_inner_html(root, markup));
        }
        let host = tree
            .shadow_host(root)
            .ok_or(DomError::NotFound("the shadow root is gone"))?;
        let fragment = guarded(|| parse_xml_fragment(tree, host, markup))?;
        tree.replace_children(Some(fragment), root)
    })
}

/// `setHTMLUnsafe()` of an element or a shadow root. <https://html.spec.whatwg.org/#dom-element-sethtmlunsafe>
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_shadow_set_html_unsafe(target: u32, #[string] markup: &str) -> i32 {
    mutate(target, |tree, target| {
        guarded(|| tree.set_html_unsafe(target, markup))
    })
}

/// `getHTML()` of an element or a shadow root; `roots` are the shadow roots that are written in any case.
///
/// Standard: <https://html.spec.whatwg.org/#dom-element-gethtml>
#[op2]
fn op_shadow_get_html<'s>(
    scope: &v8::PinScope<'s, '_>,
    id: u32,
    serializable: bool,
    #[buffer] roots: &[u32],
) -> v8::Local<'s, v8::Value> {
    let listed: Vec<NodeId> = roots.iter().copied().filter_map(NodeId::from_raw).collect();
    let roots = ShadowRoots::Some {
        serializable,
        listed: &listed,
    };
    let text = read(id, |tree, id| html_with_shadow_roots(tree, id, roots));
    str_to(scope, &text)
}

/// `Document.parseHTMLUnsafe()`. <https://html.spec.whatwg.org/#dom-parsehtmlunsafe>
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_shadow_parse_html_unsafe(#[string] markup: &str) -> i32 {
    let made = with_tree(|tree| {
        guarded(|| {
            let document = tree.create_document(DocumentInit::html("about:blank"))?;
            let options = HtmlParserOptions {
                declarative_shadow_roots: DeclarativeShadowRoots::Attach,
                ..HtmlParserOptions::default()
            };
            let mut parser = HtmlParser::new(tree, document, options);
            parser.feed(tree, markup);
            parser.end(tree);
            Ok(document)
        })
    });
    match made {
        Ok(document) => id_result(document),
        Err(error) => fail(error),
    }
}

/// The path of an event from a node up, through slots and shadow trees, into `out`, four numbers an item: the node, marked
/// by bit 31 if it has a content attribute `on<type>`; what the target is there, 0 for that of an earlier item; the related
/// target there, 0 for none; bits: 1 in a shadow tree, 2 a closed root, 4 a slot in a closed tree, 8 the target or the
/// related target there is in a shadow tree. If they are more than fit, the length needed.
///
/// Standard: <https://dom.spec.whatwg.org/#concept-event-dispatch>
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_shadow_event_path(
    target: u32,
    related: u32,
    composed: bool,
    #[string] kind: &str,
    #[buffer] out: &mut [u32],
) -> u32 {
    let reach = if composed {
        EventReach::Composed
    } else {
        EventReach::Tree
    };
    read(target, |tree, target| {
        let path = tree.event_path(target, NodeId::from_raw(related), reach);
        for (entry, slots) in path.iter().zip(out.chunks_exact_mut(4)) {
            let node = entry.invocation_target;
            let handles = tree.attributes(node).iter().any(|attribute| {
                attribute
                    .local_name()
                    .strip_prefix("on")
                    .is_some_and(|name| name == kind)
            });
            let is_hidden = |id: Option<NodeId>| id.is_some_and(|id| tree.is_in_shadow_tree(id));
            let bits = u32::from(entry.invocation_target_in_shadow_tree)
                | u32::from(entry.root_of_closed_tree) << 1
                | u32::from(entry.slot_in_closed_tree) << 2
                | u32::from(
                    is_hidden(entry.shadow_adjusted_target) || is_hidden(entry.related_target),
                ) << 3;
            slots.copy_from_slice(&[
                node.raw() | u32::from(handles) << 31,
                raw(entry.shadow_adjusted_target),
                raw(entry.related_target),
                bits,
            ]);
        }
        u32::try_from(path.len()).unwrap_or(u32::MAX)
    })
}

/// `assignedSlot`.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_slot_of(id: u32) -> u32 {
    read(id, |tree, id| raw(tree.open_assigned_slot(id)))
}

/// `assignedNodes()`.
#[op2]
fn op_slot_assigned_nodes<'s>(
    scope: &v8::PinScope<'s, '_>,
    slot: u32,
    flatten: bool,
) -> v8::Local<'s, v8::Value> {
    let nodes = read(slot, |tree, slot| {
        if flatten {
            tree.flattened_slottables(slot)
        } else {
            tree.assigned_nodes(slot).to_vec()
        }
    });
    ids_to(scope, &nodes)
}

/// `assign()`.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_slot_assign(slot: u32, #[buffer] nodes: &[u32]) -> i32 {
    let nodes: Vec<NodeId> = nodes.iter().copied().filter_map(NodeId::from_raw).collect();
    mutate(slot, |tree, slot| tree.assign_to_slot(slot, &nodes))
}

/// The slots whose `slotchange` is due, in order.
#[op2]
fn op_slots_signalled<'s>(scope: &v8::PinScope<'s, '_>) -> v8::Local<'s, v8::Value> {
    let slots = with_tree(Tree::take_signal_slots);
    ids_to(scope, &slots)
}
