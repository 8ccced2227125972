//! A document as text: its markup, and what people would read of it.

use readystate_dom::serializing::{html, xml};
use readystate_dom::{NodeId, NodeKind, Tree, local_name, ns};

/// The document as markup, as browsers print it: the doctype with its identifiers on a line of its own, then the rest.
pub(crate) fn markup(tree: &Tree, document: NodeId) -> String {
    if !tree.is_html_document(document) {
        // Not asked to be well-formed, it cannot fail on what a tree holds.
        return xml::serialize_xml(tree, document, false).unwrap_or_default();
    }
    let mut text = String::new();
    for child in tree.children(document) {
        if tree.kind(child) == Some(NodeKind::DocumentType) {
            // HTML's own algorithm would drop the identifiers.
            text.push_str(&xml::serialize_xml(tree, child, false).unwrap_or_default());
            text.push('\n');
        } else {
            text.push_str(&html::outer_html(tree, child));
        }
    }
    text
}

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
