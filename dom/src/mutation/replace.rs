//! Replacing: one child, all children, the text of a node.
//!
//! Standard: <https://dom.spec.whatwg.org/#concept-node-replace>, text of November 2026.

use crate::arena::{NodeId, Tree};
use crate::error::DomError;
use crate::mutation::insert::Observers;
use crate::node::character_data::CharacterData;
use crate::node::{NodeData, NodeKind};

impl Tree {
    /// `parent.replaceChild(node, child)`: puts `node` where `child` is. Returns `child`.
    ///
    /// # Errors
    /// [`DomError::HierarchyRequest`] if the node tree constraints forbid it; [`DomError::NotFound`] if `child` is not
    /// a child of `parent`.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#concept-node-replace>
    pub fn replace_child(
        &mut self,
        node: NodeId,
        parent: NodeId,
        child: NodeId,
    ) -> Result<NodeId, DomError> {
        // 1. May it go there?
        self.ensure_pre_insert_validity(node, parent, Some(child), &[child])?;
        // 2, 3. What comes after.
        let mut reference = self.next_sibling(child);
        if reference == Some(node) {
            reference = self.next_sibling(node);
        }
        // 4. What comes before.
        let previous_sibling = self.previous_sibling(child);
        // 6. Adopt.
        if let Some(document) = self.node_document(parent) {
            self.adopt_node(node, document);
        }
        // 5, 7. The child goes, unless it is the node itself.
        let mut removed = Vec::new();
        if self.parent(child).is_some() {
            removed.push(child);
            self.remove_node(child, Observers::Suppress);
        }
        // 8, 9. The node comes.
        let nodes = self.nodes_of(node);
        self.insert(node, parent, reference, Observers::Suppress);
        // 10. One record for both.
        self.queue_tree_mutation_record(parent, &nodes, &removed, previous_sibling, reference);
        Ok(child)
    }

    /// A fragment's children, or the node itself.
    fn nodes_of(&self, node: NodeId) -> Vec<NodeId> {
        if self.kind(node) == Some(NodeKind::DocumentFragment) {
            self.children(node).collect()
        } else {
            vec![node]
        }
    }

    /// Puts `node` (a fragment's children, or nothing) in the place of all children of `parent`.
    ///
    /// The children that went live on without a parent; where [`Self::set_reclaims_removed`] is on, those that nothing
    /// else knows are freed.
    ///
    /// # Errors
    /// [`DomError::HierarchyRequest`] if the node tree constraints forbid it.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#dom-parentnode-replacechildren>
    pub fn replace_children(
        &mut self,
        node: Option<NodeId>,
        parent: NodeId,
    ) -> Result<(), DomError> {
        if let Some(node) = node {
            self.ensure_pre_insert_validity(node, parent, None, &[])?;
        }
        self.replace_all(node, parent);
        Ok(())
    }

    /// Replace all, without a look at the node tree constraints: the caller knows that `node` may go into `parent`.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#concept-node-replace-all>
    pub(crate) fn replace_all(&mut self, node: Option<NodeId>, parent: NodeId) {
        // 1. What goes.
        let removed: Vec<_> = self.children(parent).collect();
        // 2–4. What comes.
        let added = node.map(|node| self.nodes_of(node)).unwrap_or_default();
        // 5. Remove all.
        for &child in &removed {
            self.remove_node(child, Observers::Suppress);
        }
        // 6. Insert.
        if let Some(node) = node {
            self.insert(node, parent, None, Observers::Suppress);
        }
        // 7. One record.
        if !added.is_empty() || !removed.is_empty() {
            self.queue_tree_mutation_record(parent, &added, &removed, None, None);
        }
        if self.reclaims_removed {
            for child in removed {
                self.reclaim_unwrapped(child);
            }
        }
    }

    /// Sets `Node.textContent`. Does nothing for documents and doctypes.
    ///
    /// # Errors
    /// [`DomError::NodeLimit`] if the tree is full.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#set-text-content>
    pub fn set_text_content(
        &mut self,
        id: NodeId,
        text: impl Into<CharacterData>,
    ) -> Result<(), DomError> {
        let text = text.into();
        match &self.node(id).data {
            NodeData::Element(_) | NodeData::DocumentFragment { .. } => {
                // String replace all: no node for an empty string.
                let node = match (text.is_empty(), self.node_document(id)) {
                    (false, Some(document)) => Some(self.create_text(document, text)?),
                    _ => None,
                };
                self.replace_all(node, id);
                Ok(())
            }
            NodeData::Attr(_) => {
                self.set_attr_value(id, &text.to_string_lossy());
                Ok(())
            }
            NodeData::Character(_) | NodeData::ProcessingInstruction(_) => self.set_data(id, text),
            _ => Ok(()),
        }
    }
}
