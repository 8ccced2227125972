//! Ops that look namespaces and prefixes up in a node's surroundings.
//!
//! Standard: <https://dom.spec.whatwg.org/#locate-a-namespace>

use deno_core::{OpDecl, op2, v8};
use readystate_dom::{NodeId, NodeKind, Tree, ns};

use super::node::{opt_str_to, read};

/// The ops of this area.
pub(crate) fn ops() -> Vec<OpDecl> {
    vec![op_node_lookup_namespace(), op_node_lookup_prefix()]
}

/// The element at which a look-up starts: of a document its element, of an attribute its owner, else the parent.
fn start(tree: &Tree, id: NodeId) -> Option<NodeId> {
    match tree.kind(id)? {
        NodeKind::Element => Some(id),
        NodeKind::Document => tree.document_element(id),
        NodeKind::DocumentType | NodeKind::DocumentFragment => None,
        NodeKind::Attr => tree.owner_element(id),
        _ => tree.parent_element(id),
    }
}

fn elements(tree: &Tree, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
    let mut next = start(tree, id);
    std::iter::from_fn(move || {
        let element = next?;
        next = tree.parent_element(element);
        Some(element)
    })
}

/// Locate a namespace. <https://dom.spec.whatwg.org/#locate-a-namespace>
fn locate_namespace(tree: &Tree, id: NodeId, prefix: Option<&str>) -> Option<String> {
    let given = |namespace: &str| (!namespace.is_empty()).then(|| namespace.to_owned());
    for element in elements(tree, id) {
        // 1, 2. Bound for good.
        match prefix {
            Some("xml") => return given(&ns!(xml)),
            Some("xmlns") => return given(&ns!(xmlns)),
            _ => {}
        }
        // 3. The element's own.
        let own = tree.namespace(element);
        if *own != ns!() && tree.prefix(element).map(|own| &**own) == prefix {
            return given(own);
        }
        // 4. A declaration on it.
        let declaration = tree.attributes(element).iter().find(|attribute| {
            *attribute.namespace() == ns!(xmlns)
                && match prefix {
                    Some(prefix) => {
                        attribute.prefix().is_some_and(|own| &**own == "xmlns")
                            && &**attribute.local_name() == prefix
                    }
                    None => attribute.prefix().is_none() && &**attribute.local_name() == "xmlns",
                }
        });
        if let Some(declaration) = declaration {
            return given(declaration.value());
        }
    }
    None
}

/// Locate a namespace prefix. <https://dom.spec.whatwg.org/#locate-a-namespace-prefix>
fn lookup_prefix(tree: &Tree, id: NodeId, namespace: &str) -> Option<String> {
    elements(tree, id).find_map(|element| {
        // 1. The element's own.
        if let Some(prefix) = tree
            .prefix(element)
            .filter(|_| &**tree.namespace(element) == namespace)
        {
            return Some(prefix.to_string());
        }
        // 2. A declaration on it.
        let declaration = tree.attributes(element).iter().find(|attribute| {
            attribute
                .prefix()
                .is_some_and(|prefix| &**prefix == "xmlns")
                && attribute.value() == namespace
        });
        declaration.map(|declaration| declaration.local_name().to_string())
    })
}

/// `lookupNamespaceURI()`; the empty prefix is the default one.
#[op2]
fn op_node_lookup_namespace<'s>(
    scope: &v8::PinScope<'s, '_>,
    id: u32,
    #[string] prefix: &str,
) -> v8::Local<'s, v8::Value> {
    let prefix = Some(prefix).filter(|prefix| !prefix.is_empty());
    let namespace = read(id, |tree, id| locate_namespace(tree, id, prefix));
    opt_str_to(scope, namespace.as_deref())
}

/// `lookupPrefix()`.
#[op2]
fn op_node_lookup_prefix<'s>(
    scope: &v8::PinScope<'s, '_>,
    id: u32,
    #[string] namespace: &str,
) -> v8::Local<'s, v8::Value> {
    let prefix = if namespace.is_empty() {
        None
    } else {
        read(id, |tree, id| lookup_prefix(tree, id, namespace))
    };
    opt_str_to(scope, prefix.as_deref())
}
