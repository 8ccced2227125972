//! Ops that look namespaces and prefixes up in a node's surroundings.
//!
//! Standard: <https://dom.spec.whatwg.org/#locate-a-namespace>

use deno_core::{OpDecl, op2, v8};
use readystate_dom::NodeId;

use super::node::opt_str_to;
use crate::state::with_tree;

/// The ops of this area.
pub(crate) fn ops() -> Vec<OpDecl> {
    vec![op_node_lookup_namespace(), op_node_lookup_prefix()]
}

/// `lookupNamespaceURI()`; the empty prefix is the default one.
#[op2]
fn op_node_lookup_namespace<'s>(
    scope: &v8::PinScope<'s, '_>,
    id: u32,
    #[string] prefix: &str,
) -> v8::Local<'s, v8::Value> {
    let prefix = Some(prefix).filter(|prefix| !prefix.is_empty());
    with_tree(|tree| {
        let namespace = NodeId::from_raw(id).and_then(|id| tree.locate_namespace(id, prefix));
        opt_str_to(scope, namespace)
    })
}

/// `lookupPrefix()`.
#[op2]
fn op_node_lookup_prefix<'s>(
    scope: &v8::PinScope<'s, '_>,
    id: u32,
    #[string] namespace: &str,
) -> v8::Local<'s, v8::Value> {
    with_tree(|tree| {
        // 1. The null namespace has no prefix.
        let prefix = NodeId::from_raw(id)
            .filter(|_| !namespace.is_empty())
            .and_then(|id| tree.locate_namespace_prefix(id, namespace));
        opt_str_to(scope, prefix)
    })
}
