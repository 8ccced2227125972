//! Ops by which the glue holds the wrappers of detached trees weakly; the trees' half is
//! [`readystate_dom::mutation::lifetime`].

use deno_core::{OpDecl, op2, v8};
use readystate_dom::NodeId;

use super::node::{ids_to, read};
use crate::state::{self, with_tree};

/// The ops of this area.
pub(crate) fn ops() -> Vec<OpDecl> {
    vec![
        op_lifetime_documents(),
        op_lifetime_sweep(),
        op_lifetime_strengthened(),
        op_lifetime_free(),
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
