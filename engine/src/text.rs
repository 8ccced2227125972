//! A document's text for people.

use readystate_dom::{NodeId, NodeKind, Tree, local_name, ns};

/// The text of the body (or of the whole document, if it has none), without scripts, style sheets and templates.
pub(crate) fn visible_text(tree: &Tree, document: NodeId) -> String {
    let root = tree.body(document).unwrap_or(document);
    let mut text = String::new();
    let mut next = Some(root);
    while let Some(node) = next {
        let is_text = matches!(
            tree.kind(node),
            Some(NodeKind::Text | NodeKind::CdataSection)
        );
        if is_text && let Some(data) = tree.text_content(node) {
            text.push_str(&data);
        }
        let child = if is_hidden(tree, node) {
            None
        } else {
            tree.first_child(node)
        };
        next = child.or_else(|| following(tree, node, root));
    }
    text
}

fn is_hidden(tree: &Tree, node: NodeId) -> bool {
    *tree.namespace(node) == ns!(html)
        && matches!(
            *tree.local_name(node),
            local_name!("script") | local_name!("style") | local_name!("template")
        )
}

/// The node after `node`'s subtree, inside `root`.
fn following(tree: &Tree, node: NodeId, root: NodeId) -> Option<NodeId> {
    let mut node = node;
    while node != root {
        if let Some(sibling) = tree.next_sibling(node) {
            return Some(sibling);
        }
        node = tree.parent(node)?;
    }
    None
}
