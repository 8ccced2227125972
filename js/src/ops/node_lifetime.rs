//! Ops by which the glue holds the wrappers of detached trees weakly; the trees' half is
//! [`readystate_dom::mutation::lifetime`].

use deno_core::{OpDecl, op2, v8};
use readystate_dom::NodeId;

use super::node::{ids_to, read};
use crate::backend::WeakWrapper;
use crate::state::{self, with_tree};

/// The ops of this area.
pub(crate) fn ops() -> Vec<OpDecl> {
    vec![
        op_lifetime_documents(),
        op_lifetime_sweep(),
        op_lifetime_strengthened(),
        op_lifetime_free(),
        op_weak_keep(),
        op_weak_group(),
        op_weak_take(),
        op_weak_has(),
        op_weak_look(),
    ]
}

/// The documents of open windows: they live as long as these.
fn held_documents() -> Vec<NodeId> {
    state::with(|state| {
        let windows = state.windows.borrow();
        windows.values().map(|window| window.document).collect()
    })
}

/// The documents that are to be wrapped before the sweep.
#[op2]
fn op_lifetime_documents<'s>(scope: &v8::PinScope<'s, '_>) -> v8::Local<'s, v8::Value> {
    let held = held_documents();
    let documents = with_tree(|tree| tree.documents_of_candidates(|id| held.contains(&id)));
    ids_to(scope, &documents)
}

/// Sweeps. For each tree that became weak: its root, its document or 0, how many wrapped nodes it has, and these.
#[op2]
fn op_lifetime_sweep<'s>(scope: &v8::PinScope<'s, '_>) -> v8::Local<'s, v8::Value> {
    let held = held_documents();
    let weak = with_tree(|tree| tree.sweep(|id| held.contains(&id)));
    let mut numbers: Vec<v8::Local<'_, v8::Value>> = Vec::new();
    let mut push = |number: u32| {
        numbers.push(v8::Integer::new_from_unsigned(scope, number).into());
    };
    for tree in &weak {
        push(tree.root.raw());
        push(tree.document.map_or(0, NodeId::raw));
        push(u32::try_from(tree.wrapped.len()).unwrap_or(u32::MAX));
        for id in &tree.wrapped {
            push(id.raw());
        }
    }
    v8::Array::new_with_elements(scope, &numbers).into()
}

/// The roots of the trees that are strong again.
#[op2]
fn op_lifetime_strengthened<'s>(scope: &v8::PinScope<'s, '_>) -> v8::Local<'s, v8::Value> {
    let roots = with_tree(readystate_dom::Tree::take_strengthened);
    ids_to(scope, &roots)
}

/// Frees a weak tree whose wrappers are gone.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_lifetime_free(root: u32) {
    read(root, |tree, root| {
        tree.free_weak(root);
    });
}

/// Holds the wrappers of a weak tree, or what holds them, weakly, as those of the origin with the key `group`.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_weak_keep(
    scope: &mut v8::PinScope<'_, '_>,
    root: u32,
    group: u32,
    wrappers: v8::Local<'_, v8::Object>,
) {
    if let Some(root) = NodeId::from_raw(root) {
        let wrappers = WeakWrapper::new(scope, wrappers);
        state::with(|state| {
            let mut trees = state.weak_trees.borrow_mut();
            wrappers
                .into_iter()
                .for_each(|wrappers| trees.insert(root, group, wrappers));
        });
    }
}

/// The key of the origin whose wrappers a weak tree has, -1 if there is no such tree.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_weak_group(root: u32) -> i32 {
    let group = NodeId::from_raw(root)
        .and_then(|root| state::with(|state| state.weak_trees.borrow().group_of(root)));
    group
        .and_then(|group| i32::try_from(group).ok())
        .unwrap_or(-1)
}

/// What `op_weak_keep` was given for a root, which is held no more; undefined if the collector has it.
#[op2]
fn op_weak_take<'s>(scope: &v8::PinScope<'s, '_>, root: u32) -> v8::Local<'s, v8::Value> {
    let wrappers = NodeId::from_raw(root)
        .and_then(|root| state::with(|state| state.weak_trees.borrow_mut().remove(root)));
    match wrappers.and_then(|wrappers| wrappers.object(scope)) {
        Some(wrappers) => wrappers.into(),
        None => v8::undefined(scope).into(),
    }
}

/// Whether an origin has weak trees.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_weak_has(group: u32) -> bool {
    state::with(|state| state.weak_trees.borrow().has_of(group))
}

/// Frees the weak trees that the collector has taken the wrappers of, if there may be enough, or `force` says so.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_weak_look(force: bool) {
    let lost = state::with(|state| {
        let collections = state.collections.get();
        let mut trees = state.weak_trees.borrow_mut();
        if force || trees.wants_look(collections) {
            trees.take_lost(collections)
        } else {
            Vec::new()
        }
    });
    with_tree(|tree| {
        for root in lost {
            tree.free_weak(root);
        }
    });
}
